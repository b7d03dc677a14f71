-- SPDX-License-Identifier: Apache-2.0
-- Payees to suppliers: decisions of persons and of rules, learned names, merges, and what the rules compare.

-- name: match_payee_lock
-- rows: opt
-- doc: A payee that is about to be decided ($1 id).
SELECT p.id, p.match_name, p.name, p.redacted, coalesce(p.anchor_id, 0) AS anchor_id FROM core.payee p WHERE p.id = $1::bigint FOR UPDATE

-- name: match_payee_holding
-- rows: opt
-- doc: The decision that holds ($1 payee); a statement of its own, because one that waited for the lock sees what was before.
SELECT d.id, coalesce(d.by_id, 0) AS by_id, (extract(epoch FROM d.at) * 1000000)::bigint AS at_usec
  FROM core.payee_decision d WHERE d.payee_id = $1::bigint AND d.undone_at IS NULL ORDER BY d.id DESC LIMIT 1

-- name: match_decide_add
-- rows: one
-- doc: A person's decision ($1 payee, $2 what, $3 supplier or NULL, $4 payee it is a spelling of or NULL, $5 reason, $6 person, $7 time).
INSERT INTO core.payee_decision (payee_id, what, supplier_id, same_id, method, score_milli, reason, by_id, at)
VALUES ($1::bigint, $2, $3::bigint, $4::bigint, 'person', 1000, $5, $6::bigint, to_timestamp($7::bigint / 1000000.0))
RETURNING id

-- name: match_settle
-- rows: none
-- doc: Payees show the newest decision that is not undone, or wait for one ($1 ids).
UPDATE core.payee p
   SET supplier_id = f.supplier_id, same_as = f.same_id, match_state = f.state, match_rule = f.method,
       match_score = f.score_milli, matched_by = f.by_id, matched_at = f.at
  FROM (SELECT x.id, d.supplier_id, d.same_id, coalesce(d.method, q.method, '') AS method,
               coalesce(d.score_milli, q.score_milli, 0) AS score_milli, d.by_id, d.at,
               CASE d.what WHEN 'tie' THEN 'tied' WHEN 'same' THEN 'tied' WHEN 'none' THEN 'none'
                           WHEN 'individual' THEN 'individual'
                           ELSE CASE WHEN q.payee_id IS NULL THEN 'open' ELSE 'review' END END AS state
          FROM unnest($1::bigint[]) AS x (id)
          LEFT JOIN core.payee_decision d ON d.id = (SELECT max(y.id) FROM core.payee_decision y
                                                      WHERE y.payee_id = x.id AND y.undone_at IS NULL)
          LEFT JOIN core.payee_proposal q ON q.payee_id = x.id AND q.place = 1) f
 WHERE p.id = f.id
   AND (p.supplier_id, p.same_as, p.match_state, p.match_rule, p.match_score, p.matched_by, p.matched_at) IS DISTINCT FROM
       (f.supplier_id, f.same_id, f.state, f.method, f.score_milli, f.by_id, f.at)

-- name: match_same_root
-- rows: many
-- doc: The payees that one is another spelling of, from itself on ($1 id).
WITH RECURSIVE up AS (
    SELECT p.id, p.same_as, p.redacted, 0 AS steps FROM core.payee p WHERE p.id = $1::bigint
    UNION ALL
    SELECT p.id, p.same_as, p.redacted, u.steps + 1 FROM up u JOIN core.payee p ON p.id = u.same_as WHERE u.steps < 8
)
SELECT id, redacted, same_as IS NULL AS is_root FROM up ORDER BY steps

-- name: match_same_depth
-- rows: one
-- doc: How many spellings of spellings hang below a payee ($1 id).
WITH RECURSIVE down AS (
    SELECT p.id, 0 AS steps FROM core.payee p WHERE p.id = $1::bigint
    UNION ALL
    SELECT p.id, d.steps + 1 FROM down d JOIN core.payee p ON p.same_as = d.id WHERE d.steps < 8
)
SELECT max(steps) AS depth FROM down

