// SPDX-License-Identifier: Apache-2.0
// Frozen, named reports: what they rest on, whose rules, which figures, each with its hash.
#ifndef ANCHORAGE_SPEND_REPORT_H
#define ANCHORAGE_SPEND_REPORT_H

#include "base/ctx.h"
#include "plugin/points.h"

#include <anchorage/plugin.h>

// Freezes the headline of a slice under a name. One transaction, one state of the data: what changes while it
// is made makes it begin again. ERR_INVALID beside the field "name" when that is empty; actor: an officer.
enum err report_make(struct ctx *c, const char *name, const struct anc_slice *slice,
                     const char **ret_ref) MUST;

// A report as people see it. Texts in the context's arena.
struct report_file {
    const char *anchor, *file, *sha256;
    int64_t payments, pence;
};
struct report_shown {
    const char *ref, *name, *made_by, *made_at, *inputs_hash, *figures_hash, *rules;
    struct anc_slice slice;
    const char *place;
    bool public;
    struct panel panel; // made again from the cells when it comes out the same, else as it was stored
    bool same;
    const char *why; // a sentence: whether it comes out the same, and why not
    const struct report_file *files;
    size_t file_count;
    int64_t payments;
};
// ERR_NOT_FOUND when there is none, or it is not public and the actor is no officer.
enum err report_show(struct ctx *c, const char *ref, struct report_shown *ret) MUST;

// Computes a frozen report again from its cells with the rules that are loaded now. *ret_same: figures_hash
// and inputs_hash come out as stored; when not, *ret_why says what differs ("the rules are now
// local_spend 1.1.0").
enum err report_rerun(struct ctx *c, const char *ref, bool *ret_same, const char **ret_why) MUST;

// Why a figure of two reports differs: each load, year and payee that makes a difference, largest first, and
// sums by reason, which add up to the difference of the figures to the penny.
enum report_reason {
    REPORT_NEW,    // payments of files loaded since, or counted since
    REPORT_GONE,   // of files taken back, or held to be the same as others
    REPORT_WHO,    // the payee is now tied to another supplier, or to none
    REPORT_WHERE,  // the supplier's place as it counts is another
    REPORT_TAGGED, // VCFSE as it counts is another
    REPORT_FLOW,   // counts as another kind of payment
    REPORT_CHOICE, // one report counts what the other leaves out: years, kinds of payment, classes of VCFSE
    REPORT_REASONS
};
struct report_difference {
    enum report_reason reason;
    int64_t load_id, payee_id;
    int fy;
    const char *payee, *before, *after; // facts in words
    int64_t before_pence, after_pence;  // as they count to the figure
};
#define REPORT_DIFFERENCES_MAX 100000
// figure: "all" that the report counts, "local", or "vcfse" (local, and VCFSE as the headline of each report
// counts it: by the classes that were switched on). ERR_TOO_LARGE past the bound.
enum err report_compare(struct ctx *c, const char *before_ref, const char *after_ref, const char *figure,
                        const struct report_difference **ret, size_t *ret_count,
                        int64_t ret_pence[REPORT_REASONS]) MUST;

// Whether some sum that both tell differs by fewer than 5 suppliers, so that whoever has both reports learns
// what these were paid.
enum err report_few_between(struct ctx *c, const char *ref, const char *other_ref, bool *ret) MUST;

enum err report_publish(struct ctx *c, const char *ref, bool public) MUST;

#endif
