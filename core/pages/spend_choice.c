// SPDX-License-Identifier: Apache-2.0
// Filters of the public pages of spend.
#include "pages/spend_choice.h"

#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "pages/view.h"
#include "plugin/points.h"
#include "spend/slice_text.h"

#include <stdlib.h>
#include <string.h>

// ---- what can be chosen -------------------------------------------------------------------------------

struct option {
    const char *value, *words;
};

static const struct option flows[] = {
    {"procurement", "Purchases"},
    {"grant", "Grants"},
    {"credit", "Credits"},
    {"public_transfer", "Payments to other public bodies"},
    {"pass_through", "Payments passed on by an agency"},
    {"individual", "Payments to or for people"},
    {"treasury", "Loans, taxes and pensions"},
    {"card", "Card payments"},
    {"hidden", "Payments whose payee is not named"}}; // in the order of ANC_FLOW_*
static const struct option places[] = {
    {"local", "In the area"}, {"elsewhere", "Elsewhere"}, {"unknown", "Place not known"}}; // ANC_PLACE_*
static const struct option vcfse[] = {{"yes", "Charities, community groups and social enterprises"},
                                      {"no", "Other suppliers"}};
static const struct option sizes[] = {{"micro", "Micro (up to 9 people)"},
                                      {"small", "Small (10 to 49 people)"},
                                      {"medium", "Medium (50 to 249 people)"},
                                      {"large", "Large (250 people and more)"},
                                      {"sme", "Micro, small and medium"}};
static const struct option rules[] = {{"registered", "Registered office"},
                                      {"operations", "Where the supplier works"}};

// How each filter is called, what stands for "all", and its fixed options.
static const struct {
    const char *name, *label, *all;
    const struct option *options;
    size_t count;
    bool plain; // shown at once, the others under "More filters"
} filters[SPEND_FILTERS] = {
    [SPEND_YEAR] = {"year", "Financial year (April to March)", "The latest", NULL, 0, true},
    [SPEND_TO] = {"to", "Up to the year", "That year alone", NULL, 0, false},
    [SPEND_ANCHOR] = {"anchor", "Who paid", "All public bodies", NULL, 0, true},
    [SPEND_FLOW] = {"flow", "Kind of payment", "As the method counts them", flows, 9, false},
    [SPEND_PLACE] = {"place", "Where the supplier is", "Everywhere", places, 3, false},
    [SPEND_WARD] = {"ward", "Ward of the supplier", "All wards", NULL, 0, true},
    [SPEND_SECTOR] = {"sector", "Kind of work", "All kinds of work", NULL, 0, false},
    [SPEND_VCFSE] = {"vcfse", "Kind of supplier, as the headline counts", "All suppliers", vcfse, 2, false},
    [SPEND_SIZE] = {"size", "Size of the supplier", "All sizes", sizes, 5, false},
    [SPEND_RULE] = {"rule", "A supplier is local by its", "Address on the invoice", rules, 2, false},
};

static const char *known_option(const struct option *o, size_t n, const char *given, const char **ret_words) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(o[i].value, given) == 0) {
            *ret_words = o[i].words;
            return o[i].value;
        }
    }
    return "";
}

static const char *known_row(const struct rows *k, const char *column, const char *given,
                             const char **ret_words) {
    for (size_t i = 0; i < rows_count(k); i++) {
        if (strcmp(row_text(k, i, column), given) == 0) {
            *ret_words = row_text(k, i, "name");
            return row_text(k, i, column);
        }
    }
    return "";
}

static const char *known_year(struct arena *a, const struct rows *k, const char *given,
                              const char **ret_words) {
    for (size_t i = 0; i < rows_count(k); i++) {
        if (strcmp(row_text(k, i, "fy"), given) == 0) {
            char *label = arena_alloc(a, DAY_TEXT_BYTES);
            financial_year_label((int)row_i64(k, i, "fy"), label);
            *ret_words = label;
            return row_text(k, i, "fy");
        }
    }
    return "";
}

