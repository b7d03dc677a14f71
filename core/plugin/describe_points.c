// SPDX-License-Identifier: Apache-2.0
// Providers of a plugin: what each extension point demands of the struct behind a key.
#include "plugin/describe.h"

#include <stddef.h>
#include <string.h>

#define UP_TO(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

// A field that must be set. All of them are pointers.
struct must {
    size_t at;
    const char *name;
};
#define TEXT(type, field)                                                                                    \
    { offsetof(struct type, field), #field }

static const struct point_rule {
    const char *words;
    anc_caps power;
    size_t bytes; // of the first version of its struct
    struct must must[9];
} point_rules[] = {
    [ANC_POINT_SUPPLIER_TAGGER] = {"supplier tagger",
                                   ANC_CAP_WRITE_TAGS,
                                   UP_TO(struct anc_supplier_tagger, judge),
                                   {TEXT(anc_supplier_tagger, tag), TEXT(anc_supplier_tagger, title),
                                    TEXT(anc_supplier_tagger, judge)}},
    [ANC_POINT_NOTICE_EXPORTER] = {"notice exporter",
                                   ANC_CAP_EXPORT,
                                   UP_TO(struct anc_notice_exporter, write),
                                   {TEXT(anc_notice_exporter, title), TEXT(anc_notice_exporter, media_type),
                                    TEXT(anc_notice_exporter, file_ext), TEXT(anc_notice_exporter, check),
                                    TEXT(anc_notice_exporter, write)}},
    [ANC_POINT_BID_SCORER] = {"bid scorer",
                              ANC_CAP_WRITE_SCORES,
                              UP_TO(struct anc_bid_scorer, score),
                              {TEXT(anc_bid_scorer, method), TEXT(anc_bid_scorer, version),
                               TEXT(anc_bid_scorer, title), TEXT(anc_bid_scorer, score)}},
    [ANC_POINT_SPEND_PANEL] = {"spend panel",
                               ANC_CAP_READ_SPEND,
                               UP_TO(struct anc_spend_panel, fill),
                               {TEXT(anc_spend_panel, title), TEXT(anc_spend_panel, fill)}},
    [ANC_POINT_ELIGIBILITY_RULE] = {"eligibility rule",
                                    ANC_CAP_RULES,
                                    UP_TO(struct anc_eligibility_rule, judge),
                                    {TEXT(anc_eligibility_rule, title), TEXT(anc_eligibility_rule, help),
                                     TEXT(anc_eligibility_rule, judge)}},
    [ANC_POINT_NOTIFIER] = {"notifier",
                            ANC_CAP_NOTIFY,
                            UP_TO(struct anc_notifier, send),
                            {TEXT(anc_notifier, title), TEXT(anc_notifier, address_label),
                             TEXT(anc_notifier, address_hint), TEXT(anc_notifier, check_address),
                             TEXT(anc_notifier, send)}},
    [ANC_POINT_PAYMENTS_READER] = {"payments reader",
                                   ANC_CAP_READ_UPLOADS,
                                   UP_TO(struct anc_payments_reader, done),
                                   {TEXT(anc_payments_reader, title), TEXT(anc_payments_reader, recognise),
                                    TEXT(anc_payments_reader, columns), TEXT(anc_payments_reader, map),
                                    TEXT(anc_payments_reader, finish), TEXT(anc_payments_reader, reason),
                                    TEXT(anc_payments_reader, flow), TEXT(anc_payments_reader, describe),
                                    TEXT(anc_payments_reader, done)}},
    [ANC_POINT_PAYEE_MATCHER] = {"payee matcher",
                                 ANC_CAP_READ_UPLOADS,
                                 UP_TO(struct anc_payee_matcher, judge),
                                 {TEXT(anc_payee_matcher, title), TEXT(anc_payee_matcher, version),
                                  TEXT(anc_payee_matcher, read), TEXT(anc_payee_matcher, blocks),
                                  TEXT(anc_payee_matcher, judge)}},
};

static const struct point_rule *rule_of(uint32_t point) {
    return point > 0 && point < sizeof point_rules / sizeof *point_rules ? &point_rules[point] : NULL;
}

anc_caps plugin_point_power(uint32_t point) {
    const struct point_rule *r = rule_of(point);
    return r ? r->power : 0;
}

static bool check_measures(struct plugin *p, const char *key, const struct anc_bid_scorer *s) {
    const struct anc_table *t = &s->measures;
    if (t->count > 500 || (t->count > 0 && (!t->rows || t->row_size < UP_TO(struct anc_measure, help)))) {
        return REFUSE(p, "The table of measures of its bid scorer \"%s\" is not well-formed.", key);
    }
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_measure row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!describe_line(row.code, 60) || !describe_line(row.title, 300) || !row.unit || !row.help) {
            return REFUSE(p, "Measure %u of its bid scorer \"%s\" lacks a code, title, unit or help.", i + 1,
                          key);
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (strcmp(other.code, row.code) == 0) {
                return REFUSE(p, "Its bid scorer \"%s\" has two measures with the code %s.", key, row.code);
            }
        }
    }
    return true;
}

static bool check_provider(struct plugin *p, const struct anc_provider *row) {
    const struct point_rule *r = rule_of(row->point);
    uint32_t size;
    memcpy(&size, row->table, sizeof size); // each begins with its size
    if (size < r->bytes) {
        return REFUSE(p, "The struct of its %s \"%s\" has %u bytes, at least %zu are expected.", r->words,
                      row->key, size, r->bytes);
    }
    for (size_t i = 0; i < sizeof r->must / sizeof *r->must && r->must[i].name; i++) {
        const void *field;
        memcpy(&field, (const char *)row->table + r->must[i].at, sizeof field);
        if (!field) {
            return REFUSE(p, "Its %s \"%s\" has nothing in the field \"%s\".", r->words, row->key,
                          r->must[i].name);
        }
    }
    if (!((p->about.wants | p->about.wants_optional) & r->power)) {
        return REFUSE(p, "Its %s \"%s\" needs the power \"%s\", which the plugin does not ask for.", r->words,
                      row->key, plugin_cap_words(r->power));
    }
    return row->point != ANC_POINT_BID_SCORER || check_measures(p, row->key, row->table);
}

bool describe_providers(struct plugin *p) {
    const struct anc_table *t = &p->about.providers;
    for (uint32_t i = 0; i < t->count; i++) {
        struct anc_provider row, other;
        plugin_row(t, i, &row, sizeof row);
        if (!rule_of(row.point)) {
            return REFUSE(p, "Provider %u is for an extension point (%u) that this server does not have.",
                          i + 1, row.point);
        }
        if (!describe_word(row.key, 60, "-.")) {
            return REFUSE(p, "Provider %u has no proper key (small letters, digits, -, _ and .).", i + 1);
        }
        if (!row.table) {
            return REFUSE(p, "Its %s \"%s\" has no struct.", rule_of(row.point)->words, row.key);
        }
        for (uint32_t k = 0; k < i; k++) {
            plugin_row(t, k, &other, sizeof other);
            if (other.point == row.point && strcmp(other.key, row.key) == 0) {
                return REFUSE(p, "It has two providers called \"%s\" for the same point.", row.key);
            }
        }
        if (!check_provider(p, &row)) {
            return false;
        }
    }
    return true;
}
