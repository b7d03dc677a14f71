// SPDX-License-Identifier: Apache-2.0
// Small helpers on one cell of a payments file: blanks, words, bounded copies.
#include "cell.h"

#include <string.h>

unsigned cell_code_point(const char **p) {
    const unsigned char *s = (const unsigned char *)*p;
    unsigned c = s[0], more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    if (c < 0x80) {
        *p += c != 0;
        return c;
    }
    unsigned u = more == 3 ? c & 0x07 : more == 2 ? c & 0x0F : c & 0x1F;
    for (unsigned i = 1; i <= more; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            more = 0;
            break;
        }
        u = u << 6 | (s[i] & 0x3F);
    }
    *p += 1 + more;
    return more ? u : 0xFFFD;
}

bool cell_is_space(unsigned u) {
    return u <= ' ' || (u >= 0x7F && u <= 0xA0) || u == 0xAD || (u >= 0x2000 && u <= 0x200F) ||
           (u >= 0x2028 && u <= 0x202F) || u == 0x205F || u == 0x2060 || u == 0x3000 || u == 0xFEFF;
}

bool cell_blank(const char *text) {
    if (!text) {
        return true;
    }
    while (*text) {
        if (!cell_is_space(cell_code_point(&text))) {
            return false;
        }
    }
    return true;
}

size_t cell_copy(char *out, size_t cap, const char *text) {
    size_t n = 0;
    bool gap = false;
    while (text && *text) {
        const char *from = text;
        unsigned u = cell_code_point(&text);
        if (cell_is_space(u)) {
            gap = n > 0;
            continue;
        }
        size_t len = (size_t)(text - from);
        const char *bytes = from;
        if (u == 0xFFFD) {
            bytes = "\xEF\xBF\xBD";
            len = 3;
        }
        if (n + gap + len >= cap) {
            break;
        }
        if (gap) {
            out[n++] = ' ';
            gap = false;
        }
        memcpy(out + n, bytes, len);
        n += len;
    }
    out[n] = 0;
    return n;
}

size_t cell_words(char *out, size_t cap, const char *text) {
    size_t n = 0;
    bool gap = false;
    while (text && *text) {
        const char *from = text;
        unsigned u = (unsigned char)*text < 0x80 ? (unsigned char)*text++ : cell_code_point(&text);
        bool letter = (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || (u > 0xA0 && !cell_is_space(u));
        if (u >= 'a' && u <= 'z') {
            letter = true;
        }
        if (!letter) {
            gap = n > 0;
            continue;
        }
        size_t len = (size_t)(text - from);
        if (n + gap + len >= cap) {
            break;
        }
        if (gap) {
            out[n++] = ' ';
            gap = false;
        }
        memcpy(out + n, from, len);
        if (u >= 'a' && u <= 'z') {
            out[n] = (char)(u - 'a' + 'A');
        }
        n += len;
    }
    out[n] = 0;
    return n;
}

bool cell_in_list(const char *words, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool cell_stands_for_nothing(const char *text) {
    static const char *const nothing[] = {
        "",
        "N A",
        "NA",
        "NULL",
        "NONE",
        "NIL",
        "UNKNOWN",
        "NOT KNOWN",
        "NOT AVAILABLE",
        "TBC",
        "TO BE CONFIRMED",
        "NOT APPLICABLE",
        "BLANK",
        "REF",
        "VALUE",
        "NAME",
        "DIV 0",
        "NOT YET AVAILABLE",
        "EXEMPT",
        "NOT PROVIDED",
        "NO DATA",
        "NOT RECORDED",
        "NOT HELD",
    };
    char words[32];
    cell_words(words, sizeof words, text);
    return cell_in_list(words, nothing, CELL_COUNT(nothing));
}
