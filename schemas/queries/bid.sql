-- SPDX-License-Identifier: Apache-2.0
-- Bids as their suppliers see them, and what buyers see after opening.

-- name: bid_lock_supplier
-- rows: one
-- doc: Bids of one supplier take turns ($1 supplier).
SELECT id FROM core.supplier WHERE id = $1::bigint FOR NO KEY UPDATE

-- name: bid_notice
-- rows: one
-- doc: The tender a supplier bids for ($1 reference, $2 supplier, $3 person).
SELECT n.id, n.title, n.state, n.closes_at, n.reserved, n.quality_weight, n.social_weight,
       (SELECT x.ref FROM core.organisation x WHERE x.id = n.anchor_id) AS anchor_ref, o.ref AS supplier_ref,
       o.name AS supplier_name, coalesce(s.is_local, false) AS is_local, p.name AS person_name, p.email AS person_email,
       (SELECT coalesce(max(b.version), 0) + 1 FROM core.bid b
         WHERE b.notice_id = n.id AND b.supplier_id = s.id) AS next_version
  FROM core.notice n, core.supplier s
  JOIN core.organisation o ON o.id = s.id
  JOIN core.person p ON p.id = $3::bigint
 WHERE n.ref = $1 AND s.id = $2::bigint AND n.kind = 'tender' AND n.state <> 'draft'

-- name: bid_replace
-- rows: none
-- doc: The bid that counted so far counts no more ($1 notice, $2 supplier).
UPDATE core.bid SET state = 'replaced'
 WHERE notice_id = $1::bigint AND supplier_id = $2::bigint AND state = 'submitted'

-- name: bid_add
-- rows: none
-- doc: $1 reference, $2 notice, $3 supplier, $4 version, $5 price, $6 answer, $7 hash, $8 person, $9 when it was fully read.
INSERT INTO core.bid (ref, notice_id, supplier_id, version, state, price_pence, answer, content_hash, submitted_by,
    submitted_at)
VALUES ($1, $2::bigint, $3::bigint, $4::int, 'submitted', $5::bigint, $6, $7, $8::bigint, $9::timestamptz)

-- name: bid_add_commitment
-- rows: none
-- doc: A promise of a bid ($1 bid reference, $2 measure, $3 units, $4 how it will be shown).
INSERT INTO core.bid_commitment (bid_id, measure, units, evidence)
SELECT id, $2, $3::bigint, $4 FROM core.bid WHERE ref = $1

-- name: bid_add_rule
-- rows: none
-- doc: What a rule said of the bidder ($1 bid reference, $2 rule, $3 place, $4 title, $5 decision, $6 reason, $7 plugin or "").
INSERT INTO core.bid_rule (bid_id, rule, place, title, decision, reason, plugin)
SELECT id, $2, $3::smallint, $4, $5, $6, $7 FROM core.bid WHERE ref = $1

-- name: opened_bid_rules
-- rows: many
-- doc: What the rules said of a bidder, once bids are opened and never before ($1 bid reference, $2 anchor).
SELECT r.rule, r.title, r.decision, r.reason
  FROM core.bid_rule r
  JOIN core.bid b ON b.id = r.bid_id
  JOIN core.notice n ON n.id = b.notice_id
 WHERE b.ref = $1 AND n.anchor_id = $2::bigint AND n.state IN ('opened', 'awarded')
 ORDER BY r.place

-- name: bid_withdraw
-- rows: none
-- doc: Takes a bid back while bids are taken ($1 reference, $2 supplier, $3 now).
UPDATE core.bid b SET state = 'withdrawn'
  FROM core.notice n
 WHERE b.ref = $1 AND b.supplier_id = $2::bigint AND b.state = 'submitted' AND n.id = b.notice_id
   AND n.state IN ('published', 'closed') AND n.closes_at > $3::timestamptz

-- name: bid_receipt
-- rows: one
-- doc: A bid of a supplier with its notice and what came of it ($1 reference, $2 supplier).
SELECT b.ref, b.version, b.state, b.price_pence, b.answer, b.content_hash, b.submitted_at, p.name AS submitted_by,
       n.ref AS notice_ref, n.title, n.state AS notice_state, n.closes_at, n.quality_question, ao.name AS anchor_name,
       so.name AS supplier_name, w.bid_id IS NOT NULL AND w.bid_id = b.id AS won, w.reason AS award_reason
  FROM core.bid b
  JOIN core.notice n ON n.id = b.notice_id
  JOIN core.organisation ao ON ao.id = n.anchor_id
  JOIN core.organisation so ON so.id = b.supplier_id
  JOIN core.person p ON p.id = b.submitted_by
  LEFT JOIN core.award w ON w.notice_id = n.id
 WHERE b.ref = $1 AND b.supplier_id = $2::bigint

-- name: bid_commitments
-- rows: many
-- doc: Promises of a bid ($1 reference); who may see them is decided before.
SELECT k.measure, k.units, k.evidence
  FROM core.bid_commitment k JOIN core.bid b ON b.id = k.bid_id
 WHERE b.ref = $1
 ORDER BY k.measure

