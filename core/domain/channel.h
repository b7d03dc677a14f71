// SPDX-License-Identifier: Apache-2.0
// Other ways than mail by which a person wants messages, through notifier plugins.
#ifndef ANCHORAGE_DOMAIN_CHANNEL_H
#define ANCHORAGE_DOMAIN_CHANNEL_H

#include "base/ctx.h"

#include <stddef.h>

#define CHANNEL_ADDRESS_MAX 200 // letters

// A way that is there now, or one the person uses whose plugin is gone. Texts are never NULL.
struct channel {
    const char *key, *title, *label, *hint; // title is the key when the plugin is gone
    const char *address;                    // of the actor, "" when not used
    bool active;
};

// All ways open to the actor, in order; none when no notifier runs and the actor uses none. In c->arena.
enum err channel_list(struct ctx *c, const struct channel **ret, size_t *ret_n) MUST;
// One of them. ERR_NOT_FOUND.
enum err channel_get(struct ctx *c, const char *key, struct channel *ret) MUST;

// The actor wants messages there too from now on, also those that wait. The plugin checks the address:
// ERR_INVALID with its reason, beside the field "address".
enum err channel_set(struct ctx *c, const char *key, const char *address) MUST;
// No more of them, at once; also without the plugin. Stopping twice is no failure.
enum err channel_stop(struct ctx *c, const char *key) MUST;

#endif
