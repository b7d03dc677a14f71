// SPDX-License-Identifier: Apache-2.0
// Workbooks (XLSX, ODS), read by the program anchorage-book beside this one: starts it, takes its rows from a
// pipe, believes nothing it says.
#include "sheet/bookpipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "sheet/book/frame.h"

// So long the program may be silent; it reads gigabytes of text before the first row of a large workbook.
enum { PATIENCE_MS = 120000 };

static const char no_memory[] = "The machine has no memory left to read the file. Try again later.";
static const char misbehaved[] =
    "The workbook could not be read: it is damaged, or made to do harm. Open it in a "
    "spreadsheet and save the sheet as CSV.";
static const char too_slow[] =
    "Reading the workbook took too long. Open it in a spreadsheet and save the sheet as "
    "CSV.";

static const char not_started[] =
    "The part of this program that reads workbooks could not be started. Save the sheet as CSV and use that, "
    "and tell the administrator: anchorage-book.";

struct bookpipe {
    pid_t pid; // 0: ended
    int pipe;
    enum sheet_status status;
    const char *why;
    char table[FRAME_NAME];
    uint64_t done, last_line;
    char *frame;
    uint32_t frame_cap;
    const char **text;
    uint32_t *length, *first;
    uint64_t *line;
    uint32_t cells_cap;
};

// ---- the program --------------------------------------------------------------------------------------

static char program[PATH_MAX];

void sheet_set_program(const char *path) {
    snprintf(program, sizeof program, "%s", path);
}

