-- What it costs to ask what the viewer holds. What is said is said as before.

-- In one look, the clock within it. A statement that reaches a case asks it for each policy of its tables.
CREATE OR REPLACE FUNCTION sapr_viewer_held() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    within uuid[];
BEGIN
    IF current_setting('sapr.client', true) <> '' THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = current_setting('sapr.client')::uuid AND c.user_id = sapr_viewer() AND c.ended_at IS NULL
          AND k.state = 'approved' AND k.revoked_at IS NULL AND k.expires_at > sapr_now();
        within := coalesce(within, '{}');
    END IF;
    RETURN ARRAY(
        SELECT h.role || '/' || h.place FROM accounts_held h LEFT JOIN sapr_database clock ON true
        WHERE h.user_id = nullif(current_setting('sapr.viewer', true), '')::uuid
          AND h.starts_at <= coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp())
          AND h.ends_at > coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp())
          AND (within IS NULL OR h.place = ANY (within)));
END
$$$$;

-- Its roles from the same rows, not from what these are put into words as; of a key that is limited to places as before.
CREATE OR REPLACE FUNCTION sapr_viewer_roles() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF current_setting('sapr.client', true) <> '' THEN
        RETURN ARRAY(SELECT DISTINCT split_part(h, '/', 1) FROM unnest(sapr_viewer_held()) AS h);
    END IF;
    RETURN ARRAY(
        SELECT DISTINCT CASE WHEN h.place IS NOT NULL THEN h.role END
        FROM accounts_held h LEFT JOIN sapr_database clock ON true
        WHERE h.user_id = nullif(current_setting('sapr.viewer', true), '')::uuid
          AND h.starts_at <= coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp())
          AND h.ends_at > coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp()));
END
$$$$;
