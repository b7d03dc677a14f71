// SPDX-License-Identifier: Apache-2.0
// Outlines of wards from GeoJSON.
#include "domain/ward_outline.h"

#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLIVER_M2 2500.0 // smaller islands and holes nobody sees
#define RADIAN    (3.14159265358979323846 / 180.0)

// ---- to the National Grid -----------------------------------------------------------------------------

struct ellipsoid {
    double a, b;
};
static const struct ellipsoid wgs84 = {6378137.000, 6356752.314245}, airy = {6377563.396, 6356256.909};

// From latitude and longitude on one ellipsoid to those on Airy 1830: through cartesian coordinates and the
// seven numbers of the guide (metres, parts per million, seconds of arc).
static void to_airy(double *lat, double *lon) {
    const double tx = -446.448, ty = 125.157, tz = -542.060, s = 20.4894e-6;
    const double rx = -0.1502 / 3600 * RADIAN, ry = -0.2470 / 3600 * RADIAN, rz = -0.8421 / 3600 * RADIAN;
    double e2 = 1 - wgs84.b * wgs84.b / (wgs84.a * wgs84.a);
    double nu = wgs84.a / sqrt(1 - e2 * sin(*lat) * sin(*lat));
    double x = nu * cos(*lat) * cos(*lon), y = nu * cos(*lat) * sin(*lon), z = nu * (1 - e2) * sin(*lat);
    double x2 = tx + x * (1 + s) - y * rz + z * ry, y2 = ty + x * rz + y * (1 + s) - z * rx,
           z2 = tz - x * ry + y * rx + z * (1 + s);
    double f2 = 1 - airy.b * airy.b / (airy.a * airy.a), p = sqrt(x2 * x2 + y2 * y2);
    double phi = atan2(z2, p * (1 - f2));
    for (int i = 0; i < 6; i++) {
        double n2 = airy.a / sqrt(1 - f2 * sin(phi) * sin(phi));
        phi = atan2(z2 + f2 * n2 * sin(phi), p);
    }
    *lat = phi;
    *lon = atan2(y2, x2);
}

void outline_to_grid(double lon_degrees, double lat_degrees, double *ret_east, double *ret_north) {
    const double f0 = 0.9996012717, lat0 = 49 * RADIAN, lon0 = -2 * RADIAN, e0 = 400000, n0 = -100000;
    double phi = lat_degrees * RADIAN, lambda = lon_degrees * RADIAN;
    to_airy(&phi, &lambda);
    double a = airy.a, b = airy.b, e2 = 1 - b * b / (a * a), n = (a - b) / (a + b), n2 = n * n, n3 = n2 * n;
    double sn = sin(phi), cs = cos(phi), t2 = tan(phi) * tan(phi);
    double nu = a * f0 / sqrt(1 - e2 * sn * sn), rho = a * f0 * (1 - e2) / pow(1 - e2 * sn * sn, 1.5);
    double eta2 = nu / rho - 1, d = phi - lat0, m = phi + lat0;
    double arc =
        b * f0 *
        ((1 + n + 1.25 * n2 + 1.25 * n3) * d - (3 * n + 3 * n2 + 2.625 * n3) * sin(d) * cos(m) +
         (1.875 * n2 + 1.875 * n3) * sin(2 * d) * cos(2 * m) - 35.0 / 24.0 * n3 * sin(3 * d) * cos(3 * m));
    double l = lambda - lon0, c3 = cs * cs * cs, c5 = c3 * cs * cs;
    *ret_north = arc + n0 + nu / 2 * sn * cs * l * l +
                 nu / 24 * sn * c3 * (5 - t2 + 9 * eta2) * l * l * l * l +
                 nu / 720 * sn * c5 * (61 - 58 * t2 + t2 * t2) * pow(l, 6);
    *ret_east = e0 + nu * cs * l + nu / 6 * c3 * (nu / rho - t2) * l * l * l +
                nu / 120 * c5 * (5 - 18 * t2 + t2 * t2 + 14 * eta2 - 58 * t2 * eta2) * pow(l, 5);
}

// ---- simpler ------------------------------------------------------------------------------------------

static double off_line(const int32_t *xy, size_t p, size_t a, size_t b) {
    double ax = xy[2 * a], ay = xy[2 * a + 1], bx = xy[2 * b], by = xy[2 * b + 1];
    double px = xy[2 * p] - ax, py = xy[2 * p + 1] - ay, dx = bx - ax, dy = by - ay, dd = dx * dx + dy * dy;
    double t = dd > 0 ? (px * dx + py * dy) / dd : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(px - t * dx, py - t * dy);
}