// Where the program lies: as it was said, beside this program, or where it was installed.
static bool find_program(char *ret, size_t cap) {
    static const char *const places[] = {"anchorage-book", "../lib/anchorage/anchorage-book"};
    char own[PATH_MAX];
    if (program[0]) {
        snprintf(ret, cap, "%s", program);
        return access(ret, X_OK) == 0;
    }
    ssize_t n = readlink("/proc/self/exe", own, sizeof own - 1);
    own[n > 0 ? n : 0] = 0;
    char *slash = strrchr(own, '/');
    if (!slash) {
        return false;
    }
    slash[1] = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        int len = snprintf(ret, cap, "%s%s", own, places[i]);
        if (len > 0 && (size_t)len < cap && access(ret, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

// It gets the file as its input, the pipe as its output, and nothing else: no environment, no other
// descriptor.
static bool spawn(struct bookpipe *w, const char *path, int fd, int out, const char *table) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    char name[] = "anchorage-book", empty[] = "", *copy = strdup(table);
    char *args[] = {name, copy ? copy : empty, NULL}, *environment[] = {NULL};
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    int rc = posix_spawn_file_actions_adddup2(&files, fd, 0);
    rc = rc ? rc : posix_spawn_file_actions_adddup2(&files, out, 1);
    rc = rc ? rc : posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    rc = rc ? rc : posix_spawn_file_actions_addclosefrom_np(&files, 3);
    rc = rc ? rc : posix_spawnattr_setsigmask(&how, &none);
    rc = rc ? rc : posix_spawnattr_setsigdefault(&how, &all);
    rc = rc ? rc : posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    rc = rc ? rc : posix_spawn(&w->pid, path, &files, &how, args, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    free(copy);
    return rc == 0;
}

// Descriptors above 2, so that putting one in its place cannot close another.
static int above_two(int fd) {
    return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static bool start(struct bookpipe *w, int fd, const char *table) {
    char path[PATH_MAX];
    int ends[2] = {-1, -1};
    if (!find_program(path, sizeof path) || pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    int in = above_two(fd), out = above_two(ends[1]);
    close(ends[1]);
    w->pipe = ends[0];
    bool good = in >= 0 && out >= 0 && spawn(w, path, in, out, table);
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return good;
}

struct bookpipe *bookpipe_open(int fd, const char *table, const char **ret_why) {
    struct bookpipe *w = calloc(1, sizeof *w);
    *ret_why = no_memory;
    if (!w) {
        return NULL;
    }
    w->pipe = -1;
    w->why = "";
    w->first = malloc((SHEET_BLOCK_ROWS + 1) * sizeof *w->first);
    w->line = malloc(SHEET_BLOCK_ROWS * sizeof *w->line);
    if (w->first && w->line) {
        *ret_why = not_started;
        if (start(w, fd, table)) {
            return w;
        }
    }
    bookpipe_close(w);
    return NULL;
}

// Ends the program if it has not ended and takes its exit status; false: none can be had.
static bool reap(struct bookpipe *w, int *ret_status) {
    pid_t pid = w->pid, got = -1;
    w->pid = 0;
    while (pid > 0 && (got = waitpid(pid, ret_status, 0)) < 0 && errno == EINTR) {
    }
    return pid > 0 && got == pid;
}

void bookpipe_close(struct bookpipe *w) {
    if (!w) {
        return;
    }
    int status;
    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        reap(w, &status);
    }
    if (w->pipe >= 0) {
        close(w->pipe);
    }
    free(w->frame);
    free((void *)w->text);
    free(w->length);
    free(w->first);
    free(w->line);
    free(w);
}

static enum sheet_status stop(struct bookpipe *w, enum sheet_status status, const char *why) {
    int ignored;
    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        reap(w, &ignored);
    }
    w->status = status;
    w->why = why;
    return status;
}

// ---- frames -------------------------------------------------------------------------------------------

// Exactly n bytes of the pipe. SHEET_END: it ended before the first of them.
static enum sheet_status take(struct bookpipe *w, void *to, size_t n) {
    size_t got = 0;
    while (got < n) {
        struct pollfd p = {.fd = w->pipe, .events = POLLIN};
        int ready = poll(&p, 1, PATIENCE_MS);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return stop(w, SHEET_REFUSED, too_slow);
        }
        ssize_t k = read(w->pipe, (char *)to + got, n - got);
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k <= 0) {
            return got == 0 && k == 0 ? SHEET_END : stop(w, SHEET_REFUSED, misbehaved);
        }
        got += (size_t)k;
    }
    return SHEET_OK;
}

// The program went without saying why.
static enum sheet_status went(struct bookpipe *w) {
    int status = 0;
    bool known = reap(w, &status);
    if (known && WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) {
        return stop(w, SHEET_REFUSED, too_slow);
    }
    // 127: it could not be run.
    if (known && WIFEXITED(status) &&
        (WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == BOOK_EXIT_LIMITS)) {
        return stop(w, SHEET_FAILED, not_started);
    }
    return stop(w, SHEET_REFUSED, misbehaved);
}

static const char *refusal_sentence(uint32_t why) {
    static const char *const sentences[BOOK_REFUSALS] = {
        [BOOK_NO_BOOK] =
            "The file is a zip archive, but not a workbook that can be read. Open it in a spreadsheet "
            "and save it as \"Excel workbook (.xlsx)\" or as CSV.",
        [BOOK_DAMAGED] =
            "The workbook is damaged or was cut short. Download it again, or open it in a spreadsheet "
            "and save it anew.",
        [BOOK_LOCKED] = "The workbook has a password. Save it without one.",
        [BOOK_BOMB] =
            "The workbook unpacks to far more than its size, which no payments file does. Save the sheet "
            "as CSV and use that.",
        [BOOK_TOO_LARGE] = "The workbook is too large. Save the sheet as CSV and use that.",
        [BOOK_NO_TABLE] = "No sheet of the workbook holds a table. Look whether it is the right file.",
        [BOOK_NO_SUCH_TABLE] =
            "The workbook has no sheet of that name. Look at the names at the bottom of the "
            "spreadsheet.",
        [BOOK_STRANGE_XML] =
            "The workbook holds instructions that no spreadsheet writes. Open it in a spreadsheet "
            "and save the sheet as CSV.",
        [BOOK_TOO_MANY_TEXTS] =
            "The workbook holds more text than can be read at once. Save the sheet as CSV and "
            "use that.",
        [BOOK_CELL_TOO_LONG] =
            "One cell of the workbook holds more than 65,536 bytes. Shorten it and save the "
            "workbook again.",
        [BOOK_TOO_MANY_CELLS] =
            "One row of the sheet has more than 512 cells. Delete the empty columns at the "
            "right and save the workbook again.",
        [BOOK_ROW_TOO_LONG] =
            "One row of the sheet is longer than 1 MB. Shorten its texts and save the workbook "
            "again.",
        [BOOK_TOO_MANY_ROWS] = "The sheet has too many rows. Split it by year and use the parts.",
        [BOOK_NO_MEMORY] =
            "The workbook needs more memory than it is given here. Save the sheet as CSV and use "
            "that.",
    };
    return why < BOOK_REFUSALS && sentences[why] ? sentences[why] : misbehaved;
}

static bool more_cells(struct bookpipe *w, uint32_t need) {
    uint32_t cap = need < 16384 ? 16384 : need + need / 2;
    if (need <= w->cells_cap) {
        return true;
    }
    // The old cells of this frame are copied, both arrays or none.
    const char **text = malloc(cap * sizeof *text);
    uint32_t *length = malloc(cap * sizeof *length);
    if (!text || !length) {
        free((void *)text);
        free(length);
        return false;
    }
    if (w->cells_cap > 0) {
        memcpy((void *)text, (const void *)w->text, w->cells_cap * sizeof *text);
        memcpy(length, w->length, w->cells_cap * sizeof *length);
    }
    free((void *)w->text);
    free(w->length);
    w->text = text;
    w->length = length;
    w->cells_cap = cap;
    return true;
}

// What is left of a frame.
struct rest {
    const char *p;
    size_t n;
};

static bool take_number(struct rest *r, void *to, size_t n) {
    if (r->n < n) {
        return false;
    }
    memcpy(to, r->p, n);
    r->p += n;
    r->n -= n;
    return true;
}

static bool take_cell(struct rest *r, const char **ret_text, uint32_t *ret_length) {
    uint32_t n = 0;
    if (!take_number(r, &n, sizeof n) || n > SHEET_CELL_MAX || r->n < (size_t)n + 1 || r->p[n] != 0 ||
        !utf8_valid(r->p, n)) {
        return false;
    }
    *ret_text = r->p;
    *ret_length = n;
    r->p += n + 1;
    r->n -= n + 1;
    return true;
}

static enum sheet_status take_rows(struct bookpipe *w, struct rest r, struct sheet_block *ret) {
    uint32_t rows = 0, cells = 0;
    if (!take_number(&r, &w->done, sizeof w->done) || !take_number(&r, &rows, sizeof rows) || rows == 0 ||
        rows > SHEET_BLOCK_ROWS) {
        return stop(w, SHEET_REFUSED, misbehaved);
    }
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t n = 0;
        if (!take_number(&r, &w->line[i], sizeof *w->line) || !take_number(&r, &n, sizeof n) || n == 0 ||
            n > SHEET_CELLS_MAX || w->line[i] <= w->last_line) {
            return stop(w, SHEET_REFUSED, misbehaved);
        }
        if (!more_cells(w, cells + n)) {
            return stop(w, SHEET_FAILED, no_memory);
        }
        w->last_line = w->line[i];
        w->first[i] = cells;
        for (; n > 0; n--, cells++) {
            if (!take_cell(&r, &w->text[cells], &w->length[cells])) {
                return stop(w, SHEET_REFUSED, misbehaved);
            }
        }
    }
    w->first[rows] = cells;
    if (r.n > 0) {
        return stop(w, SHEET_REFUSED, misbehaved);
    }
    *ret = (struct sheet_block){
        .rows = rows, .text = w->text, .length = w->length, .first = w->first, .line = w->line};
    return SHEET_OK;
}

