// SPDX-License-Identifier: Apache-2.0
// Two listings of one business put together, and the names that matching has learned.
#include "db/queries.gen.h"
#include "pages/spend_match.h"
#include "pages/spend_words.h"
#include "pages/view.h"
#include "spend/review.h"

#include <string.h>

#define FOUND_SHOWN  "10"
#define MERGES_SHOWN "200"
#define PAGE_SIZE    50
#define FIND_MAX     100
#define CHOICES_MAX  24

static const char *cut(struct req *r, const char *name) {
    const char *s = req_query(r, name);
    size_t n = strlen(s);
    while (n > FIND_MAX || (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)) {
        n--;
    }
    return arena_strndup(r->c.arena, s, n);
}

// ---- merges -------------------------------------------------------------------------------------------

// Suppliers that the words find, as a list to choose from, each with what tells it apart and what it was
// paid.
static enum err put_found(struct req *r, struct model *m, const char *list, const char *field,
                          const char *words) {
    struct rows *k;
    model_list(m, list);
    if (!*words) {
        form_options(r->form, field, NULL, 0);
        return ERR_OK;
    }
    enum err e =
        DB_ROWS(&r->c, review_find_suppliers, &k, view_pattern(r->c.arena, words), words, FOUND_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    struct field_option *o = arena_array(r->c.arena, CHOICES_MAX, sizeof *o);
    for (size_t i = 0; e == ERR_OK && i < rows_count(k) && i < CHOICES_MAX; i++) {
        struct rows *s;
        const char *ref = row_text(k, i, "ref");
        o[i] = (struct field_option){.value = ref, .label = row_text(k, i, "name")};
        e = DB_ROWS(&r->c, review_supplier, &s, ref);
        if (e == ERR_OK && rows_count(s) > 0) {
            struct model *item = model_add(m, list);
            view_row(item, s, 0);
            model_text(item, "input_id", i == 0 ? field : arena_printf(r->c.arena, "%s-%zu", field, i + 1));
            model_bool(item, "checked", strcmp(form_text(r->form, field), ref) == 0);
            model_text(item, "names_words",
                       spend_words_count(r->c.arena, row_i64(s, 0, "names"), "name", "names"));
            model_text(item, "lines_words",
                       spend_words_count(r->c.arena, row_i64(s, 0, "lines"), "payment", "payments"));
        }
    }
    form_options(r->form, field, o, rows_count(k) < CHOICES_MAX ? rows_count(k) : CHOICES_MAX);
    return e;
}

static void put_error(struct req *r, struct model *m, const char *key, const char *field) {
    const char *wrong = form_error_of(r->form, field);
    model_text(m, key, wrong ? wrong : "");
}

static enum err show_merges(struct req *r, struct model *m, const char *goes, const char *stays) {
    struct rows *list;
    enum err e = DB_ROWS(&r->c, review_merges, &list, MERGES_SHOWN);
    if (e != ERR_OK) {
        return e;
    }
    model_list(m, "merges");
    for (size_t i = 0; i < rows_count(list); i++) {
        struct model *item = model_add(m, "merges");
        view_row(item, list, i);
        model_bool(item, "is_undone", *row_text(list, i, "undone_at") != 0);
    }
    size_t n = rows_count(list);
    model_text(m, "goes", goes);
    model_text(m, "stays", stays);
    model_text(m, "goes_query", view_encoded(r->c.arena, goes));
    model_text(m, "stays_query", view_encoded(r->c.arena, stays));
    model_bool(m, "searched", *goes && *stays);
    put_error(r, m, "from_error", "from");
    put_error(r, m, "into_error", "into");
    model_text(m, "list_count_text", spend_words_count(r->c.arena, (int64_t)n, "merge", "merges"));
    model_text(m, "list_sort_text", "Latest first");
    return page_render(r, "spend/match-merges", m);
}

enum err match_page_merges(struct req *r) {
    const char *goes = cut(r, "goes"), *stays = cut(r, "stays");
    struct model *m = page_model(r, "Two listings of one business");
    enum err e = put_found(r, m, "from_choices", "from", goes);
    e = e ? e : put_found(r, m, "into_choices", "into", stays);
    if (e != ERR_OK) {
        return e;
    }
    if (form_was_sent(r->form) && form_ok(r->form) &&
        strcmp(form_text(r->form, "from"), form_text(r->form, "into")) == 0) {
        form_error(r->form, "into", "Choose two different listings");
    }
    if (form_was_sent(r->form) && form_ok(r->form)) {
        e = review_merge(&r->c, form_text(r->form, "from"), form_text(r->form, "into"),
                         form_text(r->form, "reason"));
        if (e == ERR_OK) {
            page_flash(r, "success", "They count as one now. You can undo it in the list below.");
            return page_redirect(r, "/officer/spend/merges");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show_merges(r, m, goes, stays);
}

enum err match_post_unmerge(struct req *r) {
    int64_t id;
    enum err e = match_path_id(r, 0, &id);
    e = e ? e : review_unmerge(&r->c, id);
    if (e == ERR_CONFLICT) {
        page_flash(r, "info", r->c.err_detail);
    } else if (e != ERR_OK) {
        return e;
    } else {
        page_flash(r, "success", "They are two businesses again.");
    }
    return page_redirect(r, "/officer/spend/merges");
}

// ---- learned names ------------------------------------------------------------------------------------

enum err match_page_aliases(struct req *r) {
    const char *q = cut(r, "q");
    const char *ended = strcmp(req_query(r, "state"), "all") == 0 ? "all" : "";
    const char *pattern = *q ? view_pattern(r->c.arena, q) : NULL, *all = *ended ? "true" : "false";
    struct rows *count, *list;
    enum err e = DB_ROWS(&r->c, review_alias_count, &count, pattern, all);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Names that were learned");
    int64_t total = row_i64(count, 0, "n");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = DB_ROWS(&r->c, review_aliases, &list, pattern, all, arena_i64(r->c.arena, PAGE_SIZE),
                arena_i64(r->c.arena, offset));
    if (e != ERR_OK) {
        return e;
    }
    view_rows(m, "aliases", list);
    model_text(m, "filter_action", "/officer/spend/aliases");
    model_text(m, "filter_label", "Search by name in the file or supplier");
    model_text(m, "filter_query", q);
    model_bool(m, "filter_open", *ended != 0);
    model_text(m, "filter_clear_href", *q || *ended ? "/officer/spend/aliases" : "");
    model_list(m, "filter_chosen");
    model_list(m, "filter_fields");
    struct model *f = view_filter_field(m, "state", "Show");
    view_filter_option(f, "", "Those in use", ended);
    view_filter_option(f, "all", "Also those that ended", ended);
    model_bool(m, "is_filtered", *q || *ended);
    model_text(m, "list_count_text", spend_words_count(r->c.arena, total, "name", "names"));
    model_text(m, "list_sort_text", "Learned last first");
    return page_render(r, "spend/match-aliases", m);
}

enum err match_post_alias_end(struct req *r) {
    int64_t id;
    enum err e = match_path_id(r, 0, &id);
    e = e ? e : review_end_alias(&r->c, id);
    if (e == ERR_CONFLICT) {
        page_flash(r, "info", r->c.err_detail);
    } else if (e != ERR_OK) {
        return e;
    } else {
        page_flash(r, "success", "Ended. New payments files are not matched by this name any more.");
    }
    return page_redirect(r, "/officer/spend/aliases");
}
