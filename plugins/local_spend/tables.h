// SPDX-License-Identifier: Apache-2.0
// The tables of the spend panel, one a view.
#ifndef LOCAL_SPEND_TABLES_H
#define LOCAL_SPEND_TABLES_H

#include "view.h"

#include <stddef.h>

struct panel_view {
    const char *key; // as in panel_views
    anc_rc (*draw)(struct view *v);
};

// The same as the host asks for them.
#define TABLES 8
extern const struct anc_spend_view panel_views[TABLES];

size_t tables_count(void);
const struct panel_view *tables_at(size_t i);
const struct panel_view *tables_find(const char *key); // NULL: none of that key

// Years side by side; part of the headline.
anc_rc draw_years(struct view *v);

#endif