static const char *known_sector(const char *given, const char **ret_words) {
    size_t n;
    const struct sector *s = supplier_sectors(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(s[i].code, given) == 0) {
            *ret_words = s[i].words;
            return s[i].code;
        }
    }
    return "";
}

// ---- reading ------------------------------------------------------------------------------------------

static const char *known(struct req *r, const struct spend_choice *ch, enum spend_filter f, const char *given,
                         const char **ret_words) {
    switch (f) {
    case SPEND_YEAR:
    case SPEND_TO:
        return known_year(r->c.arena, ch->years, given, ret_words);
    case SPEND_ANCHOR:
        return known_row(ch->bodies, "ref", given, ret_words);
    case SPEND_WARD:
        return known_row(ch->wards, "code", given, ret_words);
    case SPEND_SECTOR:
        return known_sector(given, ret_words);
    default:
        return known_option(filters[f].options, filters[f].count, given, ret_words);
    }
}

static int index_of(const struct option *o, size_t n, const char *value) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(o[i].value, value) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static uint32_t bit_of(const struct option *o, size_t n, const char *value) {
    int i = index_of(o, n, value);
    return i < 0 ? 0 : 1u << i;
}

// micro to large are bits 0 to 3.
static uint32_t sizes_of(const char *value) {
    int i = index_of(sizes, 5, value);
    return i < 0 ? 0 : i == 4 ? 1u | 1u << 1 | 1u << 2 : 1u << i;
}

#define YES     (1u << ANC_VCFSE_YES)
#define POLICY  (1u << ANC_VCFSE_POLICY)
#define NOT_YES (1u << ANC_VCFSE_NO | 1u << ANC_VCFSE_UNKNOWN | 1u << ANC_VCFSE_REVIEW)

static bool has_word(const char *list, const char *word) {
    size_t n = strlen(word);
    for (const char *at = list; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        if (strncmp(at, word, n) == 0 && (at[n] == ' ' || !at[n])) {
            return true;
        }
    }
    return false;
}

// What the headline counts as VCFSE by policy of the place, and where it counts some, all that it does not.
static enum err read_classes(struct req *r, struct spend_choice *ch) {
    struct provider panel;
    struct rows *all;
    ch->classes = ch->others = "";
    enum err e = provider_at(r->c.plugins, ANC_POINT_SPEND_PANEL, 0, &panel)
                     ? point_panel_classes(&r->c, &panel, &ch->classes)
                     : ERR_OK;
    if (e != ERR_OK || !*ch->classes) {
        return e;
    }
    e = DB_ROWS(&r->c, payments_classes, &all);
    ch->others = SLICE_NO_CLASS;
    for (size_t i = 0; e == ERR_OK && i < rows_count(all); i++) {
        const char *one = row_text(all, i, "class");
        if (!has_word(ch->classes, one)) {
            ch->others = arena_printf(r->c.arena, "%s %s", ch->others, one);
        }
    }
    return e;
}

static void set_slice(struct spend_choice *ch) {
    const char *const *v = ch->value;
    int from = (int)strtol(v[SPEND_YEAR], NULL, 10), to = (int)strtol(v[SPEND_TO], NULL, 10);
    bool yes = strcmp(v[SPEND_VCFSE], "yes") == 0, no = strcmp(v[SPEND_VCFSE], "no") == 0;
    ch->slice = (struct anc_slice){.size = sizeof ch->slice,
                                   .from_year = from,
                                   .to_year = to ? to : from,
                                   .flows = bit_of(flows, 9, v[SPEND_FLOW]),
                                   .places = bit_of(places, 3, v[SPEND_PLACE]),
                                   .vcfse = yes  ? YES
                                            : no ? NOT_YES | (*ch->others ? 0 : POLICY)
                                                 : 0,
                                   .vcfse_classes = yes  ? ch->classes
                                                    : no ? ch->others
                                                         : "",
                                   .sizes = sizes_of(v[SPEND_SIZE]),
                                   .rule = index_of(rules, 2, v[SPEND_RULE]) + 1, // ANC_WHERE_*
                                   .anchor_ref = v[SPEND_ANCHOR],
                                   .ward = v[SPEND_WARD],
                                   .area = "",
                                   .sector = v[SPEND_SECTOR],
                                   .payee = "",
                                   .category = ""};
}

