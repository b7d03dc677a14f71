// SPDX-License-Identifier: Apache-2.0
// One name of the payments at a time: what the files say, what is proposed, one answer, on to the next.
#include "base/day.h"
#include "base/money.h"
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "pages/spend_match.h"
#include "pages/spend_words.h"
#include "pages/supplier_words.h"
#include "pages/view.h"
#include "spend/review.h"

#include <stdlib.h>
#include <string.h>

#define KIN_SHOWN     "6"
#define FOUND_SHOWN   "8"
#define LARGEST_SHOWN "5"
#define HISTORY_SHOWN "20"
#define FIND_MAX      100
#define CHOICES_MAX   64
#define KEYS          9 // number keys 1 to 9

// All answers offered on the page, in the order in which they are shown.
struct offer {
    struct req *r;
    struct model *m;
    const struct rows *payee;
    struct field_option options[CHOICES_MAX];
    size_t count;
    const char *chosen;
};

static bool offered(const struct offer *o, const char *value) {
    for (size_t i = 0; i < o->count; i++) {
        if (strcmp(o->options[i].value, value) == 0) {
            return true;
        }
    }
    return false;
}

// An answer in one of the page's lists. NULL when it is there already, or there is no more room.
static struct model *offer_add(struct offer *o, const char *list, const char *value, const char *label) {
    if (o->count == CHOICES_MAX || offered(o, value)) {
        return NULL;
    }
    struct model *item = model_add(o->m, list);
    size_t i = o->count++;
    o->options[i] = (struct field_option){.value = value, .label = label};
    model_text(item, "value", value);
    model_text(item, "label", label);
    // The first has the field's own name, so that the summary of errors leads to it.
    model_text(item, "input_id", i == 0 ? "answer" : arena_printf(o->r->c.arena, "answer-%zu", i + 1));
    const char *key = i < KEYS ? arena_i64(o->r->c.arena, (int64_t)i + 1) : "";
    model_text(item, "key", strcmp(value, "none") == 0 ? "0" : strcmp(value, "person") == 0 ? "p" : key);
    model_bool(item, "checked", strcmp(o->chosen, value) == 0);
    model_bool(item, "takes_focus", i == 0 && !*o->chosen && form_ok(o->r->form));
    return item;
}

// ---- facts beside each other ----

static void put_fact(struct model *item, const char *name, const char *value, const char *verdict) {
    struct model *f = model_add(item, "facts");
    model_text(f, "fact_name", name);
    model_text(f, "fact_value", value);
    model_bool(f, "is_same", strcmp(verdict, "same") == 0);
    model_bool(f, "is_different", strcmp(verdict, "different") == 0);
}

// A number or postcode: nothing when neither knows one.
static void put_number(struct model *item, const char *name, const char *theirs, const char *ours) {
    if (*theirs || *ours) {
        const char *verdict = !*theirs || !*ours ? "" : strcmp(theirs, ours) == 0 ? "same" : "different";
        put_fact(item, name, *theirs ? theirs : "Not known", verdict);
    }
}

static const char *where(struct req *r, const struct rows *k, size_t i) {
    if (!row_bool(k, i, "is_located")) {
        return *row_text(k, i, "postcode") ? "Postcode not in the loaded list" : "No postcode known";
    }
    return !row_bool(k, i, "is_local") ? "Outside the area"
           : *row_text(k, i, "ward_name")
               ? arena_printf(r->c.arena, "In the area, %s", row_text(k, i, "ward_name"))
               : "In the area";
}

static const char *status(struct req *r, const struct rows *k, size_t i) {
    const char *company = row_text(k, i, "company_status"), *charity = row_text(k, i, "charity_status"),
               *category = row_text(k, i, "company_category");
    const char *out =
        *company ? arena_printf(r->c.arena, "Company: %s%s%s", company, *category ? ", " : "", category) : "";
    return *charity ? arena_printf(r->c.arena, "%s%sCharity: %s", out, *out ? ". " : "", charity) : out;
}

static const char *party_value(struct req *r, const struct rows *k, size_t i) {
    const char *ref = row_text(k, i, "ref"), *company = row_text(k, i, "company_number");
    return *ref       ? arena_printf(r->c.arena, "s:%s", ref)
           : *company ? arena_printf(r->c.arena, "c:%s", company)
                      : arena_printf(r->c.arena, "h:%s", row_text(k, i, "charity_number"));
}

