// SPDX-License-Identifier: Apache-2.0
// Bids: submitted, replaced and withdrawn before the closing time; one of a supplier counts; each has a
// receipt.
#ifndef ANCHORAGE_DOMAIN_BID_H
#define ANCHORAGE_DOMAIN_BID_H

#include "base/ctx.h"

#define BID_LINES     6
#define BID_UNITS_MAX INT64_C(1000000)

// A promise for a social value measure. Texts are never NULL; units -1 when left empty.
struct bid_line {
    const char *measure, *evidence;
    int64_t units;
};

struct bid_input {
    int64_t price_pence; // -1 none
    const char *answer;
    struct bid_line lines[BID_LINES];
};

// Says everything that is wrong with the words of a bid, pure. Fields: price, answer, measureN, unitsN,
// evidenceN (N from 1).
typedef void bid_say(void *arg, const char *field, const char *text);
void bid_check(const struct bid_input *in, bool asks_quality, bid_say *say, void *arg);

// The text whose SHA-256 is the receipt's hash. Lines end in LF:
//   anchorage bid 1
//   notice REF / supplier REF / version N / price PENCE, a line each
//   answer BYTES, then the answer
//   for each promise, sorted by measure: commitment MEASURE UNITS BYTES, then how it will be shown
// Lengths stand before texts, so that no text can pass for a line.
const char *bid_canonical(struct arena *a, const char *notice_ref, const char *supplier_ref, int64_t version,
                          const struct bid_input *in);

struct bid_receipt {
    const char *ref, *hash;
    int64_t version;
};

// Submits a bid of the actor's supplier, in the place of its earlier one. What decides is c->now_usec, the
// time the request was fully read: before closes_at it counts, at closes_at it does not (ERR_GONE).
enum err bid_submit(struct ctx *c, const char *notice_ref, const struct bid_input *in, const char *base_url,
                    struct bid_receipt *ret) MUST;

// Takes back the bid of the actor's supplier that counts; possible until the closing time.
enum err bid_withdraw(struct ctx *c, const char *bid_ref) MUST;

#endif
