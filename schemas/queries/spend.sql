-- SPDX-License-Identifier: Apache-2.0
-- Payments: loads, payees, lines and yearly cells.

-- name: spend_load_add
-- rows: one
-- doc: A new load ($1 reference, $2 anchor reference, $3 file, $4 SHA-256, $5 layout, $6 accepted, $7 rejected, $8 undated, $9 pence, $10 person).
INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, accepted, rejected, undated, total_pence, loaded_by)
SELECT $1, a.id, $3, $4, $5, $6::bigint, $7::bigint, $8::bigint, $9::bigint, $10::bigint
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $2
RETURNING id, anchor_id

-- name: payee_add_many
-- rows: none
-- doc: Makes rows for payees that have none ($1 keys, $2 names, $3 hidden).
INSERT INTO core.payee (match_name, name, redacted)
SELECT k, n, h FROM unnest($1::text[], $2::text[], $3::boolean[]) AS t (k, n, h)
ON CONFLICT (match_name) DO NOTHING

-- name: payee_ids
-- rows: many
-- doc: Ids of payees by key, with the place of each key in the list, from 1 ($1 keys).
SELECT t.place, p.id FROM unnest($1::text[]) WITH ORDINALITY AS t (k, place) JOIN core.payee p ON p.match_name = t.k

-- name: payee_match_numbers
-- rows: none
-- doc: Ties payees to suppliers by the register numbers on their lines ($1 payee ids, $2 company numbers, $3 charity numbers).
UPDATE core.payee p SET supplier_id = s.id, match_rule = 'register number'
  FROM unnest($1::bigint[], $2::text[], $3::text[]) AS t (payee_id, company, charity)
  JOIN core.supplier s ON (t.company <> '' AND s.company_number = t.company)
                       OR (t.charity <> '' AND s.charity_number = t.charity)
 WHERE p.id = t.payee_id AND p.supplier_id IS NULL AND NOT p.redacted

-- name: payee_match_names
-- rows: none
-- doc: Ties payees without a supplier to the one supplier that has the same matching name.
UPDATE core.payee p SET supplier_id = s.id, match_rule = 'same name'
  FROM (SELECT match_name, min(id) AS id FROM core.supplier WHERE match_name <> ''
         GROUP BY match_name HAVING count(*) = 1) s
 WHERE p.match_name = s.match_name AND p.supplier_id IS NULL AND NOT p.redacted

-- name: payment_copy
-- rows: none
-- doc: Lines of a load.
COPY core.payment (load_id, line_no, anchor_id, payee_id, paid_on, fy, amount_pence, category) FROM STDIN (FORMAT binary)

-- name: spend_cell_add
-- rows: none
-- doc: Adds to the yearly cells of an anchor ($1 anchor id, $2 years, $3 payee ids, $4 pence, $5 lines).
INSERT INTO core.spend_cell AS c (fy, anchor_id, payee_id, amount_pence, line_count)
SELECT y, $1::bigint, p, a, n FROM unnest($2::smallint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS t (y, p, a, n)
 ORDER BY y, p
ON CONFLICT (fy, anchor_id, payee_id)
DO UPDATE SET amount_pence = c.amount_pence + EXCLUDED.amount_pence, line_count = c.line_count + EXCLUDED.line_count

-- name: spend_problem_add
-- rows: none
-- doc: Rows of a file that could not be taken ($1 load id, $2 lines, $3 reasons).
INSERT INTO core.spend_problem (load_id, line_no, kind, detail)
SELECT $1::bigint, l, 'row', d FROM unnest($2::bigint[], $3::text[]) AS t (l, d)
ON CONFLICT DO NOTHING

-- name: spend_load_lock
-- rows: one
-- doc: A load, locked ($1 reference).
SELECT id, sha256, file_name, total_pence FROM core.spend_load WHERE ref = $1 FOR UPDATE

-- name: spend_cell_take_back
-- rows: none
-- doc: Takes the lines of a load out of the yearly cells ($1 load id).
UPDATE core.spend_cell c SET amount_pence = c.amount_pence - t.pence, line_count = c.line_count - t.lines
  FROM (SELECT fy, anchor_id, payee_id, sum(amount_pence)::bigint AS pence, count(*) AS lines
          FROM core.payment WHERE load_id = $1::bigint GROUP BY fy, anchor_id, payee_id) t
 WHERE c.fy = t.fy AND c.anchor_id = t.anchor_id AND c.payee_id = t.payee_id

-- name: spend_cell_clear
-- rows: none
-- doc: Cells without lines go.
DELETE FROM core.spend_cell WHERE line_count = 0

-- name: payment_remove
-- rows: none
-- doc: Lines of a load go ($1 load id).
DELETE FROM core.payment WHERE load_id = $1::bigint

-- name: spend_load_remove
-- rows: none
-- doc: A load goes ($1 id).
DELETE FROM core.spend_load WHERE id = $1::bigint
