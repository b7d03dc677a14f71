// SPDX-License-Identifier: Apache-2.0
// The only file that knows CivetWeb. One callback takes every request; no files, no forms, no CGI, no TLS, no
// websockets of the library are ever used (each of them is unsafe or broken in Debian 12's version).
#include "http/listener.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "http/front.h"
#include "http/rawcheck.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WATCH_MS 100

// A thread that holds a connection. CivetWeb's reads have a timeout for each byte only, so a watch of our own
// breaks a read off: a signal makes its poll() end with EINTR, which CivetWeb takes for a lost connection.
struct io_thread {
    struct io_thread *next;
    pthread_t id;
    _Atomic int64_t deadline; // monotonic; 0: none
    _Atomic bool overdue;
    bool closing; // the answer on the wire is the last one of its connection
};

struct listener {
    struct server *server;
    struct mg_context *mg;
    pthread_t watch;
    _Atomic bool watching, stopping;
    pthread_mutex_t lock; // of the list
    struct io_thread *threads;
};

static struct listener *starting; // CivetWeb gives init_thread no user data before mg_start returns
static _Thread_local struct io_thread *me;

// ---- the watch ----

static void on_nudge(int sig) {
    (void)sig; // only there to interrupt
}

static void nudge_all(struct listener *l, bool everybody) {
    int64_t now = clock_monotonic_usec();
    pthread_mutex_lock(&l->lock);
    for (struct io_thread *t = l->threads; t; t = t->next) {
        int64_t deadline = t->deadline;
        if (deadline && now > deadline) {
            t->overdue = true;
        } else if (!everybody) {
            continue;
        }
        pthread_kill(t->id, SIGURG);
    }
    pthread_mutex_unlock(&l->lock);
}

