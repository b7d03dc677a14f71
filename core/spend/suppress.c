// SPDX-License-Identifier: Apache-2.0
// Primary and secondary suppression of one table.
#include "spend/suppress.h"

#include <stdbool.h>

static uint64_t size_of(int64_t pence) {
    return pence < 0 ? 0 - (uint64_t)pence : (uint64_t)pence;
}

// The smallest row that is still told and has something in it; n when there is none.
static size_t smallest(const int64_t *payees, const int64_t *pence, size_t n, const enum suppressed *state) {
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        if (state[i] != SUPPRESS_NOT || (payees[i] == 0 && pence[i] == 0)) {
            continue;
        }
        if (best == n || payees[i] < payees[best] ||
            (payees[i] == payees[best] && size_of(pence[i]) < size_of(pence[best]))) {
            best = i;
        }
    }
    return best;
}

void suppress_rows(const int64_t *payees, const int64_t *pence, size_t n, enum suppressed *ret) {
    int64_t hidden_payees = 0;
    size_t hidden = 0;
    for (size_t i = 0; i < n; i++) {
        bool empty = payees[i] == 0 && pence[i] == 0;
        ret[i] = !empty && payees[i] < SUPPRESS_BELOW ? SUPPRESS_SMALL : SUPPRESS_NOT;
        hidden += ret[i] == SUPPRESS_SMALL;
        hidden_payees += ret[i] == SUPPRESS_SMALL ? payees[i] : 0;
    }
    while (hidden > 0 && (hidden < 2 || hidden_payees < SUPPRESS_BELOW)) {
        size_t next = smallest(payees, pence, n, ret);
        if (next == n) {
            break;
        }
        ret[next] = SUPPRESS_OTHER;
        hidden++;
        hidden_payees += payees[next];
    }
}
