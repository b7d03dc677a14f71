// SPDX-License-Identifier: Apache-2.0
// Bounded token buckets in a table of sets of eight.
#include "http/ratelimit.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define WAYS       8
#define SECOND_MS  INT64_C(1000)
#define MINUTE_MS  (60 * SECOND_MS)
#define HOUR_MS    (60 * MINUTE_MS)
#define KEY_MAX    256 // longer keys count by their first bytes
#define STRIKE_MAX 30

struct slot {
    uint64_t tag; // hash of kind and key
    int64_t at_ms;
    int64_t level;         // tokens in units of 1/period: burst * period is full
    int64_t wait_until_ms; // for rules with a wait
    int32_t strikes;       // tokens taken since the bucket ran empty
    uint8_t kind;
    bool used;
};

struct ratelimit {
    pthread_mutex_t lock;
    uint8_t seed[16];
    size_t sets;
    struct slot *slots;
    int32_t bursts[RATELIMIT_KINDS]; // 0: as the rule says
};

struct ratelimit_rule ratelimit_rule(enum ratelimit_kind kind) {
    static const struct ratelimit_rule rules[RATELIMIT_KINDS] = {
        [RATELIMIT_LOGIN_ACCOUNT] = {10, 15 * MINUTE_MS, 30 * SECOND_MS, 15 * MINUTE_MS},
        [RATELIMIT_LOGIN_ACCOUNT_DAY] = {50, 24 * HOUR_MS, 0, 0},
        [RATELIMIT_LOGIN_ADDRESS] = {30, 10 * MINUTE_MS, 0, 0},
        [RATELIMIT_REGISTER] = {5, HOUR_MS, 0, 0},
        [RATELIMIT_RESET] = {3, HOUR_MS, 0, 0},
        [RATELIMIT_SEARCH] = {60, MINUTE_MS, 0, 0},
        [RATELIMIT_EXPORT] = {60, HOUR_MS, 0, 0},
    };
    return rules[kind];
}

static uint64_t rotate(uint64_t x, unsigned by) {
    return (x << by) | (x >> (64 - by));
}

static uint64_t read64(const uint8_t *p) {
    uint64_t x = 0;
    for (unsigned i = 0; i < 8; i++)
        x |= (uint64_t)p[i] << (8 * i);
    return x;
}

static void sip_round(uint64_t v[4]) {
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word) {
    v[3] ^= word;
    sip_round(v);
    sip_round(v);
    v[0] ^= word;
}

uint64_t ratelimit_siphash(const uint8_t seed[16], const void *bytes, size_t n) {
    const uint8_t *p = bytes;
    uint64_t k0 = read64(seed);
    uint64_t k1 = read64(seed + 8);
    uint64_t v[4] = {k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
                     k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573)};
    size_t left = n;
    for (; left >= 8; left -= 8, p += 8)
        sip_word(v, read64(p));
    uint64_t last = (uint64_t)(n & 0xFF) << 56;
    for (size_t i = 0; i < left; i++)
        last |= (uint64_t)p[i] << (8 * i);
    sip_word(v, last);
    v[2] ^= 0xFF;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

struct ratelimit *ratelimit_new(size_t slots, const uint8_t seed[16]) {
    size_t n = WAYS;
    while (n < slots && n < SIZE_MAX / (2 * sizeof(struct slot)))
        n *= 2;
    struct ratelimit *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->slots = calloc(n, sizeof *r->slots);
    if (!r->slots || pthread_mutex_init(&r->lock, NULL) != 0) {
        free(r->slots);
        free(r);
        return NULL;
    }
    r->sets = n / WAYS;
    memcpy(r->seed, seed, sizeof r->seed);
    return r;
}

void ratelimit_free(struct ratelimit *r) {
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r->slots);
    free(r);
}

void ratelimit_set_burst(struct ratelimit *r, enum ratelimit_kind kind, int32_t burst) {
    r->bursts[kind] = burst;
}

static struct ratelimit_rule rule_of(const struct ratelimit *r, enum ratelimit_kind kind) {
    struct ratelimit_rule rule = ratelimit_rule(kind);
    rule.burst = r->bursts[kind] > 0 ? r->bursts[kind] : rule.burst;
    return rule;
}

size_t ratelimit_slots(const struct ratelimit *r) {
    return r->sets * WAYS;
}

static uint64_t tag_of(const struct ratelimit *r, enum ratelimit_kind kind, const void *key, size_t n) {
    uint8_t text[KEY_MAX + 1];
    if (n > KEY_MAX)
        n = KEY_MAX;
    text[0] = (uint8_t)kind;
    if (n > 0)
        memcpy(text + 1, key, n);
    return ratelimit_siphash(r->seed, text, n + 1);
}

static struct slot *set_of(const struct ratelimit *r, uint64_t tag) {
    return r->slots + (size_t)(tag % r->sets) * WAYS;
}

static struct slot *find(const struct ratelimit *r, uint64_t tag) {
    struct slot *set = set_of(r, tag);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].used && set[i].tag == tag)
            return &set[i];
    return NULL;
}

// Brings a bucket up to the given time. One token is worth period_ms units; burst units come back each
// millisecond.
static void refill(const struct ratelimit *r, struct slot *s, int64_t now_ms) {
    struct ratelimit_rule rule = rule_of(r, s->kind);
    int64_t full = rule.burst * rule.period_ms;
    int64_t passed = now_ms - s->at_ms;
    if (passed <= 0)
        return;
    s->at_ms = now_ms;
    if (passed >= rule.period_ms || s->level + passed * rule.burst >= full) {
        s->level = full;
        s->strikes = 0;
    } else {
        s->level += passed * rule.burst;
    }
}

