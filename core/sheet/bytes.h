// SPDX-License-Identifier: Apache-2.0
// Looks at 64 bytes at once: which of them end a plain cell, which stand out inside quotes, which are not
// ASCII. SSE2 where the compiler has it (every x86-64), a plain loop elsewhere; the tests hold one against
// the other.
//
// A byte of 13 or less is flagged as a whole class (NUL, tab, LF, CR and control characters nobody types):
// one comparison in place of three. The caller looks at the byte itself.
#ifndef ANCHORAGE_SHEET_BYTES_H
#define ANCHORAGE_SHEET_BYTES_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BYTES_AT_ONCE 64

struct byte_masks {
    uint64_t found; // bit i: byte i is 13 or less, or the wanted one
    uint64_t high;  // bit i: byte i is above 127
};

static inline struct byte_masks bytes_look_portable(const unsigned char *p, unsigned char wanted) {
    struct byte_masks m = {0};
    for (unsigned i = 0; i < BYTES_AT_ONCE; i++) {
        m.found |= (uint64_t)(p[i] <= 13 || p[i] == wanted) << i;
        m.high |= (uint64_t)(p[i] >> 7) << i;
    }
    return m;
}

#if defined(__SSE2__)
static inline struct byte_masks bytes_look(const unsigned char *p, unsigned char wanted) {
    const __m128i low = _mm_set1_epi8(13), want = _mm_set1_epi8((char)wanted);
    struct byte_masks m = {0};
    for (unsigned i = 0; i < BYTES_AT_ONCE; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(x, low), x), _mm_cmpeq_epi8(x, want));
        m.found |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << i;
        m.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(x) << i;
    }
    return m;
}
#else
static inline struct byte_masks bytes_look(const unsigned char *p, unsigned char wanted) {
    return bytes_look_portable(p, wanted);
}
#endif

#endif
