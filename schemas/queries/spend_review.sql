-- SPDX-License-Identifier: Apache-2.0
-- Who was paid, as officers decide it: the queue by pounds, one name with all that is known of it, its history.

-- name: review_waiting
-- rows: one
-- doc: Lines of payments that are not in what payees were paid yet.
SELECT coalesce(sum(f.lines), 0)::bigint AS lines, count(*) AS leaves FROM core.spend_leaf f
 WHERE NOT EXISTS (SELECT FROM core.payee_paid_leaf k WHERE k.load_id = f.load_id AND k.fy = f.fy)

-- name: review_add_up
-- rows: one
-- doc: Adds some of them ($1 lines at most, and at least one year of a load); whether more are left.
SELECT core.payee_paid_add($1::bigint) AS more

-- name: review_words_add
-- rows: one
-- doc: Makes some payees ($1 at most) quick to find by a part of their name; whether more are left.
SELECT core.payee_word_add($1::integer) AS more

-- name: review_progress
-- rows: one
-- doc: Where the pounds of all counted payments stand, all years and anchors: tied, decided otherwise, hidden, and left to do;
-- doc: of what is left, the 25 names that were paid most.
WITH f AS (SELECT x.amount_pence
             FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
            WHERE x.anchor_id = 0 AND NOT p.redacted AND p.same_as IS NULL AND p.match_state IN ('open', 'review')
            ORDER BY x.amount_pence DESC, x.payee_id LIMIT 25)
SELECT coalesce(sum(k.pence), 0)::bigint AS all_pence,
       coalesce(sum(k.pence) FILTER (WHERE k.redacted), 0)::bigint AS hidden_pence,
       coalesce(sum(k.pence) FILTER (WHERE k.waits), 0)::bigint AS left_pence,
       coalesce(sum(k.pence) FILTER (WHERE NOT k.redacted AND NOT k.waits AND k.match_state IN ('none', 'individual')), 0)::bigint
         AS settled_pence,
       coalesce(sum(k.pence) FILTER (WHERE NOT k.redacted AND NOT k.waits AND k.match_state NOT IN ('none', 'individual')), 0)::bigint
         AS tied_pence,
       count(*) FILTER (WHERE k.waits) AS left_count,
       count(*) FILTER (WHERE k.waits AND k.match_state = 'review') AS review_count,
       (SELECT count(*) FROM f) AS top_count, (SELECT coalesce(sum(f.amount_pence), 0) FROM f)::bigint AS top_pence
  FROM (SELECT x.amount_pence AS pence, p.redacted, p.match_state,
               NOT p.redacted AND p.same_as IS NULL AND p.match_state IN ('open', 'review') AS waits
          FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
         WHERE x.anchor_id = 0) k

-- name: review_queue_count
-- rows: one
-- doc: How many names are in a queue, and their pounds ($1 states, $2 anchor id or 0 for all, $3 NULL, $4 least pence).
SELECT count(*) AS n, coalesce(sum(x.amount_pence), 0)::bigint AS pence
  FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
 WHERE x.anchor_id = $2::bigint AND x.amount_pence >= $4::bigint AND p.match_state = ANY ($1::text[]) AND NOT p.redacted
   AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
   AND $3::text IS NULL

-- name: review_queue_count_named
-- rows: one
-- doc: The same of names with a pattern of LIKE ($3) in them.
SELECT count(*) AS n, coalesce(sum(x.amount_pence), 0)::bigint AS pence FROM core.payee_queue_named($1::text[], $2::bigint, $3, $4::bigint) x

