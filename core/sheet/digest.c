// SPDX-License-Identifier: Apache-2.0
// The SHA-256 (FIPS 180-4) of a whole file, computed on a thread of its own while others read it.
#include "sheet/digest.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/text.h"
#include "sheet/sha256.h"

enum { CHUNK = 256 << 10 };

struct digest {
    const struct source *source;
    pthread_t thread;
    bool threaded, done;
    atomic_bool stop;
    char hex[65]; // "" until it is known
};

static void compute(struct digest *d) {
    unsigned char *chunk = malloc(CHUNK), sum[32];
    struct sha256 hash;
    uint64_t at = 0;
    size_t n = 0;
    bool good = chunk != NULL;
    sha256_begin(&hash, sha256_has_instructions());
    while (good && at < d->source->size && !atomic_load_explicit(&d->stop, memory_order_relaxed)) {
        good = source_read(d->source, chunk, CHUNK, at, &n) && n > 0;
        if (good) {
            sha256_take(&hash, chunk, n);
            at += n;
            sched_yield(); // the reading goes first: this needs only be done when that is
        }
    }
    free(chunk);
    if (good && at == d->source->size) {
        sha256_end(&hash, sum);
        hex_encode(sum, sizeof sum, d->hex);
    }
}

static void *run(void *arg) {
    compute(arg);
    return NULL;
}

struct digest *digest_start(const struct source *s) {
    struct digest *d = calloc(1, sizeof *d);
    if (d) {
        d->source = s;
        d->threaded = s->size > CHUNK && pthread_create(&d->thread, NULL, run, d) == 0;
    }
    return d;
}

const char *digest_wait(struct digest *d) {
    if (d->threaded) {
        pthread_join(d->thread, NULL);
        d->threaded = false;
    } else if (!d->done) {
        compute(d);
    }
    d->done = true;
    return d->hex;
}

void digest_free(struct digest *d) {
    if (d) {
        atomic_store(&d->stop, true);
        if (d->threaded) {
            pthread_join(d->thread, NULL);
        }
        free(d);
    }
}
