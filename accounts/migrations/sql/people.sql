-- Rights by two persons, certifications, sessions, failures to sign in, second factors.

-- Real time, by which people at a keyboard are measured; a rehearsal's held clock, so that tests can wait.
CREATE FUNCTION sapr_keyboard_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN coalesce((SELECT sapr_now() FROM sapr_database WHERE kind = 'rehearsal'), clock_timestamp());
END
$$$$;

-- Behind an account stands also whoever made an enrolment link of it: they could have used it. The rest as it was
-- (reports/0003).
CREATE OR REPLACE FUNCTION sapr_behind(person uuid) RETURNS uuid[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    WITH RECURSIVE behind (id) AS (
        SELECT person
        UNION
        SELECT e.actor_id FROM behind b JOIN reports_event e ON e.data ->> 'user' = b.id::text
        WHERE e.case_id = '00000000-0000-0000-0000-000000000000' AND e.actor_id IS NOT NULL
          AND (e.kind IN ('user_created', 'enrolment_created')
               OR e.kind = 'appointment_made' AND e.data ->> 'role' = 'programme_manager'))
    SELECT array_agg(id) FROM behind
$$$$;

-- Appointed before the proposal, and now also approved before it; the rest as it was (reports/0003).
CREATE OR REPLACE FUNCTION sapr_second_person(proposer uuid, since timestamptz, decider uuid) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$$$
    SELECT NOT sapr_behind(proposer) && sapr_behind(decider) AND NOT EXISTS (
        SELECT FROM reports_event
        WHERE case_id = '00000000-0000-0000-0000-000000000000'
          AND kind IN ('appointment_made', 'appointment_approved')
          AND data ->> 'user' = decider::text AND data ->> 'role' = 'programme_manager' AND recorded_at > since)
$$$$;

-- What the viewer holds at this moment: approved, in its time, and for SARC and SAPR VA certified (AG-01, AG-03).
CREATE OR REPLACE FUNCTION sapr_viewer_posts() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    certified boolean := EXISTS (
        SELECT 1 FROM accounts_certification c
        WHERE c.user_id = who AND c.starts_at <= instant AND c.ends_at > instant
          AND (c.revoked_at IS NULL OR c.revoked_at > instant));
BEGIN
    RETURN (
        SELECT coalesce(array_agg(a.post_id), '{}')
        FROM accounts_appointment a
        JOIN accounts_user u ON u.id = a.user_id AND u.is_active
        JOIN accounts_post p ON p.id = a.post_id
        WHERE a.user_id = who AND a.state = 'approved' AND a.starts_at <= instant
          AND (a.ends_at IS NULL OR a.ends_at > instant)
          AND (certified OR p.role NOT IN ('sarc', 'sapr_va')));
END
$$$$;

-- An appointment is proposed by one programme manager and approved by an independent second one, each in their own
-- name. Without a viewer the system makes it (a demo, a rehearsal); in a real database only while there are not two
-- programme managers, who could do so themselves.
CREATE FUNCTION accounts_managers_in_force() RETURNS uuid[] LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE instant timestamptz := sapr_now();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT a.user_id), '{}')
        FROM accounts_appointment a
        JOIN accounts_user u ON u.id = a.user_id AND u.is_active
        JOIN accounts_post p ON p.id = a.post_id AND p.role = 'programme_manager'
        WHERE a.state = 'approved' AND a.starts_at <= instant AND (a.ends_at IS NULL OR a.ends_at > instant));