static void put_party(struct offer *o, const char *list, const struct rows *k, size_t i) {
    struct model *item = offer_add(o, list, party_value(o->r, k, i), row_text(k, i, "name"));
    if (!item) {
        return;
    }
    const char *method = row_text(k, i, "method"), *ref = row_text(k, i, "ref");
    model_text(item, "party_ref", ref);
    model_bool(item, "is_new", !*ref);
    model_bool(item, "has_method", *method != 0);
    model_text(item, "method_words", spend_words_method(method));
    model_text(item, "score_words", spend_words_score(row_i64(k, i, "score_milli")));
    model_text(item, "score_milli", row_text(k, i, "score_milli"));
    model_text(item, "reason", row_text(k, i, "reason"));
    model_list(item, "facts");
    static const char *const numbers[][2] = {{"company_number", "Company number"},
                                             {"charity_number", "Charity number"},
                                             {"vat_number", "VAT number"},
                                             {"postcode", "Postcode"}};
    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        put_number(item, numbers[n][1], row_text(k, i, numbers[n][0]), row_text(o->payee, 0, numbers[n][0]));
    }
    if (*row_text(k, i, "address")) {
        put_fact(item, "Address", row_text(k, i, "address"), "");
    }
    put_fact(item, "Where", where(o->r, k, i), "");
    if (*status(o->r, k, i)) {
        put_fact(item, "In the registers", status(o->r, k, i), "");
    }
    if (*row_text(k, i, "decision")) {
        put_fact(item, "VCFSE", supplier_words_decision(row_text(k, i, "decision")), "");
    }
}

static void put_spelling(struct offer *o, const char *list, const struct rows *k, size_t i) {
    const char *value = arena_printf(o->r->c.arena, "p:%s", row_text(k, i, "id"));
    struct model *item = offer_add(o, list, value, row_text(k, i, "name"));
    if (item) {
        model_text(item, "pence", row_text(k, i, "pence"));
        model_text(item, "postcode", row_text(k, i, "postcode"));
        model_text(item, "company_number", row_text(k, i, "company_number"));
        model_text(item, "tied_name", row_text(k, i, "tied_name"));
        model_text(item, "state_words", spend_words_state(row_text(k, i, "match_state")));
    }
}

// ---- the answers ----

static const char *cut_find(struct req *r) {
    const char *s = req_query(r, "find");
    size_t n = strlen(s);
    while (n > FIND_MAX || (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)) {
        n--;
    }
    while (n > 0 && s[n - 1] == ' ') {
        n--;
    }
    return arena_strndup(r->c.arena, s, n);
}

static enum err put_found(struct offer *o, const char *find) {
    struct req *r = o->r;
    struct rows *suppliers, *entries, *names;
    const char *key = "", *pattern = view_pattern(r->c.arena, find);
    model_list(o->m, "found");
    model_list(o->m, "found_names");
    model_text(o->m, "find", find);
    if (!*find) {
        return ERR_OK;
    }
    enum err e = supplier_match_name(&r->c, find, &key);
    e = e ? e : DB_ROWS(&r->c, review_find_suppliers, &suppliers, pattern, find, FOUND_SHOWN);
    e = e ? e : DB_ROWS(&r->c, review_find_register, &entries, key, find, FOUND_SHOWN);
    e = e ? e : DB_ROWS(&r->c, review_find_payees, &names, pattern, row_text(o->payee, 0, "id"), FOUND_SHOWN);
    for (size_t i = 0; e == ERR_OK && i < rows_count(suppliers); i++) {
        put_party(o, "found", suppliers, i);
    }
    for (size_t i = 0; e == ERR_OK && i < rows_count(entries); i++) {
        put_party(o, "found", entries, i);
    }
    for (size_t i = 0; e == ERR_OK && i < rows_count(names); i++) {
        put_spelling(o, "found_names", names, i);
    }
    return e;
}

