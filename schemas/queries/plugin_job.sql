-- SPDX-License-Identifier: Apache-2.0
-- Jobs of plugins: one server at a time holds the lease of each.

-- name: plugin_job_put
-- rows: none
-- doc: A row for each job of the running plugins ($1 plugins, $2 names); jobs that these plugins no longer have go.
WITH now_there AS (SELECT t.plugin, t.name FROM unnest($1::text[], $2::text[]) AS t(plugin, name)),
     gone AS (DELETE FROM core.plugin_job j
               WHERE j.plugin = ANY ($1::text[])
                 AND NOT EXISTS (SELECT 1 FROM now_there n WHERE n.plugin = j.plugin AND n.name = j.name))
INSERT INTO core.plugin_job (plugin, name, next_at) SELECT plugin, name, clock_timestamp() FROM now_there
ON CONFLICT (plugin, name) DO NOTHING

-- name: plugin_job_take
-- rows: opt
-- doc: Takes the job longest due of those given ($1 plugins, $2 names, $3 seconds for which each is taken) that nobody runs.
UPDATE core.plugin_job j SET leased_till = clock_timestamp() + interval '1 second' * d.lease_s, last_at = clock_timestamp()
  FROM (SELECT x.plugin, x.name, t.lease_s
          FROM core.plugin_job x JOIN unnest($1::text[], $2::text[], $3::bigint[]) AS t(plugin, name, lease_s)
               ON t.plugin = x.plugin AND t.name = x.name
         WHERE x.next_at <= clock_timestamp() AND (x.leased_till IS NULL OR x.leased_till <= clock_timestamp())
         ORDER BY x.next_at, x.plugin, x.name
         LIMIT 1 FOR UPDATE OF x SKIP LOCKED) d
 WHERE j.plugin = d.plugin AND j.name = d.name
RETURNING j.plugin, j.name, j.fails, j.leased_till::text AS lease

-- name: plugin_job_done
-- rows: none
-- doc: A job ran well ($1 plugin, $2 name, $3 lease, $4 milliseconds, $5 seconds until the next run).
UPDATE core.plugin_job
   SET leased_till = NULL, fails = 0, last_ms = $4::bigint, last_error = '',
       next_at = clock_timestamp() + interval '1 second' * $5::bigint
 WHERE plugin = $1 AND name = $2 AND leased_till = $3::timestamptz

-- name: plugin_job_failed
-- rows: none
-- doc: A job failed: the next run comes after twice its pause, then four times, up to a day ($1 plugin, $2 name, $3 lease, $4 milliseconds, $5 pause in seconds, $6 why).
UPDATE core.plugin_job
   SET leased_till = NULL, fails = fails + 1, last_ms = $4::bigint, last_error = $6,
       next_at = clock_timestamp()
                 + least(interval '1 second' * $5::bigint * power(2, least(fails + 1, 20)), interval '1 day')
 WHERE plugin = $1 AND name = $2 AND leased_till = $3::timestamptz