static void *watch_main(void *arg) {
    struct listener *l = arg;
    struct timespec pause = {.tv_nsec = WATCH_MS * 1000000L};
    while (l->watching) {
        nudge_all(l, l->stopping);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void *on_thread(const struct mg_context *ctx, int kind) {
    (void)ctx;
    if (kind != 1) {
        return NULL;
    }
    struct io_thread *t = calloc(1, sizeof *t);
    if (!t) {
        abort();
    }
    struct listener *l = starting;
    sigset_t nudge;
    sigemptyset(&nudge);
    sigaddset(&nudge, SIGURG);
    pthread_sigmask(SIG_UNBLOCK, &nudge, NULL); // whoever started us may have blocked signals
    t->id = pthread_self();
    pthread_mutex_lock(&l->lock);
    t->next = l->threads;
    l->threads = t;
    pthread_mutex_unlock(&l->lock);
    me = t;
    return t;
}

static void on_thread_end(const struct mg_context *ctx, int kind, void *pointer) {
    if (kind != 1 || !pointer) {
        return;
    }
    struct listener *l = mg_get_user_data(ctx);
    pthread_mutex_lock(&l->lock);
    for (struct io_thread **at = &l->threads; *at; at = &(*at)->next) {
        if (*at == pointer) {
            *at = (*at)->next;
            break;
        }
    }
    pthread_mutex_unlock(&l->lock);
    free(pointer);
    me = NULL;
}

// ---- the wire ----

static int wire_read(void *conn, void *buf, size_t n) {
    return mg_read(conn, buf, n);
}

static int wire_write(void *conn, const void *buf, size_t n) {
    return mg_write(conn, buf, n);
}

static void wire_deadline(void *conn, int64_t usec) {
    (void)conn;
    if (usec == 0) {
        me->deadline = 0;
        return;
    }
    me->overdue = false;
    me->deadline = usec;
}

static bool wire_overdue(void *conn) {
    (void)conn;
    return me->overdue;
}

static void wire_close_after(void *conn) {
    me->closing = true;
    mg_disable_connection_keep_alive(conn);
}

static struct wire wire_of(struct mg_connection *conn) {
    return (struct wire){.conn = conn,
                         .read = wire_read,
                         .write = wire_write,
                         .deadline = wire_deadline,
                         .overdue = wire_overdue,
                         .close_after = wire_close_after};
}

// ---- CivetWeb's callbacks ----

static int on_request(struct mg_connection *conn) {
    struct listener *l = mg_get_user_data(mg_get_context(conn));
    const struct mg_request_info *ri = mg_get_request_info(conn);
    struct rawcheck_header headers[sizeof ri->http_headers / sizeof ri->http_headers[0]];
    size_t n = ri->num_headers > 0 ? (size_t)ri->num_headers : 0;
    for (size_t i = 0; i < n; i++) {
        headers[i] = (struct rawcheck_header){ri->http_headers[i].name, ri->http_headers[i].value};
    }
    struct rawcheck_request raw = {.method = ri->request_method,
                                   .target = ri->request_uri,
                                   .query = ri->query_string,
                                   .version = ri->http_version,
                                   .headers = headers,
                                   .header_count = n};
    struct gate_request req = {.method = ri->request_method,
                               .target = ri->request_uri,
                               .query = ri->query_string,
                               .version = ri->http_version,
                               .headers = headers,
                               .header_count = n,
                               .remote_addr = ri->remote_addr,
                               .raw_fault = rawcheck_request(&raw)};
    struct wire w = wire_of(conn);
    return front_serve(l->server, &req, &w);
}

static int on_error(struct mg_connection *conn, int status, const char *message) {
    struct listener *l = mg_get_user_data(mg_get_context(conn));
    (void)message;
    struct wire w = wire_of(conn);
    front_refuse(l->server, status >= 400 && status < 600 ? status : 400, &w);
    return 0;
}

static int on_connection(const struct mg_connection *conn, void **data) {
    struct listener *l = mg_get_user_data(mg_get_context(conn));
    (void)data;
    if (me) {
        me->closing = false;
        me->deadline = 0;
        me->overdue = false;
    }
    l->server->connections++;
    return 0;
}

// CivetWeb drops requests whose target is no path ("*", another host's URL) without a word; they get their
// answer here.
static void on_connection_end(const struct mg_connection *conn) {
    struct listener *l = mg_get_user_data(mg_get_context(conn));
    const struct mg_request_info *ri = mg_get_request_info(conn);
    l->server->connections--;
    if (me && !me->closing && ri && ri->request_uri && ri->request_uri[0] != '/') {
        struct mg_connection *peer;
        memcpy(&peer, &conn, sizeof peer); // the callback's const is too strict: the connection is still open
        struct wire w = wire_of(peer);
        front_refuse(l->server, 400, &w);
    }
}

static int on_log(const struct mg_connection *conn, const char *message) {
    (void)conn;
    log_event(LOG_LEVEL_INFO, "civetweb", "message", message, NULL);
    return 1;
}

// ---- starting and stopping ----

static bool address_ok(const char *address, char *why, size_t cap) {
    char host[64];
    const char *colon = strrchr(address, ':');
    if (strchr(address, '[') || (colon && memchr(address, ':', (size_t)(colon - address)))) {
        snprintf(why, cap,
                 "The address %.80s is IPv6, which this server cannot listen on: use an IPv4 address such as "
                 "127.0.0.1:8080 and let the proxy in front speak IPv6.",
                 address);
        return false;
    }
    size_t n = colon ? (size_t)(colon - address) : 0;
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    if (colon && digits > 0 && colon[1 + digits] == 's' && colon[2 + digits] == 0) {
        snprintf(
            why, cap,
            "The address %.80s asks for TLS, which belongs to the proxy in front: leave out the s and see "
            "the HAProxy example in the documentation.",
            address);
        return false;
    }
    struct in_addr parsed;
    if (n > 0 && n < sizeof host) {
        memcpy(host, address, n);
        host[n] = 0;
    }
    if (n == 0 || n >= sizeof host || inet_pton(AF_INET, host, &parsed) != 1 || digits == 0 || digits > 5 ||
        colon[1 + digits] != 0 || strtol(colon + 1, NULL, 10) > 65535) {
        snprintf(why, cap,
                 "The address %.80s cannot be listened on: write an IPv4 address and a port, as in "
                 "127.0.0.1:8080.",
                 address);
        return false;
    }
    if ((ntohl(parsed.s_addr) >> 24) != 127) {
        log_event(LOG_LEVEL_WARNING, "listening_beyond_loopback", "address", address, "advice",
                  "put a proxy with TLS in front", NULL);
    }
    return true;
}

static struct mg_context *start_civetweb(struct listener *l, const char *address) {
    char threads[16], request_ms[24], keep_ms[24], head_bytes[16];
    snprintf(threads, sizeof threads, "%d", l->server->io_threads);
    snprintf(request_ms, sizeof request_ms, "%lld", (long long)conf_number(CONF_REQUEST_TIMEOUT_MS));
    snprintf(keep_ms, sizeof keep_ms, "%lld", (long long)conf_number(CONF_KEEP_ALIVE_MS));
    snprintf(head_bytes, sizeof head_bytes, "%d", RAWCHECK_HEAD_MAX + 8192);
    const char *options[] = {"listening_ports",
                             address,
                             "num_threads",
                             threads,
                             "request_timeout_ms",
                             request_ms,
                             "keep_alive_timeout_ms",
                             keep_ms,
                             "max_request_size",
                             head_bytes,
                             "enable_keep_alive",
                             "yes",
                             "linger_timeout_ms",
                             "1000",
                             "tcp_nodelay",
                             "1",
                             "connection_queue",
                             "256",
                             "listen_backlog",
                             "1024",
                             "decode_url",
                             "no",
                             "decode_query_string",
                             "no",
                             "enable_directory_listing",
                             "no",
                             "cgi_pattern",
                             "",
                             "cgi2_pattern",
                             "",
                             "ssi_pattern",
                             "",
                             "index_files",
                             "",
                             "access_control_allow_origin",
                             "",
                             "access_control_allow_methods",
                             "",
                             "access_control_allow_headers",
                             "",
                             "enable_auth_domain_check",
                             "no",
                             "allow_sendfile_call",
                             "no",
                             NULL};
    const struct mg_callbacks callbacks = {.begin_request = on_request,
                                           .http_error = on_error,
                                           .log_message = on_log,
                                           .init_connection = on_connection,
                                           .connection_close = on_connection_end,
                                           .init_thread = on_thread,
                                           .exit_thread = on_thread_end};
    return mg_start(&callbacks, l, options);
}

static void end_watch(struct listener *l) {
    l->watching = false;
    pthread_join(l->watch, NULL);
}

struct listener *listener_start(struct server *s, const char *address, char *why, size_t why_cap) {
    if (!address_ok(address, why, why_cap)) {
        return NULL;
    }
    struct listener *l = calloc(1, sizeof *l);
    if (!l) {
        abort();
    }
    l->server = s;
    pthread_mutex_init(&l->lock, NULL);
    const struct sigaction nudge = {.sa_handler = on_nudge};
    sigaction(SIGURG, &nudge, NULL);
    mg_init_library(0);
    starting = l;
    l->watching = true;
    if (pthread_create(&l->watch, NULL, watch_main, l) != 0) {
        abort();
    }
    l->mg = start_civetweb(l, address);
    struct mg_server_port port;
    if (!l->mg || mg_get_server_ports(l->mg, 1, &port) != 1) {
        snprintf(why, why_cap,
                 "Nothing can listen on %.80s: another program may be using the port. Stop it, or choose "
                 "another with --listen.",
                 address);
        listener_stop(l);
        return NULL;
    }
    snprintf(s->address, sizeof s->address, "%.*s:%d", (int)strcspn(address, ":"), address, port.port);
    return l;
}

void listener_stop(struct listener *l) {
    if (!l) {
        return;
    }
    l->stopping = true; // the watch wakes threads that sit in a read, so that stopping takes no timeout
    if (l->mg) {
        mg_stop(l->mg);
    }
    end_watch(l);
    mg_exit_library();
    pthread_mutex_destroy(&l->lock);
    free(l);
}
