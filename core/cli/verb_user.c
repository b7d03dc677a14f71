// SPDX-License-Identifier: Apache-2.0
// anchorage user add --email E --name N [--role R --anchor REF].
#include "cli/cli.h"
#include "domain/account.h"

#include <stdio.h>
#include <string.h>

static bool is_address(const char *s) {
    const char *at = strchr(s, '@');
    return at && at != s && strchr(at + 1, '.') && !strchr(at + 1, '@') && !strpbrk(s, " \t\r\n<>\",;") &&
           strlen(s) <= 254;
}

int verb_user(struct cli *cli) {
    struct cli_option o[] = {{"email", "ADDRESS", "where the person gets mail", NULL},
                             {"name", "NAME", "the person's name", NULL},
                             {"role", "ROLE", "buyer, officer, admin or supplier", NULL},
                             {"anchor", "REF", "reference of the organisation", NULL}};
    if (!cli_options(cli, o, sizeof o / sizeof *o)) {
        return EXIT_USAGE;
    }
    const char *email = o[0].value, *name = o[1].value, *role = o[2].value, *ref = o[3].value;
    if (cli->argc != 1 || strcmp(cli->argv[0], "add") != 0 || !email || !name || !*name ||
        strlen(name) > 100) {
        return cli_usage(cli, "Say: user add --email ADDRESS --name NAME [--role ROLE --anchor REF].");
    }
    if (!is_address(email)) {
        return cli_usage(cli, "%s is not an email address in the form name@example.org.", email);
    }
    if ((role == NULL) != (ref == NULL)) {
        return cli_usage(cli, "--role and --anchor belong together.");
    }
    if (!cli_open_db(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    const char *password;
    enum err e = account_add(&cli->c, name, email, role, ref, &password);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    if (cli->json) {
        cli_json(json_pack("{s:s,s:s,s:s,s:s}", "email", email, "name", name, "role", role ? role : "",
                           "password", password));
    } else {
        printf("%s can sign in as %s with this password, which is shown once:\n  %s\n", name, email,
               password);
    }
    return EXIT_DONE;
}
