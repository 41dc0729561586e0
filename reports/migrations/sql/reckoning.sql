-- The counts of a fiscal year over all installations, for a programme manager, who sees no case: totals and nothing
-- else. Definer: it reads reports of whatever case. Restricted first, converted later, is Restricted when it was signed.
CREATE FUNCTION sapr_annual_counts(fy integer, OUT restricted_initial bigint, OUT unrestricted_initial bigint,
                                   OUT converted_same_year bigint, OUT conversions bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    first date := make_date(fy - 1, 10, 1);
    last date := make_date(fy, 9, 30);
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'the counts of a year are a programme manager''s' USING ERRCODE = 'SA002';
    END IF;
    SELECT count(*) FILTER (WHERE signed BETWEEN first AND last AND was_restricted),
           count(*) FILTER (WHERE signed BETWEEN first AND last AND NOT was_restricted),
           count(*) FILTER (WHERE signed BETWEEN first AND last AND converted <= last),
           count(*) FILTER (WHERE converted BETWEEN first AND last)
    INTO restricted_initial, unrestricted_initial, converted_same_year, conversions
    FROM (SELECT (r.signed_at AT TIME ZONE l.zone)::date AS signed,
                 (r.converted_at AT TIME ZONE l.zone)::date AS converted,
                 r.election = 'restricted' OR r.converted_at IS NOT NULL AS was_restricted
          FROM reports_report r JOIN reports_case c ON c.id = r.case_id
          JOIN accounts_location l ON l.id = c.installation_id) AS reports;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_annual_counts(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_annual_counts(integer) TO $web;

-- The rehearsal of the duties reads them as the owner, on the command line; what it tells holds no case.
CREATE POLICY rehearsed ON reports_duty FOR SELECT TO $owner USING (true);
