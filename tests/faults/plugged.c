// SPDX-License-Identifier: Apache-2.0
// Folders of plugins, workers, wrk.
#include "faults/plugged.h"

#include "base/clock.h"
#include "support/dbtest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COPY_BYTES ((size_t)64 * 1024)

// ---- plugins -------------------------------------------------------------------------------------

static int open_plugin(const char *id) {
    char path[512];
    snprintf(path, sizeof path, BINARY_DIR "/tests/faults-plugins/%.40s.so", id);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        snprintf(path, sizeof path, BINARY_DIR "/plugins/%.40s.so", id);
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) {
        fail_msg("there is no plugin %s", id);
    }
    return fd;
}

void plugged_copy(const struct plugged *g, const char *id) {
    static char bytes[COPY_BYTES];
    char to[256], fresh[272];
    snprintf(to, sizeof to, "%.160s/%.40s.so", g->folder, id);
    snprintf(fresh, sizeof fresh, "%s.new", to);
    assert_true(mkdir(g->folder, 0755) == 0 || errno == EEXIST);
    assert_int_equal(chmod(g->folder, 0755), 0);
    int from = open_plugin(id), out = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(out >= 0);
    for (ssize_t n; (n = read(from, bytes, sizeof bytes)) > 0;) {
        assert_int_equal(write(out, bytes, (size_t)n), n);
    }
    fchmod(out, 0644);
    close(from);
    close(out);
    assert_int_equal(rename(fresh, to), 0); // the server never sees half a file
}

static void settings(const struct plugged *g, char folder[256], char list[256]) {
    snprintf(folder, 256, "plugin.dir=%.200s", g->folder);
    snprintf(list, 256, "plugin.load=%.200s", g->list);
}

void plugged_server(struct program *p, const struct plugged *g) {
    char folder[256], list[256];
    settings(g, folder, list);
    const char *const more[] = {
        "--set", folder, "--set", list, "--set", "http.io_threads=256", "--set", "plugin.stuck_s=5", NULL};
    server_begin(p, g->data, more);
}

int plugged_verb(struct program *p, const struct plugged *g, const char *const *words) {
    char folder[256], list[256];
    settings(g, folder, list);
    const char *args[16] = {NULL};
    size_t n = 0;
    for (; words[n] && n < 8; n++) {
        args[n] = words[n];
    }
    const char *const more[] = {"--data", g->data, "--set", folder, "--set", list};
    memcpy(args + n, more, sizeof more);
    return program_run(p, args);
}

void plugged_must(const struct plugged *g, const char *const *words) {
    struct program p;
    if (plugged_verb(&p, g, words) != 0) {
        fail_msg("%s %s: %s%s", words[0], words[1], p.said, p.told);
    }
    program_free(&p);
}

// ---- processes -----------------------------------------------------------------------------------

// The parent of a running process called anchorage; 0 for any other.
static pid_t parent_of(const char *pid) {
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *f = fopen(path, "re");
    if (!f) {
        return 0;
    }
    const char *got = fgets(text, sizeof text, f);
    fclose(f);
    const char *end = got ? strrchr(text, ')') : NULL;
    bool ours = end && strstr(text, "(anchorage)") && end[1] == ' ' && end[2] != 'Z';
    return ours ? (pid_t)strtol(end + 4, NULL, 10) : 0;
}

pid_t plugged_worker(const struct program *p) {
    DIR *proc = opendir("/proc");
    pid_t found = 0;
    assert_non_null(proc);
    for (const struct dirent *d; (d = readdir(proc));) {
        if (d->d_name[0] >= '1' && d->d_name[0] <= '9' && parent_of(d->d_name) == p->pid) {
            found = (pid_t)strtol(d->d_name, NULL, 10);
        }
    }
    closedir(proc);
    return found;
}

bool plugged_runs(pid_t pid) {
    char text[24];
    snprintf(text, sizeof text, "%d", (int)pid);
    return parent_of(text) > 0;
}

pid_t plugged_other_worker(const struct program *p, pid_t old) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        pid_t now = plugged_worker(p);
        if (now && now != old) {
            return now;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("no new worker after %d", (int)old);
        }
        poll(NULL, 0, 5);
    }
}

struct reply plugged_wait(int port, const char *target, int status) {
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        struct reply r = visitor_get(port, target, "");
        if (r.status == status) {
            return r;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("%s stays %d: %s", target, r.status, r.body);
        }
        poll(NULL, 0, 5);
    }
}

void plugged_wish(struct ctx *c, const char *id, bool on) {
    dbtest_run(c, "UPDATE core.plugin SET enabled = %s, wanted_no = wanted_no + 1 WHERE id = '%s'",
               on ? "true" : "false", id);
    for (int64_t last = clock_monotonic_usec() + PATIENCE_USEC;;) {
        const char *done =
            dbtest_value(c, "SELECT handled_no >= wanted_no FROM core.plugin WHERE id = '%s'", id);
        if (*done == 't') {
            return;
        }
        if (clock_monotonic_usec() > last) {
            fail_msg("%s: nobody acts upon the wish", id);
        }
        poll(NULL, 0, 2);
    }
}

// ---- wrk -----------------------------------------------------------------------------------------

static bool have_wrk(void) {
    const char *const places[] = {"/usr/bin/wrk", "/usr/local/bin/wrk"};
    return access(places[0], X_OK) == 0 || access(places[1], X_OK) == 0;
}

// With a short rest of each connection between two requests: without it the threads that hold them are always
// ready to run, and on a small machine PostgreSQL hardly gets a turn, which says nothing about switching.
static void write_script(const char *path) {
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs("local paths, i = {'/', '/opportunities'}, 0\n"
          "request = function()\n"
          "  i = i % #paths + 1\n"
          "  return wrk.format('GET', paths[i])\n"
          "end\n"
          "delay = function() return 10 end\n",
          f);
    fclose(f);
}

bool wrk_begin(struct wrk *w, int port) {
    char url[64];
    int ends[2];
    const char *script = program_path("paths.lua");
    if (!have_wrk()) {
        return false;
    }
    write_script(script);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
    *w = (struct wrk){.pid = -1};
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    w->pid = fork();
    if (w->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        // It is ended by a signal; the time is only for the case that nobody is left to send it.
        execlp("wrk", "wrk", "-c64", "-t2", "-d280s", "--timeout", "30s", "-s", script, url, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    w->out = ends[0];
    assert_true(w->pid > 0);
    return true;
}

// The number that stands before or after a word, 0 when the word is not there.
static long after(const char *text, const char *word) {
    const char *at = strstr(text, word);
    return at ? strtol(at + strlen(word), NULL, 10) : 0;
}

void wrk_end(struct wrk *w) {
    size_t n = 0;
    kill(w->pid, SIGINT);
    for (ssize_t got;
         n < sizeof w->said - 1 && (got = read(w->out, w->said + n, sizeof w->said - 1 - n)) > 0;) {
        n += (size_t)got;
    }
    w->said[n] = 0;
    close(w->out);
    waitpid(w->pid, NULL, 0);
    const char *total = strstr(w->said, " requests in ");
    while (total && total > w->said && total[-1] >= '0' && total[-1] <= '9') {
        total--;
    }
    w->requests = total ? strtol(total, NULL, 10) : 0;
    const char *errors = strstr(w->said, "Socket errors:");
    w->failed = after(w->said, "Non-2xx or 3xx responses: ");
    if (errors) {
        w->failed += after(errors, "connect ") + after(errors, "read ") + after(errors, "write ") +
                     after(errors, "timeout ");
    }
}
