// SPDX-License-Identifier: Apache-2.0
// The payments behind a figure: what the address asks for, and which payments these are.
#include "pages/spend_payments.h"

#include "base/day.h"
#include "base/text.h"
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "pages/view.h"
#include "spend/slice_text.h"
#include "spend/sums.h"

#include <stdlib.h>
#include <string.h>

#define SIZES_COUNT 4u
#define TAGS_COUNT  (ANC_VCFSE_UNKNOWN + 1u)

const char *const payments_names[PAYMENTS_FILTERS] = {
    "year", "to",     "month", "anchor", "load",  "payee", "supplier", "flow", "place",
    "ward", "sector", "size",  "vcfse",  "class", "rule",  "counted",  "sort"};

#define OPTION struct payments_option
static const OPTION flows[] = {{"", "Any"}, // then in the order of ANC_FLOW_*
                               {"procurement", "Purchases"},
                               {"grant", "Grants"},
                               {"credit", "Credits"},
                               {"public_transfer", "To another public body"},
                               {"pass_through", "Passed on"},
                               {"individual", "To a person"},
                               {"treasury", "Loans, taxes, pensions"},
                               {"card", "By card"},
                               {"hidden", "Name hidden"}};
static const OPTION places[] = {{"", "Anywhere"}, // then ANC_PLACE_*
                                {"local", "In the area"},
                                {"elsewhere", "Outside the area"},
                                {"unknown", "Not known"}};
static const OPTION sizes[] = {{"", "Any"}, // then from micro
                               {"micro", "Micro (up to 9 people)"},
                               {"small", "Small (10 to 49 people)"},
                               {"medium", "Medium (50 to 249 people)"},
                               {"large", "Large (250 people and more)"},
                               {"sme", "Micro, small and medium"}};
static const OPTION tags[] = {{"", "Any"}, // then ANC_VCFSE_*
                              {"yes", "VCFSE organisations"},
                              {"policy", "Counted by a rule of the place"},
                              {"review", "Being checked"},
                              {"no", "Not VCFSE"},
                              {"unknown", "Not known"},
                              {"rest", "All but VCFSE organisations"}};
static const OPTION rules[] = {{"", "The address on invoices"}, // ANC_WHERE_*
                               {"registered", "The registered office"},
                               {"operations", "Where the work is done"}};
static const OPTION counts[] = {{"", "Those that count"},
                                {"same", "Those that stand in two files and count in the other"}};
static const OPTION sorts[] = {{"", "Newest first"}, {"largest", "Largest first"}};

#define FIXED(list)                                                                                          \
    *ret_n = sizeof(list) / sizeof *(list);                                                                  \
    return list

const struct payments_option *payments_options(enum payments_filter f, size_t *ret_n) {
    switch ((int)f) {
    case PAYMENTS_FLOW:
        FIXED(flows);
    case PAYMENTS_PLACE:
        FIXED(places);
    case PAYMENTS_SIZE:
        FIXED(sizes);
    case PAYMENTS_VCFSE:
        FIXED(tags);
    case PAYMENTS_RULE:
        FIXED(rules);
    case PAYMENTS_COUNTED:
        FIXED(counts);
    case PAYMENTS_SORT:
        FIXED(sorts);
    default:
        *ret_n = 0;
        return NULL;
    }
}

const char *payments_tag(uint8_t vcfse) {
    return tags[vcfse <= ANC_VCFSE_UNKNOWN ? vcfse + 1 : ANC_VCFSE_UNKNOWN + 1].value;
}

// Place in the list of options, 0 when it is none of them.
static size_t option_of(enum payments_filter f, const char *value, size_t length) {
    size_t n;
    const OPTION *o = payments_options(f, &n);
    for (size_t i = 1; i < n; i++) {
        if (strlen(o[i].value) == length && memcmp(o[i].value, value, length) == 0) {
            return i;
        }
    }
    return 0;
}

