// SPDX-License-Identifier: Apache-2.0
// The parts of a running server, shared by the files of this folder and nobody else.
#ifndef ANCHORAGE_HTTP_SERVERINT_H
#define ANCHORAGE_HTTP_SERVERINT_H

#include "http/gate.h"
#include "http/queue.h"
#include "http/ratelimit.h"
#include "http/server.h"
#include "http/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

#define HOSTS_MAX 32

// One published app and how many requests use it.
struct app_pin {
    const struct app *app;
    size_t users;         // under app_lock
    _Atomic bool retired; // swapped out: what is made with it from now on is not kept
};

struct server {
    struct queue *queue;
    struct executors *executors;
    struct snapshot *snapshot;
    struct ratelimit *rates;
    struct keeper *keeper;
    struct listener *listener;
    char *conninfo; // NULL: without a database
    char address[64];
    char *spool; // folder for uploads
    bool https;  // people reach us by https
    pthread_mutex_t app_lock;
    pthread_cond_t app_idle;
    struct app_pin *app;
    _Atomic bool draining;
    _Atomic int inflight;
    _Atomic int connections;
    int io_threads;
    struct gate_limits limits;
    char *lists[2]; // texts of allowed hosts and proxies, cut up
    const char *hosts[HOSTS_MAX], *proxies[HOSTS_MAX];
};

// The app of this moment, held until given back.
struct app_pin *server_pin(struct server *s);
void server_unpin(struct server *s, struct app_pin *pin);

#endif
