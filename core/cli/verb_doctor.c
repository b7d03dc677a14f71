// SPDX-License-Identifier: Apache-2.0
// anchorage doctor: looks at the installation, says what is well and what to do about the rest.
#include "base/clock.h"
#include "base/conf.h"
#include "base/day.h"
#include "cli/cli.h"
#include "cli/live.h"
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

// ---- plugins

struct plugin_case {
    const struct plugin_info *file; // NULL: its file is not there
    const struct rows *rows;        // of core.plugin
    size_t row;                     // its own, rows_count when it was never entered
    bool server;                    // one is running, and what it noted is what is so
};

static bool has_row(const struct plugin_case *p) {
    return p->row < rows_count(p->rows);
}

// Named in the settings: the server enters it when it starts.
static bool is_listed(const char *id) {
    size_t len = strlen(id);
    for (const char *p = conf_text(CONF_PLUGIN_LIST); *p; p += strspn(p, ", \t")) {
        size_t n = strcspn(p, ", \t");
        if (n == len && strncmp(p, id, n) == 0) {
            return true;
        }
        p += n;
    }
    return false;
}

// The first job that failed last time, or "".
static const char *job_in_trouble(struct check *k, const char *id) {
    char now[STAMP_TEXT_BYTES];
    struct rows *jobs;
    stamp_iso(k->cli->c.now_usec, now);
    if (DB_ROWS(&k->cli->c, plugin_admin_jobs, &jobs, id, now) != ERR_OK) {
        return "";
    }
    for (size_t i = 0; i < rows_count(jobs); i++) {
        if (row_i64(jobs, i, "fails") > 0) {
            return arena_printf(k->cli->arena, "Its job %s has failed %s times in a row: %.200s",
                                row_text(jobs, i, "name"), row_text(jobs, i, "fails"),
                                row_text(jobs, i, "last_error"));
        }
    }
    return "";
}

static void say_wanted(struct check *k, const char *what, const char *id, const struct plugin_case *p) {
    struct arena *a = k->cli->arena;
    const char *state = row_text(p->rows, p->row, "state"), *reason = row_text(p->rows, p->row, "reason");
    anc_caps granted = (anc_caps)row_i64(p->rows, p->row, "granted");
    if (!p->server) {
        state = p->file ? plugin_state_name(p->file->state) : "FAILED";
        reason = p->file ? p->file->reason : "Its file is not in the folder of plugins.";
    }
    if (strcmp(state, "FAILED") == 0) {
        say(k, what, "bad",
            arena_printf(a, "%s Put that right, then: anchorage plugin enable %s", reason, id));
    } else if (p->file && (p->file->wants & ~granted)) {
        say(k, what, "bad",
            arena_printf(a, "It lacks powers it needs. Give it all: anchorage plugin grant %s all", id));
    } else if (p->server && !row_bool(p->rows, p->row, "handled")) {
        say(k, what, "note", "The server is still acting upon the last change. Look again in a minute.");
    } else {
        const char *job = job_in_trouble(k, id);
        const char *title = p->file && *p->file->title ? p->file->title : id;
        say(k, what, *job ? "note" : "good",
            *job ? job
                 : arena_printf(a, "%s %s%s", title, row_text(p->rows, p->row, "version"),
                                p->server ? " is working." : " is switched on."));
    }
}

static void say_plugin(struct check *k, const char *id, const struct plugin_case *p) {
    struct arena *a = k->cli->arena;
    const char *what = arena_printf(a, "plugin %s", id);
    if (!has_row(p) && p->file && is_listed(id)) {
        bool failed = p->file->state == PLUGIN_FAILED;
        say(k, what, failed ? "bad" : "good",
            failed ? p->file->reason
                   : arena_printf(a, "%s is switched on when the server starts.", p->file->title));
    } else if (!has_row(p)) {
        say(k, what, "note",
            arena_printf(a, "Nobody has switched it on yet: anchorage plugin enable %s", id));
    } else if (!row_bool(p->rows, p->row, "enabled")) {
        say(k, what, "note", arena_printf(a, "It is off. To use it: anchorage plugin enable %s", id));
    } else if (!row_is_null(p->rows, p->row, "suspended_at")) {
        say(k, what, "bad",
            arena_printf(a, "It was taken out. %s When that is put right: anchorage plugin enable %s",
                         row_text(p->rows, p->row, "suspended_reason"), id));
    } else {
        say_wanted(k, what, id, p);
    }
}

// Looks at files and tables; runs nothing of any plugin.
static void check_plugins(struct check *k) {
    struct cli *cli = k->cli;
    struct plugin_info *files;
    struct rows *rows;
    bool server = false;
    const char *folder = cli_temp_folder(cli);
    if (!folder || live_is_there(&cli->c, &server) != ERR_OK ||
        DB_ROWS(&cli->c, plugin_admin_rows, &rows) != ERR_OK) {
        say(k, "plugins", "bad",
            folder ? cli->c.err_detail : "No folder for copies of the plugins can be made.");
        return;
    }
    cli_read_plugins(cli);
    plugin_host_check(cli->plugins, folder, NULL);
    cli_temp_remove(cli, folder);
    size_t n = plugin_list(cli->plugins, cli->arena, &files);
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        while (at < rows_count(rows) && strcmp(row_text(rows, at, "id"), files[i].id) != 0) {
            at++;
        }
        say_plugin(k, files[i].id,
                   &(struct plugin_case){.file = &files[i], .rows = rows, .row = at, .server = server});
    }
    for (size_t at = 0; at < rows_count(rows); at++) {
        size_t i = 0;
        while (i < n && strcmp(files[i].id, row_text(rows, at, "id")) != 0) {
            i++;
        }
        if (i == n) {
            say_plugin(k, row_text(rows, at, "id"),
                       &(struct plugin_case){.rows = rows, .row = at, .server = server});
        }
    }
}

// ---- data

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
