// SPDX-License-Identifier: Apache-2.0
// anchorage plugin list | new | check | enable | disable | grant | set. The last four write down what is
// wanted (core/domain/plugin_admin); a running server acts upon it, and the verb waits until it has.
#include "base/conf.h"
#include "cli/cli.h"
#include "cli/live.h"
#include "db/queries.gen.h"
#include "domain/plugin_admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 30000

// ---- list ----------------------------------------------------------------------------------------

// A plugin as the verb tells it: from its file, and from what the tables say.
struct line {
    const char *id, *title, *version, *state, *reason, *remark;
    anc_caps wants, optional, granted;
    bool in_table, enabled;
};

static const char *power_list(struct arena *a, anc_caps powers) {
    const char *out = "", *name;
    anc_caps one;
    for (size_t i = 0; (name = plugin_power_name(i, &one)); i++) {
        if (powers & one) {
            out = arena_printf(a, "%s%s%s", out, *out ? "," : "", name);
        }
    }
    return out;
}

static void add_file(struct line *l, const struct plugin_info *p) {
    *l = (struct line){.id = p->id,
                       .title = p->title,
                       .version = p->version_text,
                       .state = plugin_state_name(p->state),
                       .reason = p->reason,
                       .remark = p->remark,
                       .wants = p->wants,
                       .optional = p->wants_optional,
                       .granted = p->granted};
}

// What the server last said stands above what a look at the file says. Without a server only the wish counts.
static void add_row(struct line *l, const struct rows *r, size_t i, bool server) {
    bool suspended = !row_is_null(r, i, "suspended_at");
    l->in_table = true;
    l->enabled = row_bool(r, i, "enabled");
    l->granted = (anc_caps)row_i64(r, i, "granted");
    if (!l->id) {
        *l = (struct line){.id = row_text(r, i, "id"),
                           .title = "",
                           .version = row_text(r, i, "version"),
                           .state = row_text(r, i, "state"),
                           .reason = row_text(r, i, "reason"),
                           .remark = "",
                           .granted = l->granted,
                           .in_table = true,
                           .enabled = l->enabled};
    }
    if (server) {
        l->state = row_text(r, i, "state");
        l->reason = row_text(r, i, "reason");
        l->version = *row_text(r, i, "version") ? row_text(r, i, "version") : l->version;
    } else if (suspended) {
        l->state = plugin_state_name(PLUGIN_SUSPENDED);
        l->reason = row_text(r, i, "suspended_reason");
    } else if (!l->enabled) {
        l->state = plugin_state_name(PLUGIN_STOPPED);
        l->reason = "";
    }
}

static int by_id(const void *a, const void *b) {
    const struct line *x = a, *y = b;
    return strcmp(x->id, y->id);
}

static size_t gather(struct cli *cli, const struct rows *r, bool server, struct line **ret) {
    struct plugin_info *files;
    size_t n = plugin_list(cli->plugins, cli->arena, &files);
    struct line *list = arena_array(cli->arena, n + rows_count(r) + 1, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        add_file(&list[i], &files[i]);
    }
    for (size_t i = 0; i < rows_count(r); i++) {
        size_t at = 0;
        while (at < n && strcmp(list[at].id, row_text(r, i, "id")) != 0) {
            at++;
        }
        add_row(&list[at], r, i, server);
        n += at == n;
    }
    qsort(list, n, sizeof *list, by_id);
    *ret = list;
    return n;
}

static json_t *as_json(struct arena *a, const struct line *l) {
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:b,s:s,s:s,s:s}", "id", l->id, "title", l->title,
                     "version", l->version, "state", l->state, "reason", l->reason, "remark", l->remark,
                     "known", l->in_table, "enabled", l->enabled, "wants", power_list(a, l->wants),
                     "wants_optional", power_list(a, l->optional), "granted", power_list(a, l->granted));
}

static void print(const struct line *l) {
    printf("%-18s %-8s %-9s %s\n", l->id, l->version, l->state, *l->reason ? l->reason : l->title);
    if (*l->remark) {
        printf("%-37s %s\n", "", l->remark);
    }
}

static bool is_bad(const struct line *l) {
    return strcmp(l->state, plugin_state_name(PLUGIN_FAILED)) == 0 ||
           strcmp(l->state, plugin_state_name(PLUGIN_SUSPENDED)) == 0;
}

