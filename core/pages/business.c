// SPDX-License-Identifier: Apache-2.0
// A supplier's own entry, and what the taggers say about it.
#include "db/queries.gen.h"
#include "domain/supplier.h"
#include "http/app.h"
#include "http/place.h"
#include "pages/routes.h"
#include "pages/supplier_words.h"
#include "pages/view.h"

#include <string.h>

static void put_sectors(struct req *r) {
    size_t n;
    const struct sector *list = supplier_sectors(&n);
    struct field_option *options = arena_array(r->c.arena, n + 1, sizeof *options);
    options[0] = (struct field_option){.value = "", .label = "Choose one"};
    for (size_t i = 0; i < n; i++) {
        options[i + 1] = (struct field_option){.value = list[i].code, .label = list[i].words};
    }
    form_options(r->form, "sector", options, n + 1);
}

static void fill_form(struct form *f, const struct rows *s) {
    static const char *const texts[] = {"name",           "summary", "sector",   "size",
                                        "address1",       "town",    "postcode", "company_number",
                                        "charity_number", "phone",   "email",    "web"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        form_set(f, texts[i], row_text(s, 0, texts[i]));
    }
    form_set(f, "says_vcfse", row_bool(s, 0, "says_vcfse") ? "yes" : "");
    form_set(f, "is_public", row_bool(s, 0, "public") ? "yes" : "");
}

static enum err show(struct req *r, bool known) {
    struct model *m = page_model(r, known ? "Your business" : "Register your business");
    model_bool(m, "known", known);
    return page_render(r, "business/form", m);
}

static enum err page_business(struct req *r) {
    struct rows *s;
    put_sectors(r);
    if (r->c.actor.supplier_id == 0) {
        form_set(r->form, "is_public", "yes");
        return show(r, false);
    }
    enum err e = DB_ROWS(&r->c, supplier_own, &s, arena_i64(r->c.arena, r->c.actor.supplier_id));
    if (e == ERR_OK && rows_count(s) > 0) {
        fill_form(r->form, s);
    }
    return e ? e : show(r, true);
}

static struct supplier_input input_of(const struct form *f) {
    return (struct supplier_input){
        .name = form_text(f, "name"),
        .summary = form_text(f, "summary"),
        .sector = form_text(f, "sector"),
        .address1 = form_text(f, "address1"),
        .town = form_text(f, "town"),
        .postcode = form_text(f, "postcode"),
        .company_number = form_text(f, "company_number"),
        .charity_number = form_text(f, "charity_number"),
        .size = form_text(f, "size"),
        .phone = form_text(f, "phone"),
        .email = form_text(f, "email"),
        .web = form_text(f, "web"),
        .says_vcfse = form_ticked(f, "says_vcfse"),
        .is_public = form_ticked(f, "is_public"),
    };
}

static void tell(struct req *r, const struct supplier_input *in, const struct supplier_place *where) {
    const char *place = place_get(&r->c).name;
    if (!where->known) {
        page_flash(r, "info",
                   arena_printf(r->c.arena,
                                "Saved. We do not know the postcode %s yet. Check it; if it is right, we "
                                "will find it when the list of postcodes is next loaded.",
                                in->postcode));
    } else if (where->local) {
        page_flash(
            r, "success",
            arena_printf(r->c.arena, "Saved. %s is in %s, so you count as local.", in->postcode, place));
    } else {
        page_flash(r, "success",
                   arena_printf(r->c.arena, "Saved. %s is outside %s, so you do not count as local.",
                                in->postcode, place));
    }
}

static enum err post_business(struct req *r) {
    put_sectors(r);
    if (form_ok(r->form)) {
        struct supplier_input in = input_of(r->form);
        struct supplier_place where;
        enum err e = supplier_save(&r->c, &in, &where);
        if (e == ERR_OK) {
            tell(r, &in, &where);
            return page_redirect(r, "/account");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return show(r, r->c.actor.supplier_id != 0);
}

static enum err page_tag(struct req *r) {
    struct rows *s;
    enum err e = DB_ROWS(&r->c, supplier_own, &s, arena_i64(r->c.arena, r->c.actor.supplier_id));
    if (e != ERR_OK || rows_count(s) == 0) {
        return e ? e : ERR_NOT_FOUND;
    }
    struct model *m = page_model(r, "Community organisation check");
    view_row(m, s, 0);
    supplier_words_tag(m, row_text(s, 0, "decision"), row_text(s, 0, "reasons"));
    struct place p = place_get(&r->c);
    model_text(m, "contact_email", p.contact_email);
    model_text(m, "contact_phone", p.contact_phone);
    return page_render(r, "business/tag", m);
}

const struct route routes_business[] = {
    {"GET", "/account/business", NEED(PERM_SIGNED_IN), CSRF_NONE, "business", 0, "", page_business, NULL},
    {"POST", "/account/business", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "business", 0, "", post_business, NULL},
    {"GET", "/account/business/tag", NEED(PERM_SUPPLIER), CSRF_NONE, "-", 0, "", page_tag, NULL},
};
ROUTES_END(business);
