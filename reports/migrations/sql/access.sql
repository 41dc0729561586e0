-- Emergency access: one more way to see a case, none to write in it. `sapr_viewer_cases()` stays what it was, the cases
-- somebody works on, and still stands in every policy that lets something be written.

-- The installation a place belongs to, however many units lie between (accounts.selectors.installation_of).
CREATE FUNCTION sapr_installation_of(place uuid) RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE here record;
BEGIN
    SELECT id, kind, parent_id INTO here FROM accounts_location WHERE id = place;
    WHILE here.kind = 'unit' AND here.parent_id IS NOT NULL LOOP
        SELECT id, kind, parent_id INTO here FROM accounts_location WHERE id = here.parent_id;
    END LOOP;
    RETURN here.id;
END
$$$$;
-- An assignment counts while its role is held at the case's own installation: who is transferred works on none of the
-- old cases any more, whatever they hold elsewhere.
CREATE OR REPLACE FUNCTION sapr_viewer_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    posts uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (
        WITH held AS MATERIALIZED (
            SELECT DISTINCT p.role, sapr_installation_of(p.location_id) AS place
            FROM accounts_post p WHERE p.id = ANY (posts))
        SELECT coalesce(array_agg(a.case_id), '{}')
        FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
        JOIN held h ON h.role = a.role AND h.place = c.installation_id
        WHERE a.user_id = who AND a.ended_at IS NULL);
END
$$$$;

-- The cases the viewer may read: their own, and those open to them in an emergency at this moment. A contact that
-- ended without signing is opened to nobody.
CREATE FUNCTION sapr_readable_cases() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    own uuid[] := sapr_viewer_cases();
BEGIN
    IF NOT sapr_viewer_roles() && ARRAY['sarc', 'sapr_va'] THEN
        RETURN own;
    END IF;
    RETURN own || (
        SELECT coalesce(array_agg(b.case_id), '{}')
        FROM reports_breakglass b JOIN reports_case c ON c.id = b.case_id AND c.walked_away_at IS NULL
        WHERE b.asked_by_id = who AND b.state = 'approved' AND b.ended_at IS NULL AND b.runs_until > sapr_now());
END
$$$$;
-- The installations at which the viewer is SARC.
CREATE FUNCTION sapr_viewer_installations() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE held uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(sapr_installation_of(p.location_id)), '{}')
        FROM accounts_post p
        WHERE p.id = ANY (held) AND p.role = 'sarc');
END
$$$$;
-- The case that a number or an id means; an erased one is as if it had never been. The web process seals the reason with that case's key and says the same
-- whatever comes back; it holds the list of case keys anyway.
CREATE FUNCTION sapr_case_asked_for(wanted text) RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT sapr_viewer_roles() && ARRAY['sarc', 'sapr_va'] THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT c.id FROM reports_case c WHERE (c.number = wanted OR c.id::text = wanted)
        AND NOT EXISTS (SELECT 1 FROM reports_erasure e WHERE e.case_id = c.id AND e.state = 'done'));
