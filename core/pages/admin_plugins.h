// SPDX-License-Identifier: Apache-2.0
// Pages about plugins for administrators: what their files share.
#ifndef ANCHORAGE_PAGES_ADMIN_PLUGINS_H
#define ANCHORAGE_PAGES_ADMIN_PLUGINS_H

#include "db/db.h"
#include "http/app.h"
#include "http/req.h"
#include "pages/plugin_words.h"

// One plugin: what the program knows of it, what is wished of it, and both in words.
struct plugin_seen {
    struct plugin_info info; // about NULL: its description was not read
    const char *id, *title;  // the title, or the id until its description was read
    const char *reason, *version, *hash;
    bool entered, enabled, handled; // has a row; is wanted; the last wish was acted upon
    anc_caps granted;
    int64_t changed_usec; // of the last wish, 0 none
    enum plugin_state state;
    struct plugin_state_words words;
};

// All plugins, those first that somebody should look at, then by title.
enum err plugin_see_all(struct req *r, struct plugin_seen **ret, size_t *ret_n) MUST;
// The plugin of the address. ERR_NOT_FOUND: neither a file nor a row.
enum err plugin_see(struct req *r, struct plugin_seen *ret) MUST;

// A page about it: "Switch off: Pledges" and what all templates of admin/plugin* show.
struct model *plugin_page_model(struct req *r, const char *what, const struct plugin_seen *p);

// What it brings, as its description says, for admin/plugin-brings (admin_plugin_parts.c).
void plugin_put_brings(struct req *r, struct model *m, const struct plugin_seen *p);
// How its jobs and deliveries are going.
enum err plugin_put_work(struct req *r, struct model *m, const struct plugin_seen *p) MUST;
// Its settings with their values: list settings (label, value, dflt, changed).
enum err plugin_put_settings(struct req *r, struct model *m, const struct plugin_seen *p) MUST;

// Names of powers: "read payments, show pages", "nothing" when there are none.
const char *plugin_powers_list(struct arena *a, anc_caps powers);

// core/pages/admin_plugin_acts.c
enum err plugin_wait_for_end(struct req *r, const char *id) MUST;  // of the last wish, some seconds at most
const struct form_spec *plugin_settings_form(const struct req *r); // for the routes
enum err plugin_page_on(struct req *r) MUST;
enum err plugin_post_on(struct req *r) MUST;
enum err plugin_page_off(struct req *r) MUST;
enum err plugin_post_off(struct req *r) MUST;
enum err plugin_post_again(struct req *r) MUST;
enum err plugin_page_powers(struct req *r) MUST;
enum err plugin_post_powers(struct req *r) MUST;
enum err plugin_page_settings(struct req *r) MUST;
enum err plugin_post_settings(struct req *r) MUST;

#endif
