-- SPDX-License-Identifier: Apache-2.0
-- Other ways than mail by which people want messages, and the messages that wait for them.

-- name: channels_of_person
-- rows: many
-- doc: $1 person.
SELECT channel, address, added_at FROM core.person_channel WHERE person_id = $1::bigint ORDER BY channel

-- name: channel_put
-- rows: none
-- doc: A new or changed address; messages that wait go there too ($1 person, $2 channel, $3 address).
INSERT INTO core.person_channel AS p (person_id, channel, address) VALUES ($1::bigint, $2, $3)
ON CONFLICT (person_id, channel) DO UPDATE SET address = excluded.address, added_at = now()

-- name: channel_drop
-- rows: none
-- doc: No more messages this way, also none of those that wait; one being sent is not waited for ($1 person, $2 channel).
WITH waiting AS (DELETE FROM core.message_outbox
                  WHERE id IN (SELECT id FROM core.message_outbox
                                WHERE person_id = $1::bigint AND channel = $2 AND state = 'waiting'
                                  FOR UPDATE SKIP LOCKED))
DELETE FROM core.person_channel WHERE person_id = $1::bigint AND channel = $2

-- name: message_add
-- rows: none
-- doc: Queues a message for each channel of the person with this mail address ($1 address, $2 subject, $3 text).
INSERT INTO core.message_outbox (channel, person_id, address, subject, body)
SELECT k.channel, k.person_id, k.address, $2, $3
  FROM core.person_channel k JOIN core.person p ON p.id = k.person_id
 WHERE lower(p.email) = lower($1) AND p.disabled_at IS NULL

-- name: message_take
-- rows: opt
-- doc: The message longest due of these channels to somebody who still wants it, locked until the transaction ends ($1 channels).
SELECT m.id, m.channel, k.address, m.subject, m.body, m.tries
  FROM core.message_outbox m
  JOIN core.person_channel k ON k.person_id = m.person_id AND k.channel = m.channel
  JOIN core.person p ON p.id = m.person_id AND p.disabled_at IS NULL
 WHERE m.state = 'waiting' AND m.next_try <= clock_timestamp() AND m.channel = ANY ($1::text[])
 ORDER BY m.next_try, m.id
 LIMIT 1 FOR UPDATE OF m SKIP LOCKED

-- name: message_sent
-- rows: none
-- doc: A message was handed over; its words go ($1 id).
UPDATE core.message_outbox
   SET state = 'sent', sent_at = clock_timestamp(), tries = tries + 1, last_error = '', subject = '', body = ''
 WHERE id = $1::bigint

-- name: message_not_sent
-- rows: none
-- doc: A message was not sent ($1 id, $2 why, $3 whether it never can be): again after 1, 2, 4 ... minutes, given up after 8 tries.
UPDATE core.message_outbox
   SET tries = tries + 1, last_error = $2,
       state = CASE WHEN $3::boolean OR tries + 1 >= 8 THEN 'failed' ELSE 'waiting' END,
       next_try = clock_timestamp() + interval '1 minute' * power(2, least(tries, 20))
 WHERE id = $1::bigint
