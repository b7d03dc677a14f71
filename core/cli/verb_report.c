// SPDX-License-Identifier: Apache-2.0
// anchorage report spend: the figures and tables of the spend panel, as words, JSON or CSV.
#include "base/conf.h"
#include "base/log.h"
#include "base/money.h"
#include "cli/cli.h"
#include "db/queries.gen.h"
#include "plugin/points.h"
#include "render/helpers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define COLUMN_GAP      2

struct wish {
    const char *year, *anchor, *table;
    bool csv;
};

static json_t *table_value(const struct table *t) {
    struct strb b;
    strb_init(&b, TABLE_MAX_BYTES);
    table_json(t, &b);
    json_t *value = json_loads(b.p, 0, NULL);
    strb_free(&b);
    return value ? value : json_null();
}

// ---- words --------------------------------------------------------------------------------------------

static const char *amount_words(struct arena *a, int kind, int64_t value) {
    char text[MONEY_TEXT_BYTES];
    if (kind == ANC_COLUMN_MONEY) {
        money_format(value, text);
    } else if (kind == ANC_COLUMN_SHARE) {
        percent_format(value, text);
    } else {
        count_format(value, text);
    }
    return arena_strdup(a, text);
}

// A cell as words, from the JSON of its row: money stands there in pence, a share in per cent.
static const char *cell_words(struct arena *a, const json_t *column, const json_t *row) {
    const char *key = json_string_value(json_object_get(column, "key"));
    const char *kind = json_string_value(json_object_get(column, "kind"));
    const json_t *v = json_object_get(row, key);
    if (strcmp(kind, "money") == 0) {
        return json_is_integer(v) ? amount_words(a, ANC_COLUMN_MONEY, json_integer_value(v)) : "";
    }
    if (json_is_integer(v)) {
        return amount_words(a, ANC_COLUMN_NUMBER, json_integer_value(v));
    }
    if (json_is_number(v)) {
        return arena_printf(a, "%.1f%%", json_number_value(v));
    }
    return json_is_string(v) ? json_string_value(v) : "";
}

static bool is_words(const json_t *column) {
    return strcmp(json_string_value(json_object_get(column, "kind")), "text") == 0;
}

static size_t characters(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += ((unsigned char)*s & 0xC0) != 0x80;
    }
    return n;
}

static void print_cell(const char *text, size_t width, bool left) {
    int gap = (int)(width > characters(text) ? width - characters(text) : 0);
    printf("%*s%s%*s", left ? 0 : gap, "", text, (left ? gap : 0) + COLUMN_GAP, "");
}

static void print_table(struct arena *a, const struct table *t) {
    json_t *value = table_value(t);
    const json_t *columns = json_object_get(value, "columns"), *rows = json_object_get(value, "rows");
    size_t n = json_array_size(columns), width[TABLE_COLUMNS_MAX] = {0}, i, k;
    const json_t *column, *row;
    json_array_foreach(columns, i, column) {
        width[i] = characters(json_string_value(json_object_get(column, "title")));
        json_array_foreach(rows, k, row) {
            size_t w = characters(cell_words(a, column, row));
            width[i] = w > width[i] ? w : width[i];
        }
    }
    printf("\n%s\n", json_string_value(json_object_get(value, "caption")));
    for (i = 0; i < n; i++) {
        column = json_array_get(columns, i);
        print_cell(json_string_value(json_object_get(column, "title")), width[i], is_words(column));
    }
    putchar('\n');
    json_array_foreach(rows, k, row) {
        for (i = 0; i < n; i++) {
            column = json_array_get(columns, i);
            print_cell(cell_words(a, column, row), width[i], is_words(column));
        }
        putchar('\n');
    }
    json_decref(value);
}

static void print_panel(struct arena *a, const struct panel *p) {
    printf("%s\n\n", p->title);
    for (size_t i = 0; i < p->figure_count; i++) {
        const struct panel_figure *f = &p->figures[i];
        printf("  %-18s %20s   %s\n", f->label, amount_words(a, f->kind, f->value), f->note);
    }
    for (size_t i = 0; i < p->part_count; i++) {
        print_table(a, p->parts[i].table);
        if (p->parts[i].finding) {
            printf("%s\n", p->parts[i].finding);
        }
    }
    putchar('\n');
    for (size_t i = 0; i < p->note_count; i++) {
        printf("%s\n", p->notes[i]);
    }
}

// ---- JSON and CSV -------------------------------------------------------------------------------------

