// SPDX-License-Identifier: Apache-2.0
// Bids under way.
#include "faults/load.h"

#include "base/clock.h"
#include "base/text.h"
#include "support/dbtest.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ACKS_MAX 20000

struct ack {
    char ref[24];
    long pounds;
};

struct load {
    int port;
    _Atomic bool stop, hurry;
    _Atomic long pounds; // each bid has a price of its own
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct load_figures figures;
    struct ack *acks;
    size_t running;
    pthread_t threads[LOAD_SUPPLIERS];
    struct one {
        struct load *l;
        size_t i;
    } ones[LOAD_SUPPLIERS];
};

// ---- who ----------------------------------------------------------------------------------------

static void token_of(size_t i, char *out) {
    snprintf(out, 65, "%064zx", i + 0xabc0);
}

static void csrf_of(size_t i, char *out) {
    snprintf(out, 65, "%064zx", i + 0xdef0);
}

void load_fixture(struct ctx *c) {
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email)"
                  " VALUES ('Oakham', 'Oakham', '{E1}', 'Oakham Trust', 'a@oak.example')");
    dbtest_run(
        c,
        "INSERT INTO core.organisation (ref, kind, name) VALUES ('anchor000001', 'anchor', 'Oak Council')");
    dbtest_run(c, "INSERT INTO core.anchor (id, sort, address1, town, postcode, email)"
                  " SELECT id, 'council', '1 High Street', 'Oakham', 'ZZ1 1ZZ', 'b@oak.example'"
                  " FROM core.organisation");
    dbtest_run(c,
               "INSERT INTO core.notice (ref, anchor_id, kind, state, title, closes_at, published_at,"
               " price_weight, quality_weight, social_weight)"
               " SELECT 'tender000001', id, 'tender', 'published', 'Tree care', now() + interval '30 days',"
               " now(), 100, 0, 0 FROM core.anchor");
    for (size_t i = 0; i < LOAD_SUPPLIERS; i++) {
        char token[65], csrf[65], hash[65];
        token_of(i, token);
        csrf_of(i, csrf);
        sha256_hex(token, 64, hash);
        dbtest_run(
            c,
            "INSERT INTO core.organisation (ref, kind, name) VALUES ('supplier%04zu', 'supplier', 'Elm %zu')",
            i, i);
        dbtest_run(c,
                   "INSERT INTO core.supplier (id, match_name, postcode) SELECT id, ref, 'ZZ1 1ZZ'"
                   " FROM core.organisation WHERE ref = 'supplier%04zu'",
                   i);
        dbtest_run(c,
                   "INSERT INTO core.person (email, name, password_hash, confirmed_at)"
                   " VALUES ('p%zu@elm.example', 'Pat %zu', 'none', now())",
                   i, i);
        dbtest_run(c,
                   "INSERT INTO core.membership (person_id, org_id, role) SELECT p.id, o.id, 'supplier'"
                   " FROM core.person p, core.organisation o"
                   " WHERE p.email = 'p%zu@elm.example' AND o.ref = 'supplier%04zu'",
                   i, i);
        dbtest_run(
            c,
            "INSERT INTO core.session (token_hash, person_id, csrf_token, started_at, seen_at, ends_at)"
            " SELECT '%s', id, '%s', now(), now(), now() + interval '8 hours'"
            " FROM core.person WHERE email = 'p%zu@elm.example'",
            hash, csrf, i);
    }
}

void load_request(size_t i, long pounds, char *ret_headers, char *ret_body) {
    char token[65], csrf[65];
    token_of(i, token);
    csrf_of(i, csrf);
    snprintf(ret_headers, 256, "Cookie: anchorage=%s\r\n", token);
    snprintf(ret_body, 256, "csrf=%s&step=send&price=%ld&answer=", csrf, pounds);
}

// ---- what came back ------------------------------------------------------------------------------

static void note(struct load *l, const struct reply *r, long pounds) {
    static const char where[] = "\r\nLocation: /account/bids/";
    const char *ref = strstr(r->head, where);
    pthread_mutex_lock(&l->lock);
    if (r->status == 303 && ref && l->figures.acknowledged < ACKS_MAX) {
        struct ack *a = &l->acks[l->figures.acknowledged++];
        ref += sizeof where - 1;
        snprintf(a->ref, sizeof a->ref, "%.*s", (int)strcspn(ref, "\r"), ref);
        a->pounds = pounds;
    } else if (r->status == 503) {
        l->figures.refused++;
    } else {
        l->figures.strange_status = l->figures.strange++ ? l->figures.strange_status : r->status;
    }
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
}

