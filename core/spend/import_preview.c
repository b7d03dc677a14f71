// SPDX-License-Identifier: Apache-2.0
// What was understood of a file, kept until a person has looked at it.
#include "spend/import.h"

#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "spend/profile.h"

#define TEXT_BYTES     300 // of a remark, a name, a heading
#define CELL_BYTES     80  // of a cell of the first rows
#define HEADINGS_KEPT  200
#define FINDINGS_KEPT  50
#define FIRST_ROWS     12
#define FIRST_COLUMNS  60
#define FACTS_MAX      40
#define LABEL_HEADINGS 12

// Texts for one statement: words and values in two arrays that grow side by side.
struct facts {
    struct ctx *c;
    const char *names[FACTS_MAX], *values[FACTS_MAX];
    size_t n;
};

static void fact(struct facts *f, const char *name, const char *value) {
    f->names[f->n] = name;
    f->values[f->n++] = value ? value : "";
}

static void fact_i64(struct facts *f, const char *name, int64_t v) {
    fact(f, name, arena_i64(f->c->arena, v));
}

static const char *cut(struct ctx *c, const char *s, size_t most) {
    return s ? arena_strndup(c->arena, s, utf8_fit(s, most)) : "";
}

static const char *day_text(struct ctx *c, int32_t day) {
    char text[DAY_TEXT_BYTES] = "";
    if (day != INT32_MIN) {
        day_iso(day, text);
    }
    return arena_strdup(c->arena, text);
}

static void put_facts(struct facts *f, const struct load_summary *s) {
    fact(f, "sha256", s->sha256);
    fact(f, "sheet", cut(f->c, s->sheet, TEXT_BYTES));
    fact(f, "layout", cut(f->c, s->layout, TEXT_BYTES));
    fact(f, "rules", cut(f->c, s->rules, TEXT_BYTES));
    fact(f, "head_hash", s->head_hash);
    fact(f, "same_loads", cut(f->c, s->same_loads, TEXT_BYTES));
    fact(f, "month_said", s->month_said);
    fact(f, "first_day", day_text(f->c, s->first_day));
    fact(f, "last_day", day_text(f->c, s->last_day));
    const struct {
        const char *name;
        int64_t v;
    } numbers[] = {
        {"bytes", s->bytes},
        {"rows", s->rows},
        {"accepted", s->accepted},
        {"rejected", s->rejected},
        {"sums", s->sums},
        {"undated", s->undated},
        {"redacted", s->redacted},
        {"negative", s->negative},
        {"rounded", s->rounded},
        {"total_pence", s->total_pence},
        {"negative_pence", s->negative_pence},
        {"redacted_pence", s->redacted_pence},
        {"undated_pence", s->undated_pence},
        {"vat_lost_pence", s->vat_lost_pence},
        {"payees", s->payees},
        {"new_payees", s->new_payees},
        {"same_lines", s->same_lines},
        {"same_pence", s->same_pence},
        {"heading_count", (int64_t)s->heading_count},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        fact_i64(f, numbers[i].name, numbers[i].v);
    }
}

// ---- lists as arrays ----------------------------------------------------------------------------------

enum {
    P_ID,
    P_TURN,
    P_NAMES,
    P_VALUES,
    P_COLUMNS,
    P_NUMBERS,
    P_HEADINGS,
    P_FLOW,
    P_FLOW_LINES,
    P_FLOW_PENCE,
    P_SEVERITY,
    P_FINDING,
    P_PROBLEM_LINE,
    P_PROBLEM,
    P_LINE,
    P_PAYEE,
    P_CATEGORY,
    P_SAMPLE_FLOW,
    P_DAY,
    P_PENCE,
    P_COUNT
};

static const char **room(struct ctx *c, size_t n) {
    return arena_array(c->arena, n + 1, sizeof(const char *));
}

static void put_headings(struct ctx *c, const struct load_summary *s, const struct anc_columns *columns,
                         const char **p) {
    size_t n = s->heading_count < HEADINGS_KEPT ? s->heading_count : HEADINGS_KEPT;
    const char **headings = room(c, n), *names[PROFILE_PAIRS], *values[PROFILE_PAIRS];
    for (size_t i = 0; i < n; i++) {
        headings[i] = cut(c, s->headings[i], TEXT_BYTES);
    }
    profile_words(c->arena, columns, names, values);
    p[P_COLUMNS] = db_array(c->arena, PROFILE_PAIRS, names);
    p[P_NUMBERS] = db_array(c->arena, PROFILE_PAIRS, values);
    p[P_HEADINGS] = db_array(c->arena, n, headings);
}

static void put_flows(struct ctx *c, const struct load_summary *s, const char **p) {
    const char *flow[ANC_FLOW_COUNT], *lines[ANC_FLOW_COUNT], *pence[ANC_FLOW_COUNT];
    for (int i = 0; i < ANC_FLOW_COUNT; i++) {
        flow[i] = arena_i64(c->arena, i);
        lines[i] = arena_i64(c->arena, s->flow_lines[i]);
        pence[i] = arena_i64(c->arena, s->flow_pence[i]);
    }
    p[P_FLOW] = db_array(c->arena, ANC_FLOW_COUNT, flow);
    p[P_FLOW_LINES] = db_array(c->arena, ANC_FLOW_COUNT, lines);
    p[P_FLOW_PENCE] = db_array(c->arena, ANC_FLOW_COUNT, pence);
}

