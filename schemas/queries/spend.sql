-- SPDX-License-Identifier: Apache-2.0
-- Payments: what several rooms ask.

-- name: spend_anchors
-- rows: many
-- doc: Public bodies by name.
SELECT o.ref, o.name FROM core.anchor a JOIN core.organisation o ON o.id = a.id ORDER BY o.name, o.id
