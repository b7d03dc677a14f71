// SPDX-License-Identifier: Apache-2.0
// Opening a plugin file: reading it, a private copy named by its content, dlopen and its one function.
#include "base/text.h"
#include "plugin/look.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLUGIN_FILE_MAX ((size_t)32 * 1024 * 1024)

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
    plugin_look_free(p);
    for (uint32_t k = 0; k < p->statement_count; k++) {
        free((void *)(uintptr_t)p->statements[k].name);
    }
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

// ---- the file

static void mark_of(const struct stat *st, struct file_mark *ret) {
    *ret = (struct file_mark){.dev = (uint64_t)st->st_dev,
                              .ino = (uint64_t)st->st_ino,
                              .size = (int64_t)st->st_size,
                              .changed_nsec = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec};
}

bool plugin_file_mark(const char *path, struct file_mark *ret) {
    struct stat st;
    if (lstat(path, &st) != 0) {
        return false;
    }
    mark_of(&st, ret);
    return true;
}

// Nobody but root and the user of this program may be able to change what becomes part of the program.
static bool is_safe(struct plugin *p, const char *path, const struct stat *st) {
    if (!S_ISREG(st->st_mode) || st->st_size <= 0 || (size_t)st->st_size > PLUGIN_FILE_MAX) {
        plugin_fail(p, "%s is not a plugin file (a regular file of at most 32 MiB).", path);
    } else if (st->st_uid != 0 && st->st_uid != geteuid()) {
        plugin_fail(p, "%s belongs to somebody else (user %u). It must belong to root: chown root.", path,
                    (unsigned)st->st_uid);
    } else if (st->st_mode & S_IWOTH) {
        plugin_fail(p, "Anybody may change %s. Take that right away: chmod o-w.", path);
    } else if ((st->st_mode & S_IWGRP) && st->st_gid != 0 && st->st_gid != getegid()) {
        plugin_fail(p, "The group %u may change %s. Take that right away: chmod g-w.", (unsigned)st->st_gid,
                    path);
    } else {
        return true;
    }
    return false;
}

static unsigned char *read_all(int fd, size_t n) {
    unsigned char *bytes = malloc(n);
    size_t have = 0;
    ssize_t got;
    while (bytes && have < n && (got = read(fd, bytes + have, n - have)) > 0) {
        have += (size_t)got;
    }
    if (have != n) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

void plugin_read(struct plugin *p, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        plugin_fail(p, errno == ENOENT ? "There is no file %s." : "The file %s cannot be opened.", path);
        return;
    }
    struct stat st;
    if (fstat(fd, &st) != 0) {
        plugin_fail(p, "The file %s cannot be looked at.", path);
    } else {
        mark_of(&st, &p->mark);
        if (is_safe(p, path, &st)) {
            p->file_n = (size_t)st.st_size;
            p->file = read_all(fd, p->file_n);
            if (!p->file) {
                plugin_fail(p, "%s could not be read to its end.", path);
            }
        }
    }
    close(fd);
    if (p->file) {
        char hash[65];
        sha256_hex(p->file, p->file_n, hash);
        snprintf(p->hash, sizeof p->hash, "%.16s", hash);
        memcpy(p->disk_hash, p->hash, sizeof p->hash);
    }
}

// ---- the copy: an update while the server runs never changes mapped code, and opening the same content
// again gives the same library

void plugin_copy_path(const char *copies, const char *id, const char *hash, char *ret, size_t cap) {
    snprintf(ret, cap, "%s/%s-%s.so", copies, id, hash);
}

static bool is_whole(const char *copy, const struct plugin *p) {
    struct stat st;
    int fd = open(copy, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = false;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == p->file_n) {
        unsigned char *bytes = read_all(fd, p->file_n);
        good = bytes && memcmp(bytes, p->file, p->file_n) == 0;
        free(bytes);
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool write_copy(const struct plugin *p, const char *copy) {
    char part[2200], unique[9]; // somebody else may write the same copy now
    random_hex(unique, 8);
    snprintf(part, sizeof part, "%s.%s", copy, unique);
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t done = 0;
    ssize_t put;
    while (fd >= 0 && done < p->file_n && (put = write(fd, p->file + done, p->file_n - done)) > 0) {
        done += (size_t)put;
    }
    bool good = fd >= 0 && done == p->file_n && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    if (!good || rename(part, copy) != 0) {
        unlink(part);
        return false;
    }
    return true;
}

static bool make_copy(struct plugin *p, const char *copies, char *copy, size_t cap) {
    plugin_copy_path(copies, p->id, p->hash, copy, cap);
    if (is_whole(copy, p)) {
        return true;
    }
    if (mkdir(copies, 0700) != 0 && errno != EEXIST) {
        plugin_fail(p, "The folder %s for copies of plugins cannot be made.", copies);
        return false;
    }
    if (!write_copy(p, copy)) {
        plugin_fail(p, "No copy of the plugin could be written to %s. Is the disk full?", copies);
        return false;
    }
    return true;
}

// ---- the library

static const struct anc_plugin *open_copy(struct plugin *p, const char *copy) {
    p->handle = dlopen(copy, RTLD_NOW | RTLD_LOCAL);
    if (!p->handle) {
        plugin_fail(p, "It cannot be opened: %s", dlerror());
        return NULL;
    }
    // POSIX says that the address dlsym gives may be used as a function; C has no cast for it.
    union {
        void *object;
        anc_plugin_fn function;
    } entry = {.object = dlsym(p->handle, "anc_plugin_v1")};
    if (!entry.object) {
        plugin_fail(p, "It has no function anc_plugin_v1: this is not an Anchorage plugin.");
        return NULL;
    }
    const struct anc_plugin *about = entry.function();
    if (!about) {
        plugin_fail(p, "Its function anc_plugin_v1 gives no description.");
    }
    return about;
}

static bool make_statements(struct plugin *p) {
    const struct anc_plugin *a = &p->about;
    p->statements = calloc(a->sql.count + 1u, sizeof *p->statements);
    for (uint32_t i = 0; p->statements && i < a->sql.count; i++) {
        struct anc_sql row;
        plugin_row(&a->sql, i, &row, sizeof row);
        char name[64]; // core/db takes 56 bytes
        snprintf(name, sizeof name, "p_%s_%.16s_%u", p->id, row.name, i);
        p->statements[i] = (struct sql){.name = strdup(name),
                                        .text = row.text,
                                        .params = (int)row.params,
                                        .rows = SQL_MANY,
                                        .file = p->id};
        if (!p->statements[i].name) {
            break;
        }
        p->statement_count++;
    }
    if (p->statement_count != a->sql.count || !p->statements) {
        plugin_fail(p, "There is no memory left.");
        return false;
    }
    return true;
}

void plugin_load(struct plugin *p, const char *copies, const struct template_set *base) {
    char copy[2100];
    if (!p->file) {
        return;
    }
    bool copied = make_copy(p, copies, copy, sizeof copy);
    free(p->file);
    p->file = NULL;
    const struct anc_plugin *about = copied ? open_copy(p, copy) : NULL;
    if (!about || !plugin_describe(p, about) || !make_statements(p) || !plugin_look_make(p, base)) {
        return;
    }
    snprintf(p->version_text, sizeof p->version_text, "%u.%u.%u", p->about.version / 1000000u,
             p->about.version / 1000u % 1000u, p->about.version % 1000u);
    p->opened = true;
    plugin_become(p, PLUGIN_CHECKED, "%s", "");
}
