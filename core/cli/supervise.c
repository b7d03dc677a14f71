// SPDX-License-Identifier: Apache-2.0
// Forking workers and waiting for them. One thread, no memory to speak of, no database connection.
#include "cli/supervise.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LASTED_USEC   INT64_C(60000000)
#define STOP_USEC     INT64_C(60000000) // for a worker to drain and end
#define PAUSE_MOST_S  30
#define CODE_OF_DEATH 1
#define HELD_UP_USEC  INT64_C(900000000) // the database is waited for that long
#define HELD_UP_S     4                  // the longest pause between two tries

int supervise_pause_s(int deaths) {
    int shift = deaths - 2;
    return deaths < 2 ? 0 : shift > 4 ? PAUSE_MOST_S : 1 << shift;
}

// ---- workers -------------------------------------------------------------------------------------

static void let_go(int *fd) {
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

// In the new process. The parent-death signal follows the thread that forked: the supervisor has only one.
static void become_worker(struct supervisor *s, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(CODE_OF_DEATH); // it died before the signal was arranged
    }
    let_go(&s->hear);
    cluster_leave(s->cluster);
    s->cluster = NULL;
}

// True in the worker.
static bool start_worker(struct supervisor *s) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        ends[0] = ends[1] = -1; // then a later worker may listen elsewhere when the port was left to chance
    }
    s->hear = ends[0];
    s->tell = ends[1];
    pid_t parent = getpid();
    fflush(NULL); // or both would write what stands in the buffers
    s->started_usec = clock_monotonic_usec();
    pid_t pid = fork();
    if (pid == 0) {
        become_worker(s, parent);
        return true;
    }
    let_go(&s->tell);
    s->worker = pid > 0 ? pid : 0;
    if (pid < 0) {
        log_event(LOG_LEVEL_ERROR, "worker_not_started", "reason", strerror(errno), NULL);
        let_go(&s->hear);
        s->deaths++;
        s->again_usec = s->started_usec + INT64_C(1000000) * (supervise_pause_s(s->deaths) + 1);
    } else if (s->started) {
        log_event(LOG_LEVEL_NOTICE, "worker_started_again", NULL);
    }
    s->started = s->started || pid > 0;
    return false;
}

void supervise_tell(struct supervisor *s, const char *address) {
    char line[sizeof s->address] = "";
    snprintf(line, sizeof line, "%s", address);
    if (s->tell >= 0) {
        ssize_t ignored = write(s->tell, line, sizeof line); // a pipe takes so little as one
        (void)ignored;
    }
    let_go(&s->tell);
}

static void read_address(struct supervisor *s) {
    char line[sizeof s->address];
    if (s->hear >= 0 && read(s->hear, line, sizeof line) == (ssize_t)sizeof line &&
        line[sizeof line - 1] == 0) {
        memcpy(s->address, line, sizeof line);
        s->held_up = 0;
    }
    let_go(&s->hear);
}

static void note_death(struct supervisor *s, int signal_no) {
    int64_t now = clock_monotonic_usec();
    s->deaths = now - s->started_usec > LASTED_USEC ? 1 : s->deaths + 1;
    int pause_s = supervise_pause_s(s->deaths);
    s->again_usec = now + pause_s * INT64_C(1000000);
    char number[16], pause[16];
    snprintf(number, sizeof number, "%d", signal_no);
    snprintf(pause, sizeof pause, "%d", pause_s);
    log_event(LOG_LEVEL_ERROR, "worker_died", "signal", number, "name", strsignal(signal_no), "again_in_s",
              pause, NULL);
}

// True when another worker is to try again.
static bool wait_for_database(struct supervisor *s) {
    int64_t now = clock_monotonic_usec();
    if (s->held_up++ == 0) {
        s->held_up_usec = s->started_usec;
    }
    if (now - s->held_up_usec > HELD_UP_USEC) {
        log_event(LOG_LEVEL_ERROR, "worker_gives_up", "reason",
                  "the database has held up every start for a quarter of an hour", NULL);
        return false;
    }
    int pause_s = supervise_pause_s(s->held_up);
    pause_s = pause_s > HELD_UP_S ? HELD_UP_S : pause_s;
    s->again_usec = now + pause_s * INT64_C(1000000);
    char tries[16], pause[16];
    snprintf(tries, sizeof tries, "%d", s->held_up);
    snprintf(pause, sizeof pause, "%d", pause_s);
    log_event(LOG_LEVEL_WARNING, "worker_waits_for_database", "tries", tries, "again_in_s", pause, NULL);
    return true;
}

// True when the supervisor's work is over.
static bool worker_over(struct supervisor *s, int *ret_code) {
    int status = 0;
    pid_t got = s->worker ? waitpid(s->worker, &status, WNOHANG) : 0;
    if (s->worker && got != 0) {
        s->worker = 0;
        read_address(s);
        if (got > 0 && WIFEXITED(status)) {
            bool again = WEXITSTATUS(status) == SUPERVISE_AGAIN;
            *ret_code = !again ? WEXITSTATUS(status) : s->stopping ? 0 : CODE_OF_DEATH;
            return !again || s->stopping || !wait_for_database(s);
        }
        note_death(s, got > 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0);
        *ret_code = CODE_OF_DEATH;
        return s->stopping;
    }
    if (s->stopping && !s->worker) { // asked to stop between two workers
        *ret_code = 0;
        return true;
    }
    return false;
}

// ---- the loop ------------------------------------------------------------------------------------

static void ask_to_stop(struct supervisor *s) {
    if (!s->stopping) {
        s->kill_usec = clock_monotonic_usec() + STOP_USEC;
    }
    s->stopping = true;
    if (s->worker) {
        kill(s->worker, SIGTERM);
    }
}

static void look_after(struct supervisor *s) {
    cluster_supervise(s->cluster);
    if (s->stopping && s->worker && clock_monotonic_usec() > s->kill_usec) {
        log_event(LOG_LEVEL_ERROR, "worker_does_not_stop", NULL);
        kill(s->worker, SIGKILL);
    }
}

bool supervise(struct supervisor *s, int *ret_code) {
    s->hear = s->tell = -1;
    for (;;) {
        if (worker_over(s, ret_code)) {
            return false;
        }
        if (!s->worker && clock_monotonic_usec() >= s->again_usec && start_worker(s)) {
            return true;
        }
        struct timespec second = {.tv_sec = 1};
        int sig = sigtimedwait(s->signals, NULL, &second);
        if (sig == SIGTERM || sig == SIGINT) {
            ask_to_stop(s);
        }
        look_after(s);
    }
}
