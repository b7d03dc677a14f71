// SPDX-License-Identifier: Apache-2.0
// The program `anchorage`: finds the verb, reads the shared options, runs it.
#include "base/conf.h"
#include "cli/cli.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERB_ARENA_BYTES ((size_t)1024 * 1024 * 1024)

static const struct verb verbs[] = {
    {"serve", "[--listen ADDRESS:PORT] [--demo-if-empty]", "run the marketplace", verb_serve},
    {"demo", "", "load the invented demo place into an empty database", verb_demo},
    {"migrate", "", "bring the tables up to date", verb_migrate},
    {"user", "add --email E --name N [--role R --anchor REF]", "add a person", verb_user},
    {"import", "postcodes|companies|charities|wards|spend FILE", "load a register or a payments file",
     verb_import},
    {"report", "spend [--year Y]", "print figures", verb_report},
    {"export", "contracts-finder|ocds", "write notices for other systems", verb_export},
    {"plugin", "list|new|check|enable|disable|grant|set ...", "show, make, check and switch plugins",
     verb_plugin},
    {"run", "ID [VERB [WORD...]]", "run a verb that a plugin brings", verb_run},
    {"doctor", "", "check the installation and say what to do", verb_doctor},
    {"backup", "FILE", "save everything into one file", verb_backup},
    {"restore", "FILE", "bring a backup back into an empty place", verb_restore},
};

static void help(void) {
    puts("Anchorage: the open marketplace of a place.\n\nUsage: anchorage VERB [OPTIONS]\n");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        printf("  %-8s %-48s %s\n", verbs[i].name, verbs[i].words, verbs[i].what);
    }
    puts("\nEvery verb takes\n"
         "  --data DIR         the folder of the private database and files (default /var/lib/anchorage)\n"
         "  --db URI           a PostgreSQL of your own instead\n"
         "  --set KEY=VALUE    a setting, as in anchorage.conf\n"
         "  --json             report as JSON\n"
         "  --help             help on the verb\n"
         "\nIt ends with 0 when done, 1 when refused with the reason, 2 when called in a wrong way.");
}

static void verb_help(const struct verb *v) {
    printf("anchorage %s %s\n  %s\n", v->name, v->words, v->what);
    if (v->run == verb_plugin) {
        puts("\n  plugin list                         each plugin with its state, and why it is not running\n"
             "  plugin new NAME                     writes a complete small plugin into the folder NAME\n"
             "  plugin check FILE                   says whether a plugin may be loaded, and if not why\n"
             "  plugin enable ID [--grant POWERS]   switches it on; POWERS: all, none, or names with commas\n"
             "  plugin disable ID                   switches it off\n"
             "  plugin grant ID POWERS              what it may do\n"
             "  plugin set ID KEY=VALUE             one of its settings\n\n"
             "  A running server does it at once.");
    }
    puts("\nShared options: --data DIR, --db URI, --set KEY=VALUE, --json");
}

// Takes one shared option at argv[i]; the number of arguments used, 0 when it is not one, -1 after a message.
static int shared_option(struct cli *cli, char **argv, int i, int argc) {
    static const struct {
        const char *option, *key;
    } map[] = {{"--data", "data.dir"}, {"--db", "db.uri"}, {"--listen", "http.listen"}, {"--set", NULL}};
    if (strcmp(argv[i], "--json") == 0) {
        cli->json = true;
        return 1;
    }
    for (size_t k = 0; k < sizeof map / sizeof *map; k++) {
        size_t n = strlen(map[k].option);
        if (strncmp(argv[i], map[k].option, n) != 0 || (argv[i][n] != 0 && argv[i][n] != '=')) {
            continue;
        }
        const char *value = argv[i][n] == '=' ? argv[i] + n + 1 : i + 1 < argc ? argv[i + 1] : NULL;
        const char *key = map[k].key;
        if (value && !key) {
            const char *eq = strchr(value, '=');
            key = eq ? arena_strndup(cli->arena, value, (size_t)(eq - value)) : NULL;
            value = eq ? eq + 1 : NULL;
        }
        const char *why = value ? conf_set(key, value) : "Give it a value.";
        if (why) {
            cli_usage(cli, "%s: %s", map[k].option, why);
            return -1;
        }
        return argv[i][n] == '=' ? 1 : 2;
    }
    return 0;
}

// Settings in the order of weight: file, environment, command line (already read once for --data; read again
// to win).
static bool read_settings(struct cli *cli, int argc, char **argv) {
    for (int round = 0; round < 2; round++) {
        int kept = 0;
        for (int i = 2; i < argc;) {
            int used = shared_option(cli, argv, i, argc);
            if (used < 0) {
                return false;
            }
            if (used == 0) {
                cli->argv[kept++] = argv[i];
            }
            i += used ? used : 1;
        }
        cli->argc = kept;
        if (round == 0) {
            const char *file = arena_printf(cli->arena, "%s/anchorage.conf", conf_text(CONF_DATA_DIR));
            const char *why = conf_load_file("/etc/anchorage/anchorage.conf", true);
            why = why ? why : conf_load_file(file, true);
            why = why ? why : conf_load_environment();
            if (why) {
                cli_refuse(cli, "%s", why);
                return false;
            }
        }
    }
    return true;
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help();
        return argc < 2 ? EXIT_USAGE : EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("anchorage " ANCHORAGE_VERSION);
        return EXIT_DONE;
    }
    if (sodium_init() < 0) {
        fputs("anchorage: the random generator does not work.\n", stderr);
        return EXIT_REFUSED;
    }
    const struct verb *v = NULL;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        v = strcmp(verbs[i].name, argv[1]) == 0 ? &verbs[i] : v;
    }
    if (!v) {
        fprintf(stderr, "anchorage: there is no verb \"%s\". See: anchorage --help\n", argv[1]);
        return EXIT_USAGE;
    }
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            verb_help(v);
            return EXIT_DONE;
        }
    }
    struct cli cli = {
        .verb = v->name, .arena = arena_new(VERB_ARENA_BYTES), .terminal = isatty(STDERR_FILENO) == 1};
    cli.argv = arena_array(cli.arena, (size_t)argc, sizeof *cli.argv);
    ctx_init(&cli.c, cli.arena, NULL);
    int rc = read_settings(&cli, argc, argv) ? v->run(&cli) : EXIT_USAGE;
    cli_close(&cli);
    arena_free(cli.arena);
    conf_reset();
    return rc;
}