// How much of the bucket is left, in thousandths; a bucket that still waits counts as empty.
static int64_t fullness(const struct ratelimit *r, const struct slot *s, int64_t now_ms) {
    struct ratelimit_rule rule = rule_of(r, s->kind);
    if (s->wait_until_ms > now_ms)
        return -1;
    return s->level / rule.burst * 1000 / rule.period_ms;
}

// A place for a new bucket: a free one, else the bucket of the set that restrains least, so that a flood of
// new keys throws out other keys of the flood and not an account that is being guessed at.
static struct slot *make(struct ratelimit *r, uint64_t tag, enum ratelimit_kind kind, int64_t now_ms) {
    struct slot *set = set_of(r, tag);
    struct slot *best = NULL;
    for (size_t i = 0; i < WAYS; i++) {
        if (!set[i].used) {
            best = &set[i];
            break;
        }
        refill(r, &set[i], now_ms);
        if (!best || fullness(r, &set[i], now_ms) > fullness(r, best, now_ms))
            best = &set[i];
    }
    struct ratelimit_rule rule = rule_of(r, kind);
    *best = (struct slot){.tag = tag,
                          .at_ms = now_ms,
                          .level = rule.burst * rule.period_ms,
                          .kind = (uint8_t)kind,
                          .used = true};
    return best;
}

static struct ratelimit_answer judge(const struct ratelimit *r, struct slot *s, int64_t now_ms) {
    struct ratelimit_rule rule = rule_of(r, s->kind);
    struct ratelimit_answer a = {.allowed = true};
    refill(r, s, now_ms);
    if (rule.wait_first_ms > 0) {
        // An emptied bucket of this sort is opened by time alone, one try at the end of each wait.
        if (s->wait_until_ms > now_ms)
            a = (struct ratelimit_answer){false, s->wait_until_ms - now_ms};
    } else if (s->level < rule.period_ms) {
        a = (struct ratelimit_answer){false, (rule.period_ms - s->level + rule.burst - 1) / rule.burst};
    }
    return a;
}

static void spend(const struct ratelimit *r, struct slot *s, int64_t now_ms) {
    struct ratelimit_rule rule = rule_of(r, s->kind);
    s->level = s->level >= rule.period_ms ? s->level - rule.period_ms : 0;
    if (rule.wait_first_ms == 0 || s->level >= rule.period_ms)
        return;
    int64_t wait = rule.wait_first_ms;
    for (int32_t i = 0; i < s->strikes && wait < rule.wait_most_ms; i++)
        wait *= 2;
    if (wait > rule.wait_most_ms)
        wait = rule.wait_most_ms;
    s->wait_until_ms = now_ms + wait;
    s->at_ms = s->wait_until_ms; // tokens come back only after the wait, or the wait would end itself
    if (s->strikes < STRIKE_MAX)
        s->strikes++;
}

struct ratelimit_answer ratelimit_peek(struct ratelimit *r, enum ratelimit_kind kind, const void *key,
                                       size_t key_len, int64_t now_ms) {
    struct ratelimit_answer a = {.allowed = true};
    pthread_mutex_lock(&r->lock);
    struct slot *s = find(r, tag_of(r, kind, key, key_len));
    if (s)
        a = judge(r, s, now_ms);
    pthread_mutex_unlock(&r->lock);
    return a;
}

struct ratelimit_answer ratelimit_take(struct ratelimit *r, enum ratelimit_kind kind, const void *key,
                                       size_t key_len, int64_t now_ms) {
    pthread_mutex_lock(&r->lock);
    uint64_t tag = tag_of(r, kind, key, key_len);
    struct slot *s = find(r, tag);
    if (!s)
        s = make(r, tag, kind, now_ms);
    struct ratelimit_answer a = judge(r, s, now_ms);
    if (a.allowed)
        spend(r, s, now_ms);
    pthread_mutex_unlock(&r->lock);
    return a;
}

void ratelimit_forget(struct ratelimit *r, enum ratelimit_kind kind, const void *key, size_t key_len) {
    pthread_mutex_lock(&r->lock);
    struct slot *s = find(r, tag_of(r, kind, key, key_len));
    if (s)
        *s = (struct slot){0};
    pthread_mutex_unlock(&r->lock);
}

size_t ratelimit_address_key(const char *address, char ret_key[RATELIMIT_ADDRESS_KEY]) {
    unsigned char v6[16];
    if (inet_pton(AF_INET6, address, v6) == 1) {
        static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
        // An IPv4 address in IPv6 clothes (::ffff:a.b.c.d) is that IPv4 address.
        if (memcmp(v6, mapped, sizeof mapped) == 0) {
            return inet_ntop(AF_INET, v6 + 12, ret_key, RATELIMIT_ADDRESS_KEY) ? strlen(ret_key) : 0;
        }
        memset(v6 + 8, 0, 8);
        return inet_ntop(AF_INET6, v6, ret_key, RATELIMIT_ADDRESS_KEY) ? strlen(ret_key) : 0;
    }
    size_t n = strnlen(address, RATELIMIT_ADDRESS_KEY - 1);
    memcpy(ret_key, address, n);
    ret_key[n] = '\0';
    return n;
}