static void *bidder(void *arg) {
    const struct one *one = arg;
    struct load *l = one->l;
    struct visitor v = {.fd = -1, .port = l->port};
    while (!l->stop) {
        char headers[256], body[256];
        long pounds = ++l->pounds;
        load_request(one->i, pounds, headers, body);
        bool sent = visitor_send(&v, "POST", LOAD_TENDER, headers, body);
        bool early = sent && !l->hurry;
        struct reply r = sent ? visitor_read(&v) : (struct reply){0};
        if (r.status == 0) {
            pthread_mutex_lock(&l->lock);
            l->figures.unanswered += early;
            pthread_mutex_unlock(&l->lock);
            break; // the server is gone
        }
        note(l, &r, pounds);
        if (r.status == 503) {
            poll(NULL, 0, 5); // as a person would, but sooner: the processor is for the recovery
        }
    }
    visitor_leave(&v);
    pthread_mutex_lock(&l->lock);
    l->running--;
    pthread_cond_broadcast(&l->moved);
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

struct load *load_start(void) {
    struct load *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->acks = calloc(ACKS_MAX, sizeof *l->acks);
    assert_non_null(l->acks);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->moved, NULL);
    return l;
}

void load_begin(struct load *l, int port) {
    l->port = port;
    l->stop = l->hurry = false;
    l->running = LOAD_SUPPLIERS;
    for (size_t i = 0; i < LOAD_SUPPLIERS; i++) {
        l->ones[i] = (struct one){l, i};
        assert_int_equal(pthread_create(&l->threads[i], NULL, bidder, &l->ones[i]), 0);
    }
}

void load_wait(struct load *l, size_t acknowledged) {
    struct timespec last;
    clock_gettime(CLOCK_REALTIME, &last);
    last.tv_sec += PATIENCE_USEC / 1000000;
    int late = 0;
    pthread_mutex_lock(&l->lock);
    while (l->figures.acknowledged < acknowledged && l->running > 0 && !late) {
        late = pthread_cond_timedwait(&l->moved, &l->lock, &last);
    }
    struct load_figures f = l->figures;
    pthread_mutex_unlock(&l->lock);
    if (f.acknowledged < acknowledged) {
        load_stop(l);
        fail_msg("%zu of %zu bids acknowledged, %zu refused, %zu other answers (first: %d), %zu unanswered",
                 f.acknowledged, acknowledged, f.refused, f.strange, f.strange_status, f.unanswered);
    }
}

void load_hurry(struct load *l) {
    l->hurry = true;
}

void load_stop(struct load *l) {
    l->stop = true;
    for (size_t i = 0; i < LOAD_SUPPLIERS; i++) {
        pthread_join(l->threads[i], NULL);
    }
}

struct load_figures load_figures(struct load *l) {
    pthread_mutex_lock(&l->lock);
    struct load_figures f = l->figures;
    pthread_mutex_unlock(&l->lock);
    return f;
}

void load_free(struct load *l) {
    pthread_cond_destroy(&l->moved);
    pthread_mutex_destroy(&l->lock);
    free(l->acks);
    free(l);
}

long load_lost(struct load *l, struct ctx *c) {
    size_t n = load_figures(l).acknowledged;
    const char **texts = arena_array(c->arena, n + 1, sizeof *texts);
    for (size_t i = 0; i < n; i++) {
        texts[i] = arena_printf(c->arena, "%s %ld", l->acks[i].ref, l->acks[i].pounds * 100);
    }
    const struct sql *q = DBTEST_SQL("t_lost",
                                     "SELECT count(*) AS lost FROM unnest($1::text[]) AS a (told)"
                                     " LEFT JOIN core.bid b ON b.ref || ' ' || b.price_pence = a.told"
                                     " WHERE b.id IS NULL",
                                     1, SQL_ONE);
    struct rows *r;
    assert_err(c, db_rows_n(c, q, &r, 1, (const char *const[]){db_array(c->arena, n, texts)}), ERR_OK);
    return (long)row_i64(r, 0, "lost");
}
