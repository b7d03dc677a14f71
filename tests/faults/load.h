// SPDX-License-Identifier: Apache-2.0
// Suppliers who send bid after bid over keep-alive connections and note what was acknowledged.
#ifndef ANCHORAGE_TESTS_FAULTS_LOAD_H
#define ANCHORAGE_TESTS_FAULTS_LOAD_H

#include "faults/program.h"

#include <stddef.h>

#define LOAD_SUPPLIERS 4
#define LOAD_TENDER    "/opportunities/tender000001/bid"

// One tender and LOAD_SUPPLIERS suppliers with a signed-in person each.
void load_fixture(struct ctx *c);

// Headers and body of a bid of supplier i (0 ..) at this price.
void load_request(size_t i, long pounds, char *ret_headers, char *ret_body); // 256 bytes each

struct load;
struct load_figures {
    size_t acknowledged; // 303
    size_t refused;      // 503
    size_t strange;      // any other answer
    size_t unanswered;   // whole requests sent before load_hurry that got no answer
    int strange_status;  // the first of these
};

struct load *load_start(void);             // acknowledgements are kept over many servers
void load_begin(struct load *l, int port); // threads that run until the server is gone or load_stop
void load_wait(struct load *l, size_t acknowledged);
void load_hurry(struct load *l); // said just before a signal: later requests may go unanswered
void load_stop(struct load *l);
struct load_figures load_figures(struct load *l);
void load_free(struct load *l);

// How many acknowledged bids are not in the database with the price that was sent.
long load_lost(struct load *l, struct ctx *c);

#endif
