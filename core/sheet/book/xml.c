// SPDX-License-Identifier: Apache-2.0
// XML of strangers out of an archive, as events: no document is kept, no entity is loaded, a document type is
// a refusal.
#include "sheet/book/xml.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/book/frame.h"

enum { CHUNK = 65536 };

struct reading {
    const struct xml_events *events;
    xmlParserCtxtPtr parser;
    int stop; // XML_ENOUGH or a refusal
};

bool xml_attribute(const struct xml_attributes *a, const char *prefix, const char *name, char *ret,
                   size_t cap) {
    for (int i = 0; i < a->count; i++) {
        const unsigned char **one = a->list + (ptrdiff_t)i * 5;
        const char *own = one[1] ? (const char *)one[1] : "";
        if (strcmp((const char *)one[0], name) != 0 ||
            (prefix ? strcmp(own, prefix) != 0 : strcmp(own, "calcext") == 0)) {
            continue;
        }
        size_t n = 0;
        for (const unsigned char *p = one[3]; p < one[4]; p++) {
            if (n + 1 >= cap) {
                return false;
            }
            ret[n++] = (char)*p;
            // Without a document libxml2 leaves an ampersand as this reference.
            if (*p == '&' && one[4] - p >= 5 && memcmp(p, "&#38;", 5) == 0) {
                p += 4;
            }
        }
        ret[n] = 0;
        return true;
    }
    return false;
}

uint64_t xml_attribute_number(const struct xml_attributes *a, const char *name, uint64_t missing) {
    char text[24], *end = NULL;
    if (!xml_attribute(a, NULL, name, text, sizeof text) || text[0] < '0' || text[0] > '9') {
        return missing;
    }
    unsigned long long v = strtoull(text, &end, 10);
    return *end == 0 ? v : missing;
}

static void check(struct reading *r) {
    if (r->stop != 0) {
        xmlStopParser(r->parser);
    }
}

static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int spaces,
                     const xmlChar **space, int count, int defaulted, const xmlChar **list) {
    (void)prefix;
    (void)uri;
    (void)spaces;
    (void)space;
    (void)defaulted;
    struct reading *r = arg;
    struct xml_attributes a = {list, count};
    if (r->stop == 0) {
        r->events->start(r->events->arg, (const char *)name, &a, &r->stop);
        check(r);
    }
}

static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix;
    (void)uri;
    struct reading *r = arg;
    if (r->stop == 0) {
        r->events->end(r->events->arg, (const char *)name, &r->stop);
        check(r);
    }
}

static void on_text(void *arg, const xmlChar *text, int n) {
    struct reading *r = arg;
    if (r->stop == 0 && r->events->text && n > 0) {
        r->events->text(r->events->arg, (const char *)text, (size_t)n, &r->stop);
        check(r);
    }
}

static void on_document_type(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name;
    (void)external;
    (void)system;
    struct reading *r = arg;
    r->stop = BOOK_STRANGE_XML;
    check(r);
}

static void on_error(void *arg, xmlErrorPtr error) {
    (void)arg;
    (void)error;
}

static enum book_refusal feed(struct book_file *f, struct reading *r, struct zipio_entry *e, char *chunk) {
    for (;;) {
        size_t n = 0;
        enum zipio_status status = zipio_entry_read(f->zip, e, chunk, CHUNK, &n);
        int rc = 0;
        switch (status) {
        case ZIPIO_OK:
            rc = xmlParseChunk(r->parser, chunk, (int)n, 0);
            break;
        case ZIPIO_END:
            rc = xmlParseChunk(r->parser, NULL, 0, 1);
            break;
        case ZIPIO_BROKEN:
            return BOOK_DAMAGED;
        case ZIPIO_TOO_LARGE:
            return BOOK_TOO_LARGE;
        case ZIPIO_BOMB:
            return BOOK_BOMB;
        }
        if (r->stop != 0) {
            return r->stop == XML_ENOUGH ? BOOK_READ : (enum book_refusal)r->stop;
        }
        if (rc == XML_ERR_NO_MEMORY) {
            return BOOK_NO_MEMORY;
        }
        if (!r->parser->wellFormed || r->parser->disableSAX) {
            return BOOK_DAMAGED;
        }
        if (status == ZIPIO_END) {
            return BOOK_READ;
        }
    }
}

static xmlParserInputPtr load_nothing(const char *url, const char *id, xmlParserCtxtPtr parser) {
    (void)url;
    (void)id;
    (void)parser;
    return NULL;
}

void xml_prepare(void) {
    xmlInitParser();
    xmlSetExternalEntityLoader(load_nothing);
}

bool xml_find(struct book_file *f, const char *entry) {
    return unzLocateFile(f->zip, entry, 2) == UNZ_OK; // 2: capitals count for nothing
}

enum book_refusal xml_read(struct book_file *f, const char *entry, const struct xml_events *events) {
    struct reading r = {.events = events};
    struct zipio_entry e;
    unz_file_info64 info;
    if (!xml_find(f, entry)) {
        return BOOK_NO_BOOK;
    }
    if (unzGetCurrentFileInfo64(f->zip, &info, NULL, 0, NULL, 0, NULL, 0) == UNZ_OK && (info.flag & 1)) {
        return BOOK_LOCKED;
    }
    if (!zipio_entry_begin(f->zip, f->source, XML_ENTRY_MAX, &e)) {
        return BOOK_DAMAGED;
    }
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text,
                         .cdataBlock = on_text,
                         .internalSubset = on_document_type,
                         .serror = on_error};
    char *chunk = malloc(CHUNK);
    enum book_refusal refusal = BOOK_NO_MEMORY;
    r.parser = chunk ? xmlCreatePushParserCtxt(&sax, &r, NULL, 0, NULL) : NULL;
    if (r.parser) {
        xmlCtxtUseOptions(r.parser, XML_PARSE_NONET);
        refusal = feed(f, &r, &e, chunk);
        xmlFreeParserCtxt(r.parser);
    }
    free(chunk);
    unzCloseCurrentFile(f->zip);
    return refusal;
}