-- name: review_queue
-- rows: many
-- doc: A page of it, paid most first, with the best proposal of each ($1 to $4 as above, $5 how many, $6 after so many).
SELECT p.id, p.name, p.postcode, p.company_number, p.charity_number, p.match_state, p.match_rule, t.pence, t.lines,
       coalesce((SELECT string_agg(o.name, ', ' ORDER BY o.name)
                   FROM core.payee_paid x JOIN core.anchor a ON a.id = x.anchor_id JOIN core.organisation o ON o.id = a.id
                  WHERE x.payee_id = p.id), '') AS anchors,
       (SELECT count(*) FROM core.payee_paid x WHERE x.payee_id = p.id AND x.anchor_id <> 0) AS anchor_count,
       (SELECT count(*) FROM core.payee_proposal n WHERE n.payee_id = p.id) AS proposals,
       q.method, q.score_milli, coalesce(qo.name, qc.name, qh.name, '') AS best_name, ts.name AS tied_name
  FROM (SELECT x.payee_id, x.amount_pence AS pence, x.line_count AS lines
          FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
         WHERE x.anchor_id = $2::bigint AND x.amount_pence >= $4::bigint AND p.match_state = ANY ($1::text[]) AND NOT p.redacted
           AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
           AND $3::text IS NULL
         ORDER BY x.amount_pence DESC, x.payee_id LIMIT $5::bigint OFFSET $6::bigint) t
  JOIN core.payee p ON p.id = t.payee_id
  LEFT JOIN core.payee_proposal q ON q.payee_id = p.id AND q.place = 1
  LEFT JOIN core.organisation qo ON qo.id = q.supplier_id
  LEFT JOIN core.company qc ON qc.number = q.company_number AND q.company_number <> ''
  LEFT JOIN core.charity qh ON qh.number = q.charity_number AND q.charity_number <> ''
  LEFT JOIN core.organisation ts ON ts.id = p.supplier_id
 ORDER BY t.pence DESC, p.id

-- name: review_queue_named
-- rows: many
-- doc: The same of names with a pattern of LIKE ($3) in them.
SELECT p.id, p.name, p.postcode, p.company_number, p.charity_number, p.match_state, p.match_rule, t.pence, t.lines,
       coalesce((SELECT string_agg(o.name, ', ' ORDER BY o.name)
                   FROM core.payee_paid x JOIN core.anchor a ON a.id = x.anchor_id JOIN core.organisation o ON o.id = a.id
                  WHERE x.payee_id = p.id), '') AS anchors,
       (SELECT count(*) FROM core.payee_paid x WHERE x.payee_id = p.id AND x.anchor_id <> 0) AS anchor_count,
       (SELECT count(*) FROM core.payee_proposal n WHERE n.payee_id = p.id) AS proposals,
       q.method, q.score_milli, coalesce(qo.name, qc.name, qh.name, '') AS best_name, ts.name AS tied_name
  FROM (SELECT x.payee_id, x.amount_pence AS pence, x.line_count AS lines
          FROM core.payee_queue_named($1::text[], $2::bigint, $3, $4::bigint) x
         ORDER BY x.amount_pence DESC, x.payee_id LIMIT $5::bigint OFFSET $6::bigint) t
  JOIN core.payee p ON p.id = t.payee_id
  LEFT JOIN core.payee_proposal q ON q.payee_id = p.id AND q.place = 1
  LEFT JOIN core.organisation qo ON qo.id = q.supplier_id
  LEFT JOIN core.company qc ON qc.number = q.company_number AND q.company_number <> ''
  LEFT JOIN core.charity qh ON qh.number = q.charity_number AND q.charity_number <> ''
  LEFT JOIN core.organisation ts ON ts.id = p.supplier_id
 ORDER BY t.pence DESC, p.id

-- name: review_spot
-- rows: one
-- doc: Where a name stands in a queue, whether or not it is still in it ($1 to $4 as above, $5 its pence, $6 its id).
SELECT count(*) AS n, coalesce(sum(x.amount_pence), 0)::bigint AS pence,
       count(*) FILTER (WHERE x.amount_pence > $5::bigint OR (x.amount_pence = $5::bigint AND x.payee_id < $6::bigint)) AS before,
       coalesce(bool_or(x.payee_id = $6::bigint), false) AS inside
  FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
 WHERE x.anchor_id = $2::bigint AND x.amount_pence >= $4::bigint AND p.match_state = ANY ($1::text[]) AND NOT p.redacted
   AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
   AND $3::text IS NULL

