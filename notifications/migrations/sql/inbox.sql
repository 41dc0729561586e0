-- Acknowledging a notice, and the longer time of a deployed place.

ALTER TABLE notifications_acknowledgement ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_acknowledgement FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_acknowledgement TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own_cases ON notifications_acknowledgement TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON notifications_acknowledgement FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY worker ON notifications_acknowledgement TO $worker USING (true) WITH CHECK (true);
-- Receipts are nobody's of the application but the worker's: an addressee learns nothing of what becomes of one.
ALTER TABLE notifications_receipt ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_receipt FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_receipt TO $owner USING (true) WITH CHECK (true);
CREATE POLICY worker ON notifications_receipt TO $worker USING (true) WITH CHECK (true);
CREATE POLICY chased ON notifications_notice TO $owner USING (true) WITH CHECK (true);
CREATE POLICY chased ON notifications_inboxitem FOR SELECT TO $owner USING (true);
CREATE POLICY moved ON notifications_reminder TO $owner USING (true) WITH CHECK (true);

-- Who acknowledges, and when, is the database's to say; and in that same transaction a receipt lies ready for the case.
CREATE FUNCTION sapr_acknowledged() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.acknowledged_at := sapr_now();
    NEW.acknowledged_by := sapr_viewer();
    IF NEW.acknowledged_by IS NULL THEN
        RAISE EXCEPTION 'a notice is acknowledged by a person' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER dated BEFORE UPDATE ON notifications_inboxitem
    FOR EACH ROW WHEN (OLD.acknowledged_at IS NULL) EXECUTE FUNCTION sapr_acknowledged();
CREATE FUNCTION sapr_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO notifications_receipt (id, post_id, "by", at) VALUES (NEW.id, NEW.post_id, NEW.acknowledged_by, NEW.acknowledged_at);
    RETURN NULL;
END
$$$$;
CREATE TRIGGER receipted AFTER UPDATE ON notifications_inboxitem FOR EACH ROW EXECUTE FUNCTION sapr_receipt();
CREATE TRIGGER only_settled BEFORE UPDATE ON notifications_receipt
    FOR EACH ROW WHEN (OLD.settled_at IS NOT NULL OR OLD.id <> NEW.id OR OLD.at <> NEW.at OR OLD."by" <> NEW."by" OR OLD.post_id <> NEW.post_id)
    EXECUTE FUNCTION sapr_refuse('a receipt is settled once');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_receipt FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a receipt is kept');

