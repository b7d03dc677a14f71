-- SPDX-License-Identifier: Apache-2.0
-- Meet-the-buyer events and their bookings. An event is coming until it ends; it takes bookings until it starts.

-- name: event_list_count
-- rows: one
-- doc: How many events fit ($1 now, $2 "coming", "past" or "all", $3 anchor reference or "", $4 LIKE pattern or NULL).
SELECT count(*) AS n
  FROM core.event e LEFT JOIN core.organisation o ON o.id = e.anchor_id
 WHERE ($2 = 'all' OR (e.ends_at > $1::timestamptz) = ($2 = 'coming'))
   AND ($3 = '' OR o.ref = $3)
   AND ($4::text IS NULL OR e.title ILIKE $4 OR e.summary ILIKE $4 OR e.venue ILIKE $4)

-- name: event_list
-- rows: many
-- doc: Events, coming ones soonest first, past ones latest first; parameters as for event_list_count, then $5 how many, $6 from where.
SELECT e.ref, e.title, e.summary, e.venue, e.postcode, e.starts_at, e.ends_at, e.places, e.state, o.name AS anchor_name,
       k.booked, k.waiting, greatest(e.places - k.booked, 0) AS places_left, e.state = 'cancelled' AS is_cancelled,
       e.ends_at <= $1::timestamptz AS is_past,
       e.state = 'open' AND e.starts_at > $1::timestamptz AND k.booked < e.places AS has_room,
       e.state = 'open' AND e.starts_at > $1::timestamptz AND k.booked >= e.places AS is_full,
       e.state = 'open' AND e.starts_at <= $1::timestamptz AND e.ends_at > $1::timestamptz AS is_now
  FROM core.event e
  LEFT JOIN core.organisation o ON o.id = e.anchor_id
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE b.state = 'booked') AS booked,
                            count(*) FILTER (WHERE b.state = 'waiting') AS waiting
                       FROM core.event_booking b WHERE b.event_id = e.id) k
 WHERE ($2 = 'all' OR (e.ends_at > $1::timestamptz) = ($2 = 'coming'))
   AND ($3 = '' OR o.ref = $3)
   AND ($4::text IS NULL OR e.title ILIKE $4 OR e.summary ILIKE $4 OR e.venue ILIKE $4)
 ORDER BY CASE WHEN e.ends_at > $1::timestamptz THEN 0 ELSE 1 END,
          CASE WHEN e.ends_at > $1::timestamptz THEN e.starts_at END, e.starts_at DESC, e.id
 LIMIT $5::bigint OFFSET $6::bigint

-- name: event_next_change
-- rows: one
-- doc: When the next event starts or ends: until then lists stay as they are ($1 now).
SELECT min(t) AS at FROM (SELECT min(starts_at) AS t FROM core.event WHERE starts_at > $1::timestamptz
                          UNION ALL
                          SELECT min(ends_at) FROM core.event WHERE ends_at > $1::timestamptz) x

-- name: event_anchors
-- rows: many
-- doc: Anchors that have events.
SELECT o.ref, o.name FROM core.organisation o
 WHERE EXISTS (SELECT 1 FROM core.event e WHERE e.anchor_id = o.id)
 ORDER BY o.name

-- name: event_one
-- rows: one
-- doc: One event for everybody ($1 reference, $2 now).
SELECT e.ref, e.title, e.summary, e.description, e.agenda, e.venue, e.postcode, e.starts_at, e.ends_at, e.places, e.state,
       o.name AS anchor_name, a.email AS anchor_email, k.booked, k.waiting, greatest(e.places - k.booked, 0) AS places_left,
       e.state = 'cancelled' AS is_cancelled, e.state = 'open' AND e.ends_at <= $2::timestamptz AS is_past,
       e.state = 'open' AND e.starts_at <= $2::timestamptz AND e.ends_at > $2::timestamptz AS is_now,
       e.state = 'open' AND e.starts_at > $2::timestamptz AND k.booked < e.places AS has_room,
       e.state = 'open' AND e.starts_at > $2::timestamptz AND k.booked >= e.places AS is_full
  FROM core.event e
  LEFT JOIN core.organisation o ON o.id = e.anchor_id
  LEFT JOIN core.anchor a ON a.id = e.anchor_id
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE b.state = 'booked') AS booked,
                            count(*) FILTER (WHERE b.state = 'waiting') AS waiting
                       FROM core.event_booking b WHERE b.event_id = e.id) k
 WHERE e.ref = $1

