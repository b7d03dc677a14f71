-- SPDX-License-Identifier: Apache-2.0
-- Payments: loads, payees, lines and yearly cells.

-- name: spend_load_add
-- rows: one
-- doc: A new load ($1 reference, $2 anchor reference, $3 file, $4 SHA-256, $5 layout, $6 accepted, $7 rejected, $8 undated, $9 pence, $10 person,
-- doc: $11 hidden names, $12 credits, $13 total rows, $14 notes, one a line).
INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, accepted, rejected, undated, total_pence, loaded_by,
                             redacted, negative, footers, notes)
SELECT $1, a.id, $3, $4, $5, $6::bigint, $7::bigint, $8::bigint, $9::bigint, $10::bigint,
       $11::bigint, $12::bigint, $13::bigint, $14
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $2
RETURNING id, anchor_id

-- name: payee_add_many
-- rows: none
-- doc: Makes rows for payees that have none ($1 keys, $2 names, $3 hidden).
INSERT INTO core.payee (match_name, name, redacted)
SELECT k, n, h FROM unnest($1::text[], $2::text[], $3::boolean[]) AS t (k, n, h)
ON CONFLICT (match_name, ident) DO NOTHING

-- name: payee_ids
-- rows: many
-- doc: Ids of payees by key, with the place of each key in the list, from 1 ($1 keys).
SELECT t.place, p.id FROM unnest($1::text[]) WITH ORDINALITY AS t (k, place) JOIN core.payee p ON p.match_name = t.k AND p.ident = ''

-- name: payee_match_numbers
-- rows: none
-- doc: Ties payees to suppliers by the register numbers on their lines ($1 payee ids, $2 company numbers, $3 charity numbers).
UPDATE core.payee p SET supplier_id = m.supplier_id, match_rule = 'register number'
  FROM (SELECT DISTINCT ON (t.payee_id) t.payee_id, s.id AS supplier_id
          FROM unnest($1::bigint[], $2::text[], $3::text[]) AS t (payee_id, company, charity)
          JOIN core.supplier s ON (t.company <> '' AND s.company_number = t.company)
                               OR (t.charity <> '' AND s.charity_number = t.charity)
         ORDER BY t.payee_id, t.company <> '' AND s.company_number = t.company DESC, s.id) m
 WHERE p.id = m.payee_id AND p.supplier_id IS NULL AND NOT p.redacted

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

-- name: spend_lock
-- rows: one
-- doc: Waits until no other transaction loads or takes back payments.
SELECT pg_advisory_xact_lock(7370656)::text AS locked

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

-- name: payee_clear
-- rows: none
-- doc: Payees of a load that no yearly cell needs any more go ($1 load id). The inner SELECT with its LIMIT keeps the planner
-- doc: from an anti join, whose estimate of one row made it compare all payees with all payees.
WITH met AS MATERIALIZED (SELECT DISTINCT payee_id FROM core.payment WHERE load_id = $1::bigint),
     unused AS MATERIALIZED (SELECT m.payee_id FROM met m
                              WHERE (SELECT c.fy FROM core.spend_cell c WHERE c.payee_id = m.payee_id LIMIT 1) IS NULL)
DELETE FROM core.payee p USING unused u WHERE p.id = u.payee_id

-- name: payment_remove
-- rows: none
-- doc: Lines of a load go ($1 load id).
DELETE FROM core.payment WHERE load_id = $1::bigint

-- name: spend_load_remove
-- rows: none
-- doc: A load goes ($1 id).
DELETE FROM core.spend_load WHERE id = $1::bigint

-- name: spend_loads
-- rows: many
-- doc: Loads, newest first ($1 anchor reference or NULL, $2 how many).
SELECT l.ref, o.ref AS anchor_ref, o.name AS anchor, l.file_name, l.accepted, l.rejected, l.undated, l.total_pence,
       l.loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE $1::text IS NULL OR o.ref = $1
 ORDER BY l.loaded_at DESC, l.id DESC LIMIT $2::bigint

