-- SPDX-License-Identifier: Apache-2.0
-- The payments behind a figure: which tables of lines take part, what they add up to, and the lines themselves.

-- name: payments_leaves
-- rows: many
-- doc: Tables of lines by year and load, newest first ($1 anchor reference or NULL, $2 load reference or NULL, $3 year or NULL).
SELECT f.fy, f.load_id, f.lines
  FROM core.spend_leaf f
  JOIN core.spend_load l ON l.id = f.load_id
  JOIN core.organisation o ON o.id = l.anchor_id
 WHERE ($1::text IS NULL OR o.ref = $1) AND ($2::text IS NULL OR l.ref = $2) AND ($3::smallint IS NULL OR f.fy = $3)
 ORDER BY f.fy DESC, f.load_id DESC

-- name: payments_years
-- rows: many
-- doc: Financial years with payments, latest first.
SELECT DISTINCT f.fy FROM core.spend_leaf f ORDER BY f.fy DESC

-- name: payments_wards
-- rows: many
-- doc: Wards of the place, by name.
SELECT w.code, w.name FROM core.ward w, core.place p WHERE w.lad_code = ANY (p.lad_codes) ORDER BY w.name

-- name: payments_load
-- rows: opt
-- doc: A load by its reference ($1).
SELECT l.id, l.ref, l.file_name, o.name AS anchor FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id WHERE l.ref = $1

-- name: payments_payee
-- rows: many
-- doc: A name by its number, first, and with it its spellings when they are asked for ($1 id, $2 also spellings).
WITH RECURSIVE down AS (
    SELECT p.id, p.name, 0 AS steps FROM core.payee p WHERE p.id = $1::bigint
    UNION ALL
    SELECT p.id, p.name, d.steps + 1 FROM down d JOIN core.payee p ON p.same_as = d.id WHERE $2::boolean AND NOT p.redacted AND d.steps < 8
)
SELECT id, name FROM down ORDER BY steps, id

-- name: payments_supplier
-- rows: many
-- doc: The names that count as a supplier, over merges and spellings ($1 reference); the first row has no id, but its name.
WITH RECURSIVE listing AS (
    SELECT o.id, 0 AS steps FROM core.organisation o JOIN core.supplier s ON s.id = o.id WHERE o.ref = $1
    UNION ALL
    SELECT m.from_id, g.steps + 1 FROM listing g JOIN core.supplier_merge m ON m.into_id = g.id AND m.undone_at IS NULL WHERE g.steps < 8
), spelled AS (
    SELECT p.id, 0 AS steps FROM listing g JOIN core.payee p ON p.supplier_id = g.id WHERE p.same_as IS NULL AND NOT p.redacted
    UNION ALL
    SELECT p.id, d.steps + 1 FROM spelled d JOIN core.payee p ON p.same_as = d.id WHERE NOT p.redacted AND d.steps < 8
)
SELECT NULL::bigint AS id, o.name FROM core.organisation o JOIN core.supplier s ON s.id = o.id WHERE o.ref = $1
UNION ALL
SELECT d.id, '' FROM spelled d
ORDER BY id NULLS FIRST

-- name: payments_total_all
-- rows: one
-- doc: Counted payments of whole loads and years, added up ($1 years, $2 loads, $3 flow or NULL).
SELECT coalesce(sum(x.amount_pence), 0)::bigint AS pence, coalesce(sum(x.line_count), 0)::bigint AS lines,
       coalesce(sum(x.credit_pence), 0)::bigint AS credit_pence
  FROM core.spend_sum x
 WHERE x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::bigint[]) AND ($3::smallint IS NULL OR x.flow = $3)

-- name: payments_total_some
-- rows: one
-- doc: The same of some payees: $4 their ids or NULL, and when $5 is true those of a place ($7, ANC_PLACE_*), ward ($8) and tag
-- doc: ($9) by a rule ($6) on the day of each payment; NULL: any. Who moved or was tagged in between is added up line by line.
WITH s AS MATERIALIZED (
    SELECT k.payee_id, k.from_day, k.until_day, k.alone FROM core.payee_spells($6, $4::bigint[]) k
     WHERE $5::boolean AND ($7::smallint IS NULL OR k.place = $7) AND ($8::text IS NULL OR k.ward_code = $8)
       AND ($9::text IS NULL OR k.vcfse = $9)
    UNION ALL
    SELECT i::integer, '-infinity', 'infinity', true FROM unnest($4::bigint[]) AS t (i) WHERE NOT $5::boolean
)
SELECT coalesce(sum(y.pence), 0)::bigint AS pence, coalesce(sum(y.lines), 0)::bigint AS lines,
       coalesce(sum(y.credit), 0)::bigint AS credit_pence
  FROM (SELECT x.amount_pence AS pence, x.line_count AS lines, x.credit_pence AS credit
          FROM s JOIN core.spend_sum x ON x.payee_id = s.payee_id
         WHERE s.alone AND x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::bigint[]) AND ($3::smallint IS NULL OR x.flow = $3)
        UNION ALL
        SELECT x.amount_pence, 1, least(x.amount_pence, 0)
          FROM core.spend_line x JOIN s ON s.payee_id = x.payee_id AND x.paid_on >= s.from_day AND x.paid_on < s.until_day
         WHERE NOT s.alone AND x.payee_id = ANY (ARRAY(SELECT n.payee_id FROM s n WHERE NOT n.alone))
           AND x.counted AND x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[])
           AND ($3::smallint IS NULL OR x.flow = $3)) y

