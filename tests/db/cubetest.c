// SPDX-License-Identifier: Apache-2.0
// A place that changes at random, and its sums in SQL.
#include "cubetest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const categories[] = {"Care", "Buildings", "", "Travel, local", "Food"};
static const char *const sectors[] = {"", "catering", "construction", "transport"};
static const char *const sizes[] = {"micro", "small", "medium", "large"};
static const char *const decisions[] = {"yes", "policy", "review", "no", "unknown"};
static const char *const kinds[] = {"invoice", "registered", "operations"};
// Where somebody can be: nowhere, in two wards of the area, in one without a ward, in two others.
static const char *const wheres[] = {
    "NULL::boolean, NULL::text, NULL::text", "true, 'E08000010', 'E05000001'",
    "true, 'E08000010', 'E05000002'",        "true, 'E08000010', NULL",
    "false, 'E08000002', 'E05000003'",       "false, 'E08000099', 'E05000009'"};

uint32_t world_random(struct world *w, uint32_t below) {
    w->random = w->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(w->random >> 33) % below;
}

// ---- the beginning ------------------------------------------------------------------------------------

// Every line that counts with all that a slice may ask for, by one rule of place. The rules are those that
// core/spend/facts.c writes down, said once more in SQL.
static const char spread_out[] =
    "CREATE FUNCTION core.t_spread(rule integer) RETURNS TABLE (fy text, cal integer, month text, anchor "
    "text, flow text, "
    "flow_no integer, place text, ward text, area text, sector text, vcfse text, size text, payee text, "
    "category text, class text, nameless boolean, pence bigint) LANGUAGE sql AS $$ "
    "WITH RECURSIVE up AS (SELECT id, id AS root, same_as, redacted, 0 AS n FROM core.payee UNION ALL "
    " SELECT u.id, p.id, p.same_as, u.redacted, u.n + 1 FROM up u JOIN core.payee p ON p.id = u.same_as "
    "  WHERE u.n < 8 AND NOT u.redacted), "
    "root AS (SELECT DISTINCT ON (id) id, root FROM up ORDER BY id, n DESC), "
    "mg AS (SELECT id, id AS into_id, 0 AS n FROM core.supplier UNION ALL SELECT m.id, x.into_id, m.n + 1 "
    "FROM mg m "
    " JOIN core.supplier_merge x ON x.from_id = m.into_id AND x.undone_at IS NULL WHERE m.n < 8), "
    "last AS (SELECT DISTINCT ON (id) id, into_id FROM mg ORDER BY id, n DESC), "
    "who AS (SELECT p.id, r.root, rp.redacted AS root_hidden, l.into_id AS s FROM core.payee p JOIN root r "
    "ON r.id = p.id "
    " JOIN core.payee rp ON rp.id = r.root "
    " LEFT JOIN last l ON l.id = CASE WHEN rp.redacted THEN NULL ELSE rp.supplier_id END), "
    "x AS (SELECT l.*, w.root, w.root_hidden, w.s, ld.anchor_id, "
    " CASE WHEN p.redacted OR p.is_local IS NULL OR p.lad_code IS NULL THEN NULL "
    "  ELSE ROW(p.is_local, p.lad_code, p.ward_code)::core.t_where END AS own, "
    " CASE WHEN p.redacted OR w.root_hidden OR rp.is_local IS NULL OR rp.lad_code IS NULL THEN NULL "
    "  ELSE ROW(rp.is_local, rp.lad_code, rp.ward_code)::core.t_where END AS other, "
    " core.t_at(w.s, 'invoice', l.paid_on) AS inv, core.t_at(w.s, 'registered', l.paid_on) AS reg, "
    " core.t_at(w.s, 'operations', l.paid_on) AS ops "
    " FROM core.spend_line l JOIN core.spend_load ld ON ld.id = l.load_id JOIN core.payee p ON p.id = "
    "l.payee_id "
    " JOIN who w ON w.id = p.id JOIN core.payee rp ON rp.id = w.root WHERE l.counted), "
    "y AS (SELECT x.*, CASE rule WHEN 0 THEN coalesce(own, other, inv, reg) WHEN 1 THEN reg ELSE ops END AS "
    "at FROM x) "
    "SELECT y.fy::text, (extract(year FROM paid_on) * 12 + extract(month FROM paid_on) - 1)::integer, "
    " to_char(paid_on, 'YYYY-MM'), ao.ref, (ARRAY['procurement', 'grant', 'credit', 'public_transfer', "
    " 'pass_through', 'individual', 'treasury', 'card', 'hidden'])[flow + 1], flow, "
    " CASE WHEN at IS NULL THEN 'unknown' WHEN (at).l THEN 'local' ELSE 'elsewhere' END, "
    " CASE WHEN (at).l THEN coalesce((at).ward, '') ELSE '' END, coalesce((at).lad, ''), coalesce(s.sector, "
    "''), "
    " CASE WHEN t.decision IS NULL THEN 'unknown' "
    "  WHEN paid_on >= coalesce(t.holds_from, '-infinity') AND paid_on < coalesce(t.holds_until, 'infinity') "
    "THEN t.decision "
    "  WHEN paid_on < t.holds_from AND paid_on >= coalesce(t.before_from, '-infinity') AND "
    "t.before_decision IS NOT NULL THEN t.before_decision "
    "  WHEN t.decision IN ('yes', 'policy') OR t.before_decision IN ('yes', 'policy') THEN 'no' ELSE "
    "'unknown' END, "
    " coalesce(s.size, ''), coalesce(so.ref, 'p' || y.root), coalesce(b.category, ''), "
    " CASE WHEN paid_on >= coalesce(t.holds_from, '-infinity') AND paid_on < coalesce(t.holds_until, "
    "'infinity') THEN coalesce(t.policy_class, '') WHEN paid_on < t.holds_from AND paid_on >= "
    "coalesce(t.before_from, '-infinity') THEN coalesce(t.before_class, '') ELSE '' END, root_hidden, "
    "amount_pence "
    " FROM y JOIN core.organisation ao ON ao.id = y.anchor_id LEFT JOIN core.supplier s ON s.id = y.s "
    " LEFT JOIN core.organisation so ON so.id = s.id LEFT JOIN core.spend_label b ON b.id = y.label_id "
    " LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse' $$";