static enum err put_offers(struct offer *o) {
    struct req *r = o->r;
    struct rows *proposals, *kin;
    const char *id = row_text(o->payee, 0, "id"), *find = cut_find(r);
    enum err e = DB_ROWS(&r->c, review_proposals, &proposals, id);
    e = e ? e : DB_ROWS(&r->c, review_payee_kin, &kin, id, KIN_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    model_list(o->m, "proposals");
    model_list(o->m, "kin");
    model_list(o->m, "others");
    e = put_found(o, find); // first: it is what was asked for
    if (e != ERR_OK) {
        return e;
    }
    size_t found = o->count;
    for (size_t i = 0; i < rows_count(proposals); i++) {
        put_party(o, "proposals", proposals, i);
    }
    for (size_t i = 0; i < rows_count(kin); i++) {
        put_spelling(o, "kin", kin, i);
    }
    bool any = o->count > 0;
    offer_add(o, "others", "none", any ? "None of these, nor anybody in our lists" : "Nobody in our lists");
    offer_add(o, "others", "person", "A person, not an organisation");
    model_bool(o->m, "any_proposal", rows_count(proposals) > 0);
    model_bool(o->m, "found_any", found > 0);
    model_bool(o->m, "found_nothing", *find && found == 0);
    model_bool(o->m, "any_kin", rows_count(kin) > 0);
    return ERR_OK;
}

// ---- what the files say ----

static void put_history(struct req *r, struct model *m, const struct rows *d) {
    model_list(m, "holding");
    for (size_t i = 0; i < rows_count(d); i++) {
        if (row_bool(d, i, "holds")) {
            struct model *item = model_add(m, "holding");
            model_text(item, "decided_words",
                       spend_words_decision(r->c.arena, row_text(d, i, "what"),
                                            row_text(d, i, "supplier_name"), row_text(d, i, "same_name")));
            model_text(item, "decided_by", row_text(d, i, "by_name"));
            model_text(item, "decided_method", spend_words_method(row_text(d, i, "method")));
            model_text(item, "decided_at", row_text(d, i, "at"));
            model_text(item, "decided_id", row_text(d, i, "id"));
        }
    }
}

static void put_largest(struct req *r, struct model *m, const struct rows *k) {
    model_list(m, "largest");
    for (size_t i = 0; i < rows_count(k); i++) {
        struct model *item = model_add(m, "largest");
        const char *purpose = row_text(k, i, "purpose"), *category = row_text(k, i, "category");
        model_text(item, "paid_on", row_text(k, i, "paid_on"));
        model_text(item, "pence", row_text(k, i, "pence"));
        model_text(item, "anchor", row_text(k, i, "anchor"));
        model_text(item, "what",
                   *category && *purpose && strcmp(category, purpose) != 0
                       ? arena_printf(r->c.arena, "%s: %s", category, purpose)
                   : *category ? category
                               : purpose);
    }
}

static enum err put_payee(struct req *r, struct model *m, const struct rows *p) {
    struct rows *years, *largest, *decisions;
    const char *id = row_text(p, 0, "id");
    enum err e = DB_ROWS(&r->c, review_payee_years, &years, id);
    e = e ? e : DB_ROWS(&r->c, review_payee_largest, &largest, id, LARGEST_SHOWN);
    e = e ? e : DB_ROWS(&r->c, review_decisions, &decisions, id, HISTORY_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    view_row(m, p, 0);
    model_bool(m, "has_other_name", *row_text(p, 0, "other_name") != 0);
    model_text(m, "lines_words",
               spend_words_count(r->c.arena, row_i64(p, 0, "lines"), "payment", "payments"));
    match_put_years(r, m, years, arena_printf(r->c.arena, "payee=%s", id));
    put_largest(r, m, largest);
    put_history(r, m, decisions);
    int64_t seen = 0;
    for (size_t i = 0; i < rows_count(decisions); i++) {
        seen = row_bool(decisions, i, "holds") ? row_i64(decisions, i, "id") : seen;
    }
    model_i64(m, "seen", seen);
    return ERR_OK;
}

// ---- where it stands in its queue ----

static enum err spot(struct req *r, const struct match_queue *q, int64_t id, const struct rows *p,
                     struct rows **ret) {
    const char *pence = row_text(p, 0, "queue_pence"), *number = arena_i64(r->c.arena, id);
    return q->p_pattern ? DB_ROWS(&r->c, review_spot_named, ret, q->p_states, q->p_anchor_id, q->p_pattern,
                                  q->p_least, pence, number)
                        : DB_ROWS(&r->c, review_spot, ret, q->p_states, q->p_anchor_id, q->p_pattern,
                                  q->p_least, pence, number);
}

// Id of the name after or before it, "" for none.
static enum err neighbour(struct req *r, const struct match_queue *q, int64_t id, const struct rows *p,
                          bool next, const char **ret) {
    struct rows *k;
    const char *const args[] = {q->p_states,
                                q->p_anchor_id,
                                q->p_pattern,
                                q->p_least,
                                row_text(p, 0, "queue_pence"),
                                arena_i64(r->c.arena, id)};
    const struct sql *named = next ? &sql_review_next_named : &sql_review_previous_named;
    const struct sql *all = next ? &sql_review_next : &sql_review_previous;
    enum err e = db_rows_n(&r->c, q->p_pattern ? named : all, &k, sizeof args / sizeof *args, args);
    if (e == ERR_OK) {
        *ret = rows_count(k) ? row_text(k, 0, "payee_id") : "";
    }
    return e;
}

static void put_spot(struct model *m, const struct match_queue *q, const struct rows *k) {
    model_i64(m, "queue_place", row_i64(k, 0, "before") + 1);
    model_text(m, "queue_count", row_text(k, 0, "n"));
    model_text(m, "queue_pence_left", row_text(k, 0, "pence"));
    model_bool(m, "in_queue", row_bool(k, 0, "inside"));
    model_text(m, "queue_query", q->query);
    model_text(m, "queue_state", q->state);
    model_text(m, "queue_anchor", q->anchor);
    model_text(m, "queue_q", q->q);
    model_text(m, "queue_least", q->least);
}

// A name can be remembered for one anchor alone when it came with that anchor's own supplier number.
static void put_remember(struct req *r, const struct rows *p) {
    struct field_option *o = arena_array(r->c.arena, 2, sizeof *o);
    o[0] = (struct field_option){.value = "everywhere", .label = "For every public body"};
    o[1] = (struct field_option){
        .value = "here",
        .label = arena_printf(r->c.arena, "Only for payments by %s", row_text(p, 0, "number_anchor"))};
    form_options(r->form, "remember", o, *row_text(p, 0, "number_anchor") ? 2 : 1);
    if (!form_was_sent(r->form)) {
        form_set(r->form, "remember", "everywhere");
    }
}

static enum err show(struct req *r, const struct match_queue *q, int64_t id, const struct rows *p) {
    struct rows *k;
    const char *next, *previous;
    enum err e = spot(r, q, id, p, &k);
    e = e ? e : neighbour(r, q, id, p, true, &next);
    e = e ? e : neighbour(r, q, id, p, false, &previous);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, arena_printf(r->c.arena, "Who is %s?", row_text(p, 0, "name")));
    put_spot(m, q, k);
    model_text(m, "next_id", next);
    model_text(m, "previous_id", previous);
    e = put_payee(r, m, p);
    e = e ? e : match_put_did(r, m, q);
    struct offer *o = arena_alloc(r->c.arena, sizeof *o);
    *o = (struct offer){.r = r, .m = m, .payee = p, .chosen = form_text(r->form, "answer")};
    e = e ? e : put_offers(o);
    if (e != ERR_OK) {
        return e;
    }
    const char *wrong = form_error_of(r->form, "answer");
    model_text(m, "answer_error", wrong ? wrong : "");
    put_remember(r, p);
    return page_render(r, "spend/match-one", m);
}

// Proposals may be made anew while a person looks at them: any answer that reads as one is taken, and the
// house checks whether there is such a supplier.
static void take_answer(struct req *r) {
    struct review_answer a;
    const char *given = form_text(r->form, "answer");
    struct field_option *one = arena_alloc(r->c.arena, sizeof *one);
    *one = (struct field_option){.value = given, .label = given};
    form_options(r->form, "answer", one, review_read(given, &a) ? 1 : 0);
}

static enum err go_on(struct req *r, const struct match_queue *q, int64_t id, const struct rows *p,
                      int64_t decision) {
    const char *next, *join = *q->query ? "&" : "";
    enum err e = neighbour(r, q, id, p, true, &next);
    if (e != ERR_OK) {
        return e;
    }
    return *next ? page_redirect(r, "/officer/spend/match/%s?%s%sdid=%lld", next, q->query, join,
                                 (long long)decision)
                 : page_redirect(r, "/officer/spend/match?%s%sdid=%lld", q->query, join, (long long)decision);
}

enum err match_page_one(struct req *r) {
    struct match_queue q;
    struct rows *p;
    int64_t id;
    enum err e = match_path_id(r, 0, &id);
    e = e ? e : match_queue_read(r, &q);
    e = e ? e : DB_ROWS(&r->c, review_payee, &p, arena_i64(r->c.arena, id), *q.anchor ? q.anchor : NULL);
    if (e != ERR_OK || rows_count(p) == 0) {
        return e ? e : ctx_fail(&r->c, ERR_NOT_FOUND, "no payee %lld", (long long)id);
    }
    if (row_bool(p, 0, "redacted")) {
        return page_redirect(r, "/officer/spend/payees/%lld", (long long)id);
    }
    if (!form_was_sent(r->form)) {
        return show(r, &q, id, p);
    }
    take_answer(r);
    put_remember(r, p);
    if (form_ok(r->form)) {
        int64_t decision = 0;
        bool everywhere = strcmp(form_text(r->form, "remember"), "everywhere") == 0;
        e = review_decide(&r->c, id, strtoll(form_text(r->form, "seen"), NULL, 10),
                          form_text(r->form, "answer"), everywhere, &decision);
        if (e == ERR_OK) {
            return go_on(r, &q, id, p, decision);
        }
        if (e == ERR_NOT_FOUND) {
            e = ctx_fail_field(&r->c, "answer", "That one is not in our lists any more. Choose another");
        }
        e = view_form_failure(r, e);
        e = e ? e : DB_ROWS(&r->c, review_payee, &p, arena_i64(r->c.arena, id), *q.anchor ? q.anchor : NULL);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show(r, &q, id, p);
}
