-- Calendar feeds. A person sees, makes and revokes their own; what somebody without a session fetches by a token is
-- answered by one function, which says nothing of whose it is.
ALTER TABLE reports_feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_feed FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_feed TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own ON reports_feed FOR SELECT TO $web USING (user_id = sapr_viewer());
CREATE POLICY made ON reports_feed FOR INSERT TO $web WITH CHECK (user_id = sapr_viewer());
CREATE POLICY revoked ON reports_feed FOR UPDATE TO $web
    USING (user_id = sapr_viewer()) WITH CHECK (user_id = sapr_viewer());
GRANT SELECT, INSERT ON reports_feed TO $web;
GRANT UPDATE (revoked_at) ON reports_feed TO $web;

CREATE FUNCTION sapr_feed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_at := sapr_now();
        NEW.revoked_at := NULL;
        NEW.counted_from := NULL;
        NEW.fetches := 0;
        IF NOT EXISTS (
            SELECT FROM accounts_appointment a
            WHERE a.id = NEW.appointment_id AND a.user_id = sapr_viewer() AND a.post_id = ANY (sapr_viewer_posts())
              AND a.state = 'approved' AND a.starts_at <= NEW.made_at
              AND (a.ends_at IS NULL OR a.ends_at > NEW.made_at)
        ) THEN
            RAISE EXCEPTION 'a feed is made by its own person, for an appointment in force' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a revoked feed stays revoked' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.revoked_at IS NOT NULL THEN
        NEW.revoked_at := sapr_now();
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON reports_feed FOR EACH ROW EXECUTE FUNCTION sapr_feed_guard();

-- One look-up whatever the token is: unknown, revoked, run out and ended are the same nothing. `most` fetches in
-- `within` are answered; beyond that `spared` is true.
CREATE FUNCTION sapr_feed_fetch(wanted bytea, most integer, within interval)
RETURNS TABLE (begins timestamptz, ends timestamptz, spared boolean) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE instant timestamptz := sapr_now();
BEGIN
    RETURN QUERY
    UPDATE reports_feed f
    SET counted_from = CASE WHEN f.counted_from > instant - within THEN f.counted_from ELSE instant END,
        fetches = CASE WHEN f.counted_from > instant - within THEN least(f.fetches + 1, most + 1) ELSE 1 END
    FROM accounts_appointment a
    JOIN accounts_user u ON u.id = a.user_id
    JOIN accounts_post p ON p.id = a.post_id
    WHERE f.token_hash = wanted AND f.revoked_at IS NULL AND f.expires_at > instant
      AND a.id = f.appointment_id AND a.user_id = f.user_id AND u.is_active
      AND a.state = 'approved' AND a.starts_at <= instant AND (a.ends_at IS NULL OR a.ends_at > instant)
      AND (p.role NOT IN ('sarc', 'sapr_va') OR EXISTS (
          SELECT FROM accounts_certification c
          WHERE c.user_id = u.id AND c.starts_at <= instant AND c.ends_at > instant
            AND (c.revoked_at IS NULL OR c.revoked_at > instant)))
    RETURNING f.made_at, f.expires_at, f.fetches > most;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_feed_fetch(bytea, integer, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_feed_fetch(bytea, integer, interval) TO $web;
