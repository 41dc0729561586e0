-- Within a quarter another rung follows only where the strength tables of a place above, at or below say something else since:
-- by a newer table, or because a day came on which a period of theirs began or was over.
CREATE FUNCTION sapr_tables_changed(place uuid, before notifications_unitrung) RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    zone text;
    was date;
    today date;
    near uuid[] := (SELECT array_agg(id) FROM notifications_strengthtable
                    WHERE sapr_is_below(location_id, place) OR sapr_is_below(place, location_id));
BEGIN
    IF EXISTS (SELECT 1 FROM notifications_strengthtable t
               WHERE t.id = ANY (near) AND NOT before.tables ? t.id::text AND t.recorded_at >= before.chosen_at) THEN
        RETURN true;
    END IF;
    -- The tables of a tree go by the days of its highest place.
    WITH RECURSIVE above (up, zone, n) AS (
        SELECT l.parent_id, l.zone, 0 FROM accounts_location l WHERE l.id = place
        UNION ALL SELECT l.parent_id, l.zone, a.n + 1 FROM above a JOIN accounts_location l ON l.id = a.up)
    SELECT a.zone INTO zone FROM above a ORDER BY a.n DESC LIMIT 1;
    was := (before.chosen_at AT TIME ZONE zone)::date;
    today := (sapr_now() AT TIME ZONE zone)::date;
    RETURN EXISTS (
        SELECT 1 FROM (SELECT table_id, valid_from, valid_to FROM notifications_strength
                       UNION ALL SELECT table_id, valid_from, valid_to FROM notifications_sharepresent
                       UNION ALL SELECT table_id, valid_from, valid_to FROM notifications_correlation) line
        WHERE line.table_id = ANY (near)
          AND (line.valid_from > was AND line.valid_from <= today OR line.valid_to >= was AND line.valid_to < today));
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_unit_rung() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE today date := (SELECT (sapr_now() AT TIME ZONE zone)::date FROM accounts_location WHERE id = NEW.location_id);
        before notifications_unitrung;
BEGIN
    NEW.chosen_at := sapr_now();
    IF NEW.quarter <> date_trunc('quarter', today)::date THEN
        RAISE EXCEPTION 'a rung is chosen for the quarter that runs' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.turn > 0 THEN
        SELECT * INTO before FROM notifications_unitrung
        WHERE location_id = NEW.location_id AND quarter = NEW.quarter AND turn = NEW.turn - 1;
        IF before.id IS NULL OR NOT sapr_tables_changed(NEW.location_id, before) THEN
            RAISE EXCEPTION 'a rung stands for its quarter, unless its strength table was superseded' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    RETURN NEW;
END
$$$$;

-- A new table is looked at by every rung of its tree: the sweep then knows its days too.
CREATE FUNCTION sapr_rungs_look() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE notifications_rungclock SET look_at = sapr_now() WHERE look_at > sapr_now()
        AND (sapr_is_below(location_id, NEW.location_id) OR sapr_is_below(NEW.location_id, location_id));
    RETURN NULL;
END
$$$$;
CREATE TRIGGER rungs_look AFTER INSERT ON notifications_strengthtable FOR EACH ROW EXECUTE FUNCTION sapr_rungs_look();
-- As they stand now, none knows the days of its tables.
UPDATE notifications_rungclock SET look_at = sapr_now() WHERE look_at > sapr_now();

-- The people whom these versions count today at a place and below.
CREATE FUNCTION sapr_people_counted(versions jsonb, place uuid) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT coalesce(sum(s.people), 0) FROM notifications_strength s JOIN accounts_location l ON l.id = s.location_id
            WHERE versions ? s.table_id::text AND sapr_is_below(s.location_id, place)
              AND 'any' NOT IN (s.sex, s.grade_band, s.status)
              AND (sapr_now() AT TIME ZONE l.zone)::date BETWEEN s.valid_from - 1 AND s.valid_to + 1);
END
$$$$;
CREATE FUNCTION sapr_rung_is_of_its_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF greatest(NEW.k, NEW.smallest) > sapr_people_counted(NEW.tables, NEW.location_id) AND NOT EXISTS (
            SELECT 1 FROM notifications_unitrung WHERE location_id = NEW.location_id AND quarter = NEW.quarter AND turn = NEW.turn) THEN
        RAISE EXCEPTION 'a rung is about no more people than its strength tables count' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
-- After `counted`, which asks for the right tables: triggers run in the order of their names.
CREATE TRIGGER of_its_place BEFORE INSERT ON notifications_unitrung
    FOR EACH ROW WHEN (NEW.rung <> 'minimal') EXECUTE FUNCTION sapr_rung_is_of_its_place();
-- What was decided for a notice is about no more people than its rung, or, where that says nothing, than its tables count.
CREATE FUNCTION sapr_decision_is_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    rung notifications_unitrung;
    place uuid;
    own uuid;
BEGIN
    SELECT n.unit_rung_id, p.location_id INTO own, place
    FROM notifications_notice n JOIN accounts_post p ON p.id = n.post_id WHERE n.id = NEW.notice_id;
    SELECT * INTO rung FROM notifications_unitrung WHERE id = own;
    -- Finer words (DN-27) speak of one person's own class, which may well be larger than the smallest of the rung.
    IF EXISTS (SELECT 1 FROM notifications_finerwording f WHERE f.notice_id = NEW.notice_id AND f.sha256 = NEW.sha256) THEN
        rung.k := NULL;
    END IF;
    IF NEW.unit_rung_id <> own
       OR NEW.k > coalesce(rung.k, sapr_people_counted(NEW.tables, place)) THEN
        RAISE EXCEPTION 'a decision is about no more people than its rung was counted for' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER is_counted BEFORE INSERT ON notifications_noticedecision FOR EACH ROW EXECUTE FUNCTION sapr_decision_is_counted();
REVOKE EXECUTE ON FUNCTION sapr_tables_changed(uuid, notifications_unitrung), sapr_people_counted(jsonb, uuid), sapr_rungs_look(),
    sapr_rung_is_of_its_place(), sapr_decision_is_counted() FROM PUBLIC;
