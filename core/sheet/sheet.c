// SPDX-License-Identifier: Apache-2.0
// Tables of cells out of files people have: what kind of file it is, and the reading of it in blocks.
#include "sheet/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sheet/bookpipe.h"
#include "sheet/digest.h"
#include "sheet/scan.h"
#include "sheet/sniff.h"
#include "sheet/source.h"
#include "sheet/wide.h"
#include "sheet/zip.h"

static const char no_memory[] = "The machine has no memory left to read the file. Try again later.";
#define RAW_BYTES (SCAN_FILL / 2)
_Static_assert(WIDE_ROOM(RAW_BYTES) <= SCAN_FILL, "wide text fits where it is put");

static const char unreadable[] = "The file could not be read. Try again, or save it anew and use that.";

struct sheet {
    struct source source;
    struct stat before; // of the file when it was opened
    bool is_file;
    struct digest *digest;
    struct scan *scan;
    struct zip *zip;       // NULL: the file is the CSV
    struct bookpipe *book; // NULL: no workbook
    char delimiter;        // asked for; 0: to be found
    struct wide wide;      // order WIDE_NOT: bytes are taken as they are
    unsigned char *raw;    // of text that is wide, before it is made UTF-8
    char *table;
    uint64_t at, rows; // bytes of the file read, rows given out
    enum sheet_status status;
    char why[320], words[320];
};

static enum sheet_status stop(struct sheet *s, enum sheet_status status, const char *why) {
    s->status = status;
    snprintf(s->why, sizeof s->why, "%s", why);
    return status;
}

void sheet_close(struct sheet *s) {
    if (s) {
        digest_free(s->digest);
        scan_free(s->scan);
        zip_close(s->zip);
        bookpipe_close(s->book);
        free(s->table);
        free(s->raw);
        free(s);
    }
}

// ---- bytes in -----------------------------------------------------------------------------------------

static enum sheet_status read_bytes(struct sheet *s, char *to, size_t most, size_t *ret_n, bool *ret_last) {
    if (s->zip) {
        const char *why = NULL;
        if (!zip_read(s->zip, to, most, ret_n, ret_last, &why)) {
            return stop(s, SHEET_REFUSED, why);
        }
        s->at = zip_position(s->zip);
        return SHEET_OK;
    }
    if (!source_read(&s->source, to, most, s->at, ret_n)) {
        return stop(s, SHEET_FAILED, unreadable);
    }
    s->at += *ret_n;
    *ret_last = *ret_n < most || s->at == s->source.size;
    return SHEET_OK;
}

static enum sheet_status fill(struct sheet *s) {
    char *room = scan_room(s->scan);
    bool wide = s->wide.order != WIDE_NOT, last = false;
    size_t n = 0;
    enum sheet_status status =
        read_bytes(s, wide ? (char *)s->raw : room, wide ? RAW_BYTES : SCAN_FILL, &n, &last);
    if (status == SHEET_OK) {
        scan_add(s->scan, wide ? wide_take(&s->wide, s->raw, n, last, room) : n, last);
    }
    return status;
}

static const char *delimiter_words(char d) {
    return d == ','    ? "commas"
           : d == ';'  ? "semicolons"
           : d == '\t' ? "tabs"
           : d == '|'  ? "bars"
                       : "one character";
}

static enum sheet_status begin_csv(struct sheet *s);

// Once more from the start, now that the bytes are known to be UTF-16.
static enum sheet_status begin_wide(struct sheet *s, enum wide_order order) {
    const char *why = NULL;
    s->raw = s->raw ? s->raw : malloc(RAW_BYTES);
    if (!s->raw) {
        return stop(s, SHEET_FAILED, no_memory);
    }
    if (s->zip && !zip_rewind(s->zip, &why)) {
        return stop(s, SHEET_REFUSED, why);
    }
    s->wide = (struct wide){.order = order};
    return begin_csv(s);
}

