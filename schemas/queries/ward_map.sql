-- SPDX-License-Identifier: Apache-2.0
-- Maps of the place: tiles and outlines of its wards.

-- name: ward_map_wards
-- rows: many
-- doc: Wards of the place with their tiles, as far as they were set.
SELECT w.code, w.name, t.col, t.line
  FROM core.ward w LEFT JOIN core.ward_tile t ON t.ward_code = w.code
 WHERE w.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
 ORDER BY w.code

-- name: ward_map_centres
-- rows: many
-- doc: Middle of the live postcodes of each ward of the place, in metres.
SELECT p.ward_code, avg(p.easting)::bigint AS east, avg(p.northing)::bigint AS north
  FROM core.postcode p
 WHERE p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')) AND NOT p.ended
   AND p.easting IS NOT NULL AND p.northing IS NOT NULL
 GROUP BY p.ward_code ORDER BY p.ward_code

-- name: ward_map_shapes
-- rows: many
-- doc: Outlines of the wards of the place.
SELECT w.code, w.name, s.rings
  FROM core.ward_shape s JOIN core.ward w ON w.code = s.ward_code
 WHERE w.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
 ORDER BY w.code

-- name: ward_map_set_shapes
-- rows: none
-- doc: Outlines of wards of the place anew ($1 codes, $2 rings as JSON texts); other codes are left out.
INSERT INTO core.ward_shape (ward_code, rings)
SELECT DISTINCT ON (t.code) t.code, t.rings::jsonb
  FROM unnest($1::text[], $2::text[]) AS t (code, rings) JOIN core.ward w ON w.code = t.code
 WHERE w.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
 ORDER BY t.code
ON CONFLICT (ward_code) DO UPDATE SET rings = EXCLUDED.rings

-- name: ward_map_clear_tiles
-- rows: none
-- doc: Tiles of the place go.
DELETE FROM core.ward_tile

-- name: ward_map_set_tiles
-- rows: none
-- doc: Tiles of wards ($1 codes, $2 columns, $3 lines).
INSERT INTO core.ward_tile (ward_code, col, line)
SELECT t.code, t.col, t.line FROM unnest($1::text[], $2::smallint[], $3::smallint[]) AS t (code, col, line)
