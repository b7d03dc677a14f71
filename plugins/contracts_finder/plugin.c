// SPDX-License-Identifier: Apache-2.0
// Contracts Finder export as a plugin: notices of the host into the logic, XML and findings back.
#include "logic.h"
#include "resources.gen.h"
#include "schema.h"
#include "writer.h"

#include <anchorage/plugin.h>

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX (64u << 20)
#define AWARD_PART   1u // kinds of parts for cf_guid_of_part
#define LINK_PART    2u
// From here on a contract is above the lowest threshold of the Act for councils: GBP 207,720 with VAT (SI
// 2025/1200).
#define ABOVE_PENCE (INT64_C(20772000) * 5 / 6)

static const struct anc_host *host;

// Compiled once; read by many threads at once.
struct state {
    struct cf_cpv cpv;
    struct cf_schema *schema;
};

// A notice in the words of the logic, with everything its pointers need.
struct made {
    struct cf_notice notice;
    struct cf_version version;
    struct cf_detail link;
    char link_guid[CF_GUID_SIZE];
};

static int64_t stamp(int64_t usec) {
    return usec ? usec : CF_NO_TIME;
}

static const char *guid(anc_ctx *ctx, const char *uuid, uint32_t kind, uint32_t index) {
    char *out = host->mem->alloc(ctx, CF_GUID_SIZE);
    cf_guid_of_part(uuid, kind, index, out);
    return out;
}

// Company, charity of England and Wales (6 or 7 digits), another register, or none.
static enum cf_reference reference_of(const struct anc_award *a, const char **ret_number) {
    *ret_number = NULL;
    if (a->company_number[0]) {
        *ret_number = a->company_number;
        return CF_REF_COMPANY;
    }
    if (a->charity_number[0]) {
        *ret_number = a->charity_number;
        size_t n = strlen(a->charity_number);
        bool digits = strspn(a->charity_number, "0123456789") == n && n >= 5 && n <= 7;
        return digits ? CF_REF_CHARITY : CF_REF_OTHER; // Scotland (SC...), Northern Ireland (NIC...)
    }
    return CF_REF_NONE;
}

static void put_awards(anc_ctx *ctx, const struct anc_notice *in, struct cf_notice *out) {
    struct cf_award *list = host->mem->alloc(ctx, (in->award_count + 1) * sizeof *list);
    for (uint32_t i = 0; i < in->award_count; i++) {
        const struct anc_award *a = ANC_AT(in->awards, i);
        list[i] = (struct cf_award){.number = (int32_t)i + 1,
                                    .guid = guid(ctx, in->uuid, AWARD_PART, i),
                                    .value_pence = a->value_pence,
                                    .supplier_name = a->supplier_name,
                                    .supplier_address = a->supplier_address,
                                    .start_usec = cf_usec_of_day(a->start),
                                    .end_usec = cf_usec_of_day(a->end),
                                    .awarded_usec = stamp(a->awarded_at),
                                    .procedure = out->procedure,
                                    .procedure_other = out->procedure_other,
                                    .to_sme = a->to_sme != 0,
                                    .to_vcso = a->to_vcfse != 0};
        list[i].reference_kind = reference_of(a, &list[i].reference);
    }
    out->awards = list;
    out->award_count = in->award_count;
}

static void put_times(const struct anc_notice *in, struct cf_notice *out) {
    bool pipeline = out->type == CF_TYPE_PIPELINE;
    out->created_usec = stamp(in->created_at);
    out->updated_usec = stamp(in->updated_at);
    out->published_usec = stamp(in->published_at);
    out->start_usec = cf_usec_of_day(in->start);
    out->end_usec = cf_usec_of_day(in->end);
    // For work planned ahead the closing time is when the market will be asked.
    out->deadline_usec = pipeline ? CF_NO_TIME : stamp(in->closes_at);
    out->approach_usec = !pipeline ? CF_NO_TIME : in->closes_at ? in->closes_at : out->start_usec;
    out->withdrawn_usec = out->status == CF_STATUS_WITHDRAWN ? out->updated_usec : CF_NO_TIME;
}

