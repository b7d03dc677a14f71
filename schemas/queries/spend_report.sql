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

-- name: report_unname
-- rows: none
-- doc: Suppliers that may be persons count in a report under a key that says they are listed nowhere, so that no table names
-- doc: them, now or later ($1 id): the rule of public_spend_named, as of the day.
UPDATE core.spend_report_cell c
   SET facts = replace(c.facts, '"who":["' || o.ref || '"', '"who":["p0.' || o.ref || '"')
  FROM core.supplier s JOIN core.organisation o ON o.id = s.id
 WHERE c.report_id = $1::bigint AND c.supplier_id = s.id
   AND NOT ((s.public OR s.listed_from <> '') AND (s.company_number <> '' OR s.charity_number <> ''))

-- name: report_finish
-- rows: none
-- doc: What it came to ($1 id, $2 rules, $3 inputs, $4 figures, $5 and $6 their hashes).
UPDATE core.spend_report SET rules = $2, inputs = $3, figures = $4, inputs_hash = $5, figures_hash = $6 WHERE id = $1::bigint

-- name: report_rules
-- rows: one
-- doc: By whose rules ($1 plugin, $2 its method, $3 the matcher's version, $4 classes of VCFSE by policy that its headline
-- doc: counts): with the settings that somebody set.
SELECT json_build_object('plugin', $1::text, 'method', $2::text, 'matcher', $3::text, 'vcfse_classes', $4::text, 'settings',
                         coalesce((SELECT json_object_agg(key, value ORDER BY key) FROM core.plugin_setting WHERE plugin = $1),
                                  '{}'::json))::text AS rules

-- name: report_inputs
-- rows: one
-- doc: The files that take part in a report ($1 id): who paid, file, SHA-256, what of it counts here ($2 kinds of payment,
-- doc: $3 and $4 years or NULL; what does not count is frozen too).
SELECT json_build_object(
         'cells', coalesce(sum(t.cells), 0), 'payments', coalesce(sum(t.lines), 0),
         'pence', coalesce(sum(t.pence), 0),
         'files', coalesce(json_agg(json_build_object('load', l.ref, 'anchor', o.name, 'file', l.file_name,
                                                      'sha256', l.sha256, 'rules', l.rules, 'payments', t.lines,
                                                      'pence', t.pence) ORDER BY o.ref, l.ref), '[]'::json))::text AS inputs
  FROM (SELECT load_id, count(*) AS cells, coalesce(sum(line_count) FILTER (WHERE counts), 0)::bigint AS lines,
               coalesce(sum(amount_pence) FILTER (WHERE counts), 0)::bigint AS pence
          FROM (SELECT load_id, line_count, amount_pence,
                       flow = ANY ($2::integer[]) AND fy BETWEEN coalesce($3::integer, fy) AND coalesce($4::integer, fy) AS counts
                  FROM core.spend_report_cell WHERE report_id = $1::bigint) c
         GROUP BY load_id) t
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

-- name: report_place
-- rows: one
-- doc: The place in one word.
SELECT short_name FROM core.place

-- name: report_differences
-- rows: many
-- doc: What makes a figure of two reports differ, by load, year and payee, largest first. $1 and $2 the reports' ids; of the
-- doc: first: $3 flows, $4 rule of place, $5 and $6 years; of the second: $7 to $10; $11 the figure: all, local, vcfse;
-- doc: $12 how many. Each row: what it counted before and after, and what of its facts changed.
WITH x AS (
  SELECT 1 AS side, c.load_id, c.fy, c.payee_id, c.payee, c.flow, c.amount_pence, c.facts::jsonb AS f,
         c.flow = ANY ($3::integer[]) AND c.fy BETWEEN $5::integer AND $6::integer AS inside, $4::text AS rule, a.classes
    FROM core.spend_report_cell c,
         (SELECT string_to_array(nullif(rules, '')::json ->> 'vcfse_classes', ' ') AS classes FROM core.spend_report WHERE id = $1::bigint) a
   WHERE c.report_id = $1::bigint
  UNION ALL
  SELECT 2, c.load_id, c.fy, c.payee_id, c.payee, c.flow, c.amount_pence, c.facts::jsonb,
         c.flow = ANY ($7::integer[]) AND c.fy BETWEEN $9::integer AND $10::integer, $8::text, a.classes
    FROM core.spend_report_cell c,
         (SELECT string_to_array(nullif(rules, '')::json ->> 'vcfse_classes', ' ') AS classes FROM core.spend_report WHERE id = $2::bigint) a
   WHERE c.report_id = $2::bigint),
 y AS (
  SELECT x.side, x.load_id, x.fy, x.payee_id, max(x.payee) AS payee, sum(x.amount_pence)::bigint AS pence,
         coalesce(sum(x.amount_pence) FILTER (
           WHERE x.inside AND ($11 = 'all' OR x.f -> x.rule ->> 0 = 'local')
             AND ($11 <> 'vcfse' OR x.f ->> 'vcfse' = 'yes'
                  OR (x.f ->> 'vcfse' = 'policy' AND x.f ->> 'class' = ANY (x.classes)))), 0)::bigint AS counted,
         string_agg(DISTINCT x.f -> 'who' ->> 1, '; ' ORDER BY x.f -> 'who' ->> 1) AS who,
         string_agg(DISTINCT x.f -> x.rule ->> 0, '; ' ORDER BY x.f -> x.rule ->> 0) AS place,
         string_agg(DISTINCT concat_ws(': ', x.f ->> 'vcfse', nullif(x.f ->> 'class', '')), '; '
                    ORDER BY concat_ws(': ', x.f ->> 'vcfse', nullif(x.f ->> 'class', ''))) AS tag,
         string_agg(DISTINCT x.flow::text, '; ' ORDER BY x.flow::text) AS flows
    FROM x GROUP BY x.side, x.load_id, x.fy, x.payee_id)
