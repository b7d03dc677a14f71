// SPDX-License-Identifier: Apache-2.0
// anchorage export contracts-finder | ocds: notices for other systems.
#include "base/conf.h"
#include "base/strb.h"
#include "cli/cli.h"
#include "cli/ocds.h"
#include "db/queries.gen.h"
#include "domain/notice.h"
#include "plugin/points.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXPORT_MAX ((size_t)512 * 1024 * 1024)

static const char *base_url(struct cli *cli) {
    return *conf_text(CONF_PUBLIC_URL) ? conf_text(CONF_PUBLIC_URL)
                                       : arena_printf(cli->arena, "http://%s", conf_text(CONF_LISTEN));
}

// A file appears whole or not at all.
static int write_out(struct cli *cli, const char *path, const struct strb *b) {
    if (b->over) {
        return cli_refuse(cli, "The export is larger than %zu bytes. Export notices one by one.", EXPORT_MAX);
    }
    if (!path) {
        bool fine = fwrite(b->p, 1, b->n, stdout) == b->n && fflush(stdout) == 0;
        return fine ? EXIT_DONE : cli_refuse(cli, "Writing failed: %s.", strerror(errno));
    }
    const char *part = arena_printf(cli->arena, "%s.part", path);
    FILE *f = fopen(part, "we");
    if (!f) {
        return cli_refuse(cli, "%s cannot be written: %s.", path, strerror(errno));
    }
    bool fine = fwrite(b->p, 1, b->n, f) == b->n;
    fine = fclose(f) == 0 && fine;
    if (!fine || rename(part, path) != 0) {
        int why = errno;
        unlink(part);
        return cli_refuse(cli, "%s cannot be written: %s.", path, strerror(why));
    }
    return EXIT_DONE;
}

static void print_findings(const struct findings *found) {
    static const char *const words[] = {"note", "warning", "error"};
    for (size_t i = 0; i < found->count; i++) {
        const struct finding *f = &found->list[i];
        fprintf(stderr, "%s: %s: %s\n", words[f->severity < 0 || f->severity > 2 ? 0 : f->severity], f->field,
                f->text);
    }
}

static int with_plugin(struct cli *cli, const char *key, const struct anc_notice *list, uint32_t count,
                       const char *path) {
    struct provider p;
    if (!cli_open_plugins(cli) || !provider_find(cli->plugins, ANC_POINT_NOTICE_EXPORTER, key, &p)) {
        return cli_refuse(cli, "No running plugin exports %s. See: anchorage plugin list", key);
    }
    struct strb out;
    struct findings found = {0};
    strb_init(&out, EXPORT_MAX);
    enum err e = point_notice_write(&cli->c, &p, list, count, &out, &found);
    print_findings(&found);
    int rc = e == ERR_OK        ? write_out(cli, path, &out)
             : e == ERR_INVALID ? cli_refuse(cli, "The notice cannot be exported; see above.")
                                : cli_failed(cli, e);
    strb_free(&out);
    return rc;
}

static int as_ocds(struct cli *cli, const struct anc_notice *list, uint32_t count, const char *path) {
    struct rows *place;
    enum err e = DB_ROWS(&cli->c, mail_place, &place);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    struct ocds_head h = {.prefix = conf_text(CONF_OCID_PREFIX),
                          .base_url = base_url(cli),
                          .publisher = rows_count(place) ? row_text(place, 0, "operator") : "Anchorage",
                          .now_usec = cli->c.now_usec};
    struct strb out;
    strb_init(&out, EXPORT_MAX);
    ocds_begin(&h, &out);
    for (uint32_t i = 0; i < count; i++) {
        ocds_release(&h, &list[i], i == 0, &out);
        cli_progress(cli, "Writing notices", i + 1, count);
    }
    ocds_end(&out);
    cli_progress_end(cli);
    int rc = write_out(cli, path, &out);
    strb_free(&out);
    return rc;
}

int verb_export(struct cli *cli) {
    struct cli_option options[] = {{.name = "out", .value_name = "FILE", .help = "write there"},
                                   {.name = "notice", .value_name = "REF", .help = "only this one"}};
    if (!cli_options(cli, options, 2)) {
        return EXIT_USAGE;
    }
    const char *what = cli->argc == 1 ? cli->argv[0] : "";
    bool ocds = strcmp(what, "ocds") == 0;
    if (!ocds && strcmp(what, "contracts-finder") != 0) {
        return cli_usage(cli, "Say: export contracts-finder [--out FILE] [--notice REF], or export ocds.");
    }
    if (!cli_open_db(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    const struct anc_notice *list;
    uint32_t count;
    enum err e = notice_for_export(&cli->c, options[1].value, base_url(cli), &list, &count);
    if (e == ERR_NOT_FOUND) {
        return cli_refuse(cli, "There is no published notice %s.", options[1].value);
    }
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    return ocds ? as_ocds(cli, list, count, options[0].value)
                : with_plugin(cli, what, list, count, options[0].value);
}
