// SPDX-License-Identifier: Apache-2.0
// anchorage doctor: looks at the installation, says what is well and what to do about the rest.
#include "base/clock.h"
#include "base/conf.h"
#include "base/day.h"
#include "cli/cli.h"
#include "db/queries.gen.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

struct check {
    json_t *list;
    struct cli *cli;
    bool bad;
};

// One line: what was looked at, whether it is well, and what to do when it is not.
static void say(struct check *k, const char *what, const char *state, const char *advice) {
    json_array_append_new(k->list,
                          json_pack("{s:s,s:s,s:s}", "check", what, "state", state, "advice", advice));
    k->bad = k->bad || strcmp(state, "bad") == 0;
    if (!k->cli->json) {
        printf("%-6s %-28s %s\n", state, what, advice);
    }
}

static void check_folder(struct check *k) {
    struct stat st;
    struct statvfs fs;
    const char *dir = conf_text(CONF_DATA_DIR);
    if (*conf_text(CONF_DB_URI)) {
        say(k, "database", "good", "A PostgreSQL of your own is used; back it up with your own means too.");
        return;
    }
    if (stat(dir, &st) != 0) {
        say(k, "data folder", "bad",
            "The folder cannot be read. Give it with --data, or start anchorage serve once.");
        return;
    }
    say(k, "data folder", st.st_mode & (S_IRWXG | S_IRWXO) ? "bad" : "good",
        st.st_mode & (S_IRWXG | S_IRWXO) ? "Other users may enter it. Close it: chmod 700 on the folder."
                                         : dir);
    if (statvfs(dir, &fs) == 0) {
        unsigned long long free_mib = (unsigned long long)fs.f_bavail * fs.f_frsize / 1048576u;
        say(k, "disk", free_mib < 1024 ? "bad" : "good",
            arena_printf(k->cli->arena, "%llu MiB free%s", free_mib,
                         free_mib < 1024 ? "; make room, at least 1 GiB" : ""));
    }
}

static void check_plugins(struct check *k) {
    struct arena *a = k->cli->arena;
    struct plugin_info *list;
    cli_open_plugins(k->cli);
    size_t n = plugin_list(k->cli->plugins, a, &list);
    for (size_t i = 0; i < n; i++) {
        const struct plugin_info *p = &list[i];
        const char *what = arena_printf(a, "plugin %s", p->id);
        if (p->state == PLUGIN_FAILED) {
            say(k, what, "bad", p->reason);
        } else if (p->state == PLUGIN_SUSPENDED) {
            say(k, what, "bad",
                arena_printf(a, "%s Start it again with: anchorage plugin enable %s", p->reason, p->id));
        } else if (p->state == PLUGIN_ACTIVE) {
            say(k, what, "good", p->title);
        } else {
            say(k, what, "note",
                arena_printf(a, "It is off. Switch it on with: anchorage plugin enable %s", p->id));
        }
    }
}

static void check_data(struct check *k) {
    struct rows *r;
    if (DB_ROWS(&k->cli->c, doctor_counts, &r) != ERR_OK) {
        say(k, "tables", "bad", k->cli->c.err_detail);
        return;
    }
    struct rows *steps, *now;
    enum err e = DB_ROWS(&k->cli->c, migrations_applied, &steps, "core");
    e = e ? e : DB_ROWS(&k->cli->c, db_now, &now);
    if (e != ERR_OK) {
        say(k, "tables", "bad", k->cli->c.err_detail);
        return;
    }
    say(k, "tables", "good",
        arena_printf(k->cli->arena, "They are up to date, at step %zu.", rows_count(steps)));
    int64_t apart = row_i64(now, 0, "now_usec") - clock_now_usec();
    bool agree = apart > -2 * USEC_PER_SEC && apart < 2 * USEC_PER_SEC;
    say(k, "clocks", agree ? "good" : "bad",
        agree ? "Server and database agree on the time."
              : "Server and database are more than two seconds apart. Set both by a time service, deadlines "
                "depend on it.");
    say(k, "place", row_i64(r, 0, "places") ? "good" : "note",
        row_i64(r, 0, "places") ? "The place is named."
                                : "No place yet. Load the demo place, or set yours as an admin.");
    bool postcodes = row_i64(r, 0, "postcodes") > 0;
    say(k, "postcodes", postcodes ? "good" : "note",
        postcodes ? arena_printf(k->cli->arena, "%s postcodes are loaded.", row_text(r, 0, "postcodes"))
                  : "None yet, so no supplier can be located. Run: anchorage import postcodes FILE "
                    "(Code-Point Open).");
    bool registers = row_i64(r, 0, "companies") > 0 && row_i64(r, 0, "charities") > 0;
    say(k, "registers", registers ? "good" : "note",
        registers ? "Companies and charities are loaded."
                  : "Tags are surer with registers. Run: anchorage import companies FILE, anchorage import "
                    "charities FILE.");
    bool stuck = row_i64(r, 0, "mail_failed") > 0;
    say(k, "mail", stuck ? "bad" : "good",
        stuck ? "Some mail could not be sent. Look at Admin, Mail."
        : *conf_text(CONF_SMTP_URL)
            ? conf_text(CONF_SMTP_URL)
            : "No mail server is set (mail.smtp_url); mail is written to the folder DATA/mail.");
}

static void list_settings(struct cli *cli) {
    json_t *list = json_array();
    for (int k = 0; k < CONF_COUNT_; k++) {
        const struct conf_row *row = conf_row((enum conf_key)k);
        bool secret = strstr(row->key, "password") && !row->is_number;
        const char *value = secret && *conf_text((enum conf_key)k) ? "(set)" : conf_text((enum conf_key)k);
        json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "key", row->key, "value", value,
                                              "default", row->dflt, "units", row->units, "help", row->help));
        if (!cli->json) {
            printf("%-26s %-24s %s%s%s\n", row->key, *value ? value : "-", row->help, *row->units ? ", " : "",
                   row->units);
        }
    }
    if (cli->json) {
        cli_json(json_pack("{s:o}", "settings", list));
    } else {
        json_decref(list);
    }
}

int verb_doctor(struct cli *cli) {
    struct cli_option options[] = {{.name = "settings", .help = "list every setting"}};
    if (!cli_options(cli, options, 1)) {
        return EXIT_USAGE;
    }
    if (cli->argc > 0) {
        return cli_usage(cli, "doctor takes no words.");
    }
    if (options[0].value) {
        list_settings(cli);
        return EXIT_DONE;
    }
    struct check k = {.list = json_array(), .cli = cli};
    check_folder(&k);
    if (cli_open_db(cli)) {
        check_data(&k);
        check_plugins(&k);
    } else {
        say(&k, "database", "bad", cli->why);
    }
    if (cli->json) {
        cli_json(json_pack("{s:b,s:o}", "good", !k.bad, "checks", k.list));
    } else {
        json_decref(k.list);
        puts(k.bad ? "\nSome things need you: see the lines marked bad." : "\nAll is well.");
    }
    return k.bad ? EXIT_REFUSED : EXIT_DONE;
}
