// SPDX-License-Identifier: Apache-2.0
// One's own account: start page with its task list, name, password, second factor.
#include "base/day.h"
#include "db/queries.gen.h"
#include "domain/account.h"
#include "domain/second_factor.h"
#include "http/app.h"
#include "http/place.h"
#include "pages/account.h"
#include "pages/channels.h"
#include "pages/plugins.h"
#include "pages/view.h"

#include <string.h>

// ---- start page ---------------------------------------------------------------------------------------

struct task {
    const char *id, *title, *hint, *href;
    bool done;
    const char *done_text, *state, *state_text;
};

static void add_task(struct model *m, const struct task *t) {
    struct model *item = model_add(m, "tasks");
    model_text(item, "id", t->id);
    model_text(item, "title", t->title);
    model_text(item, "hint", t->hint);
    model_text(item, "href", t->href);
    model_text(item, "state", t->done ? "" : t->state);
    model_text(item, "state_text", t->done ? t->done_text : t->state_text);
}

static const char *place_hint(const struct req *r, const struct rows *s) {
    if (!row_bool(s, 0, "has_business")) {
        return "We find your ward from your full postcode";
    }
    if (!row_bool(s, 0, "is_located")) {
        return arena_printf(r->c.arena,
                            "We do not know the postcode %s yet. Check it; if it is right, we will find "
                            "it when the list of postcodes is next loaded",
                            row_text(s, 0, "postcode"));
    }
    const char *ward = row_text(s, 0, "ward_name");
    if (!row_bool(s, 0, "is_local")) {
        return arena_printf(r->c.arena, "%s is outside the area", row_text(s, 0, "postcode"));
    }
    return *ward ? arena_printf(r->c.arena, "%s is in the ward %s, so you count as local",
                                row_text(s, 0, "postcode"), ward)
                 : arena_printf(r->c.arena, "%s is in the area, so you count as local",
                                row_text(s, 0, "postcode"));
}

static const char *tag_hint(const char *decision) {
    static const char *const rows[][2] = {
        {"yes", "You count as a voluntary, community, faith or social enterprise organisation"},
        {"no", "You do not count as a voluntary, community, faith or social enterprise organisation"},
        {"review", "A person will look at it, because the registers do not settle it"},
        {"policy", "What you are is counted by a rule of the place"},
        {"unknown", "What we know does not tell either way"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i][0], decision) == 0) {
            return rows[i][1];
        }
    }
    return "We look your numbers up in the public registers";
}

static void put_tasks(struct req *r, struct model *m, const struct rows *s) {
    bool business = row_bool(s, 0, "has_business"), located = row_bool(s, 0, "is_located");
    const char *decision = row_text(s, 0, "tag_decision");
    bool unknown = strcmp(decision, "unknown") == 0;
    bool settled = *decision && !unknown && strcmp(decision, "review") != 0;
    const char *entry = "/account/business";
    const char *bookings = arena_printf(r->c.arena, "%s to come", row_text(s, 0, "bookings"));
    const struct task list[] = {
        {"email", "Confirm your email address", row_text(s, 0, "email"), "/account/name", true, "Completed",
         "", ""},
        {"business", "Describe your business",
         business ? row_text(s, 0, "business_name") : "Takes about 5 minutes", entry, business, "Completed",
         "planned", "Not yet started"},
        {"place", "Be found on the map", place_hint(r, s), entry, located, "Completed",
         business ? "waiting" : "planned", business ? "Postcode not known" : "Cannot start yet"},
        {"tag", "Community organisation (VCFSE) check", tag_hint(decision),
         business ? "/account/business/tag" : entry, settled, "Completed",
         business && !unknown ? "waiting" : "planned",
         unknown    ? "Not known"
         : business ? "Being checked"
                    : "Cannot start yet"},
        {"factor", "Two-step sign-in",
         "A code from your phone keeps others out, also when they know your password",
         "/account/second-factor", row_bool(s, 0, "totp_on"), "On", "planned", "Off"},
        {"event", "Book an event", "Meet the buyers face to face", "/events", row_i64(s, 0, "bookings") > 0,
         bookings, "planned", "Nothing booked"},
    };
    model_list(m, "tasks");
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        add_task(m, &list[i]);
    }
}

enum err page_account(struct req *r) {
    struct rows *s;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    enum err e = DB_ROWS(&r->c, account_start, &s, arena_i64(r->c.arena, r->c.actor.person_id), now);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "My account");
    view_row(m, s, 0);
    bool works_here = *row_text(s, 0, "roles") != 0;
    model_bool(m, "works_here", works_here);
    model_bool(m, "wants_factor", works_here && !row_bool(s, 0, "totp_on"));
    model_bool(m, "is_supplier", row_bool(s, 0, "has_business") || !works_here);
    model_bool(m, "is_buyer", ctx_may(&r->c, PERM_BUYER));
    model_bool(m, "is_officer", ctx_may(&r->c, PERM_OFFICER));
    model_bool(m, "is_admin", ctx_may(&r->c, PERM_ADMIN));
    put_tasks(r, m, s);
    e = channels_put(r, m);
    if (e != ERR_OK) {
        return e;
    }
    view_slot(r, m, ANC_SLOT_ACCOUNT, "", "m");
    return page_render(r, "account/home", m);
}

