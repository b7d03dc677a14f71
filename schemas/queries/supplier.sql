-- SPDX-License-Identifier: Apache-2.0
-- Suppliers: their own entry, where they are, what taggers say, the directory.

-- name: supplier_org_add
-- rows: one
-- doc: $1 reference, $2 name.
INSERT INTO core.organisation (ref, kind, name) VALUES ($1, 'supplier', $2) RETURNING id

-- name: supplier_org_rename
-- rows: one
-- doc: $1 supplier, $2 name.
UPDATE core.organisation SET name = $2 WHERE id = $1::bigint AND kind = 'supplier' RETURNING ref

-- name: supplier_put
-- rows: none
-- doc: New or changed entry ($1 id, $2 matching name, then as in struct supplier_input after the name).
INSERT INTO core.supplier (id, match_name, summary, sector, address1, town, postcode, company_number, charity_number,
                           size, phone, email, web, says_vcfse, public)
VALUES ($1::bigint, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::boolean, $15::boolean)
ON CONFLICT (id) DO UPDATE
   SET match_name = excluded.match_name, summary = excluded.summary, sector = excluded.sector,
       address1 = excluded.address1, town = excluded.town, postcode = excluded.postcode,
       company_number = excluded.company_number, charity_number = excluded.charity_number, size = excluded.size,
       phone = excluded.phone, email = excluded.email, web = excluded.web, says_vcfse = excluded.says_vcfse,
       public = excluded.public, updated_at = now()

-- name: supplier_locate
-- rows: one
-- doc: Finds where a supplier is by its full postcode ($1 id); known is false for a postcode that is not loaded.
UPDATE core.supplier s
   SET lad_code = f.lad_code, ward_code = f.ward_code, is_local = f.is_local
  FROM (SELECT x.id, p.lad_code, p.ward_code,
               p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')) AS is_local
          FROM core.supplier x LEFT JOIN core.postcode p ON p.pc = x.postcode
         WHERE x.id = $1::bigint) f
 WHERE s.id = f.id
RETURNING s.lad_code IS NOT NULL AS known, coalesce(s.is_local, false) AS is_local

-- name: supplier_locate_batch
-- rows: one
-- doc: The same for the next suppliers by id ($1 after this id, $2 how many): how many were looked at, changed, located.
WITH f AS (SELECT x.id, p.lad_code, p.ward_code,
                  p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')) AS is_local
             FROM (SELECT id, postcode FROM core.supplier WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint) x
             LEFT JOIN core.postcode p ON p.pc = x.postcode),
     u AS (UPDATE core.supplier s
              SET lad_code = f.lad_code, ward_code = f.ward_code, is_local = f.is_local
             FROM f
            WHERE s.id = f.id
              AND (s.lad_code, s.ward_code, s.is_local) IS DISTINCT FROM (f.lad_code, f.ward_code, f.is_local)
        RETURNING s.id)
SELECT (SELECT count(*) FROM f) AS seen, coalesce((SELECT max(id) FROM f), 0) AS last_id,
       (SELECT count(*) FROM u) AS changed, (SELECT count(*) FROM f WHERE lad_code IS NOT NULL) AS located

-- name: supplier_count
-- rows: one
-- doc: How many suppliers there are.
SELECT count(*) AS n FROM core.supplier

-- name: supplier_ids_after
-- rows: many
-- doc: The next suppliers ($1 after this id, $2 how many).
SELECT id FROM core.supplier WHERE id > $1::bigint ORDER BY id LIMIT $2::bigint

-- name: supplier_facts
-- rows: one
-- doc: What a tagger may know about a supplier ($1 id).
SELECT s.id, o.ref, o.name, s.postcode, s.company_number, s.charity_number, s.says_vcfse,
       c.number IS NOT NULL AS company_known, c.name AS company_name, c.category AS company_category,
       c.status AS company_status, c.postcode AS company_postcode,
       h.number IS NOT NULL AS charity_known, h.name AS charity_name, h.status AS charity_status,
       h.postcode AS charity_postcode, h.registered AS charity_registered, h.removed AS charity_removed,
       s.size, s.is_local, coalesce((SELECT t.decision FROM core.supplier_tag t
                                      WHERE t.supplier_id = s.id AND t.tag = 'vcfse'), '') AS vcfse
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.company c ON c.number = s.company_number
  LEFT JOIN core.charity h ON h.number = s.charity_number
 WHERE s.id = $1::bigint

