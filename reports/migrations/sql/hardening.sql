-- What several rooms rely on together, for whoever goes round their services.

-- A conversion is the SARC's of the case to enter, stands on its signed form, and is on the record.
CREATE FUNCTION sapr_conversion_by_its_sarc() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT sapr_is_its_sarc(NEW.case_id) THEN
        RAISE EXCEPTION 'a conversion is entered by the SARC of the case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER by_its_sarc BEFORE UPDATE OF election ON reports_report
    FOR EACH ROW WHEN (OLD.election IS DISTINCT FROM NEW.election) EXECUTE FUNCTION sapr_conversion_by_its_sarc();
CREATE FUNCTION sapr_report_is_converted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_signedform
                   WHERE case_id = NEW.case_id AND kind = 'conversion' AND victim_signed_at = NEW.converted_at)
       OR NOT EXISTS (SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND kind = 'report_converted') THEN
        RAISE EXCEPTION 'a conversion stands on its signed form' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_converted AFTER UPDATE OF election ON reports_report DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.election IS DISTINCT FROM NEW.election) EXECUTE FUNCTION sapr_report_is_converted();

-- A case that was handed to another SARC says so on its own record.
CREATE FUNCTION sapr_move_is_said() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND kind = 'documents_moved'
                   AND recorded_at >= NEW.offered_at) THEN
        RAISE EXCEPTION 'a move that is accepted is on the record of its case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_said AFTER UPDATE OF state ON reports_move DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION sapr_move_is_said();

-- A duty is done by an event of its case, of the kind that does it.
CREATE FUNCTION sapr_duty_is_done() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE done text := (SELECT kind FROM reports_event WHERE id = NEW.closed_event AND case_id = NEW.case_id);
BEGIN
    IF done IS NULL OR (NEW.state = 'discharged' AND done <> OLD.discharged_by) THEN
        RAISE EXCEPTION 'a duty is closed by an event of its case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER is_done BEFORE UPDATE OF state ON reports_duty
    FOR EACH ROW WHEN (OLD.state = 'open' AND NEW.state <> 'open') EXECUTE FUNCTION sapr_duty_is_done();

-- A kit that the MCIO did not take after all is owed to it again (CD-10): whoever refuses it is on no case and opens no duty.
CREATE POLICY owed_again ON reports_duty FOR INSERT TO $owner WITH CHECK (true);
CREATE FUNCTION sapr_kit_owed_again() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    was reports_duty;
    said uuid := gen_random_uuid();
    duty uuid := gen_random_uuid();
    at timestamptz := sapr_now();
BEGIN
    SELECT d.* INTO was FROM reports_duty d JOIN reports_kit k ON k.id = d.about
    WHERE k.card_id = NEW.card_id AND d.kind = 'kit_to_mcio_custody' ORDER BY (d.state = 'open') DESC, d.opened_at DESC LIMIT 1;
    IF was.id IS NULL OR was.state = 'open' THEN
        RETURN NULL;
    END IF;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (said, was.case_id, 'kit_due_to_mcio', at, sapr_viewer(), jsonb_build_object('kit', was.about));
    INSERT INTO reports_duty (id, case_id, rule, layer, rule_set, kind, role, state, opened_event, about, opened_at, due_at,
                              discharged_by, reason, repeats, immediate, occurrence)
    VALUES (duty, was.case_id, was.rule, was.layer, was.rule_set, was.kind, was.role, 'open', said, was.about, at, at,
            was.discharged_by, '', was.repeats, was.immediate, 1);
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (gen_random_uuid(), was.case_id, 'duty_opened', at, sapr_viewer(), jsonb_build_object(
        'duty', duty, 'kind', was.kind, 'rule', was.rule, 'due_at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')));
    RETURN NULL;
END
$$$$;
CREATE TRIGGER owed_again AFTER UPDATE OF state ON reports_custody
    FOR EACH ROW WHEN (NEW.purpose = 'investigate' AND NEW.state IN ('refused', 'withdrawn')) EXECUTE FUNCTION sapr_kit_owed_again();
REVOKE EXECUTE ON FUNCTION sapr_conversion_by_its_sarc(), sapr_report_is_converted(), sapr_move_is_said(), sapr_duty_is_done(),
    sapr_kit_owed_again() FROM PUBLIC;
