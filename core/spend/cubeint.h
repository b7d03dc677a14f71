// SPDX-License-Identifier: Apache-2.0
// What the files of the cube share; nobody else includes it.
//
// Numbers instead of ids and texts: payees, anchors, cells (anchor and financial year) and categories get
// numbers in a dictionary that only ever grows, so that what is kept stays good when more comes. Everything
// else is immutable once made and counted by those who use it.
#ifndef ANCHORAGE_SPEND_CUBEINT_H
#define ANCHORAGE_SPEND_CUBEINT_H

#include "spend/cube.h"
#include "spend/cube_map.h"

#include "db/db.h"

#include <endian.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define CELLS_MAX   65535
#define DAY_BASE    (-7305) // 1 January 1950; days of lines are kept as 16 bits from here, to June 2129
#define DAYS        65536
#define PLACE_RULES 3 // ANC_WHERE_*
#define CHAIN_MOST  8 // steps from spelling to spelling, from merged to merged supplier; as in api.spend
#define NO_SUPPLIER 0 // as an id

// ---- the dictionary
struct cell {
    uint32_t anchor;
    int32_t fy;
};
struct dict {
    atomic_size_t uses;
    struct cell *cell;      // CELLS_MAX, filled up to cell_count
    uint16_t *slot_cell;    // of each leaf that lines are kept of; numbers are not used again
    uint16_t *month_of_day; // DAYS: months since January 1950
    // ---- below: only for whoever makes a new state, under the cube's lock
    uint32_t cell_count, slot_count;
    struct number_map payees, anchors, cells;
    struct text_list categories;
    struct arena *texts;
};
struct dict *dict_new(void);
struct dict *dict_use(struct dict *d);
void dict_done(struct dict *d);
bool dict_cell(struct dict *d, int64_t anchor_id, int32_t fy, uint16_t *ret); // false: too many
uint16_t dict_day(int32_t day); // of a line; days outside are put to the edge
int32_t month_base(void);       // 1950 * 12

// ---- what is known of payees
struct fact { // of one payee from one day on
    uint16_t ward[PLACE_RULES], area[PLACE_RULES], sector;
    uint8_t place[PLACE_RULES], vcfse, size; // ANC_PLACE_*, ANC_VCFSE_*; 0 unknown, 1 micro to 4 large
    uint8_t vcfse_class;                     // of ANC_VCFSE_POLICY; no byte is left open: facts compare whole
};
struct entity { // who counts as one: a supplier, or a payee that is none
    const char *key, *label;
    int64_t supplier_id; // NO_SUPPLIER for a payee
    bool nameless; // hidden by the publisher: nobody knows how many they are, so they never count as one
};
struct facts {
    atomic_size_t uses;
    int64_t match_no;
    struct arena *texts;
    uint32_t payees;
    int64_t *payee_id;
    const char **payee_name;
    uint32_t *entity_of;
    uint32_t *spell_at; // payees + 1: a payee's spells in order of time; the first holds from the beginning
    int32_t *spell_from;
    uint32_t *spell_fact; // of each spell the number of its fact
    uint32_t spells;
    struct fact *fact; // all different, so that a question is put to each once and not to each payee
    uint32_t fact_count;
    uint32_t entities;
    struct entity *entity;
    uint32_t *entity_at, *entity_payee;              // entities + 1; payees in order of their entity
    struct text_list wards, areas, sectors, classes; // number 0 is ""
    const char **ward_name, **area_name;
    uint32_t anchors;
    const char **anchor_ref, **anchor_name; // by number
};
void facts_done(struct facts *f);
size_t facts_bytes(const struct facts *f);
// Reads what is known of every payee of the dictionary (adding those that are not in it yet) in the
// transaction that is open.
enum err facts_load(struct ctx *c, struct dict *d, int64_t match_no, struct facts **ret) MUST;

