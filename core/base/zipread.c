// SPDX-License-Identifier: Apache-2.0
// Reads the one CSV file inside a zip archive, through minizip, from memory.
#include "base/zipread.h"

#include <minizip/unzip.h>
#include <string.h>
#include <strings.h>

// minizip asks for its file through these; ours is a piece of memory.
struct memory {
    const unsigned char *bytes;
    uint64_t n, at;
    bool short_read; // minizip takes missing bytes for zeros unless it is told of an error
};

static voidpf mem_open(voidpf opaque, const void *name, int mode) {
    (void)name;
    (void)mode;
    return opaque;
}

static uLong mem_read(voidpf opaque, voidpf stream, void *buf, uLong size) {
    (void)opaque;
    struct memory *m = stream;
    uint64_t left = m->n - m->at, take = size < left ? size : left;
    memcpy(buf, m->bytes + m->at, take);
    m->at += take;
    m->short_read |= take < size;
    return (uLong)take;
}

static uLong mem_write(voidpf opaque, voidpf stream, const void *buf, uLong size) {
    (void)opaque;
    (void)stream;
    (void)buf;
    (void)size;
    return 0;
}

static ZPOS64_T mem_tell(voidpf opaque, voidpf stream) {
    (void)opaque;
    return ((struct memory *)stream)->at;
}

static long mem_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin) {
    (void)opaque;
    struct memory *m = stream;
    uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR ? m->at : origin == ZLIB_FILEFUNC_SEEK_END ? m->n : 0;
    if (offset > m->n - base) {
        return -1;
    }
    m->at = base + offset;
    return 0;
}

static int mem_close(voidpf opaque, voidpf stream) {
    (void)opaque;
    (void)stream;
    return 0;
}

static int mem_error(voidpf opaque, voidpf stream) {
    (void)opaque;
    return ((struct memory *)stream)->short_read;
}

