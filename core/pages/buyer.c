// SPDX-License-Identifier: Apache-2.0
// A buyer's notices: list, editor, publishing, cancelling.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/notice.h"
#include "http/app.h"
#include "http/response.h"
#include "pages/buyer_bids.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "pages/rule_words.h"
#include "pages/view.h"

#include <string.h>

static const char *anchor_of(struct req *r) {
    return arena_i64(r->c.arena, r->c.actor.anchor_id);
}

static enum err find_mine(struct req *r, struct rows **ret) {
    enum err e = notice_buyer_only(&r->c);
    return e ? e : DB_ROWS(&r->c, buyer_notice, ret, r->params[0], anchor_of(r));
}

// ---- list ----

static void state_flags(struct model *m, const char *shown) {
    static const char *const words[] = {"draft", "published", "closed", "opened", "awarded", "cancelled"};
    static const char *const keys[] = {"is_draft",  "is_published", "is_closed",
                                       "is_opened", "is_awarded",   "is_cancelled"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        model_bool(m, keys[i], strcmp(shown, words[i]) == 0);
    }
}

static void put_counts(struct model *m, const struct rows *counts, const char *state) {
    static const char *const rows[][3] = {{"", "n_all", "All"},
                                          {"draft", "n_draft", "Drafts"},
                                          {"published", "n_published", "Open or planned"},
                                          {"closed", "n_closed", "Closed, to be opened"},
                                          {"opened", "n_opened", "Being scored"},
                                          {"awarded", "n_awarded", "Awarded"},
                                          {"cancelled", "n_cancelled", "Cancelled"}};
    model_list(m, "counts");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct model *item = model_add(m, "counts");
        model_text(item, "value", rows[i][0]);
        model_text(item, "label", rows[i][2]);
        model_i64(item, "number", row_i64(counts, 0, rows[i][1]));
        model_bool(item, "current", strcmp(rows[i][0], state) == 0);
    }
}

static enum err page_mine(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *counts, *found;
    const char *state = req_query(r, "state");
    enum notice_state known;
    state = notice_state_of(state, &known) ? state : "";
    stamp_iso(r->c.now_usec, now);
    enum err e = notice_buyer_only(&r->c);
    e = e ? e : DB_ROWS(&r->c, buyer_counts, &counts, anchor_of(r), now);
    e = e ? e : DB_ROWS(&r->c, buyer_notices, &found, anchor_of(r), now, state);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "My notices");
    put_counts(m, counts, state);
    size_t n = rows_count(found);
    model_textf(m, "list_count_text", "%zu %s", n, n == 1 ? "notice" : "notices");
    model_text(m, "list_sort_text", "Last changed first");
    model_bool(m, "is_filtered", *state != 0);
    model_list(m, "found");
    for (size_t i = 0; i < n; i++) {
        struct model *item = model_add(m, "found");
        model_text(item, "ref", row_text(found, i, "ref"));
        model_text(item, "title", row_text(found, i, "title"));
        model_text(item, "closes_at", row_text(found, i, "closes_at"));
        model_text(item, "updated_at", row_text(found, i, "updated_at"));
        model_text(item, "value_high_pence", row_text(found, i, "value_high_pence"));
        model_bool(item, "is_tender", strcmp(row_text(found, i, "kind"), "tender") == 0);
        state_flags(item, row_text(found, i, "shown"));
    }
    return page_render(r, "buyer/notices", m);
}

// ---- editor ----

static void set_money(struct form *f, const char *field, const struct rows *n, const char *col) {
    if (!row_is_null(n, 0, col) && row_i64(n, 0, col) > 0) {
        form_set_i64(f, field, row_i64(n, 0, col));
    }
}

static void set_day(struct form *f, const char *field, const struct rows *n, const char *col) {
    int32_t day;
    if (day_parse(row_text(n, 0, col), &day)) {
        form_set_day(f, field, day);
    }
}

