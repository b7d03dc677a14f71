-- SPDX-License-Identifier: Apache-2.0
-- The first shape of the house: place, people, organisations, suppliers, notices, bids, events, payments, mail, audit.
-- Money is bigint pence; times are timestamptz (UTC); references are random and public, ids never leave the server.

CREATE SCHEMA core;
CREATE SCHEMA api; -- read-only views: all that a plugin may see
SET search_path = core;

-- A place is data: its name, the local authority codes that make it up, and the words people see.
CREATE TABLE place (
    id             smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    name           text NOT NULL,
    short_name     text NOT NULL,
    lad_codes      text[] NOT NULL,
    region         text NOT NULL DEFAULT '', -- as notices name it, "North West"
    operator       text NOT NULL,
    contact_email  text NOT NULL,
    contact_phone  text NOT NULL DEFAULT '',
    is_demo        boolean NOT NULL DEFAULT false
);

CREATE TABLE ward (
    code      text PRIMARY KEY,
    name      text NOT NULL,
    lad_code  text NOT NULL
);

-- One row a postcode, from Code-Point Open or an ONS product; pc is "WN1 1AA".
CREATE TABLE postcode (
    pc         text PRIMARY KEY,
    lad_code   text NOT NULL,
    ward_code  text NOT NULL,
    easting    integer,
    northing   integer,
    ended      boolean NOT NULL DEFAULT false
);

CREATE TABLE data_load (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL CHECK (kind IN ('postcodes', 'companies', 'charities', 'spend')),
    file_name  text NOT NULL,
    sha256     text NOT NULL,
    row_count  bigint NOT NULL,
    loaded_at  timestamptz NOT NULL DEFAULT now()
);

-- Registers, as far as the tagger and the matcher need them.
CREATE TABLE company (
    number      text PRIMARY KEY,
    name        text NOT NULL,
    match_name  text NOT NULL,
    category    text NOT NULL,
    status      text NOT NULL,
    postcode    text,
    sic         text[] NOT NULL DEFAULT '{}',
    incorporated date,
    dissolved    date
);
CREATE INDEX company_match_name ON company (match_name);

CREATE TABLE charity (
    number       text PRIMARY KEY,
    name         text NOT NULL,
    match_name   text NOT NULL,
    status       text NOT NULL,
    registered   date,
    removed      date,
    postcode     text,
    company_number text,
    latest_income_pence bigint
);
CREATE INDEX charity_match_name ON charity (match_name);

