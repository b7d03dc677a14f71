// SPDX-License-Identifier: Apache-2.0
// Suppliers: entry, place, tags.
#include "domain/supplier.h"

#include "base/day.h"
#include "base/log.h"
#include "base/text.h"
#include "db/db.h"
#include "db/dberr.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/happening.h"
#include "domain/register_number.h"
#include "domain/supplier_place.h"
#include "plugin/payments.h"

#include <string.h>

#define BATCH       500
#define BATCH_ARENA ((size_t)64 * 1024 * 1024)

enum err supplier_match_name(struct ctx *c, const char *name, const char **ret) {
    struct provider p;
    if (provider_at(c->plugins, ANC_POINT_PAYEE_MATCHER, 0, &p)) {
        struct anc_party as_read, party = {.size = sizeof party,
                                           .name = name,
                                           .key = "",
                                           .other_key = "",
                                           .form = "",
                                           .supplier_no = "",
                                           .company_number = "",
                                           .charity_number = "",
                                           .vat_number = "",
                                           .postcode = ""};
        if (matcher_read(c, &p, &party, &as_read) == ERR_OK && *as_read.key) {
            *ret = as_read.key;
            return ERR_OK;
        }
    }
    char *upper = arena_strdup(c->arena, name);
    text_upper(upper);
    *ret = upper;
    return ERR_OK;
}

// ---- facts and tags
// ---------------------------------------------------------------------------------------------

static int32_t day_or_none(const struct rows *r, const char *col) {
    int32_t day;
    return day_parse(row_text(r, 0, col), &day) ? day : INT32_MIN;
}

enum err supplier_facts_read(struct ctx *c, int64_t supplier_id, struct anc_supplier *ret,
                             struct rows **ret_row) {
    struct rows *r;
    enum err e = DB_ROWS(c, supplier_facts, &r, arena_i64(c->arena, supplier_id));
    if (e != ERR_OK) {
        return e;
    }
    *ret = (struct anc_supplier){
        .size = sizeof(struct anc_supplier),
        .name = row_text(r, 0, "name"),
        .postcode = row_text(r, 0, "postcode"),
        .company_number = row_text(r, 0, "company_number"),
        .charity_number = row_text(r, 0, "charity_number"),
        .company_category = row_text(r, 0, "company_category"),
        .company_status = row_text(r, 0, "company_status"),
        .company_name = row_text(r, 0, "company_name"),
        .company_postcode = row_text(r, 0, "company_postcode"),
        .company_known = row_bool(r, 0, "company_known"),
        .charity_known = row_bool(r, 0, "charity_known"),
        .charity_name = row_text(r, 0, "charity_name"),
        .charity_status = row_text(r, 0, "charity_status"),
        .charity_postcode = row_text(r, 0, "charity_postcode"),
        .charity_registered = day_or_none(r, "charity_registered"),
        .charity_removed = day_or_none(r, "charity_removed"),
        .says_vcfse = row_bool(r, 0, "says_vcfse"),
        .as_of = london_day(c->now_usec),
    };
    *ret_row = r;
    return ERR_OK;
}

static const char *decision_word(int32_t decision) {
    static const char *const words[] = {[ANC_TAG_NO] = "no",
                                        [ANC_TAG_YES] = "yes",
                                        [ANC_TAG_REVIEW] = "review",
                                        [ANC_TAG_UNKNOWN] = "unknown",
                                        [ANC_TAG_POLICY] = "policy"};
    return words[decision];
}

// Payments are judged by what held on their day: the day on which the register changed last, and what the
// tagger says of the day before it, where that is something else.
struct turn {
    struct anc_tag before;
    const char *from, *before_from; // NULL: it never was otherwise; what was before always was so
};

// Payments files of public bodies begin in 2010: what was so before no payment asks.
#define FIRST_PAYMENTS_DAY 14700 // 1 April 2010

static const char *day_text(struct ctx *c, int32_t day) {
    char text[DAY_TEXT_BYTES];
    day_iso(day, text);
    return arena_strdup(c->arena, text);
}

