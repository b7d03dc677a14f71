// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL programs: finding them, initdb, starting and stopping the postmaster. Only cluster.c uses
// it.
#ifndef ANCHORAGE_DB_POSTMASTER_H
#define ANCHORAGE_DB_POSTMASTER_H

#include "base/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct said {
    char *why; // receives a sentence for the person who started the program
    size_t cap;
};
enum err said(struct said s, enum err e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

struct postmaster {
    char pgdata[PATH_MAX];  // DATA/pg, resolved
    char sockets[PATH_MAX]; // folder of the socket, 0700
    char log[PATH_MAX];     // DATA/pg.log
    char bin[PATH_MAX];     // folder of the programs
    pid_t pid;              // 0: not running
};

// Finds the programs that fit the cluster, or the newest when there is no cluster yet.
enum err postmaster_find(struct postmaster *p, struct said s) MUST;

// Makes the cluster when there is none. All or nothing: initdb works beside it and the result is renamed.
enum err postmaster_init(struct postmaster *p, struct said s) MUST;

// Waits until no process of an earlier life of this cluster is left, asking them to stop. False when some
// still are after `ms`. The caller holds the folder's lock, so nobody else can be starting one.
bool postmaster_wait_gone(struct postmaster *p, int ms);

// Starts postgres (p->pid). It gets SIGINT, a fast stop, when the thread that called this ends.
enum err postmaster_start(struct postmaster *p, struct said s) MUST;

// True while it runs; reaps it when it has ended.
bool postmaster_alive(struct postmaster *p);

// Whether the one that has just died without tidying up had been ready for connections: it was killed, and
// nothing is wrong with the cluster.
bool postmaster_got_ready(const struct postmaster *p);

// Fast stop, then an immediate one.
void postmaster_stop(struct postmaster *p);

void pause_ms(int ms);

#endif