-- The waiting begins with its placing, goes one way, and ends by a receipt or by a call that reached somebody.
CREATE FUNCTION sapr_acknowledgement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE way text[] := ARRAY['waiting', 'nudged', 'passed_on', 'telephone'];
BEGIN
    IF (NEW.id, NEW.notice_id, NEW.case_id, NEW.details, NEW.zone) IS DISTINCT FROM (OLD.id, OLD.notice_id, OLD.case_id, OLD.details, OLD.zone)
       OR (OLD.placed_at IS NOT NULL AND (NEW.placed_at, NEW.post_id, NEW.nudge_at, NEW.alternate_at) IS DISTINCT FROM
           (OLD.placed_at, OLD.post_id, OLD.nudge_at, OLD.alternate_at))
       OR (OLD.passed_to IS NOT NULL AND NEW.passed_to IS DISTINCT FROM OLD.passed_to)
       OR (OLD.acknowledged_at IS NOT NULL AND (NEW.acknowledged_at, NEW.acknowledged_post) IS DISTINCT FROM
           (OLD.acknowledged_at, OLD.acknowledged_post))
       OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at)
       OR (OLD.over_at IS NOT NULL AND (NEW.over_at, NEW.step) IS DISTINCT FROM (OLD.over_at, OLD.step))
       OR array_position(way, NEW.step::text) < array_position(way, OLD.step::text) THEN
        RAISE EXCEPTION 'the waiting for an acknowledgement goes one way' USING ERRCODE = 'SA002';
    END IF;
    -- Nobody on the case silences the chase, or leads it to somebody else.
    IF OLD.placed_at IS NOT NULL AND NEW.over_at IS NULL AND (
           (NEW.look_at IS NULL AND NEW.step <> 'telephone')
           OR NEW.look_at > greatest(NEW.telephone_at, sapr_now()) + interval '1 hour'
           OR (NEW.telephone_at <> OLD.telephone_at AND (OLD.step <> 'telephone' OR NEW.telephone_at > sapr_now() + interval '2 days'))) THEN
        RAISE EXCEPTION 'whoever does not acknowledge is asked again' USING ERRCODE = 'SA002';
    END IF;
    IF NOT NEW.ladder <@ (SELECT ladder FROM notifications_notice WHERE id = NEW.notice_id) THEN
        RAISE EXCEPTION 'the alternate is found in the ladder of the notice' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.placed_at IS NULL AND NEW.placed_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM notifications_inboxitem WHERE id = NEW.notice_id AND post_id = NEW.post_id) THEN
        RAISE EXCEPTION 'a notice is acknowledged where it stands' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.acknowledged_at IS NULL AND NEW.acknowledged_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM notifications_receipt
            WHERE id IN (NEW.notice_id, NEW.id) AND at = NEW.acknowledged_at AND post_id = NEW.acknowledged_post) THEN
        RAISE EXCEPTION 'a notice is acknowledged by its addressee' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.told_at IS NULL AND NEW.told_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND kind = 'notice_told'
              AND data ->> 'notice' = NEW.notice_id::text AND occurred_at = NEW.told_at) THEN
        RAISE EXCEPTION 'that an addressee was told is on the record of the case' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.over_at IS NULL AND NEW.over_at IS NOT NULL AND NEW.acknowledged_at IS NULL AND NEW.told_at IS NULL THEN
        RAISE EXCEPTION 'the waiting ends when the notice is acknowledged or told' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER one_way BEFORE UPDATE ON notifications_acknowledgement FOR EACH ROW EXECUTE FUNCTION sapr_acknowledgement();
CREATE FUNCTION sapr_acknowledgement_of_notice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.step <> 'waiting' OR NEW.placed_at IS NOT NULL OR NEW.over_at IS NOT NULL
       OR NOT EXISTS (SELECT 1 FROM notifications_notice WHERE id = NEW.notice_id AND case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'the waiting for an acknowledgement begins with its notice' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER of_its_notice BEFORE INSERT ON notifications_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION sapr_acknowledgement_of_notice();
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('the waiting for an acknowledgement is kept');

-- Notices that were composed before and wait for their slot are acknowledged like the others.
INSERT INTO notifications_acknowledgement (id, notice_id, case_id, ladder, zone, step)
    SELECT gen_random_uuid(), n.id, n.case_id, n.ladder, l.zone, 'waiting'
    FROM notifications_notice n JOIN accounts_post p ON p.id = n.post_id JOIN accounts_location l ON l.id = p.location_id
    WHERE n.state <> 'placed';

-- What the alternate finds is the notice once more: MINIMAL, or its details; where nobody acknowledged it, at a post of
-- its ladder, and never at a unit commander's when it is Restricted. Every other inbox row is checked as before.
CREATE FUNCTION sapr_is_alternates(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_acknowledgement WHERE id = wanted);
END
$$$$;
CREATE FUNCTION sapr_item_is_alternates() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.kind = 'commander_notice_restricted' AND sapr_is_unit_commanders(NEW.post_id) THEN
        RAISE EXCEPTION 'a Restricted notice never goes to a unit commander' USING ERRCODE = 'SA002';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM notifications_acknowledgement a JOIN notifications_notice n ON n.id = a.notice_id
        WHERE a.id = NEW.id AND n.kind = NEW.kind AND n.state = 'placed' AND a.over_at IS NULL AND a.alternate_at = NEW.slot
          AND a.alternate_at <= sapr_now() AND a.ladder ? NEW.post_id::text AND a.post_id <> NEW.post_id
          AND CASE WHEN n.kind = 'commander_notice_restricted' THEN
                NEW.case_id IS NULL AND NEW.details IS NULL AND NEW.body = n.minimal
              ELSE NEW.case_id = n.case_id AND NEW.details = a.details AND NEW.body = '' END) THEN
        RAISE EXCEPTION 'what the alternate finds is its notice' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
