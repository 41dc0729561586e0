-- Confidence opened by an exception, the one question after a year, and CATCH.

-- The cases whose SARC the viewer is: what of CATCH is the SARC's alone.
CREATE FUNCTION sapr_viewer_sarc_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    places uuid[] := sapr_viewer_installations();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(a.case_id), '{}')
        FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
        WHERE a.user_id = who AND a.role = 'sarc' AND a.ended_at IS NULL AND c.installation_id = ANY (places));
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_viewer_sarc_cases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_viewer_sarc_cases() TO $web;

ALTER TABLE reports_disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_disclosure TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own_cases ON reports_disclosure TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON reports_disclosure FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
-- A statement is its addressee's alone. Those on the case see its decision where the database writes it: in the case.
ALTER TABLE reports_exceptionstatement ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_exceptionstatement FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_exceptionstatement TO $owner USING (true) WITH CHECK (true);
CREATE POLICY addressed ON reports_exceptionstatement FOR SELECT TO $web
    USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
CREATE POLICY decided ON reports_exceptionstatement FOR UPDATE TO $web
    USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));

-- Only the fields that an exception covers, and the alleged offender under a threat alone (EX-2, DX-10); each exception
-- with what its own condition asks.
ALTER TABLE reports_disclosure
    ADD CONSTRAINT reports_disclosure_fields_in_scope CHECK (
        jsonb_typeof(scope) = 'array' AND scope <> '[]' AND jsonb_typeof(fields) = 'array' AND scope @> fields),
    ADD CONSTRAINT reports_disclosure_offender_only_by_threat CHECK (
        exception = 'EX-2' OR NOT (scope ? 'alleged_offender' OR fields ? 'alleged_offender')),
    ADD CONSTRAINT reports_disclosure_known_fields CHECK (
        scope <@ '["report_fact", "identity", "contact", "status_details", "duty_status", "incident_details",
                   "narrative", "alleged_offender", "clinical", "services", "evidence_number", "evidence_name",
                   "notice_facts", "case_progress", "disposition", "statistics"]'::jsonb),
    ADD CONSTRAINT reports_disclosure_condition_is_met CHECK (CASE exception
        WHEN 'EX-1' THEN answers @> '{"authorisation_written": true}'
        WHEN 'EX-2' THEN answers @> '{"threat_serious": true, "threat_imminent": true}'
        WHEN 'EX-3' THEN answers @> '{"needed_for_determination": true}'
        WHEN 'EX-4' THEN answers @> '{"specific_request": true}'
        ELSE coalesce(answers ->> 'order_source', '') IN ('military_official', 'federal_judge', 'state_judge', 'statute',
                                            'international_agreement') END),
    -- Facts by name, true, false or one word: nobody's own words.
    ADD CONSTRAINT reports_disclosure_answers_are_words CHECK (
        answers::text ~ '^\{("[a-z_]{3,40}": (true|false|"[a-z_]{3,40}")(, )?)+\}$$' AND length(answers::text) < 400);

