-- Words finer than an addressee's rung: proposed by the SARC of the case, decided by an independent programme manager, none
-- of them in command, and used only while they stand.
ALTER TABLE notifications_finerwording ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_finerwording FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON notifications_finerwording FOR SELECT TO $owner USING (true);
CREATE POLICY own_cases ON notifications_finerwording TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON notifications_finerwording FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
-- Who decides reads what waits, and what they decided themselves; nothing of the case.
CREATE POLICY second_person_reads ON notifications_finerwording FOR SELECT TO $web USING (
    'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]) AND (state = 'proposed' OR decided_by_id = sapr_viewer()));
CREATE POLICY second_person_decides ON notifications_finerwording FOR UPDATE TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]) AND state = 'proposed')
    WITH CHECK (decided_by_id = sapr_viewer());
CREATE POLICY worker ON notifications_finerwording FOR SELECT TO $worker USING (true);

-- Whether somebody holds a commander's post at this moment.
CREATE FUNCTION sapr_commands(person uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM accounts_appointment a JOIN accounts_post p ON p.id = a.post_id
        WHERE a.user_id = person AND p.role IN ('senior_commander', 'unit_commander') AND a.state = 'approved'
          AND a.starts_at <= sapr_now() AND (a.ends_at IS NULL OR a.ends_at > sapr_now()));
END
$$$$;

-- Whether other finer words were approved since, or wait to be placed, for somebody in the same line of command: what these
-- leave was counted without them. Definer: those are of other cases.
CREATE FUNCTION sapr_finer_nearby(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM notifications_finerwording f
        JOIN notifications_notice n ON n.id = f.notice_id JOIN accounts_post p ON p.id = n.post_id,
            notifications_finerwording o
            JOIN notifications_notice m ON m.id = o.notice_id JOIN accounts_post q ON q.id = m.post_id
        WHERE f.id = wanted AND o.id <> f.id AND o.state = 'approved'
          AND (o.decided_at >= f.proposed_at OR m.state <> 'placed' AND o.expires_at > sapr_now())
          AND (sapr_is_below(p.location_id, q.location_id) OR sapr_is_below(q.location_id, p.location_id)));
END
$$$$;

