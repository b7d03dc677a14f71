// SPDX-License-Identifier: Apache-2.0
// Sentences of forms.
#include "form/sentence.h"

#include "base/strb.h"

#include <string.h>

static const char *const texts[] = {
#define SENTENCE(id, text) text,
#include "form/sentences.def"
#undef SENTENCE
};

// The label as it stands in a sentence: without "(optional)" and without a full stop at its end.
static const char *core_of(struct arena *arena, const char *label) {
    char *s = arena_strdup(arena, label);
    size_t n = strlen(s);
    static const char optional[] = " (optional)";
    if (n > strlen(optional) && strcmp(s + n - strlen(optional), optional) == 0) {
        n -= strlen(optional);
    }
    if (n > 0 && s[n - 1] == '.') {
        n--;
    }
    s[n] = 0;
    return s;
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

// "Email address" to "email address", but "VAT number", "I agree" and "A4 copies" stay.
static const char *lowered(struct arena *arena, const char *label) {
    char *s = arena_strdup(arena, label);
    if (is_capital(s[0]) && s[1] >= 'a' && s[1] <= 'z') {
        s[0] = (char)(s[0] + 32);
    }
    return s;
}

const char *sentence_make(struct arena *arena, enum sentence id, const struct field_spec *field,
                          const char *a, const char *b) {
    const char *label = core_of(arena, field->label);
    const struct {
        const char *mark, *words;
    } marks[] = {{"{label}", label}, {"{lower}", lowered(arena, label)}, {"{a}", a}, {"{b}", b}};
    struct strb out;
    strb_init(&out, 4000);
    for (const char *p = texts[id]; *p;) {
        bool found = false;
        for (size_t i = 0; i < sizeof marks / sizeof *marks && !found; i++) {
            size_t n = strlen(marks[i].mark);
            if (strncmp(p, marks[i].mark, n) == 0) {
                strb_puts(&out, marks[i].words);
                p += n;
                found = true;
            }
        }
        if (!found) {
            strb_putc(&out, *p++);
        }
    }
    const char *made = arena_strndup(arena, out.p, out.n);
    strb_free(&out);
    return made;
}

const char *sentence_empty(struct arena *arena, const struct field_spec *field) {
    if (field->when_empty) {
        return field->when_empty;
    }
    size_t n = strlen(field->label);
    if (n > 0 && field->label[n - 1] == '?') {
        return sentence_make(arena, SENTENCE_EMPTY_QUESTION, field, NULL, NULL);
    }
    enum sentence id = SENTENCE_EMPTY_TYPED;
    switch (field->type) {
    case FIELD_RADIO:
    case FIELD_CHECKS:
    case FIELD_SELECT:
        id = SENTENCE_EMPTY_CHOSEN;
        break;
    case FIELD_FILE:
        id = SENTENCE_EMPTY_FILE;
        break;
    case FIELD_TICK:
        id = SENTENCE_EMPTY_TICK;
        break;
    default:
        break;
    }
    return sentence_make(arena, id, field, NULL, NULL);
}
