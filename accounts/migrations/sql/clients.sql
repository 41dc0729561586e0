-- API clients: outside systems whose keys are narrower than what their account may do, and how fast somebody may ask.

ALTER TABLE accounts_clientkey
    ADD CONSTRAINT accounts_clientkey_digests CHECK (octet_length(key_hash) = 32 AND octet_length(fingerprint) = 32),
    ADD CONSTRAINT accounts_clientkey_scope CHECK (
        cardinality(places) BETWEEN 1 AND 50 AND cardinality(rooms) BETWEEN 1 AND 50 AND cardinality(verbs) > 0
        AND verbs <@ ARRAY['read', 'write']::varchar[] AND cardinality(fields) <= 300
        AND array_to_string(rooms, ' ') ~ '^[a-z][a-z-]*( [a-z][a-z-]*)*$$'
        AND array_to_string(fields, ' ') ~ '^([a-z][a-z-]*:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*( |$$))*$$');
GRANT SELECT, INSERT ON accounts_client, accounts_clientkey TO $web;
GRANT UPDATE (per_minute, ended_at) ON accounts_client TO $web;
GRANT UPDATE (state, decided_by_id, decided_at, prefix, key_hash, expires_at, revoked_at, last_used_on)
    ON accounts_clientkey TO $web;

-- The key by which an outside system asks in this transaction; nothing where a person does.
CREATE FUNCTION accounts_asking_key() RETURNS uuid LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN nullif(current_setting('sapr.client', true), '')::uuid;
END
$$$$;

-- A client is made by a programme manager in their own name, or by the command line; it is ended once, also by the
-- person in whose name it acts, and nothing else of it changes but how often it may ask.
CREATE FUNCTION accounts_client_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    manages boolean := who IS NULL OR 'programme_manager' = ANY (sapr_viewer_roles());
BEGIN
    IF accounts_asking_key() IS NOT NULL THEN
        RAISE EXCEPTION 'an outside system makes and ends no client' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT manages OR NEW.made_by_id IS DISTINCT FROM who OR NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'a client is made by a programme manager in their own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.made_at := sapr_now();
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a client that was ended stays as it is' USING ERRCODE = 'SA002';
    END IF;
    IF NOT manages AND (who <> OLD.user_id OR NEW.per_minute <> OLD.per_minute) THEN
        RAISE EXCEPTION 'only a programme manager changes a client' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.ended_at IS NOT NULL THEN
        NEW.ended_at := sapr_now();
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON accounts_client
    FOR EACH ROW EXECUTE FUNCTION accounts_client_rules();

-- Whether somebody signs in to this account, or could: by a password, a card, or a link that is still open.
CREATE FUNCTION accounts_is_somebodys(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT FROM accounts_user WHERE id = person AND password NOT LIKE '!%')
        OR EXISTS (SELECT FROM accounts_clientcertificate WHERE user_id = person)
        OR EXISTS (SELECT FROM accounts_enrolment
                   WHERE user_id = person AND used_at IS NULL AND expires_at > sapr_now());
END
$$$$;

-- A key is proposed by a programme manager and agreed to by the person in whose name it acts; where nobody signs in to
-- that account, by an independent second manager. Whoever holds a key in use lets another follow it, of the same scope.
-- Its scope never changes; its end only comes nearer.
CREATE FUNCTION accounts_client_key_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    asking uuid := accounts_asking_key();
    manages boolean := asking IS NULL AND 'programme_manager' = ANY (sapr_viewer_roles());
    whose accounts_client;
    earlier accounts_clientkey;
