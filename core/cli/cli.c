// SPDX-License-Identifier: Apache-2.0
// What the verbs share.
#include "cli/cli.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/runuser.h"
#include "db/migrate.h"
#include "spend/cube.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cli_refuse(struct cli *cli, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(cli->arena, fmt, ap);
    va_end(ap);
    cli_progress_end(cli);
    if (cli->json) {
        cli_json(json_pack("{s:s}", "error", s));
    }
    fprintf(stderr, "anchorage %s: %s\n", cli->verb, s);
    return EXIT_REFUSED;
}

int cli_usage(struct cli *cli, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *s = arena_vprintf(cli->arena, fmt, ap);
    va_end(ap);
    fprintf(stderr, "anchorage %s: %s\nSee: anchorage %s --help\n", cli->verb, s, cli->verb);
    return EXIT_USAGE;
}

int cli_failed(struct cli *cli, enum err e) {
    return cli_refuse(cli, "%s (%s)", *cli->c.err_detail ? cli->c.err_detail : err_name(e), err_name(e));
}

void cli_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    fflush(stdout);
    json_decref(value);
}

void cli_progress(struct cli *cli, const char *what, int64_t done, int64_t total) {
    static int64_t drawn_usec;
    int64_t now = clock_monotonic_usec();
    if (!cli->terminal || (now - drawn_usec < 100000 && done != total)) {
        return;
    }
    drawn_usec = now;
    if (total <= 0) {
        fprintf(stderr, "\r\033[K%s  %lld", what, (long long)done);
        return;
    }
    char bar[31];
    int64_t filled = done * 30 / total;
    for (int i = 0; i < 30; i++) {
        bar[i] = i < filled ? '#' : '.';
    }
    bar[30] = 0;
    fprintf(stderr, "\r\033[K%s  [%s]  %lld %%", what, bar, (long long)(done * 100 / total));
}

void cli_progress_end(struct cli *cli) {
    if (cli->terminal) {
        fputs("\r\033[K", stderr);
    }
}

bool cli_options(struct cli *cli, struct cli_option *options, size_t n) {
    int kept = 0;
    for (int i = 0; i < cli->argc; i++) {
        char *s = cli->argv[i];
        if (!text_starts(s, "--")) {
            cli->argv[kept++] = s;
            continue;
        }
        const char *eq = strchr(s, '=');
        size_t len = eq ? (size_t)(eq - s - 2) : strlen(s + 2);
        struct cli_option *o = NULL;
        for (size_t k = 0; k < n; k++) {
            if (strlen(options[k].name) == len && strncmp(options[k].name, s + 2, len) == 0) {
                o = &options[k];
            }
        }
        if (!o) {
            cli_usage(cli, "There is no option %s.", s);
            return false;
        }
        if (!o->value_name) {
            o->value = "";
        } else if (eq) {
            o->value = eq + 1;
        } else if (i + 1 < cli->argc) {
            o->value = cli->argv[++i];
        } else {
            cli_usage(cli, "--%s needs a value: %s.", o->name, o->value_name);
            return false;
        }
    }
    cli->argc = kept;
    return true;
}

bool cli_open_cluster(struct cli *cli) {
    bool own = *conf_text(CONF_DB_URI) == 0;
    bool serving = strcmp(cli->verb, "serve") == 0;
    // With a database elsewhere only the server needs the folder (uploads, mail), and it never stays root.
    if ((own || serving) && runuser_settle(conf_text(CONF_DATA_DIR), cli->why, sizeof cli->why) != ERR_OK) {
        return false;
    }
    if (!own) {
        cli->conninfo = conf_text(CONF_DB_URI);
        return true;
    }
    enum err e = cluster_open(conf_text(CONF_DATA_DIR), serving ? CLUSTER_SERVE : CLUSTER_VERB, &cli->cluster,
                              cli->why, sizeof cli->why);
    cli->conninfo = e == ERR_OK ? cluster_conninfo(cli->cluster) : NULL;
    return e == ERR_OK;
}

