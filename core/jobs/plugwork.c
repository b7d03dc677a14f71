// SPDX-License-Identifier: Apache-2.0
// Deliveries, messages and jobs of plugins.
#include "jobs/plugwork.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "plugin/calls.h"

#include <string.h>

#define WHY_MAX      500
#define LEASE_MORE_S 60 // beyond the moment at which the watchdog ends a job that is stuck

// A failure of ours or of the database, not of the plugin: nothing is counted, the row stays as it was.
static bool is_ours(enum err e) {
    return e == ERR_DB_AWAY;
}

static const char *why_of(struct ctx *c, enum err e) {
    return arena_printf(c->arena, "%.*s", WHY_MAX, *c->err_detail ? c->err_detail : err_name(e));
}

// Runs fn in a savepoint, so that whatever it leaves behind after a failure is gone and our note can be kept.
static enum err in_savepoint(struct ctx *c, enum err (*fn)(struct ctx *c, const void *arg), const void *arg) {
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = fn(c, arg);
    if (e != ERR_OK) {
        db_rollback(c);
        return e;
    }
    return db_commit(c);
}

static enum err end(struct ctx *c, enum err e) {
    if (e == ERR_OK) {
        return db_commit(c);
    }
    db_rollback(c);
    return e;
}

// ---- telling ------------------------------------------------------------------------------------------

static enum err tell(struct ctx *c, const void *arg) {
    const struct rows *r = arg;
    struct anc_event event = {.size = sizeof event,
                              .kind = (int32_t)row_i64(r, 0, "kind"),
                              .id = row_i64(r, 0, "happening_id"),
                              .ref = row_text(r, 0, "ref"),
                              .name = row_text(r, 0, "name"),
                              .anchor_ref = row_text(r, 0, "anchor_ref"),
                              .supplier_ref = row_text(r, 0, "supplier_ref"),
                              .amount_pence = row_i64(r, 0, "amount_pence")};
    if (!stamp_parse(row_text(r, 0, "at"), &event.at)) {
        event.at = 0;
    }
    enum err e = plugin_tell(c, row_text(r, 0, "plugin"), &event);
    return e == ERR_UNSUPPORTED ? ERR_OK : e; // it had nothing to do
}

static enum err tell_taken(struct ctx *c, const struct rows *r) {
    const char *id = row_text(r, 0, "happening_id"), *plugin = row_text(r, 0, "plugin");
    enum err e = in_savepoint(c, tell, r);
    if (e == ERR_OK) {
        return DB_EXEC(c, happening_told, NULL, id, plugin);
    }
    if (is_ours(e)) {
        return e;
    }
    const char *why = why_of(c, e);
    log_event(LOG_LEVEL_WARNING, "plugin_not_told", "plugin", plugin, "happening", id, "why", why, NULL);
    return DB_EXEC(c, happening_failed, NULL, id, plugin, why);
}

enum err plugwork_tell(struct ctx *c, bool *ret_tried) {
    const char **ids;
    struct rows *r;
    *ret_tried = false;
    size_t n = plugin_set_ids(c->plugins, ANC_CAP_EVENTS, c->arena, &ids);
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_ROWS(c, happening_take, &r, db_array(c->arena, n, ids));
    if (e == ERR_OK && rows_count(r) > 0) {
        *ret_tried = true;
        e = tell_taken(c, r);
    }
    return end(c, e);
}

// ---- messages -----------------------------------------------------------------------------------------

static enum err send(struct ctx *c, const void *arg) {
    const struct rows *r = arg;
    struct provider p;
    if (!provider_find(c->plugins, ANC_POINT_NOTIFIER, row_text(r, 0, "channel"), &p)) {
        return ctx_fail(c, ERR_NOT_FOUND, "the notifier is gone");
    }
    const struct anc_message message = {.size = sizeof message,
                                        .id = row_i64(r, 0, "id"),
                                        .address = row_text(r, 0, "address"),
                                        .subject = row_text(r, 0, "subject"),
                                        .body = row_text(r, 0, "body")};
    return point_send(c, &p, &message);
}

static enum err send_taken(struct ctx *c, const struct rows *r) {
    const char *id = row_text(r, 0, "id");
    enum err e = in_savepoint(c, send, r);
    if (e == ERR_OK) {
        return DB_EXEC(c, message_sent, NULL, id);
    }
    if (is_ours(e)) {
        return e;
    }
    const char *why = why_of(c, e);
    log_event(LOG_LEVEL_WARNING, "message_not_sent", "channel", row_text(r, 0, "channel"), "message", id,
              "error", err_name(e), NULL); // the plugin's own words may hold the address
    return DB_EXEC(c, message_not_sent, NULL, id, why, e == ERR_INVALID ? "true" : "false");
}

static bool among(const char *id, const char *const *ids, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(ids[i], id) == 0) {
            return true;
        }
    }
    return false;
}

