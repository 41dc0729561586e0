-- Who works on a case has no way round the services by which a notice is stopped, or placed off its slot; and none by which
-- a rung has a number of people that no strength table gives.
CREATE FUNCTION sapr_is_web() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN quote_ident(current_user)::regrole = '$web'::regrole;
END
$$$$;

-- When the sweep looks is the last slot's to say, or the drawn one's once released. An extension moves it as the owner, and
-- the worker puts off what fails.
CREATE FUNCTION sapr_notice_waits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE zone text;
BEGIN
    IF NOT sapr_is_web() THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.ladder <> OLD.ladder THEN
        -- Without a post in it, or with one that can get none, it would never be placed.
        IF jsonb_array_length(NEW.ladder) = 0 OR EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(NEW.ladder) post LEFT JOIN accounts_post p ON p.id::text = post
                WHERE p.id IS NULL OR (p.role = 'unit_commander' AND NEW.kind = 'commander_notice_restricted')) THEN
            RAISE EXCEPTION 'a notice goes to posts that there are and that may get it' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'composed' OR NEW.slot IS NOT NULL OR NEW.look_at > greatest(NEW.last_slot, sapr_now()) THEN
            RAISE EXCEPTION 'a notice begins composed and is looked at when its slot comes' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.look_at, NEW.state) IS DISTINCT FROM (OLD.look_at, OLD.state)
       AND NEW.look_at IS DISTINCT FROM (CASE NEW.state WHEN 'released' THEN NEW.slot END) THEN
        RAISE EXCEPTION 'a notice is looked at when its slot comes' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'composed' AND NEW.state = 'released' THEN
        SELECT l.zone INTO zone FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id WHERE c.id = NEW.case_id;
        -- Which hours are slots is a rule's to say; they are full hours of the case's place. Drawn a moment ago is not past.
        IF NEW.slot > NEW.last_slot OR NEW.slot < sapr_now() - interval '1 minute'
           OR date_trunc('hour', NEW.slot AT TIME ZONE zone) IS DISTINCT FROM NEW.slot AT TIME ZONE zone THEN
            RAISE EXCEPTION 'a notice is released for one of the slots left' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NEW.slot IS DISTINCT FROM OLD.slot THEN
        RAISE EXCEPTION 'a notice has a slot once it is released' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
-- After `stands`: triggers run in the order of their names.
CREATE TRIGGER waits BEFORE INSERT OR UPDATE ON notifications_notice FOR EACH ROW EXECUTE FUNCTION sapr_notice_waits();

-- Placed is what stands in the inbox. Definer: an inbox is its addressee's to read.
CREATE FUNCTION sapr_notice_is_in_inbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM notifications_inboxitem WHERE id = NEW.id) THEN
        RAISE EXCEPTION 'a notice is placed where it stands in an inbox' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER is_in_inbox AFTER INSERT OR UPDATE ON notifications_notice
    FOR EACH ROW WHEN (NEW.state = 'placed') EXECUTE FUNCTION sapr_notice_is_in_inbox();

-- The slot that a notice is placed for: the one drawn at its release, else the last.
CREATE FUNCTION sapr_slot_of(n notifications_notice) RETURNS timestamptz LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN CASE n.state WHEN 'released' THEN n.slot ELSE n.last_slot END;
END
$$$$;
-- The decision of a placing is of these words and of this slot, which has come.
CREATE FUNCTION sapr_placing_is_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE n notifications_notice;
BEGIN
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.notice_id;
    IF NEW.slot IS DISTINCT FROM sapr_slot_of(n) OR NEW.slot > sapr_now() THEN
        RAISE EXCEPTION 'a notice is placed at its slot' USING ERRCODE = 'SA002';
    END IF;
    IF NOT (NEW.rung = 'minimal' AND NEW.sha256 = encode(sha256(convert_to(n.minimal, 'UTF8')), 'hex')
            OR n.state = 'released' AND NEW.rung = n.rung AND NEW.sha256 = encode(sha256(convert_to(n.wording, 'UTF8')), 'hex')) THEN
        RAISE EXCEPTION 'what is placed is its notice''s own words' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER is_at_slot BEFORE INSERT ON notifications_noticedecision
    FOR EACH ROW WHEN (NEW.stage = 'placed') EXECUTE FUNCTION sapr_placing_is_decided();
-- An inbox shows no slot but the notice's own, and none that has not come. What goes at once has no slot to keep. Invoker, as
-- `is_its_notice`, which comes before it; the alternate's row has a slot of its own and is checked there.
CREATE FUNCTION sapr_item_is_at_slot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE n notifications_notice;
BEGIN
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.id;
    IF n.state = 'placed' OR NEW.slot > sapr_now()
       OR n.kind = 'commander_notice_restricted' AND NEW.slot IS DISTINCT FROM sapr_slot_of(n) THEN
        RAISE EXCEPTION 'a notice is placed at its slot' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER is_its_slot AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW WHEN (NOT sapr_is_alternates(NEW.id)) EXECUTE FUNCTION sapr_item_is_at_slot();

