// SPDX-License-Identifier: Apache-2.0
// Handing over mail. MIME is libcurl's work; the header lines that it does not make are made in letter.c.
#include "jobs/mailer.h"

#include "base/conf.h"
#include "base/day.h"
#include "base/log.h"
#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "jobs/letter.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Together well under the minute for which a message is taken (mail_take).
#define CONNECT_TIMEOUT_S 10L
#define SEND_TIMEOUT_S    30L
#define FILE_MAX_BYTES    ((size_t)1024 * 1024)

static const char unfit[] = "the address or the subject cannot stand in a header";

static bool make_headers(struct ctx *c, const struct rows *r, const char **ret) {
    struct letter l = {.from = conf_text(CONF_MAIL_FROM),
                       .to = row_text(r, 0, "to_address"),
                       .subject = row_text(r, 0, "subject"),
                       .message_id = row_text(r, 0, "message_id"),
                       .written_usec = c->now_usec};
    if (!stamp_parse(row_text(r, 0, "created_at"), &l.written_usec)) {
        l.written_usec = c->now_usec;
    }
    return letter_headers(c->arena, &l, ret);
}

// Lines of a text end in CRLF (RFC 2045, 6.8 and 2.10); a lone LF would be encoded as a character.
static void put_crlf(struct strb *b, const char *s) {
    for (; *s; s++) {
        if (*s == '\n') {
            strb_puts(b, "\r\n");
        } else if (*s != '\r') {
            strb_putc(b, *s);
        }
    }
}

// ---- by SMTP -------------------------------------------------------------------------------------

static bool add_part(curl_mime *whole, const char *text, const char *type) {
    struct strb b;
    strb_init(&b, FILE_MAX_BYTES);
    put_crlf(&b, text);
    curl_mimepart *part = curl_mime_addpart(whole);
    bool ok = part && !b.over && curl_mime_data(part, b.p, b.n) == CURLE_OK &&
              curl_mime_type(part, type) == CURLE_OK &&
              curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
    strb_free(&b);
    return ok;
}

static bool append(struct curl_slist **list, const char *line) {
    struct curl_slist *longer = curl_slist_append(*list, line);
    *list = longer ? longer : *list;
    return longer != NULL;
}

struct envelope {
    CURL *h;
    curl_mime *body;
    struct curl_slist *headers, *to;
};

static void envelope_free(struct envelope *e) {
    curl_mime_free(e->body);
    curl_slist_free_all(e->headers);
    curl_slist_free_all(e->to);
    curl_easy_cleanup(e->h);
}

static bool fill_envelope(struct envelope *e, const struct rows *r, const char *const *lines) {
    // Without this line libcurl would call the parts "mixed", and people would see both.
    bool ok = append(&e->headers, "Content-Type: multipart/alternative") &&
              append(&e->to, row_text(r, 0, "to_address"));
    for (size_t i = 0; ok && i < LETTER_HEADERS; i++) {
        ok = append(&e->headers, lines[i]);
    }
    e->body = ok ? curl_mime_init(e->h) : NULL;
    ok = e->body && add_part(e->body, row_text(r, 0, "body_text"), "text/plain; charset=utf-8");
    return ok && (!*row_text(r, 0, "body_html") ||
                  add_part(e->body, row_text(r, 0, "body_html"), "text/html; charset=utf-8"));
}

static void set_server(CURL *h) {
    const char *url = conf_text(CONF_SMTP_URL);
    curl_easy_setopt(h, CURLOPT_URL, url);
    curl_easy_setopt(h, CURLOPT_DEFAULT_PROTOCOL, "smtp");
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_NOPROXY, "*"); // mail is not for a web proxy of the environment
    if (*conf_text(CONF_SMTP_USER)) {
        curl_easy_setopt(h, CURLOPT_USERNAME, conf_text(CONF_SMTP_USER));
        curl_easy_setopt(h, CURLOPT_PASSWORD, conf_text(CONF_SMTP_PASSWORD));
        // A password never travels in the clear.
        curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    } else if (!text_starts(url, "smtps:")) {
        // Opportunistic TLS between mail servers takes any certificate (RFC 7435): who could show a false one
        // could as well take the offer of TLS away, and most local mail servers have signed their own.
        curl_easy_setopt(h, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
        curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, SEND_TIMEOUT_S);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
}

