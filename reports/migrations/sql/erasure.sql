-- Holds and erasures. Who proposes is on the case; who decides is a programme manager and sees the proposal alone.
ALTER TABLE reports_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_hold FOR SELECT TO $owner USING (true);
CREATE POLICY own_cases ON reports_hold TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
ALTER TABLE reports_erasure ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_erasure FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_erasure TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own_cases ON reports_erasure TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY deciders ON reports_erasure FOR SELECT TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
CREATE POLICY decided ON reports_erasure FOR UPDATE TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));

-- Definer: who decides, and the command, may know that there is a hold, not which.
CREATE FUNCTION sapr_on_hold(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM reports_hold WHERE case_id = wanted AND lifted_at IS NULL);
END
$$$$;

-- What the case holds that a rule may keep. Definer: who decides, and the command, may know this and no more of it.
CREATE POLICY held ON reports_report FOR SELECT TO $owner USING (true);
CREATE POLICY held ON reports_kit FOR SELECT TO $owner USING (true);
CREATE FUNCTION sapr_case_held(wanted uuid, OUT signed_on date, OUT signed_as text, OUT converted_on date,
                               OUT has_kit boolean, OUT ended boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    SELECT (r.signed_at AT TIME ZONE l.zone)::date,
           coalesce(CASE WHEN r.converted_at IS NOT NULL THEN 'restricted' ELSE r.election END, ''),
           (r.converted_at AT TIME ZONE l.zone)::date,
           EXISTS (SELECT 1 FROM reports_kit k WHERE k.case_id = wanted),
           c.walked_away_at IS NOT NULL
    INTO signed_on, signed_as, converted_on, has_kit, ended
    FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
    LEFT JOIN reports_report r ON r.case_id = c.id WHERE c.id = wanted;
END
$$$$;
-- Steps of an erasure and holds of the same case wait for each other: neither slips past the other unseen.
CREATE FUNCTION sapr_one_at_a_time(wanted uuid) RETURNS void LANGUAGE sql
SET search_path = public, pg_temp AS $$$$
    SELECT pg_advisory_xact_lock(hashtextextended(wanted::text, 17))
$$$$;

CREATE FUNCTION sapr_hold_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM sapr_one_at_a_time(NEW.case_id);
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT 1 FROM reports_erasure WHERE case_id = NEW.case_id AND state IN ('destroying', 'done')) THEN
            RAISE EXCEPTION 'the keys of this case are being destroyed' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.lifted_at IS NOT NULL OR NEW.placed_by_id IS DISTINCT FROM sapr_viewer() OR NEW.placed_at > sapr_now() THEN
            RAISE EXCEPTION 'a hold is placed open, in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NEW.lifted_by_id IS DISTINCT FROM sapr_viewer()
       OR NEW.lifted_at > sapr_now()
       OR (NEW.id, NEW.case_id, NEW.reason, NEW.placed_by_id, NEW.placed_at)
          IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.reason, OLD.placed_by_id, OLD.placed_at) THEN
        RAISE EXCEPTION 'a hold is only ever lifted, once, in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stands BEFORE INSERT OR UPDATE ON reports_hold FOR EACH ROW EXECUTE FUNCTION sapr_hold_stands();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_hold
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a hold is lifted, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_hold EXECUTE FUNCTION sapr_refuse('a hold is lifted, not deleted');

-- Proposed by somebody on the case, decided by an independent programme manager, begun and done by the owner alone; none
-- of it while a hold is open or a period of keeping runs, or once the case holds something else than when it was
-- proposed. What it held is written here, and the instants are this clock's. What was begun is finished.
CREATE FUNCTION sapr_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    held record;
    system boolean := current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID);
BEGIN
    PERFORM sapr_one_at_a_time(NEW.case_id);
    SELECT * INTO held FROM sapr_case_held(NEW.case_id);
    IF NEW.state IN ('proposed', 'approved', 'destroying') THEN
        IF sapr_on_hold(NEW.case_id) THEN
            RAISE EXCEPTION 'nothing of a case on hold is destroyed' USING ERRCODE = 'SA002';
        END IF;
        IF held.signed_on IS NULL AND NOT held.ended THEN
            RAISE EXCEPTION 'only what has ended is destroyed' USING ERRCODE = 'SA002';
        END IF;
        IF held.signed_on IS NOT NULL
           AND (NEW.keep_until IS NULL OR NEW.keep_until <= greatest(held.signed_on, held.converted_on)
                OR NEW.keep_until >= (sapr_now() AT TIME ZONE 'UTC' - interval '12 hours')::date) THEN
            RAISE EXCEPTION 'nothing is destroyed inside its period of keeping' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.proposed_by_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'an erasure begins as a proposal in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.proposed_at := sapr_now();
        NEW.signed_on := held.signed_on;
        NEW.signed_as := held.signed_as;
        NEW.converted_on := held.converted_on;
        NEW.has_kit := held.has_kit;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.case_id, NEW.number, NEW.signed_on, NEW.signed_as, NEW.converted_on, NEW.has_kit, NEW.keep_until,
        NEW.rules, NEW.proposed_by_id, NEW.proposed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.number, OLD.signed_on, OLD.signed_as, OLD.converted_on, OLD.has_kit, OLD.keep_until,
        OLD.rules, OLD.proposed_by_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'a proposal stands as it was made' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state IN ('approved', 'destroying')
       AND (held.signed_on, held.signed_as, held.converted_on, held.has_kit)
           IS DISTINCT FROM (NEW.signed_on, NEW.signed_as::text, NEW.converted_on, NEW.has_kit) THEN
        RAISE EXCEPTION 'the case changed since this was proposed' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state IN ('destroying', 'done') THEN
        IF NOT system OR (OLD.state, NEW.state) NOT IN (('approved', 'destroying'), ('destroying', 'done'))
           OR (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at) THEN
            RAISE EXCEPTION 'an approved erasure is done by the owner of the database' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.state = 'done' THEN
            NEW.done_at := sapr_now();
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state NOT IN ('proposed', 'approved') OR NEW.state = 'proposed'
       OR OLD.state = 'approved' AND NEW.state = 'approved' THEN
        RAISE EXCEPTION 'a proposal is decided once' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM who THEN
        RAISE EXCEPTION 'a proposal is decided in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state <> 'withdrawn' AND (NOT 'programme_manager' = ANY (sapr_viewer_roles())
            OR NOT sapr_second_person(OLD.proposed_by_id, OLD.proposed_at, who)) THEN
        RAISE EXCEPTION 'an erasure is decided by an independent second person' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_erasure FOR EACH ROW EXECUTE FUNCTION sapr_erasure();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_erasure
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('an erasure is decided, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_erasure
    EXECUTE FUNCTION sapr_refuse('an erasure is decided, not deleted');

GRANT SELECT, INSERT ON reports_hold, reports_erasure TO $web;
GRANT UPDATE (lifted_by_id, lifted_at) ON reports_hold TO $web;
GRANT UPDATE (state, decided_by_id, decided_at) ON reports_erasure TO $web;
