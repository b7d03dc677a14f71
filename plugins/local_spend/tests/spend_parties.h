// SPDX-License-Identifier: Apache-2.0
// Parties for tests of the matcher: read by the plugin and judged. Comes after cmocka.h.
#ifndef LOCAL_SPEND_TESTS_PARTIES_H
#define LOCAL_SPEND_TESTS_PARTIES_H

#include "match.h"

#include <string.h>

// A party as read by the plugin, its texts kept until the test ends.
static inline struct anc_party party(const char *name, const char *company, const char *charity,
                                     const char *vat, const char *postcode) {
    struct anc_party in = {.size = sizeof in,
                           .name = name,
                           .supplier_no = "",
                           .company_number = company,
                           .charity_number = charity,
                           .vat_number = vat,
                           .postcode = postcode};
    struct anc_party out = {.size = sizeof out};
    assert_int_equal(spend_matcher.read(NULL, &in, &out, NULL), ANC_OK);
    const char **texts[] = {
        &out.name,           &out.key,        &out.other_key, &out.form, &out.company_number,
        &out.charity_number, &out.vat_number, &out.postcode};
    static char kept[400000];
    static size_t used;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t n = strlen(*texts[i]) + 1;
        assert_true(used + n < sizeof kept);
        memcpy(kept + used, *texts[i], n);
        *texts[i] = kept + used;
        used += n;
    }
    out.same_name = 1;
    return out;
}

static inline struct anc_party named(const char *name) {
    return party(name, "", "", "", "");
}

static inline uint32_t blocks_of(const struct anc_party *p, uint64_t *ret, uint32_t most) {
    uint32_t n = most + 1;
    assert_int_equal(spend_matcher.blocks(NULL, p, most, ret, &n, NULL), ANC_OK);
    return n;
}

static inline struct anc_match judged(struct anc_party payee, struct anc_party candidate) {
    struct anc_match m = {.size = sizeof m};
    assert_int_equal(spend_matcher.judge(NULL, &payee, &candidate, &m, NULL), ANC_OK);
    return m;
}

static inline void expect(struct anc_party payee, struct anc_party candidate, int32_t verdict,
                          const char *method) {
    struct anc_match m = judged(payee, candidate);
    if (m.verdict != verdict || strcmp(m.method, method) != 0) {
        print_message("%s, %s: %d %s %d\n", payee.name, candidate.name, m.verdict, m.method, m.score_milli);
    }
    assert_int_equal(m.verdict, verdict);
    assert_string_equal(m.method, method);
    assert_int_equal(*m.reason != 0, verdict != ANC_MATCH_NO);
}

static inline int32_t score(const char *payee, const char *candidate) {
    struct anc_match m = judged(named(payee), named(candidate));
    return m.verdict == ANC_MATCH_NO ? 0 : m.score_milli;
}

#endif
