// SPDX-License-Identifier: Apache-2.0
// The plugin of the growth tests. Built with the header as 1.0, or as 1.1 (KNOWS_GROWN), then asking ANC_HAS
// and ANC_FITS for what may not be there.
#ifdef KNOWS_GROWN
#ifndef NEEDS_GROWN
#define ANC_NEEDS_MINOR 0
#endif
#endif
#include <anchorage/plugin.h>

static const struct anc_host *host;

static const char *twice(anc_ctx *ctx) {
    (void)ctx;
#ifdef KNOWS_GROWN
    if (ANC_HAS(host->mem, grown_twice)) {
        return host->mem->grown_twice(ctx, "ab");
    }
#endif
    return "none";
}

static int64_t square(anc_ctx *ctx) {
    (void)ctx;
#ifdef KNOWS_GROWN
    if (ANC_HAS(host, grown) && ANC_HAS(host->grown, square)) {
        return host->grown->square(ctx, 7);
    }
#endif
    return -1;
}

static int64_t staff(const struct anc_supplier *facts) {
    (void)facts;
#ifdef KNOWS_GROWN
    if (ANC_HAS(facts, grown_staff)) {
        return facts->grown_staff;
    }
#endif
    return -1;
}

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    (void)state;
    struct anc_supplier mine; // the host's may be shorter or longer
    ANC_COPY(&mine, facts);
    facts = &mine;
    ret_tag->decision = ANC_TAG_YES;
    ret_tag->score = 50;
    ret_tag->detail = host->setting->text(ctx, "word");
    ret_tag->reasons = host->mem->format(ctx, "%s: limit %lld, twice %s, square %lld, staff %lld",
                                         facts->name, (long long)host->setting->number(ctx, "limit"),
                                         twice(ctx), (long long)square(ctx), (long long)staff(facts));
#ifdef KNOWS_GROWN
    if (ANC_FITS(ret_tag, grown_next)) {
        ret_tag->grown_next = "come again";
    }
#endif
    return ANC_OK;
}

// The sum of the units, a thousand times; years too where the host tells them.
static anc_rc score(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state) {
    (void)state;
    int64_t sum = 0;
    for (uint32_t i = 0; i < bid->commitment_count; i++) {
        const struct anc_commitment *c = ANC_AT(bid->commitments, i);
        sum += c->units;
#ifdef KNOWS_GROWN
        sum += ANC_HAS(c, grown_years) ? c->grown_years : 0;
#endif
    }
    ret_score->points_milli = (int32_t)sum;
    ret_score->value_pence = sum;
    ret_score->rationale = host->mem->format(ctx, "%s brings %lld", bid->ref, (long long)sum);
    return ANC_OK;
}

// ---- sums and pages: the sums by flow, one behind the other, and the language of the page

static const char *told(anc_ctx *ctx, const struct anc_sum *row) {
    (void)ctx;
#ifdef KNOWS_GROWN
    if (ANC_HAS(row, grown_median)) {
        return host->mem->format(ctx, "(%lld)", (long long)row->grown_median);
    }
#endif
    return row->credit_pence ? "-" : "";
}

static const char *language(anc_ctx *ctx) {
    (void)ctx;
#ifdef KNOWS_GROWN
    if (ANC_HAS(host->page, grown_language)) {
        return host->page->grown_language(ctx);
    }
#endif
    return "none";
}

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)state;
    struct anc_slice slice = {.size = sizeof slice, .by = ANC_BY_FLOW};
#ifdef KNOWS_GROWN
    if (host->abi_minor >= 1 || *host->page->query(ctx, "boldly")) {
        slice.grown_region = "north";
    }
#endif
    uint32_t count;
    const struct anc_sum *rows;
    anc_rc rc = host->spend->slice(ctx, &slice, &count, &rows);
    if (rc != ANC_OK) {
        return rc;
    }
    const char *text = language(ctx);
    for (uint32_t i = 0; i < count; i++) {
        const struct anc_sum *row = ANC_AT(rows, i);
        text = host->mem->format(ctx, "%s %s%lld%s", text, row->key, (long long)row->pence, told(ctx, row));
    }
    return host->page->bytes(ctx, "text/plain", "", text, strlen(text));
}

