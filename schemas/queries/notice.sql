-- SPDX-License-Identifier: Apache-2.0
-- Notices as buyers write them and exporters take them.

-- name: notice_add
-- rows: none
-- doc: A new draft; parameters in the order of struct notice_input, after reference and anchor; last the person.
INSERT INTO core.notice (ref, anchor_id, kind, state, title, summary, description, cpv, contract_kind, procedure,
    value_low_pence, value_high_pence, suits_sme, suits_vcfse, reserved, fts_id, postcode, contract_start, contract_end,
    closes_at, price_weight, quality_weight, social_weight, social_target_pence, quality_question, rules, created_by)
VALUES ($1, $2::bigint, $3, 'draft', $4, $5, $6, $7::text[], $8, $9, $10::bigint, $11::bigint, $12::boolean, $13::boolean,
    $14, $15, $16, $17::date, $18::date, $19::timestamptz, $20::smallint, $21::smallint, $22::smallint, $23::bigint, $24,
    $25::text[], $26::bigint)

-- name: notice_change
-- rows: none
-- doc: Changes a draft of an anchor; parameters as for notice_add without the person.
UPDATE core.notice SET kind = $3, title = $4, summary = $5, description = $6, cpv = $7::text[], contract_kind = $8,
    procedure = $9, value_low_pence = $10::bigint, value_high_pence = $11::bigint, suits_sme = $12::boolean,
    suits_vcfse = $13::boolean, reserved = $14, fts_id = $15, postcode = $16, contract_start = $17::date,
    contract_end = $18::date, closes_at = $19::timestamptz, price_weight = $20::smallint, quality_weight = $21::smallint,
    social_weight = $22::smallint, social_target_pence = $23::bigint, quality_question = $24, rules = $25::text[],
    updated_at = now()
 WHERE ref = $1 AND anchor_id = $2::bigint AND state = 'draft'

-- name: notice_delete_draft
-- rows: none
-- doc: Takes away a draft of an anchor ($1 reference, $2 anchor).
DELETE FROM core.notice WHERE ref = $1 AND anchor_id = $2::bigint AND state = 'draft'

-- name: notice_lock
-- rows: one
-- doc: A notice of an anchor, locked for a change of state ($1 reference, $2 anchor).
SELECT n.id, n.kind, n.state, n.title, n.closes_at, n.price_weight, n.quality_weight, n.social_weight,
       n.social_target_pence, (SELECT o.ref FROM core.organisation o WHERE o.id = n.anchor_id) AS anchor_ref
  FROM core.notice n WHERE n.ref = $1 AND n.anchor_id = $2::bigint FOR UPDATE

-- name: notice_facts
-- rows: one
-- doc: What the rules of publishing look at ($1 reference, $2 anchor).
SELECT n.kind, n.summary, n.description, n.procedure, n.contract_kind, n.reserved, n.fts_id, a.sort AS anchor_sort,
       n.quality_question, cardinality(n.cpv) AS cpv_count, n.value_high_pence, n.closes_at, n.contract_start,
       n.contract_end, n.quality_weight, n.social_weight, n.social_target_pence
  FROM core.notice n JOIN core.anchor a ON a.id = n.anchor_id
 WHERE n.ref = $1 AND n.anchor_id = $2::bigint

-- name: notice_rules_own
-- rows: many
-- doc: Eligibility rules of a notice of an anchor, in order ($1 reference, $2 anchor).
SELECT t.rule::text AS rule
  FROM core.notice n CROSS JOIN LATERAL unnest(n.rules) WITH ORDINALITY AS t(rule, place)
 WHERE n.ref = $1 AND n.anchor_id = $2::bigint
 ORDER BY t.place

-- name: notice_rules
-- rows: many
-- doc: Eligibility rules of a notice that is no draft, in order ($1 reference).
SELECT t.rule::text AS rule
  FROM core.notice n CROSS JOIN LATERAL unnest(n.rules) WITH ORDINALITY AS t(rule, place)
 WHERE n.ref = $1 AND n.state <> 'draft'
 ORDER BY t.place

-- name: notice_set_published
-- rows: none
-- doc: Publishes ($1 reference).
UPDATE core.notice SET state = 'published', published_at = now(), updated_at = now() WHERE ref = $1

-- name: notice_set_cancelled
-- rows: none
-- doc: Cancels ($1 reference, $2 reason).
UPDATE core.notice SET state = 'cancelled', cancelled_at = now(), cancel_reason = $2, updated_at = now() WHERE ref = $1

-- name: notice_bidders
-- rows: many
-- doc: People to tell: who submitted a bid that counts ($1 reference).
SELECT DISTINCT p.email, p.name
  FROM core.bid b JOIN core.notice n ON n.id = b.notice_id JOIN core.person p ON p.id = b.submitted_by
 WHERE n.ref = $1 AND b.state = 'submitted'

-- name: notice_export
-- rows: many
-- doc: Everything an exporter may say ($1 reference; NULL: all that are not drafts; $2 anchor whose draft it may be, or NULL).
SELECT n.ref, n.title, n.description, n.kind, n.state, n.procedure, n.contract_kind, n.fts_id, n.value_low_pence,
       n.value_high_pence, n.suits_sme, n.suits_vcfse, n.created_at, n.updated_at, n.published_at, n.closes_at,
       n.contract_start, n.contract_end, n.postcode, array_to_string(n.cpv, ' ') AS cpv_text,
       coalesce((SELECT region FROM core.place), '') AS region,
       o.name AS buyer_name, a.email AS buyer_email, a.address1 AS buyer_address, a.town AS buyer_town,
       a.postcode AS buyer_postcode, a.web AS buyer_web,
       w.value_pence AS award_pence, w.decided_at AS awarded_at, wo.name AS winner_name,
       concat_ws(E'\n', nullif(s.address1, ''), nullif(s.town, ''), s.postcode) AS winner_address,
       s.company_number AS winner_company, s.charity_number AS winner_charity, s.size <> 'large' AS winner_sme,
       coalesce(t.decision = 'yes', false) AS winner_vcfse
  FROM core.notice n
  JOIN core.organisation o ON o.id = n.anchor_id
  JOIN core.anchor a ON a.id = n.anchor_id
  LEFT JOIN core.award w ON w.notice_id = n.id
  LEFT JOIN core.bid b ON b.id = w.bid_id
  LEFT JOIN core.supplier s ON s.id = b.supplier_id
  LEFT JOIN core.organisation wo ON wo.id = s.id
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE ($1::text IS NULL OR n.ref = $1)
   AND CASE WHEN $2::bigint IS NULL THEN n.state <> 'draft' ELSE n.state = 'draft' AND n.anchor_id = $2::bigint END
 ORDER BY n.published_at DESC, n.id DESC
 LIMIT 5000
