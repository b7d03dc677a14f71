// SPDX-License-Identifier: Apache-2.0
// A plugin for tests of spend pages: its headline repeats what was asked, its views draw each kind of
// picture, hold a table back, or ask for a picture that cannot be drawn.
#include <anchorage/plugin.h>

#include <string.h>

static const struct anc_host *host;

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static void fact(anc_panel *p, const char *what, const char *text, int64_t number) {
    host->panel->row(p);
    host->panel->cell_text(p, what);
    host->panel->cell_text(p, text);
    host->panel->cell_i64(p, number);
}

// What the host handed over, as a table.
static void repeat(const struct anc_spend_filter *f, anc_panel *p) {
    const struct anc_slice *s = f->chosen;
    host->panel->figure(p, "Asked", ANC_COLUMN_NUMBER, f->financial_year, f->view);
    host->panel->table(p, "asked", "What was asked");
    host->panel->column(p, "what", "What", ANC_COLUMN_TEXT);
    host->panel->column(p, "text", "Text", ANC_COLUMN_TEXT);
    host->panel->column(p, "number", "Number", ANC_COLUMN_NUMBER);
    fact(p, "anchor", s->anchor_ref, s->from_year);
    fact(p, "ward", s->ward, s->to_year);
    fact(p, "sector", s->sector, (int64_t)s->flows);
    fact(p, "places", "", (int64_t)s->places);
    fact(p, "vcfse", "", (int64_t)s->vcfse);
    fact(p, "sizes", "", (int64_t)s->sizes);
    fact(p, "rule", "", s->rule);
    fact(p, "public", "", f->for_public);
}

static void table(anc_panel *p, const char *key, const char *caption) {
    static const char *const wards[][2] = {{"W1", "Brookside"}, {"W2", "Hilltop"}, {"", "Elsewhere"}};
    static const int64_t paid[] = {120000000, -5000000, 40000000};
    host->panel->table(p, key, caption);
    host->panel->column(p, "code", "Code", ANC_COLUMN_TEXT);
    host->panel->column(p, "ward", "Ward", ANC_COLUMN_TEXT);
    host->panel->column(p, "paid", "Paid", ANC_COLUMN_MONEY);
    host->panel->column(p, "part", "Of it local", ANC_COLUMN_MONEY);
    for (int i = 0; i < 3; i++) {
        host->panel->row(p);
        host->panel->cell_text(p, wards[i][0]);
        host->panel->cell_text(p, wards[i][1]);
        host->panel->cell_i64(p, paid[i]);
        host->panel->cell_i64(p, paid[i] / 4);
    }
}

static void draw(anc_panel *p) {
    static const char *const keys[] = {"ward", "paid", "part"}, *const tiles[] = {"code", "ward", "paid"};
    table(p, "bars", "As bars");
    host->panel->picture(p, ANC_PICTURE_BARS, keys, 2, "Bars say this.");
    table(p, "trend", "As columns");
    host->panel->picture(p, ANC_PICTURE_TREND, keys, 3, "Columns say this.");
    table(p, "split", "As a band");
    host->panel->picture(p, ANC_PICTURE_SPLIT, keys, 2, "The band says this.");
    table(p, "tiles", "As tiles");
    host->panel->picture(p, ANC_PICTURE_TILES, tiles, 3, "Tiles say this.");
    table(p, "treemap", "As areas");
    host->panel->picture(p, ANC_PICTURE_TREEMAP, keys, 2, "Areas say this.");
}

static anc_rc fill(anc_ctx *ctx, const struct anc_spend_filter *f, anc_panel *p, void *state) {
    (void)ctx, (void)state;
    static const char *const nowhere[] = {"ward", "nowhere"}, *const words[] = {"paid", "ward"};
    if (strcmp(f->view, "pictures") == 0) {
        draw(p);
    } else if (strcmp(f->view, "held") == 0) {
        table(p, "held", "A secret table");
        host->panel->picture(p, ANC_PICTURE_BARS, (const char *const[]){"ward", "paid"}, 2,
                             "1.2 million in Brookside.");
        host->panel->withhold(p, "Too little of it is placed.");
        host->panel->row(p); // what comes after is not taken
        host->panel->cell_text(p, "came too late");
        host->panel->withhold(p, "again");
    } else if (strcmp(f->view, "wrong_key") == 0) {
        table(p, "t", "T");
        host->panel->picture(p, ANC_PICTURE_BARS, nowhere, 2, "x");
    } else if (strcmp(f->view, "wrong_kind") == 0) {
        table(p, "t", "T");
        host->panel->picture(p, 77, words, 2, "x");
        host->panel->picture(p, ANC_PICTURE_TREND, NULL, 2, NULL);
    } else if (strcmp(f->view, "wrong_column") == 0) {
        table(p, "t", "T");
        host->panel->picture(p, ANC_PICTURE_TREEMAP, words, 2, "x");
    } else {
        host->panel->picture(p, ANC_PICTURE_BARS, nowhere, 2, "no table yet"); // and nothing to fail over
        host->panel->withhold(p, "no table yet");
        repeat(f, p);
    }
    return ANC_OK;
}

static const struct anc_spend_view views[] = {
    {"pictures", "All pictures", "Each kind of picture once."},
    {"held", "Held back", "A table that is not shown."},
    {"plain", "Plain", "What was asked once more."}, // the first page asks for the first four
    {"plainer", "Plainer", "And again."},
    {"wrong_key", "Wrong key", ""},
    {"wrong_kind", "Wrong kind", ""},
    {"wrong_column", "Wrong column", NULL},
};
static const struct anc_spend_panel panel = {.size = sizeof panel,
                                             .title = "Probe of pictures",
                                             .fill = fill,
                                             .views = ANC_TABLE(views),
                                             .rules = "probe 7"};
static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SPEND_PANEL, .key = "probe_pictures", .table = &panel},
};

static const struct anc_plugin description = {
    ANC_PLUGIN_HEAD,
    .id = "probe_pictures",
    .title = "Probe of pictures",
    .summary = "For tests",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_READ_SPEND | ANC_CAP_PAGES,
    .start = start,
    .providers = ANC_TABLE(providers),
};
ANC_PLUGIN(description)
