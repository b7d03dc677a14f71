// SPDX-License-Identifier: Apache-2.0
// Writing mail into the outbox: one text file a message gives the plain and the HTML part.
#include "domain/mail.h"

#include "base/embed.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <stdio.h>
#include <string.h>

#define MAIL_MAX_BYTES ((size_t)64 * 1024)

extern const struct embedded embedded_text[];

static const char *find_text(struct ctx *c, const char *name) {
    const char *path = arena_printf(c->arena, "mail_%s.txt", name);
    for (const struct embedded *e = embedded_text; e->path; e++) {
        if (strcmp(e->path, path) == 0) {
            return (const char *)e->bytes;
        }
    }
    return NULL;
}

static const char *find_word(const char *key, size_t n, const struct mail_word *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i].key) == n && memcmp(words[i].key, key, n) == 0) {
            return words[i].value;
        }
    }
    return NULL;
}

// Puts the words in; false for a key nobody gave.
static bool fill(const char *text, const struct mail_word *words, size_t count, struct strb *out) {
    const char *open;
    while ((open = strstr(text, "{{"))) {
        strb_put(out, text, (size_t)(open - text));
        const char *close = strstr(open, "}}");
        const char *value = close ? find_word(open + 2, (size_t)(close - open - 2), words, count) : NULL;
        if (!value) {
            return false;
        }
        strb_puts(out, value);
        text = close + 2;
    }
    strb_puts(out, text);
    return true;
}

static void put_html(struct strb *out, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        switch (s[i]) {
        case '&':
            strb_puts(out, "&amp;");
            break;
        case '<':
            strb_puts(out, "&lt;");
            break;
        case '>':
            strb_puts(out, "&gt;");
            break;
        case '"':
            strb_puts(out, "&quot;");
            break;
        case '\n':
            strb_puts(out, "<br>\n");
            break;
        default:
            strb_putc(out, s[i]);
        }
    }
}

// Paragraphs are parted by empty lines; one that is only an address becomes a link.
static void make_html(const char *body, struct strb *out) {
    strb_puts(out, "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"></head><body>\n");
    while (*body) {
        body += strspn(body, "\n");
        const char *end = strstr(body, "\n\n");
        size_t n = end ? (size_t)(end - body) : strlen(body);
        while (n > 0 && body[n - 1] == '\n') {
            n--;
        }
        bool link = (text_starts(body, "https://") || text_starts(body, "http://")) &&
                    !memchr(body, ' ', n) && !memchr(body, '\n', n);
        if (n > 0) {
            strb_puts(out, "<p>");
            if (link) {
                strb_puts(out, "<a href=\"");
                put_html(out, body, n);
                strb_puts(out, "\">");
            }
            put_html(out, body, n);
            strb_puts(out, link ? "</a></p>\n" : "</p>\n");
        }
        body = end ? end : body + strlen(body);
    }
    strb_puts(out, "</body></html>\n");
}

static enum err store(struct ctx *c, const char *to, struct strb *text, struct strb *html) {
    char *body = text->p;
    char *gap = strstr(body, "\n\n");
    if (text->over || html->over || !text_starts(body, "Subject: ") || !gap) {
        return ctx_fail(c, ERR_BUG, "a mail text is not well-formed");
    }
    *gap = 0;
    const char *subject = body + strlen("Subject: ");
    make_html(gap + 2, html);
    char id[33];
    random_hex(id, 32);
    return DB_EXEC(c, mail_add, NULL, to, subject, gap + 2, html->p, id);
}

enum err mail_queue(struct ctx *c, const char *to, const char *name, const struct mail_word *words,
                    size_t n) {
    const char *text = find_text(c, name);
    if (!text || n > 14) {
        return ctx_fail(c, ERR_BUG, "there is no mail text %s", name);
    }
    struct rows *place;
    enum err e = DB_ROWS(c, mail_place, &place);
    if (e != ERR_OK) {
        return e;
    }
    bool known = rows_count(place) > 0;
    struct mail_word all[16] = {
        {"place", known ? row_text(place, 0, "name") : "Anchorage"},
        {"operator", known ? row_text(place, 0, "operator") : "Anchorage"},
    };
    memcpy(all + 2, words, n * sizeof *words);
    struct strb out, html;
    strb_init(&out, MAIL_MAX_BYTES);
    strb_init(&html, 2 * MAIL_MAX_BYTES);
    e = fill(text, all, n + 2, &out) ? store(c, to, &out, &html)
                                     : ctx_fail(c, ERR_BUG, "the mail text %s uses an unknown key", name);
    strb_free(&out);
    strb_free(&html);
    return e;
}
