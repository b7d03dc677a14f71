// SPDX-License-Identifier: Apache-2.0
// anchorage plugin check FILE [--previous FILE]: everything that can be said of a plugin before anybody
// trusts it. It needs no installation: a private throw-away PostgreSQL is made for it, and nothing is left
// behind.
#include "cli/plugin_check.h"

#include "base/conf.h"
#include "cli/plugin_check_run.h"
#include "cli/runuser.h"
#include "db/cluster.h"
#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_MAX       ((size_t)32 * 1024 * 1024)
#define REMOVE_TRIES   100
#define REMOVE_WAIT_MS 50
#define BESIDE_MAX     64
// Seconds for parts that only look, and for parts with many calls, each with a budget of its own.
#define SHORT_S ((int)conf_number(CONF_PLUGIN_STUCK_S))
#define LONG_S  (5 * SHORT_S)

// Files beside the one checked, opened while we may: a plugin it needs may be among them.
struct beside {
    char id[40];
    int fd;
};

static struct beside beside[BESIDE_MAX];
static size_t beside_count;

// ---- files ---------------------------------------------------------------------------------------

static unsigned char *read_fd(int fd, size_t *ret_n) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 || (size_t)st.st_size > FILE_MAX) {
        return NULL;
    }
    unsigned char *bytes = malloc((size_t)st.st_size);
    size_t n = 0;
    ssize_t got;
    while (bytes && n < (size_t)st.st_size &&
           (got = pread(fd, bytes + n, (size_t)st.st_size - n, (off_t)n)) > 0) {
        n += (size_t)got;
    }
    *ret_n = n;
    return bytes;
}

static unsigned char *read_file(struct cli *cli, const char *path, size_t *ret_n) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    unsigned char *bytes = fd >= 0 ? read_fd(fd, ret_n) : NULL;
    if (fd < 0) {
        snprintf(cli->why, sizeof cli->why, "%.300s cannot be read: %s.", path, strerror(errno));
    } else if (!bytes) {
        snprintf(cli->why, sizeof cli->why, "%.300s is no plugin file: a file of at most 32 MiB is expected.",
                 path);
    }
    if (fd >= 0) {
        close(fd);
    }
    return bytes;
}

static bool write_file(const char *path, const unsigned char *bytes, size_t n) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    ssize_t put;
    while (fd >= 0 && done < n && (put = write(fd, bytes + done, n - done)) > 0) {
        done += (size_t)put;
    }
    return fd >= 0 && close(fd) == 0 && done == n;
}

// "…/vcfse.so" is called "vcfse".
static const char *name_of(struct cli *cli, const char *path) {
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    const char *dot = strstr(base, ".so");
    return dot && dot > base && !strchr(base, ',') ? arena_strndup(cli->arena, base, (size_t)(dot - base))
                                                   : NULL;
}

