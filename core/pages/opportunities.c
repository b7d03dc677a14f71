// SPDX-License-Identifier: Apache-2.0
// The public board of opportunities, each notice, and its export.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/notice.h"
#include "http/app.h"
#include "http/response.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "pages/rule_words.h"
#include "pages/view.h"
#include "plugin/points.h"
#include "render/table.h"

#include <stdio.h>
#include <string.h>

#define PAGE_SIZE   20
#define EXPORT_MAX  ((size_t)64 * 1024 * 1024)
#define QUERY_BYTES 200 // of the words searched for

struct word {
    const char *value, *label;
};
static const struct word kinds[] = {
    {"tender", "Take bids now"}, {"engagement", "Ask the market first"}, {"pipeline", "Planned for later"}};
static const struct word states[] = {{"open", "Open or planned"},
                                     {"closed", "Closed, being decided"},
                                     {"awarded", "Awarded"},
                                     {"cancelled", "Cancelled"},
                                     {"all", "All"}};
static const struct word sorts[] = {{"closing", "Closing soonest"}, {"newest", "Newest"}};

static const char *known(const char *value, const struct word *list, size_t n, const char *otherwise) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].value, value) == 0) {
            return value;
        }
    }
    return otherwise;
}
#define KNOWN(value, list, otherwise) known((value), (list), sizeof(list) / sizeof *(list), (otherwise))

// What the address asks for; unknown words count as not given.
struct asked {
    const char *q, *kind, *anchor, *state, *sort;
};

static void read_asked(struct req *r, struct asked *a) {
    const char *q = req_query(r, "q");
    *a = (struct asked){.q = strlen(q) <= QUERY_BYTES ? q : "",
                        .kind = KNOWN(req_query(r, "kind"), kinds, ""),
                        .anchor = req_query(r, "anchor"),
                        .state = KNOWN(req_query(r, "state"), states, "open"),
                        .sort = KNOWN(req_query(r, "sort"), sorts, "closing")};
}

static enum err find(struct req *r, const struct asked *a, int64_t limit, int64_t offset, struct rows **ret) {
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    return DB_ROWS(&r->c, opportunity_list, ret, now, a->q, a->kind, a->anchor, a->state, a->sort,
                   arena_i64(r->c.arena, limit), arena_i64(r->c.arena, offset));
}

// A list of open notices is right until the next one closes.
static enum err fresh_until_next_close(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *next;
    int64_t usec;
    stamp_iso(r->c.now_usec, now);
    enum err e = DB_ROWS(&r->c, opportunity_next_close, &next, now);
    if (e == ERR_OK && stamp_parse(row_text(next, 0, "closes_at"), &usec)) {
        page_fresh_until(r, usec);
    }
    return e;
}

// ---- the filters ----

static void add_chosen(struct req *r, struct model *m, const char *name, const char *label) {
    static const char *const names[] = {"q", "kind", "anchor", "state", "sort"};
    struct strb b;
    strb_init(&b, 8192);
    strb_puts(&b, "/opportunities?");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = req_query(r, names[i]);
        if (strcmp(names[i], name) != 0 && *value) {
            strb_printf(&b, "%s=", names[i]);
            for (const char *p = value; *p; p++) {
                strb_printf(&b, "%%%02X", (unsigned char)*p);
            }
            strb_putc(&b, '&');
        }
    }
    struct model *item = model_add(m, "filter_chosen");
    model_text(item, "label", label);
    model_text(item, "remove_href", b.p);
    strb_free(&b);
}

static const char *label_of(const struct word *list, size_t n, const char *value) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].value, value) == 0) {
            return list[i].label;
        }
    }
    return value;
}
#define LABEL(list, value) label_of((list), sizeof(list) / sizeof *(list), (value))

