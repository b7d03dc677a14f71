// SPDX-License-Identifier: Apache-2.0
// Which step leads from which state of an import to which.
#include "spend/import.h"

#include <string.h>

static const char *const words[IMPORT_STATES] = {
    [IMPORT_WAITING] = "waiting", [IMPORT_READING] = "reading", [IMPORT_READY] = "ready",
    [IMPORT_REFUSED] = "refused", [IMPORT_QUEUED] = "queued",   [IMPORT_LOADING] = "loading",
    [IMPORT_LOADED] = "loaded",   [IMPORT_FAILED] = "failed",   [IMPORT_DROPPED] = "dropped",
};

static const struct {
    enum import_state from;
    enum import_step step;
    enum import_state to;
} table[] = {
    {IMPORT_WAITING, STEP_TAKE, IMPORT_READING},
    {IMPORT_READING, STEP_TAKE, IMPORT_READING}, // from a worker that is gone
    {IMPORT_READING, STEP_READ, IMPORT_READY},
    {IMPORT_READING, STEP_REFUSE, IMPORT_REFUSED},
    {IMPORT_READING, STEP_FAIL, IMPORT_FAILED},
    {IMPORT_READING, STEP_GIVE_BACK, IMPORT_WAITING},
    {IMPORT_READY, STEP_LOAD, IMPORT_QUEUED},
    {IMPORT_READY, STEP_AGAIN, IMPORT_WAITING},
    {IMPORT_REFUSED, STEP_AGAIN, IMPORT_WAITING},
    {IMPORT_FAILED, STEP_AGAIN, IMPORT_WAITING},
    {IMPORT_QUEUED, STEP_TAKE, IMPORT_LOADING},
    {IMPORT_LOADING, STEP_TAKE, IMPORT_LOADING},
    {IMPORT_LOADING, STEP_ASK, IMPORT_READY},
    {IMPORT_LOADING, STEP_DONE, IMPORT_LOADED},
    {IMPORT_LOADING, STEP_REFUSE, IMPORT_REFUSED},
    {IMPORT_LOADING, STEP_FAIL, IMPORT_FAILED},
    {IMPORT_LOADING, STEP_GIVE_BACK, IMPORT_QUEUED},
    // Nothing is stored before it is loading, so until then it may be thrown away.
    {IMPORT_WAITING, STEP_DROP, IMPORT_DROPPED},
    {IMPORT_READING, STEP_DROP, IMPORT_DROPPED},
    {IMPORT_READY, STEP_DROP, IMPORT_DROPPED},
    {IMPORT_REFUSED, STEP_DROP, IMPORT_DROPPED},
    {IMPORT_QUEUED, STEP_DROP, IMPORT_DROPPED},
    {IMPORT_FAILED, STEP_DROP, IMPORT_DROPPED},
};

bool import_next(enum import_state from, enum import_step step, enum import_state *ret) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].from == from && table[i].step == step) {
            *ret = table[i].to;
            return true;
        }
    }
    return false;
}

const char *import_state_word(enum import_state s) {
    return words[s];
}

bool import_state_of(const char *word, enum import_state *ret) {
    for (int i = 0; i < IMPORT_STATES; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret = (enum import_state)i;
            return true;
        }
    }
    return false;
}

bool import_is_over(enum import_state s) {
    return s == IMPORT_LOADED || s == IMPORT_DROPPED;
}
