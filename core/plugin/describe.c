// SPDX-License-Identifier: Apache-2.0
// The description of a plugin: every check that can be made before its code runs, one reason at a time.
#include "plugin/describe.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

// Bytes up to the end of a field: what the first version had, before later ones grew.
#define UP_TO(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

bool describe_word(const char *s, size_t max, const char *also) {
    size_t n = s ? strlen(s) : 0;
    if (n < 1 || n > max || s[0] < 'a' || s[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < n; i++) {
        bool letter = (s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || s[i] == '_';
        if (!letter && !strchr(also, s[i])) {
            return false;
        }
    }
    return true;
}

bool describe_line(const char *s, size_t max) {
    size_t n = s ? strnlen(s, max + 1) : 0;
    return n > 0 && n <= max && utf8_valid(s, n) && !text_has_control(s) && !strpbrk(s, "\r\n");
}

static bool check_abi(struct plugin *p, const struct anc_plugin *a) {
    if (a->magic != ANC_ABI_MAGIC) {
        return REFUSE(p, "The magic number is 0x%08x, not 0x%08x: this is not an Anchorage plugin.", a->magic,
                      ANC_ABI_MAGIC);
    }
    if (a->abi_major != ANC_ABI_MAJOR) {
        return REFUSE(p, "It was built for ABI %u.%u, this server has %u.%u. %s", a->abi_major, a->abi_minor,
                      ANC_ABI_MAJOR, ANC_ABI_MINOR,
                      a->abi_major > ANC_ABI_MAJOR ? "Update the server."
                                                   : "Build it again with this server's header.");
    }
    if (a->abi_minor > ANC_ABI_MINOR) {
        return REFUSE(p, "It needs ABI %u.%u, this server has %u.%u. Update the server.", a->abi_major,
                      a->abi_minor, ANC_ABI_MAJOR, ANC_ABI_MINOR);
    }
    if (a->size < UP_TO(struct anc_plugin, providers)) {
        return REFUSE(p, "Its description has %u bytes, at least %zu are expected.", a->size,
                      UP_TO(struct anc_plugin, providers));
    }
    if (strncmp(a->abi_extra, ANC_ABI_EXTRA, sizeof a->abi_extra) != 0) {
        return REFUSE(p, "It was built for \"%.16s\", this server for \"%s\".", a->abi_extra, ANC_ABI_EXTRA);
    }
    return true;
}

static bool check_names(struct plugin *p, const struct anc_plugin *a) {
    if (!describe_word(a->id, 31, "") || strlen(a->id) < 2) {
        return REFUSE(p, "Its id \"%.40s\" must have 2 to 31 small letters, digits or _, a letter first.",
                      describe_named(a->id));
    }
    if (strcmp(a->id, p->id) != 0) {
        return REFUSE(p, "The file is called %s but the plugin calls itself %s. Rename one of them.", p->id,
                      a->id);
    }
    const struct {
        const char *what, *text;
        size_t max;
    } lines[] = {{"title", a->title, 100}, {"summary", a->summary, 500}, {"licence", a->license, 100}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!describe_line(lines[i].text, lines[i].max)) {
            return REFUSE(p, "Its description lacks a %s (one line of at most %zu bytes).", lines[i].what,
                          lines[i].max);
        }
    }
    return true;
}

static const struct table_rule {
    size_t at; // of the table in struct anc_plugin
    const char *name;
    uint32_t max;
    size_t row;     // bytes of a row of the first version
    anc_caps power; // it needs
} table_rules[] = {
    {offsetof(struct anc_plugin, dependencies), "dependencies", 16, UP_TO(struct anc_dependency, min_version),
     0},
    {offsetof(struct anc_plugin, settings), "settings", 64, UP_TO(struct anc_setting, choices), 0},
    {offsetof(struct anc_plugin, migrations), "migrations", 500, UP_TO(struct anc_migration, text),
     ANC_CAP_OWN_TABLES},
    {offsetof(struct anc_plugin, sql), "statements", 256, UP_TO(struct anc_sql, params), 0},
    {offsetof(struct anc_plugin, templates), "templates", 128, UP_TO(struct anc_template, bytes), 0},
    {offsetof(struct anc_plugin, forms), "forms", 64, UP_TO(struct anc_form, text), 0},
    {offsetof(struct anc_plugin, texts), "texts", 2000, UP_TO(struct anc_text, text), 0},
    {offsetof(struct anc_plugin, routes), "routes", 128, UP_TO(struct anc_route, page), ANC_CAP_PAGES},
    {offsetof(struct anc_plugin, menu), "menu entries", 16, UP_TO(struct anc_menu, perm), ANC_CAP_PAGES},
    {offsetof(struct anc_plugin, panels), "panels", 32, UP_TO(struct anc_page_panel, fill), ANC_CAP_PAGES},
    {offsetof(struct anc_plugin, verbs), "verbs", 32, UP_TO(struct anc_verb, run), 0},
    {offsetof(struct anc_plugin, jobs), "jobs", 32, UP_TO(struct anc_job, run), ANC_CAP_JOBS},
    {offsetof(struct anc_plugin, filters), "filters", 32, UP_TO(struct anc_filter, ask), ANC_CAP_EVENTS},
    {offsetof(struct anc_plugin, notifications), "notifications", 32, UP_TO(struct anc_notification, told),
     ANC_CAP_EVENTS},
    {offsetof(struct anc_plugin, providers), "providers", 32, UP_TO(struct anc_provider, table), 0},
};

static bool check_tables(struct plugin *p) {
    anc_caps asked = p->about.wants | p->about.wants_optional;
    for (size_t i = 0; i < sizeof table_rules / sizeof *table_rules; i++) {
        const struct table_rule *r = &table_rules[i];
        const struct anc_table *t = (const struct anc_table *)(const void *)((const char *)&p->about + r->at);
        if (t->count > r->max) {
            return REFUSE(p, "It has %u %s; at most %u are taken.", t->count, r->name, r->max);
        }
        if (t->count > 0 && !t->rows) {
            return REFUSE(p, "Its table of %s says %u rows and has none.", r->name, t->count);
        }
        if (t->count > 0 && t->row_size < r->row) {
            return REFUSE(p, "The rows of its table of %s have %u bytes, at least %zu are expected.", r->name,
                          t->row_size, r->row);
        }
        if (t->count > 0 && (asked & r->power) != r->power) {
            return REFUSE(p, "Its %s need the power \"%s\", which the plugin does not ask for.", r->name,
                          plugin_cap_words(r->power));
        }
    }
    return true;
}

static bool check_powers(struct plugin *p) {
    for (unsigned bit = 0; bit < 64; bit++) {
        anc_caps one = (anc_caps)1 << bit;
        if ((p->about.wants & one) && !plugin_cap_words(one)) {
            return REFUSE(p, "It asks for a power (number %u) that this server does not know.", bit);
        }
    }
    p->about.wants_optional &= ANC_CAP_ALL; // made for a newer server, it lives without them
    return true;
}

static bool check_dependencies(struct plugin *p) {
    const struct anc_table *t = &p->about.dependencies;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_dependency row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.id, 31, "")) {
            return REFUSE(p, "Dependency %u does not name a plugin.", i + 1);
        }
        if (strcmp(row.id, p->id) == 0) {
            return REFUSE(p, "It says that it needs itself.");
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.id, row.id) == 0) {
                return REFUSE(p, "It names the plugin %s twice among those it needs.", row.id);
            }
        }
    }
    return true;
}

static bool check_texts(struct plugin *p) {
    const struct anc_table *t = &p->about.texts;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_text row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.key, 60, "") || !row.text || !utf8_valid(row.text, strlen(row.text))) {
            return REFUSE(p, "Text %u (\"%.60s\") has no proper key or is not UTF-8.", i + 1,
                          describe_named(row.key));
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.key, row.key) == 0) {
                return REFUSE(p, "It has two texts with the key \"%s\".", row.key);
            }
        }
    }
    return true;
}

bool describe_small(struct plugin *p) {
    return check_dependencies(p) && check_texts(p);
}

bool plugin_describe(struct plugin *p, const struct anc_plugin *given) {
    if (!check_abi(p, given)) {
        return false;
    }
    memset(&p->about, 0, sizeof p->about);
    memcpy(&p->about, given, given->size < sizeof p->about ? given->size : sizeof p->about);
    return check_names(p, &p->about) && check_powers(p) && check_tables(p) && describe_small(p) &&
           describe_settings(p) && describe_sql(p) && describe_pages(p) && describe_work(p) &&
           describe_providers(p);
}
