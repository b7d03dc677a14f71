// SPDX-License-Identifier: Apache-2.0
// People: signing up and in, links sent by mail, passwords.
#include "domain/account.h"

#include "auth/password.h"
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/dberr.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/mail.h"

#include <string.h>

#define TOKEN_CHARS 64 // 256 bits
#define HOUR_USEC   (INT64_C(3600) * USEC_PER_SEC)

#define SAY_WRONG_PAIR                                                                                       \
    "The email address or the password is not right. Check both and try again, or ask for a new password."
#define SAY_LINK_OVER "This link has been used, or its time is over. Ask for a new one."

static const char *stamp(struct ctx *c, int64_t usec) {
    char *s = arena_alloc(c->arena, STAMP_TEXT_BYTES);
    stamp_iso(usec, s);
    return s;
}

static const char *now_text(struct ctx *c) {
    return stamp(c, c->now_usec);
}

static const char *token_hash(struct ctx *c, const char *token) {
    char *hash = arena_alloc(c->arena, 65);
    sha256_hex(token, strlen(token), hash);
    return hash;
}

// ---- letters ------------------------------------------------------------------------------------------

// A fresh link for the person with this address; *ret_link is ready for a letter.
static enum err make_link(struct ctx *c, const char *email, const char *purpose, int hours,
                          const char *base_url, const char **ret_link) {
    char token[TOKEN_CHARS + 1];
    random_hex(token, TOKEN_CHARS);
    *ret_link = arena_printf(c->arena, "%s/%s/%s", base_url, purpose, token);
    return DB_EXEC(c, mail_token_add, NULL, token_hash(c, token), email, purpose,
                   stamp(c, c->now_usec + hours * HOUR_USEC));
}

static enum err send(struct ctx *c, const char *email, const char *letter, const char *name,
                     const char *link) {
    const struct mail_word words[] = {{"name", name}, {"link", link}};
    return mail_queue(c, email, letter, words, 2);
}

// A letter that is made like any other and then thrown away, so that the work is the same for everybody.
static enum err send_nothing(struct ctx *c, const char *email, const char *letter, const char *link) {
    enum err e = db_begin(c);
    if (e == ERR_OK) {
        e = send(c, email, letter, "nobody", link);
        db_rollback(c);
    }
    return e;
}

// Somebody else's mailbox must not be filled through our forms.
static enum err may_send(struct ctx *c, const char *email, bool *ret_may) {
    struct rows *r;
    enum err e = DB_ROWS(c, mail_recent, &r, email);
    *ret_may = e == ERR_OK && row_i64(r, 0, "n") < ACCOUNT_MAILS_AN_HOUR;
    return e;
}

static enum err send_confirm(struct ctx *c, int64_t person_id, const char *email, const char *name,
                             const char *base_url) {
    const char *link = "";
    bool may = false;
    enum err e = may_send(c, email, &may);
    if (e != ERR_OK || !may) {
        return e;
    }
    e = DB_EXEC(c, mail_token_drop, NULL, arena_i64(c->arena, person_id), "confirm");
    e = e ? e : make_link(c, email, "confirm", ACCOUNT_CONFIRM_HOURS, base_url, &link);
    return e ? e : send(c, email, "confirm", name, link);
}

// ---- signing up ---------------------------------------------------------------------------------------

struct new_person {
    const char *name, *email, *hash, *base_url;
};

static enum err sign_up_new(struct ctx *c, const struct new_person *n) {
    struct rows *r;
    enum err e = DB_ROWS(c, person_add, &r, n->email, n->name, n->hash, NULL);
    return e ? e : send_confirm(c, row_i64(r, 0, "id"), n->email, n->name, n->base_url);
}

static enum err sign_up_known(struct ctx *c, const struct new_person *n, const struct rows *known) {
    const char *email = row_text(known, 0, "email");
    if (!row_bool(known, 0, "confirmed")) {
        // Nobody has shown that the address is theirs, so the latest sign-up counts and older links do not.
        enum err e = DB_EXEC(c, person_sign_up_again, NULL, row_text(known, 0, "id"), n->name, n->hash);
        return e ? e : send_confirm(c, row_i64(known, 0, "id"), email, n->name, n->base_url);
    }
    bool may = false;
    enum err e = may_send(c, email, &may);
    if (e != ERR_OK || !may) {
        return e;
    }
    return send(c, email, "known", row_text(known, 0, "name"),
                arena_printf(c->arena, "%s/sign-in", n->base_url));
}