-- name: match_decision
-- rows: opt
-- doc: A decision that is to be taken back ($1 id).
SELECT d.id, d.payee_id, d.what, d.supplier_id, d.by_id, d.undone_at IS NOT NULL AS is_undone, p.match_name,
       coalesce(o.ref, '') AS supplier_ref
  FROM core.payee_decision d JOIN core.payee p ON p.id = d.payee_id
  LEFT JOIN core.organisation o ON o.id = d.supplier_id
 WHERE d.id = $1::bigint
   FOR UPDATE OF d, p

-- name: match_decision_undo
-- rows: none
-- doc: Takes a decision back ($1 id, $2 person, $3 time).
UPDATE core.payee_decision SET undone_by = $2::bigint, undone_at = to_timestamp($3::bigint / 1000000.0)
 WHERE id = $1::bigint AND undone_at IS NULL

-- name: match_alias_learn
-- rows: many
-- doc: A name means a supplier from now on ($1 matching name, $2 anchor or NULL: everywhere, $3 supplier, $4 person, $5 time); what
-- doc: was learned of that name before ends at the same moment. Gives the payees whose ties by the earlier one end.
WITH t AS (SELECT to_timestamp($5::bigint / 1000000.0) AS at),
ended AS (
    UPDATE core.supplier_alias a SET ended_at = t.at FROM t
     WHERE a.match_name = $1 AND coalesce(a.anchor_id, 0) = coalesce($2::bigint, 0) AND a.ended_at IS NULL
       AND a.supplier_id <> $3::bigint
    RETURNING a.supplier_id),
undone AS (
    UPDATE core.payee_decision d SET undone_at = t.at, undone_by = $4::bigint FROM t, core.payee p
     WHERE p.match_name = $1 AND d.payee_id = p.id AND d.undone_at IS NULL AND d.by_id IS NULL AND d.method = 'alias'
       AND d.supplier_id IN (SELECT supplier_id FROM ended)
    RETURNING d.payee_id)
SELECT payee_id FROM undone

-- name: match_alias_add
-- rows: none
-- doc: The learned name itself (parameters as above); nothing when it was learned before.
INSERT INTO core.supplier_alias (match_name, anchor_id, supplier_id, decided_by, decided_at)
SELECT $1, $2::bigint, $3::bigint, $4::bigint, to_timestamp($5::bigint / 1000000.0)
 WHERE NOT EXISTS (SELECT FROM core.supplier_alias
                    WHERE match_name = $1 AND coalesce(anchor_id, 0) = coalesce($2::bigint, 0) AND ended_at IS NULL)

-- name: match_alias_spread
-- rows: many
-- doc: Other payees of that name that nobody decided about and whose numbers do not speak against it are tied by it ($1 matching
-- doc: name, $2 anchor or NULL, $3 supplier, $4 sentence, $5 time, $6 payee that was decided).
INSERT INTO core.payee_decision (payee_id, what, supplier_id, method, score_milli, reason, at)
SELECT p.id, 'tie', s.id, 'alias', 1000, $4, to_timestamp($5::bigint / 1000000.0)
  FROM core.payee p JOIN core.supplier s ON s.id = $3::bigint
 WHERE p.match_name = $1 AND p.id <> $6::bigint AND NOT p.redacted AND p.match_state IN ('open', 'review')
   AND p.same_as IS NULL AND ($2::bigint IS NULL OR p.anchor_id = $2::bigint)
   AND (p.company_number = '' OR s.company_number = '' OR p.company_number = s.company_number)
   AND (p.charity_number = '' OR s.charity_number = '' OR p.charity_number = s.charity_number)
   AND NOT EXISTS (SELECT FROM core.payee_decision d
                    WHERE d.payee_id = p.id AND d.supplier_id = s.id AND d.undone_by IS NOT NULL AND d.by_id IS NULL)
RETURNING payee_id

-- name: match_alias_unlearn
-- rows: many
-- doc: What a decision taught ends, and what it ended holds again ($1 decision, $2 time). Gives the
-- doc: payees that are to be settled.
WITH d AS (SELECT d.id, d.at, d.by_id, d.supplier_id, p.match_name FROM core.payee_decision d JOIN core.payee p ON p.id = d.payee_id
            WHERE d.id = $1::bigint),
