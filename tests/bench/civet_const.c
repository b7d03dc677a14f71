// SPDX-License-Identifier: Apache-2.0
// Bench only: CivetWeb with one handler that returns constant bytes: civet_const PORT THREADS IDENTITY GZIP
// TYPE
#include <civetweb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    char *bytes;
    size_t size;
};

struct answers {
    struct answer identity, gzip;
};

// Head and body in one piece, because one write matters more than anything else.
static struct answer answer_make(const char *path, const char *type, const char *encoding) {
    struct answer a = {0};
    FILE *f = fopen(path, "rbe");
    long size = f && fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    if (size < 0 || fseek(f, 0, SEEK_SET) != 0) {
        perror(path);
        exit(1);
    }
    a.bytes = malloc((size_t)size + 1024);
    if (!a.bytes) {
        exit(1);
    }
    int head = snprintf(a.bytes, 1024,
                        "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %ld\r\n%s"
                        "Vary: Accept-Encoding\r\nConnection: keep-alive\r\n\r\n",
                        type, size, encoding);
    a.size = (size_t)head + fread(a.bytes + head, 1, (size_t)size, f);
    fclose(f);
    return a;
}

static int answer(struct mg_connection *c, void *data) {
    const struct answers *all = data;
    const char *accepts = mg_get_header(c, "Accept-Encoding");
    const struct answer *a = accepts && strstr(accepts, "gzip") ? &all->gzip : &all->identity;
    mg_write(c, a->bytes, a->size);
    return 200;
}

int main(int argc, char **argv) {
    if (argc != 6) {
        fputs("usage: civet_const PORT THREADS IDENTITY-FILE GZIP-FILE TYPE\n", stderr);
        return 2;
    }
    static struct answers all;
    char listen[64];
    sigset_t ends;
    int sig;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    all.identity = answer_make(argv[3], argv[5], "");
    all.gzip = answer_make(argv[4], argv[5], "Content-Encoding: gzip\r\n");
    snprintf(listen, sizeof listen, "127.0.0.1:%s", argv[1]);
    const char *options[] = {"listening_ports",
                             listen,
                             "num_threads",
                             argv[2],
                             "enable_keep_alive",
                             "yes",
                             "keep_alive_timeout_ms",
                             "5000",
                             "tcp_nodelay",
                             "1",
                             NULL};
    struct mg_callbacks none = {0};
    mg_init_library(0);
    struct mg_context *server = mg_start(&none, NULL, options);
    if (!server) {
        fputs("civet_const: CivetWeb did not start; is the port free?\n", stderr);
        return 1;
    }
    mg_set_request_handler(server, "/", answer, &all);
    sigwait(&ends, &sig);
    mg_stop(server);
    mg_exit_library();
    free(all.identity.bytes);
    free(all.gzip.bytes);
    return 0;
}