-- name: review_spot_named
-- rows: one
-- doc: The same of names with a pattern of LIKE ($3) in them.
SELECT count(*) AS n, coalesce(sum(x.amount_pence), 0)::bigint AS pence,
       count(*) FILTER (WHERE x.amount_pence > $5::bigint OR (x.amount_pence = $5::bigint AND x.payee_id < $6::bigint)) AS before,
       coalesce(bool_or(x.payee_id = $6::bigint), false) AS inside
  FROM core.payee_queue_named($1::text[], $2::bigint, $3, $4::bigint) x

-- name: review_next
-- rows: opt
-- doc: The name after it ($1 to $6 as above).
SELECT x.payee_id
  FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
 WHERE x.anchor_id = $2::bigint AND x.amount_pence >= $4::bigint AND p.match_state = ANY ($1::text[]) AND NOT p.redacted
   AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
   AND $3::text IS NULL
   AND x.amount_pence <= $5::bigint AND (x.amount_pence < $5::bigint OR x.payee_id > $6::bigint)
 ORDER BY x.amount_pence DESC, x.payee_id LIMIT 1

-- name: review_next_named
-- rows: opt
-- doc: The same of names with a pattern of LIKE ($3) in them.
SELECT x.payee_id
  FROM core.payee_queue_named($1::text[], $2::bigint, $3, $4::bigint) x
 WHERE x.amount_pence <= $5::bigint AND (x.amount_pence < $5::bigint OR x.payee_id > $6::bigint)
 ORDER BY x.amount_pence DESC, x.payee_id LIMIT 1

-- name: review_previous
-- rows: opt
-- doc: The name before it ($1 to $6 as above).
SELECT x.payee_id
  FROM core.payee_paid x JOIN core.payee p ON p.id = x.payee_id
 WHERE x.anchor_id = $2::bigint AND x.amount_pence >= $4::bigint AND p.match_state = ANY ($1::text[]) AND NOT p.redacted
   AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
   AND $3::text IS NULL
   AND x.amount_pence >= $5::bigint AND (x.amount_pence > $5::bigint OR x.payee_id < $6::bigint)
 ORDER BY x.amount_pence, x.payee_id DESC LIMIT 1

-- name: review_previous_named
-- rows: opt
-- doc: The same of names with a pattern of LIKE ($3) in them.
SELECT x.payee_id
  FROM core.payee_queue_named($1::text[], $2::bigint, $3, $4::bigint) x
 WHERE x.amount_pence >= $5::bigint AND (x.amount_pence > $5::bigint OR x.payee_id < $6::bigint)
 ORDER BY x.amount_pence, x.payee_id DESC LIMIT 1

-- name: review_payee
-- rows: opt
-- doc: All that is known of a name ($1 id), and its pounds at one anchor ($2 reference or NULL: all of them); supplier: the one its
-- doc: payments count for, over spellings and merges.
WITH RECURSIVE up AS (
    SELECT p.id, p.same_as, p.supplier_id, 0 AS steps FROM core.payee p WHERE p.id = $1::bigint
    UNION ALL
    SELECT p.id, p.same_as, p.supplier_id, u.steps + 1 FROM up u JOIN core.payee p ON p.id = u.same_as WHERE u.steps < 8
), root AS (SELECT up.supplier_id FROM up ORDER BY up.steps DESC LIMIT 1),
merged AS (
    SELECT root.supplier_id AS id, 0 AS steps FROM root WHERE root.supplier_id IS NOT NULL
    UNION ALL
    SELECT m.into_id, g.steps + 1 FROM merged g JOIN core.supplier_merge m ON m.from_id = g.id AND m.undone_at IS NULL WHERE g.steps < 8
)
SELECT p.id, p.name, p.match_name, p.other_name, p.supplier_no, p.company_number, p.charity_number, p.vat_number, p.postcode,
       p.redacted, p.match_state, p.match_rule, p.match_score, p.matched_at, p.is_local, p.lad_code IS NOT NULL AS is_located,
       coalesce(w.name, '') AS ward_name, coalesce(no.name, '') AS number_anchor,
       so.ref AS supplier_ref, so.name AS supplier_name, m.id AS same_id, m.name AS same_name, b.name AS matched_name,
       coalesce(a.pence, 0) AS pence, coalesce(a.lines, 0) AS lines, coalesce(a.anchors, '') AS anchors,
       coalesce(a.anchor_count, 0) AS anchor_count, coalesce(a.queue_pence, 0) AS queue_pence
  FROM core.payee p
  LEFT JOIN core.ward w ON w.code = p.ward_code
  LEFT JOIN core.organisation no ON no.id = p.anchor_id
  LEFT JOIN core.organisation so ON so.id = (SELECT merged.id FROM merged ORDER BY merged.steps DESC LIMIT 1)
  LEFT JOIN core.payee m ON m.id = p.same_as
  LEFT JOIN core.person b ON b.id = p.matched_by
  LEFT JOIN LATERAL (SELECT sum(x.amount_pence)::bigint AS pence, sum(x.line_count)::bigint AS lines,
                            string_agg(DISTINCT o.name, ', ' ORDER BY o.name) AS anchors, count(DISTINCT l.anchor_id) AS anchor_count,
                            (sum(x.amount_pence) FILTER (WHERE $2::text IS NULL OR o.ref = $2))::bigint AS queue_pence
                       FROM core.spend_sum x JOIN core.spend_load l ON l.id = x.load_id JOIN core.organisation o ON o.id = l.anchor_id
                      WHERE x.payee_id = p.id) a ON true
 WHERE p.id = $1::bigint