DROP TRIGGER is_its_notice ON notifications_inboxitem;
CREATE TRIGGER is_its_notice AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW WHEN (NOT sapr_is_alternates(NEW.id)) EXECUTE FUNCTION sapr_item_is_its_notice();
CREATE TRIGGER is_alternates AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW WHEN (sapr_is_alternates(NEW.id)) EXECUTE FUNCTION sapr_item_is_alternates();

-- One duty to acknowledge a notice, and one open task to telephone about it.
CREATE UNIQUE INDEX reports_duty_acknowledge_once ON reports_duty (about) WHERE kind = 'acknowledge_notice';
CREATE UNIQUE INDEX reports_duty_telephone_once ON reports_duty (about) WHERE kind = 'telephone_addressee' AND state = 'open';
-- What the worker opens and closes of them, and the words in which it says so; each only once it is so.
CREATE POLICY worker_opens_chase ON reports_duty FOR INSERT TO $worker WITH CHECK (
    state = 'open' AND EXISTS (
        SELECT 1 FROM notifications_acknowledgement a
        WHERE a.notice_id = reports_duty.about AND a.case_id = reports_duty.case_id AND a.placed_at IS NOT NULL AND a.over_at IS NULL
          AND (reports_duty.kind = 'acknowledge_notice' OR (reports_duty.kind = 'telephone_addressee' AND a.step = 'telephone'))));
CREATE POLICY worker_closes_chase ON reports_duty FOR UPDATE TO $worker USING (true) WITH CHECK (
    kind IN ('acknowledge_notice', 'telephone_addressee') AND state IN ('discharged', 'missed', 'ended') AND closed_event IS NOT NULL
    AND EXISTS (
        SELECT 1 FROM notifications_acknowledgement a JOIN notifications_receipt r ON r.id IN (a.notice_id, a.id)
        WHERE a.notice_id = reports_duty.about AND a.case_id = reports_duty.case_id));
CREATE POLICY worker_says_chase ON reports_event FOR INSERT TO $worker WITH CHECK (actor_id IS NULL AND CASE
    WHEN kind IN ('duty_opened', 'duty_ended') THEN EXISTS (
        SELECT 1 FROM reports_duty d
        WHERE d.id::text = data ->> 'duty' AND d.case_id = reports_event.case_id AND d.kind IN ('acknowledge_notice', 'telephone_addressee')
          AND d.state = CASE reports_event.kind WHEN 'duty_opened' THEN 'open' ELSE 'ended' END)
    WHEN kind = 'notice_acknowledged' THEN EXISTS (
        SELECT 1 FROM notifications_acknowledgement a JOIN notifications_receipt r ON r.id IN (a.notice_id, a.id)
        WHERE a.notice_id::text = data ->> 'notice' AND a.case_id = reports_event.case_id AND r.at = reports_event.occurred_at)
    WHEN kind IN ('notice_nudged', 'notice_passed_on', 'notice_unacknowledged') THEN EXISTS (
        SELECT 1 FROM notifications_acknowledgement a
        WHERE a.notice_id::text = data ->> 'notice' AND a.case_id = reports_event.case_id AND a.over_at IS NULL
          AND a.step = CASE reports_event.kind WHEN 'notice_nudged' THEN 'nudged' WHEN 'notice_passed_on' THEN 'passed_on'
                       ELSE 'telephone' END)
    ELSE false END);
-- On a case's chain nobody but the worker says these: who works on the case would otherwise answer for its addressee.
CREATE TRIGGER said_by_worker BEFORE INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.actor_id IS NOT NULL AND NEW.case_id <> '00000000-0000-0000-0000-000000000000'
                       AND NEW.kind IN ('notice_acknowledged', 'notice_nudged', 'notice_passed_on', 'notice_unacknowledged'))
    EXECUTE FUNCTION sapr_refuse('what addressees did is said by the system');
-- They go on after a case is closed, as the notice itself does.
INSERT INTO reports_afterclosing (kind) VALUES ('notice_nudged'), ('notice_passed_on'), ('notice_unacknowledged'),
    ('notice_telephoned'), ('notice_told') ON CONFLICT DO NOTHING;
