-- SPDX-License-Identifier: Apache-2.0
-- The place, and whether the database answers.

-- name: place_now
-- rows: opt
-- doc: The one place of this installation.
SELECT name, short_name, operator, contact_email, contact_phone, is_demo
  FROM place
 WHERE id = 1

-- name: db_answers
-- rows: one
-- doc: Something cheap that only a working database can answer.
SELECT 1 AS one
