// SPDX-License-Identifier: Apache-2.0
// Sums over payments for one unit of work.
#include "spend/sums.h"

#include "spend/cube.h"

static enum err ready(struct ctx *c, struct sums_unit *u) {
    return u->view ? ERR_OK : cube_pin(c, u->cube, &u->view);
}

static enum err make_ready(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice) {
    struct sums_unit *u = s->arg;
    enum err e = ready(c, u);
    e = e ? e : cube_ready(c, u->view, slice);
    // The lines belong to a newer state than the sums. Nobody has seen figures yet: take the newer one.
    if (e == ERR_BUSY && !u->given && u->cube) {
        cube_unpin(u->view);
        u->view = NULL;
        e = ready(c, u);
        e = e ? e : cube_ready(c, u->view, slice);
    }
    return e;
}

static enum err slice_of(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice,
                         uint32_t *ret_count, const struct anc_sum **ret_rows) {
    struct sums_unit *u = s->arg;
    enum err e = make_ready(c, s, slice);
    e = e ? e : cube_slice(c, u->view, slice, ret_count, ret_rows);
    u->given = u->given || e == ERR_OK;
    return e;
}

static enum err years_of(struct ctx *c, const struct spend_sums *s, uint32_t *ret_count,
                         const int32_t **ret_years) {
    struct sums_unit *u = s->arg;
    enum err e = ready(c, u);
    e = e ? e : cube_years(c, u->view, ret_count, ret_years);
    u->given = u->given || e == ERR_OK;
    return e;
}

static void use(struct sums_unit *u, struct ctx *c) {
    u->api = (struct spend_sums){.slice = slice_of, .years = years_of, .ready = make_ready, .arg = u};
    c->sums = &u->api;
}

void sums_begin(struct sums_unit *u, struct cube *cube, struct ctx *c) {
    *u = (struct sums_unit){.cube = cube};
    c->sums = NULL;
    if (cube) {
        use(u, c);
    }
}

enum err sums_of_report(struct sums_unit *u, const char *report_ref, struct ctx *c) {
    *u = (struct sums_unit){0};
    enum err e = cube_of_report(c, report_ref, &u->view);
    if (e == ERR_OK) {
        use(u, c);
    }
    return e;
}

void sums_end(struct sums_unit *u, struct ctx *c) {
    if (c->sums == &u->api) {
        c->sums = NULL;
    }
    cube_unpin(u->view);
    u->view = NULL;
}

bool sums_are_a_cube(const struct ctx *c) {
    return c->sums && c->sums->slice == slice_of;
}

enum err sums_view(struct ctx *c, const struct cube_view **ret) {
    if (!sums_are_a_cube(c)) {
        return ctx_fail(c, ERR_UNSUPPORTED, "there are no sums over payments here");
    }
    struct sums_unit *u = c->sums->arg;
    enum err e = ready(c, u);
    if (e == ERR_OK) {
        u->given = true;
        *ret = u->view;
    }
    return e;
}

// ---- none ---------------------------------------------------------------------------------------------

static enum err no_rows(struct ctx *c, const struct spend_sums *s, const struct anc_slice *slice,
                        uint32_t *ret_count, const struct anc_sum **ret_rows) {
    (void)s, (void)slice;
    *ret_count = 0;
    *ret_rows = arena_alloc(c->arena, sizeof **ret_rows);
    return ERR_OK;
}

static enum err no_years(struct ctx *c, const struct spend_sums *s, uint32_t *ret_count,
                         const int32_t **ret_years) {
    (void)s;
    *ret_count = 0;
    *ret_years = arena_alloc(c->arena, sizeof **ret_years);
    return ERR_OK;
}

const struct spend_sums sums_none = {.slice = no_rows, .years = no_years};
