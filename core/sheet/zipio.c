// SPDX-License-Identifier: Apache-2.0
// Lets minizip read from a source; and what is the same wherever an entry of an archive is unpacked.
#include "sheet/zipio.h"

#include <string.h>

static voidpf io_open(voidpf opaque, const void *name, int mode) {
    (void)name;
    (void)mode;
    return opaque;
}

enum { FEW = 64 };

// A few bytes from those read ahead. False at the end of the file, and when the machine would not read.
static bool take_ahead(struct zipio *io, void *to, size_t n) {
    bool there = io->at >= io->ahead_at && io->at - io->ahead_at + n <= io->ahead;
    if (!there) {
        size_t got = 0;
        if (!source_read(io->source, io->bytes, sizeof io->bytes, io->at, &got) || got < n) {
            return false;
        }
        io->ahead_at = io->at;
        io->ahead = got;
    }
    memcpy(to, io->bytes + (io->at - io->ahead_at), n);
    io->at += n;
    return true;
}

static uLong io_read(voidpf opaque, voidpf stream, void *to, uLong n) {
    (void)opaque;
    struct zipio *io = stream;
    size_t got = 0;
    if (n <= FEW && take_ahead(io, to, n)) {
        return n;
    }
    if (!source_read(io->source, to, n, io->at, &got)) {
        got = 0;
    }
    io->at += got;
    io->short_read |= got < n;
    return (uLong)got;
}

static uLong io_write(voidpf opaque, voidpf stream, const void *from, uLong n) {
    (void)opaque;
    (void)stream;
    (void)from;
    (void)n;
    return 0;
}

static ZPOS64_T io_tell(voidpf opaque, voidpf stream) {
    (void)opaque;
    return ((struct zipio *)stream)->at;
}

static long io_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin) {
    (void)opaque;
    struct zipio *io = stream;
    uint64_t size = io->source->size;
    uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR ? io->at : origin == ZLIB_FILEFUNC_SEEK_END ? size : 0;
    if (base > size || offset > size - base) {
        return -1;
    }
    io->at = base + offset;
    return 0;
}

static int io_close(voidpf opaque, voidpf stream) {
    (void)opaque;
    (void)stream;
    return 0;
}

static int io_error(voidpf opaque, voidpf stream) {
    (void)opaque;
    return ((struct zipio *)stream)->short_read;
}

unzFile zipio_open(struct zipio *io, const struct source *source) {
    *io = (struct zipio){.source = source};
    zlib_filefunc64_def f = {
        .zopen64_file = io_open,
        .zread_file = io_read,
        .zwrite_file = io_write,
        .ztell64_file = io_tell,
        .zseek64_file = io_seek,
        .zclose_file = io_close,
        .zerror_file = io_error,
        .opaque = io,
    };
    return unzOpen2_64("", &f);
}

bool zipio_entry_begin(unzFile zip, const struct source *source, uint64_t max, struct zipio_entry *ret) {
    unz_file_info64 info;
    if (unzGetCurrentFileInfo64(zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK || (info.flag & 1) ||
        unzOpenCurrentFile(zip) != UNZ_OK) {
        return false;
    }
    // The archive may claim a packed size larger than itself to make the ratio look small.
    uint64_t packed = info.compressed_size < source->size ? info.compressed_size : source->size;
    *ret = (struct zipio_entry){.packed = packed, .max = max};
    return true;
}

enum zipio_status zipio_entry_read(unzFile zip, struct zipio_entry *e, void *to, unsigned n, size_t *ret_n) {
    int got = unzReadCurrentFile(zip, to, n);
    *ret_n = 0;
    if (got < 0) {
        return ZIPIO_BROKEN;
    }
    if (got == 0) {
        return unzCloseCurrentFile(zip) == UNZ_OK ? ZIPIO_END : ZIPIO_BROKEN;
    }
    e->total += (uint64_t)got;
    if (e->total > e->max) {
        return ZIPIO_TOO_LARGE;
    }
    if (e->total > ZIPIO_HARMLESS && e->total / ZIPIO_RATIO_MAX > e->packed) {
        return ZIPIO_BOMB;
    }
    *ret_n = (size_t)got;
    return ZIPIO_OK;
}
