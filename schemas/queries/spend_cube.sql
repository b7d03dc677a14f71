-- SPDX-License-Identifier: Apache-2.0
-- Sums over payments in memory: what changed, what is read, what a frozen report keeps.

-- name: cube_state
-- rows: one
-- doc: Numbers of what figures rest on, whether this transaction changed it itself, and whether it sees one state only.
SELECT lines_no, match_no, own, current_setting('transaction_isolation') <> 'read committed' AS fixed FROM core.spend_state

-- name: cube_snapshot
-- rows: none
-- doc: The transaction that has just begun sees one state and changes nothing.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- name: cube_patience
-- rows: one
-- doc: Longest time of a statement in this transaction ($1); what it was before.
SELECT b.was, set_config('statement_timeout', $1, true) AS now
  FROM (SELECT current_setting('statement_timeout') AS was OFFSET 0) b

-- name: cube_choose
-- rows: one
-- doc: What the COPY statements below read: $1 ids of loads, $2 ids of payees, $3 reference of a report.
SELECT set_config('anchorage.cube_loads', $1, true) AS loads, set_config('anchorage.cube_payees', $2, true) AS payees,
       set_config('anchorage.cube_report', $3, true) AS report

-- name: cube_leaves
-- rows: many
-- doc: Years of loads with their numbers.
SELECT f.load_id, f.fy, f.no, l.anchor_id, f.lines
  FROM core.spend_leaf f JOIN core.spend_load l ON l.id = f.load_id
 ORDER BY f.load_id, f.fy

-- name: cube_sums
-- rows: none
-- doc: Sums of the chosen loads, a row for each 64 MB of the table: load and year in one number; payee, flow and how many lines;
-- doc: pence; of which credits; each an array, because a row costs a hundred times what an element costs.
COPY (SELECT x.leaf, x.who, x.pence, x.credit
        FROM generate_series(0, pg_relation_size('core.spend_sum') / 67108864) AS part
        CROSS JOIN LATERAL (SELECT array_agg((s.load_id << 16) | s.fy) AS leaf,
                                   array_agg((s.payee_id << 32) | (least(s.flow & 255, 15)::bigint << 28)
                                             | least(s.line_count, 268435455)) AS who,
                                   array_agg(s.amount_pence) AS pence, array_agg(s.credit_pence) AS credit
                              FROM core.spend_sum s
                             WHERE s.ctid >= format('(%s,0)', part * 8192)::tid AND s.ctid < format('(%s,0)', part * 8192 + 8192)::tid
                               AND s.load_id IN (SELECT unnest(current_setting('anchorage.cube_loads')::bigint[]))) x)
  TO STDOUT (FORMAT binary)

-- name: cube_sums_few
-- rows: none
-- doc: The same when a few loads of many are chosen, a row for each: only their part of the table is looked at.
COPY (SELECT x.leaf, x.who, x.pence, x.credit
        FROM unnest(current_setting('anchorage.cube_loads')::bigint[]) AS l (id)
        CROSS JOIN LATERAL (SELECT array_agg((s.load_id << 16) | s.fy) AS leaf,
                                   array_agg((s.payee_id << 32) | (least(s.flow & 255, 15)::bigint << 28)
                                             | least(s.line_count, 268435455)) AS who,
                                   array_agg(s.amount_pence) AS pence, array_agg(s.credit_pence) AS credit
                              FROM core.spend_sum s WHERE s.load_id = l.id) x)
  TO STDOUT (FORMAT binary)

-- name: cube_lines
-- rows: none
-- doc: Lines of the chosen loads, a row for each 64 MB of a table: payee and label in one number; pence; line of the file, whether
-- doc: it does not count, flow and day (from 1 January 1950) in one; each an array.
COPY (SELECT f.load_id, f.fy, x.who, x.pence, x.what
        FROM core.spend_leaf f
        CROSS JOIN LATERAL generate_series(0, coalesce(pg_relation_size(to_regclass(format('core.spend_line_%s_%s', f.fy, f.load_id))),
                                                       0) / 67108864) AS part
        CROSS JOIN LATERAL (SELECT array_agg((l.payee_id::bigint << 32) | l.label_id) AS who, array_agg(l.amount_pence) AS pence,
                                   array_agg((l.line_no::bigint << 32) | (CASE WHEN l.counted THEN 0 ELSE 16777216 END)
                                             | ((l.flow & 255)::integer << 16)
                                             | greatest(0, least(65535, l.paid_on - date '1950-01-01'))) AS what
                              FROM core.spend_line l
                             WHERE l.fy = f.fy AND l.load_id = f.load_id AND l.ctid >= format('(%s,0)', part * 8192)::tid
                               AND l.ctid < format('(%s,0)', part * 8192 + 8192)::tid) x
       WHERE f.load_id = ANY (current_setting('anchorage.cube_loads')::bigint[])
       ORDER BY f.load_id, f.fy)
  TO STDOUT (FORMAT binary)

