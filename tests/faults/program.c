// SPDX-License-Identifier: Apache-2.0
// Starting, watching and visiting the real program.
#include "faults/program.h"

#include "base/clock.h"
#include "support/dbtest.h"
#include "support/folder.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAMS_MAX 64
#define TEXT_MAX     ((size_t)1024 * 1024)
#define ANSWER_S     30

static struct {
    char folder[64];
    pid_t watcher;
    int tell; // a number: it has been started; below zero: it has ended
    pid_t alive[PROGRAMS_MAX];
} the;

// ---- the watcher ---------------------------------------------------------------------------------

static void remember(pid_t told) {
    for (size_t i = 0; i < PROGRAMS_MAX; i++) {
        if (told > 0 && the.alive[i] == 0) {
            the.alive[i] = told;
            return;
        }
        if (told < 0 && the.alive[i] == -told) {
            the.alive[i] = 0;
        }
    }
}

// Ends what the test program has left running when it is gone, in whatever way.
static _Noreturn void watch(int hear) {
    pid_t told;
    signal(SIGINT, SIG_IGN);
    while (read(hear, &told, sizeof told) == (ssize_t)sizeof told) {
        remember(told);
    }
    for (size_t i = 0; i < PROGRAMS_MAX; i++) {
        if (the.alive[i] > 0) {
            kill(the.alive[i], SIGKILL); // its PostgreSQL stops by itself
        }
    }
    for (int i = 0; i < 200 && folder_remove(the.folder) != 0; i++) {
        poll(NULL, 0, 50); // a PostgreSQL may still be writing
    }
    _exit(0);
}

static void tell(pid_t pid) {
    remember(pid);
    assert_int_equal(write(the.tell, &pid, sizeof pid), sizeof pid);
}

