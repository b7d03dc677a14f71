-- SPDX-License-Identifier: Apache-2.0
-- The payments behind a figure: which tables of lines take part, what they add up to, and the lines themselves.

-- name: payments_years
-- rows: many
-- doc: Financial years with payments, latest first.
SELECT DISTINCT f.fy FROM core.spend_leaf f ORDER BY f.fy DESC

-- name: payments_wards
-- rows: many
-- doc: Wards of the place, by name.
SELECT w.code, w.name FROM core.ward w, core.place p WHERE w.lad_code = ANY (p.lad_codes) ORDER BY w.name

-- name: payments_classes
-- rows: many
-- doc: Why suppliers are VCFSE by policy of the place.
SELECT DISTINCT t.policy_class AS class FROM core.supplier_tag t WHERE t.tag = 'vcfse' AND t.policy_class <> '' ORDER BY 1

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
SELECT NULL::bigint AS id, o.name FROM core.organisation o JOIN core.supplier s ON s.id = o.id WHERE o.ref = $1
UNION ALL
SELECT d.payee_id, '' FROM core.organisation o, core.supplier_payees(o.id) d JOIN core.payee p ON p.id = d.payee_id
 WHERE o.ref = $1 AND NOT p.redacted
ORDER BY id NULLS FIRST

-- name: payments_words
-- rows: many
-- doc: Payments with what people read of them, in their order ($1 years, $2 loads, $3 payees, $4 lines; $5 these do not count: the file
-- doc: in which each stands first).
SELECT x.payee_id, x.paid_on, x.flow, x.amount_pence, coalesce(x.vat_lost_pence, 0) AS vat_lost_pence, coalesce(x.txn, '') AS txn,
       p.name, coalesce(b.category, '') AS category, coalesce(b.purpose, '') AS purpose, coalesce(b.department, '') AS department,
       l.ref AS load_ref, l.file_name, o.name AS anchor, coalesce(e.file_name, '') AS same_file
  FROM unnest($1::smallint[], $2::integer[], $3::integer[], $4::integer[]) WITH ORDINALITY AS t (fy, load_id, payee_id, line_no, n)
 CROSS JOIN LATERAL (SELECT y.payee_id, y.label_id, y.paid_on, y.flow, y.amount_pence, y.vat_lost_pence, y.txn
                       FROM core.spend_line y
                      WHERE y.fy = t.fy AND y.load_id = t.load_id AND y.payee_id = t.payee_id AND y.line_no = t.line_no LIMIT 1) x
  JOIN core.payee p ON p.id = t.payee_id
  JOIN core.spend_load l ON l.id = t.load_id
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.spend_label b ON b.id = x.label_id
  LEFT JOIN LATERAL (SELECT f.file_name FROM core.payee q JOIN core.spend_line y ON y.payee_id = q.id JOIN core.spend_load f ON f.id = y.load_id
                      WHERE $5::boolean AND q.match_name = p.match_name AND y.fy = t.fy AND y.paid_on = x.paid_on
                        AND y.amount_pence - coalesce(y.vat_lost_pence, 0) = x.amount_pence - coalesce(x.vat_lost_pence, 0)
                        AND y.counted AND y.load_id < t.load_id AND f.anchor_id = l.anchor_id
                      ORDER BY y.load_id LIMIT 1) e ON true
 ORDER BY t.n
