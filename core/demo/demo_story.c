// SPDX-License-Identifier: Apache-2.0
// What the officer of the demo place did since the payments were loaded, by the same functions as the pages.
#include "base/conf.h"
#include "base/day.h"
#include "base/text.h"
#include "db/db.h"
#include "db/queries.gen.h"
#include "demo/demo.h"
#include "demo/demo_papers.h"
#include "domain/supplier.h"
#include "plugin/payments.h"
#include "plugin/points.h"
#include "spend/cube.h"
#include "spend/import.h"
#include "spend/match.h"
#include "spend/report.h"
#include "spend/slice_text.h"
#include "spend/sums.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAPER_MAX  ((size_t)256 * 1024)
#define MONTH_ROWS 60

struct story {
    struct ctx *c;
    struct papers papers;
    const struct rows *anchors;
    struct strb text;
    const char *spool;
    int files;
};

static const char *anchor(const struct story *s, size_t i) {
    return row_text(s->anchors, i, "ref");
}

static bool put_whole(int fd, const struct strb *b) {
    for (size_t done = 0; done < b->n;) {
        ssize_t put = write(fd, b->p + done, b->n - done);
        if (put <= 0) {
            return false;
        }
        done += (size_t)put;
    }
    return lseek(fd, 0, SEEK_SET) == 0;
}

// ---- files that are loaded ----------------------------------------------------------------------------

static enum err load_paper(struct story *s, size_t of, const char *name, int32_t kind) {
    const struct load_orders orders = {.anchor_ref = anchor(s, of),
                                       .file_name = name,
                                       .month = INT32_MIN,
                                       .overlap = OVERLAP_ONCE,
                                       .replaces = "",
                                       .kind = kind};
    struct load_summary sum;
    const char *ref;
    int fd = memfd_create("paper", MFD_CLOEXEC);
    enum err e = fd < 0 || !put_whole(fd, &s->text)
                     ? ctx_fail(s->c, ERR_IO, "a file of the demo: %s", strerror(errno))
                     : load_file(s->c, fd, &orders, &sum, &ref);
    if (fd >= 0) {
        close(fd);
    }
    return e;
}

static enum err month_of(struct story *s, size_t of, int month, bool trouble) {
    char first[DAY_TEXT_BYTES];
    int32_t day = 0;
    struct rows *lines;
    day_from_civil(s->papers.year + 1, month, 1, &day);
    day_iso(day, first);
    enum err e =
        DB_ROWS(s->c, demo_story_month, &lines, anchor(s, of), first, arena_i64(s->c->arena, MONTH_ROWS));
    if (e == ERR_OK) {
        paper_month(&s->papers, lines, trouble, &s->text);
    }
    return e;
}

// A company that stands in the register and is not listed here.
static enum err add_company(struct story *s, const char *number, const char *name, const char *postcode) {
    char *upper = arena_strdup(s->c->arena, name);
    const char *key;
    text_upper(upper);
    enum err e = supplier_match_name(s->c, name, &key);
    return e ? e
             : DB_EXEC(s->c, demo_company_add, NULL, number, upper, key, "Private Limited Company", "Active",
                       postcode, "2014-02-11", NULL);
}

// Most others who are paid are found in the register by their names and postcodes.
static enum err match_register(struct story *s) {
    struct rows *open;
    enum err e = DB_EXEC(s->c, demo_story_register, NULL);
    e = e ? e : DB_ROWS(s->c, demo_story_open, &open);
    if (e != ERR_OK || rows_count(open) == 0) {
        return e;
    }
    int64_t *ids = arena_array(s->c->arena, rows_count(open), sizeof *ids);
    for (size_t i = 0; i < rows_count(open); i++) {
        ids[i] = row_i64(open, i, "id");
    }
    return match_payees(s->c, rows_count(open), ids, NULL, NULL);
}

