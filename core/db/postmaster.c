// SPDX-License-Identifier: Apache-2.0
// Running PostgreSQL's own programs as children.
#include "db/postmaster.h"

#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OLDEST        15
#define NEWEST        18
#define LOG_MAX_BYTES (8L * 1024 * 1024)
#define STOP_MS       15000
#define PATIENCE_MS   5000 // for processes of an earlier life to end by themselves
#define ARGS_MAX      48

enum err said(struct said s, enum err e, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s.why, s.cap, fmt, ap);
    va_end(ap);
    return e;
}

void pause_ms(int ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000L};
    nanosleep(&t, NULL);
}

// ---- the programs --------------------------------------------------------------------------------

static bool has_postgres(const char *dir) {
    char path[PATH_MAX];
    return snprintf(path, sizeof path, "%s/postgres", dir) < (int)sizeof path && access(path, X_OK) == 0;
}

// Major version of an existing cluster, 0 for none.
static int version_of(const char *pgdata) {
    char path[PATH_MAX + 16], text[16] = "";
    snprintf(path, sizeof path, "%s/PG_VERSION", pgdata);
    FILE *f = fopen(path, "re");
    if (!f) {
        return 0;
    }
    const char *got = fgets(text, sizeof text, f);
    fclose(f);
    return got ? (int)strtol(text, NULL, 10) : 0;
}

enum err postmaster_find(struct postmaster *p, struct said s) {
    const char *set = conf_text(CONF_PG_BIN_DIR);
    if (*set) {
        snprintf(p->bin, sizeof p->bin, "%s", set);
        return has_postgres(set)
                   ? ERR_OK
                   : said(s, ERR_INVALID,
                          "There is no program postgres in %s. Change the setting db.bin_dir.", set);
    }
    int have = version_of(p->pgdata);
    for (int v = have ? have : NEWEST; v >= (have ? have : OLDEST); v--) {
        snprintf(p->bin, sizeof p->bin, "/usr/lib/postgresql/%d/bin", v);
        if (has_postgres(p->bin)) {
            return ERR_OK;
        }
    }
    if (have) {
        return said(s, ERR_INVALID,
                    "The data in %s was made by PostgreSQL %d, which is not installed. Install the package "
                    "postgresql-%d.",
                    p->pgdata, have, have);
    }
    return said(s, ERR_INVALID,
                "PostgreSQL is not installed. Install the package postgresql, or name a database "
                "with --db.");
}

// ---- children ------------------------------------------------------------------------------------

static char *const child_environment[] = {(char[]){"PATH=/usr/bin:/bin"}, (char[]){"LC_ALL=C.UTF-8"},
                                          (char[]){"TZ=UTC"}, NULL};