// A range is only one with a first year before its last.
static void settle_years(struct spend_choice *ch) {
    const char **from = &ch->value[SPEND_YEAR], **to = &ch->value[SPEND_TO];
    if (**to && (!**from || strcmp(*to, *from) <= 0)) {
        if (**from && strcmp(*to, *from) < 0) {
            const char *value = *from, *words = ch->words[SPEND_YEAR];
            *from = *to;
            ch->words[SPEND_YEAR] = ch->words[SPEND_TO];
            *to = value;
            ch->words[SPEND_TO] = words;
        } else {
            if (!**from) {
                *from = *to;
                ch->words[SPEND_YEAR] = ch->words[SPEND_TO];
            }
            *to = ch->words[SPEND_TO] = "";
        }
    }
}

enum err spend_choice_read(struct req *r, struct spend_choice *ret) {
    struct spend_choice ch = {0};
    enum err e = DB_ROWS(&r->c, public_spend_bodies, &ch.bodies);
    e = e ? e : DB_ROWS(&r->c, public_spend_years, &ch.years);
    e = e ? e : DB_ROWS(&r->c, public_spend_wards, &ch.wards);
    if (e != ERR_OK) {
        return e;
    }
    for (int f = 0; f < SPEND_FILTERS; f++) {
        const char *given = req_query(r, filters[f].name);
        ch.words[f] = "";
        ch.value[f] = *given ? known(r, &ch, (enum spend_filter)f, given, &ch.words[f]) : "";
        ch.ignored += *given && !*ch.value[f] && !(f == SPEND_RULE && strcmp(given, "invoice") == 0);
        ch.any = ch.any || *ch.value[f];
    }
    settle_years(&ch);
    e = read_classes(r, &ch);
    if (e != ERR_OK) {
        return e;
    }
    set_slice(&ch);
    ch.year = (int)strtol(*ch.value[SPEND_TO] ? ch.value[SPEND_TO] : ch.value[SPEND_YEAR], NULL, 10);
    ch.plain = ch.ignored == 0;
    for (int f = 0; f < SPEND_FILTERS; f++) {
        ch.plain = ch.plain && (f == SPEND_YEAR || f == SPEND_ANCHOR || !*ch.value[f]);
    }
    e = DB_ROWS(&r->c, public_spend_basis, &ch.basis,
                *ch.value[SPEND_ANCHOR] ? ch.value[SPEND_ANCHOR] : NULL);
    if (e == ERR_OK) {
        *ret = ch;
    }
    return e;
}

// ---- a slice in words ---------------------------------------------------------------------------------

static const char *words_of_row(const struct rows *k, const char *column, const char *given) {
    const char *words = "";
    return *known_row(k, column, given, &words) ? words : given;
}

static void set_year_words(struct arena *a, struct spend_choice *ch, enum spend_filter f, int year) {
    char *label = arena_alloc(a, DAY_TEXT_BYTES);
    financial_year_label(year, label);
    ch->words[f] = label;
    ch->value[f] = arena_printf(a, "%d", year);
}

// A set of one option is that option; a set of several has no word for itself.
static void set_option(struct spend_choice *ch, enum spend_filter f, uint32_t set) {
    for (size_t i = 0; i < filters[f].count; i++) {
        if (set == 1u << i) {
            ch->value[f] = filters[f].options[i].value;
            ch->words[f] = filters[f].options[i].words;
        }
    }
}

