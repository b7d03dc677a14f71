// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of bytes that come in pieces: with the processor's own instructions where it has them.
#include "sheet/sha256.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// FIPS 180-4, 4.2.2
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

bool sha256_has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) {
        return false;
    }
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1U << 29)); // the SHA extensions
}

// Four rounds at a time; the processor keeps the eight words as A B E F and C D G H.
__attribute__((target("sha,sse4.1,ssse3"))) static void blocks(uint32_t state[8], const unsigned char *p,
                                                               size_t n) {
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
    __m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
    for (; n > 0; n--, p += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
#pragma GCC unroll 16
        for (unsigned i = 0; i < 16; i++) {
            __m128i *here = &w[i % 4];
            const __m128i next = w[(i + 1) % 4], third = w[(i + 2) % 4], last = w[(i + 3) % 4];
            if (i < 4) {
                *here = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + (size_t)i * 16)),
                                         swap);
            } else { // the next four words of the message schedule
                *here = _mm_add_epi32(_mm_sha256msg1_epu32(*here, next), _mm_alignr_epi8(last, third, 4));
                *here = _mm_sha256msg2_epu32(*here, last);
            }
            __m128i k = _mm_add_epi32(
                *here, _mm_loadu_si128((const __m128i *)(const void *)(constants + (size_t)i * 4)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    state[0] = (uint32_t)_mm_extract_epi32(abef, 3);
    state[1] = (uint32_t)_mm_extract_epi32(abef, 2);
    state[4] = (uint32_t)_mm_extract_epi32(abef, 1);
    state[5] = (uint32_t)_mm_extract_epi32(abef, 0);
    state[2] = (uint32_t)_mm_extract_epi32(cdgh, 3);
    state[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
    state[6] = (uint32_t)_mm_extract_epi32(cdgh, 1);
    state[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}
#else
bool sha256_has_instructions(void) {
    return false;
}

static void blocks(uint32_t state[8], const unsigned char *p, size_t n) {
    (void)state;
    (void)p;
    (void)n;
}
#endif

void sha256_begin(struct sha256 *h, bool fast) {
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}; // 5.3.3
    h->fast = fast;
    h->bytes = 0;
    memcpy(h->state, first, sizeof first);
    if (!fast) {
        crypto_hash_sha256_init(&h->sodium);
    }
}

void sha256_take(struct sha256 *h, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    if (!h->fast) {
        crypto_hash_sha256_update(&h->sodium, p, n);
        return;
    }
    size_t held = h->bytes % sizeof h->block;
    h->bytes += n;
    if (held > 0) {
        size_t take = sizeof h->block - held < n ? sizeof h->block - held : n;
        memcpy(h->block + held, p, take);
        p += take;
        n -= take;
        if (held + take < sizeof h->block) {
            return;
        }
        blocks(h->state, h->block, 1);
    }
    if (n >= sizeof h->block) {
        blocks(h->state, p, n / sizeof h->block);
    }
    size_t rest = n % sizeof h->block;
    if (rest > 0) {
        memcpy(h->block, p + (n - rest), rest);
    }
}

void sha256_end(struct sha256 *h, unsigned char ret[32]) {
    if (!h->fast) {
        crypto_hash_sha256_final(&h->sodium, ret);
        return;
    }
    // A one, zeros, and the number of bits in eight bytes (5.1.1).
    unsigned char tail[128] = {0x80};
    uint64_t bits = h->bytes * 8;
    size_t held = h->bytes % sizeof h->block, n = (held < 56 ? 64 : 128) - held;
    for (size_t i = 0; i < 8; i++) {
        tail[n - 1 - i] = (unsigned char)(bits >> (8 * i));
    }
    sha256_take(h, tail, n);
    for (size_t i = 0; i < 32; i++) {
        ret[i] = (unsigned char)(h->state[i / 4] >> (24 - 8 * (i % 4)));
    }
}
