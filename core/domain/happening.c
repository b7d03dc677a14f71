// SPDX-License-Identifier: Apache-2.0
// Events for plugins.
#include "domain/happening.h"

#include "base/day.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "plugin/calls.h"

enum err happening_ask(struct ctx *c, int32_t kind, const struct happening *h) {
    const struct anc_event event = {.size = sizeof event,
                                    .kind = kind,
                                    .at = c->now_usec,
                                    .ref = h->ref,
                                    .name = h->name,
                                    .anchor_ref = h->anchor_ref,
                                    .supplier_ref = h->supplier_ref,
                                    .amount_pence = h->amount_pence};
    if (!c->plugins) {
        return ERR_OK;
    }
    enum err e = plugin_ask(c, &event);
    if (e == ERR_BUSY) {
        c->err = e = ERR_CONFLICT; // a filter that must be heard could not answer: the same page says so
    }
    return e;
}

enum err happening_note(struct ctx *c, int32_t kind, const struct happening *h) {
    char at[STAMP_TEXT_BYTES];
    stamp_iso(c->now_usec, at);
    return DB_EXEC(c, happening_note, NULL, arena_i64(c->arena, kind), h->ref, h->name, h->anchor_ref,
                   h->supplier_ref, arena_i64(c->arena, h->amount_pence), at);
}
