-- SPDX-License-Identifier: Apache-2.0
-- Rows of the invented demo place that no page can make: times in the past, states reached long ago.

-- name: demo_lock
-- rows: one
-- doc: One loader at a time, until the transaction ends.
SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('anchorage demo', 0))

-- name: demo_place_add
-- rows: none
-- doc: The place: a real borough, everything else in it invented.
INSERT INTO core.place (name, short_name, lad_codes, region, operator, contact_email, contact_phone, is_demo)
VALUES ('Wigan Borough', 'Wigan', '{E08000010}', 'North West', 'Douglas Valley Council (invented for this demonstration)',
        'hello@marketplace.example.org', '01632 960100', true)

-- name: demo_ward_add
-- rows: none
-- doc: $1 code, $2 name.
INSERT INTO core.ward (code, name, lad_code) VALUES ($1, $2, 'E08000010')

-- name: demo_postcode_add
-- rows: none
-- doc: $1 postcode, $2 local authority, $3 ward.
INSERT INTO core.postcode (pc, lad_code, ward_code) VALUES ($1, $2, $3)

-- name: demo_org_add
-- rows: one
-- doc: $1 reference, $2 kind, $3 name, $4 when.
INSERT INTO core.organisation (ref, kind, name, created_at) VALUES ($1, $2, $3, $4::timestamptz) RETURNING id

-- name: demo_anchor_add
-- rows: none
-- doc: $1 organisation, $2 sort, $3 address, $4 town, $5 postcode, $6 e-mail, $7 web.
INSERT INTO core.anchor (id, sort, address1, town, postcode, email, web) VALUES ($1::bigint, $2, $3, $4, $5, $6, $7)

-- name: demo_company_add
-- rows: none
-- doc: $1 number, $2 name, $3 matching name, $4 category, $5 status, $6 postcode, $7 incorporated, $8 dissolved or NULL.
INSERT INTO core.company (number, name, match_name, category, status, postcode, incorporated, dissolved)
VALUES ($1, $2, $3, $4, $5, $6, $7::date, $8::date)

-- name: demo_charity_add
-- rows: none
-- doc: $1 number, $2 name, $3 matching name, $4 registered, $5 postcode, $6 company number or NULL, $7 income in pence.
INSERT INTO core.charity (number, name, match_name, status, registered, postcode, company_number, latest_income_pence)
VALUES ($1, $2, $3, 'Registered', $4::date, $5, $6, $7::bigint)

-- name: demo_notice_add
-- rows: one
-- doc: A notice as it was when it was written or published ($1 reference, $2 anchor, $3 kind, $4 state, $5 title, $6 summary, $7 description, $8 CPV, $9 contract, $10 procedure, $11 low, $12 high, $13 reserved, $14 Find a Tender number, $15 postcode, $16 start, $17 end, $18 closes, $19 published, $20 price, $21 quality, $22 social, $23 target, $24 question, $25 person, $26 created).
INSERT INTO core.notice (ref, anchor_id, kind, state, title, summary, description, cpv, contract_kind, procedure,
    value_low_pence, value_high_pence, reserved, fts_id, postcode, contract_start, contract_end, closes_at, published_at,
    price_weight, quality_weight, social_weight, social_target_pence, quality_question, created_by, created_at, updated_at)
VALUES ($1, $2::bigint, $3, $4, $5, $6, $7, $8::text[], $9, $10, $11::bigint, $12::bigint, $13, $14, $15, $16::date, $17::date,
    $18::timestamptz, $19::timestamptz, $20::smallint, $21::smallint, $22::smallint, $23::bigint, $24, $25::bigint,
    $26::timestamptz, coalesce($19::timestamptz, $26::timestamptz))
RETURNING id

-- name: demo_notice_becomes
-- rows: none
-- doc: Time goes on for a notice ($1 id, $2 state, $3 closes, $4 opened or NULL, $5 awarded or NULL, $6 changed).
UPDATE core.notice SET state = $2, closes_at = $3::timestamptz, opened_at = $4::timestamptz, awarded_at = $5::timestamptz,
       updated_at = $6::timestamptz
 WHERE id = $1::bigint

-- name: demo_bids_of
-- rows: many
-- doc: Bids of a notice with all that scoring needs ($1 notice).
SELECT id, ref, price_pence FROM core.bid WHERE notice_id = $1::bigint AND state = 'submitted' ORDER BY id