static void make_functions(struct ctx *c) {
    dbtest_run(c, "CREATE TYPE core.t_where AS (l boolean, lad text, ward text)");
    dbtest_run(c, "CREATE FUNCTION core.t_at(s bigint, k text, d date) RETURNS core.t_where LANGUAGE sql AS "
                  "'SELECT CASE WHEN is_local IS NULL OR lad_code IS NULL THEN NULL "
                  "ELSE ROW(is_local, lad_code, ward_code)::core.t_where END FROM core.supplier_place "
                  "WHERE supplier_id = s AND kind = k AND from_day <= d ORDER BY from_day DESC LIMIT 1'");
    dbtest_run(c, "%s", spread_out);
}

static void make_payee(struct world *w, int n) {
    bool tied = world_random(w, 3) > 0;
    dbtest_run(w->c,
               "INSERT INTO core.payee (id, match_name, name, supplier_id, is_local, lad_code, ward_code) "
               "SELECT %d, 'PAYEE %d', 'Payee %d', CASE WHEN %s THEN (SELECT id FROM core.organisation WHERE "
               "ref = 's%d') END, %s",
               n, n, n, tied ? "true" : "false", (int)world_random(w, (uint32_t)w->suppliers) + 1,
               wheres[world_random(w, 3) ? 0 : world_random(w, 6)]);
}

void world_make(struct world *w, struct dbtest *t, uint64_t seed, int suppliers, int payees) {
    *w = (struct world){
        .c = t->c, .by = dbtest_new_ctx(t), .random = seed, .suppliers = suppliers, .payees = payees};
    struct ctx *c = w->c;
    make_functions(c);
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email) VALUES "
                  "('Exampleton', 'Exampleton', '{E08000010}', 'Council', 'a@example.org')");
    dbtest_run(c, "INSERT INTO core.ward VALUES ('E05000001', 'North', 'E08000010'), ('E05000002', 'South', "
                  "'E08000010'), ('E05000003', 'Other', 'E08000002')");
    for (int i = 0; i < 2; i++) {
        dbtest_run(
            c,
            "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('%s', 'anchor', '%s') "
            "RETURNING id) INSERT INTO core.anchor (id, sort, address1, town, postcode, email) "
            "SELECT id, 'council', 'Hall', 'Exampleton', 'WN1 1AA', 'a@example.org' FROM o RETURNING id",
            i ? "hospital" : "council", i ? "Exampleton Hospital" : "Exampleton Council");
    }
    for (int i = 0; i < 5; i++) {
        dbtest_run(c, "INSERT INTO core.spend_label VALUES (%d, '%s', 'p%d', '')", i + 1, categories[i], i);
    }
    for (int i = 1; i <= suppliers; i++) {
        dbtest_run(
            c,
            "WITH o AS (INSERT INTO core.organisation (ref, kind, name) VALUES ('s%d', 'supplier', "
            "'Supplier %d') RETURNING id) INSERT INTO core.supplier (id, match_name, postcode, sector, size, "
            "is_local, lad_code, ward_code) SELECT id, 'S', 'WN1 1A%c', '%s', '%s', %s FROM o RETURNING id",
            i, i, 'A' + i % 20, sectors[world_random(w, 4)], sizes[world_random(w, 4)],
            wheres[world_random(w, 6)]);
    }
    for (int i = 1; i <= payees; i++) {
        make_payee(w, i);
    }
}

