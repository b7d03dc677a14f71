-- SPDX-License-Identifier: Apache-2.0
-- Loading postcodes, wards and public registers: many rows a statement, as arrays of equal length.

-- name: load_place_lads
-- rows: many
-- doc: Local authority codes of the place.
SELECT unnest(lad_codes) AS code FROM core.place

-- name: load_postcodes
-- rows: none
-- doc: $1 postcodes, $2 local authorities, $3 wards, $4 eastings, $5 northings ("" unknown), $6 whether ended; the last of equal ones counts.
INSERT INTO core.postcode (pc, lad_code, ward_code, easting, northing, ended)
SELECT DISTINCT ON (u.pc) u.pc, u.lad, u.ward, nullif(u.east, '')::integer, nullif(u.north, '')::integer, u.ended
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[])
       WITH ORDINALITY AS u (pc, lad, ward, east, north, ended, nr)
 ORDER BY u.pc, u.nr DESC
ON CONFLICT (pc) DO UPDATE
   SET lad_code = excluded.lad_code, ward_code = excluded.ward_code, easting = excluded.easting,
       northing = excluded.northing, ended = excluded.ended

-- name: load_wards
-- rows: none
-- doc: $1 codes, $2 names, $3 local authorities ("" when the file does not say: taken from the postcodes).
INSERT INTO core.ward (code, name, lad_code)
SELECT DISTINCT ON (u.code) u.code, u.name,
       coalesce(nullif(u.lad, ''), (SELECT p.lad_code FROM core.postcode p WHERE p.ward_code = u.code LIMIT 1),
                (SELECT lad_codes[1] FROM core.place WHERE cardinality(lad_codes) = 1), '')
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS u (code, name, lad, nr)
 ORDER BY u.code, u.nr DESC
ON CONFLICT (code) DO UPDATE SET name = excluded.name, lad_code = excluded.lad_code

-- name: load_companies
-- rows: none
-- doc: $1 numbers, $2 names, $3 matching names, $4 categories, $5 states, $6 postcodes, $7 SIC codes parted by commas, $8 incorporated, $9 dissolved ("" unknown),
-- doc: $10 since when it has its name.
INSERT INTO core.company (number, name, match_name, category, status, postcode, sic, incorporated, dissolved, named_from)
SELECT DISTINCT ON (u.number) u.number, u.name, u.match_name, u.category, u.status, nullif(u.postcode, ''),
       string_to_array(u.sic, ','), nullif(u.begun, '')::date, nullif(u.over, '')::date, nullif(u.named, '')::date
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[])
       WITH ORDINALITY AS u (number, name, match_name, category, status, postcode, sic, begun, over, named, nr)
 ORDER BY u.number, u.nr DESC
ON CONFLICT (number) DO UPDATE
   SET name = excluded.name, match_name = excluded.match_name, category = excluded.category,
       status = excluded.status, postcode = excluded.postcode, sic = excluded.sic,
       incorporated = excluded.incorporated, dissolved = excluded.dissolved, named_from = excluded.named_from

-- name: load_company_names_clear
-- rows: none
-- doc: Names that companies had before are read anew ($1 numbers).
DELETE FROM core.company_name WHERE number = ANY ($1::text[])

-- name: load_company_names
-- rows: none
-- doc: $1 numbers, $2 names they had before, $3 matching names, $4 from ("" unknown), $5 until.
INSERT INTO core.company_name (number, name, match_name, from_day, until_day)
SELECT u.number, u.name, u.match_name, nullif(u.begun, '')::date, u.over::date
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS u (number, name, match_name, begun, over)
ON CONFLICT DO NOTHING

-- name: load_charities
-- rows: none
-- doc: $1 numbers, $2 names, $3 matching names, $4 states, $5 registered, $6 removed, $7 postcodes, $8 company numbers, $9 latest income in pence ("" unknown).
INSERT INTO core.charity (number, name, match_name, status, registered, removed, postcode, company_number,
                          latest_income_pence)
SELECT DISTINCT ON (u.number) u.number, u.name, u.match_name, u.status, nullif(u.begun, '')::date,
       nullif(u.over, '')::date, nullif(u.postcode, ''), nullif(u.company, ''), nullif(u.income, '')::bigint
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
       WITH ORDINALITY AS u (number, name, match_name, status, begun, over, postcode, company, income, nr)
 ORDER BY u.number, u.nr DESC
ON CONFLICT (number) DO UPDATE
   SET name = excluded.name, match_name = excluded.match_name, status = excluded.status,
       registered = excluded.registered, removed = excluded.removed, postcode = excluded.postcode,
       company_number = excluded.company_number, latest_income_pence = excluded.latest_income_pence

-- name: load_done
-- rows: none
-- doc: $1 kind, $2 file name, $3 SHA-256, $4 rows.
INSERT INTO core.data_load (kind, file_name, sha256, row_count) VALUES ($1, $2, $3, $4::bigint)
