// SPDX-License-Identifier: Apache-2.0
// The spend panel: headline figures and tables for a year, drawn by the host.
#ifndef LOCAL_SPEND_PANEL_H
#define LOCAL_SPEND_PANEL_H

#include <anchorage/plugin.h>

// Statements of sql/panel.sql by their place in the plugin's table; plugin.c fills it from the generated
// names.
struct panel_sql {
    uint32_t by_year, counted, by_ward, by_sector, by_anchor, top_suppliers;
};

// Fills the panel for a filter. ANC_OK also when nothing was loaded yet: the panel then says so in a note.
anc_rc panel_fill(const struct anc_host *host, const struct panel_sql *sql, anc_ctx *ctx,
                  const struct anc_spend_filter *filter, anc_panel *panel);

#endif