-- name: demo_event_add
-- rows: one
-- doc: $1 reference, $2 anchor, $3 title, $4 summary, $5 description, $6 venue, $7 postcode, $8 starts, $9 ends, $10 places, $11 created, $12 agenda.
INSERT INTO core.event (ref, anchor_id, title, summary, description, venue, postcode, starts_at, ends_at, places, created_at,
    agenda)
VALUES ($1, $2::bigint, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz, $10::int, $11::timestamptz, $12)
RETURNING id

-- name: demo_booking_add
-- rows: none
-- doc: $1 event, $2 supplier, $3 person, $4 state, $5 needs, $6 hopes, $7 when.
INSERT INTO core.event_booking (event_id, supplier_id, person_id, state, needs, hopes, booked_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4, $5, $6, $7::timestamptz)

-- name: demo_load_add
-- rows: one
-- doc: A load of payments ($1 reference, $2 anchor, $3 file, $4 SHA-256, $5 accepted, $6 rejected, $7 pence, $8 when, $9 hidden names,
-- doc: $10 credits, $11 first day, $12 last day).
INSERT INTO core.spend_load (ref, anchor_id, file_name, sha256, layout, accepted, rejected, undated, total_pence, loaded_at,
                             redacted, negative, first_day, last_day, rules)
VALUES ($1, $2::bigint, $3, $4, 'payments, 4 columns, headings on row 1', $5::bigint, $6::bigint, 0, $7::bigint, $8::timestamptz,
        $9::bigint, $10::bigint, $11::date, $12::date, 'demo')
RETURNING id

-- name: demo_payees_add
-- rows: many
-- doc: Payees of the demo place ($1 matching names, $2 names, $3 hidden), with the place of each in the list, from 1. Ledgers know
-- doc: the postcode of those who are listed here, and of nine in ten others, who are elsewhere.
WITH far AS (SELECT pc, row_number() OVER (ORDER BY pc) AS no, count(*) OVER () AS n
               FROM core.postcode WHERE NOT lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))),
     t AS (SELECT t.k, t.n, t.h, t.place,
                  coalesce((SELECT min(s.postcode) FROM core.supplier s WHERE s.match_name = t.k AND NOT t.h HAVING count(*) = 1),
                           (SELECT f.pc FROM far f WHERE f.no = 1 + t.place % f.n AND NOT t.h AND t.place % 10 <> 0
                               AND NOT EXISTS (SELECT 1 FROM core.supplier s WHERE s.match_name = t.k)), '') AS pc
             FROM unnest($1::text[], $2::text[], $3::boolean[]) WITH ORDINALITY AS t (k, n, h, place)),
     made AS (INSERT INTO core.payee (match_name, ident, name, postcode, redacted, lad_code, ward_code, is_local)
              SELECT t.k, CASE WHEN t.pc = '' THEN '' ELSE 'P' || t.pc END, t.n, t.pc, t.h, p.lad_code, p.ward_code,
                     p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
                FROM t LEFT JOIN core.postcode p ON p.pc = t.pc
               ORDER BY t.place
              ON CONFLICT (match_name, ident) DO NOTHING
              RETURNING id, match_name)
SELECT t.place, m.id FROM t JOIN made m ON m.match_name = t.k

-- name: demo_payees_tie
-- rows: none
-- doc: Ties payees to the suppliers of their name and postcode, as the rules would ($1 when).
WITH pair AS (SELECT p.id, s.id AS supplier_id FROM core.payee p
                JOIN core.supplier s ON s.match_name = p.match_name AND s.postcode = p.postcode WHERE NOT p.redacted),
     told AS (INSERT INTO core.payee_decision (payee_id, what, supplier_id, method, score_milli, reason, at)
              SELECT id, 'tie', supplier_id, 'exact_name_postcode', 950, 'The name and the postcode are the same.', $1::timestamptz
                FROM pair ORDER BY id RETURNING payee_id)
UPDATE core.payee p
   SET supplier_id = pair.supplier_id, match_state = 'tied', match_rule = 'exact_name_postcode', match_score = 950,
       matched_at = $1::timestamptz
  FROM pair WHERE p.id = pair.id AND p.id IN (SELECT payee_id FROM told)

