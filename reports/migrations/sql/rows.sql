-- What it costs to ask whose a row is. Who holds what and works on what is said as before.

-- What the viewer holds now: each role with the installation, as role/installation; `sapr_viewer_posts()` in the same
-- words, with the place beside it. Every statement that reaches a case asks it once for each of its tables.
CREATE OR REPLACE FUNCTION sapr_viewer_held() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    asking text := nullif(current_setting('sapr.client', true), '');
    within uuid[];
BEGIN
    IF asking IS NOT NULL THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = asking::uuid AND c.user_id = who AND c.ended_at IS NULL AND k.state = 'approved'
          AND k.revoked_at IS NULL AND k.expires_at > instant;
        within := coalesce(within, '{}');
    END IF;
    RETURN (
        SELECT coalesce(array_agg(h.role || '/' || h.place), '{}')
        FROM (SELECT p.role, sapr_installation_of(p.location_id) AS place
              FROM accounts_appointment a
              JOIN accounts_user u ON u.id = a.user_id AND u.is_active
              JOIN accounts_post p ON p.id = a.post_id
              WHERE a.user_id = who AND a.state = 'approved' AND a.starts_at <= instant
                AND (a.ends_at IS NULL OR a.ends_at > instant)
                AND (p.role NOT IN ('sarc', 'sapr_va') OR EXISTS (
                    SELECT 1 FROM accounts_certification c
                    WHERE c.user_id = who AND c.starts_at <= instant AND c.ends_at > instant
                      AND (c.revoked_at IS NULL OR c.revoked_at > instant)))
              -- The place is looked for once.
              OFFSET 0) AS h
        WHERE within IS NULL OR h.place = ANY (within));
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_viewer_roles() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE held text[] := sapr_viewer_held();
BEGIN
    RETURN ARRAY(SELECT DISTINCT split_part(h, '/', 1) FROM unnest(held) AS h);
END
$$$$;
-- What one works on first, as nearly always; the other way is looked for where that is not it.
CREATE OR REPLACE FUNCTION sapr_reads(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (
        SELECT 1 FROM reports_assignment a
        WHERE a.case_id = wanted AND a.user_id = sapr_viewer() AND a.ended_at IS NULL
          AND a.role || '/' || a.place = ANY (held)) THEN
        RETURN true;
    END IF;
    -- Of most cases nobody asked anything, which a small question finds sooner.
    IF NOT EXISTS (SELECT 1 FROM reports_breakglass b WHERE b.case_id = wanted AND b.asked_by_id = sapr_viewer()) THEN
        RETURN false;
    END IF;
    RETURN EXISTS (
        SELECT 1 FROM reports_breakglass b JOIN reports_case c ON c.id = b.case_id AND c.walked_away_at IS NULL
        WHERE b.asked_by_id = sapr_viewer() AND b.state = 'approved' AND b.ended_at IS NULL AND b.case_id = wanted
          AND b.runs_until > sapr_now()
          AND EXISTS (SELECT 1 FROM unnest(held) AS h WHERE split_part(h, '/', 1) IN ('sarc', 'sapr_va')));
END
$$$$;

-- Of the tables that lists are made of, what one works on is looked up in the policy itself: one step through the index of
-- open assignments, 2 µs, where a function takes 15. Not EXISTS: of that the planner would make a list of all cases of
-- the viewer. What else `sapr_reads` knows is asked where that finds nothing.
ALTER POLICY seen ON reports_case USING (
    (SELECT true FROM reports_assignment mine
     WHERE mine.case_id = reports_case.id AND mine.user_id = sapr_viewer() AND mine.ended_at IS NULL
       AND mine.role || '/' || mine.place = ANY ((SELECT sapr_viewer_held())::text[]) LIMIT 1)
    OR sapr_reads(id, (SELECT sapr_viewer_held())::text[]));
ALTER POLICY own_cases ON reports_report USING (
    (SELECT true FROM reports_assignment mine
     WHERE mine.case_id = reports_report.case_id AND mine.user_id = sapr_viewer() AND mine.ended_at IS NULL
       AND mine.role || '/' || mine.place = ANY ((SELECT sapr_viewer_held())::text[]) LIMIT 1));
