// SPDX-License-Identifier: Apache-2.0
// Calling plugins: one function for each extension point; every entry into plugin code passes through here.
#ifndef ANCHORAGE_PLUGIN_POINTS_H
#define ANCHORAGE_PLUGIN_POINTS_H

#include "base/ctx.h"
#include "base/strb.h"
#include "plugin/host.h"
#include "render/picture.h"

struct plugin_member; // a plugin in a generation

// A provider found: what to call, whose it is. Good as long as the generation is held.
struct provider {
    const void *table;
    const char *key;
    const struct plugin_member *owner;
};

// Providers of a point (ANC_POINT_*) of a generation, in order. false when there is no i-th, or no
// generation.
bool provider_at(const struct plugin_set *s, uint32_t point, size_t i, struct provider *ret);
bool provider_find(const struct plugin_set *s, uint32_t point, const char *key, struct provider *ret);
const char *provider_plugin_id(const struct provider *p);

// What a plugin reported, in order.
struct finding {
    int severity; // ANC_FINDING_*
    const char *field, *text;
};
struct findings {
    const struct finding *list;
    size_t count;
    size_t errors;
};

// ANC_POINT_SUPPLIER_TAGGER
enum err point_judge(struct ctx *c, const struct provider *p, const struct anc_supplier *facts,
                     struct anc_tag *ret) MUST;

// ANC_POINT_NOTICE_EXPORTER: check one; write all into `out` (its max is the bound).
enum err point_notice_check(struct ctx *c, const struct provider *p, const struct anc_notice *n,
                            struct findings *ret) MUST;
enum err point_notice_write(struct ctx *c, const struct provider *p, const struct anc_notice *list,
                            uint32_t count, struct strb *out, struct findings *ret) MUST;

// ANC_POINT_BID_SCORER: a result outside 0..max is a fault of the plugin (ERR_BUG).
enum err point_score(struct ctx *c, const struct provider *p, const struct anc_bid *bid,
                     struct anc_score *ret) MUST;
size_t point_measures(const struct provider *p);
void point_measure(const struct provider *p, size_t i, struct anc_measure *ret);

// ANC_POINT_SPEND_PANEL: what a panel said, ready for a page or a verb.
struct panel_figure {
    const char *label, *note;
    int kind; // ANC_COLUMN_*
    int64_t value;
};
struct panel_part {
    const char *key;
    const struct table *table;
    const char *finding;    // NULL: no picture
    struct picture picture; // its kind is PICTURE_NONE when there is none
    const char *withheld; // why nothing is shown; the table then holds that sentence alone. NULL: it is shown
};
struct panel {
    const char *title;
    const struct panel_figure *figures;
    size_t figure_count;
    const struct panel_part *parts;
    size_t part_count;
    const char *const *notes;
    size_t note_count;
};
// A picture that cannot be drawn is a fault of the plugin (ERR_BUG).
enum err point_panel(struct ctx *c, const struct provider *p, const struct anc_spend_filter *filter,
                     struct panel *ret) MUST;
// Its own views; none of an older plugin. rules: name and version of its method, "" none said.
size_t point_panel_views(const struct provider *p);
void point_panel_view(const struct provider *p, size_t i, struct anc_spend_view *ret);
const char *point_panel_rules(const struct provider *p);
// Kinds of payment that count when nobody chose any; 0: all. A kind that does not exist is a fault.
enum err point_panel_flows(struct ctx *c, const struct provider *p, uint32_t *ret) MUST;
// Settings of a plugin as they were; those not listed have their defaults. While a context points to it
// (struct ctx, settings_as_of), that plugin reads these.
struct settings_as_of {
    const char *plugin;
    size_t count;
    const char *const *key, *const *value;
};

// Classes of VCFSE by policy that its headline counts, one blank between; "" none. Anything but short words
// is a fault.
enum err point_panel_classes(struct ctx *c, const struct provider *p, const char **ret) MUST;

// ANC_POINT_ELIGIBILITY_RULE: a result without a reason is a fault.
enum err point_rule(struct ctx *c, const struct provider *p, const struct anc_rule_facts *facts,
                    struct anc_rule_result *ret) MUST;
const char *point_rule_title(const struct provider *p);
const char *point_rule_help(const struct provider *p);

// ANC_POINT_NOTIFIER: ERR_INVALID with the reason in c when nothing can be sent there.
enum err point_check_address(struct ctx *c, const struct provider *p, const char *address) MUST;
enum err point_send(struct ctx *c, const struct provider *p, const struct anc_message *message) MUST;
void point_notifier_words(const struct provider *p, const char **ret_title, const char **ret_label,
                          const char **ret_hint);

#endif
