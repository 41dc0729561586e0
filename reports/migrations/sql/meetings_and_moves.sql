-- The Case Management Group, cases that move to another installation, and people who follow each other on a case.

-- Whether somebody holds a role at an installation at an instant: appointed, active, and certified where it is needed
-- (accounts.selectors.current). Directory only.
CREATE FUNCTION sapr_holds(person uuid, wanted text, place uuid, instant timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM accounts_appointment a
        JOIN accounts_post p ON p.id = a.post_id AND p.role = wanted
        JOIN accounts_user u ON u.id = a.user_id AND u.is_active
        WHERE a.user_id = person AND a.state = 'approved' AND a.starts_at <= instant
          AND (a.ends_at IS NULL OR a.ends_at > instant) AND sapr_installation_of(p.location_id) = place
          AND (wanted NOT IN ('sarc', 'sapr_va') OR EXISTS (
              SELECT 1 FROM accounts_certification c
              WHERE c.user_id = person AND c.starts_at <= instant AND c.ends_at > instant
                AND (c.revoked_at IS NULL OR c.revoked_at > instant))));
END
$$$$;
-- The installations at which the viewer holds one of the roles.
CREATE FUNCTION sapr_viewer_places(wanted text[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE held uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(sapr_installation_of(p.location_id)), '{}')
        FROM accounts_post p WHERE p.id = ANY (held) AND p.role = ANY (wanted));
END
$$$$;
-- Whether the viewer works on the case as its SARC now.
CREATE FUNCTION sapr_is_its_sarc(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
        WHERE a.case_id = wanted AND a.user_id = sapr_viewer() AND a.role = 'sarc' AND a.ended_at IS NULL
          AND c.installation_id = ANY (sapr_viewer_places('{sarc}')));
END
$$$$;
-- The mark of this transaction; nothing while it has written nothing.
CREATE FUNCTION sapr_this_transaction() RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT pg_current_xact_id_if_assigned()::text || ' ' || transaction_timestamp()::text
$$$$;
-- The last event of these kinds in a case. The helpers below read as whoever calls them; the definers as the owner.
CREATE FUNCTION sapr_last_event(wanted uuid, kinds text[]) RETURNS reports_event LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT e.* FROM reports_event e WHERE e.case_id = wanted AND e.kind = ANY (kinds) ORDER BY e.seq DESC LIMIT 1
$$$$;
-- From when on the group reviews a case (CMG-08, CMG-10, CMG-11); nothing when it does not. A Restricted one never (CMG-09).
CREATE FUNCTION sapr_under_review(wanted uuid) RETURNS timestamptz LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    signed text := (SELECT election FROM reports_report WHERE case_id = wanted);
    last reports_event := sapr_last_event(wanted, ARRAY['report_signed', 'report_converted', 'limited_case_opened',
        'case_reopened', 'final_disposition_decided', 'case_closed']);
    retaliation reports_event := sapr_last_event(wanted, ARRAY['retaliation_reported', 'retaliation_ended']);
BEGIN
    IF coalesce(signed, '') <> 'unrestricted'
       AND (signed IS NOT NULL OR (sapr_last_event(wanted, ARRAY['limited_case_opened'])).id IS NULL) THEN
        RETURN NULL;
    END IF;
    IF last.kind NOT IN ('final_disposition_decided', 'case_closed') THEN
        RETURN last.occurred_at;
    END IF;
    RETURN CASE WHEN retaliation.kind = 'retaliation_reported' THEN retaliation.occurred_at END;
END
$$$$;

-- Meetings ------------------------------------------------------------------------------------------------------------
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_meeting', 'reports_agendaline', 'reports_attendance', 'reports_minutes',
                             'reports_move', 'reports_handover'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY whole ON %I TO $owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE TRIGGER no_delete BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION sapr_refuse(''what was kept of a meeting or a move stays'')', t);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION sapr_refuse(''what was kept of a meeting or a move stays'')', t);
    END LOOP;
END
$$$$;
-- The meetings that reviewed the viewer's cases, wherever they were: what was kept of a case follows it.
CREATE FUNCTION sapr_viewer_meetings() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT l.meeting_id), '{}') FROM reports_agendaline l
            WHERE l.case_id = ANY (sapr_viewer_cases()));
END
$$$$;
CREATE POLICY seen ON reports_meeting FOR SELECT TO $web
    USING (installation_id = ANY ((SELECT sapr_viewer_places('{sarc,sapr_va,senior_commander}'))::uuid[])
           OR id = ANY ((SELECT sapr_viewer_meetings())::uuid[]));