SELECT coalesce(a.load_id, b.load_id) AS load_id, coalesce(a.fy, b.fy) AS fy, coalesce(a.payee_id, b.payee_id) AS payee_id,
       coalesce(b.payee, a.payee) AS payee, coalesce(a.counted, 0) AS before_pence, coalesce(b.counted, 0) AS after_pence,
       CASE WHEN a.payee_id IS NULL OR (b.payee_id IS NOT NULL AND b.pence <> a.pence AND abs(b.pence) > abs(a.pence)) THEN 'new'
            WHEN b.payee_id IS NULL OR b.pence <> a.pence THEN 'gone'
            WHEN a.who IS DISTINCT FROM b.who THEN 'who'
            WHEN a.place IS DISTINCT FROM b.place THEN 'where'
            WHEN a.tag IS DISTINCT FROM b.tag THEN 'tagged'
            WHEN a.flows IS DISTINCT FROM b.flows THEN 'flow'
            ELSE 'choice' END AS reason,
       coalesce(concat_ws(', ', a.who, a.place, a.tag), '') AS before, coalesce(concat_ws(', ', b.who, b.place, b.tag), '') AS after
  FROM (SELECT side, load_id, fy, payee_id, payee, pence, counted, who, place, tag, flows FROM y WHERE side = 1) a
  FULL JOIN (SELECT side, load_id, fy, payee_id, payee, pence, counted, who, place, tag, flows FROM y WHERE side = 2) b
    ON a.load_id = b.load_id AND a.fy = b.fy AND a.payee_id = b.payee_id
 WHERE coalesce(a.counted, 0) <> coalesce(b.counted, 0)
 ORDER BY abs(coalesce(b.counted, 0) - coalesce(a.counted, 0)) DESC, 1, 2, 3
 LIMIT $12::bigint

-- name: report_few_between
-- rows: one
-- doc: Whether some sum that two reports both tell (each of 5 suppliers or more) differs by 1 to 4 suppliers, so that the two
-- doc: side by side tell what these were paid. $1 and $2 ids; of the first: $3 flows, $4 rule of place, $5 and $6 years; of the
-- doc: second: $7 flows, $8 and $9 years, $10 rule. Payments whose payee is not named are of no supplier. What both reports have
-- doc: alike is looked at only for sums that differ by so few.
WITH g AS MATERIALIZED (
  SELECT x.fy, x.facts, coalesce(sum(x.pence) FILTER (WHERE x.side = 1), 0) AS before,
         coalesce(sum(x.pence) FILTER (WHERE x.side = 2), 0) AS after, x.flow
    FROM (SELECT 1 AS side, c.fy, c.flow, c.facts, sum(c.amount_pence) AS pence FROM core.spend_report_cell c
           WHERE c.report_id = $1::bigint AND c.flow = ANY ($3::integer[]) AND c.fy BETWEEN $5::integer AND $6::integer
           GROUP BY 2, 3, 4
          UNION ALL
          SELECT 2, c.fy, c.flow, c.facts, sum(c.amount_pence) FROM core.spend_report_cell c
           WHERE c.report_id = $2::bigint AND c.flow = ANY ($7::integer[]) AND c.fy BETWEEN $8::integer AND $9::integer
           GROUP BY 2, 3, 4) x
   GROUP BY x.fy, x.flow, x.facts),
 side AS (
  SELECT s.fy, s.flow, s.f, s.rule, s.before, s.after, regexp_replace(s.f -> 'who' ->> 0, '^p0\.', '') AS who, s.differs
    FROM (SELECT g.fy, g.flow, g.facts::jsonb AS f, $4::text AS rule, g.before, 0::numeric AS after,
                 g.before <> g.after OR $4::text <> $10::text AS differs FROM g WHERE g.before <> 0
          UNION ALL
          SELECT g.fy, g.flow, g.facts::jsonb, $10::text, 0, g.after, g.before <> g.after OR $4::text <> $10::text
            FROM g WHERE g.after <> 0) s
   WHERE s.f -> 'who' -> 2 IS NULL),
 rows AS (
  SELECT x.fy, d.dim, d.value, x.who, x.before, x.after, x.differs
    FROM side x CROSS JOIN LATERAL (VALUES
           ('all', ''), ('anchor', x.f -> 'anchor' ->> 0), ('flow', x.flow::text), ('place', x.f -> x.rule ->> 0),
           ('ward', x.f -> x.rule ->> 1), ('sector', x.f ->> 'sector'), ('size', x.f ->> 'size'),
           ('vcfse', concat(x.f ->> 'vcfse', x.f ->> 'class')),
           ('vcfse here', concat(x.f ->> 'vcfse', x.f ->> 'class', x.f -> x.rule ->> 0))) AS d (dim, value)),
 few AS MATERIALIZED (
  SELECT w.fy, w.dim, w.value
    FROM (SELECT r.fy, r.dim, r.value, r.who FROM rows r WHERE r.differs
           GROUP BY 1, 2, 3, 4 HAVING sum(r.before) <> sum(r.after)) w
   GROUP BY 1, 2, 3 HAVING count(*) < 5)
SELECT EXISTS (SELECT FROM rows r JOIN few USING (fy, dim, value) GROUP BY r.fy, r.dim, r.value
                HAVING count(DISTINCT r.who) FILTER (WHERE r.before <> 0) >= 5
                   AND count(DISTINCT r.who) FILTER (WHERE r.after <> 0) >= 5) AS few
