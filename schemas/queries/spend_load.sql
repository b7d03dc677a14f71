-- SPDX-License-Identifier: Apache-2.0
-- Payments files going in and being taken back: payees, labels, lines, sums, what counts once.

-- name: load_lock
-- rows: one
-- doc: Waits until no other transaction loads or takes back payments. This one may rest while a file is read.
SELECT pg_advisory_xact_lock(7370656)::text AS locked, set_config('idle_in_transaction_session_timeout', '3600000', true) AS rest

-- name: load_begin
-- rows: one
-- doc: What a load needs before its first line: its own id, the anchor, and the highest ids in use ($1 anchor reference).
SELECT nextval(pg_get_serial_sequence('core.spend_load', 'id')) AS load_id, a.id AS anchor_id,
       greatest(coalesce((SELECT max(id) FROM core.payee), 0),
                coalesce(pg_sequence_last_value(pg_get_serial_sequence('core.payee', 'id')::regclass), 0)) AS payee_top,
       coalesce((SELECT max(id) FROM core.spend_label), 0) AS label_top
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $1

-- name: load_payees_known
-- rows: none
-- doc: All payees that there are: id, matching name, what else told it apart.
COPY (SELECT id, match_name, ident FROM core.payee) TO STDOUT (FORMAT binary)

-- name: load_labels_known
-- rows: many
-- doc: Labels by id, after one ($1 id, $2 how many).
SELECT id, category, purpose, department FROM core.spend_label WHERE id > $1::integer ORDER BY id LIMIT $2::bigint

-- name: load_lines_begin
-- rows: one
-- doc: Before the first line: no table of another load is left. These may wait for the rest of the load.
SELECT core.spend_sweep(true) AS gone, set_config('idle_in_transaction_session_timeout', '3600000', true) AS rest

-- name: load_sweep
-- rows: one
-- doc: Tables of loads that died at their very end go, unless a load is under way.
SELECT core.spend_sweep(false) AS gone

-- name: load_incoming
-- rows: one
-- doc: The table that takes the lines of a year ($1 year, $2 load id, $3 the year written to so far or NULL, $4 whether
-- doc: lines bring lost VAT and numbers of transactions).
SELECT core.spend_incoming($1::integer, $2::integer, $3::integer, $4::boolean)::text AS done

-- name: load_incoming_end
-- rows: one
-- doc: All lines are there ($1 the year written to last).
SELECT core.spend_incoming_end($1::integer)::text AS done

-- name: load_lines_copy
-- rows: none
-- doc: Lines of a file without numbers of transactions and lost VAT.
COPY core.spend_incoming (line_no, payee_id, label_id, paid_on, flow, flags, amount_pence) FROM STDIN (FORMAT binary)

-- name: load_lines_copy_full
-- rows: none
-- doc: Lines with them.
COPY core.spend_incoming (line_no, payee_id, label_id, paid_on, flow, flags, amount_pence, vat_lost_pence, txn)
FROM STDIN (FORMAT binary)

-- name: load_attach
-- rows: one
-- doc: Lines of a year take their place among all lines ($1 year, $2 load id, $3 how many).
SELECT core.spend_attach($1::integer, $2::integer, $3::bigint)::text AS done

-- name: load_payees_copy
-- rows: none
-- doc: New payees.
COPY core.payee (id, match_name, ident, name, other_name, anchor_id, supplier_no, company_number, charity_number, vat_number,
                 postcode, redacted, match_state) FROM STDIN (FORMAT binary)

-- name: load_payees_place
-- rows: none
-- doc: Locates new payees by their own postcode ($1 the first id).
UPDATE core.payee p SET lad_code = pc.lad_code, ward_code = pc.ward_code,
                        is_local = pc.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
  FROM core.postcode pc
 WHERE p.id >= $1::bigint AND p.postcode <> '' AND pc.pc = p.postcode

-- name: load_payees_next
-- rows: one
-- doc: Ids of payees go on after this one ($1).
SELECT setval(pg_get_serial_sequence('core.payee', 'id'), $1::bigint) AS top

-- name: load_labels_copy
-- rows: none
-- doc: New labels.
COPY core.spend_label (id, category, purpose, department) FROM STDIN (FORMAT binary)