static enum err sign_up(struct ctx *c, void *arg) {
    const struct new_person *n = arg;
    struct rows *known;
    enum err e = DB_ROWS(c, person_by_email, &known, n->email);
    if (e == ERR_OK && rows_count(known) == 0) {
        e = sign_up_new(c, n);
    } else if (e == ERR_OK && !row_bool(known, 0, "disabled")) {
        e = sign_up_known(c, n, known);
    }
    return e ? e : audit_add(c, "account.sign_up", "", "");
}

static enum err check_password(struct ctx *c, const char *field, const char *password, const char *email,
                               const char *name) {
    const char *why = password_problem(password, email, name);
    return why ? ctx_fail_field(c, field, "%s", why) : ERR_OK;
}

enum err account_sign_up(struct ctx *c, const char *name, const char *email, const char *password,
                         const char *base_url) {
    struct new_person n = {.name = name, .email = email, .base_url = base_url};
    enum err e = check_password(c, "password", password, email, name);
    e = e ? e : password_hash(c, password, &n.hash);
    e = e ? e : db_in_transaction(c, sign_up, &n);
    if (e == ERR_CONFLICT && db_hit(c, "person_email")) {
        // Somebody signed up with the same address at the same moment: now it is a known one.
        e = db_in_transaction(c, sign_up, &n);
    }
    return e;
}

// ---- links --------------------------------------------------------------------------------------------

static enum err find_link(struct ctx *c, const char *token, const char *purpose, struct rows **ret) {
    bool formed = strlen(token) == TOKEN_CHARS && strspn(token, "0123456789abcdef") == TOKEN_CHARS;
    if (!formed) {
        return ctx_fail(c, ERR_GONE, SAY_LINK_OVER);
    }
    enum err e = DB_ROWS(c, mail_token_find, ret, token_hash(c, token), purpose, now_text(c));
    if (e == ERR_OK && rows_count(*ret) == 0) {
        return ctx_fail(c, ERR_GONE, SAY_LINK_OVER);
    }
    return e;
}

enum err account_link_look(struct ctx *c, const char *token, const char *purpose, const char **ret_email) {
    struct rows *r;
    enum err e = find_link(c, token, purpose, &r);
    if (e == ERR_OK) {
        *ret_email = row_text(r, 0, "email");
    }
    return e;
}

// Uses a link up: of two who come at once one wins.
static enum err use_link(struct ctx *c, const char *token, const char *purpose, struct rows **ret) {
    int64_t changed = 0;
    enum err e = find_link(c, token, purpose, ret);
    e = e ? e : DB_EXEC(c, mail_token_use, &changed, token_hash(c, token), now_text(c));
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_GONE, SAY_LINK_OVER);
    }
    if (e == ERR_OK) {
        c->actor.person_id = row_i64(*ret, 0, "person_id"); // who the audit log names
    }
    return e;
}

static enum err confirm(struct ctx *c, void *arg) {
    struct rows *r;
    enum err e = use_link(c, arg, "confirm", &r);
    e = e ? e : DB_EXEC(c, person_confirm, NULL, row_text(r, 0, "person_id"), now_text(c));
    return e ? e : audit_add(c, "account.confirm", "", "");
}

enum err account_confirm(struct ctx *c, const char *token) {
    return db_in_transaction(c, confirm, (void *)(uintptr_t)token);
}

// ---- signing in and out -------------------------------------------------------------------------------

static enum err refuse_guessing(struct ctx *c, const char *account) {
    int wait_s = 0;
    enum err e = guess_allowed(c, account, &wait_s);
    if (e == ERR_OK && wait_s > 0) {
        int minutes = (wait_s + 59) / 60;
        return ctx_fail(
            c, ERR_LIMIT,
            "There were too many tries with a wrong password. Wait %d minute%s, then try again, or ask "
            "for a new password.",
            minutes, minutes == 1 ? "" : "s");
    }
    return e;
}

struct starting {
    int64_t person_id;
    bool code_due;
    char *token;
};

static enum err start_session(struct ctx *c, void *arg) {
    const struct starting *s = arg;
    enum err e = session_start(c, s->person_id, s->code_due, s->token);
    return e ? e : audit_add(c, s->code_due ? "account.password_right" : "account.sign_in", "", "");
}

struct asking {
    int64_t person_id;
    const char *email, *name, *base_url;
};

static enum err ask_to_confirm(struct ctx *c, void *arg) {
    const struct asking *a = arg;
    return send_confirm(c, a->person_id, a->email, a->name, a->base_url);
}