static json_t *panel_value(const struct provider *from, const struct panel *p) {
    static const char *const kinds[] = {"text", "number", "money_pence", "share_basis_points"};
    json_t *figures = json_array(), *tables = json_object(), *notes = json_array();
    for (size_t i = 0; i < p->figure_count; i++) {
        const struct panel_figure *f = &p->figures[i];
        json_array_append_new(figures,
                              json_pack("{s:s,s:s,s:I,s:s}", "label", f->label, "kind", kinds[f->kind & 3],
                                        "value", (json_int_t)f->value, "note", f->note));
    }
    for (size_t i = 0; i < p->part_count; i++) {
        json_object_set_new(tables, p->parts[i].key, table_value(p->parts[i].table));
    }
    for (size_t i = 0; i < p->note_count; i++) {
        json_array_append_new(notes, json_string(p->notes[i]));
    }
    return json_pack("{s:s,s:s,s:o,s:o,s:o}", "panel", from->key, "title", p->title, "figures", figures,
                     "tables", tables, "notes", notes);
}

static int print_csv(struct cli *cli, const struct panel *p, const char *key) {
    for (size_t i = 0; i < p->part_count; i++) {
        if (strcmp(p->parts[i].key, key) == 0) {
            struct strb b;
            strb_init(&b, TABLE_MAX_BYTES);
            table_csv(p->parts[i].table, &b);
            fwrite(b.p, 1, b.n, stdout);
            strb_free(&b);
            return EXIT_DONE;
        }
    }
    return p->part_count == 0 ? cli_refuse(cli, "No payments have been loaded yet.")
                              : cli_refuse(cli, "There is no table \"%s\". Try --table by_year.", key);
}

// ---- the verb -----------------------------------------------------------------------------------------

static enum err check_anchor(struct cli *cli, const char *ref) {
    struct rows *r;
    enum err e = DB_ROWS(&cli->c, spend_anchors, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        if (strcmp(row_text(r, i, "ref"), ref) == 0) {
            return ERR_OK;
        }
    }
    return e ? e : ctx_fail(&cli->c, ERR_NOT_FOUND, "There is no public body %s", ref);
}

static int report(struct cli *cli, const struct wish *w) {
    struct anc_spend_filter filter = {.size = sizeof filter,
                                      .financial_year = w->year ? (int32_t)strtol(w->year, NULL, 10) : 0,
                                      .anchor_ref = w->anchor ? w->anchor : "",
                                      .view = ""};
    struct provider from;
    json_t *all = json_array();
    int rc = EXIT_DONE;
    for (size_t i = 0; rc == EXIT_DONE && provider_at(cli->c.plugins, ANC_POINT_SPEND_PANEL, i, &from); i++) {
        struct panel p;
        enum err e = point_panel(&cli->c, &from, &filter, &p);
        if (e != ERR_OK) {
            json_decref(all);
            return cli_failed(cli, e);
        }
        if (w->csv) {
            json_decref(all);
            return print_csv(cli, &p, w->table ? w->table : "by_year");
        }
        if (cli->json) {
            json_array_append_new(all, panel_value(&from, &p));
        } else {
            print_panel(cli->arena, &p);
        }
    }
    size_t n = json_array_size(all);
    bool none = !provider_at(cli->c.plugins, ANC_POINT_SPEND_PANEL, 0, &from);
    if (cli->json && n > 0) {
        cli_json(n == 1 ? json_incref(json_array_get(all, 0)) : json_pack("{s:O}", "panels", all));
    }
    json_decref(all);
    return none ? cli_refuse(cli, "No plugin that reports spend is active. See: anchorage plugin list") : rc;
}

static bool year_fits(const char *s) {
    return strlen(s) == 4 && isdigit((unsigned char)s[0]) && isdigit((unsigned char)s[1]) &&
           isdigit((unsigned char)s[2]) && isdigit((unsigned char)s[3]);
}

int verb_report(struct cli *cli) {
    struct cli_option options[] = {
        {.name = "year", .value_name = "YEAR", .help = "year in which the financial year begins"},
        {.name = "anchor", .value_name = "REF", .help = "one public body"},
        {.name = "csv", .help = "one table as CSV"},
        {.name = "table", .value_name = "KEY", .help = "which table, by_year when not given"}};
    if (!cli_options(cli, options, 4)) {
        return EXIT_USAGE;
    }
    struct wish w = {.year = options[0].value,
                     .anchor = options[1].value,
                     .csv = options[2].value != NULL,
                     .table = options[3].value};
    if (cli->argc != 1 || strcmp(cli->argv[0], "spend") != 0) {
        return cli_usage(cli, "Say: report spend [--year 2025] [--anchor REF] [--json or --csv].");
    }
    if (w.year && !year_fits(w.year)) {
        return cli_usage(cli, "Write --year as the year in which the financial year begins, like 2025.");
    }
    log_set_level(LOG_LEVEL_WARNING);
    cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    enum err e = w.anchor ? check_anchor(cli, w.anchor) : ERR_OK;
    return e ? cli_failed(cli, e) : report(cli, &w);
}
