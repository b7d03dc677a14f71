// SPDX-License-Identifier: Apache-2.0
// VCFSE tagging as a plugin: facts of the host into the logic, its decision back.
#include "logic.h"
#include "name.h"
#include "resources.gen.h"

#include <anchorage/plugin.h>

#include <string.h>

static const struct anc_host *host;

static int is_set(const char *s) {
    return s && *s;
}

static int starts(const char *s, const char *word) {
    return strncmp(s, word, strlen(word)) == 0;
}

// Words of the register for a company that is no more.
static int is_over(const char *status) {
    return starts(status, "Dissolved") || starts(status, "Converted") || starts(status, "Closed");
}

// A number counts as verified only when the register's name or postcode agrees with the supplier's own.
static enum vcfse_check check_of(int32_t known, const char *name, const char *postcode,
                                 const char *register_name, const char *register_postcode) {
    if (!known) {
        return VCFSE_NOT_CHECKED;
    }
    return vcfse_register_agrees(name, postcode, register_name, register_postcode) ? VCFSE_VERIFIED
                                                                                   : VCFSE_MISMATCH;
}

static void facts_of(const struct anc_supplier *s, struct vcfse_facts *f) {
    vcfse_facts_init(f);
    f->name = s->name;
    f->postcode = s->postcode;
    f->as_of_day = s->as_of;
    f->self_declared = s->says_vcfse != 0;
    if (is_set(s->company_number)) {
        f->company.number = s->company_number;
        f->company.check =
            check_of(s->company_known, s->name, s->postcode, s->company_name, s->company_postcode);
        f->company.status = !s->company_known                     ? VCFSE_STATUS_UNKNOWN
                            : starts(s->company_status, "Active") ? VCFSE_STATUS_ACTIVE
                            : is_over(s->company_status)          ? VCFSE_STATUS_REMOVED
                                                                  : VCFSE_STATUS_UNKNOWN;
        f->company_category = s->company_known && is_set(s->company_category) ? s->company_category : NULL;
    }
    if (is_set(s->charity_number)) {
        f->charity.number = s->charity_number;
        f->charity.check =
            check_of(s->charity_known, s->name, s->postcode, s->charity_name, s->charity_postcode);
        f->charity.from_day = s->charity_registered;
        f->charity.to_day = s->charity_removed;
        if (s->charity_known) {
            f->charity.status = s->charity_removed == INT32_MIN ? VCFSE_STATUS_ACTIVE : VCFSE_STATUS_REMOVED;
        }
    }
}

static int32_t decision_of(enum vcfse_decision d) {
    switch (d) {
    case VCFSE_YES:
        return ANC_TAG_YES;
    case VCFSE_REVIEW:
        return ANC_TAG_REVIEW;
    case VCFSE_NO:
        return ANC_TAG_NO;
    case VCFSE_POLICY:
        return ANC_TAG_POLICY;
    case VCFSE_UNKNOWN:
        break;
    }
    return ANC_TAG_UNKNOWN;
}

// "V C" or the policy class.
static const char *detail_of(anc_ctx *ctx, const struct vcfse_result *r) {
    if (r->decision == VCFSE_POLICY) {
        return vcfse_policy_text(r->policy);
    }
    const char *out = "";
    for (unsigned bit = VCFSE_TAG_VOLUNTARY; bit <= VCFSE_TAG_SOCIAL_ENTERPRISE; bit <<= 1) {
        if (r->tags & bit) {
            out = host->mem->format(ctx, "%s%s%s", out, *out ? " " : "", vcfse_tag_text(bit));
        }
    }
    return out;
}

static const char *reasons_of(anc_ctx *ctx, const struct vcfse_result *r) {
    const char *out = r->reason_count ? "" : "Nothing we know tells either way.";
    for (size_t i = 0; i < r->reason_count; i++) {
        const struct vcfse_reason *w = &r->reasons[i];
        out = host->mem->format(ctx, "%s%s%s (%s%srule %s)", out, *out ? "\n" : "", w->text, w->detail,
                                *w->detail ? "; " : "", w->rule);
    }
    return out;
}

static anc_rc judge(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state) {
    (void)state;
    struct vcfse_facts f;
    struct vcfse_result r;
    facts_of(facts, &f);
    vcfse_decide(&f, &r);
    ret_tag->decision = decision_of(r.decision);
    ret_tag->score = r.score;
    ret_tag->detail = detail_of(ctx, &r);
    ret_tag->reasons = reasons_of(ctx, &r);
    if (ANC_FITS(ret_tag, policy) && r.decision == VCFSE_POLICY) {
        ret_tag->policy = vcfse_policy_text(r.policy);
    }
    return ANC_OK;
}

static const struct anc_supplier_tagger tagger = {
    .size = sizeof tagger,
    .tag = "vcfse",
    .title = "Voluntary, community, faith and social enterprise",
    .judge = judge,
};

static const struct anc_provider providers[] = {
    {.point = ANC_POINT_SUPPLIER_TAGGER, .key = "vcfse", .table = &tagger},
};

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    (void)ctx;
    host = h;
    *ret_state = NULL;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "vcfse",
    .title = "VCFSE tagging",
    .summary =
        "Says which suppliers are voluntary, community, faith or social enterprise organisations, and why.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_WRITE_TAGS,
    .providers = ANC_TABLE(providers),
    .start = start,
};
ANC_PLUGIN(plugin)