// Reads the head of the CSV, from the file or out of the archive, and what it tells.
static enum sheet_status begin_csv(struct sheet *s) {
    s->at = 0;
    s->wide = (struct wide){.order = s->wide.order};
    scan_reset(s->scan);
    if (fill(s) != SHEET_OK) {
        return s->status;
    }
    size_t n = 0;
    const unsigned char *head = scan_head(s->scan, &n);
    size_t look = n < SNIFF_BYTES ? n : SNIFF_BYTES;
    enum sniff_kind kind = sniff_kind(head, look);
    if (kind == SNIFF_UTF16 && s->wide.order == WIDE_NOT && wide_sniff(head, look) != WIDE_NOT) {
        return begin_wide(s, wide_sniff(head, look));
    }
    struct sniffed found = {.kind = kind};
    if (kind == SNIFF_TEXT) {
        found = sniff_text(head, look, look == n, s->delimiter);
    }
    if (found.kind == SNIFF_ZIP) {
        return stop(s, SHEET_REFUSED,
                    "There is another archive inside. Unpack it and use the CSV file alone.");
    }
    if (found.kind != SNIFF_TEXT) {
        return stop(s, SHEET_REFUSED, sniff_sentence(found.kind));
    }
    if (n == found.skip) {
        return stop(s, SHEET_REFUSED, "The file is empty. Export it again, and look that it holds rows.");
    }
    scan_skip(s->scan, found.skip);
    scan_start(s->scan, found.delimiter, 1 + found.lines);
    snprintf(s->words, sizeof s->words, "CSV%s%s, separated by %s", s->zip ? " in a zip archive" : "",
             s->wide.order == WIDE_NOT ? "" : " in UTF-16", delimiter_words(found.delimiter));
    return SHEET_OK;
}

static enum sheet_status begin_book(struct sheet *s, enum zip_holds kind) {
    const char *why = NULL;
    s->at = 0;
    if (s->source.fd < 0) {
        return stop(s, SHEET_REFUSED, "A workbook is read only from a file.");
    }
    s->book = bookpipe_open(s->source.fd, s->table, &why);
    if (!s->book) {
        return stop(s, SHEET_FAILED, why);
    }
    enum sheet_status status = bookpipe_begin(s->book);
    snprintf(s->words, sizeof s->words, "Workbook (%s), sheet %s", kind == ZIP_ODS ? "ODS" : "XLSX",
             bookpipe_table(s->book));
    return status == SHEET_OK ? SHEET_OK : stop(s, status, bookpipe_why(s->book));
}

static enum sheet_status begin(struct sheet *s) {
    unsigned char head[8];
    size_t n = 0;
    if (!source_read(&s->source, head, sizeof head, 0, &n)) {
        return stop(s, SHEET_FAILED, unreadable);
    }
    if (sniff_kind(head, n) != SNIFF_ZIP) {
        return begin_csv(s);
    }
    const char *why = NULL;
    enum zip_holds holds = zip_open(&s->source, &s->zip, &why);
    switch (holds) {
    case ZIP_REFUSED:
        return stop(s, SHEET_REFUSED, why);
    case ZIP_CSV:
        return begin_csv(s);
    case ZIP_XLSX:
    case ZIP_ODS:
        break;
    }
    return begin_book(s, holds);
}

// ---- opening ------------------------------------------------------------------------------------------

static enum sheet_status check_file(struct sheet *s) {
    if (fstat(s->source.fd, &s->before) != 0) {
        return stop(s, SHEET_FAILED, unreadable);
    }
    if (!S_ISREG(s->before.st_mode)) {
        return stop(s, SHEET_REFUSED, "That is not a file but a folder, a device or a pipe. Name a file.");
    }
    s->source.size = (uint64_t)s->before.st_size;
    return SHEET_OK;
}

static enum sheet_status open_source(struct sheet *s, const struct sheet_options *options) {
    s->delimiter = options ? options->delimiter : 0;
    s->table = strdup(options && options->table ? options->table : "");
    if (s->is_file && check_file(s) != SHEET_OK) {
        return s->status;
    }
    if (s->source.size == 0) {
        return stop(s, SHEET_REFUSED, "The file is empty. Export it again, and look that it holds rows.");
    }
    if (s->source.size > SHEET_FILE_MAX) {
        return stop(s, SHEET_REFUSED, "The file is larger than 4 GB. Split it by year and use the parts.");
    }
    s->scan = scan_new();
    s->digest = digest_start(&s->source);
    if (!s->table || !s->scan || !s->digest) {
        return stop(s, SHEET_FAILED, no_memory);
    }
    return begin(s);
}

static enum sheet_status open_any(struct source source, bool is_file, const struct sheet_options *options,
                                  struct sheet **ret) {
    struct sheet *s = calloc(1, sizeof *s);
    *ret = s;
    if (!s) {
        return SHEET_FAILED;
    }
    s->source = source;
    s->is_file = is_file;
    return open_source(s, options);
}

enum sheet_status sheet_open(int fd, const struct sheet_options *options, struct sheet **ret) {
    return open_any((struct source){.fd = fd}, true, options, ret);
}

enum sheet_status sheet_open_memory(const void *bytes, size_t n, const struct sheet_options *options,
                                    struct sheet **ret) {
    return open_any((struct source){.fd = -1, .bytes = bytes, .size = n}, false, options, ret);
}