t AS (SELECT to_timestamp($2::bigint / 1000000.0) AS at),
ended AS (
    UPDATE core.supplier_alias a SET ended_at = t.at FROM d, t
     WHERE a.match_name = d.match_name AND a.supplier_id = d.supplier_id AND a.decided_at = d.at AND a.decided_by = d.by_id
       AND a.ended_at IS NULL
    RETURNING a.match_name, a.supplier_id, a.anchor_id),
undone AS (
    UPDATE core.payee_decision x SET undone_at = t.at FROM t, ended e, core.payee p
     WHERE p.match_name = e.match_name AND x.payee_id = p.id AND x.undone_at IS NULL AND x.by_id IS NULL AND x.method = 'alias'
       AND x.supplier_id = e.supplier_id
    RETURNING x.payee_id),
again AS (
    UPDATE core.payee_decision x SET undone_at = NULL, undone_by = NULL FROM d, ended, core.payee p
     WHERE p.match_name = d.match_name AND x.payee_id = p.id AND x.by_id IS NULL AND x.method = 'alias' AND x.undone_at = d.at
       AND x.undone_by = d.by_id AND x.supplier_id <> d.supplier_id
    RETURNING x.payee_id)
SELECT payee_id FROM undone UNION SELECT payee_id FROM again

-- name: match_alias_back
-- rows: none
-- doc: The name that a decision put an end to means again what it meant before ($1 decision).
UPDATE core.supplier_alias a SET ended_at = NULL
  FROM core.payee_decision d JOIN core.payee p ON p.id = d.payee_id
 WHERE d.id = $1::bigint AND a.match_name = p.match_name AND a.ended_at = d.at AND a.supplier_id <> d.supplier_id
   AND NOT EXISTS (SELECT FROM core.supplier_alias n WHERE n.match_name = a.match_name
                      AND coalesce(n.anchor_id, 0) = coalesce(a.anchor_id, 0) AND n.ended_at IS NULL)

-- name: match_supplier
-- rows: opt
-- doc: A supplier by its reference ($1).
SELECT s.id, o.name FROM core.supplier s JOIN core.organisation o ON o.id = s.id WHERE o.ref = $1

-- name: match_listed
-- rows: opt
-- doc: The supplier that has a company number or a charity number ($1, $2; "" none).
SELECT s.id, o.ref, o.name FROM core.supplier s JOIN core.organisation o ON o.id = s.id
 WHERE (s.company_number = $1 AND $1 <> '') OR (s.charity_number = $2 AND $2 <> '')
    OR (s.company_number <> '' AND s.company_number = (SELECT h.company_number FROM core.charity h WHERE h.number = $2 AND $2 <> ''))
 ORDER BY s.company_number <> $1, s.id LIMIT 1

-- name: match_entries
-- rows: many
-- doc: Entries of the registers with these numbers that nobody listed here has ($1 company numbers, $2 charity numbers).
SELECT 'companies' AS origin, c.name, c.match_name, coalesce(c.postcode, '') AS postcode, c.number AS company_number,
       coalesce(h.number, '') AS charity_number
  FROM core.company c
  LEFT JOIN LATERAL (SELECT x.number FROM core.charity x WHERE x.company_number = c.number ORDER BY x.removed IS NOT NULL, x.number
                      LIMIT 1) h ON true
 WHERE c.number = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.company_number = c.number)
UNION ALL
SELECT 'charities', h.name, h.match_name, coalesce(h.postcode, ''), coalesce(h.company_number, ''), h.number
  FROM core.charity h
 WHERE h.number = ANY ($2::text[]) AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.charity_number = h.number)
   AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.company_number = h.company_number AND h.company_number <> '')

-- name: match_list_add
-- rows: many
-- doc: Suppliers listed from a register ($1 references, $2 names, $3 matching names, $4 postcodes, $5 company numbers, $6 charity
-- doc: numbers, $7 registers). Their registered office holds as far back as is known.
WITH x AS (SELECT ref, name, key, pc, company, charity, origin
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
                  AS t (ref, name, key, pc, company, charity, origin)),
