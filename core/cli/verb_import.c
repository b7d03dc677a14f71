// SPDX-License-Identifier: Apache-2.0
// anchorage import postcodes|companies|charities|wards|spend FILE.
#include "cli/import.h"

#include "base/conf.h"
#include "domain/register_import.h"
#include "domain/supplier.h"

#include <errno.h>
#include <string.h>

struct import_options import_options;

// ---- registers ----------------------------------------------------------------------------------------

static void show_bytes(void *arg, int64_t done, int64_t total) {
    cli_progress(arg, "Reading the file", done, total);
}

static void show_located(void *arg, int64_t done, int64_t total) {
    cli_progress(arg, "Locating suppliers", done, total);
}

static void show_tagged(void *arg, int64_t done, int64_t total) {
    cli_progress(arg, "Tagging suppliers", done, total);
}

static json_t *reasons_json(const struct register_report *r) {
    json_t *list = json_array();
    for (size_t i = 0; i < r->reason_count; i++) {
        json_array_append_new(list, json_pack("{s:s,s:I,s:I}", "reason", r->reasons[i].text, "rows",
                                              (json_int_t)r->reasons[i].count, "first_line",
                                              (json_int_t)r->reasons[i].first_line));
    }
    return list;
}

static void report(struct cli *cli, const char *kind, const struct register_report *r,
                   const struct supplier_sweep *sweep, int64_t tagged) {
    if (cli->json) {
        cli_json(json_pack("{s:s,s:I,s:I,s:I,s:o,s:I,s:I,s:I}", "kind", kind, "accepted",
                           (json_int_t)r->accepted, "rejected", (json_int_t)r->rejected, "left_out",
                           (json_int_t)r->left_out, "reasons", reasons_json(r), "suppliers_located",
                           (json_int_t)sweep->located, "suppliers_moved", (json_int_t)sweep->changed,
                           "suppliers_tagged", (json_int_t)tagged));
        return;
    }
    printf("%lld %s loaded, %lld left out, %lld rejected.\n", (long long)r->accepted, kind,
           (long long)r->left_out, (long long)r->rejected);
    for (size_t i = 0; i < r->reason_count; i++) {
        printf("  rejected: %s, %lld rows, first in line %lld\n", r->reasons[i].text,
               (long long)r->reasons[i].count, (long long)r->reasons[i].first_line);
    }
    if (sweep->seen > 0) {
        printf("%lld of %lld suppliers are located, %lld of them anew.\n", (long long)sweep->located,
               (long long)sweep->seen, (long long)sweep->changed);
    }
    if (tagged > 0) {
        printf("%lld suppliers were looked up in the registers again.\n", (long long)tagged);
    }
}

static const char *last_part(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// After new postcodes everybody is located again, after new registers everybody is looked up again.
static enum err sweep_suppliers(struct cli *cli, enum register_kind kind, struct supplier_sweep *sweep,
                                int64_t *tagged) {
    if (kind == REGISTER_WARDS) {
        return ERR_OK;
    }
    return kind == REGISTER_POSTCODES ? supplier_locate_all(&cli->c, show_located, cli, sweep)
                                      : supplier_tag_all(&cli->c, show_tagged, cli, tagged);
}

static int import_register(struct cli *cli, const char *words, enum register_kind kind, const char *file) {
    if (import_options.dry_run || import_options.anchor || import_options.month) {
        return cli_usage(cli, "--dry-run, --anchor and --month belong to import spend.");
    }
    cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    struct register_options o = {.kind = kind,
                                 .only_place = import_options.only_place,
                                 .file_name = last_part(file),
                                 .progress = show_bytes,
                                 .arg = cli};
    struct register_report r;
    struct supplier_sweep sweep = {0};
    int64_t tagged = 0;
    enum err e = db_limit_ms(cli->c.db, 0);
    e = e ? e : register_import(&cli->c, import_options.f, &o, &r);
    cli_progress_end(cli);
    e = e ? e : sweep_suppliers(cli, kind, &sweep, &tagged);
    cli_progress_end(cli);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    report(cli, words, &r, &sweep, tagged);
    return EXIT_DONE;
}

// ---- the verb -----------------------------------------------------------------------------------------

static int run(struct cli *cli, const char *kind, const char *file) {
    if (strcmp(kind, "postcodes") == 0) {
        return import_options.wards ? import_register(cli, "wards", REGISTER_WARDS, file)
                                    : import_register(cli, "postcodes", REGISTER_POSTCODES, file);
    }
    if (import_options.wards || import_options.only_place) {
        return cli_usage(cli, "--wards and --only-place belong to import postcodes.");
    }
    if (strcmp(kind, "companies") == 0) {
        return import_register(cli, "companies", REGISTER_COMPANIES, file);
    }
    if (strcmp(kind, "charities") == 0) {
        return import_register(cli, "charities", REGISTER_CHARITIES, file);
    }
    if (strcmp(kind, "wards") == 0) {
        return import_wards(cli, last_part(file));
    }
    return import_spend(cli, file);
}

static bool known_kind(const char *s) {
    static const char *const all[] = {"postcodes", "companies", "charities", "wards", "spend"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i], s) == 0) {
            return true;
        }
    }
    return false;
}

int verb_import(struct cli *cli) {
    struct cli_option o[] = {{"dry-run", NULL, "store nothing", NULL},
                             {"only-place", NULL, "postcodes of the place alone", NULL},
                             {"wards", NULL, "the file holds ward names", NULL},
                             {"anchor", "REF", "whose payments these are", NULL},
                             {"month", "YYYY-MM", "month of rows without a date", NULL},
                             {"overlap", "once|all", "payments that an earlier load has too", NULL},
                             {"replaces", "REF", "the load this file takes the place of", NULL},
                             {"tier2", NULL, "whom an agency paid on", NULL}};
    if (!cli_options(cli, o, sizeof o / sizeof *o)) {
        return EXIT_USAGE;
    }
    if (cli->argc != 2 || !known_kind(cli->argv[0])) {
        return cli_usage(
            cli,
            "Say what to load and from which file: import postcodes|companies|charities|wards|spend FILE.");
    }
    // Opened first: the data folder may belong to a user who cannot read the caller's files.
    FILE *f = fopen(cli->argv[1], "re");
    if (!f) {
        return cli_refuse(cli, "%s cannot be read: %s.", cli->argv[1], strerror(errno));
    }
    import_options = (struct import_options){.dry_run = o[0].value != NULL,
                                             .only_place = o[1].value != NULL,
                                             .wards = o[2].value != NULL,
                                             .anchor = o[3].value,
                                             .month = o[4].value,
                                             .overlap = o[5].value,
                                             .replaces = o[6].value,
                                             .tier2 = o[7].value != NULL,
                                             .f = f};
    int rc = run(cli, cli->argv[0], cli->argv[1]);
    fclose(f);
    import_options.f = NULL;
    return rc;
}