void world_end(struct world *w) {
    dbtest_free_ctx(w->by);
}

// ---- loads --------------------------------------------------------------------------------------------

int64_t world_load(struct ctx *c, const char *anchor) {
    const char *id = dbtest_value(c,
                                  "INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, "
                                  "accepted, rejected, undated, total_pence) "
                                  "SELECT 'load' || nextval('core.spend_leaf_no'), id, 'f.csv', 'h' || "
                                  "currval('core.spend_leaf_no'), '', 0, 0, 0, "
                                  "0 FROM core.organisation WHERE ref = '%s' RETURNING id",
                                  anchor);
    return strtoll(id, NULL, 10);
}

static void make_leaf(struct ctx *c, int fy, int64_t load) {
    dbtest_run(
        c,
        "CREATE TABLE IF NOT EXISTS core.spend_line_%d PARTITION OF core.spend_line FOR VALUES IN (%d) "
        "PARTITION BY LIST (load_id)",
        fy, fy);
    dbtest_run(c,
               "CREATE TABLE IF NOT EXISTS core.spend_line_%d_%" PRId64
               " PARTITION OF core.spend_line_%d FOR VALUES IN (%" PRId64 ")",
               fy, load, fy, load);
}

void world_line(struct ctx *c, int64_t load, const char *payee, const char *day, const char *category,
                int flow, int64_t pence) {
    int year = (int)strtol(day, NULL, 10), month = (int)strtol(day + 5, NULL, 10);
    int fy = month >= 4 ? year : year - 1;
    make_leaf(c, fy, load);
    dbtest_run(
        c,
        "INSERT INTO core.spend_line SELECT %d, %" PRId64 ", (SELECT count(*) + 1 FROM core.spend_line WHERE "
        "load_id = %" PRId64 "), %s, (SELECT id FROM core.spend_label WHERE category = '%s'), '%s', %d, 0, "
        "true, %" PRId64,
        fy, load, load, payee, category, day, flow, pence);
}

void world_sums(struct ctx *c, int64_t load) {
    dbtest_run(c, "DELETE FROM core.spend_sum WHERE load_id = %" PRId64, load);
    dbtest_run(
        c,
        "INSERT INTO core.spend_leaf (load_id, fy, lines) SELECT load_id, fy, count(*) FROM core.spend_line "
        "WHERE load_id = %" PRId64 " GROUP BY 1, 2 ON CONFLICT DO NOTHING",
        load);
    dbtest_run(
        c,
        "INSERT INTO core.spend_sum (load_id, fy, payee_id, flow, amount_pence, line_count, credit_pence) "
        "SELECT load_id, fy, payee_id, flow, sum(amount_pence), count(*), sum(least(amount_pence, 0)) "
        "FROM core.spend_line WHERE counted AND load_id = %" PRId64 " GROUP BY 1, 2, 3, 4",
        load);
}

// Days from December 2023 on, so that some stand on both sides of 31 March.
static void random_load(struct world *w) {
    int64_t load = world_load(w->c, world_random(w, 2) ? "council" : "hospital");
    int first = (int)world_random(w, 600), lines = (int)world_random(w, 90) + 1;
    uint32_t first_payee = world_random(w, (uint32_t)w->payees);
    for (int fy = 2023; fy <= 2026; fy++) {
        make_leaf(w->c, fy, load);
    }
    dbtest_run(
        w->c,
        "INSERT INTO core.spend_line SELECT CASE WHEN extract(month FROM d) >= 4 THEN extract(year FROM d) "
        "ELSE "
        "extract(year FROM d) - 1 END, %" PRId64
        ", i, 1 + (%u + i * i %% 7) %% %d, 1 + i %% 5, d, (i * 3) %% 8 * (i %% 3 "
        "> 0)::integer, 0, i %% 10 <> 3, (i * 7919 + %u) %% 100000 - CASE WHEN i %% 4 = 0 THEN 70000 ELSE 10 "
        "END "
        "FROM (SELECT i, date '2023-12-01' + %d + (i * 5) %% 200 AS d FROM generate_series(1, %d) i) x",
        load, first_payee, w->payees, world_random(w, 50000), first, lines);
    world_sums(w->c, load);
    w->loads++;
}

