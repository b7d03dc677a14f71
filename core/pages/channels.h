// SPDX-License-Identifier: Apache-2.0
// Other ways to get messages: the part of the account page, and the page of one way.
#ifndef ANCHORAGE_PAGES_CHANNELS_H
#define ANCHORAGE_PAGES_CHANNELS_H

#include "http/req.h"

// The list `channels` of the account page: channel_key, channel_title, channel_address, channel_active,
// channel_used. Empty when no notifier runs and the person uses none.
enum err channels_put(struct req *r, struct model *m) MUST;

#endif
