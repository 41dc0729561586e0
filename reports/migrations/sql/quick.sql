-- Counts that are kept while reports are made, so that nobody goes through all of them to count: a line for each change,
-- which waits for nobody, and the lines are added up. Whoever reads many of them leaves fewer.
ALTER TABLE reports_yeartally ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_yeartally FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_yeartally TO $owner USING (true) WITH CHECK (true);
ALTER TABLE reports_worktally ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_worktally FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_worktally TO $owner USING (true) WITH CHECK (true);

-- The fiscal year of an instant where a case lies; 0 for no instant.
CREATE FUNCTION sapr_fiscal_year(at timestamptz, zone text) RETURNS integer LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN COALESCE(date_part('year', (at AT TIME ZONE zone) + interval '3 months')::integer, 0);
END
$$$$;

CREATE FUNCTION sapr_tally_report(r reports_report, by integer) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_yeartally (id, signed_fy, converted_fy, was_restricted, reports)
    SELECT gen_random_uuid(), sapr_fiscal_year(r.signed_at, l.zone), sapr_fiscal_year(r.converted_at, l.zone),
           r.election = 'restricted' OR r.converted_at IS NOT NULL, by
    FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id WHERE c.id = r.case_id;
    INSERT INTO reports_worktally (id, user_id, role, place, election, cases)
    SELECT gen_random_uuid(), a.user_id, a.role, a.place, r.election, by
    FROM reports_assignment a WHERE a.case_id = r.case_id AND a.ended_at IS NULL;
END
$$$$;
CREATE FUNCTION sapr_tallies_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM sapr_tally_report(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM sapr_tally_report(NEW, 1);
    END IF;
    RETURN NULL;
END
$$$$;
-- An import enters many at once and counts them at once (`sapr_tally_entered`).
CREATE TRIGGER tallied AFTER INSERT OR DELETE OR UPDATE OF election, signed_at, converted_at ON reports_report
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_tallies_report();

CREATE FUNCTION sapr_tallies_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.ended_at IS NULL THEN
        INSERT INTO reports_worktally (id, user_id, role, place, election, cases)
        SELECT gen_random_uuid(), OLD.user_id, OLD.role, OLD.place, r.election, -1
        FROM reports_report r WHERE r.case_id = OLD.case_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.ended_at IS NULL THEN
        INSERT INTO reports_worktally (id, user_id, role, place, election, cases)
        SELECT gen_random_uuid(), NEW.user_id, NEW.role, NEW.place, r.election, 1
        FROM reports_report r WHERE r.case_id = NEW.case_id;
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER tallied AFTER INSERT OR DELETE OR UPDATE OF ended_at, place ON reports_assignment
    FOR EACH ROW WHEN (NOT sapr_importing()) EXECUTE FUNCTION sapr_tallies_assignment();

-- Cases that came past these triggers, counted together. The owner's.
CREATE FUNCTION sapr_tally_entered(cases uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_yeartally (id, signed_fy, converted_fy, was_restricted, reports)
    SELECT gen_random_uuid(), signed, converted, was, count(*)
    FROM (SELECT sapr_fiscal_year(r.signed_at, l.zone) AS signed, sapr_fiscal_year(r.converted_at, l.zone) AS converted,
                 r.election = 'restricted' OR r.converted_at IS NOT NULL AS was
          FROM reports_report r JOIN reports_case c ON c.id = r.case_id
          JOIN accounts_location l ON l.id = c.installation_id
          WHERE cases IS NULL OR r.case_id = ANY (cases)) AS each
    GROUP BY signed, converted, was;
    INSERT INTO reports_worktally (id, user_id, role, place, election, cases)
    SELECT gen_random_uuid(), a.user_id, a.role, a.place, r.election, count(*)
    FROM reports_assignment a JOIN reports_report r ON r.case_id = a.case_id
    WHERE a.ended_at IS NULL AND (cases IS NULL OR a.case_id = ANY (cases)) GROUP BY a.user_id, a.role, a.place, r.election;
END
$$$$;
CREATE FUNCTION sapr_tally_anew() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    DELETE FROM reports_yeartally;
    DELETE FROM reports_worktally;
    PERFORM sapr_tally_entered(NULL);
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_tally_anew(), sapr_tally_entered(uuid[]), sapr_tally_report(reports_report, integer) FROM PUBLIC;

-- What the viewer works on, by role, place and election. Nobody else's.
CREATE FUNCTION sapr_work_counted() RETURNS TABLE (role varchar, place uuid, election varchar, cases bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE me uuid := sapr_viewer();
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM reports_worktally t WHERE t.user_id = me LIMIT 200) AS lines) = 200 THEN
        WITH gone AS (
            DELETE FROM reports_worktally t WHERE t.id IN (
                SELECT l.id FROM reports_worktally l WHERE l.user_id = me FOR UPDATE SKIP LOCKED)
            RETURNING t.role, t.place, t.election, t.cases)
        INSERT INTO reports_worktally (id, user_id, role, place, election, cases)
        SELECT gen_random_uuid(), me, g.role, g.place, g.election, sum(g.cases) FROM gone g
        GROUP BY g.role, g.place, g.election HAVING sum(g.cases) <> 0;
    END IF;
    RETURN QUERY SELECT t.role, t.place, t.election, sum(t.cases)::bigint FROM reports_worktally t
        WHERE t.user_id = me GROUP BY t.role, t.place, t.election;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_work_counted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_work_counted() TO $web;

CREATE OR REPLACE FUNCTION sapr_annual_counts(fy integer, OUT restricted_initial bigint, OUT unrestricted_initial bigint,
                                              OUT converted_same_year bigint, OUT conversions bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'the counts of a year are a programme manager''s' USING ERRCODE = 'SA002';
    END IF;
    IF (SELECT count(*) FROM (SELECT FROM reports_yeartally LIMIT 2000) AS lines) = 2000 THEN
        WITH gone AS (
            DELETE FROM reports_yeartally t WHERE t.id IN (
                SELECT l.id FROM reports_yeartally l FOR UPDATE SKIP LOCKED)
            RETURNING t.signed_fy, t.converted_fy, t.was_restricted, t.reports)
        INSERT INTO reports_yeartally (id, signed_fy, converted_fy, was_restricted, reports)
        SELECT gen_random_uuid(), g.signed_fy, g.converted_fy, g.was_restricted, sum(g.reports) FROM gone g
        GROUP BY g.signed_fy, g.converted_fy, g.was_restricted HAVING sum(g.reports) <> 0;
    END IF;
    SELECT COALESCE(sum(t.reports) FILTER (WHERE t.signed_fy = fy AND t.was_restricted), 0),
           COALESCE(sum(t.reports) FILTER (WHERE t.signed_fy = fy AND NOT t.was_restricted), 0),
           COALESCE(sum(t.reports) FILTER (WHERE t.signed_fy = fy AND t.converted_fy = fy), 0),
           COALESCE(sum(t.reports) FILTER (WHERE t.converted_fy = fy), 0)
    INTO restricted_initial, unrestricted_initial, converted_same_year, conversions FROM reports_yeartally t;
END
$$$$;

-- Of rows that are there already.
SELECT sapr_tally_anew();