-- A decision or an inbox row alone would stand in the way of the real placing: their keys are there once.
CREATE FUNCTION sapr_placing_is_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE wanted uuid := CASE TG_TABLE_NAME WHEN 'notifications_inboxitem' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'notice_id' END;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM notifications_notice WHERE id = wanted AND state = 'placed') THEN
        RAISE EXCEPTION 'a notice is placed whole' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON notifications_noticedecision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.stage = 'placed') EXECUTE FUNCTION sapr_placing_is_whole();
CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT ON notifications_inboxitem DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT sapr_is_alternates(NEW.id)) EXECUTE FUNCTION sapr_placing_is_whole();

-- A rung above MINIMAL names the tables that it was counted from: of its tree, valid today, among them the one that speaks
-- for the place itself; where none does, one of a place below. No number of people is larger than theirs.
CREATE FUNCTION sapr_rung_is_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    top uuid;
    today date;
    speaks uuid;
    named uuid[];
    roles text[] := sapr_viewer_roles();
    places uuid[];
    fault text;
BEGIN
    IF NEW.rung <> 'minimal' THEN
        WITH RECURSIVE above (id, up, zone, n) AS (
            SELECT id, parent_id, zone, 0 FROM accounts_location WHERE id = NEW.location_id
            UNION ALL SELECT l.id, l.parent_id, l.zone, a.n + 1 FROM above a JOIN accounts_location l ON l.id = a.up)
        SELECT a.id, (sapr_now() AT TIME ZONE a.zone)::date INTO top, today FROM above a ORDER BY a.n DESC LIMIT 1;
        speaks := (SELECT t.id FROM notifications_strengthtable t
                   WHERE today BETWEEN t.valid_from AND t.valid_to AND sapr_is_below(NEW.location_id, t.location_id)
                   ORDER BY t.recorded_at DESC LIMIT 1);
        named := (SELECT array_agg(t.id) FROM notifications_strengthtable t
                  WHERE NEW.tables ? t.id::text AND today BETWEEN t.valid_from AND t.valid_to AND sapr_is_below(t.location_id, top));
        IF jsonb_typeof(NEW.tables) <> 'array' OR named IS NULL OR cardinality(named) <> jsonb_array_length(NEW.tables)
           OR (speaks IS NOT NULL AND NOT speaks = ANY (named))
           OR (speaks IS NULL AND NOT EXISTS (SELECT 1 FROM notifications_strengthtable t
                                              WHERE t.id = ANY (named) AND sapr_is_below(t.location_id, NEW.location_id))) THEN
            fault := 'a rung is counted from the strength tables that speak';
        ELSIF greatest(NEW.k, NEW.smallest) > (SELECT coalesce(sum(people), 0) FROM notifications_strength WHERE table_id = ANY (named)) THEN
            fault := 'a rung is about no more people than its strength tables count';
        END IF;
    END IF;
    -- Who takes reports has a rung chosen for the commanders whom their cases' notices go to: of the places above, and up
    -- their ladders. Who may choose at all is the policies' to say.
    IF roles && ARRAY['sarc', 'sapr_va'] AND NOT 'programme_manager' = ANY (roles) THEN
        places := (SELECT array_agg(installation_id) FROM reports_case WHERE id = ANY (sapr_viewer_cases()))
               || (SELECT array_agg(location_id) FROM accounts_post WHERE id = ANY (sapr_viewer_posts()));
        IF NOT EXISTS (
            WITH RECURSIVE ladder (location_id, higher) AS (
                SELECT p.location_id, p.next_higher_id FROM accounts_post p WHERE p.role = 'senior_commander'
                   AND EXISTS (SELECT 1 FROM unnest(places) place WHERE sapr_is_below(place, p.location_id))
                UNION SELECT p.location_id, p.next_higher_id FROM ladder l JOIN accounts_post p ON p.id = l.higher)
            SELECT 1 FROM ladder WHERE location_id = NEW.location_id) THEN
            fault := 'a rung is chosen on a case for the places that its notices go to';
        END IF;
    END IF;
    -- Somebody who chose at the same moment, by a newer table, was first: this row comes to nothing by its key.
    IF fault IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM notifications_unitrung WHERE location_id = NEW.location_id AND quarter = NEW.quarter AND turn = NEW.turn) THEN
        RAISE EXCEPTION '%', fault USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER counted BEFORE INSERT ON notifications_unitrung FOR EACH ROW EXECUTE FUNCTION sapr_rung_is_counted();
