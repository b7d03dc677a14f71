// SPDX-License-Identifier: Apache-2.0
// anchorage import spend FILE: reads a payments file, and loads it unless it is a dry run.
#include "cli/import.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "base/money.h"
#include "render/helpers.h"
#include "spend/load.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

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

static json_t *problems_value(const struct load_summary *s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->problem_count; i++) {
        json_array_append_new(
            list, json_pack("{s:I,s:s}", "line", (json_int_t)s->problems[i].line, "why", s->problems[i].why));
    }
    return list;
}

static json_t *notes_value(const struct load_summary *s) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->findings.count; i++) {
        json_array_append_new(list, json_string(s->findings.list[i].text));
    }
    return list;
}

static const char *const flow_words[ANC_FLOW_COUNT] = {"procurement",     "grant",        "credit",
                                                       "public_transfer", "pass_through", "individual",
                                                       "treasury",        "card",         "hidden"};

static json_t *flows_value(const struct load_summary *s) {
    json_t *all = json_object();
    for (int i = 0; i < ANC_FLOW_COUNT; i++) {
        if (s->flow_lines[i] > 0) {
            json_object_set_new(all, flow_words[i],
                                json_pack("{s:I,s:I}", "lines", (json_int_t)s->flow_lines[i], "pence",
                                          (json_int_t)s->flow_pence[i]));
        }
    }
    return all;
}

static int64_t blank_rows(const struct load_summary *s) {
    return s->rows - s->accepted - s->rejected - s->sums;
}

static void set_number(json_t *o, const char *key, int64_t n) {
    json_object_set_new(o, key, json_integer(n));
}

static json_t *summary_value(const char *file, const struct load_summary *s) {
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:s}", "file", base_name(file), "sha256", s->sha256, "sheet",
                          s->sheet, "layout", s->layout, "rules", s->rules);
    const struct {
        const char *key;
        int64_t n;
    } numbers[] = {{"rows", s->rows},
                   {"accepted", s->accepted},
                   {"rejected", s->rejected},
                   {"undated", s->undated},
                   {"redacted", s->redacted},
                   {"negative", s->negative},
                   {"totals", s->sums},
                   {"blank", blank_rows(s)},
                   {"rounded", s->rounded},
                   {"payees", s->payees},
                   {"new_payees", s->new_payees},
                   {"total_pence", s->total_pence},
                   {"negative_pence", s->negative_pence},
                   {"redacted_pence", s->redacted_pence},
                   {"undated_pence", s->undated_pence},
                   {"vat_lost_pence", s->vat_lost_pence},
                   {"counts_pence", s->total_pence + s->vat_lost_pence},
                   {"same_lines", s->same_lines},
                   {"same_pence", s->same_pence}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        set_number(o, numbers[i].key, numbers[i].n);
    }
    json_object_set_new(o, "same_loads", json_string(s->same_loads));
    json_object_set_new(o, "month_said", json_string(s->month_said ? s->month_said : ""));
    json_object_set_new(o, "first_day", day_value(s->first_day));
    json_object_set_new(o, "last_day", day_value(s->last_day));
    json_object_set_new(o, "flows", flows_value(s));
    json_object_set_new(o, "problems", problems_value(s));
    json_object_set_new(o, "notes", notes_value(s));
    return o;
}

static void print_count(const char *what, int64_t n) {
    char text[32];
    count_format(n, text);
    printf("  %-28s %s\n", what, text);
}

static void print_money(const char *what, int64_t pence) {
    char money[MONEY_TEXT_BYTES];
    money_format(pence, money);
    printf("  %-28s %s\n", what, money);
}

static void print_flows(const struct load_summary *s) {
    static const char *const words[ANC_FLOW_COUNT] = {"bought",           "grants",    "credits",
                                                      "to public bodies", "to pay on", "to or for people",
                                                      "loans and taxes",  "by card",   "names hidden"};
    for (int i = 0; i < ANC_FLOW_COUNT; i++) {
        if (s->flow_lines[i] > 0) {
            print_money(words[i], s->flow_pence[i]);
        }
    }
}