BEGIN
    SELECT * INTO whose FROM accounts_client WHERE id = NEW.client_id;
    IF TG_OP = 'INSERT' THEN
        IF whose.ended_at IS NOT NULL OR NEW.revoked_at IS NOT NULL OR NEW.last_used_on IS NOT NULL OR EXISTS (
            SELECT FROM unnest(NEW.places) AS p(id) WHERE NOT EXISTS (
                SELECT FROM accounts_location l WHERE l.id = p.id AND l.kind IN ('installation', 'command'))) THEN
            RAISE EXCEPTION 'a key is new, of a client in use, for installations or commands' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.proposed_by_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'a key is proposed in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.follows_id IS NOT NULL THEN
            SELECT * INTO earlier FROM accounts_clientkey
            WHERE id = NEW.follows_id AND client_id = NEW.client_id AND state = 'approved'
              AND revoked_at IS NULL AND expires_at > instant;
            IF earlier.id IS NULL
               OR (earlier.places, earlier.rooms, earlier.verbs, earlier.fields, earlier.fingerprint)
                  IS DISTINCT FROM (NEW.places, NEW.rooms, NEW.verbs, NEW.fields, NEW.fingerprint) THEN
                RAISE EXCEPTION 'a key follows one in use and has its scope' USING ERRCODE = 'SA002';
            END IF;
        END IF;
        NEW.proposed_at := instant;
        NEW.decided_at := CASE WHEN NEW.state = 'approved' THEN instant END;
        IF NEW.state = 'proposed' AND manages AND who <> whose.user_id AND NEW.decided_by_id IS NULL THEN
            RETURN NEW;
        END IF;
        IF NEW.state <> 'approved' OR NEW.decided_by_id IS DISTINCT FROM who
           OR who IS NOT NULL AND (who <> whose.user_id OR earlier.id IS NULL
                                   OR earlier.id <> coalesce(asking, earlier.id)) THEN
            RAISE EXCEPTION 'a key is proposed by a programme manager, for somebody else' USING ERRCODE = 'SA002';
        END IF;
    ELSE
        IF (OLD.id, OLD.client_id, OLD.places, OLD.rooms, OLD.verbs, OLD.fields, OLD.fingerprint, OLD.valid_days,
            OLD.proposed_by_id, OLD.proposed_at, OLD.follows_id)
           IS DISTINCT FROM (NEW.id, NEW.client_id, NEW.places, NEW.rooms, NEW.verbs, NEW.fields, NEW.fingerprint,
            NEW.valid_days, NEW.proposed_by_id, NEW.proposed_at, NEW.follows_id) THEN
            RAISE EXCEPTION 'what a key may do stands as it was proposed' USING ERRCODE = 'SA002';
        END IF;
        IF OLD.state <> 'proposed' THEN
            IF OLD.state = 'refused' OR OLD.revoked_at IS NOT NULL
               OR (OLD.state, OLD.decided_by_id, OLD.decided_at, OLD.prefix, OLD.key_hash)
                  IS DISTINCT FROM (NEW.state, NEW.decided_by_id, NEW.decided_at, NEW.prefix, NEW.key_hash)
               OR NEW.expires_at > OLD.expires_at OR NEW.last_used_on > instant::date
               OR OLD.last_used_on IS NOT NULL AND (NEW.last_used_on IS NULL OR NEW.last_used_on < OLD.last_used_on) THEN
                RAISE EXCEPTION 'a key in use is only ever used and ended' USING ERRCODE = 'SA002';
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.state = 'proposed' OR NEW.decided_by_id IS DISTINCT FROM who OR asking IS NOT NULL
           OR NEW.revoked_at IS NOT NULL OR NEW.last_used_on IS NOT NULL
           OR NOT (manages OR who IS NOT DISTINCT FROM whose.user_id) THEN
            RAISE EXCEPTION 'a key is decided once, in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.decided_at := instant;
        IF NEW.state = 'refused' THEN
            RETURN NEW;
        END IF;
        IF whose.ended_at IS NOT NULL OR NOT (
            CASE WHEN accounts_is_somebodys(whose.user_id) THEN who = whose.user_id
                 ELSE who <> whose.user_id AND sapr_second_person(OLD.proposed_by_id, OLD.proposed_at, who) END) THEN
            RAISE EXCEPTION 'a key is agreed to by the person in whose name it acts, or an independent second one'
                USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF NEW.expires_at > instant + make_interval(days => NEW.valid_days) THEN
        RAISE EXCEPTION 'a key lives as long as was proposed' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER rules BEFORE INSERT OR UPDATE ON accounts_clientkey
    FOR EACH ROW EXECUTE FUNCTION accounts_client_key_rules();

-- What the viewer holds at this moment, as in accounts/0004; where an outside system asks, at the places of its key alone.
-- All that row-level security knows of roles and cases comes from here. A key that is none of the viewer's holds nothing.
CREATE OR REPLACE FUNCTION sapr_viewer_posts() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    asking text := nullif(current_setting('sapr.client', true), '');
    within uuid[];
    certified boolean := EXISTS (
        SELECT 1 FROM accounts_certification c
        WHERE c.user_id = who AND c.starts_at <= instant AND c.ends_at > instant
          AND (c.revoked_at IS NULL OR c.revoked_at > instant));
BEGIN
    IF asking IS NOT NULL THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = asking::uuid AND c.user_id = who AND c.ended_at IS NULL AND k.state = 'approved'
          AND k.revoked_at IS NULL AND k.expires_at > instant;
        within := coalesce(within, '{}');
    END IF;
    RETURN (
        SELECT coalesce(array_agg(a.post_id), '{}')
        FROM accounts_appointment a
        JOIN accounts_user u ON u.id = a.user_id AND u.is_active
        JOIN accounts_post p ON p.id = a.post_id
        WHERE a.user_id = who AND a.state = 'approved' AND a.starts_at <= instant
          AND (a.ends_at IS NULL OR a.ends_at > instant)
          AND (certified OR p.role NOT IN ('sarc', 'sapr_va'))
          AND (within IS NULL OR sapr_installation_of(p.location_id) = ANY (within)));
END
$$$$;

-- What is a person's own, whatever the place, is no outside system's: emergency access above all, through whichever
-- function it is read.
CREATE POLICY of_people ON reports_savedfilter AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_feed AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_draft AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_job AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_export AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_exportpart AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON mfa_authenticator AS RESTRICTIVE TO $web
    USING (coalesce(current_setting('sapr.client', true), '') = '');
CREATE POLICY of_people ON reports_breakglass AS RESTRICTIVE
    USING (coalesce(current_setting('sapr.client', true), '') = '');

-- How fast somebody asks. One row for each person or client, and in it the instant until which what was asked is paid
-- for, a minute ahead at most. Nobody reads it. It is in no log of the server: after a crash everybody begins anew.
CREATE UNLOGGED TABLE accounts_pace (subject uuid PRIMARY KEY, paid_until timestamptz NOT NULL);
-- 0: ask on; else for how many seconds to wait.
CREATE FUNCTION accounts_ask(who uuid, per_minute integer) RETURNS double precision LANGUAGE plpgsql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    instant timestamptz := sapr_keyboard_now();
    one interval := interval '1 minute' / per_minute;
    paid timestamptz;
BEGIN
    INSERT INTO accounts_pace AS p (subject, paid_until) VALUES (who, instant + one)
    ON CONFLICT (subject) DO UPDATE SET paid_until = greatest(p.paid_until, instant) + one
        -- A minute is not always a whole number of `one`.
        WHERE greatest(p.paid_until, instant) + one <= instant + interval '60.001 seconds';
    IF FOUND THEN
        RETURN 0;
    END IF;
    SELECT paid_until INTO paid FROM accounts_pace WHERE subject = who;
    RETURN extract(epoch FROM paid + one - interval '1 minute' - instant);
END
$$$$;
REVOKE EXECUTE ON FUNCTION accounts_ask(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_ask(uuid, integer) TO $web;
