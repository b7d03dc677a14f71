-- SPDX-License-Identifier: Apache-2.0
-- Spend with local and VCFSE suppliers, from the api views. $1 year (NULL: the latest), $2 anchor reference (NULL: all).

-- name: by_year
-- columns: year, total, local, unlocated, vcfse, local_vcfse, lines
SELECT fy, sum(amount_pence)::bigint, coalesce(sum(amount_pence) FILTER (WHERE is_local), 0)::bigint,
       coalesce(sum(amount_pence) FILTER (WHERE is_local IS NULL), 0)::bigint,
       coalesce(sum(amount_pence) FILTER (WHERE vcfse = 'yes'), 0)::bigint,
       coalesce(sum(amount_pence) FILTER (WHERE vcfse = 'yes' AND is_local), 0)::bigint,
       sum(line_count)::bigint
  FROM api.spend WHERE $1::text IS NULL OR anchor_ref = $1
 GROUP BY fy ORDER BY fy

-- name: counted
-- columns: local suppliers, VCFSE suppliers, with net spend above nought in the year
WITH net AS (SELECT supplier_ref, is_local, vcfse, sum(amount_pence) AS pence FROM api.spend
              WHERE fy = $1::smallint AND ($2::text IS NULL OR anchor_ref = $2) AND supplier_ref IS NOT NULL
              GROUP BY supplier_ref, is_local, vcfse)
SELECT count(*) FILTER (WHERE is_local AND pence > 0), count(*) FILTER (WHERE vcfse = 'yes' AND pence > 0),
       count(*) FILTER (WHERE vcfse = 'review' AND pence > 0),
       coalesce(sum(pence) FILTER (WHERE vcfse = 'review'), 0)::bigint
  FROM net

-- name: by_ward
SELECT ward_name, sum(amount_pence)::bigint, count(DISTINCT supplier_ref) FROM api.spend
 WHERE fy = $1::smallint AND ($2::text IS NULL OR anchor_ref = $2) AND is_local AND ward_name IS NOT NULL
 GROUP BY ward_name ORDER BY 2 DESC, 1 LIMIT 100

-- name: by_sector
-- columns: sector, total, local
SELECT initcap(sector), sum(amount_pence)::bigint, coalesce(sum(amount_pence) FILTER (WHERE is_local), 0)::bigint FROM api.spend
 WHERE fy = $1::smallint AND ($2::text IS NULL OR anchor_ref = $2) AND sector IS NOT NULL AND sector <> ''
 GROUP BY sector ORDER BY 2 DESC, 1 LIMIT 100

-- name: by_anchor
-- columns: anchor, total, local, vcfse
SELECT anchor_name, sum(amount_pence)::bigint, coalesce(sum(amount_pence) FILTER (WHERE is_local), 0)::bigint,
       coalesce(sum(amount_pence) FILTER (WHERE vcfse = 'yes'), 0)::bigint
  FROM api.spend WHERE fy = $1::smallint AND ($2::text IS NULL OR anchor_ref = $2)
 GROUP BY anchor_name ORDER BY 2 DESC, 1

-- name: top_suppliers
-- columns: name, net, local, vcfse
SELECT supplier_name, sum(amount_pence)::bigint AS pence, bool_or(is_local), max(vcfse) FROM api.spend
 WHERE fy = $1::smallint AND ($2::text IS NULL OR anchor_ref = $2) AND supplier_ref IS NOT NULL
 GROUP BY supplier_ref, supplier_name HAVING sum(amount_pence) > 0 ORDER BY pence DESC, supplier_name LIMIT 25
