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
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXPORT_MAX ((size_t)512 * 1024 * 1024)

static const char *base_url(struct cli *cli) {
    return *conf_text(CONF_PUBLIC_URL) ? conf_text(CONF_PUBLIC_URL)
                                       : arena_printf(cli->arena, "http://%s", conf_text(CONF_LISTEN));
}

// The file is opened before the program may become another user, and touched only when all is ready.
struct target {
    const char *path; // NULL: standard output
    int fd;
};

static int write_out(struct cli *cli, const struct target *to, const struct strb *b) {
    if (b->over) {
        return cli_refuse(cli, "The export is larger than %zu bytes. Export notices one by one.", EXPORT_MAX);
    }
    if (to->path && ftruncate(to->fd, 0) != 0) {
        return cli_refuse(cli, "%s cannot be written: %s.", to->path, strerror(errno));
    }
    for (size_t done = 0; done < b->n;) {
        ssize_t n = write(to->fd, b->p + done, b->n - done);
        if (n < 0 && errno != EINTR) {
            return cli_refuse(cli, "%s cannot be written: %s.", to->path ? to->path : "The export",
                              strerror(errno));
        }
        done += n > 0 ? (size_t)n : 0;
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
                       const struct target *to) {
    struct provider p;
    if (!cli_open_plugins(cli) || !provider_find(cli->c.plugins, ANC_POINT_NOTICE_EXPORTER, key, &p)) {
        return cli_refuse(cli, "No running plugin exports %s. See: anchorage plugin list", key);
    }
    struct strb out;
    struct findings found = {0};
    strb_init(&out, EXPORT_MAX);
    enum err e = point_notice_write(&cli->c, &p, list, count, &out, &found);
    print_findings(&found);
    int rc = e == ERR_OK        ? write_out(cli, to, &out)
             : e == ERR_INVALID ? cli_refuse(cli, "The notice cannot be exported; see above.")
                                : cli_failed(cli, e);
    strb_free(&out);
    return rc;
}

static int as_ocds(struct cli *cli, const struct anc_notice *list, uint32_t count, const struct target *to) {
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
    int rc = write_out(cli, to, &out);
    strb_free(&out);
    return rc;
}

static int export_to(struct cli *cli, const char *what, const char *ref, const struct target *to) {
    const struct anc_notice *list;
    uint32_t count;
    if (!cli_open_db(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    enum err e = notice_for_export(&cli->c, ref, base_url(cli), &list, &count);
    if (e == ERR_NOT_FOUND) {
        return cli_refuse(cli, "There is no published notice %s.", ref);
    }
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    return strcmp(what, "ocds") == 0 ? as_ocds(cli, list, count, to)
                                     : with_plugin(cli, what, list, count, to);
}

int verb_export(struct cli *cli) {
    struct cli_option options[] = {{.name = "out", .value_name = "FILE", .help = "write there"},
                                   {.name = "notice", .value_name = "REF", .help = "only this one"}};
    if (!cli_options(cli, options, 2)) {
        return EXIT_USAGE;
    }
    const char *what = cli->argc == 1 ? cli->argv[0] : "";
    if (strcmp(what, "ocds") != 0 && strcmp(what, "contracts-finder") != 0) {
        return cli_usage(cli, "Say: export contracts-finder [--out FILE] [--notice REF], or export ocds.");
    }
    struct target to = {options[0].value, STDOUT_FILENO};
    if (to.path && (to.fd = open(to.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) < 0) {
        return cli_refuse(cli, "%s cannot be written: %s.", to.path, strerror(errno));
    }
    int rc = export_to(cli, what, options[1].value, &to);
    if (to.path) {
        close(to.fd);
    }
    return rc;
}