-- name: review_payee_years
-- rows: many
-- doc: What a name was paid by year and anchor, credits taken off ($1 id).
SELECT x.fy, o.ref AS anchor_ref, o.name AS anchor, sum(x.amount_pence)::bigint AS pence, sum(x.line_count)::bigint AS lines
  FROM core.spend_sum x JOIN core.spend_load l ON l.id = x.load_id JOIN core.organisation o ON o.id = l.anchor_id
 WHERE x.payee_id = $1::bigint
 GROUP BY x.fy, o.ref, o.name
 ORDER BY x.fy DESC, 4 DESC, o.name

-- name: review_payee_largest
-- rows: many
-- doc: The largest counted payments of a name ($1 id, $2 how many); only the tables that hold some are opened.
SELECT x.paid_on, x.amount_pence AS pence, x.line_no, o.name AS anchor, l.ref AS load_ref, l.file_name,
       b.category, b.purpose, b.department
  FROM core.spend_line x
  JOIN core.spend_load l ON l.id = x.load_id
  JOIN core.organisation o ON o.id = l.anchor_id
  LEFT JOIN core.spend_label b ON b.id = x.label_id
 WHERE x.payee_id = $1::integer AND x.counted
   AND x.fy = ANY (ARRAY(SELECT s.fy FROM core.spend_sum s WHERE s.payee_id = $1::integer))
   AND x.load_id = ANY (ARRAY(SELECT s.load_id::integer FROM core.spend_sum s WHERE s.payee_id = $1::integer))
 ORDER BY x.amount_pence DESC, x.paid_on DESC, x.load_id, x.line_no
 LIMIT $2::bigint

-- name: review_payee_kin
-- rows: many
-- doc: Other names that are this one spelled another way, or that read the same but for their numbers ($1 id, $2 how many).
SELECT k.id, k.name, k.supplier_no, k.company_number, k.postcode, k.match_state, k.same_as = p.id AS is_spelling,
       coalesce(t.pence, 0) AS pence, so.name AS tied_name, coalesce(no.name, '') AS number_anchor
  FROM core.payee p
  JOIN core.payee k ON k.id <> p.id AND NOT k.redacted AND (k.same_as = p.id OR k.id = p.same_as OR k.match_name = p.match_name)
  LEFT JOIN LATERAL (SELECT sum(x.amount_pence)::bigint AS pence FROM core.spend_sum x WHERE x.payee_id = k.id) t ON true
  LEFT JOIN core.organisation so ON so.id = k.supplier_id
  LEFT JOIN core.organisation no ON no.id = k.anchor_id
 WHERE p.id = $1::bigint AND p.match_name <> ''
 ORDER BY coalesce(t.pence, 0) DESC, k.id
 LIMIT $2::bigint

