// SPDX-License-Identifier: Apache-2.0
// Statements and migrations of a plugin: what may stand in their text. A guard rail that helps reviews: what
// holds is the database role they run as.
#include "plugin/describe.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIGRATION_BYTES ((size_t)1024 * 1024)
#define STATEMENT_BYTES ((size_t)64 * 1024)

// ---- reading SQL as far as needed: PostgreSQL manual, 4.1 "Lexical Structure"

struct scanner {
    const char *s;
    bool steps;
    bool fresh;       // at the beginning of a statement
    bool begun;       // something was read
    const char *body; // its "$tag$", NULL outside of one
    size_t tag;       // bytes of it
    char before[16];  // the word before, in capital letters
    struct sql_scan *ret;
};

static bool is_name(char ch) {
    return isalnum((unsigned char)ch) || ch == '_' || (unsigned char)ch >= 0x80;
}

// Behind the end of a string or quoted name; a doubled quote stands for itself.
static const char *skip_quoted(const char *s, char quote, bool backslash) {
    for (s++; *s; s++) {
        if (backslash && *s == '\\' && s[1]) {
            s++;
        } else if (*s == quote && s[1] == quote) {
            s++;
        } else if (*s == quote) {
            return s + 1;
        }
    }
    return NULL;
}

// Comments nest.
static const char *skip_comment(const char *s) {
    int depth = 0;
    while (*s) {
        if (s[0] == '/' && s[1] == '*') {
            depth++;
            s += 2;
        } else if (s[0] == '*' && s[1] == '/') {
            s += 2;
            if (--depth == 0) {
                return s;
            }
        } else {
            s++;
        }
    }
    return NULL;
}

// The length of "$tag$" or "$$" at s, 0 when it is none.
static size_t dollar_tag(const char *s) {
    size_t n = 1;
    while (is_name(s[n]) && !(n == 1 && isdigit((unsigned char)s[n]))) {
        n++;
    }
    return s[n] == '$' ? n + 1 : 0;
}

static const char *skip_dollars(const char *s, size_t tag) {
    for (const char *e = s + tag; (e = strchr(e, '$')); e++) {
        if (strncmp(e, s, tag) == 0) {
            return e + tag;
        }
    }
    return NULL;
}

static bool one_of(const char *word, const char *const *list) {
    for (; *list; list++) {
        if (strcmp(word, *list) == 0) {
            return true;
        }
    }
    return false;
}

static void note_bad(struct sql_scan *ret, const char *a, const char *b) {
    if (!ret->bad[0]) {
        snprintf(ret->bad, sizeof ret->bad, "%.30s%s%.14s", a, *b ? " " : "", b);
    }
}

// A word outside of strings. `next` is what stands behind it.
static void take_word(struct scanner *x, const char *word, char next, bool first) {
    static const char *const anywhere[] = {"SET_CONFIG",
                                           "PG_ADVISORY_LOCK",
                                           "PG_ADVISORY_UNLOCK",
                                           "PG_ADVISORY_LOCK_SHARED",
                                           "PG_TRY_ADVISORY_LOCK",
                                           "PG_ADVISORY_UNLOCK_ALL",
                                           "PG_TRY_ADVISORY_LOCK_SHARED",
                                           NULL};
    static const char *const not_first[] = {
        "BEGIN", "START", "COMMIT",  "END",  "ROLLBACK", "ABORT", "PREPARE", "SAVEPOINT", "RELEASE",
        "RESET", "SET",   "DISCARD", "COPY", "LOAD",     "GRANT", "REVOKE",  "REASSIGN",  NULL};
    if (one_of(word, anywhere)) {
        note_bad(x->ret, word, "");
    }
    if (!x->steps && next == '.' && (strcmp(word, "CORE") == 0 || strcmp(word, "META") == 0)) {
        note_bad(x->ret, strcmp(word, "CORE") == 0 ? "core." : "meta.", "");
    }
    if (x->steps && first && one_of(word, not_first)) {
        note_bad(x->ret, word, "");
    }
    // "SET role = 'x'" changes a column.
    if (x->steps && next != '=' && (strcmp(word, "ROLE") == 0 || strcmp(word, "SESSION") == 0) &&
        (strcmp(x->before, "SET") == 0 || strcmp(x->before, "LOCAL") == 0 ||
         strcmp(x->before, "RESET") == 0)) {
        note_bad(x->ret, x->before, word);
    }
    if (strcmp(word, "AUTHORIZATION") == 0 && strcmp(x->before, "SESSION") == 0) {
        note_bad(x->ret, "SESSION AUTHORIZATION", "");
    }
    snprintf(x->before, sizeof x->before, "%.15s", word);
}

static const char *scan_word(struct scanner *x) {
    char word[32]; // longer ones are none that counts
    size_t n = 0;
    const char *s = x->s;
    for (; is_name(*s) || *s == '$'; s++) {
        if (n + 1 < sizeof word) {
            word[n++] = (char)toupper((unsigned char)*s);
        }
    }
    word[n] = 0;
    if (*s == '\'' && (strcmp(word, "E") == 0 || strcmp(word, "B") == 0 || strcmp(word, "X") == 0 ||
                       strcmp(word, "N") == 0)) {
        return skip_quoted(s, '\'', word[0] == 'E');
    }
    bool first = x->fresh && !x->body;
    if (first) {
        if (!x->begun) {
            snprintf(x->ret->first, sizeof x->ret->first, "%.15s", word);
        }
        x->fresh = false;
        x->begun = true;
    }
    while (isspace((unsigned char)*s)) {
        s++;
    }
    take_word(x, word, *s, first);
    return s;
}

