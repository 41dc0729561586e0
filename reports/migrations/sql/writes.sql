-- What it costs to write. Nothing that was refused before is accepted, and nothing is refused that was not.
--
-- PostgreSQL reads a table's CHECKs and the WHEN clauses of its triggers anew in every statement that inserts. So long
-- lists stand in functions, which a session reads once.

-- Each list as it stands in the database.
DO $$$$
DECLARE
    made text := 'CREATE FUNCTION %I(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS %L';
    body text := 'BEGIN RETURN kind = ANY (%L::text[]); END';
    listed text[];
BEGIN
    listed := ARRAY(SELECT word[1] FROM pg_constraint,
                    regexp_matches(pg_get_constraintdef(oid), '''([a-z0-9_]+)''::character varying', 'g') word
                    WHERE conname = 'reports_event_kind_known' ORDER BY 1);
    EXECUTE format(made, 'sapr_event_kind_known', format(body, listed));
    listed := ARRAY(SELECT kind FROM reports_afterclosing UNION SELECT 'case_closed' ORDER BY 1);
    EXECUTE format(made, 'sapr_event_after_closing', format(body, listed));
    listed := ARRAY(SELECT word[1] FROM pg_trigger,
                    regexp_matches(pg_get_triggerdef(oid), '''([a-z0-9_]+)''::', 'g') word
                    WHERE tgname = 'not_of_a_restricted_report' AND tgrelid = 'reports_event'::regclass ORDER BY 1);
    EXECUTE format(made, 'sapr_event_unrestricted_only', format(body, listed));
END
$$$$;
CREATE OR REPLACE TRIGGER case_is_open AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NOT sapr_event_after_closing(NEW.kind)) EXECUTE FUNCTION sapr_event_of_open_case();
CREATE OR REPLACE TRIGGER not_of_a_restricted_report AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (sapr_event_unrestricted_only(NEW.kind)) EXECUTE FUNCTION sapr_not_of_a_restricted_report();

-- In WHEN clauses, too: in PL/pgSQL it is called, in SQL it would be put into each of them by every statement.
CREATE OR REPLACE FUNCTION sapr_importing() RETURNS boolean LANGUAGE plpgsql STABLE AS $$$$
BEGIN
    RETURN current_setting('sapr.importing', true) IS NOT DISTINCT FROM 'on' AND sapr_by_owner();
END
$$$$;