static enum err find_turn(struct ctx *c, const struct provider *p, const struct anc_supplier *facts,
                          const struct anc_tag *now, struct turn *ret) {
    struct anc_supplier then = *facts;
    bool removed = facts->charity_removed != INT32_MIN && facts->charity_removed <= facts->as_of;
    int32_t day = removed ? facts->charity_removed : facts->charity_registered;
    *ret = (struct turn){.from = NULL};
    if (!facts->charity_known || day <= FIRST_PAYMENTS_DAY || day > facts->as_of) {
        return ERR_OK;
    }
    then.as_of = day - 1;
    enum err e = point_judge(c, p, &then, &ret->before);
    if (e == ERR_OK &&
        (ret->before.decision != now->decision || strcmp(ret->before.policy, now->policy) != 0)) {
        ret->from = day_text(c, day);
        ret->before_from = removed && facts->charity_registered > FIRST_PAYMENTS_DAY
                               ? day_text(c, facts->charity_registered)
                               : NULL;
    }
    return e;
}

static enum err ask_tagger(struct ctx *c, const struct provider *p, int64_t id,
                           const struct anc_supplier *facts) {
    const struct anc_supplier_tagger *tagger = p->table;
    struct anc_tag tag = {0};
    struct turn turn = {.from = NULL};
    enum err e = point_judge(c, p, facts, &tag);
    e = e ? e : find_turn(c, p, facts, &tag, &turn);
    if (e != ERR_OK) {
        // The supplier's own entry must not be lost because a plugin is at fault; its tag stays as it was.
        log_event(LOG_LEVEL_WARNING, "tagger_gave_nothing", "plugin", provider_plugin_id(p), "error",
                  err_name(e), NULL);
        c->err = ERR_OK;
        return ERR_OK;
    }
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    return DB_EXEC(c, supplier_tag_put, NULL, arena_i64(c->arena, id), provider_plugin_id(p), tagger->tag,
                   decision_word(tag.decision), arena_i64(c->arena, tag.score), tag.detail ? tag.detail : "",
                   tag.reasons ? tag.reasons : "", now, tag.policy, turn.from,
                   turn.from ? decision_word(turn.before.decision) : NULL,
                   turn.from ? turn.before.policy : "", turn.before_from);
}

enum err supplier_tag(struct ctx *c, int64_t supplier_id) {
    struct rows *r;
    struct provider p;
    struct anc_supplier facts;
    enum err e = supplier_facts_read(c, supplier_id, &facts, &r);
    for (size_t i = 0; e == ERR_OK && provider_at(c->plugins, ANC_POINT_SUPPLIER_TAGGER, i, &p); i++) {
        e = ask_tagger(c, &p, supplier_id, &facts);
    }
    return e;
}

// ---- the entry ----------------------------------------------------------------------------------------

struct saving {
    const struct supplier_input *in;
    const char *match_name, *company, *charity, *web;
    struct supplier_place *place;
};

// "www.example.org" gets its "https://"; false for what cannot be a web address.
static bool web_address(struct ctx *c, const char *typed, const char **ret) {
    bool whole = text_starts(typed, "https://") || text_starts(typed, "http://");
    const char *host = whole ? strchr(typed, ':') + 3 : typed;
    *ret = whole || !*typed ? typed : arena_printf(c->arena, "https://%s", typed);
    return !*typed || (strchr(host, '.') && *host != '.' && !strpbrk(host, " \"<>\\@") && !strchr(host, ':'));
}

static enum err check_input(struct ctx *c, const struct supplier_input *in, struct saving *s) {
    char *company = arena_alloc(c->arena, COMPANY_NUMBER_BYTES);
    char *charity = arena_alloc(c->arena, CHARITY_NUMBER_BYTES);
    if (*in->company_number && !company_number_tidy(in->company_number, company)) {
        return ctx_fail_field(
            c, "company_number",
            "Enter the company number as Companies House writes it: eight digits like 01234567, "
            "or two letters and six digits like CE012345");
    }
    if (*in->charity_number && !charity_number_tidy(in->charity_number, charity)) {
        return ctx_fail_field(
            c, "charity_number",
            "Enter the charity number as the charity register writes it: six or seven digits like "
            "1123456, or letters and six digits like SC012345");
    }
    if (!*supplier_sector_words(in->sector)) {
        return ctx_fail_field(c, "sector", "Select what fits your work best");
    }
    if (!web_address(c, in->web, &s->web)) {
        return ctx_fail_field(c, "web", "Enter the address of your website, like https://www.example.org");
    }
    s->company = company;
    s->charity = charity;
    return ERR_OK;
}

