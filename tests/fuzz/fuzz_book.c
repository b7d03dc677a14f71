// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any bytes as a workbook, or as one part of an otherwise good workbook. The first byte chooses
// which.
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sheet/book/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char types[] = "<Types/>";
static const char workbook[] =
    "<workbook xmlns:r=\"urn:r\"><sheets><sheet name=\"A\" r:id=\"r1\"/></sheets></workbook>";
static const char relations[] =
    "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"s.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"t.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"x/styles\" Target=\"f.xml\"/></Relationships>";
static const char rows[] =
    "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c s=\"1\"><v>45777.5</v></c><c><v>1</v></c></row>"
    "<row><c t=\"s\"><v>1</v></c><c s=\"2\"><v>2</v></c><c><v>3</v></c></row>"
    "<row><c t=\"s\"><v>2</v></c><c s=\"3\"><v>2</v></c><c><v>3</v></c></row></sheetData></worksheet>";

// An archive without packing, so that the bytes reach the parser as they are.
struct archive {
    unsigned char *bytes;
    size_t n;
    unsigned char directory[2048];
    size_t directory_n;
    unsigned entries;
};

static unsigned char *put(unsigned char *p, uint64_t v, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++, v >>= 8) {
        *p++ = (unsigned char)v;
    }
    return p;
}

static void add(struct archive *a, const char *name, const void *bytes, size_t n) {
    size_t len = strlen(name), offset = a->n;
    uint32_t crc = (uint32_t)crc32(0, bytes, (unsigned)n);
    unsigned char *p = a->bytes + a->n, *d = a->directory + a->directory_n;
    p = put(p, 0x04034b50, 4);
    p = put(p, 20, 2);
    d = put(d, 0x02014b50, 4);
    d = put(d, 20, 2);
    d = put(d, 20, 2);
    for (unsigned char **at = &p;; at = &d) {
        *at = put(*at, 0, 8); // flags, no packing, time
        *at = put(*at, crc, 4);
        *at = put(*at, n, 4);
        *at = put(*at, n, 4);
        *at = put(*at, len, 2);
        *at = put(*at, 0, 2);
        if (at == &d) {
            break;
        }
    }
    d = put(d, 0, 8);
    d = put(d, 0, 2);
    d = put(d, offset, 4);
    memcpy(p, name, len);
    memcpy(d, name, len);
    p += len;
    d += len;
    if (n > 0) {
        memcpy(p, bytes, n);
    }
    a->n = (size_t)(p - a->bytes) + n;
    a->directory_n = (size_t)(d - a->directory);
    a->entries++;
}

static void finish(struct archive *a) {
    size_t start = a->n;
    memcpy(a->bytes + a->n, a->directory, a->directory_n);
    unsigned char *p = a->bytes + a->n + a->directory_n;
    p = put(p, 0x06054b50, 4);
    p = put(p, 0, 4);
    p = put(p, a->entries, 2);
    p = put(p, a->entries, 2);
    p = put(p, a->directory_n, 4);
    p = put(p, start, 4);
    p = put(p, 0, 2);
    a->n = (size_t)(p - a->bytes);
}

// What is said is within the limits that the other end of the pipe sets.
static bool count(void *arg, const void *bytes, size_t n) {
    (void)bytes;
    *(size_t *)arg += n;
    assert(n <= FRAME_MAX);
    return *(size_t *)arg < ((size_t)64 << 20);
}

static void part(struct archive *a, const char *name, const char *good, const uint8_t *data, size_t size,
                 bool chosen) {
    if (chosen) {
        add(a, name, data, size);
    } else {
        add(a, name, good, strlen(good));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct archive a = {.bytes = malloc(size + 8192)};
    size_t said = 0;
    if (size == 0 || !a.bytes) {
        free(a.bytes);
        return 0;
    }
    uint8_t which = data[0] % 8;
    data++;
    size--;
    if (which == 0) {
        memcpy(a.bytes, data, size);
        a.n = size;
    } else if (which == 1) {
        add(&a, "content.xml", data, size);
        finish(&a);
    } else {
        part(&a, "[Content_Types].xml", types, data, 0, false);
        part(&a, "xl/workbook.xml", workbook, data, size, which == 2);
        part(&a, "xl/_rels/workbook.xml.rels", relations, data, size, which == 3);
        part(&a, "xl/t.xml", "<sst><si><t>a</t></si></sst>", data, size, which == 4);
        part(&a, "xl/f.xml", "<styleSheet><cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs></styleSheet>", data,
             size, which == 5);
        part(&a, "xl/s.xml", rows, data, size, which >= 6);
        finish(&a);
    }
    struct source source = {.fd = -1, .bytes = a.bytes, .size = a.n};
    xml_prepare();
    book_read(&source, which == 7 ? "A" : "", count, &said);
    assert(said >= FRAME_HEAD);
    free(a.bytes);
    return 0;
}