o AS (INSERT INTO core.organisation (ref, kind, name) SELECT ref, 'supplier', name FROM x RETURNING id, ref),
s AS (INSERT INTO core.supplier (id, match_name, postcode, lad_code, ward_code, is_local, company_number, charity_number, public,
                                 listed_from)
      SELECT o.id, x.key, x.pc, p.lad_code, p.ward_code,
             p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}')),
             CASE WHEN EXISTS (SELECT FROM core.supplier z WHERE z.company_number = x.company) THEN '' ELSE x.company END,
             CASE WHEN EXISTS (SELECT FROM core.supplier z WHERE z.charity_number = x.charity) THEN '' ELSE x.charity END,
             false, x.origin
        FROM x JOIN o ON o.ref = x.ref LEFT JOIN core.postcode p ON p.pc = x.pc
      RETURNING id, postcode, lad_code, ward_code, is_local)
SELECT s.id, o.ref, s.postcode, s.lad_code, s.ward_code, s.is_local FROM s JOIN o ON o.id = s.id

-- name: match_list_place
-- rows: none
-- doc: The registered office of suppliers that were just listed ($1 ids).
INSERT INTO core.supplier_place (supplier_id, kind, postcode, lad_code, ward_code, is_local)
SELECT s.id, 'registered', s.postcode, s.lad_code, s.ward_code, s.is_local
  FROM core.supplier s WHERE s.id = ANY ($1::bigint[]) AND s.postcode <> ''
ON CONFLICT DO NOTHING

-- name: merge_lock
-- rows: one
-- doc: One merge at a time, so that two cannot close a circle between them.
SELECT pg_advisory_xact_lock(7370657)::text AS locked

-- name: merge_steps
-- rows: one
-- doc: Whether one supplier counts as another already ($1 from, $2 into), and how long the chain would become.
WITH RECURSIVE up AS (
    SELECT $2::bigint AS id, 0 AS steps
    UNION ALL
    SELECT m.into_id, u.steps + 1 FROM up u JOIN core.supplier_merge m ON m.from_id = u.id AND m.undone_at IS NULL WHERE u.steps < 16
), down AS (
    SELECT $1::bigint AS id, 0 AS steps
    UNION ALL
    SELECT m.from_id, d.steps + 1 FROM down d JOIN core.supplier_merge m ON m.into_id = d.id AND m.undone_at IS NULL WHERE d.steps < 16
)
SELECT (SELECT bool_or(up.id = $1::bigint) FROM up) AS is_circle,
       (SELECT max(up.steps) FROM up) + (SELECT max(down.steps) FROM down) + 1 AS length,
       EXISTS (SELECT FROM core.supplier_merge m WHERE m.from_id = $1::bigint AND m.undone_at IS NULL) AS is_merged

-- name: merge_add
-- rows: one
-- doc: Payments of the first count as those of the second ($1 from, $2 into, $3 reason, $4 person, $5 time).
INSERT INTO core.supplier_merge (from_id, into_id, reason, by_id, at)
VALUES ($1::bigint, $2::bigint, $3, $4::bigint, to_timestamp($5::bigint / 1000000.0))
RETURNING id

-- name: merge_undo
-- rows: opt
-- doc: Takes a merge back ($1 id, $2 person, $3 time).
UPDATE core.supplier_merge m SET undone_by = $2::bigint, undone_at = to_timestamp($3::bigint / 1000000.0)
  FROM core.organisation f, core.organisation i
 WHERE m.id = $1::bigint AND m.undone_at IS NULL AND f.id = m.from_id AND i.id = m.into_id
RETURNING f.ref AS from_ref, i.ref AS into_ref, m.from_id, m.into_id

-- name: match_due_add
-- rows: none
-- doc: Payees are to be matched again with this supplier in mind ($1 id or NULL: all).
INSERT INTO core.match_due (supplier_id) VALUES ($1::bigint)

-- name: match_due_payees_add
-- rows: none
-- doc: Payees that came with a load are to be matched by all rules ($1 the first id, $2 the last).
INSERT INTO core.match_due (from_payee, until_payee) VALUES ($1::bigint, $2::bigint)

