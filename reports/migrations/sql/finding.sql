-- Kept filters are their owner's to read, keep, change and forget; nobody else sees that there are any.
ALTER TABLE reports_savedfilter ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_savedfilter FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON reports_savedfilter TO $web USING (owner_id = sapr_viewer()) WITH CHECK (owner_id = sapr_viewer());
GRANT SELECT, INSERT, DELETE ON reports_savedfilter TO $web;
GRANT UPDATE (stands, running, place_id, role, due, kit, opened, opened_from, opened_to) ON reports_savedfilter TO $web;

-- What stands late, by installation, and what falls due within a day over all of them together: for a programme manager,
-- who sees no case. Late duties are told of anyway; what is not late yet is no place's, since a duty that begins at one
-- place would say that somebody reported there. Of each at most `most` rows are read and counted.
CREATE FUNCTION sapr_lateness(most integer) RETURNS TABLE (place uuid, duties bigint, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'what is late everywhere is a programme manager''s' USING ERRCODE = 'SA002';
    END IF;
    RETURN QUERY
        SELECT c.installation_id, count(*), min(d.due_at)
        FROM (SELECT case_id, due_at FROM reports_duty
              WHERE state = 'open' AND NOT immediate AND due_at < sapr_now() ORDER BY due_at LIMIT most) AS d
        JOIN reports_case c ON c.id = d.case_id GROUP BY c.installation_id;
    RETURN QUERY
        SELECT NULL::uuid, count(*), NULL::timestamptz
        FROM (SELECT FROM reports_duty
              WHERE state = 'open' AND NOT immediate AND due_at >= sapr_now()
                AND due_at <= sapr_now() + interval '24 hours' LIMIT most) AS d;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_lateness(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_lateness(integer) TO $web;
