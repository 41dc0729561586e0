-- At which local hours notices are placed, by the days on which the rule holds. The rows are those of the policy (DN-01,
-- reports/policy/data/notices.json); a test holds them against it.
CREATE TABLE notifications_slothour (
    rule text NOT NULL,
    hour integer NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (hour, valid_from)
);
INSERT INTO notifications_slothour (rule, hour, valid_from) SELECT 'DN-01', unnest(ARRAY[0, 6, 12, 18]), '2005-01-01';
GRANT SELECT ON notifications_slothour TO $web, $worker;

-- Whether clocks of a zone show a slot at this instant. An hour that a spring night skips comes as much later as the clock
-- jumps; of one that an autumn night repeats the first counts. The rules are those of the days up to the slot: of signing,
-- which is at most 47 hours before it (DN-54), or of the release.
CREATE FUNCTION sapr_is_slot(wanted timestamptz, zone text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE today date := (wanted AT TIME ZONE zone)::date;
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM notifications_slothour h
        CROSS JOIN LATERAL (VALUES (today), (today - 1)) day (shown)
        CROSS JOIN LATERAL (SELECT day.shown + make_interval(hours => h.hour)) wall (shown)
        CROSS JOIN LATERAL (SELECT wall.shown AT TIME ZONE zone) late (at)
        -- By the offset of a while ago: another instant only where the hour comes twice.
        CROSS JOIN LATERAL (SELECT late.at - interval '3 hours') ago (at)
        CROSS JOIN LATERAL (SELECT (wall.shown - ((ago.at AT TIME ZONE zone) - (ago.at AT TIME ZONE 'UTC'))) AT TIME ZONE 'UTC') early (at)
        WHERE h.valid_from <= today AND (h.valid_to IS NULL OR h.valid_to >= today - 2)
          AND wanted = CASE WHEN early.at < late.at AND early.at AT TIME ZONE zone = wall.shown THEN early.at ELSE late.at END);
END
$$$$;
CREATE FUNCTION sapr_case_zone(wanted uuid) RETURNS text LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT l.zone FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id WHERE c.id = wanted);
END
$$$$;
-- As before (guard.sql), and every slot is one of the rules.
CREATE OR REPLACE FUNCTION sapr_notice_waits() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
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
        IF NOT sapr_is_slot(NEW.last_slot, sapr_case_zone(NEW.case_id)) THEN
            RAISE EXCEPTION 'the last slot of a notice is a slot' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.look_at, NEW.state) IS DISTINCT FROM (OLD.look_at, OLD.state)
       AND NEW.look_at IS DISTINCT FROM (CASE NEW.state WHEN 'released' THEN NEW.slot END) THEN
        RAISE EXCEPTION 'a notice is looked at when its slot comes' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'composed' AND NEW.state = 'released' THEN
        -- Drawn a moment ago is not past.
        IF NEW.slot > NEW.last_slot OR NEW.slot < sapr_now() - interval '1 minute'
           OR NOT sapr_is_slot(NEW.slot, sapr_case_zone(NEW.case_id)) THEN
            RAISE EXCEPTION 'a notice is released for one of the slots left' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NEW.slot IS DISTINCT FROM OLD.slot THEN
        RAISE EXCEPTION 'a notice has a slot once it is released' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE FUNCTION sapr_extension_is_at_slot() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT sapr_is_slot(NEW.last_slot, sapr_case_zone(NEW.case_id)) THEN
        RAISE EXCEPTION 'the last slot of a notice is a slot' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
-- After `fits`: triggers run in the order of their names.
CREATE TRIGGER is_at_slot BEFORE INSERT ON notifications_extension FOR EACH ROW EXECUTE FUNCTION sapr_extension_is_at_slot();

-- As before (guard.sql); and what stands in an inbox is on the record of its case, its duty closed. At commit.
CREATE OR REPLACE FUNCTION sapr_placing_is_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    n notifications_notice;
    put jsonb := to_jsonb(NEW);
BEGIN
    SELECT * INTO n FROM notifications_notice WHERE id::text = coalesce(put ->> 'notice_id', put ->> 'id');
    IF n.state IS DISTINCT FROM 'placed' OR TG_TABLE_NAME = 'notifications_inboxitem' AND NOT EXISTS (
            SELECT 1 FROM reports_duty d
            JOIN reports_event e ON e.case_id = n.case_id AND e.kind = d.discharged_by AND e.data ->> 'notice' = n.id::text
                AND e.data ->> 'post' = put ->> 'post_id'
            WHERE d.id = n.duty_id AND d.state <> 'open') THEN
        RAISE EXCEPTION 'a notice is placed whole' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
-- And the other way round: nothing is said to be placed that stands in no inbox, or its duty would be done for nothing. In
-- an invented past no inbox is kept.
CREATE FUNCTION sapr_placed_is_placed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM notifications_notice n JOIN notifications_inboxitem i ON i.id = n.id
                   WHERE n.id::text = NEW.data ->> 'notice' AND n.case_id = NEW.case_id)
       AND NOT (NEW.data ? 'history' AND (SELECT kind FROM sapr_database) <> 'real') THEN
        RAISE EXCEPTION 'a notice is said to be placed where it stands in an inbox' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE CONSTRAINT TRIGGER is_placed AFTER INSERT ON reports_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind IN ('commander_notice_placed', 'commander_details_placed', 'mcio_notice_placed', 'unit_commander_notice_placed'))
    EXECUTE FUNCTION sapr_placed_is_placed();
REVOKE EXECUTE ON FUNCTION sapr_placing_is_whole(), sapr_placed_is_placed() FROM PUBLIC;
