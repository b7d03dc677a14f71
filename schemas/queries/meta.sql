-- SPDX-License-Identifier: Apache-2.0

-- name: db_now
-- rows: one
-- doc: The database's own clock, in microseconds since 1970, and whether it is a standby.
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_usec,
       pg_is_in_recovery() AS is_standby

-- name: db_ping
-- rows: one
-- doc: Answers when the database is there; for the readiness check.
SELECT 1 AS answer

-- name: migrations_applied
-- rows: many
-- doc: The migrations of one owner that this database has, in order; for the doctor and the readiness check.
SELECT m.number, m.name, m.sha256, m.applied_at
  FROM meta.migration m
 WHERE m.owner = $1
 ORDER BY m.number