END
$$$$;
DROP TRIGGER accounts_appointment_ends_once ON accounts_appointment;
CREATE FUNCTION accounts_appointment_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
BEGIN
    IF who IS NOT NULL AND NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'only a programme manager changes appointments' USING ERRCODE = 'SA002';
    END IF;
    IF who = NEW.user_id THEN
        RAISE EXCEPTION 'nobody changes their own appointments' USING ERRCODE = 'SA002';
    END IF;
    -- Whoever makes a link for this person at the same moment waits (accounts_enrolment_rules).
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.proposed_by_id IS DISTINCT FROM who OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'an appointment is proposed in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        IF who IS NULL AND EXISTS (SELECT 1 FROM sapr_database WHERE kind = 'real')
           AND (cardinality(accounts_managers_in_force()) > 1
                OR NOT EXISTS (SELECT 1 FROM accounts_post WHERE id = NEW.post_id AND role = 'programme_manager')) THEN
            RAISE EXCEPTION 'in a real database two programme managers appoint' USING ERRCODE = 'SA002';
        END IF;
        NEW.proposed_at := CASE WHEN who IS NOT NULL THEN instant END;
        NEW.decided_at := NULL;
        RETURN NEW;
    END IF;
    IF (OLD.id, OLD.user_id, OLD.post_id, OLD.proposed_by_id, OLD.proposed_at)
       IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.post_id, NEW.proposed_by_id, NEW.proposed_at) THEN
        RAISE EXCEPTION 'an appointment stands as it was proposed' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'proposed' THEN
        IF NEW.state = 'proposed' OR who IS NULL OR NEW.decided_by_id IS DISTINCT FROM who
           OR (OLD.starts_at, OLD.ends_at) IS DISTINCT FROM (NEW.starts_at, NEW.ends_at) THEN
            RAISE EXCEPTION 'an appointment is decided once, in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.state = 'approved' AND NOT sapr_second_person(OLD.proposed_by_id, OLD.proposed_at, who) THEN
            RAISE EXCEPTION 'an appointment is approved by an independent second person' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.state = 'approved' AND NOT OLD.proposed_by_id = ANY (accounts_managers_in_force()) THEN
            RAISE EXCEPTION 'who proposed this appointment is no programme manager any more' USING ERRCODE = 'SA002';
        END IF;
        NEW.decided_at := instant;
        IF NEW.state = 'approved' THEN
            -- Whoever still holds a link of theirs must not become somebody who is in force.
            UPDATE accounts_enrolment SET used_at = instant WHERE user_id = NEW.user_id AND used_at IS NULL;
            -- Nothing was in force before: who is told what since when must not be moved back.
            NEW.starts_at := greatest(OLD.starts_at, instant);
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, OLD.decided_by_id, OLD.decided_at, OLD.starts_at)
       IS DISTINCT FROM (NEW.state, NEW.decided_by_id, NEW.decided_at, NEW.starts_at)
       OR OLD.state = 'refused' OR OLD.ends_at <= instant
       OR OLD.ends_at IS NOT NULL AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at) THEN
        RAISE EXCEPTION 'an appointment is only ever ended, once, or earlier than planned' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON accounts_appointment
    FOR EACH ROW EXECUTE FUNCTION accounts_appointment_rules();
GRANT UPDATE (state, decided_by_id, decided_at) ON accounts_appointment TO $web;

