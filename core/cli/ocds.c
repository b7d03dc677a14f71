// SPDX-License-Identifier: Apache-2.0
// Notices as an OCDS 1.1 release package.
#include "cli/ocds.h"

#include "base/day.h"
#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---- JSON ----

static void put_text(struct strb *out, const char *s) {
    strb_putc(out, '"');
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if (ch == '"' || ch == '\\') {
            strb_printf(out, "\\%c", ch);
        } else if (ch == '\n') {
            strb_puts(out, "\\n");
        } else if (ch < 0x20) {
            strb_printf(out, "\\u%04x", ch);
        } else {
            strb_putc(out, (char)ch);
        }
    }
    strb_putc(out, '"');
}

// `"key": "text"` with a comma before it unless it is the first of its object; nothing for an empty text.
static void put_pair(struct strb *out, const char *key, const char *text) {
    if (*text) {
        bool first = out->n > 0 && out->p[out->n - 1] == '{';
        strb_printf(out, "%s\"%s\":", first ? "" : ",", key);
        put_text(out, text);
    }
}

static void open_key(struct strb *out, const char *key, char bracket) {
    char last = out->n ? out->p[out->n - 1] : '{';
    strb_printf(out, "%s\"%s\":%c", last == '{' ? "" : ",", key, bracket);
}

static void put_stamp(struct strb *out, const char *key, int64_t usec) {
    char full[STAMP_TEXT_BYTES];
    if (usec) {
        stamp_iso(usec, full);
        memcpy(full + 19, "Z", 2); // whole seconds
        put_pair(out, key, full);
    }
}

static void put_day(struct strb *out, const char *key, int32_t day, const char *time) {
    char iso[DAY_TEXT_BYTES], text[DAY_TEXT_BYTES + 16];
    if (day != INT32_MIN) {
        day_iso(day, iso);
        snprintf(text, sizeof text, "%s%s", iso, time);
        put_pair(out, key, text);
    }
}

static void put_value(struct strb *out, const char *key, int64_t pence) {
    char amount[MONEY_TEXT_BYTES];
    if (pence >= 0) {
        money_format_plain(pence, amount);
        open_key(out, key, '{');
        strb_printf(out, "\"amount\":%s,\"currency\":\"GBP\"}", amount);
    }
}

// ---- parts of a release ----

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

static void put_tags(const struct anc_notice *n, struct strb *out) {
    bool cancelled = is(n->state, "cancelled");
    strb_puts(out, ",\"tag\":[");
    if (!is(n->kind, "tender")) {
        strb_puts(out, cancelled ? "\"planningUpdate\"" : "\"planning\"");
    } else if (cancelled) {
        strb_puts(out, "\"tenderCancellation\"");
    } else {
        strb_puts(out, n->award_count ? "\"tender\",\"award\"" : "\"tender\"");
    }
    strb_puts(out, "]");
}

static const char *status_of(const struct anc_notice *n) {
    if (is(n->state, "cancelled")) {
        return "cancelled";
    }
    if (!is(n->kind, "tender")) {
        return is(n->kind, "pipeline") ? "planned" : "planning";
    }
    return is(n->state, "awarded") ? "complete" : "active";
}

static const char *method_of(const struct anc_notice *n) {
    return is(n->procedure, "open") ? "open" : is(n->procedure, "quick_quote") ? "open" : "selective";
}

static const char *method_words(const struct anc_notice *n) {
    return is(n->procedure, "quick_quote")            ? "Below threshold - open competition"
           : is(n->procedure, "open")                 ? "Open procedure"
           : is(n->procedure, "competitive_flexible") ? "Competitive flexible procedure"
                                                      : "Award under framework";
}

// The company's number padded to eight as Companies House writes it, else the charity's.
static void put_identifier(const struct anc_award *a, struct strb *out) {
    bool company = *a->company_number != 0;
    if (company || *a->charity_number) {
        open_key(out, "identifier", '{');
        put_pair(out, "scheme", company ? "GB-COH" : "GB-CHC");
        put_pair(out, "id", company ? a->company_number : a->charity_number);
        put_pair(out, "legalName", a->supplier_name);
        strb_putc(out, '}');
    }
}

static void put_party_id(const struct anc_notice *n, const struct anc_award *a, struct strb *out) {
    strb_putc(out, '"');
    if (!a) {
        strb_printf(out, "buyer-%.8s", n->uuid);
    } else if (*a->company_number) {
        strb_printf(out, "GB-COH-%s", a->company_number);
    } else if (*a->charity_number) {
        strb_printf(out, "GB-CHC-%s", a->charity_number);
    } else {
        strb_printf(out, "supplier-%.8s", n->uuid);
    }
    strb_putc(out, '"');
}

static void put_reference(const struct anc_notice *n, const struct anc_award *a, struct strb *out) {
    strb_puts(out, "{\"id\":");
    put_party_id(n, a, out);
    put_pair(out, "name", a ? a->supplier_name : n->buyer_name);
    strb_putc(out, '}');
}

