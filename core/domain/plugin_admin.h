// SPDX-License-Identifier: Apache-2.0
// What an operator wants of the plugins: on or off, with which powers, with which settings. These functions
// write wishes (core.plugin, core.plugin_setting); the switching thread of the server acts on them.
//
// The person needs PERM_ADMIN; a verb acts for who may run the program and sets that bit itself. Each call is
// one transaction with an entry in the audit log, and raises core.plugin.wanted_no. Descriptions come from
// `host`, which a verb fills with plugin_host_read and plugin_host_check; nothing has to be started.
#ifndef ANCHORAGE_DOMAIN_PLUGIN_ADMIN_H
#define ANCHORAGE_DOMAIN_PLUGIN_ADMIN_H

#include "base/ctx.h"
#include "domain/plugin_settings.h"
#include "plugin/host.h"

// Instead of powers: those granted before; when it was never entered, all that it asks for (none when its
// description was not read yet).
#define PLUGIN_POWERS_AS_BEFORE (~(anc_caps)0)

// Powers by the words of commands: "read-spend" is ANC_CAP_READ_SPEND. The i-th of all (from 0), NULL after
// the last; 0 for an unknown name.
const char *plugin_power_name(size_t i, anc_caps *ret);
anc_caps plugin_power_by_name(const char *name);
// Names divided by commas or blanks ("read-spend,pages"; "" and "none": no powers). ERR_INVALID with a
// sentence that lists the names there are.
enum err plugin_powers_parse(struct ctx *c, const char *names, anc_caps *ret) MUST;

// Switches it on, or starts it again after it was suspended or has failed. Refused (ERR_CONFLICT with a plain
// sentence): a power without which it cannot work is not among `powers`, or a plugin it depends on is off.
// ERR_NOT_FOUND: neither a file nor a row of that name. ERR_INVALID: a power that is none, or one it does not
// ask for.
enum err plugin_admin_enable(struct ctx *c, struct plugin_host *host, const char *id, anc_caps powers) MUST;

// Switches it off. ERR_CONFLICT "... cannot be switched off while ...": an active plugin depends on it (it is
// named), or its scorer marks the bids of a tender that is published, closed or opened (it is named, with its
// closing time). One that is off already stays so; that is no failure.
enum err plugin_admin_disable(struct ctx *c, struct plugin_host *host, const char *id) MUST;

// Whether that would be refused now, and why; changes nothing.
enum err plugin_admin_may_disable(struct ctx *c, struct plugin_host *host, const char *id) MUST;

// Sets its powers, on or off. ERR_CONFLICT: a power without which it cannot work is taken away while it is
// pinned or needed as above.
enum err plugin_admin_grant(struct ctx *c, struct plugin_host *host, const char *id, anc_caps powers) MUST;

// One setting, as people type it: "12", "2,500.00" for money, "31.9" for a share, "yes" or "no", the value of
// a choice. Checked against the plugin's own row; ERR_INVALID with a sentence that says what to type, its
// field being the key. value NULL: the default again. The same value as before changes nothing.
enum err plugin_admin_set(struct ctx *c, struct plugin_host *host, const char *id, const char *key,
                          const char *value) MUST;

// Several at once, in the spelling that is stored; rows that say what was there before change nothing.
// *ret_changed (may be NULL): how many are different now.
enum err plugin_admin_set_all(struct ctx *c, struct plugin_host *host, const char *id,
                              const struct plugin_setting_value *list, size_t n, size_t *ret_changed) MUST;

// What the server last said of a plugin.
struct plugin_answer_now {
    bool handled; // of the last wish; false: it is still going on
    bool enabled, suspended;
    const char *state;  // "ACTIVE", ... as of plugin_state_name
    const char *reason; // plain words, "" when all is well
};
// Waits until the server has acted upon the last wish, at most ms milliseconds (0: only looks). Not inside a
// transaction. ERR_NOT_FOUND: no such row.
enum err plugin_admin_wait(struct ctx *c, const char *id, int ms, struct plugin_answer_now *ret) MUST;

// The tender that holds the plugin as it is (plugin_pinned_by; of several scorers also the one that is
// asked), with what people have to know of it. All "" when there is none. Texts in c->arena.
struct plugin_pin {
    const char *ref, *title, *state; // state of the notice
    const char *closes_at;           // a stamp of the database
    bool by_rule;                    // it holds bidders to a rule; else the plugin scores its bids
};
enum err plugin_admin_pin(struct ctx *c, struct plugin_host *host, const char *id,
                          struct plugin_pin *ret) MUST;

#endif
