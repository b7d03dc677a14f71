// SPDX-License-Identifier: Apache-2.0
// The mail server of the tests (RFC 5321, as much as a sender needs). A thread for each connection.
#include "faults/smtpsink.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES_MAX 256
#define LINE_MAX_    8192
#define DATA_MAX     ((size_t)1024 * 1024)

struct sink {
    int fd;
    char url[48];
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    enum sink_mood mood;
    size_t connections, talking, held, count;
    bool stopping;
    struct sink_message messages[MESSAGES_MAX];
};

struct talk {
    struct sink *s;
    int fd;
    char buf[4096];
    size_t at, n;
    char from[512], to[512];
};

static enum sink_mood mood_of(struct sink *s) {
    pthread_mutex_lock(&s->lock);
    enum sink_mood m = s->mood;
    pthread_mutex_unlock(&s->lock);
    return m;
}

// A line with its end; 0 at the end of the connection.
static size_t read_line(struct talk *t, char *line, size_t cap) {
    size_t n = 0;
    while (n + 1 < cap) {
        if (t->at == t->n) {
            ssize_t got = recv(t->fd, t->buf, sizeof t->buf, 0);
            if (got <= 0) {
                return 0;
            }
            t->at = 0;
            t->n = (size_t)got;
        }
        line[n++] = t->buf[t->at++];
        if (line[n - 1] == '\n') {
            break;
        }
    }
    line[n] = 0;
    return n;
}

static void say(struct talk *t, const char *text) {
    send(t->fd, text, strlen(text), MSG_NOSIGNAL);
}

static void between_brackets(const char *line, char *out, size_t cap) {
    const char *open = strchr(line, '<'), *close = open ? strchr(open, '>') : NULL;
    snprintf(out, cap, "%.*s", close ? (int)(close - open - 1) : 0, open ? open + 1 : "");
}

static bool hold(struct sink *s) {
    pthread_mutex_lock(&s->lock);
    if (s->mood == SINK_HOLD) {
        s->held++;
        pthread_cond_broadcast(&s->moved);
        while (s->mood == SINK_HOLD && !s->stopping) {
            pthread_cond_wait(&s->moved, &s->lock);
        }
        s->held--;
    }
    bool go_on = !s->stopping;
    pthread_mutex_unlock(&s->lock);
    return go_on;
}

