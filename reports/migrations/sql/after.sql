-- A case after its final disposition and after a reopening: what is open again, and what is not over yet.

-- From when on the group reviews a case (CMG-08, CMG-10, CMG-11); nothing when it does not. A Restricted one never (CMG-09).
-- A case that is opened again is reviewed unless its final disposition stands; another alleged offender opens that again.
CREATE OR REPLACE FUNCTION sapr_under_review(wanted uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    signed text := (SELECT election FROM reports_report WHERE case_id = wanted);
    way reports_event := sapr_last_event(wanted, ARRAY['report_signed', 'report_converted', 'limited_case_opened',
        'case_reopened', 'case_closed']);
    disposed reports_event := sapr_last_event(wanted, ARRAY['final_disposition_decided', 'disposition_reopened']);
BEGIN
    IF coalesce(signed, '') <> 'unrestricted'
       AND (signed IS NOT NULL OR (sapr_last_event(wanted, ARRAY['limited_case_opened'])).id IS NULL) THEN
        RETURN NULL;
    END IF;
    IF way.kind = 'case_closed' THEN
        RETURN NULL;
    END IF;
    -- What is open of either, since the earlier beginning: a meeting before the later one reviewed the other. Of
    -- retaliation that on which nothing is found yet, since the first of it was reported.
    RETURN least(
        CASE WHEN disposed.kind IS DISTINCT FROM 'final_disposition_decided'
             THEN greatest(way.occurred_at, disposed.occurred_at) END,
        (SELECT min(r.occurred_at) FROM reports_event r
         WHERE r.case_id = wanted AND r.kind = 'retaliation_reported' AND NOT EXISTS (
             SELECT 1 FROM reports_event e WHERE e.case_id = wanted AND e.kind = 'retaliation_ended' AND e.seq > r.seq
             AND e.data ->> 'matter' IS NOT DISTINCT FROM r.data ->> 'matter')));
END
$$$$;
-- Who holds the meeting learns when a duty of it began, and nothing of the event by which it did.
DROP POLICY reviewed ON reports_event;
CREATE POLICY reviewed ON reports_event FOR SELECT TO $web USING (
    kind = 'cmg_held' AND case_id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE FUNCTION sapr_meeting_instants(wanted uuid[]) RETURNS TABLE (id uuid, occurred_at timestamptz) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE here uuid[] := sapr_meeting_cases();
BEGIN
    RETURN QUERY SELECT e.id, e.occurred_at FROM reports_event e
    WHERE e.id = ANY (wanted) AND e.case_id = ANY (here) AND EXISTS (
        SELECT FROM reports_duty d WHERE d.case_id = e.case_id AND d.opened_event = e.id AND d.discharged_by = 'cmg_held');
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_meeting_instants(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_meeting_instants(uuid[]) TO $web;

-- The kinds of matter that keep a case open while one runs; a test holds them against the data of the services.
CREATE TABLE sapr_keeps_open (kind text PRIMARY KEY, because text NOT NULL);
INSERT INTO sapr_keeps_open (kind, because) VALUES
    ('retaliation', 'a case is not closed while retaliation that was reported is unsettled'),
    ('subject', 'a case is not closed while an alleged offender has no final disposition');
GRANT SELECT ON sapr_keeps_open TO $web;
CREATE POLICY ending ON reports_matter FOR SELECT TO $owner USING (true);

-- Definer, here and below: who writes the event need not see what it is held against. It holds the chain, and whoever
-- entered such a matter in the meantime held the case, so both are seen here.
CREATE FUNCTION sapr_nothing_keeps_it_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE reason text;
BEGIN
    PERFORM FROM reports_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    reason := (SELECT min(k.because) FROM reports_matter m JOIN sapr_keeps_open k ON k.kind = m.kind
               WHERE m.case_id = NEW.case_id AND m.ended_at IS NULL
                 AND (NEW.kind = 'case_closed' OR m.kind = 'subject'));
    IF reason IS NOT NULL THEN
        RAISE EXCEPTION '%', CASE NEW.kind WHEN 'case_closed' THEN reason
            ELSE 'a disposition is final when every alleged offender has one' END USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER nothing_keeps_it_open AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind IN ('case_closed', 'final_disposition_decided')) EXECUTE FUNCTION sapr_nothing_keeps_it_open();

-- Such a matter begins in a case that is open.
CREATE FUNCTION sapr_in_an_open_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF (SELECT state FROM reports_case WHERE id = NEW.case_id FOR SHARE) = 'CLOSED' THEN
        RAISE EXCEPTION 'a closed case is opened again first' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER in_an_open_case BEFORE INSERT ON reports_matter
    FOR EACH ROW WHEN (NEW.kind IN ('subject', 'retaliation')) EXECUTE FUNCTION sapr_in_an_open_case();

-- An alleged offender who is entered after the final disposition opens it again, on the record.
CREATE FUNCTION sapr_disposition_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF (sapr_last_event(NEW.case_id, ARRAY['final_disposition_decided', 'disposition_reopened'])).kind = 'final_disposition_decided'
       AND EXISTS (SELECT 1 FROM reports_matter WHERE id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'another alleged offender opens the final disposition again' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER disposition_is_open AFTER INSERT ON reports_matter DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'subject') EXECUTE FUNCTION sapr_disposition_is_open();
-- What keeps a case open ends by what is said of it, not by its row: retaliation by its finding, an alleged offender by a
-- final disposition that was decided after they were entered. At commit, because the row moves first.
CREATE FUNCTION sapr_end_is_said() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM reports_event e WHERE e.case_id = NEW.case_id AND CASE NEW.kind
            WHEN 'retaliation' THEN e.kind = 'retaliation_ended' AND e.data ->> 'matter' = NEW.id::text
            ELSE e.kind = 'final_disposition_decided' AND e.seq > (
                SELECT max(a.seq) FROM reports_event a WHERE a.case_id = NEW.case_id AND a.kind = 'subject_added'
                AND a.data ->> 'matter' = NEW.id::text) END) THEN
        RAISE EXCEPTION 'what keeps a case open ends on the record of its case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER end_is_said AFTER UPDATE ON reports_matter DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind IN ('subject', 'retaliation') AND NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL)
    EXECUTE FUNCTION sapr_end_is_said();
-- And nothing is said of what is not there: a finding on retaliation that has not ended, or another alleged offender where
-- none is or no disposition was final.
CREATE FUNCTION sapr_said_of_what_is() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.kind = 'retaliation_ended' THEN
        IF NOT EXISTS (SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'retaliation'
                       AND id::text = NEW.data ->> 'matter' AND ended_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a finding is one on retaliation of its case' USING ERRCODE = 'SA002';
        END IF;
    ELSIF (SELECT e.kind FROM reports_event e WHERE e.case_id = NEW.case_id AND e.seq < NEW.seq
           AND e.kind IN ('final_disposition_decided', 'disposition_reopened') ORDER BY e.seq DESC LIMIT 1)
          IS DISTINCT FROM 'final_disposition_decided'
          OR NOT EXISTS (SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'subject' AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'a final disposition is opened again by another alleged offender' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER said_of_what_is AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind IN ('disposition_reopened', 'retaliation_ended')) EXECUTE FUNCTION sapr_said_of_what_is();
-- And is never said of a Restricted report: one kind more, whatever else the list holds.
DO $$$$
DECLARE rule text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger
                      WHERE tgname = 'not_of_a_restricted_report' AND tgrelid = 'reports_event'::regclass);
BEGIN
    DROP TRIGGER not_of_a_restricted_report ON reports_event;
    EXECUTE replace(rule, 'ARRAY[', 'ARRAY[''disposition_reopened''::character varying, ');
END
$$$$;

-- A kit that is destroyed ends what was due about it. Who destroys it is on no case, so the database does it, in the same
-- statement; and nobody says that a kit is destroyed which is not. Which kinds those are the policy says, and a test that
-- they are the same.
CREATE TABLE sapr_ends_with_kit (kind text PRIMARY KEY);
INSERT INTO sapr_ends_with_kit (kind) VALUES ('kit_to_mcio_custody'), ('tell_kit_expiry');
GRANT SELECT ON sapr_ends_with_kit TO $web;
CREATE POLICY ends_with_kit ON reports_duty FOR UPDATE TO $owner
    USING (state = 'open' AND kind IN (SELECT kind FROM sapr_ends_with_kit)) WITH CHECK (state IN ('ended', 'missed'));
CREATE FUNCTION sapr_kit_is_destroyed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE gone reports_duty;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_kit WHERE case_id = NEW.case_id AND id::text = NEW.data ->> 'kit' AND state = 'destroyed') THEN
        RAISE EXCEPTION 'a kit is destroyed by two persons' USING ERRCODE = 'SA002';
    END IF;
    FOR gone IN SELECT d.* FROM reports_duty d JOIN sapr_ends_with_kit k ON k.kind = d.kind
                WHERE d.case_id = NEW.case_id AND d.state = 'open' AND (d.about IS NULL OR d.about::text = NEW.data ->> 'kit')
                ORDER BY d.due_at, d.id FOR UPDATE OF d LOOP
        -- As elsewhere: what was not due yet is ended, what was overdue was missed.
        gone.state := CASE WHEN gone.immediate OR NEW.occurred_at <= gone.due_at THEN 'ended' ELSE 'missed' END;
        UPDATE reports_duty SET state = gone.state, closed_event = NEW.id, closed_at = NEW.occurred_at WHERE id = gone.id;
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), NEW.case_id, 'duty_' || gone.state, NEW.occurred_at, NEW.actor_id,
                jsonb_build_object('duty', gone.id, 'kind', gone.kind, 'rule', gone.rule));
    END LOOP;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER kit_is_destroyed AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'kit_destroyed') EXECUTE FUNCTION sapr_kit_is_destroyed();

REVOKE EXECUTE ON FUNCTION sapr_nothing_keeps_it_open(), sapr_in_an_open_case(), sapr_disposition_is_open(), sapr_end_is_said(),
    sapr_said_of_what_is(), sapr_kit_is_destroyed() FROM PUBLIC;