// After fork, until exec: only calls that are safe when other threads held locks.
static _Noreturn void child_exec(char *const *argv, int log_fd, pid_t parent, int death_signal) {
    // Its own process group: Ctrl-C at a terminal is for us; we stop it when the last request is answered.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, death_signal);
    if (getppid() != parent) {
        _exit(1); // we died before the signal was arranged
    }
    int null_fd = open("/dev/null", O_RDONLY);
    dup2(null_fd, STDIN_FILENO);
    dup2(log_fd, STDOUT_FILENO);
    dup2(log_fd, STDERR_FILENO);
    close_range(3, ~0u, 0);
    umask(077);
    for (int i = 1; i < NSIG; i++) {
        signal(i, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(argv[0], argv, child_environment);
    _exit(127);
}

static pid_t spawn(char *const *argv, const char *log, int death_signal) {
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return -1;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        child_exec(argv, fd, parent, death_signal);
    }
    int kept = errno;
    close(fd);
    errno = kept;
    return pid;
}

static void rotate(const char *log) {
    struct stat st;
    char old[PATH_MAX + 8];
    if (stat(log, &st) == 0 && st.st_size > LOG_MAX_BYTES) {
        snprintf(old, sizeof old, "%s.1", log);
        rename(log, old);
    }
}

// ---- initdb --------------------------------------------------------------------------------------

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) {
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static bool sync_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

// Our starting values; the operator may change the file. What must hold is given on the command line.
static bool write_tuning(const char *pgdata) {
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/postgresql.conf", pgdata);
    FILE *f = fopen(path, "ae");
    if (!f) {
        return false;
    }
    fputs("\n# Starting values of Anchorage; yours to change.\n"
          "max_connections = 100\n"
          "shared_buffers = 128MB\n"
          "effective_cache_size = 1GB\n"
          "work_mem = 8MB\n"
          "maintenance_work_mem = 128MB\n"
          "random_page_cost = 1.1\n"
          "max_wal_size = 2GB\n"
          "jit = off\n"
          "timezone = 'UTC'\n"
          "log_timezone = 'UTC'\n"
          "# Errors reach the program, which logs them without personal data; these keep it out of pg.log "
          "too.\n"
          "log_min_messages = log\n"
          "log_error_verbosity = terse\n"
          "log_min_error_statement = panic\n",
          f);
    return fclose(f) == 0;
}

static enum err run_initdb(struct postmaster *p, const char *fresh, struct said s) {
    char program[PATH_MAX + 8];
    snprintf(program, sizeof program, "%s/initdb", p->bin);
    const char *const args[] = {program,
                                "-D",
                                fresh,
                                "-U",
                                "anchorage",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale",
                                "C.UTF-8",
                                "--lc-collate", // the order of C.UTF-8 too, but by comparing bytes at once
                                "C",
                                "--data-checksums",
                                "--no-instructions",
                                NULL};
    char *argv[ARGS_MAX];
    for (size_t i = 0; i < sizeof args / sizeof *args; i++) {
        argv[i] = (char *)(uintptr_t)args[i];
    }
    pid_t pid = spawn(argv, p->log, SIGTERM);
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return said(s, ERR_IO, "The database cluster could not be made. The file %s says why.", p->log);
    }
    return ERR_OK;
}

enum err postmaster_init(struct postmaster *p, struct said s) {
    if (version_of(p->pgdata)) {
        return ERR_OK;
    }
    struct stat st;
    if (lstat(p->pgdata, &st) == 0 && rmdir(p->pgdata) != 0) {
        return said(s, ERR_CONFLICT,
                    "The folder %s is in the way: it holds no PostgreSQL cluster. Move it away.", p->pgdata);
    }
    char fresh[PATH_MAX + 8], parent[PATH_MAX];
    snprintf(fresh, sizeof fresh, "%s.new", p->pgdata);
    snprintf(parent, sizeof parent, "%s", p->pgdata);
    *strrchr(parent, '/') = 0;
    nftw(fresh, remove_one, 16, FTW_DEPTH | FTW_PHYS); // left by a try that was cut short
    enum err e = run_initdb(p, fresh, s);
    if (e == ERR_OK && (!write_tuning(fresh) || rename(fresh, p->pgdata) != 0 || !sync_folder(parent))) {
        e = said(s, ERR_IO, "The database cluster could not be stored in %s: %s.", p->pgdata,
                 strerror(errno));
    }
    return e;
}

// ---- an earlier life -----------------------------------------------------------------------------

static pid_t pid_file(const struct postmaster *p) {
    char path[PATH_MAX + 32], text[32] = "";
    snprintf(path, sizeof path, "%s/postmaster.pid", p->pgdata);
    FILE *f = fopen(path, "re");
    if (!f) {
        return 0;
    }
    const char *got = fgets(text, sizeof text, f);
    fclose(f);
    return got ? (pid_t)strtol(text, NULL, 10) : 0;
}

// Processes whose working folder is the cluster's: the postmaster and its children always have it so, and
// nobody else has a reason to. A number in postmaster.pid alone may long belong to another program.
static int count_left(const struct postmaster *p, pid_t send_to, int signal_no) {
    DIR *proc = opendir("/proc");
    int n = 0;
    for (struct dirent *d; proc && (d = readdir(proc));) {
        char *end;
        long pid = strtol(d->d_name, &end, 10);
        char link[64], cwd[PATH_MAX];
        if (*end || pid <= 0 || pid == getpid()) {
            continue;
        }
        snprintf(link, sizeof link, "/proc/%ld/cwd", pid);
        ssize_t len = readlink(link, cwd, sizeof cwd - 1);
        if (len <= 0) {
            continue;
        }
        cwd[len] = 0;
        if (strcmp(cwd, p->pgdata) == 0) {
            n++;
            if (signal_no && (send_to == 0 || send_to == pid)) {
                kill((pid_t)pid, signal_no);
            }
        }
    }
    if (proc) {
        closedir(proc);
    }
    return n;
}

