// SPDX-License-Identifier: Apache-2.0
// Writes notices as one Contracts Finder document, element by element in the fixed order of the format.
#include "writer.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

// The first failure sticks, so callers look once at the end.
struct out {
    xmlTextWriterPtr writer;
    const struct cf_cpv *cpv;
    bool failed;
};

static const xmlChar *xml(const char *text) {
    return (const xmlChar *)text;
}

static void note(struct out *o, int result) {
    if (result < 0)
        o->failed = true;
}

static void begin(struct out *o, const char *name) {
    note(o, xmlTextWriterStartElement(o->writer, xml(name)));
}

static void end(struct out *o) {
    note(o, xmlTextWriterEndElement(o->writer));
}

// Text with line ends of one kind, so that a notice typed on Windows gives the same bytes.
static void put(struct out *o, const char *text) {
    if (!strchr(text, '\r')) {
        note(o, xmlTextWriterWriteString(o->writer, xml(text)));
        return;
    }
    char *copy = malloc(strlen(text) + 1);
    if (!copy) {
        o->failed = true;
        return;
    }
    char *to = copy;
    for (const char *p = text; *p; p++) {
        if (*p == '\r' && p[1] == '\n')
            continue;
        *to++ = *p == '\r' ? '\n' : *p;
    }
    *to = '\0';
    note(o, xmlTextWriterWriteString(o->writer, xml(copy)));
    free(copy);
}

static void text(struct out *o, const char *name, const char *value) {
    begin(o, name);
    put(o, value ? value : "");
    end(o);
}

static void nil(struct out *o, const char *name) {
    begin(o, name);
    note(o, xmlTextWriterWriteAttribute(o->writer, xml("xsi:nil"), xml("true")));
    end(o);
}

static void text_or_nil(struct out *o, const char *name, const char *value) {
    if (value && value[0])
        text(o, name, value);
    else
        nil(o, name);
}

static void yes_no(struct out *o, const char *name, bool value) {
    text(o, name, value ? "true" : "false");
}

static void moment(struct out *o, const char *name, int64_t usec) {
    char s[CF_TIME_SIZE];
    cf_time_text(usec, s);
    text(o, name, s);
}

static void money_or_nil(struct out *o, const char *name, int64_t pence) {
    char s[CF_MONEY_SIZE];
    if (pence == CF_NO_VALUE) {
        nil(o, name);
        return;
    }
    cf_money_text(pence, s);
    text(o, name, s);
}

static void number(struct out *o, const char *name, int32_t value) {
    begin(o, name);
    note(o, xmlTextWriterWriteFormatString(o->writer, "%d", (int)value));
    end(o);
}

static void write_contact(struct out *o, const struct cf_contact *c) {
    begin(o, "ContactDetails");
    text_or_nil(o, "Name", c->name);
    text(o, "Email", c->email);
    text(o, "Address1", c->address1);
    text_or_nil(o, "Address2", c->address2);
    text(o, "Town", c->town);
    text(o, "Postcode", c->postcode);
    text(o, "Country", c->country);
    text_or_nil(o, "Phone", c->phone);
    text_or_nil(o, "WebAddress", c->web);
    end(o);
}

// "A", "A and B", "A, B and C".
static void write_cpv_description(struct out *o, const struct cf_notice *n) {
    begin(o, "CpvDescription");
    for (size_t i = 0; i < n->cpv_count; i++) {
        const struct cf_cpv_row *row = cf_cpv_find(o->cpv, n->cpv[i]);
        if (i > 0)
            put(o, i + 1 == n->cpv_count ? " and " : ", ");
        put(o, row ? row->label : "");
    }
    end(o);
}

static void write_place(struct out *o, const struct cf_notice *n) {
    char s[CF_DEGREE_SIZE];
    text_or_nil(o, "Postcode", n->postcode);
    text_or_nil(o, "Region", n->region);
    yes_no(o, "Nationwide", n->nationwide);
    begin(o, "Location");
    cf_degree_text(n->lat_micro, s);
    text(o, "Lat", s);
    cf_degree_text(n->lon_micro, s);
    text(o, "Lon", s);
    end(o);
}