CREATE POLICY called ON reports_meeting FOR INSERT TO $web
    WITH CHECK (called_by_id = sapr_viewer() AND installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]));
CREATE POLICY held ON reports_meeting FOR UPDATE TO $web
    USING (installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]));
GRANT SELECT, INSERT ON reports_meeting TO $web;
GRANT UPDATE (co_chair_id, chair_id, chair_seat, held_at, held_in) ON reports_meeting TO $web;

CREATE FUNCTION sapr_meeting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    place record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF who IS NULL OR NEW.called_by_id <> who OR NEW.co_chair_id <> who OR NEW.held_at IS NOT NULL THEN
            RAISE EXCEPTION 'a meeting is called by a SARC in their own name, before it is held' USING ERRCODE = 'SA002';
        END IF;
        SELECT kind, zone INTO place FROM accounts_location WHERE id = NEW.installation_id;
        NEW.chair_post_id := (SELECT id FROM accounts_post WHERE location_id = NEW.installation_id AND role = 'senior_commander');
        IF place.kind IS DISTINCT FROM 'installation' OR NEW.chair_post_id IS NULL THEN
            RAISE EXCEPTION 'a meeting is of an installation with a commander' USING ERRCODE = 'SA002';
        END IF;
        NEW.month := date_trunc('month', NEW.scheduled_at AT TIME ZONE place.zone)::date;
        NEW.called_at := sapr_now();
        NEW.held_in := '';
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.installation_id, NEW.kind, NEW.month, NEW.called_by_id, NEW.called_at, NEW.scheduled_at, NEW.chair_post_id)
       IS DISTINCT FROM
       (OLD.id, OLD.installation_id, OLD.kind, OLD.month, OLD.called_by_id, OLD.called_at, OLD.scheduled_at, OLD.chair_post_id) THEN
        RAISE EXCEPTION 'a meeting stands as it was called' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.held_at IS NOT NULL THEN
        -- Recorded on every case: the co-chair's right to do so ends.
        IF (NEW.co_chair_id, NEW.chair_id, NEW.chair_seat, NEW.held_at)
           IS DISTINCT FROM (OLD.co_chair_id, OLD.chair_id, OLD.chair_seat, OLD.held_at)
           OR NEW.held_in <> '' OR OLD.co_chair_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'a meeting is held once' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.held_at IS NULL THEN
        IF NEW.co_chair_id IS DISTINCT FROM who OR NEW.held_in <> '' THEN
            RAISE EXCEPTION 'the co-chair''s seat is taken in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        -- It shows the whole agenda, so the database itself says who took it.
        IF NEW.co_chair_id <> OLD.co_chair_id THEN
            INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
            VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'cmg_co_chair_taken', sapr_now(), who,
                    jsonb_build_object('meeting', NEW.id, 'installation', NEW.installation_id));
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.co_chair_id IS DISTINCT FROM who OR NEW.co_chair_id <> who THEN
        RAISE EXCEPTION 'a meeting is held by its co-chair' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.held_at > sapr_now() THEN
        RAISE EXCEPTION 'no meeting was held in the future' USING ERRCODE = 'SA002';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM accounts_appointment a JOIN accounts_user u ON u.id = a.user_id AND u.is_active
                   WHERE a.post_id = NEW.chair_post_id AND a.user_id = NEW.chair_id AND a.state = 'approved'
                     AND a.starts_at <= sapr_now() AND (a.ends_at IS NULL OR a.ends_at > sapr_now())) THEN
        RAISE EXCEPTION 'the commander of the installation or the deputy chairs, nobody in their place' USING ERRCODE = 'SA002';
    END IF;
    NEW.held_in := sapr_this_transaction();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON reports_meeting FOR EACH ROW EXECUTE FUNCTION sapr_meeting();

-- Whoever works on the case sees its line; so do chair and co-chair, and nothing else of the case.
CREATE POLICY seen ON reports_agendaline FOR SELECT TO $web USING (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
    OR EXISTS (SELECT 1 FROM reports_meeting m WHERE m.id = meeting_id AND (
        m.chair_post_id = ANY ((SELECT sapr_viewer_posts())::uuid[])
        OR m.co_chair_id = sapr_viewer() AND m.installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]))));
