// SPDX-License-Identifier: Apache-2.0
// A plugin that does what a test tells it: every callback plays a script of steps "step:more|step|..".
// Built as two plugins (ID, ORDER), so that their order can be seen.
#include <anchorage/plugin.h>

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct anc_host *host;

enum {
    SQL_ADD,
    SQL_BACK,
    SQL_COUNT,
    SQL_FOREIGN,
    SQL_SECRET,
    SQL_SLEEP,
    SQL_WHO,
    SQL_WRONG,
    SQL_CHILD,
    SQL_OLD
};
static const struct anc_sql statements[] = {
    [SQL_ADD] = {.name = "add", .text = "INSERT INTO thing (id, word) VALUES ($1::int, $2)", .params = 2},
    [SQL_BACK] = {.name = "back",
                  .text = "INSERT INTO thing (id, word) VALUES ($1::int, $2) RETURNING id",
                  .params = 2},
    [SQL_COUNT] = {.name = "count", .text = "SELECT count(*), NULL FROM thing"},
    [SQL_FOREIGN] = {.name = "foreign", .text = "SELECT count(*) FROM supplier"},
    [SQL_SECRET] = {.name = "secret", .text = "SELECT rolpassword FROM pg_authid"},
    [SQL_SLEEP] = {.name = "sleep", .text = "SELECT pg_sleep(600)"},
    [SQL_WHO] = {.name = "who", .text = "SELECT current_user || ' ' || current_setting('search_path')"},
    [SQL_WRONG] = {.name = "wrong", .text = "SELECT nothing FROM nowhere"},
    [SQL_CHILD] = {.name = "child", .text = "INSERT INTO child (thing) VALUES ($1::int)", .params = 1},
    [SQL_OLD] = {.name = "old", .text = "SELECT id, word FROM thing ORDER BY id"},
};

// What a callback has besides its context; NULL where it has not.
struct stage {
    anc_sink *out;
    anc_report *report;
    anc_panel *panel;
};

static void tell(const struct stage *s, const char *text) {
    anc_rc rc = s->out ? host->sink->write(s->out, text, strlen(text)) : ANC_OK;
    (void)rc; // the host knows when its bound is passed
}

static void tell_rc(anc_ctx *ctx, const struct stage *s, anc_rc rc) {
    tell(s, host->mem->format(ctx, "%d ", (int)rc));
}

// The next word up to ':', cut off the rest.
static char *next(char **rest) {
    char *word = *rest;
    char *end = strchr(word, ':');
    *rest = end ? end + 1 : word + strlen(word);
    if (end) {
        *end = 0;
    }
    return word;
}

static void run(anc_ctx *ctx, const struct stage *s, uint32_t sql, uint32_t n, const char *const *params) {
    const anc_rows *rows = NULL;
    anc_rc rc = host->db->run(ctx, sql, n, params, &rows);
    tell_rc(ctx, s, rc);
    if (rc == ANC_OK && host->db->count(rows) > 0) {
        tell(s, host->mem->format(ctx, "(%s) ", host->db->text(rows, 0, 0)));
    }
}

static int64_t steady_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// Works until the budget is over, and a little longer.
static void spin(anc_ctx *ctx) {
    while (host->time->budget_ms(ctx) > 0) {
    }
    for (int64_t till = steady_ms() + 2; steady_ms() < till;) {
    }
}

static void crash(const char *how) {
    volatile uintptr_t nowhere = 64;
    if (strcmp(how, "abort") == 0) {
        abort();
    }
    *(volatile int *)nowhere = 1;
}

static int db_step(anc_ctx *ctx, const struct stage *s, const char *step, char *rest) {
    static const struct {
        const char *step;
        uint32_t sql;
    } plain[] = {{"count", SQL_COUNT}, {"foreign", SQL_FOREIGN}, {"secret", SQL_SECRET}, {"sleep", SQL_SLEEP},
                 {"who", SQL_WHO},     {"wrong", SQL_WRONG},     {"old", SQL_OLD}};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(step, plain[i].step) == 0) {
            run(ctx, s, plain[i].sql, 0, NULL);
            return 1;
        }
    }
    const char *params[2] = {NULL, NULL};
    if (strcmp(step, "add") == 0) {
        params[0] = next(&rest);
        params[1] = rest;
        tell_rc(ctx, s, host->db->exec(ctx, SQL_ADD, 2, params, NULL));
    } else if (strcmp(step, "back") == 0) {
        params[0] = next(&rest);
        params[1] = rest;
        run(ctx, s, SQL_BACK, 2, params);
    } else if (strcmp(step, "child") == 0) {
        params[0] = rest;
        tell_rc(ctx, s, host->db->exec(ctx, SQL_CHILD, 1, params, NULL));
    } else if (strcmp(step, "select_as_exec") == 0) {
        tell_rc(ctx, s, host->db->exec(ctx, SQL_COUNT, 0, NULL, NULL));
    } else {
        return 0;
    }
    return 1;
}

