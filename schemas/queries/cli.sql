-- SPDX-License-Identifier: Apache-2.0
-- What the verbs of the program ask.

-- name: doctor_counts
-- rows: one
-- doc: What is loaded, and mail that was given up.
SELECT (SELECT count(*) FROM core.place) AS places,
       (SELECT count(*) FROM core.postcode) AS postcodes,
       (SELECT count(*) FROM core.company) AS companies,
       (SELECT count(*) FROM core.charity) AS charities,
       (SELECT count(*) FROM core.mail_outbox WHERE state = 'failed') AS mail_failed

-- name: holds_anything
-- rows: one
-- doc: Whether somebody has entered or loaded anything: a place, an organisation, a person, a payment, a notice, a register.
SELECT EXISTS (SELECT 1 FROM core.place) OR EXISTS (SELECT 1 FROM core.organisation) OR EXISTS (SELECT 1 FROM core.person)
       OR EXISTS (SELECT 1 FROM core.spend_load) OR EXISTS (SELECT 1 FROM core.notice)
       OR EXISTS (SELECT 1 FROM core.postcode) OR EXISTS (SELECT 1 FROM core.company)
       OR EXISTS (SELECT 1 FROM core.charity) AS held
