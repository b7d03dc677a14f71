// SPDX-License-Identifier: Apache-2.0
// What an operator wants of the plugins.
#include "domain/plugin_admin.h"

#include "base/day.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "plugin/points.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define POLL_MS 50

// ---- powers

static const struct {
    anc_caps power;
    const char *name;
} powers_by_name[] = {
    {ANC_CAP_READ_SUPPLIERS, "read-suppliers"},
    {ANC_CAP_READ_SPEND, "read-spend"},
    {ANC_CAP_WRITE_TAGS, "write-tags"},
    {ANC_CAP_WRITE_SCORES, "write-scores"},
    {ANC_CAP_EXPORT, "export"},
    {ANC_CAP_READ_UPLOADS, "read-uploads"},
    {ANC_CAP_READ_NOTICES, "read-notices"},
    {ANC_CAP_OWN_TABLES, "own-tables"},
    {ANC_CAP_PAGES, "pages"},
    {ANC_CAP_JOBS, "jobs"},
    {ANC_CAP_EVENTS, "events"},
    {ANC_CAP_RULES, "rules"},
    {ANC_CAP_NOTIFY, "notify"},
};
#define POWER_COUNT (sizeof powers_by_name / sizeof *powers_by_name)

const char *plugin_power_name(size_t i, anc_caps *ret) {
    if (i >= POWER_COUNT) {
        return NULL;
    }
    *ret = powers_by_name[i].power;
    return powers_by_name[i].name;
}

anc_caps plugin_power_by_name(const char *name) {
    for (size_t i = 0; i < POWER_COUNT; i++) {
        if (strcmp(powers_by_name[i].name, name) == 0) {
            return powers_by_name[i].power;
        }
    }
    return 0;
}

static const char *power_names(struct arena *a, anc_caps powers) {
    const char *out = "";
    for (size_t i = 0; i < POWER_COUNT; i++) {
        if (powers & powers_by_name[i].power) {
            out = arena_printf(a, "%s%s%s", out, *out ? ", " : "", powers_by_name[i].name);
        }
    }
    return *out ? out : "none";
}

enum err plugin_powers_parse(struct ctx *c, const char *names, anc_caps *ret) {
    anc_caps powers = 0;
    for (const char *p = names + strspn(names, ", \t"); *p; p += strspn(p, ", \t")) {
        size_t n = strcspn(p, ", \t");
        const char *name = arena_strndup(c->arena, p, n);
        anc_caps one = plugin_power_by_name(name);
        if (!one && strcmp(name, "none") != 0) {
            return ctx_fail(c, ERR_INVALID, "There is no power \"%.60s\". The powers are: %s.", name,
                            power_names(c->arena, ANC_CAP_ALL));
        }
        powers |= one;
        p += n;
    }
    *ret = powers;
    return ERR_OK;
}

// "read payments and show pages"
static const char *power_words(struct arena *a, anc_caps powers) {
    const char *out = "";
    for (size_t i = 0; i < POWER_COUNT; i++) {
        anc_caps one = powers_by_name[i].power;
        const char *words = powers & one ? plugin_cap_words(one) : NULL;
        if (words) {
            bool last = !(powers & ~(one | (one - 1)));
            out = arena_printf(a, "%s%s%s", out, !*out ? "" : last ? " and " : ", ", words);
        }
    }
    return out;
}

// ---- one plugin at hand

struct at_hand {
    struct plugin_info info; // about NULL: its description was not read
    const struct rows *rows; // all rows, locked
    size_t row;              // of this plugin
    bool has_row, enabled, suspended;
    anc_caps granted;
    const char *title;
};

