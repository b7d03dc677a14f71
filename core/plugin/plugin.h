// SPDX-License-Identifier: Apache-2.0
// Plugins, generations and calls, as the files of core/plugin share them. Nobody else includes this.
#ifndef ANCHORAGE_PLUGIN_PLUGIN_H
#define ANCHORAGE_PLUGIN_PLUGIN_H

#include "db/db.h"
#include "plugin/host.h"
#include "plugin/page.h"

#include <pthread.h>
#include <stdatomic.h>

#define PLUGIN_MAX             64
#define PLUGIN_FAULT_RING      20
#define PLUGIN_FAULT_SPAN_USEC INT64_C(600000000) // five faults within ten minutes suspend
#define PLUGIN_FAULT_LIMIT     5

struct fault_note {
    int64_t at; // microseconds UTC
    char call[32], detail[160], request[17];
};

// Tells whether a file changed since it was read.
struct file_mark {
    uint64_t dev, ino;
    int64_t size, changed_nsec; // content, owner or rights
};

// One opened file. A plugin whose file changed while it was off is opened again as another one of these; what
// was once opened stays mapped and is freed only with the host.
struct plugin {
    char id[32];
    char version_text[24];
    char reason[320], remark[160];
    char hash[17];
    _Atomic int state;       // enum plugin_state; written by the switching thread only
    struct anc_plugin about; // our own copy, zero where the plugin's is shorter; valid when `opened`
    bool opened;
    unsigned char *file; // its bytes between reading and checking
    size_t file_n;
    void *handle;          // of dlopen; kept until the program ends
    void *state_of_plugin; // what start returned
    anc_caps granted;
    struct anc_host *host;  // handed to start; NULL before and after; tables of powers not granted are NULL
    struct sql *statements; // one for each row of about.sql
    uint32_t statement_count;
    struct plugin_look *look; // core/plugin/look.h: compiled templates, forms, routes; NULL without a base
    _Atomic uint64_t calls, faults, running;
    _Atomic bool alarmed; // five faults: to be suspended, no new call is let in
    pthread_mutex_t fault_lock;
    struct fault_note ring[PLUGIN_FAULT_RING];
    size_t ring_count; // ever; the newest is at (ring_count - 1) % PLUGIN_FAULT_RING
    struct plugin_host *owner;
    // ---- kept by host.c, plan.c and set.c; texts above and here change under owner->lock only
    _Atomic size_t held;         // generations that are still pinned and hold it
    _Atomic int64_t faults_from; // time of the last start: older faults do not count any more
    bool named;                  // in the list of the settings
    struct file_mark mark;       // the file in the folder when it was last read
    char disk_hash[17];          // and its content
    _Atomic size_t place;        // in the order of the last plan
    int64_t wanted_no;           // of the wishes the last plan followed
    int64_t tried_no;            // of the wishes with which it failed to start; 0 none
    bool pending;                // left out only to be started again by the next plan
    enum plugin_state then;      // what it becomes when DRAINING is over,
    char leave[320];             // and why
    struct plugin *older;        // the instance opened before this one, or another that is gone
};

// A plugin's place in a generation: the plugin and the settings of that generation.
struct plugin_member {
    struct plugin *plugin;
    const char **settings; // value of each row of about.settings, never NULL
};

struct plugin_set {
    struct arena *arena; // everything of the generation
    uint64_t number;
    _Atomic size_t pins;
    size_t count;
    struct plugin_member *members; // in order of dependency, ties by id
    struct plugin_host *host;
    const struct plugin_route *routes; // core/plugin/look.c: pages and menu entries of all members
    const struct plugin_menu *menus;
    size_t route_count, menu_count;
};

struct plugin_host {
    char dir[1024], copies[1024];
    const struct template_set *base;
    pthread_mutex_t lock;  // of `now`, of the list and of the texts in it
    pthread_cond_t let_go; // a generation ended
    size_t count;
    struct plugin *list[PLUGIN_MAX]; // by id; of each id the instance in use
    struct plugin_set *now;          // pinned by the host
    uint64_t number;
    struct plugin *gone; // instances whose file was never opened and is away
    bool visits;         // notes nothing in the database
    void (*alarm)(void *arg);
    void *alarm_arg;
};

