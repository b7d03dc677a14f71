// SPDX-License-Identifier: Apache-2.0
// Crash notes: a signal handler that writes one line with calls that are safe there (signal-safety(7)).
#include "plugin/crash.h"

#include "plugin/plugin.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define STACK_BYTES ((size_t)64 * 1024)

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

static int note_fd = -1;
static struct sigaction before[SIGNAL_COUNT];
static _Atomic bool watching, noted;
static pthread_key_t stack_key;
static _Thread_local bool ready;

static size_t put_number(char *out, int64_t v) {
    char digits[24];
    size_t n = 0, at = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    while (n > 0) {
        out[at++] = digits[--n];
    }
    return at;
}

// Copies at most `most` letters; a blank or line feed would break the line.
static size_t put_word(char *out, const char *s, size_t most) {
    size_t n = 0;
    for (; s && s[n] && n < most; n++) {
        out[n] = s[n] > ' ' && s[n] < 127 ? s[n] : '_';
    }
    return n;
}

static void note(const struct anc_ctx *x) {
    char line[160];
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    size_t n = put_number(line, (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000);
    line[n++] = ' ';
    n += put_word(line + n, x->member->plugin->id, 31);
    line[n++] = ' ';
    n += put_word(line + n, x->what, 80);
    line[n++] = '\n';
    ssize_t put = write(note_fd, line, n);
    (void)put; // there is nobody left to tell
}

static void on_crash(int sig, siginfo_t *info, void *more) {
    const struct anc_ctx *x = call_now();
    if (x && !atomic_exchange(&noted, true)) {
        note(x);
    }
    const struct sigaction *old = NULL;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        old = signals[i] == sig ? &before[i] : old;
    }
    if (old && (old->sa_flags & SA_SIGINFO) && old->sa_sigaction) {
        old->sa_sigaction(sig, info, more); // a sanitizer's: it reports and ends the program
        return;
    }
    if (old && old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN) {
        old->sa_handler(sig);
        return;
    }
    // Blocked while we are in here; taken, with its default action, as soon as we return.
    struct sigaction dfl = {.sa_handler = SIG_DFL};
    sigaction(sig, &dfl, NULL);
    raise(sig);
}

static void drop_stack(void *stack) {
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    munmap(stack, STACK_BYTES);
}

bool crash_watch(const char *file) {
    if (watching) {
        return true;
    }
    note_fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (note_fd < 0 || pthread_key_create(&stack_key, drop_stack) != 0) {
        return false;
    }
    struct sigaction own = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&own.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaction(signals[i], &own, &before[i]);
    }
    watching = true;
    return true;
}

void crash_thread(void) {
    if (ready || !watching) {
        return;
    }
    ready = true;
    // Blocked, such a signal would end the program without the handler.
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        sigaddset(&set, signals[i]);
    }
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    stack_t has;
    if (sigaltstack(NULL, &has) != 0 || !(has.ss_flags & SS_DISABLE)) {
        return; // a sanitizer gave it one
    }
    void *stack =
        mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        return; // the handler then runs on the thread's own stack
    }
    stack_t own = {.ss_sp = stack, .ss_size = STACK_BYTES};
    if (sigaltstack(&own, NULL) != 0 || pthread_setspecific(stack_key, stack) != 0) {
        drop_stack(stack);
    }
}