-- name: match_suppliers
-- rows: many
-- doc: All suppliers as the rules compare them, with the one each counts as after merges.
WITH RECURSIVE up AS (
    SELECT m.from_id AS id, m.into_id, 1 AS steps FROM core.supplier_merge m WHERE m.undone_at IS NULL
    UNION ALL
    SELECT u.id, m.into_id, u.steps + 1 FROM up u JOIN core.supplier_merge m ON m.from_id = u.into_id AND m.undone_at IS NULL
     WHERE u.steps < 16
), root AS (
    SELECT DISTINCT ON (id) id, into_id FROM up ORDER BY id, steps DESC
)
SELECT s.id, coalesce(r.into_id, s.id) AS root_id, o.name, s.company_number, s.charity_number, s.vat_number, s.postcode
  FROM core.supplier s JOIN core.organisation o ON o.id = s.id LEFT JOIN root r ON r.id = s.id
 ORDER BY s.id

-- name: match_postcodes
-- rows: many
-- doc: Other postcodes of suppliers: registered offices, branches, where they were before.
SELECT DISTINCT p.supplier_id, p.postcode FROM core.supplier_place p JOIN core.supplier s ON s.id = p.supplier_id
 WHERE p.postcode <> s.postcode AND p.postcode <> ''
 ORDER BY p.supplier_id, p.postcode

-- name: match_aliases
-- rows: many
-- doc: Learned names that hold.
SELECT match_name, coalesce(anchor_id, 0) AS anchor_id, supplier_id FROM core.supplier_alias WHERE ended_at IS NULL ORDER BY id

-- name: match_payees_read
-- rows: many
-- doc: Payees that rules may tie ($1 ids): nobody decided about them, or a rule did.
SELECT p.id, p.name, coalesce(p.anchor_id, 0) AS anchor_id, p.supplier_no, p.company_number, p.charity_number, p.vat_number,
       p.postcode, p.match_state = 'tied' AS is_tied, coalesce(d.id, 0) AS decision_id, coalesce(d.supplier_id, 0) AS supplier_id,
       coalesce(d.method, '') AS method
  FROM core.payee p
  LEFT JOIN core.payee_decision d ON p.match_state = 'tied' AND d.id = (SELECT max(x.id) FROM core.payee_decision x
                                                                         WHERE x.payee_id = p.id AND x.undone_at IS NULL)
 WHERE p.id = ANY ($1::bigint[]) AND NOT p.redacted AND p.same_as IS NULL AND p.match_state IN ('open', 'review', 'tied')
   AND (p.match_state <> 'tied' OR p.matched_by IS NULL)
 ORDER BY p.id

-- name: match_payees_own
-- rows: many
-- doc: Suppliers to whom names with the same number of the same anchor are tied ($1 ids of payees).
SELECT DISTINCT n.id, o.supplier_id, o.match_name = n.match_name AS is_same_name
  FROM core.payee n
  JOIN core.payee o ON o.anchor_id = n.anchor_id AND o.supplier_no = n.supplier_no AND o.id <> n.id AND o.match_state = 'tied'
                   AND o.supplier_id IS NOT NULL AND o.match_rule <> 'own_number' -- or two would hold each other up
 WHERE n.id = ANY ($1::bigint[]) AND n.supplier_no <> ''
 ORDER BY n.id, o.supplier_id

-- name: match_refused
-- rows: many
-- doc: Ties of rules that a person took back ($1 ids of payees).
SELECT DISTINCT payee_id, supplier_id FROM core.payee_decision
 WHERE payee_id = ANY ($1::bigint[]) AND by_id IS NULL AND undone_by IS NOT NULL AND supplier_id IS NOT NULL
 ORDER BY payee_id, supplier_id

-- name: match_payees_after
-- rows: many
-- doc: Payees that rules may tie, after one ($1 id, $2 how many).
SELECT p.id, p.name, p.company_number, p.charity_number, p.vat_number, p.supplier_id
  FROM core.payee p
 WHERE p.id > $1::bigint AND NOT p.redacted AND p.same_as IS NULL
   AND (p.match_state IN ('open', 'review') OR (p.match_state = 'tied' AND p.matched_by IS NULL))
 ORDER BY p.id LIMIT $2::bigint

