-- SPDX-License-Identifier: Apache-2.0
-- Spend as the public sees it: what can be chosen, and the files the figures rest on.

-- name: public_spend_bodies
-- rows: many
-- doc: Public bodies by name.
SELECT o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY o.name, o.id

-- name: public_spend_years
-- rows: many
-- doc: Financial years that hold payments, latest first.
SELECT DISTINCT fy FROM core.spend_leaf ORDER BY fy DESC

-- name: public_spend_wards
-- rows: many
-- doc: Wards of the place by name.
SELECT code, name FROM core.ward
 WHERE lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
 ORDER BY name, code

-- name: public_spend_basis
-- rows: one
-- doc: What the figures rest on: loads, their lines and sum, and when the last came in ($1 anchor reference or NULL).
SELECT count(*) AS loads, coalesce(sum(l.accepted), 0)::bigint AS lines, coalesce(sum(l.total_pence), 0)::bigint AS total_pence,
       count(DISTINCT l.anchor_id) AS anchors, max(l.loaded_at) AS loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE $1::text IS NULL OR o.ref = $1

-- name: public_spend_files
-- rows: many
-- doc: Loads, newest first ($1 anchor reference or NULL, $2 how many).
SELECT o.name AS anchor, l.file_name, l.accepted, l.total_pence, l.loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE $1::text IS NULL OR o.ref = $1
 ORDER BY l.loaded_at DESC, l.id DESC LIMIT $2::bigint

-- name: public_spend_named
-- rows: many
-- doc: Those of some suppliers that may be named to the public beside what they were paid: a company or a charity by its
-- doc: number, so no person, and from a register or on the public list ($1 their references).
SELECT o.ref FROM core.supplier s JOIN core.organisation o ON o.id = s.id
 WHERE o.ref = ANY ($1::text[]) AND (s.public OR s.listed_from <> '') AND (s.company_number <> '' OR s.charity_number <> '')