static void set_words_of(struct arena *a, struct spend_choice *ch, const struct anc_slice *s) {
    uint32_t no = 1u << ANC_VCFSE_NO | 1u << ANC_VCFSE_UNKNOWN;
    if (s->from_year) {
        set_year_words(a, ch, SPEND_YEAR, s->from_year);
    }
    if (s->to_year && s->to_year != s->from_year) {
        set_year_words(a, ch, SPEND_TO, s->to_year);
    }
    ch->value[SPEND_ANCHOR] = s->anchor_ref;
    ch->words[SPEND_ANCHOR] = *s->anchor_ref ? words_of_row(ch->bodies, "ref", s->anchor_ref) : "";
    ch->value[SPEND_WARD] = s->ward;
    ch->words[SPEND_WARD] = *s->ward ? words_of_row(ch->wards, "code", s->ward) : "";
    ch->value[SPEND_SECTOR] = known_sector(s->sector, &ch->words[SPEND_SECTOR]);
    set_option(ch, SPEND_FLOW, s->flows);
    set_option(ch, SPEND_PLACE, s->places);
    set_option(ch, SPEND_SIZE, s->sizes == 7u ? 1u << 4 : s->sizes);
    set_option(ch, SPEND_RULE, s->rule > 0 ? 1u << (s->rule - 1) : 0);
    set_option(ch, SPEND_VCFSE, s->vcfse == YES ? 1u : (s->vcfse & no) == no ? 2u : 0);
}

enum err spend_choice_of_slice(struct req *r, const struct anc_slice *slice, struct spend_choice *ret) {
    struct spend_choice ch = {.slice = *slice};
    enum err e = DB_ROWS(&r->c, public_spend_bodies, &ch.bodies);
    e = e ? e : DB_ROWS(&r->c, public_spend_wards, &ch.wards);
    if (e != ERR_OK) {
        return e;
    }
    for (int f = 0; f < SPEND_FILTERS; f++) {
        ch.value[f] = ch.words[f] = "";
    }
    set_words_of(r->c.arena, &ch, slice);
    *ret = ch;
    return ERR_OK;
}

// ---- writing ------------------------------------------------------------------------------------------

const char *spend_choice_query(struct req *r, const struct spend_choice *ch, enum spend_filter without,
                               char first) {
    struct arena *a = r->c.arena;
    const char *out = "";
    for (int f = 0; f < SPEND_FILTERS; f++) {
        // Without its first year a range has no last one either.
        bool left_out = f == (int)without || (without == SPEND_YEAR && f == SPEND_TO);
        if (*ch->value[f] && !left_out) {
            out = arena_printf(a, "%s%c%s=%s", out, *out ? '&' : first, filters[f].name,
                               view_encoded(a, ch->value[f]));
        }
    }
    return out;
}

const char *spend_choice_words(struct arena *a, const struct spend_choice *ch) {
    const char *const *w = ch->words;
    const char *flow = *w[SPEND_FLOW] ? w[SPEND_FLOW] : "Payments";
    const char *of = *w[SPEND_ANCHOR] ? arena_printf(a, " of %s", w[SPEND_ANCHOR]) : " of all public bodies";
    const char *when = !*w[SPEND_YEAR] ? ""
                       : *w[SPEND_TO]  ? arena_printf(a, " in %s to %s", w[SPEND_YEAR], w[SPEND_TO])
                                       : arena_printf(a, " in %s", w[SPEND_YEAR]);
    const char *place = strcmp(ch->value[SPEND_PLACE], "local") == 0       ? " in the area"
                        : strcmp(ch->value[SPEND_PLACE], "elsewhere") == 0 ? " elsewhere"
                        : *ch->value[SPEND_PLACE]                          ? " whose place is not known"
                                                                           : "";
    const char *where = *w[SPEND_WARD] ? arena_printf(a, " in %s", w[SPEND_WARD]) : place;
    const char *kind = strcmp(ch->value[SPEND_VCFSE], "yes") == 0
                           ? "charities, community groups and social enterprises"
                           : "suppliers";
    bool to = *where || *ch->value[SPEND_VCFSE] || *w[SPEND_SECTOR] || *w[SPEND_SIZE];
    const char *whom =
        to ? arena_printf(a, " to %s%s%s", strcmp(ch->value[SPEND_VCFSE], "no") == 0 ? "other " : "", kind,
                          where)
           : "";
    const char *sector = *w[SPEND_SECTOR] ? arena_printf(a, ", kind of work: %s", w[SPEND_SECTOR]) : "";
    const char *size = *w[SPEND_SIZE] ? arena_printf(a, ", size: %s", w[SPEND_SIZE]) : "";
    const char *rule = *w[SPEND_RULE] ? arena_printf(a, ", local by: %s", w[SPEND_RULE]) : "";
    return arena_printf(a, "%s%s%s%s%s%s%s", flow, of, when, whom, sector, size, rule);
}

