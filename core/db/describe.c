// SPDX-License-Identifier: Apache-2.0
// The shape of a statement as PostgreSQL sees it, for the type check of the tests.
#include "base/strb.h"
#include "db/internal.h"

#include <stdio.h>

static enum err type_name(struct ctx *c, Oid type, const char **ret) {
    char text[16];
    snprintf(text, sizeof text, "%u", type);
    const char *const p[] = {text};
    PGresult *r = PQexecParams(c->db->pg, "SELECT format_type($1::oid, NULL)", 1, NULL, p, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : dberr_fail(c, "format_type", r);
    if (e == ERR_OK) {
        *ret = arena_strdup(c->arena, PQgetvalue(r, 0, 0));
    }
    PQclear(r);
    return e;
}

static const char *rows_word(const struct sql *q) {
    static const char *const words[] = {
        [SQL_NONE] = "none", [SQL_ONE] = "one", [SQL_OPT] = "opt", [SQL_MANY] = "many"};
    return words[q->rows];
}

static enum err put_shape(struct ctx *c, const struct sql *q, const PGresult *r, struct strb *b) {
    strb_printf(b, "%s (", q->name);
    const char *type;
    for (int i = 0; i < PQnparams(r); i++) {
        enum err e = type_name(c, PQparamtype(r, i), &type);
        if (e) {
            return e;
        }
        strb_printf(b, "%s%s", i ? ", " : "", type);
    }
    strb_printf(b, ") %s\n", rows_word(q));
    for (int i = 0; i < PQnfields(r); i++) {
        enum err e = type_name(c, PQftype(r, i), &type);
        if (e) {
            return e;
        }
        strb_printf(b, "  %s %s\n", PQfname(r, i), type);
    }
    return ERR_OK;
}

enum err db_describe(struct ctx *c, const struct sql *q, const char **ret_text) {
    if (!c->db || conn_lost(c->db->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "%s: no connection to the database", q->name);
    }
    struct stmt *s;
    enum err e = stmt_ready(c, q, &s);
    if (e) {
        return e;
    }
    PGresult *r = PQdescribePrepared(c->db->pg, s->name);
    struct strb b;
    strb_init(&b, (size_t)256 * 1024);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        e = dberr_fail(c, q->name, r);
    } else if (PQnparams(r) != q->params) {
        e = ctx_fail(c, ERR_BUG, "%s: PostgreSQL counts %d parameters, sqlgen %d", q->name, PQnparams(r),
                     q->params);
    } else {
        e = put_shape(c, q, r, &b);
    }
    PQclear(r);
    if (e == ERR_OK) {
        *ret_text = arena_strndup(c->arena, b.p, b.n);
    }
    strb_free(&b);
    return e;
}