-- name: event_add
-- rows: none
-- doc: $1 reference, $2 anchor, then as in struct event_input: $3 title, $4 summary, $5 description, $6 agenda, $7 venue, $8 postcode, $9 starts, $10 ends, $11 places.
INSERT INTO core.event (ref, anchor_id, title, summary, description, agenda, venue, postcode, starts_at, ends_at, places)
VALUES ($1, $2::bigint, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10::timestamptz, $11::int)

-- name: event_lock
-- rows: one
-- doc: An event, locked: bookings take turns ($1 reference).
SELECT e.id, e.anchor_id, e.ref, e.title, e.venue, e.postcode, e.starts_at, e.ends_at, e.places, e.state,
       coalesce((SELECT o.ref FROM core.organisation o WHERE o.id = e.anchor_id), '') AS anchor_ref
  FROM core.event e WHERE e.ref = $1 FOR UPDATE

-- name: event_set_cancelled
-- rows: none
-- doc: $1 id.
UPDATE core.event SET state = 'cancelled' WHERE id = $1::bigint

-- name: event_people
-- rows: many
-- doc: Who has a place or waits for one ($1 event id).
SELECT p.name, p.email FROM core.event_booking b JOIN core.person p ON p.id = b.person_id
 WHERE b.event_id = $1::bigint AND b.state <> 'cancelled'
 ORDER BY b.booked_at, b.supplier_id

-- name: booking_counts
-- rows: one
-- doc: Bookings of an event, and the one of a supplier ($1 event id, $2 supplier).
SELECT count(*) FILTER (WHERE state = 'booked' AND supplier_id <> $2::bigint) AS booked,
       count(*) FILTER (WHERE state = 'waiting' AND supplier_id <> $2::bigint) AS waiting,
       coalesce(max(state) FILTER (WHERE supplier_id = $2::bigint), '') AS own_state
  FROM core.event_booking WHERE event_id = $1::bigint

-- name: booking_put
-- rows: none
-- doc: $1 event id, $2 supplier, $3 person, $4 state, $5 needs, $6 hopes, $7 when. Who keeps a place or a turn keeps its time.
INSERT INTO core.event_booking AS b (event_id, supplier_id, person_id, state, needs, hopes, booked_at)
VALUES ($1::bigint, $2::bigint, $3::bigint, $4, $5, $6, $7::timestamptz)
ON CONFLICT (event_id, supplier_id) DO UPDATE
   SET person_id = excluded.person_id, state = excluded.state, needs = excluded.needs, hopes = excluded.hopes,
       booked_at = CASE WHEN b.state = excluded.state THEN b.booked_at ELSE excluded.booked_at END

-- name: booking_set_cancelled
-- rows: none
-- doc: $1 event id, $2 supplier.
UPDATE core.event_booking SET state = 'cancelled' WHERE event_id = $1::bigint AND supplier_id = $2::bigint

-- name: booking_move_up
-- rows: opt
-- doc: The first who waits gets a place ($1 event id).
UPDATE core.event_booking b SET state = 'booked'
  FROM core.person p
 WHERE p.id = b.person_id AND b.event_id = $1::bigint
   AND b.supplier_id = (SELECT supplier_id FROM core.event_booking WHERE event_id = $1::bigint AND state = 'waiting'
                         ORDER BY booked_at, supplier_id LIMIT 1)
RETURNING p.name, p.email, (SELECT o.ref FROM core.organisation o WHERE o.id = b.supplier_id) AS supplier_ref

-- name: booking_mine
-- rows: opt
-- doc: The booking of a supplier, with its turn on the waiting list ($1 event reference, $2 supplier).
SELECT b.state, b.needs, b.hopes, b.booked_at,
       CASE WHEN b.state = 'waiting' THEN (SELECT count(*) FROM core.event_booking w
                                            WHERE w.event_id = b.event_id AND w.state = 'waiting'
                                              AND (w.booked_at, w.supplier_id) <= (b.booked_at, b.supplier_id))
            ELSE 0 END AS turn
  FROM core.event_booking b JOIN core.event e ON e.id = b.event_id
 WHERE e.ref = $1 AND b.supplier_id = $2::bigint

