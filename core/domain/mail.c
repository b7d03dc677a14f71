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

#define MAIL_MAX_BYTES    ((size_t)64 * 1024)
#define SUBJECT_MAX_BYTES ((size_t)2048)
#define MAIL_WORDS_MAX    14

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

// A value in the subject stays on its line, whatever somebody typed into it.
static void put_flat(struct strb *out, const char *s) {
    for (; *s; s++) {
        strb_putc(out, (unsigned char)*s < ' ' || *s == 0x7F ? ' ' : *s);
    }
}

struct filling {
    const struct mail_word *words;
    size_t count;
};

// Puts the words into the first n bytes of the text; false for a key nobody gave.
static bool fill(const char *text, size_t n, const struct filling *f, bool flat, struct strb *out) {
    const char *end = text + n, *open;
    while ((open = memmem(text, (size_t)(end - text), "{{", 2))) {
        strb_put(out, text, (size_t)(open - text));
        const char *close = memmem(open, (size_t)(end - open), "}}", 2);
        const char *value =
            close ? find_word(open + 2, (size_t)(close - open - 2), f->words, f->count) : NULL;
        if (!value) {
            return false;
        }
        if (flat) {
            put_flat(out, value);
        } else {
            strb_puts(out, value);
        }
        text = close + 2;
    }
    strb_put(out, text, (size_t)(end - text));
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

struct message {
    struct strb subject, text, html;
};

// Letters that may also go another way. Only what is named here does: a letter with a link that lets its
// reader in, or with a code, must never leave by a way that the person has not proved to be theirs.
static bool also_by_channel(const char *name) {
    static const char *const names[] = {"award",         "event_booked", "event_cancelled",  "event_moved_up",
                                        "event_waiting", "not_chosen",   "notice_cancelled", "receipt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum err store(struct ctx *c, const char *to, const char *name, struct message *m) {
    make_html(m->text.p, &m->html);
    if (m->subject.over || m->text.over || m->html.over) {
        return ctx_fail(c, ERR_BUG, "a mail text is longer than its bound");
    }
    char id[33];
    random_hex(id, 32);
    enum err e = DB_EXEC(c, mail_add, NULL, to, m->subject.p, m->text.p, m->html.p, id);
    return e || !also_by_channel(name) ? e : DB_EXEC(c, message_add, NULL, to, m->subject.p, m->text.p);
}

// The first line of a text is its subject; an empty line stands between it and the paragraphs.
static enum err compose(struct ctx *c, const char *name, const struct filling *f, struct message *m) {
    static const char start[] = "Subject: ";
    const char *text = find_text(c, name);
    const char *gap = text ? strstr(text, "\n\n") : NULL;
    if (!gap || !text_starts(text, start)) {
        return ctx_fail(c, ERR_BUG, "there is no well-formed mail text %s", name);
    }
    const char *subject = text + sizeof start - 1;
    if (!fill(subject, (size_t)(gap - subject), f, true, &m->subject) ||
        !fill(gap + 2, strlen(gap + 2), f, false, &m->text)) {
        return ctx_fail(c, ERR_BUG, "the mail text %s uses an unknown key", name);
    }
    return ERR_OK;
}

enum err mail_queue(struct ctx *c, const char *to, const char *name, const struct mail_word *words,
                    size_t n) {
    if (n > MAIL_WORDS_MAX) {
        return ctx_fail(c, ERR_BUG, "too many words for the mail text %s", name);
    }
    struct rows *place;
    enum err e = DB_ROWS(c, mail_place, &place);
    if (e != ERR_OK) {
        return e;
    }
    bool known = rows_count(place) > 0;
    struct mail_word all[MAIL_WORDS_MAX + 2] = {
        {"place", known ? row_text(place, 0, "name") : "Anchorage"},
        {"operator", known ? row_text(place, 0, "operator") : "Anchorage"},
    };
    for (size_t i = 0; i < n; i++) {
        all[i + 2] = words[i];
    }
    struct filling f = {all, n + 2};
    struct message m;
    strb_init(&m.subject, SUBJECT_MAX_BYTES);
    strb_init(&m.text, MAIL_MAX_BYTES);
    strb_init(&m.html, 2 * MAIL_MAX_BYTES);
    e = compose(c, name, &f, &m);
    e = e ? e : store(c, to, name, &m);
    strb_free(&m.subject);
    strb_free(&m.text);
    strb_free(&m.html);
    return e;
}