-- name: review_proposals
-- rows: many
-- doc: What the rules propose for a name, best first, with what is known of each ($1 id).
SELECT q.method, q.score_milli, q.reason, coalesce(o.ref, '') AS ref, coalesce(o.name, c.name, h.name, '') AS name,
       coalesce(nullif(s.company_number, ''), q.company_number) AS company_number,
       coalesce(nullif(s.charity_number, ''), q.charity_number) AS charity_number, coalesce(s.vat_number, '') AS vat_number,
       concat_ws(', ', nullif(s.address1, ''), nullif(s.town, '')) AS address,
       coalesce(nullif(s.postcode, ''), c.postcode, h.postcode, '') AS postcode,
       coalesce(c.status, '') AS company_status, coalesce(c.category, '') AS company_category, coalesce(h.status, '') AS charity_status,
       coalesce(w.name, '') AS ward_name, pc.pc IS NOT NULL AS is_located,
       coalesce(pc.lad_code = ANY ((SELECT lad_codes FROM core.place)::text[]), false) AS is_local,
       coalesce(t.decision, '') AS decision
  FROM core.payee_proposal q
  LEFT JOIN core.supplier s ON s.id = q.supplier_id
  LEFT JOIN core.organisation o ON o.id = q.supplier_id
  LEFT JOIN core.company c ON c.number = coalesce(nullif(s.company_number, ''), nullif(q.company_number, ''))
  LEFT JOIN core.charity h ON h.number = coalesce(nullif(s.charity_number, ''), nullif(q.charity_number, ''))
  LEFT JOIN core.postcode pc ON pc.pc = coalesce(nullif(s.postcode, ''), c.postcode, h.postcode)
  LEFT JOIN core.ward w ON w.code = pc.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE q.payee_id = $1::bigint
 ORDER BY q.place

-- name: review_find_suppliers
-- rows: many
-- doc: Suppliers by name or number, for a person who looks for one ($1 pattern, $2 number as typed, $3 how many).
SELECT '' AS method, 0 AS score_milli, '' AS reason, o.ref, o.name, s.company_number, s.charity_number, s.vat_number,
       concat_ws(', ', nullif(s.address1, ''), nullif(s.town, '')) AS address, s.postcode,
       coalesce(c.status, '') AS company_status, coalesce(c.category, '') AS company_category, coalesce(h.status, '') AS charity_status,
       coalesce(w.name, '') AS ward_name, s.lad_code IS NOT NULL AS is_located, coalesce(s.is_local, false) AS is_local,
       coalesce(t.decision, '') AS decision
  FROM core.supplier s
  JOIN core.organisation o ON o.id = s.id
  LEFT JOIN core.company c ON c.number = s.company_number AND s.company_number <> ''
  LEFT JOIN core.charity h ON h.number = s.charity_number AND s.charity_number <> ''
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
 WHERE (o.name ILIKE $1 OR upper($2) IN (s.company_number, s.charity_number, s.vat_number) OR o.ref = $2)
   AND NOT EXISTS (SELECT 1 FROM core.supplier_merge m WHERE m.from_id = s.id AND m.undone_at IS NULL)
 ORDER BY o.name, o.ref
 LIMIT $3::bigint

-- name: review_find_register
-- rows: many
-- doc: Entries of the registers that nobody here stands for ($1 name as compared, $2 number as typed, $3 how many of each).
(SELECT '' AS method, 0 AS score_milli, '' AS reason, '' AS ref, c.name, c.number AS company_number, '' AS charity_number,
        '' AS vat_number, '' AS address, coalesce(c.postcode, '') AS postcode, c.status AS company_status,
        c.category AS company_category, '' AS charity_status, coalesce(w.name, '') AS ward_name, pc.pc IS NOT NULL AS is_located,
        coalesce(pc.lad_code = ANY ((SELECT lad_codes FROM core.place)::text[]), false) AS is_local, '' AS decision
   FROM core.company c
   LEFT JOIN core.postcode pc ON pc.pc = c.postcode
   LEFT JOIN core.ward w ON w.code = pc.ward_code
  WHERE (c.number = upper($2) OR ($1 <> '' AND c.match_name >= $1 AND c.match_name < $1 || U&'\FFFF'))
    AND NOT EXISTS (SELECT 1 FROM core.supplier s WHERE s.company_number = c.number AND s.company_number <> '')
  ORDER BY c.match_name, c.number LIMIT $3::bigint)