// ---- a reader of payments: each row is as many pounds as its line, and its sheet where it is told

static anc_rc recognise(anc_ctx *ctx, const struct anc_cells *head, const char *file_name,
                        const struct anc_columns *chosen, anc_report *report, void **ret_layout,
                        void *state) {
    (void)ctx, (void)head, (void)file_name, (void)report, (void)state;
    static int layout;
#ifdef KNOWS_GROWN
    if (chosen && chosen->column[ANC_COL_GROWN] != -1) {
        return ANC_E_BUG; // nobody has chosen it
    }
#endif
    *ret_layout = &layout;
    return chosen && chosen->column[ANC_COL_DATE] != 3 ? ANC_E_INVALID : ANC_OK;
}

static void columns(anc_ctx *ctx, void *layout, struct anc_columns *ret_columns, void *state) {
    (void)ctx, (void)layout, (void)state;
    ret_columns->head_rows = 2;
    ret_columns->column[ANC_COL_AMOUNT] = 1;
#ifdef KNOWS_GROWN
    ret_columns->column[ANC_COL_GROWN] = 5;
    if (ANC_FITS(ret_columns, grown_currency)) {
        ret_columns->grown_currency = 826;
    }
#endif
}

static anc_rc map(anc_ctx *ctx, void *layout, const struct anc_cells *rows, struct anc_lines *ret_lines,
                  void *state) {
    (void)ctx, (void)layout, (void)state;
    for (uint32_t i = 0; i < rows->rows; i++) {
        ret_lines->what[i] = ANC_ROW_PAYMENT;
        ret_lines->pence[i] = (int64_t)rows->line[i] * 100;
#ifdef KNOWS_GROWN
        ret_lines->pence[i] += ANC_HAS(rows, grown_sheet) ? rows->grown_sheet[i] : 0;
        if (ANC_HAS(ret_lines, grown_discount)) {
            ret_lines->grown_discount[i] = 9;
        }
#endif
    }
    return ANC_OK;
}

static anc_rc finish(anc_ctx *ctx, void *layout, anc_report *report, void *state) {
    (void)ctx, (void)layout, (void)report, (void)state;
    return ANC_OK;
}

static const char *reason(anc_ctx *ctx, void *layout, uint32_t why, void *state) {
    (void)ctx, (void)layout, (void)why, (void)state;
    return "No reason.";
}

static anc_rc flow(anc_ctx *ctx, const struct anc_party *payee, const struct anc_label *label,
                   int32_t *ret_flow, void *state) {
    (void)ctx, (void)payee, (void)label, (void)state;
    *ret_flow = ANC_FLOW_PROCUREMENT;
#ifdef KNOWS_GROWN
    *ret_flow = ANC_HAS(label, grown_account) ? ANC_FLOW_GRANT : *ret_flow;
#endif
    return ANC_OK;
}

static const char *describe(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)layout, (void)state;
    return "Rows";
}

static void done(anc_ctx *ctx, void *layout, void *state) {
    (void)ctx, (void)layout, (void)state;
}

// ---- a matcher of payees: all are the same, and from the country they say

static anc_rc read_party(anc_ctx *ctx, const struct anc_party *given, struct anc_party *ret_party,
                         void *state) {
    (void)ctx, (void)state;
    ret_party->name = ret_party->key = given->name;
#ifdef KNOWS_GROWN
    if (ANC_FITS(ret_party, grown_country)) {
        ret_party->grown_country = ANC_HAS(given, grown_country) ? given->grown_country : "";
    }
#endif
    return ANC_OK;
}

