// SPDX-License-Identifier: Apache-2.0
// What a plugin does by itself or when told: settings, verbs, jobs, filters and notifications.
#include "plugin/calls.h"
#include "plugin/describe.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_CHARS      200 // of a setting without a limit of its own
#define TEXT_CHARS_MOST 4000
#define CHOICES_MOST    50

// ---- settings

// The next line "value|Words" of choices; false at the end. *ret_n 0: it is not well-formed.
static bool next_choice(const char **at, const char **ret_value, size_t *ret_n) {
    const char *s = *at + strspn(*at, "\n");
    if (!*s) {
        return false;
    }
    size_t line = strcspn(s, "\n"), n = strcspn(s, "|\n");
    *ret_value = s;
    *ret_n = n < line && line > n + 1 ? n : 0;
    *at = s + line;
    return true;
}

static bool is_choice(const char *choices, const char *value) {
    const char *v;
    size_t n;
    while (next_choice(&choices, &v, &n)) {
        if (n > 0 && strlen(value) == n && memcmp(v, value, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool number_fits(const struct anc_setting *s, const char *value) {
    char *end;
    errno = 0;
    long long v = strtoll(value, &end, 10);
    bool shape = value[0] == '-' ? value[1] >= '0' && value[1] <= '9' : value[0] >= '0' && value[0] <= '9';
    if (!shape || *end || errno) {
        return false;
    }
    return (s->min == 0 && s->max == 0) || (v >= s->min && v <= s->max);
}

bool plugin_setting_fits(const struct anc_setting *s, const char *value) {
    switch (s->kind) {
    case ANC_SETTING_TEXT: {
        int64_t most = s->max > 0 ? s->max : TEXT_CHARS;
        if (!utf8_valid(value, strlen(value)) || text_has_control(value) || strpbrk(value, "\r\n")) {
            return false;
        }
        int64_t chars = (int64_t)utf8_count(value);
        return chars >= s->min && chars <= most;
    }
    case ANC_SETTING_NUMBER:
    case ANC_SETTING_MONEY:
    case ANC_SETTING_SHARE:
        return number_fits(s, value);
    case ANC_SETTING_YES_NO:
        return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
    case ANC_SETTING_CHOICE:
        return s->choices && is_choice(s->choices, value);
    default:
        return false;
    }
}

static bool check_choices(struct plugin *p, const struct anc_setting *s) {
    const char *at = s->choices ? s->choices : "", *v;
    size_t n, count = 0;
    while (next_choice(&at, &v, &n)) {
        if (n == 0 || n > 100 || ++count > CHOICES_MOST) {
            return REFUSE(p, "The choices of its setting \"%s\" are not \"value|Words\", one a line.",
                          s->key);
        }
    }
    return count > 0 ? true : REFUSE(p, "Its setting \"%s\" has no choices.", s->key);
}

static bool check_setting(struct plugin *p, const struct anc_setting *s) {
    if (s->kind < ANC_SETTING_TEXT || s->kind > ANC_SETTING_CHOICE) {
        return REFUSE(p, "Its setting \"%s\" is of a kind (%d) that this server does not know.", s->key,
                      (int)s->kind);
    }
    if (!describe_line(s->title, 200)) {
        return REFUSE(p, "Its setting \"%s\" has no title.", s->key);
    }
    if (!s->help || !utf8_valid(s->help, strlen(s->help))) {
        return REFUSE(p, "Its setting \"%s\" has no help (\"\" is allowed), or it is not UTF-8.", s->key);
    }
    if ((s->min > s->max && s->max != 0) || (s->kind == ANC_SETTING_TEXT && s->max > TEXT_CHARS_MOST)) {
        return REFUSE(p, "The limits of its setting \"%s\" leave no value, or too long a text.", s->key);
    }
    if (s->kind == ANC_SETTING_CHOICE && !check_choices(p, s)) {
        return false;
    }
    if (!s->dflt || !plugin_setting_fits(s, s->dflt)) {
        return REFUSE(p, "The default \"%.60s\" of its setting \"%s\" does not fit the setting's own limits.",
                      s->dflt ? s->dflt : "", s->key);
    }
    return true;
}

bool describe_settings(struct plugin *p) {
    const struct anc_table *t = &p->about.settings;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_setting row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.key, 40, "")) {
            return REFUSE(p, "Setting %u (\"%.60s\") has no proper key.", i + 1, describe_named(row.key));
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.key, row.key) == 0) {
                return REFUSE(p, "It has two settings called \"%s\".", row.key);
            }
        }
        if (!check_setting(p, &row)) {
            return false;
        }
    }
    return true;
}