UNION ALL
(SELECT '', 0, '', '', h.name, '', h.number, '', '', coalesce(h.postcode, ''), '', '', h.status, coalesce(w.name, ''),
        pc.pc IS NOT NULL, coalesce(pc.lad_code = ANY ((SELECT lad_codes FROM core.place)::text[]), false), ''
   FROM core.charity h
   LEFT JOIN core.postcode pc ON pc.pc = h.postcode
   LEFT JOIN core.ward w ON w.code = pc.ward_code
  WHERE (h.number = upper($2) OR ($1 <> '' AND h.match_name >= $1 AND h.match_name < $1 || U&'\FFFF'))
    AND NOT EXISTS (SELECT 1 FROM core.supplier s WHERE s.charity_number = h.number AND s.charity_number <> '')
  ORDER BY h.match_name, h.number LIMIT $3::bigint)

-- name: review_find_payees
-- rows: many
-- doc: Other names that were paid, paid most first ($1 pattern, $2 not this one, $3 how many); of very many the first 500.
SELECT p.id, p.name, p.match_state, p.postcode, p.company_number, coalesce(t.pence, 0) AS pence, so.name AS tied_name
  FROM (SELECT n.id, n.name, n.match_state, n.postcode, n.company_number, n.supplier_id
          FROM core.payee_named($1) AS k (id) JOIN core.payee n ON n.id = k.id
         WHERE n.name ILIKE $1 AND n.id <> $2::bigint AND NOT n.redacted AND n.same_as IS NULL
         ORDER BY length(n.name), n.id LIMIT 500) p
  LEFT JOIN LATERAL (SELECT sum(x.amount_pence)::bigint AS pence FROM core.spend_sum x WHERE x.payee_id = p.id) t ON true
  LEFT JOIN core.organisation so ON so.id = p.supplier_id
 ORDER BY coalesce(t.pence, 0) DESC, p.id
 LIMIT $3::bigint

-- name: review_payee_hold
-- rows: opt
-- doc: Keeps a name to this transaction, and says who decided last ($1 id).
SELECT p.id, p.redacted, coalesce(d.id, 0) AS decision_id
  FROM core.payee p
  LEFT JOIN LATERAL (SELECT x.id FROM core.payee_decision x WHERE x.payee_id = p.id AND x.undone_at IS NULL
                      ORDER BY x.id DESC LIMIT 1) d ON true
 WHERE p.id = $1::bigint
   FOR UPDATE OF p

-- name: review_decisions
-- rows: many
-- doc: What was decided about a name, newest first ($1 id, $2 how many); `holds` is the one that counts now.
SELECT d.id, d.payee_id, d.what, d.method, d.score_milli, d.reason, d.at, d.undone_at, b.name AS by_name, u.name AS undone_name,
       o.ref AS supplier_ref, o.name AS supplier_name, k.id AS same_id, k.name AS same_name,
       d.undone_at IS NULL AND d.id = max(d.id) FILTER (WHERE d.undone_at IS NULL) OVER () AS holds
  FROM core.payee_decision d
  LEFT JOIN core.person b ON b.id = d.by_id
  LEFT JOIN core.person u ON u.id = d.undone_by
  LEFT JOIN core.organisation o ON o.id = d.supplier_id
  LEFT JOIN core.payee k ON k.id = d.same_id
 WHERE d.payee_id = $1::bigint
 ORDER BY d.id DESC
 LIMIT $2::bigint

-- name: review_decision
-- rows: opt
-- doc: One decision, with the name it was about ($1 id).
SELECT d.id, d.payee_id, p.name AS payee_name, d.what, d.method, d.at, d.undone_at IS NOT NULL AS is_undone, b.name AS by_name,
       d.by_id, o.ref AS supplier_ref, o.name AS supplier_name, k.name AS same_name
  FROM core.payee_decision d
  JOIN core.payee p ON p.id = d.payee_id
  LEFT JOIN core.person b ON b.id = d.by_id
  LEFT JOIN core.organisation o ON o.id = d.supplier_id
  LEFT JOIN core.payee k ON k.id = d.same_id
 WHERE d.id = $1::bigint