static void put_words(const struct anc_notice *in, struct cf_notice *out) {
    bool above = in->value_high_pence >= ABOVE_PENCE;
    cf_notice_init(out);
    // Words the logic does not know stay "absent", and its check says so.
    if (cf_type_of(in->kind, &out->type) != 0 || cf_status_of(in->state, &out->status) != 0 ||
        cf_kind_of(in->contract_kind, &out->kind) != 0) {
        out->type = (enum cf_type) - 1;
    }
    if (out->type == CF_TYPE_CONTRACT) {
        (void)cf_procedure_of(in->procedure, above, &out->procedure, &out->procedure_other);
    }
    out->id = in->uuid;
    out->identifier = in->ref;
    out->title = in->title;
    out->description = in->description;
    out->cpv = in->cpv;
    out->cpv_count = in->cpv_count;
    out->value_low_pence = in->value_low_pence >= 0 ? in->value_low_pence : CF_NO_VALUE;
    out->value_high_pence = in->value_high_pence >= 0 ? in->value_high_pence : CF_NO_VALUE;
    out->postcode = in->postcode;
    out->region = in->region;
    out->suits_sme = in->suits_sme != 0;
    out->suits_vcse = in->suits_vcfse != 0;
    out->framework = strcmp(in->procedure, "framework_call_off") == 0;
    out->organisation = in->buyer_name;
    out->find_a_tender_id = in->fts_id;
    out->contact = (struct cf_contact){.email = in->buyer_email,
                                       .address1 = in->buyer_address,
                                       .town = in->buyer_town,
                                       .postcode = in->buyer_postcode,
                                       .country = "England",
                                       .web = in->buyer_web};
}

static const struct cf_notice *make(anc_ctx *ctx, const struct anc_notice *in) {
    struct made *m = host->mem->alloc(ctx, sizeof *m);
    struct cf_notice *n = &m->notice;
    put_words(in, n);
    put_times(in, n);
    put_awards(ctx, in, n);
    if (in->fts_id[0]) {
        n->more = host->mem->format(ctx, "Find a Tender: %s.", in->fts_id);
    }
    m->version = (struct cf_version){in->buyer_email, n->updated_usec, 1};
    n->versions = &m->version;
    n->version_count = 1;
    if (in->url[0]) {
        m->link = (struct cf_detail){.guid = guid(ctx, in->uuid, LINK_PART, 0),
                                     .description = "This opportunity with how to bid",
                                     .kind = CF_DETAIL_LINK,
                                     .value = in->url};
        n->details = &m->link;
        n->detail_count = 1;
    }
    return n;
}

// head: "" or the reference of the notice, so that findings of many can be told apart.
static void tell(anc_ctx *ctx, const char *head, const struct cf_report *from, int32_t least,
                 anc_report *report) {
    for (size_t i = 0; i < from->count; i++) {
        const struct cf_problem *p = &from->problems[i];
        int32_t severity = p->severity == CF_ERROR ? ANC_FINDING_ERROR : ANC_FINDING_WARNING;
        if (severity >= least) {
            host->report->add(report, severity,
                              head[0] ? host->mem->format(ctx, "%s: %s", head, p->field) : p->field, p->text);
        }
    }
}

static anc_rc check(anc_ctx *ctx, const struct anc_notice *notice, anc_report *report, void *state) {
    const struct state *s = state;
    struct cf_report found;
    cf_check(make(ctx, notice), &s->cpv, &found);
    tell(ctx, "", &found, ANC_FINDING_WARNING, report);
    return ANC_OK;
}