// ---- verbs and jobs

static bool check_verbs(struct plugin *p) {
    const struct anc_table *t = &p->about.verbs;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_verb row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.name, 40, "-") || strchr(row.name, '_')) {
            return REFUSE(p, "Verb %u (\"%.60s\") must have a name of small letters, digits and -.", i + 1,
                          describe_named(row.name));
        }
        if (!row.words || strlen(row.words) > 200 || !describe_line(row.help, 300)) {
            return REFUSE(
                p,
                "Its verb \"%s\" does not say which words it takes (\"\" is allowed) and in one line "
                "what it does.",
                row.name);
        }
        if (!row.run) {
            return REFUSE(p, "Its verb \"%s\" has no function.", row.name);
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.name, row.name) == 0) {
                return REFUSE(p, "It has two verbs called \"%s\".", row.name);
            }
        }
    }
    return true;
}

static bool check_jobs(struct plugin *p) {
    const struct anc_table *t = &p->about.jobs;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_job row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_word(row.name, 40, "-") || !describe_line(row.title, 200)) {
            return REFUSE(p, "Job %u (\"%.60s\") has no proper name or no title.", i + 1,
                          describe_named(row.name));
        }
        if (row.every_s < 10) {
            return REFUSE(p, "Its job \"%s\" wants to run every %u seconds; at least 10 must lie between.",
                          row.name, row.every_s);
        }
        if (row.max_ms < 1 || row.max_ms > 600000) {
            return REFUSE(p, "Its job \"%s\" wants %u milliseconds; 1 to 600000 are given.", row.name,
                          row.max_ms);
        }
        if (!row.run) {
            return REFUSE(p, "Its job \"%s\" has no function.", row.name);
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.name, row.name) == 0) {
                return REFUSE(p, "It has two jobs called \"%s\".", row.name);
            }
        }
    }
    return true;
}

// ---- events

static bool known_event(int32_t kind) {
    return kind > 0 && kind < ANC_EVENT_COUNT;
}

static bool check_filters(struct plugin *p) {
    for (uint32_t i = 0; i < p->about.filters.count; i++) {
        struct anc_filter row;
        plugin_row(&p->about.filters, i, &row, sizeof row);
        if (!known_event(row.event)) {
            return REFUSE(p, "Filter %u is for an event (%d) that this server does not have.", i + 1,
                          (int)row.event);
        }
        if (!plugin_event_is_filter(row.event)) {
            return REFUSE(p, "Filter %u is for \"%s\", which has happened already: make it a notification.",
                          i + 1, plugin_event_words(row.event));
        }
        if (!row.ask) {
            return REFUSE(p, "Filter %u has no function.", i + 1);
        }
    }
    return true;
}

static bool check_notifications(struct plugin *p) {
    for (uint32_t i = 0; i < p->about.notifications.count; i++) {
        struct anc_notification row;
        plugin_row(&p->about.notifications, i, &row, sizeof row);
        if (!known_event(row.event)) {
            return REFUSE(p, "Notification %u is for an event (%d) that this server does not have.", i + 1,
                          (int)row.event);
        }
        if (plugin_event_is_filter(row.event)) {
            return REFUSE(p, "Notification %u is for \"%s\", which is only asked before: make it a filter.",
                          i + 1, plugin_event_words(row.event));
        }
        if (!row.told) {
            return REFUSE(p, "Notification %u has no function.", i + 1);
        }
        for (uint32_t k = 0; k < i; k++) {
            struct anc_notification other;
            plugin_row(&p->about.notifications, k, &other, sizeof other);
            if (other.event == row.event) {
                return REFUSE(p, "It has two notifications for \"%s\".", plugin_event_words(row.event));
            }
        }
    }
    return true;
}

bool describe_work(struct plugin *p) {
    return check_verbs(p) && check_jobs(p) && check_filters(p) && check_notifications(p);
}