static const char *known_option(struct req *r, enum payments_filter f) {
    size_t n;
    const char *given = req_query(r, payments_names[f]);
    const OPTION *o = payments_options(f, &n);
    return o[option_of(f, given, strlen(given))].value;
}

static const char *known_row(const struct rows *k, const char *column, const char *given) {
    for (size_t i = 0; i < rows_count(k); i++) {
        if (strcmp(row_text(k, i, column), given) == 0) {
            return row_text(k, i, column);
        }
    }
    return "";
}

// ---- time ----

// A range is only one with a first year before its last.
static void read_years(struct req *r, struct payments_choice *ch) {
    const char **from = &ch->value[PAYMENTS_YEAR], **to = &ch->value[PAYMENTS_TO];
    *from = known_row(ch->years, "fy", req_query(r, "year"));
    *to = known_row(ch->years, "fy", req_query(r, "to"));
    if (**to && (!**from || strcmp(*from, *to) > 0)) {
        const char *swapped = *from;
        *from = *to;
        *to = swapped;
    }
    *to = strcmp(*from, *to) == 0 ? "" : *to;
    ch->drill.slice.from_year = (int32_t)strtol(*from, NULL, 10);
    ch->drill.slice.to_year = (int32_t)strtol(**to ? *to : *from, NULL, 10);
}

static enum err read_time(struct req *r, struct payments_choice *ch) {
    enum err e = DB_ROWS(&r->c, payments_years, &ch->years);
    if (e != ERR_OK) {
        return e;
    }
    const char *month = req_query(r, "month");
    int32_t first;
    read_years(r, ch);
    if (strlen(month) != 7 || !day_parse(arena_printf(r->c.arena, "%s-01", month), &first)) {
        return ERR_OK;
    }
    struct civil d;
    civil_from_day(first, &d);
    int32_t year = financial_year(first);
    struct anc_slice *s = &ch->drill.slice;
    if (s->from_year && (year < s->from_year || year > s->to_year)) {
        return ERR_OK;
    }
    ch->value[PAYMENTS_MONTH] = month;
    ch->value[PAYMENTS_YEAR] = arena_i64(r->c.arena, year);
    ch->value[PAYMENTS_TO] = "";
    s->from_year = s->to_year = year;
    s->from_month = s->to_month = d.year * 12 + d.month - 1;
    return ERR_OK;
}

// ---- who ----

static bool is_number(const char *s) {
    size_t n = strlen(s);
    return n > 0 && n <= 9 && strspn(s, "0123456789") == n; // ids of lines are 32 bits wide
}

static void take_ids(struct req *r, struct payments_choice *ch, const struct rows *k, size_t from) {
    size_t n = rows_count(k) - from;
    int64_t *id = arena_array(r->c.arena, n + 1, sizeof *id);
    for (size_t i = 0; i < n; i++) {
        id[i] = row_i64(k, i + from, "id");
    }
    ch->who = row_text(k, 0, "name");
    ch->drill.payee_id = id;
    ch->drill.payees = n;
}

static enum err read_payee(struct req *r, struct payments_choice *ch, const char *payee) {
    struct rows *k;
    bool spellings = *payee == 'p';
    const char *id = payee + spellings;
    if (!is_number(id)) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %s", id);
    }
    enum err e = DB_ROWS(&r->c, payments_payee, &k, id, spellings ? "true" : "false");
    if (e != ERR_OK || rows_count(k) == 0) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %s", id);
    }
    ch->value[PAYMENTS_PAYEE] = payee;
    take_ids(r, ch, k, 0);
    return ERR_OK;
}

static enum err read_supplier(struct req *r, struct payments_choice *ch, const char *ref) {
    struct rows *k;
    enum err e = DB_ROWS(&r->c, payments_supplier, &k, ref);
    if (e != ERR_OK || rows_count(k) == 0) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no supplier %s", ref);
    }
    ch->value[PAYMENTS_SUPPLIER] = ref;
    take_ids(r, ch, k, 1);
    return ERR_OK;
}

