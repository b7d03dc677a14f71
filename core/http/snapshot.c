// SPDX-License-Identifier: Apache-2.0
// The table of ready-made pages: a hash table under a reader-writer lock; answers are immutable and counted.
#include "http/snapshot.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "http/gzip.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS         4096
#define TOPICS_MAX      64
#define TOPIC_BYTES     32
#define REFRESH_USEC    INT64_C(5000000)
#define REFRESH_AT_ONCE 256

enum variant { VARIANT_PLAIN, VARIANT_GZIP, VARIANT_SAME, VARIANTS };

struct ready {
    _Atomic int refs;
    int status;
    int64_t second; // of its Date header
    size_t head_n, n;
    char bytes[];
};

struct entry {
    struct entry *next;
    char *key;
    struct snapshot_ticket ticket;
    struct resp resp; // with the plain body
    char *content_type;
    unsigned char *gz;
    size_t gz_n, cost;
    _Atomic int64_t refreshing_until; // monotonic; 0: nobody is at it
    _Atomic int64_t last_hit;         // monotonic
    _Atomic bool hit;                 // asked for since it was made
    struct ready *ready[VARIANTS];
};

struct snapshot {
    pthread_rwlock_t lock;
    struct entry *buckets[BUCKETS];
    size_t count, bytes, max_count, max_bytes;
    char topics[TOPICS_MAX][TOPIC_BYTES]; // names, under the lock
    size_t topic_count;
    _Atomic uint64_t generation[TOPICS_MAX];
    _Atomic uint64_t epoch;
    _Atomic bool listening;
};

struct snapshot *snapshot_new(size_t max_bytes, size_t max_entries) {
    struct snapshot *s = calloc(1, sizeof *s);
    if (!s) {
        abort();
    }
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    // The few writers must get in although readers never cease.
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&s->lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    s->max_bytes = max_bytes;
    s->max_count = max_entries < SNAPSHOT_ENTRIES_MAX ? max_entries : SNAPSHOT_ENTRIES_MAX;
    return s;
}

const char *ready_bytes(const struct ready *r, bool head_only, size_t *ret_n) {
    *ret_n = head_only ? r->head_n : r->n;
    return r->bytes;
}

int ready_status(const struct ready *r) {
    return r->status;
}

void ready_done(struct ready *r) {
    if (r && atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) == 1) {
        free(r);
    }
}

static void entry_free(struct entry *e) {
    for (int i = 0; i < VARIANTS; i++) {
        ready_done(e->ready[i]);
    }
    resp_free(&e->resp);
    free(e->content_type);
    free(e->gz);
    free(e->key);
    free(e);
}

static size_t bucket_of(const char *key) {
    uint64_t h =
        UINT64_C(1469598103934665603); // FNV-1a; the table is bounded, so a flood of collisions only evicts
    for (; *key; key++) {
        h = (h ^ (unsigned char)*key) * UINT64_C(1099511628211);
    }
    return (size_t)(h ^ (h >> 32)) % BUCKETS;
}

static struct entry *find(struct snapshot *s, const char *key) {
    for (struct entry *e = s->buckets[bucket_of(key)]; e; e = e->next) {
        if (strcmp(e->key, key) == 0) {
            return e;
        }
    }
    return NULL;
}

static void take_out(struct snapshot *s, struct entry *gone) {
    struct entry **at = &s->buckets[bucket_of(gone->key)];
    while (*at != gone) {
        at = &(*at)->next;
    }
    *at = gone->next;
    s->count--;
    s->bytes -= gone->cost;
    entry_free(gone);
}

void snapshot_drop(struct snapshot *s) {
    pthread_rwlock_wrlock(&s->lock);
    s->epoch++;
    for (size_t b = 0; b < BUCKETS; b++) {
        while (s->buckets[b]) {
            take_out(s, s->buckets[b]);
        }
    }
    pthread_rwlock_unlock(&s->lock);
}

void snapshot_free(struct snapshot *s) {
    if (s) {
        snapshot_drop(s);
        pthread_rwlock_destroy(&s->lock);
        free(s);
    }
}

// ---- topics and generations ----

// The bit of a topic; when there are too many, the last bit stands for all the rest. Under the write lock.
static unsigned topic_bit(struct snapshot *s, const char *name, size_t n) {
    for (size_t i = 0; i < s->topic_count; i++) {
        if (strlen(s->topics[i]) == n && memcmp(s->topics[i], name, n) == 0) {
            return (unsigned)i;
        }
    }
    if (s->topic_count == TOPICS_MAX - 1 || n >= TOPIC_BYTES) {
        return TOPICS_MAX - 1;
    }
    memcpy(s->topics[s->topic_count], name, n);
    return (unsigned)s->topic_count++;
}

static uint64_t sum_of(struct snapshot *s, uint64_t topics) {
    uint64_t sum = 0;
    for (; topics; topics &= topics - 1) {
        sum += s->generation[__builtin_ctzll(topics)];
    }
    return sum;
}

