// SPDX-License-Identifier: Apache-2.0
// anchorage run ID [VERB [WORD...]]: verbs that plugins bring. Runs in a process of its own beside the
// server.
#include "base/log.h"
#include "cli/cli.h"
#include "plugin/calls.h"

#include <stdio.h>
#include <string.h>

#define OUT_BYTES ((size_t)64 * 1024 * 1024)

static int list_verbs(struct cli *cli, const struct plugin_info *p) {
    json_t *all = json_array();
    uint32_t n = p->about ? p->about->verbs.count : 0;
    for (uint32_t i = 0; i < n; i++) {
        struct anc_verb row;
        plugin_row(&p->about->verbs, i, &row, sizeof row);
        json_array_append_new(all, json_pack("{s:s,s:s,s:s}", "verb", row.name, "words",
                                             row.words ? row.words : "", "help", row.help ? row.help : ""));
        if (!cli->json) {
            printf("anchorage run %s %s %s\n    %s\n", p->id, row.name, row.words ? row.words : "",
                   row.help ? row.help : "");
        }
    }
    if (cli->json) {
        cli_json(json_pack("{s:s,s:o}", "id", p->id, "verbs", all));
        return EXIT_DONE;
    }
    json_decref(all);
    if (n == 0) {
        printf("The plugin %s has no verbs.\n", p->id);
    }
    return EXIT_DONE;
}

static const char *severity_words(int severity) {
    return severity == ANC_FINDING_ERROR ? "error" : severity == ANC_FINDING_WARNING ? "warning" : "note";
}

static int report(struct cli *cli, const struct strb *out, const struct findings *f, enum err e) {
    json_t *list = json_array();
    if (!cli->json) {
        fwrite(out->p, 1, out->n, stdout);
        fflush(stdout);
    }
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->list[i];
        json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "severity", severity_words(one->severity),
                                              "field", one->field, "text", one->text));
        if (!cli->json) {
            fprintf(stderr, "%s: %s%s%s\n", severity_words(one->severity), one->field,
                    *one->field ? ": " : "", one->text);
        }
    }
    bool told = e == ERR_INVALID && f->errors > 0; // the plugin's own words say what does not do
    if (e != ERR_OK && !told) {
        json_decref(list);
        return cli_failed(cli, e);
    }
    if (cli->json) {
        cli_json(json_pack("{s:s%,s:o}", "output", out->n ? out->p : "", out->n, "findings", list));
    } else {
        json_decref(list);
    }
    return f->errors > 0 ? EXIT_REFUSED : EXIT_DONE;
}

static bool has_verb(const struct plugin_info *p, const char *name) {
    for (uint32_t i = 0; p->about && i < p->about->verbs.count; i++) {
        struct anc_verb row;
        plugin_row(&p->about->verbs, i, &row, sizeof row);
        if (strcmp(row.name, name) == 0) {
            return true;
        }
    }
    return false;
}

int verb_run(struct cli *cli) {
    struct plugin_info p;
    if (cli->argc < 1) {
        return cli_usage(cli, "Say: run ID VERB [WORD...]. anchorage run ID lists the verbs of a plugin.");
    }
    const char *id = cli->argv[0];
    log_set_level(LOG_LEVEL_WARNING);
    cli_read_plugins(cli);
    if (!cli_open_db(cli) || !cli_open_plugins(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (!plugin_find(cli->plugins, cli->arena, id, &p)) {
        return cli_refuse(cli, "There is no plugin \"%.40s\". See: anchorage plugin list", id);
    }
    if (p.state != PLUGIN_ACTIVE) {
        return cli_refuse(cli, "The plugin %s is %s. %s", id, plugin_state_name(p.state),
                          *p.reason ? p.reason : "Switch it on with anchorage plugin enable.");
    }
    if (cli->argc == 1) {
        return list_verbs(cli, &p);
    }
    if (!has_verb(&p, cli->argv[1])) {
        return cli_usage(cli, "The plugin %s has no verb \"%.40s\". See: anchorage run %s", id, cli->argv[1],
                         id);
    }
    struct strb out;
    struct findings found = {0};
    strb_init(&out, OUT_BYTES);
    enum err e = plugin_verb_run(&cli->c, id, cli->argv[1], (uint32_t)cli->argc - 2,
                                 (const char *const *)(cli->argv + 2), &out, &found);
    int rc = report(cli, &out, &found, e);
    strb_free(&out);
    return rc;
}
