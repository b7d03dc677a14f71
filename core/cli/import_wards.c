// SPDX-License-Identifier: Apache-2.0
// anchorage import wards FILE: boundaries of the wards of the place (GeoJSON), for the real map beside the
// tiles; or where its tiles stand.
#include "cli/import.h"

#include "domain/ward_map.h"

int import_wards(struct cli *cli, const char *file) {
    struct ward_map_report r;
    if (import_options.dry_run || import_options.anchor || import_options.month) {
        return cli_usage(cli, "--dry-run, --anchor and --month belong to import spend.");
    }
    if (!cli_open_db(cli)) {
        return cli_refuse(cli, "%s", cli->why);
    }
    enum err e = ward_map_import(&cli->c, import_options.f, file, &r);
    if (e != ERR_OK) {
        return cli_failed(cli, e);
    }
    if (cli->json) {
        cli_json(json_pack("{s:s,s:I,s:I,s:I}", "kind", r.tiles ? "tiles" : "outlines", "stored",
                           (json_int_t)r.stored, "other_places", (json_int_t)r.other, "skipped",
                           (json_int_t)r.skipped));
    } else if (r.tiles) {
        printf("Tiles of %zu wards stored.\n", r.stored);
    } else {
        printf(
            "Outlines of %zu wards stored; %zu wards of other places and %zu areas without a ward's code or "
            "outline left out.\n",
            r.stored, r.other, r.skipped);
    }
    return EXIT_DONE;
}
