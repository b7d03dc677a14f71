// SPDX-License-Identifier: Apache-2.0
// A whole server inside the test program, on a free port of loopback, with a small set of routes; and a raw
// client.
#ifndef ANCHORAGE_TESTS_HTTP_HTTPTEST_H
#define ANCHORAGE_TESTS_HTTP_HTTPTEST_H

#include "http/app.h"
#include "http/server.h"

#include <stdbool.h>
#include <stddef.h>

// Routes (httptest.c): GET / and /plain/{name} (no database), GET /bug /empty /never-mind, POST /echo (form),
// POST /upload (files), POST /json, POST /login (password lane); with a database: GET /private /admin /half
// /place /place.json (ready-made, topic place), GET /filtered (public and long, not kept), GET
// /filtered-alone (the same, not ready-made), GET /until (ready-made, past its time at once), POST /private,
// POST /start, POST /finish.
struct httptest {
    struct server *server;
    struct app app;
    struct arena *arena;
    int port;
    char data_dir[64];
};

// Starts with the settings as they are (the caller may have changed some); conninfo NULL: no database.
void httptest_start(struct httptest *t, const char *conninfo);
void httptest_stop(struct httptest *t);

// Begin and end of a test or group: nothing is logged, the settings ("key", "value", ..., NULL) hold until
// the end. Both give 0.
int httptest_begin(struct httptest *t, const char *conninfo, const char *const *settings);
int httptest_end(struct httptest *t);
// Many connections may wait at once, few pages are made.
#define HTTPTEST_FEW_WORKERS "http.io_threads", "16", "http.executors", "2"

// A request to GET /wait stays in its page until the test lets it go on; so many are inside now.
int httptest_inside(void);
void httptest_wait_inside(int n); // until n are inside
void httptest_hold(bool on);      // on: they stay; off: all go on

struct answer {
    int status;  // 0: no answer, the connection ended or nothing came for ten seconds
    char *bytes; // head and body as they came, NUL behind; freed by answer_free
    size_t n;
    char *body;
    size_t body_n;
    bool closed; // the server ended the connection after it
};
void answer_free(struct answer *a);
// Value of a header, in a static buffer of the thread; "" when it is not there.
const char *answer_header(const struct answer *a, const char *name);

// How often GET /count has run.
int httptest_counted(void);

// A connection; when it is refused the read gives no answer.
int client_open(const struct httptest *t);
void client_send(int fd, const void *bytes, size_t n); // a peer that is gone is no failure
void client_sendf(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void client_half_close(int fd);
// Reads one answer; head_only for HEAD. until_closed: waits for the end of the connection and keeps all that
// came.
struct answer client_read(int fd, bool head_only, bool until_closed);
void client_close(int fd);

// One request on a connection of its own. headers: further lines, each with \r\n, or "".
struct answer http_get(const struct httptest *t, const char *target, const char *headers);
struct answer http_post(const struct httptest *t, const char *target, const char *headers, const char *type,
                        const void *body, size_t n);

#endif
