// SPDX-License-Identifier: Apache-2.0
// anchorage demo: loads the invented place into an empty database and tells its sign-ins once.
#include "base/conf.h"
#include "cli/cli.h"
#include "demo/demo.h"

#include <stdio.h>

static void show(void *arg, const char *what, int64_t done, int64_t total) {
    cli_progress(arg, what, done, total);
}

int verb_demo(struct cli *cli) {
    if (!cli_options(cli, NULL, 0) || cli->argc > 0) {
        return cli_usage(cli, "demo takes no words.");
    }
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    const struct demo_person *people;
    size_t n;
    enum err e = demo_load(&cli->c, &people, &n, show, cli);
    // Files that wait are kept where the server of this data folder looks for them.
    const char *data = *conf_text(CONF_DB_URI) ? NULL : conf_text(CONF_DATA_DIR);
    e = e ? e : demo_tell(&cli->c, data ? arena_printf(cli->arena, "%s/spool", data) : NULL);
    cli_progress_end(cli);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    if (cli->json) {
        json_t *list = json_array();
        for (size_t i = 0; i < n; i++) {
            json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "what", people[i].what, "email",
                                                  people[i].email, "password", people[i].password));
        }
        cli_json(json_pack("{s:o}", "sign_ins", list));
        return EXIT_DONE;
    }
    puts("The demo place is loaded. These sign-ins are shown once:");
    for (size_t i = 0; i < n; i++) {
        printf("  %s\n      %s  %s\n", people[i].what, people[i].email, people[i].password);
    }
    return EXIT_DONE;
}
