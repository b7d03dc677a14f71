// SPDX-License-Identifier: Apache-2.0
// Handing over mail. MIME is libcurl's work; the header lines that it does not make are made here.
#include "jobs/mailer.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEND_TIMEOUT_S 30L

// A header value must not hold line breaks (it would begin another header).
static bool one_line(const char *s) {
    return !text_has_control(s) && !strpbrk(s, "\r\n");
}

// RFC 2047: a subject that is not plain ASCII goes as UTF-8 in base64, in words of at most 45 bytes.
static void put_subject(struct strb *b, const char *s) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bool plain = true;
    for (const char *p = s; *p; p++) {
        plain = plain && (unsigned char)*p < 0x80;
    }
    if (plain) {
        strb_puts(b, s);
        return;
    }
    size_t n = strlen(s), at = 0;
    while (at < n) {
        size_t take = n - at > 45 ? 45 : n - at;
        while (at + take < n && ((unsigned char)s[at + take] & 0xC0) == 0x80) {
            take--; // never inside a character
        }
        strb_puts(b, at ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
        for (size_t i = 0; i < take; i += 3) {
            unsigned char in[3] = {0};
            size_t k = take - i < 3 ? take - i : 3;
            memcpy(in, s + at + i, k);
            strb_putc(b, digits[in[0] >> 2]);
            strb_putc(b, digits[(in[0] & 3) << 4 | in[1] >> 4]);
            strb_putc(b, k > 1 ? digits[(in[1] & 15) << 2 | in[2] >> 6] : '=');
            strb_putc(b, k > 2 ? digits[in[2] & 63] : '=');
        }
        strb_puts(b, "?=");
        at += take;
    }
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

// "Name <a@b>" or "a@b" to the bare address.
static const char *bare_address(struct arena *a, const char *s) {
    const char *open = strchr(s, '<');
    const char *close = open ? strchr(open, '>') : NULL;
    return open && close ? arena_strndup(a, open + 1, (size_t)(close - open - 1)) : s;
}

static struct curl_slist *make_headers(struct ctx *c, const struct rows *r, size_t i) {
    const char *from = conf_text(CONF_MAIL_FROM);
    const char *at = strchr(bare_address(c->arena, from), '@');
    struct strb b;
    strb_init(&b, 16384);
    struct curl_slist *list = NULL;
    const char *to = row_text(r, i, "to_address"), *subject = row_text(r, i, "subject");
    if (one_line(to) && one_line(subject) && one_line(from)) {
        put_date(&b, c->now_usec);
        list = curl_slist_append(list, arena_printf(c->arena, "Date: %s", b.p));
        list = curl_slist_append(list, arena_printf(c->arena, "From: %s", from));
        list = curl_slist_append(list, arena_printf(c->arena, "To: %s", to));
        strb_clear(&b);
        put_subject(&b, subject);
        list = curl_slist_append(list, arena_printf(c->arena, "Subject: %s", b.p));
        list = curl_slist_append(list, arena_printf(c->arena, "Message-ID: <%s%s>",
                                                    row_text(r, i, "message_id"), at ? at : "@localhost"));
        list = curl_slist_append(list, "Auto-Submitted: auto-generated");
    }
    strb_free(&b);
    return list;
}

static curl_mime *make_body(CURL *h, const struct rows *r, size_t i) {
    curl_mime *alternatives = curl_mime_init(h);
    curl_mimepart *part = curl_mime_addpart(alternatives);
    curl_mime_data(part, row_text(r, i, "body_text"), CURL_ZERO_TERMINATED);
    curl_mime_type(part, "text/plain; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
    part = curl_mime_addpart(alternatives);
    curl_mime_data(part, row_text(r, i, "body_html"), CURL_ZERO_TERMINATED);
    curl_mime_type(part, "text/html; charset=utf-8");
    curl_mime_encoder(part, "quoted-printable");
    return alternatives;
}

static const char *send_smtp(struct ctx *c, const struct rows *r, size_t i) {
    CURL *h = curl_easy_init();
    struct curl_slist *headers = h ? make_headers(c, r, i) : NULL;
    if (!headers) {
        curl_easy_cleanup(h);
        return "the address or subject holds a line break";
    }
    curl_mime *body = make_body(h, r, i);
    struct curl_slist *to = curl_slist_append(NULL, row_text(r, i, "to_address"));
    curl_easy_setopt(h, CURLOPT_URL, conf_text(CONF_SMTP_URL));
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    if (*conf_text(CONF_SMTP_USER)) {
        curl_easy_setopt(h, CURLOPT_USERNAME, conf_text(CONF_SMTP_USER));
        curl_easy_setopt(h, CURLOPT_PASSWORD, conf_text(CONF_SMTP_PASSWORD));
        // A password never travels in the clear.
        curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    }
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, bare_address(c->arena, conf_text(CONF_MAIL_FROM)));
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(h, CURLOPT_MIMEPOST, body);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, SEND_TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    CURLcode rc = curl_easy_perform(h);
    curl_slist_free_all(to);
    curl_slist_free_all(headers);
    curl_mime_free(body);
    curl_easy_cleanup(h);
    return rc == CURLE_OK ? NULL : curl_easy_strerror(rc);
}

// The same message as a file, for places that have not set a mail server yet and for tests.
static const char *send_folder(struct ctx *c, const struct rows *r, size_t i) {
    const char *folder = arena_printf(c->arena, "%s/mail", conf_text(CONF_DATA_DIR));
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return "the mail folder cannot be made";
    }
    struct curl_slist *headers = make_headers(c, r, i);
    if (!headers) {
        return "the address or subject holds a line break";
    }
    struct strb b;
    strb_init(&b, (size_t)1024 * 1024);
    for (const struct curl_slist *l = headers; l; l = l->next) {
        strb_printf(&b, "%s\r\n", l->data);
    }
    curl_slist_free_all(headers);
    const char *edge = row_text(r, i, "message_id");
    strb_printf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
                edge);
    strb_printf(
        &b,
        "--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
        edge, row_text(r, i, "body_text"));
    strb_printf(&b,
                "--%s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
                "8bit\r\n\r\n%s\r\n--%s--\r\n",
                edge, row_text(r, i, "body_html"), edge);
    const char *part = arena_printf(c->arena, "%s/.%s.part", folder, edge);
    const char *path =
        arena_printf(c->arena, "%s/%020lld-%s.eml", folder, (long long)row_i64(r, i, "id"), edge);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, b.p, b.n) == (ssize_t)b.n && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    strb_free(&b);
    return ok && rename(part, path) == 0 ? NULL : "the mail file cannot be written";
}

enum err mailer_run(struct ctx *c, int *ret_tried) {
    *ret_tried = 0;
    struct rows *r;
    enum err e = DB_ROWS(c, mail_take, &r);
    for (size_t i = 0; e == ERR_OK && i < rows_count(r); i++) {
        const char *why = *conf_text(CONF_SMTP_URL) ? send_smtp(c, r, i) : send_folder(c, r, i);
        const char *id = row_text(r, i, "id");
        e = why ? DB_EXEC(c, mail_not_sent, NULL, id, why) : DB_EXEC(c, mail_sent, NULL, id);
        if (why) {
            log_event(LOG_LEVEL_WARNING, "mail_not_sent", "mail", id, "why", why, NULL);
        }
        (*ret_tried)++;
    }
    return e;
}
