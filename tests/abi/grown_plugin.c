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

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)state;
    return host->page->bytes(ctx, "text/plain", "", "here", 4);
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

static const struct anc_provider providers[] = {
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
    .wants = ANC_CAP_WRITE_TAGS | ANC_CAP_WRITE_SCORES | ANC_CAP_PAGES | ANC_CAP_READ_NOTICES,
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
