// SPDX-License-Identifier: Apache-2.0
// The sentence in the letter: how the points for social value came about.
#include <stdio.h>
#include <string.h>

#include "logic.h"

const char *sv_line_text(enum sv_line_state state) {
    switch (state) {
    case SV_LINE_COUNTED:
        return "counted";
    case SV_LINE_NO_EVIDENCE:
        return "not counted, because the bid does not say how it will be shown";
    case SV_LINE_NO_PROXY:
        return "kept as a promise, but it has no worth in pounds";
    case SV_LINE_OUTSIDE:
        return "not counted, because none of it is in the area";
    case SV_LINE_UNKNOWN:
        return "not counted, because it is not one of the measures of this tender";
    case SV_LINE_TWICE:
        return "not counted, because the same measure is already in the bid";
    case SV_LINE_OUT_OF_RANGE:
        return "not counted, because the number of units does not make sense";
    }
    return "not counted";
}

// £1,234.56
static void money_text(int64_t pence, char *out, size_t size) {
    char digits[24];
    size_t n = 0, len;
    (void)snprintf(digits, sizeof digits, "%lld", (long long)(pence / 100));
    len = strlen(digits);
    char grouped[40];
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            grouped[n++] = ',';
        grouped[n++] = digits[i];
    }
    grouped[n] = '\0';
    (void)snprintf(out, size, "£%s.%02d", grouped, (int)(pence % 100));
}

// 4.375 or 10
static void points_text(int32_t milli, char *out, size_t size) {
    (void)snprintf(out, size, "%d.%03d", milli / 1000, milli % 1000);
    size_t n = strlen(out);
    while (n > 0 && out[n - 1] == '0')
        out[--n] = '\0';
    if (n > 0 && out[n - 1] == '.')
        out[--n] = '\0';
}

static size_t append(char *out, size_t at, const char *text) {
    size_t len = strlen(text);
    // A sentence that does not fit is left out whole, so the text never ends in the middle of a word.
    if (at + len + 1 > SV_RATIONALE_SIZE)
        return at;
    memcpy(out + at, text, len + 1);
    return at + len;
}

void sv_rationale(const struct sv_commitment *commitments, const struct sv_line *lines, size_t count,
                  const struct sv_value *value, int32_t weight_milli, int64_t target_pence,
                  int32_t points_milli, char ret_text[SV_RATIONALE_SIZE]) {
    char sentence[400], worth[48], target[48], points[24], weight[24];
    size_t at = 0;
    ret_text[0] = '\0';
    money_text(value->pence, worth, sizeof worth);
    points_text(points_milli, points, sizeof points);
    points_text(weight_milli, weight, sizeof weight);
    (void)snprintf(
        sentence, sizeof sentence,
        "%zu of %zu commitments count. Together they are worth %s by the measures of %s version %s.",
        value->counted, value->counted + value->not_counted, worth, SV_SET_NAME, SV_SET_VERSION);
    at = append(ret_text, at, sentence);
    if (target_pence > 0) {
        money_text(target_pence, target, sizeof target);
        (void)snprintf(sentence, sizeof sentence,
                       " Full points are given from %s. That gives %s of %s points.", target, points, weight);
    } else {
        (void)snprintf(sentence, sizeof sentence,
                       " The bid worth most gets full points. That gives %s of %s points.", points, weight);
    }
    at = append(ret_text, at, sentence);
    for (size_t i = 0; i < count; i++) {
        if (lines[i].state == SV_LINE_COUNTED)
            continue;
        // Codes come from outside: a long one is cut.
        (void)snprintf(sentence, sizeof sentence, " \"%.60s\" is %s.",
                       commitments[i].code ? commitments[i].code : "", sv_line_text(lines[i].state));
        at = append(ret_text, at, sentence);
    }
}