// Keys of the notifiers that can be used now.
static size_t channels_now(struct ctx *c, const char ***ret) {
    const char **ids;
    struct provider p;
    size_t count = 0, n = 0, running = plugin_set_ids(c->plugins, ANC_CAP_NOTIFY, c->arena, &ids);
    while (provider_at(c->plugins, ANC_POINT_NOTIFIER, count, &p)) {
        count++;
    }
    const char **keys = arena_array(c->arena, count + 1, sizeof *keys);
    for (size_t i = 0; i < count && provider_at(c->plugins, ANC_POINT_NOTIFIER, i, &p); i++) {
        if (among(provider_plugin_id(&p), ids, running)) {
            keys[n++] = p.key;
        }
    }
    *ret = keys;
    return n;
}

enum err plugwork_send(struct ctx *c, bool *ret_tried) {
    const char **keys;
    struct rows *r;
    *ret_tried = false;
    size_t n = channels_now(c, &keys);
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_ROWS(c, message_take, &r, db_array(c->arena, n, keys));
    if (e == ERR_OK && rows_count(r) > 0) {
        *ret_tried = true;
        e = send_taken(c, r);
    }
    return end(c, e);
}

// ---- jobs ---------------------------------------------------------------------------------------------

struct job_list {
    struct plugin_job *jobs;
    const char **plugins, **names, **leases; // as texts for the statements
    size_t n;
};

// Jobs of the plugins that take calls now. A lease outlasts the moment at which a stuck job is ended.
static void jobs_now(struct ctx *c, struct job_list *ret) {
    const char **ids;
    struct plugin_job *all;
    size_t running = plugin_set_ids(c->plugins, ANC_CAP_JOBS, c->arena, &ids);
    size_t count = c->plugins ? plugin_set_jobs(c->plugins, c->arena, &all) : 0;
    ret->n = 0;
    ret->jobs = arena_array(c->arena, count + 1, sizeof *ret->jobs);
    ret->plugins = arena_array(c->arena, count + 1, sizeof *ret->plugins);
    ret->names = arena_array(c->arena, count + 1, sizeof *ret->names);
    ret->leases = arena_array(c->arena, count + 1, sizeof *ret->leases);
    for (size_t i = 0; i < count; i++) {
        if (among(all[i].plugin, ids, running)) {
            int64_t lease_s = all[i].max_ms / 1000 + conf_number(CONF_PLUGIN_STUCK_S) + LEASE_MORE_S;
            ret->jobs[ret->n] = all[i];
            ret->plugins[ret->n] = all[i].plugin;
            ret->names[ret->n] = all[i].name;
            ret->leases[ret->n++] = arena_i64(c->arena, lease_s);
        }
    }
}

enum err plugwork_jobs(struct ctx *c) {
    struct job_list l;
    jobs_now(c, &l);
    return l.n == 0 ? ERR_OK
                    : DB_EXEC(c, plugin_job_put, NULL, db_array(c->arena, l.n, l.plugins),
                              db_array(c->arena, l.n, l.names));
}

static const char *pause_of(struct ctx *c, const struct job_list *l, const char *plugin, const char *name) {
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->plugins[i], plugin) == 0 && strcmp(l->names[i], name) == 0) {
            return arena_i64(c->arena, l->jobs[i].every_s);
        }
    }
    return "60";
}

static enum err run_taken(struct ctx *c, const struct job_list *l, const struct rows *r) {
    const char *plugin = row_text(r, 0, "plugin"), *name = row_text(r, 0, "name");
    const char *lease = row_text(r, 0, "lease"), *pause = pause_of(c, l, plugin, name);
    int64_t began = clock_monotonic_usec();
    enum err e = plugin_job_run(c, plugin, name);
    const char *why = why_of(c, e);
    const char *ms = arena_i64(c->arena, (clock_monotonic_usec() - began) / 1000);
    db_release(c->db);                         // whatever it left behind
    if (e == ERR_OK || e == ERR_UNSUPPORTED) { // it ran, or had nothing to do
        return DB_EXEC(c, plugin_job_done, NULL, plugin, name, lease, ms, pause);
    }
    log_event(LOG_LEVEL_WARNING, "plugin_job_failed", "plugin", plugin, "job", name, "why", why, NULL);
    return DB_EXEC(c, plugin_job_failed, NULL, plugin, name, lease, ms, pause, why);
}

enum err plugwork_run(struct ctx *c, bool *ret_ran) {
    struct job_list l;
    struct rows *r;
    *ret_ran = false;
    jobs_now(c, &l);
    if (l.n == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(c, plugin_job_take, &r, db_array(c->arena, l.n, l.plugins),
                         db_array(c->arena, l.n, l.names), db_array(c->arena, l.n, l.leases));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    *ret_ran = true;
    return run_taken(c, &l, r);
}

enum err plugwork_sweep(struct ctx *c) {
    return DB_EXEC(c, plugin_work_sweep, NULL);
}