-- name: load_add
-- rows: one
-- doc: The load itself ($1 id, $2 reference, $3 anchor id, $4 file, $5 SHA-256, $6 layout, $7 accepted, $8 rejected, $9 undated,
-- doc: $10 pence, $11 hidden names, $12 credits, $13 total rows, $14 notes, $15 kind, $16 first day, $17 last day, $18 overlap,
-- doc: $19 basis of dates, $20 basis of amounts, $21 rules, $22 load it replaces, $23 whether lines have transaction numbers, $24 person,
-- doc: $25 pence of VAT that cannot be reclaimed, on top).
INSERT INTO core.spend_load (id, ref, anchor_id, file_name, sha256, layout, accepted, rejected, undated, total_pence, redacted,
                             negative, footers, notes, kind, first_day, last_day, overlap, date_basis, amount_basis, rules,
                             replaces, has_txn, loaded_by, vat_lost_pence)
OVERRIDING SYSTEM VALUE
VALUES ($1::bigint, $2, $3::bigint, $4, $5, $6, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint,
        $12::bigint, $13::bigint, $14, $15, $16::date, $17::date, $18, $19, $20, $21, $22, $23::boolean, $24::bigint, $25::bigint)
RETURNING id

-- name: load_sums_copy
-- rows: none
-- doc: Sums of a load.
COPY core.spend_sum (load_id, fy, payee_id, flow, amount_pence, line_count, credit_pence) FROM STDIN (FORMAT binary)

-- name: load_problems_add
-- rows: none
-- doc: Rows of a file that could not be taken ($1 load id, $2 lines, $3 reasons).
INSERT INTO core.spend_problem (load_id, line_no, kind, detail)
SELECT $1::bigint, l, 'row', d FROM unnest($2::bigint[], $3::text[]) AS t (l, d)
ON CONFLICT DO NOTHING

-- name: load_earlier
-- rows: many
-- doc: Loads of an anchor before this one whose months meet its months ($1 load id, $2 anchor id, $3 kind, $4 first day, $5 last day).
SELECT id, ref, file_name FROM core.spend_load
 WHERE id < $1::bigint AND anchor_id = $2::bigint AND kind = $3
   AND date_trunc('month', first_day) <= $5::date AND last_day >= date_trunc('month', $4::date)
 ORDER BY id

-- name: load_later
-- rows: many
-- doc: Loads of an anchor after one, whose months meet its months and some of whose lines were held to stand in an earlier load
-- doc: ($1 load id, $2 anchor id, $3 kind, $4 first day, $5 last day).
SELECT id, first_day, last_day FROM core.spend_load
 WHERE id > $1::bigint AND anchor_id = $2::bigint AND kind = $3 AND overlap = 'once' AND same_lines > 0
   AND date_trunc('month', first_day) <= $5::date AND last_day >= date_trunc('month', $4::date)
 ORDER BY id

-- name: load_count_again
-- rows: one
-- doc: Which lines of a load count, and its sums, made anew ($1 load id, $2 ids of earlier loads).
SELECT same_lines, same_pence FROM core.spend_count_again($1::bigint, $2::bigint[])

-- name: load_same_set
-- rows: none
-- doc: How much of a load stands in earlier ones ($1 load id, $2 lines, $3 pence).
UPDATE core.spend_load SET same_lines = $2::bigint, same_pence = $3::bigint WHERE id = $1::bigint

-- name: load_by_ref
-- rows: one
-- doc: A load, locked ($1 reference).
SELECT id, anchor_id, sha256, kind, first_day, last_day FROM core.spend_load WHERE ref = $1 FOR UPDATE

-- name: load_payees_of
-- rows: many
-- doc: Payees of a load that may be used by no other: without sums elsewhere and without a person's decision ($1 load id).
WITH met AS MATERIALIZED (SELECT DISTINCT payee_id FROM core.spend_line WHERE load_id = $1::integer)
SELECT m.payee_id FROM met m
 WHERE NOT EXISTS (SELECT 1 FROM core.spend_sum s WHERE s.payee_id = m.payee_id AND s.load_id <> $1::integer)
   AND NOT EXISTS (SELECT 1 FROM core.payee_decision d WHERE d.payee_id = m.payee_id AND d.by_id IS NOT NULL)

