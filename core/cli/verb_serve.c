// SPDX-License-Identifier: Apache-2.0
// anchorage serve: everything up in order, one line when it listens, everything down in order.
#include "base/conf.h"
#include "base/log.h"
#include "cli/assemble.h"
#include "cli/cli.h"
#include "domain/demo.h"
#include "http/server.h"
#include "jobs/jobs.h"
#include "render/template.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define DRAIN_MS 20000

static void set_log_level(void) {
    static const char *const names[] = {"debug", "info", "notice", "warning", "error"};
    for (int i = 0; i < 5; i++) {
        if (strcmp(conf_text(CONF_LOG_LEVEL), names[i]) == 0) {
            log_set_level((enum log_level)i);
        }
    }
}

// Until asked to stop: looks after the cluster once a second and whenever a child ends.
static void watch(struct cli *cli, const sigset_t *signals) {
    for (;;) {
        struct timespec second = {.tv_sec = 1};
        int sig = sigtimedwait(signals, NULL, &second);
        if (sig == SIGTERM || sig == SIGINT) {
            return;
        }
        if (cli->cluster && (sig == SIGCHLD || (sig < 0 && errno == EAGAIN))) {
            cluster_supervise(cli->cluster);
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

static int run(struct cli *cli, const sigset_t *signals, bool demo_if_empty) {
    const struct demo_person *people = NULL;
    size_t people_count = 0;
    bool empty = false;
    enum err e = demo_if_empty ? demo_is_empty(&cli->c, &empty) : ERR_OK;
    if (e == ERR_OK && empty) {
        e = demo_load(&cli->c, &people, &people_count, NULL, NULL);
    }
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    struct app *app = assemble(cli->arena, cli->plugins, cli->why, sizeof cli->why);
    struct server *server = NULL;
    struct jobs *jobs = NULL;
    if (!app || server_start(app, cli->conninfo, &server, cli->why, sizeof cli->why) != ERR_OK) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (jobs_start(cli->conninfo, &jobs) != ERR_OK) {
        server_stop(server, 0);
        return cli_refuse(cli, "The jobs thread cannot start.");
    }
    print_sign_ins(cli, people, people_count, server_address(server));
    watch(cli, signals);
    log_event(LOG_LEVEL_NOTICE, "draining", NULL);
    server_stop(server, DRAIN_MS);
    jobs_stop(jobs);
    return EXIT_DONE;
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
    // All threads inherit the blocked set, so that only the main thread gets these signals.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGPIPE);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigdelset(&signals, SIGPIPE);
    cli->plugins = plugin_host_read(cli_plugin_dir(cli), conf_text(CONF_PLUGIN_LIST));
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    return run(cli, &signals, options[0].value != NULL);
}