-- People and what they may do.
CREATE TABLE person (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text NOT NULL,
    name          text NOT NULL,
    password_hash text NOT NULL,
    confirmed_at  timestamptz,
    totp_secret   bytea,
    totp_on       boolean NOT NULL DEFAULT false,
    totp_last_step bigint NOT NULL DEFAULT 0, -- a code is good once
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX person_email ON person (lower(email));

CREATE TABLE recovery_code (
    person_id  bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    code_hash  text NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (person_id, code_hash)
);

-- Links sent by mail: only the hash is kept.
CREATE TABLE mail_token (
    hash        text PRIMARY KEY,
    person_id   bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    purpose     text NOT NULL CHECK (purpose IN ('confirm', 'reset')),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE session (
    token_hash   text PRIMARY KEY,
    person_id    bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    csrf_token   text NOT NULL,
    second_factor_due boolean NOT NULL DEFAULT false,
    started_at   timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person_id);

CREATE TABLE sign_in_failure (
    account   text NOT NULL, -- lower-case address as typed
    at        timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_account ON sign_in_failure (account, at);

CREATE TABLE organisation (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref      text NOT NULL UNIQUE,
    kind     text NOT NULL CHECK (kind IN ('anchor', 'supplier')),
    name     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE anchor (
    id          bigint PRIMARY KEY REFERENCES organisation ON DELETE CASCADE,
    sort        text NOT NULL CHECK (sort IN ('council', 'nhs', 'college', 'university', 'housing', 'other')),
    address1    text NOT NULL,
    town        text NOT NULL,
    postcode    text NOT NULL,
    email       text NOT NULL,
    web         text NOT NULL DEFAULT ''
);

CREATE TABLE supplier (
    id             bigint PRIMARY KEY REFERENCES organisation ON DELETE CASCADE,
    match_name     text NOT NULL,
    summary        text NOT NULL DEFAULT '',
    sector         text NOT NULL DEFAULT '',
    address1       text NOT NULL DEFAULT '',
    town           text NOT NULL DEFAULT '',
    postcode       text NOT NULL,
    lad_code       text,  -- located by full postcode; NULL: postcode not known yet
    ward_code      text,
    is_local       boolean, -- lad_code is one of the place's; NULL: not located
    company_number text NOT NULL DEFAULT '',
    charity_number text NOT NULL DEFAULT '',
    size           text NOT NULL DEFAULT 'micro' CHECK (size IN ('micro', 'small', 'medium', 'large')),
    says_vcfse     boolean NOT NULL DEFAULT false,
    phone          text NOT NULL DEFAULT '',
    email          text NOT NULL DEFAULT '',
    web            text NOT NULL DEFAULT '',
    public         boolean NOT NULL DEFAULT true,
    vat_number     text NOT NULL DEFAULT '',
    listed_from    text NOT NULL DEFAULT '', -- 'companies', 'charities': taken from a register, nobody claimed it; "": its own
    updated_at     timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX supplier_company ON supplier (company_number) WHERE company_number <> '';
CREATE UNIQUE INDEX supplier_charity ON supplier (charity_number) WHERE charity_number <> '';
CREATE INDEX supplier_match_name ON supplier (match_name);
CREATE INDEX supplier_ward ON supplier (ward_code);

CREATE TABLE membership (
    person_id  bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    org_id     bigint NOT NULL REFERENCES organisation ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('supplier', 'buyer', 'officer', 'admin')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, org_id, role)
);

-- What a tagger plugin said, with its reasons; a person's decision stands above it.
CREATE TABLE supplier_tag (
    supplier_id bigint NOT NULL REFERENCES supplier ON DELETE CASCADE,
    plugin      text NOT NULL,
    tag         text NOT NULL,            -- "vcfse"
    decision    text NOT NULL CHECK (decision IN ('yes', 'review', 'no', 'unknown', 'policy')),
    score       smallint NOT NULL CHECK (score BETWEEN 0 AND 100),
    detail      text NOT NULL DEFAULT '', -- "V C", policy class
    reasons     text NOT NULL,            -- one a line
    decided_by  bigint REFERENCES person, -- an officer overruled the rules
    decided_at  timestamptz NOT NULL,
    holds_from  date, -- the decision counts for payments from this day on; NULL: always
    holds_until date, -- and before this one; NULL: still
    PRIMARY KEY (supplier_id, tag)
);
CREATE INDEX supplier_tag_decision ON supplier_tag (tag, decision);

-- Notices of every kind; a tender is a notice that takes bids.
CREATE TABLE notice (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref            text NOT NULL UNIQUE,
    anchor_id      bigint NOT NULL REFERENCES anchor,
    kind           text NOT NULL CHECK (kind IN ('pipeline', 'engagement', 'tender')),
    state          text NOT NULL CHECK (state IN ('draft', 'published', 'closed', 'opened', 'awarded', 'cancelled')),
    title          text NOT NULL,
    summary        text NOT NULL DEFAULT '',
    description    text NOT NULL DEFAULT '',
    cpv            text[] NOT NULL DEFAULT '{}',
    contract_kind  text NOT NULL DEFAULT 'services' CHECK (contract_kind IN ('works', 'services', 'goods')),
    procedure      text NOT NULL DEFAULT 'quick_quote'
                   CHECK (procedure IN ('quick_quote', 'open', 'competitive_flexible', 'framework_call_off')),
    value_low_pence  bigint CHECK (value_low_pence >= 0),
    value_high_pence bigint CHECK (value_high_pence >= value_low_pence),
    suits_sme      boolean NOT NULL DEFAULT true,
    suits_vcfse    boolean NOT NULL DEFAULT true,
    reserved       text NOT NULL DEFAULT 'none' CHECK (reserved IN ('none', 'uk', 'local')),
    fts_id         text NOT NULL DEFAULT '', -- Find a Tender notice number, nnnnnn-yyyy
    postcode       text NOT NULL DEFAULT '',
    contract_start date,
    contract_end   date,
    questions_by   timestamptz,
    closes_at      timestamptz,
    published_at   timestamptz,
    opened_at      timestamptz,
    awarded_at     timestamptz,
    cancelled_at   timestamptz,
    cancel_reason  text NOT NULL DEFAULT '', -- said to bidders and on the public page
    price_weight   smallint NOT NULL DEFAULT 40 CHECK (price_weight BETWEEN 0 AND 100),
    quality_weight smallint NOT NULL DEFAULT 50 CHECK (quality_weight BETWEEN 0 AND 100),
    social_weight  smallint NOT NULL DEFAULT 10 CHECK (social_weight BETWEEN 0 AND 100),
    social_target_pence bigint NOT NULL DEFAULT 0 CHECK (social_target_pence >= 0),
    quality_question text NOT NULL DEFAULT '',
    rules          text[] NOT NULL DEFAULT '{}', -- eligibility rules of plugins that bidders are held to, by key
    created_by     bigint REFERENCES person,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CHECK (price_weight + quality_weight + social_weight = 100),
    CHECK (state = 'draft' OR published_at IS NOT NULL),
    CHECK (state = 'draft' OR kind <> 'tender' OR closes_at IS NOT NULL)
);
CREATE INDEX notice_open ON notice (closes_at, id) WHERE state = 'published';
CREATE INDEX notice_newest ON notice (published_at DESC, id DESC) WHERE state <> 'draft';
CREATE INDEX notice_anchor ON notice (anchor_id, created_at DESC);

-- A bid has versions; exactly one of them counts. The receipt is what the bidder was told.
CREATE TABLE bid (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref           text NOT NULL UNIQUE,
    notice_id     bigint NOT NULL REFERENCES notice,
    supplier_id   bigint NOT NULL REFERENCES supplier,
    version       integer NOT NULL,
    state         text NOT NULL CHECK (state IN ('submitted', 'replaced', 'withdrawn')),
    price_pence   bigint NOT NULL CHECK (price_pence >= 0),
    answer        text NOT NULL,
    content_hash  text NOT NULL,   -- SHA-256 over what was sent, repeated on the receipt
    submitted_by  bigint NOT NULL REFERENCES person,
    submitted_at  timestamptz NOT NULL,
    UNIQUE (notice_id, supplier_id, version)
);
CREATE UNIQUE INDEX bid_one_counts ON bid (notice_id, supplier_id) WHERE state = 'submitted';

CREATE TABLE bid_commitment (
    bid_id     bigint NOT NULL REFERENCES bid ON DELETE CASCADE,
    measure    text NOT NULL,
    units      bigint NOT NULL CHECK (units BETWEEN 0 AND 1000000),
    evidence   text NOT NULL DEFAULT '', -- how it will be shown; without it the commitment scores nothing
    PRIMARY KEY (bid_id, measure)
);

-- What the eligibility rules of a tender said when the bid was sent; sealed like the bid itself.
CREATE TABLE bid_rule (
    bid_id     bigint NOT NULL REFERENCES bid ON DELETE CASCADE,
    rule       text NOT NULL, -- key of the rule
    place      smallint NOT NULL, -- in the order of the tender
    title      text NOT NULL,
    decision   text NOT NULL CHECK (decision IN ('pass', 'evidence', 'unknown')),
    reason     text NOT NULL,
    plugin     text NOT NULL DEFAULT '', -- "" when none could be asked
    PRIMARY KEY (bid_id, rule)
);

CREATE TABLE bid_score (
    bid_id       bigint NOT NULL REFERENCES bid ON DELETE CASCADE,
    criterion    text NOT NULL CHECK (criterion IN ('price', 'quality', 'social')),
    points       numeric(8,3) NOT NULL,
    max_points   numeric(8,3) NOT NULL,
    method       text NOT NULL,          -- "social_value/absolute@1"
    rationale    text NOT NULL,
    inputs_hash  text NOT NULL DEFAULT '',
    scored_by    bigint REFERENCES person,
    scored_at    timestamptz NOT NULL,
    PRIMARY KEY (bid_id, criterion)
);

CREATE TABLE award (
    notice_id    bigint PRIMARY KEY REFERENCES notice, -- one award a notice
    bid_id       bigint NOT NULL REFERENCES bid,
    value_pence  bigint NOT NULL,
    reason       text NOT NULL,
    decided_by   bigint NOT NULL REFERENCES person,
    decided_at   timestamptz NOT NULL
);

-- No bid at or after the closing time: the deadline holds in the database too. What counts is when the request was
-- fully read (submitted_at), so a bid that waited for its turn gets a minute by the database's own clock; bids are
-- opened only after that minute.
CREATE FUNCTION bid_in_time() RETURNS trigger LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    n record;
BEGIN
    SELECT state, kind, closes_at INTO n FROM notice WHERE id = NEW.notice_id FOR SHARE;
    IF n.kind <> 'tender' OR n.state NOT IN ('published', 'closed') OR NEW.submitted_at >= n.closes_at
       OR clock_timestamp() >= n.closes_at + interval '1 minute' THEN
        RAISE EXCEPTION 'bid after closing' USING ERRCODE = 'AN001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bid_in_time BEFORE INSERT ON bid FOR EACH ROW EXECUTE FUNCTION bid_in_time();

CREATE TABLE event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text NOT NULL UNIQUE,
    anchor_id   bigint REFERENCES anchor,
    title       text NOT NULL,
    summary     text NOT NULL,
    description text NOT NULL DEFAULT '',
    agenda      text NOT NULL DEFAULT '', -- a part a line: "9:30am Welcome: what happens"
    venue       text NOT NULL,
    postcode    text NOT NULL DEFAULT '',
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL CHECK (ends_at > starts_at),
    places      integer NOT NULL CHECK (places > 0),
    state       text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'cancelled')),
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_time ON event (starts_at);

CREATE TABLE event_booking (
    event_id    bigint NOT NULL REFERENCES event,
    supplier_id bigint NOT NULL REFERENCES supplier ON DELETE CASCADE,
    person_id   bigint NOT NULL REFERENCES person,
    state       text NOT NULL CHECK (state IN ('booked', 'waiting', 'cancelled')),
    needs       text NOT NULL DEFAULT '', -- access or dietary needs
    hopes       text NOT NULL DEFAULT '', -- whom they want to meet
    booked_at   timestamptz NOT NULL,
    PRIMARY KEY (event_id, supplier_id)
);

-- Places are counted under a row lock, so that the last place has one winner.
CREATE FUNCTION event_has_room() RETURNS trigger LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    room integer;
BEGIN
    IF NEW.state = 'booked' THEN
        SELECT places INTO room FROM event WHERE id = NEW.event_id FOR UPDATE;
        IF (SELECT count(*) FROM event_booking
             WHERE event_id = NEW.event_id AND state = 'booked' AND supplier_id <> NEW.supplier_id) >= room THEN
            RAISE EXCEPTION 'event is full' USING ERRCODE = 'AN002';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_has_room BEFORE INSERT OR UPDATE ON event_booking
    FOR EACH ROW EXECUTE FUNCTION event_has_room();

-- Payments of the anchors.
CREATE TABLE spend_load (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref           text NOT NULL UNIQUE,
    anchor_id     bigint NOT NULL REFERENCES anchor,
    file_name     text NOT NULL,
    sha256        text NOT NULL,
    layout        text NOT NULL,
    accepted      bigint NOT NULL,
    rejected      bigint NOT NULL,
    undated       bigint NOT NULL,
    total_pence   bigint NOT NULL,
    redacted      bigint NOT NULL DEFAULT 0, -- lines whose payee is hidden
    negative      bigint NOT NULL DEFAULT 0, -- credits
    footers       bigint NOT NULL DEFAULT 0, -- total rows, which are not payments
    notes         text NOT NULL DEFAULT '',  -- what the reader remarked, one a line
    kind          text NOT NULL DEFAULT 'payments' CHECK (kind IN ('payments', 'tier2')),
    first_day     date,
    last_day      date,
    same_lines    bigint NOT NULL DEFAULT 0, -- lines that stand in an earlier load and count there
    same_pence    bigint NOT NULL DEFAULT 0,
    overlap       text NOT NULL DEFAULT 'once' CHECK (overlap IN ('once', 'all')), -- what the person decided about them
    date_basis    text NOT NULL DEFAULT 'paid', -- 'paid', 'posted', 'invoiced', 'other', 'month'
    amount_basis  text NOT NULL DEFAULT 'plain', -- 'net', 'plain', 'gross'
    rules         text NOT NULL DEFAULT '', -- plugin and version that read it
    replaces      text NOT NULL DEFAULT '', -- reference of the load it took the place of
    has_txn       boolean NOT NULL DEFAULT false, -- its lines carry numbers of transactions
    loaded_by     bigint REFERENCES person,
    loaded_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (anchor_id, sha256) -- the same file twice is one load
);

CREATE TABLE spend_problem (
    load_id   bigint NOT NULL REFERENCES spend_load ON DELETE CASCADE,
    line_no   bigint NOT NULL,
    kind      text NOT NULL,
    detail    text NOT NULL,
    PRIMARY KEY (load_id, line_no, kind)
);

-- A payee is a name as an anchor writes it, matched at most once to a supplier.
CREATE TABLE payee (
    id          bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    match_name  text NOT NULL,             -- as names are compared
    ident       text NOT NULL DEFAULT '',  -- what else told it apart: "A3|S43024700|C01234567|P WN1 1AA", "" nothing
    name        text NOT NULL,
    other_name  text NOT NULL DEFAULT '',  -- as compared: trading name, care of, former name
    anchor_id   bigint REFERENCES anchor,  -- of supplier_no, which is the anchor's own
    supplier_no text NOT NULL DEFAULT '',
    company_number text NOT NULL DEFAULT '',
    charity_number text NOT NULL DEFAULT '',
    vat_number  text NOT NULL DEFAULT '',
    postcode    text NOT NULL DEFAULT '',  -- of the payments file itself
    lad_code    text,                      -- located by it
    ward_code   text,
    is_local    boolean,
    redacted    boolean NOT NULL DEFAULT false, -- the name is hidden or missing: never matched
    supplier_id bigint REFERENCES supplier ON DELETE SET NULL,
    same_as     bigint REFERENCES payee ON DELETE SET NULL, -- another spelling of that one
    match_state text NOT NULL DEFAULT 'open'
                CHECK (match_state IN ('open', 'review', 'tied', 'none', 'individual')),
    match_rule  text NOT NULL DEFAULT '',  -- method of the decision that holds
    match_score smallint NOT NULL DEFAULT 0,
    matched_by  bigint REFERENCES person,
    matched_at  timestamptz,
    UNIQUE (match_name, ident)
) WITH (fillfactor = 70); -- most are changed once, by the matching that follows
CREATE INDEX payee_company ON payee (company_number) WHERE company_number <> '';
CREATE INDEX payee_charity ON payee (charity_number) WHERE charity_number <> '';
CREATE INDEX payee_supplier ON payee (supplier_id) WHERE supplier_id IS NOT NULL;
CREATE INDEX payee_same ON payee (same_as) WHERE same_as IS NOT NULL;

-- ---- spend: what the anchors paid, to whom, and who that is -------------------------------------------------------
-- Where a supplier was, and from when: the invoice (or branch) address, the registered office, and where its work is
-- really done. A row holds from its day until the next of its kind; '0001-01-01' is "as far back as is known".
CREATE TABLE supplier_place (
    supplier_id bigint NOT NULL REFERENCES supplier ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('invoice', 'registered', 'operations')),
    from_day    date NOT NULL DEFAULT '0001-01-01',
    postcode    text NOT NULL,
    lad_code    text,    -- NULL: the postcode is not known
    ward_code   text,
    is_local    boolean, -- NULL: not located
    evidence    text NOT NULL DEFAULT '', -- of operations: how it is known
    set_by      bigint REFERENCES person, -- NULL: a register or the supplier's own page
    set_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (supplier_id, kind, from_day)
);

-- Two listings of one business: payments of the first count as those of the second until that is undone.
CREATE TABLE supplier_merge (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_id   bigint NOT NULL REFERENCES supplier ON DELETE CASCADE,
    into_id   bigint NOT NULL REFERENCES supplier ON DELETE CASCADE CHECK (into_id <> from_id),
    reason    text NOT NULL DEFAULT '',
    by_id     bigint REFERENCES person,
    at        timestamptz NOT NULL,
    undone_by bigint REFERENCES person,
    undone_at timestamptz
);
CREATE UNIQUE INDEX supplier_merge_now ON supplier_merge (from_id) WHERE undone_at IS NULL;

-- What a person decided about a name, kept for the next file: this name (at this anchor, or anywhere) is that supplier.
CREATE TABLE supplier_alias (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    match_name  text NOT NULL,
    anchor_id   bigint REFERENCES anchor ON DELETE CASCADE, -- NULL: at every anchor
    supplier_id bigint NOT NULL REFERENCES supplier ON DELETE CASCADE,
    decided_by  bigint REFERENCES person,
    decided_at  timestamptz NOT NULL,
    ended_at    timestamptz
);
CREATE UNIQUE INDEX supplier_alias_now ON supplier_alias (match_name, coalesce(anchor_id, 0)) WHERE ended_at IS NULL;

-- Every tie and every refusal ever made, by rule or by a person; the newest that is not undone is what payee shows.
CREATE TABLE payee_decision (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payee_id    bigint NOT NULL REFERENCES payee ON DELETE CASCADE,
    what        text NOT NULL CHECK (what IN ('tie', 'none', 'same', 'individual')),
    supplier_id bigint REFERENCES supplier ON DELETE CASCADE, -- of 'tie'
    same_id     bigint REFERENCES payee ON DELETE CASCADE,    -- of 'same': the payee it is another spelling of
    method      text NOT NULL,      -- 'company_number', 'exact_name_postcode', 'alias', 'person', ...
    score_milli smallint NOT NULL CHECK (score_milli BETWEEN 0 AND 1000),
    reason      text NOT NULL DEFAULT '',
    by_id       bigint REFERENCES person, -- NULL: a rule
    at          timestamptz NOT NULL,
    undone_by   bigint REFERENCES person,
    undone_at   timestamptz
);
CREATE INDEX payee_decision_payee ON payee_decision (payee_id, id);
CREATE INDEX payee_decision_supplier ON payee_decision (supplier_id);
CREATE INDEX payee_decision_refused ON payee_decision (payee_id) WHERE by_id IS NULL AND undone_by IS NOT NULL;

-- What the rules propose and a person has to look at, best first; made anew with each matching.
CREATE TABLE payee_proposal (
    payee_id       bigint NOT NULL REFERENCES payee ON DELETE CASCADE,
    place          smallint NOT NULL, -- 1 is the best
    supplier_id    bigint, -- made anew before anything could be gone: a reference would cost more than the rest
    company_number text NOT NULL DEFAULT '', -- of a register, when nobody of that number is listed here yet
    charity_number text NOT NULL DEFAULT '',
    method         text NOT NULL,
    score_milli    smallint NOT NULL,
    reason         text NOT NULL,
    PRIMARY KEY (payee_id, place)
);

-- Suppliers and register entries that changed since payees were last matched.
CREATE TABLE match_due (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    supplier_id bigint REFERENCES supplier ON DELETE CASCADE, -- NULL: everything
    at          timestamptz NOT NULL DEFAULT now()
);

-- What payments were for, in the publisher's words: one row for each different set of words.
CREATE TABLE spend_label (
    id         integer PRIMARY KEY,
    category   text NOT NULL,
    purpose    text NOT NULL,
    department text NOT NULL,
    UNIQUE (category, purpose, department)
);

-- One row a payment line. Partitioned by financial year, and within a year one table a load: a load is written in one
-- go, indexed afterwards (spend_leaf.indexed) and taken back by dropping its tables.
CREATE TABLE spend_line (
    fy             smallint NOT NULL, -- year in which the financial year begins
    load_id        integer NOT NULL,
    line_no        integer NOT NULL, -- of the file; of a tier-2 file the taking away has -line_no
    payee_id       integer NOT NULL,
    label_id       integer NOT NULL,
    paid_on        date NOT NULL,
    flow           smallint NOT NULL, -- ANC_FLOW_*
    flags          smallint NOT NULL, -- ANC_LINE_*
    counted        boolean NOT NULL,  -- false: the same payment stands in an earlier load
    amount_pence   bigint NOT NULL,   -- net of VAT that can be recovered
    vat_lost_pence bigint,            -- VAT that cannot, on top
    txn            text               -- the publisher's number of the transaction
) PARTITION BY LIST (fy);

CREATE SEQUENCE spend_leaf_no;
CREATE TABLE spend_leaf (
    load_id  bigint NOT NULL REFERENCES spend_load ON DELETE CASCADE,
    fy       smallint NOT NULL,
    lines    bigint NOT NULL,
    indexed  boolean NOT NULL DEFAULT false,
    no       bigint NOT NULL DEFAULT nextval('core.spend_leaf_no'), -- another one whenever its sums change
    PRIMARY KEY (load_id, fy)
);

-- Counted lines of a load added up; written with it, made anew from the lines when what counts changes.
CREATE TABLE spend_sum (
    load_id      bigint NOT NULL, -- of spend_load; no reference, which would be looked at for each of many thousand rows
    fy           smallint NOT NULL,
    payee_id     bigint NOT NULL,
    flow         smallint NOT NULL,
    amount_pence bigint NOT NULL,
    line_count   bigint NOT NULL,
    credit_pence bigint NOT NULL DEFAULT 0 -- of amount_pence, its lines below 0
);
CREATE INDEX spend_sum_load ON spend_sum USING brin (load_id) WITH (pages_per_range = 8, autosummarize = on);
CREATE INDEX spend_sum_payee ON spend_sum (payee_id);

-- What each payee was paid in all, by anchor and (anchor_id 0) altogether: made anew from the sums when it is asked for and
-- payments were loaded or taken back since.
CREATE TABLE payee_paid (
    payee_id     bigint NOT NULL,
    anchor_id    bigint NOT NULL,
    amount_pence bigint NOT NULL,
    line_count   bigint NOT NULL,
    PRIMARY KEY (payee_id, anchor_id)
);
CREATE INDEX payee_paid_most ON payee_paid (anchor_id, amount_pence DESC, payee_id);
CREATE TABLE payee_paid_state (
    id       smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    lines_no bigint NOT NULL DEFAULT -1
);
INSERT INTO payee_paid_state DEFAULT VALUES;
CREATE FUNCTION payee_paid_freshen() RETURNS boolean LANGUAGE plpgsql SET search_path = core SET work_mem = '32MB' AS $$
DECLARE
    n bigint := (SELECT s.lines_no FROM spend_state s); -- read first: what is added up then is never older
BEGIN
    IF n = (SELECT k.lines_no FROM payee_paid_state k) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('anchorage payee_paid'));
    IF n = (SELECT k.lines_no FROM payee_paid_state k) THEN
        RETURN false; -- another did it meanwhile
    END IF;
    DELETE FROM payee_paid;
    INSERT INTO payee_paid (payee_id, anchor_id, amount_pence, line_count)
    SELECT x.payee_id, coalesce(l.anchor_id, 0), sum(x.amount_pence), sum(x.line_count)
      FROM spend_sum x JOIN spend_load l ON l.id = x.load_id
     GROUP BY GROUPING SETS ((x.payee_id, l.anchor_id), (x.payee_id));
    UPDATE payee_paid_state SET lines_no = n;
    RETURN true;
