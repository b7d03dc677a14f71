-- SPDX-License-Identifier: Apache-2.0
-- The survey of what suppliers spend again in the place.

-- name: answers
-- doc: Answers of a year ($1), largest first.
-- columns: id, supplier, local, contract, staff, suppliers
SELECT a.id, s.name, coalesce(s.is_local, false)::integer, a.contract_pence, a.staff_pence, a.supplier_pence
  FROM answer a JOIN api.supplier s ON s.ref = a.supplier_ref
 WHERE a.year = $1::smallint ORDER BY a.contract_pence DESC, s.name, a.id LIMIT 1000

-- name: answer_groups
-- doc: Answers of a year ($1) added up: local suppliers and others.
-- columns: local, answers, contract, again
SELECT coalesce(s.is_local, false)::integer, count(*), sum(a.contract_pence)::bigint,
       sum(a.staff_pence + a.supplier_pence)::bigint
  FROM answer a JOIN api.supplier s ON s.ref = a.supplier_ref
 WHERE a.year = $1::smallint GROUP BY 1

-- name: answer_one
-- doc: An answer ($1).
SELECT s.name, a.year FROM answer a JOIN api.supplier s ON s.ref = a.supplier_ref WHERE a.id::text = $1

-- name: supplier_named
-- doc: Registered suppliers of a name ($1), two at most: more than one cannot be told apart.
SELECT ref, name FROM api.supplier WHERE lower(name) = lower($1) ORDER BY ref LIMIT 2

-- name: answer_add
-- doc: $1 year, $2 supplier, $3 paid by the anchors, $4 to staff here, $5 to suppliers here. A second answer of the
-- doc: same supplier and year takes the place of the first.
INSERT INTO answer AS a (year, supplier_ref, contract_pence, staff_pence, supplier_pence)
VALUES ($1::smallint, $2, $3::bigint, $4::bigint, $5::bigint)
ON CONFLICT (year, supplier_ref)
DO UPDATE SET contract_pence = EXCLUDED.contract_pence, staff_pence = EXCLUDED.staff_pence,
              supplier_pence = EXCLUDED.supplier_pence, answered_at = now()

-- name: answer_remove
-- doc: An answer goes ($1).
DELETE FROM answer WHERE id::text = $1