static enum err load_papers(struct story *s) {
    struct arena *a = s->c->arena;
    int year = s->papers.year + 1;
    enum err e = add_company(s, PAPER_LISTED_NUMBER, paper_name(&s->papers, FIRM_TWICE_LISTED),
                             row_text(s->papers.firms, FIRM_TWICE, "postcode"));
    e = e ? e : add_company(s, PAPER_REGISTER_NUMBER, paper_register, "BL1 2CC");
    paper_late(&s->papers, &s->text);
    e = e ? e : load_paper(s, 0, arena_printf(a, "late-payments-march-%d.csv", year), ANC_FILE_PAYMENTS);
    paper_paid_on(&s->papers, &s->text);
    e = e ? e : load_paper(s, 0, arena_printf(a, "agency-paid-on-march-%d.csv", year), ANC_FILE_TIER2);
    e = e ? e : month_of(s, 0, 3, false);
    e = e ? e : load_paper(s, 0, arena_printf(a, "council-march-%d.csv", year), ANC_FILE_PAYMENTS);
    for (bool left = true; e == ERR_OK && left;) { // what the worker does after a load
        e = match_due(s->c, &left);
    }
    return e;
}

// ---- what a person decided ----------------------------------------------------------------------------

// 0: there is none, as when a rule tied it.
static enum err payee_of(struct story *s, const char *name, int64_t *ret_id) {
    struct rows *r;
    enum err e = DB_ROWS(s->c, demo_story_payee, &r, name);
    *ret_id = e || rows_count(r) == 0 ? 0 : row_i64(r, 0, "id");
    return e;
}

static enum err merge_listings(struct story *s) {
    struct rows *r;
    enum err e = DB_ROWS(s->c, demo_story_supplier, &r, PAPER_LISTED_NUMBER);
    if (e != ERR_OK || rows_count(r) == 0) {
        return e;
    }
    return match_merge(s->c, row_text(r, 0, "ref"), row_text(s->papers.firms, FIRM_TWICE, "ref"),
                       "The same firm: it traded under this name until last year");
}

static enum err decide(struct story *s) {
    int64_t mistyped, spelling, main_spelling, person;
    enum err e = payee_of(s, paper_name(&s->papers, FIRM_MISTYPED), &mistyped);
    e = e ? e : payee_of(s, paper_spelling, &spelling);
    e = e ? e : payee_of(s, paper_main_spelling, &main_spelling);
    e = e ? e : payee_of(s, paper_person, &person);
    if (e == ERR_OK && mistyped) {
        e = match_tie(s->c, mistyped, row_text(s->papers.firms, FIRM_MISTYPED, "ref"), true);
    }
    if (e == ERR_OK && spelling && main_spelling) {
        e = match_same(s->c, spelling, main_spelling);
    }
    if (e == ERR_OK && person) {
        e = match_individual(s->c, person);
    }
    return e ? e : merge_listings(s);
}

// ---- reports ------------------------------------------------------------------------------------------

// The state of the payments is pinned anew for each.
static enum err freeze(struct story *s, struct cube *cube, const char *what, bool publish) {
    char year[DAY_TEXT_BYTES];
    struct sums_unit sums;
    const struct spend_sums *before = s->c->sums;
    struct anc_slice slice;
    const char *ref;
    financial_year_label(s->papers.year, year);
    if (!slice_read(s->c->arena,
                    arena_printf(s->c->arena, "from_year=%d&to_year=%d", s->papers.year, s->papers.year),
                    &slice)) {
        return ctx_fail(s->c, ERR_BUG, "the demo's choice of payments cannot be read");
    }
    sums_begin(&sums, cube, s->c);
    enum err e = report_make(s->c, arena_printf(s->c->arena, "Local spend %s, %s", year, what), &slice, &ref);
    sums_end(&sums, s->c);
    s->c->sums = before;
    return e || !publish ? e : report_publish(s->c, ref, true);
}

// ---- files that wait for a person ---------------------------------------------------------------------