END $$;

-- A load under way writes into the table spend_incoming, which exists within its transaction only; of several financial
-- years the others wait as spend_incoming_YEAR. `year` becomes the one that is written to; `was` (NULL none) steps aside.
CREATE FUNCTION spend_incoming(year integer, load integer, was integer) RETURNS void LANGUAGE plpgsql
    SET search_path = core AS $$
BEGIN
    IF was IS NOT NULL THEN
        EXECUTE format('ALTER TABLE core.spend_incoming RENAME TO spend_incoming_%s', was);
    END IF;
    IF to_regclass(format('core.spend_incoming_%s', year)) IS NOT NULL THEN
        EXECUTE format('ALTER TABLE core.spend_incoming_%s RENAME TO spend_incoming', year);
        RETURN;
    END IF;
    -- The check spares the attaching a look at every row.
    EXECUTE format('CREATE TABLE core.spend_incoming (LIKE core.spend_line, CHECK (fy = %s AND load_id = %s))', year, load);
    EXECUTE format('ALTER TABLE core.spend_incoming ALTER fy SET DEFAULT %s, ALTER load_id SET DEFAULT %s,'
                   ' ALTER counted SET DEFAULT true', year, load);
END $$;

-- What a load wrote of a year becomes the leaf core.spend_line_YEAR_LOAD.
CREATE FUNCTION spend_attach(year integer, load integer, line_count bigint, is_current boolean) RETURNS void
    LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    leaf text := format('spend_line_%s_%s', year, load);