static void put_filters(struct req *r, struct model *m, const struct asked *a, const struct rows *anchors) {
    model_text(m, "filter_action", "/opportunities");
    model_text(m, "filter_label", "Search opportunities");
    model_text(m, "filter_query", a->q);
    model_list(m, "filter_fields");
    model_list(m, "filter_chosen");
    struct model *f = view_filter_field(m, "state", "State");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        view_filter_option(f, states[i].value, states[i].label, a->state);
    }
    f = view_filter_field(m, "kind", "Kind");
    view_filter_option(f, "", "Any kind", a->kind);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        view_filter_option(f, kinds[i].value, kinds[i].label, a->kind);
    }
    f = view_filter_field(m, "anchor", "Public body");
    view_filter_option(f, "", "Any", a->anchor);
    for (size_t i = 0; i < rows_count(anchors); i++) {
        const char *ref = row_text(anchors, i, "ref");
        view_filter_option(f, ref, row_text(anchors, i, "name"), a->anchor);
        if (strcmp(ref, a->anchor) == 0) {
            add_chosen(r, m, "anchor", row_text(anchors, i, "name"));
        }
    }
    f = view_filter_field(m, "sort", "Sort");
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        view_filter_option(f, sorts[i].value, sorts[i].label, a->sort);
    }
    if (*a->q) {
        add_chosen(r, m, "q", a->q);
    }
    if (*a->kind) {
        add_chosen(r, m, "kind", LABEL(kinds, a->kind));
    }
    if (strcmp(a->state, "open") != 0) {
        add_chosen(r, m, "state", LABEL(states, a->state));
    }
    bool narrowed = *a->q || *a->kind || *a->anchor || strcmp(a->state, "open") != 0;
    model_bool(m, "filter_open", narrowed || strcmp(a->sort, "closing") != 0);
    model_text(m, "filter_clear_href", narrowed ? "/opportunities" : "");
}

// Links to the same list as data.
static void put_downloads(struct req *r, struct model *m, const struct asked *a) {
    struct strb b;
    strb_init(&b, 8192);
    const char *names[] = {"q", "kind", "anchor", "state", "sort"};
    const char *values[] = {a->q, a->kind, a->anchor, a->state, a->sort};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (*values[i]) {
            strb_printf(&b, "%s%s=", b.n ? "&" : "?", names[i]);
            for (const char *p = values[i]; *p; p++) {
                strb_printf(&b, "%%%02X", (unsigned char)*p);
            }
        }
    }
    model_text(m, "csv_href", arena_printf(r->c.arena, "/opportunities.csv%s", b.p));
    model_text(m, "json_href", arena_printf(r->c.arena, "/opportunities.json%s", b.p));
    strb_free(&b);
}

// One item an opportunity; the template shows a tag by the flag of its state.
static void put_found(struct model *m, const struct rows *found) {
    static const char *const texts[] = {"ref",
                                        "title",
                                        "summary",
                                        "anchor_name",
                                        "closes_at",
                                        "value_high_pence",
                                        "contract_start",
                                        "award_pence",
                                        "winner_name",
                                        "postcode"};
    static const char *const shown[] = {"open", "planned", "closed", "awarded", "cancelled"};
    static const char *const flags[] = {"shown_open", "shown_planned", "shown_closed", "shown_awarded",
                                        "shown_cancelled"};
    model_list(m, "found");
    for (size_t i = 0; i < rows_count(found); i++) {
        struct model *item = model_add(m, "found");
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            model_text(item, texts[k], row_text(found, i, texts[k]));
        }
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) {
            model_bool(item, flags[k], strcmp(row_text(found, i, "shown"), shown[k]) == 0);
        }
    }
}

static enum err page_board(struct req *r) {
    struct asked a;
    struct rows *found, *anchors;
    read_asked(r, &a);
    struct model *m = page_model(r, "Opportunities");
    // The first look tells how many there are; a later page is then asked for with its offset.
    enum err e = find(r, &a, PAGE_SIZE, 0, &found);
    int64_t total = e == ERR_OK && rows_count(found) ? row_i64(found, 0, "total") : 0;
    int64_t offset = e == ERR_OK ? view_pager(r, m, total, PAGE_SIZE) : 0;
    e = e || offset == 0 ? e : find(r, &a, PAGE_SIZE, offset, &found);
    e = e ? e : DB_ROWS(&r->c, opportunity_anchors, &anchors);
    e = e ? e : fresh_until_next_close(r);
    if (e != ERR_OK) {
        return e;
    }
    put_filters(r, m, &a, anchors);
    put_downloads(r, m, &a);
    put_found(m, found);
    model_textf(m, "list_count_text", "%lld %s", (long long)total,
                total == 1 ? "opportunity" : "opportunities");
    model_text(m, "list_sort_text",
               strcmp(a.sort, "newest") == 0 ? "Newest first" : "Closing soonest first, then newest");
    model_bool(m, "is_narrowed", *a.q || *a.kind || *a.anchor);
    return page_render(r, "opportunities/board", m);
}

