-- SPDX-License-Identifier: Apache-2.0
-- What suppliers answered when they were asked what they spend again in the place: one answer a supplier and year.
CREATE TABLE answer (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    year           smallint NOT NULL, -- in which the financial year begins
    supplier_ref   text NOT NULL,     -- as in api.supplier
    contract_pence bigint NOT NULL CHECK (contract_pence BETWEEN 1 AND 1000000000000), -- what the anchors paid it
    staff_pence    bigint NOT NULL CHECK (staff_pence >= 0),    -- of it, pay of staff who live in the place
    supplier_pence bigint NOT NULL CHECK (supplier_pence >= 0), -- of it, paid to suppliers in the place
    answered_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (year, supplier_ref),
    CHECK (staff_pence + supplier_pence <= contract_pence)
);