// Writes, checks the bytes against the schema and hands them over.
static anc_rc write_all(const struct state *s, anc_ctx *ctx, const struct cf_notice *list, size_t count,
                        anc_sink *sink, anc_report *report) {
    struct cf_report found = {0};
    struct cf_bytes bytes = {0};
    switch (cf_write(list, count, &s->cpv, DOCUMENT_MAX, &bytes, &found, NULL)) {
    case CF_WRITTEN:
        break;
    case CF_NOT_FIT:
        tell(ctx, "", &found, ANC_FINDING_ERROR, report);
        return ANC_E_INVALID;
    case CF_TOO_MANY:
        host->report->add(report, ANC_FINDING_ERROR, "", "There are too many notices for one file.");
        return ANC_E_LIMIT;
    case CF_NO_MEMORY:
        return ANC_E_BUG;
    }
    anc_rc rc = ANC_OK;
    if (cf_schema_check(s->schema, bytes.data, bytes.size, &found) != 0) {
        tell(ctx, "schema", &found, ANC_FINDING_ERROR, report);
        rc = ANC_E_BUG; // what passed the check must follow the schema
    } else {
        rc = host->sink->write(sink, bytes.data, bytes.size);
    }
    cf_bytes_free(&bytes);
    return rc;
}

// One notice that does not fit is refused; among many it is left out, and the report says why.
static anc_rc write(anc_ctx *ctx, const struct anc_notice *notices, uint32_t count, anc_sink *sink,
                    anc_report *report, void *state) {
    const struct state *s = state;
    struct cf_notice *list = host->mem->alloc(ctx, (count + 1) * sizeof *list);
    size_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct cf_notice *n = make(ctx, ANC_AT(notices, i));
        struct cf_report found;
        cf_check(n, &s->cpv, &found);
        if (found.errors == 0) {
            list[kept++] = *n;
            continue;
        }
        tell(ctx, count > 1 ? ANC_AT(notices, i)->ref : "", &found, ANC_FINDING_ERROR, report);
        if (count == 1) {
            return ANC_E_INVALID;
        }
    }
    return write_all(s, ctx, list, kept, sink, report);
}

static const struct anc_notice_exporter exporter = {
    .size = sizeof exporter,
    .title = "Contracts Finder XML (for exchange, not a legal publication)",
    .media_type = "application/xml",
    .file_ext = "xml",
    .check = check,
    .write = write,
};

static const struct anc_provider providers[] = {
    {.point = ANC_POINT_NOTICE_EXPORTER, .key = "contracts-finder", .table = &exporter},
};

static void stop(anc_ctx *ctx, void *state) {
    (void)ctx;
    struct state *s = state;
    if (s) {
        cf_cpv_free(&s->cpv);
        cf_schema_free(s->schema);
        free(s);
    }
}

static anc_rc start(anc_ctx *ctx, const struct anc_host *h, void **ret_state) {
    host = h;
    if (!h->sink) {
        return ANC_E_DENIED;
    }
    struct state *s = calloc(1, sizeof *s);
    if (!s) {
        return ANC_E_LIMIT;
    }
    size_t line = 0;
    struct cf_report report;
    s->schema =
        cf_schema_compile(file_contracts_finder_2021_xsd, sizeof file_contracts_finder_2021_xsd - 1, &report);
    if (!s->schema ||
        cf_cpv_read(file_cpv_common_csv, sizeof file_cpv_common_csv - 1, &s->cpv, &line) != NULL) {
        stop(ctx, s);
        return h->fail->why(ctx, ANC_E_INVALID, "",
                            "The schema or the list of CPV codes in it cannot be read.");
    }
    *ret_state = s;
    return ANC_OK;
}

static const struct anc_plugin plugin = {
    ANC_PLUGIN_HEAD,
    .id = "contracts_finder",
    .title = "Contracts Finder export",
    .summary = "Writes notices as Contracts Finder XML for exchange, and lists what stands in the way.",
    .license = "Apache-2.0",
    .version = ANC_VERSION(0, 1, 0),
    .wants = ANC_CAP_EXPORT,
    .providers = ANC_TABLE(providers),
    .start = start,
    .stop = stop,
};
ANC_PLUGIN(plugin)
