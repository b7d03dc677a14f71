// SPDX-License-Identifier: Apache-2.0
// What the verbs of `anchorage` share: options, the database, messages, progress.
#ifndef ANCHORAGE_CLI_CLI_H
#define ANCHORAGE_CLI_CLI_H

#include "base/ctx.h"
#include "db/cluster.h"
#include "db/db.h"
#include "plugin/host.h"
#include "spend/sums.h"

#include <jansson.h>
#include <stdbool.h>

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct cli {
    const char *verb;
    struct arena *arena;
    struct ctx c; // c.db is set once cli_open_db has worked
    struct cluster *cluster;
    const char *conninfo;
    struct plugin_host *plugins;
    struct cube *cube; // of the verb, with the plugins
    struct sums_unit sums;
    bool json;     // --json was given
    bool terminal; // progress and colours make sense
    int argc;      // what is left after the shared options
    char **argv;
    char why[512];
};

// An option of a verb's own: name without dashes; value NULL for a flag until set, "" when a flag was given.
struct cli_option {
    const char *name, *value_name, *help; // value_name NULL: a flag
    const char *value;
};

struct verb {
    const char *name, *words,
        *what; // "import", "postcodes|companies|charities|wards|spend FILE", one line of help
    int (*run)(struct cli *cli);
};

// Takes the verb's own options out of cli->argc/argv. false (with a message and the usage) for an unknown
// one.
bool cli_options(struct cli *cli, struct cli_option *options, size_t n);

// Opens the database: --db, or the private cluster of --data (started for this verb when no server has it).
// Brings the tables up to date. false with cli->why set.
bool cli_open_db(struct cli *cli);
// Its two halves: the cluster with its tables brought up to date, which nobody is connected to then; and the
// connection.
bool cli_open_tables(struct cli *cli);
enum err cli_connect(struct cli *cli);
// The same for a connection without prepared statements and migrations (backup, restore, doctor).
bool cli_open_cluster(struct cli *cli);
// Reads the plugins of the settings from their folder, unless that was done: before the program becomes
// another user, who may not be able to read it.
void cli_read_plugins(struct cli *cli);
// Reads, checks and starts the plugins of the settings, as core.plugin says when there is a connection; they
// are cli->c.plugins then.
bool cli_open_plugins(struct cli *cli);
// The same with their copies in a folder of the moment, for a verb without a data folder: once opened they no
// longer need their names.
bool cli_open_plugins_aside(struct cli *cli);
void cli_close(struct cli *cli);

// "anchorage import: <sentence>" on standard error (as {"error":..} on standard output with --json); gives
// EXIT_REFUSED.
int cli_refuse(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cli_usage(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Words for a failed domain call, from the context.
int cli_failed(struct cli *cli, enum err e);

// Prints a JSON value and frees it.
void cli_json(json_t *value);

// "Importing postcodes  [#####.....]  48 %" on standard error, on a terminal only; total 0 when not known.
void cli_progress(struct cli *cli, const char *what, int64_t done, int64_t total);
void cli_progress_end(struct cli *cli);

// A fresh folder for a verb that has no data folder (copies of plugins), and its end with all files in it.
// NULL: none could be made.
const char *cli_temp_folder(struct cli *cli);
void cli_temp_remove(struct cli *cli, const char *folder);

// Where plugin files are: the setting, else "plugins" beside the program, else the library folder.
const char *cli_plugin_dir(struct cli *cli);

int verb_serve(struct cli *cli);
int verb_demo(struct cli *cli);
int verb_migrate(struct cli *cli);
int verb_user(struct cli *cli);
int verb_import(struct cli *cli);
int verb_report(struct cli *cli);
int verb_export(struct cli *cli);
int verb_plugin(struct cli *cli);
int verb_run(struct cli *cli);
int verb_plugin_new(struct cli *cli);   // of "plugin new": argv[0] is "new", options are still in it
int verb_plugin_check(struct cli *cli); // the same for "plugin check"
int verb_doctor(struct cli *cli);
int verb_backup(struct cli *cli);
int verb_restore(struct cli *cli);

#endif