static enum err bring(struct story *s, size_t of, const char *name) {
    const char *path = arena_printf(s->c->arena, "%s/demo-%d", s->spool, s->files++);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && put_whole(fd, &s->text);
    ok = fd >= 0 && close(fd) == 0 && ok;
    if (!ok) {
        return ctx_fail(s->c, ERR_IO, "%s: %s", path, strerror(errno));
    }
    const struct import_upload u = {.anchor_ref = anchor(s, of),
                                    .kind = ANC_FILE_PAYMENTS,
                                    .file_name = name,
                                    .path = path,
                                    .spool = s->spool,
                                    .bytes = (int64_t)s->text.n};
    const char *ref;
    enum err e = import_add(s->c, &u, &ref);
    if (e != ERR_OK) {
        unlink(path);
    }
    return e;
}

static enum err bring_files(struct story *s) {
    struct arena *a = s->c->arena;
    int year = s->papers.year + 1;
    if (!s->spool) {
        return ERR_OK;
    }
    if (mkdir(s->spool, 0700) != 0 && errno != EEXIST) {
        return ctx_fail(s->c, ERR_IO, "%s: %s", s->spool, strerror(errno));
    }
    enum err e = month_of(s, 1, 2, true);
    e = e ? e : bring(s, 1, arena_printf(a, "hospital-february-%d.csv", year));
    paper_undated(&s->papers, &s->text);
    e = e ? e : bring(s, 3, "university-teaching-costs.csv");
    paper_contracts(&s->papers, &s->text);
    return e ? e : bring(s, 4, arena_printf(a, "homes-contracts-%d.csv", year));
}

// ---- all of it ----------------------------------------------------------------------------------------

static enum err begin(struct story *s, bool *ret_ready) {
    struct ctx *c = s->c;
    struct provider p;
    struct rows *officer, *anchors, *firms;
    *ret_ready = provider_at(c->plugins, ANC_POINT_PAYMENTS_READER, 0, &p) &&
                 provider_at(c->plugins, ANC_POINT_SPEND_PANEL, 0, &p) && matcher_find(c, &p) == ERR_OK;
    enum err e = *ret_ready ? DB_ROWS(c, demo_story_officer, &officer) : ERR_OK;
    e = e || !*ret_ready ? e : DB_ROWS(c, demo_story_anchors, &anchors);
    e = e || !*ret_ready ? e : DB_ROWS(c, demo_story_firms, &firms);
    if (e != ERR_OK || !*ret_ready) {
        return e;
    }
    if (rows_count(officer) != 1 || rows_count(anchors) < 5 || rows_count(firms) < FIRMS) {
        return ctx_fail(c, ERR_BUG, "the demo place lacks an officer, anchors or firms");
    }
    c->actor = (struct actor){.person_id = row_i64(officer, 0, "id"),
                              .anchor_id = row_i64(officer, 0, "org_id"),
                              .perms = 1u << PERM_PUBLIC | 1u << PERM_SIGNED_IN | 1u << PERM_OFFICER,
                              .name = row_text(officer, 0, "name")};
    s->anchors = anchors;
    s->papers = (struct papers){c, firms, financial_year(london_day(c->now_usec)) - 1};
    return ERR_OK;
}

enum err demo_tell(struct ctx *c, const char *spool) {
    struct story s = {.c = c, .spool = spool};
    const struct actor before = c->actor;
    bool ready = false;
    enum err e = begin(&s, &ready);
    if (e == ERR_OK && ready) {
        struct cube *cube = cube_new();
        strb_init(&s.text, PAPER_MAX);
        e = db_limit_ms(c->db, 0);
        e = e ? e : match_register(&s);
        e = e ? e : freeze(&s, cube, "first count", true);
        e = e ? e : load_papers(&s);
        e = e ? e : decide(&s);
        e = e ? e : freeze(&s, cube, "with late payments", false);
        e = e ? e : bring_files(&s);
        enum err limited = db_limit_ms(c->db, conf_number(CONF_STATEMENT_TIMEOUT_MS));
        e = e ? e : limited;
        strb_free(&s.text);
        cube_free(cube);
    }
    c->actor = before;
    return e;
}
