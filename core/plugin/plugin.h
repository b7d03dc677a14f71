// SPDX-License-Identifier: Apache-2.0
// One loaded plugin, as the files of core/plugin share it. Nobody else includes this.
#ifndef ANCHORAGE_PLUGIN_PLUGIN_H
#define ANCHORAGE_PLUGIN_PLUGIN_H

#include "db/db.h"
#include "plugin/host.h"

#include <stdatomic.h>

#define PLUGIN_MAX 64

struct plugin {
    char id[32];
    char version_text[24];
    char reason[320];
    enum plugin_state state;
    const struct anc_plugin *about; // NULL until checked
    unsigned char *file;            // its bytes between reading and checking
    size_t file_n;
    void *handle;          // of dlopen; kept until the program ends
    void *state_of_plugin; // what start returned
    anc_caps granted;
    struct anc_host host;   // handed to start; tables of powers not granted are NULL
    struct sql *statements; // one for each row of about->sql
    uint32_t statement_count;
    _Atomic uint64_t calls, faults;
};

struct plugin_host {
    struct plugin list[PLUGIN_MAX];
    size_t count;
    size_t order[PLUGIN_MAX]; // indices in start order
    size_t ordered;
};

// What a plugin calls its context: one call into one plugin.
struct anc_ctx {
    struct ctx *c;
    struct plugin *plugin;
};

// The row i of a plugin's table, copied into a zeroed host row of `size` bytes (tables of older plugins have
// shorter rows).
void plugin_row(const struct anc_table *t, uint32_t i, void *ret, size_t size);

// core/plugin/loader.c: reads the file into p->file; copies, opens and checks it. Both set state, about or
// reason.
void plugin_read(struct plugin *p, const char *path);
void plugin_load(struct plugin *p, const char *copies);
void plugin_fail(struct plugin *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// core/plugin/api.c: fills p->host by the powers granted.
void plugin_make_host(struct plugin *p);

#endif