static void fill_form(struct req *r, const struct rows *n, const struct rows *rules) {
    static const char *const same[] = {
        "kind",         "title",          "summary",      "description",      "contract_kind",
        "procedure",    "reserved",       "fts_id",       "quality_question", "postcode",
        "price_weight", "quality_weight", "social_weight"};
    struct form *f = r->form;
    int64_t closes;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        form_set(f, same[i], row_text(n, 0, same[i]));
    }
    for (size_t i = 0; i < rows_count(rules); i++) {
        form_set(f, "rules", row_text(rules, i, "rule"));
    }
    form_set(f, "cpv", row_text(n, 0, "cpv_text"));
    set_money(f, "value_low", n, "value_low_pence");
    set_money(f, "value_high", n, "value_high_pence");
    set_money(f, "social_target", n, "social_target_pence");
    set_day(f, "contract_start", n, "contract_start");
    set_day(f, "contract_end", n, "contract_end");
    form_set(f, "suits_sme", row_bool(n, 0, "suits_sme") ? "yes" : "");
    form_set(f, "suits_vcfse", row_bool(n, 0, "suits_vcfse") ? "yes" : "");
    if (stamp_parse(row_text(n, 0, "closes_at"), &closes)) {
        struct civil t;
        london_civil(closes, &t);
        form_set_day(f, "closes", london_day(closes));
        form_set(f, "closes_time", arena_printf(r->c.arena, "%d:%02d", t.hour, t.minute));
    }
}