-- name: bookings_of_supplier
-- rows: many
-- doc: Events a supplier booked, coming ones first ($1 supplier, $2 now).
SELECT e.ref, e.title, e.venue, e.postcode, e.starts_at, e.ends_at, o.name AS anchor_name, b.needs, b.hopes,
       e.state = 'cancelled' AS is_cancelled, e.state = 'open' AND e.ends_at <= $2::timestamptz AS is_past,
       e.state = 'open' AND e.ends_at > $2::timestamptz AND b.state = 'booked' AS is_booked,
       e.state = 'open' AND e.starts_at > $2::timestamptz AND b.state = 'waiting' AS is_waiting,
       e.state = 'open' AND e.starts_at > $2::timestamptz AS can_cancel,
       CASE WHEN b.state = 'waiting' THEN (SELECT count(*) FROM core.event_booking w
                                            WHERE w.event_id = b.event_id AND w.state = 'waiting'
                                              AND (w.booked_at, w.supplier_id) <= (b.booked_at, b.supplier_id))
            ELSE 0 END AS turn
  FROM core.event_booking b
  JOIN core.event e ON e.id = b.event_id
  LEFT JOIN core.organisation o ON o.id = e.anchor_id
 WHERE b.supplier_id = $1::bigint AND b.state <> 'cancelled'
 ORDER BY e.ends_at <= $2::timestamptz, abs(extract(epoch FROM e.starts_at - $2::timestamptz)), e.id
 LIMIT 500

-- name: booking_person
-- rows: one
-- doc: Who books ($1 person, $2 supplier).
SELECT p.name, p.email, o.name AS supplier_name, o.ref AS supplier_ref
  FROM core.person p, core.organisation o WHERE p.id = $1::bigint AND o.id = $2::bigint

-- name: events_of_anchor
-- rows: many
-- doc: Events of an anchor, latest first ($1 anchor, $2 now).
SELECT e.ref, e.title, e.venue, e.starts_at, e.ends_at, e.places, k.booked, k.waiting,
       e.state = 'cancelled' AS is_cancelled, e.state = 'open' AND e.ends_at <= $2::timestamptz AS is_past,
       e.state = 'open' AND e.ends_at > $2::timestamptz AS is_coming
  FROM core.event e
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE b.state = 'booked') AS booked,
                            count(*) FILTER (WHERE b.state = 'waiting') AS waiting
                       FROM core.event_booking b WHERE b.event_id = e.id) k
 WHERE e.anchor_id = $1::bigint
 ORDER BY e.starts_at DESC, e.id DESC
 LIMIT 500

-- name: event_own
-- rows: one
-- doc: An event of an anchor ($1 reference, $2 anchor, $3 now).
SELECT e.id, e.ref, e.title, e.venue, e.starts_at, e.ends_at, e.places, e.state = 'cancelled' AS is_cancelled,
       e.state = 'open' AND e.starts_at > $3::timestamptz AS can_cancel, k.booked, k.waiting
  FROM core.event e
 CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE b.state = 'booked') AS booked,
                            count(*) FILTER (WHERE b.state = 'waiting') AS waiting
                       FROM core.event_booking b WHERE b.event_id = e.id) k
 WHERE e.ref = $1 AND e.anchor_id = $2::bigint

-- name: event_attendees
-- rows: many
-- doc: Who comes to an event and who waits, in the order of booking ($1 event id).
SELECT o.ref, o.name AS supplier_name, p.name AS person_name, p.email, s.phone, s.sector, b.state, b.needs, b.hopes,
       b.booked_at, b.state = 'booked' AS has_place, coalesce(s.is_local, false) AS is_local, s.public
  FROM core.event_booking b
  JOIN core.organisation o ON o.id = b.supplier_id
  JOIN core.supplier s ON s.id = b.supplier_id
  JOIN core.person p ON p.id = b.person_id
 WHERE b.event_id = $1::bigint AND b.state <> 'cancelled'
 ORDER BY b.state, b.booked_at, b.supplier_id