-- name: cube_lines_of
-- rows: none
-- doc: Lines of the chosen loads and payees that count, load by load (no table of another is looked at): load, year, flow and
-- doc: day (from 1 January 1950) in one number, payee and label in one, pence.
COPY (SELECT (l.load_id::bigint << 32) | ((l.fy - 1900)::bigint << 24) | (l.flow::bigint << 16)
             | greatest(0, least(65535, l.paid_on - date '1950-01-01')),
             (l.payee_id::bigint << 32) | l.label_id, l.amount_pence
        FROM unnest(current_setting('anchorage.cube_loads')::integer[]) AS w (load_id)
        CROSS JOIN LATERAL (SELECT x.load_id, x.fy, x.flow, x.paid_on, x.payee_id, x.label_id, x.amount_pence
                              FROM core.spend_line x
                             WHERE x.load_id = w.load_id AND x.counted
                               AND x.payee_id = ANY (ARRAY(SELECT unnest(current_setting('anchorage.cube_payees')::integer[])))
                            OFFSET 0) l)
  TO STDOUT (FORMAT binary)

-- name: cube_labels
-- rows: none
-- doc: What payments were for.
COPY (SELECT id, category FROM core.spend_label) TO STDOUT (FORMAT binary)

-- name: cube_payees
-- rows: none
-- doc: Payees with who they are and where the payments file says they are.
COPY (SELECT id, name, supplier_id, same_as, redacted, match_state = 'individual', is_local, lad_code, ward_code
        FROM core.payee ORDER BY id)
  TO STDOUT (FORMAT binary)

-- name: cube_suppliers
-- rows: none
-- doc: Suppliers that payments can count for. How large somebody is that only a register lists is not known.
COPY (SELECT s.id, o.ref, o.name, s.sector, CASE WHEN s.listed_from = '' THEN s.size ELSE '' END
        FROM core.supplier s JOIN core.organisation o ON o.id = s.id
       WHERE s.id IN (SELECT supplier_id FROM core.payee WHERE supplier_id IS NOT NULL
                      UNION SELECT into_id FROM core.supplier_merge WHERE undone_at IS NULL))
  TO STDOUT (FORMAT binary)

-- name: cube_places
-- rows: none
-- doc: Where these suppliers were, and from when.
COPY (SELECT supplier_id, kind, from_day, is_local, lad_code, ward_code FROM core.supplier_place
       WHERE supplier_id IN (SELECT supplier_id FROM core.payee WHERE supplier_id IS NOT NULL
                             UNION SELECT into_id FROM core.supplier_merge WHERE undone_at IS NULL)
       ORDER BY supplier_id, kind, from_day)
  TO STDOUT (FORMAT binary)

-- name: cube_tags
-- rows: none
-- doc: Whether suppliers are voluntary, community, faith or social enterprises, and for payments of which days.
COPY (SELECT supplier_id, decision, holds_from, holds_until, policy_class, coalesce(before_decision, ''), before_class, before_from
        FROM core.supplier_tag WHERE tag = 'vcfse')
  TO STDOUT (FORMAT binary)

-- name: cube_merges
-- rows: none
-- doc: Suppliers that count as another one.
COPY (SELECT from_id, into_id FROM core.supplier_merge WHERE undone_at IS NULL) TO STDOUT (FORMAT binary)

-- name: cube_wards
-- rows: none
-- doc: Wards.
COPY (SELECT code, name FROM core.ward) TO STDOUT (FORMAT binary)

-- name: cube_anchors
-- rows: none
-- doc: Public bodies.
COPY (SELECT a.id, o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id) TO STDOUT (FORMAT binary)

-- name: cube_areas
-- rows: many
-- doc: Codes of the place's own local authorities, and what people call it.
SELECT unnest(lad_codes) AS code, short_name AS name FROM core.place

-- name: cube_cells_copy
-- rows: none
-- doc: Cells of a frozen report.
COPY core.spend_report_cell (report_id, load_id, fy, anchor_id, payee_id, payee, flow, month, category, supplier_id, facts,
                             amount_pence, credit_pence, line_count)
FROM STDIN (FORMAT binary)

-- name: cube_cells
-- rows: none
-- doc: Cells of the chosen report.
COPY (SELECT x.load_id, x.fy, x.anchor_id, x.payee_id, x.flow, x.month, x.category, x.facts, x.amount_pence, x.credit_pence,
             x.line_count
        FROM core.spend_report_cell x JOIN core.spend_report r ON r.id = x.report_id
       WHERE r.ref = current_setting('anchorage.cube_report')
       ORDER BY x.payee_id, x.fy, x.load_id, x.flow, x.month, x.category, x.facts)
  TO STDOUT (FORMAT binary)

-- name: cube_report
-- rows: opt
-- doc: Whether there is a report of this reference ($1).
SELECT id FROM core.spend_report WHERE ref = $1

-- name: spend_fold
-- rows: one
-- doc: Keeps the count of changes short.
SELECT core.spend_state_fold() AS folded