BEGIN
    IF to_regclass(format('core.spend_line_%s', year)) IS NULL THEN
        EXECUTE format('CREATE TABLE core.spend_line_%s (LIKE core.spend_line) PARTITION BY LIST (load_id)', year);
        EXECUTE format('ALTER TABLE core.spend_line ATTACH PARTITION core.spend_line_%1$s FOR VALUES IN (%1$s)', year);
    END IF;
    EXECUTE format('ALTER TABLE core.spend_incoming%s RENAME TO %I', CASE WHEN is_current THEN '' ELSE '_' || year END, leaf);
    EXECUTE format('ALTER TABLE core.spend_line_%s ATTACH PARTITION core.%I FOR VALUES IN (%s)', year, leaf, load);
    EXECUTE format('ALTER TABLE core.%I ALTER fy DROP DEFAULT, ALTER load_id DROP DEFAULT, ALTER counted DROP DEFAULT', leaf);
    INSERT INTO core.spend_leaf (load_id, fy, lines) VALUES (load, year, line_count);
END $$;

-- Tables of lines of a load go. Last in its transaction, because whoever reads those years waits from here on.
CREATE FUNCTION spend_detach(load bigint, years integer[]) RETURNS void LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    y integer;
BEGIN
    FOREACH y IN ARRAY years LOOP
        EXECUTE format('DROP TABLE core.spend_line_%s_%s', y, load);
    END LOOP;
END $$;

-- Which lines of a load count. A payment is told by its payee's name, its day and its amount, and by its transaction
-- number where both files have such numbers; the n-th of its kind in the file counts when no earlier load has n of them.
-- The sums of the load are made anew. A line of a tier-2 file takes its counterpart (-line_no) with it.
CREATE FUNCTION spend_count_again(load bigint, earlier bigint[]) RETURNS TABLE (same_lines bigint, same_pence bigint)
    LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    y smallint;
    e record;
    mine text;
    n bigint;
    p bigint;
    by_txn boolean := (SELECT l.has_txn FROM core.spend_load l WHERE l.id = load);