static void open_beside(struct cli *cli, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_strndup(cli->arena, path, (size_t)(slash - path) + 1) : "./";
    DIR *d = opendir(folder);
    for (const struct dirent *e; d && beside_count < BESIDE_MAX && (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        struct beside *b = &beside[beside_count];
        if (n > 3 && n - 3 < sizeof b->id && strcmp(e->d_name + n - 3, ".so") == 0) {
            snprintf(b->id, sizeof b->id, "%.*s", (int)(n - 3), e->d_name);
            b->fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
            beside_count += b->fd >= 0;
        }
    }
    if (d) {
        closedir(d);
    }
}

// The plugins it needs come into its folder, and theirs are left to them: one level is what a test needs.
static bool bring_needed(struct check_run *r) {
    static const char what[] = "the plugins it needs are beside it";
    struct arena *a = r->cli->arena;
    const char *names = "";
    for (size_t i = 0; i < r->need_count; i++) {
        size_t n = 0, at = 0;
        while (at < beside_count && strcmp(beside[at].id, r->needs[i]) != 0) {
            at++;
        }
        unsigned char *bytes = at < beside_count ? read_fd(beside[at].fd, &n) : NULL;
        const char *path = arena_printf(a, "%s/%s.so", r->k.dir, r->needs[i]);
        if (!bytes || !write_file(path, bytes, n)) {
            check_run_line(
                r, 'f', what,
                arena_printf(a, "it needs %s. Put %s.so into its folder.", r->needs[i], r->needs[i]));
            free(bytes);
            return false;
        }
        if (r->k.dir_before) {
            path = arena_printf(a, "%s/%s.so", r->k.dir_before, r->needs[i]);
            (void)!write_file(path, bytes, n);
        }
        free(bytes);
        names = arena_printf(a, "%s%s,", names, r->needs[i]);
    }
    r->k.names = arena_printf(a, "%s%s", names, r->k.id);
    return true;
}

// ---- the throw-away database ---------------------------------------------------------------------

static enum err run_sql(struct ctx *c, const char *text) {
    static int number;
    struct sql q = {.name = arena_printf(c->arena, "check_admin_%d", ++number),
                    .text = text,
                    .rows = SQL_NONE,
                    .file = "plugin check"};
    return db_exec_n(c, &q, NULL, 0, NULL);
}

// Nothing in it has to outlive a power cut.
static bool make_cluster(struct check_run *r, const char *folder) {
    struct cli *cli = r->cli;
    static const char *const settings[] = {
        "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"};
    if (cluster_open(folder, CLUSTER_VERB, &cli->cluster, cli->why, sizeof cli->why) != ERR_OK) {
        return false;
    }
    const char *conninfo = cluster_conninfo(cli->cluster);
    const char *database = strstr(conninfo, " dbname=");
    struct ctx c;
    struct db *d;
    size_t n;
    const struct migration *list = migrate_core(&n);
    if (!database || db_open(conninfo, false, &d, cli->why, sizeof cli->why) != ERR_OK) {
        return false;
    }
    ctx_init(&c, cli->arena, d);
    enum err e = ERR_OK;
    for (size_t i = 0; e == ERR_OK && i < 3; i++) {
        struct rows *ignored;
        struct sql q = {.name = settings[i], .text = settings[i], .rows = SQL_MANY, .file = "plugin check"};
        e = i < 2 ? run_sql(&c, settings[i]) : db_rows_n(&c, &q, &ignored, 0, NULL);
    }
    e = e ? e : migrate_run(&c, "core", list, n, NULL, cli->why, sizeof cli->why);
    db_close(d);
    r->k.server = arena_strndup(cli->arena, conninfo, (size_t)(database - conninfo));
    if (e == ERR_OK && db_open(arena_printf(cli->arena, "%s dbname=postgres", r->k.server), false, &cli->c.db,
                               cli->why, sizeof cli->why) != ERR_OK) {
        e = ERR_DB_AWAY;
    }
    return e == ERR_OK;
}

// A fresh place with the core's tables for the next part.
static bool next_database(struct check_run *r) {
    static int number;
    struct arena *a = r->cli->arena;
    r->k.database = arena_printf(a, "check_%d", ++number);
    enum err e =
        run_sql(&r->cli->c,
                arena_printf(a, "CREATE DATABASE %s TEMPLATE anchorage STRATEGY file_copy", r->k.database));
    if (e != ERR_OK) {
        check_run_line(r, 'f', "a fresh place can be made", r->cli->c.err_detail);
    }
    return e == ERR_OK;
}

// ---- all parts -----------------------------------------------------------------------------------

static void run_without(struct check_run *r, anc_caps powers, const char *words) {
    if (next_database(r)) {
        r->k.without = powers;
        check_run_part(r, check_part_power, words, LONG_S);
        r->k.without = 0;
    }
}

static void run_powers(struct check_run *r) {
    anc_caps optional = r->k.info.wants_optional, all = r->k.info.wants | optional;
    for (unsigned bit = 0; bit < 64; bit++) {
        anc_caps one = (anc_caps)1 << bit;
        if (all & one) {
            run_without(r, one, check_without(r->cli->arena, one));
        }
    }
    if (optional & (optional - 1)) { // more than one
        run_without(r, optional, check_without(r->cli->arena, optional));
    }
}

static void run_limits(struct check_run *r) {
    for (int upper = 0; upper < 2 && next_database(r); upper++) {
        r->k.largest = upper == 1;
        check_run_part(r, check_part_limits,
                       upper ? "with settings at their upper limits nothing breaks"
                             : "with settings at their lower limits nothing breaks",
                       LONG_S);
    }
}

static void run_all(struct check_run *r, const char *folder) {
    if (!check_run_part(r, check_part_file, "the file can be read", SHORT_S) ||
        !check_run_part(r, check_part_description, "it can be opened", SHORT_S) || !bring_needed(r)) {
        return;
    }
    check_run_part(r, check_part_templates, "templates can be shown", SHORT_S);
    if (!make_cluster(r, folder)) {
        check_run_line(r, 'f', "a throw-away database can be made", r->cli->why);
        return;
    }
    if (!next_database(r) || !check_run_part(r, check_part_first, "it starts in an empty place", SHORT_S)) {
        return;
    }
    check_run_part(r, check_part_statements, "every statement can run", SHORT_S);
    if (next_database(r)) {
        check_run_part(r, check_part_steps, "its tables come up to date from every earlier step", LONG_S);
    }
    if (r->k.dir_before && next_database(r) &&
        check_run_part(r, check_part_before, "the earlier file starts", SHORT_S)) {
        check_run_part(r, check_part_after, "this file takes over the tables of the earlier one", SHORT_S);
    }
    if (next_database(r)) {
        check_run_part(r, check_part_points, "what it offers can be asked", LONG_S);
        check_run_part(r, check_part_calls, "everything else can be called", LONG_S);
    }
    if (next_database(r)) {
        check_run_part(r, check_part_starts, "it starts and stops many times", LONG_S);
    }
    run_limits(r);
    run_powers(r);
}

// ---- the result ----------------------------------------------------------------------------------

static json_t *as_json(const struct check_run *r) {
    json_t *lines = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const struct check_line *l = &r->lines[i];
        const char *mark = l->mark == 'f' ? "failed" : l->mark == 'w' ? "note" : "ok";
        json_array_append_new(
            lines, json_pack("{s:s,s:s,s:s}", "result", mark, "check", l->what, "words", l->words));
    }
    return json_pack("{s:s,s:s,s:b,s:i,s:i,s:o}", "id", r->k.id, "version", r->version, "fit", r->failed == 0,
                     "failed", (int)r->failed, "notes", (int)r->remarks, "checks", lines);
}

