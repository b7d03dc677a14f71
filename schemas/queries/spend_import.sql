-- SPDX-License-Identifier: Apache-2.0
-- Payments files on their way in, what is known of how they are read, and what officers see of loads.

-- name: spend_profile_find
-- rows: many
-- doc: The columns settled by an anchor ($1 reference) for the first of these rows of headings ($2 hashes) that is known.
WITH hit AS (SELECT p.id, p.columns
               FROM core.spend_profile p
               JOIN core.organisation o ON o.id = p.anchor_id
               JOIN unnest($2::text[]) WITH ORDINALITY AS h (hash, place) ON h.hash = p.head_hash
              WHERE o.ref = $1 ORDER BY h.place LIMIT 1),
     used AS (UPDATE core.spend_profile p SET used_at = clock_timestamp() FROM hit WHERE p.id = hit.id)
SELECT kv.key AS name, kv.value FROM hit CROSS JOIN LATERAL jsonb_each_text(hit.columns) AS kv

-- name: spend_profile_save
-- rows: none
-- doc: Keeps columns for a row of headings ($1 anchor reference, $2 hash, $3 words, $4 numbers, $5 person, $6 headings in words).
INSERT INTO core.spend_profile AS p (anchor_id, head_hash, columns, label, made_by, made_at, used_at)
SELECT a.id, $2, jsonb_object($3::text[], $4::text[]), $6, $5::bigint, clock_timestamp(), clock_timestamp()
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $1
ON CONFLICT (anchor_id, head_hash)
DO UPDATE SET columns = EXCLUDED.columns, label = EXCLUDED.label, made_by = EXCLUDED.made_by, made_at = EXCLUDED.made_at,
              used_at = EXCLUDED.used_at

-- name: spend_profile_trim
-- rows: none
-- doc: Of an anchor ($1 reference) only so many ($2) are kept; those used longest ago go.
DELETE FROM core.spend_profile p
 USING (SELECT x.id FROM core.spend_profile x JOIN core.organisation o ON o.id = x.anchor_id
         WHERE o.ref = $1 ORDER BY x.used_at DESC, x.id DESC OFFSET $2::bigint) old
 WHERE p.id = old.id

-- name: spend_profile_forget
-- rows: one
-- doc: Forgets one ($1 number).
DELETE FROM core.spend_profile p USING core.organisation o
 WHERE p.id = $1::bigint AND o.id = p.anchor_id
RETURNING o.ref AS anchor_ref

-- name: spend_profiles
-- rows: many
-- doc: What is known of how files are read, by anchor ($1 anchor reference or NULL).
SELECT p.id, o.ref AS anchor_ref, o.name AS anchor, p.label, p.made_at, p.used_at, coalesce(x.name, '') AS made_by,
       (p.columns->>'head_rows')::bigint AS head_rows
  FROM core.spend_profile p
  JOIN core.organisation o ON o.id = p.anchor_id
  LEFT JOIN core.person x ON x.id = p.made_by
 WHERE $1::text IS NULL OR o.ref = $1
 ORDER BY o.name, p.used_at DESC, p.id DESC LIMIT 500

-- name: spend_profile_of
-- rows: opt
-- doc: The number of what an anchor ($1 reference) settled for a row of headings ($2 hash), and who did.
SELECT p.id, coalesce(x.name, '') AS made_by, p.made_at
  FROM core.spend_profile p
  JOIN core.organisation o ON o.id = p.anchor_id
  LEFT JOIN core.person x ON x.id = p.made_by
 WHERE o.ref = $1 AND p.head_hash = $2

-- name: spend_import_gate_lock
-- rows: one
-- doc: One upload after the other is let in, until the transaction ends, so that many at once are not more than may wait.
SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended('anchorage import gate', 0))

-- name: spend_import_gate
-- rows: one
-- doc: What waits already: files of the person ($1), of the anchor ($2 reference), and bytes of all.
SELECT count(*) FILTER (WHERE i.person_id = $1::bigint) AS of_person,
       count(*) FILTER (WHERE o.ref = $2) AS of_anchor,
       coalesce(sum(i.all_bytes), 0)::bigint AS bytes
  FROM (SELECT 1) AS one
  LEFT JOIN core.spend_import i ON i.state NOT IN ('loaded', 'dropped')
  LEFT JOIN core.organisation o ON o.id = i.anchor_id

