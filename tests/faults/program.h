// SPDX-License-Identifier: Apache-2.0
// The real program as a child process, on a data folder that goes away with the test program.
#ifndef ANCHORAGE_TESTS_FAULTS_PROGRAM_H
#define ANCHORAGE_TESTS_FAULTS_PROGRAM_H

#include "base/ctx.h"

#include <stdbool.h>
#include <sys/types.h>

#define PATIENCE_USEC INT64_C(60000000) // a deadline, never a wait

// A temporary folder and a watcher that ends all programs and removes the folder when the test program is
// gone.
int program_group_setup(void **state);
int program_group_teardown(void **state);
int program_teardown(void **state); // of a test: ends what it has left running because it failed

// A path in the temporary folder, in a buffer of its own for each of the last eight calls.
const char *program_path(const char *name);

struct program {
    pid_t pid;
    int out, err; // a pipe and a file
    int port;     // of a server
    char *said;   // all of its standard output, once it has ended
    char *told;   // all of its standard error
    int code;     // its exit code; 128 + signal when it was killed
};

// Starts BINARY_DIR/anchorage with these arguments (ended by NULL).
void program_begin(struct program *p, const char *const *args);
// Waits for its end. The texts live until program_free.
void program_finish(struct program *p);
void program_free(struct program *p);
// begin and finish; gives the exit code.
int program_run(struct program *p, const char *const *args);

// serve on a free port of loopback with further arguments (NULL: none); returns when it listens.
void server_begin(struct program *p, const char *data, const char *const *more);
// Sends the signal and waits for the end.
void server_end(struct program *p, int signal_no);

// Beside a server: a connection to its database (dbtest_free_ctx), the number of its postmaster, and how many
// processes of its PostgreSQL there are.
struct ctx *program_reach(const char *data);
pid_t program_postmaster(const char *data);
int program_postgres_count(const char *data);

// A process that stands in DATA/pg, so that PostgreSQL is not started again until it leaves.
pid_t door_hold(const char *data);
void door_free(pid_t pid);

// One keep-alive connection. Answers come whole or not at all; nothing here fails the test.
struct visitor {
    int fd; // -1: not connected
    int port;
};
struct reply {
    int status; // 0: the connection ended without a whole answer
    bool close;
    char head[8192];
    char body[4096]; // its beginning
};
bool visitor_send(struct visitor *v, const char *method, const char *target, const char *headers,
                  const char *body);
struct reply visitor_read(struct visitor *v);
struct reply visitor_get(int port, const char *target, const char *headers); // on a connection of its own
void visitor_leave(struct visitor *v);

#endif
