// SPDX-License-Identifier: Apache-2.0
// The map of a place.
#include "domain/ward_map.h"

#include "base/embed.h"
#include "base/strb.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "domain/audit.h"
#include "domain/ward_layout.h"
#include "domain/ward_outline.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded embedded_codes[];

// ---- tiles laid out by hand -----------------------------------------------------------------------------

static const char *drawn_file(void) {
    for (const struct embedded *e = embedded_codes; e->path; e++) {
        if (strcmp(e->path, "codes/ward_tiles.txt") == 0) {
            return (const char *)e->bytes;
        }
    }
    return "";
}

// "~" of the file is a soft hyphen in a picture.
static const char *with_hyphens(struct arena *a, const char *s, size_t n) {
    char *out = arena_alloc(a, 2 * n + 1), *to = out;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '~') {
            *to++ = (char)0xC2;
            *to++ = (char)0xAD;
        } else {
            *to++ = s[i];
        }
    }
    return out;
}

// The tile of a ward as a file has it: code|column|line|short name.
static bool tile_of(struct arena *a, const char *file, const char *code, struct picture_tile *ret) {
    size_t n = strlen(code);
    for (const char *line = file; *line;) {
        size_t end = strcspn(line, "\r\n");
        if (strncmp(line, code, n) == 0 && line[n] == '|') {
            char *at;
            long col = strtol(&line[n + 1], &at, 10), row = *at == '|' ? strtol(at + 1, &at, 10) : -1;
            if (*at != '|' || col < 0 || row < 0 || col > 100 || row > 100) {
                return false;
            }
            ret->col = (int)col;
            ret->line = (int)row;
            ret->label = with_hyphens(a, at + 1, (size_t)(line + end - at - 1));
            return true;
        }
        line += end;
        line += strspn(line, "\r\n");
    }
    return false;
}

static bool drawn_tile(struct arena *a, const char *code, struct picture_tile *ret) {
    return tile_of(a, drawn_file(), code, ret);
}

// ---- tiles --------------------------------------------------------------------------------------------

static bool all_drawn(struct arena *a, const struct rows *wards, struct picture_tile *tiles) {
    for (size_t i = 0; i < rows_count(wards); i++) {
        if (!drawn_tile(a, tiles[i].code, &tiles[i])) {
            return false;
        }
    }
    return true;
}

static bool all_set(const struct rows *wards, struct picture_tile *tiles) {
    for (size_t i = 0; i < rows_count(wards); i++) {
        if (row_is_null(wards, i, "col")) {
            return false;
        }
        tiles[i].col = (int)row_i64(wards, i, "col");
        tiles[i].line = (int)row_i64(wards, i, "line");
    }
    return true;
}

// Wards without a postcode lie in the middle of the others.
static enum err lay_out(struct ctx *c, struct picture_tile *tiles, size_t n, bool *ret_done) {
    struct rows *r;
    enum err e = DB_ROWS(c, ward_map_centres, &r);
    if (e != ERR_OK) {
        return e;
    }
    size_t found = rows_count(r);
    struct ward_centre *at = arena_array(c->arena, n, sizeof *at), middle = {0};
    struct ward_tile *laid = arena_array(c->arena, n, sizeof *laid);
    for (size_t k = 0; k < found; k++) {
        middle.east += row_i64(r, k, "east") / (int64_t)found;
        middle.north += row_i64(r, k, "north") / (int64_t)found;
    }
    for (size_t i = 0; i < n; i++) {
        at[i] = middle;
        for (size_t k = 0; k < found; k++) {
            if (strcmp(row_text(r, k, "ward_code"), tiles[i].code) == 0) {
                at[i] = (struct ward_centre){row_i64(r, k, "east"), row_i64(r, k, "north")};
            }
        }
    }
    *ret_done = ward_layout(at, n, laid);
    for (size_t i = 0; i < n && *ret_done; i++) {
        tiles[i].col = laid[i].col;
        tiles[i].line = laid[i].line;
    }
    return ERR_OK;
}

// ---- outlines -----------------------------------------------------------------------------------------