-- name: supplier_tag_put
-- rows: none
-- doc: What the rules say, unless a person decided within 24 months ($1 supplier, $2 plugin, $3 tag, $4 decision, $5 score, $6 detail, $7 reasons, $8 now, $9 class;
-- doc: $10 it holds from this day on, NULL: always; before that $11 decision, NULL: none, with $12 class, from $13 on, NULL: always).
INSERT INTO core.supplier_tag (supplier_id, plugin, tag, decision, score, detail, reasons, decided_at, policy_class, holds_from,
                               before_decision, before_class, before_from)
VALUES ($1::bigint, $2, $3, $4, $5::smallint, $6, $7, $8::timestamptz, $9, $10::date, $11, $12, $13::date)
ON CONFLICT (supplier_id, tag) DO UPDATE
   SET plugin = excluded.plugin, decision = excluded.decision, score = excluded.score, detail = excluded.detail,
       policy_class = excluded.policy_class, holds_from = excluded.holds_from, holds_until = NULL,
       before_decision = excluded.before_decision, before_class = excluded.before_class, before_from = excluded.before_from,
       reasons = excluded.reasons, decided_by = NULL, decided_at = excluded.decided_at
 WHERE (supplier_tag.decided_by IS NULL OR supplier_tag.decided_at < $8::timestamptz - interval '24 months')
   AND ((supplier_tag.plugin, supplier_tag.decision, supplier_tag.score, supplier_tag.detail, supplier_tag.reasons,
         supplier_tag.policy_class, supplier_tag.holds_from, supplier_tag.holds_until, supplier_tag.before_decision,
         supplier_tag.before_class, supplier_tag.before_from)
        IS DISTINCT FROM (excluded.plugin, excluded.decision, excluded.score, excluded.detail, excluded.reasons,
                          excluded.policy_class, excluded.holds_from, NULL::date, excluded.before_decision,
                          excluded.before_class, excluded.before_from)
        OR supplier_tag.decided_by IS NOT NULL)

-- name: supplier_own
-- rows: opt
-- doc: A supplier's own entry with place and tag ($1 id).
SELECT o.ref, o.name, s.summary, s.sector, s.address1, s.town, s.postcode, s.company_number, s.charity_number, s.size,
       s.phone, s.email, s.web, s.says_vcfse, s.public, s.lad_code IS NOT NULL AS is_located,
       coalesce(s.is_local, false) AS is_local, w.name AS ward_name, t.decision, t.score, t.reasons, t.detail,
       t.decided_by IS NOT NULL AS by_person, t.decided_at
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE s.id = $1::bigint

-- name: supplier_card
-- rows: opt
-- doc: What anybody may see of a supplier ($1 reference).
SELECT o.ref, o.name, s.summary, s.sector, s.town, s.postcode, s.company_number, s.charity_number, s.size, s.phone,
       s.email, s.web, s.lad_code IS NOT NULL AS is_located, coalesce(s.is_local, false) AS is_local,
       w.name AS ward_name, t.decision, t.reasons, t.decided_by IS NOT NULL AS by_person, t.decided_at, s.updated_at
  FROM core.organisation o
  JOIN core.supplier s ON s.id = o.id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE o.ref = $1 AND s.public

-- name: supplier_list_count
-- rows: one
-- doc: How many public suppliers fit ($1 LIKE pattern or NULL, $2 sector, $3 ward, $4 "yes" local or "no", $5 "yes" VCFSE; "" for any).
SELECT count(*) AS n
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE s.public
   AND ($1::text IS NULL OR o.name ILIKE $1 OR s.summary ILIKE $1 OR s.town ILIKE $1)
   AND ($2 = '' OR s.sector = $2) AND ($3 = '' OR s.ward_code = $3)
   AND ($4 = '' OR coalesce(s.is_local, false) = ($4 = 'yes'))
   AND ($5 = '' OR coalesce(t.decision, 'unknown') = $5)