-- Definer: who is on the case reads its report anyway, and the statement is nobody's of the application to write.
CREATE FUNCTION sapr_disclosure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF NEW.state NOT IN ('told', 'cleared', 'withheld')
       AND NOT EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.case_id AND election = 'restricted') THEN
        RAISE EXCEPTION 'only a Restricted report has exceptions to its confidentiality' USING ERRCODE = 'SA002';
    END IF;
    IF greatest(NEW.proposed_at, NEW.advised_at, NEW.made_at, NEW.told_at) > sapr_now() THEN
        RAISE EXCEPTION 'no step of an exception lies in the future' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.proposed_by_id IS DISTINCT FROM who OR NEW.post_id IS NOT NULL
           OR NEW.statement IS NOT NULL THEN
            RAISE EXCEPTION 'an exception begins as a proposal in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.case_id, NEW.exception, NEW.answers, NEW.scope, NEW.recipient, NEW.proposed_by_id, NEW.proposed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.exception, OLD.answers, OLD.scope, OLD.recipient, OLD.proposed_by_id, OLD.proposed_at)
       OR OLD.state <> 'proposed' AND (NEW.office, NEW.advice, NEW.privilege, NEW.advised_at, NEW.post_id, NEW.statement)
           IS DISTINCT FROM (OLD.office, OLD.advice, OLD.privilege, OLD.advised_at, OLD.post_id, OLD.statement)
       OR OLD.state NOT IN ('advised', 'cleared') AND (NEW.fields, NEW.made_by_id, NEW.made_at)
           IS DISTINCT FROM (OLD.fields, OLD.made_by_id, OLD.made_at) THEN
        RAISE EXCEPTION 'what was recorded of an exception stands' USING ERRCODE = 'SA002';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('proposed', 'advised'), ('proposed', 'undecided'), ('undecided', 'cleared'),
                                      ('undecided', 'withheld'), ('advised', 'made'), ('cleared', 'made'),
                                      ('made', 'told')) THEN
        RAISE EXCEPTION 'the steps of an exception go one after the other' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'undecided' THEN
        IF NOT EXISTS (SELECT 1 FROM accounts_post WHERE id = NEW.post_id AND role = 'senior_commander') THEN
            RAISE EXCEPTION 'in doubt an installation commander decides' USING ERRCODE = 'SA002';
        END IF;
        NEW.statement := gen_random_uuid();
        INSERT INTO reports_exceptionstatement (id, post_id, exception, answers, scope, recipient, office, advice,
                                                privilege, put_at, decision)
        VALUES (NEW.statement, NEW.post_id, NEW.exception, NEW.answers, NEW.scope, NEW.recipient, NEW.office,
                NEW.advice, NEW.privilege, sapr_now(), '');
    ELSIF NEW.state IN ('cleared', 'withheld') AND NOT EXISTS (
            SELECT 1 FROM reports_exceptionstatement
            WHERE id = NEW.statement AND decision = NEW.decision AND decided_at = NEW.decided_at) THEN
        RAISE EXCEPTION 'in doubt an installation commander decides' USING ERRCODE = 'SA002';
    ELSIF NEW.state = 'made' AND NEW.made_by_id IS DISTINCT FROM who
          OR NEW.state = 'told' AND NEW.told_by_id IS DISTINCT FROM who THEN
        RAISE EXCEPTION 'a step of an exception is recorded in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE ON reports_disclosure FOR EACH ROW EXECUTE FUNCTION sapr_disclosure();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_disclosure
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('what was recorded of an exception is kept');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_disclosure
    EXECUTE FUNCTION sapr_refuse('what was recorded of an exception is kept');

-- Whatever was disclosed, somebody owes it to the victim to say so: the duty stands in the same transaction.
CREATE POLICY owed ON reports_duty FOR SELECT TO $owner USING (true);
CREATE FUNCTION sapr_disclosure_is_owed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_duty
                   WHERE case_id = NEW.case_id AND about = NEW.id AND discharged_by = 'disclosure_told') THEN
        RAISE EXCEPTION 'a disclosure goes with the duty to tell the victim' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_owed AFTER UPDATE ON reports_disclosure DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'made') EXECUTE FUNCTION sapr_disclosure_is_owed();

CREATE FUNCTION sapr_statement() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF OLD.decision <> '' OR NEW.decision = '' OR NEW.decided_by_id IS DISTINCT FROM sapr_viewer()
       OR NOT OLD.post_id = ANY (sapr_viewer_posts())
       OR (NEW.id, NEW.post_id, NEW.exception, NEW.answers, NEW.scope, NEW.recipient, NEW.office, NEW.advice,
           NEW.privilege, NEW.put_at)
          IS DISTINCT FROM
          (OLD.id, OLD.post_id, OLD.exception, OLD.answers, OLD.scope, OLD.recipient, OLD.office, OLD.advice,
           OLD.privilege, OLD.put_at) THEN
        RAISE EXCEPTION 'a statement is decided once, by the holder of its post' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER decided_once BEFORE UPDATE ON reports_exceptionstatement
    FOR EACH ROW EXECUTE FUNCTION sapr_statement();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_exceptionstatement
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a statement is kept');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_exceptionstatement
    EXECUTE FUNCTION sapr_refuse('a statement is kept');
-- Who decides is not on the case and learns nothing of it: the database carries the decision there, and into its chain.
CREATE FUNCTION sapr_statement_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE about record;
BEGIN
    UPDATE reports_disclosure
    SET state = CASE NEW.decision WHEN 'disclose' THEN 'cleared' ELSE 'withheld' END,
        decision = NEW.decision, decided_at = NEW.decided_at
    WHERE statement = NEW.id RETURNING id, case_id INTO about;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (
        gen_random_uuid(), about.case_id, 'exception_decided', NEW.decided_at, NEW.decided_by_id,
        jsonb_build_object('disclosure', about.id, 'decision', NEW.decision));
    RETURN NULL;
