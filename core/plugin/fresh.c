// SPDX-License-Identifier: Apache-2.0
// Which code a plugin runs: new files of the folder, and the version that a live tender holds.
#include "base/text.h"
#include "db/queries.gen.h"
#include "plugin/plan.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// ---- instances

// Puts another instance in the place of p, which stays in memory: others may still look at it.
static void put_in_place(struct plugin_host *h, struct plugin *p, struct plugin *fresh) {
    fresh->named = p->named;
    fresh->wanted_no = p->wanted_no;
    fresh->then = p->then;
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < h->count; i++) {
        if (h->list[i] == p) {
            h->list[i] = fresh;
        }
    }
    fresh->older = p;
    pthread_mutex_unlock(&h->lock);
}

static struct plugin *read_anew(struct plugin_host *h, struct plugin *p, const char *path) {
    struct plugin *fresh = plugin_new(h, p->id);
    plugin_read(fresh, path);
    plugin_load(fresh, h->copies, h->base);
    put_in_place(h, p, fresh);
    return fresh;
}

// What lies in the folder is read when its mark changed; p then knows the content's hash.
static bool look_at(struct plugin_host *h, struct plugin *p, const char *path) {
    struct file_mark mark;
    if (!plugin_file_mark(path, &mark)) {
        return false;
    }
    if (memcmp(&mark, &p->mark, sizeof mark) != 0) {
        struct plugin *seen = plugin_new(h, p->id);
        seen->owner = NULL; // its troubles are not told
        plugin_read(seen, path);
        p->mark = seen->mark;
        memcpy(p->disk_hash, seen->file ? seen->hash : "", seen->file ? sizeof p->disk_hash : 1);
        plugin_free(seen);
    }
    return true;
}

struct plugin *plugin_refresh(struct plugin_host *h, struct plugin *p, bool *ret_newer) {
    char path[1200];
    plugin_path(h, p->id, path, sizeof path);
    *ret_newer = false;
    struct file_mark mark;
    if (plugin_runs(p)) {
        *ret_newer = look_at(h, p, path) && p->disk_hash[0] && strcmp(p->disk_hash, p->hash) != 0;
        return p;
    }
    bool there = plugin_file_mark(path, &mark);
    if (!p->opened) {
        bool same = there ? memcmp(&mark, &p->mark, sizeof mark) == 0 : !p->mark.size;
        return p->state == PLUGIN_FAILED && same ? p : read_anew(h, p, path);
    }
    if (there && memcmp(&mark, &p->mark, sizeof mark) == 0 && strcmp(p->disk_hash, p->hash) == 0) {
        return p; // as it was when it was opened
    }
    return read_anew(h, p, path);
}

// ---- tenders that hold a version

#define HELD_MAX 32 // providers of one plugin that are looked at (loading takes no more)

// Keys of a plugin's rules, or methods of its scorers. Their number.
static size_t provides(const struct plugin *p, uint32_t point, const char **names) {
    size_t n = 0;
    for (uint32_t i = 0; p->opened && i < p->about.providers.count && n < HELD_MAX; i++) {
        struct anc_provider row;
        plugin_row(&p->about.providers, i, &row, sizeof row);
        if (row.point == point) {
            names[n++] =
                point == ANC_POINT_BID_SCORER ? ((const struct anc_bid_scorer *)row.table)->method : row.key;
        }
    }
    return n;
}

static bool scores(const struct plugin *p) {
    const char *methods[HELD_MAX];
    return provides(p, ANC_POINT_BID_SCORER, methods) > 0;
}

// Of several scorers the first in the order is asked. A plugin that does not run yet gets its place by its
// id, as far as its needs allow.
static bool comes_before(const struct plugin *other, const struct plugin *p) {
    return plugin_runs(other) && plugin_runs(p) ? other->place < p->place : strcmp(other->id, p->id) < 0;
}

static bool is_out(const struct plugin *p) {
    int s = p->state;
    return s == PLUGIN_FOUND || s == PLUGIN_STOPPED || s == PLUGIN_FAILED || s == PLUGIN_SUSPENDED;
}

// Bidders who come later must be held to the same rules as those before them.
static enum err ruled(struct ctx *c, const struct plugin *p, const char **ret_ref) {
    const char *keys[HELD_MAX];
    size_t n = provides(p, ANC_POINT_ELIGIBILITY_RULE, keys);
    struct rows *rows;
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(c, plugin_ruled, &rows, db_array(c->arena, n, keys));
    if (e == ERR_OK && rows_count(rows) > 0) {
        *ret_ref = row_text(rows, 0, "ref");
    }
    return e;
}