// What facts are made of; facts_make takes over nothing but the texts, which must live in f->texts.
struct where {
    uint16_t ward, area;
    uint8_t place;
};
struct payee_row {
    uint32_t number; // in the dictionary
    int64_t id, supplier_id, same_as;
    bool redacted, individual;
    const char *name;
    struct where where; // by the postcode of the payments file
};
struct supplier_row {
    int64_t id;
    const char *ref, *name;
    uint16_t sector;
    uint8_t size;
};
struct place_row { // by supplier, kind, day
    int64_t supplier_id;
    int32_t from;
    uint8_t kind; // ANC_WHERE_*
    struct where where;
};
struct tag_row {
    int64_t supplier_id;
    uint8_t decision;    // ANC_VCFSE_*
    uint8_t vcfse_class; // number of its class
    int32_t from, until; // INT32_MIN always, INT32_MAX still
    bool before;         // something else held before `from`:
    uint8_t before_decision, before_class;
    int32_t before_from; // INT32_MIN always
};
struct merge_row {
    int64_t from, into;
};
struct facts_raw {
    struct payee_row *payee;
    struct supplier_row *supplier;
    struct place_row *place;
    struct tag_row *tag;
    struct merge_row *merge;
    size_t payees, suppliers, places, tags, merges;
    uint32_t numbers; // of the dictionary; those without a payee_row are known by nothing but their id
};
void facts_make(struct facts *f, const struct facts_raw *raw, const struct number_map *payees);
void facts_group(struct facts *f); // entity_at and entity_payee from entity_of

// ---- sums and lines
struct raw_sum {
    int64_t pence, credit;
    uint32_t payee;
    uint32_t lines : 28, flow : 4; // as they are read (schemas/queries/spend_cube.sql)
};
struct block { // a financial year of a load
    atomic_size_t uses;
    int64_t load_id, anchor_id, no;
    int32_t fy;
    uint16_t slot, cell;
    size_t count, room;
    struct raw_sum *row;
};
struct block *block_use(struct block *b);
void block_done(struct block *b);

struct sum { // everything of one payee, spell, cell and flow (of a report also month and category)
    int64_t pence, credit;
    uint32_t lines, spell;  // which of the payee's spells
    uint32_t flow_category; // flow in the low 8 bits
    uint16_t cell, day;
};
struct small_sum { // of a payee with one spell, where that fits: nearly all, in a third of the room
    int32_t pence, credit;
    uint32_t what; // cell in 16 bits, flow in 4, lines in 12
};
#define SMALL_LINES 0xFFFu
static inline uint32_t small_part(const struct small_sum *s) { // which cell and flow: less than PARTS(cells)
    return s->what >> 12;
}
#define PARTS(cells) ((size_t)(cells) << 4)
// In order of payees and years: a question about some years looks at nothing else. Whom a payee counts as may
// change without any of it; payees stand in the order of their entities when the sums were made, so that what
// is asked one after the other mostly lies one after the other.
struct sums {
    atomic_size_t uses;
    size_t years;
    int32_t *fy;     // in order
    uint32_t payees; // later ones have nothing here
    size_t count, wide_count;
    struct small_sum *row;
    uint32_t *place;   // of a payee in what follows
    uint32_t *at;      // by place and year, + 1
    struct sum *wide;  // what is not small
    uint32_t *wide_at; // by place, + 1
    size_t leaves;
    uint16_t *leaf; // slots of what it was made of, by load and year
};
void sums_done(struct sums *s);

struct line {
    int64_t pence;
    uint32_t flow_category;
    uint16_t slot, day;
};
struct same_line { // of a payment that stands in an earlier file too and counts there
    struct line line;
    uint32_t payee;
    int32_t line_no;
};
struct lines { // in order of payees
    atomic_size_t uses;
    uint32_t payees, categories;
    size_t count;
    struct line *row;
    int32_t *line_no; // of the file, of each row
    size_t *at;       // payees + 1
    const char **category;
    size_t same_count;
    struct same_line *same; // in no order
    size_t leaves;
    uint16_t *leaf; // slots of the leaves that are in it
};
struct lines *lines_use(struct lines *l);
void lines_done(struct lines *l);
bool lines_have(const struct lines *l, uint16_t slot);

struct cube_view {
    atomic_size_t pins;
    int64_t lines_no, match_no;
    struct cube *cube; // NULL of a report
    struct dict *dict;
    struct facts *facts;
    struct sums *sums;
    _Atomic(struct lines *) lines; // NULL until a slice asks
    uint32_t cells;                // of the dictionary when it was made
    size_t blocks;
    struct block **block; // by load and year
    struct answers *kept;
    struct answers *before; // of the state before, until they were asked again; under the cube's lock
    struct guard *guard;    // verdicts on what the public may be told (core/spend/guard.h)
    // ---- of a report, whose sums have months and categories
    bool frozen;
    uint32_t categories;
    const char **category;
    struct arena *texts;
};