-- name: spend_load_one
-- rows: one
-- doc: A load with the period of its payments ($1 reference).
SELECT l.ref, o.name AS anchor, l.file_name, l.sha256, l.layout, l.accepted, l.rejected, l.undated, l.redacted, l.negative,
       l.footers, l.notes, l.total_pence, l.loaded_at, coalesce(p.name, '') AS loaded_by,
       (SELECT min(paid_on) FROM core.payment WHERE load_id = l.id) AS first_day,
       (SELECT max(paid_on) FROM core.payment WHERE load_id = l.id) AS last_day
  FROM core.spend_load l
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.person p ON p.id = l.loaded_by
 WHERE l.ref = $1

-- name: spend_load_placed
-- rows: one
-- doc: How much of a load is tied to suppliers ($1 reference).
SELECT coalesce(sum(t.pence), 0)::bigint AS total_pence,
       coalesce(sum(t.pence) FILTER (WHERE p.supplier_id IS NOT NULL), 0)::bigint AS matched_pence,
       count(*) FILTER (WHERE p.supplier_id IS NOT NULL) AS matched_payees,
       coalesce(sum(t.pence) FILTER (WHERE s.is_local), 0)::bigint AS local_pence,
       count(*) FILTER (WHERE s.is_local) AS local_payees,
       coalesce(sum(t.pence) FILTER (WHERE g.decision = 'yes'), 0)::bigint AS vcfse_pence,
       count(*) FILTER (WHERE g.decision = 'yes') AS vcfse_payees,
       coalesce(sum(t.pence) FILTER (WHERE p.redacted), 0)::bigint AS hidden_pence,
       coalesce(sum(t.pence) FILTER (WHERE p.supplier_id IS NULL AND NOT p.redacted), 0)::bigint AS open_pence,
       count(*) FILTER (WHERE p.supplier_id IS NULL AND NOT p.redacted) AS open_payees,
       count(*) AS payees
  FROM (SELECT payee_id, sum(amount_pence) AS pence FROM core.payment
         WHERE load_id = (SELECT id FROM core.spend_load WHERE ref = $1) GROUP BY payee_id) t
  JOIN core.payee p ON p.id = t.payee_id
  LEFT JOIN core.supplier s ON s.id = p.supplier_id
  LEFT JOIN core.supplier_tag g ON g.supplier_id = s.id AND g.tag = 'vcfse'

-- name: spend_load_open
-- rows: many
-- doc: The payees of a load that match no supplier, largest first ($1 reference, $2 how many).
SELECT p.name, sum(t.amount_pence)::bigint AS pence, count(*) AS lines
  FROM core.payment t JOIN core.payee p ON p.id = t.payee_id
 WHERE t.load_id = (SELECT id FROM core.spend_load WHERE ref = $1) AND p.supplier_id IS NULL AND NOT p.redacted
 GROUP BY p.id, p.name ORDER BY pence DESC, p.name LIMIT $2::bigint

-- name: spend_load_problems
-- rows: many
-- doc: Rows of a load that were not taken ($1 reference).
SELECT x.line_no, x.detail FROM core.spend_problem x JOIN core.spend_load l ON l.id = x.load_id
 WHERE l.ref = $1 ORDER BY x.line_no LIMIT 200

-- name: spend_anchors
-- rows: many
-- doc: Public bodies by name.
SELECT o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY o.name, o.id

-- name: spend_years
-- rows: many
-- doc: Financial years that hold payments, latest first.
SELECT DISTINCT fy FROM core.spend_cell ORDER BY fy DESC

-- name: spend_basis
-- rows: one
-- doc: What the figures rest on: loads, their lines and sum, and when the last came in ($1 anchor reference or NULL).
SELECT count(*) AS loads, coalesce(sum(l.accepted), 0)::bigint AS lines, coalesce(sum(l.total_pence), 0)::bigint AS total_pence,
       count(DISTINCT l.anchor_id) AS anchors, max(l.loaded_at) AS loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE $1::text IS NULL OR o.ref = $1
