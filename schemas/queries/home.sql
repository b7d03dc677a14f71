-- SPDX-License-Identifier: Apache-2.0
-- The home page: live figures, newest opportunities, next events.

-- name: home_figures
-- rows: one
-- doc: Counts for the first page; spend is of the latest financial year that has any ($1 now).
WITH year AS (SELECT max(fy) AS fy FROM core.spend_sum),
     cells AS (SELECT c.amount_pence, c.payee_id, s.is_local, t.decision
                 FROM core.spend_sum c
                 JOIN year y ON y.fy = c.fy
                 JOIN core.payee p ON p.id = c.payee_id
                 LEFT JOIN core.supplier s ON s.id = p.supplier_id
                 LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse')
SELECT (SELECT count(*) FROM core.notice
         WHERE state = 'published' AND (kind <> 'tender' OR closes_at > $1::timestamptz)) AS open_notices,
       (SELECT count(*) FROM core.supplier WHERE public) AS suppliers,
       (SELECT count(*) FROM core.supplier WHERE public AND is_local) AS local_suppliers,
       (SELECT count(*) FROM core.event WHERE state = 'open' AND starts_at > $1::timestamptz) AS events,
       (SELECT count(*) FROM core.anchor) AS anchors,
       (SELECT fy FROM year) AS fy,
       (SELECT coalesce(sum(amount_pence), 0)::bigint FROM cells) AS spend_pence,
       (SELECT coalesce(sum(amount_pence), 0)::bigint FROM cells WHERE is_local) AS local_pence,
       (SELECT coalesce(sum(amount_pence), 0)::bigint FROM cells WHERE decision = 'yes') AS vcfse_pence,
       (SELECT max(loaded_at) FROM core.spend_load) AS spend_as_of

-- name: home_notices
-- rows: many
-- doc: The newest three open notices ($1 now).
SELECT n.ref, n.title, n.summary, n.kind, n.closes_at, n.value_low_pence, n.value_high_pence, o.name AS anchor_name
  FROM core.notice n JOIN core.organisation o ON o.id = n.anchor_id
 WHERE n.state = 'published' AND (n.kind <> 'tender' OR n.closes_at > $1::timestamptz)
 ORDER BY n.published_at DESC, n.id DESC
 LIMIT 3

-- name: home_events
-- rows: many
-- doc: The next two events ($1 now).
SELECT ref, title, summary, starts_at, venue FROM core.event
 WHERE state = 'open' AND starts_at > $1::timestamptz
 ORDER BY starts_at, id
 LIMIT 2

-- name: home_anchors
-- rows: many
-- doc: Who buys here.
SELECT o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY o.name

-- name: home_place
-- rows: opt
-- doc: The words of the place.
SELECT name, short_name, operator, contact_email, contact_phone, is_demo FROM core.place
