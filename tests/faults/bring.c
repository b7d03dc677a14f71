// SPDX-License-Identifier: Apache-2.0
// Uploads over a socket, and looking at what became of them.
#include "faults/bring.h"

#include "base/clock.h"
#include "base/text.h"
#include "support/dbtest.h"

#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TOKEN    "00000000000000000000000000000000000000000000000000000000000b1106"
#define CSRF     "00000000000000000000000000000000000000000000000000000000000c5f06"
#define BOUNDARY "anchorage-bring"
#define COOKIE   "Cookie: anchorage=" TOKEN "\r\n"

void bring_fixture(struct ctx *c) {
    char hash[65];
    sha256_hex(TOKEN, 64, hash);
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email)"
                  " VALUES ('Oakham', 'Oakham', '{E1}', 'Oakham Trust', 'a@oak.example')");
    dbtest_run(c, "INSERT INTO core.organisation (ref, kind, name) VALUES"
                  " ('council', 'anchor', 'Oak Council'), ('elm', 'supplier', 'Elm Works Ltd')");
    dbtest_run(c, "INSERT INTO core.anchor (id, sort, address1, town, postcode, email)"
                  " SELECT id, 'council', '1 High Street', 'Oakham', 'ZZ1 1ZZ', 'b@oak.example'"
                  " FROM core.organisation WHERE ref = 'council'");
    dbtest_run(c, "INSERT INTO core.supplier (id, match_name, postcode, company_number)"
                  " SELECT id, 'ELM WORKS', 'ZZ1 1ZZ', '01234567' FROM core.organisation WHERE ref = 'elm'");
    dbtest_run(c, "INSERT INTO core.person (email, name, password_hash, confirmed_at)"
                  " VALUES ('officer@oak.example', 'Robin Oak', 'none', now())");
    dbtest_run(c, "INSERT INTO core.membership (person_id, org_id, role) SELECT p.id, o.id, 'officer'"
                  " FROM core.person p, core.organisation o WHERE o.ref = 'council'");
    dbtest_run(c,
               "INSERT INTO core.session (token_hash, person_id, csrf_token, started_at, seen_at, ends_at)"
               " SELECT '%s', id, '" CSRF "', now(), now(), now() + interval '8 hours' FROM core.person",
               hash);
}

// ---- files ---------------------------------------------------------------------------------------------

char *bring_text(const char *who, int rows, size_t *ret_n, int64_t *ret_pence) {
    static const char head[] = "Supplier Name,Company Number,Payment Date,Amount,Category\n";
    size_t cap = sizeof head + (size_t)rows * 96, n = sizeof head - 1;
    char *text = malloc(cap);
    assert_non_null(text);
    memcpy(text, head, n);
    *ret_pence = 0;
    for (int i = 0; i < rows; i++) {
        int64_t pence = 1000 + i * INT64_C(37);
        bool elm = i % 10 == 0;
        n += (size_t)snprintf(text + n, cap - n, "%s %s,%s,%02d/%02d/2025,%lld.%02lld,Works\n", who,
                              elm ? "Elm Works" : "Trading", elm ? "01234567" : "", 1 + i % 28, 1 + i % 12,
                              (long long)(pence / 100), (long long)(pence % 100));
        *ret_pence += pence;
    }
    *ret_n = n;
    return text;
}

// ---- over the wire -------------------------------------------------------------------------------------

static bool send_all(int fd, const char *p, size_t n) {
    while (n > 0) {
        ssize_t put = send(fd, p, n, MSG_NOSIGNAL);
        if (put <= 0) {
            return false; // it may have answered before it read all
        }
        p += put;
        n -= (size_t)put;
    }
    return true;
}

struct piece {
    const char *p;
    size_t n, times;
};

// The answer may come before all was read: then the rest is not sent.
static struct reply upload(int port, const char *name, const struct piece *pieces, size_t count) {
    static const char tail[] = "\r\n--" BOUNDARY "--\r\n";
    char part[1024], request[1024];
    size_t whole = sizeof tail - 1;
    int part_n =
        snprintf(part, sizeof part,
                 "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" CSRF "\r\n"
                 "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"anchor\"\r\n\r\ncouncil\r\n"
                 "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\npayments\r\n"
                 "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%.80s\"\r\n"
                 "Content-Type: application/octet-stream\r\n\r\n",
                 name);
    for (size_t i = 0; i < count; i++) {
        whole += pieces[i].n * pieces[i].times;
    }
    int head_n =
        snprintf(request, sizeof request,
                 "POST /officer/spend HTTP/1.1\r\nHost: market.example\r\n" COOKIE
                 "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\nContent-Length: %zu\r\n\r\n",
                 (size_t)part_n + whole);
    struct visitor v = {.fd = -1, .port = port};
    if (!visitor_send(&v, "GET", "/healthz", "", NULL) || visitor_read(&v).status == 0 || v.fd < 0) {
        return (struct reply){0};
    }
    bool ok = send_all(v.fd, request, (size_t)head_n) && send_all(v.fd, part, (size_t)part_n);
    for (size_t i = 0; ok && i < count; i++) {
        for (size_t k = 0; ok && k < pieces[i].times; k++) {
            ok = send_all(v.fd, pieces[i].p, pieces[i].n);
        }
    }
    if (ok) {
        send_all(v.fd, tail, sizeof tail - 1);
    }
    struct reply r = visitor_read(&v);
    visitor_leave(&v);
    return r;
}