-- name: review_anchors
-- rows: many
-- doc: Anchors with payments, by name.
SELECT o.ref, o.name, o.id FROM core.organisation o
 WHERE o.kind = 'anchor' AND EXISTS (SELECT 1 FROM core.spend_load l WHERE l.anchor_id = o.id)
 ORDER BY o.name

-- name: review_supplier
-- rows: opt
-- doc: A supplier with what tells it apart, and what it was paid with listings and spellings that count as it ($1 reference).
SELECT s.id, o.ref, o.name, s.sector, s.size, concat_ws(', ', nullif(s.address1, ''), nullif(s.town, '')) AS address, s.postcode,
       s.company_number, s.charity_number, s.vat_number, s.listed_from,
       s.lad_code IS NOT NULL AS is_located, coalesce(s.is_local, false) AS is_local, coalesce(w.name, '') AS ward_name,
       coalesce(t.decision, '') AS decision, coalesce(t.reasons, '') AS reasons, t.holds_from, t.holds_until, b.name AS tag_by,
       coalesce(c.status, '') AS company_status, coalesce(c.category, '') AS company_category,
       coalesce(h.status, '') AS charity_status, io.ref AS into_ref, io.name AS into_name,
       coalesce(a.names, 0) AS names, coalesce(a.pence, 0) AS pence, coalesce(a.lines, 0) AS lines
  FROM core.organisation o
  JOIN core.supplier s ON s.id = o.id
  LEFT JOIN core.ward w ON w.code = s.ward_code
  LEFT JOIN core.supplier_tag t ON t.supplier_id = s.id AND t.tag = 'vcfse'
  LEFT JOIN core.person b ON b.id = t.decided_by
  LEFT JOIN core.company c ON c.number = s.company_number AND s.company_number <> ''
  LEFT JOIN core.charity h ON h.number = s.charity_number AND s.charity_number <> ''
  LEFT JOIN core.supplier_merge g ON g.from_id = s.id AND g.undone_at IS NULL
  LEFT JOIN core.organisation io ON io.id = g.into_id
  CROSS JOIN LATERAL (SELECT count(DISTINCT d.payee_id) AS names, sum(x.amount_pence)::bigint AS pence,
                             sum(x.line_count)::bigint AS lines
                        FROM core.supplier_payees(o.id) d LEFT JOIN core.spend_sum x ON x.payee_id = d.payee_id) a
 WHERE o.ref = $1

-- name: review_supplier_names
-- rows: many
-- doc: The names that count as a supplier, with how each was matched, paid most first ($1 supplier id, $2 how many).
SELECT p.id, p.name, p.supplier_no, p.company_number, p.charity_number, p.postcode, p.match_rule, p.match_score, p.matched_at,
       b.name AS matched_name, m.name AS same_name, coalesce(t.pence, 0) AS pence, coalesce(t.lines, 0) AS lines,
       coalesce(t.anchors, '') AS anchors, fo.name AS listing, d.supplier_id <> $1::bigint AS is_merged
  FROM core.supplier_payees($1::bigint) d
  JOIN core.payee p ON p.id = d.payee_id
  JOIN core.organisation fo ON fo.id = d.supplier_id
  LEFT JOIN core.person b ON b.id = p.matched_by
  LEFT JOIN core.payee m ON m.id = p.same_as
  LEFT JOIN LATERAL (SELECT sum(x.amount_pence)::bigint AS pence, sum(x.line_count)::bigint AS lines,
                            string_agg(DISTINCT o.name, ', ' ORDER BY o.name) AS anchors
                       FROM core.spend_sum x JOIN core.spend_load l ON l.id = x.load_id JOIN core.organisation o ON o.id = l.anchor_id
                      WHERE x.payee_id = p.id) t ON true
 ORDER BY coalesce(t.pence, 0) DESC, p.id
 LIMIT $2::bigint