CREATE POLICY settled ON reports_agendaline FOR UPDATE TO $web USING (
    EXISTS (SELECT 1 FROM reports_meeting m WHERE m.id = meeting_id AND m.co_chair_id = sapr_viewer()
            AND m.held_in = (SELECT sapr_this_transaction())));
GRANT SELECT ON reports_agendaline TO $web;
GRANT UPDATE (outcome) ON reports_agendaline TO $web;

CREATE FUNCTION sapr_agenda_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE held timestamptz := (SELECT held_at FROM reports_meeting WHERE id = NEW.meeting_id);
BEGIN
    IF sapr_under_review(NEW.case_id) IS NULL AND NEW.outcome <> 'dropped' AND (TG_OP = 'INSERT' OR NEW.outcome <> OLD.outcome) THEN
        RAISE EXCEPTION 'a Restricted report, or a case that is over, is not listed' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF held IS NOT NULL OR NOT EXISTS (SELECT 1 FROM reports_case c JOIN reports_meeting m ON m.id = NEW.meeting_id
                                           WHERE c.id = NEW.case_id AND c.installation_id = m.installation_id) THEN
            RAISE EXCEPTION 'a case is listed at its own installation, before the meeting is held' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.meeting_id, NEW.case_id, NEW.number, NEW.carried_over)
       IS DISTINCT FROM (OLD.id, OLD.meeting_id, OLD.case_id, OLD.number, OLD.carried_over) THEN
        RAISE EXCEPTION 'a line of an agenda stands' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.outcome <> OLD.outcome AND (OLD.outcome IN ('reviewed', 'left_over')
       OR NEW.outcome IN ('reviewed', 'left_over') AND (held IS NULL OR OLD.outcome <> '')
       OR NEW.outcome = 'reviewed' AND NEW.since > held) THEN
        RAISE EXCEPTION 'a case is reviewed once, in a meeting that was held after it began' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON reports_agendaline FOR EACH ROW EXECUTE FUNCTION sapr_agenda_line();
CREATE FUNCTION sapr_agenda_listed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (gen_random_uuid(), NEW.case_id, 'cmg_listed', sapr_now(), sapr_viewer(),
            jsonb_build_object('meeting', NEW.meeting_id, 'carried_over', NEW.carried_over));
    RETURN NULL;
END
$$$$;
CREATE TRIGGER recorded AFTER INSERT ON reports_agendaline FOR EACH ROW EXECUTE FUNCTION sapr_agenda_listed();

-- Put every case that the group reviews on the agenda, and take off what it no longer does. Who calls it learns how many.
CREATE FUNCTION sapr_agenda_fill(wanted uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    this reports_meeting;
    before uuid;
BEGIN
    SELECT * INTO this FROM reports_meeting WHERE id = wanted FOR UPDATE;
    IF this.id IS NULL OR NOT this.installation_id = ANY (sapr_viewer_places('{sarc}')) OR this.held_at IS NOT NULL THEN
        RAISE EXCEPTION 'an agenda is filled by a SARC of the installation, before the meeting is held' USING ERRCODE = 'SA002';
    END IF;
    IF this.kind <> 'monthly' THEN
        RETURN 0;
    END IF;
    before := (SELECT id FROM reports_meeting WHERE installation_id = this.installation_id AND kind = this.kind
               AND held_at IS NOT NULL ORDER BY held_at DESC LIMIT 1);
    UPDATE reports_agendaline l SET outcome = 'dropped' FROM reports_case c
    WHERE l.meeting_id = this.id AND c.id = l.case_id AND l.outcome = ''
      AND (c.installation_id <> this.installation_id OR sapr_under_review(c.id) IS NULL);
    INSERT INTO reports_agendaline AS l (id, meeting_id, case_id, number, limited, known, since, carried_over, outcome, minuted)
    SELECT gen_random_uuid(), this.id, c.id, c.number, r.case_id IS NULL, jsonb_strip_nulls(jsonb_build_object(
               'transfer_requested', CASE WHEN (sapr_last_event(c.id, '{transfer_requested}')).id IS NOT NULL THEN true END,
               'mpo_issued', CASE WHEN (sapr_last_event(c.id, '{protective_order_issued}')).id IS NOT NULL THEN true END,
               'civilian_order_told', CASE WHEN (sapr_last_event(c.id, '{civil_order_told}')).id IS NOT NULL THEN true END,
               'retaliation_reported', CASE WHEN (sapr_last_event(c.id, '{retaliation_reported}')).id IS NOT NULL THEN true END,
               'service_member_subject', CASE WHEN (sapr_last_event(c.id, '{subject_added}')).id IS NOT NULL THEN true END)),
           sapr_under_review(c.id),
           EXISTS (SELECT 1 FROM reports_agendaline b WHERE b.meeting_id = before AND b.case_id = c.id AND b.outcome = 'left_over'),
           '', false
    FROM reports_case c LEFT JOIN reports_report r ON r.case_id = c.id
    WHERE c.installation_id = this.installation_id AND c.walked_away_at IS NULL AND sapr_under_review(c.id) IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM reports_erasure e WHERE e.case_id = c.id AND e.state = 'done')
    ON CONFLICT (meeting_id, case_id) DO UPDATE
        SET known = excluded.known, limited = excluded.limited, since = excluded.since, outcome = '';
    RETURN (SELECT count(*) FROM reports_agendaline WHERE meeting_id = this.id AND outcome = '');