int program_group_setup(void **state) {
    (void)state;
    int ends[2];
    snprintf(the.folder, sizeof the.folder, "/tmp/anchorage-faults-XXXXXX");
    if (!mkdtemp(the.folder) || chmod(the.folder, 0711) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    the.watcher = fork();
    if (the.watcher == 0) {
        close(ends[1]);
        watch(ends[0]);
    }
    close(ends[0]);
    the.tell = ends[1];
    return the.watcher > 0 ? 0 : -1;
}

int program_group_teardown(void **state) {
    (void)state;
    close(the.tell);
    waitpid(the.watcher, NULL, 0);
    return 0;
}

int program_teardown(void **state) {
    (void)state;
    for (size_t i = 0; i < PROGRAMS_MAX; i++) {
        pid_t pid = the.alive[i];
        if (pid > 0) {
            kill(pid, SIGTERM);
            waitpid(pid, NULL, 0);
            tell(-pid);
        }
    }
    return 0;
}

const char *program_path(const char *name) {
    static char paths[8][160];
    static size_t at;
    char *p = paths[at++ % 8];
    snprintf(p, sizeof paths[0], "%.60s/%.90s", the.folder, name);
    return p;
}

// ---- programs ------------------------------------------------------------------------------------

#define ARGS_MAX 24

void program_begin(struct program *p, const char *const *args) {
    char *argv[ARGS_MAX + 2] = {(char[]){BINARY_DIR "/anchorage"}};
    int out[2];
    size_t n = 1;
    for (; *args && n <= ARGS_MAX; args++) {
        argv[n++] = (char *)(uintptr_t)*args;
    }
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    *p = (struct program){.out = out[0], .err = memfd_create("err", MFD_CLOEXEC), .code = -1};
    assert_true(p->err >= 0); // a file: nobody reads while a server runs, and it must not wait for a reader
    p->pid = fork();
    if (p->pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(p->err, STDERR_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
    close(out[1]);
    assert_true(p->pid > 0);
    tell(p->pid);
}

static void need_texts(struct program *p) {
    p->said = p->said ? p->said : calloc(1, TEXT_MAX);
    p->told = p->told ? p->told : calloc(1, TEXT_MAX);
    assert_non_null(p->said);
    assert_non_null(p->told);
}

static void read_told(struct program *p) {
    ssize_t got = pread(p->err, p->told, TEXT_MAX - 1, 0);
    p->told[got > 0 ? got : 0] = 0;
}

// Reads standard output until a line with `word` stands there (true) or it has ended.
static bool hear(struct program *p, const char *word) {
    need_texts(p);
    size_t n = strlen(p->said);
    int64_t last = clock_monotonic_usec() + PATIENCE_USEC;
    while (clock_monotonic_usec() < last) {
        const char *at = word ? strstr(p->said, word) : NULL;
        if (at && strchr(at, '\n')) {
            return true;
        }
        struct pollfd f = {.fd = p->out, .events = POLLIN};
        if (poll(&f, 1, 1000) <= 0) {
            continue;
        }
        ssize_t got = read(p->out, p->said + n, TEXT_MAX - 1 - n);
        if (got <= 0) {
            break;
        }
        n += (size_t)got;
        p->said[n] = 0;
    }
    return false;
}

void program_finish(struct program *p) {
    int status = 0;
    hear(p, NULL);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC; waitpid(p->pid, &status, WNOHANG) == 0;) {
        if (clock_monotonic_usec() > last) {
            read_told(p);
            fail_msg("the program does not end: %s%s", p->said, p->told);
        }
        poll(NULL, 0, 2);
    }
    tell(-p->pid);
    read_told(p);
    close(p->out);
    close(p->err);
    p->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void program_free(struct program *p) {
    free(p->said);
    free(p->told);
    p->said = p->told = NULL;
}

int program_run(struct program *p, const char *const *args) {
    program_begin(p, args);
    program_finish(p);
    return p->code;
}

void server_begin(struct program *p, const char *data, const char *const *more) {
    const char *args[ARGS_MAX] = {"serve", "--data", data, "--listen", "127.0.0.1:0"};
    for (size_t n = 5; more && *more && n + 1 < ARGS_MAX; more++) {
        args[n++] = *more;
    }
    program_begin(p, args);
    if (!hear(p, "listens on http://")) {
        program_finish(p);
        fail_msg("no server (%d): %s%s", p->code, p->said, p->told);
    }
    p->port = (int)strtol(strrchr(p->said, ':') + 1, NULL, 10);
    assert_true(p->port > 0);
}

void server_end(struct program *p, int signal_no) {
    kill(p->pid, signal_no);
    program_finish(p);
}

// ---- beside a server -----------------------------------------------------------------------------

struct ctx *program_reach(const char *data) {
    struct dbtest t = {.conninfo = ""};
    snprintf(t.conninfo, sizeof t.conninfo, "host='%.200s/run' port=5432 user=anchorage dbname=anchorage",
             data);
    return dbtest_new_ctx(&t);
}

pid_t program_postmaster(const char *data) {
    char path[256], text[32] = "";
    snprintf(path, sizeof path, "%.200s/pg/postmaster.pid", data);
    FILE *f = fopen(path, "re");
    if (!f) {
        return 0;
    }
    const char *got = fgets(text, sizeof text, f);
    fclose(f);
    return got ? (pid_t)strtol(text, NULL, 10) : 0;
}

int program_postgres_count(const char *data) {
    char home[256], link[64], cwd[512];
    snprintf(home, sizeof home, "%.200s/pg", data);
    DIR *proc = opendir("/proc");
    int n = 0;
    assert_non_null(proc);
    for (const struct dirent *d; (d = readdir(proc));) {
        snprintf(link, sizeof link, "/proc/%.20s/cwd", d->d_name);
        ssize_t len = readlink(link, cwd, sizeof cwd - 1);
        cwd[len > 0 ? len : 0] = 0;
        n += strcmp(cwd, home) == 0;
    }
    closedir(proc);
    return n;
}

static _Noreturn void stand_in_the_door(const char *home, const struct stat *owner, int said) {
    bool ok = true;
    if (geteuid() == 0) { // the server must be able to see where we stand
        ok = setgid(owner->st_gid) == 0 && setuid(owner->st_uid) == 0;
    }
    prctl(PR_SET_DUMPABLE, 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ok = ok && chdir(home) == 0 && write(said, "x", 1) == 1;
    while (ok) {
        pause();
    }
    _exit(1);
}

pid_t door_hold(const char *data) {
    char home[256], word;
    struct stat st;
    int ends[2];
    snprintf(home, sizeof home, "%.200s/pg", data);
    assert_int_equal(stat(home, &st), 0);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        stand_in_the_door(home, &st, ends[1]);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &word, 1), 1);
    close(ends[0]);
    return pid;
}

void door_free(pid_t pid) {
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

// ---- visitors ------------------------------------------------------------------------------------

static bool enter(struct visitor *v) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)v->port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {.tv_sec = ANSWER_S};
    v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(v->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (connect(v->fd, (struct sockaddr *)&to, sizeof to) != 0) {
        visitor_leave(v);
        return false;
    }
    return true;
}

void visitor_leave(struct visitor *v) {
    if (v->fd >= 0) {
        close(v->fd);
    }
    v->fd = -1;
}

bool visitor_send(struct visitor *v, const char *method, const char *target, const char *headers,
                  const char *body) {
    char text[8192], length[96] = "";
    if (v->fd < 0 && !enter(v)) {
        return false;
    }
    if (body) {
        snprintf(length, sizeof length,
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n", strlen(body));
    }
    int n = snprintf(text, sizeof text, "%s %s HTTP/1.1\r\nHost: market.example\r\n%s%s\r\n%s", method,
                     target, headers, length, body ? body : "");
    if (n < 0 || (size_t)n >= sizeof text || send(v->fd, text, (size_t)n, MSG_NOSIGNAL) != n) {
        visitor_leave(v);
        return false;
    }
    return true;
}

// Bytes of the body that are still to come, -1 while the head is not whole.
static long missing(const struct reply *r, size_t got) {
    const char *end = strstr(r->head, "\r\n\r\n");
    const char *length = end ? strcasestr(r->head, "\r\nContent-Length:") : NULL;
    if (!end) {
        return -1;
    }
    long whole = length && length < end ? strtol(length + 17, NULL, 10) : 0;
    return whole - (long)(got - (size_t)(end + 4 - r->head));
}

struct reply visitor_read(struct visitor *v) {
    struct reply r = {0};
    char rest[4096];
    size_t n = 0;
    long left = -1;
    while (v->fd >= 0 && left != 0) {
        bool room = n + 1 < sizeof r.head;
        ssize_t got =
            room ? recv(v->fd, r.head + n, sizeof r.head - 1 - n, 0) : recv(v->fd, rest, sizeof rest, 0);
        if (got <= 0) {
            visitor_leave(v);
            return (struct reply){0};
        }
        n += (size_t)got;
        left = missing(&r, n);
    }
    if (v->fd < 0) {
        return (struct reply){0};
    }
    char *end = strstr(r.head, "\r\n\r\n");
    snprintf(r.body, sizeof r.body, "%s", end + 4);
    end[2] = 0;
    r.status = (int)strtol(r.head + 9, NULL, 10);
    r.close = strcasestr(r.head, "\r\nConnection: close\r\n") != NULL;
    if (r.close) {
        visitor_leave(v);
    }
    return r;
}

struct reply visitor_get(int port, const char *target, const char *headers) {
    struct visitor v = {.fd = -1, .port = port};
    bool sent = visitor_send(&v, "GET", target, headers, NULL);
    struct reply r = sent ? visitor_read(&v) : (struct reply){0};
    visitor_leave(&v);
    return r;
}