struct snapshot_ticket snapshot_ticket(struct snapshot *s, const char *topics) {
    struct snapshot_ticket t = {0};
    pthread_rwlock_wrlock(&s->lock);
    t.epoch = s->epoch;
    for (const char *p = topics; *p;) {
        size_t n = strcspn(p, ", ");
        if (n > 0) {
            t.topics |= UINT64_C(1) << topic_bit(s, p, n);
        }
        p += n;
        p += strspn(p, ", ");
    }
    t.sum = sum_of(s, t.topics);
    pthread_rwlock_unlock(&s->lock);
    return t;
}

void snapshot_note(struct snapshot *s, const char *topic) {
    pthread_rwlock_wrlock(&s->lock);
    s->generation[topic_bit(s, topic, strlen(topic))]++;
    pthread_rwlock_unlock(&s->lock);
}

void snapshot_note_all(struct snapshot *s) {
    s->epoch++;
}

void snapshot_listening(struct snapshot *s, bool on) {
    s->listening = on;
}

bool snapshot_is_listening(const struct snapshot *s) {
    return s->listening;
}

static bool current(struct snapshot *s, const struct entry *e, int64_t now_usec) {
    int64_t until = e->resp.fresh_until_usec;
    return s->listening && e->ticket.epoch == s->epoch && e->ticket.sum == sum_of(s, e->ticket.topics) &&
           (until == 0 || now_usec < until);
}

// ---- answers ----

static struct ready *make_ready(const struct entry *e, enum variant v, const struct snapshot_ask *ask) {
    struct resp r = e->resp;
    if (v == VARIANT_SAME) {
        r.status = 304;
    }
    const char *body = v == VARIANT_GZIP ? (const char *)e->gz : e->resp.body.p;
    size_t n = v == VARIANT_GZIP ? e->gz_n : e->resp.body.n;
    struct resp_send how = {.close = ask->close,
                            .https = ask->https,
                            .encoding = v == VARIANT_GZIP ? "gzip" : NULL,
                            .now_usec = ask->now_usec};
    struct strb head;
    strb_init(&head, RESP_HEAD_MAX * 2);
    resp_head(&r, &how, n, &head);
    size_t body_n = v == VARIANT_SAME ? 0 : n;
    struct ready *made = malloc(sizeof *made + head.n + body_n);
    if (!made) {
        abort();
    }
    made->refs = 1;
    made->status = r.status;
    made->second = ask->now_usec / 1000000;
    made->head_n = head.n;
    made->n = head.n + body_n;
    memcpy(made->bytes, head.p, head.n);
    memcpy(made->bytes + head.n, body, body_n);
    strb_free(&head);
    return made;
}

static enum variant variant_for(const struct entry *e, const struct snapshot_ask *ask) {
    if (etag_listed(ask->if_none_match, e->resp.etag)) {
        return VARIANT_SAME;
    }
    return ask->gzip && e->gz ? VARIANT_GZIP : VARIANT_PLAIN;
}

static struct ready *shared(struct ready *r) {
    atomic_fetch_add_explicit(&r->refs, 1, memory_order_relaxed);
    return r;
}

// The Date header has seconds, so an answer is made at most once a second and shared by all who ask within
// it.
static struct ready *refresh_ready(struct snapshot *s, const struct snapshot_ask *ask) {
    struct ready *r = NULL;
    pthread_rwlock_wrlock(&s->lock);
    struct entry *e = find(s, ask->key);
    if (e) {
        enum variant v = variant_for(e, ask);
        if (!e->ready[v] || e->ready[v]->second != ask->now_usec / 1000000) {
            ready_done(e->ready[v]);
            e->ready[v] = make_ready(e, v, ask);
        }
        r = shared(e->ready[v]);
    }
    pthread_rwlock_unlock(&s->lock);
    return r;
}

enum snapshot_state snapshot_find(struct snapshot *s, const struct snapshot_ask *ask,
                                  struct ready **ret_ready) {
    struct ready *r = NULL;
    pthread_rwlock_rdlock(&s->lock);
    struct entry *e = find(s, ask->key);
    if (!e) {
        pthread_rwlock_unlock(&s->lock);
        return SNAPSHOT_NONE;
    }
    int64_t mono = clock_monotonic_usec();
    if (!ask->even_old && !current(s, e, ask->now_usec)) {
        int64_t busy = e->refreshing_until;
        if (busy < mono && atomic_compare_exchange_strong(&e->refreshing_until, &busy, mono + REFRESH_USEC)) {
            pthread_rwlock_unlock(&s->lock);
            return SNAPSHOT_MAKE;
        }
    }
    atomic_store_explicit(&e->last_hit, mono, memory_order_relaxed);
    atomic_store_explicit(&e->hit, true, memory_order_relaxed);
    enum variant v = variant_for(e, ask);
    if (ask->close) {
        r = make_ready(e, v, ask);
    } else if (e->ready[v] && e->ready[v]->second == ask->now_usec / 1000000) {
        r = shared(e->ready[v]);
    }
    pthread_rwlock_unlock(&s->lock);
    if (!r) {
        r = refresh_ready(s, ask);
    }
    *ret_ready = r;
    return r ? SNAPSHOT_SERVE : SNAPSHOT_NONE;
}