size_t outline_simplify(int32_t *xy, size_t n, double tolerance) {
    if (n < 4) {
        return n;
    }
    // The ring is cut at its first point and at the one farthest from it; a stack of spans instead of calls.
    bool *keep = calloc(n + 1, sizeof *keep);
    size_t *stack = calloc(2 * n + 4, sizeof *stack), depth = 0, far = 0, kept = 0;
    int32_t *ring = calloc(2 * n + 2, sizeof *ring);
    if (!keep || !stack || !ring) {
        abort();
    }
    memcpy(ring, xy, 2 * n * sizeof *ring);
    memcpy(&ring[2 * n], xy, 2 * sizeof *ring);
    for (size_t i = 1; i < n; i++) {
        far = off_line(ring, i, 0, 0) > off_line(ring, far, 0, 0) ? i : far;
    }
    keep[0] = keep[far] = true;
    stack[depth++] = 0, stack[depth++] = far, stack[depth++] = far, stack[depth++] = n;
    while (depth > 0) {
        size_t to = stack[--depth], from = stack[--depth], worst = from;
        double most = tolerance;
        for (size_t i = from + 1; i < to; i++) {
            double off = off_line(ring, i, from, to);
            if (off > most) {
                most = off;
                worst = i;
            }
        }
        if (worst != from) {
            keep[worst] = true;
            stack[depth++] = from, stack[depth++] = worst, stack[depth++] = worst, stack[depth++] = to;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (keep[i]) {
            xy[2 * kept] = ring[2 * i];
            xy[2 * kept + 1] = ring[2 * i + 1];
            kept++;
        }
    }
    free(keep);
    free(stack);
    free(ring);
    return kept;
}

// ---- one ward -----------------------------------------------------------------------------------------

struct ring {
    int32_t *xy;
    size_t n;
    double area;
};

struct shape {
    struct arena *a;
    struct ring *rings;
    size_t ring_count, ring_cap, points;
};

static bool read_point(const json_t *at, int32_t *ret) {
    const json_t *jx = json_array_get(at, 0), *jy = json_array_get(at, 1);
    if (!json_is_number(jx) || !json_is_number(jy)) {
        return false;
    }
    double x = json_number_value(jx), y = json_number_value(jy), e = x, n = y;
    if (x >= -180 && x <= 180 && y >= -90 && y <= 90) {
        if (x < -12 || x > 4 || y < 48 || y > 62) {
            return false; // not in these islands: the grid does not reach there
        }
        outline_to_grid(x, y, &e, &n);
    }
    if (!(e > -500000 && e < 1500000 && n > -500000 && n < 2000000)) {
        return false;
    }
    ret[0] = (int32_t)lround(e);
    ret[1] = (int32_t)lround(n);
    return true;
}

static double area_of(const int32_t *xy, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = (i + 1) % n;
        sum += (double)xy[2 * i] * xy[2 * k + 1] - (double)xy[2 * k] * xy[2 * i + 1];
    }
    return fabs(sum) / 2;
}

static bool read_ring(struct shape *s, const json_t *list) {
    size_t n = json_array_size(list);
    if (n < 4) {
        return true; // a closed ring has four points at least; less is nothing to see
    }
    s->points += n;
    if (s->points > OUTLINE_READ_MAX) {
        return false;
    }
    struct ring r = {.xy = arena_array(s->a, 2 * n, sizeof(int32_t))};
    for (size_t i = 0; i < n; i++) {
        int32_t *to = &r.xy[2 * r.n];
        if (!read_point(json_array_get(list, i), to)) {
            return false;
        }
        r.n += r.n == 0 || r.xy[2 * r.n] != r.xy[2 * r.n - 2] || r.xy[2 * r.n + 1] != r.xy[2 * r.n - 1];
    }
    while (r.n > 1 && r.xy[0] == r.xy[2 * r.n - 2] && r.xy[1] == r.xy[2 * r.n - 1]) {
        r.n--; // the last point is the first one again
    }
    if (r.n >= 3) {
        if (s->ring_count == s->ring_cap) {
            size_t cap = s->ring_cap ? s->ring_cap * 2 : 8;
            struct ring *more = arena_array(s->a, cap, sizeof *more);
            if (s->ring_count) {
                memcpy(more, s->rings, s->ring_count * sizeof *more);
            }
            s->rings = more;
            s->ring_cap = cap;
        }
        r.area = area_of(r.xy, r.n);
        s->rings[s->ring_count++] = r;
    }
    return true;
}

static bool read_polygon(struct shape *s, const json_t *rings) {
    for (size_t i = 0; i < json_array_size(rings); i++) {
        if (!read_ring(s, json_array_get(rings, i))) {
            return false;
        }
    }
    return json_is_array(rings);
}

static bool read_geometry(struct shape *s, const json_t *geometry) {
    const char *type = json_string_value(json_object_get(geometry, "type"));
    const json_t *at = json_object_get(geometry, "coordinates");
    if (type && strcmp(type, "Polygon") == 0) {
        return read_polygon(s, at);
    }
    if (!type || strcmp(type, "MultiPolygon") != 0) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(at); i++) {
        if (!read_polygon(s, json_array_get(at, i))) {
            return false;
        }
    }
    return true;
}

static int larger_first(const void *a, const void *b) {
    const struct ring *x = a, *y = b;
    return x->area > y->area ? -1 : x->area < y->area;
}

