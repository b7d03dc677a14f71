// SPDX-License-Identifier: Apache-2.0
// How the files of an anchor are read.
#include "spend/profile.h"

#include "base/strb.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"

#include <limits.h>
#include <string.h>

#define HEADING_BYTES 200 // of each heading count
#define HEADINGS_MAX  512
#define LABEL_BYTES   400
#define ROW_HASHES    40

static const char *const column_words[ANC_COL_COUNT] = {
    [ANC_COL_PAYEE] = "payee",
    [ANC_COL_AMOUNT] = "amount",
    [ANC_COL_DATE] = "date",
    [ANC_COL_CATEGORY] = "category",
    [ANC_COL_PURPOSE] = "purpose",
    [ANC_COL_DEPARTMENT] = "department",
    [ANC_COL_SUPPLIER_NO] = "supplier_no",
    [ANC_COL_TRANSACTION] = "transaction",
    [ANC_COL_POSTCODE] = "postcode",
    [ANC_COL_COMPANY] = "company",
    [ANC_COL_CHARITY] = "charity",
    [ANC_COL_VAT_NUMBER] = "vat_number",
    [ANC_COL_VAT_LOST] = "vat_lost",
    [ANC_COL_VCSE] = "vcse",
    [ANC_COL_CARD] = "card",
    [ANC_COL_INTERMEDIARY] = "intermediary",
};

const char *profile_column_word(int column) {
    return column_words[column];
}

struct anc_columns profile_nothing(void) {
    struct anc_columns none = {.size = sizeof none};
    for (int i = 0; i < ANC_COL_MOST; i++) {
        none.column[i] = -1;
    }
    return none;
}

// ---- a row of headings as a number --------------------------------------------------------------------

// Blanks of all kinds become one, those at the ends none; ASCII letters become small.
static void put_plain(struct strb *b, const char *s) {
    bool blank = false, any = false;
    for (size_t i = 0; s[i] && i < HEADING_BYTES; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch <= ' ') {
            blank = any;
            continue;
        }
        if (blank) {
            strb_putc(b, ' ');
        }
        blank = false;
        any = true;
        strb_putc(b, (char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch));
    }
    strb_putc(b, '\n');
}

void profile_hash(const char *const *cells, size_t n, char ret[PROFILE_HASH_BYTES]) {
    struct strb b;
    strb_init(&b, (HEADING_BYTES + 1) * (size_t)HEADINGS_MAX + 1);
    for (size_t i = 0; i < n && i < HEADINGS_MAX; i++) {
        put_plain(&b, cells[i]);
    }
    size_t len = b.n;
    while (len > 0 && b.p[len - 1] == '\n') {
        len--;
    }
    ret[0] = 0;
    if (len > 0) {
        sha256_hex(b.p, len, ret);
    }
    strb_free(&b);
}

// ---- columns as words ---------------------------------------------------------------------------------

void profile_words(struct arena *a, const struct anc_columns *columns, const char *names[PROFILE_PAIRS],
                   const char *values[PROFILE_PAIRS]) {
    static const char *const rest[] = {"head_rows", "kind", "date_order", "amount_basis", "date_basis"};
    const int64_t numbers[] = {columns->head_rows, columns->kind, columns->date_order, columns->amount_basis,
                               columns->date_basis};
    for (size_t i = 0; i < ANC_COL_COUNT; i++) {
        names[i] = column_words[i];
        values[i] = arena_i64(a, columns->column[i]);
    }
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        names[ANC_COL_COUNT + i] = rest[i];
        values[ANC_COL_COUNT + i] = arena_i64(a, numbers[i]);
    }
}

static void take_rest(struct anc_columns *columns, const char *name, int32_t n) {
    if (strcmp(name, "head_rows") == 0 && n >= 0) {
        columns->head_rows = (uint32_t)n;
    } else if (strcmp(name, "kind") == 0) {
        columns->kind = n;
    } else if (strcmp(name, "date_order") == 0) {
        columns->date_order = n;
    } else if (strcmp(name, "amount_basis") == 0) {
        columns->amount_basis = n;
    } else if (strcmp(name, "date_basis") == 0) {
        columns->date_basis = n;
    }
}

