GRANT SELECT, INSERT ON accounts_location, accounts_post, accounts_appointment, accounts_user,
    accounts_enrolment, accounts_apikey TO $web;
GRANT UPDATE (password, last_login, is_active) ON accounts_user TO $web;
GRANT UPDATE (ends_at) ON accounts_appointment TO $web;
GRANT UPDATE (used_at) ON accounts_enrolment TO $web;
GRANT UPDATE (revoked_at) ON accounts_apikey TO $web;
GRANT SELECT ON accounts_post, accounts_appointment TO $worker;
-- The worker writes to an address; it has no business with names or passwords.
GRANT SELECT (id, email, is_active) ON accounts_user TO $worker;

CREATE TRIGGER accounts_appointment_ends_once BEFORE UPDATE ON accounts_appointment
    FOR EACH ROW WHEN (OLD.ends_at <= sapr_now()
                       OR OLD.ends_at IS NOT NULL AND (NEW.ends_at IS NULL OR NEW.ends_at > OLD.ends_at)
                       OR OLD.id <> NEW.id OR OLD.user_id <> NEW.user_id OR OLD.post_id <> NEW.post_id
                       OR OLD.starts_at <> NEW.starts_at)
    EXECUTE FUNCTION sapr_refuse('an appointment is only ever ended, once, or earlier than planned');

CREATE FUNCTION accounts_post_has_higher() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
    IF NEW.next_higher_id IS NULL AND (NEW.role = 'unit_commander' OR NEW.role = 'senior_commander' AND EXISTS (
        SELECT 1 FROM accounts_location WHERE id = NEW.location_id AND kind = 'installation')) THEN
        RAISE EXCEPTION 'the commander of an installation or a unit has a next higher post' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER has_higher BEFORE INSERT OR UPDATE ON accounts_post
    FOR EACH ROW EXECUTE FUNCTION accounts_post_has_higher();

CREATE FUNCTION sapr_viewer() RETURNS uuid LANGUAGE sql STABLE AS $$$$
    SELECT nullif(current_setting('sapr.viewer', true), '')::uuid
$$$$;

-- What the viewer holds at this moment: the posts, and their roles. Reads the directory only.
CREATE FUNCTION sapr_viewer_posts() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
BEGIN
    RETURN (
        SELECT coalesce(array_agg(a.post_id), '{}')
        FROM accounts_appointment a JOIN accounts_user u ON u.id = a.user_id AND u.is_active
        WHERE a.user_id = who AND a.starts_at <= instant AND (a.ends_at IS NULL OR a.ends_at > instant));
END
$$$$;
CREATE FUNCTION sapr_viewer_roles() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    held uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT role::text), '{}') FROM accounts_post WHERE id = ANY (held));
END
$$$$;
