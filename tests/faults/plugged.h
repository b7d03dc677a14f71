// SPDX-License-Identifier: Apache-2.0
// The real program with a folder of plugins of its own, and wrk beside it.
#ifndef ANCHORAGE_TESTS_FAULTS_PLUGGED_H
#define ANCHORAGE_TESTS_FAULTS_PLUGGED_H

#include "faults/program.h"

// Folder and data folder of one test; every program of the test is started with both.
struct plugged {
    const char *data, *folder;
    const char *list; // plugin.load
};

// Copies a plugin of the product or of the tests ("vcfse", "livepage") into the folder, all at once, readable
// by whoever the server becomes.
void plugged_copy(const struct plugged *g, const char *id);
void plugged_server(struct program *p, const struct plugged *g);
// anchorage with these words (at most 8, ended by NULL); gives the exit code.
int plugged_verb(struct program *p, const struct plugged *g, const char *const *words);
// The same in one line, for verbs that have to do; fails the test with what the verb said.
#define PLUGGED_RUN(g, ...) plugged_must((g), (const char *const[]){__VA_ARGS__, NULL})
void plugged_must(const struct plugged *g, const char *const *words);

// The process that serves, a child of the program; 0 while there is none.
pid_t plugged_worker(const struct program *p);
// Waits until there is a worker other than `old`.
pid_t plugged_other_worker(const struct program *p, pid_t old);

// Whether a process runs; one that has ended and waits for its parent does not.
bool plugged_runs(pid_t pid);

// Asks until the answer has this status; the last answer.
struct reply plugged_wait(int port, const char *target, int status);

// Writes the wish and waits until the server has acted upon it.
void plugged_wish(struct ctx *c, const char *id, bool on);

// wrk with 64 connections, turn by turn on "/", "/opportunities" and the others (ended by NULL). False: there
// is no wrk here.
struct wrk {
    pid_t pid;
    int out;
    char said[8192];
    long requests, failed; // failed: socket errors, timeouts, and answers that are neither 2xx nor 3xx
};
bool wrk_begin(struct wrk *w, int port);
void wrk_end(struct wrk *w);

#endif
