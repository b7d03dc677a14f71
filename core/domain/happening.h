// SPDX-License-Identifier: Apache-2.0
// What happens in the marketplace, for plugins: asking filters before something is stored, and noting what
// happened for those that want to be told. The kinds stand in anchorage/plugin.h (ANC_EVENT_*).
#ifndef ANCHORAGE_DOMAIN_HAPPENING_H
#define ANCHORAGE_DOMAIN_HAPPENING_H

#include "base/ctx.h"

// What it is about. Texts are never NULL; "" for none.
struct happening {
    const char *ref, *name; // of the supplier, notice, event or load
    const char *anchor_ref, *supplier_ref;
    int64_t amount_pence;
};

// Asks the filters of a kind ending in -ING. Called inside the caller's transaction after our own rules and
// statements, right before its end, so that a filter's statements see what is about to be stored.
// ERR_CONFLICT: one says no, or one that has to be heard cannot answer; c has words for people, maybe with a
// form's field.
enum err happening_ask(struct ctx *c, int32_t kind, const struct happening *h) MUST;

// Notes that it happened, inside the caller's transaction: plugins are told after the commit, never after a
// rollback (core/jobs/plugwork.h). Stores nothing when no plugin that is switched on wants the kind; a
// suspended one counts, it is told when it is back.
enum err happening_note(struct ctx *c, int32_t kind, const struct happening *h) MUST;

#endif