-- name: spend_import_add
-- rows: none
-- doc: A file that waits to be read ($1 reference, $2 anchor reference, $3 kind, $4 file name, $5 name in the spool, $6 bytes, $7 person).
INSERT INTO core.spend_import (ref, anchor_id, kind, file_name, spool, state, all_bytes, person_id, created_at, changed_at)
SELECT $1, a.id, $3, $4, $5, 'waiting', $6::bigint, $7::bigint, clock_timestamp(), clock_timestamp()
  FROM core.anchor a JOIN core.organisation o ON o.id = a.id
 WHERE o.ref = $2

-- name: spend_import_lock
-- rows: one
-- doc: An import, locked ($1 reference).
SELECT i.id, i.state, i.kind, i.spool, o.ref AS anchor_ref, coalesce(i.preview->>'undated', '0') AS undated,
       coalesce(i.preview->>'same_lines', '0') AS same_lines, coalesce(i.preview->>'sha256', '') AS sha256,
       coalesce(i.preview->>'head_hash', '') AS head_hash
  FROM core.spend_import i JOIN core.organisation o ON o.id = i.anchor_id
 WHERE i.ref = $1 FOR UPDATE OF i

-- name: spend_import_again
-- rows: none
-- doc: To be read again ($1 id) as this kind ($2); $5 'before' as it was, 'found', or 'settled' with these columns ($3 words, $4 numbers).
UPDATE core.spend_import
   SET state = 'waiting', kind = $2, tries = 0, problem = '', changed_at = clock_timestamp(), held_until = NULL,
       answers = CASE $5 WHEN 'before' THEN answers WHEN 'found' THEN answers - 'columns'
                         ELSE answers || jsonb_build_object('columns', jsonb_object($3::text[], $4::text[])) END
 WHERE id = $1::bigint

-- name: spend_import_queue
-- rows: none
-- doc: To be loaded ($1 id, $2 month or NULL, $3 'once', 'all' or 'ask', $4 reference of the load it replaces or '', $5 person).
UPDATE core.spend_import
   SET state = 'queued', tries = 0, problem = '', decided_by = $5::bigint, changed_at = clock_timestamp(), held_until = NULL,
       answers = answers || jsonb_build_object('month', $2::text, 'overlap', $3::text, 'replaces', $4::text)
 WHERE id = $1::bigint

-- name: spend_import_drop
-- rows: none
-- doc: Thrown away ($1 id).
UPDATE core.spend_import
   SET state = 'dropped', spool = '', preview = '{}', held_until = NULL, changed_at = clock_timestamp()
 WHERE id = $1::bigint

-- name: spend_import_take
-- rows: opt
-- doc: The import waiting longest that nobody holds, for so many seconds ($1); those a person wants loaded come first.
UPDATE core.spend_import i
   SET state = CASE i.state WHEN 'waiting' THEN 'reading' WHEN 'queued' THEN 'loading' ELSE i.state END,
       turn = i.turn + 1, tries = i.tries + 1, done_bytes = 0, done_rows = 0, rows_second = 0,
       held_until = clock_timestamp() + interval '1 second' * $1::bigint, changed_at = clock_timestamp()
  FROM (SELECT x.id FROM core.spend_import x
         WHERE x.state IN ('waiting', 'queued')
            OR (x.state IN ('reading', 'loading') AND (x.held_until IS NULL OR x.held_until <= clock_timestamp()))
         ORDER BY x.state IN ('queued', 'loading') DESC, x.id
         LIMIT 1 FOR UPDATE SKIP LOCKED) d
 WHERE i.id = d.id
RETURNING i.id, i.ref, i.turn, i.tries, i.state, i.kind, i.file_name, i.spool,
          (SELECT o.ref FROM core.organisation o WHERE o.id = i.anchor_id) AS anchor_ref,
          i.answers->>'month' AS month, i.answers->>'overlap' AS overlap, i.answers->>'replaces' AS replaces,
          coalesce(i.decided_by, i.person_id) AS person_id, i.person_id AS uploader_id

-- name: spend_import_columns
-- rows: many
-- doc: The columns a person settled for an import ($1 id).
SELECT kv.key AS name, kv.value
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_each_text(i.answers->'columns') AS kv
 WHERE i.id = $1::bigint

