// SPDX-License-Identifier: Apache-2.0
// anchorage serve: a supervisor that owns PostgreSQL, and a worker with everything else up in order, one line
// when it listens, everything down in order.
#include "base/conf.h"
#include "base/log.h"
#include "cli/assemble.h"
#include "cli/cli.h"
#include "cli/live.h"
#include "cli/supervise.h"
#include "demo/demo.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include "plugin/crash.h"
#include "plugin/watch.h"
#include "render/template.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DRAIN_MS 20000

static void set_log_level(void) {
    static const char *const names[] = {"debug", "info", "notice", "warning", "error"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(conf_text(CONF_LOG_LEVEL), names[i]) == 0) {
            log_set_level((enum log_level)i);
        }
    }
}

static void print_sign_ins(struct cli *cli, const struct demo_person *people, size_t n, const char *address) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "what", people[i].what, "email",
                                              people[i].email, "password", people[i].password));
    }
    if (cli->json) {
        cli_json(json_pack("{s:s,s:o}", "listening", address, "sign_ins", list));
        return;
    }
    json_decref(list);
    printf("Anchorage listens on http://%s\n", address);
    if (n > 0) {
        puts("\nThe demo place is loaded. These sign-ins are shown once:");
        for (size_t i = 0; i < n; i++) {
            printf("  %s\n      %s  %s\n", people[i].what, people[i].email, people[i].password);
        }
    }
    fflush(stdout);
}

// ---- the worker ----------------------------------------------------------------------------------

struct demo {
    const struct demo_person *people;
    size_t count;
};

static enum err load_demo(struct cli *cli, struct demo *ret) {
    bool empty = false;
    enum err e = demo_is_empty(&cli->c, &empty);
    if (e == ERR_OK && empty) {
        e = demo_load(&cli->c, &ret->people, &ret->count, NULL, NULL);
        const char *spool = arena_printf(cli->arena, "%s/spool", conf_text(CONF_DATA_DIR));
        if (e == ERR_OK && demo_tell(&cli->c, spool) != ERR_OK) { // the sign-ins are shown once: go on
            log_event(LOG_LEVEL_ERROR, "demo_story", "detail", cli->c.err_detail, NULL);
        }
    }
    return e;
}

// What an earlier worker crashed in is looked at before anything of a plugin runs again.
static void open_plugins(struct cli *cli, const struct frame *frame) {
    const char *data = conf_text(CONF_DATA_DIR);
    const char *crashes = arena_printf(cli->arena, "%s/plugin-crashes", data);
    plugin_host_read_crashes(cli->plugins, &cli->c, crashes);
    if (!crash_watch(crashes) || !watchdog_start(conf_number(CONF_PLUGIN_STUCK_S) * 1000)) {
        log_event(LOG_LEVEL_ERROR, "crashes_are_not_noted", "file", crashes, NULL);
    }
    plugin_host_check(cli->plugins, arena_printf(cli->arena, "%s/plugins", data), frame_templates(frame));
    plugin_host_start(cli->plugins, &cli->c);
}

struct running {
    struct server *server;
    struct jobs *jobs;
    struct live *live;
};

static void stop(struct running *r) {
    live_stop(r->live); // it uses the server
    server_stop(r->server, DRAIN_MS);
    jobs_stop(r->jobs);
    watchdog_stop();
}

static enum err start(struct cli *cli, const struct frame *frame, struct running *ret) {
    const struct plugin_set *first = plugin_host_pin(cli->plugins);
    const struct app *app = assemble(frame, cli->plugins, first, cli->why, sizeof cli->why);
    plugin_set_unpin(first);
    if (!app) {
        return ERR_BUG;
    }
    enum err e = server_start(app, cli->conninfo, &ret->server, cli->why, sizeof cli->why);
    if (e == ERR_OK) {
        snprintf(cli->why, sizeof cli->why,
                 "The threads beside the server cannot start: the database does not answer in time.");
        e = jobs_start(cli->conninfo, cli->plugins, frame_cube(frame), &ret->jobs);
    }
    return e ? e : live_start(cli->conninfo, frame, cli->plugins, ret->server, &ret->live);
}