-- name: demo_labels_add
-- rows: many
-- doc: Labels of the demo's payments ($1 categories), with the place of each in the list, from 1.
WITH t AS (SELECT t.category, t.place FROM unnest($1::text[]) WITH ORDINALITY AS t (category, place)),
     made AS (INSERT INTO core.spend_label (id, category, purpose, department)
              SELECT row_number() OVER (ORDER BY min(place))::integer, category, '', '' FROM t GROUP BY category
              RETURNING id, category)
SELECT t.place, m.id FROM t JOIN made m USING (category)

-- name: demo_sums_make
-- rows: none
-- doc: Sums of all loads.
INSERT INTO core.spend_sum (load_id, fy, payee_id, flow, amount_pence, line_count, credit_pence)
SELECT load_id, fy, payee_id, flow, sum(amount_pence)::bigint, count(*),
       coalesce(sum(amount_pence) FILTER (WHERE amount_pence < 0), 0)::bigint
  FROM core.spend_line GROUP BY load_id, fy, payee_id, flow ORDER BY load_id

-- name: demo_story_officer
-- rows: opt
-- doc: The officer of the demo place.
SELECT p.id, p.name, m.org_id FROM core.membership m JOIN core.person p ON p.id = m.person_id WHERE m.role = 'officer' ORDER BY p.id LIMIT 1

-- name: demo_story_anchors
-- rows: many
-- doc: Anchors of the demo place in the order they were made.
SELECT o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY a.id

-- name: demo_story_firms
-- rows: many
-- doc: Local companies of the demo place that were paid under their own name.
SELECT o.ref, o.name, s.postcode
  FROM core.supplier s JOIN core.organisation o ON o.id = s.id
 WHERE s.is_local AND o.name LIKE '% Ltd' AND EXISTS (SELECT 1 FROM core.payee p WHERE p.supplier_id = s.id)
 ORDER BY s.id LIMIT 40

-- name: demo_story_register
-- rows: none
-- doc: Most companies that are paid and not listed here stand in the register of companies: five in six with the postcode that the
-- doc: ledgers know, the others with another one; one in twelve is not in it at all.
INSERT INTO core.company (number, name, match_name, category, status, postcode, incorporated, dissolved)
SELECT to_char(99300000 + t.no, 'FM00000000'), upper(t.name), t.match_name, 'Private Limited Company', 'Active',
       CASE WHEN t.no % 6 = 1 OR t.postcode = '' THEN (SELECT min(pc) FROM core.postcode) ELSE t.postcode END, '2011-05-09', NULL
  FROM (SELECT p.name, p.match_name, p.postcode, row_number() OVER (ORDER BY p.id) AS no
          FROM core.payee p WHERE p.supplier_id IS NULL AND NOT p.redacted) t
 WHERE t.no % 12 <> 0
ON CONFLICT DO NOTHING

-- name: demo_story_open
-- rows: many
-- doc: Payees that are tied to nobody.
SELECT id FROM core.payee WHERE supplier_id IS NULL AND NOT redacted ORDER BY id

-- name: demo_story_month
-- rows: many
-- doc: Payments of an anchor in a month whose payee has a name and a postcode ($1 anchor reference, $2 first day, $3 most).
SELECT p.name, p.postcode, to_char(l.paid_on, 'DD/MM/YYYY') AS paid_on, l.amount_pence, b.category
  FROM core.spend_line l
  JOIN core.spend_load f ON f.id = l.load_id
  JOIN core.organisation o ON o.id = f.anchor_id
  JOIN core.payee p ON p.id = l.payee_id
  JOIN core.spend_label b ON b.id = l.label_id
 WHERE o.ref = $1 AND l.paid_on >= $2::date AND l.paid_on < $2::date + interval '1 month' AND NOT p.redacted AND p.postcode <> ''
 ORDER BY l.load_id, l.line_no LIMIT $3::integer

-- name: demo_story_payee
-- rows: opt
-- doc: The payee of a name ($1) that is not tied to anybody yet.
SELECT id FROM core.payee WHERE name = $1 AND supplier_id IS NULL ORDER BY id DESC LIMIT 1

-- name: demo_story_supplier
-- rows: opt
-- doc: The listing of a company number ($1).
SELECT o.ref FROM core.supplier s JOIN core.organisation o ON o.id = s.id WHERE s.company_number = $1 ORDER BY s.id LIMIT 1