DO $$$$
BEGIN
    DROP TRIGGER case_is_open ON reports_event;
    EXECUTE format('CREATE TRIGGER case_is_open AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind NOT IN (''case_closed'', %s))
                    EXECUTE FUNCTION sapr_event_of_open_case()',
        (SELECT string_agg(quote_literal(kind), ', ' ORDER BY kind) FROM reports_afterclosing));
END
$$$$;
GRANT SELECT, INSERT ON notifications_acknowledgement TO $web, $worker;
GRANT UPDATE (ladder, post_id, placed_at, nudge_at, alternate_at, telephone_at, look_at, told_at, over_at) ON notifications_acknowledgement TO $web;
GRANT UPDATE (ladder, post_id, placed_at, nudge_at, alternate_at, telephone_at, step, look_at, passed_to, acknowledged_at,
              acknowledged_post, over_at) ON notifications_acknowledgement TO $worker;
GRANT SELECT, UPDATE (settled_at) ON notifications_receipt TO $worker;
GRANT INSERT ON reports_duty TO $worker;

-- Deployed places, and the standing grants of their commanders. None is backdated; what ended stays.
ALTER TABLE notifications_extensiongrant ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_extensiongrant FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_extensiongrant FOR SELECT TO $owner USING (true);
CREATE POLICY seen ON notifications_extensiongrant FOR SELECT TO $web USING (
    post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]) OR location_id = ANY ((SELECT sapr_viewer_installations())::uuid[]));
CREATE POLICY granted ON notifications_extensiongrant FOR INSERT TO $web WITH CHECK (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
CREATE POLICY revoked ON notifications_extensiongrant FOR UPDATE TO $web USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
CREATE FUNCTION sapr_deployed(place uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_deployment
                   WHERE location_id = place AND starts_at <= at AND (ends_at IS NULL OR ends_at > at));
END
$$$$;
CREATE FUNCTION sapr_deployment() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'which place is deployed is recorded by a programme manager' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.starts_at := sapr_now();
        NEW.ends_at := NULL;
        NEW.recorded_by := sapr_viewer();
        RETURN NEW;
    END IF;
    IF OLD.ends_at IS NOT NULL OR (NEW.id, NEW.location_id, NEW.starts_at, NEW.recorded_by) IS DISTINCT FROM
       (OLD.id, OLD.location_id, OLD.starts_at, OLD.recorded_by) THEN
        RAISE EXCEPTION 'a deployment is ended once and never re-dated' USING ERRCODE = 'SA002';
    END IF;
    NEW.ends_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER dated BEFORE INSERT OR UPDATE ON notifications_deployment FOR EACH ROW EXECUTE FUNCTION sapr_deployment();
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_deployment FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a deployment is ended, not deleted');
CREATE FUNCTION sapr_extension_grant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.revoked_at IS NOT NULL OR OLD.ends_at <= sapr_now()
           OR (NEW.id, NEW.post_id, NEW.location_id, NEW.starts_at, NEW.ends_at, NEW.reason, NEW.granted_at, NEW.granted_by)
           IS DISTINCT FROM (OLD.id, OLD.post_id, OLD.location_id, OLD.starts_at, OLD.ends_at, OLD.reason, OLD.granted_at, OLD.granted_by) THEN
            RAISE EXCEPTION 'a grant stands as it was given; it is only revoked, for what comes' USING ERRCODE = 'SA002';
        END IF;
        NEW.revoked_at := sapr_now();
        RETURN NEW;
    END IF;
    -- One grant at a time for a place.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.location_id::text, 48));
    NEW.granted_at := sapr_now();
    NEW.granted_by := sapr_viewer();
    NEW.revoked_at := NULL;
    -- "From now on" was now when it was typed.
    IF NEW.starts_at BETWEEN NEW.granted_at - interval '2 minutes' AND NEW.granted_at THEN
        NEW.starts_at := NEW.granted_at;
    END IF;
    IF NEW.starts_at < NEW.granted_at THEN
        RAISE EXCEPTION 'a grant is never backdated' USING ERRCODE = 'SA002';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM accounts_post WHERE id = NEW.post_id AND id = ANY (sapr_viewer_posts())
                   AND role = 'senior_commander' AND location_id = NEW.location_id) THEN
        RAISE EXCEPTION 'longer time is granted by the commander of the place' USING ERRCODE = 'SA002';
    END IF;
    IF NOT sapr_deployed(NEW.location_id, NEW.granted_at) THEN
        RAISE EXCEPTION 'longer time is granted for a deployed place' USING ERRCODE = 'SA002';
    END IF;
    IF EXISTS (SELECT 1 FROM notifications_extensiongrant g WHERE g.location_id = NEW.location_id
               AND g.starts_at < NEW.ends_at AND coalesce(g.revoked_at, g.ends_at) > NEW.starts_at
               AND coalesce(g.revoked_at, g.ends_at) > g.starts_at) THEN
        RAISE EXCEPTION 'the grants of a place never overlap' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stands BEFORE INSERT OR UPDATE ON notifications_extensiongrant FOR EACH ROW EXECUTE FUNCTION sapr_extension_grant();
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_extensiongrant
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a grant is revoked, not deleted');
GRANT SELECT, INSERT ON notifications_deployment, notifications_extensiongrant TO $web;
GRANT UPDATE (ends_at) ON notifications_deployment TO $web;
GRANT UPDATE (revoked_at) ON notifications_extensiongrant TO $web;

