// SPDX-License-Identifier: Apache-2.0
// The survey of what suppliers spend again in the place: answers, what they come to, adding and removing
// them.
#include "pages.h"

#include "choices.h"
#include "formula.h"
#include "view.h"

#include <stdlib.h>
#include <string.h>

#define HOME "/x/local_spend"

static const struct anc_host *host_of(void *state) {
    return ((const struct spend_state *)state)->host;
}

static const char *text(const struct anc_host *h, anc_ctx *ctx, const char *key) {
    return h->text->get(ctx, key);
}

// ---- what the answers say ---------------------------------------------------------------------------------

static anc_rc read_spend(const struct anc_host *h, anc_ctx *ctx, int32_t year, struct respend *r) {
    struct anc_slice s = {.size = sizeof s,
                          .from_year = year,
                          .to_year = year,
                          .flows = spend_flows_counted(h, ctx),
                          .anchor_ref = "",
                          .ward = "",
                          .area = "",
                          .sector = "",
                          .payee = "",
                          .category = "",
                          .vcfse_classes = "",
                          .by = ANC_BY_PLACE};
    const struct anc_sum *rows;
    uint32_t n;
    anc_rc rc = h->spend->slice(ctx, &s, &n, &rows);
    for (uint32_t i = 0; rc == ANC_OK && i < n; i++) {
        const struct anc_sum *row = ANC_AT(rows, i);
        if (strcmp(row->key, "local") == 0) {
            r->local_pence = row->pence;
        } else if (strcmp(row->key, "elsewhere") == 0) {
            r->other_pence = row->pence;
        }
    }
    return rc;
}

// How much of the spend those stand for who answered: beside the 300 largest, as CLES studies them.
static anc_rc read_top(const struct anc_host *h, anc_ctx *ctx, int32_t year, struct respend *r) {
    struct anc_slice s = {.size = sizeof s,
                          .from_year = year,
                          .to_year = year,
                          .flows = spend_flows_counted(h, ctx) & ~(1u << ANC_FLOW_HIDDEN),
                          .anchor_ref = "",
                          .ward = "",
                          .area = "",
                          .sector = "",
                          .payee = "",
                          .category = "",
                          .vcfse_classes = "",
                          .by = ANC_BY_PAYEE,
                          .largest = 1,
                          .most = 300};
    const struct anc_sum *rows;
    uint32_t n;
    anc_rc rc = h->spend->slice(ctx, &s, &n, &rows);
    for (uint32_t i = 0; rc == ANC_OK && i < n; i++) {
        int64_t pence = ANC_AT(rows, i)->pence;
        r->top_pence += pence > 0 ? pence : 0;
    }
    return rc;
}

const char *respend_coverage(const struct anc_host *h, anc_ctx *ctx, const struct respend *r) {
    struct view v = {.host = h, .ctx = ctx};
    return h->mem->format(ctx, "Those who answered got %s of what the 300 largest suppliers were paid.",
                          view_percent_of(&v, r->answered_pence, r->top_pence));
}

static void work_out(struct respend *r, const struct spend_respend_group groups[2]) {
    int64_t again_local;
    r->known = r->local_pence > 0 && spend_recirculated(groups, 2, &r->again_pence) &&
               spend_recirculated(groups, 1, &again_local) && again_local <= r->local_pence &&
               spend_lm3_centi(r->local_pence + (r->other_pence > 0 ? r->other_pence : 0), r->local_pence,
                               again_local, true, &r->lm3_centi);
}

anc_rc respend_read(const struct anc_host *h, anc_ctx *ctx, const struct survey_sql *sql, int32_t year,
                    struct respend *ret) {
    struct respend r = {.known = false};
    const char *params[] = {h->mem->format(ctx, "%d", (int)year)};
    const anc_rows *sums;
    anc_rc rc = read_spend(h, ctx, year, &r);
    rc = rc == ANC_OK ? read_top(h, ctx, year, &r) : rc;
    rc = rc == ANC_OK ? h->db->run(ctx, sql->groups, 1, params, &sums) : rc;
    if (rc != ANC_OK) {
        return rc;
    }
    struct spend_respend_group groups[2] = {{.spend_pence = r.local_pence}, {.spend_pence = r.other_pence}};
    for (uint32_t i = 0; i < h->db->count(sums); i++) {
        bool local = h->db->i64(sums, i, 0) == 1;
        struct spend_respend_group *g = &groups[local ? 0 : 1];
        g->answers = (uint32_t)h->db->i64(sums, i, 1);
        g->contract_pence = h->db->i64(sums, i, 2);
        g->respent_pence = h->db->i64(sums, i, 3);
        if (g->answers >= SPEND_RESPEND_LEAST) {
            (void)spend_share_bp(g->respent_pence, g->contract_pence, local ? &r.local_bp : &r.other_bp);
        }
    }
    r.answers_local = groups[0].answers;
    r.answers_other = groups[1].answers;
    r.answered_pence = groups[0].contract_pence + groups[1].contract_pence;
    work_out(&r, groups);
    *ret = r;
    return ANC_OK;
}

