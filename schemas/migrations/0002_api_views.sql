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
SELECT o.ref, o.name, s.sector, s.size, s.is_local, s.ward_code, s.lad_code,
       coalesce(t.decision, 'unknown') AS vcfse
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse';

-- One row a year, anchor and payee. supplier_ref is NULL when the payee is not matched to a registered supplier.
CREATE VIEW api.spend AS
SELECT c.fy, ao.ref AS anchor_ref, ao.name AS anchor_name, c.payee_id, c.amount_pence, c.line_count, p.redacted,
       so.ref AS supplier_ref, so.name AS supplier_name, s.sector, s.is_local, s.ward_code, w.name AS ward_name,
       coalesce(t.decision, 'unknown') AS vcfse
  FROM core.spend_cell c
  JOIN core.organisation ao ON ao.id = c.anchor_id
  JOIN core.payee p ON p.id = c.payee_id
  LEFT JOIN core.supplier s ON s.id = p.supplier_id
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