BEGIN
    same_lines := 0;
    same_pence := 0;
    DELETE FROM core.spend_sum WHERE load_id = load;
    FOR y IN SELECT f.fy FROM core.spend_leaf f WHERE f.load_id = load LOOP
        mine := format('core.spend_line_%s_%s', y, load);
        EXECUTE format('UPDATE %s SET counted = true WHERE NOT counted', mine);
        FOR e IN SELECT f.load_id, l.has_txn AND by_txn AS by_txn FROM core.spend_leaf f JOIN core.spend_load l ON l.id = f.load_id
                  WHERE f.fy = y AND f.load_id = ANY (earlier) ORDER BY f.load_id LOOP
            EXECUTE format(
                'WITH a AS MATERIALIZED (SELECT line_no, payee_id, paid_on, amount_pence, %3$s AS txn FROM %1$s WHERE line_no > 0),'
                '     b AS MATERIALIZED (SELECT payee_id, paid_on, amount_pence, %3$s AS txn, count(*) AS n'
                '                          FROM %2$s WHERE line_no > 0 GROUP BY 1, 2, 3, 4),'
                '     met AS MATERIALIZED (SELECT payee_id FROM a UNION SELECT payee_id FROM b),'
                '     who AS MATERIALIZED (SELECT m.payee_id, min(p.id) OVER (PARTITION BY p.match_name) AS main'
                '                            FROM met m JOIN core.payee p ON p.id = m.payee_id),'
                '     there AS (SELECT who.main, b.paid_on, b.amount_pence, b.txn, sum(b.n) AS n'
                '                 FROM b JOIN who USING (payee_id) GROUP BY 1, 2, 3, 4),'
                '     here AS (SELECT a.line_no, who.main, a.paid_on, a.amount_pence, a.txn,'
                '                     row_number() OVER (PARTITION BY who.main, a.paid_on, a.amount_pence, a.txn ORDER BY a.line_no) AS r'
                '                FROM a JOIN who USING (payee_id)),'
                '     same AS (SELECT here.line_no FROM here JOIN there USING (main, paid_on, amount_pence, txn) WHERE here.r <= there.n)'
                ' UPDATE %1$s t SET counted = false FROM same WHERE abs(t.line_no) = same.line_no AND t.counted',
                mine, format('core.spend_line_%s_%s', y, e.load_id), CASE WHEN e.by_txn THEN 'coalesce(txn, '''')' ELSE '''''::text' END);
        END LOOP;
        EXECUTE format('SELECT count(*), coalesce(sum(amount_pence), 0)::bigint FROM %s WHERE NOT counted AND line_no > 0', mine) INTO n, p;
        same_lines := same_lines + n;
        same_pence := same_pence + p;
        EXECUTE format('INSERT INTO core.spend_sum (load_id, fy, payee_id, flow, amount_pence, line_count, credit_pence)'
                       ' SELECT load_id, fy, payee_id, flow, sum(amount_pence), count(*),'
                       '        coalesce(sum(amount_pence) FILTER (WHERE amount_pence < 0), 0) FROM %s WHERE counted'
                       ' GROUP BY load_id, fy, payee_id, flow', mine);
    END LOOP;
    RETURN NEXT;
END $$;

-- Indexes one leaf that has none yet. NULL: there is nothing to do, or another is at it.
CREATE FUNCTION spend_settle() RETURNS text LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    leaf text;
BEGIN
    UPDATE core.spend_leaf l SET indexed = true
      FROM (SELECT load_id, fy FROM core.spend_leaf WHERE NOT indexed ORDER BY load_id, fy LIMIT 1 FOR UPDATE SKIP LOCKED) d
     WHERE l.load_id = d.load_id AND l.fy = d.fy
    RETURNING format('spend_line_%s_%s', l.fy, l.load_id) INTO leaf;
    IF leaf IS NOT NULL THEN
        EXECUTE format('CREATE INDEX %I ON core.%I (payee_id)', leaf || '_payee', leaf);
        EXECUTE format('ANALYZE core.%I', leaf);
    END IF;
    RETURN leaf;
END $$;

-- Where payees are by one rule ('invoice', 'registered', 'operations') and how they are tagged, a row for each span of days, as
-- core/spend/facts.c has it in memory; payees NULL: all. alone: the row holds for all days. Place: ANC_PLACE_*.
CREATE FUNCTION payee_spells(rule text, payees bigint[])
    RETURNS TABLE (payee_id integer, from_day date, until_day date, alone boolean, place smallint, ward_code text, vcfse text)
    LANGUAGE sql STABLE SET search_path = core AS $$
WITH RECURSIVE up AS (
    SELECT p.id, p.id AS root_id, p.same_as, 0 AS steps FROM payee p
     WHERE p.same_as IS NOT NULL AND NOT p.redacted AND (payees IS NULL OR p.id = ANY (payees))
    UNION ALL
    SELECT u.id, p.id, p.same_as, u.steps + 1 FROM up u JOIN payee p ON p.id = u.same_as WHERE u.steps < 8
), merged AS (
    SELECT m.from_id, m.into_id, 1 AS steps FROM supplier_merge m WHERE m.undone_at IS NULL
    UNION ALL
    SELECT g.from_id, m.into_id, g.steps + 1 FROM merged g JOIN supplier_merge m ON m.from_id = g.into_id
     WHERE m.undone_at IS NULL AND g.steps < 8
), last_merged AS (SELECT DISTINCT ON (g.from_id) g.from_id, g.into_id FROM merged g ORDER BY g.from_id, g.steps DESC),
chained AS (SELECT DISTINCT ON (u.id) u.id, u.root_id FROM up u ORDER BY u.id, u.steps DESC),
who AS (
    SELECT p.id, CASE WHEN NOT p.redacted THEN coalesce(g.into_id, p.supplier_id) END AS supplier_id,
           CASE WHEN NOT p.redacted THEN p.is_local END AS is_local, CASE WHEN NOT p.redacted THEN p.ward_code END AS ward_code
      FROM payee p LEFT JOIN last_merged g ON g.from_id = p.supplier_id
     WHERE (p.same_as IS NULL OR p.redacted) AND (payees IS NULL OR p.id = ANY (payees))
    UNION ALL
    SELECT p.id, CASE WHEN NOT r.redacted THEN coalesce(g.into_id, r.supplier_id) END,
           CASE WHEN p.is_local IS NOT NULL THEN p.is_local WHEN NOT r.redacted THEN r.is_local END,
           CASE WHEN p.is_local IS NOT NULL THEN p.ward_code WHEN NOT r.redacted THEN r.ward_code END
      FROM chained x JOIN payee p ON p.id = x.id JOIN payee r ON r.id = x.root_id LEFT JOIN last_merged g ON g.from_id = r.supplier_id
), day AS (
    SELECT s.supplier_id, '-infinity'::date AS day FROM (SELECT DISTINCT w.supplier_id FROM who w WHERE w.supplier_id IS NOT NULL) s
    UNION SELECT k.supplier_id, k.from_day FROM supplier_place k WHERE k.from_day > '1950-01-01'
    UNION SELECT t.supplier_id, t.holds_from FROM supplier_tag t WHERE t.tag = 'vcfse' AND t.holds_from > '1950-01-01'
    UNION SELECT t.supplier_id, t.holds_until FROM supplier_tag t WHERE t.tag = 'vcfse' AND t.holds_until IS NOT NULL
), span AS (
    SELECT d.supplier_id, d.day AS from_day,
           coalesce(lead(d.day) OVER (PARTITION BY d.supplier_id ORDER BY d.day), 'infinity') AS until_day,
           count(*) OVER (PARTITION BY d.supplier_id) = 1 AS alone
      FROM day d WHERE d.supplier_id IN (SELECT w.supplier_id FROM who w)
), placed AS (
    SELECT n.supplier_id, n.from_day, n.until_day, n.alone,
           CASE WHEN rule <> 'invoice' OR i.is_local IS NULL THEN o.is_local ELSE i.is_local END AS is_local,
           CASE WHEN rule <> 'invoice' OR i.is_local IS NULL THEN o.ward_code ELSE i.ward_code END AS ward_code,
           CASE WHEN t.decision IS NULL THEN 'unknown'
                WHEN (t.holds_from IS NULL OR t.holds_from <= n.from_day OR t.holds_from <= '1950-01-01')
                     AND (t.holds_until IS NULL OR n.from_day < t.holds_until) THEN t.decision
                WHEN t.decision IN ('yes', 'policy') THEN 'no' ELSE 'unknown' END AS vcfse
      FROM span n
      LEFT JOIN supplier_tag t ON t.supplier_id = n.supplier_id AND t.tag = 'vcfse'
      LEFT JOIN LATERAL (SELECT k.is_local, k.ward_code FROM supplier_place k
                          WHERE k.supplier_id = n.supplier_id AND k.kind = 'invoice'
                            AND (k.from_day <= n.from_day OR k.from_day <= '1950-01-01')
                          ORDER BY k.from_day DESC LIMIT 1) i ON true
      LEFT JOIN LATERAL (SELECT k.is_local, k.ward_code FROM supplier_place k
                          WHERE k.supplier_id = n.supplier_id
                            AND k.kind = CASE rule WHEN 'operations' THEN 'operations' ELSE 'registered' END
                            AND (k.from_day <= n.from_day OR k.from_day <= '1950-01-01')
                          ORDER BY k.from_day DESC LIMIT 1) o ON true
), known AS (
    SELECT w.id, coalesce(a.from_day, '-infinity') AS from_day, coalesce(a.until_day, 'infinity') AS until_day,
           coalesce(a.alone, true) AS alone,
           CASE WHEN rule = 'invoice' AND w.is_local IS NOT NULL THEN w.is_local ELSE a.is_local END AS is_local,
           CASE WHEN rule = 'invoice' AND w.is_local IS NOT NULL THEN w.ward_code ELSE a.ward_code END AS ward_code,
           coalesce(a.vcfse, 'unknown') AS vcfse
      FROM who w LEFT JOIN placed a ON a.supplier_id = w.supplier_id
)
SELECT k.id::integer, k.from_day, k.until_day, k.alone,
       (CASE WHEN k.is_local THEN 0 WHEN NOT k.is_local THEN 1 ELSE 2 END)::smallint,
       CASE WHEN k.is_local THEN coalesce(k.ward_code, '') ELSE '' END, k.vcfse
  FROM known k
$$;

-- How the files of an anchor are to be read: the columns a person confirmed for this row of headings.
CREATE TABLE spend_profile (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    anchor_id  bigint NOT NULL REFERENCES anchor ON DELETE CASCADE,
    head_hash  text NOT NULL, -- SHA-256 of the normalised headings
    columns    jsonb NOT NULL,
    label      text NOT NULL DEFAULT '', -- the headings, for people
    made_by    bigint REFERENCES person,
    made_at    timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    UNIQUE (anchor_id, head_hash)
);

-- A file on its way in: read, looked at by a person, then loaded. The file itself waits in DATA/spool.
CREATE TABLE spend_import (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref         text NOT NULL UNIQUE,
    anchor_id   bigint NOT NULL REFERENCES anchor ON DELETE CASCADE,
    kind        text NOT NULL DEFAULT 'payments' CHECK (kind IN ('payments', 'tier2')),
    file_name   text NOT NULL,
    spool       text NOT NULL,  -- name in DATA/spool
    state       text NOT NULL CHECK (state IN ('waiting', 'reading', 'ready', 'refused', 'queued', 'loading', 'loaded', 'failed', 'dropped')),
    answers     jsonb NOT NULL DEFAULT '{}', -- what the person said: month, columns, overlap, replaces
    preview     jsonb NOT NULL DEFAULT '{}', -- what was understood
    done_bytes  bigint NOT NULL DEFAULT 0,
    all_bytes   bigint NOT NULL DEFAULT 0,
    done_rows   bigint NOT NULL DEFAULT 0,
    rows_second bigint NOT NULL DEFAULT 0,
    problem     text NOT NULL DEFAULT '',
    load_id     bigint REFERENCES spend_load ON DELETE SET NULL,
    person_id   bigint NOT NULL REFERENCES person,
    created_at  timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    held_until  timestamptz,  -- a worker has it; after that another may take it up
    turn        bigint NOT NULL DEFAULT 0,   -- grows each time a worker takes it: who has an older one has lost it
    tries       smallint NOT NULL DEFAULT 0, -- times taken since a person last asked for it
    decided_by  bigint REFERENCES person     -- who said that it is to be loaded
);
CREATE INDEX spend_import_state ON spend_import (state, id);

-- Who an agency or buying club paid on: tier-2 files are loads whose lines come in pairs, one to the end supplier and
-- one taken off the intermediary, so that nothing counts twice.

-- Numbers that grow when what figures rest on changes; what is kept in memory compares them (core.spend_state). Each
-- transaction that changes something adds one row of its kind to spend_change, so that nobody waits for anybody: a
-- counter in one row would make a supplier's change of address wait for the end of a load. The number is the count of
-- rows that are visible, in one statement. Visible rows only become more, so two snapshots with the same number see the
-- same; counting ids instead would not do, because ids are not committed in their order. spend_state_fold moves rows
-- into spend_change_count without changing the sum.
CREATE TABLE spend_change (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what  text NOT NULL CHECK (what IN ('lines', 'match')),
    tx    xid8 NOT NULL DEFAULT pg_current_xact_id() -- whoever sees its own row must not share what it reads
);
CREATE TABLE spend_change_count (
    id       smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    lines_no bigint NOT NULL DEFAULT 0,
    match_no bigint NOT NULL DEFAULT 0
);
INSERT INTO spend_change_count DEFAULT VALUES;
CREATE VIEW spend_state AS
SELECT t.id,
       t.lines_no + c.lines AS lines_no, -- loads and what of them counts
       t.match_no + c.match AS match_no, -- payees, ties, suppliers, tags, places, merges, names of wards and anchors
       c.own                             -- changed by this very transaction
  FROM spend_change_count t,
       (SELECT count(*) FILTER (WHERE what = 'lines') AS lines, count(*) FILTER (WHERE what = 'match') AS match,
               coalesce(bool_or(tx = pg_current_xact_id_if_assigned()), false) AS own
          FROM spend_change) c;

CREATE FUNCTION spend_state_fold() RETURNS bigint LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    n_lines bigint;
    n_match bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('anchorage spend_state_fold')) THEN
        RETURN 0;
    END IF;
    WITH gone AS (DELETE FROM spend_change RETURNING what)
    SELECT count(*) FILTER (WHERE what = 'lines'), count(*) FILTER (WHERE what = 'match') INTO n_lines, n_match FROM gone;
    IF n_lines + n_match > 0 THEN
        UPDATE spend_change_count SET lines_no = lines_no + n_lines, match_no = match_no + n_match;
    END IF;
    RETURN n_lines + n_match;