-- For whom a manager may make an enrolment link, by which its holder becomes that person: an account that the manager
-- added and that nobody enrolled in, proposed or appointed. Everybody else's link comes from the command line.
CREATE FUNCTION accounts_links_for(maker uuid, person uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT maker <> person
       AND EXISTS (SELECT FROM accounts_user WHERE id = person AND is_active AND password LIKE '!%')
       AND NOT EXISTS (SELECT FROM accounts_appointment WHERE user_id = person AND state <> 'refused')
       AND coalesce((
           SELECT bool_and(actor_id IS NOT DISTINCT FROM maker) FROM reports_event
           WHERE case_id = '00000000-0000-0000-0000-000000000000'
             AND kind = 'user_created' AND data ->> 'user' = person::text), false)
$$$$;
CREATE FUNCTION accounts_enrolment_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.used_at IS NOT NULL THEN
            RAISE EXCEPTION 'a used or closed link stays closed' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    IF who IS NOT NULL AND NOT (
        'programme_manager' = ANY (sapr_viewer_roles()) AND accounts_links_for(who, NEW.user_id)) THEN
        RAISE EXCEPTION 'a manager makes a link only for a new account of their own making' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON accounts_enrolment
    FOR EACH ROW EXECUTE FUNCTION accounts_enrolment_rules();

-- A certification is recorded by a programme manager, never one's own, and only ever revoked, once.
CREATE FUNCTION accounts_certification_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF who IS NULL AND EXISTS (SELECT 1 FROM sapr_database WHERE kind = 'real')
       OR who IS NOT NULL AND NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'only a programme manager records certifications' USING ERRCODE = 'SA002';
    END IF;
    IF who = NEW.user_id THEN
        RAISE EXCEPTION 'nobody changes their own certification' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.recorded_by_id IS DISTINCT FROM who OR NEW.revoked_at IS NOT NULL THEN
            RAISE EXCEPTION 'a certification is recorded in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        -- Renewed every two years (AG-05); whole days, wherever they begin.
        IF who IS NOT NULL AND NEW.ends_at > NEW.starts_at + interval '2 years 2 days' THEN
            RAISE EXCEPTION 'a certification is renewed every two years' USING ERRCODE = 'SA002';
        END IF;
    ELSIF (OLD.id, OLD.user_id, OLD.starts_at, OLD.ends_at, OLD.recorded_by_id)
          IS DISTINCT FROM (NEW.id, NEW.user_id, NEW.starts_at, NEW.ends_at, NEW.recorded_by_id)
          OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a certification is only ever revoked, once' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON accounts_certification
    FOR EACH ROW EXECUTE FUNCTION accounts_certification_rules();
GRANT SELECT, INSERT ON accounts_certification TO $web;
GRANT UPDATE (revoked_at) ON accounts_certification TO $web;
-- Whether somebody may still be reminded as a SARC is the worker's to know.
GRANT SELECT ON accounts_certification TO $worker;

-- A unit belongs to an installation, everything else to a higher command or to nothing: so each unit has one
-- installation, whoever looks for it.
CREATE FUNCTION accounts_location_belongs() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE above text := (SELECT kind FROM accounts_location WHERE id = NEW.parent_id);
BEGIN
    IF above IS DISTINCT FROM 'installation' AND NEW.kind = 'unit'
       OR NEW.kind <> 'unit' AND above <> 'command' THEN
        RAISE EXCEPTION 'a unit belongs to an installation, an installation to a command' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER belongs BEFORE INSERT OR UPDATE ON accounts_location
    FOR EACH ROW EXECUTE FUNCTION accounts_location_belongs();

CREATE TRIGGER stays_closed BEFORE UPDATE ON accounts_user
    FOR EACH ROW WHEN (NEW.is_active AND NOT OLD.is_active)
    EXECUTE FUNCTION sapr_refuse('a closed account stays closed');

-- Sessions are rows of our own now; nobody reads or writes Django's.
REVOKE ALL ON django_session FROM $web;
GRANT SELECT, INSERT, UPDATE, DELETE ON accounts_session TO $web;

-- Failures are counted, and forgotten by time alone.
GRANT SELECT, INSERT, DELETE ON accounts_signinfailure TO $web;
CREATE TRIGGER by_time_alone BEFORE DELETE ON accounts_signinfailure
    FOR EACH ROW WHEN (OLD.at > sapr_keyboard_now() - interval '1 day')
    EXECUTE FUNCTION sapr_refuse('failures to sign in are forgotten by time alone');

-- The command line binds a certificate to an account; nobody at the desk does.
GRANT SELECT, INSERT, DELETE ON accounts_clientcertificate TO $web;
CREATE TRIGGER by_the_system BEFORE INSERT OR DELETE ON accounts_clientcertificate
    FOR EACH ROW WHEN (sapr_viewer() IS NOT NULL)
    EXECUTE FUNCTION sapr_refuse('a certificate is bound by the command line');

-- Second factors: each person reaches their own rows and nobody else's, managers included. The worker reaches none.
ALTER TABLE mfa_authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE mfa_authenticator FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON mfa_authenticator TO $web USING (user_id = sapr_viewer()) WITH CHECK (user_id = sapr_viewer());
GRANT SELECT, INSERT, UPDATE, DELETE ON mfa_authenticator TO $web;