-- A grant used in a case: by its SARC, once, while the notice waits, under a grant that stood when the report was made;
-- never past 48 hours (CN-1), nor where the rules under which the duty was opened know no extension (CX-11).
ALTER TABLE notifications_extension ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_extension FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_extension FOR SELECT TO $owner USING (true);
CREATE POLICY own_cases ON notifications_extension TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON notifications_extension FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY worker ON notifications_extension FOR SELECT TO $worker USING (true);
CREATE POLICY extended ON reports_duty FOR UPDATE TO $owner USING (true) WITH CHECK (true);
CREATE FUNCTION sapr_extension() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    n notifications_notice;
    d reports_duty;
    signed timestamptz := (SELECT signed_at FROM reports_report WHERE case_id = NEW.case_id);
    place uuid := (SELECT installation_id FROM reports_case WHERE id = NEW.case_id);
BEGIN
    NEW.invoked_at := sapr_now();
    IF NOT sapr_is_its_sarc(NEW.case_id) THEN
        RAISE EXCEPTION 'an extension is the SARC''s of the case to use' USING ERRCODE = 'SA002';
    END IF;
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.notice_id FOR UPDATE;
    SELECT * INTO d FROM reports_duty WHERE id = n.duty_id;
    IF n.case_id IS DISTINCT FROM NEW.case_id OR n.kind <> 'commander_notice_restricted' OR n.state <> 'composed'
       OR n.last_slot <= NEW.invoked_at OR d.state <> 'open' THEN
        RAISE EXCEPTION 'only a notice that still waits is extended' USING ERRCODE = 'SA002';
    END IF;
    IF d.layer = 'seed' THEN
        RAISE EXCEPTION 'these rules know no extension' USING ERRCODE = 'SA002';
    END IF;
    IF NOT sapr_deployed(place, signed) OR NOT EXISTS (
            SELECT 1 FROM notifications_extensiongrant g
            WHERE g.id = NEW.grant_id AND g.location_id = place AND g.granted_at <= signed AND g.starts_at <= signed
              AND g.ends_at > signed AND (g.revoked_at IS NULL OR g.revoked_at > signed)) THEN
        RAISE EXCEPTION 'an extension needs a grant that stood before the report' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.last_slot <= n.last_slot OR NEW.last_slot >= NEW.due_at OR NEW.due_at <= d.due_at OR NEW.due_at > signed + interval '48 hours' THEN
        RAISE EXCEPTION 'an extension ends within 48 hours' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER fits BEFORE INSERT ON notifications_extension FOR EACH ROW EXECUTE FUNCTION sapr_extension();
