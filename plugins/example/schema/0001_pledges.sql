-- SPDX-License-Identifier: Apache-2.0
-- What anchors have pledged. The host keeps this table in a database schema of this plugin's own.
CREATE TABLE pledge (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    anchor_ref text NOT NULL,               -- as in api.anchor
    words      text NOT NULL,
    due_on     date NOT NULL,
    is_over    boolean NOT NULL DEFAULT false, -- its date has passed; set by the job
    made_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (anchor_ref, words)
);