bool postmaster_wait_gone(struct postmaster *p, int ms) {
    pid_t old = pid_file(p);
    int left = count_left(p, old, old ? SIGINT : 0);
    for (int waited = 0; left && waited < ms; waited += 20) {
        pause_ms(20);
        // Orphans of a killed postmaster leave at once when idle; one in a long statement is told to.
        left = count_left(p, 0, waited == PATIENCE_MS ? SIGQUIT : 0);
    }
    if (left) {
        return false;
    }
    // Nobody is left, so these are stale even when their number has been given to another process meanwhile,
    // or belongs to a dead one that nobody has reaped (containers without an init).
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/postmaster.pid", p->pgdata);
    unlink(path);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432.lock", p->sockets);
    unlink(path);
    snprintf(path, sizeof path, "%s/.s.PGSQL.5432", p->sockets);
    unlink(path);
    return true;
}

// ---- the postmaster ------------------------------------------------------------------------------

enum err postmaster_start(struct postmaster *p, struct said s) {
    char program[PATH_MAX + 16], sockets[PATH_MAX + 64];
    snprintf(program, sizeof program, "%s/postgres", p->bin);
    snprintf(sockets, sizeof sockets, "unix_socket_directories=%s", p->sockets);
    const char *const args[] = {program,
                                "-D",
                                p->pgdata,
                                "-c",
                                sockets,
                                "-c",
                                "listen_addresses=",
                                "-c",
                                "port=5432",
                                "-c",
                                "unix_socket_permissions=0700",
                                "-c",
                                "logging_collector=off",
                                "-c",
                                "log_destination=stderr",
                                "-c",
                                "cluster_name=anchorage",
                                NULL};
    char *argv[ARGS_MAX];
    for (size_t i = 0; i < sizeof args / sizeof *args; i++) {
        argv[i] = (char *)(uintptr_t)args[i];
    }
    rotate(p->log);
    pid_t pid = spawn(argv, p->log, SIGINT);
    if (pid < 0) {
        return said(s, ERR_IO, "PostgreSQL could not be started: %s.", strerror(errno));
    }
    p->pid = pid;
    return ERR_OK;
}

bool postmaster_alive(struct postmaster *p) {
    if (p->pid <= 0) {
        return false;
    }
    int status;
    pid_t got = waitpid(p->pid, &status, WNOHANG);
    if (got == p->pid || (got < 0 && errno == ECHILD)) {
        p->pid = 0;
        return false;
    }
    return true;
}

// Line 8 of postmaster.pid tells the state (src/include/utils/pidfile.h of PostgreSQL 10 and later); a server
// that ends by itself removes the file.
bool postmaster_got_ready(const struct postmaster *p) {
    char path[PATH_MAX + 32], text[PATH_MAX] = "";
    snprintf(path, sizeof path, "%s/postmaster.pid", p->pgdata);
    FILE *f = fopen(path, "re");
    int line = 0;
    while (f && line < 8 && fgets(text, sizeof text, f)) {
        line++;
    }
    if (f) {
        fclose(f);
    }
    return line == 8 && strncmp(text, "ready", 5) == 0;
}

void postmaster_stop(struct postmaster *p) {
    if (!postmaster_alive(p)) {
        return;
    }
    kill(p->pid, SIGINT);
    for (int waited = 0; postmaster_alive(p); waited += 5) {
        if (waited == STOP_MS) {
            log_event(LOG_LEVEL_WARNING, "postgres_slow_stop", NULL);
            kill(p->pid, SIGQUIT);
        } else if (waited >= 2 * STOP_MS) {
            log_event(LOG_LEVEL_ERROR, "postgres_does_not_stop", NULL);
            return;
        }
        pause_ms(5);
    }
}
