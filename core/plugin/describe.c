// SPDX-License-Identifier: Apache-2.0
// The description of a plugin: every check that can be made before its code runs, one reason at a time.
#include "plugin/plugin.h"

#include <string.h>

static bool is_word(const char *s, size_t max) {
    size_t n = s ? strlen(s) : 0;
    if (n < 2 || n > max || s[0] < 'a' || s[0] > 'z') {
        return false;
    }
    return strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool check_abi(struct plugin *p, const struct anc_plugin *a) {
    if (a->magic != ANC_ABI_MAGIC) {
        plugin_fail(p, "The magic number is 0x%08x, not 0x%08x: this is not an Anchorage plugin.", a->magic,
                    ANC_ABI_MAGIC);
    } else if (a->abi_major != ANC_ABI_MAJOR) {
        plugin_fail(
            p,
            "It was built for ABI %u, this server speaks ABI %u. Build it again with this server's header.",
            a->abi_major, ANC_ABI_MAJOR);
    } else if (a->abi_minor > ANC_ABI_MINOR) {
        plugin_fail(p, "It needs ABI %u.%u, this server has %u.%u. Update the server.", a->abi_major,
                    a->abi_minor, ANC_ABI_MAJOR, ANC_ABI_MINOR);
    } else if (a->size != sizeof *a) {
        plugin_fail(p, "Its description has %u bytes, %zu are expected.", a->size, sizeof *a);
    } else if (strncmp(a->abi_extra, ANC_ABI_EXTRA, sizeof a->abi_extra) != 0) {
        plugin_fail(p, "It was built for \"%.16s\", this server for \"%s\".", a->abi_extra, ANC_ABI_EXTRA);
    } else {
        return true;
    }
    return false;
}

static bool check_table(struct plugin *p, const struct anc_table *t, const char *name, uint32_t max) {
    if (t->count > max || (t->count > 0 && (!t->rows || t->row_size == 0))) {
        plugin_fail(p, "Its table of %s is not well-formed.", name);
        return false;
    }
    return true;
}

static anc_caps needed_power(uint32_t point) {
    switch (point) {
    case ANC_POINT_SUPPLIER_TAGGER:
        return ANC_CAP_WRITE_TAGS;
    case ANC_POINT_NOTICE_EXPORTER:
        return ANC_CAP_EXPORT;
    case ANC_POINT_BID_SCORER:
        return ANC_CAP_WRITE_SCORES;
    case ANC_POINT_SPEND_SOURCE:
        return ANC_CAP_READ_UPLOADS;
    case ANC_POINT_SPEND_PANEL:
        return ANC_CAP_READ_SPEND;
    case ANC_POINT_ELIGIBILITY_RULE:
        return ANC_CAP_RULES;
    case ANC_POINT_NOTIFIER:
        return ANC_CAP_NOTIFY;
    default:
        return 0;
    }
}

static bool check_providers(struct plugin *p, const struct anc_plugin *a) {
    for (uint32_t i = 0; i < a->providers.count; i++) {
        struct anc_provider row;
        plugin_row(&a->providers, i, &row, sizeof row);
        anc_caps need = needed_power(row.point);
        if (!row.key || !*row.key || !row.table || need == 0) {
            plugin_fail(p, "Provider %u names no key or an extension point this server does not have.",
                        i + 1);
            return false;
        }
        if (!((a->wants | a->wants_optional) & need)) {
            plugin_fail(p, "Its provider \"%s\" needs a power that the plugin does not ask for.", row.key);
            return false;
        }
    }
    return true;
}

static bool check_sql(struct plugin *p, const struct anc_plugin *a) {
    for (uint32_t i = 0; i < a->sql.count; i++) {
        struct anc_sql row;
        plugin_row(&a->sql, i, &row, sizeof row);
        if (!is_word(row.name, 60) || !row.text || row.params > 32) {
            plugin_fail(p, "Statement %u has no proper name or text.", i + 1);
            return false;
        }
        if (strstr(row.text, "core.") || strchr(row.text, ';')) {
            plugin_fail(p, "Statement \"%s\" reaches past the api views.", row.name);
            return false;
        }
    }
    return true;
}

bool plugin_describe(struct plugin *p, const struct anc_plugin *given) {
    if (!check_abi(p, given)) {
        return false;
    }
    p->about = *given;
    const struct anc_plugin *a = &p->about;
    if (!is_word(a->id, 31) || !a->title || !a->summary || !a->license) {
        plugin_fail(p, "Its description lacks an id, title, summary or licence.");
        return false;
    }
    if (strcmp(a->id, p->id) != 0) {
        plugin_fail(p, "The file is called %s but the plugin calls itself %s. Rename one of them.", p->id,
                    a->id);
        return false;
    }
    return check_table(p, &a->dependencies, "dependencies", 16) &&
           check_table(p, &a->settings, "settings", 64) && check_table(p, &a->sql, "statements", 256) &&
           check_table(p, &a->providers, "providers", 32) && check_providers(p, a) && check_sql(p, a);
}
