// SPDX-License-Identifier: Apache-2.0
// What making a frozen report and reading it share; nobody else includes it.
#ifndef ANCHORAGE_SPEND_REPORTINT_H
#define ANCHORAGE_SPEND_REPORTINT_H

#include "spend/report.h"

// The panel of a report from its frozen cells, as everybody sees it, and as one document.
enum err report_figures_of(struct ctx *c, const char *ref, const struct anc_slice *slice, const char *place,
                           const struct provider *p, struct panel *ret_panel, const char **ret) MUST;
// By whose rules figures are made now.
enum err report_rules_of(struct ctx *c, const struct provider *p, const char **ret) MUST;
enum err report_inputs_hash(struct ctx *c, const char *id, const char *filter, const char *rules,
                            const char *inputs, char ret[65]) MUST;
enum err report_panel_provider(struct ctx *c, struct provider *ret) MUST;

// core/spend/report_stored.c: figures and files as they were stored. False: no such document.
bool report_stored_panel(struct arena *a, const char *figures, struct panel *ret);
bool report_stored_files(struct arena *a, const char *inputs, struct report_shown *ret);

#endif