static void put_parties(const struct anc_notice *n, struct strb *out) {
    open_key(out, "parties", '[');
    strb_puts(out, "{\"id\":");
    put_party_id(n, NULL, out);
    put_pair(out, "name", n->buyer_name);
    open_key(out, "address", '{');
    put_pair(out, "streetAddress", n->buyer_address);
    put_pair(out, "locality", n->buyer_town);
    put_pair(out, "postalCode", n->buyer_postcode);
    put_pair(out, "countryName", "United Kingdom");
    strb_putc(out, '}');
    open_key(out, "contactPoint", '{');
    put_pair(out, "email", n->buyer_email);
    put_pair(out, "url", n->buyer_web);
    strb_puts(out, "},\"roles\":[\"buyer\"]}");
    for (uint32_t i = 0; i < n->award_count; i++) {
        strb_puts(out, ",{\"id\":");
        put_party_id(n, &n->awards[i], out);
        put_pair(out, "name", n->awards[i].supplier_name);
        put_identifier(&n->awards[i], out);
        strb_puts(out, ",\"roles\":[\"supplier\"]}");
    }
    strb_putc(out, ']');
}

static void put_items(const struct anc_notice *n, struct strb *out) {
    if (n->cpv_count == 0) {
        return;
    }
    open_key(out, "items", '[');
    strb_puts(out, "{\"id\":\"1\"");
    for (uint32_t i = 0; i < n->cpv_count; i++) {
        if (i == 0) {
            open_key(out, "classification", '{');
        } else if (i == 1) {
            open_key(out, "additionalClassifications", '[');
        }
        strb_puts(out, i > 1 ? ",{" : i == 1 ? "{" : "");
        put_pair(out, "scheme", "CPV");
        put_pair(out, "id", n->cpv[i]);
        strb_putc(out, '}');
    }
    strb_puts(out, n->cpv_count > 1 ? "]}]" : "}]");
}

static void put_documents(const struct anc_notice *n, struct strb *out) {
    open_key(out, "documents", '[');
    strb_puts(out, "{\"id\":\"notice\"");
    put_pair(out, "documentType", is(n->kind, "tender") ? "tenderNotice" : "plannedProcurementNotice");
    put_pair(out, "title", n->title);
    put_pair(out, "url", n->url);
    put_pair(out, "format", "text/html");
    put_stamp(out, "datePublished", n->published_at);
    strb_puts(out, "}]");
}

static void put_tender(const struct anc_notice *n, struct strb *out) {
    open_key(out, "tender", '{');
    put_pair(out, "id", n->ref);
    put_pair(out, "title", n->title);
    put_pair(out, "description", n->description);
    put_pair(out, "status", status_of(n));
    put_items(n, out);
    put_value(out, "minValue", n->value_low_pence);
    put_value(out, "value", n->value_high_pence);
    put_pair(out, "procurementMethod", method_of(n));
    put_pair(out, "procurementMethodDetails", method_words(n));
    put_pair(out, "mainProcurementCategory", n->contract_kind);
    if (is(n->kind, "tender") && n->closes_at) {
        open_key(out, "tenderPeriod", '{');
        put_stamp(out, "startDate", n->published_at);
        put_stamp(out, "endDate", n->closes_at);
        strb_putc(out, '}');
    }
    if (n->start != INT32_MIN || n->end != INT32_MIN) {
        open_key(out, "contractPeriod", '{');
        put_day(out, "startDate", n->start, "T00:00:00Z");
        put_day(out, "endDate", n->end, "T23:59:59Z");
        strb_putc(out, '}');
    }
    put_documents(n, out);
    strb_putc(out, '}');
}

static void put_awards(const struct anc_notice *n, struct strb *out) {
    if (n->award_count == 0) {
        return;
    }
    open_key(out, "awards", '[');
    for (uint32_t i = 0; i < n->award_count; i++) {
        const struct anc_award *a = &n->awards[i];
        strb_printf(out, "%s{\"id\":\"%s-%u\",\"status\":\"active\"", i ? "," : "", n->ref, i + 1);
        put_stamp(out, "date", a->awarded_at);
        put_value(out, "value", a->value_pence);
        open_key(out, "suppliers", '[');
        put_reference(n, a, out);
        strb_puts(out, "]}");
    }
    strb_putc(out, ']');
}

// ---- the package ----

void ocds_begin(const struct ocds_head *h, struct strb *out) {
    strb_puts(out, "{");
    put_pair(out, "uri", h->base_url);
    put_pair(out, "version", "1.1");
    put_stamp(out, "publishedDate", h->now_usec);
    open_key(out, "publisher", '{');
    put_pair(out, "name", h->publisher);
    strb_putc(out, '}');
    put_pair(out, "license", "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/");
    open_key(out, "releases", '[');
}

void ocds_release(const struct ocds_head *h, const struct anc_notice *n, bool is_first, struct strb *out) {
    int64_t date = n->updated_at > n->published_at ? n->updated_at : n->published_at;
    strb_puts(out, is_first ? "\n{" : ",\n{");
    strb_printf(out, "\"ocid\":\"%s-%s\",\"id\":\"%s-%" PRId64 "\"", h->prefix, n->ref, n->ref,
                date / USEC_PER_SEC);
    put_stamp(out, "date", date);
    put_tags(n, out);
    put_pair(out, "initiationType", "tender");
    put_pair(out, "language", "en");
    put_parties(n, out);
    strb_puts(out, ",\"buyer\":");
    put_reference(n, NULL, out);
    put_tender(n, out);
    put_awards(n, out);
    strb_putc(out, '}');
}

void ocds_end(struct strb *out) {
    strb_puts(out, "\n]}\n");
}
