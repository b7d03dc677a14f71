-- SPDX-License-Identifier: Apache-2.0
-- Every statement of the plugin. Each block becomes SQL_<name>, checked and prepared by the host.

-- name: counts
-- doc: How many pledges there are, how many still run, and the day of the next one (NULL when none runs).
SELECT count(*), count(*) FILTER (WHERE NOT is_over),
       min(due_on) FILTER (WHERE NOT is_over) - date '1970-01-01'
  FROM pledge

-- name: list
-- doc: Pledges that still run first, nearest date first. $1 anchor whose own are marked, $2 how many.
SELECT p.id, a.name, p.words, p.due_on, p.is_over::integer, (p.anchor_ref = $1)::integer
  FROM pledge p JOIN api.anchor a ON a.ref = p.anchor_ref
 ORDER BY p.is_over, p.due_on, p.id
 LIMIT $2::bigint

-- name: one
-- doc: A pledge ($1) of an anchor ($2).
SELECT words, due_on FROM pledge WHERE id::text = $1 AND anchor_ref = $2

-- name: add
-- doc: $1 anchor, $2 words, $3 day. Nothing is added when the anchor has made this pledge already.
INSERT INTO pledge (anchor_ref, words, due_on) VALUES ($1, $2, $3::date) ON CONFLICT DO NOTHING

-- name: take_back
-- doc: Takes back a pledge ($1) of an anchor ($2).
DELETE FROM pledge WHERE id::text = $1 AND anchor_ref = $2

-- name: mark_past
-- doc: Marks the pledges whose date has passed. $1 today, in days since 1970.
UPDATE pledge SET is_over = true WHERE NOT is_over AND due_on < date '1970-01-01' + $1::integer
