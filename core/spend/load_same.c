// SPDX-License-Identifier: Apache-2.0
// The same payment in two files counts once. The rule itself is core.spend_count_again.
#include "spend/load_same.h"

#include "base/day.h"
#include "base/strb.h"
#include "db/db.h"
#include "db/queries.gen.h"

#define NAMES_BYTES 300

static const char *day_text(struct arena *a, int32_t day) {
    char text[DAY_TEXT_BYTES];
    day_iso(day, text);
    return arena_strdup(a, text);
}

enum err load_same_earlier(struct ctx *c, const struct load_span *s, const char **ret_ids,
                           const char **ret_names) {
    struct arena *a = c->arena;
    struct rows *r;
    enum err e = DB_ROWS(c, load_earlier, &r, arena_i64(a, s->id), arena_i64(a, s->anchor_id), s->kind,
                         day_text(a, s->first_day), day_text(a, s->last_day));
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(r);
    const char **ids = arena_array(a, n + 1, sizeof *ids);
    struct strb names;
    strb_init(&names, NAMES_BYTES);
    for (size_t i = 0; i < n; i++) {
        ids[i] = row_text(r, i, "id");
        strb_printf(&names, "%s%s", i ? ", " : "", row_text(r, i, "file_name"));
    }
    *ret_ids = n ? db_array(a, n, ids) : NULL;
    *ret_names = names.over ? arena_printf(a, "%zu files", n) : arena_strdup(a, names.p);
    strb_free(&names);
    return ERR_OK;
}

enum err load_same_mark(struct ctx *c, int64_t load_id, const char *earlier_ids, int64_t *ret_lines,
                        int64_t *ret_pence) {
    struct arena *a = c->arena;
    struct rows *r;
    const char *id = arena_i64(a, load_id);
    enum err e = DB_ROWS(c, load_count_again, &r, id, earlier_ids ? earlier_ids : "{}");
    if (e != ERR_OK) {
        return e;
    }
    *ret_lines = row_i64(r, 0, "same_lines");
    *ret_pence = row_i64(r, 0, "same_pence");
    return DB_EXEC(c, load_same_set, NULL, id, row_text(r, 0, "same_lines"), row_text(r, 0, "same_pence"));
}

enum err load_same_after(struct ctx *c, const struct load_span *gone) {
    struct arena *a = c->arena;
    struct rows *r;
    enum err e = DB_ROWS(c, load_later, &r, arena_i64(a, gone->id), arena_i64(a, gone->anchor_id), gone->kind,
                         day_text(a, gone->first_day), day_text(a, gone->last_day));
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        struct load_span later = {
            .id = row_i64(r, i, "id"), .anchor_id = gone->anchor_id, .kind = gone->kind};
        const char *ids, *names;
        int64_t lines, pence;
        if (!day_parse(row_text(r, i, "first_day"), &later.first_day) ||
            !day_parse(row_text(r, i, "last_day"), &later.last_day)) {
            return ctx_fail(c, ERR_BUG, "load %lld has no days", (long long)later.id);
        }
        e = load_same_earlier(c, &later, &ids, &names);
        e = e ? e : load_same_mark(c, later.id, ids, &lines, &pence);
    }
    return e;
}