// [[x,y,x,y,...],...] as ward_map_import stored it.
static void read_rings(struct arena *a, const char *text, struct picture_shape *ret) {
    json_error_t error;
    json_t *rings = json_loads(text, 0, &error);
    size_t points = 0, at = 0;
    for (size_t i = 0; i < json_array_size(rings); i++) {
        points += json_array_size(json_array_get(rings, i)) / 2;
    }
    int32_t *xy = arena_array(a, 2 * points + 1, sizeof *xy);
    uint32_t *ends = arena_array(a, json_array_size(rings) + 1, sizeof *ends);
    for (size_t i = 0; i < json_array_size(rings); i++) {
        const json_t *ring = json_array_get(rings, i);
        for (size_t k = 0; k + 1 < json_array_size(ring); k += 2, at++) {
            xy[2 * at] = (int32_t)json_integer_value(json_array_get(ring, k));
            xy[2 * at + 1] = (int32_t)json_integer_value(json_array_get(ring, k + 1));
        }
        ends[ret->ring_count++] = (uint32_t)at;
    }
    json_decref(rings);
    ret->xy = xy;
    ret->ring_end = ends;
}

static enum err load_shapes(struct ctx *c, struct picture_map *map) {
    struct rows *r;
    enum err e = DB_ROWS(c, ward_map_shapes, &r);
    if (e != ERR_OK) {
        return e;
    }
    struct picture_shape *shapes = arena_array(c->arena, rows_count(r) + 1, sizeof *shapes);
    for (size_t i = 0; i < rows_count(r); i++) {
        shapes[i] = (struct picture_shape){.code = row_text(r, i, "code"), .name = row_text(r, i, "name")};
        read_rings(c->arena, row_text(r, i, "rings"), &shapes[i]);
    }
    map->shapes = shapes;
    map->shape_count = rows_count(r);
    return ERR_OK;
}

enum err ward_map_load(struct ctx *c, const struct picture_map **ret) {
    struct rows *wards;
    enum err e = DB_ROWS(c, ward_map_wards, &wards);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(wards);
    struct picture_tile *tiles = arena_array(c->arena, n + 1, sizeof *tiles), drawn;
    for (size_t i = 0; i < n; i++) {
        char name[80];
        tiles[i].code = row_text(wards, i, "code");
        ward_short_name(row_text(wards, i, "name"), name, sizeof name);
        tiles[i].label =
            drawn_tile(c->arena, tiles[i].code, &drawn) ? drawn.label : arena_strdup(c->arena, name);
    }
    bool done = n > 0 && (all_set(wards, tiles) || all_drawn(c->arena, wards, tiles));
    if (!done && n > 0) {
        e = lay_out(c, tiles, n, &done);
    }
    struct picture_map *map = arena_alloc(c->arena, sizeof *map);
    *map = (struct picture_map){.tiles = tiles, .tile_count = n};
    e = e ? e : load_shapes(c, map);
    if (e == ERR_OK) {
        *ret = done ? map : NULL;
    }
    return e;
}

// ---- loading boundaries ---------------------------------------------------------------------------------

// The whole file, one byte more than is allowed at most.
static bool read_all(FILE *f, struct strb *ret) {
    char chunk[16384];
    size_t n;
    while (!ret->over && (n = fread(chunk, 1, sizeof chunk, f)) > 0) {
        size_t room = OUTLINE_FILE_MAX + 1 - ret->n;
        strb_put(ret, chunk, n < room ? n : room);
        if (n >= room) {
            break;
        }
    }
    return !ferror(f);
}

static const char *rings_json(struct arena *a, const struct outline *o) {
    struct strb b;
    size_t i = 0;
    strb_init(&b, (size_t)OUTLINE_POINTS_MAX * 24 + (size_t)OUTLINE_RINGS_MAX * 4 + 16);
    strb_putc(&b, '[');
    for (size_t r = 0; r < o->ring_count; r++) {
        strb_puts(&b, r ? ",[" : "[");
        for (size_t from = i; i < o->ring_end[r]; i++) {
            strb_printf(&b, "%s%" PRId32 ",%" PRId32, i == from ? "" : ",", o->xy[2 * i], o->xy[2 * i + 1]);
        }
        strb_putc(&b, ']');
    }
    strb_putc(&b, ']');
    const char *text = arena_strdup(a, b.p);
    strb_free(&b);
    return text;
}

static enum err store(struct ctx *c, const struct outline *list, size_t n, const char *file_name,
                      struct ward_map_report *ret) {
    const char **codes = arena_array(c->arena, n, sizeof *codes),
               **rings = arena_array(c->arena, n, sizeof *rings);
    struct rows *wards;
    size_t mine = 0;
    enum err e = DB_ROWS(c, ward_map_wards, &wards);
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        for (size_t k = 0; k < rows_count(wards); k++) {
            if (strcmp(row_text(wards, k, "code"), list[i].code) == 0) {
                codes[mine] = list[i].code;
                rings[mine++] = rings_json(c->arena, &list[i]);
            }
        }
    }
    if (e == ERR_OK && mine == 0) {
        return ctx_fail(
            c, ERR_INVALID,
            "None of the %zu wards in this file is one of this place. Load the postcodes and the ward "
            "names of the place first, and look whether the file has the wards of the same year.",
            n);
    }
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    e = DB_EXEC(c, ward_map_set_shapes, NULL, db_array(c->arena, mine, codes),
                db_array(c->arena, mine, rings));
    e = e ? e : audit_add(c, "place.boundaries", file_name, arena_printf(c->arena, "%zu wards", mine));
    if (e == ERR_OK) {
        e = db_commit(c);
    } else {
        db_rollback(c);
    }
    ret->stored = mine;
    ret->other = n - mine;
    return e;
}