// The organisation the entry belongs to: the actor's own, or a new one whose first member the actor is.
static enum err take_organisation(struct ctx *c, const struct supplier_input *in, const char **ret_id,
                                  const char **ret_ref) {
    struct rows *r;
    enum err e;
    if (c->actor.supplier_id != 0) {
        *ret_id = arena_i64(c->arena, c->actor.supplier_id);
        e = DB_ROWS(c, supplier_org_rename, &r, *ret_id, in->name);
        *ret_ref = e ? "" : row_text(r, 0, "ref");
        return e;
    }
    char *ref = arena_alloc(c->arena, REF_CHARS + 1);
    random_ref(ref, REF_CHARS);
    *ret_ref = ref;
    e = DB_ROWS(c, supplier_org_add, &r, ref, in->name);
    *ret_id = e ? "0" : row_text(r, 0, "id");
    return e;
}

static enum err save(struct ctx *c, void *arg) {
    const struct saving *s = arg;
    const struct supplier_input *in = s->in;
    const char *id, *ref;
    bool is_new = c->actor.supplier_id == 0;
    struct rows *r;
    enum err e = take_organisation(c, in, &id, &ref);
    e = e ? e
          : DB_EXEC(c, supplier_put, NULL, id, s->match_name, in->summary, in->sector, in->address1, in->town,
                    in->postcode, s->company, s->charity, in->size, in->phone, in->email, s->web,
                    in->says_vcfse ? "true" : "false", in->is_public ? "true" : "false");
    if (e == ERR_OK && is_new) {
        e = DB_EXEC(c, membership_add, NULL, arena_i64(c->arena, c->actor.person_id), id, "supplier");
    }
    e = e ? e : DB_ROWS(c, supplier_locate, &r, id);
    if (e != ERR_OK) {
        return e;
    }
    *s->place = (struct supplier_place){row_bool(r, 0, "known"), row_bool(r, 0, "is_local")};
    e = DB_ROWS(c, supplier_facts, &r, id);
    e = e ? e : supplier_place_saved(c, row_i64(r, 0, "id"));
    e = e ? e : supplier_tag(c, row_i64(r, 0, "id"));
    // Payments that were loaded before may be this supplier's: core/spend looks at them beside requests.
    e = e ? e : DB_EXEC(c, match_due_add, NULL, row_text(r, 0, "id"));
    e = e ? e : audit_add(c, is_new ? "supplier.register" : "supplier.change", ref, "");
    const struct happening h = {.ref = ref, .name = in->name, .anchor_ref = "", .supplier_ref = ref};
    e = e ? e : happening_ask(c, ANC_EVENT_SUPPLIER_SAVING, &h);
    return e ? e : happening_note(c, ANC_EVENT_SUPPLIER_SAVED, &h);
}

enum err supplier_save(struct ctx *c, const struct supplier_input *in, struct supplier_place *ret_place) {
    if (!ctx_may(c, PERM_SIGNED_IN) || c->actor.person_id == 0) {
        return ctx_fail(c, ERR_SIGN_IN, "nobody is signed in");
    }
    struct saving s = {.in = in, .place = ret_place};
    enum err e = check_input(c, in, &s);
    e = e ? e : supplier_match_name(c, in->name, &s.match_name);
    e = e ? e : db_in_transaction(c, save, &s);
    if (e == ERR_CONFLICT && db_hit(c, "supplier_company")) {
        ctx_fail_field(c, "company_number",
                       "A business with this company number is registered already. If it is yours, ask the "
                       "colleague who registered it, or write to the people who run this place");
        return c->err = ERR_CONFLICT;
    }
    if (e == ERR_CONFLICT && db_hit(c, "supplier_charity")) {
        ctx_fail_field(
            c, "charity_number",
            "An organisation with this charity number is registered already. If it is yours, ask the "
            "colleague who registered it, or write to the people who run this place");
        return c->err = ERR_CONFLICT;
    }
    return e;
}

// ---- all of them --------------------------------------------------------------------------------------

static enum err count_all(struct ctx *c, int64_t *ret) {
    struct rows *r;
    enum err e = DB_ROWS(c, supplier_count, &r);
    *ret = e ? 0 : row_i64(r, 0, "n");
    return e;
}

