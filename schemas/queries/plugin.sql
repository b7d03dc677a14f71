-- SPDX-License-Identifier: Apache-2.0
-- Plugins: what the operator set.

-- name: plugin_setting_value
-- rows: opt
-- doc: The value set for a plugin's setting ($1 plugin, $2 key).
SELECT value FROM core.plugin_setting WHERE plugin = $1 AND key = $2