static const char *random_load_id(struct world *w) {
    return dbtest_value(
        w->c,
        "SELECT coalesce((SELECT id FROM core.spend_load ORDER BY id OFFSET %u %% greatest((SELECT count(*) "
        "FROM core.spend_load), 1) LIMIT 1), 0)",
        world_random(w, 1000));
}

static void take_back(struct world *w) {
    const char *id = random_load_id(w);
    for (int fy = 2023; fy <= 2026; fy++) {
        dbtest_run(w->c, "DROP TABLE IF EXISTS core.spend_line_%d_%s", fy, id);
    }
    dbtest_run(w->c, "DELETE FROM core.spend_load WHERE id = %s", id);
}

static void count_otherwise(struct world *w) {
    const char *id = random_load_id(w);
    dbtest_run(w->c,
               "UPDATE core.spend_line SET counted = NOT counted WHERE load_id = %s AND line_no %% 6 = %u",
               id, world_random(w, 6));
    world_sums(w->c, strtoll(id, NULL, 10));
}

// ---- changes ------------------------------------------------------------------------------------------

static int a_payee(struct world *w) {
    return (int)world_random(w, (uint32_t)w->payees) + 1;
}

static const char *a_supplier(struct world *w) {
    return arena_printf(w->c->arena, "(SELECT id FROM core.organisation WHERE ref = 's%u')",
                        world_random(w, (uint32_t)w->suppliers) + 1);
}

static const char *a_day(struct world *w) {
    static const char *const days[] = {"2023-12-20", "2024-03-31", "2024-04-01", "2024-09-15", "2025-06-30"};
    return days[world_random(w, 5)];
}

static const char *change_supplier(struct world *w, uint32_t number) {
    static const char *const classes[] = {"housing", "mutual", ""};
    struct ctx *c = w->c;
    const char *decision = world_random(w, 3) ? decisions[world_random(w, 5)] : "policy";
    switch (number) {
    case 6:
        dbtest_run(c, "DELETE FROM core.supplier_merge WHERE from_id = %s", a_supplier(w));
        dbtest_run(c,
                   "INSERT INTO core.supplier_merge (from_id, into_id, at) SELECT a, b, now() FROM (SELECT "
                   "%s AS a, %s "
                   "AS b) x WHERE a < b ON CONFLICT DO NOTHING",
                   a_supplier(w), a_supplier(w));
        return "suppliers are merged";
    case 7:
        dbtest_run(c, "UPDATE core.supplier_merge SET undone_at = now() WHERE from_id = %s", a_supplier(w));
        return "a merge is undone";
    case 8:
        dbtest_run(
            c,
            "INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, policy_class, score, "
            "reasons, "
            "decided_at, holds_from, holds_until, before_decision, before_class, before_from) "
            "SELECT %s, 'vcfse', 'vcfse', d, CASE WHEN d = 'policy' "
            "THEN '%s' ELSE '' END, 50, '', now(), f, %s, CASE WHEN f IS NOT NULL THEN b END, CASE WHEN f IS "
            "NOT "
            "NULL AND b = 'policy' THEN '%s' ELSE '' END, CASE WHEN f IS NOT NULL THEN %s END "
            "FROM (SELECT '%s' AS d, %s AS f, %s AS b) x "
            "ON CONFLICT (supplier_id, tag) DO UPDATE SET decision = excluded.decision, policy_class = "
            "excluded.policy_class, holds_from = excluded.holds_from, holds_until = excluded.holds_until, "
            "before_decision = excluded.before_decision, before_class = excluded.before_class, before_from = "
            "excluded.before_from",
            a_supplier(w), classes[world_random(w, 3)], world_random(w, 3) ? "NULL" : "date '2025-02-02'",
            classes[world_random(w, 3)], world_random(w, 2) ? "NULL::date" : "date '2024-03-03'", decision,
            world_random(w, 2) ? "NULL::date" : "date '2024-05-05'",
            world_random(w, 2) ? "NULL::text"
                               : arena_printf(c->arena, "'%s'", decisions[world_random(w, 5)]));
        return "a tag is decided";
    case 9:
        dbtest_run(
            c,
            "INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, is_local, lad_code, "
            "ward_code) SELECT %s, '%s', date '%s', 'WN1 9ZZ', %s ON CONFLICT (supplier_id, kind, from_day) "
            "DO "
            "UPDATE SET is_local = excluded.is_local, lad_code = excluded.lad_code, ward_code = "
            "excluded.ward_code",
            a_supplier(w), kinds[world_random(w, 3)], a_day(w), wheres[world_random(w, 6)]);
        return "a supplier moves";
    case 10:
        dbtest_run(c, "UPDATE core.supplier SET sector = '%s', size = '%s' WHERE id = %s",
                   sectors[world_random(w, 4)], sizes[world_random(w, 4)], a_supplier(w));
        return "a supplier's trade changes";
    default:
        dbtest_run(c, "DELETE FROM core.supplier_place WHERE supplier_id = %s AND kind = '%s'", a_supplier(w),
                   kinds[world_random(w, 3)]);
        return "a place is forgotten";
    }
}

