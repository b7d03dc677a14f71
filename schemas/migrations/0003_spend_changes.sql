-- SPDX-License-Identifier: Apache-2.0
-- What follows when something changes that figures of spend rest on.
SET search_path = core;

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
-- So are those that a load ties and places: once it is noted, the rest of the rows need not ask.
CREATE TRIGGER payee_other AFTER UPDATE ON payee FOR EACH ROW
    WHEN ((OLD.name, OLD.supplier_id, OLD.same_as, OLD.redacted, OLD.match_state = 'individual', OLD.lad_code,
           OLD.ward_code, OLD.is_local) IS DISTINCT FROM
          (NEW.name, NEW.supplier_id, NEW.same_as, NEW.redacted, NEW.match_state = 'individual', NEW.lad_code,
           NEW.ward_code, NEW.is_local)
          AND current_setting('anchorage.changed_match', true) IS DISTINCT FROM pg_current_xact_id()::text)
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER payee_gone AFTER DELETE ON payee FOR EACH ROW EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER payee_emptied AFTER TRUNCATE ON payee FOR EACH STATEMENT EXECUTE FUNCTION spend_changed('match');

CREATE TRIGGER supplier_counts_other AFTER UPDATE ON supplier FOR EACH ROW
    WHEN ((OLD.sector, OLD.size, OLD.listed_from) IS DISTINCT FROM (NEW.sector, NEW.size, NEW.listed_from))
    EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_tag_new AFTER INSERT ON supplier_tag FOR EACH ROW
    WHEN (NEW.tag = 'vcfse') EXECUTE FUNCTION spend_changed('match');
CREATE TRIGGER supplier_tag_other AFTER UPDATE ON supplier_tag FOR EACH ROW
    WHEN ((OLD.tag, OLD.supplier_id, OLD.decision, OLD.policy_class, OLD.holds_from, OLD.holds_until, OLD.before_decision,
           OLD.before_class, OLD.before_from) IS DISTINCT FROM
          (NEW.tag, NEW.supplier_id, NEW.decision, NEW.policy_class, NEW.holds_from, NEW.holds_until, NEW.before_decision,
           NEW.before_class, NEW.before_from))
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

CREATE TRIGGER note_spend AFTER INSERT OR UPDATE OR DELETE ON spend_load
    FOR EACH ROW EXECUTE FUNCTION note_change('spend');
CREATE TRIGGER note_import AFTER INSERT OR UPDATE OF state ON spend_import
    FOR EACH ROW EXECUTE FUNCTION note_change('spend_import');

-- ---- the same payment in several files ------------------------------------------------------------------------------
-- Whether a load has lines of a year whose day is known (ANC_LINE_MONTH_ONLY is 1).
CREATE FUNCTION spend_has_days(year integer, load bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    found boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM core.spend_line_%s_%s WHERE flags & 1 = 0)', year, load) INTO found;
    RETURN found;
END $$;

