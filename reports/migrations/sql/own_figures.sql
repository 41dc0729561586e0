-- Figures of a SARC's own cases, however many they are: duties done are counted while they are closed and while cases pass
-- from one to another, as lines that are only added; kits are found by the place of their case and the day of issue.
ALTER TABLE reports_donetally ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_donetally FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_donetally TO $owner USING (true) WITH CHECK (true);

-- An instant that is in the same month as this one in every zone there is, and the same one for as many as can be: nobody
-- knows yet by whose calendar it will be counted. Zones are at most 14 hours from UTC, and by quarters of an hour.
CREATE FUNCTION sapr_in_month(at timestamptz) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    here timestamp := at AT TIME ZONE 'UTC';
    first timestamp := date_trunc('month', here);
BEGIN
    IF here < first + interval '15 hours' OR here >= first + interval '1 month' - interval '15 hours' THEN
        RETURN date_bin('15 minutes', at, '2000-01-01Z');
    END IF;
    RETURN (first + interval '15 hours') AT TIME ZONE 'UTC';
END
$$$$;
-- Whether a case is in its SARC's figures: all are but contacts that ended.
CREATE FUNCTION sapr_has_figures(walked_away_at timestamptz, state varchar) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN walked_away_at IS NULL OR state IN ('OPEN_LIMITED_INFO', 'CLOSED');

CREATE FUNCTION sapr_tally_done(wanted uuid, whose uuid, at_place uuid, by integer) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_donetally (id, user_id, place, since, kind, late, duties)
    SELECT gen_random_uuid(), whose, at_place, done.since, done.kind, done.late, by * count(*)
    FROM (SELECT sapr_in_month(d.closed_at) AS since, d.kind, d.state = 'missed' AS late FROM reports_duty d
          WHERE d.case_id = wanted AND d.state IN ('discharged', 'missed')) AS done
    GROUP BY done.since, done.kind, done.late;
END
$$$$;

-- A duty is closed once and stays so.
CREATE FUNCTION sapr_tallies_duty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_donetally (id, user_id, place, since, kind, late, duties)
    SELECT gen_random_uuid(), a.user_id, a.place, sapr_in_month(NEW.closed_at), NEW.kind, NEW.state = 'missed', 1
    FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
    WHERE a.case_id = NEW.case_id AND a.role = 'sarc' AND a.ended_at IS NULL AND sapr_has_figures(c.walked_away_at, c.state);
    RETURN NULL;
END
$$$$;
CREATE TRIGGER tallied AFTER INSERT ON reports_duty
    FOR EACH ROW WHEN (NEW.state IN ('discharged', 'missed')) EXECUTE FUNCTION sapr_tallies_duty();
CREATE TRIGGER tallied_when_closed AFTER UPDATE OF state ON reports_duty
    FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state IN ('discharged', 'missed')) EXECUTE FUNCTION sapr_tallies_duty();

CREATE FUNCTION sapr_tallies_done() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT (SELECT sapr_has_figures(c.walked_away_at, c.state) FROM reports_case c
            WHERE c.id = CASE TG_OP WHEN 'DELETE' THEN OLD.case_id ELSE NEW.case_id END) THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.ended_at IS NULL THEN
        PERFORM sapr_tally_done(OLD.case_id, OLD.user_id, OLD.place, -1);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.ended_at IS NULL THEN
        PERFORM sapr_tally_done(NEW.case_id, NEW.user_id, NEW.place, 1);
    END IF;
    RETURN NULL;
END
$$$$;
-- In what is imported nothing was done here yet.
CREATE TRIGGER tallied_done AFTER INSERT ON reports_assignment
    FOR EACH ROW WHEN (NEW.role = 'sarc' AND NOT sapr_importing()) EXECUTE FUNCTION sapr_tallies_done();
CREATE TRIGGER tallied_done_again AFTER DELETE OR UPDATE OF ended_at, place ON reports_assignment
    FOR EACH ROW WHEN (OLD.role = 'sarc') EXECUTE FUNCTION sapr_tallies_done();

CREATE FUNCTION sapr_tallies_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM sapr_tally_done(NEW.id, a.user_id, a.place, CASE WHEN sapr_has_figures(NEW.walked_away_at, NEW.state) THEN 1 ELSE -1 END)
    FROM reports_assignment a WHERE a.case_id = NEW.id AND a.role = 'sarc' AND a.ended_at IS NULL;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER tallied AFTER UPDATE OF walked_away_at, state ON reports_case
    FOR EACH ROW WHEN (sapr_has_figures(OLD.walked_away_at, OLD.state) <> sapr_has_figures(NEW.walked_away_at, NEW.state))
    EXECUTE FUNCTION sapr_tallies_case();

