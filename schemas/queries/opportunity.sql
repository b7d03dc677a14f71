-- SPDX-License-Identifier: Apache-2.0
-- Opportunities as anybody may see them, and the notices of a buyer.

-- name: opportunity_list
-- rows: many
-- doc: The board ($1 now, $2 words, $3 kind or "", $4 anchor reference or "", $5 open, closed, awarded, cancelled or all, $6 closing or newest, $7 limit, $8 offset).
WITH found AS (
    SELECT n.id, n.ref, n.title, n.summary, n.kind, n.state, n.closes_at, n.published_at, n.value_low_pence,
           n.value_high_pence, n.postcode, n.contract_start, n.contract_end, n.suits_sme, n.suits_vcfse, n.reserved,
           n.contract_kind, n.cpv, o.name AS anchor_name, o.ref AS anchor_ref,
           CASE WHEN n.state = 'published' AND n.kind = 'tender' AND n.closes_at <= $1::timestamptz THEN 'closed'
                WHEN n.state = 'opened' THEN 'closed'
                WHEN n.state = 'published' AND n.kind <> 'tender' THEN 'planned'
                WHEN n.state = 'published' THEN 'open' ELSE n.state END AS shown
      FROM core.notice n JOIN core.organisation o ON o.id = n.anchor_id
     WHERE n.state <> 'draft' AND ($3 = '' OR n.kind = $3) AND ($4 = '' OR o.ref = $4)
       AND NOT EXISTS (SELECT 1 FROM unnest(string_to_array(lower($2), ' ')) AS t(word)
                        WHERE t.word <> '' AND position(t.word IN lower(concat_ws(' ', n.title, n.summary, n.description,
                              o.name, array_to_string(n.cpv, ' ')))) = 0))
SELECT f.ref, f.title, f.summary, f.kind, f.shown, f.closes_at, f.published_at, f.value_low_pence, f.value_high_pence,
       f.postcode, f.contract_start, f.contract_end, f.suits_sme, f.suits_vcfse, f.reserved, f.contract_kind,
       array_to_string(f.cpv, ' ') AS cpv_text, f.anchor_name, f.anchor_ref, w.value_pence AS award_pence,
       wo.name AS winner_name, count(*) OVER () AS total
  FROM found f
  LEFT JOIN core.award w ON w.notice_id = f.id
  LEFT JOIN core.bid b ON b.id = w.bid_id
  LEFT JOIN core.organisation wo ON wo.id = b.supplier_id
 WHERE $5 = 'all' OR f.shown = $5 OR ($5 = 'open' AND f.shown = 'planned')
 ORDER BY CASE WHEN $6 = 'closing' THEN f.closes_at END ASC NULLS LAST, f.published_at DESC, f.id DESC
 LIMIT $7::bigint OFFSET $8::bigint

-- name: opportunity_next_close
-- rows: one
-- doc: When the next open tender closes: until then lists of open ones are right ($1 now).
SELECT min(closes_at) AS closes_at FROM core.notice
 WHERE state = 'published' AND kind = 'tender' AND closes_at > $1::timestamptz

-- name: opportunity_anchors
-- rows: many
-- doc: Who has notices to filter by.
SELECT o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY o.name

-- name: opportunity
-- rows: one
-- doc: A notice as anybody may see it ($1 reference, $2 now).
SELECT n.ref, n.title, n.summary, n.description, n.kind, n.state, n.contract_kind, n.procedure, n.value_low_pence,
       n.value_high_pence, n.suits_sme, n.suits_vcfse, n.reserved, n.fts_id, n.postcode, n.contract_start,
       n.contract_end, n.questions_by, n.closes_at, n.published_at, n.opened_at, n.awarded_at, n.cancelled_at,
       n.cancel_reason, n.price_weight, n.quality_weight, n.social_weight, n.social_target_pence, n.quality_question,
       array_to_string(n.cpv, ' ') AS cpv_text,
       n.state = 'published' AND n.kind = 'tender' AND n.closes_at > $2::timestamptz AS is_open,
       o.name AS anchor_name, o.ref AS anchor_ref, a.email AS anchor_email, a.web AS anchor_web, a.town AS anchor_town,
       w.value_pence AS award_pence, wo.name AS winner_name, wo.ref AS winner_ref, s.public AS winner_public,
       coalesce(s.is_local, false) AS winner_local
  FROM core.notice n
  JOIN core.organisation o ON o.id = n.anchor_id
  JOIN core.anchor a ON a.id = n.anchor_id
  LEFT JOIN core.award w ON w.notice_id = n.id
  LEFT JOIN core.bid b ON b.id = w.bid_id
  LEFT JOIN core.organisation wo ON wo.id = b.supplier_id
  LEFT JOIN core.supplier s ON s.id = b.supplier_id
 WHERE n.ref = $1 AND n.state <> 'draft'

-- name: buyer_counts
-- rows: one
-- doc: How many notices of an anchor are in which state ($1 anchor, $2 now).
SELECT count(*) AS n_all, count(*) FILTER (WHERE state = 'draft') AS n_draft,
       count(*) FILTER (WHERE state = 'published' AND (kind <> 'tender' OR closes_at > $2::timestamptz)) AS n_published,
       count(*) FILTER (WHERE state = 'closed' OR (state = 'published' AND kind = 'tender' AND closes_at <= $2::timestamptz))
           AS n_closed,
       count(*) FILTER (WHERE state = 'opened') AS n_opened, count(*) FILTER (WHERE state = 'awarded') AS n_awarded,
       count(*) FILTER (WHERE state = 'cancelled') AS n_cancelled
  FROM core.notice WHERE anchor_id = $1::bigint

-- name: buyer_notices
-- rows: many
-- doc: Notices of an anchor, last changed first ($1 anchor, $2 now, $3 state or "").
WITH mine AS (
    SELECT id, ref, title, kind, closes_at, updated_at, value_high_pence,
           CASE WHEN state = 'published' AND kind = 'tender' AND closes_at <= $2::timestamptz THEN 'closed' ELSE state END
               AS shown
      FROM core.notice WHERE anchor_id = $1::bigint)
SELECT ref, title, kind, closes_at, updated_at, value_high_pence, shown
  FROM mine
 WHERE $3 = '' OR shown = $3
 ORDER BY updated_at DESC, id DESC
 LIMIT 500

-- name: buyer_notice
-- rows: one
-- doc: A notice of an anchor with everything its editor fills in ($1 reference, $2 anchor).
SELECT n.ref, n.title, n.summary, n.description, n.kind, n.state, n.contract_kind, n.procedure, n.value_low_pence,
       n.value_high_pence, n.suits_sme, n.suits_vcfse, n.reserved, n.fts_id, n.postcode, n.contract_start,
       n.contract_end, n.closes_at, n.price_weight, n.quality_weight, n.social_weight, n.social_target_pence,
       n.quality_question, array_to_string(n.cpv, E'\n') AS cpv_text, n.published_at, n.opened_at, n.awarded_at,
       n.cancelled_at, n.cancel_reason
  FROM core.notice n WHERE n.ref = $1 AND n.anchor_id = $2::bigint
