// SPDX-License-Identifier: Apache-2.0
// Notices as exporter plugins take them.
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/notice.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

// A stable GUID of the notice: the first 16 bytes of a hash of its reference, marked as version 8 (RFC 9562).
static const char *uuid_of(struct arena *a, const char *ref) {
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)ref, strlen(ref));
    h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
    h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
    char hex[33];
    hex_encode(h, 16, hex);
    return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

static int64_t stamp_cell(const struct rows *r, size_t i, const char *col) {
    int64_t v = 0;
    return stamp_parse(row_text(r, i, col), &v) ? v : 0;
}

static int32_t day_cell(const struct rows *r, size_t i, const char *col) {
    int32_t v = 0;
    return day_parse(row_text(r, i, col), &v) ? v : INT32_MIN;
}

static int64_t pence_cell(const struct rows *r, size_t i, const char *col) {
    return row_is_null(r, i, col) ? -1 : row_i64(r, i, col);
}

// "80500000 80510000" to an array of texts.
static void split_cpv(struct arena *a, const char *text, struct anc_notice *n) {
    const char **codes = arena_array(a, strlen(text) / 9 + 1, sizeof *codes);
    for (const char *p = text; strlen(p) >= 8; p += p[8] ? 9 : 8) {
        codes[n->cpv_count++] = arena_strndup(a, p, 8);
    }
    n->cpv = codes;
}

static void fill_award(struct arena *a, const struct rows *r, size_t i, struct anc_notice *n) {
    if (row_is_null(r, i, "award_pence")) {
        return;
    }
    struct anc_award *w = arena_alloc(a, sizeof *w);
    *w = (struct anc_award){.size = sizeof *w,
                            .supplier_name = row_text(r, i, "winner_name"),
                            .supplier_address = row_text(r, i, "winner_address"),
                            .company_number = row_text(r, i, "winner_company"),
                            .charity_number = row_text(r, i, "winner_charity"),
                            .value_pence = row_i64(r, i, "award_pence"),
                            .awarded_at = stamp_cell(r, i, "awarded_at"),
                            .start = n->start,
                            .end = n->end,
                            .to_sme = row_bool(r, i, "winner_sme"),
                            .to_vcfse = row_bool(r, i, "winner_vcfse")};
    n->awards = w;
    n->award_count = 1;
}

static void fill(struct ctx *c, const struct rows *r, size_t i, const char *base_url, struct anc_notice *n) {
    const char *ref = row_text(r, i, "ref");
    *n = (struct anc_notice){.size = sizeof *n,
                             .uuid = uuid_of(c->arena, ref),
                             .ref = ref,
                             .url = arena_printf(c->arena, "%s/opportunities/%s", base_url, ref),
                             .title = row_text(r, i, "title"),
                             .description = row_text(r, i, "description"),
                             .kind = row_text(r, i, "kind"),
                             .state = row_text(r, i, "state"),
                             .procedure = row_text(r, i, "procedure"),
                             .contract_kind = row_text(r, i, "contract_kind"),
                             .fts_id = row_text(r, i, "fts_id"),
                             .value_low_pence = pence_cell(r, i, "value_low_pence"),
                             .value_high_pence = pence_cell(r, i, "value_high_pence"),
                             .suits_sme = row_bool(r, i, "suits_sme"),
                             .suits_vcfse = row_bool(r, i, "suits_vcfse"),
                             .created_at = stamp_cell(r, i, "created_at"),
                             .updated_at = stamp_cell(r, i, "updated_at"),
                             .published_at = stamp_cell(r, i, "published_at"),
                             .closes_at = stamp_cell(r, i, "closes_at"),
                             .start = day_cell(r, i, "contract_start"),
                             .end = day_cell(r, i, "contract_end"),
                             .postcode = row_text(r, i, "postcode"),
                             .region = row_text(r, i, "region"),
                             .buyer_name = row_text(r, i, "buyer_name"),
                             .buyer_email = row_text(r, i, "buyer_email"),
                             .buyer_address = row_text(r, i, "buyer_address"),
                             .buyer_town = row_text(r, i, "buyer_town"),
                             .buyer_postcode = row_text(r, i, "buyer_postcode"),
                             .buyer_web = row_text(r, i, "buyer_web")};
    split_cpv(c->arena, row_text(r, i, "cpv_text"), n);
    fill_award(c->arena, r, i, n);
}

enum err notice_for_export(struct ctx *c, const char *ref, const char *base_url,
                           const struct anc_notice **ret_list, uint32_t *ret_count) {
    struct rows *r;
    enum err e = DB_ROWS(c, notice_export, &r, ref, NULL);
    if (e != ERR_OK) {
        return e;
    }
    if (ref && rows_count(r) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no published notice %s", ref);
    }
    struct anc_notice *list = arena_array(c->arena, rows_count(r) + 1, sizeof *list);
    for (size_t i = 0; i < rows_count(r); i++) {
        fill(c, r, i, base_url, &list[i]);
    }
    *ret_list = list;
    *ret_count = (uint32_t)rows_count(r);
    return ERR_OK;
}

enum err notice_draft_for_export(struct ctx *c, const char *ref, const char *base_url,
                                 const struct anc_notice **ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, notice_export, &r, ref, arena_i64(c->arena, c->actor.anchor_id));
    if (e != ERR_OK) {
        return e;
    }
    if (rows_count(r) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no draft %s of this anchor", ref);
    }
    struct anc_notice *n = arena_alloc(c->arena, sizeof *n);
    fill(c, r, 0, base_url, n);
    n->state = "published";
    n->published_at = c->now_usec;
    *ret = n;
    return ERR_OK;
}