END $$;

-- One row a transaction and kind: a setting that ends with the transaction (and goes back with a savepoint) says that it
-- stands. Pages that show payments are made anew.
CREATE FUNCTION spend_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marked CONSTANT text := 'anchorage.changed_' || TG_ARGV[0];
BEGIN
    IF current_setting(marked, true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        INSERT INTO core.spend_change (what) VALUES (TG_ARGV[0]);
        PERFORM set_config(marked, pg_current_xact_id()::text, true), pg_notify('anchorage_changed', 'spend');
    END IF;
    RETURN NULL;
END $$;

-- Sums of a leaf that change give it a new number; who changes lines makes the sums anew in the same transaction.
CREATE FUNCTION spend_sums_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE core.spend_leaf SET no = nextval('core.spend_leaf_no') WHERE load_id IN (SELECT load_id FROM changed);
    RETURN NULL;
END $$;
CREATE TRIGGER spend_sum_new AFTER INSERT ON spend_sum REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION spend_sums_changed();
CREATE TRIGGER spend_sum_other AFTER UPDATE ON spend_sum REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION spend_sums_changed();
CREATE TRIGGER spend_sum_gone AFTER DELETE ON spend_sum REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION spend_sums_changed();
CREATE TRIGGER spend_leaf_changed AFTER INSERT OR DELETE OR UPDATE OF load_id, fy, no ON spend_leaf
    FOR EACH ROW EXECUTE FUNCTION spend_changed('lines');
CREATE TRIGGER spend_leaf_emptied AFTER TRUNCATE ON spend_leaf
    FOR EACH STATEMENT EXECUTE FUNCTION spend_changed('lines');
CREATE TRIGGER spend_load_moved AFTER UPDATE OF anchor_id ON spend_load
    FOR EACH ROW EXECUTE FUNCTION spend_changed('lines');

-- Payees come by thousands: one call a statement.
CREATE FUNCTION spend_payees_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed)
       AND current_setting('anchorage.changed_match', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
        INSERT INTO core.spend_change (what) VALUES ('match');
        PERFORM set_config('anchorage.changed_match', pg_current_xact_id()::text, true),
                pg_notify('anchorage_changed', 'spend');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payee_new AFTER INSERT ON payee REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION spend_payees_new();
CREATE TRIGGER payee_other AFTER UPDATE ON payee FOR EACH ROW
    WHEN ((OLD.name, OLD.supplier_id, OLD.same_as, OLD.redacted, OLD.match_state = 'individual', OLD.lad_code,
           OLD.ward_code, OLD.is_local) IS DISTINCT FROM
          (NEW.name, NEW.supplier_id, NEW.same_as, NEW.redacted, NEW.match_state = 'individual', NEW.lad_code,
           NEW.ward_code, NEW.is_local))
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER payee_gone AFTER DELETE ON payee FOR EACH ROW EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER payee_emptied AFTER TRUNCATE ON payee FOR EACH STATEMENT EXECUTE FUNCTION spend_changed('match');

CREATE TRIGGER supplier_counts_other AFTER UPDATE ON supplier FOR EACH ROW
    WHEN ((OLD.sector, OLD.size) IS DISTINCT FROM (NEW.sector, NEW.size))
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_tag_new AFTER INSERT ON supplier_tag FOR EACH ROW
    WHEN (NEW.tag = 'vcfse') EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_tag_other AFTER UPDATE ON supplier_tag FOR EACH ROW
    WHEN ((OLD.tag, OLD.supplier_id, OLD.decision, OLD.holds_from, OLD.holds_until) IS DISTINCT FROM
          (NEW.tag, NEW.supplier_id, NEW.decision, NEW.holds_from, NEW.holds_until))
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_tag_gone AFTER DELETE ON supplier_tag FOR EACH ROW
    WHEN (OLD.tag = 'vcfse') EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_place_changed AFTER INSERT OR DELETE ON supplier_place
    FOR EACH ROW EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_place_other AFTER UPDATE ON supplier_place FOR EACH ROW
    WHEN ((OLD.supplier_id, OLD.kind, OLD.from_day, OLD.lad_code, OLD.ward_code, OLD.is_local) IS DISTINCT FROM
          (NEW.supplier_id, NEW.kind, NEW.from_day, NEW.lad_code, NEW.ward_code, NEW.is_local))
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_merge_changed AFTER INSERT OR UPDATE OR DELETE ON supplier_merge
    FOR EACH ROW EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER organisation_named AFTER UPDATE ON organisation FOR EACH ROW
    WHEN ((OLD.name, OLD.ref) IS DISTINCT FROM (NEW.name, NEW.ref)) EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER ward_changed AFTER INSERT OR DELETE ON ward FOR EACH ROW EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER ward_named AFTER UPDATE ON ward FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER place_changed AFTER INSERT OR UPDATE OR DELETE ON place
    FOR EACH ROW EXECUTE FUNCTION spend_changed('match');

-- A supplier's first address holds as far back as is known; a later one from the day it is given (core/domain). Rows of
-- the address it has now follow what the postcode is known to be. What was only listed from a register has no invoice
-- address.
CREATE FUNCTION supplier_first_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.postcode <> '' AND NEW.listed_from = '' THEN
        INSERT INTO core.supplier_place (supplier_id, kind, postcode, lad_code, ward_code, is_local)
        SELECT NEW.id, 'invoice', NEW.postcode, NEW.lad_code, NEW.ward_code, NEW.is_local
         WHERE NOT EXISTS (SELECT FROM core.supplier_place WHERE supplier_id = NEW.id AND kind = 'invoice');
    END IF;
    UPDATE core.supplier_place
       SET lad_code = NEW.lad_code, ward_code = NEW.ward_code, is_local = NEW.is_local
     WHERE supplier_id = NEW.id AND postcode = NEW.postcode
       AND (lad_code, ward_code, is_local) IS DISTINCT FROM (NEW.lad_code, NEW.ward_code, NEW.is_local);
    RETURN NULL;
END $$;
-- The same for the registered office, by the registers that are loaded.
CREATE FUNCTION supplier_first_office() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core.supplier_place (supplier_id, kind, postcode, lad_code, ward_code, is_local)
    SELECT NEW.id, 'registered', o.pc, p.lad_code, p.ward_code,
           p.lad_code = ANY (coalesce((SELECT lad_codes FROM core.place), '{}'))
      FROM (SELECT coalesce((SELECT nullif(postcode, '') FROM core.company WHERE number = NEW.company_number),
                            (SELECT postcode FROM core.charity WHERE number = NEW.charity_number)) AS pc) o
      LEFT JOIN core.postcode p ON p.pc = o.pc
     WHERE o.pc <> ''
       AND NOT EXISTS (SELECT FROM core.supplier_place WHERE supplier_id = NEW.id AND kind = 'registered');
    RETURN NULL;
END $$;
CREATE TRIGGER supplier_first_office AFTER INSERT OR UPDATE OF company_number, charity_number ON supplier FOR EACH ROW
    WHEN (NEW.company_number <> '' OR NEW.charity_number <> '') EXECUTE FUNCTION supplier_first_office();

CREATE TRIGGER supplier_first_place AFTER INSERT OR UPDATE OF postcode, lad_code, ward_code, is_local, listed_from
    ON supplier FOR EACH ROW EXECUTE FUNCTION supplier_first_place();

-- A frozen report: what it rests on, by whose rules, and its figures; never changed.
CREATE TABLE spend_report (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref          text NOT NULL UNIQUE,
    name         text NOT NULL,
    filter       text NOT NULL,        -- years, anchors, flows, rule of place
    rules        text NOT NULL,        -- plugin versions and settings that took part
    inputs       text NOT NULL,        -- loads with SHA-256, lines and sums; counts of ties and tags
    figures      text NOT NULL,        -- the panel, canonical
    inputs_hash  text NOT NULL,        -- SHA-256 of rules, filter, inputs and the cells
    figures_hash text NOT NULL,        -- SHA-256 of figures
    public       boolean NOT NULL DEFAULT false,
    made_by      bigint REFERENCES person,
    made_at      timestamptz NOT NULL,
    published_at timestamptz
);
CREATE TABLE spend_report_cell (
    report_id    bigint NOT NULL REFERENCES spend_report ON DELETE CASCADE,
    load_id      bigint NOT NULL, -- the load may be taken back later; the report stays
    fy           smallint NOT NULL,
    anchor_id    bigint NOT NULL,
    payee_id     bigint NOT NULL,
    payee        text NOT NULL,
    flow         smallint NOT NULL,
    month        integer NOT NULL, -- of the calendar: year * 12 + month - 1
    category     text NOT NULL,
    supplier_id  bigint,
    facts        text NOT NULL, -- place, ward, sector, tag and size as they counted: core/spend/cube_report.c
    amount_pence bigint NOT NULL,
    credit_pence bigint NOT NULL,
    line_count   bigint NOT NULL
);
CREATE INDEX spend_report_cell_report ON spend_report_cell (report_id);

-- Where a ward's tile stands on the map of tiles; set by the place's file or laid out by itself.
CREATE TABLE ward_tile (
    ward_code text PRIMARY KEY REFERENCES ward ON DELETE CASCADE,
    col       smallint NOT NULL,
    line      smallint NOT NULL,
    UNIQUE (col, line)
);
CREATE TABLE ward_shape (
    ward_code text PRIMARY KEY REFERENCES ward ON DELETE CASCADE,
    rings     jsonb NOT NULL -- simplified outlines, metres east and north
);

-- Mail leaves through this table, so that a commit and its mail cannot be parted.
CREATE TABLE mail_outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    to_address  text NOT NULL,
    subject     text NOT NULL,
    body_text   text NOT NULL,
    body_html   text NOT NULL DEFAULT '',
    message_id  text NOT NULL,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    tries       integer NOT NULL DEFAULT 0,
    next_try    timestamptz NOT NULL DEFAULT now(),
    last_error  text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz
);
CREATE INDEX mail_outbox_due ON mail_outbox (next_try) WHERE state = 'waiting';
CREATE INDEX mail_outbox_to ON mail_outbox (to_address, created_at);

