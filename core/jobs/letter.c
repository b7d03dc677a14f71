// SPDX-License-Identifier: Apache-2.0
// Header lines of a message.
#include "jobs/letter.h"

#include "base/day.h"
#include "base/strb.h"
#include "base/text.h"

#include <string.h>

#define PLAIN_MAX   900 // a line may hold 998 bytes (RFC 5322, 2.1.1)
#define HEADER_MAX  ((size_t)64 * 1024)
#define ADDRESS_MAX 254 // RFC 5321, 4.5.3.1.3
// An encoded word holds at most 75 characters and its line at most 76 (RFC 2047, 2); the first line also
// holds the name of the header.
#define FIRST_BYTES 36
#define WORD_BYTES  45

static bool one_line(const char *s) {
    return !text_has_control(s) && !strpbrk(s, "\r\n");
}

const char *letter_address(struct arena *a, const char *s) {
    const char *open = strrchr(s, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    char *bare = open && close ? arena_strndup(a, open + 1, (size_t)(close - open - 1)) : arena_strdup(a, s);
    return text_trim(bare);
}

// One mailbox and nothing that a mail program could read as a second one.
static bool address_ok(const char *s) {
    const char *at = strchr(s, '@');
    if (!at || at == s || !at[1] || strchr(at + 1, '@') || strlen(s) > ADDRESS_MAX) {
        return false;
    }
    for (const char *p = s; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7F || strchr("<>()[]\\,;:\"", *p)) {
            return false;
        }
    }
    return true;
}

static bool is_plain(const char *s) {
    for (const char *p = s; *p; p++) {
        if ((unsigned char)*p >= 0x80) {
            return false;
        }
    }
    // "=?" would be read as an encoded word
    return !strstr(s, "=?") && strlen(s) <= PLAIN_MAX;
}

static void put_base64(struct strb *b, const char *s, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned char in[3] = {0};
        size_t k = n - i < 3 ? n - i : 3;
        memcpy(in, s + i, k);
        strb_putc(b, digits[in[0] >> 2]);
        strb_putc(b, digits[(in[0] & 3) << 4 | in[1] >> 4]);
        strb_putc(b, k > 1 ? digits[(in[1] & 15) << 2 | in[2] >> 6] : '=');
        strb_putc(b, k > 2 ? digits[in[2] & 63] : '=');
    }
}

static void put_encoded(struct strb *b, const char *s) {
    size_t n = strlen(s), room = FIRST_BYTES;
    for (size_t at = 0; at < n; room = WORD_BYTES) {
        size_t take = n - at > room ? room : n - at;
        while (take > 1 && at + take < n && ((unsigned char)s[at + take] & 0xC0) == 0x80) {
            take--; // never inside a character
        }
        strb_puts(b, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        put_base64(b, s + at, take);
        strb_puts(b, "?=");
        at += take;
    }
}

// The name before an address: as it is when it is made of words, else quoted, else encoded.
static void put_name(struct strb *b, const char *s) {
    static const char special[] = "()<>[]:;@\\,.\"";
    if (!is_plain(s)) {
        put_encoded(b, s);
    } else if (!strpbrk(s, special)) {
        strb_puts(b, s);
    } else {
        strb_putc(b, '"');
        for (; *s; s++) {
            if (*s == '"' || *s == '\\') {
                strb_putc(b, '\\');
            }
            strb_putc(b, *s);
        }
        strb_putc(b, '"');
    }
}

static void put_from(struct arena *a, struct strb *b, const char *from) {
    const char *address = letter_address(a, from);
    const char *open = strrchr(from, '<');
    char *name = text_trim(arena_strndup(a, from, open ? (size_t)(open - from) : 0));
    size_t n = strlen(name);
    if (n >= 2 && name[0] == '"' && name[n - 1] == '"') {
        name[n - 1] = 0; // it was quoted in the settings
        name++;
    }
    if (!*name) {
        strb_puts(b, address);
        return;
    }
    put_name(b, name);
    strb_printf(b, " <%s>", address);
}

static void put_date(struct strb *b, int64_t usec) {
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char iso[STAMP_TEXT_BYTES];
    stamp_iso(usec, iso);
    int32_t day = (int32_t)(usec / USEC_PER_DAY);
    struct civil c;
    civil_from_day(day, &c);
    strb_printf(b, "%s, %02d %s %04d %.8s +0000", days[day_of_week(day) - 1], c.day, months[c.month - 1],
                c.year, iso + 11);
}

static const char *taken(struct arena *a, struct strb *b) {
    const char *line = arena_strdup(a, b->p);
    strb_clear(b);
    return line;
}

bool letter_headers(struct arena *a, const struct letter *l, const char **ret) {
    const char *sender = letter_address(a, l->from);
    if (!one_line(l->subject) || !one_line(l->from) || !address_ok(l->to) || !address_ok(sender)) {
        return false;
    }
    struct strb b;
    strb_init(&b, HEADER_MAX);
    strb_puts(&b, "Date: ");
    put_date(&b, l->written_usec);
    ret[0] = taken(a, &b);
    strb_puts(&b, "From: ");
    put_from(a, &b, l->from);
    ret[1] = taken(a, &b);
    ret[2] = arena_printf(a, "To: %s", l->to);
    strb_puts(&b, "Subject: ");
    if (is_plain(l->subject)) {
        strb_puts(&b, l->subject);
    } else {
        put_encoded(&b, l->subject);
    }
    ret[3] = taken(a, &b);
    ret[4] = arena_printf(a, "Message-ID: <%s%s>", l->message_id, strchr(sender, '@'));
    ret[5] = "Auto-Submitted: auto-generated"; // RFC 3834: nobody's holiday notice comes back
    bool ok = !b.over;
    strb_free(&b);
    return ok;
}