-- name: spend_import_beat
-- rows: none
-- doc: Still at it ($1 id, $2 turn, $3 seconds more, $4 bytes done, $5 of all, $6 rows, $7 rows a second).
UPDATE core.spend_import
   SET held_until = clock_timestamp() + interval '1 second' * $3::bigint, done_bytes = $4::bigint,
       all_bytes = greatest(all_bytes, $5::bigint), done_rows = $6::bigint, rows_second = $7::bigint
 WHERE id = $1::bigint AND turn = $2::bigint AND state IN ('reading', 'loading')

-- name: spend_import_end
-- rows: none
-- doc: What came of it ($1 id, $2 turn, $3 state it was in, $4 state from now on, $5 why, $6 reference of the load or NULL).
UPDATE core.spend_import i
   SET state = $4, problem = $5, held_until = NULL, changed_at = clock_timestamp(),
       tries = CASE WHEN $4 IN ('waiting', 'queued') THEN greatest(i.tries - 1, 0) ELSE i.tries END,
       load_id = coalesce((SELECT l.id FROM core.spend_load l WHERE l.ref = $6), i.load_id),
       spool = CASE WHEN $4 = 'loaded' THEN '' ELSE i.spool END
 WHERE i.id = $1::bigint AND i.turn = $2::bigint AND i.state = $3

-- name: spend_import_preview
-- rows: none
-- doc: What was understood ($1 id, $2 turn, $3 words, $4 values, $5 columns: words, $6 numbers, $7 headings,
-- doc: $8 flows, $9 their lines, $10 their pence, $11 severities of remarks, $12 remarks, $13 lines not taken, $14 why,
-- doc: $15 lines of the first payments, $16 payees, $17 categories, $18 flows, $19 days or '', $20 pence).
UPDATE core.spend_import SET preview = jsonb_object($3::text[], $4::text[]) || jsonb_build_object(
         'columns', jsonb_object($5::text[], $6::text[]),
         'headings', to_jsonb($7::text[]),
         'flows', (SELECT coalesce(jsonb_agg(jsonb_build_object('flow', f, 'lines', l, 'pence', p) ORDER BY f), '[]')
                     FROM unnest($8::int[], $9::bigint[], $10::bigint[]) AS t (f, l, p)),
         'findings', (SELECT coalesce(jsonb_agg(jsonb_build_object('severity', s, 'text', x) ORDER BY n), '[]')
                        FROM unnest($11::int[], $12::text[]) WITH ORDINALITY AS t (s, x, n)),
         'problems', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', l, 'why', w) ORDER BY l, n), '[]')
                        FROM unnest($13::bigint[], $14::text[]) WITH ORDINALITY AS t (l, w, n)),
         'samples', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', l, 'payee', p, 'category', k, 'flow', f, 'day', d,
                                                                  'pence', m) ORDER BY l, n), '[]')
                       FROM unnest($15::bigint[], $16::text[], $17::text[], $18::text[], $19::text[], $20::bigint[])
                            WITH ORDINALITY AS t (l, p, k, f, d, m, n)),
         'first_rows', coalesce(preview->'first_rows', '[]'))
 WHERE id = $1::bigint AND turn = $2::bigint

-- name: spend_import_first_rows
-- rows: none
-- doc: The first rows as they stand in the file ($1 id, $2 turn, $3 lines, $4 places of cells in their row, $5 cells).
UPDATE core.spend_import SET preview = preview || jsonb_build_object('first_rows',
         (SELECT coalesce(jsonb_agg(jsonb_build_object('line', l, 'place', p, 'text', x) ORDER BY l, p), '[]')
            FROM unnest($3::bigint[], $4::bigint[], $5::text[]) AS t (l, p, x)))
 WHERE id = $1::bigint AND turn = $2::bigint

-- name: spend_import_old
-- rows: many
-- doc: Imports that nobody touched for so many days ($1) lose their file; those that are over go after as many more.
WITH gone AS (DELETE FROM core.spend_import
               WHERE state IN ('loaded', 'dropped') AND changed_at < clock_timestamp() - interval '1 day' * 2 * $1::bigint),
     old AS (SELECT x.id, x.spool FROM core.spend_import x
              WHERE x.state IN ('ready', 'refused', 'failed') AND x.changed_at < clock_timestamp() - interval '1 day' * $1::bigint
              LIMIT 100 FOR UPDATE SKIP LOCKED)
UPDATE core.spend_import i SET state = 'dropped', spool = '', preview = '{}', changed_at = clock_timestamp()
  FROM old WHERE i.id = old.id
RETURNING i.ref, old.spool

