// SPDX-License-Identifier: Apache-2.0
// Bounded token buckets by (kind, key): how often an address or an account may do something.
// The caller passes the time; the table never grows. A bucket that was full gives its number at once and as
// many again while the period runs. Numbers: OWASP ASVS 5.0 6.1.1 and 6.3.1, NIST SP 800-63B.
#ifndef ANCHORAGE_HTTP_RATELIMIT_H
#define ANCHORAGE_HTTP_RATELIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ratelimit_kind {
    RATELIMIT_LOGIN_ACCOUNT, // failed sign-ins of one account: 10 in 15 minutes, then each one doubles the
                             // wait
    RATELIMIT_LOGIN_ACCOUNT_DAY, // the same: 50 at once and 50 through the day, so 100 in any 24 hours
    RATELIMIT_LOGIN_ADDRESS,     // failed sign-ins from one address: 30 in 10 minutes
    RATELIMIT_REGISTER,          // registrations from one address: 5 in an hour
    RATELIMIT_RESET,             // password resets of one account: 3 in an hour
    RATELIMIT_SEARCH,            // searches and filtered pages for one address: 60 in a minute
    RATELIMIT_EXPORT,            // files of what was filtered, for one address: 60 in an hour
    RATELIMIT_KINDS
};

struct ratelimit_rule {
    int32_t burst;         // how many at once
    int64_t period_ms;     // time in which burst tokens come back
    int64_t wait_first_ms; // 0, or the wait after the bucket is empty, doubled by each further one
    int64_t wait_most_ms;
};
struct ratelimit_rule ratelimit_rule(enum ratelimit_kind kind);

struct ratelimit; // safe to share between threads

// slots: rounded up to a power of two, at least 8; about 56 bytes each. seed: random bytes, so that nobody
// can aim at a slot. NULL: out of memory.
struct ratelimit *ratelimit_new(size_t slots, const uint8_t seed[16]);
void ratelimit_free(struct ratelimit *r);
// Another number at once (1 or more) than ratelimit_rule says; before the first use.
void ratelimit_set_burst(struct ratelimit *r, enum ratelimit_kind kind, int32_t burst);

struct ratelimit_answer {
    bool allowed;
    int64_t retry_after_ms; // when refused, the shortest wait that helps; else 0
};

// Looks without taking a token. now_ms: a monotonic clock; a step back counts as no time passed.
struct ratelimit_answer ratelimit_peek(struct ratelimit *r, enum ratelimit_kind kind, const void *key,
                                       size_t key_len, int64_t now_ms);
// Takes a token when there is one. A refused call changes nothing.
// Sign-in: peek before the password is hashed, take after it was wrong. The wait between the two must not be
// used by others to slip through: take before hashing and ratelimit_forget after success does the same
// without a gap.
struct ratelimit_answer ratelimit_take(struct ratelimit *r, enum ratelimit_kind kind, const void *key,
                                       size_t key_len, int64_t now_ms);
// Fills the bucket again, as after a good sign-in.
void ratelimit_forget(struct ratelimit *r, enum ratelimit_kind kind, const void *key, size_t key_len);

size_t ratelimit_slots(const struct ratelimit *r);

// The key for an address: IPv4 as it is, IPv6 by its /64 (one household has a whole one). Gives the length;
// text that is no address is used as it is, cut at the buffer.
#define RATELIMIT_ADDRESS_KEY 48
size_t ratelimit_address_key(const char *address, char ret_key[RATELIMIT_ADDRESS_KEY]);

// SipHash-2-4 (Aumasson and Bernstein, 2012) of n bytes; public for its test.
uint64_t ratelimit_siphash(const uint8_t seed[16], const void *bytes, size_t n);

#endif
