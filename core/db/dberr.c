// SPDX-License-Identifier: Apache-2.0
// The one table of SQLSTATEs.
#include "db/dberr.h"

#include "db/internal.h"

#include <string.h>

// The longest matching prefix holds. The rows are few and read only after a failure.
static const struct state_row {
    const char *prefix;
    enum err err;
    bool again;
} table[] = {
    {"08", ERR_DB_AWAY, false},                                     // connection exceptions
    {"0A000", ERR_BUSY, true},                                      // a kept plan no longer fits its table
    {"21000", ERR_BUG, false},                                      // more rows than a subquery may give
    {"22", ERR_INVALID, false},                                     // data exceptions: number, date, encoding
    {"23", ERR_INVALID, false},                                     // not null, foreign key, check
    {"23505", ERR_CONFLICT, false}, {"23P01", ERR_CONFLICT, false}, // exclusion constraint: overlapping slots
    {"25006", ERR_DB_AWAY, false},                                  // read-only: we reached a standby
    {"25P03", ERR_TIMEOUT, false},                                  // idle too long inside a transaction
    {"26000", ERR_BUSY, true},                                  // somebody threw the prepared statements away
    {"28", ERR_DB_AWAY, false},                                 // not let in
    {"3D000", ERR_DB_AWAY, false},                              // no such database
    {"40", ERR_BUSY, true},                                     // serialisation failure, deadlock
    {"42501", ERR_DENIED, false},   {"53", ERR_BUSY, false},    // disk, memory, connections
    {"54", ERR_TOO_LARGE, false},   {"55P03", ERR_BUSY, false}, // lock not available in time
    {"57014", ERR_TIMEOUT, false},  {"57P", ERR_DB_AWAY, false}, // shutting down, starting, crashed
    {"58", ERR_IO, false},          {"AN001", ERR_GONE, false},  // a bid after closing
    {"AN002", ERR_CONFLICT, false},                              // the event is full
    {"AN003", ERR_BUG, false},                                   // a change to the audit log
    {"XX001", ERR_IO, false},                                    // damaged pages
    {"XX002", ERR_IO, false},
};

enum err dberr_map(const char *sqlstate, bool *ret_again) {
    size_t best = 0;
    enum err e = ERR_BUG;
    bool again = false;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        size_t n = strlen(table[i].prefix);
        if (n > best && strncmp(sqlstate, table[i].prefix, n) == 0) {
            best = n;
            e = table[i].err;
            again = table[i].again;
        }
    }
    if (ret_again) {
        *ret_again = again;
    }
    return e;
}

static void keep(char *out, size_t cap, const char *s) {
    size_t n = s ? strnlen(s, cap - 1) : 0;
    if (n) {
        memcpy(out, s, n);
    }
    out[n] = 0;
}

enum err dberr_fail(struct ctx *c, const char *what, const PGresult *r) {
    struct db *d = c->db;
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    keep(d->sqlstate, sizeof d->sqlstate, state ? state : "08006");
    keep(d->constraint, sizeof d->constraint, r ? PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME) : NULL);
    if (!state || conn_lost(d->pg)) {
        return ctx_fail(c, ERR_DB_AWAY, "%s: the connection to the database was lost", what);
    }
    // Messages about data repeat the data (class 22, 23), which belongs in no log.
    bool about_data = strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
    const char *text = about_data ? NULL : PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    return ctx_fail(c, dberr_map(d->sqlstate, NULL), "%s: SQLSTATE %s%s%s%s%s", what, d->sqlstate,
                    text ? ": " : "", text ? text : "", *d->constraint ? ", constraint " : "", d->constraint);
}

const char *db_sqlstate(const struct ctx *c) {
    return c->db ? c->db->sqlstate : "";
}

const char *db_constraint(const struct ctx *c) {
    return c->db ? c->db->constraint : "";
}

bool db_hit(const struct ctx *c, const char *constraint) {
    return c->err != ERR_OK && strcmp(db_constraint(c), constraint) == 0;
}