enum err supplier_locate_all(struct ctx *c, supplier_progress_fn *progress, void *arg,
                             struct supplier_sweep *ret) {
    struct arena *batch = arena_new(BATCH_ARENA);
    struct ctx own = *c;
    own.arena = batch;
    int64_t total = 0, last = 0, seen = 1;
    struct supplier_sweep sum = {0};
    enum err e = count_all(&own, &total);
    while (e == ERR_OK && seen > 0) {
        arena_reset(batch);
        struct rows *r;
        e = DB_ROWS(&own, supplier_locate_batch, &r, arena_i64(batch, last), arena_i64(batch, BATCH));
        if (e == ERR_OK) {
            seen = row_i64(r, 0, "seen");
            last = row_i64(r, 0, "last_id");
            sum.seen += seen;
            sum.changed += row_i64(r, 0, "changed");
            sum.located += row_i64(r, 0, "located");
        }
        if (e == ERR_OK && progress) {
            progress(arg, sum.seen, total);
        }
    }
    e = e ? e : supplier_place_locate_all(&own);
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", own.err_detail);
    } else {
        *ret = sum;
    }
    arena_free(batch);
    return e;
}

struct tagging {
    int64_t last, seen;
};

static enum err tag_batch(struct ctx *c, void *arg) {
    struct tagging *t = arg;
    struct rows *r;
    enum err e = DB_ROWS(c, supplier_ids_after, &r, arena_i64(c->arena, t->last), arena_i64(c->arena, BATCH));
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(r);
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        e = supplier_tag(c, row_i64(r, i, "id"));
    }
    if (e == ERR_OK) {
        t->seen = (int64_t)n;
        t->last = n ? row_i64(r, n - 1, "id") : t->last;
    }
    return e;
}

enum err supplier_tag_all(struct ctx *c, supplier_progress_fn *progress, void *arg, int64_t *ret_seen) {
    struct arena *batch = arena_new(BATCH_ARENA);
    struct ctx own = *c;
    own.arena = batch;
    struct tagging t = {.seen = 1};
    int64_t total = 0, sum = 0;
    enum err e = count_all(&own, &total);
    while (e == ERR_OK && t.seen > 0) {
        arena_reset(batch);
        e = db_in_transaction(&own, tag_batch, &t);
        sum += e ? 0 : t.seen;
        if (e == ERR_OK && progress) {
            progress(arg, sum, total);
        }
    }
    if (e != ERR_OK) {
        e = ctx_fail(c, e, "%s", own.err_detail);
    } else {
        *ret_seen = sum;
    }
    arena_free(batch);
    return e;
}

// ---- an officer decides -------------------------------------------------------------------------------

struct deciding {
    const char *ref, *tag, *decision, *reason;
};

static enum err decide(struct ctx *c, void *arg) {
    const struct deciding *d = arg;
    struct rows *r;
    char now[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, now);
    enum err e = DB_ROWS(c, tag_one, &r, d->ref, d->tag);
    if (e == ERR_OK && rows_count(r) == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no tag %s of %s", d->tag, d->ref);
    }
    if (e != ERR_OK) {
        return e;
    }
    const char *id = row_text(r, 0, "supplier_id");
    if (strcmp(d->decision, "rules") == 0) {
        e = DB_EXEC(c, tag_release, NULL, id, d->tag);
        e = e ? e : supplier_tag(c, row_i64(r, 0, "supplier_id"));
    } else {
        const char *words = arena_printf(c->arena, "A person looked at this and decided: %s", d->reason);
        e = DB_EXEC(c, tag_decide, NULL, id, d->tag, d->decision, words,
                    arena_i64(c->arena, c->actor.person_id), now);
    }
    return e ? e : audit_add(c, "supplier.tag", d->ref, d->decision);
}

enum err supplier_tag_decide(struct ctx *c, const char *ref, const char *tag, const char *decision,
                             const char *reason) {
    if (!ctx_may(c, PERM_OFFICER)) {
        return ctx_fail(c, ERR_DENIED, "not an officer");
    }
    struct deciding d = {ref, tag, decision, reason};
    return db_in_transaction(c, decide, &d);
}
