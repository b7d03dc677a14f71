// SPDX-License-Identifier: Apache-2.0
// anchorage migrate: brings the tables up to date and says how many steps that took.
#include "cli/cli.h"
#include "db/migrate.h"

#include <stdio.h>

int verb_migrate(struct cli *cli) {
    if (!cli_options(cli, NULL, 0) || cli->argc > 0) {
        return cli_usage(cli, "migrate takes no words.");
    }
    size_t n;
    const struct migration *list = migrate_core(&n);
    int applied = 0;
    if (!cli_open_cluster(cli) ||
        db_open(cli->conninfo, false, &cli->c.db, cli->why, sizeof cli->why) != ERR_OK ||
        migrate_run(&cli->c, "core", list, n, &applied, cli->why, sizeof cli->why) != ERR_OK) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (cli->json) {
        cli_json(json_pack("{s:i,s:i}", "applied", applied, "version", (int)n));
    } else {
        printf("%d steps applied; the tables are at version %zu.\n", applied, n);
    }
    return EXIT_DONE;
}
