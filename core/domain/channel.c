// SPDX-License-Identifier: Apache-2.0
// Other ways to get messages.
#include "domain/channel.h"

#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "plugin/points.h"

#include <string.h>

static enum err signed_in_only(struct ctx *c) {
    return ctx_may(c, PERM_SIGNED_IN) && c->actor.person_id != 0
               ? ERR_OK
               : ctx_fail(c, ERR_SIGN_IN, "nobody is signed in");
}

static enum err mine(struct ctx *c, struct rows **ret) {
    enum err e = signed_in_only(c);
    return e ? e : DB_ROWS(c, channels_of_person, ret, arena_i64(c->arena, c->actor.person_id));
}

static const char *address_in(const struct rows *used, const char *key) {
    for (size_t i = 0; i < rows_count(used); i++) {
        if (strcmp(row_text(used, i, "channel"), key) == 0) {
            return row_text(used, i, "address");
        }
    }
    return "";
}

enum err channel_list(struct ctx *c, const struct channel **ret, size_t *ret_n) {
    struct rows *used;
    struct provider p;
    size_t n = 0, active = 0;
    enum err e = mine(c, &used);
    if (e != ERR_OK) {
        return e;
    }
    while (provider_at(c->plugins, ANC_POINT_NOTIFIER, active, &p)) {
        active++;
    }
    struct channel *list = arena_array(c->arena, active + rows_count(used) + 1, sizeof *list);
    for (; n < active && provider_at(c->plugins, ANC_POINT_NOTIFIER, n, &p); n++) {
        list[n] = (struct channel){.key = p.key, .address = address_in(used, p.key), .active = true};
        point_notifier_words(&p, &list[n].title, &list[n].label, &list[n].hint);
    }
    for (size_t i = 0; i < rows_count(used); i++) {
        const char *key = row_text(used, i, "channel");
        if (!provider_find(c->plugins, ANC_POINT_NOTIFIER, key, &p)) {
            list[n++] = (struct channel){key, key, "", "", row_text(used, i, "address"), false};
        }
    }
    *ret = list;
    *ret_n = n;
    return ERR_OK;
}

enum err channel_get(struct ctx *c, const char *key, struct channel *ret) {
    const struct channel *list;
    size_t n;
    enum err e = channel_list(c, &list, &n);
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        if (strcmp(list[i].key, key) == 0) {
            *ret = list[i];
            return ERR_OK;
        }
    }
    return e ? e : ctx_fail(c, ERR_NOT_FOUND, "no channel %s", key);
}

// ---- changing -----------------------------------------------------------------------------------------

struct change {
    const char *key, *address;
};

static enum err set(struct ctx *c, void *arg) {
    const struct change *k = arg;
    enum err e = DB_EXEC(c, channel_put, NULL, arena_i64(c->arena, c->actor.person_id), k->key, k->address);
    return e ? e : audit_add(c, "channel.set", k->key, "");
}

enum err channel_set(struct ctx *c, const char *key, const char *address) {
    struct provider p;
    enum err e = signed_in_only(c);
    if (e != ERR_OK) {
        return e;
    }
    if (!provider_find(c->plugins, ANC_POINT_NOTIFIER, key, &p)) {
        return ctx_fail(c, ERR_NOT_FOUND, "no notifier %s", key);
    }
    if (!*address || utf8_count(address) > CHANNEL_ADDRESS_MAX) {
        return ctx_fail_field(c, "address",
                              *address ? "Shorten this to %d letters or fewer"
                                       : "Enter where the messages should go",
                              CHANNEL_ADDRESS_MAX);
    }
    e = point_check_address(c, &p, address);
    if (e == ERR_INVALID) {
        return ctx_fail_field(c, "address", "%s",
                              *c->err_detail ? c->err_detail
                                             : "Nothing can be sent there. Check what you typed");
    }
    struct change k = {key, address};
    return e ? e : db_in_transaction(c, set, &k);
}

static enum err stop(struct ctx *c, void *arg) {
    const struct change *k = arg;
    int64_t gone = 0;
    enum err e = DB_EXEC(c, channel_drop, &gone, arena_i64(c->arena, c->actor.person_id), k->key);
    return e || gone == 0 ? e : audit_add(c, "channel.stop", k->key, "");
}

enum err channel_stop(struct ctx *c, const char *key) {
    struct change k = {key, ""};
    enum err e = signed_in_only(c);
    return e ? e : db_in_transaction(c, stop, &k);
}