static enum err read_load(struct req *r, struct payments_choice *ch) {
    struct rows *k;
    const char *ref = req_query(r, "load");
    if (!*ref) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(&r->c, payments_load, &k, ref);
    if (e != ERR_OK || rows_count(k) == 0) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no load %s", ref);
    }
    ch->value[PAYMENTS_LOAD] = ref;
    ch->file = row_text(k, 0, "file_name");
    ch->drill.load_id = row_i64(k, 0, "id");
    return ERR_OK;
}

static enum err read_who(struct req *r, struct payments_choice *ch) {
    const char *payee = req_query(r, "payee"), *supplier = req_query(r, "supplier");
    enum err e = *payee ? read_payee(r, ch, payee) : *supplier ? read_supplier(r, ch, supplier) : ERR_OK;
    return e ? e : read_load(r, ch);
}

// ---- what, and where ----

#define SME  7u // micro, small and medium
#define REST (1u << ANC_VCFSE_POLICY | 1u << ANC_VCFSE_REVIEW | 1u << ANC_VCFSE_NO | 1u << ANC_VCFSE_UNKNOWN)

// What a filter's i-th option takes in, as in a slice.
static uint32_t bits_of(enum payments_filter f, size_t i) {
    return f == PAYMENTS_SIZE && i == SIZES_COUNT + 1   ? SME
           : f == PAYMENTS_VCFSE && i == TAGS_COUNT + 1 ? REST
                                                        : 1u << (i - 1);
}

static bool is_set(enum payments_filter f) {
    return f == PAYMENTS_FLOW || f == PAYMENTS_PLACE || f == PAYMENTS_SIZE || f == PAYMENTS_VCFSE;
}

// One or more options, with dots between ("procurement.grant").
static uint32_t read_set(struct req *r, struct payments_choice *ch, enum payments_filter f) {
    const char *given = req_query(r, payments_names[f]);
    uint32_t set = 0;
    for (const char *at = given; *at;) {
        size_t n = strcspn(at, "."), i = option_of(f, at, n);
        if (i == 0) {
            return 0;
        }
        set |= bits_of(f, i);
        at += n + (at[n] == '.');
    }
    ch->value[f] = given;
    return set;
}

// The other way round.
static const char *set_words(struct arena *a, enum payments_filter f, uint32_t set) {
    size_t n;
    const char *out = "";
    const OPTION *o = payments_options(f, &n);
    for (size_t i = 1; i < n; i++) {
        if (set == bits_of(f, i)) {
            return o[i].value;
        }
    }
    for (size_t i = 1; i < n; i++) {
        uint32_t bits = bits_of(f, i);
        if ((bits & (bits - 1)) == 0 && set & bits) {
            out = arena_printf(a, "%s%s%s", out, *out ? "." : "", o[i].value);
        }
    }
    return out;
}

// Classes likewise. A word that is no class takes nothing in, so it is not chosen.
static void read_classes(struct req *r, struct payments_choice *ch) {
    const char *given = req_query(r, "class"), *list = "";
    for (const char *at = given; *at;) {
        size_t n = strcspn(at, ".");
        const char *one = arena_strndup(r->c.arena, at, n);
        const char *word =
            strcmp(one, SLICE_NO_CLASS) == 0 ? SLICE_NO_CLASS : known_row(ch->classes, "class", one);
        if (!*word) {
            return;
        }
        list = arena_printf(r->c.arena, "%s%s%s", list, *list ? " " : "", word);
        at += n + (at[n] == '.');
    }
    ch->value[PAYMENTS_CLASS] = given;
    ch->drill.slice.vcfse_classes = list;
}

static const char *known_sector(const char *given) {
    size_t n;
    const struct sector *s = supplier_sectors(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(s[i].code, given) == 0) {
            return s[i].code;
        }
    }
    return "";
}

