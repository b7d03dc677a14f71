// SPDX-License-Identifier: Apache-2.0
// Looks into a zip archive without trusting it: is it a workbook, or does it hold the one CSV file?
#include "sheet/zip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sheet/sheet.h"
#include "sheet/zipio.h"

static const char not_zip[] = "The file is not a zip archive, or it was cut short. Download it again.";
static const char damaged[] = "The zip archive is damaged. Download it again.";
static const char no_memory[] = "The machine has no memory left to read the file. Try again later.";

struct zip {
    struct zipio io;
    unzFile file;
    unz64_file_pos place; // of the CSV
    struct zipio_entry entry;
    bool ended;
};

void zip_close(struct zip *z) {
    if (z) {
        if (z->file) {
            unzClose(z->file);
        }
        free(z);
    }
}

static const char *base_name(const char *path) {
    const char *base = path;
    for (const char *p = path; *p; p++) {
        if (*p == '/' || *p == '\\') {
            base = p + 1;
        }
    }
    return base;
}

static bool ends(const char *name, const char *with) {
    size_t n = strlen(name), k = strlen(with);
    return n > k && strcasecmp(name + n - k, with) == 0;
}

struct inside {
    unsigned entries, csv, books;
    bool xlsx, xlsb, ods, locked;
};

// macOS adds a shadow of each file; it is named like a CSV and is not one.
static bool is_shadow(const char *path) {
    return strncmp(path, "__MACOSX/", 9) == 0 || strncmp(base_name(path), "._", 2) == 0;
}

static bool note_entry(struct zip *z, struct inside *in) {
    unz_file_info64 info;
    char name[1024] = "";
    if (unzGetCurrentFileInfo64(z->file, &info, name, sizeof name - 1, NULL, 0, NULL, 0) != UNZ_OK) {
        return false;
    }
    in->entries++;
    in->xlsx |= strcasecmp(name, "[Content_Types].xml") == 0;
    in->xlsb |= strcasecmp(name, "xl/workbook.bin") == 0;
    in->ods |= strcmp(name, "content.xml") == 0;
    if (is_shadow(name)) {
        return true;
    }
    in->books += ends(name, ".xlsx") || ends(name, ".ods") || ends(name, ".xlsm") || ends(name, ".xls");
    if (ends(name, ".csv") || ends(name, ".tsv")) {
        in->csv++;
        in->locked |= (info.flag & 1) != 0;
        return unzGetFilePos64(z->file, &z->place) == UNZ_OK;
    }
    return true;
}

static const char *look_inside(struct zip *z, struct inside *in) {
    int rc = unzGoToFirstFile(z->file);
    for (; rc == UNZ_OK; rc = unzGoToNextFile(z->file)) {
        if (in->entries == ZIPIO_ENTRIES_MAX) {
            return "The zip archive holds too many files. Unpack it and use the one file alone.";
        }
        if (!note_entry(z, in)) {
            return damaged;
        }
    }
    return rc == UNZ_END_OF_LIST_OF_FILE || (in->entries == 0 && rc == UNZ_BADZIPFILE) ? NULL : damaged;
}

static const char *why_not_csv(const struct inside *in) {
    if (in->xlsb) {
        return "The file is a binary Excel workbook (.xlsb). Open it in Excel and save it as \"Excel "
               "workbook "
               "(.xlsx)\" or as CSV.";
    }
    if (in->csv == 0 && in->books > 0) {
        return "The zip archive holds a workbook. Unpack it and use the workbook itself.";
    }
    if (in->csv == 0) {
        return "The zip archive holds no CSV file. Unpack it, save the sheet as CSV and use that.";
    }
    if (in->csv > 1) {
        return "The zip archive holds more than one CSV file. Unpack it and use the files one by one.";
    }
    return in->locked ? "The zip archive has a password. Unpack it and use the CSV file alone." : NULL;
}

bool zip_rewind(struct zip *z, const char **ret_why) {
    z->ended = false;
    *ret_why = damaged;
    return unzGoToFilePos64(z->file, &z->place) == UNZ_OK &&
           zipio_entry_begin(z->file, z->io.source, SHEET_FILE_MAX, &z->entry);
}

enum zip_holds zip_open(const struct source *source, struct zip **ret, const char **ret_why) {
    struct zip *z = calloc(1, sizeof *z);
    struct inside in = {0};
    *ret_why = no_memory;
    if (!z) {
        return ZIP_REFUSED;
    }
    z->file = zipio_open(&z->io, source);
    *ret_why = z->file ? look_inside(z, &in) : not_zip;
    enum zip_holds holds = *ret_why              ? ZIP_REFUSED
                           : in.xlsx && !in.xlsb ? ZIP_XLSX
                           : in.ods && !in.xlsb  ? ZIP_ODS
                                                 : ZIP_CSV;
    if (holds == ZIP_CSV) {
        *ret_why = why_not_csv(&in);
        holds = *ret_why || !zip_rewind(z, ret_why) ? ZIP_REFUSED : ZIP_CSV;
    }
    if (holds != ZIP_CSV) {
        zip_close(z);
        return holds;
    }
    *ret = z;
    return ZIP_CSV;
}

bool zip_read(struct zip *z, void *to, size_t n, size_t *ret_n, bool *ret_last, const char **ret_why) {
    size_t got = 0;
    while (got < n && !z->ended) {
        size_t k = 0;
        switch (zipio_entry_read(z->file, &z->entry, (char *)to + got, (unsigned)(n - got), &k)) {
        case ZIPIO_OK:
            got += k;
            break;
        case ZIPIO_END:
            z->ended = true;
            break;
        case ZIPIO_BROKEN:
            *ret_why = damaged;
            return false;
        case ZIPIO_TOO_LARGE:
            *ret_why = "The CSV file in the zip archive is too large. Split it by month and use the parts.";
            return false;
        case ZIPIO_BOMB:
            *ret_why =
                "The zip archive unpacks to far more than its size, which no payments file does. Use the "
                "CSV file alone.";
            return false;
        }
    }
    *ret_n = got;
    *ret_last = z->ended;
    return true;
}

uint64_t zip_position(const struct zip *z) {
    return z->ended ? z->io.source->size : z->io.at;
}
