// SPDX-License-Identifier: Apache-2.0
// Takes everything away that reading a file and writing to a pipe does not need.
#ifndef ANCHORAGE_SHEET_BOOK_JAIL_H
#define ANCHORAGE_SHEET_BOOK_JAIL_H

#include <stdbool.h>

// Limits of memory, time, files and processes, and a filter of system calls: reading descriptor 0, writing to
// descriptor 1, memory, the end. A call outside of it ends the program. Where the kernel has no such filter
// the limits alone must do. False: a limit could not be set.
bool jail_enter(void);

#endif