static int close_with(struct check_run *r) {
    size_t good = r->count - r->failed - r->remarks;
    if (r->cli->json) {
        cli_json(as_json(r));
    } else if (r->failed) {
        printf("\n%s is not fit to be used: %zu of %zu checks failed.\n", r->k.id, r->failed,
               r->count - r->remarks);
    } else {
        printf("\n%s %s is fit to be used: %zu checks, all in order%s.\n", r->k.id, r->version, good,
               r->remarks ? "; read the notes" : "");
    }
    fflush(stdout);
    return r->failed ? EXIT_REFUSED : EXIT_DONE;
}

// ---- the verb ------------------------------------------------------------------------------------

struct given {
    const char *id;
    unsigned char *bytes, *before; // of the files; before NULL without --previous
    size_t n, before_n;
};

static bool make_folders(struct check_run *r, const struct given *g, const char *folder) {
    struct arena *a = r->cli->arena;
    r->k.dir = arena_printf(a, "%s/files", folder);
    r->k.copies = arena_printf(a, "%s/copies", folder);
    r->k.dir_before = g->before ? arena_printf(a, "%s/before", folder) : NULL;
    return mkdir(r->k.dir, 0700) == 0 && mkdir(r->k.copies, 0700) == 0 &&
           write_file(arena_printf(a, "%s/%s.so", r->k.dir, g->id), g->bytes, g->n) &&
           (!g->before ||
            (mkdir(r->k.dir_before, 0700) == 0 &&
             write_file(arena_printf(a, "%s/%s.so", r->k.dir_before, g->id), g->before, g->before_n)));
}