// ---- the cube itself: for core/spend/cube.c and cube_keep.c
#define CUBE_AT_ONCE 400000 // payments: as many are read while a state is made
struct cube {
    pthread_mutex_t lock;
    struct cube_view *now; // NULL before the first
    struct dict *dict;
    struct lines *last;      // that were read last, of the same dictionary; NULL none yet
    struct db *reports;      // of db.reports
    pthread_mutex_t reading; // of single payments; before `lock`
    struct db *reports_read; // of db.reports, under `reading`
    atomic_bool tended;      // somebody reads in the background
    int64_t tended_usec;     // monotonic, when that ended last; only for that thread
    int64_t no_reports_till; // monotonic
    bool from_reports;       // where `now` was read
};

struct cube_state {
    int64_t lines_no, match_no;
    bool own;   // changed by this very transaction
    bool fixed; // the transaction sees one state only
};
enum err cube_read_state(struct ctx *c, struct cube_state *ret) MUST;
// A transaction for reading, or a part of the caller's; reading may take its time. *ret_was: for the end,
// which says what became of it when `e` is none.
enum err cube_begin_reading(struct ctx *c, const char **ret_was) MUST;
enum err cube_end_reading(struct ctx *c, enum err e, const char *was) MUST;
bool cube_gone_meanwhile(enum err e);
void cube_keep_lines(struct cube *k, struct lines *l); // as those that were read last; under `lock`
// Payments that the state needs and that are not in memory (have; NULL nothing is).
uint64_t cube_missing_lines(const struct cube_view *v, const struct lines *have);

// core/spend/cube_load.c, in the transaction that is open. Rows of leaves that are not in `wanted` (by load
// and year, those with no rows yet) are left out.
enum err cube_load_sums(struct ctx *c, struct dict *d, size_t n, struct block *const *wanted) MUST;
// Lines of some payees and leaves: from memory those of leaves that are there (have, NULL none).
struct payee_line {
    struct line line;
    uint32_t payee;
};
struct payee_lines {
    struct payee_line *row;
    size_t count;
};
enum err cube_load_some(struct ctx *c, const struct cube_view *v, const bool *payees, size_t leaves,
                        struct block *const *leaf, const struct lines *have, struct payee_lines *ret) MUST;

// core/spend/cube_lines.c: all lines of a view in the transaction that is open; what `before` has (NULL none)
// of its leaves is taken from there. guard: held while the dictionary is used; NULL when the caller holds it.
// ERR_BUSY: the lines are not those of the sums.
enum err cube_load_lines(struct ctx *c, const struct cube_view *v, struct lines *before,
                         pthread_mutex_t *guard, struct lines **ret) MUST;

// What the reading of sums and of lines shares (core/spend/cube_load.c).
struct finder { // leaves by load and year, those that are wanted
    struct block *const *block;
    size_t count;
    struct block *last;
};
struct block *cube_find(struct finder *f, int64_t load_id, int32_t fy); // NULL: not wanted
uint8_t cube_flow(int64_t flow);
// Says to the COPY statements what to read.
enum err cube_choose(struct ctx *c, size_t n, struct block *const *block, size_t payees,
                     const char *const *payee) MUST;
// A column that is an array of bigint: its elements, read with cube_element. 0: it is empty, or no such
// array.
size_t cube_elements(const struct copy_out *o, int column, const unsigned char **ret);
static inline int64_t cube_element(const unsigned char *at, size_t i) {
    uint64_t v;
    memcpy(&v, at + i * 12 + 4, sizeof v); // each with its length before it
    return (int64_t)be64toh(v);
}

// core/spend/cube_sums.c: the sums of a view; what of those of `base` is the same is taken over. last: lines
// in memory, of other leaves too. Both of the same dictionary, NULL none.
enum err cube_sum_up(struct ctx *c, struct cube_view *v, const struct cube_view *base,
                     const struct lines *last) MUST;
// core/spend/cube_rows.c: from the leaves of the view and the lines of split payees. old: where the years
// that are `kept` come from (NULL none), but for payees that have `moved` (NULL nobody): those from their
// lines.
struct sums *sums_make(const struct cube_view *v, size_t years, const int32_t *fy, const struct sums *old,
                       const bool *kept, const bool *moved, const struct payee_lines *lines);
// Of a report: rows as they are, any order, all wide; of: the payee of each.
struct sums *sums_given(const struct cube_view *v, size_t years, const int32_t *fy, size_t count,
                        const struct sum *row, const uint32_t *of);
bool is_split(const struct facts *f, uint32_t payee); // its facts change over time
// Calls `take` with every sum of an entity, in no order.
struct sum_told {
    int64_t pence, credit;
    const struct fact *fact;
    uint32_t lines, flow;
    uint16_t cell;
};
void cube_each_sum(const struct cube_view *v, uint32_t entity,
                   void (*take)(void *arg, const struct sum_told *sum), void *arg);

