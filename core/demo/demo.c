// SPDX-License-Identifier: Apache-2.0
// Loading the invented demo place: the order of its parts, one transaction, one loader at a time.
#include "demo/demo.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/embed.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo_parts.h"
#include "domain/audit.h"
#include "sheet/sheet.h"

#include <string.h>

#define SEED UINT64_C(0x416E63686F726167) // "Anchorag"; any number would do, as long as it stays

extern const struct embedded embedded_demo[];

enum err demo_is_empty(struct ctx *c, bool *ret_empty) {
    struct rows *r;
    enum err e = DB_ROWS(c, holds_anything, &r);
    if (e == ERR_OK) {
        *ret_empty = !row_bool(r, 0, "held");
    }
    return e;
}

void demo_say(const struct demo *d, const char *what, int64_t done, int64_t total) {
    if (d->progress) {
        d->progress(d->progress_arg, what, done, total);
    }
}

const char *demo_file(const char *path, size_t *ret_n) {
    for (const struct embedded *e = embedded_demo; e->path; e++) {
        if (strcmp(e->path, path) == 0) {
            *ret_n = e->n;
            return (const char *)e->bytes;
        }
    }
    return NULL;
}

// The rows of one block; *headed: the headings are behind us.
static enum err take_rows(struct demo *d, const struct sheet_block *b, size_t cells, demo_row_fn *fn,
                          void *arg, bool *headed) {
    for (uint32_t r = 0; r < b->rows; r++) {
        const char *const *row = b->text + b->first[r];
        uint32_t count = b->first[r + 1] - b->first[r];
        if (row[0][0] == '#' || (count == 1 && row[0][0] == 0)) {
            continue;
        }
        if (!*headed) {
            *headed = true;
            continue;
        }
        if (count < cells) {
            return ctx_fail(d->c, ERR_BUG, "line %llu of the demo data has too few cells",
                            (unsigned long long)b->line[r]);
        }
        enum err e = fn(d, arg, row);
        if (e != ERR_OK) {
            return e;
        }
    }
    return ERR_OK;
}

enum err demo_rows(struct demo *d, const char *path, char delimiter, size_t cells, demo_row_fn *fn,
                   void *arg) {
    size_t n = 0;
    const char *text = demo_file(path, &n);
    if (!text) {
        return ctx_fail(d->c, ERR_BUG, "the program does not carry %s", path);
    }
    struct sheet_options options = {.file_name = path, .delimiter = delimiter};
    struct sheet_block b;
    struct sheet *s = NULL;
    bool headed = false;
    enum err e = ERR_OK;
    enum sheet_status status = sheet_open_memory(text, n, &options, &s);
    while (e == ERR_OK && status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        e = take_rows(d, &b, cells, fn, arg, &headed);
    }
    if (e == ERR_OK && status != SHEET_END) {
        e = ctx_fail(d->c, ERR_BUG, "%s: %s", path, sheet_why(s));
    }
    sheet_close(s);
    return e;
}

int64_t demo_usec(const struct demo *d, int32_t day, int minutes) {
    struct civil at;
    civil_from_day(d->today + day, &at);
    at.hour = minutes / 60;
    at.minute = minutes % 60;
    int64_t usec = 0;
    if (!london_to_usec(&at, &usec)) { // no demo time lies in the hour that clocks skip or repeat
        usec = (int64_t)(d->today + day) * USEC_PER_DAY;
    }
    return usec;
}

const char *demo_stamp(const struct demo *d, int64_t usec) {
    char *out = arena_alloc(d->c->arena, STAMP_TEXT_BYTES);
    stamp_iso(usec, out);
    return out;
}

int32_t demo_weekday(int32_t day, bool forward) {
    while (day_of_week(day) > 5) {
        day += forward ? 1 : -1;
    }
    return day;
}

static enum err load(struct ctx *c, void *arg) {
    struct demo *d = arg;
    struct rows *locked;
    bool empty = false;
    enum err e = DB_ROWS(c, demo_lock, &locked);
    e = e ? e : demo_is_empty(c, &empty);
    if (e == ERR_OK && !empty) {
        return ctx_fail(
            c, ERR_CONFLICT,
            "This database already holds something, so the demo place was not loaded. Use another "
            "--data folder or an empty database.");
    }
    e = e ? e : demo_load_place(d);
    e = e ? e : demo_load_suppliers(d);
    e = e ? e : demo_load_notices(d);
    e = e ? e : demo_load_events(d);
    e = e ? e : demo_load_spend(d);
    return e ? e : audit_add(c, "demo.load", "", "");
}

enum err demo_load(struct ctx *c, const struct demo_person **ret_people, size_t *ret_count,
                   void (*progress)(void *arg, const char *what, int64_t done, int64_t total), void *arg) {
    struct demo *d = arena_alloc(c->arena, sizeof *d);
    *d = (struct demo){
        .c = c, .rng = {SEED}, .today = london_day(c->now_usec), .progress = progress, .progress_arg = arg};
    d->suppliers = arena_array(c->arena, DEMO_SUPPLIERS, sizeof *d->suppliers);
    d->people = arena_array(c->arena, DEMO_PEOPLE, sizeof *d->people);
    enum err e = db_limit_ms(c->db, 0);
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = load(c, d);
    e = e ? e : db_commit(c);
    if (e != ERR_OK) {
        db_rollback(c);
    }
    enum err limited = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
    e = e ? e : limited;
    if (e == ERR_OK) {
        *ret_people = d->people;
        *ret_count = d->people_count;
    }
    return e;
}