// The inner process: becomes the user that may run PostgreSQL, and never goes back.
static int run_inside(struct cli *cli, const struct given *g, const char *folder) {
    struct check_run r = {.cli = cli,
                          .k = {.id = g->id, .names = g->id, .bytes = g->bytes, .byte_count = g->n},
                          .id = g->id,
                          .version = "",
                          .before = ""};
    r.k.now = mmap(NULL, CHECK_NOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    r.k.frame = frame_new(cli->arena, cli->why, sizeof cli->why);
    if (r.k.now == MAP_FAILED || !r.k.frame || runuser_settle(folder, cli->why, sizeof cli->why) != ERR_OK) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (!make_folders(&r, g, folder)) {
        return cli_refuse(cli, "The folder %s cannot be written to: %s.", folder, strerror(errno));
    }
    run_all(&r, folder);
    int rc = close_with(&r);
    cli_close(cli);
    return rc;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
    (void)st, (void)kind, (void)where;
    return remove(path);
}

// After Ctrl-C, PostgreSQL is still putting its files away when we come to them.
static void remove_all(const char *folder) {
    for (int i = 0; i < REMOVE_TRIES && access(folder, F_OK) == 0; i++) {
        if (i > 0) {
            poll(NULL, 0, REMOVE_WAIT_MS);
        }
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
}

// Two processes: the inner one may have become another user, or been ended by Ctrl-C; the outer one cleans
// up.
static int run_in_two(struct cli *cli, const struct given *g) {
    char folder[64];
    snprintf(folder, sizeof folder, P_tmpdir "/anchorage-check-%ld-XXXXXX", (long)getpid());
    if (!mkdtemp(folder)) {
        return cli_refuse(cli, "No folder can be made in %s: %s.", P_tmpdir, strerror(errno));
    }
    fflush(NULL);
    pid_t inner = fork();
    if (inner == 0) {
        int rc = run_inside(cli, g, folder);
        fflush(NULL);
        _exit(rc);
    }
    signal(SIGINT, SIG_IGN);
    int status = 0;
    while (inner > 0 && waitpid(inner, &status, 0) < 0 && errno == EINTR) {
    }
    remove_all(folder);
    return inner > 0 && WIFEXITED(status) ? WEXITSTATUS(status)
                                          : cli_refuse(cli, "The check itself was ended before it was done.");
}

int verb_plugin_check(struct cli *cli) {
    struct cli_option o[] = {
        {.name = "previous", .value_name = "FILE", .help = "the release before, whose tables it takes over"}};
    if (!cli_options(cli, o, 1)) {
        return EXIT_USAGE;
    }
    if (cli->argc != 2) {
        return cli_usage(cli, "Say: plugin check FILE [--previous FILE].");
    }
    const char *path = cli->argv[1];
    struct given g = {.id = name_of(cli, path)};
    if (!g.id) {
        return cli_refuse(cli, "%s is not called like a plugin: its name must be its id and end in .so.",
                          path);
    }
    g.bytes = read_file(cli, path, &g.n);
    if (g.bytes && o[0].value) {
        g.before = read_file(cli, o[0].value, &g.before_n);
    }
    if (!g.bytes || (o[0].value && !g.before)) {
        free(g.bytes);
        return cli_refuse(cli, "%s", cli->why);
    }
    open_beside(cli, path);
    int rc = run_in_two(cli, &g);
    for (size_t i = 0; i < beside_count; i++) {
        close(beside[i].fd);
    }
    free(g.bytes);
    free(g.before);
    return rc;
}
