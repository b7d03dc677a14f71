// SPDX-License-Identifier: Apache-2.0
// The program anchorage-book: a workbook of a stranger on descriptor 0, frames of its rows to descriptor 1
// (frame.h). Its one argument is the name of the sheet, "" for the first that holds a table.
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sheet/book/book.h"
#include "sheet/book/jail.h"

static bool send_all(void *arg, const void *bytes, size_t n) {
    (void)arg;
    const char *p = bytes;
    while (n > 0) {
        ssize_t k = write(1, p, n);
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k <= 0) {
            return false;
        }
        p += k;
        n -= (size_t)k;
    }
    return true;
}

int main(int argc, char **argv) {
    struct stat info;
    struct source source = {.fd = 0};
    if (argc != 2 || fstat(0, &info) != 0 || !S_ISREG(info.st_mode)) {
        return 2;
    }
    signal(SIGPIPE, SIG_DFL);
    source.size = (uint64_t)info.st_size;
    xml_prepare();
    if (!jail_enter()) {
        return BOOK_EXIT_LIMITS;
    }
    book_read(&source, argv[1], send_all, NULL);
    return 0;
}