static anc_rc blocks(anc_ctx *ctx, const struct anc_party *party, uint32_t most, uint64_t *ret_blocks,
                     uint32_t *ret_count, void *state) {
    (void)ctx, (void)party, (void)state;
    *ret_count = most > 0;
    ret_blocks[0] = 1;
    return ANC_OK;
}

static anc_rc judge_party(anc_ctx *ctx, const struct anc_party *payee, const struct anc_party *candidate,
                          struct anc_match *ret_match, void *state) {
    (void)candidate, (void)state;
    const char *from = "nowhere";
#ifdef KNOWS_GROWN
    from = ANC_HAS(payee, grown_country) ? payee->grown_country : from;
    if (ANC_FITS(ret_match, grown_rule)) {
        ret_match->grown_rule = "country";
    }
#endif
    ret_match->verdict = ANC_MATCH_YES;
    ret_match->score_milli = 900;
    ret_match->method = "all";
    ret_match->reason = host->mem->format(ctx, "%s of %s", payee->name, from);
    return ANC_OK;
}

#ifdef KNOWS_GROWN
static const char *version(anc_ctx *ctx, void *state) {
    (void)ctx, (void)state;
    return "2";
}
static const struct anc_grown_row grown[] = {{.name = "a"}, {.name = "b"}};
#endif

static const struct anc_supplier_tagger tagger = {
    .size = sizeof tagger,
    .tag = "grown",
    .title = "Grown",
    .judge = judge,
#ifdef KNOWS_GROWN
    .grown_version = version,
#endif
};
static const struct anc_bid_scorer scorer = {
    .size = sizeof scorer, .method = ID "/sum", .version = "1", .title = "Sum", .score = score};

static const struct anc_payments_reader reader = {.size = sizeof reader,
                                                  .title = "Rows",
                                                  .recognise = recognise,
                                                  .columns = columns,
                                                  .map = map,
                                                  .finish = finish,
                                                  .reason = reason,
                                                  .flow = flow,
                                                  .describe = describe,
                                                  .done = done};
static const struct anc_payee_matcher matcher = {.size = sizeof matcher,
                                                 .title = "All",
                                                 .version = "1",
                                                 .read = read_party,
                                                 .blocks = blocks,
                                                 .judge = judge_party};

static const struct anc_provider providers[] = {
    {.point = ANC_POINT_PAYMENTS_READER, .key = ID, .table = &reader},
    {.point = ANC_POINT_PAYEE_MATCHER, .key = ID, .table = &matcher},
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = ID, .table = &tagger},
    {.point = ANC_POINT_BID_SCORER, .key = ID, .table = &scorer},
};

static const struct anc_setting settings[] = {
    {.key = "limit",
     .kind = ANC_SETTING_NUMBER,
     .dflt = "12",
     .max = 100,
     .title = "Limit",
     .help = "A number."},
    {.key = "word", .kind = ANC_SETTING_TEXT, .dflt = "hello", .title = "Word", .help = "A word."},
};

static const struct anc_sql statements[] = {
    {.name = "first", .text = "SELECT 1"},
    {.name = "second", .text = "SELECT $1::bigint", .params = 1},
};

static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/" ID, .perm = ANC_PERM_PUBLIC, .form = "-", .page = page},
    {.method = "GET", .path = "/x/" ID "/second", .perm = ANC_PERM_ADMIN, .form = "-", .page = page},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .title = "Grown",
    .summary = "Shows which parts of the host are there.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_WRITE_TAGS | ANC_CAP_WRITE_SCORES | ANC_CAP_PAGES | ANC_CAP_READ_NOTICES |
             ANC_CAP_READ_SPEND | ANC_CAP_READ_UPLOADS,
    .start = start,
    .settings = ANC_TABLE(settings),
    .sql = ANC_TABLE(statements),
    .routes = ANC_TABLE(routes),
    .providers = ANC_TABLE(providers),
#ifdef KNOWS_GROWN
    .grown = ANC_TABLE(grown),
#endif
};
ANC_PLUGIN(plugin)