// A database that is away or held up by others is waited for, by starting again; anything else is a reason to
// give up.
static int not_started(struct cli *cli, enum err e) {
    if (e != ERR_DB_AWAY && e != ERR_TIMEOUT && e != ERR_BUSY) {
        return cli_refuse(cli, "%s", cli->why);
    }
    log_event(LOG_LEVEL_WARNING, "database_holds_up_the_start", "reason", cli->why, NULL);
    return SUPERVISE_AGAIN;
}

static void wait_for_stop(const sigset_t *signals) {
    for (;;) {
        int sig = sigwaitinfo(signals, NULL);
        if (sig == SIGTERM || sig == SIGINT) {
            return;
        }
    }
}

static int work(struct cli *cli, struct supervisor *s, bool demo_if_empty) {
    struct demo demo = {NULL, 0};
    struct running r = {NULL, NULL, NULL};
    const struct frame *frame = frame_new(cli->arena, cli->why, sizeof cli->why);
    enum err e = frame ? cli_connect(cli) : ERR_BUG;
    if (e != ERR_OK) {
        return not_started(cli, e);
    }
    open_plugins(cli, frame);
    cli->c.plugins = plugin_host_pin(cli->plugins);
    e = demo_if_empty ? load_demo(cli, &demo) : ERR_OK;
    plugin_set_unpin(cli->c.plugins);
    cli->c.plugins = NULL; // generations come and go from here on
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    db_close(cli->c.db);
    cli->c.db = NULL;
    e = start(cli, frame, &r);
    if (e != ERR_OK) {
        stop(&r);
        return not_started(cli, e);
    }
    log_event(LOG_LEVEL_NOTICE, "listening", "address", server_address(r.server), NULL);
    if (!*s->address) { // an earlier worker has said it
        print_sign_ins(cli, demo.people, demo.count, server_address(r.server));
    }
    supervise_tell(s, server_address(r.server));
    wait_for_stop(s->signals);
    log_event(LOG_LEVEL_NOTICE, "draining", NULL);
    stop(&r);
    return EXIT_DONE;
}

// ---- the supervisor ------------------------------------------------------------------------------

// All threads of a worker inherit the blocked set, so that only its main thread gets these signals.
static void block_signals(sigset_t *ret_waited) {
    sigemptyset(ret_waited);
    sigaddset(ret_waited, SIGTERM);
    sigaddset(ret_waited, SIGINT);
    sigaddset(ret_waited, SIGCHLD);
    sigaddset(ret_waited, SIGPIPE);
    sigaddset(ret_waited, SIGXFSZ); // a file that may not grow is an error of its write, not the end
    sigprocmask(SIG_BLOCK, ret_waited, NULL);
    sigdelset(ret_waited, SIGPIPE);
    sigdelset(ret_waited, SIGXFSZ);
}

int verb_serve(struct cli *cli) {
    struct cli_option options[] = {
        {.name = "demo-if-empty", .help = "load the demo place on first start"},
        {.name = "strict-templates", .help = "an unknown key of a template is an error"}};
    if (!cli_options(cli, options, 2)) {
        return EXIT_USAGE;
    }
    if (cli->argc > 0) {
        return cli_usage(cli, "serve takes no words.");
    }
    set_log_level();
    template_set_strict(options[1].value != NULL);
    umask(0077);
    sigset_t signals;
    block_signals(&signals);
    cli_read_plugins(cli);
    if (!cli_open_tables(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    cli->conninfo = arena_strdup(cli->arena, cli->conninfo); // a worker forgets the cluster it stands in
    struct supervisor s = {.cluster = cli->cluster, .signals = &signals};
    int code = EXIT_REFUSED;
    if (!supervise(&s, &code)) {
        return code;
    }
    cli->cluster = s.cluster;
    if (*s.address) {
        conf_set("http.listen", s.address); // a free port that an earlier worker was given stays the same
    }
    return work(cli, &s, options[0].value != NULL);
}
