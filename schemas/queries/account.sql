-- SPDX-License-Identifier: Apache-2.0
-- People: signing up, links sent by mail, passwords, the second factor. Times come from the caller.

-- name: person_by_email
-- rows: opt
-- doc: $1 address in any case.
SELECT p.id, p.email, p.name, p.password_hash, p.confirmed_at IS NOT NULL AS confirmed, p.totp_on,
       p.disabled_at IS NOT NULL AS disabled,
       EXISTS (SELECT 1 FROM core.membership m WHERE m.person_id = p.id AND m.role <> 'supplier') AS works_here
  FROM core.person p WHERE lower(p.email) = lower($1)

-- name: person_by_id
-- rows: one
-- doc: $1 person.
SELECT id, email, name, password_hash, confirmed_at, totp_on, encode(totp_secret, 'hex') AS secret_hex, totp_last_step
  FROM core.person WHERE id = $1::bigint

-- name: person_add
-- rows: one
-- doc: $1 address, $2 name, $3 password hash, $4 when confirmed or NULL.
INSERT INTO core.person (email, name, password_hash, confirmed_at)
VALUES ($1, $2, $3, $4::timestamptz)
RETURNING id

-- name: person_sign_up_again
-- rows: none
-- doc: The latest sign-up of an address that nobody confirmed counts ($1 person, $2 name, $3 password hash).
UPDATE core.person SET name = $2, password_hash = $3 WHERE id = $1::bigint AND confirmed_at IS NULL

-- name: person_confirm
-- rows: none
-- doc: $1 person, $2 now.
UPDATE core.person SET confirmed_at = $2::timestamptz WHERE id = $1::bigint AND confirmed_at IS NULL

-- name: person_set_password
-- rows: none
-- doc: $1 person, $2 password hash.
UPDATE core.person SET password_hash = $2 WHERE id = $1::bigint

-- name: person_set_name
-- rows: none
-- doc: $1 person, $2 name.
UPDATE core.person SET name = $2 WHERE id = $1::bigint

-- name: mail_token_add
-- rows: none
-- doc: A link for the person with this address, if there is one ($1 hash, $2 address, $3 purpose, $4 until when).
INSERT INTO core.mail_token (hash, person_id, purpose, expires_at)
SELECT $1, id, $3, $4::timestamptz FROM core.person WHERE lower(email) = lower($2) AND disabled_at IS NULL

-- name: mail_token_drop
-- rows: none
-- doc: Links of a person that are still open hold no more ($1 person, $2 purpose).
DELETE FROM core.mail_token WHERE person_id = $1::bigint AND purpose = $2 AND used_at IS NULL

-- name: mail_token_find
-- rows: opt
-- doc: An open link ($1 hash, $2 purpose, $3 now).
SELECT t.person_id, p.email, p.name
  FROM core.mail_token t JOIN core.person p ON p.id = t.person_id
 WHERE t.hash = $1 AND t.purpose = $2 AND t.used_at IS NULL AND t.expires_at > $3::timestamptz
   AND p.disabled_at IS NULL

-- name: mail_token_use
-- rows: none
-- doc: Uses a link up; changes one row for the first who comes, none for the second ($1 hash, $2 now).
UPDATE core.mail_token SET used_at = $2::timestamptz
 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2::timestamptz

-- name: mail_recent
-- rows: one
-- doc: Messages queued for an address within the last hour ($1 address).
SELECT count(*) AS n FROM core.mail_outbox WHERE to_address = $1 AND created_at > now() - interval '1 hour'

-- name: totp_set_secret
-- rows: none
-- doc: A new secret that is not in use yet ($1 person, $2 secret in hexadecimal).
UPDATE core.person SET totp_secret = decode($2, 'hex'), totp_last_step = 0 WHERE id = $1::bigint AND NOT totp_on

-- name: totp_take_step
-- rows: none
-- doc: A code is good once: changes one row when its step was not used yet ($1 person, $2 step).
UPDATE core.person SET totp_last_step = $2::bigint WHERE id = $1::bigint AND totp_last_step < $2::bigint

-- name: totp_switch_on
-- rows: none
-- doc: $1 person.
UPDATE core.person SET totp_on = true WHERE id = $1::bigint AND NOT totp_on AND totp_secret IS NOT NULL

-- name: totp_switch_off
-- rows: none
-- doc: $1 person.
UPDATE core.person SET totp_on = false, totp_secret = NULL, totp_last_step = 0 WHERE id = $1::bigint

-- name: recovery_drop
-- rows: none
-- doc: $1 person.
DELETE FROM core.recovery_code WHERE person_id = $1::bigint

-- name: recovery_add
-- rows: none
-- doc: $1 person, $2 array of hashes.
INSERT INTO core.recovery_code (person_id, code_hash) SELECT $1::bigint, unnest($2::text[])

-- name: recovery_use
-- rows: none
-- doc: Changes one row when the code was not used yet ($1 person, $2 hash, $3 now).
UPDATE core.recovery_code SET used_at = $3::timestamptz
 WHERE person_id = $1::bigint AND code_hash = $2 AND used_at IS NULL

-- name: account_start
-- rows: one
-- doc: What the start page of a person tells ($1 person, $2 now).
SELECT p.name, p.email, p.totp_on, p.created_at, s.id IS NOT NULL AS has_business, o.ref AS business_ref,
       o.name AS business_name, s.postcode, s.lad_code IS NOT NULL AS is_located, coalesce(s.is_local, false) AS is_local,
       w.name AS ward_name, t.decision AS tag_decision, t.decided_by IS NOT NULL AS tag_by_person,
       (SELECT count(*) FROM core.event_booking b JOIN core.event e ON e.id = b.event_id
         WHERE b.supplier_id = s.id AND b.state <> 'cancelled' AND e.starts_at > $2::timestamptz) AS bookings,
       (SELECT count(*) FROM core.recovery_code r WHERE r.person_id = p.id AND r.used_at IS NULL) AS codes_left,
       (SELECT string_agg(x.role || ' for ' || xo.name, ', ' ORDER BY x.role, xo.name)
          FROM core.membership x JOIN core.organisation xo ON xo.id = x.org_id
         WHERE x.person_id = p.id AND x.role <> 'supplier') AS roles
  FROM core.person p
  LEFT JOIN core.membership m ON m.person_id = p.id AND m.role = 'supplier'
       AND m.org_id = (SELECT min(org_id) FROM core.membership WHERE person_id = p.id AND role = 'supplier')
  LEFT JOIN core.organisation o ON o.id = m.org_id
  LEFT JOIN core.supplier s ON s.id = m.org_id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE p.id = $1::bigint

-- name: organisation_by_ref
-- rows: opt
-- doc: $1 reference.
SELECT id, kind, name FROM core.organisation WHERE ref = $1

-- name: membership_add
-- rows: none
-- doc: $1 person, $2 organisation, $3 role.
INSERT INTO core.membership (person_id, org_id, role) VALUES ($1::bigint, $2::bigint, $3) ON CONFLICT DO NOTHING