static enum err scoring(struct plugin_host *h, struct ctx *c, const struct plugin *p, const char **ret_ref) {
    const char *methods[HELD_MAX];
    size_t n = provides(p, ANC_POINT_BID_SCORER, methods);
    bool asked = true;
    if (n == 0) {
        return ERR_OK;
    }
    pthread_mutex_lock(&h->lock);
    for (size_t i = 0; i < h->count; i++) {
        const struct plugin *other = h->list[i];
        asked = asked &&
                (strcmp(other->id, p->id) == 0 || is_out(other) || !scores(other) || !comes_before(other, p));
    }
    pthread_mutex_unlock(&h->lock);
    struct rows *rows;
    enum err e = DB_ROWS(c, plugin_pinned, &rows, db_array(c->arena, n, methods), asked ? "true" : "false");
    if (e == ERR_OK && rows_count(rows) > 0) {
        *ret_ref = row_text(rows, 0, "ref");
    }
    return e;
}

static enum err pinned(struct plugin_host *h, struct ctx *c, const struct plugin *p, const char **ret_ref) {
    enum err e = scoring(h, c, p, ret_ref);
    return e || *ret_ref ? e : ruled(c, p, ret_ref);
}

static const struct plugin *in_use(struct plugin_host *h, const char *id) {
    pthread_mutex_lock(&h->lock);
    const struct plugin *p = plugin_at(h, id);
    pthread_mutex_unlock(&h->lock);
    return p;
}

enum err plugin_ruled_by(struct plugin_host *h, struct ctx *c, const char *id, const char **ret_ref) {
    *ret_ref = NULL;
    const struct plugin *p = c->db ? in_use(h, id) : NULL;
    return p ? ruled(c, p, ret_ref) : ERR_OK;
}

enum err plugin_pinned_by(struct plugin_host *h, struct ctx *c, const char *id, const char **ret_ref) {
    *ret_ref = NULL;
    const struct plugin *p = c->db ? in_use(h, id) : NULL;
    return p ? pinned(h, c, p, ret_ref) : ERR_OK;
}

// The copy that was made when that version was opened first; NULL when it is gone or not what it was.
static struct plugin *open_recorded(struct plugin_host *h, const struct plugin *p, const char *hash) {
    char copy[1200];
    plugin_copy_path(h->copies, p->id, hash, copy, sizeof copy);
    struct plugin *old = plugin_new(h, p->id);
    old->owner = NULL; // when it cannot be used, nobody needs to know
    plugin_read(old, copy);
    if (old->file && strcmp(old->hash, hash) == 0) {
        plugin_load(old, h->copies, h->base);
    }
    if (!old->opened) {
        plugin_free(old);
        return NULL;
    }
    old->owner = h;
    old->mark = p->mark;
    memcpy(old->disk_hash, p->disk_hash, sizeof old->disk_hash);
    return old;
}

struct plugin *plugin_choose(struct plugin_host *h, struct plugin *p, const char *hash, struct ctx *c,
                             const char **ret_tender) {
    *ret_tender = NULL;
    if (!c || !c->db || !hash[0] || strspn(hash, "0123456789abcdef") != 16 || strcmp(hash, p->hash) == 0) {
        return p;
    }
    // What was in use counts, not what is new: its scorer or rule may be gone, or be called something else.
    const char *any = NULL;
    struct rows *rows;
    if (DB_ROWS(c, plugin_may_be_held, &rows) != ERR_OK || !row_bool(rows, 0, "held")) {
        return p;
    }
    struct plugin *old = open_recorded(h, p, hash);
    if (!old || pinned(h, c, old, &any) != ERR_OK || !any) {
        if (old) {
            old->older = h->gone; // its library is mapped; it is freed with the host
            h->gone = old;
        }
        return p;
    }
    put_in_place(h, p, old);
    *ret_tender = any;
    return old;
}

// ---- copies nobody needs any more

// The running plugin whose copy, or half-written copy, a file is; NULL none.
static const struct plugin *owner_of(const struct plugin_host *h, const char *file, const char **ret_hash) {
    const char *dash = strrchr(file, '-');
    char id[32];
    if (!dash || dash == file || (size_t)(dash - file) >= sizeof id ||
        strspn(dash + 1, "0123456789abcdef") != 16 || strncmp(dash + 17, ".so", 3) != 0) {
        return NULL;
    }
    snprintf(id, sizeof id, "%.*s", (int)(dash - file), file);
    const struct plugin *p = plugin_at(h, id);
    *ret_hash = dash + 1;
    return p && p->state == PLUGIN_ACTIVE ? p : NULL;
}

static bool is_needed(const struct plugin *p, const char *hash) {
    for (; p; p = p->older) {
        if (strncmp(p->hash, hash, 16) == 0) {
            return true;
        }
    }
    return false;
}

void plugin_prune(struct plugin_host *h) {
    DIR *d = h->copies[0] ? opendir(h->copies) : NULL;
    struct dirent *e;
    while (d && (e = readdir(d))) {
        const char *hash;
        const struct plugin *p = owner_of(h, e->d_name, &hash);
        if (p && !is_needed(p, hash)) {
            unlinkat(dirfd(d), e->d_name, 0);
        }
    }
    if (d) {
        closedir(d);
    }
}