-- name: load_labels_of
-- rows: many
-- doc: Labels of the lines of a load ($1 load id).
SELECT DISTINCT label_id FROM core.spend_line WHERE load_id = $1::integer

-- name: load_detach
-- rows: one
-- doc: The lines of a load go ($1 load id, $2 its financial years).
SELECT core.spend_detach($1::bigint, $2::integer[])::text AS done

-- name: load_years
-- rows: many
-- doc: Financial years of a load ($1 id).
SELECT fy FROM core.spend_leaf WHERE load_id = $1::bigint ORDER BY fy

-- name: load_sums_remove
-- rows: none
-- doc: The sums of a load go ($1 id).
DELETE FROM core.spend_sum WHERE load_id = $1::bigint

-- name: load_remove
-- rows: none
-- doc: A load goes ($1 id), with its problems.
DELETE FROM core.spend_load WHERE id = $1::bigint

-- name: load_payees_clear
-- rows: none
-- doc: Payees that no line has any more go ($1 ids).
DELETE FROM core.payee p USING (SELECT unnest($1::bigint[]) AS id) d
 WHERE p.id = d.id AND NOT EXISTS (SELECT 1 FROM core.spend_line l WHERE l.payee_id = d.id)

-- name: load_labels_clear
-- rows: none
-- doc: Labels that no line has any more go ($1 ids).
DELETE FROM core.spend_label b USING (SELECT unnest($1::integer[]) AS id) d
 WHERE b.id = d.id AND NOT EXISTS (SELECT 1 FROM core.spend_line l WHERE l.label_id = d.id)

-- name: load_settle_one
-- rows: one
-- doc: Indexes one table of lines that has no index yet.
SELECT coalesce(core.spend_settle(), '') AS leaf

-- name: load_settle_left
-- rows: one
-- doc: Whether more of them wait.
SELECT EXISTS (SELECT 1 FROM core.spend_leaf WHERE NOT indexed) AS more

-- name: load_paid_by
-- rows: many
-- doc: Whom an anchor paid: of each name the payee that got most ($1 anchor id).
SELECT DISTINCT ON (match_name) match_name, id
  FROM (SELECT p.match_name, p.id, sum(s.amount_pence) AS pence
          FROM core.spend_sum s JOIN core.spend_load l ON l.id = s.load_id JOIN core.payee p ON p.id = s.payee_id
         WHERE l.anchor_id = $1::bigint AND l.kind = 'payments' AND NOT p.redacted
         GROUP BY p.match_name, p.id) t
 ORDER BY match_name, pence DESC, id

-- name: load_tier2_loads
-- rows: many
-- doc: Tier-2 files of an anchor ($1 anchor id).
SELECT id FROM core.spend_load WHERE anchor_id = $1::bigint AND kind = 'tier2' ORDER BY id

-- name: load_below_nought
-- rows: opt
-- doc: An intermediary of an anchor's tier-2 files that has less than nothing left in a financial year
-- doc: ($1 anchor id, $2 ids of the tier-2 files).
SELECT p.name, t.fy, t.pence
  FROM (SELECT s.payee_id, s.fy, sum(s.amount_pence)::bigint AS pence
          FROM core.spend_sum s JOIN core.spend_load l ON l.id = s.load_id
         WHERE l.anchor_id = $1::bigint
           AND s.payee_id IN (SELECT i.payee_id FROM core.spend_line i WHERE i.load_id = ANY ($2::integer[]) AND i.line_no < 0)
         GROUP BY s.payee_id, s.fy) t
  JOIN core.payee p ON p.id = t.payee_id
 WHERE t.pence < 0
 ORDER BY t.pence LIMIT 1

-- name: load_look_begin
-- rows: one
-- doc: An anchor, and the highest ids in use, for a look at a file ($1 anchor reference).
SELECT a.id AS anchor_id, coalesce((SELECT max(id) FROM core.payee), 0) AS payee_top,
       coalesce((SELECT max(id) FROM core.spend_label), 0) AS label_top
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $1