END
$$$$;
-- How many lines a meeting has, for whoever sees the meeting: that there are further cases, not which.
CREATE FUNCTION sapr_agenda_count(wanted uuid) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (
        SELECT count(l.id) FROM reports_meeting m JOIN reports_agendaline l ON l.meeting_id = m.id AND l.outcome <> 'dropped'
        WHERE m.id = wanted AND m.installation_id = ANY (sapr_viewer_places('{sarc,sapr_va,senior_commander}')));
END
$$$$;
-- The cases on which the viewer, as co-chair, is recording in this very transaction that the meeting was held.
CREATE FUNCTION sapr_meeting_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE mark text := sapr_this_transaction();
BEGIN
    IF mark IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN (
        SELECT coalesce(array_agg(l.case_id), '{}')
        FROM reports_meeting m JOIN reports_agendaline l ON l.meeting_id = m.id AND l.outcome = 'reviewed'
        WHERE m.held_in = mark AND m.held_in <> '' AND m.co_chair_id = sapr_viewer());
END
$$$$;
-- Within it: that the meeting was held, and what that opens and discharges. Of the case no more than its place and when
-- its review began.
CREATE POLICY reviewed ON reports_case FOR SELECT TO $web USING (id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE POLICY reviewed ON reports_event FOR SELECT TO $web USING (
    kind IN ('report_signed', 'report_converted', 'limited_case_opened', 'case_reopened', 'cmg_held')
    AND case_id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE POLICY reviewed_is_said ON reports_event FOR INSERT TO $web WITH CHECK (
    actor_id = sapr_viewer() AND kind IN ('cmg_held', 'duty_opened', 'duty_discharged', 'duty_missed', 'duty_not_applicable')
    AND case_id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE POLICY reviewed ON reports_duty FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE POLICY reviewed_closes ON reports_duty FOR UPDATE TO $web USING (
    discharged_by = 'cmg_held' AND case_id = ANY ((SELECT sapr_meeting_cases())::uuid[]));
CREATE POLICY reviewed_opens ON reports_duty FOR INSERT TO $web WITH CHECK (
    case_id = ANY ((SELECT sapr_meeting_cases())::uuid[])
    AND (discharged_by = 'cmg_held' OR opened_event IN (
        SELECT e.id FROM reports_event e WHERE e.case_id = reports_duty.case_id AND e.kind = 'cmg_held' AND e.actor_id = sapr_viewer())));

CREATE POLICY seen ON reports_attendance FOR SELECT TO $web
    USING (EXISTS (SELECT 1 FROM reports_meeting m WHERE m.id = meeting_id));
CREATE POLICY kept ON reports_attendance FOR INSERT TO $web WITH CHECK (
    EXISTS (SELECT 1 FROM reports_meeting m WHERE m.id = meeting_id AND m.co_chair_id = sapr_viewer()
            AND m.held_in = (SELECT sapr_this_transaction())));
GRANT SELECT, INSERT ON reports_attendance TO $web;

-- Minutes are read by who works on the case; kept, once, by a SARC of the case or by the co-chair (DB-09, CMG-26).
CREATE POLICY own_cases ON reports_minutes FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY kept ON reports_minutes FOR INSERT TO $web WITH CHECK (kept_by_id = sapr_viewer());
GRANT SELECT, INSERT ON reports_minutes TO $web;
CREATE FUNCTION sapr_minutes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    line reports_agendaline;
BEGIN
    SELECT * INTO line FROM reports_agendaline WHERE id = NEW.line_id;
    IF line.id IS NULL OR NEW.case_id <> line.case_id OR NEW.kept_by_id IS DISTINCT FROM who
       OR NOT (sapr_is_its_sarc(line.case_id) OR EXISTS (
           SELECT 1 FROM reports_meeting m WHERE m.id = line.meeting_id AND m.co_chair_id = who
           AND m.installation_id = ANY (sapr_viewer_places('{sarc}')))) THEN
        RAISE EXCEPTION 'minutes are kept by a SARC of the case or the co-chair, in their own name' USING ERRCODE = 'SA002';
    END IF;
    IF line.outcome <> 'reviewed' THEN
        RAISE EXCEPTION 'minutes are kept of a case that was reviewed' USING ERRCODE = 'SA002';
    END IF;
    IF jsonb_typeof(NEW.answers) <> 'object' OR jsonb_typeof(NEW.present) <> 'array'
       OR EXISTS (SELECT 1 FROM jsonb_each(NEW.answers) a
                  WHERE a.key !~ '^CMG-[0-9]{2}$$' OR NOT a.value <@ '["done", "open", "not_applicable"]')
       OR EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.present) p
                  WHERE jsonb_typeof(p.value) <> 'string' OR p.value #>> '{}' !~ '^[a-z_]{4,30}$$') THEN
        RAISE EXCEPTION 'minutes hold words of known lists; the rest is sealed' USING ERRCODE = 'SA002';
    END IF;
    NEW.kept_at := sapr_now();
    UPDATE reports_agendaline SET minuted = true WHERE id = line.id;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (gen_random_uuid(), NEW.case_id, 'cmg_minutes_kept', NEW.kept_at, who,
            jsonb_build_object('meeting', line.meeting_id, 'minutes', NEW.id));
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT ON reports_minutes FOR EACH ROW EXECUTE FUNCTION sapr_minutes();
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_attendance', 'reports_minutes'] LOOP
        EXECUTE format('CREATE TRIGGER stands BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION sapr_refuse(''what was kept of a meeting stays as it is'')', t);
    END LOOP;
END
$$$$;

-- Victims move --------------------------------------------------------------------------------------------------------
CREATE POLICY own_cases ON reports_move FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
-- To whom it is offered: that there is an offer. Nothing else of the case until it is accepted.
CREATE POLICY offered ON reports_move FOR SELECT TO $web
    USING (offered_to_id = sapr_viewer() AND to_installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]));