static void set_slice(struct payments_choice *ch) {
    struct anc_slice *s = &ch->drill.slice;
    const char *const *v = ch->value;
    s->rule = (int32_t)option_of(PAYMENTS_RULE, v[PAYMENTS_RULE], strlen(v[PAYMENTS_RULE]));
    s->anchor_ref = v[PAYMENTS_ANCHOR];
    s->ward = v[PAYMENTS_WARD];
    s->sector = v[PAYMENTS_SECTOR];
    ch->drill.same = *v[PAYMENTS_COUNTED] != 0;
    ch->drill.largest = *v[PAYMENTS_SORT] != 0;
}

// "KEY.LOAD.LINE": three whole numbers that an earlier page gave.
static enum err read_after(struct req *r, struct drill *d) {
    const char *text = req_query(r, "after");
    int64_t *const part[] = {&d->after_key, &d->after_load, &d->after_line};
    d->after = *text != 0;
    for (size_t i = 0; d->after && i < 3; i++) {
        size_t n = strcspn(text, ".");
        if (!text_i64(arena_strndup(r->c.arena, text, n), part[i]) || (text[n] == '.') != (i < 2)) {
            return ctx_fail(&r->c, ERR_NOT_FOUND, "no such place in the list");
        }
        text += n + (text[n] == '.');
    }
    return d->after && (d->after_line < INT32_MIN || d->after_line > INT32_MAX)
               ? ctx_fail(&r->c, ERR_NOT_FOUND, "no such place in the list")
               : ERR_OK;
}

enum err payments_read(struct req *r, struct payments_choice *ch) {
    *ch = (struct payments_choice){.who = "", .file = ""};
    ch->drill.slice = (struct anc_slice){
        .size = sizeof ch->drill.slice, .area = "", .payee = "", .category = "", .vcfse_classes = ""};
    for (int f = 0; f < PAYMENTS_FILTERS; f++) {
        size_t n;
        ch->value[f] = "";
        if (payments_options((enum payments_filter)f, &n) && !is_set((enum payments_filter)f)) {
            ch->value[f] = known_option(r, (enum payments_filter)f);
        }
    }
    enum err e = DB_ROWS(&r->c, review_anchors, &ch->anchors);
    e = e ? e : DB_ROWS(&r->c, payments_wards, &ch->wards);
    e = e ? e : DB_ROWS(&r->c, payments_classes, &ch->classes);
    e = e ? e : read_time(r, ch);
    e = e ? e : read_who(r, ch);
    e = e ? e : read_after(r, &ch->drill);
    if (e == ERR_OK) {
        ch->value[PAYMENTS_ANCHOR] = known_row(ch->anchors, "ref", req_query(r, "anchor"));
        ch->value[PAYMENTS_WARD] = known_row(ch->wards, "code", req_query(r, "ward"));
        ch->value[PAYMENTS_SECTOR] = known_sector(req_query(r, "sector"));
        ch->drill.slice.flows = read_set(r, ch, PAYMENTS_FLOW);
        ch->drill.slice.places = read_set(r, ch, PAYMENTS_PLACE);
        ch->drill.slice.sizes = read_set(r, ch, PAYMENTS_SIZE);
        ch->drill.slice.vcfse = read_set(r, ch, PAYMENTS_VCFSE);
        read_classes(r, ch);
        set_slice(ch);
    }
    return e;
}

const char *payments_query(struct req *r, const struct payments_choice *ch, enum payments_filter without) {
    const char *out = "";
    for (int f = 0; f < PAYMENTS_FILTERS; f++) {
        // A month has its year in it; without its first year a range has no last one either.
        bool left_out = f == (int)without || (f == PAYMENTS_YEAR && *ch->value[PAYMENTS_MONTH]) ||
                        (f == PAYMENTS_TO && without == PAYMENTS_YEAR);
        if (*ch->value[f] && !left_out) {
            out = arena_printf(r->c.arena, "%s%s%s=%s", out, *out ? "&" : "", payments_names[f],
                               view_encoded(r->c.arena, ch->value[f]));
        }
    }
    return out;
}

static const char *year_text(struct arena *a, int32_t year) {
    return year ? arena_printf(a, "%d", (int)year) : "";
}