static void write_notice(struct out *o, const struct cf_notice *n) {
    begin(o, "Notice");
    text(o, "Id", n->id);
    text_or_nil(o, "ParentIdentifier", n->parent_identifier);
    write_contact(o, &n->contact);
    text(o, "Identifier", n->identifier);
    text(o, "Title", n->title);
    text(o, "Description", n->description);
    write_cpv_description(o, n);
    moment(o, "PublishedDate", n->published_usec);
    // The format has no notice without a deadline; for a pipeline the check says what is written instead.
    moment(o, "DeadlineDate", n->deadline_usec == CF_NO_TIME ? n->approach_usec : n->deadline_usec);
    if (n->approach_usec != CF_NO_TIME)
        moment(o, "ApproachMarketDate", n->approach_usec);
    money_or_nil(o, "ValueLow", n->value_low_pence);
    money_or_nil(o, "ValueHigh", n->value_high_pence);
    write_place(o, n);
    moment(o, "Start", n->start_usec);
    moment(o, "End", n->end_usec);
    text(o, "Type", cf_type_text(n->type));
    begin(o, "CpvCodes");
    for (size_t i = 0; i < n->cpv_count; i++)
        text(o, "string", n->cpv[i]);
    end(o);
    text(o, "Status", cf_status_text(n->status));
    yes_no(o, "IsSuitableForSme", n->suits_sme);
    yes_no(o, "IsSuitableForVco", n->suits_vcse);
    yes_no(o, "SupplyChain", n->supply_chain);
    nil(o, "LastNotifiableUpdate");
    text(o, "OrganisationName", n->organisation);
    nil(o, "Sector");
    text_or_nil(o, "ProcedureType", cf_procedure_text(n->procedure));
    text_or_nil(o, "ProcedureTypeOther", n->procedure == CF_PROCEDURE_OTHER ? n->procedure_other : NULL);
    text_or_nil(o, "ProcedureAcceleratedJustification", n->accelerated_reason);
    text(o, "OjeuContractType", cf_kind_text(n->kind));
    yes_no(o, "IsFrameworkAgreement", n->framework);
    yes_no(o, "IsExtensionPossible", n->extension);
    end(o);
}

static void write_award(struct out *o, const struct cf_notice *n, const struct cf_award *a) {
    bool has_reference = a->reference_kind == CF_REF_COMPANY || a->reference_kind == CF_REF_CHARITY;
    begin(o, "AwardDetail");
    number(o, "Id", a->number);
    text(o, "NoticeId", n->id);
    nil(o, "ParentId");
    money_or_nil(o, "Value", a->value_pence);
    text(o, "SupplierName", a->supplier_name);
    text(o, "SupplierAddress", a->supplier_address);
    text_or_nil(o, "Contact", a->contact);
    text(o, "ReferenceType", cf_reference_text(a->reference_kind));
    text_or_nil(o, "Reference", has_reference ? a->reference : NULL);
    moment(o, "StartDate", a->start_usec);
    moment(o, "EndDate", a->end_usec);
    moment(o, "AwardedDate", a->awarded_usec);
    text(o, "AwardedProcedureType", cf_procedure_text(a->procedure));
    text_or_nil(o, "AwardedProcedureTypeOther",
                a->procedure == CF_PROCEDURE_OTHER ? a->procedure_other : NULL);
    nil(o, "AwardedProcedureAcceleratedJustification");
    nil(o, "AnnexDOptionType");
    text_or_nil(o, "AdditionalDetail", a->detail);
    yes_no(o, "AwardedToSME", a->to_sme);
    yes_no(o, "AwardedToVCSO", a->to_vcso);
    text(o, "AwardGuid", a->guid);
    end(o);
}

static void write_details(struct out *o, const struct cf_notice *n) {
    begin(o, "AdditionalDetails");
    // Every notice has exactly one text, and its id is the notice's own.
    begin(o, "AdditionalDetail");
    text(o, "Id", n->id);
    text(o, "NoticeId", n->id);
    nil(o, "Description");
    text(o, "DataType", "AdditionalText");
    text_or_nil(o, "TextData", n->more);
    nil(o, "MimeType");
    nil(o, "AwardGuid");
    end(o);
    for (size_t i = 0; i < n->detail_count; i++) {
        const struct cf_detail *d = &n->details[i];
        begin(o, "AdditionalDetail");
        text(o, "Id", d->guid);
        text(o, "NoticeId", n->id);
        text_or_nil(o, "Description", d->description);
        text(o, "DataType", cf_detail_text(d->kind));
        text(o, d->kind == CF_DETAIL_LINK ? "Link" : "Filename", d->value);
        text_or_nil(o, "MimeType", d->mime);
        text_or_nil(o, "AwardGuid", d->award_guid);
        end(o);
    }
    end(o);
}

static void write_cpv_codes(struct out *o, const struct cf_notice *n) {
    begin(o, "CpvCodes");
    for (size_t i = 0; i < n->cpv_count; i++) {
        const struct cf_cpv_row *row = cf_cpv_find(o->cpv, n->cpv[i]),
                                *parent = cf_cpv_parent(o->cpv, n->cpv[i]);
        begin(o, "CpvCode");
        text(o, "Code", n->cpv[i]);
        text(o, "Description", row ? row->label : "");
        text(o, "ParentCode", parent ? parent->code : n->cpv[i]);
        yes_no(o, "HasChildren", cf_cpv_has_children(o->cpv, n->cpv[i]));
        end(o);
    }
    end(o);
}

static void write_versions(struct out *o, const struct cf_notice *n) {
    begin(o, "PublishedVersion");
    for (size_t i = 0; i < n->version_count; i++) {
        begin(o, "PublishedNoticeVersion");
        text(o, "ChangedByUser", n->versions[i].changed_by);
        moment(o, "DateChanged", n->versions[i].changed_usec);
        text(o, "PublishedNoticeId", n->id);
        number(o, "VersionNumber", n->versions[i].number);
        end(o);
    }
    end(o);
}

