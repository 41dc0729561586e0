-- Who holds which role where, from when until when: a line for each stretch in which an appointment counts. Approved, the
-- account open, and for SARC and SAPR VA certified (AG-01, AG-03); the place is the post's installation or command. Derived
-- from appointments, certifications, accounts, posts and places whenever one of them changes, in the same statement, by the
-- database alone: no account may write it. What is left to be asked is the instant, so that row-level security, which asks
-- for each table of each statement, takes one look where it took six.
CREATE TABLE accounts_held (
    appointment_id uuid NOT NULL,
    user_id uuid NOT NULL,
    post_id uuid NOT NULL,
    role text NOT NULL,
    place uuid,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (appointment_id, starts_at),
    CHECK (ends_at > starts_at)
);
CREATE INDEX accounts_held_whose ON accounts_held (user_id);
CREATE INDEX accounts_held_post ON accounts_held (post_id);
GRANT SELECT ON accounts_held TO $web, $worker;

CREATE FUNCTION accounts_held_anew(people uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    -- What is seen here must be what stands: whoever comes second sees what the first wrote.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'who holds what changes under read committed alone' USING ERRCODE = 'SA002';
    END IF;
    PERFORM FROM accounts_user WHERE id = ANY (people) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM accounts_held WHERE user_id = ANY (people);
    INSERT INTO accounts_held (appointment_id, user_id, post_id, role, place, starts_at, ends_at)
    SELECT a.id, a.user_id, a.post_id, p.role, sapr_installation_of(p.location_id), lower(stretch), upper(stretch)
    FROM accounts_appointment a
    JOIN accounts_user u ON u.id = a.user_id AND u.is_active
    JOIN accounts_post p ON p.id = a.post_id
    CROSS JOIN LATERAL unnest(
        tstzmultirange(tstzrange(a.starts_at, coalesce(a.ends_at, 'infinity')))
        * CASE WHEN p.role NOT IN ('sarc', 'sapr_va') THEN '{[-infinity,infinity)}'::tstzmultirange ELSE (
            SELECT coalesce(range_agg(tstzrange(c.starts_at, least(c.ends_at, c.revoked_at))), '{}')
            FROM accounts_certification c
            WHERE c.user_id = a.user_id AND least(c.ends_at, c.revoked_at) > c.starts_at) END) AS stretch
    WHERE a.user_id = ANY (people) AND a.state = 'approved';
END
$$$$;
REVOKE ALL ON FUNCTION accounts_held_anew(uuid[]) FROM PUBLIC;

CREATE FUNCTION accounts_held_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM accounts_held_anew(CASE TG_TABLE_NAME
        WHEN 'accounts_user' THEN ARRAY[NEW.id]
        WHEN 'accounts_post' THEN ARRAY(SELECT user_id FROM accounts_appointment WHERE post_id = NEW.id)
        ELSE ARRAY(SELECT user_id FROM accounts_appointment) END);
    RETURN NULL;
END
$$$$;
CREATE FUNCTION accounts_held_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM accounts_held_anew(ARRAY[NEW.user_id, OLD.user_id]);
    RETURN NULL;
END
$$$$;
CREATE TRIGGER held_follows AFTER INSERT OR UPDATE OR DELETE ON accounts_appointment
    FOR EACH ROW EXECUTE FUNCTION accounts_held_changes();
CREATE TRIGGER held_follows AFTER INSERT OR UPDATE OR DELETE ON accounts_certification
    FOR EACH ROW EXECUTE FUNCTION accounts_held_changes();
CREATE TRIGGER held_follows AFTER UPDATE OF is_active ON accounts_user
    FOR EACH ROW WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION accounts_held_follows();
CREATE TRIGGER held_follows AFTER UPDATE OF role, location_id ON accounts_post
    FOR EACH ROW WHEN ((OLD.role, OLD.location_id) IS DISTINCT FROM (NEW.role, NEW.location_id))
    EXECUTE FUNCTION accounts_held_follows();
CREATE TRIGGER held_follows AFTER UPDATE OF kind, parent_id ON accounts_location
    FOR EACH ROW WHEN ((OLD.kind, OLD.parent_id) IS DISTINCT FROM (NEW.kind, NEW.parent_id))
    EXECUTE FUNCTION accounts_held_follows();
SELECT accounts_held_anew(ARRAY(SELECT id FROM accounts_user));

-- What the viewer holds now, as it was said before: in its time; where an outside system asks, at the places of its key.
CREATE OR REPLACE FUNCTION sapr_viewer_held() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    -- As sapr_viewer() and sapr_now(): to call them is half of what this takes.
    who uuid := nullif(current_setting('sapr.viewer', true), '')::uuid;
    instant timestamptz := coalesce((SELECT coalesce(held_at, clock_timestamp() + moved_by) FROM sapr_database),
                                    clock_timestamp());
    asking text := nullif(current_setting('sapr.client', true), '');
    within uuid[];
    held text[];
BEGIN
    IF asking IS NOT NULL THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = asking::uuid AND c.user_id = who AND c.ended_at IS NULL AND k.state = 'approved'
          AND k.revoked_at IS NULL AND k.expires_at > instant;
        within := coalesce(within, '{}');
    END IF;
    SELECT array_agg(h.role || '/' || h.place) INTO held FROM accounts_held h
    WHERE h.user_id = who AND h.starts_at <= instant AND h.ends_at > instant
      AND (within IS NULL OR h.place = ANY (within));
    RETURN coalesce(held, '{}');
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_viewer_posts() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    asking text := nullif(current_setting('sapr.client', true), '');
    within uuid[];
    held uuid[];
BEGIN
    IF asking IS NOT NULL THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = asking::uuid AND c.user_id = who AND c.ended_at IS NULL AND k.state = 'approved'
          AND k.revoked_at IS NULL AND k.expires_at > instant;
        within := coalesce(within, '{}');
    END IF;
    SELECT array_agg(h.post_id) INTO held FROM accounts_held h
    WHERE h.user_id = who AND h.starts_at <= instant AND h.ends_at > instant
      AND (within IS NULL OR h.place = ANY (within));
    RETURN coalesce(held, '{}');
END
$$$$;
