// SPDX-License-Identifier: Apache-2.0
// When the program crashes inside a plugin, a line in a file says which one it was, for the next start.
#ifndef ANCHORAGE_PLUGIN_CRASH_H
#define ANCHORAGE_PLUGIN_CRASH_H

#include <stdbool.h>

// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT on a thread that is inside a plugin append one line
// "usec id call" to this file (made when missing) before they do what they did before: hand on to the handler
// that was there, else end the program. Outside plugins nothing is written. Once a process; false when the
// file cannot be opened.
bool crash_watch(const char *file);

// Gets this thread ready: a stack of its own for the handler, the signals unblocked. Called at each call into
// a plugin; does something only at the first of each thread, and only after crash_watch.
void crash_thread(void);

#endif