-- Definer: who decides reads neither notice nor case. What is approved is held against the placing by the notice's lock.
CREATE FUNCTION sapr_finer_wording() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    n notifications_notice;
BEGIN
    SELECT * INTO n FROM notifications_notice WHERE id = NEW.notice_id FOR UPDATE;
    IF who IS NULL OR sapr_commands(who) AND (TG_OP = 'INSERT' OR NEW.state <> 'withdrawn') THEN
        RAISE EXCEPTION 'nobody in command proposes or decides finer words' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT sapr_is_its_sarc(NEW.case_id) OR NEW.proposed_by_id IS DISTINCT FROM who OR NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'finer words begin as a proposal of the SARC of the case, in their own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.proposed_at := sapr_now();
        IF n.case_id IS DISTINCT FROM NEW.case_id OR n.kind <> 'commander_notice_restricted' OR n.state <> 'composed'
           OR n.last_slot <= NEW.proposed_at OR sapr_is_unrestricted(NEW.case_id) THEN
            RAISE EXCEPTION 'finer words are for a Restricted notice that waits' USING ERRCODE = 'SA002';
        END IF;
        IF n.unit_rung_id IS NULL OR NEW.rung = n.rung OR NEW.text IN (n.wording, n.minimal)
           OR octet_length(NEW.text) <> octet_length(n.minimal)
           OR EXISTS (SELECT 1 FROM jsonb_array_elements(n.choices) each WHERE each ->> 'text' = NEW.text)
           OR NEW.sha256 <> encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex') THEN
            RAISE EXCEPTION 'finer words are other words of the one size, with their digest' USING ERRCODE = 'SA002';
        END IF;
        -- No notice waits longer than 48 hours (CN-1).
        IF NEW.consent_signed_at > NEW.proposed_at OR NEW.expires_at <= NEW.proposed_at
           OR NEW.consent_signed_at < (SELECT signed_at FROM reports_report WHERE case_id = NEW.case_id)
           OR NEW.expires_at > coalesce(NEW.consent_signed_at, NEW.proposed_at) + interval '48 hours' THEN
            RAISE EXCEPTION 'a consent to finer words counts for a time, from the victim''s signature' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.ground = 'exception' AND NOT EXISTS (
                SELECT 1 FROM reports_disclosure d WHERE d.id = NEW.disclosure_id AND d.case_id = NEW.case_id
                   AND d.state IN ('advised', 'cleared', 'made', 'told')) THEN
            RAISE EXCEPTION 'finer words stand on a decided exception of their own case' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - '{state,decided_by_id,decided_at,withdrawn_by_id,withdrawn_at}'::text[]
       IS DISTINCT FROM to_jsonb(OLD) - '{state,decided_by_id,decided_at,withdrawn_by_id,withdrawn_at}'::text[] THEN
        RAISE EXCEPTION 'finer words stand as they were proposed' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'withdrawn' THEN
        IF OLD.state NOT IN ('proposed', 'approved') OR n.state = 'placed' OR NOT sapr_is_its_sarc(NEW.case_id)
           OR NEW.withdrawn_by_id IS DISTINCT FROM who
           OR (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at) THEN
            RAISE EXCEPTION 'finer words are withdrawn by the SARC of the case, before they are placed' USING ERRCODE = 'SA002';
        END IF;
        NEW.withdrawn_at := sapr_now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'proposed' OR NEW.state NOT IN ('approved', 'refused') THEN
        RAISE EXCEPTION 'finer words are decided once' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM who OR who = OLD.proposed_by_id
       OR NOT 'programme_manager' = ANY (sapr_viewer_roles()) OR NOT sapr_independent(OLD.proposed_by_id, OLD.proposed_at, who) THEN
        RAISE EXCEPTION 'finer words are decided by an independent second person' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    IF NEW.state = 'approved' THEN
        IF NEW.expires_at <= NEW.decided_at OR n.state <> 'composed' THEN
            RAISE EXCEPTION 'finer words are approved while their ground stands and the notice waits' USING ERRCODE = 'SA002';
        END IF;
        IF sapr_commands(OLD.proposed_by_id) THEN
            RAISE EXCEPTION 'nobody in command proposes or decides finer words' USING ERRCODE = 'SA002';
        END IF;
        -- Two approvals for one line of command come one after the other.
        PERFORM pg_advisory_xact_lock(hashtext('notifications_finerwording'));
        IF sapr_finer_nearby(NEW.id) THEN
            RAISE EXCEPTION 'other finer words of this line of command were approved since' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON notifications_finerwording
    FOR EACH ROW EXECUTE FUNCTION sapr_finer_wording();
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_finerwording
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('finer words are withdrawn, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON notifications_finerwording
    EXECUTE FUNCTION sapr_refuse('finer words are withdrawn, not deleted');

-- Whether these words of a notice are approved finer ones at this moment: not withdrawn, their ground not run out, neither
-- person in command. Invoker: whoever releases or places a notice reads its finer words.
CREATE FUNCTION sapr_finer_stands(wanted uuid, digest text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM notifications_finerwording f
        WHERE f.notice_id = wanted AND f.sha256 = digest AND f.state = 'approved' AND f.expires_at > sapr_now()
          AND NOT sapr_commands(f.proposed_by_id) AND NOT sapr_commands(f.decided_by_id));
END
$$$$;
-- A notice's words become finer ones only while these stand.
CREATE FUNCTION sapr_finer_words(wanted uuid, key text, words text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE digest text := encode(sha256(convert_to(words, 'UTF8')), 'hex');
BEGIN
    RETURN EXISTS (SELECT 1 FROM notifications_finerwording WHERE notice_id = wanted AND rung = key AND sha256 = digest)
       AND sapr_finer_stands(wanted, digest);
END
$$$$;
-- The trigger that keeps a notice's words lets this change pass, and keeps whatever else it keeps.
DO $$$$
DECLARE
    was text := (SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'stands' AND tgrelid = 'notifications_notice'::regclass);
    now_is text := regexp_replace(was, '(\(old\.choices @> jsonb_build_array\(jsonb_build_object\(.*?\)\)\))',
                                  '(\1 OR sapr_finer_words(new.id, (new.rung)::text, new.wording))');
BEGIN
    ASSERT now_is <> was, 'the trigger that keeps a notice''s words reads otherwise';
    DROP TRIGGER stands ON notifications_notice;
    EXECUTE now_is;
END
$$$$;
-- Released and placed are finer words only while they stand, with both persons and the numbers of what they leave on record.
CREATE FUNCTION sapr_finer_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM notifications_finerwording WHERE notice_id = NEW.notice_id AND sha256 = NEW.sha256)
       AND NOT EXISTS (
            SELECT 1 FROM notifications_finerwording f WHERE f.notice_id = NEW.notice_id AND f.sha256 = NEW.sha256 AND f.rung = NEW.rung
               AND NEW.k = f.k AND NEW.numbers = f.numbers AND NEW.approvers ? f.proposed_by_id::text
               AND NEW.approvers ? f.decided_by_id::text AND sapr_finer_stands(f.notice_id, f.sha256)) THEN
        RAISE EXCEPTION 'finer words go out while both persons and their ground stand behind them' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER finer_stands BEFORE INSERT ON notifications_noticedecision
    FOR EACH ROW WHEN (NEW.stage IN ('released', 'placed')) EXECUTE FUNCTION sapr_finer_decided();

-- Who decided is on no case, so it stands on the system's chain: said by who did it, once it is so.
CREATE POLICY finer_by_second_person ON reports_event AS RESTRICTIVE FOR INSERT TO $web WITH CHECK (
    kind NOT IN ('finer_approved', 'finer_refused') OR EXISTS (
        SELECT 1 FROM notifications_finerwording f
        WHERE f.id::text = data ->> 'finer' AND f.decided_by_id = sapr_viewer() AND 'finer_' || f.state = reports_event.kind));
INSERT INTO reports_afterclosing (kind) VALUES ('finer_proposed'), ('finer_withdrawn') ON CONFLICT DO NOTHING;

GRANT SELECT, INSERT ON notifications_finerwording TO $web;
GRANT UPDATE (state, decided_by_id, decided_at, withdrawn_by_id, withdrawn_at) ON notifications_finerwording TO $web;
GRANT SELECT (id, notice_id, rung, sha256, k, numbers, tables, state, expires_at, proposed_by_id, decided_by_id)
    ON notifications_finerwording TO $worker;
REVOKE EXECUTE ON FUNCTION sapr_finer_wording(), sapr_finer_nearby(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_finer_nearby(uuid) TO $web;
