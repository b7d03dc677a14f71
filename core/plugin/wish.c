// SPDX-License-Identifier: Apache-2.0
// Reading wishes and noting states.
#include "plugin/wish.h"

#include "db/queries.gen.h"
#include "plugin/calls.h"

#include <string.h>

enum err wishes_read(struct ctx *c, struct wishes *ret) {
    *ret = (struct wishes){.db = c && c->db};
    if (!ret->db) {
        return ERR_OK;
    }
    struct rows *rows, *settings;
    enum err e = DB_ROWS(c, plugin_wishes, &rows);
    if (e == ERR_OK) {
        e = DB_ROWS(c, plugin_wished_settings, &settings);
    }
    if (e == ERR_OK) {
        ret->rows = rows;
        ret->settings = settings;
    }
    return e;
}

size_t wishes_count(const struct wishes *w) {
    return w->rows ? rows_count(w->rows) : 0;
}

const char *wishes_id(const struct wishes *w, size_t i) {
    return row_text(w->rows, i, "id");
}

static size_t row_of(const struct wishes *w, const char *id) {
    size_t i = 0;
    while (i < wishes_count(w) && strcmp(row_text(w->rows, i, "id"), id) != 0) {
        i++;
    }
    return i;
}

bool wishes_has(const struct wishes *w, const char *id) {
    return row_of(w, id) < wishes_count(w);
}

void wish_of(const struct wishes *w, const struct plugin *p, struct wish *ret) {
    anc_caps asked = p->about.wants | p->about.wants_optional;
    *ret = (struct wish){
        .there = p->named, .enabled = p->named, .suspended_reason = "", .hash = "", .granted = asked};
    size_t i = row_of(w, p->id);
    if (i < wishes_count(w)) {
        *ret = (struct wish){.there = true,
                             .enabled = row_bool(w->rows, i, "enabled"),
                             .suspended = row_bool(w->rows, i, "suspended"),
                             .suspended_reason = row_text(w->rows, i, "suspended_reason"),
                             .hash = row_text(w->rows, i, "file_hash"),
                             .granted = (anc_caps)row_i64(w->rows, i, "granted") & asked,
                             .number = row_i64(w->rows, i, "wanted_no")};
    }
}

static const char *stored(const struct wishes *w, const char *id, const char *key) {
    for (size_t i = 0; w->settings && i < rows_count(w->settings); i++) {
        if (strcmp(row_text(w->settings, i, "plugin"), id) == 0 &&
            strcmp(row_text(w->settings, i, "key"), key) == 0) {
            return row_text(w->settings, i, "value");
        }
    }
    return NULL;
}

const char **wish_settings(const struct wishes *w, const struct plugin *p, struct arena *a,
                           const char **ret_misfit) {
    const char **values = plugin_default_settings(p, a);
    *ret_misfit = NULL;
    for (uint32_t i = 0; i < p->about.settings.count; i++) {
        struct anc_setting row;
        plugin_row(&p->about.settings, i, &row, sizeof row);
        const char *value = stored(w, p->id, row.key);
        if (value && plugin_setting_fits(&row, value)) {
            values[i] = value;
        } else if (value && !*ret_misfit) {
            *ret_misfit = row.title;
        }
    }
    return values;
}

enum err wishes_enter(struct plugin_host *h, const struct wishes *w, struct ctx *c, bool *ret_entered) {
    *ret_entered = false;
    for (size_t i = 0; w->db && !h->visits && i < h->count; i++) {
        const struct plugin *p = h->list[i];
        if (!p->named || !p->opened || wishes_has(w, p->id)) {
            continue;
        }
        anc_caps asked = p->about.wants | p->about.wants_optional;
        enum err e = DB_EXEC(c, plugin_enter, NULL, p->id, arena_i64(c->arena, (int64_t)asked));
        if (e) {
            return e;
        }
        *ret_entered = true;
    }
    return ERR_OK;
}

static enum err note_one(struct ctx *c, const struct plugin *p) {
    bool runs = plugin_runs(p);
    const char *events = NULL;
    if (runs || (p->opened && p->granted)) {
        uint64_t mask = p->granted & ANC_CAP_EVENTS ? plugin_wanted_events(&p->about) : 0;
        events = arena_i64(c->arena, (int64_t)mask);
    }
    return DB_EXEC(c, plugin_note, NULL, p->id, plugin_state_name((enum plugin_state)p->state), p->reason,
                   runs ? p->version_text : NULL, runs ? p->hash : NULL, events,
                   arena_i64(c->arena, p->pending ? 0 : p->wanted_no));
}

enum err wishes_note(struct plugin_host *h, struct ctx *c) {
    enum err e = ERR_OK;
    for (size_t i = 0; c && c->db && !h->visits && e == ERR_OK && i < h->count; i++) {
        e = note_one(c, h->list[i]);
    }
    return e;
}

enum err wishes_suspend(struct ctx *c, const char *id, const char *reason) {
    return DB_EXEC(c, plugin_suspend, NULL, id, reason);
}