static bool find_row(const struct rows *rows, const char *id, size_t *ret) {
    for (size_t i = 0; i < rows_count(rows); i++) {
        if (strcmp(row_text(rows, i, "id"), id) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static enum err take(struct ctx *c, struct plugin_host *host, const char *id, struct at_hand *ret) {
    *ret = (struct at_hand){0};
    struct rows *rows;
    if (!ctx_may(c, PERM_ADMIN)) {
        return ctx_fail(c, ERR_DENIED, "plugins are the administrators' business");
    }
    enum err e = DB_ROWS(c, plugin_admin_lock, &rows);
    if (e != ERR_OK) {
        return e;
    }
    bool known = plugin_find(host, c->arena, id, &ret->info);
    ret->rows = rows;
    ret->has_row = find_row(rows, id, &ret->row);
    if (!known && !ret->has_row) {
        return ctx_fail(
            c, ERR_NOT_FOUND,
            "There is no plugin \"%.40s\". Put its file %.40s.so into the folder of plugins first.", id, id);
    }
    ret->enabled = ret->has_row && row_bool(rows, ret->row, "enabled");
    ret->suspended = ret->has_row && row_bool(rows, ret->row, "suspended");
    ret->granted = ret->has_row ? (anc_caps)row_i64(rows, ret->row, "granted") : 0;
    ret->title = known && ret->info.title && *ret->info.title ? ret->info.title : id;
    return ERR_OK;
}

// Its file in words: the description was read, so what it asks for is known.
static anc_caps asked(const struct at_hand *p) {
    return p->info.about ? p->info.about->wants | p->info.about->wants_optional : 0;
}

static enum err check_powers(struct ctx *c, const struct at_hand *p, anc_caps powers) {
    if (powers & ~ANC_CAP_ALL) {
        return ctx_fail(c, ERR_INVALID, "This server has no such power. The powers are: %s.",
                        power_names(c->arena, ANC_CAP_ALL));
    }
    if (p->info.about && (powers & ~asked(p))) {
        return ctx_fail(c, ERR_INVALID, "%s does not ask to %s, so it gets no such power.", p->title,
                        power_words(c->arena, powers & ~asked(p)));
    }
    return ERR_OK;
}

// ---- what else depends on it

static bool wanted(const struct rows *rows, const char *id) {
    size_t i;
    return find_row(rows, id, &i) && row_bool(rows, i, "enabled") && !row_bool(rows, i, "suspended");
}

static bool depends_on(const struct anc_plugin *about, const char *id) {
    for (uint32_t i = 0; i < (about ? about->dependencies.count : 0); i++) {
        struct anc_dependency row;
        plugin_row(&about->dependencies, i, &row, sizeof row);
        if (row.id && strcmp(row.id, id) == 0) {
            return true;
        }
    }
    return false;
}

// The first plugin that runs, or is to run, and cannot without this one; "" none.
static const char *who_needs(struct ctx *c, struct plugin_host *host, const struct rows *rows,
                             const char *id) {
    struct plugin_info *list;
    size_t n = plugin_list(host, c->arena, &list);
    for (size_t i = 0; i < n; i++) {
        bool runs = list[i].state == PLUGIN_ACTIVE || list[i].state == PLUGIN_STARTED;
        size_t at;
        bool failed = find_row(rows, list[i].id, &at) && strcmp(row_text(rows, at, "state"), "FAILED") == 0;
        if (depends_on(list[i].about, id) && wanted(rows, list[i].id) && (runs || !failed)) {
            return *list[i].title ? list[i].title : list[i].id;
        }
    }
    return "";
}

// Its scorer is the one that is asked, though there are others.
static bool scores_now(const struct ctx *c, const char *id) {
    struct provider p;
    return provider_at(c->plugins, ANC_POINT_BID_SCORER, 0, &p) && strcmp(provider_plugin_id(&p), id) == 0;
}

enum err plugin_admin_pin(struct ctx *c, struct plugin_host *host, const char *id, struct plugin_pin *ret) {
    const char *ref = NULL;
    struct rows *r;
    *ret = (struct plugin_pin){.ref = "", .title = "", .closes_at = "", .state = ""};
    enum err e = plugin_pinned_by(host, c, id, &ref);
    if (e == ERR_OK && !ref && scores_now(c, id) &&
        (e = DB_ROWS(c, plugin_admin_next_tender, &r)) == ERR_OK) {
        ref = rows_count(r) > 0 ? row_text(r, 0, "ref") : NULL;
    }
    const char *ruled = NULL;
    if (e == ERR_OK && ref) {
        e = plugin_ruled_by(host, c, id, &ruled);
    }
    if (e != ERR_OK || !ref) {
        return e;
    }
    e = DB_ROWS(c, plugin_admin_tender, &r, ref);
    if (e == ERR_OK) {
        *ret = (struct plugin_pin){.ref = ref,
                                   .by_rule = ruled && strcmp(ruled, ref) == 0,
                                   .title = row_text(r, 0, "title"),
                                   .closes_at = row_text(r, 0, "closes_at"),
                                   .state = row_text(r, 0, "state")};
    }
    return e;
}

// "it scores the bids of the tender "Lunches", which closes on ..."
static const char *pin_words(struct ctx *c, const struct plugin_pin *pin) {
    char closes[STAMP_TEXT_BYTES];
    int64_t usec;
    const char *what = pin->by_rule ? "one of its rules stands in" : "it scores the bids of";
    if (strcmp(pin->state, "opened") == 0 || !stamp_parse(pin->closes_at, &usec)) {
        return arena_printf(c->arena,
                            "%s the tender \"%.120s\", which is being decided now. That ends when the "
                            "tender is awarded or cancelled",
                            what, pin->title);
    }
    stamp_words(usec, closes);
    return arena_printf(c->arena, "%s the tender \"%.120s\", which %s on %s. That ends when the tender is %s",
                        what, pin->title, usec > c->now_usec ? "closes" : "closed", closes,
                        pin->by_rule ? "closed or cancelled" : "awarded or cancelled");
}

// Fails when the plugin has to stay as it is. what: "cannot be switched off".
static enum err check_free(struct ctx *c, struct plugin_host *host, const struct at_hand *p, const char *id,
                           const char *what) {
    struct plugin_pin pin;
    enum err e = plugin_admin_pin(c, host, id, &pin);
    if (e != ERR_OK) {
        return e;
    }
    if (*pin.ref) {
        return ctx_fail(c, ERR_CONFLICT, "%s %s while %s.", p->title, what, pin_words(c, &pin));
    }
    const char *needed_by = who_needs(c, host, p->rows, id);
    if (*needed_by) {
        return ctx_fail(c, ERR_CONFLICT, "%s %s while %s works with it. Switch off %s first.", p->title, what,
                        needed_by, needed_by);
    }
    return ERR_OK;
}

// What it needs itself must be there.
static enum err check_needs(struct ctx *c, struct plugin_host *host, const struct at_hand *p,
                            anc_caps powers) {
    const struct anc_plugin *about = p->info.about;
    if (!about) {
        return ERR_OK; // found out when its file is read
    }
    if (about->wants & ~powers) {
        return ctx_fail(c, ERR_CONFLICT,
                        "%s cannot work unless it may %s. Give it that, or leave the plugin off.", p->title,
                        power_words(c->arena, about->wants & ~powers));
    }
    for (uint32_t i = 0; i < about->dependencies.count; i++) {
        struct anc_dependency row;
        struct plugin_info other;
        plugin_row(&about->dependencies, i, &row, sizeof row);
        const char *name = row.id ? row.id : "(no name)";
        if (!plugin_find(host, c->arena, name, &other)) {
            return ctx_fail(c, ERR_CONFLICT,
                            "%s works only with the plugin \"%.40s\", which is not here. Put "
                            "the file %.40s.so into the folder of plugins.",
                            p->title, name, name);
        }
        if (!wanted(p->rows, name)) {
            const char *title = *other.title ? other.title : name;
            return ctx_fail(c, ERR_CONFLICT, "%s works only with %s, which is off. Switch on %s first.",
                            p->title, title, title);
        }
    }
    return ERR_OK;
}

// ---- wishes

struct wish {
    struct plugin_host *host;
    const char *id;
    anc_caps powers;
    const struct plugin_setting_value *list;
    size_t n, changed;
};

static const char *now_text(struct ctx *c) {
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    return arena_strdup(c->arena, now);
}

static const char *powers_text(struct ctx *c, anc_caps powers) {
    return arena_i64(c->arena, (int64_t)powers);
}

static enum err enable(struct ctx *c, void *arg) {
    struct wish *w = arg;
    struct at_hand p;
    enum err e = take(c, w->host, w->id, &p);
    if (e != ERR_OK) {
        return e;
    }
    anc_caps powers = w->powers;
    if (powers == PLUGIN_POWERS_AS_BEFORE) {
        // A new version may have stopped asking for something it once was given.
        powers = p.has_row ? p.granted & (p.info.about ? asked(&p) : ANC_CAP_ALL) : asked(&p);
    }
    e = check_powers(c, &p, powers);
    e = e ? e : check_needs(c, w->host, &p, powers);
    e = e ? e : DB_EXEC(c, plugin_admin_on, NULL, w->id, powers_text(c, powers), now_text(c));
    return e ? e
             : audit_add(c, "plugin.enable", w->id,
                         arena_printf(c->arena, "powers: %s", power_names(c->arena, powers)));
}

enum err plugin_admin_enable(struct ctx *c, struct plugin_host *host, const char *id, anc_caps powers) {
    struct wish w = {.host = host, .id = id, .powers = powers};
    return db_in_transaction(c, enable, &w);
}

static enum err may_disable(struct ctx *c, struct wish *w, bool *ret_on) {
    struct at_hand p;
    enum err e = take(c, w->host, w->id, &p);
    *ret_on = p.has_row ? p.enabled : p.info.state == PLUGIN_ACTIVE;
    if (e != ERR_OK || !*ret_on || p.suspended) { // who was taken out already serves nobody
        return e;
    }
    return check_free(c, w->host, &p, w->id, "cannot be switched off");
}

static enum err only_ask(struct ctx *c, void *arg) {
    bool on;
    return may_disable(c, arg, &on);
}

enum err plugin_admin_may_disable(struct ctx *c, struct plugin_host *host, const char *id) {
    struct wish w = {.host = host, .id = id};
    return db_in_transaction(c, only_ask, &w);
}

static enum err disable(struct ctx *c, void *arg) {
    struct wish *w = arg;
    bool on;
    enum err e = may_disable(c, w, &on);
    if (e != ERR_OK || !on) {
        return e;
    }
    e = DB_EXEC(c, plugin_admin_off, NULL, w->id, now_text(c));
    return e ? e : audit_add(c, "plugin.disable", w->id, "");
}

enum err plugin_admin_disable(struct ctx *c, struct plugin_host *host, const char *id) {
    struct wish w = {.host = host, .id = id};
    return db_in_transaction(c, disable, &w);
}

static enum err grant(struct ctx *c, void *arg) {
    struct wish *w = arg;
    struct at_hand p;
    enum err e = take(c, w->host, w->id, &p);
    if (e != ERR_OK) {
        return e;
    }
    anc_caps needed = p.info.about ? p.info.about->wants | (asked(&p) & ANC_CAP_WRITE_SCORES) : 0;
    anc_caps lost = p.granted & needed & ~w->powers;
    e = check_powers(c, &p, w->powers);
    if (e == ERR_OK && lost && p.enabled && !p.suspended) {
        e = check_free(c, w->host, &p, w->id,
                       arena_printf(c->arena, "cannot lose the power to %s", power_words(c->arena, lost)));
    }
    if (e != ERR_OK || (p.has_row && p.granted == w->powers)) {
        return e;
    }
    e = DB_EXEC(c, plugin_admin_powers, NULL, w->id, powers_text(c, w->powers), now_text(c));
    return e ? e
             : audit_add(c, "plugin.grant", w->id,
                         arena_printf(c->arena, "powers: %s; before: %s", power_names(c->arena, w->powers),
                                      power_names(c->arena, p.granted)));
}

enum err plugin_admin_grant(struct ctx *c, struct plugin_host *host, const char *id, anc_caps powers) {
    struct wish w = {.host = host, .id = id, .powers = powers};
    return db_in_transaction(c, grant, &w);
}

// ---- settings

static bool find_setting(const struct anc_plugin *about, const char *key, struct anc_setting *ret) {
    for (uint32_t i = 0; i < (about ? about->settings.count : 0); i++) {
        plugin_row(&about->settings, i, ret, sizeof *ret);
        if (strcmp(ret->key, key) == 0) {
            return true;
        }
    }
    return false;
}

static const char *setting_keys(struct arena *a, const struct anc_plugin *about) {
    const char *out = "";
    for (uint32_t i = 0; i < (about ? about->settings.count : 0); i++) {
        struct anc_setting row;
        plugin_row(&about->settings, i, &row, sizeof row);
        out = arena_printf(a, "%s%s%s", out, *out ? ", " : "", row.key);
    }
    return out;
}

static enum err no_such_setting(struct ctx *c, const struct at_hand *p, const char *key) {
    if (!p->info.about) {
        return ctx_fail(c, ERR_CONFLICT, "The settings of %s are known when it has been switched on once.",
                        p->title);
    }
    const char *keys = setting_keys(c->arena, p->info.about);
    return *keys ? ctx_fail(c, ERR_NOT_FOUND, "%s has no setting \"%.60s\". Its settings are: %s.", p->title,
                            key, keys)
                 : ctx_fail(c, ERR_NOT_FOUND, "%s has no settings.", p->title);
}

// Texts may be secrets; what was set stands in the log only for the other kinds.
static const char *change_words(struct ctx *c, const struct anc_setting *row, const char *before,
                                const char *after) {
    return row->kind == ANC_SETTING_TEXT ? row->key
                                         : arena_printf(c->arena, "%s: %s, before: %s", row->key,
                                                        plugin_setting_words(c->arena, row, after),
                                                        plugin_setting_words(c->arena, row, before));
}

static const char *value_now(const struct rows *values, const struct anc_setting *row, bool *ret_set) {
    *ret_set = false;
    for (size_t i = 0; i < rows_count(values); i++) {
        if (strcmp(row_text(values, i, "key"), row->key) == 0) {
            *ret_set = true;
            return row_text(values, i, "value");
        }
    }
    return row->dflt ? row->dflt : "";
}

static enum err set_one(struct ctx *c, struct wish *w, const struct at_hand *p, const struct rows *values,
                        const struct plugin_setting_value *v) {
    struct anc_setting row;
    bool is_set;
    if (!find_setting(p->info.about, v->key, &row)) {
        return no_such_setting(c, p, v->key);
    }
    const char *dflt = row.dflt ? row.dflt : "", *value = v->value ? v->value : dflt;
    const char *before = value_now(values, &row, &is_set);
    bool back = strcmp(value, dflt) == 0;
    if (!back && !plugin_setting_fits(&row, value)) {
        return ctx_fail_field(c, row.key, "%s does not take this value", row.title ? row.title : row.key);
    }
    if (back ? !is_set : strcmp(value, before) == 0) {
        return ERR_OK;
    }
    enum err e = back ? DB_EXEC(c, plugin_admin_value_drop, NULL, w->id, row.key)
                      : DB_EXEC(c, plugin_admin_value_put, NULL, w->id, row.key, value);
    w->changed++;
    return e ? e : audit_add(c, "plugin.set", w->id, change_words(c, &row, before, value));
}

static enum err set_all(struct ctx *c, void *arg) {
    struct wish *w = arg;
    struct at_hand p;
    struct rows *values;
    w->changed = 0;
    enum err e = take(c, w->host, w->id, &p);
    e = e ? e : DB_ROWS(c, plugin_admin_values, &values, w->id);
    for (size_t i = 0; e == ERR_OK && i < w->n; i++) {
        e = set_one(c, w, &p, values, &w->list[i]);
    }
    return e || w->changed == 0 ? e : DB_EXEC(c, plugin_admin_changed, NULL, w->id, now_text(c));
}

enum err plugin_admin_set_all(struct ctx *c, struct plugin_host *host, const char *id,
                              const struct plugin_setting_value *list, size_t n, size_t *ret_changed) {
    struct wish w = {.host = host, .id = id, .list = list, .n = n};
    enum err e = db_in_transaction(c, set_all, &w);
    if (e == ERR_OK && ret_changed) {
        *ret_changed = w.changed;
    }
    return e;
}

enum err plugin_admin_set(struct ctx *c, struct plugin_host *host, const char *id, const char *key,
                          const char *value) {
    struct plugin_setting_value one = {.key = key};
    struct plugin_info info;
    struct anc_setting row;
    const struct form_spec *spec =
        plugin_find(host, c->arena, id, &info) ? plugin_setting_spec(c->arena, info.about, key, &row) : NULL;
    if (value && spec && ctx_may(c, PERM_ADMIN)) {
        struct form_pair pair = {spec->fields[0].name, plugin_setting_typed(&row, value)};
        const struct form *f = form_read(c->arena, spec, &pair, 1, NULL, 0);
        if (!form_ok(f)) {
            return ctx_fail_field(c, row.key, "%s", form_error_of(f, spec->fields[0].name));
        }
        one.value = plugin_setting_read(c->arena, f, &row);
    }
    return plugin_admin_set_all(c, host, id, &one, 1, NULL);
}

// ---- what became of it

enum err plugin_admin_wait(struct ctx *c, const char *id, int ms, struct plugin_answer_now *ret) {
    for (int waited = 0;; waited += POLL_MS) {
        struct rows *r;
        enum err e = DB_ROWS(c, plugin_admin_row, &r, id);
        if (e != ERR_OK) {
            return e;
        }
        if (rows_count(r) == 0) {
            return ctx_fail(c, ERR_NOT_FOUND, "There is no plugin \"%.40s\".", id);
        }
        bool suspended = !row_is_null(r, 0, "suspended_at");
        const char *why = row_text(r, 0, "reason");
        *ret = (struct plugin_answer_now){.handled = row_bool(r, 0, "handled"),
                                          .enabled = row_bool(r, 0, "enabled"),
                                          .suspended = suspended,
                                          .state = row_text(r, 0, "state"),
                                          .reason =
                                              suspended && !*why ? row_text(r, 0, "suspended_reason") : why};
        if (ret->handled || waited >= ms) {
            return ERR_OK;
        }
        nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000L}, NULL);
    }
}