CREATE POLICY made ON reports_move FOR INSERT TO $web
    WITH CHECK (offered_by_id = sapr_viewer() AND case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY decided ON reports_move FOR UPDATE TO $web USING (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
    OR offered_to_id = sapr_viewer() AND to_installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]));
GRANT SELECT, INSERT ON reports_move TO $web;
GRANT UPDATE (state, decided_by_id, decided_at) ON reports_move TO $web;

CREATE FUNCTION sapr_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    consent reports_event := sapr_last_event(NEW.case_id, ARRAY['victim_relocated', 'move_consent_given', 'move_consent_refused',
                                                                 'documents_moved']);
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.state <> 'offered' OR NEW.state = 'offered'
        OR (NEW.id, NEW.case_id, NEW.election, NEW.from_installation_id, NEW.to_installation_id, NEW.offered_by_id,
            NEW.offered_to_id, NEW.offered_at)
           IS DISTINCT FROM
           (OLD.id, OLD.case_id, OLD.election, OLD.from_installation_id, OLD.to_installation_id, OLD.offered_by_id,
            OLD.offered_to_id, OLD.offered_at)
        OR NEW.decided_by_id IS DISTINCT FROM who) THEN
        RAISE EXCEPTION 'an offer is answered once, in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state IN ('offered', 'accepted') THEN
        IF consent.kind IS DISTINCT FROM 'move_consent_given' THEN
            RAISE EXCEPTION 'nothing moves without the victim''s consent' USING ERRCODE = 'SA002';
        END IF;
        IF NOT sapr_holds(NEW.offered_to_id, 'sarc', NEW.to_installation_id, sapr_now()) THEN
            RAISE EXCEPTION 'a case goes to a SARC with a certificate in force there' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'offered' OR NEW.offered_by_id IS DISTINCT FROM who OR NOT sapr_is_its_sarc(NEW.case_id) THEN
            RAISE EXCEPTION 'a case is offered by its SARC in their own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.from_installation_id := (SELECT installation_id FROM reports_case WHERE id = NEW.case_id);
        NEW.election := (SELECT election FROM reports_report WHERE case_id = NEW.case_id);
        NEW.offered_at := sapr_now();
        RETURN NEW;
    END IF;
    IF NEW.state = 'withdrawn' AND NOT sapr_is_its_sarc(NEW.case_id)
       OR NEW.state <> 'withdrawn' AND who IS DISTINCT FROM OLD.offered_to_id THEN
        RAISE EXCEPTION 'an offer is answered by whom it was made to, and withdrawn by the SARC of the case' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_move FOR EACH ROW EXECUTE FUNCTION sapr_move();

