// SPDX-License-Identifier: Apache-2.0
// Opening a plugin file: private copy, dlopen, and every check that can be made before its code runs.

#include "base/text.h"
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
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(p->reason, sizeof p->reason, fmt, ap);
    va_end(ap);
    p->state = PLUGIN_FAILED;
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

static bool is_word(const char *s, size_t max) {
    size_t n = s ? strlen(s) : 0;
    if (n < 2 || n > max || s[0] < 'a' || s[0] > 'z') {
        return false;
    }
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool check_abi(struct plugin *p, const struct anc_plugin *a) {
    if (a->magic != ANC_ABI_MAGIC) {
        plugin_fail(p, "The magic number is 0x%08x, not 0x%08x: this is not an Anchorage plugin.", a->magic,
                    ANC_ABI_MAGIC);
    } else if (a->abi_major != ANC_ABI_MAJOR) {
        plugin_fail(
            p,
            "It was built for ABI %u, this server speaks ABI %u. Build it again with this server's header.",
            a->abi_major, ANC_ABI_MAJOR);
    } else if (a->abi_minor > ANC_ABI_MINOR) {
        plugin_fail(p, "It needs ABI %u.%u, this server has %u.%u. Update the server.", a->abi_major,
                    a->abi_minor, ANC_ABI_MAJOR, ANC_ABI_MINOR);
    } else if (a->size != sizeof *a) {
        plugin_fail(p, "Its description has %u bytes, %zu are expected.", a->size, sizeof *a);
    } else if (strncmp(a->abi_extra, ANC_ABI_EXTRA, sizeof a->abi_extra) != 0) {
        plugin_fail(p, "It was built for \"%.16s\", this server for \"%s\".", a->abi_extra, ANC_ABI_EXTRA);
    } else {
        return true;
    }
    return false;
}

static bool check_table(struct plugin *p, const struct anc_table *t, const char *name, uint32_t max) {
    if (t->count > max || (t->count > 0 && (!t->rows || t->row_size == 0))) {
        plugin_fail(p, "Its table of %s is not well-formed.", name);
        return false;
    }
    return true;
}

static anc_caps needed_power(uint32_t point) {
    switch (point) {
    case ANC_POINT_SUPPLIER_TAGGER:
        return ANC_CAP_WRITE_TAGS;
    case ANC_POINT_NOTICE_EXPORTER:
        return ANC_CAP_EXPORT;
    case ANC_POINT_BID_SCORER:
        return ANC_CAP_WRITE_SCORES;
    case ANC_POINT_SPEND_SOURCE:
        return ANC_CAP_READ_UPLOADS;
    case ANC_POINT_SPEND_PANEL:
        return ANC_CAP_READ_SPEND;
    default:
        return 0;
    }
}

static bool check_providers(struct plugin *p, const struct anc_plugin *a) {
    for (uint32_t i = 0; i < a->providers.count; i++) {
        struct anc_provider row;
        plugin_row(&a->providers, i, &row, sizeof row);
        anc_caps need = needed_power(row.point);
        if (!row.key || !*row.key || !row.table || need == 0) {
            plugin_fail(p, "Provider %u names no key or an extension point this server does not have.",
                        i + 1);
            return false;
        }
        if (!(a->wants & need)) {
            plugin_fail(p, "Its provider \"%s\" needs a power that the plugin does not ask for.", row.key);
            return false;
        }
    }
    return true;
}

static bool check_sql(struct plugin *p, const struct anc_plugin *a) {
    for (uint32_t i = 0; i < a->sql.count; i++) {
        struct anc_sql row;
        plugin_row(&a->sql, i, &row, sizeof row);
        if (!is_word(row.name, 60) || !row.text || row.params > 32) {
            plugin_fail(p, "Statement %u has no proper name or text.", i + 1);
            return false;
        }
        if (strstr(row.text, "core.") || strchr(row.text, ';')) {
            plugin_fail(p, "Statement \"%s\" reaches past the api views.", row.name);
            return false;
        }
    }
    return true;
}

static bool check_description(struct plugin *p, const struct anc_plugin *a) {
    if (!check_abi(p, a)) {
        return false;
    }
    if (!is_word(a->id, 31) || !a->title || !a->summary || !a->license) {
        plugin_fail(p, "Its description lacks an id, title, summary or licence.");
        return false;
    }
    if (strcmp(a->id, p->id) != 0) {
        plugin_fail(p, "The file is called %s but the plugin calls itself %s. Rename one of them.", p->id,
                    a->id);
        return false;
    }
    return check_table(p, &a->dependencies, "dependencies", 16) &&
           check_table(p, &a->settings, "settings", 64) && check_table(p, &a->sql, "statements", 256) &&
           check_table(p, &a->providers, "providers", 32) && check_providers(p, a) && check_sql(p, a);
}

static void make_statements(struct plugin *p) {
    const struct anc_plugin *a = p->about;
    p->statements = calloc(a->sql.count + 1u, sizeof *p->statements);
    if (!p->statements) {
        plugin_fail(p, "There is no memory left.");
        return;
    }
    for (uint32_t i = 0; i < a->sql.count; i++) {
        struct anc_sql row;
        plugin_row(&a->sql, i, &row, sizeof row);
        char name[128];
        snprintf(name, sizeof name, "p_%s_%s", p->id, row.name);
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

void plugin_load(struct plugin *p, const char *copies) {
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
    if (!check_description(p, about)) {
        return;
    }
    p->about = about;
    snprintf(p->version_text, sizeof p->version_text, "%u.%u.%u", about->version / 1000000u,
             about->version / 1000u % 1000u, about->version % 1000u);
    make_statements(p);
    if (p->state != PLUGIN_FAILED) {
        p->state = PLUGIN_CHECKED;
    }
}
