// SPDX-License-Identifier: Apache-2.0
// A layout of tiles from the middles of wards.
#include "domain/ward_layout.h"

#include <stdlib.h>
#include <string.h>

#define GRID_UNIT 1000 // of one cell, so that distances are whole numbers

// ---- where wards lie on the grid ----------------------------------------------------------------------

struct ranked {
    int64_t at;
    size_t ward;
};

static int by_place(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    return x->ward < y->ward ? -1 : x->ward > y->ward;
}

// Positions from 0 to `span`: half by distance, half by rank, so that towns do not crowd and moors do not
// gape.
static void spread(struct ranked *r, size_t n, int64_t span, int64_t *ret) {
    qsort(r, n, sizeof *r, by_place);
    int64_t low = r[0].at, high = r[n - 1].at;
    for (size_t i = 0; i < n; i++) {
        int64_t by_distance = high > low ? (r[i].at - low) * span / (high - low) : span / 2;
        int64_t by_rank = n > 1 ? (int64_t)i * span / (int64_t)(n - 1) : span / 2;
        ret[r[i].ward] = (by_distance + by_rank) / 2;
    }
}

// Columns and lines that hold n tiles with about a sixth to spare, in the proportions of the place.
static void grid_of(const struct ward_centre *w, size_t n, int *ret_columns, int *ret_lines) {
    int64_t west = w[0].east, east = west, south = w[0].north, north = south;
    for (size_t i = 1; i < n; i++) {
        west = w[i].east < west ? w[i].east : west;
        east = w[i].east > east ? w[i].east : east;
        south = w[i].north < south ? w[i].north : south;
        north = w[i].north > north ? w[i].north : north;
    }
    int64_t wide = east - west + 1000, high = north - south + 1000, cells = (int64_t)n + (int64_t)(n + 5) / 6;
    int64_t columns = 1;
    while (columns * columns * high < cells * wide && columns < 20) {
        columns++;
    }
    *ret_columns = (int)columns;
    *ret_lines = (int)((cells + columns - 1) / columns);
}

// ---- the cheapest assignment --------------------------------------------------------------------------

struct assignment {
    size_t n, m;          // wards, cells; n <= m
    const int64_t *x, *y; // of wards
    int columns;
    int64_t *pot_ward, *pot_cell, *least;
    size_t *of_cell, *way; // ward + 1 of a cell; the cell before it on the path
    bool *seen;
};

static int64_t cost(const struct assignment *a, size_t ward, size_t cell) {
    int64_t dx = a->x[ward] - (int64_t)(cell % (size_t)a->columns) * GRID_UNIT;
    int64_t dy = a->y[ward] - (int64_t)(cell / (size_t)a->columns) * GRID_UNIT;
    return dx * dx + dy * dy;
}

// One more ward finds its cell, moving others along the shortest path (cells and wards count from 1 here).
static void place_one(struct assignment *a, size_t ward) {
    size_t at = 0;
    a->of_cell[0] = ward;
    for (size_t j = 0; j <= a->m; j++) {
        a->least[j] = INT64_MAX;
        a->seen[j] = false;
    }
    do {
        size_t from = a->of_cell[at], next = 0;
        int64_t delta = INT64_MAX;
        a->seen[at] = true;
        for (size_t j = 1; j <= a->m; j++) {
            if (a->seen[j]) {
                continue;
            }
            int64_t c = cost(a, from - 1, j - 1) - a->pot_ward[from] - a->pot_cell[j];
            if (c < a->least[j]) {
                a->least[j] = c;
                a->way[j] = at;
            }
            if (a->least[j] < delta) {
                delta = a->least[j];
                next = j;
            }
        }
        for (size_t j = 0; j <= a->m; j++) {
            if (a->seen[j]) {
                a->pot_ward[a->of_cell[j]] += delta;
                a->pot_cell[j] -= delta;
            } else if (a->least[j] != INT64_MAX) {
                a->least[j] -= delta;
            }
        }
        at = next;
    } while (a->of_cell[at] != 0);
    for (; at; at = a->way[at]) {
        a->of_cell[at] = a->of_cell[a->way[at]];
    }
}

static void *room(size_t count, size_t size) {
    void *p = calloc(count, size);
    if (!p) {
        abort();
    }
    return p;
}

static void assign(struct assignment *a, struct ward_tile *ret) {
    a->pot_ward = room(a->n + 1, sizeof *a->pot_ward);
    a->pot_cell = room(a->m + 1, sizeof *a->pot_cell);
    a->least = room(a->m + 1, sizeof *a->least);
    a->of_cell = room(a->m + 1, sizeof *a->of_cell);
    a->way = room(a->m + 1, sizeof *a->way);
    a->seen = room(a->m + 1, sizeof *a->seen);
    for (size_t i = 1; i <= a->n; i++) {
        place_one(a, i);
    }
    for (size_t j = 1; j <= a->m; j++) {
        if (a->of_cell[j]) {
            ret[a->of_cell[j] - 1] =
                (struct ward_tile){(int)((j - 1) % (size_t)a->columns), (int)((j - 1) / (size_t)a->columns)};
        }
    }
    free(a->pot_ward);
    free(a->pot_cell);
    free(a->least);
    free(a->of_cell);
    free(a->way);
    free(a->seen);
}

// Empty columns at the left and empty lines at the top go.
static void push_to_corner(struct ward_tile *t, size_t n) {
    int col = t[0].col, line = t[0].line;
    for (size_t i = 1; i < n; i++) {
        col = t[i].col < col ? t[i].col : col;
        line = t[i].line < line ? t[i].line : line;
    }
    for (size_t i = 0; i < n; i++) {
        t[i].col -= col;
        t[i].line -= line;
    }
}

bool ward_layout(const struct ward_centre *wards, size_t n, struct ward_tile *ret) {
    int64_t x[WARD_LAYOUT_MAX], y[WARD_LAYOUT_MAX];
    struct ranked r[WARD_LAYOUT_MAX];
    int columns, lines;
    if (n == 0 || n > WARD_LAYOUT_MAX) {
        return false;
    }
    grid_of(wards, n, &columns, &lines);
    for (size_t i = 0; i < n; i++) {
        r[i] = (struct ranked){wards[i].east, i};
    }
    spread(r, n, (int64_t)(columns - 1) * GRID_UNIT, x);
    for (size_t i = 0; i < n; i++) {
        r[i] = (struct ranked){-wards[i].north, i};
    }
    spread(r, n, (int64_t)(lines - 1) * GRID_UNIT, y);
    struct assignment a = {.n = n, .m = (size_t)columns * (size_t)lines, .x = x, .y = y, .columns = columns};
    assign(&a, ret);
    push_to_corner(ret, n);
    return true;
}

void ward_short_name(const char *name, char *out, size_t cap) {
    static const char *const ends[] = {",", " &", " with ", " and "};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *at = strstr(name, ends[i]);
        if (at && at > name && (size_t)(at - name) < n) {
            n = (size_t)(at - name);
        }
    }
    n = n < cap ? n : cap - 1;
    while (n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80) { // not in the middle of a letter
        n--;
    }
    memcpy(out, name, n);
    out[n] = 0;
}