-- name: match_register
-- rows: many
-- doc: Entries of the registers with these names or numbers that nobody listed here has, with the days from and until which each
-- doc: had its name (0 not known), and companies that had one of these names before, listed here or not ($1 matching names,
-- doc: $2 company numbers, $3 charity numbers).
SELECT c.name, coalesce(c.postcode, '') AS postcode, c.number AS company_number, '' AS charity_number,
       coalesce(c.named_from - date '1970-01-01', 0) AS from_day, coalesce(c.dissolved - date '1970-01-01', 0) AS until_day,
       false AS is_earlier, 0::bigint AS supplier_id
  FROM core.company c
 WHERE (c.match_name = ANY ($1::text[]) OR c.number = ANY ($2::text[]))
   AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.company_number = c.number AND s.company_number <> '')
UNION ALL
SELECT h.name, coalesce(h.postcode, ''), coalesce(h.company_number, ''), h.number,
       coalesce(h.registered - date '1970-01-01', 0), coalesce(h.removed - date '1970-01-01', 0), false, 0
  FROM core.charity h
 WHERE (h.match_name = ANY ($1::text[]) OR h.number = ANY ($3::text[]))
   AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.charity_number = h.number AND s.charity_number <> '') -- the many without
   AND NOT EXISTS (SELECT FROM core.supplier s WHERE s.company_number = h.company_number AND s.company_number <> '') -- are left out
UNION ALL
SELECT c.name || ' (formerly ' || n.name || ')', coalesce(c.postcode, ''), c.number, '',
       coalesce(n.from_day - date '1970-01-01', 0), n.until_day - date '1970-01-01', true, coalesce(s.id, 0)
  FROM core.company_name n JOIN core.company c ON c.number = n.number
  LEFT JOIN core.supplier s ON s.company_number = c.number
 WHERE n.match_name = ANY ($1::text[])
 ORDER BY company_number, charity_number, is_earlier, until_day, name

-- name: match_payee_days
-- rows: many
-- doc: Days of the first and the last payment ($1 ids of payees).
SELECT l.payee_id::bigint AS id, min(l.paid_on) - date '1970-01-01' AS from_day, max(l.paid_on) - date '1970-01-01' AS until_day
  FROM core.spend_line l WHERE l.payee_id = ANY ($1::integer[]) GROUP BY l.payee_id

-- name: match_company_days
-- rows: many
-- doc: From and until which day companies had the names they have ($1 numbers; 0 not known).
SELECT c.number, coalesce(c.named_from - date '1970-01-01', 0) AS from_day, coalesce(c.dissolved - date '1970-01-01', 0) AS until_day
  FROM core.company c WHERE c.number = ANY ($1::text[])

-- name: match_register_any
-- rows: one
-- doc: Whether a register is loaded at all.
SELECT EXISTS (SELECT FROM core.company) OR EXISTS (SELECT FROM core.charity) AS any

-- name: match_end
-- rows: none
-- doc: Ties of rules that no longer hold end, unless a person decided meanwhile ($1 decisions, $2 time).
UPDATE core.payee_decision d SET undone_at = to_timestamp($2::bigint / 1000000.0)
  FROM core.payee p
 WHERE d.id = ANY ($1::bigint[]) AND d.undone_at IS NULL AND p.id = d.payee_id AND p.matched_by IS NULL

-- name: match_ties_add
-- rows: none
-- doc: Ties by rules ($1 payees, $2 suppliers, $3 methods, $4 scores, $5 reasons, $6 time); a payee that a person decided about
-- doc: meanwhile stays as it is.
WITH t AS (SELECT payee_id, supplier_id, method, score_milli, reason
             FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[], $5::text[])
                  AS x (payee_id, supplier_id, method, score_milli, reason)),
