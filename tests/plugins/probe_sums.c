// SPDX-License-Identifier: Apache-2.0
// A plugin that asks for sums over payments in its panel, between statements of its own, and writes down what
// it got.
#include <anchorage/plugin.h>

#include <string.h>

static const struct anc_host *host;

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

enum { WHO, NOTE };
static const struct anc_sql sql[] = {{"who", "SELECT current_user, current_setting('search_path')", 0},
                                     {"note", "INSERT INTO note VALUES (current_user)", 0}};
static const struct anc_migration steps[] = {{1, "note", "CREATE TABLE note (text text)"}};

static void say(anc_panel *p, const char *label, int64_t value, const char *note) {
    host->panel->figure(p, label, ANC_COLUMN_NUMBER, value, note);
}

static anc_rc say_who(anc_ctx *ctx, anc_panel *p) {
    const anc_rows *rows;
    anc_rc rc = host->db->run(ctx, WHO, 0, NULL, &rows);
    say(p, "who", 0, rc == ANC_OK ? host->db->text(rows, 0, 0) : "none");
    return rc;
}

// What a plugin that was built with a header without the later fields hands over.
static anc_rc ask_short(anc_ctx *ctx, anc_panel *p) {
    struct {
        uint32_t size;
        int32_t from_year, to_year;
    } old = {.size = sizeof old, .from_year = 2024, .to_year = 2024};
    uint32_t n = 0;
    const struct anc_sum *rows = NULL;
    anc_rc rc = host->spend->slice(ctx, (const struct anc_slice *)(const void *)&old, &n, &rows);
    say(p, "short", rc == ANC_OK && n == 1 ? rows->pence : -1, "");
    return rc;
}

static anc_rc fill(anc_ctx *ctx, const struct anc_spend_filter *f, anc_panel *p, void *state) {
    (void)state;
    struct anc_slice s = {.size = sizeof s, .by = ANC_BY_PLACE, .largest = 1};
    uint32_t n = 0;
    const struct anc_sum *rows = NULL;
    const int32_t *years = NULL;
    int32_t by_nothing_known = ANC_BY_COUNT;
    if (!host->spend) {
        say(p, "no table", 0, "");
        return ANC_OK;
    }
    anc_rc rc = strcmp(f->view, "statements") == 0 ? host->db->exec(ctx, NOTE, 0, NULL, NULL) : ANC_OK;
    rc = rc ? rc : say_who(ctx, p);
    rc = rc ? rc : host->spend->slice(ctx, &s, &n, &rows);
    for (uint32_t i = 0; rc == ANC_OK && i < n; i++) {
        const struct anc_sum *row = ANC_AT(rows, i);
        say(p, row->key, row->pence, row->label);
    }
    rc = rc ? rc : host->spend->years(ctx, &n, &years);
    say(p, "years", n, "");
    rc = rc ? rc : ask_short(ctx, p);
    s.by = by_nothing_known;
    say(p, "unknown choice", host->spend->slice(ctx, &s, &n, &rows), "");
    say(p, "no slice", host->spend->slice(ctx, NULL, &n, &rows), "");
    return rc ? rc : say_who(ctx, p);
}

static const struct anc_spend_panel panel = {.size = sizeof panel, .title = "Sums", .fill = fill};
static const struct anc_provider providers[] = {{ANC_POINT_SPEND_PANEL, "sums", &panel}};

static const struct anc_plugin plugin = {ANC_PLUGIN_HEAD,
                                         .id = "probe_sums",
                                         .title = "Sums",
                                         .summary = "Asks for sums over payments.",
                                         .license = "Apache-2.0",
                                         .version = ANC_VERSION(1, 0, 0),
                                         .wants = ANC_CAP_READ_SPEND | ANC_CAP_OWN_TABLES,
                                         .start = start,
                                         .migrations = ANC_TABLE(steps),
                                         .sql = ANC_TABLE(sql),
                                         .providers = ANC_TABLE(providers)};
ANC_PLUGIN(plugin)
