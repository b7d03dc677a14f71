// SPDX-License-Identifier: Apache-2.0
// Folders of tests, gone when a test ends.
#ifndef ANCHORAGE_TESTS_SUPPORT_FOLDER_H
#define ANCHORAGE_TESTS_SUPPORT_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

static inline int folder_remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
    (void)st, (void)kind, (void)where;
    return remove(path);
}

// The folder and everything in it; links are removed, not followed. 0, or what the first failure gave.
static inline int folder_remove(const char *path) {
    return nftw(path, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
