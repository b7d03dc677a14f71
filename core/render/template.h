// SPDX-License-Identifier: Apache-2.0
// Templates: compiled once, escaping by place, read-only afterwards and shared by all threads.
#ifndef ANCHORAGE_RENDER_TEMPLATE_H
#define ANCHORAGE_RENDER_TEMPLATE_H

#include "base/err.h"
#include "base/strb.h"
#include "render/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct template_set;
struct form;

// Sets are immutable once compiled; a plugin's templates go into a set of its own whose `base` is the core
// set (partials and layout are found there).
struct template_set *template_set_new(const struct template_set *base);
// Folder put before names in messages (default "web/templates/"; a plugin's set says its own). Text is
// copied.
void template_set_folder(struct template_set *s, const char *folder);
// Adds a source under a name ("suppliers/show"; file web/templates/suppliers/show.html). Text is copied.
void template_add(struct template_set *s, const char *name, const char *text, size_t n);
// Compiles all; on failure writes "web/templates/x.html:12: why" and returns false.
bool template_compile(struct template_set *s, char *why, size_t why_cap);
void template_set_free(struct template_set *s);
bool template_exists(const struct template_set *s, const char *name);

struct render_env {
    const struct template_set *set;
    const struct form *form; // for {{field}}, {{errors}}; NULL when the page has no form
    const char *csrf_token;  // for {{csrf}}; NULL: nobody signed in, an empty string is written
    // Keys that the page sees before those of the model, and its layout never sees (pages of plugins); NULL:
    // none.
    const struct model *inner;
};

// Renders page `name` inside template `layout` (NULL: alone). A key that neither the innermost nor an outer
// scope knows is counted, logged and, in strict mode (tests, debug builds), makes this fail with ERR_BUG.
enum err template_render(const struct render_env *env, const char *layout, const char *name,
                         const struct model *m, struct strb *out) MUST;

// Renders a template alone, for {{html key}} of another; NULL when it cannot be made. In the arena.
const struct html *template_html(const struct render_env *env, const char *name, const struct model *m,
                                 struct arena *a);

void template_set_strict(bool on);
uint64_t template_unknown_keys(void); // since start, for /metrics

#endif