// ---- the board as data ----

static enum err page_data(struct req *r) {
    struct asked a;
    struct rows *found;
    read_asked(r, &a);
    enum err e = find(r, &a, 5000, 0, &found);
    e = e ? e : fresh_until_next_close(r);
    if (e != ERR_OK) {
        return e;
    }
    static const struct {
        const char *key, *title;
        enum cell_kind kind;
    } columns[] = {{"ref", "Reference", CELL_TEXT},
                   {"title", "Title", CELL_LINK},
                   {"anchor_name", "Public body", CELL_TEXT},
                   {"kind", "Kind", CELL_TEXT},
                   {"shown", "State", CELL_TEXT},
                   {"published_at", "Published", CELL_WHEN},
                   {"closes_at", "Closes", CELL_WHEN},
                   {"value_low_pence", "Lowest value", CELL_MONEY},
                   {"value_high_pence", "Highest value", CELL_MONEY},
                   {"contract_kind", "Works, services or goods", CELL_TEXT},
                   {"cpv_text", "CPV codes", CELL_TEXT},
                   {"postcode", "Postcode", CELL_TEXT},
                   {"contract_start", "Contract starts", CELL_DAY},
                   {"contract_end", "Contract ends", CELL_DAY},
                   {"reserved", "Reserved", CELL_TEXT},
                   {"winner_name", "Awarded to", CELL_TEXT},
                   {"award_pence", "Awarded value", CELL_MONEY}};
    struct table *t = table_new(r->c.arena, "Opportunities of the local public bodies");
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
        table_column(t, columns[k].key, columns[k].title, columns[k].kind);
    }
    for (size_t i = 0; i < rows_count(found); i++) {
        table_row(t);
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) {
            const char *text = row_text(found, i, columns[k].key);
            if (columns[k].kind == CELL_LINK) {
                table_link(t, text, arena_printf(r->c.arena, "/opportunities/%s", row_text(found, i, "ref")));
            } else {
                table_text(t, text);
            }
        }
    }
    return page_table(r, t, "opportunities");
}

// ---- one notice ----

static void add_moment(struct model *m, const char *title, const char *stamp, int64_t now) {
    int64_t usec;
    int32_t day;
    char words[STAMP_TEXT_BYTES];
    bool done;
    if (stamp_parse(stamp, &usec)) {
        stamp_words(usec, words);
        done = usec <= now;
    } else if (day_parse(stamp, &day)) {
        day_words(day, words);
        done = day <= london_day(now);
    } else {
        return;
    }
    struct model *item = model_add(m, "timeline");
    model_text(item, "title", title);
    model_text(item, "text", words);
    model_bool(item, "done", done);
}

static void put_timeline(struct req *r, struct model *m, const struct rows *n) {
    static const struct word moments[] = {
        {"published_at", "Published"},     {"questions_by", "Last day for questions"},
        {"closes_at", "Closes"},           {"opened_at", "Bids opened"},
        {"awarded_at", "Awarded"},         {"cancelled_at", "Cancelled"},
        {"contract_start", "Work starts"}, {"contract_end", "Contract ends"},
    };
    bool cancelled = strcmp(row_text(n, 0, "state"), "cancelled") == 0;
    model_list(m, "timeline");
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        if (!cancelled || strncmp(moments[i].value, "contract", 8) != 0) {
            add_moment(m, moments[i].label, row_text(n, 0, moments[i].value), r->c.now_usec);
        }
    }
}

// Words in the template are chosen by flags: kind_tender, state_awarded, reserved_local ...
static void put_flags(struct model *m, const struct rows *n) {
    static const char *const flags[][2] = {{"kind", "tender"},
                                           {"kind", "engagement"},
                                           {"kind", "pipeline"},
                                           {"state", "published"},
                                           {"state", "closed"},
                                           {"state", "opened"},
                                           {"state", "awarded"},
                                           {"state", "cancelled"},
                                           {"reserved", "local"},
                                           {"reserved", "uk"},
                                           {"procedure", "quick_quote"},
                                           {"procedure", "open"},
                                           {"contract_kind", "works"},
                                           {"contract_kind", "goods"},
                                           {"procedure", "competitive_flexible"},
                                           {"contract_kind", "services"},
                                           {"procedure", "framework_call_off"}};
    static const char *const keys[] = {
        "kind_tender",    "kind_engagement",   "kind_pipeline",   "state_published", "state_closed",
        "state_opened",   "state_awarded",     "state_cancelled", "reserved_local",  "reserved_uk",
        "is_quick_quote", "is_open_procedure", "is_works",        "is_goods",        "is_flexible",
        "is_services",    "is_call_off"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        model_bool(m, keys[i], strcmp(row_text(n, 0, flags[i][0]), flags[i][1]) == 0);
    }
    model_bool(m, "has_price", row_i64(n, 0, "price_weight") > 0);
    model_bool(m, "has_quality", row_i64(n, 0, "quality_weight") > 0);
    model_bool(m, "has_social", row_i64(n, 0, "social_weight") > 0);
    model_bool(m, "is_closed_time", !row_bool(n, 0, "is_open"));
}

