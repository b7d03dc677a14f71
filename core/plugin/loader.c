// SPDX-License-Identifier: Apache-2.0
// Opening a plugin file: reading it, a private copy, dlopen and its one function.
#include "base/text.h"
#include "plugin/look.h"
#include "plugin/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLUGIN_FILE_MAX ((size_t)32 * 1024 * 1024)

void plugin_fail(struct plugin *p, const char *fmt, ...) {
    char text[sizeof p->reason];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (p->owner) {
        pthread_mutex_lock(&p->owner->lock);
    }
    memcpy(p->reason, text, sizeof text);
    p->state = PLUGIN_FAILED;
    if (p->owner) {
        pthread_mutex_unlock(&p->owner->lock);
    }
}

struct plugin *plugin_new(struct plugin_host *h, const char *id) {
    struct plugin *p = calloc(1, sizeof *p);
    if (!p) {
        abort();
    }
    snprintf(p->id, sizeof p->id, "%s", id);
    pthread_mutex_init(&p->fault_lock, NULL);
    p->owner = h;
    return p;
}

void plugin_free(struct plugin *p) {
    for (uint32_t k = 0; k < p->statement_count; k++) {
        free((void *)(uintptr_t)p->statements[k].name);
    }
    plugin_look_free(p);
    free(p->statements);
    free(p->file);
    free(p->host);
    pthread_mutex_destroy(&p->fault_lock);
    free(p);
}

void plugin_row(const struct anc_table *t, uint32_t i, void *ret, size_t size) {
    memset(ret, 0, size);
    memcpy(ret, (const char *)t->rows + (size_t)i * t->row_size, t->row_size < size ? t->row_size : size);
}

// Reads a regular file that nobody but its owner may change; NULL with the reason set otherwise.
static unsigned char *read_plugin(struct plugin *p, const char *path, size_t *ret_n) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        plugin_fail(p, errno == ENOENT ? "There is no file %s." : "The file %s cannot be opened.", path);
        return NULL;
    }
    struct stat st;
    unsigned char *bytes = NULL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
        (size_t)st.st_size > PLUGIN_FILE_MAX) {
        plugin_fail(p, "%s is not a plugin file (a regular file of at most 32 MiB).", path);
    } else if (st.st_mode & S_IWOTH) {
        plugin_fail(p, "Anybody may change %s. Take that right away: chmod o-w.", path);
    } else if ((bytes = malloc((size_t)st.st_size))) {
        size_t n = 0;
        ssize_t got;
        while (n < (size_t)st.st_size && (got = read(fd, bytes + n, (size_t)st.st_size - n)) > 0) {
            n += (size_t)got;
        }
        *ret_n = n;
        if (n != (size_t)st.st_size) {
            plugin_fail(p, "%s could not be read to its end.", path);
            free(bytes);
            bytes = NULL;
        }
    }
    close(fd);
    return bytes;
}

// The copy is named by its content, so an update while the server runs never changes mapped code, and
// opening the same name again gives the same file.
static bool make_copy(struct plugin *p, const char *copies, const unsigned char *bytes, size_t n, char *copy,
                      size_t cap) {
    char hash[65];
    sha256_hex(bytes, n, hash);
    snprintf(p->hash, sizeof p->hash, "%.16s", hash);
    snprintf(copy, cap, "%s/%s-%.16s.so", copies, p->id, hash);
    if (access(copy, R_OK) == 0) {
        return true;
    }
    if (mkdir(copies, 0700) != 0 && errno != EEXIST) {
        plugin_fail(p, "The folder %s for copies of plugins cannot be made.", copies);
        return false;
    }
    char part[4096];
    snprintf(part, sizeof part, "%s.%ld", copy, (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t done = 0;
    ssize_t put = 0;
    while (fd >= 0 && done < n && (put = write(fd, bytes + done, n - done)) > 0) {
        done += (size_t)put;
    }
    if (fd >= 0) {
        close(fd);
    }
    if (done != n || rename(part, copy) != 0) {
        unlink(part);
        plugin_fail(p, "No copy of the plugin could be written to %s. Is the disk full?", copies);
        return false;
    }
    return true;
}

static void make_statements(struct plugin *p) {
    const struct anc_plugin *a = &p->about;
    p->statements = calloc(a->sql.count + 1u, sizeof *p->statements);
    if (!p->statements) {
        plugin_fail(p, "There is no memory left.");
        return;
    }
    for (uint32_t i = 0; i < a->sql.count; i++) {
        struct anc_sql row;
        plugin_row(&a->sql, i, &row, sizeof row);
        char name[64]; // core/db takes 56
        snprintf(name, sizeof name, "p_%s_%.16s_%u", p->id, row.name, i);
        p->statements[i] = (struct sql){.name = strdup(name),
                                        .text = row.text,
                                        .params = (int)row.params,
                                        .rows = SQL_MANY,
                                        .file = p->id};
    }
    p->statement_count = a->sql.count;
}

void plugin_read(struct plugin *p, const char *path) {
    p->state = PLUGIN_FOUND;
    p->file = read_plugin(p, path, &p->file_n);
}

void plugin_load(struct plugin *p, const char *copies, const struct template_set *base) {
    if (!p->file) {
        return;
    }
    char copy[4000];
    bool copied = make_copy(p, copies, p->file, p->file_n, copy, sizeof copy);
    free(p->file);
    p->file = NULL;
    if (!copied) {
        return;
    }
    p->handle = dlopen(copy, RTLD_NOW | RTLD_LOCAL);
    if (!p->handle) {
        plugin_fail(p, "It cannot be opened: %s", dlerror());
        return;
    }
    // POSIX says that the address dlsym gives may be used as a function; C has no cast for it.
    union {
        void *object;
        anc_plugin_fn function;
    } entry = {.object = dlsym(p->handle, "anc_plugin_v1")};
    if (!entry.object) {
        plugin_fail(p, "It has no function anc_plugin_v1: this is not an Anchorage plugin.");
        return;
    }
    const struct anc_plugin *about = entry.function();
    if (!about) {
        plugin_fail(p, "anc_plugin_v1 gives no description.");
        return;
    }
    if (!plugin_describe(p, about)) {
        return;
    }
    p->opened = true;
    snprintf(p->version_text, sizeof p->version_text, "%u.%u.%u", p->about.version / 1000000u,
             p->about.version / 1000u % 1000u, p->about.version % 1000u);
    make_statements(p);
    if (plugin_look_make(p, base) && p->state != PLUGIN_FAILED) {
        p->state = PLUGIN_CHECKED;
    }
}
