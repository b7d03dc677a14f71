// SPDX-License-Identifier: Apache-2.0
// What making a frozen report and reading it share; nobody else includes it.
#ifndef ANCHORAGE_SPEND_REPORTINT_H
#define ANCHORAGE_SPEND_REPORTINT_H

#include "spend/report.h"

// The panel of a report from its frozen cells, as everybody sees it, and as one document.
// rules: as stored with it, whose settings the plugin is to use.
enum err report_figures_of(struct ctx *c, const char *ref, const struct anc_slice *slice, const char *place,
                           const char *rules, const struct provider *p, struct panel *ret_panel,
                           const char **ret) MUST;
// By whose rules figures are made now, with the settings of now.
enum err report_rules_of(struct ctx *c, const struct provider *p, const char **ret) MUST;
enum err report_inputs_hash(struct ctx *c, const char *id, const char *filter, const char *rules,
                            const char *inputs, char ret[65]) MUST;
// Kinds of payment as an array of a statement; 0: all.
const char *report_flow_array(struct arena *a, uint32_t flows);
enum err report_panel_provider(struct ctx *c, struct provider *ret) MUST;

// core/spend/report_stored.c: figures and files as they were stored. False: no such document.
bool report_stored_panel(struct arena *a, const char *figures, struct panel *ret);
// Settings in the column `rules`. False: it cannot be read.
bool report_stored_settings(struct arena *a, const char *rules, struct settings_as_of *ret);
// Its plugin's method and matcher in words: "local_spend 2, names by local_spend 3"; "" when it cannot be
// read.
const char *report_stored_method(struct arena *a, const char *rules);
bool report_stored_files(struct arena *a, const char *inputs, struct report_shown *ret);

#endif
