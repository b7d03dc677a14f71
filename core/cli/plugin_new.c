// SPDX-License-Identifier: Apache-2.0
// anchorage plugin new NAME: writes a complete small plugin, the one in plugins/example under another id.
#include "base/conf.h"
#include "base/embed.h"
#include "base/strb.h"
#include "base/text.h"
#include "cli/cli.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_MIN 2
#define ID_MAX 31
// As the example calls itself, in its id, its addresses and its files.
#define EXAMPLE_ID    "example"
#define EXAMPLE_TITLE "\"Pledges\""

extern const struct embedded embedded_example[]; // plugins/example

// Why a name cannot be an id (plugin.h: [a-z][a-z0-9_]{1,30}); NULL when it can.
static const char *bad_name(const char *name) {
    size_t n = strlen(name);
    if (n < ID_MIN || n > ID_MAX) {
        return "it has 2 to 31 characters";
    }
    if (name[0] < 'a' || name[0] > 'z') {
        return "it begins with a small letter a to z";
    }
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != n) {
        return "it is made of small letters a to z, digits and _";
    }
    return NULL;
}

// Whether "a, b,c" names it.
static bool is_listed(const char *list, const char *name) {
    while (*list) {
        list += strspn(list, ", \t");
        size_t n = strcspn(list, ", \t");
        if (n == strlen(name) && strncmp(list, name, n) == 0) {
            return true;
        }
        list += n;
    }
    return false;
}

static bool is_taken(struct cli *cli, const char *name) {
    const char *file = arena_printf(cli->arena, "%s/%s.so", cli_plugin_dir(cli), name);
    return strcmp(name, EXAMPLE_ID) == 0 || is_listed(conf_text(CONF_PLUGIN_LIST), name) ||
           access(file, F_OK) == 0;
}

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

// "college_meals" to "College meals", in the quotes of C.
static const char *title_of(struct cli *cli, const char *name) {
    char *title = arena_printf(cli->arena, "\"%s\"", name);
    title[1] = (char)toupper((unsigned char)title[1]);
    for (char *p = title; *p; p++) {
        *p = *p == '_' ? ' ' : *p;
    }
    return title;
}

// The example's text with its id and title replaced. "for example" and example.org stay what they are.
static void rewrite(const struct embedded *file, const char *name, const char *title, struct strb *out) {
    const char *text = (const char *)file->bytes, *end = text + file->n;
    const size_t id_n = strlen(EXAMPLE_ID), title_n = strlen(EXAMPLE_TITLE);
    for (const char *p = text; p < end; p++) {
        if (strncmp(p, EXAMPLE_TITLE, title_n) == 0) {
            strb_puts(out, title);
            p += title_n - 1;
            continue;
        }
        bool whole = strncmp(p, EXAMPLE_ID, id_n) == 0 && (p == text || !is_word_byte(p[-1])) &&
                     !is_word_byte(p[id_n]);
        bool speech = (p - text >= 4 && strncmp(p - 4, "for ", 4) == 0) || text_starts(p + id_n, ".org");
        if (whole && !speech) {
            strb_puts(out, name);
            p += id_n - 1;
        } else {
            strb_putc(out, *p);
        }
    }
}

// Makes the folders above a file, below the one that was made first.
static bool make_folders(char *path, size_t from) {
    for (char *p = path + from; (p = strchr(p, '/')); p++) {
        *p = 0;
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *p = '/';
        if (!made) {
            return false;
        }
    }
    return true;
}

static bool write_file(struct cli *cli, const char *folder, const struct embedded *file, const char *name,
                       const char *title) {
    char *path = arena_printf(cli->arena, "%s/%s", folder, file->path);
    if (!make_folders(path, strlen(folder) + 1)) {
        return false;
    }
    struct strb text;
    strb_init(&text, file->n * (ID_MAX + 1) + 1);
    rewrite(file, name, title, &text);
    FILE *f = fopen(path, "wxe");
    bool ok = f && !text.over && fwrite(text.p, 1, text.n, f) == text.n;
    if (f && fclose(f) != 0) {
        ok = false;
    }
    strb_free(&text);
    return ok;
}

static void tell(struct cli *cli, const char *name, const char *folder) {
    if (cli->json) {
        json_t *files = json_array();
        for (const struct embedded *e = embedded_example; e->path; e++) {
            json_array_append_new(files, json_string(e->path));
        }
        cli_json(json_pack("{s:s,s:s,s:o}", "id", name, "folder", folder, "files", files));
        return;
    }
    printf("Made the plugin %s in %s. Build it, run its tests and have it checked:\n\n"
           "  cd %s\n"
           "  cmake -B build\n"
           "  cmake --build build\n"
           "  ctest --test-dir build\n"
           "  anchorage plugin check build/plugins/%s.so\n",
           name, folder, folder, name);
}

int verb_plugin_new(struct cli *cli) {
    struct cli_option options[] = {
        {"folder", "DIR", "the folder to make, instead of one called like the plugin", NULL}};
    if (!cli_options(cli, options, 1)) {
        return EXIT_USAGE;
    }
    if (cli->argc != 2) {
        return cli_usage(cli, "Say how the plugin is called: plugin new NAME [--folder DIR].");
    }
    const char *name = cli->argv[1], *why = bad_name(name);
    if (why) {
        return cli_refuse(cli, "\"%s\" cannot be the name of a plugin: %s. For example: college_meals.", name,
                          why);
    }
    if (is_taken(cli, name)) {
        return cli_refuse(cli, "There is a plugin called %s already. Choose another name.", name);
    }
    const char *folder = options[0].value && *options[0].value ? options[0].value : name;
    if (mkdir(folder, 0777) != 0) {
        return errno == EEXIST
                   ? cli_refuse(cli, "%s is there already. Name a new folder with --folder.", folder)
                   : cli_refuse(cli, "The folder %s cannot be made: %s.", folder, strerror(errno));
    }
    const char *title = title_of(cli, name);
    for (const struct embedded *e = embedded_example; e->path; e++) {
        if (!write_file(cli, folder, e, name, title)) {
            return cli_refuse(cli, "%s/%s cannot be written: %s. Is the disk full?", folder, e->path,
                              strerror(errno));
        }
    }
    tell(cli, name, folder);
    return EXIT_DONE;
}