const char *world_change(struct world *w, uint32_t number) {
    struct ctx *c = w->c;
    int payee = a_payee(w);
    switch (number % WORLD_CHANGES) {
    case 0:
    case 1:
        random_load(w);
        return "a load";
    case 2:
        take_back(w);
        return "a load is taken back";
    case 3:
        dbtest_run(c, "UPDATE core.payee SET supplier_id = CASE WHEN %u > 0 THEN %s END WHERE id = %d",
                   world_random(w, 4), a_supplier(w), payee);
        return "a payee is tied";
    case 4: // only to one before it, so that there are chains and no circles
        dbtest_run(c, "UPDATE core.payee SET same_as = CASE WHEN %d < id THEN %d END WHERE id = %d",
                   a_payee(w), 1 + a_payee(w) % payee, payee);
        dbtest_run(c, "UPDATE core.payee SET same_as = NULL WHERE same_as >= id");
        return "payees are spellings of one";
    case 5:
        dbtest_run(c, "UPDATE core.payee SET (is_local, lad_code, ward_code) = (SELECT %s) WHERE id = %d",
                   wheres[world_random(w, 6)], payee);
        return "a payee has a postcode";
    case 11:
        dbtest_run(c, "UPDATE core.payee SET redacted = NOT redacted WHERE id = %d", payee);
        return "a name is hidden";
    case 12:
        count_otherwise(w);
        return "other lines count";
    default:
        return change_supplier(w, number % WORLD_CHANGES);
    }
}

// ---- slices -------------------------------------------------------------------------------------------

struct anc_slice world_slice(int32_t by, int32_t then_by) {
    return (struct anc_slice){.size = sizeof(struct anc_slice),
                              .by = by,
                              .then_by = then_by,
                              .anchor_ref = "",
                              .ward = "",
                              .area = "",
                              .sector = "",
                              .payee = "",
                              .category = "",
                              .vcfse_classes = ""};
}

struct anc_slice world_any_slice(struct world *w) {
    struct anc_slice s =
        world_slice((int32_t)world_random(w, ANC_BY_COUNT), (int32_t)world_random(w, ANC_BY_COUNT));
    static const char *const classes[] = {"housing", "housing mutual", "mutual nobody-has-this"};
    uint32_t n = world_random(w, 13);
    s.rule = (int32_t)world_random(w, 3);
    s.from_year = n == 0 ? 2024 : 0;
    s.to_year = n <= 1 ? 2024 : 0;
    s.from_month = n == 2 ? 2024 * 12 + 2 : 0;
    s.to_month = n == 2 || n == 3 ? 2024 * 12 + 10 : 0;
    s.flows = world_random(w, 3) ? 0 : 1 + world_random(w, 511);
    s.places = n == 4 ? 1 + world_random(w, 7) : 0;
    s.vcfse = n == 5 || n == 12 ? (n == 5) + world_random(w, 31) : 0;
    s.vcfse_classes = n == 12 ? classes[world_random(w, 3)] : "";
    s.sizes = n == 6 ? 1 + world_random(w, 15) : 0;
    s.anchor_ref = n == 7 ? "council" : "";
    s.ward = n == 8 ? "E05000001" : "";
    s.area = n == 9 ? "E08000010" : "";
    s.sector = n == 10 ? "catering" : "";
    s.payee = n == 11 ? (world_random(w, 2) ? "s1" : "p2") : "";
    s.category = world_random(w, 6) ? "" : "Care";
    return s;
}