-- name: payments_total_lines
-- rows: one
-- doc: The same from the lines, of some days or of lines that do not count ($1 years, $2 loads, $3 flow or NULL, $4 first day, $5 day
-- doc: after the last, $6 counted).
SELECT coalesce(sum(x.amount_pence), 0)::bigint AS pence, count(*) AS lines,
       coalesce(sum(least(x.amount_pence, 0)), 0)::bigint AS credit_pence
  FROM core.spend_line x
 WHERE x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
   AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean

-- name: payments_total_lines_some
-- rows: one
-- doc: The same of some payees ($1 to $6 as above, $7 ids or NULL, $8 whether the rest matters, $9 rule, $10 place, $11 ward, $12 tag).
WITH s AS MATERIALIZED (
    SELECT k.payee_id, k.from_day, k.until_day FROM core.payee_spells($9, $7::bigint[]) k
     WHERE $8::boolean AND ($10::smallint IS NULL OR k.place = $10) AND ($11::text IS NULL OR k.ward_code = $11)
       AND ($12::text IS NULL OR k.vcfse = $12)
    UNION ALL
    SELECT i::integer, '-infinity', 'infinity' FROM unnest($7::bigint[]) AS t (i) WHERE NOT $8::boolean
)
SELECT coalesce(sum(x.amount_pence), 0)::bigint AS pence, count(*) AS lines,
       coalesce(sum(least(x.amount_pence, 0)), 0)::bigint AS credit_pence
  FROM core.spend_line x JOIN s ON s.payee_id = x.payee_id AND x.paid_on >= s.from_day AND x.paid_on < s.until_day
 WHERE ($7::bigint[] IS NULL OR x.payee_id = ANY ($7::bigint[]::integer[]))
   AND x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
   AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean

-- name: payments_in_file
-- rows: many
-- doc: Lines of one table in the order of the file ($1 to $6 as in payments_total_lines, of one year and load; $7 after this line, $8 how
-- doc: many). Numbers only; payments_words has the words.
SELECT x.fy, x.load_id, x.line_no, x.payee_id, x.label_id, x.paid_on, x.flow, x.flags, x.amount_pence, coalesce(x.txn, '') AS txn, 0::bigint AS sort_key
  FROM core.spend_line x
 WHERE x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
   AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean AND x.line_no > $7::integer
 ORDER BY x.line_no LIMIT $8::bigint

-- name: payments_in_file_some
-- rows: many
-- doc: The same of some payees ($9 ids or NULL, $10 whether the rest matters, $11 rule, $12 place, $13 ward, $14 tag).
WITH s AS MATERIALIZED (
    SELECT k.payee_id, k.from_day, k.until_day FROM core.payee_spells($11, $9::bigint[]) k
     WHERE $10::boolean AND ($12::smallint IS NULL OR k.place = $12) AND ($13::text IS NULL OR k.ward_code = $13)
       AND ($14::text IS NULL OR k.vcfse = $14)
    UNION ALL
    SELECT i::integer, '-infinity', 'infinity' FROM unnest($9::bigint[]) AS t (i) WHERE NOT $10::boolean
)
SELECT x.fy, x.load_id, x.line_no, x.payee_id, x.label_id, x.paid_on, x.flow, x.flags, x.amount_pence, coalesce(x.txn, '') AS txn, 0::bigint AS sort_key
  FROM core.spend_line x JOIN s ON s.payee_id = x.payee_id AND x.paid_on >= s.from_day AND x.paid_on < s.until_day
 WHERE x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
   AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean AND x.line_no > $7::integer
   AND ($9::bigint[] IS NULL OR x.payee_id = ANY ($9::bigint[]::integer[]))
 ORDER BY x.line_no LIMIT $8::bigint

