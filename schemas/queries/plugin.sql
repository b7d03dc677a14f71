-- SPDX-License-Identifier: Apache-2.0
-- Plugins: what the operator wishes, what became of it, and the database role of each.

-- name: plugin_wishes
-- rows: many
-- doc: What operators wish of each plugin.
SELECT id, enabled, granted, suspended_at IS NOT NULL AS suspended, suspended_reason, wanted_no, file_hash
  FROM core.plugin
 ORDER BY id

-- name: plugin_wished_settings
-- rows: many
-- doc: All settings that operators gave a value.
SELECT plugin, key, value FROM core.plugin_setting ORDER BY plugin, key

-- name: plugin_enter
-- rows: none
-- doc: A plugin that is named in the settings for the first time is wanted: $1 id, $2 powers.
INSERT INTO core.plugin (id, enabled, granted) VALUES ($1, true, $2::bigint) ON CONFLICT (id) DO NOTHING

-- name: plugin_note
-- rows: none
-- doc: What became of a plugin: $1 id, $2 state, $3 reason, $4 version and $5 hash of what runs (NULL as before), $6 events it wants (NULL as before), $7 number of the wishes that were followed.
UPDATE core.plugin
   SET state = $2, reason = $3, version = coalesce($4, version), file_hash = coalesce($5, file_hash),
       events = coalesce($6::bigint, events), handled_no = greatest(handled_no, $7::bigint), updated_at = now()
 WHERE id = $1
   AND ((state, reason, version, file_hash, events) IS DISTINCT FROM
        ($2, $3, coalesce($4, version), coalesce($5, file_hash), coalesce($6::bigint, events))
        OR handled_no < $7::bigint)

-- name: plugin_suspend
-- rows: none
-- doc: A plugin is taken out after faults or crashes: $1 id, $2 the reason.
UPDATE core.plugin SET suspended_at = now(), suspended_reason = $2 WHERE id = $1 AND suspended_at IS NULL

-- name: plugin_suspended_ids
-- rows: many
-- doc: Those taken out after faults or crashes.
SELECT id FROM core.plugin WHERE suspended_at IS NOT NULL

-- name: plugin_pinned
-- rows: opt
-- doc: A live tender that is marked by a scorer: $1 its methods, $2 whether it is the one that is asked next.
SELECT n.ref
  FROM core.notice n
 WHERE n.kind = 'tender' AND n.state IN ('published', 'closed', 'opened') AND n.social_weight > 0
   AND ($2::boolean
        OR EXISTS (SELECT FROM core.bid b JOIN core.bid_score s ON s.bid_id = b.id
                    WHERE b.notice_id = n.id
                      AND EXISTS (SELECT FROM unnest($1::text[]) m WHERE starts_with(s.method, m || '@'))))
 ORDER BY n.closes_at, n.id
 LIMIT 1

-- name: plugin_ruled
-- rows: opt
-- doc: A tender that still takes bids and holds bidders to one of these rules ($1 keys).
SELECT n.ref
  FROM core.notice n
 WHERE n.kind = 'tender' AND n.state = 'published' AND n.rules && $1::text[]
 ORDER BY n.closes_at, n.id
 LIMIT 1

-- name: plugin_may_be_held
-- rows: one
-- doc: Whether any live tender uses a scorer or a rule at all.
SELECT EXISTS (SELECT FROM core.notice n
                WHERE n.kind = 'tender'
                  AND (n.state IN ('published', 'closed', 'opened') AND n.social_weight > 0
                       OR n.state = 'published' AND n.rules <> '{}')) AS held

-- name: plugin_role_facts
-- rows: one
-- doc: The database role and schema of a plugin: $1 "plg_<id>". can_enter: this user may become it.
SELECT r.oid IS NOT NULL AS there,
       coalesce(r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolcanlogin OR r.rolreplication
                OR r.rolbypassrls, false) AS strong,
       coalesce(CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN pg_has_role(r.oid, 'SET')
                     ELSE pg_has_role(r.oid, 'MEMBER') END, false) AS can_enter,
       n.oid IS NOT NULL AS has_schema,
       coalesce(has_schema_privilege(r.oid, n.oid, 'USAGE') OR has_schema_privilege(r.oid, n.oid, 'CREATE'),
                false) AS any_in_schema,
       coalesce(has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_schema_privilege(r.oid, n.oid, 'CREATE'),
                false) AS all_in_schema,
       coalesce(has_schema_privilege(r.oid, 'api', 'USAGE'), false) AS in_api,
       current_user::text AS me,
       current_database()::text AS database
  FROM (SELECT $1::text AS name) w
  LEFT JOIN pg_roles r ON r.rolname = w.name
  LEFT JOIN pg_namespace n ON n.nspname = w.name

-- name: plugin_role_views
-- rows: many
-- doc: Views whose rights are not as they should be: $1 the role, $2 names of the views it may read.
SELECT v.name::text, v.wanted
  FROM (SELECT c.oid, c.relname AS name, c.relname = ANY ($2::text[]) AS wanted
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'api' AND c.relkind IN ('v', 'm', 'r', 'p')) v
 WHERE has_table_privilege($1, v.oid, 'SELECT') <> v.wanted
    OR has_table_privilege($1, v.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
 ORDER BY v.name