-- What was done since an instant in what the viewer is SARC of, by place, month of that zone, kind, and whether late.
CREATE FUNCTION sapr_done_counted(start timestamptz, zone text)
RETURNS TABLE (place uuid, month text, kind varchar, late boolean, duties bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE me uuid := sapr_viewer();
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM reports_donetally t WHERE t.user_id = me AND t.since >= start LIMIT 3000) AS lines) = 3000 THEN
        WITH gone AS (
            DELETE FROM reports_donetally t WHERE t.id IN (
                SELECT l.id FROM reports_donetally l WHERE l.user_id = me AND l.since >= start FOR UPDATE SKIP LOCKED)
            RETURNING t.place, t.since, t.kind, t.late, t.duties)
        INSERT INTO reports_donetally (id, user_id, place, since, kind, late, duties)
        SELECT gen_random_uuid(), me, g.place, g.since, g.kind, g.late, sum(g.duties) FROM gone g
        GROUP BY g.place, g.since, g.kind, g.late HAVING sum(g.duties) <> 0;
    END IF;
    RETURN QUERY SELECT each.place, each.month, each.kind, each.late, sum(each.duties)::bigint
        FROM (SELECT t.place, to_char(t.since AT TIME ZONE zone, 'YYYY-MM') AS month, t.kind, t.late, t.duties
              FROM reports_donetally t WHERE t.user_id = me AND t.since >= start) AS each
        GROUP BY each.place, each.month, each.kind, each.late HAVING sum(each.duties) <> 0;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_done_counted(timestamptz, text), sapr_tally_done(uuid, uuid, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_done_counted(timestamptz, text) TO $web;

-- As before, and nobody else's cases are gone through for those of one part.
CREATE OR REPLACE FUNCTION sapr_tally_entered(cases uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
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
    WITH staff AS MATERIALIZED (
        SELECT a.* FROM reports_assignment a WHERE cases IS NULL OR a.case_id = ANY (cases)
    )
    SELECT gen_random_uuid(), a.user_id, a.role, a.place, r.election, count(*)
    FROM staff a JOIN reports_report r ON r.case_id = a.case_id
    WHERE a.ended_at IS NULL GROUP BY a.user_id, a.role, a.place, r.election;
    -- In a case that is entered nothing was done here yet; of all there are it is counted.
    IF cases IS NULL THEN
        INSERT INTO reports_donetally (id, user_id, place, since, kind, late, duties)
        SELECT gen_random_uuid(), done.user_id, done.place, done.since, done.kind, done.late, count(*)
        FROM (SELECT a.user_id, a.place, sapr_in_month(d.closed_at) AS since, d.kind, d.state = 'missed' AS late
              FROM reports_duty d JOIN reports_assignment a ON a.case_id = d.case_id JOIN reports_case c ON c.id = d.case_id
              WHERE d.state IN ('discharged', 'missed') AND a.role = 'sarc' AND a.ended_at IS NULL
                AND sapr_has_figures(c.walked_away_at, c.state)) AS done
        GROUP BY done.user_id, done.place, done.since, done.kind, done.late;
    END IF;
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_tally_anew() RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    DELETE FROM reports_yeartally;
    DELETE FROM reports_worktally;
    DELETE FROM reports_donetally;
    PERFORM sapr_tally_entered(NULL);
END
$$$$;

-- The same of what an import enters: it used to go through everybody's assignments for each part.
CREATE OR REPLACE FUNCTION sapr_legacy_is_whole(cases uuid[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (
        WITH staff AS MATERIALIZED (SELECT a.* FROM reports_assignment a WHERE a.case_id = ANY (cases))
        SELECT FROM unnest(cases) AS wanted(id) LEFT JOIN reports_case c ON c.id = wanted.id
        LEFT JOIN reports_report r ON r.case_id = c.id
        LEFT JOIN reports_event e ON e.case_id = c.id AND e.seq = 1 AND e.kind = 'legacy_imported'
        WHERE c.state IS DISTINCT FROM CASE WHEN e.data ? 'closed_at' THEN 'CLOSED' WHEN r.converted_at IS NOT NULL THEN 'CONVERTED'
                WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN' WHEN r.election = 'unrestricted' THEN 'UNRESTRICTED_OPEN' END
           OR c.unclaimed OR e.data ->> 'election' IS DISTINCT FROM r.election
           OR wanted.id NOT IN (SELECT a.case_id FROM staff a WHERE a.role = 'sarc' AND a.ended_at IS NULL))
       OR EXISTS (SELECT FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
                  WHERE a.case_id = ANY (cases) AND a.place IS DISTINCT FROM c.installation_id)
       OR EXISTS (SELECT FROM reports_duty d JOIN reports_case c ON c.id = d.case_id
                  WHERE d.case_id = ANY (cases)
                    AND d.place IS DISTINCT FROM CASE WHEN d.state = 'open' THEN c.installation_id ELSE d.place END) THEN
        RAISE EXCEPTION 'an earlier case is entered whole' USING ERRCODE = 'SA002';
    END IF;
END
$$$$;

-- Where a kit's case lies stands beside it, as with assignments and duties.
CREATE TRIGGER of_its_place BEFORE INSERT ON reports_kit FOR EACH ROW EXECUTE FUNCTION sapr_of_its_place();
CREATE OR REPLACE FUNCTION sapr_place_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE reports_assignment SET place = NEW.installation_id WHERE case_id = NEW.id AND ended_at IS NULL;
    UPDATE reports_duty SET place = NEW.installation_id WHERE case_id = NEW.id AND state = 'open';
    UPDATE reports_kit SET place = NEW.installation_id WHERE case_id = NEW.id;
    RETURN NULL;
END
$$$$;
-- Of rows that are there already.
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE reports_kit k SET place = c.installation_id FROM reports_case c WHERE c.id = k.case_id;
SELECT sapr_tally_anew();
