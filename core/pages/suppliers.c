// SPDX-License-Identifier: Apache-2.0
// The public directory of suppliers and a supplier's card.
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "pages/plugins.h"
#include "pages/routes.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_SIZE  25
#define EXPORT_MAX "100000"
#define QUERY_MAX  100

static const char *const local_choices[][2] = {{"", "Anywhere"}, {"yes", "Local only"}, {"no", "Not local"}};
static const char *const vcfse_choices[][2] = {{"", "Any"},
                                               {"yes", "VCFSE organisations"},
                                               {"review", "Being checked"},
                                               {"no", "Not VCFSE"},
                                               {"unknown", "Not known"}};

struct filter {
    const char *q, *pattern, *sector, *ward, *local, *vcfse;
    struct rows *wards;
};

// Only a known choice is taken; anything else in the address means "any".
static const char *choice(const char *given, const char *const (*list)[2], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i][0], given) == 0) {
            return list[i][0];
        }
    }
    return "";
}

static enum err read_filter(struct req *r, struct filter *f) {
    const char *q = req_query(r, "q");
    size_t n = strlen(q);
    while (n > QUERY_MAX || (n > 0 && ((unsigned char)q[n] & 0xC0) == 0x80)) {
        n--; // cut between characters
    }
    f->q = arena_strndup(r->c.arena, q, n);
    f->pattern = *f->q ? view_pattern(r->c.arena, f->q) : NULL;
    f->sector = *supplier_sector_words(req_query(r, "sector")) ? req_query(r, "sector") : "";
    f->local = choice(req_query(r, "local"), local_choices, sizeof local_choices / sizeof *local_choices);
    f->vcfse = choice(req_query(r, "vcfse"), vcfse_choices, sizeof vcfse_choices / sizeof *vcfse_choices);
    f->ward = "";
    enum err e = DB_ROWS(&r->c, supplier_wards, &f->wards);
    for (size_t i = 0; e == ERR_OK && i < rows_count(f->wards); i++) {
        if (strcmp(row_text(f->wards, i, "code"), req_query(r, "ward")) == 0) {
            f->ward = row_text(f->wards, i, "code");
        }
    }
    return e;
}

// ---- the filters as the partial shows them ------------------------------------------------------------

// The address of this list without one of its filters.
static const char *without(struct req *r, const struct filter *f, const char *left_out) {
    const char *const pairs[][2] = {
        {"q", f->q}, {"sector", f->sector}, {"ward", f->ward}, {"local", f->local}, {"vcfse", f->vcfse}};
    const char *url = "";
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (*pairs[i][1] && strcmp(pairs[i][0], left_out) != 0) {
            url = arena_printf(r->c.arena, "%s%s%s=%s", url, *url ? "&" : "?", pairs[i][0],
                               view_encoded(r->c.arena, pairs[i][1]));
        }
    }
    return url;
}

static void add_chosen(struct req *r, struct model *m, const struct filter *f, const char *name,
                       const char *value, const char *words) {
    if (*value) {
        struct model *item = model_add(m, "filter_chosen");
        model_text(item, "label", words);
        model_text(item, "remove_href", arena_printf(r->c.arena, "/suppliers%s", without(r, f, name)));
    }
}

static const char *ward_name(const struct filter *f) {
    for (size_t i = 0; i < rows_count(f->wards); i++) {
        if (strcmp(row_text(f->wards, i, "code"), f->ward) == 0) {
            return row_text(f->wards, i, "name");
        }
    }
    return "";
}

static const char *label_of(const char *code, const char *const (*list)[2], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i][0], code) == 0) {
            return list[i][1];
        }
    }
    return "";
}