-- name: review_supplier_years
-- rows: many
-- doc: What a supplier was paid by year and anchor, with listings and spellings that count as it ($1 supplier id).
SELECT x.fy, o.ref AS anchor_ref, o.name AS anchor, sum(x.amount_pence)::bigint AS pence, sum(x.line_count)::bigint AS lines
  FROM core.supplier_payees($1::bigint) d
  JOIN core.spend_sum x ON x.payee_id = d.payee_id
  JOIN core.spend_load l ON l.id = x.load_id
  JOIN core.organisation o ON o.id = l.anchor_id
 GROUP BY x.fy, o.ref, o.name
 ORDER BY x.fy DESC, 4 DESC, o.name

-- name: review_supplier_places
-- rows: many
-- doc: Where a supplier is by each rule, and from when ($1 supplier id).
SELECT k.kind, k.from_day, nullif(k.from_day, '0001-01-01') IS NULL AS is_always, k.postcode, k.is_local IS NOT NULL AS is_located,
       coalesce(k.is_local, false) AS is_local, coalesce(w.name, '') AS ward_name, k.evidence, b.name AS set_by
  FROM core.supplier_place k
  LEFT JOIN core.ward w ON w.code = k.ward_code
  LEFT JOIN core.person b ON b.id = k.set_by
 WHERE k.supplier_id = $1::bigint
 ORDER BY CASE k.kind WHEN 'invoice' THEN 1 WHEN 'registered' THEN 2 ELSE 3 END, k.from_day DESC

-- name: review_merges
-- rows: many
-- doc: Suppliers put together, latest first ($1 how many).
SELECT m.id, m.at, m.undone_at, m.reason, b.name AS by_name, u.name AS undone_name, f.ref AS from_ref, f.name AS from_name,
       i.ref AS into_ref, i.name AS into_name,
       coalesce((SELECT sum(x.amount_pence) FROM core.payee p JOIN core.spend_sum x ON x.payee_id = p.id
                  WHERE p.supplier_id = m.from_id), 0)::bigint AS pence
  FROM core.supplier_merge m
  JOIN core.organisation f ON f.id = m.from_id
  JOIN core.organisation i ON i.id = m.into_id
  LEFT JOIN core.person b ON b.id = m.by_id
  LEFT JOIN core.person u ON u.id = m.undone_by
 ORDER BY m.id DESC
 LIMIT $1::bigint

-- name: review_alias_count
-- rows: one
-- doc: How many learned names there are ($1 pattern or NULL, $2 also those that ended).
SELECT count(*) AS n
  FROM core.supplier_alias a JOIN core.organisation o ON o.id = a.supplier_id
 WHERE ($1::text IS NULL OR a.match_name ILIKE $1 OR o.name ILIKE $1) AND ($2::boolean OR a.ended_at IS NULL)

-- name: review_aliases
-- rows: many
-- doc: Learned names, latest first ($1, $2 as above, $3 how many, $4 after so many).
SELECT a.id, a.match_name, o.ref AS supplier_ref, o.name AS supplier_name, coalesce(n.name, '') AS anchor, b.name AS by_name,
       a.decided_at, a.ended_at
  FROM core.supplier_alias a
  JOIN core.organisation o ON o.id = a.supplier_id
  LEFT JOIN core.organisation n ON n.id = a.anchor_id
  LEFT JOIN core.person b ON b.id = a.decided_by
 WHERE ($1::text IS NULL OR a.match_name ILIKE $1 OR o.name ILIKE $1) AND ($2::boolean OR a.ended_at IS NULL)
 ORDER BY a.id DESC
 LIMIT $3::bigint OFFSET $4::bigint

-- name: review_alias_end
-- rows: opt
-- doc: Ends a learned name ($1 id); what rules tied by it is looked at again.
WITH gone AS (UPDATE core.supplier_alias SET ended_at = now() WHERE id = $1::bigint AND ended_at IS NULL
              RETURNING match_name, supplier_id),
     due AS (INSERT INTO core.match_due (supplier_id) SELECT supplier_id FROM gone)
SELECT g.match_name, o.ref AS supplier_ref FROM gone g JOIN core.organisation o ON o.id = g.supplier_id
