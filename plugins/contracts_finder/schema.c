// SPDX-License-Identifier: Apache-2.0
// Checks the bytes we wrote against our XML Schema, with libxml2 and from memory only.
#include "schema.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cf_schema {
    xmlDocPtr doc; // the compiled form points into it
    xmlSchemaPtr compiled;
};

// libxml2 reports through a plain callback; user is the report.
static void on_problem(void *user, xmlErrorPtr problem) {
    char field[40], message[200];
    (void)snprintf(field, sizeof field, "line %d", problem->line);
    (void)snprintf(message, sizeof message, "%s",
                   problem->message ? problem->message : "not as the schema says");
    message[strcspn(message, "\n")] = '\0';
    cf_report_add(user, CF_ERROR, field, message);
}

static xmlDocPtr parse(const char *bytes, size_t size, struct cf_report *report) {
    xmlDocPtr doc = NULL;
    if (size <= INT_MAX)
        doc = xmlReadMemory(bytes, (int)size, NULL, "UTF-8",
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (!doc) {
        cf_report_add(report, CF_ERROR, "document", "This is not well-formed XML.");
        return NULL;
    }
    if (doc->intSubset || doc->extSubset) {
        cf_report_add(report, CF_ERROR, "document", "A document type is not allowed here.");
        xmlFreeDoc(doc);
        return NULL;
    }
    return doc;
}

// The next element in document order, without a call stack.
static xmlNodePtr next_element(xmlNodePtr node) {
    xmlNodePtr next = xmlFirstElementChild(node);
    while (!next && node) {
        next = xmlNextElementSibling(node);
        node = node->parent;
    }
    return next;
}

static bool named(const xmlChar *name, const char *wanted) {
    return strcmp((const char *)name, wanted) == 0;
}

// libxml2 follows these pointers to files by itself, so they must not be there.
static bool points_elsewhere(xmlDocPtr doc, bool is_schema) {
    for (xmlNodePtr n = xmlDocGetRootElement(doc); n; n = next_element(n)) {
        if (is_schema &&
            (named(n->name, "import") || named(n->name, "include") || named(n->name, "redefine")))
            return true;
        for (xmlAttrPtr a = n->properties; a; a = a->next)
            if (named(a->name, "schemaLocation") || named(a->name, "noNamespaceSchemaLocation"))
                return true;
    }
    return false;
}

struct cf_schema *cf_schema_compile(const char *bytes, size_t size, struct cf_report *ret_report) {
    memset(ret_report, 0, sizeof *ret_report);
    xmlInitParser();
    xmlDocPtr doc = parse(bytes, size, ret_report);
    if (!doc)
        return NULL;
    struct cf_schema *schema = calloc(1, sizeof *schema);
    xmlSchemaParserCtxtPtr parser = NULL;
    if (points_elsewhere(doc, true))
        cf_report_add(ret_report, CF_ERROR, "schema",
                      "The schema wants to load another one. That is not allowed.");
    else
        parser = xmlSchemaNewDocParserCtxt(doc);
    if (parser && schema) {
        xmlSchemaSetParserStructuredErrors(parser, on_problem, ret_report);
        schema->compiled = xmlSchemaParse(parser);
    }
    if (parser)
        xmlSchemaFreeParserCtxt(parser);
    if (!schema || !schema->compiled) {
        if (ret_report->errors == 0)
            cf_report_add(ret_report, CF_ERROR, "schema", "The schema could not be read.");
        free(schema);
        xmlFreeDoc(doc);
        return NULL;
    }
    schema->doc = doc;
    return schema;
}

void cf_schema_free(struct cf_schema *schema) {
    if (!schema)
        return;
    xmlSchemaFree(schema->compiled);
    xmlFreeDoc(schema->doc);
    free(schema);
}

int cf_schema_check(const struct cf_schema *schema, const char *bytes, size_t size,
                    struct cf_report *ret_report) {
    memset(ret_report, 0, sizeof *ret_report);
    xmlDocPtr doc = parse(bytes, size, ret_report);
    if (!doc)
        return -1;
    if (points_elsewhere(doc, false)) {
        cf_report_add(ret_report, CF_ERROR, "document",
                      "The document points to another schema. That is not allowed.");
        xmlFreeDoc(doc);
        return -1;
    }
    xmlSchemaValidCtxtPtr check = xmlSchemaNewValidCtxt(schema->compiled);
    int result = -1;
    if (check) {
        xmlSchemaSetValidStructuredErrors(check, on_problem, ret_report);
        result = xmlSchemaValidateDoc(check, doc) == 0 ? 0 : -1;
        xmlSchemaFreeValidCtxt(check);
    }
    if (result != 0 && ret_report->errors == 0)
        cf_report_add(ret_report, CF_ERROR, "document", "The document does not follow the schema.");
    xmlFreeDoc(doc);
    return result;
}
