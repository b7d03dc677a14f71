-- SPDX-License-Identifier: Apache-2.0
-- What the people who run a place see: mail, people, data loads.

-- name: admin_figures
-- rows: one
-- doc: Counts for the start page.
SELECT (SELECT count(*) FROM core.person) AS people,
       (SELECT count(*) FROM core.person WHERE totp_on) AS with_factor,
       (SELECT count(*) FROM core.mail_outbox WHERE state = 'waiting') AS mail_waiting,
       (SELECT count(*) FROM core.mail_outbox WHERE state = 'sent') AS mail_sent,
       (SELECT count(*) FROM core.mail_outbox WHERE state = 'failed') AS mail_failed,
       (SELECT count(*) FROM core.postcode) AS postcodes,
       (SELECT count(*) FROM core.company) AS companies,
       (SELECT count(*) FROM core.charity) AS charities,
       (SELECT count(*) FROM core.supplier WHERE lad_code IS NULL) AS not_located

-- name: admin_mail
-- rows: many
-- doc: Mail that was given up or was refused at least once, newest first.
SELECT to_address, subject, state, tries, last_error, created_at
  FROM core.mail_outbox
 WHERE state = 'failed' OR (state = 'waiting' AND last_error <> '')
 ORDER BY created_at DESC, id DESC
 LIMIT 50

-- name: admin_people_count
-- rows: one
-- doc: People whose name or address fits ($1 LIKE pattern or NULL).
SELECT count(*) AS n FROM core.person p
 WHERE $1::text IS NULL OR p.name ILIKE $1 OR p.email ILIKE $1

-- name: admin_people
-- rows: many
-- doc: People by name ($1 LIKE pattern or NULL, $2 how many, $3 from where).
SELECT p.name, p.email, p.confirmed_at IS NOT NULL AS confirmed, p.totp_on, p.disabled_at IS NOT NULL AS disabled,
       p.created_at,
       coalesce((SELECT string_agg(m.role || ' for ' || o.name, ', ' ORDER BY m.role, o.name)
                   FROM core.membership m JOIN core.organisation o ON o.id = m.org_id
                  WHERE m.person_id = p.id), '') AS roles
  FROM core.person p
 WHERE $1::text IS NULL OR p.name ILIKE $1 OR p.email ILIKE $1
 ORDER BY lower(p.name), p.id
 LIMIT $2::bigint OFFSET $3::bigint

-- name: admin_loads
-- rows: many
-- doc: Data loads, newest first.
SELECT kind, file_name, row_count, loaded_at FROM core.data_load ORDER BY loaded_at DESC, id DESC LIMIT 50
