// SPDX-License-Identifier: Apache-2.0
// When an event is, in words.
#include "pages/event_words.h"

#include "base/day.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *clock_words(struct arena *a, const struct civil *t) {
    if (t->minute == 0 && t->hour % 12 == 0) {
        return t->hour == 0 ? "midnight" : "midday";
    }
    int hour = t->hour % 12 == 0 ? 12 : t->hour % 12;
    return arena_printf(a, "%d:%02d%s", hour, t->minute, t->hour < 12 ? "am" : "pm");
}

const char *event_when(struct arena *a, const char *starts_at, const char *ends_at) {
    int64_t from, to;
    if (!stamp_parse(starts_at, &from) || !stamp_parse(ends_at, &to)) {
        return "";
    }
    struct civil start, end;
    london_civil(from, &start);
    london_civil(to, &end);
    if (london_day(from) != london_day(to)) {
        char first[STAMP_TEXT_BYTES], last[STAMP_TEXT_BYTES];
        stamp_words(from, first);
        stamp_words(to, last);
        return arena_printf(a, "%s to %s", first, last);
    }
    char day[DAY_TEXT_BYTES];
    day_words(london_day(from), day);
    return arena_printf(a, "%s, %s to %s UK time", day, clock_words(a, &start), clock_words(a, &end));
}

void event_rows(struct model *m, const char *key, const struct rows *r) {
    struct arena *a = model_arena(m);
    model_list(m, key);
    for (size_t i = 0; i < rows_count(r); i++) {
        struct model *item = model_add(m, key);
        for (size_t k = 0; k < rows_columns(r); k++) {
            const char *column = arena_strdup(a, rows_column(r, k));
            if (rows_cell_is_bool(r, k)) {
                model_bool(item, column, rows_cell(r, i, k)[0] == 't');
            } else {
                model_text(item, column, rows_cell(r, i, k));
            }
        }
        model_text(item, "when_text", event_when(a, row_text(r, i, "starts_at"), row_text(r, i, "ends_at")));
    }
}

const char *event_count(struct arena *a, int64_t n, const char *one, const char *many) {
    return arena_printf(a, "%" PRId64 " %s", n, n == 1 ? one : many);
}