-- Accepted: who worked on the case works on it no more, the gaining SARC does, and its place is theirs.
CREATE POLICY moved_elsewhere ON reports_case FOR UPDATE TO $owner USING (true);
CREATE FUNCTION sapr_move_done() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.state = 'accepted' THEN
        UPDATE reports_assignment SET ended_at = greatest(NEW.decided_at, started_at) WHERE case_id = NEW.case_id AND ended_at IS NULL;
        UPDATE reports_case SET installation_id = NEW.to_installation_id WHERE id = NEW.case_id;
        INSERT INTO reports_assignment (id, case_id, user_id, role, started_at)
        VALUES (gen_random_uuid(), NEW.case_id, NEW.offered_to_id, 'sarc', NEW.decided_at);
    ELSIF NEW.state = 'rejected' THEN
        -- Who rejects is not on the case.
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), NEW.case_id, 'move_rejected', NEW.decided_at, NEW.decided_by_id, jsonb_build_object('move', NEW.id));
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER carried_out AFTER UPDATE ON reports_move FOR EACH ROW EXECUTE FUNCTION sapr_move_done();
CREATE FUNCTION sapr_case_stays() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE last reports_move;
BEGIN
    SELECT * INTO last FROM reports_move WHERE case_id = NEW.id AND state = 'accepted' ORDER BY decided_at DESC LIMIT 1;
    IF (last.from_installation_id, last.to_installation_id) IS DISTINCT FROM (OLD.installation_id, NEW.installation_id) THEN
        RAISE EXCEPTION 'a case changes its installation by an accepted move only' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stays BEFORE UPDATE OF installation_id ON reports_case
    FOR EACH ROW WHEN (OLD.installation_id IS DISTINCT FROM NEW.installation_id) EXECUTE FUNCTION sapr_case_stays();

-- SARCs and SAPR VAs move ---------------------------------------------------------------------------------------------
CREATE POLICY own_cases ON reports_handover FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY second_person ON reports_handover FOR SELECT TO $web USING (
    role = 'sarc' AND (confirmed_at IS NULL OR confirmed_by_id = sapr_viewer()) AND (installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[])
                       OR 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
CREATE POLICY made ON reports_handover FOR INSERT TO $web
    WITH CHECK (changed_by_id = sapr_viewer() AND case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY confirmed ON reports_handover FOR UPDATE TO $web USING (
    role = 'sarc' AND (installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[])
                       OR 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
GRANT SELECT, INSERT ON reports_handover TO $web;
GRANT UPDATE (originals, confirmed_by_id, confirmed_at) ON reports_handover TO $web;

CREATE FUNCTION sapr_handover() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    place uuid := (SELECT installation_id FROM reports_case WHERE id = NEW.case_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.changed_by_id IS DISTINCT FROM who OR NEW.confirmed_at IS NOT NULL OR NOT sapr_is_its_sarc(NEW.case_id) THEN
            RAISE EXCEPTION 'a SARC of the case hands it over in their own name' USING ERRCODE = 'SA002';
        END IF;
        IF NOT sapr_holds(NEW.follows_id, NEW.role, place, sapr_now()) THEN
            RAISE EXCEPTION 'a case goes to somebody with a certificate in force there' USING ERRCODE = 'SA002';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM reports_assignment WHERE case_id = NEW.case_id AND user_id = NEW.leaves_id
                       AND role = NEW.role AND ended_at IS NULL) THEN
            RAISE EXCEPTION 'nobody hands over what they do not hold' USING ERRCODE = 'SA002';
        END IF;
        NEW.installation_id := place;
        NEW.number := (SELECT number FROM reports_case WHERE id = NEW.case_id);
        NEW.changed_at := sapr_now();
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.case_id, NEW.number, NEW.installation_id, NEW.role, NEW.leaves_id, NEW.follows_id, NEW.changed_by_id, NEW.changed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.number, OLD.installation_id, OLD.role, OLD.leaves_id, OLD.follows_id, OLD.changed_by_id, OLD.changed_at)
       OR OLD.confirmed_at IS NOT NULL OR NEW.confirmed_by_id IS DISTINCT FROM who
       OR NEW.originals <> OLD.originals AND OLD.originals <> 'unknown' THEN
        RAISE EXCEPTION 'where the originals lie is confirmed once, in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    IF who IN (OLD.leaves_id, OLD.changed_by_id) THEN
        RAISE EXCEPTION 'where the originals lie is confirmed by a second person' USING ERRCODE = 'SA002';
    END IF;
    NEW.confirmed_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_handover FOR EACH ROW EXECUTE FUNCTION sapr_handover();
CREATE FUNCTION sapr_handover_done() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE reports_assignment SET ended_at = greatest(NEW.changed_at, started_at)
        WHERE case_id = NEW.case_id AND user_id = NEW.leaves_id AND role = NEW.role AND ended_at IS NULL;
        INSERT INTO reports_assignment (id, case_id, user_id, role, started_at)
        VALUES (gen_random_uuid(), NEW.case_id, NEW.follows_id, NEW.role, NEW.changed_at) ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), NEW.case_id, 'originals_confirmed', NEW.confirmed_at, NEW.confirmed_by_id,
                jsonb_build_object('handover', NEW.id, 'originals', NEW.originals));
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER carried_out AFTER INSERT OR UPDATE ON reports_handover FOR EACH ROW EXECUTE FUNCTION sapr_handover_done();
-- What the SARC who leaves kept is confirmed before the victim counts as handed over (MV-06).
CREATE FUNCTION sapr_handed_over() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_handover WHERE case_id = NEW.case_id AND role = 'sarc' AND confirmed_at IS NULL) THEN
        RAISE EXCEPTION 'where the originals lie is not confirmed' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER originals_are_confirmed BEFORE INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'victim_handed_over') EXECUTE FUNCTION sapr_handed_over();