// Rings with the largest first, simpler until the ward has few enough points.
static bool take_shape(struct shape *s, struct outline *o) {
    if (s->ring_count == 0) {
        return false;
    }
    qsort(s->rings, s->ring_count, sizeof *s->rings, larger_first);
    s->ring_count = s->ring_count < OUTLINE_RINGS_MAX ? s->ring_count : OUTLINE_RINGS_MAX;
    while (s->ring_count > 1 && s->rings[s->ring_count - 1].area < SLIVER_M2) {
        s->ring_count--;
    }
    size_t points = OUTLINE_POINTS_MAX + 1;
    double tolerance = 20;
    while (points > OUTLINE_POINTS_MAX) {
        points = 0;
        for (size_t i = 0; i < s->ring_count; i++) {
            s->rings[i].n = outline_simplify(s->rings[i].xy, s->rings[i].n, tolerance);
            points += s->rings[i].n >= 3 ? s->rings[i].n : 0;
        }
        tolerance *= 1.6;
    }
    int32_t *xy = arena_array(s->a, 2 * points + 1, sizeof *xy);
    uint32_t *ends = arena_array(s->a, s->ring_count, sizeof *ends), n = 0;
    for (size_t i = 0; i < s->ring_count; i++) {
        if (s->rings[i].n >= 3) {
            memcpy(&xy[2 * n], s->rings[i].xy, 2 * s->rings[i].n * sizeof *xy);
            n += (uint32_t)s->rings[i].n;
            ends[o->ring_count++] = n;
        }
    }
    o->xy = xy;
    o->ring_end = ends;
    return o->ring_count > 0;
}

// ---- the file -----------------------------------------------------------------------------------------

// A property whose key is one of ours or ends like those of the Office for National Statistics ("WD23CD").
static const char *property(const json_t *properties, const char *const *keys, const char *ons_end) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)properties, key, value) {
        size_t n = strlen(key);
        bool ons = n == 6 && (key[0] == 'W' || key[0] == 'w') && (key[1] == 'D' || key[1] == 'd') &&
                   text_equal_nocase(&key[4], ons_end);
        bool ours = text_equal_nocase(key, keys[0]) || text_equal_nocase(key, keys[1]) ||
                    text_equal_nocase(key, keys[2]);
        if ((ons || ours) && json_is_string(value)) {
            return json_string_value(value);
        }
    }
    return "";
}

// E, W, S or N and eight digits, as the register of geographic codes has them.
static bool is_code(const char *s) {
    return strlen(s) == 9 && strchr("EWSN", s[0]) && strspn(&s[1], "0123456789") == 8;
}

static bool read_feature(struct arena *a, const json_t *feature, struct outline *ret) {
    static const char *const codes[] = {"area_code", "ward_code", "code"}, *const names[] = {"area_name",
                                                                                             "ward_name",
                                                                                             "name"};
    const json_t *properties = json_object_get(feature, "properties");
    const char *code = property(properties, codes, "CD"), *name = property(properties, names, "NM");
    struct shape s = {.a = a};
    struct outline o = {0};
    if (!is_code(code) || strlen(name) > 200 || !read_geometry(&s, json_object_get(feature, "geometry")) ||
        !take_shape(&s, &o)) {
        return false;
    }
    o.code = arena_strdup(a, code);
    o.name = arena_strdup(a, name);
    *ret = o;
    return true;
}

// Whether the text holds more brackets or commas than boundaries of this size can: such a file would take
// many times its own size of memory.
static bool holds_too_much(const char *bytes, size_t n) {
    size_t brackets = 0, commas = 0;
    for (size_t i = 0; i < n; i++) {
        brackets += bytes[i] == '[' || bytes[i] == '{';
        commas += bytes[i] == ',';
    }
    return brackets > 1000000 || commas > 3000000;
}

bool outline_read(struct arena *a, const char *bytes, size_t n, const struct outline **ret, size_t *ret_count,
                  size_t *ret_skipped, const char **ret_why) {
    if (n > OUTLINE_FILE_MAX || holds_too_much(bytes, n)) {
        *ret_why = "This file is too large: at most 24 megabytes and a million points. Use the boundaries of "
                   "your own area alone, or a "
                   "more generalised file.";
        return false;
    }
    json_error_t error;
    json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
    const json_t *list = json_object_get(root, "features");
    if (!json_is_array(list) || json_array_size(list) == 0) {
        json_decref(root);
        *ret_why = "This is not a file of boundaries (GeoJSON with a list of features).";
        return false;
    }
    if (json_array_size(list) > OUTLINE_WARDS_MAX) {
        json_decref(root);
        *ret_why = "This file has more than 20,000 areas. Use the boundaries of your own area alone.";
        return false;
    }
    size_t count = 0, all = json_array_size(list);
    struct outline *found = arena_array(a, all, sizeof *found);
    for (size_t i = 0; i < all; i++) {
        count += read_feature(a, json_array_get(list, i), &found[count]);
    }
    json_decref(root);
    if (count == 0) {
        *ret_why =
            "No area in this file has the code of a ward (\"E05...\") and an outline in Great Britain.";
        return false;
    }
    *ret = found;
    *ret_count = count;
    *ret_skipped = all - count;
    return true;
}