CREATE FUNCTION sapr_extended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE n notifications_notice;
BEGIN
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.notice_id;
    -- Moved, not made anew: what a foreign key checks, others could see.
    UPDATE notifications_reminder SET due_at = due_at + (NEW.last_slot - n.last_slot), done_at = NULL, shown = false
        WHERE notice_id = NEW.notice_id AND over_at IS NULL;
    UPDATE notifications_notice SET last_slot = NEW.last_slot, look_at = NEW.last_slot WHERE id = NEW.notice_id;
    UPDATE reports_duty SET due_at = NEW.due_at WHERE id = n.duty_id;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER moves AFTER INSERT ON notifications_extension FOR EACH ROW EXECUTE FUNCTION sapr_extended();
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON notifications_extension
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('an extension is used once and stands');
GRANT SELECT, INSERT ON notifications_extension TO $web;
GRANT SELECT ON notifications_extension TO $worker;

-- The two triggers that keep the last slot and a duty's instant let exactly this one change pass, and keep whatever else
-- they keep: each is made again from its own definition.
CREATE FUNCTION sapr_extended_to(wanted uuid, slot timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_extension WHERE notice_id = wanted AND last_slot = slot);
END
$$$$;
CREATE FUNCTION sapr_duty_extended_to(wanted uuid, due timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_extension e JOIN notifications_notice n ON n.id = e.notice_id
                   WHERE n.duty_id = wanted AND e.due_at = due);
END
$$$$;
DO $$$$
DECLARE
    was text;
    now_is text;
BEGIN
    was := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'stands' AND tgrelid = 'notifications_notice'::regclass);
    now_is := replace(was, '(old.last_slot <> new.last_slot)',
                      '((old.last_slot <> new.last_slot) AND NOT sapr_extended_to(new.id, new.last_slot))');
    ASSERT now_is <> was, 'the trigger that keeps the last slot reads otherwise';
    DROP TRIGGER stands ON notifications_notice;
    EXECUTE now_is;
    was := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'only_closes' AND tgrelid = 'reports_duty'::regclass);
    now_is := replace(was, '(old.due_at <> new.due_at)', '((old.due_at <> new.due_at) AND NOT sapr_duty_extended_to(new.id, new.due_at))');
    ASSERT now_is <> was, 'the trigger that keeps a duty''s instant reads otherwise';
    DROP TRIGGER only_closes ON reports_duty;
    EXECUTE now_is;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_acknowledged(), sapr_receipt(), sapr_acknowledgement(), sapr_extension_grant(), sapr_extension(),
    sapr_extended() FROM PUBLIC;

-- As before (strength.sql), and the alternate's row too: its id is the acknowledgement's, its words are MINIMAL, and the
-- decision it stands on is that of the notice it repeats.
CREATE OR REPLACE FUNCTION sapr_reader_was_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    repeated notifications_acknowledgement;
    placed notifications_noticedecision;
    wanted text;
BEGIN
    SELECT * INTO repeated FROM notifications_acknowledgement WHERE id = NEW.id;
    SELECT * INTO placed FROM notifications_noticedecision
    WHERE notice_id = coalesce(repeated.notice_id, NEW.id) AND stage = 'placed';
    IF repeated.id IS NULL THEN
        wanted := CASE WHEN placed.slot = NEW.slot THEN placed.sha256 END;
    ELSE
        wanted := (SELECT encode(sha256(convert_to(n.minimal, 'UTF8')), 'hex') FROM notifications_notice n
                   WHERE n.id = repeated.notice_id AND placed.id IS NOT NULL);
    END IF;
    IF wanted IS DISTINCT FROM encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'a Restricted notice is placed with its decision on record' USING ERRCODE = 'SA002';
    END IF;
    INSERT INTO notifications_told (id, location_id, unit_rung_id, rung, body, slot)
    SELECT gen_random_uuid(), p.location_id, CASE WHEN repeated.id IS NULL THEN placed.unit_rung_id END,
        CASE WHEN repeated.id IS NULL THEN placed.rung ELSE 'minimal' END, NEW.body, NEW.slot
    FROM accounts_post p WHERE p.id = NEW.post_id;
    RETURN NULL;
END
$$$$;