-- Who did what. Rows are only ever added.
CREATE TABLE audit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id bigint,
    request   text NOT NULL,
    action    text NOT NULL,
    object    text NOT NULL DEFAULT '',
    detail    text NOT NULL DEFAULT ''
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'AN003';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

-- Plugins: what the operator wants of each, and what a server last said of it. wanted_no counts the wishes,
-- handled_no is the last one a server has acted upon.
CREATE TABLE plugin (
    id               text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{1,30}$'),
    enabled          boolean NOT NULL DEFAULT true,
    granted          bigint NOT NULL DEFAULT 0,       -- powers, one bit each
    suspended_at     timestamptz,                     -- after faults or crashes, until somebody starts it again
    suspended_reason text NOT NULL DEFAULT '',
    wanted_no        bigint NOT NULL DEFAULT 1,
    handled_no       bigint NOT NULL DEFAULT 0,
    version          text NOT NULL DEFAULT '',
    file_hash        text NOT NULL DEFAULT '',        -- of the copy that runs
    state            text NOT NULL DEFAULT 'FOUND',
    reason           text NOT NULL DEFAULT '',
    events           bigint NOT NULL DEFAULT 0,       -- notifications it wants, bit 1 << kind
    updated_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE plugin_setting (
    plugin  text NOT NULL,
    key     text NOT NULL,
    value   text NOT NULL,
    PRIMARY KEY (plugin, key)
);

-- Jobs of plugins: one server at a time holds the lease; after failures the next try waits twice as long.
CREATE TABLE plugin_job (
    plugin      text NOT NULL,
    name        text NOT NULL,
    next_at     timestamptz NOT NULL,
    leased_till timestamptz,
    fails       integer NOT NULL DEFAULT 0,
    last_at     timestamptz,
    last_ms     bigint,
    last_error  text NOT NULL DEFAULT '',
    PRIMARY KEY (plugin, name)
);

-- What happened, for plugins that want to be told; a row of happening_due for each that has not been yet.
CREATE TABLE happening (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         smallint NOT NULL,
    ref          text NOT NULL,
    name         text NOT NULL,
    anchor_ref   text NOT NULL DEFAULT '',
    supplier_ref text NOT NULL DEFAULT '',
    amount_pence bigint NOT NULL DEFAULT 0,
    at           timestamptz NOT NULL
);
CREATE TABLE happening_due (
    happening_id bigint NOT NULL REFERENCES happening ON DELETE CASCADE,
    plugin       text NOT NULL,
    tries        integer NOT NULL DEFAULT 0,
    next_try     timestamptz NOT NULL DEFAULT now(),
    given_up     boolean NOT NULL DEFAULT false,
    last_error   text NOT NULL DEFAULT '',
    PRIMARY KEY (happening_id, plugin)
);
CREATE INDEX happening_due_next ON happening_due (next_try) WHERE NOT given_up;

-- Other ways than mail by which a person wants messages, through a notifier plugin.
CREATE TABLE person_channel (
    person_id bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    channel   text NOT NULL, -- key of the notifier
    address   text NOT NULL,
    added_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, channel)
);
CREATE TABLE message_outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel    text NOT NULL,
    person_id  bigint NOT NULL REFERENCES person ON DELETE CASCADE,
    address    text NOT NULL,
    subject    text NOT NULL,
    body       text NOT NULL,
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    tries      integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL DEFAULT now(),
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz
);
CREATE INDEX message_outbox_due ON message_outbox (next_try) WHERE state = 'waiting';

