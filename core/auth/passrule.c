// SPDX-License-Identifier: Apache-2.0
// Which passwords are too easy to guess: length and well-known material only, no rules of composition (NIST
// SP 800-63B-4).
#include "auth/password.h"

#include "base/embed.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CHARS_MIN 15
#define BYTES_MAX 256
#define WORDS_MAX 2048
#define FRESH_MIN 6 // characters that must be left when everything well known is taken away
#define DIFFERENT 6 // different characters

extern const struct embedded embedded_codes[];

static const char *words[WORDS_MAX];
static size_t word_count;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int longest_first(const void *a, const void *b) {
    size_t x = strlen(*(const char *const *)a), y = strlen(*(const char *const *)b);
    return x < y ? 1 : x > y ? -1 : 0;
}

// The copy stays for the life of the program: the list points into it.
static void read_words(void) {
    static char *copy;
    for (const struct embedded *e = embedded_codes; e->path; e++) {
        if (strcmp(e->path, "codes/common_passwords.txt") != 0) {
            continue;
        }
        copy = malloc(e->n + 1);
        if (!copy) {
            abort();
        }
        memcpy(copy, e->bytes, e->n + 1);
        for (char *line = copy, *next; line && word_count < WORDS_MAX; line = next) {
            next = strchr(line, '\n');
            if (next) {
                *next++ = 0;
            }
            char *w = text_trim(line);
            if (*w && *w != '#') {
                words[word_count++] = w;
            }
        }
    }
    qsort(words, word_count, sizeof words[0], longest_first);
}

// Lower case and the usual look-alikes undone ("P4ssw0rd" reads "password"). Digits that stand for no letter
// stay.
static void simplify(const char *s, char out[BYTES_MAX + 1]) {
    static const char from[] = "0134579@$!", to[] = "oleastgasi";
    size_t n = 0;
    for (; *s && n < BYTES_MAX; s++) {
        const char *at = strchr(from, *s);
        out[n++] = at ? to[at - from] : *s;
    }
    out[n] = 0;
    text_lower(out);
}

// Blanks out every place where the word stands; counts the characters taken.
static void take_out(char *s, const char *word) {
    size_t n = strlen(word);
    for (char *at; n >= 3 && (at = strstr(s, word));) {
        memset(at, '\1', n);
    }
}

static size_t left_over(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += *s != '\1' && ((unsigned char)*s & 0xC0) != 0x80 && *s != ' ' && *s != '-' && *s != '.' &&
             *s != '_';
    }
    return n;
}

static bool next_on_keyboard(char a, char b) {
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890",
                                       "abcdefghijklmnopqrstuvwxyz"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *x = strchr(rows[i], a), *y = strchr(rows[i], b);
        if (x && y && (y - x == 1 || x - y == 1)) {
            return true;
        }
    }
    return false;
}

// Blanks out runs of at least three: equal characters, neighbours on the keyboard or in the alphabet.
static void take_runs(char *s) {
    for (size_t i = 0; s[i];) {
        size_t n = 1;
        while (s[i + n] && s[i] != '\1' &&
               (s[i + n] == s[i + n - 1] || next_on_keyboard(s[i + n - 1], s[i + n]))) {
            n++;
        }
        if (n >= 3) {
            memset(s + i, '\1', n);
        }
        i += n;
    }
}

static size_t different(const char *s) {
    bool seen[256] = {false};
    size_t n = 0;
    for (; *s; s++) {
        n += !seen[(unsigned char)*s];
        seen[(unsigned char)*s] = true;
    }
    return n;
}

// One short piece over and over: "wombatwombatwombat".
static bool repeats(const char *s) {
    size_t n = strlen(s);
    for (size_t period = 1; period <= n / 2; period++) {
        size_t i = period;
        while (i < n && s[i] == s[i - period]) {
            i++;
        }
        if (i == n) {
            return true;
        }
    }
    return false;
}

// The parts of a name or an address, three letters or more, are known to everybody who guesses.
static void take_parts(char *s, const char *text) {
    char part[64];
    size_t n = 0;
    for (const char *p = text ? text : "";; p++) {
        bool letter = *p && !strchr(" @.-_'+", *p);
        if (letter && n + 1 < sizeof part) {
            part[n++] = *p;
        } else if (!letter) {
            part[n] = 0;
            text_lower(part);
            take_out(s, part);
            n = 0;
        }
        if (!*p) {
            return;
        }
    }
}

static bool guessable(const char *plain, const char *email, const char *name) {
    char s[BYTES_MAX + 1];
    memcpy(s, plain, strlen(plain) + 1);
    take_parts(s, email);
    take_parts(s, name);
    for (size_t i = 0; i < word_count; i++) {
        take_out(s, words[i]);
    }
    take_runs(s);
    return left_over(s) < FRESH_MIN;
}

const char *password_problem(const char *password, const char *email, const char *name) {
    if (utf8_count(password) < CHARS_MIN) {
        return "Your password must have at least 15 characters. Three or four words that do not belong "
               "together are easy "
               "to remember.";
    }
    if (strlen(password) > BYTES_MAX) {
        return "Your password must have no more than 250 characters.";
    }
    pthread_once(&once, read_words);
    char as_typed[BYTES_MAX + 1], simple[BYTES_MAX + 1];
    memcpy(as_typed, password, strlen(password) + 1);
    text_lower(as_typed);
    simplify(password, simple);
    if (different(as_typed) < DIFFERENT || repeats(as_typed) || guessable(as_typed, email, name) ||
        guessable(simple, email, name)) {
        return "This password is easy to guess, because it is made of well-known words, names, repeats or "
               "keys in a row. "
               "Use three or four words that do not belong together.";
    }
    return NULL;
}