enum err account_sign_in(struct ctx *c, const char *email, const char *password, const char *base_url,
                         struct sign_in *ret) {
    struct rows *r;
    bool right = false;
    enum err e = refuse_guessing(c, email);
    e = e ? e : DB_ROWS(c, person_by_email, &r, email);
    if (e != ERR_OK) {
        return e;
    }
    bool known = rows_count(r) > 0 && !row_bool(r, 0, "disabled");
    e = password_check(c, known ? row_text(r, 0, "password_hash") : NULL, password, &right);
    if (e != ERR_OK) {
        return e;
    }
    if (!right) {
        e = guess_failed(c, email);
        return e ? e : ctx_fail_field(c, "email", SAY_WRONG_PAIR);
    }
    if (!row_bool(r, 0, "confirmed")) {
        struct asking a = {row_i64(r, 0, "id"), row_text(r, 0, "email"), row_text(r, 0, "name"), base_url};
        e = db_in_transaction(c, ask_to_confirm, &a);
        return e ? e
                 : ctx_fail_field(
                       c, "email",
                       "First confirm your email address: we have sent you a new link. Open it, then "
                       "sign in here.");
    }
    c->actor.person_id = row_i64(r, 0, "id");
    struct starting s = {c->actor.person_id, row_bool(r, 0, "totp_on"), ret->token};
    ret->code_due = s.code_due;
    ret->wants_factor = row_bool(r, 0, "works_here") && !s.code_due;
    return db_in_transaction(c, start_session, &s);
}

enum err account_sign_out(struct ctx *c, const char *session_hash) {
    enum err e = session_end(c, session_hash);
    return e ? e : audit_add(c, "account.sign_out", "", "");
}

// ---- a new password -----------------------------------------------------------------------------------

struct reset_ask {
    const char *email, *base_url;
};

static enum err reset_ask(struct ctx *c, void *arg) {
    const struct reset_ask *a = arg;
    struct rows *r;
    const char *link = "";
    bool may = false;
    enum err e = DB_ROWS(c, person_by_email, &r, a->email);
    e = e ? e : may_send(c, a->email, &may);
    e = e ? e : make_link(c, a->email, "reset", ACCOUNT_RESET_HOURS, a->base_url, &link);
    if (e == ERR_OK) {
        bool known = rows_count(r) > 0 && !row_bool(r, 0, "disabled") && may;
        e = known ? send(c, row_text(r, 0, "email"), "reset", row_text(r, 0, "name"), link)
                  : send_nothing(c, a->email, "reset", link);
    }
    return e ? e : audit_add(c, "account.reset_ask", "", "");
}

enum err account_reset_ask(struct ctx *c, const char *email, const char *base_url) {
    struct reset_ask a = {email, base_url};
    return db_in_transaction(c, reset_ask, &a);
}

struct reset {
    const char *token, *hash;
};

static enum err reset(struct ctx *c, void *arg) {
    const struct reset *k = arg;
    struct rows *r;
    enum err e = use_link(c, k->token, "reset", &r);
    if (e != ERR_OK) {
        return e;
    }
    const char *person = row_text(r, 0, "person_id");
    e = DB_EXEC(c, person_set_password, NULL, person, k->hash);
    e = e ? e : DB_EXEC(c, person_confirm, NULL, person, now_text(c));
    e = e ? e : DB_EXEC(c, mail_token_drop, NULL, person, "reset");
    e = e ? e : session_end_all(c, row_i64(r, 0, "person_id"));
    return e ? e : audit_add(c, "account.reset", "", "");
}

enum err account_reset(struct ctx *c, const char *token, const char *password) {
    struct rows *r;
    struct reset k = {.token = token};
    enum err e = find_link(c, token, "reset", &r);
    e = e ? e : check_password(c, "password", password, row_text(r, 0, "email"), row_text(r, 0, "name"));
    e = e ? e : password_hash(c, password, &k.hash);
    return e ? e : db_in_transaction(c, reset, &k);
}

// ---- one's own account --------------------------------------------------------------------------------

static enum err own(struct ctx *c, struct rows **ret) {
    if (c->actor.person_id == 0) {
        return ctx_fail(c, ERR_SIGN_IN, "nobody is signed in");
    }
    return DB_ROWS(c, person_by_id, ret, arena_i64(c->arena, c->actor.person_id));
}

