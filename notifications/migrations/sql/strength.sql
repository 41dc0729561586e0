-- Strength tables are of no case. Who works with cases reads them (a notice is composed by them), the programme
-- manager records them, the worker chooses rungs by them. A commander reads none: they know their own strength.
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['notifications_strengthtable', 'notifications_strength', 'notifications_sharepresent',
                             'notifications_correlation', 'notifications_unitrung', 'notifications_told'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY by_role ON %I FOR SELECT TO $web USING (
            (SELECT sapr_viewer_roles()) && ARRAY[''sarc'', ''sapr_va'', ''programme_manager''])', t);
        EXECUTE format('CREATE POLICY worker ON %I FOR SELECT TO $worker USING (true)', t);
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO $owner USING (true)', t);
        EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW
            EXECUTE FUNCTION sapr_refuse(''a strength table, a rung and what was told stand; a newer one supersedes them'')', t);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I
            EXECUTE FUNCTION sapr_refuse(''a strength table, a rung and what was told stand; a newer one supersedes them'')', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['notifications_strength', 'notifications_sharepresent', 'notifications_correlation'] LOOP
        EXECUTE format('CREATE POLICY recorded ON %I FOR INSERT TO $web WITH CHECK (true)', t);
    END LOOP;
END
$$$$;

-- A version is recorded by a programme manager in their own name, or by the system of invented data; when it was, and so
-- which one speaks, is this clock's to say.
CREATE FUNCTION sapr_strength_table() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF NEW.recorded_by_id IS DISTINCT FROM who
       OR who IS NOT NULL AND NOT 'programme_manager' = ANY (sapr_viewer_roles())
       OR who IS NULL AND (SELECT kind FROM sapr_database) = 'real' THEN
        RAISE EXCEPTION 'a strength table is recorded by a programme manager in their own name' USING ERRCODE = 'SA002';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('notifications_strengthtable'));
    NEW.recorded_at := greatest(sapr_now(), (SELECT max(recorded_at) FROM notifications_strengthtable) + interval '1 microsecond');
    RETURN NEW;
END
$$$$;
CREATE POLICY recorded ON notifications_strengthtable FOR INSERT TO $web WITH CHECK (recorded_by_id IS NOT DISTINCT FROM sapr_viewer());
CREATE TRIGGER recorded BEFORE INSERT ON notifications_strengthtable
    FOR EACH ROW EXECUTE FUNCTION sapr_strength_table();

CREATE FUNCTION sapr_is_below(place uuid, top uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    WITH RECURSIVE above (id) AS (
        SELECT place UNION SELECT l.parent_id FROM above a JOIN accounts_location l ON l.id = a.id WHERE l.parent_id IS NOT NULL)
    SELECT EXISTS (SELECT 1 FROM above WHERE id = top)
$$$$;
CREATE FUNCTION sapr_strength_rows(version uuid) RETURNS bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT (SELECT count(*) FROM notifications_strength WHERE table_id = version)
         + (SELECT count(*) FROM notifications_sharepresent WHERE table_id = version)
         + (SELECT count(*) FROM notifications_correlation WHERE table_id = version)
$$$$;
-- A version says what it said when it was recorded: it has as many lines as its head names, all of them about its own
-- place or below, and gets no other afterwards.
CREATE FUNCTION sapr_strength_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT table_id FROM added) a JOIN notifications_strengthtable t ON t.id = a.table_id
               WHERE sapr_strength_rows(t.id) > t.rows) THEN
        RAISE EXCEPTION 'a strength table stands as it was recorded' USING ERRCODE = 'SA002';
    END IF;
    IF EXISTS (SELECT 1 FROM added a JOIN notifications_strengthtable t ON t.id = a.table_id
               WHERE a.valid_from < t.valid_from OR a.valid_to > t.valid_to) THEN
        RAISE EXCEPTION 'a line of a strength table lies within its period' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE FUNCTION sapr_strength_places() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM (SELECT DISTINCT table_id, location_id FROM added) a
               JOIN notifications_strengthtable t ON t.id = a.table_id WHERE NOT sapr_is_below(a.location_id, t.location_id)) THEN
        RAISE EXCEPTION 'a strength table speaks of its own place and those below it' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER stands AFTER INSERT ON notifications_strength REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_strength_line();
