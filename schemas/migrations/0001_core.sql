-- SPDX-License-Identifier: Apache-2.0
-- The first shape of the house: place, people, organisations, suppliers, notices, bids, events, mail, audit, plugins.
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
    dissolved    date,
    named_from   date -- since when it has its name
);
CREATE INDEX company_match_name ON company (match_name);

-- Names that companies had before, and when: ledgers keep them for years.
CREATE TABLE company_name (
    number     text NOT NULL REFERENCES company ON DELETE CASCADE,
    match_name text NOT NULL,
    name       text NOT NULL,
    from_day   date, -- NULL: not known
    until_day  date NOT NULL,
    PRIMARY KEY (number, match_name, until_day)
);
CREATE INDEX company_name_match ON company_name (match_name);

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
    policy_class text NOT NULL DEFAULT '' -- of 'policy': why it is up to the place, "housing"
                CHECK (policy_class = '' OR decision = 'policy'),
    reasons     text NOT NULL,            -- one a line
    decided_by  bigint REFERENCES person, -- an officer overruled the rules
    decided_at  timestamptz NOT NULL,
    holds_from  date, -- the decision counts for payments from this day on; NULL: always
    holds_until date, -- and before this one; NULL: still
    before_decision text CHECK (before_decision IN ('yes', 'review', 'no', 'unknown', 'policy')), -- before holds_from
    before_class text NOT NULL DEFAULT '',
    before_from  date, -- and from this day on; NULL: always
    PRIMARY KEY (supplier_id, tag),
    CHECK (before_decision IS NULL OR holds_from IS NOT NULL)
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