static void print_summary(const char *file, const struct load_summary *s) {
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    printf("%s: %s\n", base_name(file), s->layout);
    print_count("payments taken", s->accepted);
    print_money("their sum", s->total_pence);
    if (s->vat_lost_pence != 0) {
        print_money("VAT not reclaimed, on top", s->vat_lost_pence);
        print_money("what counts", s->total_pence + s->vat_lost_pence);
    }
    print_flows(s);
    print_count("payees", s->payees);
    print_count("rows that were not taken", s->rejected);
    print_count("payments without a date", s->undated);
    print_count("payments, name hidden", s->redacted);
    print_count("credits (below nought)", s->negative);
    print_count("rows that are totals", s->sums);
    if (s->first_day != INT32_MIN) {
        day_words(s->first_day, first);
        day_words(s->last_day, last);
        printf("  %-28s %s to %s\n", "paid from", first, last);
    }
    if (s->same_lines > 0) {
        print_count("also in earlier loads", s->same_lines);
        print_money("their sum", s->same_pence);
        printf("  %-28s %s\n", "which are", s->same_loads);
    }
    for (size_t i = 0; i < s->findings.count; i++) {
        printf("  note: %s\n", s->findings.list[i].text);
    }
    for (size_t i = 0; i < s->problem_count && i < PROBLEMS_PRINTED; i++) {
        printf("  line %" PRIu64 ": %s\n", s->problems[i].line, s->problems[i].why);
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
    const char *why = *cli->c.err_detail ? cli->c.err_detail : err_name(e);
    if (e == ERR_CONFLICT && cli->c.err_field && strcmp(cli->c.err_field, "overlap") == 0) {
        why = arena_printf(cli->arena, "%s: --overlap once or --overlap all.", why);
    }
    return refuse(cli, file, why);
}

// ---- progress -----------------------------------------------------------------------------------------

struct watch {
    struct cli *cli;
    int64_t began_usec;
};

static int64_t rows_a_second(const struct watch *w, int64_t rows) {
    int64_t usec = clock_monotonic_usec() - w->began_usec;
    return usec > 0 ? rows * 1000000 / usec : 0;
}

static void progress(void *arg, int64_t done, int64_t total, int64_t rows) {
    struct watch *w = arg;
    if (w->cli->terminal) {
        char what[80], speed[32];
        count_format(rows_a_second(w, rows), speed);
        snprintf(what, sizeof what, "Reading payments, %s rows a second", speed);
        cli_progress(w->cli, what, done, total);
    }
}

static struct load_orders orders_of(const char *file, int32_t month, struct watch *w) {
    const struct import_options *o = &import_options;
    return (struct load_orders){.anchor_ref = o->anchor ? o->anchor : "",
                                .file_name = base_name(file),
                                .month = month,
                                .overlap = !o->overlap                      ? OVERLAP_ASK
                                           : strcmp(o->overlap, "all") == 0 ? OVERLAP_ALL
                                                                            : OVERLAP_ONCE,
                                .replaces = o->replaces ? o->replaces : "",
                                .kind = o->tier2 ? ANC_FILE_TIER2 : ANC_FILE_PAYMENTS,
                                .progress = progress,
                                .progress_arg = w};
}

// ---- dry run ------------------------------------------------------------------------------------------

static int dry_run(struct cli *cli, const char *file, int fd, int32_t month) {
    struct load_summary s;
    if (!cli_open_plugins_aside(cli)) {
        return refuse(cli, file, cli->why);
    }
    struct watch w = {.cli = cli, .began_usec = clock_monotonic_usec()};
    struct load_orders orders = orders_of(file, month, &w);
    orders.anchor_ref = "";
    enum err e = load_look(&cli->c, fd, &orders, &s);
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

// Most memory this program has held so far.
static int64_t peak_kib(void) {
    struct rusage u;
    return getrusage(RUSAGE_SELF, &u) == 0 ? u.ru_maxrss : 0;
}

static int load(struct cli *cli, const char *file, int fd, int32_t month) {
    struct load_summary s;
    const char *ref;
    cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return refuse(cli, file, cli->why);
    }
    cli->c.actor.perms |= 1u << PERM_OFFICER; // who may run this program on the data may load payments
    struct watch w = {.cli = cli, .began_usec = clock_monotonic_usec()};
    const struct load_orders orders = orders_of(file, month, &w);
    enum err e = load_file(&cli->c, fd, &orders, &s, &ref);
    int64_t usec = clock_monotonic_usec() - w.began_usec, speed = rows_a_second(&w, s.rows);
    cli_progress_end(cli);
    if (e != ERR_OK) {
        return refuse_failed(cli, file, e);
    }
    if (cli->json) {
        json_t *value = summary_value(file, &s);
        json_object_set_new(value, "load", json_string(ref));
        json_object_set_new(value, "anchor", json_string(import_options.anchor));
        set_number(value, "milliseconds", usec / 1000);
        set_number(value, "rows_a_second", speed);
        set_number(value, "peak_kib", peak_kib());
        cli_json(value);
    } else {
        char text[32];
        count_format(speed, text);
        print_summary(file, &s);
        printf("Loaded for %s as load %s, %s rows a second.\n", import_options.anchor, ref, text);
    }
    return EXIT_DONE;
}

// "2025-11" to the first day of that month.
static bool month_parse(struct cli *cli, const char *text, int32_t *ret_day) {
    return strlen(text) == 7 && day_parse(arena_printf(cli->arena, "%s-01", text), ret_day);
}

int import_spend(struct cli *cli, const char *file) {
    int32_t month = INT32_MIN;
    const struct import_options *o = &import_options;
    if (o->month && !month_parse(cli, o->month, &month)) {
        return cli_usage(cli, "Write --month as year and month, like 2025-11.");
    }
    if (o->overlap && strcmp(o->overlap, "once") != 0 && strcmp(o->overlap, "all") != 0) {
        return cli_usage(cli, "Write --overlap once, or --overlap all.");
    }
    if (!o->dry_run && !o->anchor) {
        return cli_usage(cli,
                         "Say who paid with --anchor REFERENCE, or only look at the file with --dry-run.");
    }
    log_set_level(LOG_LEVEL_WARNING); // the report is what people want to see
    int fd = fileno(o->f);
    return o->dry_run ? dry_run(cli, file, fd, month) : load(cli, file, fd, month);
}