CREATE TRIGGER stands AFTER INSERT ON notifications_sharepresent REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_strength_line();
CREATE TRIGGER stands AFTER INSERT ON notifications_correlation REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_strength_line();
CREATE TRIGGER its_places AFTER INSERT ON notifications_strength REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_strength_places();
CREATE TRIGGER its_places AFTER INSERT ON notifications_sharepresent REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_strength_places();
CREATE FUNCTION sapr_strength_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF sapr_strength_rows(NEW.id) <> NEW.rows THEN
        RAISE EXCEPTION 'a strength table is recorded whole' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON notifications_strengthtable DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION sapr_strength_whole();

-- A rung is chosen for the quarter that runs at its location. Within a quarter another follows only after a newer
-- strength table of a place above, at or below it.
CREATE FUNCTION sapr_unit_rung() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
        IF before.id IS NULL OR NOT EXISTS (
            SELECT 1 FROM notifications_strengthtable t WHERE NOT before.tables ? t.id::text AND t.recorded_at >= before.chosen_at
              AND (sapr_is_below(t.location_id, NEW.location_id) OR sapr_is_below(NEW.location_id, t.location_id))) THEN
            RAISE EXCEPTION 'a rung stands for its quarter, unless its strength table was superseded' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER chosen BEFORE INSERT ON notifications_unitrung FOR EACH ROW EXECUTE FUNCTION sapr_unit_rung();
CREATE POLICY chosen ON notifications_unitrung FOR INSERT TO $web WITH CHECK (
    (SELECT sapr_viewer_roles()) && ARRAY['sarc', 'sapr_va', 'programme_manager']);
CREATE POLICY worker_chooses ON notifications_unitrung FOR INSERT TO $worker WITH CHECK (true);

-- Every location with a senior commander's post has a clock for its rungs, from the post's first moment on.
CREATE FUNCTION sapr_rung_clock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO notifications_rungclock (id, location_id, look_at) VALUES (gen_random_uuid(), NEW.location_id, sapr_now())
    ON CONFLICT (location_id) DO NOTHING;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER rung_clock AFTER INSERT ON accounts_post
    FOR EACH ROW WHEN (NEW.role = 'senior_commander') EXECUTE FUNCTION sapr_rung_clock();
INSERT INTO notifications_rungclock (id, location_id, look_at)
SELECT gen_random_uuid(), location_id, sapr_now() FROM accounts_post WHERE role = 'senior_commander';

-- What was decided for a notice hangs on its case like the notice; the worker says only what it placed.
ALTER TABLE notifications_noticedecision ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_noticedecision FORCE ROW LEVEL SECURITY;
CREATE POLICY own_cases ON notifications_noticedecision TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON notifications_noticedecision FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY worker ON notifications_noticedecision FOR SELECT TO $worker USING (true);
CREATE POLICY worker_placed ON notifications_noticedecision FOR INSERT TO $worker WITH CHECK (stage = 'placed');
CREATE POLICY own ON notifications_noticedecision FOR SELECT TO $owner USING (true);
CREATE FUNCTION sapr_notice_decision() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.decided_at := sapr_now();
    IF NOT EXISTS (SELECT 1 FROM notifications_notice n WHERE n.id = NEW.notice_id AND n.case_id = NEW.case_id
                   AND n.kind = 'commander_notice_restricted' AND n.state <> 'placed') THEN
        RAISE EXCEPTION 'what is decided is a Restricted notice that is not placed yet' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.stage = 'released' AND (NOT NEW.approvers ? coalesce(sapr_viewer()::text, '')
            OR sapr_viewer_roles() && ARRAY['senior_commander', 'unit_commander']) THEN
        RAISE EXCEPTION 'who releases a notice does so in their own name and commands nobody' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER decided BEFORE INSERT ON notifications_noticedecision FOR EACH ROW EXECUTE FUNCTION sapr_notice_decision();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON notifications_noticedecision
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('what was decided for a notice stands');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON notifications_noticedecision
    EXECUTE FUNCTION sapr_refuse('what was decided for a notice stands');

