-- Row-level security: the second line behind reports/access.py. No viewer, no rows.

-- The cases the viewer is assigned to in a role that an appointment in force carries. Definer: it reads the
-- assignments themselves, which the owner may (policy below), so that one policy does not call the other.
CREATE FUNCTION sapr_viewer_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    held text[] := sapr_viewer_roles();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(a.case_id), '{}') FROM reports_assignment a
        WHERE a.user_id = who AND a.ended_at IS NULL AND a.role = ANY (held));
END
$$$$;
-- A case is claimed by its first assignment; afterwards only those on it may add others.
CREATE FUNCTION sapr_case_is_unclaimed(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
    SELECT NOT EXISTS (SELECT 1 FROM reports_assignment WHERE case_id = wanted)
$$$$;

ALTER TABLE reports_case ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_case FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON reports_case FOR SELECT TO $web
    USING (id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY changed ON reports_case FOR UPDATE TO $web
    USING (id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY opened ON reports_case FOR INSERT TO $web WITH CHECK (opened_by_id = sapr_viewer());

ALTER TABLE reports_assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_assignment TO $owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON reports_assignment FOR SELECT TO $web
    USING (user_id = sapr_viewer() OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY ended ON reports_assignment FOR UPDATE TO $web
    USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY made ON reports_assignment FOR INSERT TO $web WITH CHECK (
    (user_id = sapr_viewer() AND sapr_case_is_unclaimed(case_id))
    OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));

DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_identity', 'reports_narrative', 'reports_decision', 'reports_report',
                             'reports_signedform', 'reports_kit', 'reports_duty'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_cases ON %I TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]))', t);
    END LOOP;
END
$$$$;
-- The worker reads duties; which it may close stands with the notices. It has no right at all on the other tables.
CREATE POLICY worker ON reports_duty FOR SELECT TO $worker USING (true);

-- The ledger. The chain trigger runs as the owner and must see the chain it adds to.
ALTER TABLE reports_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_event FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_event TO $owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON reports_event FOR SELECT TO $web USING (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
    OR (case_id = '00000000-0000-0000-0000-000000000000' AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
-- In one's own name, in one's own cases and on the system's chain; without a viewer only the system itself, there.
-- (An addressee who opens a notice is not on its case: that policy stands with the inbox.)
CREATE POLICY written ON reports_event FOR INSERT TO $web WITH CHECK (
    (actor_id = sapr_viewer() AND (case_id = '00000000-0000-0000-0000-000000000000'
                                   OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])))
    OR (sapr_viewer() IS NULL AND actor_id IS NULL AND case_id = '00000000-0000-0000-0000-000000000000'));
CREATE POLICY worker_writes ON reports_event FOR INSERT TO $worker WITH CHECK (actor_id IS NULL);

CREATE FUNCTION sapr_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE last record;
BEGIN
    -- One writer at a time per chain; other chains are not held up.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.case_id::text, 7));
    SELECT seq, hash INTO last FROM reports_event WHERE case_id = NEW.case_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.prev_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    NEW.recorded_at := sapr_now();
    NEW.canonical := convert_to(jsonb_build_object(
        'id', NEW.id, 'case', NEW.case_id, 'seq', NEW.seq, 'kind', NEW.kind, 'actor', NEW.actor_id,
        'data', NEW.data, 'prev', encode(NEW.prev_hash, 'hex'),
        'occurred_at', to_char(NEW.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'recorded_at', to_char(NEW.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text, 'UTF8');
    NEW.hash := sha256(NEW.canonical);
    RETURN NEW;
END
$$$$;
CREATE TRIGGER reports_event_chain BEFORE INSERT ON reports_event FOR EACH ROW EXECUTE FUNCTION sapr_chain();

-- What is written once stays as it is, also for the owner.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_event
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('the ledger is append-only');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_event
    EXECUTE FUNCTION sapr_refuse('the ledger is append-only');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_signedform
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a signed form never changes');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_signedform
    EXECUTE FUNCTION sapr_refuse('a signed form never changes');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_decision
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a decision is kept as it was made');

CREATE TRIGGER one_way BEFORE UPDATE ON reports_report
    FOR EACH ROW WHEN (OLD.election <> NEW.election AND NOT (OLD.election = 'restricted' AND NEW.election = 'unrestricted'))
    EXECUTE FUNCTION sapr_refuse('Unrestricted never becomes Restricted');
CREATE TRIGGER signing_stands BEFORE UPDATE ON reports_report
    FOR EACH ROW WHEN (OLD.case_id <> NEW.case_id OR OLD.signed_at <> NEW.signed_at OR OLD.recorded_at <> NEW.recorded_at
                       OR (OLD.converted_at IS NOT NULL AND OLD.converted_at IS DISTINCT FROM NEW.converted_at)
                       OR OLD.late_reason <> NEW.late_reason)
    EXECUTE FUNCTION sapr_refuse('a signed report is not re-dated');
CREATE TRIGGER conversion_is_dated BEFORE UPDATE ON reports_report
    FOR EACH ROW WHEN (NEW.election = 'unrestricted' AND OLD.election <> NEW.election AND NEW.converted_at IS NULL)
    EXECUTE FUNCTION sapr_refuse('a conversion carries its instant');
CREATE TRIGGER no_delete BEFORE DELETE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a report is never deleted');

-- A report stands on its signed form. Definer, and a policy for it: at commit the viewer is gone already.
CREATE POLICY proof ON reports_signedform FOR SELECT TO $owner USING (true);
CREATE FUNCTION sapr_report_is_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_signedform
                   WHERE case_id = NEW.case_id AND kind = 'election' AND election = NEW.election) THEN
        RAISE EXCEPTION 'a report stands on its signed form' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_signed AFTER INSERT ON reports_report DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sapr_report_is_signed();

-- Who left without signing has no report, and who signed did not leave.
CREATE FUNCTION sapr_report_of_open_contact() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE ended timestamptz;
BEGIN
    -- Locked: nobody closes the contact at the same moment.
    SELECT walked_away_at INTO ended FROM reports_case WHERE id = NEW.case_id FOR SHARE;
    IF ended IS NOT NULL THEN
        RAISE EXCEPTION 'a contact that ended without signing has no report' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER contact_is_open BEFORE INSERT ON reports_report
    FOR EACH ROW EXECUTE FUNCTION sapr_report_of_open_contact();
CREATE FUNCTION sapr_case_has_no_report() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.id) THEN
        RAISE EXCEPTION 'a signed report is not walked away from' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER nothing_is_signed BEFORE UPDATE OF walked_away_at ON reports_case
    FOR EACH ROW WHEN (NEW.walked_away_at IS NOT NULL) EXECUTE FUNCTION sapr_case_has_no_report();
CREATE TRIGGER ends_once BEFORE UPDATE OF walked_away_at ON reports_case
    FOR EACH ROW WHEN (OLD.walked_away_at IS NOT NULL AND OLD.walked_away_at IS DISTINCT FROM NEW.walked_away_at)
    EXECUTE FUNCTION sapr_refuse('a contact that ended stays ended');

CREATE TRIGGER only_ends BEFORE UPDATE ON reports_assignment
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL OR OLD.case_id <> NEW.case_id OR OLD.user_id <> NEW.user_id
                       OR OLD.role <> NEW.role OR OLD.started_at <> NEW.started_at)
    EXECUTE FUNCTION sapr_refuse('an assignment is only ever ended, once');
