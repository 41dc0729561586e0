-- Cases of an earlier system. They are entered by the owner's own session, never by an account of the application, and by
-- one event of a kind of its own: nothing is signed, placed or told by it.

-- Whether this is the owner's own session: a function that runs as the owner for somebody else is not it.
-- Both are asked for every row: written so that they are part of whatever asks, and read when they are made, so that no
-- search path says what they mean.
DO $$$$
BEGIN
    EXECUTE format('CREATE FUNCTION sapr_by_owner() RETURNS boolean LANGUAGE sql STABLE RETURN session_user = %L',
                   trim(BOTH '"' FROM '$owner'));
END
$$$$;
-- And whether it is entering such cases at this moment, in this transaction.
CREATE FUNCTION sapr_importing() RETURNS boolean LANGUAGE sql STABLE
RETURN current_setting('sapr.importing', true) IS NOT DISTINCT FROM 'on' AND sapr_by_owner();

CREATE FUNCTION sapr_legacy_by_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT (CASE NEW.kind WHEN 'legacy_imported' THEN sapr_importing() ELSE sapr_by_owner() END) THEN
        RAISE EXCEPTION 'earlier cases are entered by the owner alone' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER legacy_by_owner AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind IN ('legacy_imported', 'legacy_import_begun', 'legacy_import_ended'))
    EXECUTE FUNCTION sapr_legacy_by_owner();

-- A duty of before is entered closed, as the earlier record tells it; no open one becomes such.
CREATE FUNCTION sapr_duty_of_before() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT sapr_importing() THEN
        RAISE EXCEPTION 'a duty of before is entered with its case, closed' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER of_before BEFORE INSERT OR UPDATE OF state ON reports_duty
    FOR EACH ROW WHEN (NEW.state LIKE 'legacy\_%') EXECUTE FUNCTION sapr_duty_of_before();

-- What the owner enters comes whole: where it stands, what follows from it and the chain are written with it, not row by
-- row by the triggers below, and `sapr_legacy_is_whole()` looks at the end. For everybody else nothing changes.
CREATE OR REPLACE TRIGGER begins BEFORE INSERT ON reports_case
    FOR EACH ROW WHEN (NEW.state <> 'CONTACT' AND NOT sapr_importing())
    EXECUTE FUNCTION sapr_refuse('a case begins as a contact');
CREATE OR REPLACE TRIGGER begins_unclaimed BEFORE INSERT ON reports_case
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_begins_unclaimed();
CREATE OR REPLACE TRIGGER of_its_place BEFORE INSERT ON reports_assignment
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_of_its_place();
CREATE OR REPLACE TRIGGER of_its_place BEFORE INSERT ON reports_duty
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_of_its_place();
DROP TRIGGER claims ON reports_assignment;
CREATE TRIGGER claims AFTER INSERT ON reports_assignment
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_claims();
CREATE TRIGGER claims_again AFTER UPDATE OF ended_at ON reports_assignment
    FOR EACH ROW EXECUTE FUNCTION sapr_claims();
CREATE OR REPLACE TRIGGER claims AFTER INSERT ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_claims();
CREATE OR REPLACE TRIGGER contact_is_open BEFORE INSERT ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_report_of_open_contact();
CREATE OR REPLACE TRIGGER case_moves AFTER INSERT ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_report_moves_case();
CREATE OR REPLACE TRIGGER drafts_end AFTER INSERT ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_drafts_of_case_end();
CREATE OR REPLACE TRIGGER begins BEFORE INSERT ON reports_kit
    FOR EACH ROW WHEN (NEW.state <> 'numbered' AND NOT (NEW.state = 'sealed' AND sapr_importing()))
    EXECUTE FUNCTION sapr_refuse('a kit begins with its number');