static void put_filters(struct req *r, struct model *m, const struct filter *f) {
    size_t n;
    const struct sector *sectors = supplier_sectors(&n);
    bool any = *f->sector || *f->ward || *f->local || *f->vcfse;
    model_text(m, "filter_action", "/suppliers");
    model_text(m, "filter_label", "Search by name, town or what they do");
    model_text(m, "filter_query", f->q);
    model_bool(m, "filter_open", any);
    model_text(m, "filter_clear_href", any || *f->q ? "/suppliers" : "");
    model_list(m, "filter_fields");
    struct model *field = view_filter_field(m, "sector", "Kind of work");
    view_filter_option(field, "", "Any", f->sector);
    for (size_t i = 0; i < n; i++) {
        view_filter_option(field, sectors[i].code, sectors[i].words, f->sector);
    }
    field = view_filter_field(m, "ward", "Ward");
    view_filter_option(field, "", "Any", f->ward);
    for (size_t i = 0; i < rows_count(f->wards); i++) {
        view_filter_option(field, row_text(f->wards, i, "code"), row_text(f->wards, i, "name"), f->ward);
    }
    field = view_filter_field(m, "local", "Where they are");
    for (size_t i = 0; i < sizeof local_choices / sizeof *local_choices; i++) {
        view_filter_option(field, local_choices[i][0], local_choices[i][1], f->local);
    }
    field = view_filter_field(m, "vcfse", "Voluntary, community, faith or social enterprise (VCFSE)");
    for (size_t i = 0; i < sizeof vcfse_choices / sizeof *vcfse_choices; i++) {
        view_filter_option(field, vcfse_choices[i][0], vcfse_choices[i][1], f->vcfse);
    }
    model_list(m, "filter_chosen");
    add_chosen(r, m, f, "q", f->q, f->q);
    add_chosen(r, m, f, "sector", f->sector, supplier_sector_words(f->sector));
    add_chosen(r, m, f, "ward", f->ward, ward_name(f));
    add_chosen(r, m, f, "local", f->local,
               label_of(f->local, local_choices, sizeof local_choices / sizeof *local_choices));
    add_chosen(r, m, f, "vcfse", f->vcfse,
               label_of(f->vcfse, vcfse_choices, sizeof vcfse_choices / sizeof *vcfse_choices));
}

// ---- the list -----------------------------------------------------------------------------------------

static void put_cards(struct model *m, const struct rows *list) {
    model_list(m, "suppliers");
    for (size_t i = 0; i < rows_count(list); i++) {
        struct model *item = model_add(m, "suppliers");
        static const char *const keys[] = {"ref", "name", "summary", "town", "ward_name"};
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            model_text(item, keys[k], row_text(list, i, keys[k]));
        }
        model_text(item, "sector_words", supplier_sector_words(row_text(list, i, "sector")));
        model_text(item, "size_words", supplier_words_size(row_text(list, i, "size")));
        model_bool(item, "local", row_bool(list, i, "is_local"));
        model_bool(item, "vcfse", strcmp(row_text(list, i, "decision"), "yes") == 0);
    }
}

static enum err page_suppliers(struct req *r) {
    struct filter f;
    struct rows *count, *list;
    enum err e = read_filter(r, &f);
    e = e ? e : DB_ROWS(&r->c, supplier_list_count, &count, f.pattern, f.sector, f.ward, f.local, f.vcfse);
    if (e != ERR_OK) {
        return e;
    }
    int64_t total = row_i64(count, 0, "n");
    struct model *m = page_model(r, "Suppliers");
    int64_t offset = view_pager(r, m, total, PAGE_SIZE);
    e = DB_ROWS(&r->c, supplier_list, &list, f.pattern, f.sector, f.ward, f.local, f.vcfse,
                arena_i64(r->c.arena, PAGE_SIZE), arena_i64(r->c.arena, offset));
    if (e != ERR_OK) {
        return e;
    }
    put_filters(r, m, &f);
    put_cards(m, list);
    model_text(m, "list_count_text",
               arena_printf(r->c.arena, "%lld supplier%s", (long long)total, total == 1 ? "" : "s"));
    model_text(m, "list_sort_text", "By name, A to Z");
    model_text(m, "csv_href", arena_printf(r->c.arena, "/suppliers.csv%s", without(r, &f, "")));
    model_text(m, "json_href", arena_printf(r->c.arena, "/suppliers.json%s", without(r, &f, "")));
    bool filtered = *without(r, &f, "") != 0;
    model_text(m, "empty_title",
               filtered ? "No supplier fits all of this" : "No supplier has registered yet");
    model_text(
        m, "empty_text",
        filtered
            ? "Use fewer words, or take a filter away. A supplier without a known postcode is in no ward."
            : "Suppliers appear here when they have registered and want to be seen.");
    model_text(m, "empty_href", filtered ? "/suppliers" : "/sign-up");
    model_text(m, "empty_action", filtered ? "Show all suppliers" : "Register your business");
    return page_render(r, "suppliers/list", m);
}

