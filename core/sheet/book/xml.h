// SPDX-License-Identifier: Apache-2.0
// XML of strangers out of an archive, as events: no document is kept, no entity is loaded, a document type is
// a refusal. libxml2's push parser underneath.
#ifndef ANCHORAGE_SHEET_BOOK_XML_H
#define ANCHORAGE_SHEET_BOOK_XML_H

#include "sheet/book/frame.h"
#include "sheet/zipio.h"

#define XML_ENTRY_MAX (UINT64_C(2) << 30) // bytes of one entry, unpacked

struct book_file {
    const struct source *source;
    struct zipio io;
    unzFile zip;
};

// The attributes of an element; names without their prefix.
struct xml_attributes {
    const unsigned char **list; // five for each, as libxml2 gives them
    int count;
};

// The value of an attribute; prefix NULL takes any but "calcext". False: not there, or longer than cap.
bool xml_attribute(const struct xml_attributes *a, const char *prefix, const char *name, char *ret,
                   size_t cap);
// The same as a number; `missing` when it is not there or is none.
uint64_t xml_attribute_number(const struct xml_attributes *a, const char *name, uint64_t missing);

// What happens; names without their prefix. Each may set *ret_stop to something to end the reading with it;
// XML_ENOUGH ends it without complaint.
struct xml_events {
    void (*start)(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop);
    void (*end)(void *arg, const char *name, int *ret_stop);
    void (*text)(void *arg, const char *text, size_t n, int *ret_stop); // in any pieces; may be NULL
    void *arg;
};
#define XML_ENOUGH (-1)

// What libxml2 looks up once; before the program gives its rights away.
void xml_prepare(void);

// True when the archive has that entry; it becomes the current one.
bool xml_find(struct book_file *f, const char *entry);

// Reads an entry. BOOK_NO_BOOK: there is none of that name.
enum book_refusal xml_read(struct book_file *f, const char *entry, const struct xml_events *events);

#endif
