-- What it costs to write a notice, once more. The refusals are those of before.

-- The notice is looked up by its key alone and what it must be is asked of the row: asked together, the planner takes the
-- small index of notices that wait, and goes through all of them.
CREATE OR REPLACE FUNCTION sapr_notice_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    n record;
    counted numeric;
BEGIN
    NEW.decided_at := sapr_now();
    SELECT notice.case_id, notice.kind, notice.state, notice.unit_rung_id, p.location_id, r.k INTO n
    FROM notifications_notice notice JOIN accounts_post p ON p.id = notice.post_id
    LEFT JOIN notifications_unitrung r ON r.id = notice.unit_rung_id
    WHERE notice.id = NEW.notice_id;
    IF n.case_id IS DISTINCT FROM NEW.case_id OR n.kind <> 'commander_notice_restricted' OR n.state = 'placed' THEN
        RAISE EXCEPTION 'what is decided is a Restricted notice that is not placed yet' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.stage = 'released' AND (NOT NEW.approvers ? coalesce(sapr_viewer()::text, '')
            OR sapr_viewer_roles() && ARRAY['senior_commander', 'unit_commander']) THEN
        RAISE EXCEPTION 'who releases a notice does so in their own name and commands nobody' USING ERRCODE = 'SA002';
    END IF;
    -- Finer words (DN-27) speak of one person's own class, which may well be larger than the smallest of the rung.
    IF NOT EXISTS (SELECT 1 FROM notifications_finerwording f WHERE f.notice_id = NEW.notice_id AND f.sha256 = NEW.sha256) THEN
        counted := n.k;
    END IF;
    IF NEW.unit_rung_id <> n.unit_rung_id
       OR NEW.k > coalesce(counted, sapr_people_counted(NEW.tables, n.location_id)) THEN
        RAISE EXCEPTION 'a decision is about no more people than its rung was counted for' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;

-- Written with each row and read by nobody: another index begins with the same column, or nothing asks by it.
DROP INDEX notifications_notice_unit_rung_id_3a8797a7, notifications_noticedecision_case_id_80c52df5,
    notifications_noticedecision_notice_id_e22ee20f, notifications_noticedecision_unit_rung_id_a4c278a1,
    notifications_reminder_notice_id_16a2d47c, notifications_reminder_post_id_4054728e;