static void write_full_notice(struct out *o, const struct cf_notice *n) {
    begin(o, "FullNotice");
    text(o, "Id", n->id);
    write_notice(o, n);
    moment(o, "CreatedDate", n->created_usec);
    moment(o, "LastUpdatedDate", n->updated_usec);
    if (n->award_count > 0) {
        begin(o, "Awards");
        for (size_t i = 0; i < n->award_count; i++)
            write_award(o, n, &n->awards[i]);
        end(o);
    }
    yes_no(o, "IsPublished", true);
    yes_no(o, "IsPreAwarded", n->pre_awarded);
    begin(o, "Organisation");
    text(o, "Name", n->organisation);
    end(o);
    write_details(o, n);
    if (n->withdrawn_usec != CF_NO_TIME)
        moment(o, "WithdrawnDate", n->withdrawn_usec);
    write_cpv_codes(o, n);
    write_versions(o, n);
    number(o, "NumberOfViews", 0);
    end(o);
}

static int newest_first(const void *a, const void *b) {
    const struct cf_notice *x = *(const struct cf_notice *const *)a, *y = *(const struct cf_notice *const *)b;
    if (x->published_usec != y->published_usec)
        return x->published_usec > y->published_usec ? -1 : 1;
    return strcmp(x->id, y->id);
}

static bool all_fit(const struct cf_notice *notices, size_t count, const struct cf_cpv *cpv,
                    struct cf_report *ret_report, size_t *ret_bad) {
    struct cf_report own, *report = ret_report ? ret_report : &own;
    memset(report, 0, sizeof *report);
    for (size_t i = 0; i < count; i++) {
        cf_check(&notices[i], cpv, report);
        if (report->errors > 0) {
            if (ret_bad)
                *ret_bad = i;
            return false;
        }
    }
    return true;
}

static enum cf_write_result write_all(struct out *o, xmlBufferPtr buffer, const struct cf_notice **order,
                                      size_t count, size_t max_bytes) {
    note(o, xmlTextWriterSetIndent(o->writer, 1));
    note(o, xmlTextWriterSetIndentString(o->writer, xml("  ")));
    note(o, xmlTextWriterStartDocument(o->writer, "1.0", "utf-8", NULL));
    begin(o, "ArrayOfFullNotice");
    note(o, xmlTextWriterWriteAttribute(o->writer, xml("xmlns:xsi"),
                                        xml("http://www.w3.org/2001/XMLSchema-instance")));
    note(o,
         xmlTextWriterWriteAttribute(o->writer, xml("xmlns:xsd"), xml("http://www.w3.org/2001/XMLSchema")));
    for (size_t i = 0; i < count && !o->failed; i++) {
        write_full_notice(o, order[i]);
        note(o, xmlTextWriterFlush(o->writer));
        if ((size_t)xmlBufferLength(buffer) > max_bytes)
            return CF_TOO_MANY;
    }
    end(o);
    note(o, xmlTextWriterEndDocument(o->writer));
    note(o, xmlTextWriterFlush(o->writer));
    if (o->failed)
        return CF_NO_MEMORY;
    return (size_t)xmlBufferLength(buffer) > max_bytes ? CF_TOO_MANY : CF_WRITTEN;
}

static enum cf_write_result take(xmlBufferPtr buffer, struct cf_bytes *ret_bytes) {
    size_t size = (size_t)xmlBufferLength(buffer);
    char *data = malloc(size + 1);
    if (!data)
        return CF_NO_MEMORY;
    memcpy(data, xmlBufferContent(buffer), size);
    data[size] = '\0';
    ret_bytes->data = data;
    ret_bytes->size = size;
    return CF_WRITTEN;
}

enum cf_write_result cf_write(const struct cf_notice *notices, size_t count, const struct cf_cpv *cpv,
                              size_t max_bytes, struct cf_bytes *ret_bytes, struct cf_report *ret_report,
                              size_t *ret_bad) {
    enum cf_write_result result = CF_NO_MEMORY;
    if (count > CF_NOTICES_MAX)
        return CF_TOO_MANY;
    if (!all_fit(notices, count, cpv, ret_report, ret_bad))
        return CF_NOT_FIT;
    const struct cf_notice **order = calloc(count + 1, sizeof *order);
    xmlBufferPtr buffer = xmlBufferCreate();
    struct out o = {.writer = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL, .cpv = cpv};
    if (order && o.writer) {
        for (size_t i = 0; i < count; i++)
            order[i] = &notices[i];
        qsort(order, count, sizeof *order, newest_first);
        result = write_all(&o, buffer, order, count, max_bytes);
        if (result == CF_WRITTEN)
            result = take(buffer, ret_bytes);
    }
    if (o.writer)
        xmlFreeTextWriter(o.writer);
    if (buffer)
        xmlBufferFree(buffer);
    free(order);
    return result;
}

void cf_bytes_free(struct cf_bytes *bytes) {
    free(bytes->data);
    bytes->data = NULL;
    bytes->size = 0;
}