// ---- tiles laid out by the place ------------------------------------------------------------------------

// Tiles for all wards of the place, each on a spot of its own.
static enum err read_tiles(struct ctx *c, const char *text, const struct rows *wards,
                           struct picture_tile *tiles) {
    size_t n = rows_count(wards);
    for (size_t i = 0; i < n; i++) {
        const char *code = row_text(wards, i, "code"), *name = row_text(wards, i, "name");
        if (!tile_of(c->arena, text, code, &tiles[i])) {
            return ctx_fail(
                c, ERR_INVALID,
                "This file is neither one of boundaries (GeoJSON) nor one of tiles: it has no line "
                "\"%s|column|line|short name\" for %s.",
                code, name);
        }
        for (size_t k = 0; k < i; k++) {
            if (tiles[k].col == tiles[i].col && tiles[k].line == tiles[i].line) {
                return ctx_fail(c, ERR_INVALID, "%s and %s stand on the same tile. Give one of them another.",
                                row_text(wards, k, "name"), name);
            }
        }
    }
    return ERR_OK;
}

static enum err store_tiles(struct ctx *c, const char *text, const char *file_name,
                            struct ward_map_report *ret) {
    struct rows *wards;
    enum err e = DB_ROWS(c, ward_map_wards, &wards);
    if (e != ERR_OK) {
        return e;
    }
    size_t n = rows_count(wards);
    struct picture_tile *tiles = arena_array(c->arena, n + 1, sizeof *tiles);
    const char **v[3];
    for (size_t i = 0; i < 3; i++) {
        v[i] = arena_array(c->arena, n + 1, sizeof *v[i]);
    }
    if (n == 0) {
        return ctx_fail(
            c, ERR_INVALID,
            "The wards of this place are not known yet. Load the postcodes and ward names first.");
    }
    e = read_tiles(c, text, wards, tiles);
    e = e ? e : db_begin(c);
    if (e != ERR_OK) {
        return e;
    }
    for (size_t i = 0; i < n; i++) {
        v[0][i] = row_text(wards, i, "code");
        v[1][i] = arena_i64(c->arena, tiles[i].col);
        v[2][i] = arena_i64(c->arena, tiles[i].line);
    }
    e = DB_EXEC(c, ward_map_clear_tiles, NULL);
    e = e ? e
          : DB_EXEC(c, ward_map_set_tiles, NULL, db_array(c->arena, n, v[0]), db_array(c->arena, n, v[1]),
                    db_array(c->arena, n, v[2]));
    e = e ? e : audit_add(c, "place.tiles", file_name, arena_printf(c->arena, "%zu wards", n));
    if (e == ERR_OK) {
        e = db_commit(c);
    } else {
        db_rollback(c);
    }
    ret->stored = n;
    ret->tiles = true;
    return e;
}

static enum err import_text(struct ctx *c, const struct strb *text, const char *file_name,
                            struct ward_map_report *ret) {
    size_t count;
    const struct outline *list;
    const char *why = "", *first = text->p + strspn(text->p, " \t\r\n\xEF\xBB\xBF");
    if (*first != '{' && *first != '[' && *first) {
        return store_tiles(c, first, file_name, ret);
    }
    if (!outline_read(c->arena, text->p, text->n, &list, &count, &ret->skipped, &why)) {
        return ctx_fail(c, ERR_INVALID, "%s", why);
    }
    return store(c, list, count, file_name, ret);
}

enum err ward_map_import(struct ctx *c, FILE *f, const char *file_name, struct ward_map_report *ret) {
    struct strb text;
    *ret = (struct ward_map_report){0};
    strb_init(&text, OUTLINE_FILE_MAX + 1);
    enum err e = read_all(f, &text) ? import_text(c, &text, file_name, ret)
                                    : ctx_fail(c, ERR_IO, "the file cannot be read to its end");
    strb_free(&text);
    return e;
}
