// SPDX-License-Identifier: Apache-2.0
// How pages name what is stored about suppliers.
#include "pages/supplier_words.h"

#include <string.h>

static const struct decision_words {
    const char *code, *words, *colour;
} decisions[] = {
    {"yes", "VCFSE organisation", "vcfse"},       {"review", "Being checked", "waiting"},
    {"no", "Not a VCFSE organisation", "closed"}, {"policy", "Counted by a rule of the place", "planned"},
    {"unknown", "Not known", "planned"},
};

static const struct decision_words *find(const char *decision) {
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
        if (strcmp(decisions[i].code, decision) == 0) {
            return &decisions[i];
        }
    }
    static const struct decision_words none = {"", "Not checked yet", "planned"};
    return &none;
}

const char *supplier_words_decision(const char *decision) {
    return find(decision)->words;
}

const char *supplier_words_size(const char *size) {
    static const char *const rows[][2] = {{"micro", "Fewer than 10 people"},
                                          {"small", "10 to 49 people"},
                                          {"medium", "50 to 249 people"},
                                          {"large", "250 people or more"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i][0], size) == 0) {
            return rows[i][1];
        }
    }
    return "";
}

void supplier_words_tag(struct model *m, const char *decision, const char *reasons) {
    const struct decision_words *d = find(decision);
    model_text(m, "tag_words", d->words);
    model_text(m, "tag_colour", d->colour);
    model_list(m, "tag_reasons");
    while (*reasons) {
        size_t n = strcspn(reasons, "\n");
        if (n > 0) {
            model_text(model_add(m, "tag_reasons"), "text", arena_strndup(model_arena(m), reasons, n));
        }
        reasons += n + (reasons[n] == '\n');
    }
}
