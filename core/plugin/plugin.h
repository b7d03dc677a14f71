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
    int64_t size, changed_nsec; // of its content
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
    bool named;                  // in the list of the settings, or wanted by core.plugin
    int then;                    // enum plugin_state: what it becomes when DRAINING is over
    struct file_mark mark;       // the file as it was when it was read
    struct plugin *older;        // the instance opened before this one
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
    struct plugin *list[PLUGIN_MAX]; // by id; of each id the newest instance
    struct plugin_set *now;          // pinned by the host
    uint64_t number;
    void (*alarm)(void *arg);
    void *alarm_arg;
};

// The power that lets a plugin provide for a point, 0 for an unknown point. A provider (page, job, event) whose
// power was not granted does not answer: whoever walks p->about asks plugin_may first.
anc_caps plugin_point_power(uint32_t point);
static inline bool plugin_may(const struct plugin *p, anc_caps power) {
    return (p->granted & power) == power;
}

// core/plugin/host.c: five faults: no new call is let in, the switching thread is woken. Any thread.
void plugin_alarm(struct plugin *p);

// core/plugin/set.c: a generation of these plugins with these settings, pinned once.
struct plugin_set *plugin_set_make(struct plugin_host *h, size_t count, struct plugin *const *plugins,
                                   const char **const *settings);
// Default settings of a plugin, in the arena.
const char **plugin_default_settings(const struct plugin *p, struct arena *a);

// core/plugin/loader.c: reads the file into p->file; copies, opens and checks it. Sets state, about or
// reason.
void plugin_read(struct plugin *p, const char *path);
void plugin_load(struct plugin *p, const char *copies, const struct template_set *base);
void plugin_fail(struct plugin *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct plugin *plugin_new(struct plugin_host *h, const char *id); // FOUND, nothing read
void plugin_free(struct plugin *p); // what the host made for it; its library stays mapped
// core/plugin/describe.c: the description's tables, one reason at a time (plugin_fail). True when
// well-formed. Fills p->about.
bool plugin_describe(struct plugin *p, const struct anc_plugin *given);

// core/plugin/api.c: makes p->host (calloc) by the powers granted, before each start. It is freed after stop.
void plugin_make_host(struct plugin *p);

// ---- calls (core/plugin/call.c): the one way into plugin code

// What a plugin calls its context: one call into one plugin.
struct anc_ctx {
    struct ctx *c;
    const struct plugin_member *member;
    const char *what;      // "judge", for the log, the admin page and crash notes
    int64_t deadline_usec; // monotonic
    bool in_db;            // a transaction or savepoint as the plugin's role is open
    bool db_failed;        // a statement failed: the transaction is lost whatever the callback returns
    const char *why_field, *why_text; // of fail->why, "" when not used
    struct plugin_page *page;         // during a page, else NULL
    size_t slot;                      // its place among the running calls
};

// Enters: counts, marks the thread, sets the deadline. False (with the reason in c) when the plugin takes no
// calls now.
bool call_enter(struct anc_ctx *x, struct ctx *c, const struct plugin_member *m, const char *what,
                int64_t budget_ms) MUST;
// Leaves: ends the transaction (kept on ANC_OK), counts faults, translates the code. ANC_SKIP gives
// ERR_UNSUPPORTED, ANC_VETO ERR_CONFLICT with the reason in c.
enum err call_leave(struct anc_ctx *x, anc_rc rc) MUST;
// A fault that the host noticed after the call (a result out of range).
enum err call_fault(struct anc_ctx *x, const char *detail) MUST;
// The transaction of the call, opened at its first statement.
enum err call_db(struct anc_ctx *x) MUST;

// core/plugin/role.c: the plugin's role, schema, grants and tables in the database. False with p's reason.
bool plugin_role_ready(struct plugin *p, struct ctx *c);
void plugin_role_name(const char *id, char *ret, size_t cap); // "plg_vcfse"

#endif