enum sheet_status sheet_rewind(struct sheet *s) {
    if (s->status == SHEET_REFUSED || s->status == SHEET_FAILED) {
        return s->status;
    }
    s->status = SHEET_OK;
    s->rows = 0;
    if (s->book) {
        bookpipe_close(s->book);
        s->book = NULL;
        return begin(s);
    }
    const char *why = NULL;
    if (s->zip && !zip_rewind(s->zip, &why)) {
        return stop(s, SHEET_REFUSED, why);
    }
    return begin_csv(s);
}

// ---- rows out -----------------------------------------------------------------------------------------

// Somebody may write to the file while it is read: then nothing of it is to be believed.
static enum sheet_status at_end(struct sheet *s) {
    struct stat now;
    if (s->is_file) {
        if (fstat(s->source.fd, &now) != 0) {
            return stop(s, SHEET_FAILED, unreadable);
        }
        if (now.st_size != s->before.st_size || now.st_mtim.tv_sec != s->before.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != s->before.st_mtim.tv_nsec) {
            return stop(s, SHEET_REFUSED,
                        "The file was changed while it was read. Wait until it is whole, then "
                        "try again.");
        }
    }
    s->at = s->source.size;
    s->status = SHEET_END;
    return SHEET_END;
}

static enum sheet_status refuse_row(struct sheet *s, enum scan_status status) {
    const char *why =
        "a quote mark opens a cell here, and the file ends inside it. It may have been cut short: "
        "download it again, or look for a quote mark that never closes.";
    if (status == SCAN_NUL) {
        why =
            "the row holds bytes that are not text. Save the file again as \"CSV UTF-8 (comma delimited)\".";
    } else if (status == SCAN_CELL_TOO_LONG) {
        why = "one cell holds more than 65,536 bytes. Look for a quote mark that opens a cell and never "
              "closes.";
    } else if (status == SCAN_TOO_MANY_CELLS) {
        why =
            "the row has more than 512 cells. Delete the empty columns at the right and save the file again.";
    } else if (status == SCAN_ROW_TOO_LONG) {
        why = "the row is longer than 1 MB. Look for a quote mark that opens a cell and never closes.";
    }
    s->status = SHEET_REFUSED;
    snprintf(s->why, sizeof s->why, "Line %llu: %s", (unsigned long long)scan_line(s->scan), why);
    return SHEET_REFUSED;
}

static enum sheet_status next_of_csv(struct sheet *s, struct sheet_block *ret) {
    for (;;) {
        enum scan_status status = scan_block(s->scan, ret);
        switch (status) {
        case SCAN_BLOCK:
            return SHEET_OK;
        case SCAN_MORE:
            if (fill(s) != SHEET_OK) {
                return s->status;
            }
            break;
        case SCAN_END:
            return at_end(s);
        case SCAN_NO_MEMORY:
            return stop(s, SHEET_FAILED, no_memory);
        default:
            return refuse_row(s, status);
        }
    }
}

static enum sheet_status next_of_book(struct sheet *s, struct sheet_block *ret) {
    enum sheet_status status = bookpipe_next(s->book, ret);
    s->at = bookpipe_done(s->book);
    switch (status) {
    case SHEET_OK:
        return SHEET_OK;
    case SHEET_END:
        return at_end(s);
    case SHEET_REFUSED:
    case SHEET_FAILED:
        break;
    }
    return stop(s, status, bookpipe_why(s->book));
}

enum sheet_status sheet_next(struct sheet *s, struct sheet_block *ret) {
    if (s->status != SHEET_OK) {
        return s->status;
    }
    enum sheet_status status = s->book ? next_of_book(s, ret) : next_of_csv(s, ret);
    if (status != SHEET_OK) {
        return status;
    }
    s->rows += ret->rows;
    return s->rows > SHEET_ROWS_MAX
               ? stop(s, SHEET_REFUSED,
                      "The file has more than 50 million rows. Split it by year and use the parts.")
               : SHEET_OK;
}

// ---- what is known of it ------------------------------------------------------------------------------

const char *sheet_why(const struct sheet *s) {
    return s ? s->why : no_memory;
}

uint64_t sheet_done(const struct sheet *s) {
    return s->at < s->source.size ? s->at : s->source.size;
}

uint64_t sheet_bytes(const struct sheet *s) {
    return s->source.size;
}

const char *sheet_words(const struct sheet *s) {
    return s->words;
}

const char *sheet_unread(const struct sheet *s) {
    static const char mark[] = "; not read: ";
    const char *at = s->book ? strstr(s->words, mark) : NULL;
    return at ? at + strlen(mark) : "";
}

uint64_t sheet_recoded(const struct sheet *s) {
    return s->scan ? scan_recoded(s->scan) : 0;
}

const char *sheet_sha256(struct sheet *s) {
    return s->digest ? digest_wait(s->digest) : "";
}