-- name: spend_import_spools
-- rows: many
-- doc: Which of these names in the spool ($1) no import holds.
SELECT t.name FROM unnest($1::text[]) AS t (name)
 WHERE NOT EXISTS (SELECT 1 FROM core.spend_import i WHERE i.spool = t.name)

-- name: spend_import_one
-- rows: one
-- doc: An import for its page ($1 reference).
SELECT i.id, i.ref, i.kind, i.file_name, i.spool, i.state, i.done_bytes, i.all_bytes, i.done_rows, i.rows_second, i.problem,
       i.created_at, i.changed_at, o.ref AS anchor_ref, o.name AS anchor, p.name AS person, coalesce(l.ref, '') AS load_ref,
       coalesce(i.answers->>'month', '') AS month, coalesce(i.answers->>'overlap', '') AS overlap,
       coalesce(i.answers->>'replaces', '') AS replaces, i.answers ? 'columns' AS settled
  FROM core.spend_import i
  JOIN core.organisation o ON o.id = i.anchor_id
  JOIN core.person p ON p.id = i.person_id
  LEFT JOIN core.spend_load l ON l.id = i.load_id
 WHERE i.ref = $1

-- name: spend_import_facts
-- rows: many
-- doc: What was understood of an import ($1 id): words and values.
SELECT kv.key AS name, kv.value
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_each_text(i.preview) AS kv
 WHERE i.id = $1::bigint AND jsonb_typeof(i.preview->kv.key) = 'string'

-- name: spend_import_read_columns
-- rows: many
-- doc: The columns an import ($1 id) was read with.
SELECT kv.key AS name, kv.value
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_each_text(i.preview->'columns') AS kv
 WHERE i.id = $1::bigint

-- name: spend_import_headings
-- rows: many
-- doc: The headings of an import ($1 id) in order.
SELECT h.place - 1 AS place, h.text AS heading
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements_text(i.preview->'headings') WITH ORDINALITY AS h (text, place)
 WHERE i.id = $1::bigint ORDER BY h.place

-- name: spend_import_flows
-- rows: many
-- doc: Kinds of payments of an import ($1 id), largest sum first.
SELECT (f.v->>'flow')::int AS flow, (f.v->>'lines')::bigint AS lines, (f.v->>'pence')::bigint AS pence
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements(i.preview->'flows') AS f (v)
 WHERE i.id = $1::bigint AND (f.v->>'lines')::bigint > 0 ORDER BY abs((f.v->>'pence')::bigint) DESC, 1

-- name: spend_import_findings
-- rows: many
-- doc: Remarks about an import ($1 id), or the reasons why it was refused.
SELECT (f.v->>'severity')::int AS severity, f.v->>'text' AS text
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements(i.preview->'findings') WITH ORDINALITY AS f (v, n)
 WHERE i.id = $1::bigint ORDER BY f.n

-- name: spend_import_problems
-- rows: many
-- doc: Rows of an import ($1 id) that cannot be taken ($2 how many).
SELECT (f.v->>'line')::bigint AS line, f.v->>'why' AS why
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements(i.preview->'problems') WITH ORDINALITY AS f (v, n)
 WHERE i.id = $1::bigint ORDER BY f.n LIMIT $2::bigint

-- name: spend_import_samples
-- rows: many
-- doc: The first payments of an import ($1 id) as they were understood.
SELECT (f.v->>'line')::bigint AS line, f.v->>'payee' AS payee, f.v->>'category' AS category, f.v->>'flow' AS flow,
       f.v->>'day' AS day, (f.v->>'pence')::bigint AS pence
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements(i.preview->'samples') WITH ORDINALITY AS f (v, n)
 WHERE i.id = $1::bigint ORDER BY f.n

-- name: spend_import_cells
-- rows: many
-- doc: The first rows of an import ($1 id) as they stand in the file, cell by cell.
SELECT (f.v->>'line')::bigint AS line, (f.v->>'place')::bigint AS place, f.v->>'text' AS text
  FROM core.spend_import i CROSS JOIN LATERAL jsonb_array_elements(i.preview->'first_rows') WITH ORDINALITY AS f (v, n)
 WHERE i.id = $1::bigint ORDER BY f.n