-- Public pages are kept ready-made in memory; a change says which kind to make anew. Row triggers, because a statement
-- trigger also fires when no row changed and would wake everybody for nothing; PostgreSQL sends equal notes of one
-- transaction once.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('anchorage_changed', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER note_place AFTER INSERT OR UPDATE OR DELETE ON place
    FOR EACH ROW EXECUTE FUNCTION note_change('place');
CREATE TRIGGER note_supplier AFTER INSERT OR UPDATE OR DELETE ON supplier
    FOR EACH ROW EXECUTE FUNCTION note_change('supplier');
CREATE TRIGGER note_tag AFTER INSERT OR UPDATE OR DELETE ON supplier_tag
    FOR EACH ROW EXECUTE FUNCTION note_change('supplier');
CREATE TRIGGER note_notice AFTER INSERT OR UPDATE OR DELETE ON notice
    FOR EACH ROW EXECUTE FUNCTION note_change('notice');
CREATE TRIGGER note_award AFTER INSERT OR UPDATE OR DELETE ON award
    FOR EACH ROW EXECUTE FUNCTION note_change('notice');
CREATE TRIGGER note_event AFTER INSERT OR UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION note_change('event');
CREATE TRIGGER note_booking AFTER INSERT OR UPDATE OR DELETE ON event_booking
    FOR EACH ROW EXECUTE FUNCTION note_change('event');
CREATE TRIGGER note_spend AFTER INSERT OR UPDATE OR DELETE ON spend_load
    FOR EACH ROW EXECUTE FUNCTION note_change('spend');
CREATE TRIGGER note_import AFTER INSERT OR UPDATE OF state ON spend_import
    FOR EACH ROW EXECUTE FUNCTION note_change('spend_import');
CREATE TRIGGER note_mail AFTER INSERT ON mail_outbox
    FOR EACH ROW EXECUTE FUNCTION note_change('mail');
CREATE TRIGGER note_plugin AFTER INSERT OR DELETE OR UPDATE OF enabled, granted, wanted_no, suspended_at ON plugin
    FOR EACH ROW EXECUTE FUNCTION note_change('plugin');
CREATE TRIGGER note_plugin_setting AFTER INSERT OR UPDATE OR DELETE ON plugin_setting
    FOR EACH ROW EXECUTE FUNCTION note_change('plugin');
CREATE TRIGGER note_happening AFTER INSERT ON happening_due
    FOR EACH ROW EXECUTE FUNCTION note_change('plugin_work');
CREATE TRIGGER note_message AFTER INSERT ON message_outbox
    FOR EACH ROW EXECUTE FUNCTION note_change('plugin_work');
