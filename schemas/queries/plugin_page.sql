-- SPDX-License-Identifier: Apache-2.0
-- Pages of plugins: who asks.

-- name: actor_refs
-- rows: one
-- doc: References of the business ($1) and the anchor ($2) that a person acts for; "" for none.
SELECT coalesce((SELECT ref FROM core.organisation WHERE id = $1::bigint), '') AS supplier_ref,
       coalesce((SELECT ref FROM core.organisation WHERE id = $2::bigint), '') AS anchor_ref