static void put_findings(struct ctx *c, const struct load_summary *s, const char **p) {
    size_t n = s->findings.count < FINDINGS_KEPT ? s->findings.count : FINDINGS_KEPT;
    const char **severity = room(c, n), **text = room(c, n);
    for (size_t i = 0; i < n; i++) {
        severity[i] = arena_i64(c->arena, s->findings.list[i].severity);
        text[i] = cut(c, s->findings.list[i].text, TEXT_BYTES);
    }
    p[P_SEVERITY] = db_array(c->arena, n, severity);
    p[P_FINDING] = db_array(c->arena, n, text);
}

static void put_problems(struct ctx *c, const struct load_summary *s, const char **p) {
    size_t n = s->problem_count < LOAD_PROBLEMS ? s->problem_count : LOAD_PROBLEMS;
    const char **line = room(c, n), **why = room(c, n);
    for (size_t i = 0; i < n; i++) {
        line[i] = arena_i64(c->arena, (int64_t)s->problems[i].line);
        why[i] = cut(c, s->problems[i].why, TEXT_BYTES);
    }
    p[P_PROBLEM_LINE] = db_array(c->arena, n, line);
    p[P_PROBLEM] = db_array(c->arena, n, why);
}

static void put_samples(struct ctx *c, const struct load_summary *s, const char **p) {
    size_t n = s->sample_count;
    const char **line = room(c, n), **payee = room(c, n), **category = room(c, n), **flow = room(c, n),
               **day = room(c, n), **pence = room(c, n);
    for (size_t i = 0; i < n; i++) {
        const struct load_sample *x = &s->samples[i];
        line[i] = arena_i64(c->arena, (int64_t)x->line);
        payee[i] = cut(c, x->payee, TEXT_BYTES);
        category[i] = cut(c, x->category, TEXT_BYTES);
        flow[i] = cut(c, x->flow, TEXT_BYTES);
        day[i] = day_text(c, x->day);
        pence[i] = arena_i64(c->arena, x->pence);
    }
    const char **lists[] = {line, payee, category, flow, day, pence};
    for (int i = 0; i < 6; i++) {
        p[P_LINE + i] = db_array(c->arena, n, lists[i]);
    }
}

// The headings as people know them, for the list of what is remembered.
static const char *label_of(struct ctx *c, const struct load_summary *s) {
    const char *label = "";
    for (size_t i = 0; i < s->heading_count && i < LABEL_HEADINGS; i++) {
        const char *heading = cut(c, s->headings[i], CELL_BYTES);
        label = i == 0 ? heading : arena_printf(c->arena, "%s, %s", label, heading);
    }
    return s->heading_count > LABEL_HEADINGS ? arena_printf(c->arena, "%s and more", label) : label;
}

static enum err keep_columns(struct ctx *c, const struct import_work *w, const struct load_summary *s) {
    if (!w->orders.columns || !s->head_hash[0] || s->accepted == 0) {
        return ERR_OK;
    }
    return profile_save(c, w->orders.anchor_ref, s->head_hash, label_of(c, s), w->orders.columns);
}

enum err import_preview(struct ctx *c, const struct import_work *w, const struct load_summary *s) {
    struct facts f = {.c = c};
    const char *p[P_COUNT];
    put_facts(&f, s);
    p[P_ID] = arena_i64(c->arena, w->id);
    p[P_TURN] = arena_i64(c->arena, w->turn);
    p[P_NAMES] = db_array(c->arena, f.n, f.names);
    p[P_VALUES] = db_array(c->arena, f.n, f.values);
    // Of a file that no reader took, what the person chose stands there again.
    const struct anc_columns none = profile_nothing();
    put_headings(c, s, s->columns.size ? &s->columns : w->orders.columns ? w->orders.columns : &none, p);
    put_flows(c, s, p);
    put_findings(c, s, p);
    put_problems(c, s, p);
    put_samples(c, s, p);
    enum err e = db_exec_n(c, &sql_spend_import_preview, NULL, P_COUNT, p);
    return e ? e : keep_columns(c, w, s);
}

enum err import_first_rows(struct ctx *c, const struct import_work *w, const struct anc_cells *rows) {
    size_t most = (size_t)FIRST_ROWS * FIRST_COLUMNS, n = 0;
    const char **line = room(c, most), **place = room(c, most), **text = room(c, most);
    for (uint32_t i = 0; i < rows->rows && i < FIRST_ROWS; i++) {
        for (uint32_t k = rows->first[i]; k < rows->first[i + 1] && k - rows->first[i] < FIRST_COLUMNS; k++) {
            line[n] = arena_i64(c->arena, (int64_t)rows->line[i]);
            place[n] = arena_i64(c->arena, k - rows->first[i]);
            text[n++] = cut(c, rows->text[k], CELL_BYTES);
        }
    }
    return DB_EXEC(c, spend_import_first_rows, NULL, arena_i64(c->arena, w->id), arena_i64(c->arena, w->turn),
                   db_array(c->arena, n, line), db_array(c->arena, n, place), db_array(c->arena, n, text));
}
