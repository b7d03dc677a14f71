// SPDX-License-Identifier: Apache-2.0
// The conformance suite of `anchorage plugin check`, as its files share it. Each part runs in a process of
// its own, so that a plugin that crashes or hangs fails its check and nothing else.
#ifndef ANCHORAGE_CLI_PLUGIN_CHECK_H
#define ANCHORAGE_CLI_PLUGIN_CHECK_H

#include "cli/assemble.h"
#include "cli/cli.h"
#include "plugin/points.h"

#define CHECK_STARTS 50

// What a part is told, and where it says what it found.
struct check {
    struct arena *arena; // of this process
    struct ctx c;        // db and plugins are set by check_open and check_start
    const struct frame *frame;
    struct plugin_host *host;   // set by check_start
    struct plugin_info info;    // of the plugin, as check_start left it
    const char *id;             // as the file is called
    const char *names;          // the plugin and those it needs, "a,b,id"
    const char *dir;            // folder with the files of `names`
    const char *dir_before;     // the same with the earlier file, NULL without --previous
    const char *copies;         // folder for copies of the moment
    const unsigned char *bytes; // of the file
    size_t byte_count;
    const char *server;   // connection text without a database, NULL before there is a cluster
    const char *database; // of this part
    anc_caps without;     // power taken away, 0 none
    bool largest;         // settings at their upper limits, else at their lower ones
    size_t faults_seen;
    char *now; // memory shared with the parent: what is being tried, for its words after a crash
    int out;
};
#define CHECK_NOW_SIZE 200

// ---- what a part says (plugin_check_say.c). what: "every statement runs under its own role"
void check_ok(struct check *k, const char *what, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void check_warn(struct check *k, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void check_fail(struct check *k, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
// For the parent: 'I' id and version, 'N' a plugin it needs, 'P' its powers as a number.
void check_tell(struct check *k, char mark, const char *what, const char *words);
void check_now(struct check *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// Connects to the database of the part. False after saying why.
bool check_open(struct check *k);
// Reads, checks and starts the plugins of `names` from `dir` with the powers they ask for but k->without, and
// fills k->info. True when the plugin is active.
bool check_start(struct check *k, const char *dir);
void check_stop(struct check *k);
// Says each new fault of the plugin as a failure of `what`; true when there was one.
bool check_faulted(struct check *k, const char *what);
// Runs a statement of the check's own; rows may be NULL.
enum err check_sql(struct check *k, struct rows **ret_rows, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

// "without the power \"read payments\" nothing breaks"
const char *check_without(struct arena *a, anc_caps powers);

// ---- parts
void check_part_file(struct check *k);        // plugin_check_file.c: no code of it runs
void check_part_description(struct check *k); // plugin_check_file.c
void check_part_templates(struct check *k);   // plugin_check_look.c
void check_part_first(struct check *k);       // plugin_check_db.c: role, schema, tables, start
void check_part_steps(struct check *k);       // plugin_check_db.c: migrations from each earlier step
void check_part_before(struct check *k);      // plugin_check_db.c: the earlier file, in the same database
void check_part_after(struct check *k);       // plugin_check_db.c: then this one
void check_part_statements(struct check *k);  // plugin_check_db.c
void check_part_starts(struct check *k);      // plugin_check_start.c
void check_part_power(struct check *k);       // plugin_check_start.c: without one power
void check_part_limits(struct check *k);      // plugin_check_start.c: settings at their limits
void check_part_points(struct check *k);      // plugin_check_points.c
void check_part_calls(struct check *k);       // plugin_check_calls.c

// The calls of check_part_points and check_part_calls without their words of praise, for check_part_power.
void check_all_points(struct check *k, bool quiet);
void check_all_calls(struct check *k, bool quiet);

// ---- made-up facts (plugin_check_facts.c): the i-th of FACTS_COUNT, with texts and numbers at their edges
#define FACTS_COUNT 48
const char *facts_text(size_t i);
struct anc_supplier facts_supplier(size_t i);
struct anc_notice facts_notice(struct arena *a, size_t i);
struct anc_bid facts_bid(struct arena *a, const struct provider *scorer, size_t i);
struct anc_rule_facts facts_rule(struct arena *a, size_t i);
// Rows of a payments file that is none, or nearly one.
#define FACTS_FILES 8
struct anc_cells facts_cells(struct arena *a, size_t i);
struct anc_party facts_party(size_t i);
struct anc_label facts_label(size_t i);

#endif
