// SPDX-License-Identifier: Apache-2.0
// Which keys a template uses, and how: for programs that check templates, such as `plugin check`.
#ifndef ANCHORAGE_RENDER_KEYS_H
#define ANCHORAGE_RENDER_KEYS_H

#include "render/template.h"

enum template_use {
    TEMPLATE_USE_TEXT,    // {{key}}, {{lines key}}
    TEMPLATE_USE_NUMBER,  // through a helper that takes numbers: {{money key}}, {{count key}}, ...
    TEMPLATE_USE_DATE,    // {{day key}}, {{when key}}
    TEMPLATE_USE_HTML,    // {{html key}}
    TEMPLATE_USE_SECTION, // {{#key}}
    TEMPLATE_USE_ASKED,   // {{?key}}, {{^key}}
    TEMPLATE_USE_FIELD    // {{field key}}, {{question key}}: a field of the form
};

// Calls fn for every use in template `name` of a compiled set and in what it includes; a key comes as often
// as it is used. False when the set has no such template.
bool template_each_key(const struct template_set *set, const char *name,
                       void (*fn)(void *arg, const char *key, enum template_use use), void *arg);

#endif
