-- What it costs to append to a chain and to ask whose a row is. What is refused is refused as before.

-- The clock, found in one look and not through a subquery.
CREATE OR REPLACE FUNCTION sapr_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE instant timestamptz;
BEGIN
    SELECT coalesce(held_at, clock_timestamp() + moved_by) INTO instant FROM sapr_database;
    RETURN coalesce(instant, clock_timestamp());
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_works_on(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM FROM reports_assignment a
    WHERE a.case_id = wanted AND a.user_id = sapr_viewer() AND a.ended_at IS NULL AND a.role || '/' || a.place = ANY (held);
    RETURN FOUND;
END
$$$$;

-- Its words are bound here, so that it is taken into whatever asks for it.
CREATE OR REPLACE FUNCTION sapr_this_transaction() RETURNS text LANGUAGE sql STABLE
RETURN pg_current_xact_id_if_assigned()::text || ' ' || transaction_timestamp()::text;
ALTER FUNCTION sapr_this_transaction() RESET ALL;

-- They name no table. Set back and forth for each event, the path cost more than what they do.
ALTER FUNCTION sapr_readable(jsonb) RESET search_path;
ALTER FUNCTION sapr_canonical(reports_event) RESET search_path;

-- Permissive policies are asked in the order of their names backwards: the usual one first.
ALTER POLICY reviewed ON reports_duty RENAME TO at_meeting;
ALTER POLICY reviewed_opens ON reports_duty RENAME TO at_meeting_opens;
ALTER POLICY reviewed_closes ON reports_duty RENAME TO at_meeting_closes;

-- The head of a chain moves once for all events of a statement, to the last that is in: ON CONFLICT may leave some out.
-- A statement within this one may have moved it on already.
DROP TRIGGER reports_event_chain_moved ON reports_event;
CREATE OR REPLACE FUNCTION sapr_chain_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE last record;
BEGIN
    FOR last IN SELECT DISTINCT ON (case_id) case_id, seq, hash FROM said ORDER BY case_id, seq DESC LOOP
        UPDATE reports_chainhead SET seq = last.seq, hash = last.hash WHERE case_id = last.case_id AND seq < last.seq;
    END LOOP;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER reports_event_chain_moved AFTER INSERT ON reports_event REFERENCING NEW TABLE AS said
    FOR EACH STATEMENT WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_chain_moved();
-- A chain grows in its page; no index is touched.
ALTER TABLE reports_chainhead SET (fillfactor = 80);
CREATE OR REPLACE FUNCTION sapr_open_heads() RETURNS TABLE (case_id uuid, seq bigint, hash bytea, stands boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
    SELECT h.case_id, h.seq, h.hash, e.id IS NOT NULL FROM reports_chainhead h
    LEFT JOIN reports_event e ON e.case_id = h.case_id AND e.seq = h.seq AND e.hash = h.hash
    WHERE h.open
$$$$;

-- Written with each row and read by nobody: another index begins with the same column, or nothing asks by it.
DROP INDEX reports_case_number_6a00038c_like, reports_case_installation_id_3e4517af, reports_case_opened_by_id_a6386c54,
    reports_decision_case_id_3aa5dfcc, reports_duty_case_id_f72d4b74, reports_signedform_advocate_id_897761f5,
    reports_signedform_case_id_3d74c153;
