-- SPDX-License-Identifier: Apache-2.0
-- What the spend panel asks beside the sums, from the api views.

-- name: place
-- doc: The place in one word.
SELECT short_name FROM api.place

-- name: local_suppliers
-- doc: Suppliers here that are on the register, by sector.
-- columns: sector, suppliers
SELECT sector, count(*) FROM api.supplier WHERE is_local AND sector <> '' GROUP BY sector ORDER BY sector