// A provider (page, job, event) whose power was not granted does not answer: whoever walks p->about asks this
// first.
static inline bool plugin_may(const struct plugin *p, anc_caps power) {
    return (p->granted & power) == power;
}

// core/plugin/host.c: five faults: no new call is let in, the switching thread is woken. Any thread.
void plugin_alarm(struct plugin *p);

// core/plugin/life.c: changes the state (to the same one: only the reason), says why in words for people,
// logs. Switching thread only.
void plugin_become(struct plugin *p, enum plugin_state to, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void plugin_fail(struct plugin *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void plugin_remark(struct plugin *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
// Leaves it out of the next generation: at once when nothing of it runs, else as soon as it is published.
void plugin_out(struct plugin *p, enum plugin_state to, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
// Code of it is or may be entered: STARTED, ACTIVE or DRAINING.
bool plugin_runs(const struct plugin *p);

// core/plugin/host.c: its start function with a new anc_host of the powers in p->granted; true when STARTED,
// else FAILED. Its stop function.
bool plugin_start(struct plugin *p);
void plugin_stop(struct plugin *p);

// core/plugin/order.c: the candidates in order of dependency, ties by id; those that cannot be are FAILED.
// `list` has all plugins; `is` says which are candidates and is cleared for those that fall out.
size_t plugin_order(struct plugin *const *list, size_t count, bool *is, struct plugin **ret);

// core/plugin/set.c: a generation of these plugins with these settings, pinned once.
struct plugin_set *plugin_set_make(struct plugin_host *h, size_t count, struct plugin *const *plugins,
                                   const char **const *settings);
// Default settings of a plugin, in the arena.
const char **plugin_default_settings(const struct plugin *p, struct arena *a);

// core/plugin/loader.c: reads the file into p->file; copies, opens and checks it. Sets state, about or
// reason.
void plugin_read(struct plugin *p, const char *path);
void plugin_load(struct plugin *p, const char *copies, const struct template_set *base);
bool plugin_file_mark(const char *path, struct file_mark *ret);
void plugin_copy_path(const char *copies, const char *id, const char *hash, char *ret, size_t cap);
struct plugin *plugin_new(struct plugin_host *h, const char *id); // FOUND, nothing read
void plugin_free(struct plugin *p); // what the host made for it; its library stays mapped
// core/plugin/describe.c: the description's tables, one reason at a time (plugin_fail). True when
// well-formed. Fills p->about.
bool plugin_describe(struct plugin *p, const struct anc_plugin *given);

// core/plugin/api.c: makes p->host (calloc) by the powers granted, before each start. It is freed after stop.
void plugin_make_host(struct plugin *p);

// ---- calls (core/plugin/call.c): the one way into plugin code

struct page_run; // core/plugin/pageapi.c

// What a plugin calls its context: one call into one plugin. It stands on the stack of who calls.
struct anc_ctx {
    struct ctx *c;
    const struct plugin_member *member;
    const char *what; // "judge", "job:sweep": for the log, the admin page and crash notes; no blanks
    int64_t entered_usec, deadline_usec; // monotonic
    bool in_db;                          // a transaction or savepoint as the plugin's role is open
    bool db_failed;                      // a statement failed: all is undone whatever the callback returns
    bool wrote;                          // a statement that changes rows has run
    bool faulted;                        // a fault of this call is noted; one call is one fault at most
    enum err db_err;                     // of the statement that failed
    uint32_t log_lines;                  // written so far
    uint32_t statements;                 // run so far
    int64_t limit_usec;                  // what the statement limit of the transaction is set to
    const char *why_field, *why_text;    // of fail->why, "" when not used
    struct page_run *page;               // during a page, else NULL
    struct anc_ctx *outer;               // the call of this thread it was made within, NULL none
    enum err err_before;                 // the failure on record when it began, put back when it ends well
    const char *field_before, *detail_before;
};

// How long each kind of call may take (jobs say it themselves).
enum {
    BUDGET_PURE_MS = 2000,   // judge, score, rules, addresses: no work but thinking
    BUDGET_BLOCK_MS = 10000, // a block of rows of a file, a thousand payees
    BUDGET_FILTER_MS = 2000, // somebody waits with a transaction open
    BUDGET_SLOT_MS = 2000,   // a panel on a page of the host
    BUDGET_PAGE_MS = 5000,
    BUDGET_WRITE_MS = 20000, // a document of many notices, a message over the network
    BUDGET_TOLD_MS = 10000,  // a notification
    BUDGET_LONG_MS = 600000  // a verb; the most a job may ask for
};

// Enters: counts, marks the thread, sets the deadline. False (with the reason in c) when the plugin takes no
// calls now.
bool call_enter(struct anc_ctx *x, struct ctx *c, const struct plugin_member *m, const char *what,
                int64_t budget_ms) MUST;
// The same for what ends an earlier call (freeing a layout): let in even when no new calls are.
void call_enter_always(struct anc_ctx *x, struct ctx *c, const struct plugin_member *m, const char *what,
                       int64_t budget_ms);
// Leaves: ends the transaction (kept on ANC_OK and ANC_SKIP), counts faults, translates the code. ANC_SKIP
// gives ERR_UNSUPPORTED, ANC_VETO ERR_CONFLICT with the reason in c.
enum err call_leave(struct anc_ctx *x, anc_rc rc) MUST;
// A struct that a plugin is to fill, a byte longer than the header says: one who assigns a whole struct,
// which would write past the end of the struct of an older host, changes its size and is found out before
// that.
#define CALL_RESULT(type)                                                                                    \
    struct {                                                                                                 \
        struct type it;                                                                                      \
        char past[8];                                                                                        \
    }
#define CALL_RESULT_BYTES(type) (uint32_t)(sizeof(struct type) + 1)
// After the callback: gives rc, or ANC_E_BUG (and notes the fault) when the size is not what it was.
anc_rc call_filled(struct anc_ctx *x, anc_rc rc, uint32_t was, uint32_t is);
// Before leaving: what came out cannot be (a result out of range). Notes the fault; gives ANC_E_BUG to leave
// with, so that what the call stored is undone.
anc_rc call_wrong(struct anc_ctx *x, const char *detail);
// The transaction of the call, opened at its first statement, and the limit of the next statement. A failure
// is in x->db_err.
bool call_db(struct anc_ctx *x) MUST;
// After a failure of the call's very first statement: true when its kept plan was made for a table that has
// changed since (an update of the plugin); the transaction is new then, and the statement may be run again.
bool call_db_again(struct anc_ctx *x) MUST;
// Around statements of the host's own within a call: out of the plugin's role when a transaction is open in
// it (this call's or that of a call around it), and back into it. call_back passes the failure on; when the
// role cannot be entered again the call's transaction is lost.
enum err call_aside(struct anc_ctx *x) MUST;
enum err call_back(struct anc_ctx *x, enum err e) MUST;
// Milliseconds left of the budget, rounded up; 0 when it is over.
int64_t call_left_ms(const struct anc_ctx *x);
// The call this thread is in, NULL outside plugin code. May be asked from a signal handler.
const struct anc_ctx *call_now(void);

// core/plugin/points.c: the provider's table in the host's form, zero where the plugin was built with an
// older header; the plugin's state; a fault: the table lacks the function that is needed.
struct provider;
void point_table(const struct provider *p, void *ret, size_t size);
void *point_state(const struct provider *p);
anc_rc point_missing(struct anc_ctx *x);

// core/plugin/role.c: the plugin's role, schema, grants and tables in the database. False with p's reason.
bool plugin_role_ready(struct plugin *p, struct ctx *c);
void plugin_role_name(const char *id, char *ret, size_t cap); // "plg_vcfse"

#endif
