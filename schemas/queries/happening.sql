-- SPDX-License-Identifier: Apache-2.0
-- What happened, and which plugins have still to be told.

-- name: happening_note
-- rows: none
-- doc: Stores what happened for every plugin that wants to be told, and nothing when none does ($1 kind, $2 reference, $3 name, $4 anchor, $5 supplier, $6 pence, $7 when).
WITH wanted AS (SELECT id FROM core.plugin WHERE enabled AND events & (1::bigint << $1::int) <> 0),
     noted AS (INSERT INTO core.happening (kind, ref, name, anchor_ref, supplier_ref, amount_pence, at)
               SELECT $1::smallint, $2, $3, $4, $5, $6::bigint, $7::timestamptz WHERE EXISTS (SELECT 1 FROM wanted)
               RETURNING id)
INSERT INTO core.happening_due (happening_id, plugin) SELECT n.id, w.id FROM noted n CROSS JOIN wanted w

-- name: happening_take
-- rows: opt
-- doc: The row longest due of these plugins, locked until the transaction ends ($1 plugins).
SELECT d.happening_id, d.plugin, d.tries, h.kind, h.ref, h.name, h.anchor_ref, h.supplier_ref, h.amount_pence, h.at
  FROM core.happening_due d
  JOIN core.happening h ON h.id = d.happening_id
 WHERE NOT d.given_up AND d.next_try <= clock_timestamp() AND d.plugin = ANY ($1::text[])
 ORDER BY d.next_try, d.happening_id
 LIMIT 1 FOR UPDATE OF d SKIP LOCKED

-- name: happening_told
-- rows: none
-- doc: A plugin was told ($1 happening, $2 plugin).
DELETE FROM core.happening_due WHERE happening_id = $1::bigint AND plugin = $2

-- name: happening_failed
-- rows: none
-- doc: Telling failed: again after 1, 2, 4 ... seconds up to a day; given up after 20 tries ($1 happening, $2 plugin, $3 why).
UPDATE core.happening_due
   SET tries = tries + 1, given_up = tries + 1 >= 20, last_error = $3,
       next_try = clock_timestamp() + least(interval '1 second' * power(2, least(tries, 20)), interval '1 day')
 WHERE happening_id = $1::bigint AND plugin = $2

-- name: plugin_work_sweep
-- rows: none
-- doc: Takes away what everybody was told of, what could not be told within 90 days, and messages of 90 days ago.
WITH said AS (DELETE FROM core.message_outbox WHERE created_at < now() - interval '90 days')
DELETE FROM core.happening h
 WHERE h.at < now() - interval '90 days'
    OR (h.at < now() - interval '1 hour'
        AND NOT EXISTS (SELECT 1 FROM core.happening_due d WHERE d.happening_id = h.id))