// Opens the descriptions, runs nothing.
static bool check_files(struct cli *cli, struct plugin_host *plugins) {
    const char *folder = cli_temp_folder(cli);
    if (!folder) {
        snprintf(cli->why, sizeof cli->why, "No folder for copies of the plugins can be made.");
        return false;
    }
    plugin_host_check(plugins, folder, NULL);
    cli_temp_remove(cli, folder);
    return true;
}

// Plugins that are on without being named in the settings are known from the tables only: their files are
// looked at now.
static void describe_more(struct cli *cli, struct line *lines, size_t n) {
    const char *more = "";
    for (size_t i = 0; i < n; i++) {
        bool unread = lines[i].in_table && lines[i].enabled && !*lines[i].title;
        more = unread ? arena_printf(cli->arena, "%s,%s", more, lines[i].id) : more;
    }
    struct plugin_host *h = *more ? plugin_host_read(cli_plugin_dir(cli), more) : NULL;
    bool checked = h && check_files(cli, h);
    for (size_t i = 0; checked && i < n; i++) {
        struct plugin_info p;
        if (!*lines[i].title && plugin_find(h, cli->arena, lines[i].id, &p) && p.about) {
            lines[i].title = p.title;
            lines[i].wants = p.wants;
            lines[i].optional = p.wants_optional;
        }
    }
    plugin_host_close(h);
}

static int list(struct cli *cli) {
    bool server = false;
    struct rows *r;
    struct line *lines;
    cli_read_plugins(cli);
    if (!cli_open_db(cli) || !check_files(cli, cli->plugins)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    enum err e = live_is_there(&cli->c, &server);
    e = e ? e : DB_ROWS(&cli->c, plugin_admin_rows, &r);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    size_t n = gather(cli, r, server, &lines);
    describe_more(cli, lines, n);
    json_t *out = json_array();
    int rc = EXIT_DONE;
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(out, as_json(cli->arena, &lines[i]));
        if (!cli->json) {
            print(&lines[i]);
        }
        rc = is_bad(&lines[i]) ? EXIT_REFUSED : rc;
    }
    if (cli->json) {
        cli_json(json_pack("{s:b,s:o}", "server", server, "plugins", out));
    } else {
        json_decref(out);
    }
    return rc;
}

// ---- wishes --------------------------------------------------------------------------------------

