// SPDX-License-Identifier: Apache-2.0
// How pages name what is stored about payments and who was paid.
#include "pages/spend_words.h"

#include <anchorage/plugin.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct words {
    const char *code, *words, *colour;
};

static const struct words *find(const struct words *list, size_t n, const char *code) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].code, code) == 0) {
            return &list[i];
        }
    }
    return NULL;
}

static const struct words methods[] = {
    {"supplier_no", "The anchor’s own supplier number, matched before", ""},
    {"alias", "An officer said so before", ""},
    {"company_number", "Same company number", ""},
    {"charity_number", "Same charity number", ""},
    {"vat_number", "Same VAT number", ""},
    {"exact_name_postcode", "Same name and postcode", ""},
    {"exact_name", "Same name", ""},
    {"exact_other_name", "Same as its other name", ""},
    {"earlier_name", "Same as a name it had before", ""},
    {"similar_name", "Similar name", ""},
    {"person", "Decided by an officer", ""},
    {"register number", "Same register number", ""},
    {"same name", "Same name", ""},
};

const char *spend_words_method(const char *method) {
    const struct words *w = find(methods, sizeof methods / sizeof *methods, method);
    return w ? w->words : method;
}

const char *spend_words_score(int64_t milli) {
    return milli >= 950   ? "Almost certain"
           : milli >= 850 ? "Very likely"
           : milli >= 700 ? "Likely"
           : milli >= 500 ? "Possible"
                          : "A guess";
}

static const struct words states[] = {
    {"open", "Nothing proposed", "planned"},
    {"review", "To check", "waiting"},
    {"tied", "Matched", "done"},
    {"none", "Nobody in our lists", "closed"},
    {"individual", "A person, not shown", "closed"},
    {"hidden", "Name hidden in the file", "closed"},
};

const char *spend_words_state(const char *state) {
    const struct words *w = find(states, sizeof states / sizeof *states, state);
    return w ? w->words : state;
}

const char *spend_words_colour(const char *state) {
    const struct words *w = find(states, sizeof states / sizeof *states, state);
    return w ? w->colour : "planned";
}

const char *spend_words_flow(int64_t flow) {
    static const char *const list[ANC_FLOW_COUNT] = {
        [ANC_FLOW_PROCUREMENT] = "Purchase",
        [ANC_FLOW_GRANT] = "Grant",
        [ANC_FLOW_CREDIT] = "Credit",
        [ANC_FLOW_PUBLIC_TRANSFER] = "To another public body",
        [ANC_FLOW_PASS_THROUGH] = "Passed on",
        [ANC_FLOW_INDIVIDUAL] = "To a person",
        [ANC_FLOW_TREASURY] = "Loans, taxes, pensions",
        [ANC_FLOW_CARD] = "By card",
        [ANC_FLOW_HIDDEN] = "Name hidden",
    };
    return flow >= 0 && flow < ANC_FLOW_COUNT ? list[flow] : "";
}

const char *spend_words_place_rule(const char *kind) {
    static const struct words rules[] = {
        {"invoice", "By the address on invoices", ""},
        {"registered", "By the registered office", ""},
        {"operations", "By where the work is done", ""},
    };
    const struct words *w = find(rules, sizeof rules / sizeof *rules, kind);
    return w ? w->words : kind;
}

const char *spend_words_decision(struct arena *a, const char *what, const char *supplier, const char *same) {
    if (strcmp(what, "tie") == 0) {
        return arena_printf(a, "is %s", supplier);
    }
    if (strcmp(what, "same") == 0) {
        return arena_printf(a, "is another spelling of %s", same);
    }
    return strcmp(what, "individual") == 0 ? "is a person, and is never shown by name"
                                           : "is nobody in our lists";
}

const char *spend_words_count(struct arena *a, int64_t n, const char *one, const char *many) {
    char digits[32], out[48];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)(n < 0 ? 0 : n)), at = 0;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = 0;
    return arena_printf(a, "%s %s", out, n == 1 ? one : many);
}