static bool migrate(struct cli *cli) {
    size_t n;
    const struct migration *list = migrate_core(&n);
    int applied = 0;
    if (db_open(cli->conninfo, false, &cli->c.db, cli->why, sizeof cli->why) != ERR_OK) {
        return false;
    }
    enum err e = migrate_run(&cli->c, "core", list, n, &applied, cli->why, sizeof cli->why);
    db_close(cli->c.db);
    cli->c.db = NULL;
    return e == ERR_OK;
}

bool cli_open_tables(struct cli *cli) {
    return cli_open_cluster(cli) && migrate(cli);
}

enum err cli_connect(struct cli *cli) {
    // A verb may take its time; pages may not.
    enum err e = db_open(cli->conninfo, true, &cli->c.db, cli->why, sizeof cli->why);
    return e ? e : db_limit_ms(cli->c.db, 0);
}

bool cli_open_db(struct cli *cli) {
    return cli_open_tables(cli) && cli_connect(cli) == ERR_OK;
}

const char *cli_plugin_dir(struct cli *cli) {
    if (*conf_text(CONF_PLUGIN_DIR)) {
        return conf_text(CONF_PLUGIN_DIR);
    }
    char self[2048];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *slash = strrchr(self, '/');
    if (slash) {
        *slash = 0;
        const char *beside = arena_printf(cli->arena, "%s/plugins", self);
        if (access(beside, R_OK) == 0) {
            return beside;
        }
        const char *prefix = arena_printf(cli->arena, "%s/../lib/anchorage/plugins", self);
        if (access(prefix, R_OK) == 0) { // installed below a prefix of its own
            return prefix;
        }
    }
    return "/usr/lib/anchorage/plugins";
}

const char *cli_temp_folder(struct cli *cli) {
    return mkdtemp(arena_printf(cli->arena, "%s/anchorage-XXXXXX", P_tmpdir));
}

void cli_temp_remove(struct cli *cli, const char *folder) {
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && (e = readdir(d));) {
        unlink(arena_printf(cli->arena, "%s/%s", folder, e->d_name));
    }
    if (d) {
        closedir(d);
    }
    rmdir(folder);
}

void cli_read_plugins(struct cli *cli) {
    if (!cli->plugins) {
        cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    }
}

static void open_plugins(struct cli *cli, const char *copies) {
    cli_read_plugins(cli);
    plugin_host_check(cli->plugins, copies, NULL);
    plugin_host_visit(cli->plugins); // what a server says of its plugins is not ours to change
    plugin_host_start(cli->plugins, &cli->c);
    cli->c.plugins = plugin_host_now(cli->plugins); // nothing switches beside a verb
    cli->cube = cube_new();
    sums_begin(&cli->sums, cli->cube, &cli->c);
}

bool cli_open_plugins_aside(struct cli *cli) {
    const char *folder = cli_temp_folder(cli);
    if (!folder) {
        snprintf(cli->why, sizeof cli->why, "No folder for copies of the plugins can be made.");
        return false;
    }
    open_plugins(cli, folder);
    cli_temp_remove(cli, folder);
    return true;
}

bool cli_open_plugins(struct cli *cli) {
    const char *data = conf_text(CONF_DATA_DIR);
    if (access(data, W_OK) != 0) { // a verb with --db needs no data folder
        return cli_open_plugins_aside(cli);
    }
    open_plugins(cli, arena_printf(cli->arena, "%s/plugins", data));
    return true;
}

void cli_close(struct cli *cli) {
    sums_end(&cli->sums, &cli->c);
    cube_free(cli->cube);
    cli->cube = NULL;
    db_close(cli->c.db);
    cli->c.db = NULL;
    cli->c.plugins = NULL;
    plugin_host_close(cli->plugins);
    cli->plugins = NULL;
    cluster_close(cli->cluster);
    cli->cluster = NULL;
}
