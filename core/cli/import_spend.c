// SPDX-License-Identifier: Apache-2.0
// anchorage import spend FILE: reads a payments file, and loads it unless it is a dry run.
#include "cli/import.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "base/money.h"
#include "domain/spend.h"
#include "render/helpers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PROBLEMS_PRINTED 20 // without --json; the JSON has all that were kept

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// ---- what is reported ---------------------------------------------------------------------------------

static json_t *day_value(int32_t day) {
    char text[DAY_TEXT_BYTES];
    if (day == INT32_MIN) {
        return json_null();
    }
    day_iso(day, text);
    return json_string(text);
}

static json_t *problems_value(const struct spend_summary *s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->problem_count; i++) {
        json_array_append_new(list, json_pack("{s:I,s:s}", "line", (json_int_t)s->problems[i].line, "why",
                                              s->problems[i].text));
    }
    return list;
}

static json_t *notes_value(const struct spend_summary *s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->findings.count; i++) {
        json_array_append_new(list, json_string(s->findings.list[i].text));
    }
    return list;
}

static json_t *summary_value(const char *file, const struct spend_summary *s) {
    return json_pack("{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "file", base_name(file),
                     "sha256", s->sha256, "layout", s->layout, "accepted", (json_int_t)s->accepted,
                     "rejected", (json_int_t)s->rejected, "undated", (json_int_t)s->undated, "redacted",
                     (json_int_t)s->redacted, "negative", (json_int_t)s->negative, "totals",
                     (json_int_t)s->totals, "blank", (json_int_t)s->blank, "total_pence",
                     (json_int_t)s->total_pence, "first_day", day_value(s->first_day), "last_day",
                     day_value(s->last_day), "problems", problems_value(s), "notes", notes_value(s));
}

static void print_count(const char *what, int64_t n) {
    char text[32];
    count_format(n, text);
    printf("  %-28s %s\n", what, text);
}

static void print_summary(const char *file, const struct spend_summary *s) {
    char money[MONEY_TEXT_BYTES], first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    money_format(s->total_pence, money);
    printf("%s: %s\n", base_name(file), s->layout);
    print_count("payments taken", s->accepted);
    printf("  %-28s %s\n", "their sum", money);
    print_count("rows that were not taken", s->rejected);
    print_count("payments without a date", s->undated);
    print_count("payments, name hidden", s->redacted);
    print_count("credits (below nought)", s->negative);
    print_count("rows that are totals", s->totals);
    if (s->first_day != INT32_MIN) {
        day_words(s->first_day, first);
        day_words(s->last_day, last);
        printf("  %-28s %s to %s\n", "paid from", first, last);
    }
    for (size_t i = 0; i < s->findings.count; i++) {
        printf("  note: %s\n", s->findings.list[i].text);
    }
    for (size_t i = 0; i < s->problem_count && i < PROBLEMS_PRINTED; i++) {
        printf("  line %" PRIu64 ": %s\n", s->problems[i].line, s->problems[i].text);
    }
    if (s->rejected > PROBLEMS_PRINTED) {
        printf("  and %" PRId64 " more rows that were not taken\n", s->rejected - PROBLEMS_PRINTED);
    }
}

// A file that was refused: the reason as JSON with counts of nought, and in words on standard error.
static int refuse(struct cli *cli, const char *file, const char *why) {
    cli_progress_end(cli);
    if (cli->json) {
        cli_json(json_pack("{s:s,s:s,s:i,s:i,s:i}", "file", base_name(file), "error", why, "accepted", 0,
                           "rejected", 0, "total_pence", 0));
    }
    fprintf(stderr, "anchorage import: %s\n", why);
    return EXIT_REFUSED;
}

static int refuse_failed(struct cli *cli, const char *file, enum err e) {
    return refuse(cli, file, *cli->c.err_detail ? cli->c.err_detail : err_name(e));
}

static void progress(void *arg, int64_t done, int64_t total) {
    cli_progress(arg, "Reading payments", done, total);
}

// ---- dry run ------------------------------------------------------------------------------------------

static int dry_run(struct cli *cli, const char *file, int fd) {
    struct spend_summary s;
    if (!cli_open_plugins_aside(cli)) {
        return refuse(cli, file, cli->why);
    }
    enum err e = spendfile_read(&cli->c, fd, NULL, NULL, &s, progress, cli);
    cli_progress_end(cli);
    if (e != ERR_OK) {
        return refuse_failed(cli, file, e);
    }
    if (cli->json) {
        cli_json(summary_value(file, &s));
    } else {
        print_summary(file, &s);
        puts("Nothing was stored: this was a dry run.");
    }
    return EXIT_DONE;
}

// ---- load ---------------------------------------------------------------------------------------------

static int load(struct cli *cli, const char *file, int fd, int32_t month) {
    struct spend_summary s;
    const char *ref;
    cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return refuse(cli, file, cli->why);
    }
    cli->c.actor.perms |= 1u << PERM_OFFICER; // who may run this program on the data may load payments
    enum err e =
        spend_load(&cli->c, import_options.anchor, fd, base_name(file), month, &s, &ref, progress, cli);
    cli_progress_end(cli);
    if (e != ERR_OK) {
        return refuse_failed(cli, file, e);
    }
    if (cli->json) {
        json_t *value = summary_value(file, &s);
        json_object_set_new(value, "load", json_string(ref));
        json_object_set_new(value, "anchor", json_string(import_options.anchor));
        cli_json(value);
    } else {
        print_summary(file, &s);
        printf("Loaded for %s as load %s.\n", import_options.anchor, ref);
    }
    return EXIT_DONE;
}

// "2025-11" to the first day of that month.
static bool month_parse(struct cli *cli, const char *text, int32_t *ret_day) {
    return strlen(text) == 7 && day_parse(arena_printf(cli->arena, "%s-01", text), ret_day);
}

int import_spend(struct cli *cli, const char *file) {
    int32_t month = INT32_MIN;
    if (import_options.month && !month_parse(cli, import_options.month, &month)) {
        return cli_usage(cli, "Write --month as year and month, like 2025-11.");
    }
    if (!import_options.dry_run && !import_options.anchor) {
        return cli_usage(cli,
                         "Say who paid with --anchor REFERENCE, or only look at the file with --dry-run.");
    }
    log_set_level(LOG_LEVEL_WARNING); // the report is what people want to see
    int fd = fileno(import_options.f);
    return import_options.dry_run ? dry_run(cli, file, fd) : load(cli, file, fd, month);
}