END
$$$$;
-- Whether somebody may decide what another asked: not the same person, nobody behind both accounts, and every
-- appointment by which they could decide was recorded before the request.
CREATE FUNCTION sapr_independent(asker uuid, since timestamptz, decider uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN NOT sapr_behind(asker) && sapr_behind(decider) AND NOT EXISTS (
        SELECT FROM reports_event
        WHERE case_id = '00000000-0000-0000-0000-000000000000' AND kind IN ('appointment_made', 'appointment_approved')
          AND data ->> 'user' = decider::text AND data ->> 'role' IN ('sarc', 'programme_manager')
          AND recorded_at > since);
END
$$$$;
-- How many identities the viewer opened by looking since an instant, in whatever cases; what lies in an inbox names one.
CREATE FUNCTION sapr_identity_openings(since timestamptz, purposes text[]) RETURNS bigint LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (
        SELECT count(*) FROM reports_event
        WHERE actor_id = sapr_viewer() AND kind = 'sealed_opened' AND recorded_at > since
          AND data ->> 'purpose' = ANY (purposes)
          AND (data ->> 'purpose' = 'inbox' OR (data -> 'what')::text LIKE '%"identity.%'));
END
$$$$;
-- Reader: sapr_identity_openings().
CREATE INDEX reports_event_openings ON reports_event (actor_id, recorded_at) WHERE kind = 'sealed_opened';

-- What is read in an emergency. Decisions are not: they keep their one policy.
CREATE POLICY emergency ON reports_case FOR SELECT TO $owner USING (true);
ALTER POLICY seen ON reports_case USING (id = ANY ((SELECT sapr_readable_cases())::uuid[]));
ALTER POLICY seen ON reports_assignment
    USING (user_id = sapr_viewer() OR case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
ALTER POLICY seen ON reports_event USING (
    case_id = ANY ((SELECT sapr_readable_cases())::uuid[])
    OR (case_id = '00000000-0000-0000-0000-000000000000' AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
-- On the system's chain, what says who made whom and who holds what is a programme manager's to write (or, without a
-- viewer, the system's): by it one decides who stands behind whom.
ALTER POLICY written ON reports_event WITH CHECK (
    (actor_id = sapr_viewer() AND (
        case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
        OR (case_id = '00000000-0000-0000-0000-000000000000' AND (
            kind NOT IN ('user_created', 'user_deactivated', 'enrolment_created', 'appointment_made',
                         'appointment_approved', 'appointment_refused', 'appointment_ended', 'certification_recorded',
                         'certification_ended', 'location_created', 'post_created', 'staff_bootstrapped')
            OR 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])))))
    OR (sapr_viewer() IS NULL AND actor_id IS NULL AND case_id = '00000000-0000-0000-0000-000000000000'));
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_identity', 'reports_narrative', 'reports_report', 'reports_signedform',
                             'reports_kit', 'reports_duty'] LOOP
        EXECUTE format('CREATE POLICY emergency ON %I FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]))', t);
    END LOOP;
END
$$$$;

ALTER TABLE reports_breakglass ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_breakglass FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_breakglass TO $owner USING (true) WITH CHECK (true);
-- Its asker, whoever is on the case, and those who may decide it; a request for no case is its asker's alone.
CREATE POLICY seen ON reports_breakglass FOR SELECT TO $web USING (
    (asked_by_id = sapr_viewer() AND (SELECT sapr_viewer_roles())::text[] && ARRAY['sarc', 'sapr_va'])
    OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
    OR installation_id = ANY ((SELECT sapr_viewer_installations())::uuid[])
    OR (installation_id IS NOT NULL AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
CREATE POLICY asked ON reports_breakglass FOR INSERT TO $web WITH CHECK (asked_by_id = sapr_viewer());
CREATE POLICY decided ON reports_breakglass FOR UPDATE TO $web USING (
    (asked_by_id = sapr_viewer() AND (SELECT sapr_viewer_roles())::text[] && ARRAY['sarc', 'sapr_va'])
    OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])
    OR installation_id = ANY ((SELECT sapr_viewer_installations())::uuid[])
    OR (installation_id IS NOT NULL AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
-- Reading a reason before deciding, and a sealed part in an emergency, are events of a case one is not on.
-- A reason is read from outside the case while it waits, by who may decide it (the policy `seen` shows it to no others).
CREATE POLICY opened_by_second_person ON reports_event FOR INSERT TO $web WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened'
    AND data = '{"what": ["breakglass.reason"], "purpose": "second_person"}'
    AND EXISTS (SELECT 1 FROM reports_breakglass b
                WHERE b.case_id = reports_event.case_id AND b.state = 'asked' AND b.answer_by > sapr_now()
                  AND sapr_independent(b.asked_by_id, b.asked_at, sapr_viewer())));
CREATE POLICY opened_in_emergency ON reports_event FOR INSERT TO $web WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened' AND data ->> 'purpose' = 'emergency'
    AND case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));

CREATE FUNCTION sapr_break_glass() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    roles text[] := sapr_viewer_roles();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF who IS NULL OR NEW.asked_by_id <> who OR NOT roles && ARRAY['sarc', 'sapr_va'] THEN
            RAISE EXCEPTION 'emergency access is asked for by a SARC or a SAPR VA in their own name' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.state <> 'asked' THEN
            RAISE EXCEPTION 'emergency access begins as a request' USING ERRCODE = 'SA002';
        END IF;
        -- About no case is always right: nobody can approve that.
        IF NEW.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM sapr_case_asked_for(NEW.asked_for) THEN
            RAISE EXCEPTION 'a request is about the case that it names' USING ERRCODE = 'SA002';
        END IF;
        NEW.installation_id := (SELECT installation_id FROM reports_case WHERE id = NEW.case_id);
        NEW.asked_at := sapr_now();
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.asked_for, NEW.case_id, NEW.installation_id, NEW.asked_by_id, NEW.asked_at, NEW.answer_by, NEW.reason)
       IS DISTINCT FROM
       (OLD.id, OLD.asked_for, OLD.case_id, OLD.installation_id, OLD.asked_by_id, OLD.asked_at, OLD.answer_by, OLD.reason) THEN
        RAISE EXCEPTION 'a request stands as it was asked' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'asked' THEN
        IF NEW.state = 'asked' OR NEW.ended_at IS NOT NULL OR NEW.ended_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a request is decided before it ends' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.decided_by_id IS DISTINCT FROM who
           OR NOT ('programme_manager' = ANY (roles) OR OLD.installation_id = ANY (sapr_viewer_installations())) THEN
            RAISE EXCEPTION 'emergency access is decided by another SARC of the installation or a programme manager'
                USING ERRCODE = 'SA002';
        END IF;
        IF NOT sapr_independent(OLD.asked_by_id, OLD.asked_at, who) THEN
            RAISE EXCEPTION 'emergency access is decided by an independent second person' USING ERRCODE = 'SA002';
        END IF;
        NEW.decided_at := sapr_now();
        RETURN NEW;
    END IF;
    IF (NEW.state, NEW.decided_by_id, NEW.decided_at, NEW.runs_until)
       IS DISTINCT FROM (OLD.state, OLD.decided_by_id, OLD.decided_at, OLD.runs_until)
       OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL THEN
        RAISE EXCEPTION 'emergency access is decided once and ends only earlier' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.ended_by_id IS DISTINCT FROM who
       OR NOT (who = OLD.asked_by_id OR OLD.case_id = ANY (sapr_viewer_cases())) THEN
        RAISE EXCEPTION 'emergency access is ended by who has it or by who is on the case' USING ERRCODE = 'SA002';
    END IF;
    NEW.ended_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_breakglass
    FOR EACH ROW EXECUTE FUNCTION sapr_break_glass();
