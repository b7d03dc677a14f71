// SPDX-License-Identifier: Apache-2.0
// anchorage backup FILE and restore FILE: one compressed file of everything, through pg_dump and pg_restore.
#include "base/conf.h"
#include "cli/cli.h"
#include "db/queries.gen.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// Runs a PostgreSQL program with its input or output (`as`) on `fd`. Its messages go to our standard error.
static bool run_tool(struct cli *cli, const char *tool, char **args, int fd, int as) {
    char path[4096];
    if (!cli->cluster) {
        snprintf(path, sizeof path, "%s", tool); // with --db: found through PATH
    } else if (cluster_tool(cli->cluster, tool, path, sizeof path) != ERR_OK) {
        snprintf(cli->why, sizeof cli->why, "The PostgreSQL program %s is not installed.", tool);
        return false;
    }
    args[0] = path;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, as);
    pid_t pid = 0;
    int rc = posix_spawnp(&pid, path, &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    if (rc != 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        snprintf(cli->why, sizeof cli->why, "%s did not work; its message stands above.", tool);
        return false;
    }
    return true;
}

// The file is made as whoever called us, before the program becomes the service user, who may not be allowed
// to write or rename in that folder. It therefore has its name from the start; a failed backup is emptied.
static int backup_to(struct cli *cli, const char *file) {
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return cli_refuse(
            cli, "%s is there already or cannot be made. Name a new file in a folder you may write to.",
            file);
    }
    bool opened = cli_open_cluster(cli);
    char connect[1200];
    snprintf(connect, sizeof connect, "--dbname=%s", opened ? cli->conninfo : "");
    char format[] = "--format=custom", owner[] = "--no-owner", acl[] = "--no-acl";
    char *args[] = {NULL, format, owner, acl, connect, NULL};
    struct stat st;
    bool ok =
        opened && run_tool(cli, "pg_dump", args, fd, STDOUT_FILENO) && fsync(fd) == 0 && fstat(fd, &st) == 0;
    if (!ok) {
        int emptied = ftruncate(fd, 0);
        (void)emptied; // the refusal below is what counts
        close(fd);
        return cli_refuse(cli, "%s %s is left empty.", cli->why, file);
    }
    close(fd);
    if (cli->json) {
        cli_json(json_pack("{s:s,s:I}", "file", file, "bytes", (json_int_t)st.st_size));
    } else {
        printf("Saved %lld bytes to %s.\n", (long long)st.st_size, file);
    }
    return EXIT_DONE;
}

int verb_backup(struct cli *cli) {
    if (!cli_options(cli, NULL, 0) || cli->argc != 1) {
        return cli_usage(cli, "Say where to: backup FILE.");
    }
    return backup_to(cli, cli->argv[0]);
}

static bool is_empty(struct cli *cli, bool *ret_empty) {
    struct rows *r;
    if (!cli_open_db(cli)) {
        return false;
    }
    if (DB_ROWS(&cli->c, holds_anything, &r) != ERR_OK) {
        snprintf(cli->why, sizeof cli->why, "%.500s", cli->c.err_detail);
        return false;
    }
    *ret_empty = !row_bool(r, 0, "held");
    db_close(cli->c.db);
    cli->c.db = NULL;
    return true;
}

int verb_restore(struct cli *cli) {
    if (!cli_options(cli, NULL, 0) || cli->argc != 1) {
        return cli_usage(cli, "Say from where: restore FILE.");
    }
    int fd = open(cli->argv[0], O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return cli_refuse(cli, "%s cannot be read.", cli->argv[0]);
    }
    bool empty = false;
    if (!is_empty(cli, &empty)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (!empty) {
        return cli_refuse(
            cli, "This place holds data already. Restore into an empty one: --data with a new folder.");
    }
    char connect[1200];
    snprintf(connect, sizeof connect, "--dbname=%s", cli->conninfo);
    char clean[] = "--clean", exists[] = "--if-exists", owner[] = "--no-owner", acl[] = "--no-acl",
         whole[] = "--single-transaction", stop[] = "--exit-on-error";
    char *args[] = {NULL, clean, exists, owner, acl, whole, stop, connect, NULL};
    bool ok = run_tool(cli, "pg_restore", args, fd, STDIN_FILENO);
    close(fd);
    if (!ok) {
        return cli_refuse(cli, "%s", cli->why);
    }
    if (cli->json) {
        cli_json(json_pack("{s:s}", "restored", cli->argv[0]));
    } else {
        printf("Restored from %s.\n", cli->argv[0]);
    }
    return EXIT_DONE;
}