const char *payments_address(struct req *r, const struct anc_slice *s) {
    struct arena *a = r->c.arena;
    struct payments_choice ch;
    for (int f = 0; f < PAYMENTS_FILTERS; f++) {
        ch.value[f] = "";
    }
    char *classes = arena_strdup(a, s->vcfse_classes ? s->vcfse_classes : "");
    for (char *at = classes; *at; at++) {
        *at = *at == ' ' ? '.' : *at;
    }
    ch.value[PAYMENTS_YEAR] = year_text(a, s->from_year);
    ch.value[PAYMENTS_TO] = s->to_year != s->from_year ? year_text(a, s->to_year) : "";
    ch.value[PAYMENTS_ANCHOR] = s->anchor_ref ? s->anchor_ref : "";
    ch.value[PAYMENTS_FLOW] = set_words(a, PAYMENTS_FLOW, s->flows);
    ch.value[PAYMENTS_PLACE] = set_words(a, PAYMENTS_PLACE, s->places);
    ch.value[PAYMENTS_WARD] = s->ward ? s->ward : "";
    ch.value[PAYMENTS_SECTOR] = s->sector ? s->sector : "";
    ch.value[PAYMENTS_SIZE] = set_words(a, PAYMENTS_SIZE, s->sizes);
    ch.value[PAYMENTS_VCFSE] = set_words(a, PAYMENTS_VCFSE, s->vcfse);
    ch.value[PAYMENTS_CLASS] = classes;
    ch.value[PAYMENTS_RULE] = rules[s->rule > 0 && s->rule <= ANC_WHERE_OPERATIONS ? s->rule : 0].value;
    const char *q = payments_query(r, &ch, PAYMENTS_FILTERS);
    return arena_printf(a, "/officer/spend/payments%s%s", *q ? "?" : "", q);
}

// ---- payments ----

static enum err read_words(struct req *r, const struct payments_choice *ch, struct payments_lines *l) {
    struct arena *a = r->c.arena;
    size_t n = l->found.count;
    const char **v[4];
    for (size_t k = 0; k < 4; k++) {
        v[k] = arena_array(a, n + 1, sizeof *v[k]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct drill_line *x = &l->found.line[i];
        v[0][i] = arena_i64(a, x->fy);
        v[1][i] = arena_i64(a, x->load_id);
        v[2][i] = arena_i64(a, x->payee_id);
        v[3][i] = arena_i64(a, x->line_no);
    }
    enum err e = DB_ROWS(&r->c, payments_words, &l->words, db_array(a, n, v[0]), db_array(a, n, v[1]),
                         db_array(a, n, v[2]), db_array(a, n, v[3]), ch->drill.same ? "true" : "false");
    return e == ERR_OK && rows_count(l->words) != n
               ? ctx_fail(&r->c, ERR_BUSY, "the payments were changed while they were read")
               : e;
}

enum err payments_lines(struct req *r, struct payments_choice *ch, size_t most, bool wait,
                        struct payments_lines *ret) {
    struct payments_lines l = {.next = ""};
    const struct cube_view *v;
    ch->drill.most = most;
    enum err e = sums_view(&r->c, &v);
    if (e != ERR_OK) {
        return e;
    }
    if (!wait && cube_lines_soon(v)) { // sums are there at once
        l.reading = true;
        l.no_sums = drill_needs_lines(&ch->drill);
        e = l.no_sums ? ERR_OK : cube_drill_sum(&r->c, v, &ch->drill, &l.found);
        *ret = l;
        return e;
    }
    e = cube_drill(&r->c, v, &ch->drill, &l.found);
    e = e ? e : read_words(r, ch, &l);
    if (e == ERR_OK && l.found.more) {
        const struct drill_line *last = &l.found.line[l.found.count - 1];
        l.next = arena_printf(r->c.arena, "%lld.%lld.%d", (long long)last->key, (long long)last->load_id,
                              (int)last->line_no);
    }
    *ret = l;
    return e;
}