static enum err page_notice(struct req *r) {
    char now[STAMP_TEXT_BYTES];
    struct rows *n, *rules;
    int64_t closes;
    stamp_iso(r->c.now_usec, now);
    enum err e = DB_ROWS(&r->c, opportunity, &n, r->params[0], now);
    e = e ? e : DB_ROWS(&r->c, notice_rules, &rules, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, row_text(n, 0, "title"));
    view_row(m, n, 0);
    rule_words_list(r, m, rules);
    put_flags(m, n);
    put_timeline(r, m, n);
    struct provider p;
    model_bool(m, "can_export",
               provider_find(r->c.plugins, ANC_POINT_NOTICE_EXPORTER, "contracts-finder", &p));
    if (row_bool(n, 0, "is_open") && stamp_parse(row_text(n, 0, "closes_at"), &closes)) {
        page_fresh_until(r, closes);
    }
    view_slot(r, m, ANC_SLOT_NOTICE, row_text(n, 0, "ref"), "l");
    return page_render(r, "opportunities/notice", m);
}

// ---- its export ----

static enum err show_findings(struct req *r, const struct anc_notice *n, const struct findings *found) {
    struct model *m = page_model(r, "This notice cannot be exported yet");
    model_text(m, "ref", n->ref);
    model_text(m, "notice_title", n->title);
    model_list(m, "findings");
    for (size_t i = 0; i < found->count; i++) {
        if (found->list[i].severity == ANC_FINDING_ERROR) {
            struct model *item = model_add(m, "findings");
            model_text(item, "field", found->list[i].field);
            model_text(item, "text", found->list[i].text);
        }
    }
    enum err e = page_render(r, "opportunities/findings", m);
    r->resp->status = e == ERR_OK ? err_status(ERR_CONFLICT) : r->resp->status;
    return e;
}

static enum err page_export(struct req *r) {
    const struct anc_notice *list;
    uint32_t count;
    struct provider p;
    struct findings found = {0};
    enum err e = notice_for_export(&r->c, r->params[0], r->app->public_url, &list, &count);
    if (e != ERR_OK) {
        return e;
    }
    if (!provider_find(r->c.plugins, ANC_POINT_NOTICE_EXPORTER, "contracts-finder", &p)) {
        return ctx_fail(&r->c, ERR_NOT_FOUND, "no exporter contracts-finder");
    }
    struct strb out;
    strb_init(&out, EXPORT_MAX);
    e = point_notice_write(&r->c, &p, list, count, &out, &found);
    if (e == ERR_OK) {
        e = page_bytes(r, "application/xml; charset=utf-8",
                       arena_printf(r->c.arena, "contracts-finder-%s.xml", list[0].ref), out.p, out.n);
    } else if (e == ERR_INVALID) {
        e = show_findings(r, list, &found);
    }
    strb_free(&out);
    return e;
}

#define BOARD_TOPICS "notice,place"
const struct route routes_opportunities[] = {
    {"GET", "/opportunities", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, BOARD_TOPICS, page_board,
     NULL},
    {"GET", "/opportunities.csv", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, BOARD_TOPICS, page_data,
     NULL},
    {"GET", "/opportunities.json", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, BOARD_TOPICS, page_data,
     NULL},
    {"GET", "/opportunities/{ref}", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, BOARD_TOPICS,
     page_notice, NULL},
    {"GET", "/opportunities/{ref}/contracts-finder.xml", NEED(PERM_PUBLIC), CSRF_NONE, "-", 0, "",
     page_export, NULL},
};
ROUTES_END(opportunities);
