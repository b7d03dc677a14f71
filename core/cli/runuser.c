// SPDX-License-Identifier: Apache-2.0
// Choosing the user, making the data folder, dropping root.
#include "cli/runuser.h"

#include "base/conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct account {
    char name[64];
    uid_t uid;
    gid_t gid;
};

struct said {
    char *why;
    size_t cap;
};

static enum err __attribute__((format(printf, 3, 4)))
refuse(struct said s, enum err e, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s.why, s.cap, fmt, ap);
    va_end(ap);
    return e;
}

static bool account_from(const struct passwd *p, struct account *ret) {
    if (!p || p->pw_uid == 0 || strlen(p->pw_name) >= sizeof ret->name) {
        return false;
    }
    memcpy(ret->name, p->pw_name, strlen(p->pw_name) + 1);
    ret->uid = p->pw_uid;
    ret->gid = p->pw_gid;
    return true;
}

static bool is_empty(const char *dir) {
    DIR *d = opendir(dir);
    if (!d) {
        return false;
    }
    int n = 0;
    while (n <= 2 && readdir(d)) {
        n++; // "." and ".." are always there
    }
    closedir(d);
    return n <= 2;
}

static enum err choose(const char *dir, const struct stat *st, struct said s, struct account *ret) {
    const char *wanted = conf_text(CONF_RUN_USER);
    if (*wanted) {
        if (!account_from(getpwnam(wanted), ret)) {
            return refuse(
                s, ERR_INVALID,
                "There is no user \"%s\" that the program could become. Change the setting data.user.",
                wanted);
        }
        if (st && st->st_uid != 0 && st->st_uid != ret->uid) {
            return refuse(
                s, ERR_DENIED,
                "The data folder %s does not belong to %s. Change the setting data.user or the owner of the "
                "folder.",
                dir, wanted);
        }
        return ERR_OK;
    }
    if (st && st->st_uid != 0) {
        if (!account_from(getpwuid(st->st_uid), ret)) {
            return refuse(s, ERR_INVALID,
                          "The data folder %s belongs to user number %u, who is not known here.", dir,
                          (unsigned)st->st_uid);
        }
        return ERR_OK;
    }
    if (account_from(getpwnam("anchorage"), ret) || account_from(getpwnam("postgres"), ret)) {
        return ERR_OK;
    }
    return refuse(
        s, ERR_INVALID,
        "The program does not run as root, and there is no user anchorage or postgres it could become. Make "
        "one with: adduser --system --group anchorage");
}

// Makes the folder and those above it; only the last one is private.
static enum err make_folder(const char *dir, struct said s) {
    char path[PATH_MAX];
    if (!*dir || strlen(dir) >= sizeof path) {
        return refuse(s, ERR_INVALID, "Name a data folder, such as /var/lib/anchorage.");
    }
    snprintf(path, sizeof path, "%s", dir);
    for (char *p = path + 1; *p; p++) {
        if (*p == '/') {
            *p = 0;
            if (mkdir(path, 0755) != 0 && errno != EEXIST) {
                return refuse(s, ERR_IO, "The folder %s cannot be made: %s.", path, strerror(errno));
            }
            *p = '/';
        }
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return refuse(s, ERR_IO, "The data folder %s cannot be made: %s.", path, strerror(errno));
    }
    return ERR_OK;
}

// The first folder on the way that the user may not enter. Asked with the user's own rights, so that groups
// and access lists count.
static bool find_closed(const char *real, char *ret_closed) {
    for (size_t i = 1; real[i]; i++) {
        if (real[i] == '/') {
            memcpy(ret_closed, real, i);
            ret_closed[i] = 0;
            if (faccessat(AT_FDCWD, ret_closed, X_OK, AT_EACCESS) != 0) {
                return true;
            }
        }
    }
    snprintf(ret_closed, PATH_MAX, "%s", real);
    return faccessat(AT_FDCWD, real, R_OK | W_OK | X_OK, AT_EACCESS) != 0;
}

static enum err check_reach(const char *dir, const char *real, const char *name, struct said s) {
    char closed[PATH_MAX];
    if (find_closed(real, closed)) {
        return refuse(
            s, ERR_DENIED,
            "The user %s cannot use the folder %s, and so not the data folder %s. Choose another one with "
            "--data, for example /var/lib/anchorage, or let %s in.",
            name, closed, dir, name);
    }
    return ERR_OK;
}

// Gives an empty folder of root's to the user; a full one might be anything, so it is left alone.
static enum err hand_over(const char *dir, const struct account *a, struct said s) {
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        enum err e = refuse(s, ERR_IO, "The data folder %s cannot be used: %s.", dir, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return e;
    }
    enum err e = ERR_OK;
    if (st.st_uid == 0) {
        if (!is_empty(dir)) {
            e = refuse(s, ERR_DENIED,
                       "The folder %s belongs to root and is not empty. Choose an empty or a new folder with "
                       "--data.",
                       dir);
        } else if (fchown(fd, a->uid, a->gid) != 0 || fchmod(fd, 0700) != 0) {
            e = refuse(s, ERR_IO, "The folder %s cannot be given to %s: %s.", dir, a->name, strerror(errno));
        }
    }
    close(fd);
    return e;
}

static enum err become(const char *dir, const char *real, const struct account *a, struct said s) {
    if (initgroups(a->name, a->gid) != 0 || setegid(a->gid) != 0 || seteuid(a->uid) != 0) {
        return refuse(s, ERR_DENIED, "The program cannot become the user %s: %s.", a->name, strerror(errno));
    }
    enum err e = check_reach(dir, real, a->name, s);
    if (seteuid(0) != 0) {
        return refuse(s, ERR_BUG, "The program cannot change its user.");
    }
    uid_t r, f, v;
    if (e == ERR_OK && (setgid(a->gid) != 0 || setuid(a->uid) != 0 || getresuid(&r, &f, &v) != 0 ||
                        r != a->uid || f != a->uid || v != a->uid || setuid(0) == 0)) {
        e = refuse(s, ERR_DENIED, "The program cannot become the user %s.", a->name);
    }
    return e;
}

// The user to become is chosen before the folder is made, because an existing folder's owner has a say.
static enum err settle(const char *dir, const struct stat *st, struct said s) {
    struct account a = {.uid = 0};
    bool root = geteuid() == 0;
    enum err e = root ? choose(dir, st, s, &a) : ERR_OK;
    if (e == ERR_OK && !st) {
        e = make_folder(dir, s);
    }
    char real[PATH_MAX];
    if (e == ERR_OK && !realpath(dir, real)) {
        e = refuse(s, ERR_IO, "The data folder %s cannot be used: %s.", dir, strerror(errno));
    }
    if (e == ERR_OK && !root) {
        const struct passwd *me = getpwuid(geteuid());
        return check_reach(dir, real, me ? me->pw_name : "this user", s);
    }
    if (e == ERR_OK) {
        e = hand_over(dir, &a, s);
    }
    return e ? e : become(dir, real, &a, s);
}

enum err runuser_settle(const char *data_dir, char *why, size_t why_cap) {
    struct said s = {why, why_cap};
    struct stat st;
    bool there = stat(data_dir, &st) == 0;
    if (there && !S_ISDIR(st.st_mode)) {
        return refuse(s, ERR_INVALID, "%s is a file; the data folder must be a folder.", data_dir);
    }
    enum err e = settle(data_dir, there ? &st : NULL, s);
    if (e && !there) {
        rmdir(data_dir); // only when it is empty: nothing is left of a refused start
    }
    return e;
}
