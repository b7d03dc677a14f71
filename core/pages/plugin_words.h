// SPDX-License-Identifier: Apache-2.0
// Words that the pages about plugins share.
#ifndef ANCHORAGE_PAGES_PLUGIN_WORDS_H
#define ANCHORAGE_PAGES_PLUGIN_WORDS_H

#include "base/arena.h"
#include "plugin/host.h"

// What a plugin is doing, for people. A plugin that nobody ever switched on is not the same as one that is
// off.
struct plugin_state_words {
    const char *tag, *colour;    // "Working", "open" (anc-tag--open)
    const char *sentence, *todo; // what that means, and what to do about it; "" nothing
    bool trouble;                // somebody should look
};
// handled false: the server is still acting upon the last wish. entered: it has a row in core.plugin.
struct plugin_state_words plugin_state_say(enum plugin_state s, bool entered, bool handled);

// "Read payments" and what that opens; "" for a bit that is none.
const char *plugin_power_label(struct arena *a, anc_caps one);
const char *plugin_power_opens(anc_caps one);

// The same words with a capital at their beginning.
const char *plugin_sentence(struct arena *a, const char *words);

const char *plugin_point_words(uint32_t point);                    // "Scores bids"
const char *plugin_slot_words(int32_t slot);                       // "the first page"
const char *plugin_perm_words(int32_t perm);                       // "buyers"; ANC_PERM_*
const char *plugin_every_words(struct arena *a, uint32_t seconds); // "every 10 minutes"

#endif
