// SPDX-License-Identifier: Apache-2.0
// An officer who brings payments files to a running server, and what is left of them.
#ifndef ANCHORAGE_TESTS_FAULTS_BRING_H
#define ANCHORAGE_TESTS_FAULTS_BRING_H

#include "faults/program.h"

#include <stddef.h>
#include <stdint.h>

// A public body, a signed-in officer of it, and a supplier whose company number the files below name.
void bring_fixture(struct ctx *c);

// A payments file of `rows` payments over two financial years, to payees whose names begin with `who`; every
// tenth is to that supplier, by its number. *ret_pence is its sum. Freed by the caller.
char *bring_text(const char *who, int rows, size_t *ret_n, int64_t *ret_pence);

// Uploads it; status 0: no answer.
struct reply bring_file(int port, const char *name, const void *bytes, size_t n);
// The same from a text that stands `times` times one after the other.
struct reply bring_many(int port, const char *name, const char *head, const char *text, size_t times);
// The reference of the import that an answer leads to; fails the test when there is none.
const char *bring_ref(const struct reply *r, char ret[32]);

struct reply bring_post(int port, const char *ref, const char *step, const char *form); // "load", "again"
struct reply bring_get(int port, const char *target);                                   // as the officer

// Until the import is in this state.
void bring_wait(struct ctx *c, const char *ref, const char *state);
// Whoever works on an import is taken to be gone, as it is after half a minute.
void bring_expire(struct ctx *c);

// Files of imports in the spool folder of the data folder, and all files there.
int bring_spooled(const char *data);
int bring_left(const char *data);

// The process that serves, which the supervisor starts again when it dies. 0: there is none now.
pid_t bring_worker(const struct program *p);
int64_t bring_resident_kb(pid_t pid); // its memory

#endif