static int page_step(anc_ctx *ctx, const char *step, char *rest, anc_rc *rc) {
    const struct anc_page_api *p = host->page;
    if (strcmp(step, "put") == 0) {
        const char *key = next(&rest);
        p->put_text(ctx, key, rest);
    } else if (strcmp(step, "list") == 0) {
        p->list(ctx, rest);
    } else if (strcmp(step, "item") == 0) {
        p->item(ctx, rest);
    } else if (strcmp(step, "end") == 0) {
        p->list_end(ctx);
    } else if (strcmp(step, "panel") == 0) {
        host->panel->figure(p->panel(ctx, rest), "Things", ANC_COLUMN_NUMBER, 1234, "this year");
    } else if (strcmp(step, "form") == 0) {
        p->put_text(ctx, "form_says", p->form_text(ctx, rest));
        p->put_i64(ctx, "form_counts", p->form_i64(ctx, rest, -7));
    } else if (strcmp(step, "form_error") == 0) {
        const char *field = next(&rest);
        p->form_error(ctx, field, rest);
    } else if (strcmp(step, "message") == 0) {
        p->message(ctx, rest);
    } else if (strcmp(step, "render") == 0) {
        const char *name = next(&rest);
        *rc = p->render(ctx, name, rest);
    } else if (strcmp(step, "redirect") == 0) {
        *rc = p->redirect(ctx, rest);
    } else if (strcmp(step, "bytes") == 0) {
        const char *type = next(&rest), *name = next(&rest);
        *rc = p->bytes(ctx, type, name, rest, strlen(rest));
    } else if (strcmp(step, "large") == 0) {
        *rc = p->bytes(ctx, "text/plain", "", host, (size_t)16 * 1024 * 1024 + 1);
    } else {
        return 0;
    }
    return 1;
}

static void fill_something(anc_panel *panel) {
    const struct anc_panel_api *p = host->panel;
    p->figure(panel, "Things", ANC_COLUMN_NUMBER, 3, "");
    p->table(panel, "by_kind", "Things by kind");
    p->column(panel, "kind", "Kind", ANC_COLUMN_TEXT);
    p->column(panel, "count", "Count", ANC_COLUMN_NUMBER);
    p->row(panel);
    p->cell_link(panel, "Round", "/x/" ID "/round");
    p->cell_i64(panel, 3);
    p->bars(panel, "kind", "count", "Most are round.");
}

static int small_step(anc_ctx *ctx, const struct stage *s, const char *step, char *rest) {
    if (strcmp(step, "spin") == 0) {
        spin(ctx);
    } else if (strcmp(step, "forever") == 0) {
        for (volatile int on = 1; on;) {
        }
    } else if (strcmp(step, "crash") == 0) {
        crash(rest);
    } else if (strcmp(step, "say") == 0) {
        for (long n = strtol(rest, NULL, 10); n > 0; n--) {
            tell(s, "x");
        }
    } else if (strcmp(step, "error") == 0) {
        host->report->add(s->report, ANC_FINDING_ERROR, "", rest);
    } else if (strcmp(step, "log") == 0) {
        host->log->write(ctx, ANC_LOG_ERROR, rest);
    } else if (strcmp(step, "why") == 0) {
        const char *field = next(&rest);
        anc_rc rc = host->fail->why(ctx, ANC_OK, field, rest);
        (void)rc;
    } else if (strcmp(step, "setting") == 0) {
        tell(s, host->mem->format(ctx, "%s %d ", host->setting->text(ctx, rest),
                                  (int)host->setting->number(ctx, rest)));
    } else if (strcmp(step, "text") == 0) {
        tell(s, host->text->get(ctx, rest));
    } else if (strcmp(step, "fill") == 0) {
        fill_something(s->panel);
    } else {
        return 0;
    }
    return 1;
}

static anc_rc code_of(const char *word) {
    static const struct {
        const char *word;
        anc_rc rc;
    } codes[] = {{"ok", ANC_OK},
                 {"skip", ANC_SKIP},
                 {"veto", ANC_VETO},
                 {"invalid", ANC_E_INVALID},
                 {"away", ANC_E_NOT_FOUND},
                 {"denied", ANC_E_DENIED},
                 {"limit", ANC_E_LIMIT},
                 {"db", ANC_E_DB},
                 {"unsupported", ANC_E_UNSUPPORTED},
                 {"bug", ANC_E_BUG},
                 {"conflict", ANC_E_CONFLICT}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(word, codes[i].word) == 0) {
            return codes[i].rc;
        }
    }
    return 77; // no code at all
}

// Plays a script; without a code in it it ends as the last answer of a page, else with ANC_OK.
static anc_rc play(anc_ctx *ctx, const char *script, const struct stage *s) {
    char *rest = (char *)(uintptr_t)host->mem->format(ctx, "%s", script);
    anc_rc rc = ANC_OK;
    while (*rest) {
        char *step = rest;
        char *end = strchr(rest, '|');
        rest = end ? end + 1 : rest + strlen(rest);
        if (end) {
            *end = 0;
        }
        char *more = step;
        step = next(&more);
        if (!small_step(ctx, s, step, more) && !db_step(ctx, s, step, more) &&
            !page_step(ctx, step, more, &rc)) {
            return code_of(step);
        }
    }
    return rc;
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *given, void **ret_state) {
    (void)ctx;
    static int one;
    host = given;
    *ret_state = &one;
    return ANC_OK;
}

