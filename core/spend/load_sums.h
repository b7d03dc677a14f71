// SPDX-License-Identifier: Apache-2.0
// Sums of a file under way: by financial year, payee and flow, as core.spend_sum keeps them.
#ifndef ANCHORAGE_SPEND_LOAD_SUMS_H
#define ANCHORAGE_SPEND_LOAD_SUMS_H

#include "spend/load_payees.h"

struct sums;

struct sums *sums_new(void);
void sums_free(struct sums *s); // NULL is fine

// Room for payees 0 .. count - 1, before their lines are added. ERR_TOO_LARGE: there are too many sums.
enum err sums_room(struct ctx *c, struct sums *s, uint32_t count) MUST;
void sums_near(const struct sums *s, uint32_t payee); // it will be added to

// Adds a line. false: the amounts add up to more than can be counted.
bool sums_add(struct sums *s, int fy, uint32_t payee, int32_t flow, int64_t pence) MUST;

enum err sums_store(struct ctx *c, const struct sums *s, const struct payees *p, int64_t load_id) MUST;

#endif