CREATE TRIGGER no_delete BEFORE DELETE ON reports_assignment
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('an assignment is ended, not deleted');

CREATE TRIGGER only_closes BEFORE UPDATE ON reports_duty
    FOR EACH ROW WHEN (OLD.state <> 'open' OR OLD.due_at <> NEW.due_at OR OLD.case_id <> NEW.case_id
                       OR OLD.kind <> NEW.kind OR OLD.rule <> NEW.rule)
    EXECUTE FUNCTION sapr_refuse('a duty is closed once and never re-dated');
CREATE TRIGGER no_delete BEFORE DELETE ON reports_duty
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a duty is closed, not deleted');

CREATE FUNCTION sapr_is_unrestricted(wanted uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT EXISTS (SELECT 1 FROM reports_report WHERE case_id = wanted AND election = 'unrestricted')
$$$$;
CREATE FUNCTION sapr_kit_moves() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('numbered', 'sealed'), ('sealed', 'mcio')) THEN
        RAISE EXCEPTION 'a kit does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'mcio' AND NOT sapr_is_unrestricted(NEW.case_id) THEN
        RAISE EXCEPTION 'the kit of a Restricted report is not handed to MCIO' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER moves BEFORE UPDATE OF state ON reports_kit FOR EACH ROW EXECUTE FUNCTION sapr_kit_moves();
CREATE TRIGGER begins BEFORE INSERT ON reports_kit
    FOR EACH ROW WHEN (NEW.state <> 'numbered') EXECUTE FUNCTION sapr_refuse('a kit begins with its number');
CREATE TRIGGER number_stands BEFORE UPDATE ON reports_kit
    FOR EACH ROW WHEN (OLD.number <> NEW.number OR OLD.number_index <> NEW.number_index OR OLD.case_id <> NEW.case_id)
    EXECUTE FUNCTION sapr_refuse('an evidence number is issued once');

GRANT SELECT, INSERT ON reports_case, reports_assignment, reports_identity, reports_narrative, reports_decision,
    reports_report, reports_signedform, reports_kit, reports_duty TO $web;
GRANT UPDATE (walked_away_at) ON reports_case TO $web;
GRANT UPDATE (ended_at) ON reports_assignment TO $web;
GRANT UPDATE (name, dod_id, phone, email, grade, unit_commander_post, offender_post) ON reports_identity TO $web;
GRANT UPDATE (text, incident_on, place) ON reports_narrative TO $web;
GRANT UPDATE (election, converted_at) ON reports_report TO $web;
GRANT UPDATE (state) ON reports_kit TO $web;
GRANT UPDATE (state, closed_event, closed_at, reason) ON reports_duty TO $web, $worker;
GRANT SELECT ON reports_duty TO $worker;
-- Everything else of an event is the trigger's to write.
GRANT SELECT ON reports_event TO $web;
GRANT INSERT (id, case_id, kind, occurred_at, actor_id, data) ON reports_event TO $web, $worker;