-- name: bids_of_supplier
-- rows: many
-- doc: Bids of a supplier, newest first ($1 supplier).
SELECT b.ref, b.version, b.state, b.price_pence, b.submitted_at, n.ref AS notice_ref, n.title,
       n.state AS notice_state, n.closes_at, ao.name AS anchor_name, w.bid_id IS NOT NULL AND w.bid_id = b.id AS won
  FROM core.bid b
  JOIN core.notice n ON n.id = b.notice_id
  JOIN core.organisation ao ON ao.id = n.anchor_id
  LEFT JOIN core.award w ON w.notice_id = n.id
 WHERE b.supplier_id = $1::bigint
 ORDER BY b.submitted_at DESC, b.id DESC
 LIMIT 500

-- name: bid_mine
-- rows: opt
-- doc: The bid of a supplier that counts for a notice ($1 notice reference, $2 supplier).
SELECT b.ref, b.price_pence, b.answer, b.submitted_at
  FROM core.bid b JOIN core.notice n ON n.id = b.notice_id
 WHERE n.ref = $1 AND b.supplier_id = $2::bigint AND b.state = 'submitted'

-- name: bid_scores_own
-- rows: many
-- doc: Scores of a bid, told to its supplier after the award ($1 reference, $2 supplier).
SELECT s.criterion, (s.points * 1000)::bigint AS points_milli, (s.max_points * 1000)::bigint AS max_milli, s.rationale
  FROM core.bid_score s
  JOIN core.bid b ON b.id = s.bid_id
  JOIN core.notice n ON n.id = b.notice_id
 WHERE b.ref = $1 AND b.supplier_id = $2::bigint AND n.state = 'awarded'
 ORDER BY s.criterion

-- name: notice_set_opened
-- rows: none
-- doc: Bids may be read from now on ($1 notice, $2 now).
UPDATE core.notice SET state = 'opened', opened_at = $2::timestamptz, updated_at = now() WHERE id = $1::bigint

-- name: notice_set_awarded
-- rows: none
-- doc: $1 notice, $2 now.
UPDATE core.notice SET state = 'awarded', awarded_at = $2::timestamptz, updated_at = now() WHERE id = $1::bigint

-- name: opened_notice
-- rows: one
-- doc: A notice of an anchor as the scoring pages need it ($1 reference, $2 anchor).
SELECT n.id, n.ref, n.title, n.kind, n.state, n.closes_at, n.opened_at, n.awarded_at, n.price_weight, n.quality_weight,
       n.social_weight, n.social_target_pence, n.quality_question, w.reason AS award_reason,
       w.value_pence AS award_pence, wb.ref AS award_bid_ref
  FROM core.notice n
  LEFT JOIN core.award w ON w.notice_id = n.id
  LEFT JOIN core.bid wb ON wb.id = w.bid_id
 WHERE n.ref = $1 AND n.anchor_id = $2::bigint

-- name: opened_bids
-- rows: many
-- doc: Bids that count, once they are opened and never before ($1 notice, $2 anchor).
SELECT b.id, b.ref, b.price_pence, b.answer, b.content_hash, b.submitted_at, o.name AS supplier_name, o.ref AS supplier_ref,
       p.name AS person_name, p.email AS person_email,
       (SELECT (points * 1000)::bigint FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'price') AS price_milli,
       (SELECT (points * 1000)::bigint FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'quality') AS quality_milli,
       (SELECT (points * 1000)::bigint FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'social') AS social_milli,
       (SELECT rationale FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'price') AS price_reason,
       (SELECT rationale FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'quality') AS quality_reason,
       (SELECT rationale FROM core.bid_score x WHERE x.bid_id = b.id AND x.criterion = 'social') AS social_reason
  FROM core.bid b
  JOIN core.notice n ON n.id = b.notice_id
  JOIN core.organisation o ON o.id = b.supplier_id
  JOIN core.person p ON p.id = b.submitted_by
 WHERE n.id = $1::bigint AND n.anchor_id = $2::bigint AND n.state IN ('opened', 'awarded') AND b.state = 'submitted'
 ORDER BY b.submitted_at, b.id

-- name: bid_score_put
-- rows: none
-- doc: $1 bid, $2 criterion, $3 points, $4 most points, $5 method, $6 reasons, $7 hash of what it was made from, $8 person or NULL, $9 now.
INSERT INTO core.bid_score (bid_id, criterion, points, max_points, method, rationale, inputs_hash, scored_by, scored_at)
VALUES ($1::bigint, $2, $3::numeric, $4::numeric, $5, $6, $7, $8::bigint, $9::timestamptz)
ON CONFLICT (bid_id, criterion) DO UPDATE
   SET points = excluded.points, max_points = excluded.max_points, method = excluded.method,
       rationale = excluded.rationale, inputs_hash = excluded.inputs_hash, scored_by = excluded.scored_by,
       scored_at = excluded.scored_at

-- name: award_add
-- rows: none
-- doc: The one award of a notice ($1 notice, $2 bid, $3 value, $4 reason, $5 person, $6 now).
INSERT INTO core.award (notice_id, bid_id, value_pence, reason, decided_by, decided_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4, $5::bigint, $6::timestamptz)
