-- What it costs to write a notice. The refusals are those of before.

-- Each post of the ladder is looked up by its key. With EXISTS over all of them a plan was made anew for every notice,
-- which took more than all other questions about it.
CREATE OR REPLACE FUNCTION sapr_notice_waits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE fit boolean;
BEGIN
    IF TG_OP = 'INSERT' OR NEW.ladder <> OLD.ladder THEN
        -- Without a post in it, or with one that can get none, it would never be placed. Of the ladder only posts that there
        -- are: what is no id is none.
        SELECT bool_and(coalesce((
            SELECT p.role <> 'unit_commander' OR NEW.kind <> 'commander_notice_restricted' FROM accounts_post p
            WHERE p.id = CASE WHEN post LIKE '________-____-____-____-____________' AND replace(post, '-', '') !~ '[^0-9a-f]'
                              AND length(replace(post, '-', '')) = 32 THEN post::uuid END), false)) INTO fit
        FROM jsonb_array_elements_text(NEW.ladder) post;
        IF fit IS NOT TRUE THEN
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

-- One look after the other: to make ready for several tables at once takes longer than to ask each.
CREATE OR REPLACE FUNCTION sapr_works_on_notice(wanted uuid, held text[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE of_case uuid;
BEGIN
    SELECT n.case_id INTO of_case FROM notifications_notice n WHERE n.id = wanted;
    PERFORM FROM reports_assignment a
    WHERE a.case_id = of_case AND a.user_id = nullif(current_setting('sapr.viewer', true), '')::uuid AND a.ended_at IS NULL
      AND a.role || '/' || a.place = ANY (held);
    RETURN FOUND;
END
$$$$;
-- What is asked for of few decisions is not looked up for all.
CREATE OR REPLACE FUNCTION sapr_notice_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    n record;
    counted numeric;
BEGIN
    NEW.decided_at := sapr_now();
    SELECT case_id, kind, state, unit_rung_id, post_id INTO n FROM notifications_notice WHERE id = NEW.notice_id;
    IF n.case_id IS DISTINCT FROM NEW.case_id OR n.kind <> 'commander_notice_restricted' OR n.state = 'placed' THEN
        RAISE EXCEPTION 'what is decided is a Restricted notice that is not placed yet' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.stage = 'released' AND (NOT NEW.approvers ? coalesce(sapr_viewer()::text, '')
            OR sapr_viewer_roles() && ARRAY['senior_commander', 'unit_commander']) THEN
        RAISE EXCEPTION 'who releases a notice does so in their own name and commands nobody' USING ERRCODE = 'SA002';
    END IF;
    -- Finer words (DN-27) speak of one person's own class, which may well be larger than the smallest of the rung.
    IF NOT EXISTS (SELECT 1 FROM notifications_finerwording f WHERE f.notice_id = NEW.notice_id AND f.sha256 = NEW.sha256) THEN
        counted := (SELECT k FROM notifications_unitrung WHERE id = n.unit_rung_id);
    END IF;
    IF NEW.unit_rung_id <> n.unit_rung_id
       OR NEW.k > coalesce(counted, sapr_people_counted(NEW.tables, (SELECT location_id FROM accounts_post WHERE id = n.post_id))) THEN
        RAISE EXCEPTION 'a decision is about no more people than its rung was counted for' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;

-- One row at a time is written of each: see `sapr_works_on(case)`.
ALTER POLICY own_cases ON notifications_notice WITH CHECK (sapr_works_on(case_id));
ALTER POLICY own_cases ON notifications_acknowledgement WITH CHECK (sapr_works_on(case_id));
ALTER POLICY own_cases ON notifications_noticedecision WITH CHECK (sapr_works_on(case_id));
