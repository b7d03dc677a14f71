-- SPDX-License-Identifier: Apache-2.0
-- Plugins: what operators wish of them, and what the administration pages show.

-- name: plugin_admin_lock
-- rows: many
-- doc: All plugins, held until the transaction ends, so that wishes that depend on each other come one after the other.
SELECT id, enabled, granted, suspended_at IS NOT NULL AS suspended, state
  FROM core.plugin
 ORDER BY id
   FOR UPDATE

-- name: plugin_admin_row
-- rows: opt
-- doc: What is wished of a plugin and what a server last said of it ($1 id).
SELECT enabled, granted, suspended_at, suspended_reason, handled_no >= wanted_no AS handled, version, file_hash, state,
       reason, updated_at
  FROM core.plugin
 WHERE id = $1

-- name: plugin_admin_rows
-- rows: many
-- doc: The same of all plugins.
SELECT id, enabled, granted, suspended_at, suspended_reason, handled_no >= wanted_no AS handled, version, state, reason
  FROM core.plugin
 ORDER BY id

-- name: plugin_admin_on
-- rows: none
-- doc: Wishes that a plugin runs with these powers, whatever stopped it before ($1 id, $2 powers, $3 now).
INSERT INTO core.plugin (id, enabled, granted, updated_at)
VALUES ($1, true, $2::bigint, $3::timestamptz)
ON CONFLICT (id) DO UPDATE
   SET enabled = true, granted = excluded.granted, suspended_at = NULL, suspended_reason = '',
       wanted_no = plugin.wanted_no + 1, updated_at = excluded.updated_at

-- name: plugin_admin_off
-- rows: none
-- doc: Wishes that a plugin does not run ($1 id, $2 now).
INSERT INTO core.plugin (id, enabled, updated_at)
VALUES ($1, false, $2::timestamptz)
ON CONFLICT (id) DO UPDATE
   SET enabled = false, wanted_no = plugin.wanted_no + 1, updated_at = excluded.updated_at

-- name: plugin_admin_powers
-- rows: none
-- doc: Wishes other powers for a plugin; one that was never entered stays off ($1 id, $2 powers, $3 now).
INSERT INTO core.plugin (id, enabled, granted, updated_at)
VALUES ($1, false, $2::bigint, $3::timestamptz)
ON CONFLICT (id) DO UPDATE
   SET granted = excluded.granted, wanted_no = plugin.wanted_no + 1, updated_at = excluded.updated_at

-- name: plugin_admin_changed
-- rows: none
-- doc: Settings of a plugin were changed ($1 id, $2 now).
UPDATE core.plugin SET wanted_no = wanted_no + 1, updated_at = $2::timestamptz WHERE id = $1

-- name: plugin_admin_values
-- rows: many
-- doc: Settings that differ from the plugin's defaults ($1 id).
SELECT key, value FROM core.plugin_setting WHERE plugin = $1 ORDER BY key

-- name: plugin_admin_value_put
-- rows: none
-- doc: Sets one setting ($1 id, $2 key, $3 value).
INSERT INTO core.plugin_setting (plugin, key, value)
VALUES ($1, $2, $3)
ON CONFLICT (plugin, key) DO UPDATE SET value = excluded.value

-- name: plugin_admin_value_drop
-- rows: none
-- doc: Lets one setting be the default again ($1 id, $2 key).
DELETE FROM core.plugin_setting WHERE plugin = $1 AND key = $2

-- name: plugin_admin_tender
-- rows: one
-- doc: The tender that holds a plugin as it is ($1 reference).
SELECT title, closes_at, state FROM core.notice WHERE ref = $1

-- name: plugin_admin_next_tender
-- rows: opt
-- doc: The live tender with points for social value that is decided first.
SELECT ref
  FROM core.notice
 WHERE kind = 'tender' AND state IN ('published', 'closed', 'opened') AND social_weight > 0
 ORDER BY closes_at, id
 LIMIT 1

-- name: plugin_admin_jobs
-- rows: many
-- doc: Jobs of a plugin ($1 id, $2 now).
SELECT name, next_at, coalesce(leased_till > $2::timestamptz, false) AS running, fails, last_at, last_ms, last_error
  FROM core.plugin_job
 WHERE plugin = $1
 ORDER BY name

-- name: plugin_admin_told
-- rows: one
-- doc: Happenings that a plugin has still to be told of, and those given up ($1 id).
SELECT count(*) FILTER (WHERE NOT given_up) AS waiting,
       count(*) FILTER (WHERE NOT given_up AND tries > 0) AS tried,
       count(*) FILTER (WHERE given_up) AS given_up
  FROM core.happening_due
 WHERE plugin = $1

-- name: plugin_admin_told_wrong
-- rows: many
-- doc: The newest happenings that a plugin could not take ($1 id).
SELECT h.kind, h.name, h.at, d.tries, d.given_up, d.last_error, d.next_try
  FROM core.happening_due d
  JOIN core.happening h ON h.id = d.happening_id
 WHERE d.plugin = $1 AND d.last_error <> ''
 ORDER BY h.at DESC, h.id DESC
 LIMIT 5

-- name: plugin_admin_messages
-- rows: one
-- doc: Messages of these notifiers that wait, were given up and were sent ($1 keys).
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
       count(*) FILTER (WHERE state = 'failed') AS given_up,
       count(*) FILTER (WHERE state = 'sent') AS sent
  FROM core.message_outbox
 WHERE channel = ANY ($1::text[])
