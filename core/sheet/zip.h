// SPDX-License-Identifier: Apache-2.0
// Looks into a zip archive without trusting it: is it a workbook, or does it hold the one CSV file, as some
// councils publish it? Reads that CSV.
//
// Refused: more or less than one CSV, encryption, more than SHEET_FILE_MAX unpacked, a packing ratio above
// ZIPIO_RATIO_MAX (a "zip bomb"), a checksum that does not match, too many entries. Nothing is written to
// disk and entry names are never used as paths.
#ifndef ANCHORAGE_SHEET_ZIP_H
#define ANCHORAGE_SHEET_ZIP_H

#include "sheet/source.h"

enum zip_holds { ZIP_REFUSED, ZIP_CSV, ZIP_XLSX, ZIP_ODS };

struct zip;

// The source must outlive it. ZIP_CSV: *ret is to be closed; ZIP_REFUSED: *ret_why says why.
enum zip_holds zip_open(const struct source *source, struct zip **ret, const char **ret_why);
void zip_close(struct zip *z); // NULL is fine

// The next bytes of the CSV, n unless it ends with them (*ret_last). False: *ret_why says why.
bool zip_read(struct zip *z, void *to, size_t n, size_t *ret_n, bool *ret_last, const char **ret_why);

// From its first byte again.
bool zip_rewind(struct zip *z, const char **ret_why);

uint64_t zip_position(const struct zip *z); // bytes of the archive read, roughly

#endif
