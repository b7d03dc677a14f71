// SPDX-License-Identifier: Apache-2.0
// Pages of events for the anchor that plans them. Buyers and officers both come here, so each page asks
// itself who may (event_host_only).
#ifndef ANCHORAGE_PAGES_EVENT_HOSTS_H
#define ANCHORAGE_PAGES_EVENT_HOSTS_H

#include "http/req.h"

enum err event_host_list(struct req *r) MUST;
enum err event_host_new(struct req *r) MUST;
enum err event_host_post_new(struct req *r) MUST;
enum err event_host_event(struct req *r) MUST;
enum err event_host_people(struct req *r) MUST;
enum err event_host_cancel(struct req *r) MUST;
enum err event_host_post_cancel(struct req *r) MUST;

#endif
