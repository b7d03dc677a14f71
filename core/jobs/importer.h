// SPDX-License-Identifier: Apache-2.0
// Uploaded payments files are read and loaded here, one after the other, beside requests; how far it is can
// be seen meanwhile.
#ifndef ANCHORAGE_JOBS_IMPORTER_H
#define ANCHORAGE_JOBS_IMPORTER_H

#include "spend/import.h"

#include <stdatomic.h>

// How files are read; tests give their own.
struct importer_means {
    enum err (*look)(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret);
    enum err (*load)(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret,
                     const char **ret_ref);
    enum err (*first_rows)(struct ctx *c, int fd, const struct import_work *w);
    enum err (*settle)(struct ctx *c, bool *ret_left); // what is left to do after loads, when no file waits
};
extern const struct importer_means importer_real;

struct importer;

// conninfo: for the connection that says how far it is. spool: folder DATA/spool. stop: becomes true when the
// server stops; a file that is being read or loaded then goes back to where it was. All three stay the
// caller's and must outlive it.
struct importer *importer_new(const char *conninfo, const char *spool, const struct importer_means *means,
                              const _Atomic bool *stop);
void importer_free(struct importer *i); // NULL is allowed

// Works on the next file that waits; *ret_more: look again at once. A file that will not do is no error.
enum err importer_next(struct importer *i, struct ctx *c, bool *ret_more) MUST;

#endif