bool zipread_is_zip(const void *bytes, size_t n) {
    return n >= 4 && (memcmp(bytes, "PK\x03\x04", 4) == 0 || memcmp(bytes, "PK\x05\x06", 4) == 0);
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

// macOS adds a shadow of each file; it is named like a CSV and is not one.
static bool is_csv(const char *path) {
    const char *base = base_name(path);
    size_t n = strlen(base);
    return n > 4 && strcasecmp(base + n - 4, ".csv") == 0 && strncmp(base, "._", 2) != 0 &&
           strncmp(path, "__MACOSX/", 9) != 0;
}

// Finds the only CSV and leaves its place in *ret_at and what the archive says of it in *ret_entry.
static enum zipread_status find_csv(unzFile zip, unz64_file_pos *ret_at, struct zipread_info *info,
                                    uint64_t *ret_packed) {
    unsigned entries = 0, found = 0;
    int rc = unzGoToFirstFile(zip);
    for (; rc == UNZ_OK; rc = unzGoToNextFile(zip)) {
        unz_file_info64 entry;
        char name[1024] = "";
        if (++entries > ZIPREAD_MAX_ENTRIES) {
            return ZIPREAD_MANY_ENTRIES;
        }
        if (unzGetCurrentFileInfo64(zip, &entry, name, sizeof name - 1, NULL, 0, NULL, 0) != UNZ_OK) {
            return ZIPREAD_BROKEN;
        }
        if (!is_csv(name)) {
            continue;
        }
        if (found++) {
            return ZIPREAD_MANY_CSV;
        }
        if (entry.flag & 1) {
            return ZIPREAD_ENCRYPTED;
        }
        const char *base = base_name(name);
        size_t n = strlen(base);
        n = n < sizeof info->name ? n : sizeof info->name - 1;
        memcpy(info->name, base, n);
        info->name[n] = 0;
        *ret_packed = entry.compressed_size;
        if (unzGetFilePos64(zip, ret_at) != UNZ_OK) {
            return ZIPREAD_BROKEN;
        }
    }
    if (rc != UNZ_END_OF_LIST_OF_FILE && !(entries == 0 && rc == UNZ_BADZIPFILE)) {
        return ZIPREAD_BROKEN;
    }
    return found ? ZIPREAD_OK : ZIPREAD_NO_CSV;
}

static enum zipread_status unpack(unzFile zip, const struct zipread_limits *limits, uint64_t packed,
                                  zipread_sink_fn *sink, void *user, uint64_t *ret_bytes) {
    // A small file packs at any ratio without doing harm; the ratio counts from here on.
    const uint64_t harmless = UINT64_C(1024) * 1024;
    unsigned char chunk[32768];
    uint64_t total = 0;
    for (;;) {
        int n = unzReadCurrentFile(zip, chunk, sizeof chunk);
        if (n < 0) {
            return ZIPREAD_BROKEN;
        }
        if (n == 0) {
            *ret_bytes = total;
            return ZIPREAD_OK;
        }
        total += (uint64_t)n;
        if (total > limits->max_bytes) {
            return ZIPREAD_TOO_LARGE;
        }
        if (total > harmless && total / limits->max_ratio > packed) {
            return ZIPREAD_BOMB;
        }
        if (!sink(user, chunk, (size_t)n)) {
            return ZIPREAD_STOPPED;
        }
    }
}

static enum zipread_status read_zip(unzFile zip, const struct zipread_limits *limits, uint64_t size,
                                    zipread_sink_fn *sink, void *user, struct zipread_info *info) {
    unz64_file_pos at;
    uint64_t packed = 0;
    enum zipread_status s = find_csv(zip, &at, info, &packed);
    if (s != ZIPREAD_OK) {
        return s;
    }
    if (unzGoToFilePos64(zip, &at) != UNZ_OK || unzOpenCurrentFile(zip) != UNZ_OK) {
        return ZIPREAD_BROKEN;
    }
    // The archive may claim a packed size larger than itself to make the ratio look small.
    packed = packed < size ? packed : size;
    s = unpack(zip, limits, packed, sink, user, &info->bytes);
    if (unzCloseCurrentFile(zip) != UNZ_OK && s == ZIPREAD_OK) {
        return ZIPREAD_BROKEN;
    }
    return s;
}

enum zipread_status zipread_csv(const void *bytes, size_t n, const struct zipread_limits *limits,
                                zipread_sink_fn *sink, void *user, struct zipread_info *ret_info) {
    struct zipread_limits use = limits ? *limits : (struct zipread_limits){0};
    use.max_bytes = use.max_bytes ? use.max_bytes : ZIPREAD_MAX_BYTES;
    use.max_ratio = use.max_ratio ? use.max_ratio : ZIPREAD_MAX_RATIO;
    if (!zipread_is_zip(bytes, n)) {
        return ZIPREAD_NOT_ZIP;
    }
    struct memory m = {.bytes = bytes, .n = n};
    zlib_filefunc64_def f = {
        .zopen64_file = mem_open,
        .zread_file = mem_read,
        .zwrite_file = mem_write,
        .ztell64_file = mem_tell,
        .zseek64_file = mem_seek,
        .zclose_file = mem_close,
        .zerror_file = mem_error,
        .opaque = &m,
    };
    unzFile zip = unzOpen2_64("", &f);
    if (!zip) {
        return ZIPREAD_NOT_ZIP;
    }
    struct zipread_info info = {0};
    enum zipread_status s = read_zip(zip, &use, n, sink, user, &info);
    unzClose(zip);
    if (s == ZIPREAD_OK) {
        *ret_info = info;
    }
    return s;
}

const char *zipread_status_text(enum zipread_status s) {
    switch (s) {
    case ZIPREAD_OK:
        return "";
    case ZIPREAD_STOPPED:
        return "Reading was stopped.";
    case ZIPREAD_NOT_ZIP:
        return "The file is not a zip archive, or it was cut short. Download it again.";
    case ZIPREAD_NO_CSV:
        return "The zip archive holds no CSV file. Unpack it, save the sheet as CSV and upload that.";
    case ZIPREAD_MANY_CSV:
        return "The zip archive holds more than one CSV file. Unpack it and upload the files one by one.";
    case ZIPREAD_MANY_ENTRIES:
        return "The zip archive holds too many files. Unpack it and upload the CSV file alone.";
    case ZIPREAD_ENCRYPTED:
        return "The zip archive has a password. Unpack it and upload the CSV file alone.";
    case ZIPREAD_TOO_LARGE:
        return "The CSV file in the zip archive is too large. Split it by month and upload the parts.";
    case ZIPREAD_BOMB:
        return "The zip archive unpacks to far more than its size, which no payments file does. Upload the "
               "CSV "
               "file alone.";
    case ZIPREAD_BROKEN:
        return "The zip archive is damaged. Download it again.";
    }
    return "";
}
