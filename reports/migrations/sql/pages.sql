-- Pages that take as long for a million reports as for a thousand. Until now every statement began by listing all cases of
-- the viewer, and every row was looked up in that list; from here on each row that a statement reaches is asked about alone.

-- Where a case lies stands beside its assignments and open duties, so that they are found by it. The database writes it.
CREATE FUNCTION sapr_of_its_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.place := (SELECT installation_id FROM reports_case WHERE id = NEW.case_id);
    RETURN NEW;
END
$$$$;
CREATE TRIGGER of_its_place BEFORE INSERT ON reports_assignment FOR EACH ROW EXECUTE FUNCTION sapr_of_its_place();
CREATE TRIGGER of_its_place BEFORE INSERT ON reports_duty FOR EACH ROW EXECUTE FUNCTION sapr_of_its_place();
CREATE FUNCTION sapr_place_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE reports_assignment SET place = NEW.installation_id WHERE case_id = NEW.id AND ended_at IS NULL;
    UPDATE reports_duty SET place = NEW.installation_id WHERE case_id = NEW.id AND state = 'open';
    RETURN NULL;
END
$$$$;
CREATE TRIGGER place_follows AFTER UPDATE OF installation_id ON reports_case
    FOR EACH ROW WHEN (OLD.installation_id IS DISTINCT FROM NEW.installation_id) EXECUTE FUNCTION sapr_place_follows();
-- Of rows that are there already.
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE reports_assignment a SET place = c.installation_id FROM reports_case c WHERE c.id = a.case_id AND a.ended_at IS NULL;
UPDATE reports_duty d SET place = c.installation_id FROM reports_case c WHERE c.id = d.case_id AND d.state = 'open';
-- A person holds a role at a place, or seldom two: without knowing that, a plan takes a thousand cases for three.
CREATE STATISTICS reports_assignment_stands (dependencies) ON user_id, role, place FROM reports_assignment;
ANALYZE reports_assignment;

-- Whether somebody is assigned who could have a case: a SARC, or of a contact anybody. Whether they hold their post is
-- asked when it is asked.
CREATE FUNCTION sapr_is_unclaimed(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN NOT EXISTS (
        SELECT 1 FROM reports_assignment a WHERE a.case_id = wanted AND a.ended_at IS NULL
        AND (a.role = 'sarc' OR NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.case_id = wanted)));
END
$$$$;
CREATE FUNCTION sapr_begins_unclaimed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.unclaimed := true;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER begins_unclaimed BEFORE INSERT ON reports_case FOR EACH ROW EXECUTE FUNCTION sapr_begins_unclaimed();
CREATE FUNCTION sapr_claims() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE now_unclaimed boolean := sapr_is_unclaimed(NEW.case_id);
BEGIN
    UPDATE reports_case SET unclaimed = now_unclaimed WHERE id = NEW.case_id AND unclaimed <> now_unclaimed;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER claims AFTER INSERT OR UPDATE OF ended_at ON reports_assignment FOR EACH ROW EXECUTE FUNCTION sapr_claims();
CREATE TRIGGER claims AFTER INSERT ON reports_report FOR EACH ROW EXECUTE FUNCTION sapr_claims();
UPDATE reports_case SET unclaimed = false WHERE NOT sapr_is_unclaimed(id);

-- What the viewer holds now: each role with the installation, as role/installation. Asked once in a statement.
CREATE FUNCTION sapr_viewer_held() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE posts uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT p.role || '/' || sapr_installation_of(p.location_id)), '{}')
            FROM accounts_post p WHERE p.id = ANY (posts));
END
$$$$;
-- One case of `sapr_viewer_cases()`; `held` is what `sapr_viewer_held()` says.
CREATE FUNCTION sapr_works_on(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM reports_assignment a
        WHERE a.case_id = wanted AND a.user_id = sapr_viewer() AND a.ended_at IS NULL
          AND a.role || '/' || a.place = ANY (held));
