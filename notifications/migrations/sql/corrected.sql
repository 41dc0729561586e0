-- Telling an addressee anew is for the SARC of an Unrestricted case; no further notice of one kind goes out otherwise. None
-- at all follows a Restricted one: that is a unique key.
CREATE FUNCTION sapr_told_anew() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT sapr_is_unrestricted(NEW.case_id) OR NOT sapr_is_its_sarc(NEW.case_id) THEN
        RAISE EXCEPTION 'an addressee is told anew by the SARC of an Unrestricted case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER told_anew BEFORE INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'notice_corrected' AND NEW.actor_id IS NOT NULL) EXECUTE FUNCTION sapr_told_anew();
CREATE FUNCTION sapr_notice_is_further() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM notifications_notice WHERE case_id = NEW.case_id AND kind = NEW.kind AND id <> NEW.id)
       AND NOT EXISTS (SELECT 1 FROM reports_duty d JOIN reports_event e ON e.id = d.opened_event
                       WHERE d.id = NEW.duty_id AND e.case_id = NEW.case_id AND e.kind = 'notice_corrected'
                         AND e.data ->> 'kind' = NEW.kind) THEN
        RAISE EXCEPTION 'a further notice of a kind corrects what was told' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER is_further AFTER INSERT ON notifications_notice
    FOR EACH ROW WHEN (NEW.kind <> 'commander_notice_restricted') EXECUTE FUNCTION sapr_notice_is_further();

-- The words of a Restricted notice are made anew while it waits, of the one size, by whoever works on its case.
ALTER TABLE notifications_recomposing ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_recomposing FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_recomposing FOR SELECT TO $owner USING (true);
CREATE POLICY own_cases ON notifications_recomposing TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON notifications_recomposing FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY worker ON notifications_recomposing FOR SELECT TO $worker USING (true);
CREATE FUNCTION sapr_recomposing() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE n notifications_notice;
BEGIN
    NEW.at := greatest(sapr_now(), (SELECT max(at) FROM notifications_recomposing WHERE notice_id = NEW.notice_id) + interval '1 microsecond');
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.notice_id AND case_id = NEW.case_id FOR UPDATE;
    IF n.id IS NULL OR n.kind <> 'commander_notice_restricted' OR n.state = 'placed' THEN
        RAISE EXCEPTION 'words are made anew of a Restricted notice that waits' USING ERRCODE = 'SA002';
    END IF;
    NEW.takes_back := n.state = 'released';
    IF octet_length(NEW.wording) <> octet_length(n.minimal)
       OR ((NEW.takes_back OR NEW.rung = 'minimal') AND (NEW.wording, NEW.rung) <> (n.minimal, 'minimal'))
       OR (NEW.rung <> 'minimal' AND n.unit_rung_id IS NULL) THEN
        RAISE EXCEPTION 'words that are made anew are a Restricted notice''s' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER waits BEFORE INSERT ON notifications_recomposing FOR EACH ROW EXECUTE FUNCTION sapr_recomposing();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON notifications_recomposing
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('words made anew stand');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON notifications_recomposing EXECUTE FUNCTION sapr_refuse('words made anew stand');
-- A notice that was not released says them from now on. As the owner: nobody else may write `choices`.
CREATE FUNCTION sapr_recomposed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE notifications_notice SET wording = NEW.wording, rung = NEW.rung, choices = NEW.choices
        WHERE id = NEW.notice_id AND state = 'composed';
    RETURN NULL;
END
$$$$;
CREATE TRIGGER says_them AFTER INSERT ON notifications_recomposing FOR EACH ROW EXECUTE FUNCTION sapr_recomposed();
REVOKE EXECUTE ON FUNCTION sapr_recomposed() FROM PUBLIC;

-- The trigger that keeps a notice's words lets exactly this change pass: made again from its own definition.
CREATE FUNCTION sapr_is_recomposed(was notifications_notice, now_is notifications_notice) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE free text[] := ARRAY['wording', 'rung', 'choices'];
BEGIN
    RETURN was.state = 'composed' AND to_jsonb(was) - free = to_jsonb(now_is) - free AND (
        SELECT (r.wording, r.rung, r.choices) = (now_is.wording, now_is.rung, now_is.choices)
        FROM notifications_recomposing r WHERE r.notice_id = was.id ORDER BY r.at DESC LIMIT 1) IS TRUE;
END
$$$$;
DO $$$$
DECLARE
    was text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'stands' AND tgrelid = 'notifications_notice'::regclass);
    now_is text := replace(was, ' WHEN (', ' WHEN (NOT sapr_is_recomposed(OLD, NEW) AND ');
BEGIN
    ASSERT now_is <> was, 'the trigger that keeps a notice''s words reads otherwise';
    DROP TRIGGER stands ON notifications_notice;
    EXECUTE now_is;
END
$$$$;

-- Words that were released and are no longer true stand in no inbox.
CREATE FUNCTION sapr_item_is_true() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM notifications_recomposing r JOIN notifications_notice n ON n.id = r.notice_id
               WHERE n.id = NEW.id AND r.takes_back AND NEW.body <> n.minimal) THEN
        RAISE EXCEPTION 'words that were corrected are placed no more' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER is_true AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW WHEN (NEW.kind = 'commander_notice_restricted') EXECUTE FUNCTION sapr_item_is_true();

-- Finer words were made from the case as it was, and signed for by the victim: a correction since ends them. Definer: who decides
-- reads nothing of the case.
CREATE FUNCTION sapr_finer_outlived(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_finerwording f JOIN notifications_recomposing r ON r.notice_id = f.notice_id
                   WHERE f.id = wanted AND r.at > f.proposed_at);
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_finer_stands(wanted uuid, digest text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM notifications_finerwording f
        WHERE f.notice_id = wanted AND f.sha256 = digest AND f.state = 'approved' AND f.expires_at > sapr_now()
          AND NOT sapr_commands(f.proposed_by_id) AND NOT sapr_commands(f.decided_by_id) AND NOT sapr_finer_outlived(f.id));
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_finer_outlived(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_finer_outlived(uuid) TO $web, $worker;

GRANT SELECT, INSERT ON notifications_recomposing TO $web;
GRANT SELECT ON notifications_recomposing TO $worker;

-- How often a SARC says less than the words that were made, beside how often the draw does (DN-25): a coarser notice must not
-- stand out. Of all cases together, for programme managers. Words finer than the rung have more than one approver.
CREATE FUNCTION sapr_coarsened(since timestamptz, OUT released bigint, OUT drawn bigint, OUT by_sarc bigint) LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    IF 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        SELECT count(*), count(*) FILTER (WHERE made.coarsened), count(*) FILTER (WHERE said.rung <> made.rung)
        INTO released, drawn, by_sarc
        FROM notifications_noticedecision said CROSS JOIN LATERAL (
            SELECT rung, coarsened FROM (
                SELECT d.rung, d.coarsened, NULL AS at FROM notifications_noticedecision d
                WHERE d.notice_id = said.notice_id AND d.stage = 'composed'
                UNION ALL SELECT r.rung, r.coarsened, r.at FROM notifications_recomposing r
                WHERE r.notice_id = said.notice_id AND NOT r.takes_back) either
            ORDER BY at DESC NULLS LAST LIMIT 1) made
        WHERE said.stage = 'released' AND said.decided_at >= since AND jsonb_array_length(said.approvers) = 1
          AND (made.rung <> 'minimal' OR made.coarsened);
    END IF;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_coarsened(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_coarsened(timestamptz) TO $web;