// ---- for the template ---------------------------------------------------------------------------------

static void put_rows(struct model *field, const struct rows *k, const char *value, const char *chosen) {
    for (size_t i = 0; i < rows_count(k); i++) {
        view_filter_option(field, row_text(k, i, value), row_text(k, i, "name"), chosen);
    }
}

static void put_options(struct model *field, const struct spend_choice *ch, enum spend_filter f) {
    size_t n;
    const char *chosen = ch->value[f];
    view_filter_option(field, "", filters[f].all, chosen);
    if (f == SPEND_YEAR || f == SPEND_TO) {
        for (size_t i = 0; i < rows_count(ch->years); i++) {
            char label[DAY_TEXT_BYTES];
            financial_year_label((int)row_i64(ch->years, i, "fy"), label);
            view_filter_option(field, row_text(ch->years, i, "fy"), label, chosen);
        }
    } else if (f == SPEND_ANCHOR) {
        put_rows(field, ch->bodies, "ref", chosen);
    } else if (f == SPEND_WARD) {
        put_rows(field, ch->wards, "code", chosen);
    } else if (f == SPEND_SECTOR) {
        const struct sector *s = supplier_sectors(&n);
        for (size_t i = 0; i < n; i++) {
            view_filter_option(field, s[i].code, s[i].words, chosen);
        }
    }
    for (size_t i = 0; i < filters[f].count; i++) {
        view_filter_option(field, filters[f].options[i].value, filters[f].options[i].words, chosen);
    }
}

static struct model *add_field(struct model *m, enum spend_filter f) {
    struct model *field = model_add(m, filters[f].plain ? "plain_fields" : "more_fields");
    model_text(field, "name", filters[f].name);
    model_text(field, "label", filters[f].label);
    model_list(field, "options");
    return field;
}

void spend_choice_put(struct req *r, struct model *m, const struct spend_choice *ch, const char *path) {
    bool more_open = false;
    model_list(m, "plain_fields");
    model_list(m, "more_fields");
    model_list(m, "filter_chosen");
    for (int f = 0; f < SPEND_FILTERS; f++) {
        put_options(add_field(m, (enum spend_filter)f), ch, (enum spend_filter)f);
        more_open = more_open || (*ch->value[f] && !filters[f].plain);
        if (*ch->value[f]) {
            struct model *item = model_add(m, "filter_chosen");
            const char *words = f == SPEND_YEAR && *ch->value[SPEND_TO] ? "from "
                                : f == SPEND_TO                         ? "to "
                                                                        : "";
            model_textf(item, "label", "%s%s", words, ch->words[f]);
            model_textf(item, "remove_href", "%s%s", path,
                        spend_choice_query(r, ch, (enum spend_filter)f, '?'));
        }
    }
    model_text(m, "choose_action", path);
    model_bool(m, "may_choose", rows_count(ch->years) > 0);
    model_bool(m, "more_open", more_open);
    model_bool(m, "any_chosen", ch->any);
    model_bool(m, "ignored_any", ch->ignored > 0);
    model_text(m, "chosen_words", spend_choice_words(r->c.arena, ch));
    model_text(m, "anchor_name", ch->words[SPEND_ANCHOR]);
}

void spend_choice_put_basis(struct model *m, const struct spend_choice *ch) {
    model_i64(m, "load_count", row_i64(ch->basis, 0, "loads"));
    model_bool(m, "one_load", row_i64(ch->basis, 0, "loads") == 1);
    model_i64(m, "line_count", row_i64(ch->basis, 0, "lines"));
    model_i64(m, "body_count", row_i64(ch->basis, 0, "anchors"));
    model_bool(m, "one_body", row_i64(ch->basis, 0, "anchors") == 1);
    model_text(m, "all_pence", row_text(ch->basis, 0, "total_pence"));
    model_text(m, "as_of", row_text(ch->basis, 0, "loaded_at"));
}