void profile_take(struct anc_columns *columns, const char *name, const char *value) {
    int64_t n;
    if (!text_i64(value, &n) || n < INT32_MIN || n > INT32_MAX) {
        return;
    }
    for (size_t i = 0; i < ANC_COL_COUNT; i++) {
        if (strcmp(name, column_words[i]) == 0) {
            columns->column[i] = (int32_t)n;
            return;
        }
    }
    take_rest(columns, name, (int32_t)n);
}

// ---- keeping them -------------------------------------------------------------------------------------

static enum err find(struct ctx *c, const char *anchor_ref, size_t n, const char *const *hashes,
                     struct anc_columns *ret_columns, bool *ret_found) {
    struct rows *r;
    *ret_found = false;
    if (n == 0) {
        return ERR_OK;
    }
    enum err e = DB_ROWS(c, spend_profile_find, &r, anchor_ref, db_array(c->arena, n, hashes));
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    *ret_columns = profile_nothing();
    for (size_t i = 0; i < rows_count(r); i++) {
        profile_take(ret_columns, row_text(r, i, "name"), row_text(r, i, "value"));
    }
    *ret_found = true;
    return ERR_OK;
}

enum err profile_find(struct ctx *c, const char *anchor_ref, const char *head_hash,
                      struct anc_columns *ret_columns, bool *ret_found) {
    return find(c, anchor_ref, *head_hash ? 1 : 0, &head_hash, ret_columns, ret_found);
}

enum err profile_find_row(struct ctx *c, const char *anchor_ref, const struct anc_cells *head,
                          struct anc_columns *ret_columns, bool *ret_found) {
    const char *hashes[ROW_HASHES];
    size_t n = 0;
    for (uint32_t i = 0; i < head->rows && n < ROW_HASHES; i++) {
        char hash[PROFILE_HASH_BYTES];
        profile_hash(head->text + head->first[i], head->first[i + 1] - head->first[i], hash);
        if (*hash) {
            hashes[n++] = arena_strdup(c->arena, hash);
        }
    }
    return find(c, anchor_ref, n, hashes, ret_columns, ret_found);
}

enum err profile_save(struct ctx *c, const char *anchor_ref, const char *head_hash, const char *label,
                      const struct anc_columns *columns) {
    const char *names[PROFILE_PAIRS], *values[PROFILE_PAIRS];
    int64_t changed = 0;
    if (!*head_hash) {
        return ERR_OK; // a table without headings is known by nothing
    }
    profile_words(c->arena, columns, names, values);
    enum err e = DB_EXEC(c, spend_profile_save, &changed, anchor_ref, head_hash,
                         db_array(c->arena, PROFILE_PAIRS, names), db_array(c->arena, PROFILE_PAIRS, values),
                         c->actor.person_id ? arena_i64(c->arena, c->actor.person_id) : NULL,
                         arena_strndup(c->arena, label, utf8_fit(label, LABEL_BYTES)));
    if (e == ERR_OK && changed == 0) {
        return ctx_fail(c, ERR_NOT_FOUND, "no anchor %s", anchor_ref);
    }
    return e ? e : DB_EXEC(c, spend_profile_trim, NULL, anchor_ref, arena_i64(c->arena, PROFILES_MAX));
}

static enum err forget(struct ctx *c, void *arg) {
    struct rows *r;
    enum err e = DB_ROWS(c, spend_profile_forget, &r, arena_i64(c->arena, *(const int64_t *)arg));
    return e ? e : audit_add(c, "spend.profile_forget", row_text(r, 0, "anchor_ref"), "");
}

enum err profile_forget(struct ctx *c, int64_t id) {
    return ctx_may(c, PERM_OFFICER) ? db_in_transaction(c, forget, &id)
                                    : ctx_fail(c, ERR_DENIED, "not an officer");
}