static const char *send_smtp(struct ctx *c, const struct rows *r) {
    const char *lines[LETTER_HEADERS];
    if (!make_headers(c, r, lines)) {
        return unfit;
    }
    struct envelope e = {.h = curl_easy_init()};
    if (!e.h || !fill_envelope(&e, r, lines)) {
        envelope_free(&e);
        return "the message could not be put together";
    }
    char why[CURL_ERROR_SIZE] = "";
    set_server(e.h);
    curl_easy_setopt(e.h, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(e.h, CURLOPT_MAIL_FROM, letter_address(c->arena, conf_text(CONF_MAIL_FROM)));
    curl_easy_setopt(e.h, CURLOPT_MAIL_RCPT, e.to);
    curl_easy_setopt(e.h, CURLOPT_HTTPHEADER, e.headers);
    curl_easy_setopt(e.h, CURLOPT_MIMEPOST, e.body);
    CURLcode rc = curl_easy_perform(e.h);
    envelope_free(&e);
    return rc == CURLE_OK ? NULL : *why ? arena_strdup(c->arena, why) : curl_easy_strerror(rc);
}

// ---- into the folder -----------------------------------------------------------------------------

static void put_part(struct strb *b, const char *edge, const char *type, const char *text) {
    strb_printf(b, "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", edge, type);
    put_crlf(b, text);
    strb_puts(b, "\r\n");
}

static const char *private_folder(const char *path) {
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return "the mail folder cannot be made";
    }
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
        ((st.st_mode & 077) != 0 && chmod(path, 0700) != 0)) {
        return "the mail folder is not ours alone";
    }
    return NULL;
}

static bool sync_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

// Whole or not at all, under its name only when it is on the disk.
static bool write_file(const char *part, const char *path, const struct strb *b) {
    unlink(part); // of a try that was cut short
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = !b->over && fd >= 0 && write(fd, b->p, b->n) == (ssize_t)b->n && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!ok || rename(part, path) != 0) {
        unlink(part);
        return false;
    }
    return true;
}

// The same message as a file, for places that have not set a mail server yet and for tests; not encoded, so
// that it can be read as it is.
static const char *send_folder(struct ctx *c, const struct rows *r) {
    const char *folder = arena_printf(c->arena, "%s/mail", conf_text(CONF_DATA_DIR));
    const char *lines[LETTER_HEADERS], *why = private_folder(folder);
    if (why || !make_headers(c, r, lines)) {
        return why ? why : unfit;
    }
    struct strb b;
    strb_init(&b, FILE_MAX_BYTES);
    for (size_t i = 0; i < LETTER_HEADERS; i++) {
        strb_printf(&b, "%s\r\n", lines[i]);
    }
    const char *edge = row_text(r, 0, "message_id");
    strb_printf(&b, "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n",
                edge);
    put_part(&b, edge, "text/plain; charset=utf-8", row_text(r, 0, "body_text"));
    if (*row_text(r, 0, "body_html")) {
        put_part(&b, edge, "text/html; charset=utf-8", row_text(r, 0, "body_html"));
    }
    strb_printf(&b, "--%s--\r\n", edge);
    const char *part = arena_printf(c->arena, "%s/.%s.part", folder, edge);
    const char *path =
        arena_printf(c->arena, "%s/%020lld-%s.eml", folder, (long long)row_i64(r, 0, "id"), edge);
    bool ok = write_file(part, path, &b) && sync_folder(folder);
    strb_free(&b);
    return ok ? NULL : "the mail file cannot be written";
}

enum err mailer_next(struct ctx *c, bool *ret_tried) {
    struct rows *r;
    *ret_tried = false;
    enum err e = DB_ROWS(c, mail_take, &r);
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    *ret_tried = true;
    const char *id = row_text(r, 0, "id");
    const char *why = *conf_text(CONF_SMTP_URL) ? send_smtp(c, r) : send_folder(c, r);
    if (!why) {
        return DB_EXEC(c, mail_sent, NULL, id);
    }
    log_event(LOG_LEVEL_WARNING, "mail_not_sent", "mail", id, "why", why, NULL);
    return DB_EXEC(c, mail_not_sent, NULL, id, why);
}
