-- SPDX-License-Identifier: Apache-2.0
-- Servers that act upon what the operator wants of the plugins. Each holds a shared advisory lock as long as its
-- connection lives, so that a dead one is never taken for a living one.

-- name: live_mark
-- rows: one
-- doc: Marks this connection as that of a switching thread, once.
SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 20260 AND objid = 1
                         AND objsubid = 2 AND pid = pg_backend_pid())
       THEN true ELSE pg_try_advisory_lock_shared(20260, 1) END AS marked

-- name: live_count
-- rows: one
-- doc: How many there are in this database.
SELECT count(*) AS servers FROM pg_locks
 WHERE locktype = 'advisory' AND classid = 20260 AND objid = 1 AND objsubid = 2 AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