// ---- name and password --------------------------------------------------------------------------------

enum err page_name(struct req *r) {
    if (!form_was_sent(r->form)) {
        form_set(r->form, "name", r->c.actor.name);
    }
    return page_render(r, "account/name", page_model(r, "Change your name"));
}

enum err post_name(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = account_change_name(&r->c, form_text(r->form, "name"));
        if (e == ERR_OK) {
            page_flash(r, "success", "Your name is changed.");
            return page_redirect(r, "/account");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_name(r);
}

enum err page_password(struct req *r) {
    return page_render(r, "account/password", page_model(r, "Change your password"));
}

// Too many wrong passwords are told above the form, not on a page without it.
static enum err own_failure(struct req *r, enum err e) {
    if (e == ERR_LIMIT && *r->c.err_detail) {
        form_error(r->form, "", r->c.err_detail);
        return ERR_OK;
    }
    return view_form_failure(r, e);
}

enum err post_password(struct req *r) {
    if (form_ok(r->form)) {
        char token[SESSION_TOKEN_CHARS + 1];
        enum err e =
            account_change_password(&r->c, form_text(r->form, "old"), form_text(r->form, "password"), token);
        if (e == ERR_OK) {
            account_new_session(r, token);
            page_flash(r, "success", "Your password is changed. Other devices have been signed out.");
            return page_redirect(r, "/account");
        }
        e = own_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_password(r);
}

// ---- second factor ------------------------------------------------------------------------------------

enum err page_factor(struct req *r) {
    struct rows *s;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(r->c.now_usec, now);
    enum err e = DB_ROWS(&r->c, account_start, &s, arena_i64(r->c.arena, r->c.actor.person_id), now);
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Two-step sign-in");
    model_bool(m, "on", row_bool(s, 0, "totp_on"));
    model_i64(m, "codes_left", row_i64(s, 0, "codes_left"));
    return page_render(r, "account/factor", m);
}

enum err post_factor_begin(struct req *r) {
    enum err e = second_factor_begin(&r->c);
    if (e == ERR_CONFLICT) {
        return page_redirect(r, "/account/second-factor");
    }
    return e ? e : page_redirect(r, "/account/second-factor/set-up");
}

enum err page_factor_set_up(struct req *r) {
    const char *uri, *secret;
    enum err e = second_factor_pending(&r->c, place_get(&r->c).name, &uri, &secret);
    if (e == ERR_NOT_FOUND) {
        return page_redirect(r, "/account/second-factor");
    }
    if (e != ERR_OK) {
        return e;
    }
    struct model *m = page_model(r, "Set up two-step sign-in");
    model_html(m, "qr", qr_svg(r->c.arena, uri, "QR code for your authenticator app"));
    // In groups of four, to be typed by hand.
    char *spaced = arena_alloc(r->c.arena, strlen(secret) * 5 / 4 + 2), *p = spaced;
    for (size_t i = 0; secret[i]; i++) {
        if (i > 0 && i % 4 == 0) {
            *p++ = ' ';
        }
        *p++ = secret[i];
    }
    model_text(m, "secret", spaced);
    return page_render(r, "account/factor-set-up", m);
}

enum err post_factor_set_up(struct req *r) {
    if (form_ok(r->form)) {
        const char *codes[RECOVERY_CODES];
        enum err e = second_factor_confirm(&r->c, form_text(r->form, "code"), codes);
        if (e == ERR_OK) {
            struct model *m = page_model(r, "Two-step sign-in is on");
            model_list(m, "codes");
            for (int i = 0; i < RECOVERY_CODES; i++) {
                model_text(model_add(m, "codes"), "code", codes[i]);
            }
            return page_render(r, "account/factor-codes", m);
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_factor_set_up(r);
}

enum err page_factor_off(struct req *r) {
    return page_render(r, "account/factor-off", page_model(r, "Turn two-step sign-in off"));
}

enum err post_factor_off(struct req *r) {
    if (form_ok(r->form)) {
        enum err e = second_factor_off(&r->c, form_text(r->form, "password"));
        if (e == ERR_OK) {
            page_flash(r, "info", "Two-step sign-in is off.");
            return page_redirect(r, "/account/second-factor");
        }
        e = own_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_factor_off(r);
}