static void fill_new(struct form *f) {
    static const char *const values[][2] = {{"kind", "tender"},           {"contract_kind", "services"},
                                            {"procedure", "quick_quote"}, {"reserved", "none"},
                                            {"price_weight", "40"},       {"quality_weight", "50"},
                                            {"social_weight", "10"},      {"closes_time", "12:00"},
                                            {"suits_sme", "yes"},         {"suits_vcfse", "yes"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        form_set(f, values[i][0], values[i][1]);
    }
}

static int32_t day_or_none(const struct form *f, const char *field) {
    int32_t day;
    return form_day(f, field, &day) ? day : INT32_MIN;
}

// The keys that were ticked; their number in *ret_n.
static const char *const *chosen_rules(struct req *r, size_t *ret_n) {
    size_t n = 0;
    while (form_choice(r->form, "rules", n)) {
        n++;
    }
    const char **keys = arena_array(r->c.arena, n + 1, sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = form_choice(r->form, "rules", i);
    }
    *ret_n = n;
    return keys;
}

static enum err read_input(struct req *r, struct notice_input *in) {
    const struct form *f = r->form;
    int32_t closes;
    *in = (struct notice_input){.kind = form_text(f, "kind"),
                                .title = form_text(f, "title"),
                                .summary = form_text(f, "summary"),
                                .description = form_text(f, "description"),
                                .cpv = form_text(f, "cpv"),
                                .contract_kind = form_text(f, "contract_kind"),
                                .procedure = form_text(f, "procedure"),
                                .reserved = form_text(f, "reserved"),
                                .fts_id = form_text(f, "fts_id"),
                                .postcode = form_text(f, "postcode"),
                                .quality_question = form_text(f, "quality_question"),
                                .value_low_pence = form_i64(f, "value_low", -1),
                                .value_high_pence = form_i64(f, "value_high", -1),
                                .social_target_pence = form_i64(f, "social_target", -1),
                                .contract_start = day_or_none(f, "contract_start"),
                                .contract_end = day_or_none(f, "contract_end"),
                                .price_weight = (int)form_i64(f, "price_weight", 0),
                                .quality_weight = (int)form_i64(f, "quality_weight", 0),
                                .social_weight = (int)form_i64(f, "social_weight", 0),
                                .suits_sme = form_ticked(f, "suits_sme"),
                                .suits_vcfse = form_ticked(f, "suits_vcfse")};
    in->rules = chosen_rules(r, &in->rule_count);
    if (!form_day(f, "closes", &closes)) {
        return ERR_OK;
    }
    return notice_closing(&r->c, closes, form_i64(f, "closes_time", -1), &in->closes_at);
}

static enum err save(struct req *r, bool is_new, const char **ret_ref) {
    struct notice_input in;
    enum err e = read_input(r, &in);
    *ret_ref = r->params[0];
    if (e == ERR_OK) {
        e = is_new ? notice_create(&r->c, &in, ret_ref) : notice_update(&r->c, r->params[0], &in);
    }
    return e;
}

static enum err show_editor(struct req *r, bool is_new) {
    struct model *m = page_model(r, is_new ? "New notice" : "Edit a draft");
    size_t rules;
    form_options_of(r->form, "rules", &rules);
    model_bool(m, "is_new", is_new);
    model_bool(m, "has_rules", rules > 0);
    model_text(m, "ref", r->params[0]);
    return page_render(r, "buyer/edit", m);
}

static enum err show_overview(struct req *r, const struct rows *n) {
    struct model *m = page_model(r, row_text(n, 0, "title"));
    int64_t closes = 0;
    view_row(m, n, 0);
    bool tender = strcmp(row_text(n, 0, "kind"), "tender") == 0;
    bool past = stamp_parse(row_text(n, 0, "closes_at"), &closes) && closes <= r->c.now_usec;
    const char *state = row_text(n, 0, "state");
    bool sealed = tender && strcmp(state, "published") == 0 && past;
    state_flags(m, sealed ? "closed" : state);
    model_bool(m, "is_tender", tender);
    enum notice_state from, to;
    model_bool(m, "may_cancel",
               notice_state_of(state, &from) && notice_next(tender, from, NOTICE_CANCEL, &to));
    view_slot(r, m, ANC_SLOT_BUYER_NOTICE, row_text(n, 0, "ref"), "l");
    return page_render(r, "buyer/notice", m);
}

// /buyer/notices/new and /buyer/notices/REF: the editor of a draft, else what the notice is at.
static enum err page_edit(struct req *r) {
    bool is_new = strcmp(r->params[0], "new") == 0;
    struct rows *n = NULL, *rules;
    enum err e = is_new ? notice_buyer_only(&r->c) : find_mine(r, &n);
    e = e ? e : DB_ROWS(&r->c, notice_rules_own, &rules, r->params[0], anchor_of(r));
    if (e != ERR_OK) {
        return e;
    }
    rule_words_offer(r, rules);
    if (!form_was_sent(r->form)) {
        if (!is_new && strcmp(row_text(n, 0, "state"), "draft") != 0) {
            return show_overview(r, n);
        }
        is_new ? fill_new(r->form) : fill_form(r, n, rules);
        return show_editor(r, is_new);
    }
    const char *ref;
    e = form_ok(r->form) ? save(r, is_new, &ref) : ERR_OK;
    if (e != ERR_OK || !form_ok(r->form)) {
        e = e ? view_form_failure(r, e) : ERR_OK;
        return e ? e : show_editor(r, is_new);
    }
    if (strcmp(form_text(r->form, "next"), "check") == 0) {
        return page_redirect(r, "/buyer/notices/%s/publish", ref);
    }
    page_flash(r, "success", "The draft is saved. Nobody but your team can see it.");
    return page_redirect(r, "/buyer/notices/%s", ref);
}

static enum err page_delete(struct req *r) {
    enum err e = notice_delete_draft(&r->c, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "The draft is deleted.");
    return page_redirect(r, "/buyer");
}

// ---- publishing and cancelling ----

static enum err show_publish(struct req *r, const char *refusal) {
    struct rows *n, *rules;
    const struct notice_obstacle *list;
    size_t count, stops = 0;
    enum err e = find_mine(r, &n);
    if (e == ERR_OK && strcmp(row_text(n, 0, "state"), "draft") != 0) {
        return page_redirect(r, "/buyer/notices/%s", r->params[0]);
    }
    e = e ? e : DB_ROWS(&r->c, notice_rules_own, &rules, r->params[0], anchor_of(r));
    e = e ? e : notice_obstacles(&r->c, r->params[0], r->app->public_url, &list, &count);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Check before you publish");
    view_row(m, n, 0);
    model_text(m, "title", "Check before you publish");
    model_text(m, "notice_title", row_text(n, 0, "title"));
    model_bool(m, "is_tender", strcmp(row_text(n, 0, "kind"), "tender") == 0);
    model_text(m, "refusal", refusal);
    rule_words_list(r, m, rules);
    model_list(m, "stops");
    model_list(m, "warnings");
    for (size_t i = 0; i < count; i++) {
        struct model *item = model_add(m, list[i].stops ? "stops" : "warnings");
        model_text(item, "text", list[i].text);
        model_text(item, "field", list[i].field);
        stops += list[i].stops;
    }
    model_bool(m, "may_publish", stops == 0);
    e = page_render(r, "buyer/publish", m);
    if (e == ERR_OK && *refusal) {
        r->resp->status = err_status(ERR_INVALID);
    }
    return e;
}

static enum err page_check(struct req *r) {
    return show_publish(r, "");
}

static enum err page_publish(struct req *r) {
    enum err e = notice_publish(&r->c, r->params[0]);
    if (e == ERR_INVALID || e == ERR_CONFLICT) {
        return show_publish(r, r->c.err_detail);
    }
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "Published. Everybody can see it on the board now.");
    return page_redirect(r, "/buyer/notices/%s", r->params[0]);
}

