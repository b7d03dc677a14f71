// SPDX-License-Identifier: Apache-2.0
// anchorage plugin list | check FILE.
#include "base/conf.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static json_t *as_json(const struct plugin_info *p) {
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", p->id, "title", p->title, "version", p->version_text,
                     "state", plugin_state_name(p->state), "reason", p->reason);
}

static void print(const struct plugin_info *p) {
    printf("%-18s %-8s %-9s %s\n", p->id, p->version_text, plugin_state_name(p->state),
           *p->reason ? p->reason : p->title);
}

static int list(struct cli *cli) {
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    json_t *out = json_array();
    int rc = EXIT_DONE;
    for (size_t i = 0; i < plugin_count(cli->plugins); i++) {
        struct plugin_info p;
        plugin_info(cli->plugins, i, &p);
        json_array_append_new(out, as_json(&p));
        if (!cli->json) {
            print(&p);
        }
        rc = p.state == PLUGIN_FAILED ? EXIT_REFUSED : rc;
    }
    if (cli->json) {
        cli_json(json_pack("{s:o}", "plugins", out));
    } else {
        json_decref(out);
    }
    return rc;
}

static int check(struct cli *cli, const char *path) {
    const char *folder = cli_temp_folder(cli);
    if (!folder) {
        return cli_refuse(cli, "No folder for a copy can be made.");
    }
    struct plugin_info p;
    const char *why = plugin_check_file(path, folder, &p);
    // The copy is mapped by now, so its name is not needed any more.
    cli_temp_remove(cli, folder);
    if (cli->json) {
        cli_json(as_json(&p));
    } else if (!why) {
        printf("%s %s may be loaded: %s\n", p.id, p.version_text, p.summary);
    }
    return why ? cli_refuse(cli, "%s", why) : EXIT_DONE;
}

int verb_plugin(struct cli *cli) {
    if (!cli_options(cli, NULL, 0)) {
        return EXIT_USAGE;
    }
    if (cli->argc == 1 && strcmp(cli->argv[0], "list") == 0) {
        return list(cli);
    }
    if (cli->argc == 2 && strcmp(cli->argv[0], "check") == 0) {
        return check(cli, cli->argv[1]);
    }
    return cli_usage(cli, "Say: plugin list, or plugin check FILE.");
}