-- name: spend_import_list
-- rows: many
-- doc: Imports that are not over, newest first.
SELECT i.ref, i.file_name, i.state, i.kind, i.done_bytes, i.all_bytes, i.done_rows, i.created_at, o.name AS anchor,
       p.name AS person
  FROM core.spend_import i
  JOIN core.organisation o ON o.id = i.anchor_id
  JOIN core.person p ON p.id = i.person_id
 WHERE i.state NOT IN ('loaded', 'dropped')
 ORDER BY i.id DESC LIMIT 50

-- name: spend_import_same_file
-- rows: opt
-- doc: The load of an anchor ($1 reference) that came from the same file ($2 SHA-256).
SELECT l.ref, l.file_name, l.loaded_at
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE o.ref = $1 AND l.sha256 = $2

-- name: spend_import_replaceable
-- rows: many
-- doc: Loads of an anchor ($1 reference) whose days meet these ($2 first, $3 last, or '' and then all), or that came from the
-- doc: same file ($4 SHA-256), newest first.
SELECT l.ref, l.file_name, l.loaded_at, l.accepted, l.total_pence, l.first_day, l.last_day
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE o.ref = $1
   AND (nullif($2, '') IS NULL OR l.sha256 = $4
        OR (l.first_day <= nullif($3, '')::date AND l.last_day >= nullif($2, '')::date))
 ORDER BY l.loaded_at DESC, l.id DESC LIMIT 50

-- name: spend_officer_count
-- rows: one
-- doc: How many loads there are ($1 anchor reference or NULL, $2 pattern of the file name or NULL, $3 financial year or NULL).
SELECT count(*) AS n, coalesce(sum(l.accepted), 0)::bigint AS lines, coalesce(sum(l.total_pence), 0)::bigint AS pence
  FROM core.spend_load l JOIN core.organisation o ON o.id = l.anchor_id
 WHERE ($1::text IS NULL OR o.ref = $1) AND ($2::text IS NULL OR l.file_name ILIKE $2)
   AND ($3::int IS NULL OR (l.first_day < make_date($3::int + 1, 4, 1) AND l.last_day >= make_date($3::int, 4, 1)))

-- name: spend_officer_loads
-- rows: many
-- doc: Loads as in spend_officer_count, in an order ($4 'newest', 'largest', 'period' or 'problems'), $5 of them from $6 on.
SELECT l.ref, l.file_name, l.kind, o.name AS anchor, l.accepted, l.rejected, l.total_pence, l.first_day, l.last_day,
       l.loaded_at, coalesce(p.name, '') AS loaded_by
  FROM core.spend_load l
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.person p ON p.id = l.loaded_by
 WHERE ($1::text IS NULL OR o.ref = $1) AND ($2::text IS NULL OR l.file_name ILIKE $2)
   AND ($3::int IS NULL OR (l.first_day < make_date($3::int + 1, 4, 1) AND l.last_day >= make_date($3::int, 4, 1)))
 ORDER BY CASE WHEN $4 = 'largest' THEN l.total_pence END DESC NULLS LAST,
          CASE WHEN $4 = 'period' THEN l.last_day END DESC NULLS LAST,
          CASE WHEN $4 = 'problems' THEN l.rejected END DESC NULLS LAST,
          l.loaded_at DESC, l.id DESC
 LIMIT $5::bigint OFFSET $6::bigint

-- name: spend_officer_years
-- rows: many
-- doc: Financial years the loads reach into, latest first.
SELECT DISTINCT y.fy
  FROM core.spend_load l
 CROSS JOIN LATERAL generate_series((extract(year FROM l.first_day - interval '3 months'))::int,
                                    (extract(year FROM l.last_day - interval '3 months'))::int) AS y (fy)
 WHERE l.first_day IS NOT NULL
 ORDER BY y.fy DESC LIMIT 50

-- name: spend_officer_load
-- rows: one
-- doc: A load ($1 reference) as officers see it.
SELECT l.ref, l.kind, o.ref AS anchor_ref, o.name AS anchor, l.file_name, l.sha256, l.layout, l.rules, l.accepted, l.rejected,
       l.undated, l.redacted, l.negative, l.footers, l.notes, l.total_pence, l.vat_lost_pence, l.same_lines, l.same_pence, l.overlap, l.date_basis,
       l.amount_basis, l.replaces, l.loaded_at, coalesce(p.name, '') AS loaded_by, l.first_day, l.last_day
  FROM core.spend_load l
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.person p ON p.id = l.loaded_by
 WHERE l.ref = $1