static anc_rc verb(anc_ctx *ctx, uint32_t count, const char *const *words, anc_sink *out, anc_report *report,
                   void *state) {
    (void)state;
    return play(ctx, count > 0 ? words[0] : "", &(struct stage){.out = out, .report = report});
}

static anc_rc slow(anc_ctx *ctx, void *state) {
    (void)state;
    return play(ctx, "spin", &(struct stage){0});
}
static anc_rc sleeper(anc_ctx *ctx, void *state) {
    (void)state;
    return play(ctx, "add:1:before|sleep", &(struct stage){0});
}
static anc_rc late(anc_ctx *ctx, void *state) {
    (void)state;
    return play(ctx, "add:1:before|spin|add:2:after", &(struct stage){0});
}
static anc_rc stuck(anc_ctx *ctx, void *state) {
    (void)state;
    return play(ctx, "forever", &(struct stage){0});
}

// The event's name is the script; its ref names the plugin that plays it, "" all.
static anc_rc on_event(anc_ctx *ctx, const struct anc_event *event, void *state) {
    (void)state;
    host->log->write(ctx, ANC_LOG_ERROR, "asked " ID);
    return *event->ref && strcmp(event->ref, ID) != 0 ? ANC_OK : play(ctx, event->name, &(struct stage){0});
}

static anc_rc page(anc_ctx *ctx, void *state) {
    (void)state;
    return play(ctx, host->page->query(ctx, "do"), &(struct stage){0});
}

static anc_rc panel_shows(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)state;
    return play(ctx, *ref ? ref : "fill", &(struct stage){.panel = panel});
}
static anc_rc panel_fails(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ref, (void)state;
    return play(ctx, "fill|bug", &(struct stage){.panel = panel});
}
static anc_rc panel_skips(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state) {
    (void)ctx, (void)ref, (void)panel, (void)state;
    return ANC_SKIP;
}

static const struct anc_setting settings[] = {
    {.key = "size", .kind = ANC_SETTING_NUMBER, .dflt = "12", .title = "Size", .help = ""}};
static const struct anc_text texts[] = {{.key = "hello", .text = "Good day"}};
static const char list_html[] = "<h1>{{title_word}}</h1>{{text_hello}}{{#rows}}<p>{{name}}</p>{{/rows}}";
static const struct anc_template templates[] = {
    {.name = "list", .text = list_html, .bytes = sizeof list_html - 1}};
static const struct anc_form forms[] = {
    {.name = "thing",
     .text = "form thing\nfield amount\n  type number\n  label Amount\nfield word\n  label Word\n"}};
static const struct anc_route routes[] = {
    {.method = "GET", .path = "/x/" ID "/{what}", .perm = ANC_PERM_PUBLIC, .form = "-", .page = page}};
static const struct anc_verb verbs[] = {
    {.name = "do", .words = "SCRIPT", .help = "Plays a script.", .run = verb}};
static const struct anc_job jobs[] = {
    {.name = "slow", .title = "Takes too long", .every_s = 10, .max_ms = 5, .run = slow},
    {.name = "sleeper", .title = "Waits in a statement", .every_s = 10, .max_ms = 100, .run = sleeper},
    {.name = "late", .title = "Works on after its time", .every_s = 10, .max_ms = 300, .run = late},
    {.name = "stuck", .title = "Never ends", .every_s = 60, .max_ms = 1, .run = stuck}};
static const struct anc_filter filters[] = {
    {.event = ANC_EVENT_NOTICE_PUBLISHING, .order = ORDER, .ask = on_event},
    {.event = ANC_EVENT_SUPPLIER_SAVING, .order = ORDER, .ask = on_event}};
static const struct anc_notification notifications[] = {{.event = ANC_EVENT_AWARDED, .told = on_event}};
static const struct anc_page_panel panels[] = {
    {.slot = ANC_SLOT_HOME, .order = 5, .title = "Fails", .fill = panel_fails},
    {.slot = ANC_SLOT_HOME, .order = ORDER, .title = "Shows " ID, .fill = panel_shows},
    {.slot = ANC_SLOT_HOME, .order = 9, .title = "Skips", .fill = panel_skips}};

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = ID,
    .title = "Probe " ID,
    .summary = "Does what a test tells it.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(1, 0, 0),
    .wants = ANC_CAP_OWN_TABLES | ANC_CAP_PAGES | ANC_CAP_JOBS | ANC_CAP_EVENTS,
    .start = start,
    .settings = ANC_TABLE(settings),
    .sql = ANC_TABLE(statements),
    .templates = ANC_TABLE(templates),
    .forms = ANC_TABLE(forms),
    .texts = ANC_TABLE(texts),
    .routes = ANC_TABLE(routes),
    .panels = ANC_TABLE(panels),
    .verbs = ANC_TABLE(verbs),
    .jobs = ANC_TABLE(jobs),
    .filters = ANC_TABLE(filters),
    .notifications = ANC_TABLE(notifications),
};
ANC_PLUGIN(plugin)
