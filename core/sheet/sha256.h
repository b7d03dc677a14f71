// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of bytes that come in pieces: with the processor's own instructions where it has them,
// else with libsodium. They do the work in a quarter of the time, and the hash of a file of payments takes as
// long as reading it into the database otherwise. Tells files apart; nothing secret goes through here.
#ifndef ANCHORAGE_SHEET_SHA256_H
#define ANCHORAGE_SHEET_SHA256_H

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sha256 {
    bool fast;
    uint32_t state[8];
    uint64_t bytes;          // taken so far
    unsigned char block[64]; // the last bytes, no whole block yet
    crypto_hash_sha256_state sodium;
};

bool sha256_has_instructions(void);

void sha256_begin(struct sha256 *h, bool fast); // fast only with sha256_has_instructions
void sha256_take(struct sha256 *h, const void *bytes, size_t n);
void sha256_end(struct sha256 *h, unsigned char ret[32]);

#endif