// ---- keeping ----

static struct entry *entry_new(const char *key, const struct snapshot_ticket *t, const struct resp *r) {
    struct entry *e = calloc(1, sizeof *e);
    if (!e) {
        abort();
    }
    e->key = strdup(key);
    e->content_type = strdup(r->content_type ? r->content_type : "");
    if (!e->key || !e->content_type) {
        abort();
    }
    resp_init(&e->resp);
    e->resp.status = r->status;
    e->resp.cache = RESP_CHECK;
    e->resp.content_type = e->content_type;
    e->resp.fresh_until_usec = r->fresh_until_usec;
    strb_put(&e->resp.head, r->head.p, r->head.n);
    strb_put(&e->resp.body, r->body.p, r->body.n);
    char hash[65];
    sha256_hex(r->body.p, r->body.n, hash);
    snprintf(e->resp.etag, sizeof e->resp.etag, "W/\"%.20s\"", hash);
    if (gzip_best(r->body.p, r->body.n, &e->gz, &e->gz_n) && e->gz_n >= r->body.n) {
        free(e->gz);
        e->gz = NULL;
    }
    e->ticket = *t;
    e->last_hit = clock_monotonic_usec();
    // Each variant also exists once more as a whole answer.
    e->cost = sizeof *e + strlen(key) + 2 * (r->body.n + e->gz_n) + 4096;
    return e;
}

static void make_room(struct snapshot *s, size_t cost) {
    while (s->count > 0 && (s->count >= s->max_count || s->bytes + cost > s->max_bytes)) {
        struct entry *oldest = NULL;
        for (size_t b = 0; b < BUCKETS; b++) {
            for (struct entry *e = s->buckets[b]; e; e = e->next) {
                if (!oldest || e->last_hit < oldest->last_hit) {
                    oldest = e;
                }
            }
        }
        if (!oldest) {
            return; // only were the count wrong
        }
        take_out(s, oldest);
    }
}

void snapshot_store(struct snapshot *s, const char *key, const struct snapshot_ticket *t,
                    const struct resp *r) {
    if (r->status != 200 || r->sets_cookie || r->keep_not || r->body.over || strlen(key) > SNAPSHOT_KEY_MAX) {
        snapshot_gave_up(s, key);
        return;
    }
    struct entry *made = entry_new(key, t, r);
    if (made->cost > s->max_bytes / 4) {
        entry_free(made); // one page must not push out all others
        return;
    }
    pthread_rwlock_wrlock(&s->lock);
    struct entry *old = find(s, key);
    // Made before what is kept already, or before everything was forgotten: the newer one stays.
    bool late = t->epoch < s->epoch || (old && old->ticket.epoch == t->epoch && old->ticket.sum > t->sum);
    if (late) {
        if (old) {
            old->refreshing_until = 0;
        }
        pthread_rwlock_unlock(&s->lock);
        entry_free(made);
        return;
    }
    if (old) {
        made->last_hit = old->last_hit;
        take_out(s, old);
    }
    make_room(s, made->cost);
    size_t b = bucket_of(key);
    made->next = s->buckets[b];
    s->buckets[b] = made;
    s->count++;
    s->bytes += made->cost;
    pthread_rwlock_unlock(&s->lock);
}

void snapshot_gave_up(struct snapshot *s, const char *key) {
    pthread_rwlock_rdlock(&s->lock);
    struct entry *e = find(s, key);
    if (e) {
        e->refreshing_until = 0;
    }
    pthread_rwlock_unlock(&s->lock);
}

size_t snapshot_take_old(struct snapshot *s, char ***ret_keys) {
    char **keys = calloc(REFRESH_AT_ONCE, sizeof *keys);
    if (!keys) {
        abort();
    }
    size_t n = 0;
    int64_t now = clock_now_usec(), mono = clock_monotonic_usec();
    pthread_rwlock_rdlock(&s->lock);
    for (size_t b = 0; b < BUCKETS && n < REFRESH_AT_ONCE; b++) {
        for (struct entry *e = s->buckets[b]; e && n < REFRESH_AT_ONCE; e = e->next) {
            int64_t busy = e->refreshing_until;
            if (e->hit && !current(s, e, now) && busy < mono &&
                atomic_compare_exchange_strong(&e->refreshing_until, &busy, mono + REFRESH_USEC)) {
                keys[n] = strdup(e->key);
                n += keys[n] != NULL;
            }
        }
    }
    pthread_rwlock_unlock(&s->lock);
    *ret_keys = keys;
    return n;
}

void snapshot_size(struct snapshot *s, size_t *ret_entries, size_t *ret_bytes) {
    pthread_rwlock_rdlock(&s->lock);
    *ret_entries = s->count;
    *ret_bytes = s->bytes;
    pthread_rwlock_unlock(&s->lock);
}