-- Where in its table the lines of a load in a year stand that earlier loads have (of tier-2 files, those that are not taken off).
-- Equal lines are looked for once: those of the load are grouped (`k`), whatever earlier loads have of such meets them (`met`).
-- One of a kind, as nearly all are, is found then; only of several alike it is counted how many the earlier load with most has.
CREATE FUNCTION spend_same(year integer, load bigint, earlier bigint[]) RETURNS tid[] LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    g record;
    l core.spend_load := (SELECT x FROM core.spend_load x WHERE x.id = load);
    mine text := format('core.spend_line_%s_%s', year, load);
    has_days boolean := core.spend_has_days(year, load);
    payees integer[];
    firsts integer[]; -- of a payee whose name others have too, the first of that name
    more tid[];
    same tid[] := '{}';
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT payee_id) FROM %s WHERE line_no > 0', mine) INTO payees;
    WITH twin AS (SELECT t.id, t.main
                    FROM (SELECT p.id, min(p.id) OVER (PARTITION BY p.match_name) AS main FROM payee p
                           WHERE p.match_name = ANY (ARRAY(SELECT DISTINCT n.match_name FROM payee n WHERE n.id = ANY (payees)))) t
                   WHERE t.id <> t.main)
    SELECT array_agg(coalesce(t.main, 0) ORDER BY i) INTO firsts
      FROM generate_series(1, (SELECT max(x.id) FROM twin x)) AS i LEFT JOIN twin t ON t.id = i;
    FOR g IN
        SELECT t.by_month, t.by_txn, date_trunc('month', min(t.first_day)::timestamp) AS since,
               date_trunc('month', max(t.last_day)::timestamp) + interval '1 month' AS until,
               string_agg(format('SELECT %1$s AS load_id, payee_id, paid_on, amount_pence, vat_lost_pence, txn'
                                 ' FROM core.spend_line_%2$s_%1$s WHERE line_no > 0', t.load_id, year), ' UNION ALL ') AS theirs
          FROM (SELECT f.load_id, NOT (has_days AND spend_has_days(year, f.load_id)) AS by_month, o.has_txn AND l.has_txn AS by_txn,
                       coalesce(o.first_day, '-infinity') AS first_day, coalesce(o.last_day, 'infinity') AS last_day
                  FROM spend_leaf f JOIN spend_load o ON o.id = f.load_id
                 WHERE f.fy = year AND f.load_id = ANY (earlier)) t
         GROUP BY 1, 2
    LOOP
        EXECUTE format(
            'WITH a AS NOT MATERIALIZED (SELECT %6$s AS main, %3$s AS day, %4$s AS pence, %5$s t.line_no, t.ctid AS at'
            '                              FROM %1$s t WHERE t.line_no > 0 AND t.paid_on >= $2 AND t.paid_on < $3 OFFSET 0),'
            ' k AS (SELECT %7$s, count(*) AS n, min(at) AS at FROM a GROUP BY %7$s),'
            ' met AS MATERIALIZED (SELECT k.*, b.load_id'
            '                        FROM (SELECT %5$s t.load_id, %6$s AS main, %3$s AS day, %4$s AS pence'
            '                                FROM (%2$s) t WHERE t.paid_on >= $4 AND t.paid_on < $5) b JOIN k USING (%7$s)),'
            ' most AS (SELECT %7$s, max(c) AS n'
            '            FROM (SELECT %7$s, count(*) AS c FROM met WHERE n > 1 GROUP BY %7$s, load_id) x'
            '           GROUP BY %7$s)'
            ' SELECT array_agg(s.at)'
            '   FROM (SELECT at FROM met WHERE n = 1'
            '         UNION ALL'
            '         SELECT r.at FROM (SELECT a.at, most.n, row_number() OVER (PARTITION BY %7$s ORDER BY a.line_no) AS place'
            '                             FROM a JOIN most USING (%7$s)) r WHERE r.place <= r.n) s',
            mine, g.theirs, CASE WHEN g.by_month THEN 'date_trunc(''month'', t.paid_on::timestamp)::date' ELSE 't.paid_on' END,
            't.amount_pence - coalesce(t.vat_lost_pence, 0)', CASE WHEN g.by_txn THEN 'coalesce(t.txn, '''') AS txn,' ELSE '' END,
            'coalesce(nullif($1[t.payee_id], 0), t.payee_id)', CASE WHEN g.by_txn THEN 'main, day, pence, txn' ELSE 'main, day, pence' END)
        INTO more
        USING firsts, g.since, g.until, date_trunc('month', coalesce(l.first_day, '-infinity')::timestamp),
              date_trunc('month', coalesce(l.last_day, 'infinity')::timestamp) + interval '1 month';
        same := same || more;
    END LOOP;
    IF l.kind = 'tier2' THEN
        EXECUTE format('SELECT array_agg(o.ctid) FROM %1$s t JOIN %1$s o ON o.line_no = -t.line_no WHERE t.ctid = ANY ($1)', mine)
        INTO more USING same;
        same := same || more;
    END IF;
    RETURN same;
END $$;

-- Which lines of a load count. A payment is told by its payee's name, its day and its amount in the file, and by its
-- transaction number where both files have such numbers; the n-th of its kind in the file counts when no earlier load has n of them.
-- Where one of two loads knows only months (ANC_LINE_MONTH_ONLY on all its lines), days are compared by their month.
-- The sums of the load are made anew. A line of a tier-2 file takes its counterpart (-line_no) with it.
CREATE FUNCTION spend_count_again(load bigint, earlier bigint[]) RETURNS TABLE (same_lines bigint, same_pence bigint)
    LANGUAGE plpgsql SET search_path = core SET work_mem = '64MB'
    SET enable_mergejoin = off SET enable_nestloop = off AS $$ -- hashing, because how many lines meet cannot be foreseen
DECLARE
    y smallint;
    mine text;
    same tid[];
    was_same boolean := (SELECT l.same_lines > 0 FROM spend_load l WHERE l.id = load);
    n bigint;
    p bigint;
BEGIN
    same_lines := 0;
    same_pence := 0;
    DELETE FROM spend_sum WHERE load_id = load;
    FOR y IN SELECT f.fy FROM spend_leaf f WHERE f.load_id = load LOOP
        mine := format('core.spend_line_%s_%s', y, load);
        same := spend_same(y, load, earlier);
        IF was_same THEN
            EXECUTE format('UPDATE %s t SET counted = true'
                           ' WHERE NOT t.counted AND NOT EXISTS (SELECT 1 FROM unnest($1) s (at) WHERE s.at = t.ctid)', mine) USING same;
        END IF;
        IF cardinality(same) > 0 THEN
            EXECUTE format('UPDATE %s SET counted = false WHERE ctid = ANY ($1) AND counted', mine) USING same;
        END IF;
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

-- ---- payees by a part of their name ---------------------------------------------------------------------------------
-- What a person may type to find a payee, beside payee, so that a load never waits for its index: the worker adds new payees
-- afterwards (payee_word_add), and who is not in it yet is looked at one by one.
CREATE TABLE payee_word (
    payee_id bigint PRIMARY KEY, -- no reference, which would lock each payee; who is gone goes with payee_word_gone
    words    text NOT NULL
);

-- The index by three letters is of an extension that comes with PostgreSQL. Where it may not be made everything is looked at one by
-- one, as nothing is ever put into payee_word.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA core;
    EXECUTE format('CREATE INDEX payee_word_found ON core.payee_word USING gin (words %I.gin_trgm_ops)',
                   (SELECT n.nspname FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace WHERE x.extname = 'pg_trgm'));
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'without pg_trgm names are found by looking at each of them';
END $$;

-- Adds the next payees, so many at most; whether there are more. Ids grow from load to load, and one load is at work at a time.
CREATE FUNCTION payee_word_add(most integer) RETURNS boolean LANGUAGE plpgsql SET search_path = core AS $$
DECLARE
    n bigint;
BEGIN
    IF to_regclass('core.payee_word_found') IS NULL OR NOT pg_try_advisory_xact_lock(hashtext('anchorage payee_word')) THEN
        RETURN false;
    END IF;
    INSERT INTO payee_word (payee_id, words)
    SELECT p.id, concat_ws(E'\n', p.name, nullif(p.supplier_no, ''), nullif(p.company_number, '')) FROM payee p
     WHERE p.id > coalesce((SELECT max(w.payee_id) FROM payee_word w), 0) ORDER BY p.id LIMIT most;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n = most;
END $$;

CREATE FUNCTION payee_word_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM core.payee_word w USING gone g WHERE w.payee_id = g.id;
    RETURN NULL;
END $$;
CREATE TRIGGER payee_word_gone AFTER DELETE ON payee REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION payee_word_gone();
CREATE FUNCTION payee_word_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM core.payee_word; -- what no program does: all are added anew
    RETURN NULL;
END $$;
CREATE TRIGGER payee_word_other AFTER UPDATE OF id, name, supplier_no, company_number ON payee
    FOR EACH STATEMENT EXECUTE FUNCTION payee_word_other();
CREATE TRIGGER payee_word_emptied AFTER TRUNCATE ON payee FOR EACH STATEMENT EXECUTE FUNCTION payee_word_other();

-- Payees in whose name or numbers a pattern of LIKE is, in any letters.
CREATE FUNCTION payee_named(pattern text) RETURNS SETOF bigint LANGUAGE sql STABLE SET search_path = core AS $$
SELECT w.payee_id FROM payee_word w WHERE w.words ILIKE pattern
UNION ALL
SELECT p.id FROM payee p
 WHERE p.id > coalesce((SELECT max(w.payee_id) FROM payee_word w), 0)
   AND (p.name ILIKE pattern OR p.supplier_no ILIKE pattern OR p.company_number ILIKE pattern)
$$;

-- Those of them that are in a queue, with what they were paid: anchor 0 all. A few are looked up, of very many all are looked at.
CREATE FUNCTION payee_queue_named(states text[], anchor bigint, pattern text, from_pence bigint)
    RETURNS TABLE (payee_id bigint, amount_pence bigint, line_count bigint) LANGUAGE plpgsql STABLE SET search_path = core AS $$
DECLARE
    few CONSTANT integer := 5000;
    ids bigint[] := ARRAY(SELECT k.id FROM payee_named(pattern) AS k (id) LIMIT few + 1);
BEGIN
    IF cardinality(ids) > few THEN
        RETURN QUERY
        SELECT x.payee_id, x.amount_pence, x.line_count FROM payee_paid x JOIN payee p ON p.id = x.payee_id
         WHERE x.anchor_id = anchor AND x.amount_pence >= from_pence AND p.match_state = ANY (states) AND NOT p.redacted
           AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'))
           AND (p.name ILIKE pattern OR p.supplier_no ILIKE pattern OR p.company_number ILIKE pattern);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT x.payee_id, x.amount_pence, x.line_count FROM payee_paid x JOIN payee p ON p.id = x.payee_id
     WHERE x.payee_id = ANY (ids) AND x.anchor_id = anchor AND x.amount_pence >= from_pence AND p.match_state = ANY (states)
       AND NOT p.redacted AND (p.same_as IS NULL OR p.match_state NOT IN ('open', 'review'));
END $$;