END
$$$$;
-- One case of `sapr_readable_cases()`.
CREATE FUNCTION sapr_reads(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN sapr_works_on(wanted, held) OR EXISTS (
        SELECT 1 FROM reports_breakglass b JOIN reports_case c ON c.id = b.case_id AND c.walked_away_at IS NULL
        WHERE b.asked_by_id = sapr_viewer() AND b.state = 'approved' AND b.ended_at IS NULL AND b.case_id = wanted
          AND b.runs_until > sapr_now()
          AND EXISTS (SELECT 1 FROM unnest(held) AS h WHERE split_part(h, '/', 1) IN ('sarc', 'sapr_va')));
END
$$$$;
-- One card of `sapr_case_cards()`, and of `sapr_viewer_cards()`; `posts` is what `sapr_holder_posts()` says.
CREATE FUNCTION sapr_reads_card(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM reports_kit k WHERE k.card_id = wanted AND sapr_reads(k.case_id, held));
END
$$$$;
CREATE FUNCTION sapr_handles_card(wanted uuid, held text[], posts uuid[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM reports_kit k WHERE k.card_id = wanted AND sapr_works_on(k.case_id, held))
        OR EXISTS (SELECT 1 FROM reports_kitcard c
                   WHERE c.id = wanted AND (c.at_post_id = ANY (posts) OR c.to_post_id = ANY (posts)));
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_viewer_held(), sapr_works_on(uuid, text[]), sapr_reads(uuid, text[]),
    sapr_reads_card(uuid, text[]), sapr_handles_card(uuid, text[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_viewer_held(), sapr_works_on(uuid, text[]), sapr_reads(uuid, text[]),
    sapr_reads_card(uuid, text[]), sapr_handles_card(uuid, text[], uuid[]) TO $web;

-- Who works at these installations at all, by the open assignments there: one step through the index for each of them,
-- however many cases they have.
CREATE FUNCTION sapr_working_at(places uuid[]) RETURNS TABLE (place uuid, role text, person uuid) LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY
        SELECT here.id, one.role::text, one.user_id FROM unnest(places) AS here(id) CROSS JOIN LATERAL (
            WITH RECURSIVE found AS (
                (SELECT a.role, a.user_id FROM reports_assignment a WHERE a.place = here.id AND a.ended_at IS NULL
                 ORDER BY a.role, a.user_id LIMIT 1)
                UNION ALL
                SELECT further.role, further.user_id FROM found CROSS JOIN LATERAL (
                    SELECT a.role, a.user_id FROM reports_assignment a
                    WHERE a.place = here.id AND a.ended_at IS NULL AND (a.role, a.user_id) > (found.role, found.user_id)
                    ORDER BY a.role, a.user_id LIMIT 1) AS further)
            SELECT f.role, f.user_id FROM found f) AS one;
END
$$$$;
-- Who holds which role at these installations at an instant, at units below them too: what `sapr_holds()` says, of all.
CREATE FUNCTION sapr_holding_at(places uuid[], instant timestamptz) RETURNS TABLE (place uuid, role text, person uuid)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY
        WITH RECURSIVE under AS (
            SELECT here.id, here.id AS top FROM unnest(places) AS here(id)
            UNION ALL
            SELECT l.id, u.top FROM accounts_location l JOIN under u ON l.parent_id = u.id AND l.kind = 'unit')
        SELECT DISTINCT u.top, p.role::text, a.user_id
        FROM under u JOIN accounts_post p ON p.location_id = u.id JOIN accounts_appointment a ON a.post_id = p.id
        JOIN accounts_user x ON x.id = a.user_id AND x.is_active
        WHERE a.state = 'approved' AND a.starts_at <= instant AND (a.ends_at IS NULL OR a.ends_at > instant)
          AND (p.role NOT IN ('sarc', 'sapr_va') OR EXISTS (
              SELECT 1 FROM accounts_certification c
              WHERE c.user_id = a.user_id AND c.starts_at <= instant AND c.ends_at > instant
                AND (c.revoked_at IS NULL OR c.revoked_at > instant)));
END
$$$$;
-- The cases of these installations that no SARC holds at an instant, not counting one person: as `sapr_ownerless()` said
-- it. Only cases that are unclaimed, or that somebody is on who does not hold the role there, are looked at.
CREATE FUNCTION sapr_ownerless_at(places uuid[], leaver uuid, instant timestamptz) RETURNS TABLE (place uuid, id uuid)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY
        WITH unheld AS MATERIALIZED (
            SELECT w.* FROM sapr_working_at(places) w
            LEFT JOIN sapr_holding_at(places, instant) h ON h.place = w.place AND h.role = w.role AND h.person = w.person
            WHERE h.person IS NULL OR w.person = leaver
        ), looked_at AS (
            SELECT c.id FROM reports_case c WHERE c.installation_id = ANY (places) AND c.unclaimed
            UNION
            SELECT a.case_id FROM unheld u JOIN reports_assignment a
                ON a.place = u.place AND a.role = u.role AND a.user_id = u.person AND a.ended_at IS NULL)
        SELECT c.installation_id, c.id FROM looked_at l JOIN reports_case c ON c.id = l.id
        WHERE c.installation_id = ANY (places) AND c.walked_away_at IS NULL
          -- A closed case too: its clocks may run still, and its victim may convert or ask at any time.
          AND NOT EXISTS (SELECT 1 FROM reports_erasure e WHERE e.case_id = c.id AND e.state = 'done')
          AND NOT EXISTS (
              SELECT 1 FROM reports_assignment a
              WHERE a.case_id = c.id AND a.ended_at IS NULL AND a.user_id IS DISTINCT FROM leaver
                AND (a.role = 'sarc' OR NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.case_id = c.id))
                AND sapr_holds(a.user_id, a.role, c.installation_id, instant));
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_ownerless(place uuid, leaver uuid, instant timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY SELECT o.id FROM sapr_ownerless_at(ARRAY[sapr_ownerless.place], leaver, instant) o;
END
$$$$;
-- Where the viewer asks about others: at the installations where they are SARC, a programme manager at all of them.
CREATE FUNCTION sapr_viewer_staffs() RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN CASE WHEN 'programme_manager' = ANY (sapr_viewer_roles())
                THEN ARRAY(SELECT l.id FROM accounts_location l WHERE l.kind = 'installation')
                ELSE sapr_viewer_places('{sarc}') END;
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_without_sarc() RETURNS TABLE (place uuid, cases bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY SELECT o.place, count(*) FROM sapr_ownerless_at(sapr_viewer_staffs(), NULL, sapr_now()) o GROUP BY o.place;
END
$$$$;
-- As before; whose role ends is found first, and only their cases are counted.
CREATE OR REPLACE FUNCTION sapr_leaving(until timestamptz)
RETURNS TABLE (person uuid, held text, place uuid, lapses timestamptz, cases bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    instant timestamptz := sapr_now();
    places uuid[] := sapr_viewer_staffs();
    own uuid[] := ARRAY(SELECT sapr_installation_of(location_id) FROM accounts_post WHERE id = ANY (sapr_viewer_posts()));
BEGIN
    RETURN QUERY
        WITH leaves AS MATERIALIZED (
            SELECT h.place, h.role, h.person FROM sapr_holding_at(places || own, instant) h
            WHERE h.person = who OR h.place = ANY (places)
            EXCEPT
            SELECT h.place, h.role, h.person FROM sapr_holding_at(places || own, until) h)
        SELECT w.person, w.role, w.place,
               least((SELECT max(coalesce(x.ends_at, 'infinity')) FROM accounts_appointment x JOIN accounts_post p ON p.id = x.post_id
                      WHERE x.user_id = w.person AND p.role = w.role AND x.state = 'approved' AND x.starts_at <= instant
                        AND sapr_installation_of(p.location_id) = w.place),
                     (SELECT max(least(x.ends_at, coalesce(x.revoked_at, 'infinity'))) FROM accounts_certification x
                      WHERE x.user_id = w.person AND x.starts_at <= instant)),
               open.cases
        FROM leaves w CROSS JOIN LATERAL (
            SELECT count(*) AS cases FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
            WHERE a.place = w.place AND a.role = w.role AND a.user_id = w.person AND a.ended_at IS NULL
              AND c.walked_away_at IS NULL AND c.state <> 'CLOSED'
        ) AS open
        WHERE open.cases > 0;
END
$$$$;
-- As before; the place is read beside the duty, and what time it is is asked once.
CREATE OR REPLACE FUNCTION sapr_lateness(most integer) RETURNS TABLE (place uuid, duties bigint, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE instant timestamptz := sapr_now();
BEGIN
    IF NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'what is late everywhere is a programme manager''s' USING ERRCODE = 'SA002';
    END IF;
    RETURN QUERY
        SELECT late.place, count(*), min(late.due_at)
        FROM (SELECT d.place, d.due_at FROM reports_duty d
              WHERE d.state = 'open' AND NOT d.immediate AND d.due_at < instant ORDER BY d.due_at LIMIT most) AS late
        GROUP BY late.place;
    RETURN QUERY
        SELECT NULL::uuid, count(*), NULL::timestamptz
        FROM (SELECT FROM reports_duty d
              WHERE d.state = 'open' AND NOT d.immediate AND d.due_at >= instant
                AND d.due_at <= instant + interval '24 hours' LIMIT most) AS soon;
END
$$$$;
