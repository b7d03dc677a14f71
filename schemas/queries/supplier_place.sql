-- SPDX-License-Identifier: Apache-2.0
-- Where suppliers were, and from when.

-- name: supplier_place_moved
-- rows: none
-- doc: The address a supplier has now ($1 id) holds from this day on ($2), when it is another than so far. The first one, put
-- doc: right on the day it was given, stays the first.
WITH s AS (SELECT id, postcode, lad_code, ward_code, is_local FROM core.supplier WHERE id = $1::bigint AND postcode <> ''),
     last AS (SELECT p.postcode, p.from_day, (p.set_at AT TIME ZONE 'Europe/London')::date AS set_on
                FROM core.supplier_place p JOIN s ON s.id = p.supplier_id
               WHERE p.kind = 'invoice' ORDER BY p.from_day DESC LIMIT 1)
INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, lad_code, ward_code, is_local)
SELECT s.id, 'invoice', CASE WHEN last.from_day = '0001-01-01' AND last.set_on = $2::date THEN last.from_day ELSE $2::date END,
       s.postcode, s.lad_code, s.ward_code, s.is_local
  FROM s JOIN last ON last.postcode <> s.postcode
ON CONFLICT (supplier_id, kind, from_day) DO UPDATE
   SET postcode = excluded.postcode, lad_code = excluded.lad_code, ward_code = excluded.ward_code,
       is_local = excluded.is_local, set_at = excluded.set_at

-- name: supplier_place_registered
-- rows: none
-- doc: Registered offices of suppliers by the registers of companies and charities, from this day on where there was another
-- doc: ($1 supplier or 0 for all, $2 day).
WITH want AS (SELECT s.id, coalesce(nullif(c.postcode, ''), h.postcode) AS pc
                FROM core.supplier s
                LEFT JOIN core.company c ON c.number = s.company_number AND s.company_number <> ''
                LEFT JOIN core.charity h ON h.number = s.charity_number AND s.charity_number <> ''
               WHERE $1::bigint IN (0, s.id)),
     last AS (SELECT DISTINCT ON (supplier_id) supplier_id, postcode FROM core.supplier_place
               WHERE kind = 'registered' AND $1::bigint IN (0, supplier_id) ORDER BY supplier_id, from_day DESC)
INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, lad_code, ward_code, is_local)
SELECT w.id, 'registered', CASE WHEN last.supplier_id IS NULL THEN '0001-01-01' ELSE $2::date END, w.pc, p.lad_code,
       p.ward_code, p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
  FROM want w
  LEFT JOIN last ON last.supplier_id = w.id
  LEFT JOIN core.postcode p ON p.pc = w.pc
 WHERE w.pc <> '' AND w.pc IS DISTINCT FROM last.postcode
ON CONFLICT (supplier_id, kind, from_day) DO UPDATE
   SET postcode = excluded.postcode, lad_code = excluded.lad_code, ward_code = excluded.ward_code,
       is_local = excluded.is_local, set_at = excluded.set_at

-- name: supplier_place_declare
-- rows: none
-- doc: Where a supplier's work is really done ($1 supplier reference, $2 day, $3 postcode, $4 evidence, $5 who says so, $6 now).
INSERT INTO core.supplier_place (supplier_id, kind, from_day, postcode, lad_code, ward_code, is_local, evidence, set_by, set_at)
SELECT s.id, 'operations', $2::date, $3, p.lad_code, p.ward_code,
       p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')), $4, $5::bigint, $6::timestamptz
  FROM core.organisation o JOIN core.supplier s ON s.id = o.id LEFT JOIN core.postcode p ON p.pc = $3
 WHERE o.ref = $1
ON CONFLICT (supplier_id, kind, from_day) DO UPDATE
   SET postcode = excluded.postcode, lad_code = excluded.lad_code, ward_code = excluded.ward_code,
       is_local = excluded.is_local, evidence = excluded.evidence, set_by = excluded.set_by, set_at = excluded.set_at

-- name: supplier_place_locate_all
-- rows: none
-- doc: After postcodes were loaded: every place of suppliers again.
UPDATE core.supplier_place x
   SET lad_code = f.lad_code, ward_code = f.ward_code, is_local = f.is_local
  FROM (SELECT y.supplier_id, y.kind, y.from_day, p.lad_code, p.ward_code,
               p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')) AS is_local
          FROM core.supplier_place y LEFT JOIN core.postcode p ON p.pc = y.postcode) f
 WHERE (x.supplier_id, x.kind, x.from_day) = (f.supplier_id, f.kind, f.from_day)
   AND (x.lad_code, x.ward_code, x.is_local) IS DISTINCT FROM (f.lad_code, f.ward_code, f.is_local)

-- name: payee_locate_all
-- rows: none
-- doc: The same for payees whose postcode stands in the payments file.
UPDATE core.payee x
   SET lad_code = f.lad_code, ward_code = f.ward_code, is_local = f.is_local
  FROM (SELECT y.id, p.lad_code, p.ward_code,
               p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')) AS is_local
          FROM core.payee y LEFT JOIN core.postcode p ON p.pc = y.postcode
         WHERE y.postcode <> '') f
 WHERE x.id = f.id AND (x.lad_code, x.ward_code, x.is_local) IS DISTINCT FROM (f.lad_code, f.ward_code, f.is_local)