-- Nearly all data are a few short words: no number long enough to be too large or too finely cut, not enough brackets to be
-- nested too deep. Only the others are gone through.
CREATE OR REPLACE FUNCTION sapr_readable(data jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    said text := data::text;
BEGIN
    IF jsonb_typeof(data) IS DISTINCT FROM 'object' OR octet_length(said) > 16384 THEN
        RETURN false;
    END IF;
    IF said !~ '[0-9]{16}' AND octet_length(said) - octet_length(translate(said, '{[', '')) <= 8 THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (
        WITH RECURSIVE inside (value, type, depth) AS (
            SELECT data, jsonb_typeof(data), 1
            UNION ALL
            SELECT part.value, jsonb_typeof(part.value), inside.depth + 1 FROM inside CROSS JOIN LATERAL (
                SELECT of_object.value FROM jsonb_each(CASE inside.type WHEN 'object' THEN inside.value END) of_object
                UNION ALL
                SELECT of_array.value
                FROM jsonb_array_elements(CASE inside.type WHEN 'array' THEN inside.value END) of_array
            ) part WHERE inside.depth <= 8
        )
        SELECT FROM inside WHERE CASE
            WHEN type = 'number' THEN abs(value::numeric) > 1e15 OR scale(value::numeric) > 15
            ELSE type IN ('object', 'array') AND depth > 8
        END
    );
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    instant timestamptz;
    head record;
    fresh record;
BEGIN
    -- What stands in a chain stands there for ever: one event that cannot be read would spoil the whole ledger.
    IF NOT sapr_readable(NEW.data) THEN
        RAISE EXCEPTION 'the data of an event are a small plain object' USING ERRCODE = 'SA002';
    END IF;
    -- One writer at a time per chain: the lock is the head's own row, so no other chain is held up.
    SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
            VALUES (NEW.case_id, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT DO NOTHING;
        SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    END IF;
    -- As of now that the chain is held: what is recorded later has a later instant.
    instant := sapr_now();
    IF NEW.occurred_at < '2005-01-01Z' OR instant >= '9000-01-01Z' THEN
        RAISE EXCEPTION 'an event happens between 2005 and 9000' USING ERRCODE = 'SA002';
    END IF;
    -- The head moves once the row is in (ON CONFLICT may leave it out); earlier rows of this statement are beyond it.
    SELECT seq, hash INTO fresh FROM reports_event WHERE case_id = NEW.case_id AND seq > head.seq
        ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(fresh.seq, head.seq) + 1;
    NEW.prev_hash := coalesce(fresh.hash, head.hash);
    NEW.recorded_at := instant;
    NEW.canonical := sapr_canonical(NEW);
    NEW.hash := sha256(NEW.canonical);
    RETURN NEW;
END
$$$$;
-- Of several events of one statement only the last moves the head.
CREATE OR REPLACE FUNCTION sapr_chain_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE reports_chainhead SET seq = NEW.seq, hash = NEW.hash WHERE case_id = NEW.case_id
        AND NOT EXISTS (SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND seq = NEW.seq + 1);
    RETURN NULL;
END
$$$$;

-- Who may write which event, as before: what is looked up for a few kinds only stands in functions, which are called for
-- these. In the policies themselves every insert made ready for all of them.
CREATE FUNCTION sapr_case_in_inbox(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_inboxitem i WHERE i.case_id = wanted);
END
$$$$;
CREATE FUNCTION sapr_second_person_answers(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM reports_breakglass b
                   WHERE b.case_id = wanted AND b.state = 'asked' AND b.answer_by > sapr_now()
                     AND sapr_independent(b.asked_by_id, b.asked_at, sapr_viewer()));
END
$$$$;
CREATE FUNCTION sapr_export_is(wanted text, said text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM reports_export x
                   WHERE x.id::text = wanted AND 'export_' || x.state = said
                     AND sapr_viewer() = CASE WHEN x.state IN ('approved', 'refused') THEN x.decided_by_id
                                              ELSE x.asked_by_id END);
END
$$$$;
CREATE FUNCTION sapr_finer_is(wanted text, said text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_finerwording f
                   WHERE f.id::text = wanted AND f.decided_by_id = sapr_viewer() AND 'finer_' || f.state = said);
END
$$$$;
ALTER POLICY addressee_opened ON reports_event WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened' AND data ->> 'purpose' = 'inbox' AND sapr_case_in_inbox(case_id));
ALTER POLICY opened_by_second_person ON reports_event WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened'
    AND data = '{"what": ["breakglass.reason"], "purpose": "second_person"}' AND sapr_second_person_answers(case_id));
ALTER POLICY export_is_said_as_it_is ON reports_event WITH CHECK (
    kind NOT IN ('export_asked', 'export_approved', 'export_refused', 'export_withdrawn', 'export_made', 'export_downloaded')
    OR sapr_export_is(data ->> 'export', kind));
ALTER POLICY finer_by_second_person ON reports_event WITH CHECK (
    kind NOT IN ('finer_approved', 'finer_refused') OR sapr_finer_is(data ->> 'finer', kind));

-- What begins with a report begins in one go, in the order of before.
CREATE FUNCTION sapr_report_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    here record;
    now_unclaimed boolean;
BEGIN
    -- Held until the end: who leaves without signing waits, and is refused then.
    SELECT walked_away_at, unclaimed INTO here FROM reports_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    IF here.walked_away_at IS NOT NULL THEN
        RAISE EXCEPTION 'a contact that ended without signing has no report' USING ERRCODE = 'SA002';
    END IF;
    PERFORM sapr_case_move(NEW.case_id, 'report_signed',
        CASE NEW.election WHEN 'restricted' THEN 'RESTRICTED_OPEN' ELSE 'UNRESTRICTED_OPEN' END, NEW.signed_at);
    now_unclaimed := sapr_is_unclaimed(NEW.case_id);
    IF here.unclaimed <> now_unclaimed THEN
        UPDATE reports_case SET unclaimed = now_unclaimed WHERE id = NEW.case_id;
    END IF;
    PERFORM sapr_drafts_wait(NEW.case_id);
    DELETE FROM reports_draft WHERE case_id = NEW.case_id;
    PERFORM sapr_tally_report(NEW, 1);
    RETURN NULL;
END
$$$$;
DROP TRIGGER contact_is_open ON reports_report;
DROP TRIGGER case_moves ON reports_report;
DROP TRIGGER claims ON reports_report;
DROP TRIGGER drafts_end ON reports_report;
DROP FUNCTION sapr_report_of_open_contact();
CREATE TRIGGER begins AFTER INSERT ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_report_begins();
CREATE OR REPLACE TRIGGER tallied AFTER UPDATE OF election, signed_at, converted_at OR DELETE ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_tallies_report();
-- A conversion is what is left to it.
CREATE OR REPLACE FUNCTION sapr_report_moves_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM sapr_case_move(NEW.case_id, 'report_converted', 'CONVERTED', NEW.converted_at);
    RETURN NULL;
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_tallies_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM sapr_tally_report(OLD, -1);
    IF TG_OP = 'UPDATE' THEN
        PERFORM sapr_tally_report(NEW, 1);
    END IF;
    RETURN NULL;
END
$$$$;
