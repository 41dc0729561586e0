-- As before; duties that stand open and are late are gone through, not everything that was ever told.
CREATE OR REPLACE FUNCTION sapr_told_and_open() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    posts uuid[] := sapr_viewer_posts();
    places uuid[] := ARRAY(SELECT sapr_installation_of(location_id) FROM accounts_post WHERE id = ANY (posts));
    everywhere boolean := EXISTS (SELECT 1 FROM accounts_location WHERE id = ANY (places) AND kind <> 'installation');
BEGIN
    RETURN (SELECT coalesce(array_agg(d.id), '{}') FROM reports_duty d
            -- What was given longer time is late no more.
            WHERE d.state = 'open' AND d.due_at <= sapr_now() AND (everywhere OR d.place = ANY (places))
              AND EXISTS (SELECT 1 FROM notifications_escalation e
                          WHERE e.duty_id = d.id AND e.state = 'told' AND e.post_id = ANY (posts)));
END
$$$$;