-- A notice stands in the words it was composed in, or in coarser ones composed with it.
DROP TRIGGER stands ON notifications_notice;
CREATE TRIGGER stands BEFORE UPDATE ON notifications_notice
    FOR EACH ROW WHEN (OLD.state = 'placed' OR OLD.kind <> NEW.kind OR OLD.case_id <> NEW.case_id OR OLD.post_id <> NEW.post_id
        OR OLD.minimal <> NEW.minimal OR OLD.details IS DISTINCT FROM NEW.details OR OLD.last_slot <> NEW.last_slot
        OR OLD.composed_at <> NEW.composed_at OR OLD.choices <> NEW.choices OR OLD.unit_rung_id IS DISTINCT FROM NEW.unit_rung_id
        OR ((OLD.wording, OLD.rung) <> (NEW.wording, NEW.rung) AND (OLD.state <> 'composed' OR NOT (
                (NEW.wording, NEW.rung) = (OLD.minimal, 'minimal')
                OR OLD.choices @> jsonb_build_array(jsonb_build_object('rung', NEW.rung, 'text', NEW.wording)))))
        OR (OLD.state = 'released' AND (NEW.state NOT IN ('released', 'placed') OR OLD.slot IS DISTINCT FROM NEW.slot
            OR OLD.released_sha256 <> NEW.released_sha256)))
    EXECUTE FUNCTION sapr_refuse('a notice stands as it was composed, released and placed');
-- Its release is on record: same bytes, same slot, same rung.
CREATE FUNCTION sapr_notice_is_decided() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM notifications_noticedecision d WHERE d.notice_id = NEW.id AND d.stage = 'released'
                   AND d.sha256 = encode(sha256(convert_to(NEW.wording, 'UTF8')), 'hex') AND d.sha256 = NEW.released_sha256
                   AND d.slot = NEW.slot AND d.rung = NEW.rung) THEN
        RAISE EXCEPTION 'a notice is released with its decision on record' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER is_decided BEFORE UPDATE ON notifications_notice
    FOR EACH ROW WHEN (OLD.state = 'composed' AND NEW.state = 'released') EXECUTE FUNCTION sapr_notice_is_decided();

-- What a reader is told of a Restricted report is on record with its decision, and kept for the next choice. Definer:
-- nobody else writes the history.
CREATE FUNCTION sapr_reader_was_told() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE placed notifications_noticedecision;
BEGIN
    SELECT * INTO placed FROM notifications_noticedecision WHERE notice_id = NEW.id AND stage = 'placed';
    IF placed.id IS NULL OR placed.slot <> NEW.slot
       OR placed.sha256 <> encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'a Restricted notice is placed with its decision on record' USING ERRCODE = 'SA002';
    END IF;
    INSERT INTO notifications_told (id, location_id, unit_rung_id, rung, body, slot)
    SELECT gen_random_uuid(), p.location_id, placed.unit_rung_id, placed.rung, NEW.body, NEW.slot
    FROM accounts_post p WHERE p.id = NEW.post_id;
    RETURN NULL;
END
$$$$;
CREATE POLICY kept ON notifications_told FOR INSERT TO $owner WITH CHECK (true);
-- After is_its_notice: triggers run in the order of their names.
CREATE TRIGGER reader_was_told AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW WHEN (NEW.kind = 'commander_notice_restricted') EXECUTE FUNCTION sapr_reader_was_told();

-- The worker's event of a choice is of one that was made; of strength tables the programme manager tells.
CREATE POLICY worker_chose_rung ON reports_event FOR INSERT TO $worker WITH CHECK (
    actor_id IS NULL AND case_id = '00000000-0000-0000-0000-000000000000' AND kind = 'rung_chosen'
    AND EXISTS (SELECT 1 FROM notifications_unitrung r WHERE r.id::text = data ->> 'choice'));
CREATE POLICY strength_by_manager ON reports_event AS RESTRICTIVE FOR INSERT TO $web WITH CHECK (
    kind NOT IN ('strength_imported', 'strength_recorded') OR sapr_viewer() IS NULL
    OR 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));

GRANT SELECT, INSERT ON notifications_strengthtable, notifications_sharepresent, notifications_correlation,
    notifications_unitrung, notifications_noticedecision TO $web;
GRANT SELECT ON notifications_told, notifications_rungclock TO $web;
GRANT SELECT ON notifications_strengthtable, notifications_strength, notifications_sharepresent, notifications_correlation,
    notifications_unitrung, notifications_rungclock, notifications_noticedecision, notifications_told TO $worker;
GRANT INSERT ON notifications_unitrung, notifications_noticedecision TO $worker;
GRANT UPDATE (look_at) ON notifications_rungclock TO $worker;
-- The unit tree, without names, and whose posts stand on it: the staff directory's, nobody's secret.
GRANT SELECT (id, kind, zone, parent_id) ON accounts_location TO $worker;
GRANT SELECT ON accounts_post TO $worker;