struct reply bring_many(int port, const char *name, const char *head, const char *text, size_t times) {
    const struct piece pieces[] = {{head, strlen(head), 1}, {text, strlen(text), times}};
    return upload(port, name, pieces, 2);
}

struct reply bring_file(int port, const char *name, const void *bytes, size_t n) {
    const struct piece piece = {bytes, n, 1};
    return upload(port, name, &piece, 1);
}

const char *bring_ref(const struct reply *r, char ret[32]) {
    static const char where[] = "\r\nLocation: /officer/spend/imports/";
    const char *at = strstr(r->head, where);
    if (r->status != 303 || !at) {
        fail_msg("the upload was answered %d: %s%s", r->status, r->head, r->body);
        return "";
    }
    snprintf(ret, 32, "%.*s", (int)strcspn(at + sizeof where - 1, "\r"), at + sizeof where - 1);
    return ret;
}

struct reply bring_post(int port, const char *ref, const char *step, const char *form) {
    char target[128], body[512];
    snprintf(target, sizeof target, "/officer/spend/imports/%.20s/%.20s", ref, step);
    snprintf(body, sizeof body, "csrf=" CSRF "&%.300s", form);
    struct visitor v = {.fd = -1, .port = port};
    bool sent = visitor_send(&v, "POST", target, COOKIE, body);
    struct reply r = sent ? visitor_read(&v) : (struct reply){0};
    visitor_leave(&v);
    return r;
}

struct reply bring_get(int port, const char *target) {
    return visitor_get(port, target, COOKIE);
}

// ---- what became of it ---------------------------------------------------------------------------------

void bring_wait(struct ctx *c, const char *ref, const char *state) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        const char *is = dbtest_value(c, "SELECT state FROM core.spend_import WHERE ref = '%s'", ref);
        if (strcmp(is, state) == 0) {
            return;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("the import stays %s instead of %s: %s", is, state,
                     dbtest_value(c, "SELECT problem FROM core.spend_import WHERE ref = '%s'", ref));
        }
        poll(NULL, 0, 10);
    }
}

void bring_expire(struct ctx *c) {
    dbtest_run(c, "UPDATE core.spend_import SET held_until = now() WHERE state IN ('reading', 'loading')");
}

static int count_files(const char *data, const char *begin) {
    char path[256];
    int n = 0;
    snprintf(path, sizeof path, "%.200s/spool", data);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (const struct dirent *f; (f = readdir(d));) {
        n += f->d_name[0] != '.' && strncmp(f->d_name, begin, strlen(begin)) == 0;
    }
    closedir(d);
    return n;
}

int bring_spooled(const char *data) {
    return count_files(data, "import-");
}

int bring_left(const char *data) {
    return count_files(data, "");
}

// ---- the process ---------------------------------------------------------------------------------------

static void read_line(const char *path, char *ret, size_t cap) {
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(ret, 1, cap - 1, f) : 0;
    ret[n] = 0;
    if (f) {
        fclose(f);
    }
}

pid_t bring_worker(const struct program *p) {
    char path[96], list[512], name[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", p->pid, p->pid);
    read_line(path, list, sizeof list);
    for (char *at = list, *end; *at; at = end) {
        long pid = strtol(at, &end, 10);
        if (end == at) {
            break;
        }
        snprintf(path, sizeof path, "/proc/%ld/comm", pid);
        read_line(path, name, sizeof name);
        if (strncmp(name, "anchorage", 9) == 0) {
            return (pid_t)pid;
        }
    }
    return 0;
}

int64_t bring_resident_kb(pid_t pid) {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    read_line(path, text, sizeof text);
    const char *at = strstr(text, "VmHWM:");
    return at ? strtoll(at + 6, NULL, 10) : -1;
}