-- name: payments_sorted
-- rows: many
-- doc: Lines of all tables, largest first ($7 true) or newest first, after a line ($8 sort key, $9 load, $10 line), at most $11.
SELECT t.fy, t.load_id, t.line_no, t.payee_id, t.label_id, t.paid_on, t.flow, t.flags, t.amount_pence, t.txn, t.sort_key
  FROM (SELECT x.fy, x.load_id, x.line_no, x.payee_id, x.label_id, x.paid_on, x.flow, x.flags, x.amount_pence,
               coalesce(x.txn, '') AS txn,
               CASE WHEN $7::boolean THEN x.amount_pence ELSE (x.paid_on - '1970-01-01'::date)::bigint END AS sort_key
          FROM core.spend_line x
         WHERE x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
           AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean) t
 WHERE (t.sort_key, t.load_id, t.line_no) < ($8::bigint, $9::integer, $10::integer)
 ORDER BY t.sort_key DESC, t.load_id DESC, t.line_no DESC LIMIT $11::bigint

-- name: payments_sorted_some
-- rows: many
-- doc: The same of some payees ($12 ids or NULL, $13 whether the rest matters, $14 rule, $15 place, $16 ward, $17 tag).
WITH s AS MATERIALIZED (
    SELECT k.payee_id, k.from_day, k.until_day FROM core.payee_spells($14, $12::bigint[]) k
     WHERE $13::boolean AND ($15::smallint IS NULL OR k.place = $15) AND ($16::text IS NULL OR k.ward_code = $16)
       AND ($17::text IS NULL OR k.vcfse = $17)
    UNION ALL
    SELECT i::integer, '-infinity', 'infinity' FROM unnest($12::bigint[]) AS t (i) WHERE NOT $13::boolean
)
SELECT t.fy, t.load_id, t.line_no, t.payee_id, t.label_id, t.paid_on, t.flow, t.flags, t.amount_pence, t.txn, t.sort_key
  FROM (SELECT x.fy, x.load_id, x.line_no, x.payee_id, x.label_id, x.paid_on, x.flow, x.flags, x.amount_pence,
               coalesce(x.txn, '') AS txn,
               CASE WHEN $7::boolean THEN x.amount_pence ELSE (x.paid_on - '1970-01-01'::date)::bigint END AS sort_key
          FROM core.spend_line x JOIN s ON s.payee_id = x.payee_id AND x.paid_on >= s.from_day AND x.paid_on < s.until_day
         WHERE ($12::bigint[] IS NULL OR x.payee_id = ANY ($12::bigint[]::integer[]))
           AND x.fy = ANY ($1::smallint[]) AND x.load_id = ANY ($2::integer[]) AND ($3::smallint IS NULL OR x.flow = $3)
           AND x.paid_on >= $4::date AND x.paid_on < $5::date AND x.counted = $6::boolean) t
 WHERE (t.sort_key, t.load_id, t.line_no) < ($8::bigint, $9::integer, $10::integer)
 ORDER BY t.sort_key DESC, t.load_id DESC, t.line_no DESC LIMIT $11::bigint

-- name: payments_words
-- rows: many
-- doc: What people read of lines, in their order ($1 payees, $2 labels, $3 loads, $4 days, $5 pence, $6 years, $7 rule of place, $8 these
-- doc: do not count: the file in which each stands first).
SELECT p.name, p.redacted, p.match_state, coalesce(b.category, '') AS category, coalesce(b.purpose, '') AS purpose,
       coalesce(b.department, '') AS department, l.ref AS load_ref, l.file_name, o.name AS anchor,
       coalesce(k.place, 2::smallint) AS place, coalesce(w.name, '') AS ward_name, coalesce(k.vcfse, 'unknown') AS vcfse,
       coalesce(e.file_name, '') AS same_file
  FROM unnest($1::integer[], $2::integer[], $3::integer[], $4::date[], $5::bigint[], $6::smallint[])
       WITH ORDINALITY AS t (payee_id, label_id, load_id, paid_on, pence, fy, n)
  JOIN core.payee p ON p.id = t.payee_id
  JOIN core.spend_load l ON l.id = t.load_id
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.spend_label b ON b.id = t.label_id
  LEFT JOIN core.payee_spells($7, $1::bigint[]) k ON k.payee_id = t.payee_id AND t.paid_on >= k.from_day AND t.paid_on < k.until_day
  LEFT JOIN core.ward w ON w.code = k.ward_code
  LEFT JOIN LATERAL (SELECT f.file_name FROM core.payee q JOIN core.spend_line y ON y.payee_id = q.id JOIN core.spend_load f ON f.id = y.load_id
                      WHERE $8::boolean AND q.match_name = p.match_name AND y.fy = t.fy AND y.paid_on = t.paid_on
                        AND y.amount_pence = t.pence AND y.counted AND y.load_id < t.load_id AND f.anchor_id = l.anchor_id
                      ORDER BY y.load_id LIMIT 1) e ON true
 ORDER BY t.n