enum err account_own_password(struct ctx *c, const char *field, const char *password) {
    struct rows *r;
    bool right = false;
    enum err e = own(c, &r);
    e = e ? e : refuse_guessing(c, row_text(r, 0, "email"));
    e = e ? e : password_check(c, row_text(r, 0, "password_hash"), password, &right);
    if (e == ERR_OK && !right) {
        e = guess_failed(c, row_text(r, 0, "email"));
        return e ? e : ctx_fail_field(c, field, "This is not your password. Type the one you sign in with");
    }
    return e;
}

struct changing {
    const char *hash;
    char *token;
};

static enum err change_password(struct ctx *c, void *arg) {
    const struct changing *k = arg;
    enum err e = DB_EXEC(c, person_set_password, NULL, arena_i64(c->arena, c->actor.person_id), k->hash);
    e = e ? e : session_end_all(c, c->actor.person_id);
    e = e ? e : session_start(c, c->actor.person_id, false, k->token);
    return e ? e : audit_add(c, "account.password", "", "");
}

enum err account_change_password(struct ctx *c, const char *old, const char *fresh, char *token_out) {
    struct rows *r;
    struct changing k = {.token = token_out};
    enum err e = account_own_password(c, "old", old);
    e = e ? e : own(c, &r);
    e = e ? e : check_password(c, "password", fresh, row_text(r, 0, "email"), row_text(r, 0, "name"));
    e = e ? e : password_hash(c, fresh, &k.hash);
    return e ? e : db_in_transaction(c, change_password, &k);
}

enum err account_change_name(struct ctx *c, const char *name) {
    struct rows *r;
    enum err e = own(c, &r);
    e = e ? e : DB_EXEC(c, person_set_name, NULL, row_text(r, 0, "id"), name);
    return e ? e : audit_add(c, "account.name", "", "");
}

// ---- from the command line ----------------------------------------------------------------------------

struct adding {
    const char *name, *email, *role, *org_ref, *hash;
};

static enum err check_role(struct ctx *c, const struct adding *a, struct rows **ret_org) {
    static const char *const roles[] = {"buyer", "officer", "admin", "supplier"};
    bool known = false;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        known = known || strcmp(roles[i], a->role) == 0;
    }
    if (!known) {
        return ctx_fail(c, ERR_INVALID, "The role is buyer, officer, admin or supplier.");
    }
    if (!a->org_ref || !*a->org_ref) {
        return ctx_fail(c, ERR_INVALID, "Say for which organisation: give its reference.");
    }
    enum err e = DB_ROWS(c, organisation_by_ref, ret_org, a->org_ref);
    if (e != ERR_OK) {
        return e;
    }
    const char *kind = strcmp(a->role, "supplier") == 0 ? "supplier" : "anchor";
    if (rows_count(*ret_org) == 0 || strcmp(row_text(*ret_org, 0, "kind"), kind) != 0) {
        return ctx_fail(c, ERR_INVALID, "There is no %s with the reference %s.", kind, a->org_ref);
    }
    return ERR_OK;
}

static enum err add(struct ctx *c, void *arg) {
    const struct adding *a = arg;
    struct rows *org = NULL, *r;
    enum err e = a->role ? check_role(c, a, &org) : ERR_OK;
    e = e ? e : DB_ROWS(c, person_add, &r, a->email, a->name, a->hash, now_text(c));
    if (e == ERR_OK && org) {
        e = DB_EXEC(c, membership_add, NULL, row_text(r, 0, "id"), row_text(org, 0, "id"), a->role);
    }
    return e ? e : audit_add(c, "account.add", a->org_ref ? a->org_ref : "", a->role ? a->role : "");
}

enum err account_add(struct ctx *c, const char *name, const char *email, const char *role,
                     const char *org_ref, const char **ret_password) {
    char random[21];
    random_ref(random, 20); // 100 bits, in groups that can be read aloud
    const char *password = arena_printf(c->arena, "%.4s-%.4s-%.4s-%.4s-%.4s", random, random + 4, random + 8,
                                        random + 12, random + 16);
    struct adding a = {.name = name, .email = email, .role = role, .org_ref = org_ref};
    enum err e = password_hash(c, password, &a.hash);
    e = e ? e : db_in_transaction(c, add, &a);
    if (e == ERR_CONFLICT && db_hit(c, "person_email")) {
        return ctx_fail(c, ERR_CONFLICT, "There is already an account with this address.");
    }
    if (e == ERR_OK) {
        *ret_password = password;
    }
    return e;
}