-- name: spend_officer_placed
-- rows: one
-- doc: How much of a load ($1 reference) is tied to suppliers, where they are, and what waits for a person.
SELECT coalesce(sum(t.pence), 0)::bigint AS counted_pence, coalesce(sum(t.lines), 0)::bigint AS counted_lines,
       coalesce(sum(t.pence) FILTER (WHERE s.id IS NOT NULL), 0)::bigint AS matched_pence,
       count(*) FILTER (WHERE s.id IS NOT NULL) AS matched_payees,
       coalesce(sum(t.pence) FILTER (WHERE s.is_local), 0)::bigint AS local_pence,
       count(*) FILTER (WHERE s.is_local) AS local_payees,
       coalesce(sum(t.pence) FILTER (WHERE s.id IS NOT NULL AND s.is_local IS NULL), 0)::bigint AS unplaced_pence,
       count(*) FILTER (WHERE s.id IS NOT NULL AND s.is_local IS NULL) AS unplaced_payees,
       coalesce(sum(t.pence) FILTER (WHERE g.decision = 'yes'), 0)::bigint AS vcfse_pence,
       count(*) FILTER (WHERE g.decision = 'yes') AS vcfse_payees,
       coalesce(sum(t.pence) FILTER (WHERE p.redacted), 0)::bigint AS hidden_pence,
       coalesce(sum(t.lines) FILTER (WHERE p.redacted), 0)::bigint AS hidden_lines,
       coalesce(sum(t.pence) FILTER (WHERE s.id IS NULL AND NOT p.redacted AND p.match_state = 'review'), 0)::bigint AS review_pence,
       count(*) FILTER (WHERE s.id IS NULL AND NOT p.redacted AND p.match_state = 'review') AS review_payees,
       coalesce(sum(t.pence) FILTER (WHERE s.id IS NULL AND NOT p.redacted AND p.match_state <> 'review'), 0)::bigint AS open_pence,
       count(*) FILTER (WHERE s.id IS NULL AND NOT p.redacted AND p.match_state <> 'review') AS open_payees,
       count(*) AS payees
  FROM (SELECT payee_id, sum(amount_pence) AS pence, sum(line_count) AS lines FROM core.spend_sum
         WHERE load_id = (SELECT id FROM core.spend_load WHERE ref = $1) GROUP BY payee_id) t
  JOIN core.payee p ON p.id = t.payee_id
  LEFT JOIN core.payee q ON q.id = p.same_as
  LEFT JOIN core.supplier_merge m ON m.from_id = coalesce(q.supplier_id, p.supplier_id) AND m.undone_at IS NULL
  LEFT JOIN core.supplier s ON s.id = coalesce(m.into_id, q.supplier_id, p.supplier_id)
  LEFT JOIN core.supplier_tag g ON g.supplier_id = s.id AND g.tag = 'vcfse'

-- name: spend_officer_flows
-- rows: many
-- doc: What counts of a load ($1 reference) by kind of payment, largest first.
SELECT t.flow, sum(t.line_count)::bigint AS lines, sum(t.amount_pence)::bigint AS pence
  FROM core.spend_sum t
 WHERE t.load_id = (SELECT id FROM core.spend_load WHERE ref = $1)
 GROUP BY t.flow ORDER BY abs(sum(t.amount_pence)) DESC, t.flow

-- name: spend_officer_open
-- rows: many
-- doc: The payees of a load ($1 reference) that are tied to nobody, largest first ($2 how many). The sums are made first and
-- doc: supplier_id is wrapped, so that right after a large load, without statistics, payees are still found by their number.
WITH t AS MATERIALIZED (SELECT payee_id, sum(amount_pence)::bigint AS pence, sum(line_count)::bigint AS lines
                          FROM core.spend_sum
                         WHERE load_id = (SELECT id FROM core.spend_load WHERE ref = $1) GROUP BY payee_id)
SELECT p.name, t.pence, t.lines
  FROM t JOIN core.payee p ON p.id = t.payee_id
 WHERE coalesce(p.supplier_id, p.same_as, 0) = 0 AND NOT p.redacted AND p.match_state <> 'individual'
 ORDER BY t.pence DESC, p.name LIMIT $2::bigint

-- name: spend_officer_problems
-- rows: many
-- doc: Rows of a load ($1 reference) that were not taken ($2 how many).
SELECT x.line_no, x.detail FROM core.spend_problem x JOIN core.spend_load l ON l.id = x.load_id
 WHERE l.ref = $1 ORDER BY x.line_no LIMIT $2::bigint