END
$$$$;
CREATE TRIGGER carried AFTER UPDATE ON reports_exceptionstatement
    FOR EACH ROW EXECUTE FUNCTION sapr_statement_decided();

GRANT SELECT, INSERT ON reports_disclosure TO $web;
GRANT UPDATE (state, office, advice, privilege, advised_at, post_id, fields, made_by_id, made_at, told_by_id, told_at)
    ON reports_disclosure TO $web;
GRANT SELECT ON reports_exceptionstatement TO $web;
GRANT UPDATE (decision, decided_by_id, decided_at) ON reports_exceptionstatement TO $web;

-- The question after a year is asked once (EV-13).
-- Not a unique index: earlier versions let it be recorded more than once, and what was recorded stands.
CREATE FUNCTION sapr_asked_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    -- After the chain's own trigger, whose lock is held: two at once come one after the other.
    IF EXISTS (SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND kind = NEW.kind AND id <> NEW.id) THEN
        RAISE EXCEPTION 'the question after a year is asked once' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER asked_once AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'conversion_asked') EXECUTE FUNCTION sapr_asked_once();

-- CATCH.
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_catchentry', 'reports_catchcontact', 'reports_catchcredentials'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE TRIGGER no_delete BEFORE DELETE ON %I FOR EACH ROW '
                       'EXECUTE FUNCTION sapr_refuse(''what was recorded of CATCH is kept'')', t);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I '
                       'EXECUTE FUNCTION sapr_refuse(''what was recorded of CATCH is kept'')', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO $web', t);
    END LOOP;
END
$$$$;
CREATE POLICY own_cases ON reports_catchentry TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON reports_catchentry FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY own_cases ON reports_catchcontact TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY own_cases ON reports_catchcredentials TO $web
    USING (case_id = ANY ((SELECT sapr_viewer_sarc_cases())::uuid[]));
GRANT UPDATE (left_at) ON reports_catchentry TO $web;

CREATE TRIGGER only_ends BEFORE UPDATE ON reports_catchentry
    FOR EACH ROW WHEN (OLD.left_at IS NOT NULL OR NEW.left_at IS NULL OR OLD.case_id <> NEW.case_id
                       OR OLD.joined_at <> NEW.joined_at)
    EXECUTE FUNCTION sapr_refuse('taking part in CATCH is only ever ended, once');
CREATE TRIGGER append_only BEFORE UPDATE ON reports_catchcontact
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('another wish is another row');
CREATE TRIGGER append_only BEFORE UPDATE ON reports_catchcredentials
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('credentials are given out once');
CREATE FUNCTION sapr_catch_entry_is_open() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    -- Locked: nobody leaves at the same moment.
    PERFORM 1 FROM reports_catchentry WHERE id = NEW.entry_id AND case_id = NEW.case_id AND left_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the victim does not take part in CATCH' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER takes_part BEFORE INSERT ON reports_catchcontact
    FOR EACH ROW EXECUTE FUNCTION sapr_catch_entry_is_open();
CREATE TRIGGER takes_part BEFORE INSERT ON reports_catchcredentials
    FOR EACH ROW EXECUTE FUNCTION sapr_catch_entry_is_open();
CREATE FUNCTION sapr_catch_of_open_contact() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_case WHERE id = NEW.case_id AND walked_away_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a contact that ended has no part in CATCH' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER contact_is_open BEFORE INSERT ON reports_catchentry
    FOR EACH ROW EXECUTE FUNCTION sapr_catch_of_open_contact();

-- What the rules ask of the system itself is done by the worker's clock: it closes credentials once their time is over
-- (CK-21), by an event that says so, and nothing else.
CREATE POLICY worker_closes_credentials ON reports_duty FOR UPDATE TO $worker USING (true) WITH CHECK (
    role = 'system' AND discharged_by = 'catch_credentials_closed' AND state IN ('discharged', 'missed')
    AND closed_event IS NOT NULL AND due_at <= sapr_now());
CREATE POLICY worker_closed_credentials ON reports_event FOR INSERT TO $worker WITH CHECK (
    actor_id IS NULL AND kind = 'catch_credentials_closed' AND EXISTS (
        SELECT 1 FROM reports_duty d
        WHERE d.case_id = reports_event.case_id AND d.state = 'open' AND d.role = 'system'
          AND d.discharged_by = 'catch_credentials_closed' AND d.due_at <= sapr_now()
          AND d.about::text = reports_event.data ->> 'credentials'));