static void keep(struct talk *t, char *raw, char *data) {
    struct sink *s = t->s;
    pthread_mutex_lock(&s->lock);
    if (s->count < MESSAGES_MAX) {
        s->messages[s->count++] = (struct sink_message){strdup(t->from), strdup(t->to), raw, data};
        raw = data = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    free(raw);
    free(data);
}

// False when the connection is over.
static bool take_data(struct talk *t) {
    char line[LINE_MAX_], *raw = calloc(1, DATA_MAX), *data = calloc(1, DATA_MAX);
    size_t raw_n = 0, data_n = 0, n = 0;
    say(t, "354 go on\r\n");
    while (raw && data && (n = read_line(t, line, sizeof line)) > 0 && strcmp(line, ".\r\n") != 0 &&
           raw_n + n < DATA_MAX) {
        if (mood_of(t->s) == SINK_HANG_UP_DATA) {
            n = 0;
            break;
        }
        size_t skip = line[0] == '.' ? 1 : 0;
        memcpy(raw + raw_n, line, n);
        memcpy(data + data_n, line + skip, n - skip);
        raw_n += n;
        data_n += n - skip;
    }
    if (n == 0 || !hold(t->s)) {
        free(raw);
        free(data);
        return false;
    }
    if (mood_of(t->s) == SINK_REFUSE_DATA) {
        free(raw);
        free(data);
        say(t, "554 not this one\r\n");
        return true;
    }
    keep(t, raw, data);
    say(t, "250 taken\r\n");
    return true;
}

static bool obey(struct talk *t, const char *line) {
    enum sink_mood mood = mood_of(t->s);
    if (strncasecmp(line, "EHLO", 4) == 0) {
        say(t, "250-sink\r\n250 8BITMIME\r\n");
    } else if (strncasecmp(line, "MAIL FROM:", 10) == 0) {
        between_brackets(line, t->from, sizeof t->from);
        say(t, "250 fine\r\n");
    } else if (strncasecmp(line, "RCPT TO:", 8) == 0) {
        between_brackets(line, t->to, sizeof t->to);
        say(t, mood == SINK_REFUSE_LATER ? "451 later\r\n"
               : mood == SINK_REFUSE     ? "550 nobody here\r\n"
                                         : "250 fine\r\n");
    } else if (strncasecmp(line, "DATA", 4) == 0) {
        return take_data(t);
    } else if (strncasecmp(line, "QUIT", 4) == 0) {
        say(t, "221 bye\r\n");
        return false;
    } else {
        say(t, "250 fine\r\n");
    }
    return true;
}

static void *talk_main(void *arg) {
    struct talk *t = arg;
    struct sink *s = t->s;
    char line[LINE_MAX_];
    if (mood_of(s) != SINK_HANG_UP_HELLO) {
        say(t, "220 sink\r\n");
        while (read_line(t, line, sizeof line) > 0 && obey(t, line)) {
        }
    }
    close(t->fd);
    free(t);
    pthread_mutex_lock(&s->lock);
    s->talking--;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void *sink_main(void *arg) {
    struct sink *s = arg;
    int fd;
    while ((fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        struct talk *t = calloc(1, sizeof *t);
        pthread_t thread;
        if (!t) {
            abort();
        }
        *t = (struct talk){.s = s, .fd = fd};
        pthread_mutex_lock(&s->lock);
        s->connections++;
        s->talking++;
        pthread_mutex_unlock(&s->lock);
        if (pthread_create(&thread, NULL, talk_main, t) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return NULL;
}

struct sink *sink_start(void) {
    struct sink *s = calloc(1, sizeof *s);
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;
    if (!s) {
        abort();
    }
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->fd < 0 || bind(s->fd, (struct sockaddr *)&at, n) != 0 || listen(s->fd, 64) != 0 ||
        getsockname(s->fd, (struct sockaddr *)&at, &n) != 0) {
        abort();
    }
    snprintf(s->url, sizeof s->url, "smtp://127.0.0.1:%d", ntohs(at.sin_port));
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->moved, NULL);
    if (pthread_create(&s->thread, NULL, sink_main, s) != 0) {
        abort();
    }
    return s;
}

void sink_stop(struct sink *s) {
    shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->moved);
    while (s->talking > 0) {
        pthread_cond_wait(&s->moved, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; i < s->count; i++) {
        free((char *)(size_t)s->messages[i].from);
        free((char *)(size_t)s->messages[i].to);
        free((char *)(size_t)s->messages[i].raw);
        free((char *)(size_t)s->messages[i].data);
    }
    pthread_cond_destroy(&s->moved);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *sink_url(const struct sink *s) {
    return s->url;
}

void sink_set(struct sink *s, enum sink_mood mood) {
    pthread_mutex_lock(&s->lock);
    s->mood = mood;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

void sink_wait_held(struct sink *s, size_t n) {
    pthread_mutex_lock(&s->lock);
    while (s->held < n) {
        pthread_cond_wait(&s->moved, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

size_t sink_connections(struct sink *s) {
    pthread_mutex_lock(&s->lock);
    size_t n = s->connections;
    pthread_mutex_unlock(&s->lock);
    return n;
}

size_t sink_count(struct sink *s) {
    pthread_mutex_lock(&s->lock);
    size_t n = s->count;
    pthread_mutex_unlock(&s->lock);
    return n;
}

struct sink_message sink_message(struct sink *s, size_t i) {
    pthread_mutex_lock(&s->lock);
    struct sink_message m = i < s->count ? s->messages[i] : (struct sink_message){"", "", "", ""};
    pthread_mutex_unlock(&s->lock);
    return m;
}