// ---- the year of the page
// -----------------------------------------------------------------------------------

static struct view words_of(const struct anc_host *h, anc_ctx *ctx) {
    return (struct view){.host = h, .ctx = ctx};
}

// The year that the address asks for, when payments of it were loaded; else the latest.
static anc_rc choose_year(const struct anc_host *h, anc_ctx *ctx, int32_t *ret) {
    const int32_t *years;
    uint32_t n;
    long asked = strtol(h->page->query(ctx, "year"), NULL, 10);
    struct view v = words_of(h, ctx);
    anc_rc rc = h->spend->years(ctx, &n, &years);
    if (rc != ANC_OK || n == 0) {
        return rc != ANC_OK ? rc : h->fail->why(ctx, ANC_E_INVALID, "", text(h, ctx, "no_year"));
    }
    *ret = years[0];
    for (uint32_t i = 0; i < n; i++) {
        *ret = years[i] == asked ? years[i] : *ret;
    }
    h->page->list(ctx, "years");
    for (uint32_t i = 0; i < n; i++) {
        h->page->item(ctx, "years");
        h->page->put_i64(ctx, "value", years[i]);
        h->page->put_text(ctx, "label", view_year(&v, years[i]));
        h->page->put_flag(ctx, "selected", years[i] == *ret);
    }
    h->page->list_end(ctx);
    h->page->put_text(ctx, "year", h->mem->format(ctx, "%d", (int)*ret));
    h->page->put_text(ctx, "year_label", view_year(&v, *ret));
    return ANC_OK;
}

// ---- the list ---------------------------------------------------------------------------------------------

static void put_group(const struct anc_host *h, anc_ctx *ctx, const char *who, int64_t answers, int64_t bp) {
    struct view v = words_of(h, ctx);
    h->page->item(ctx, "groups");
    h->page->put_text(ctx, "who", who);
    h->page->put_text(
        ctx, "words",
        answers >= SPEND_RESPEND_LEAST
            ? h->mem->format(ctx, "%s. They spend %s of what they were paid here again.",
                             view_many(&v, answers, "answer"), view_percent(&v, bp))
            : h->mem->format(ctx, "%s, too few to say anything.", view_many(&v, answers, "answer")));
}

static void put_result(const struct anc_host *h, anc_ctx *ctx, const struct respend *r) {
    struct view v = words_of(h, ctx);
    h->page->put_text(
        ctx, "result",
        r->known ? h->mem->format(
                       ctx,
                       "%s of what the public bodies spent comes round here again. The multiplier (LM3) is "
                       "%lld.%02lld: all spend, what stays here, and what suppliers here spend here again, "
                       "for each pound. %s",
                       view_about(&v, r->again_pence), (long long)(r->lm3_centi / 100),
                       (long long)(r->lm3_centi % 100), respend_coverage(h, ctx, r))
                 : text(h, ctx, "few"));
}

static void put_answers(const struct anc_host *h, anc_ctx *ctx, const anc_rows *rows) {
    static const char *const money[] = {"contract", "staff", "suppliers"};
    h->page->list(ctx, "answers");
    for (uint32_t i = 0; i < h->db->count(rows); i++) {
        h->page->item(ctx, "answers");
        h->page->put_i64(ctx, "id", h->db->i64(rows, i, 0));
        h->page->put_text(ctx, "supplier", h->db->text(rows, i, 1));
        h->page->put_flag(ctx, "is_local", h->db->i64(rows, i, 2) == 1);
        for (uint32_t k = 0; k < 3; k++) {
            h->page->put_i64(ctx, money[k], h->db->i64(rows, i, 3 + k));
        }
    }
    h->page->list_end(ctx);
    h->page->put_i64(ctx, "total", h->db->count(rows));
    h->page->put_flag(ctx, "one", h->db->count(rows) == 1);
}

anc_rc page_survey(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    const struct survey_sql *sql = &((const struct spend_state *)state)->survey;
    const anc_rows *rows;
    struct respend r;
    int32_t year;
    anc_rc rc = choose_year(h, ctx, &year);
    rc = rc == ANC_OK ? respend_read(h, ctx, sql, year, &r) : rc;
    const char *params[] = {h->mem->format(ctx, "%d", rc == ANC_OK ? (int)year : 0)};
    rc = rc == ANC_OK ? h->db->run(ctx, sql->answers, 1, params, &rows) : rc;
    if (rc != ANC_OK) {
        return rc;
    }
    h->page->list(ctx, "groups");
    put_group(h, ctx, "Suppliers here", r.answers_local, r.local_bp);
    put_group(h, ctx, "Suppliers elsewhere", r.answers_other, r.other_bp);
    h->page->list_end(ctx);
    put_result(h, ctx, &r);
    put_answers(h, ctx, rows);
    return h->page->render(ctx, "survey", text(h, ctx, "survey_title"));
}

