// SPDX-License-Identifier: Apache-2.0
// Public pages kept ready-made: rendered and compressed once, served as they are, made anew when their data
// changed.
//
// A page belongs to topics ("notice,place"). Each note of a change raises the topic's generation. Whoever
// renders a page takes a ticket first; the page counts as current only while no generation of its topics has
// moved since then, so a page made from older data can never pass for a newer one.
#ifndef ANCHORAGE_HTTP_SNAPSHOT_H
#define ANCHORAGE_HTTP_SNAPSHOT_H

#include "http/response.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNAPSHOT_ENTRIES_MAX 4096
#define SNAPSHOT_KEY_MAX     1024 // longer addresses are never kept

struct snapshot;
struct snapshot *snapshot_new(size_t max_bytes, size_t max_entries);
void snapshot_free(struct snapshot *s);

// A whole answer, ready for one write. Shared and counted.
struct ready;
const char *ready_bytes(const struct ready *r, bool head_only, size_t *ret_n);
int ready_status(const struct ready *r);
void ready_done(struct ready *r);

enum snapshot_state {
    SNAPSHOT_NONE,  // not kept
    SNAPSHOT_SERVE, // *ret_ready is to be served
    SNAPSHOT_MAKE,  // kept but out of date, and the caller is the one who makes it anew
};
struct snapshot_ask {
    const char *key; // path, or path?query
    const char *if_none_match;
    bool gzip, close, https;
    bool even_old; // anything that is kept will do: the database is away
    int64_t now_usec;
};
// While somebody makes a page anew the others get the old one (for at most five seconds).
enum snapshot_state snapshot_find(struct snapshot *s, const struct snapshot_ask *ask,
                                  struct ready **ret_ready);

struct snapshot_ticket {
    uint64_t topics; // bits
    uint64_t sum;    // of the generations of these topics
    uint64_t epoch;
};
struct snapshot_ticket snapshot_ticket(struct snapshot *s, const char *topics);

// Keeps a copy of a 200 answer. Nothing is kept of answers that set a cookie.
void snapshot_store(struct snapshot *s, const char *key, const struct snapshot_ticket *t,
                    const struct resp *r);
// The page could not be made: the next one to ask tries again.
void snapshot_gave_up(struct snapshot *s, const char *key);

void snapshot_note(struct snapshot *s, const char *topic);
// Notes may have been missed, or the program changed: nothing that is kept is current any more.
void snapshot_note_all(struct snapshot *s);
// Whether changes are heard at all. While not, nothing counts as current.
void snapshot_listening(struct snapshot *s, bool on);
bool snapshot_is_listening(const struct snapshot *s);
// Forgets everything.
void snapshot_drop(struct snapshot *s);

// Pages that are out of date and were asked for since they were made; each is now the caller's to make anew.
// *ret_keys: malloc'ed array of malloc'ed texts.
size_t snapshot_take_old(struct snapshot *s, char ***ret_keys);

void snapshot_size(struct snapshot *s, size_t *ret_entries, size_t *ret_bytes);

#endif
