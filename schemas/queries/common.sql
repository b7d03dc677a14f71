-- SPDX-License-Identifier: Apache-2.0
-- Audit log and mail outbox.

-- name: audit_add
-- rows: none
-- doc: One line of the audit log ($1 person id or NULL, $2 request, $3 action, $4 object, $5 detail).
INSERT INTO core.audit (person_id, request, action, object, detail) VALUES ($1::bigint, $2, $3, $4, $5)

-- name: mail_place
-- rows: opt
-- doc: Who mail is from.
SELECT name, operator FROM core.place

-- name: mail_add
-- rows: none
-- doc: Queues a message ($1 to, $2 subject, $3 text, $4 HTML, $5 message id without its host).
INSERT INTO core.mail_outbox (to_address, subject, body_text, body_html, message_id) VALUES ($1, $2, $3, $4, $5)

-- name: mail_take
-- rows: opt
-- doc: The message longest due, taken by one sender; it counts as a try and is due again after 1, 2, 4 ... minutes.
UPDATE core.mail_outbox m
   SET tries = tries + 1, next_try = now() + least(interval '1 minute' * power(2, tries), interval '6 hours')
 WHERE m.id = (SELECT id FROM core.mail_outbox WHERE state = 'waiting' AND next_try <= now()
                ORDER BY next_try, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING m.id, m.to_address, m.subject, m.body_text, m.body_html, m.message_id, m.created_at, m.tries

-- name: mail_sent
-- rows: none
-- doc: A message was handed over ($1 id). Its text goes, because it may hold a link that lets its reader in.
UPDATE core.mail_outbox SET state = 'sent', sent_at = now(), last_error = '', body_text = '', body_html = ''
 WHERE id = $1::bigint

-- name: mail_not_sent
-- rows: none
-- doc: A message could not be handed over; after 12 tries it is given up ($1 id, $2 why).
UPDATE core.mail_outbox
   SET last_error = $2, state = CASE WHEN tries >= 12 THEN 'failed' ELSE 'waiting' END
 WHERE id = $1::bigint

-- name: session_sweep
-- rows: none
-- doc: Takes away ended sessions, used or old mail links and old sign-in failures.
WITH s AS (DELETE FROM core.session WHERE ends_at < now() OR seen_at < now() - interval '4 hours'),
     t AS (DELETE FROM core.mail_token WHERE expires_at < now() - interval '1 day')
DELETE FROM core.sign_in_failure WHERE at < now() - interval '2 days'

-- name: notice_close_due
-- rows: many
-- doc: Closes tenders whose time is over; gives their references.
UPDATE core.notice SET state = 'closed', updated_at = now()
 WHERE state = 'published' AND kind = 'tender' AND closes_at <= now()
RETURNING ref