-- No application role has a right on the columns of the chain, so only the owner can come with them.
CREATE OR REPLACE TRIGGER reports_event_chain BEFORE INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.hash IS NULL OR NOT sapr_importing()) EXECUTE FUNCTION sapr_chain();
CREATE OR REPLACE TRIGGER reports_event_chain_moved AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_chain_moved();

-- A report stands on its signed form; that of an earlier case on what was entered of it.
CREATE OR REPLACE FUNCTION sapr_report_is_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_signedform
                   WHERE case_id = NEW.case_id AND kind = 'election' AND election = NEW.election)
       AND NOT EXISTS (SELECT 1 FROM reports_event
                       WHERE case_id = NEW.case_id AND seq = 1 AND kind = 'legacy_imported'
                         AND data ->> 'election' = NEW.election) THEN
        RAISE EXCEPTION 'a report stands on its signed form' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;

CREATE POLICY legacy ON reports_case FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON reports_identity FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON reports_narrative FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON reports_decision FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON reports_report FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON reports_kit FOR INSERT TO $owner WITH CHECK (sapr_importing());
CREATE POLICY legacy ON notifications_ladder FOR INSERT TO $owner WITH CHECK (sapr_importing());

-- What of these cases does not hold together; nothing, if all is well. Asked before they are committed.
CREATE FUNCTION sapr_legacy_is_whole(cases uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(cases) AS wanted(id) LEFT JOIN reports_case c ON c.id = wanted.id
        LEFT JOIN reports_report r ON r.case_id = c.id
        LEFT JOIN reports_event e ON e.case_id = c.id AND e.seq = 1 AND e.kind = 'legacy_imported'
        WHERE c.state IS DISTINCT FROM CASE WHEN e.data ? 'closed_at' THEN 'CLOSED' WHEN r.converted_at IS NOT NULL THEN 'CONVERTED'
                WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN' WHEN r.election = 'unrestricted' THEN 'UNRESTRICTED_OPEN' END
           OR c.unclaimed OR e.data ->> 'election' IS DISTINCT FROM r.election
           OR NOT EXISTS (SELECT FROM reports_assignment a WHERE a.case_id = c.id AND a.role = 'sarc' AND a.ended_at IS NULL))
       OR EXISTS (SELECT FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
                  WHERE a.case_id = ANY (cases) AND a.place IS DISTINCT FROM c.installation_id)
       OR EXISTS (SELECT FROM reports_duty d JOIN reports_case c ON c.id = d.case_id
                  WHERE d.case_id = ANY (cases)
                    AND d.place IS DISTINCT FROM CASE WHEN d.state = 'open' THEN c.installation_id ELSE d.place END) THEN
        RAISE EXCEPTION 'an earlier case is entered whole' USING ERRCODE = 'SA002';
    END IF;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_legacy_is_whole(uuid[]) FROM PUBLIC;

