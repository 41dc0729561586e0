-- What is asked of an event once it stands in its chain. Nothing that was refused before is accepted.
--
-- PostgreSQL reads the conditions of all triggers of a table anew in every statement that writes into it, which took more
-- than what a usual event costs otherwise. So what is asked of some kinds stands in one trigger, in the order of before,
-- and a list in a condition is a function's, which a session reads once.

-- The kinds that it asks anything of: what a Restricted report has none of, and those named below. A migration that changes
-- that list makes this one anew.
DO $$$$
DECLARE
    listed text[];
BEGIN
    SELECT array_agg(kind ORDER BY kind) INTO listed
    FROM pg_proc CROSS JOIN LATERAL unnest(substring(prosrc FROM '[{].*[}]')::text[]) kind
    WHERE proname = 'sapr_event_kind_known' AND (
        sapr_event_unrestricted_only(kind) OR kind LIKE 'legacy\_%' OR kind IN (
            'case_closed', 'case_reopened', 'catch_joined', 'inquiry_logged', 'limited_case_opened', 'disposition_reopened',
            'retaliation_ended'));
    EXECUTE format('CREATE FUNCTION sapr_event_followed(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS %L',
                   format('BEGIN RETURN kind = ANY (%L::text[]); END', listed));
END
$$$$;

-- As the trigger's function of this name did.
DROP TRIGGER moves_case ON reports_event;
DROP FUNCTION sapr_event_moves_case();
CREATE FUNCTION sapr_event_moves_case(said reports_event) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    here text;
    target text;
BEGIN
    SELECT c.state INTO here FROM reports_case c WHERE c.id = said.case_id FOR NO KEY UPDATE;
    IF said.kind <> 'catch_joined' AND NOT sapr_is_its_sarc(said.case_id)
       AND NOT (said.kind = 'case_closed' AND sapr_closes_from_above(said.case_id, '{sarc,programme_manager}')) THEN
        RAISE EXCEPTION 'a case is moved by its SARC' USING ERRCODE = 'SA002';
    END IF;
    IF said.kind = 'case_reopened' THEN
        SELECT CASE WHEN r.converted_at IS NOT NULL THEN 'CONVERTED' WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN'
               WHEN r.election = 'unrestricted' THEN 'UNRESTRICTED_OPEN' ELSE 'OPEN_LIMITED_INFO' END INTO target
        FROM reports_case c LEFT JOIN reports_report r ON r.case_id = c.id WHERE c.id = said.case_id;
    ELSE
        SELECT max(t.to_state) INTO target FROM reports_transition t WHERE t.event = said.kind AND t.from_state = here;
        IF target IS NULL AND said.kind = 'catch_joined' THEN
            RETURN;
        END IF;
    END IF;
    IF target IS NULL THEN
        RAISE EXCEPTION 'a case does not move from % by %', here, said.kind USING ERRCODE = 'SA002';
    END IF;
    -- CL-3, as far as the ledger itself knows: an investigation that began and did not end is not complete.
    IF said.kind = 'case_closed' AND here IN ('UNRESTRICTED_OPEN', 'CONVERTED')
       AND (SELECT count(*) FILTER (WHERE kind = 'investigation_opened') > count(*) FILTER (WHERE kind = 'investigation_closed')
            FROM reports_event WHERE case_id = said.case_id) THEN
        RAISE EXCEPTION 'an Unrestricted case is not closed while an investigation runs' USING ERRCODE = 'SA002';
    END IF;
    PERFORM sapr_case_move(said.case_id, said.kind, target, said.occurred_at);
    RETURN;
END$$$$;

CREATE FUNCTION sapr_event_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    known record;
BEGIN
    -- What says that an earlier case came is the first that its chain says: so it follows on nothing, and on no closing.
    IF NEW.kind = 'legacy_imported' AND NOT (sapr_importing() AND NEW.seq = 1)
       OR NEW.kind IN ('legacy_import_begun', 'legacy_import_ended') AND NOT sapr_by_owner() THEN
        RAISE EXCEPTION 'earlier cases are entered by the owner alone' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.kind IN ('case_closed', 'case_reopened', 'catch_joined', 'inquiry_logged', 'limited_case_opened') THEN
        PERFORM sapr_event_moves_case(NEW);
    END IF;
    IF sapr_event_unrestricted_only(NEW.kind)
       AND EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.case_id AND election = 'restricted') THEN
        RAISE EXCEPTION 'a Restricted report has no %', NEW.kind USING ERRCODE = 'SA002';
    END IF;
    IF NEW.kind = 'case_closed' THEN
        SELECT * INTO known FROM sapr_closing_recorded(NEW.case_id);
        IF known.referrals IS FALSE OR known.review IS TRUE THEN
            RAISE EXCEPTION 'a case is not closed while a referral, a service or its review is not over' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF NEW.kind = 'retaliation_ended' AND NOT EXISTS (
            SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'retaliation'
            AND id::text = NEW.data ->> 'matter' AND ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a finding is one on retaliation of its case' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.kind = 'disposition_reopened' AND (NOT sapr_disposed(NEW.case_id, NEW.seq - 1) OR NOT EXISTS (
            SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'subject' AND ended_at IS NULL)) THEN
        RAISE EXCEPTION 'a final disposition is opened again by another alleged offender' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_event_moves_case(reports_event), sapr_event_follows() FROM PUBLIC;

DROP TRIGGER legacy_by_owner ON reports_event;
DROP TRIGGER not_of_a_restricted_report ON reports_event;
DROP TRIGGER record_lets_it_close ON reports_event;
DROP TRIGGER said_of_what_is ON reports_event;
DROP FUNCTION sapr_not_of_a_restricted_report(), sapr_record_lets_it_close(), sapr_said_of_what_is();
CREATE TRIGGER follows AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (sapr_event_followed(NEW.kind)) EXECUTE FUNCTION sapr_event_follows();
CREATE OR REPLACE TRIGGER nothing_keeps_it_open AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'case_closed' OR NEW.kind = 'final_disposition_decided')
    EXECUTE FUNCTION sapr_nothing_keeps_it_open();

CREATE FUNCTION sapr_event_of_addressee(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$$$
BEGIN
    RETURN kind IN ('notice_acknowledged', 'notice_nudged', 'notice_passed_on', 'notice_unacknowledged');
END
$$$$;
CREATE FUNCTION sapr_event_of_placing(kind text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$$$
BEGIN
    RETURN kind IN ('commander_notice_placed', 'commander_details_placed', 'mcio_notice_placed', 'unit_commander_notice_placed');
END
$$$$;
CREATE OR REPLACE TRIGGER said_by_worker BEFORE INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind LIKE 'notice\_%' AND sapr_event_of_addressee(NEW.kind)
                       AND NEW.actor_id IS NOT NULL AND NEW.case_id <> '00000000-0000-0000-0000-000000000000')
    EXECUTE FUNCTION sapr_refuse('what addressees did is said by the system');
DROP TRIGGER is_placed ON reports_event;
CREATE CONSTRAINT TRIGGER is_placed AFTER INSERT ON reports_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind LIKE '%\_placed' AND sapr_event_of_placing(NEW.kind))
    EXECUTE FUNCTION sapr_placed_is_placed();