// Spell of a payee on a day of a line, counted over all payees; and what holds then.
uint32_t spell_on(const struct facts *f, uint32_t payee, uint16_t day);
static inline const struct fact *spell_fact(const struct facts *f, uint32_t spell) {
    return &f->fact[f->spell_fact[spell]];
}

// core/spend/slice_kept.c: answers of a view; any thread. A question is a slice as text (NULL: too
// long, nothing is kept). Rows are of the state whose answers they are, and live as long.
struct answers *answers_new(void);
struct answers *answers_use(struct answers *k);
void answers_done(struct answers *k); // NULL is fine
const char *answers_question(struct arena *a, const struct anc_slice *s);
bool answers_find(struct answers *k, const char *question, uint32_t *ret_count,
                  const struct anc_sum **ret_rows);
void answers_put(struct answers *k, const char *question, const struct anc_slice *slice, uint32_t count,
                 const struct anc_sum *rows);
size_t answers_count(struct answers *k);
// Asks a state what another one was asked.
void answers_ask_again(struct ctx *c, const struct cube_view *v, struct answers *of);

// core/spend/cube.c: makes sure that the lines of a view are in memory. ERR_BUSY: they have changed since.
enum err cube_need_lines(struct ctx *c, const struct cube_view *v) MUST;
bool slice_needs_lines(const struct anc_slice *s);

// ---- a slice made ready (core/spend/slice.c)
#define ANY UINT32_MAX
struct side { // one of the two groupings; a row's value is the sum of what each of its traits adds
    int32_t by;
    uint32_t count;                    // of different values
    uint32_t *cell;                    // by cell
    uint32_t flow[ANC_FLOW_COUNT + 1]; // by flow; the last is one this program does not know
    uint32_t month, category;          // 1: months since 1950, numbers of categories
    int32_t *year;                     // of ANC_BY_YEAR: the years by value
};
struct plan {
    struct ctx *c;
    const struct cube_view *v;
    const struct anc_slice *in;
    struct lines *lines; // NULL: from the sums
    struct side a, b;
    bool *cell_ok;
    bool flow_ok[ANC_FLOW_COUNT + 1];
    bool nothing;   // a filter names what is not there
    bool *class_ok; // by class: taken in whatever the choice says of VCFSE; NULL: no classes are asked for
    uint32_t rule, categories;
    const char *const *category;
    uint32_t only_category, only_ward, only_area, only_sector, only_entity; // numbers or ANY
    uint16_t first_month, last_month;                                       // since 1950
};
// Texts that are NULL in the slice count as "".
enum err plan_make(struct ctx *c, const struct cube_view *v, const struct anc_slice *in,
                   struct plan *ret) MUST;
bool plan_takes_fact(const struct plan *p, const struct fact *f);
uint32_t side_of_fact(const struct side *s, const struct plan *p, const struct fact *f);
// Whether a line or sum with this cell, flow, day and category is wanted; its fact is another question.
static inline bool plan_takes(const struct plan *p, uint16_t cell, uint32_t flow_category, uint16_t day) {
    uint16_t month = p->v->dict->month_of_day[day];
    return p->cell_ok[cell] && p->flow_ok[flow_category & 0xFF] && month >= p->first_month &&
           month <= p->last_month && (p->only_category == ANY || p->only_category == flow_category >> 8);
}

struct group { // a row of the answer
    int64_t pence, credit, lines, payees;
    uint32_t a, b;
};
#define GROUPS_MOST ((size_t)4000000)
// core/spend/slice_add.c: adds up; the array is the caller's to free. ERR_TOO_LARGE: more groups than
// GROUPS_MOST, or a sum that does not fit.
enum err slice_add(const struct plan *p, struct group **ret, size_t *ret_count) MUST;
// core/spend/slice_rows.c: words, order, the rows wanted.
enum err slice_rows(const struct plan *p, struct group *g, size_t n, uint32_t *ret_count,
                    const struct anc_sum **ret_rows) MUST;
// "procurement" of ANC_FLOW_PROCUREMENT; and back, ANC_FLOW_COUNT for another word.
const char *cube_flow_key(uint32_t flow);

void *cube_alloc(size_t count, size_t size); // zeroed; ends the program when there is none
void *cube_grow(void *p, size_t count, size_t size);
// FNV-1a, 32 bits (Fowler, Noll, Vo), for tables with a power of 2 of places.
uint32_t cube_hash(const void *bytes, size_t size);
// For what is long and looked at all over: not zeroed, in large pages where the system has them; free() it.
void *cube_alloc_large(size_t count, size_t size);

#endif
