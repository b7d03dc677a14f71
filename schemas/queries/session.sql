-- SPDX-License-Identifier: Apache-2.0
-- Sessions and the count of wrong passwords. Times come from the caller, so that one unit of work sees one time.

-- name: session_by_hash
-- rows: opt
-- doc: $1 hash, $2 now, $3 idle minutes. A living session with its person and powers.
SELECT s.csrf_token, s.second_factor_due,
       s.seen_at < $2::timestamptz - interval '1 minute' AS to_touch,
       p.id AS person_id, p.name, p.confirmed_at IS NOT NULL AS confirmed,
       coalesce(m.supplier_id, 0) AS supplier_id, coalesce(m.anchor_id, 0) AS anchor_id,
       coalesce(m.is_supplier, false) AS is_supplier, coalesce(m.is_buyer, false) AS is_buyer,
       coalesce(m.is_officer, false) AS is_officer, coalesce(m.is_admin, false) AS is_admin
  FROM session s
  JOIN person p ON p.id = s.person_id
  LEFT JOIN LATERAL (
       SELECT min(org_id) FILTER (WHERE role = 'supplier') AS supplier_id,
              min(org_id) FILTER (WHERE role <> 'supplier') AS anchor_id,
              bool_or(role = 'supplier') AS is_supplier, bool_or(role = 'buyer') AS is_buyer,
              bool_or(role = 'officer') AS is_officer, bool_or(role = 'admin') AS is_admin
         FROM membership
        WHERE person_id = p.id) m ON true
 WHERE s.token_hash = $1
   AND s.ends_at > $2::timestamptz
   AND s.seen_at > $2::timestamptz - make_interval(mins => $3::int)
   AND p.disabled_at IS NULL

-- name: session_touch
-- rows: none
-- doc: $1 hash, $2 now.
UPDATE session SET seen_at = $2::timestamptz WHERE token_hash = $1

-- name: session_start
-- rows: none
-- doc: $1 hash, $2 person, $3 forgery token, $4 second factor due, $5 now, $6 hours it may last.
INSERT INTO session (token_hash, person_id, csrf_token, second_factor_due, started_at, seen_at, ends_at)
VALUES ($1, $2::bigint, $3, $4::boolean, $5::timestamptz, $5::timestamptz,
        $5::timestamptz + make_interval(hours => $6::int))

-- name: session_trim
-- rows: none
-- doc: $1 person, $2 now, $3 the session to keep. Keeps it and the four newest others; ended ones go.
DELETE FROM session
 WHERE person_id = $1::bigint
   AND token_hash <> $3
   AND (ends_at <= $2::timestamptz
        OR token_hash NOT IN (SELECT token_hash FROM session
                               WHERE person_id = $1::bigint AND token_hash <> $3
                               ORDER BY started_at DESC, token_hash LIMIT 4))

-- name: session_factor_done
-- rows: none
-- doc: $1 hash.
UPDATE session SET second_factor_due = false WHERE token_hash = $1

-- name: session_end
-- rows: none
-- doc: $1 hash.
DELETE FROM session WHERE token_hash = $1

-- name: session_end_all
-- rows: none
-- doc: $1 person.
DELETE FROM session WHERE person_id = $1::bigint

-- name: guess_waits
-- rows: one
-- doc: $1 account, $2 now. Seconds until the 10th newest failure is 15 minutes old and the 100th is a day old.
SELECT greatest(0, coalesce(ceil(extract(epoch FROM f.newest[10] + interval '15 minutes' - $2::timestamptz)), 0))::bigint
           AS short_wait,
       greatest(0, coalesce(ceil(extract(epoch FROM f.newest[100] + interval '1 day' - $2::timestamptz)), 0))::bigint
           AS long_wait
  FROM (SELECT array_agg(n.at ORDER BY n.at DESC) AS newest
          FROM (SELECT at FROM sign_in_failure
                 WHERE account = $1 AND at > $2::timestamptz - interval '1 day'
                 ORDER BY at DESC LIMIT 100) n) f

-- name: guess_failed
-- rows: none
-- doc: $1 account, $2 now.
INSERT INTO sign_in_failure (account, at) VALUES ($1, $2::timestamptz)

-- name: guess_forget
-- rows: none
-- doc: $1 account, $2 now. What is older than a day counts no more.
DELETE FROM sign_in_failure WHERE account = $1 AND at < $2::timestamptz - interval '1 day'