-- Cases without a SARC ------------------------------------------------------------------------------------------------
-- The open cases of an installation that no SARC holds at an instant, not counting one person. A contact in which nothing is signed
-- is its SAPR VA's; without anybody it counts too.
CREATE FUNCTION sapr_ownerless(place uuid, leaver uuid, instant timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY
        SELECT c.id FROM reports_case c
        WHERE c.installation_id = place AND c.walked_away_at IS NULL
          -- A closed case too: its clocks may run still, and its victim may convert or ask at any time.
          AND NOT EXISTS (SELECT 1 FROM reports_erasure e WHERE e.case_id = c.id AND e.state = 'done')
          AND NOT EXISTS (
              SELECT 1 FROM reports_assignment a
              WHERE a.case_id = c.id AND a.ended_at IS NULL AND a.user_id IS DISTINCT FROM leaver
                AND (a.role = 'sarc' OR NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.case_id = c.id))
                AND sapr_holds(a.user_id, a.role, place, instant));
END
$$$$;
-- How many there are where the viewer is SARC; everywhere for a programme manager. Never which.
CREATE FUNCTION sapr_without_sarc() RETURNS TABLE (place uuid, cases bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    here uuid[] := sapr_viewer_places('{sarc}');
    everywhere boolean := 'programme_manager' = ANY (sapr_viewer_roles());
BEGIN
    RETURN QUERY
        SELECT l.id, count(*) FROM accounts_location l CROSS JOIN LATERAL sapr_ownerless(l.id, NULL, sapr_now()) o
        WHERE l.kind = 'installation' AND (everywhere OR l.id = ANY (here)) GROUP BY l.id;
END
$$$$;
-- How many open cases somebody's leaving would leave without a SARC; a programme manager asks before ending anything.
CREATE FUNCTION sapr_left_without_sarc(person uuid) RETURNS TABLE (place uuid, cases bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT l.id, count(*) FROM accounts_location l CROSS JOIN LATERAL sapr_ownerless(l.id, person, sapr_now()) o(id)
        WHERE l.kind = 'installation'
          AND EXISTS (SELECT 1 FROM reports_assignment a WHERE a.user_id = person AND a.case_id = o.id AND a.ended_at IS NULL
                      AND sapr_holds(person, a.role, l.id, sapr_now()))
        GROUP BY l.id;
END
$$$$;
-- Who stops being SARC or SAPR VA somewhere before an instant and still holds open cases there: when, and how many. For the
-- SARCs of the place and programme managers, and for everybody about themselves.
CREATE FUNCTION sapr_leaving(until timestamptz) RETURNS TABLE (person uuid, held text, place uuid, lapses timestamptz, cases bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    here uuid[] := sapr_viewer_places('{sarc}');
    everywhere boolean := 'programme_manager' = ANY (sapr_viewer_roles());
    instant timestamptz := sapr_now();
BEGIN
    RETURN QUERY
        SELECT a.user_id, a.role::text, c.installation_id,
               least((SELECT max(coalesce(x.ends_at, 'infinity')) FROM accounts_appointment x JOIN accounts_post p ON p.id = x.post_id
                      WHERE x.user_id = a.user_id AND p.role = a.role AND x.state = 'approved' AND x.starts_at <= instant
                        AND sapr_installation_of(p.location_id) = c.installation_id),
                     (SELECT max(least(x.ends_at, coalesce(x.revoked_at, 'infinity'))) FROM accounts_certification x
                      WHERE x.user_id = a.user_id AND x.starts_at <= instant)),
               count(*)
        FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
        WHERE a.ended_at IS NULL AND c.walked_away_at IS NULL
          AND (a.user_id = sapr_viewer() OR everywhere OR c.installation_id = ANY (here))
          AND (sapr_last_event(c.id, '{case_closed,case_reopened,report_converted}')).kind IS DISTINCT FROM 'case_closed'
          AND sapr_holds(a.user_id, a.role, c.installation_id, instant)
          AND NOT sapr_holds(a.user_id, a.role, c.installation_id, until)
        GROUP BY a.user_id, a.role, c.installation_id;
END
$$$$;
-- A SARC of the installation takes over one case that no SARC holds, whichever is due first: nobody chooses one, and
-- nobody learns of one that they do not take. Who stood on it as SARC and could not act stands on it no more.
CREATE FUNCTION sapr_take_over(wanted uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    taken uuid;
    gone uuid;
BEGIN
    IF who IS NULL OR NOT wanted = ANY (sapr_viewer_places('{sarc}')) THEN
        RAISE EXCEPTION 'a case is taken over by a SARC of its installation' USING ERRCODE = 'SA002';
    END IF;
    -- One at a time: two who take at once take two.
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted::text, 19));
    SELECT o.id INTO taken FROM sapr_ownerless(wanted, NULL, sapr_now()) o(id)
    LEFT JOIN reports_duty d ON d.case_id = o.id AND d.state = 'open'
    GROUP BY o.id ORDER BY min(d.due_at) NULLS LAST, o.id LIMIT 1;
    IF taken IS NULL THEN
        RETURN NULL;
    END IF;
    gone := (SELECT user_id FROM reports_assignment WHERE case_id = taken AND role = 'sarc' AND ended_at IS NULL AND user_id <> who
             ORDER BY started_at DESC LIMIT 1);
    INSERT INTO reports_assignment (id, case_id, user_id, role, started_at)
    VALUES (gen_random_uuid(), taken, who, 'sarc', sapr_now()) ON CONFLICT DO NOTHING;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (gen_random_uuid(), taken, 'case_taken_over', sapr_now(), who, '{}');
    IF gone IS NOT NULL THEN
        INSERT INTO reports_handover (id, case_id, number, installation_id, role, leaves_id, follows_id, changed_by_id, changed_at, originals)
        VALUES (gen_random_uuid(), taken, '', wanted, 'sarc', gone, who, who, sapr_now(), 'unknown');
        UPDATE reports_assignment SET ended_at = greatest(sapr_now(), started_at)
        WHERE case_id = taken AND role = 'sarc' AND ended_at IS NULL AND user_id <> who;
    END IF;
    RETURN taken;
END
$$$$;
CREATE POLICY owner_reads ON reports_duty FOR SELECT TO $owner USING (true);

REVOKE EXECUTE ON FUNCTION sapr_viewer_places(text[]), sapr_is_its_sarc(uuid), sapr_agenda_fill(uuid), sapr_agenda_count(uuid),
    sapr_meeting_cases(), sapr_viewer_meetings(), sapr_without_sarc(), sapr_left_without_sarc(uuid), sapr_leaving(timestamptz), sapr_take_over(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_viewer_places(text[]), sapr_is_its_sarc(uuid), sapr_agenda_fill(uuid), sapr_agenda_count(uuid),
    sapr_meeting_cases(), sapr_viewer_meetings(), sapr_without_sarc(), sapr_left_without_sarc(uuid), sapr_leaving(timestamptz), sapr_take_over(uuid)
    TO $web;