const char *world_from_cube(struct ctx *c, const struct cube_view *v, const struct anc_slice *s) {
    uint32_t n = 0;
    const struct anc_sum *rows = NULL;
    enum err e = cube_slice(c, v, s, &n, &rows);
    size_t room = 1000 + (size_t)n * 400, at = 0;
    char *out = arena_alloc(c->arena, room);
    if (e) {
        return arena_printf(c->arena, "%s: %s", err_name(e), c->err_detail);
    }
    for (uint32_t i = 0; i < n; i++) {
        at += (size_t)snprintf(out + at, room - at, "%s|%s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "\n",
                               rows[i].key, rows[i].then_key, rows[i].pence, rows[i].lines, rows[i].payees,
                               rows[i].credit_pence);
    }
    return out;
}

static const char *set_of(struct ctx *c, const char *column, uint32_t set, const char *words) {
    return set ? arena_printf(c->arena,
                              " AND %s IN (SELECT w FROM unnest('%s'::text[]) WITH ORDINALITY u (w, n) WHERE "
                              "%u >> (n - 1)::integer & 1 = 1)",
                              column, words, set)
               : "";
}

static const char *one_of(struct ctx *c, const char *column, const char *wanted) {
    return *wanted ? arena_printf(c->arena, " AND %s = '%s'", column, wanted) : "";
}

// With classes: those of them, and whoever else the set takes in.
static const char *tags_of(struct ctx *c, const struct anc_slice *s) {
    static const char words[] = "{yes,policy,review,no,unknown}";
    if (!*s->vcfse_classes) {
        return set_of(c, "vcfse", s->vcfse, words);
    }
    return arena_printf(c->arena,
                        " AND CASE WHEN vcfse = 'policy' THEN class = ANY (string_to_array('%s', ' ')) ELSE "
                        "%u > 0%s END",
                        s->vcfse_classes, s->vcfse, set_of(c, "vcfse", s->vcfse, words));
}

const char *world_from_lines(struct ctx *c, const struct anc_slice *s) {
    static const char *const columns[] = {"''",   "fy",     "month", "anchor", "flow",  "place",    "ward",
                                          "area", "sector", "vcfse", "size",   "payee", "category", "class"};
    const char *filter = arena_printf(
        c->arena,
        "(%d = 0 OR fy::integer >= %d) AND (%d = 0 OR fy::integer <= %d) AND (%d = 0 OR cal >= %d) AND (%d = "
        "0 OR "
        "cal <= %d)%s%s%s%s%s%s%s%s%s%s",
        s->from_year, s->from_year, s->to_year, s->to_year, s->from_month, s->from_month, s->to_month,
        s->to_month,
        set_of(c, "flow", s->flows,
               "{procurement,grant,credit,public_transfer,pass_through,individual,treasury,card,hidden}"),
        set_of(c, "place", s->places, "{local,elsewhere,unknown}"), tags_of(c, s),
        set_of(c, "size", s->sizes, "{micro,small,medium,large}"), one_of(c, "anchor", s->anchor_ref),
        one_of(c, "ward", s->ward), one_of(c, "area", s->area), one_of(c, "sector", s->sector),
        one_of(c, "payee", s->payee), one_of(c, "category", s->category));
    return dbtest_value(
        c,
        "SELECT coalesce(string_agg(concat_ws('|', a, b, pence, lines, payees, credit) || E'\\n', '' ORDER "
        "BY a "
        "COLLATE \"C\", b COLLATE \"C\"), '') FROM (SELECT a, b, sum(p) AS pence, sum(n) AS lines, "
        "count(*) FILTER (WHERE p > 0 AND NOT nameless) AS payees, sum(m) AS credit FROM (SELECT %s AS a, %s "
        "AS b, payee AS "
        "who, "
        "bool_or(nameless) AS nameless, sum(pence) AS p, count(*) AS n, sum(least(pence, 0)) AS m FROM "
        "core.t_spread(%d) WHERE %s "
        "GROUP BY 1, 2, 3) x GROUP BY a, b) y",
        columns[s->by], columns[s->then_by], s->rule, filter);
}