free AS (UPDATE core.payee p
            SET supplier_id = t.supplier_id, match_state = 'tied', match_rule = t.method, match_score = t.score_milli,
                matched_by = NULL, matched_at = to_timestamp($6::bigint / 1000000.0)
           FROM t WHERE p.id = t.payee_id AND p.matched_by IS NULL AND p.same_as IS NULL
         RETURNING p.id)
INSERT INTO core.payee_decision (payee_id, what, supplier_id, method, score_milli, reason, at)
SELECT t.payee_id, 'tie', t.supplier_id, t.method, t.score_milli, t.reason, to_timestamp($6::bigint / 1000000.0)
  FROM t JOIN free ON free.id = t.payee_id

-- name: match_proposals_clear
-- rows: none
-- doc: Proposals are made anew ($1 payees).
DELETE FROM core.payee_proposal WHERE payee_id = ANY ($1::bigint[])

-- name: match_proposals_add
-- rows: none
-- doc: What a person is to look at ($1 payees, $2 places, $3 suppliers or 0, $4 company numbers, $5 charity numbers, $6 methods,
-- doc: $7 scores, $8 reasons).
INSERT INTO core.payee_proposal (payee_id, place, supplier_id, company_number, charity_number, method, score_milli, reason)
SELECT p, k, nullif(s, 0), c, h, m, n, r
  FROM unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::text[])
       AS t (p, k, s, c, h, m, n, r)

-- name: match_states
-- rows: none
-- doc: Payees without a tie: those with proposals wait for a person ($1 payees, $2 states, $3 methods, $4 scores).
UPDATE core.payee p
   SET supplier_id = NULL, match_state = t.state, match_rule = t.method, match_score = t.score, matched_by = NULL, matched_at = NULL
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::smallint[]) AS t (id, state, method, score)
 WHERE p.id = t.id AND p.matched_by IS NULL AND p.same_as IS NULL
   AND (p.match_state, p.match_rule, p.match_score) IS DISTINCT FROM (t.state, t.method, t.score)

-- name: match_due_take
-- rows: many
-- doc: Suppliers that changed and payees that came ($1 how many); others may take the next ones.
DELETE FROM core.match_due WHERE id IN (SELECT id FROM core.match_due ORDER BY id LIMIT $1::bigint FOR UPDATE SKIP LOCKED)
RETURNING coalesce(supplier_id, 0) AS supplier_id, coalesce(from_payee, 0) AS from_payee, coalesce(until_payee, 0) AS until_payee

-- name: match_due_left
-- rows: one
-- doc: Whether more suppliers changed.
SELECT EXISTS (SELECT FROM core.match_due) AS any

-- name: match_suppliers_some
-- rows: many
-- doc: Some suppliers as the rules compare them ($1 ids).
SELECT o.name, s.company_number, s.charity_number, s.vat_number, s.postcode
  FROM core.supplier s JOIN core.organisation o ON o.id = s.id WHERE s.id = ANY ($1::bigint[]) ORDER BY s.id

-- name: match_payees_between
-- rows: many
-- doc: Payees that nobody and no rule decided about ($1 the first id, $2 the last).
SELECT id FROM core.payee
 WHERE id BETWEEN $1::bigint AND $2::bigint AND NOT redacted AND same_as IS NULL AND match_state IN ('open', 'review')
 ORDER BY id

-- name: match_due_payees
-- rows: many
-- doc: Payees that have to do with some suppliers ($1 ids): tied to them by a rule, proposed for them, or with the anchor's number
-- doc: of a name that is tied to them.
SELECT p.id FROM core.payee p WHERE p.supplier_id = ANY ($1::bigint[]) AND p.matched_by IS NULL
UNION
SELECT q.payee_id FROM core.payee_proposal q WHERE q.supplier_id = ANY ($1::bigint[])
UNION
SELECT n.id FROM core.payee o JOIN core.payee n ON n.anchor_id = o.anchor_id AND n.supplier_no = o.supplier_no AND n.id <> o.id
 WHERE o.supplier_id = ANY ($1::bigint[]) AND o.supplier_no <> ''
UNION
SELECT d.payee_id FROM core.payee_decision d WHERE d.supplier_id = ANY ($1::bigint[])
