// SPDX-License-Identifier: Apache-2.0
// The spend panel: headline figures and tables of a choice, drawn by the host.
#ifndef LOCAL_SPEND_PANEL_H
#define LOCAL_SPEND_PANEL_H

#include <anchorage/plugin.h>

// Fills the panel for a filter (state: struct spend_state). ANC_OK also when nothing was loaded yet: the
// panel then says so in a note.
anc_rc panel_fill(anc_ctx *ctx, const struct anc_spend_filter *filter, anc_panel *panel, void *state);

// Kinds of payment that count when nobody chose any.
uint32_t panel_flows(anc_ctx *ctx, void *state);

// Classes of VCFSE by policy that the headline counts.
const char *panel_classes(anc_ctx *ctx, void *state);

#endif
