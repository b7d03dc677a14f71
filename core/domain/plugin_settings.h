// SPDX-License-Identifier: Apache-2.0
// Settings of plugins: the form made from their rows, what was typed as it is stored, and stored values in
// words. Nothing here needs a database.
#ifndef ANCHORAGE_DOMAIN_PLUGIN_SETTINGS_H
#define ANCHORAGE_DOMAIN_PLUGIN_SETTINGS_H

#include "form/form.h"

#include <anchorage/plugin.h>

// What to do with a setting. value: as it is stored ("250000" for £2,500.00, "3190" for 31.9%); NULL: the
// default again.
struct plugin_setting_value {
    const char *key, *value;
};

// The form of all settings in the plugin's order; NULL when it has none. A field is called "s_" and the key,
// so that no key can be mistaken for a field of the house. Texts live in the arena or belong to the plugin.
const struct form_spec *plugin_settings_spec(struct arena *a, const struct anc_plugin *about);
// The same with one field. *ret_row: the setting's row. NULL: no such key.
const struct form_spec *plugin_setting_spec(struct arena *a, const struct anc_plugin *about, const char *key,
                                            struct anc_setting *ret_row);
const char *plugin_setting_field(struct arena *a, const char *key); // "s_target" of "target"

// Shows a stored value in a form; a value that the row does not allow (any more) shows the default.
void plugin_setting_show(struct form *f, const struct anc_setting *row, const char *value);

// What stands in a form that was read without errors, as it is stored. NULL: left empty, so the default. In
// the arena.
const char *plugin_setting_read(struct arena *a, const struct form *f, const struct anc_setting *row);

// What a person types at a command, "yes" or "31.9", as the form's field would send it.
const char *plugin_setting_typed(const struct anc_setting *row, const char *value);

// A stored value for people: "£2,500.00", "31.9%", "Yes", the words of a choice. In the arena.
const char *plugin_setting_words(struct arena *a, const struct anc_setting *row, const char *value);

#endif