static enum err page_table_of_suppliers(struct req *r) {
    struct filter f;
    struct rows *list;
    enum err e = read_filter(r, &f);
    e = e ? e
          : DB_ROWS(&r->c, supplier_list, &list, f.pattern, f.sector, f.ward, f.local, f.vcfse, EXPORT_MAX,
                    "0");
    if (e != ERR_OK) {
        return e;
    }
    struct table *t = table_new(r->c.arena, "Suppliers in the public directory");
    static const char *const columns[][2] = {{"ref", "Reference"},
                                             {"name", "Name"},
                                             {"summary", "What they do"},
                                             {"sector", "Kind of work"},
                                             {"size", "Size"},
                                             {"town", "Town"},
                                             {"postcode", "Postcode"},
                                             {"ward", "Ward"},
                                             {"local", "Local"},
                                             {"vcfse", "VCFSE"},
                                             {"company_number", "Company number"},
                                             {"charity_number", "Charity number"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        table_column(t, columns[i][0], columns[i][1], CELL_TEXT);
    }
    for (size_t i = 0; i < rows_count(list); i++) {
        table_row(t);
        table_text(t, row_text(list, i, "ref"));
        table_text(t, row_text(list, i, "name"));
        table_text(t, row_text(list, i, "summary"));
        table_text(t, supplier_sector_words(row_text(list, i, "sector")));
        table_text(t, supplier_words_size(row_text(list, i, "size")));
        table_text(t, row_text(list, i, "town"));
        table_text(t, row_text(list, i, "postcode"));
        table_text(t, row_text(list, i, "ward_name"));
        table_text(t, row_bool(list, i, "is_located") ? (row_bool(list, i, "is_local") ? "yes" : "no")
                                                      : "not known");
        table_text(t, *row_text(list, i, "decision") ? row_text(list, i, "decision") : "not checked");
        table_text(t, row_text(list, i, "company_number"));
        table_text(t, row_text(list, i, "charity_number"));
    }
    return page_table(r, t, "suppliers");
}

// ---- one supplier -------------------------------------------------------------------------------------

static bool is_web_address(const char *s) {
    return strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0;
}

static enum err page_supplier(struct req *r) {
    struct rows *s;
    enum err e = DB_ROWS(&r->c, supplier_card, &s, r->params[0]);
    if (e != ERR_OK || rows_count(s) == 0) {
        return e ? e : ERR_NOT_FOUND;
    }
    struct model *m = page_model(r, row_text(s, 0, "name"));
    view_row(m, s, 0);
    model_text(m, "sector_words", supplier_sector_words(row_text(s, 0, "sector")));
    model_text(m, "size_words", supplier_words_size(row_text(s, 0, "size")));
    model_text(m, "web_href", is_web_address(row_text(s, 0, "web")) ? row_text(s, 0, "web") : "");
    model_bool(m, "is_vcfse", strcmp(row_text(s, 0, "decision"), "yes") == 0);
    supplier_words_tag(m, row_text(s, 0, "decision"), row_text(s, 0, "reasons"));
    view_slot(r, m, ANC_SLOT_SUPPLIER, row_text(s, 0, "ref"), "m");
    return page_render(r, "suppliers/card", m);
}

const struct route routes_suppliers[] = {
    {"GET", "/suppliers", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "supplier", page_suppliers,
     NULL},
    {"GET", "/suppliers.csv", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "supplier",
     page_table_of_suppliers, NULL},
    {"GET", "/suppliers.json", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "supplier",
     page_table_of_suppliers, NULL},
    {"GET", "/suppliers/{ref}", NEED(PERM_PUBLIC), CSRF_NONE, "-", ROUTE_SNAPSHOT, "supplier", page_supplier,
     NULL},
};
ROUTES_END(suppliers);