-- name: supplier_list
-- rows: many
-- doc: Public suppliers by name; parameters as for supplier_list_count, then $6 how many, $7 from where.
SELECT o.ref, o.name, s.summary, s.sector, s.town, s.postcode, s.size, s.company_number, s.charity_number,
       s.lad_code IS NOT NULL AS is_located, coalesce(s.is_local, false) AS is_local, w.name AS ward_name, t.decision
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE s.public
   AND ($1::text IS NULL OR o.name ILIKE $1 OR s.summary ILIKE $1 OR s.town ILIKE $1)
   AND ($2 = '' OR s.sector = $2) AND ($3 = '' OR s.ward_code = $3)
   AND ($4 = '' OR coalesce(s.is_local, false) = ($4 = 'yes'))
   AND ($5 = '' OR coalesce(t.decision, 'unknown') = $5)
 ORDER BY lower(o.name), o.id
 LIMIT $6::bigint OFFSET $7::bigint

-- name: supplier_wards
-- rows: many
-- doc: Wards of the place.
SELECT code, name FROM core.ward
 WHERE lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
 ORDER BY name

-- name: tag_queue_count
-- rows: one
-- doc: Tags with this decision ($1).
SELECT count(*) AS n FROM core.supplier_tag WHERE decision = $1

-- name: tag_queue
-- rows: many
-- doc: Tags with this decision, oldest first ($1 decision, $2 how many, $3 from where).
SELECT o.ref, o.name, t.tag, t.score, t.reasons, t.decided_at, t.decided_by IS NOT NULL AS by_person, s.town, s.postcode,
       s.company_number, s.charity_number
  FROM core.supplier_tag t
  JOIN core.supplier s ON s.id = t.supplier_id
  JOIN core.organisation o ON o.id = s.id
 WHERE t.decision = $1
 ORDER BY t.decided_at, o.id
 LIMIT $2::bigint OFFSET $3::bigint

-- name: tag_one
-- rows: opt
-- doc: One tag with what is known about the supplier ($1 reference, $2 tag).
SELECT s.id AS supplier_id, o.ref, o.name, s.summary, s.town, s.postcode, s.company_number, s.charity_number, s.says_vcfse, t.tag, t.plugin,
       t.decision, t.score, t.detail, t.reasons, t.decided_at, p.name AS decided_by_name,
       c.name AS company_name, c.category AS company_category, c.status AS company_status,
       h.name AS charity_name, h.status AS charity_status
  FROM core.supplier_tag t
  JOIN core.supplier s ON s.id = t.supplier_id
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.person p ON p.id = t.decided_by
  LEFT JOIN core.company c ON c.number = s.company_number
  LEFT JOIN core.charity h ON h.number = s.charity_number
 WHERE o.ref = $1 AND t.tag = $2

-- name: tag_decide
-- rows: none
-- doc: A person's decision, for all days ($1 supplier, $2 tag, $3 decision, $4 reasons, $5 person, $6 now).
UPDATE core.supplier_tag
   SET decision = $3, policy_class = CASE WHEN $3 = 'policy' THEN policy_class ELSE '' END, score = 100,
       holds_from = NULL, holds_until = NULL, before_decision = NULL, before_class = '', before_from = NULL, reasons = $4, decided_by = $5::bigint, decided_at = $6::timestamptz
 WHERE supplier_id = $1::bigint AND tag = $2

-- name: tag_release
-- rows: none
-- doc: Gives a tag back to the rules ($1 supplier, $2 tag).
UPDATE core.supplier_tag SET decided_by = NULL WHERE supplier_id = $1::bigint AND tag = $2

-- name: officer_figures
-- rows: one
-- doc: What waits for an officer.
SELECT (SELECT count(*) FROM core.supplier_tag WHERE decision = 'review') AS to_review,
       (SELECT count(*) FROM core.supplier) AS suppliers,
       (SELECT count(*) FROM core.supplier WHERE lad_code IS NULL) AS not_located,
       (SELECT count(*) FROM core.spend_load) AS loads,
       (SELECT count(*) FROM core.payee WHERE supplier_id IS NULL AND NOT redacted) AS payees_open,
       (SELECT count(*) FROM core.event WHERE state = 'open' AND starts_at > now()) AS events