static bool is_id(const char *s) {
    size_t n = strlen(s);
    return n >= 2 && n <= 31 && *s >= 'a' && *s <= 'z' &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

// Everything a wish needs: the files read (this one too, when nobody has named it yet), the tables, the
// power.
static int open_for(struct cli *cli, const char *id) {
    if (!is_id(id)) {
        return cli_usage(cli, "\"%.40s\" is no name of a plugin: those have small letters, digits and _.",
                         id);
    }
    const char *dir = cli_plugin_dir(cli), *named = conf_text(CONF_PLUGIN_LIST);
    bool there = access(arena_printf(cli->arena, "%s/%s.so", dir, id), F_OK) == 0;
    cli->plugins = plugin_host_read(dir, there ? arena_printf(cli->arena, "%s,%s", named, id) : named);
    if (!cli_open_db(cli) || !check_files(cli, cli->plugins)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    cli->c.actor.perms |= 1u << PERM_ADMIN; // who may run the program on this folder may do this
    return EXIT_DONE;
}

static int say_later(struct cli *cli, const char *id, const char *words) {
    if (cli->json) {
        cli_json(json_pack("{s:s,s:b,s:s}", "id", id, "done", false, "note", words));
    } else {
        printf("%s: %s\n", id, words);
    }
    return EXIT_DONE;
}

// Beside a running server, what became of the wish; else that it waits.
static int tell(struct cli *cli, const char *id) {
    struct plugin_answer_now now;
    bool server = false;
    enum err e = live_is_there(&cli->c, &server);
    if (e == ERR_OK && !server) {
        return say_later(cli, id, "Noted. No server is up now; the next one to start does it.");
    }
    e = e ? e : plugin_admin_wait(&cli->c, id, WAIT_MS, &now);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    if (!now.handled) {
        return cli_refuse(
            cli, "It is noted, but the server has not acted upon it yet. See: anchorage plugin list");
    }
    bool good = !now.enabled || strcmp(now.state, plugin_state_name(PLUGIN_ACTIVE)) == 0;
    if (cli->json) {
        cli_json(json_pack("{s:s,s:b,s:b,s:s,s:s}", "id", id, "done", true, "enabled", now.enabled, "state",
                           now.state, "reason", now.reason));
    } else if (good) {
        printf("%s is %s.%s%s\n", id, now.enabled ? "on" : "off", *now.reason ? " " : "", now.reason);
    } else {
        fprintf(stderr, "anchorage plugin: %s is %s: %s\n", id, now.state, now.reason);
    }
    return good ? EXIT_DONE : EXIT_REFUSED;
}

static enum err powers_of(struct cli *cli, const char *id, const char *words, anc_caps *ret) {
    struct plugin_info p;
    if (strcmp(words, "all") != 0) {
        return plugin_powers_parse(&cli->c, words, ret);
    }
    bool known = plugin_find(cli->plugins, cli->arena, id, &p) && p.about;
    *ret = known ? p.wants | p.wants_optional : PLUGIN_POWERS_AS_BEFORE;
    return ERR_OK;
}

static int enable(struct cli *cli, const char *id, const char *words) {
    anc_caps powers = PLUGIN_POWERS_AS_BEFORE;
    int rc = open_for(cli, id);
    if (rc != EXIT_DONE) {
        return rc;
    }
    enum err e = words ? powers_of(cli, id, words, &powers) : ERR_OK;
    e = e ? e : plugin_admin_enable(&cli->c, cli->plugins, id, powers);
    return e ? cli_failed(cli, e) : tell(cli, id);
}

static int disable(struct cli *cli, const char *id) {
    int rc = open_for(cli, id);
    if (rc != EXIT_DONE) {
        return rc;
    }
    enum err e = plugin_admin_disable(&cli->c, cli->plugins, id);
    return e ? cli_failed(cli, e) : tell(cli, id);
}

static int grant(struct cli *cli, const char *id, const char *words) {
    anc_caps powers;
    int rc = open_for(cli, id);
    if (rc != EXIT_DONE) {
        return rc;
    }
    enum err e = powers_of(cli, id, words, &powers);
    e = e ? e : plugin_admin_grant(&cli->c, cli->plugins, id, powers);
    return e ? cli_failed(cli, e) : tell(cli, id);
}

static int set(struct cli *cli, const char *id, const char *pair) {
    const char *eq = strchr(pair, '=');
    if (!eq || eq == pair) {
        return cli_usage(cli, "Say: plugin set ID KEY=VALUE. KEY= alone brings back the plugin's own value.");
    }
    const char *key = arena_strndup(cli->arena, pair, (size_t)(eq - pair));
    int rc = open_for(cli, id);
    if (rc != EXIT_DONE) {
        return rc;
    }
    enum err e = plugin_admin_set(&cli->c, cli->plugins, id, key, eq[1] ? eq + 1 : NULL);
    return e ? cli_failed(cli, e) : tell(cli, id);
}

// ---- the verb ------------------------------------------------------------------------------------

static int wrong(struct cli *cli) {
    return cli_usage(cli, "Say: plugin list, new NAME, check FILE, enable ID [--grant POWERS], disable ID, "
                          "grant ID POWERS, or set ID KEY=VALUE.");
}

int verb_plugin(struct cli *cli) {
    struct cli_option o[] = {{.name = "grant", .value_name = "POWERS", .help = "all, none, or their names"}};
    const char *word = cli->argc > 0 ? cli->argv[0] : "";
    if (strcmp(word, "new") == 0) { // these two have options of their own
        return verb_plugin_new(cli);
    }
    if (strcmp(word, "check") == 0) {
        return verb_plugin_check(cli);
    }
    if (!cli_options(cli, o, 1)) {
        return EXIT_USAGE;
    }
    char **v = cli->argv;
    bool enables = strcmp(word, "enable") == 0;
    if (o[0].value && !enables) {
        return cli_usage(cli, "--grant belongs to plugin enable.");
    }
    if (cli->argc == 1 && strcmp(word, "list") == 0) {
        return list(cli);
    }
    if (cli->argc == 2 && enables) {
        return enable(cli, v[1], o[0].value);
    }
    if (cli->argc == 2 && strcmp(word, "disable") == 0) {
        return disable(cli, v[1]);
    }
    if (cli->argc == 3 && strcmp(word, "grant") == 0) {
        return grant(cli, v[1], v[2]);
    }
    return cli->argc == 3 && strcmp(word, "set") == 0 ? set(cli, v[1], v[2]) : wrong(cli);
}