static bool take_table(struct bookpipe *w, struct rest r) {
    if (r.n >= sizeof w->table || !utf8_valid(r.p, r.n)) {
        return false;
    }
    memcpy(w->table, r.p, r.n);
    w->table[r.n] = 0;
    return !text_has_control(w->table);
}

static enum sheet_status take_frame(struct bookpipe *w, struct rest *ret, uint32_t *ret_kind) {
    uint32_t head[2];
    enum sheet_status status = take(w, head, sizeof head);
    if (status != SHEET_OK) {
        return status == SHEET_END ? went(w) : status;
    }
    if (head[1] > FRAME_MAX) {
        return stop(w, SHEET_REFUSED, misbehaved);
    }
    if (head[1] > w->frame_cap) {
        char *grown = realloc(w->frame, head[1]);
        if (!grown) {
            return stop(w, SHEET_FAILED, no_memory);
        }
        w->frame = grown;
        w->frame_cap = head[1];
    }
    status = head[1] > 0 ? take(w, w->frame, head[1]) : SHEET_OK;
    if (status != SHEET_OK) {
        return status == SHEET_END ? went(w) : status;
    }
    *ret = (struct rest){w->frame, head[1]};
    *ret_kind = head[0];
    return SHEET_OK;
}

static enum sheet_status take_refusal(struct bookpipe *w, struct rest r) {
    uint32_t why = 0;
    bool good = r.n == sizeof why && take_number(&r, &why, sizeof why);
    return stop(w, SHEET_REFUSED, good ? refusal_sentence(why) : misbehaved);
}

enum sheet_status bookpipe_begin(struct bookpipe *w) {
    struct rest r = {NULL, 0};
    uint32_t kind = 0;
    if (take_frame(w, &r, &kind) != SHEET_OK) {
        return w->status;
    }
    if (kind == FRAME_REFUSED) {
        return take_refusal(w, r);
    }
    return kind == FRAME_TABLE && take_table(w, r) ? SHEET_OK : stop(w, SHEET_REFUSED, misbehaved);
}

enum sheet_status bookpipe_next(struct bookpipe *w, struct sheet_block *ret) {
    struct rest r = {NULL, 0};
    uint32_t kind = 0;
    if (w->status != SHEET_OK || take_frame(w, &r, &kind) != SHEET_OK) {
        return w->status;
    }
    switch (kind) {
    case FRAME_ROWS:
        return take_rows(w, r, ret);
    case FRAME_END:
        return r.n == 0 ? stop(w, SHEET_END, "") : stop(w, SHEET_REFUSED, misbehaved);
    case FRAME_REFUSED:
        return take_refusal(w, r);
    default:
        return stop(w, SHEET_REFUSED, misbehaved);
    }
}

const char *bookpipe_why(const struct bookpipe *w) {
    return w->why;
}

const char *bookpipe_table(const struct bookpipe *w) {
    return w->table;
}

uint64_t bookpipe_done(const struct bookpipe *w) {
    return w->done;
}
