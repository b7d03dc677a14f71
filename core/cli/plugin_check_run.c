// SPDX-License-Identifier: Apache-2.0
// A part of the check in a child process: its lines come through a pipe, its end says whether it got through.
#include "cli/plugin_check_run.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUFFER_BYTES 65536

void check_run_line(struct check_run *r, char mark, const char *what, const char *words) {
    if (r->count == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 64;
        struct check_line *more = arena_array(r->cli->arena, cap, sizeof *more);
        if (r->count) {
            memcpy(more, r->lines, r->count * sizeof *more);
        }
        r->lines = more;
        r->cap = cap;
    }
    r->lines[r->count++] = (struct check_line){mark, what, words};
    r->failed += mark == 'f';
    r->remarks += mark == 'w';
    if (r->cli->json) {
        return;
    }
    const char *name = mark == 'f' ? "FAIL" : mark == 'w' ? "note" : "ok  ";
    printf("%s  %s%s%s\n", name, what, *words ? ": " : "", words);
    fflush(stdout);
}

// ---- what the child says -------------------------------------------------------------------------

// False for the line with which a part says that it got through.
static bool take_line(struct check_run *r, char *line) {
    char *what = strchr(line, '\t');
    char *words = what ? strchr(what + 1, '\t') : NULL;
    if (line[0] == 'D' || !words) {
        return line[0] != 'D';
    }
    struct arena *a = r->cli->arena;
    *words++ = 0;
    what = arena_strdup(a, what + 1);
    words = arena_strdup(a, words);
    switch (line[0]) {
    case 'I':
        r->id = what;
        r->version = words;
        break;
    case 'B':
        r->before = what;
        break;
    case 'N':
        if (r->need_count < CHECK_NEEDS_MAX) {
            r->needs[r->need_count++] = what;
        }
        break;
    case 'P':
        r->k.info.wants = (anc_caps)strtoull(what, NULL, 10);
        r->k.info.wants_optional = (anc_caps)strtoull(words, NULL, 10);
        break;
    default:
        check_run_line(r, line[0], what, words);
        break;
    }
    return true;
}

// Takes whole lines out of the buffer; true when the last one was the end.
static bool take_lines(struct check_run *r, char *buffer, size_t *n) {
    bool through = false;
    char *from = buffer, *end;
    while ((end = memchr(from, '\n', *n - (size_t)(from - buffer)))) {
        *end = 0;
        through |= !take_line(r, from);
        from = end + 1;
    }
    *n -= (size_t)(from - buffer);
    memmove(buffer, from, *n);
    return through;
}

// Reads until the child closes its end or the time is over; *ret_late tells the latter.
static bool listen_to(struct check_run *r, int fd, int limit_s, bool *ret_late) {
    static char buffer[BUFFER_BYTES];
    int64_t end = clock_monotonic_usec() + (int64_t)limit_s * 1000000;
    size_t n = 0;
    bool through = false;
    for (;;) {
        int64_t left = (end - clock_monotonic_usec()) / 1000;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            *ret_late = true;
            return false;
        }
        ssize_t got = read(fd, buffer + n, sizeof buffer - n);
        if (got <= 0) {
            return through;
        }
        n += (size_t)got;
        through |= take_lines(r, buffer, &n);
    }
}

// ---- the child -----------------------------------------------------------------------------------

static void no_log(const char *line) {
    (void)line;
}

static _Noreturn void be_child(struct check_run *r, void (*part)(struct check *k), int out) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(STDERR_FILENO, STDOUT_FILENO); // what a plugin prints is no part of the result
    if (!getppid()) {
        _exit(1);
    }
    log_set_sink(no_log);
    struct check *k = &r->k;
    k->out = out;
    k->arena = arena_new((size_t)1024 * 1024 * 1024);
    ctx_init(&k->c, k->arena, NULL);
    k->c.sums = &sums_none;
    part(k);
    check_tell(k, 'D', "", "");
    _exit(0);
}

static const char *how_it_ended(struct arena *a, int status) {
    if (WIFSIGNALED(status)) {
        return arena_printf(a, "it crashed (%s)", strsignal(WTERMSIG(status)));
    }
    return arena_printf(a, "it ended the whole program (exit code %d)", WEXITSTATUS(status));
}

bool check_run_part(struct check_run *r, void (*part)(struct check *k), const char *title, int limit_s) {
    size_t failed = r->failed;
    int ends[2];
    struct arena *a = r->cli->arena;
    fflush(NULL);
    snprintf(r->k.now, CHECK_NOW_SIZE, "%s", title);
    pid_t child = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
    if (child < 0) {
        check_run_line(r, 'f', title, "no process could be made for it.");
        return false;
    }
    if (child == 0) {
        close(ends[0]);
        be_child(r, part, ends[1]);
    }
    close(ends[1]);
    bool late = false;
    int status = 0;
    bool through = listen_to(r, ends[0], limit_s, &late);
    close(ends[0]);
    if (late) {
        kill(child, SIGKILL);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (late) {
        check_run_line(r, 'f', title,
                       arena_printf(a, "it did not come to an end within %d seconds. It was at: %s.", limit_s,
                                    r->k.now));
    } else if (!through) {
        check_run_line(r, 'f', title,
                       arena_printf(a,
                                    "%s. It was at: %s. Build it with -fsanitize=address,undefined to see "
                                    "where.",
                                    how_it_ended(a, status), r->k.now));
    }
    return r->failed == failed;
}
