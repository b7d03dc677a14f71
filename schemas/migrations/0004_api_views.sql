-- SPDX-License-Identifier: Apache-2.0
-- What plugins may read. A view never shows a person, an e-mail address or an unmatched payee's name.
SET search_path = core;

CREATE VIEW api.place AS
SELECT name, short_name, lad_codes FROM core.place;

CREATE VIEW api.ward AS
SELECT w.code, w.name FROM core.ward w, core.place p WHERE w.lad_code = ANY (p.lad_codes);

CREATE VIEW api.anchor AS
SELECT o.ref, o.name, a.sort FROM core.anchor a JOIN core.organisation o ON o.id = a.id;

CREATE VIEW api.supplier AS
SELECT o.ref, o.name, s.sector, CASE WHEN s.listed_from = '' THEN s.size ELSE '' END AS size, s.is_local, s.ward_code, s.lad_code,
       coalesce(t.decision, 'unknown') AS vcfse, coalesce(t.policy_class, '') AS vcfse_class
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse';

-- One row a year, anchor, payee and kind of payment (flow: ANC_FLOW_*). Payments count for the supplier that the payee, or
-- the payee it is another spelling of, is tied to, or that this one was merged into. supplier_ref is NULL when there is
-- none. Where the supplier is, is said as of now; host->spend->slice says it as of the day of each payment.
CREATE VIEW api.spend AS
WITH RECURSIVE root AS (
    SELECT id AS payee_id, id AS root_id, same_as, 0 AS steps FROM core.payee
    UNION ALL
    SELECT r.payee_id, p.id, p.same_as, r.steps + 1 FROM root r JOIN core.payee p ON p.id = r.same_as WHERE r.steps < 8
), merged AS (
    SELECT id AS supplier_id, id AS into_id, 0 AS steps FROM core.supplier
    UNION ALL
    SELECT m.supplier_id, x.into_id, m.steps + 1 FROM merged m JOIN core.supplier_merge x ON x.from_id = m.into_id
     WHERE x.undone_at IS NULL AND m.steps < 8
), last_merged AS (
    SELECT DISTINCT ON (supplier_id) supplier_id, into_id FROM merged ORDER BY supplier_id, steps DESC
), who AS (
    SELECT DISTINCT ON (r.payee_id) r.payee_id, m.into_id AS supplier_id
      FROM root r JOIN core.payee p ON p.id = r.root_id LEFT JOIN last_merged m ON m.supplier_id = p.supplier_id
     ORDER BY r.payee_id, r.steps DESC
), sums AS (
    SELECT x.fy, l.anchor_id, x.payee_id, x.flow, sum(x.amount_pence)::bigint AS amount_pence,
           sum(x.line_count)::bigint AS line_count, sum(x.credit_pence)::bigint AS credit_pence
      FROM core.spend_sum x JOIN core.spend_load l ON l.id = x.load_id
     GROUP BY x.fy, l.anchor_id, x.payee_id, x.flow
)
SELECT c.fy, ao.ref AS anchor_ref, ao.name AS anchor_name, c.payee_id, c.flow, c.amount_pence, c.line_count,
       c.credit_pence, p.redacted, so.ref AS supplier_ref, so.name AS supplier_name, s.sector,
       CASE WHEN s.listed_from = '' THEN s.size ELSE '' END AS size, s.is_local,
       s.ward_code, w.name AS ward_name, coalesce(t.decision, 'unknown') AS vcfse, coalesce(t.policy_class, '') AS vcfse_class
  FROM sums c
  JOIN core.organisation ao ON ao.id = c.anchor_id
  JOIN core.payee p ON p.id = c.payee_id
  LEFT JOIN who ON who.payee_id = c.payee_id
  LEFT JOIN core.supplier s ON s.id = who.supplier_id
  LEFT JOIN core.organisation so ON so.id = s.id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse';

CREATE VIEW api.spend_load AS
SELECT l.ref, o.ref AS anchor_ref, o.name AS anchor_name, l.file_name, l.accepted, l.rejected, l.undated, l.total_pence,
       l.loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id;

-- What is published: never a draft, never a bid.
CREATE VIEW api.notice AS
SELECT n.ref, o.ref AS anchor_ref, o.name AS anchor_name, n.kind, n.state, n.title, n.summary, n.cpv, n.contract_kind,
       n.procedure, n.value_low_pence, n.value_high_pence, n.suits_sme, n.suits_vcfse, n.reserved, n.fts_id, n.postcode,
       n.contract_start, n.contract_end, n.closes_at, n.published_at, n.awarded_at
  FROM core.notice n JOIN core.organisation o ON o.id = n.anchor_id
 WHERE n.state <> 'draft';

CREATE VIEW api.award AS
SELECT n.ref AS notice_ref, so.ref AS supplier_ref, so.name AS supplier_name, a.value_pence, a.decided_at
  FROM core.award a
  JOIN core.notice n ON n.id = a.notice_id
  JOIN core.bid b ON b.id = a.bid_id
  JOIN core.organisation so ON so.id = b.supplier_id;