// ---- adding -----------------------------------------------------------------------------------------------

anc_rc page_answer(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    int32_t year;
    anc_rc rc = choose_year(h, ctx, &year);
    return rc == ANC_OK ? h->page->render(ctx, "answer", "Add an answer") : rc;
}

// The one supplier of the name that was typed; "" with an error beside the field.
static anc_rc find_supplier(const struct anc_host *h, anc_ctx *ctx, const struct survey_sql *sql,
                            const char **ret) {
    const char *name[] = {h->page->form_text(ctx, "supplier")};
    const anc_rows *rows;
    anc_rc rc = h->db->run(ctx, sql->named, 1, name, &rows);
    *ret = "";
    if (rc == ANC_OK && h->db->count(rows) == 1) {
        *ret = h->db->text(rows, 0, 0);
    } else if (rc == ANC_OK) {
        h->page->form_error(ctx, "supplier",
                            text(h, ctx, h->db->count(rows) ? "two_suppliers" : "no_supplier"));
    }
    return rc;
}

static anc_rc add_answer(const struct anc_host *h, anc_ctx *ctx, const struct survey_sql *sql, int32_t year,
                         const char *supplier) {
    static const char *const fields[] = {"contract", "staff", "suppliers"};
    const char *params[5] = {h->mem->format(ctx, "%d", (int)year), supplier};
    for (size_t i = 0; i < 3; i++) {
        params[2 + i] = h->mem->format(ctx, "%lld", (long long)h->page->form_i64(ctx, fields[i], 0));
    }
    return h->db->exec(ctx, sql->add, 5, params, NULL);
}

anc_rc post_answer(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    const struct survey_sql *sql = &((const struct spend_state *)state)->survey;
    const char *supplier = "";
    int32_t year;
    anc_rc rc = choose_year(h, ctx, &year);
    if (rc == ANC_OK && h->page->form_ok(ctx)) {
        rc = find_supplier(h, ctx, sql, &supplier);
        if (h->page->form_i64(ctx, "staff", 0) + h->page->form_i64(ctx, "suppliers", 0) >
            h->page->form_i64(ctx, "contract", 0)) {
            h->page->form_error(ctx, "suppliers", text(h, ctx, "too_much"));
        }
    }
    if (rc != ANC_OK || !h->page->form_ok(ctx)) {
        return rc == ANC_OK ? h->page->render(ctx, "answer", "Add an answer") : rc;
    }
    rc = add_answer(h, ctx, sql, year, supplier);
    if (rc != ANC_OK) {
        return rc;
    }
    h->page->message(ctx, text(h, ctx, "added"));
    return h->page->redirect(ctx, h->mem->format(ctx, HOME "/survey?year=%d", (int)year));
}

// ---- removing
// -----------------------------------------------------------------------------------------------

anc_rc page_remove(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    const struct survey_sql *sql = &((const struct spend_state *)state)->survey;
    const char *id[] = {h->page->param(ctx, "id")};
    const anc_rows *one;
    struct view v = words_of(h, ctx);
    anc_rc rc = h->db->run(ctx, sql->one, 1, id, &one);
    if (rc != ANC_OK || h->db->count(one) == 0) {
        return rc != ANC_OK ? rc : ANC_E_NOT_FOUND;
    }
    h->page->put_text(ctx, "id", id[0]);
    h->page->put_text(ctx, "supplier", h->db->text(one, 0, 0));
    h->page->put_text(ctx, "year", h->db->text(one, 0, 1));
    h->page->put_text(ctx, "year_label", view_year(&v, h->db->i64(one, 0, 1)));
    return h->page->render(ctx, "remove", "Remove an answer");
}

anc_rc post_remove(anc_ctx *ctx, void *state) {
    const struct anc_host *h = host_of(state);
    const struct survey_sql *sql = &((const struct spend_state *)state)->survey;
    const char *id[] = {h->page->param(ctx, "id")};
    int64_t gone;
    anc_rc rc = h->db->exec(ctx, sql->remove, 1, id, &gone);
    if (rc != ANC_OK || gone == 0) {
        return rc != ANC_OK ? rc : ANC_E_NOT_FOUND;
    }
    h->page->message(ctx, text(h, ctx, "removed"));
    return h->page->redirect(ctx, HOME "/survey");
}