-- Neither asker nor second person is on the case, so the database itself writes on the case's chain what they did.
CREATE FUNCTION sapr_break_glass_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    -- For no case the same is written on a chain of its own and undone: a request takes as long with a case as without.
    BEGIN
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (
            gen_random_uuid(), coalesce(NEW.case_id, NEW.id),
            CASE WHEN NEW.ended_at IS NOT NULL THEN 'break_glass_ended' ELSE 'break_glass_' || NEW.state END,
            coalesce(NEW.ended_at, NEW.decided_at, NEW.asked_at), sapr_viewer(),
            jsonb_strip_nulls(jsonb_build_object('request', NEW.id, 'user', NEW.asked_by_id,
                'until', to_char(NEW.runs_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))));
        IF NEW.case_id IS NULL THEN
            RAISE EXCEPTION 'about no case' USING ERRCODE = 'SA003';
        END IF;
    EXCEPTION WHEN SQLSTATE 'SA003' THEN
        NULL;
    END;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER recorded AFTER INSERT OR UPDATE ON reports_breakglass
    FOR EACH ROW EXECUTE FUNCTION sapr_break_glass_recorded();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_breakglass
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a request for emergency access is kept');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_breakglass
    EXECUTE FUNCTION sapr_refuse('a request for emergency access is kept');
GRANT SELECT, INSERT ON reports_breakglass TO $web;
GRANT UPDATE (state, decided_by_id, decided_at, runs_until, ended_by_id, ended_at) ON reports_breakglass TO $web;

-- Looks without a relationship: one's own, by the database's clock, never changed.
ALTER TABLE reports_look ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_look FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON reports_look FOR SELECT TO $web USING (user_id = sapr_viewer());
CREATE POLICY counted ON reports_look FOR INSERT TO $web WITH CHECK (user_id = sapr_viewer());
CREATE FUNCTION sapr_look_at() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER dated BEFORE INSERT ON reports_look FOR EACH ROW EXECUTE FUNCTION sapr_look_at();
GRANT SELECT, INSERT ON reports_look TO $web;

-- What answers about cases, people's openings or requests is the web account's to ask, and nobody else's: the worker may
-- name any viewer, and would learn by these who works on what.
REVOKE EXECUTE ON FUNCTION sapr_viewer_cases(), sapr_readable_cases(), sapr_viewer_installations(),
    sapr_case_asked_for(text), sapr_case_is_unclaimed(uuid), sapr_on_hold(uuid), sapr_case_held(uuid), sapr_identity_openings(timestamptz, text[]),
    sapr_independent(uuid, timestamptz, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_viewer_cases(), sapr_readable_cases(), sapr_viewer_installations(),
    sapr_case_asked_for(text), sapr_case_is_unclaimed(uuid), sapr_on_hold(uuid), sapr_case_held(uuid), sapr_identity_openings(timestamptz, text[]),
    sapr_independent(uuid, timestamptz, uuid) TO $web;
