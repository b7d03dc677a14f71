// SPDX-License-Identifier: Apache-2.0
// The parts of the check of a description, one file for each kind of table. All of them stop at the first
// thing that is not as it should be and say it in words (plugin_fail).
#ifndef ANCHORAGE_PLUGIN_DESCRIBE_H
#define ANCHORAGE_PLUGIN_DESCRIBE_H

#include "plugin/plugin.h"

// Says why and is false, so that a check can end with it.
#define REFUSE(p, ...) (plugin_fail((p), __VA_ARGS__), false)

// For names in sentences: what a plugin forgot is shown as "?".
static inline const char *describe_named(const char *s) {
    return s && *s ? s : "?";
}

// [a-z][a-z0-9_]* of at most max bytes; with `also` as further characters behind the first ("-").
bool describe_word(const char *s, size_t max, const char *also);
// UTF-8 on one line, not empty, at most max bytes.
bool describe_line(const char *s, size_t max);

bool describe_small(struct plugin *p); // describe.c: dependencies and texts
bool describe_settings(struct plugin *p);
bool describe_sql(struct plugin *p);   // statements and migrations
bool describe_pages(struct plugin *p); // templates, forms, routes, menu, panels
bool describe_work(struct plugin *p);  // verbs, jobs, filters, notifications
bool describe_providers(struct plugin *p);

// What stands in a text of SQL outside of strings and comments.
struct sql_scan {
    char first[16];   // first word, in capital letters
    char bad[48];     // first word that may not be there, "" none
    uint32_t highest; // highest $n
    bool semicolon;   // anywhere
    bool broken;      // a string, a quoted name or a comment has no end
};
// `steps`: a migration: several statements, of which none may end the transaction or change the role; bodies
// between dollar signs are looked into. Else one statement.
void sql_scan_text(const char *text, bool steps, struct sql_scan *ret);

#endif