static enum err page_cancel(struct req *r) {
    struct rows *n;
    enum err e = find_mine(r, &n);
    if (e != ERR_OK) {
        return e;
    }
    if (form_was_sent(r->form) && form_ok(r->form)) {
        e = notice_cancel(&r->c, r->params[0], form_text(r->form, "reason"));
        if (e == ERR_OK) {
            page_flash(r, "success", "Cancelled. Everybody who sent a bid gets an e-mail.");
            return page_redirect(r, "/buyer/notices/%s", r->params[0]);
        }
        e = view_form_failure(r, e);
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Cancel a notice");
    model_text(m, "ref", r->params[0]);
    model_text(m, "notice_title", row_text(n, 0, "title"));
    return page_render(r, "buyer/cancel", m);
}

#define BUYER NEED(PERM_BUYER)
const struct route routes_buyer[] = {
    {"GET", "/buyer", BUYER, CSRF_NONE, "-", 0, "", page_mine, NULL},
    {"GET", "/buyer/notices/{ref}", BUYER, CSRF_NONE, "notice", 0, "", page_edit, NULL},
    {"POST", "/buyer/notices/{ref}", BUYER, CSRF_TOKEN, "notice", 0, "", page_edit, NULL},
    {"POST", "/buyer/notices/{ref}/delete", BUYER, CSRF_TOKEN, "-", 0, "", page_delete, NULL},
    {"GET", "/buyer/notices/{ref}/publish", BUYER, CSRF_NONE, "-", 0, "", page_check, NULL},
    {"POST", "/buyer/notices/{ref}/publish", BUYER, CSRF_TOKEN, "-", 0, "", page_publish, NULL},
    {"GET", "/buyer/notices/{ref}/cancel", BUYER, CSRF_NONE, "cancel_notice", 0, "", page_cancel, NULL},
    {"POST", "/buyer/notices/{ref}/cancel", BUYER, CSRF_TOKEN, "cancel_notice", 0, "", page_cancel, NULL},
    {"GET", "/buyer/notices/{ref}/bids", BUYER, CSRF_NONE, "-", 0, "", page_buyer_bids, NULL},
    {"POST", "/buyer/notices/{ref}/open", BUYER, CSRF_TOKEN, "-", 0, "", page_buyer_open, NULL},
    {"POST", "/buyer/notices/{ref}/social", BUYER, CSRF_TOKEN, "-", 0, "", page_buyer_social, NULL},
    {"GET", "/buyer/notices/{ref}/bids/{bid}", BUYER, CSRF_NONE, "score", 0, "", page_buyer_bid, NULL},
    {"POST", "/buyer/notices/{ref}/bids/{bid}", BUYER, CSRF_TOKEN, "score", 0, "", page_buyer_bid, NULL},
    {"GET", "/buyer/notices/{ref}/award", BUYER, CSRF_NONE, "award", 0, "", page_buyer_award, NULL},
    {"POST", "/buyer/notices/{ref}/award", BUYER, CSRF_TOKEN, "award", 0, "", page_buyer_award, NULL},
};
ROUTES_END(buyer);