-- Whether the final disposition of a case stands, as far as its record up to an event goes: decided here and not opened
-- again, or decided before the case came here.
CREATE FUNCTION sapr_disposed(wanted uuid, until bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN coalesce((
        SELECT e.kind = 'final_disposition_decided' OR e.kind = 'legacy_imported' AND e.data ? 'disposed_at'
        FROM reports_event e WHERE e.case_id = wanted AND e.seq <= until
          AND e.kind IN ('final_disposition_decided', 'disposition_reopened', 'legacy_imported')
        ORDER BY e.seq DESC LIMIT 1), false);
END
$$$$;
-- As before; an earlier case is under review from its cut-over on, unless it was closed or disposed of by then.
CREATE OR REPLACE FUNCTION sapr_under_review(wanted uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    signed text := (SELECT election FROM reports_report WHERE case_id = wanted);
    way reports_event := sapr_last_event(wanted, ARRAY['report_signed', 'report_converted', 'limited_case_opened',
        'case_reopened', 'case_closed', 'legacy_imported']);
    disposed reports_event := sapr_last_event(wanted, ARRAY['final_disposition_decided', 'disposition_reopened']);
BEGIN
    IF coalesce(signed, '') <> 'unrestricted'
       AND (signed IS NOT NULL OR (sapr_last_event(wanted, ARRAY['limited_case_opened'])).id IS NULL) THEN
        RETURN NULL;
    END IF;
    IF way.kind = 'case_closed' OR way.kind = 'legacy_imported' AND way.data ? 'closed_at' THEN
        RETURN NULL;
    END IF;
    RETURN least(
        CASE WHEN NOT sapr_disposed(wanted, 9223372036854775807) THEN greatest(way.occurred_at, disposed.occurred_at) END,
        (SELECT min(r.occurred_at) FROM reports_event r
         WHERE r.case_id = wanted AND r.kind = 'retaliation_reported' AND NOT EXISTS (
             SELECT 1 FROM reports_event e WHERE e.case_id = wanted AND e.kind = 'retaliation_ended' AND e.seq > r.seq
             AND e.data ->> 'matter' IS NOT DISTINCT FROM r.data ->> 'matter')));
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_disposition_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF sapr_disposed(NEW.case_id, 9223372036854775807)
       AND EXISTS (SELECT 1 FROM reports_matter WHERE id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'another alleged offender opens the final disposition again' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_said_of_what_is() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.kind = 'retaliation_ended' THEN
        IF NOT EXISTS (SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'retaliation'
                       AND id::text = NEW.data ->> 'matter' AND ended_at IS NOT NULL) THEN
            RAISE EXCEPTION 'a finding is one on retaliation of its case' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NOT sapr_disposed(NEW.case_id, NEW.seq - 1)
          OR NOT EXISTS (SELECT 1 FROM reports_matter WHERE case_id = NEW.case_id AND kind = 'subject' AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'a final disposition is opened again by another alleged offender' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
-- As before; a disposition of before counts.
CREATE OR REPLACE FUNCTION sapr_closing_recorded(wanted uuid, OUT referrals boolean, OUT review boolean, OUT investigation boolean)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
DECLARE
    e record;
    what text;
    running jsonb := '{}';
    waits boolean := sapr_waits_for_meeting(wanted);
    final boolean := false;
BEGIN
    FOR e IN SELECT kind, data FROM reports_event WHERE case_id = wanted AND kind IN (
        'referral_made', 'referral_ended', 'service_accepted', 'service_completed', 'service_declined',
        'investigation_opened', 'investigation_closed', 'final_disposition_decided', 'legacy_imported') ORDER BY seq
    LOOP
        what := CASE WHEN e.kind LIKE 'referral%' THEN 'referral ' || coalesce(e.data ->> 'matter', '')
                     WHEN e.kind LIKE 'service%' THEN 'service ' || coalesce(e.data ->> 'matter', '')
                     WHEN e.kind LIKE 'investigation%' THEN 'investigation ' || coalesce(e.data ->> 'investigation', '') END;
        IF e.kind IN ('referral_made', 'service_accepted', 'investigation_opened') THEN
            running := running || jsonb_build_object(what, coalesce((running ->> what)::int, 0) + 1);
        ELSIF what IS NOT NULL AND coalesce((running ->> what)::int, 0) > 0 THEN
            running := running || jsonb_build_object(what, (running ->> what)::int - 1);
        ELSIF e.kind = 'final_disposition_decided' OR e.kind = 'legacy_imported' AND e.data ? 'disposed_at' THEN
            final := true;
        END IF;
    END LOOP;
    SELECT bool_and(value::int = 0) INTO referrals FROM jsonb_each_text(running) WHERE key NOT LIKE 'investigation %';
    SELECT bool_and(value::int = 0) INTO investigation FROM jsonb_each_text(running) WHERE key LIKE 'investigation %';
    IF EXISTS (SELECT FROM reports_report WHERE case_id = wanted AND election = 'restricted') THEN
        review := false;
    ELSIF waits OR final THEN
        review := waits;
    END IF;
END
$$$$;
