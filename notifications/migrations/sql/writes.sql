-- What it costs to write notices and what belongs to them. The refusals are those of before; what a trigger looks up it
-- looks up as the owner, so that it is not asked again, row by row, what the viewer works on: that says the table's own policy.

-- Of the ladder only posts that there are: what is no id is none.
CREATE OR REPLACE FUNCTION sapr_notice_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'INSERT' OR NEW.ladder <> OLD.ladder THEN
        -- Without a post in it, or with one that can get none, it would never be placed.
        IF jsonb_array_length(NEW.ladder) = 0 OR EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(NEW.ladder) post
                LEFT JOIN accounts_post p ON p.id = CASE
                    WHEN post ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$$' THEN post::uuid END
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
CREATE OR REPLACE TRIGGER waits BEFORE INSERT OR UPDATE ON notifications_notice
    FOR EACH ROW WHEN (sapr_is_web()) EXECUTE FUNCTION sapr_notice_waits();
CREATE OR REPLACE FUNCTION sapr_notice_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.kind = 'commander_notice_restricted' THEN
        IF EXISTS (SELECT 1 FROM accounts_post WHERE id = NEW.post_id AND role = 'unit_commander') THEN
            RAISE EXCEPTION 'a Restricted notice never goes to a unit commander' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.case_id AND election = 'unrestricted') THEN
        RAISE EXCEPTION 'a Restricted report has no notice of that kind' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
ALTER FUNCTION sapr_acknowledgement_of_notice() SECURITY DEFINER;

-- What is decided, and for how many: of one look at the notice.
CREATE OR REPLACE FUNCTION sapr_notice_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    n record;
    counted numeric;
BEGIN
    NEW.decided_at := sapr_now();
    SELECT notice.unit_rung_id, p.location_id INTO n
    FROM notifications_notice notice JOIN accounts_post p ON p.id = notice.post_id
    WHERE notice.id = NEW.notice_id AND notice.case_id = NEW.case_id
      AND notice.kind = 'commander_notice_restricted' AND notice.state <> 'placed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'what is decided is a Restricted notice that is not placed yet' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.stage = 'released' AND (NOT NEW.approvers ? coalesce(sapr_viewer()::text, '')
            OR sapr_viewer_roles() && ARRAY['senior_commander', 'unit_commander']) THEN
        RAISE EXCEPTION 'who releases a notice does so in their own name and commands nobody' USING ERRCODE = 'SA002';
    END IF;
    SELECT r.k INTO counted FROM notifications_unitrung r WHERE r.id = n.unit_rung_id;
    -- Finer words (DN-27) speak of one person's own class, which may well be larger than the smallest of the rung.
    IF EXISTS (SELECT 1 FROM notifications_finerwording f WHERE f.notice_id = NEW.notice_id AND f.sha256 = NEW.sha256) THEN
        counted := NULL;
    END IF;
    IF NEW.unit_rung_id <> n.unit_rung_id
       OR NEW.k > coalesce(counted, sapr_people_counted(NEW.tables, n.location_id)) THEN
        RAISE EXCEPTION 'a decision is about no more people than its rung was counted for' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
DROP TRIGGER is_counted ON notifications_noticedecision;
DROP FUNCTION sapr_decision_is_counted();

-- Whether a row stands behind another in a case of the viewer's. `held` comes with the question, as for `sapr_works_on`.
CREATE FUNCTION sapr_works_on_notice(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM notifications_notice n JOIN reports_assignment a ON a.case_id = n.case_id
        WHERE n.id = wanted AND a.user_id = sapr_viewer() AND a.ended_at IS NULL
          AND a.role || '/' || a.place = ANY (held));
END
$$$$;
REVOKE ALL ON FUNCTION sapr_works_on_notice(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_works_on_notice(uuid, text[]) TO $web;
ALTER POLICY made ON notifications_reminder WITH CHECK (
    sapr_works_on_notice(notice_id, (SELECT sapr_viewer_held())::text[]));