static const char *scan_dollar(struct scanner *x) {
    const char *s = x->s;
    size_t tag = dollar_tag(s);
    if (tag && x->steps && (!x->body || (tag == x->tag && strncmp(s, x->body, tag) == 0))) {
        x->body = x->body ? NULL : s; // a body: its words count
        x->tag = tag;
        return s + tag;
    }
    if (tag) {
        return skip_dollars(s, tag);
    }
    char *end;
    unsigned long n = strtoul(s + 1, &end, 10);
    if (end > s + 1 && isdigit((unsigned char)s[1])) {
        x->ret->highest = n > x->ret->highest ? (n > 1000 ? 1000u : (uint32_t)n) : x->ret->highest;
        return end;
    }
    return s + 1;
}

// Anything else than a word.
static const char *scan_other(struct scanner *x) {
    const char *s = x->s;
    if (s[0] == '-' && s[1] == '-') {
        return s + strcspn(s, "\n");
    }
    if (s[0] == '/' && s[1] == '*') {
        return skip_comment(s);
    }
    if (*s == '\'' || *s == '"') {
        x->fresh = false;
        x->begun = true;
        return skip_quoted(s, *s, false);
    }
    if (*s == '$') {
        return scan_dollar(x);
    }
    if (*s == ';' && !x->body) {
        x->ret->semicolon = true;
        x->fresh = true;
        x->before[0] = 0;
    } else if (!isspace((unsigned char)*s)) {
        x->begun = true; // "(SELECT ..)" has no first word
    }
    return s + 1;
}

void sql_scan_text(const char *text, bool steps, struct sql_scan *ret) {
    memset(ret, 0, sizeof *ret);
    struct scanner x = {.s = text, .steps = steps, .fresh = true, .ret = ret};
    while (x.s && *x.s) {
        bool number = isdigit((unsigned char)*x.s);
        if (number) {
            x.s += strspn(x.s, "0123456789.");
            x.begun = true;
        } else {
            x.s = is_name(*x.s) ? scan_word(&x) : scan_other(&x);
        }
    }
    ret->broken = x.s == NULL || x.body != NULL;
}

// ---- the tables

static bool check_statement(struct plugin *p, const struct anc_sql *row) {
    static const char *const firsts[] = {"SELECT", "INSERT", "UPDATE", "DELETE",
                                         "WITH",   "MERGE",  "VALUES", NULL};
    struct sql_scan scan;
    sql_scan_text(row->text, false, &scan);
    if (scan.broken) {
        return REFUSE(p, "Statement \"%s\" has a string or comment without an end.", row->name);
    }
    if (!one_of(scan.first, firsts)) {
        return REFUSE(p,
                      "Statement \"%s\" begins with %s; it must be one SELECT, INSERT, UPDATE, DELETE or "
                      "WITH.",
                      row->name, scan.first[0] ? scan.first : "no word");
    }
    if (scan.semicolon) {
        return REFUSE(p, "Statement \"%s\" holds a semicolon; each row is one statement, without one.",
                      row->name);
    }
    if (strcmp(scan.bad, "core.") == 0 || strcmp(scan.bad, "meta.") == 0) {
        return REFUSE(p, "Statement \"%s\" reaches past the api views (%s).", row->name, scan.bad);
    }
    if (scan.bad[0]) {
        return REFUSE(p, "Statement \"%s\" uses %s, which plugins may not.", row->name, scan.bad);
    }
    if (scan.highest != row->params) {
        return REFUSE(p, "Statement \"%s\" says %u parameters; the highest in its text is $%u.", row->name,
                      row->params, scan.highest);
    }
    return true;
}

static bool check_statements(struct plugin *p) {
    const struct anc_table *t = &p->about.sql;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_sql row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.name, 60, "") || !row.text || row.params > 32 ||
            strnlen(row.text, STATEMENT_BYTES + 1) > STATEMENT_BYTES) {
            return REFUSE(p,
                          "Statement %u (\"%.60s\") has no proper name or text, or more than 32 parameters.",
                          i + 1, describe_named(row.name));
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.name, row.name) == 0) {
                return REFUSE(p, "It has two statements called \"%s\".", row.name);
            }
        }
        if (!check_statement(p, &row)) {
            return false;
        }
    }
    return true;
}

static bool check_migrations(struct plugin *p) {
    const struct anc_table *t = &p->about.migrations;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_migration row;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_line(row.name, 100) || !row.text || !*row.text ||
            strnlen(row.text, MIGRATION_BYTES + 1) > MIGRATION_BYTES) {
            return REFUSE(p, "Migration %u has no name or no text.", i + 1);
        }
        if (row.number != i + 1) {
            return REFUSE(p, "The migration \"%s\" has the number %u and should have %u: they count 1, 2, 3.",
                          row.name, row.number, i + 1);
        }
        struct sql_scan scan;
        sql_scan_text(row.text, true, &scan);
        if (scan.broken) {
            return REFUSE(p, "The migration \"%s\" has a string or comment without an end.", row.name);
        }
        if (scan.bad[0]) {
            return REFUSE(p,
                          "The migration \"%s\" uses %s, which plugins may not: each runs in a transaction "
                          "of its own, as the plugin's role.",
                          row.name, scan.bad);
        }
    }
    return true;
}

bool describe_sql(struct plugin *p) {
    return check_statements(p) && check_migrations(p);
}
