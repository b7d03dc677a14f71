-- SPDX-License-Identifier: Apache-2.0
-- Frozen reports of spend. Documents are made by json functions with the keys in a fixed order, so that the same input
-- gives the same bytes.

-- name: report_state
-- rows: one
-- doc: What the figures rest on now, as two numbers that grow with each change.
SELECT lines_no, match_no FROM core.spend_state

-- name: report_add
-- rows: one
-- doc: A report that is being made ($1 reference, $2 name, $3 filter, $4 person).
INSERT INTO core.spend_report (ref, name, filter, rules, inputs, figures, inputs_hash, figures_hash, made_by, made_at)
VALUES ($1, $2, $3, '', '', '', '', '', $4::bigint, clock_timestamp())
RETURNING id

-- name: report_finish
-- rows: none
-- doc: What it came to ($1 id, $2 rules, $3 inputs, $4 figures, $5 and $6 their hashes).
UPDATE core.spend_report SET rules = $2, inputs = $3, figures = $4, inputs_hash = $5, figures_hash = $6 WHERE id = $1::bigint

-- name: report_rules
-- rows: one
-- doc: By whose rules ($1 plugin, $2 its method, $3 the matcher's version): with the settings that differ from their defaults.
SELECT json_build_object('plugin', $1::text, 'method', $2::text, 'matcher', $3::text, 'settings',
                         coalesce((SELECT json_object_agg(key, value ORDER BY key) FROM core.plugin_setting WHERE plugin = $1),
                                  '{}'::json))::text AS rules

-- name: report_inputs
-- rows: one
-- doc: The files that take part in a report ($1 id): who paid, file, SHA-256, what of it counts here.
SELECT json_build_object(
         'cells', coalesce(sum(t.cells), 0), 'payments', coalesce(sum(t.lines), 0),
         'pence', coalesce(sum(t.pence), 0),
         'files', coalesce(json_agg(json_build_object('load', l.ref, 'anchor', o.ref, 'file', l.file_name,
                                                      'sha256', l.sha256, 'rules', l.rules, 'payments', t.lines,
                                                      'pence', t.pence) ORDER BY o.ref, l.ref), '[]'::json))::text AS inputs
  FROM (SELECT load_id, count(*) AS cells, sum(line_count)::bigint AS lines, sum(amount_pence)::bigint AS pence
          FROM core.spend_report_cell WHERE report_id = $1::bigint GROUP BY load_id) t
  JOIN core.spend_load l ON l.id = t.load_id
  JOIN core.organisation o ON o.id = l.anchor_id

-- name: report_cells_hash
-- rows: one
-- doc: SHA-256 of the cells of a report ($1 id), each load and year by itself first so that no text gets too long.
SELECT encode(sha256(convert_to(coalesce(string_agg(h, ',' ORDER BY load_id, fy), ''), 'UTF8')), 'hex') AS hash
  FROM (SELECT load_id, fy,
               encode(sha256(convert_to(string_agg(
                 concat_ws('|', anchor_id, payee_id, payee, flow, month, category, coalesce(supplier_id, 0), facts,
                           amount_pence, credit_pence, line_count), E'\n'
                 ORDER BY payee_id, flow, month, category, facts, amount_pence, line_count), 'UTF8')), 'hex') AS h
          FROM core.spend_report_cell WHERE report_id = $1::bigint GROUP BY load_id, fy) t

-- name: report_figures
-- rows: one
-- doc: A panel as one document ($1 title; figures: $2 labels, $3 kinds, $4 values, $5 notes; tables: $6 keys, $7 findings,
-- doc: $8 documents; $9 notes).
SELECT json_build_object(
         'title', $1::text,
         'figures', coalesce((SELECT json_agg(json_build_object('label', l, 'kind', k, 'value', v, 'note', n) ORDER BY i)
                                FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::text[]) WITH ORDINALITY
                                  AS f (l, k, v, n, i)), '[]'::json),
         'tables', coalesce((SELECT json_agg(json_build_object('key', k, 'finding', f, 'table', d::json) ORDER BY i)
                               FROM unnest($6::text[], $7::text[], $8::text[]) WITH ORDINALITY AS t (k, f, d, i)), '[]'::json),
         'notes', coalesce((SELECT json_agg(n ORDER BY i) FROM unnest($9::text[]) WITH ORDINALITY AS x (n, i)),
                           '[]'::json))::text AS figures

-- name: report_one
-- rows: opt
-- doc: A report ($1 reference).
SELECT r.id, r.ref, r.name, r.filter, r.rules, r.inputs, r.figures, r.inputs_hash, r.figures_hash, r.public, r.made_at,
       coalesce(p.name, '') AS made_by, r.published_at
  FROM core.spend_report r LEFT JOIN core.person p ON p.id = r.made_by
 WHERE r.ref = $1

-- name: reports
-- rows: many
-- doc: Reports, latest first ($1 only published ones, $2 how many).
SELECT r.ref, r.name, r.public, r.made_at, coalesce(p.name, '') AS made_by, r.figures_hash
  FROM core.spend_report r LEFT JOIN core.person p ON p.id = r.made_by
 WHERE r.public OR NOT $1::boolean
 ORDER BY r.made_at DESC, r.id DESC LIMIT $2::bigint

-- name: report_publish
-- rows: none
-- doc: Shows a report to everybody, or no longer ($1 reference, $2 whether).
UPDATE core.spend_report
   SET public = $2::boolean, published_at = CASE WHEN $2::boolean THEN coalesce(published_at, clock_timestamp()) END
 WHERE ref = $1
