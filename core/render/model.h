// SPDX-License-Identifier: Apache-2.0
// What a page shows: named texts, flags, lists and ready-made safe HTML, living in an arena.
#ifndef ANCHORAGE_RENDER_MODEL_H
#define ANCHORAGE_RENDER_MODEL_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct model;
struct html; // HTML that only core/render can make: tables, charts, form fields

struct model *model_new(struct arena *a);
struct arena *model_arena(const struct model *m);

// Keys are string literals or live as long as the arena; texts are copied. Setting a key again replaces it.
void model_text(struct model *m, const char *key, const char *text); // NULL is ""
void model_textf(struct model *m, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void model_i64(struct model *m, const char *key, int64_t v);
void model_bool(struct model *m, const char *key, bool v);
void model_html(struct model *m, const char *key, const struct html *h);

// A list; an empty one is made by model_list alone. model_add appends an item and returns it to be filled.
void model_list(struct model *m, const char *key);
struct model *model_add(struct model *m, const char *key);

// Whether the key was set at all.
bool model_has(const struct model *m, const char *key);

#endif
