-- Telling of duties that come due or stand undone; and whether anybody looks for due work.

-- What may be written in a closed case too: a duty that stands there is told of like any other.
INSERT INTO reports_afterclosing (kind) VALUES ('duty_escalated');
DROP TRIGGER case_is_open ON reports_event;
DO $$$$
BEGIN
    EXECUTE format('CREATE TRIGGER case_is_open AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind NOT IN (''case_closed'', %s))
                    EXECUTE FUNCTION sapr_event_of_open_case()',
        (SELECT string_agg(quote_literal(kind), ', ' ORDER BY kind) FROM reports_afterclosing));
END
$$$$;

ALTER TABLE notifications_ladder ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_ladder FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON notifications_ladder FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
-- Whoever opens a duty puts it on its ladder: the duty is theirs to see in that transaction.
CREATE POLICY begun ON notifications_ladder FOR INSERT TO $web WITH CHECK (
    behind = 0 AND EXISTS (SELECT 1 FROM reports_duty d WHERE d.id = duty_id AND d.case_id = notifications_ladder.case_id));
CREATE POLICY worker ON notifications_ladder TO $worker USING (true) WITH CHECK (true);
CREATE TRIGGER only_climbs BEFORE UPDATE ON notifications_ladder
    FOR EACH ROW WHEN (OLD.duty_id <> NEW.duty_id OR OLD.case_id <> NEW.case_id OR NEW.behind < OLD.behind)
    EXECUTE FUNCTION sapr_refuse('a ladder is only ever climbed');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_ladder
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a ladder is only ever climbed');

ALTER TABLE notifications_escalation ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_escalation FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON notifications_escalation FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
CREATE POLICY told ON notifications_escalation FOR SELECT TO $web USING (
    role IN ('sarc', 'alternate', 'programme_manager') AND post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
CREATE POLICY worker ON notifications_escalation TO $worker USING (true)
    WITH CHECK (EXISTS (SELECT 1 FROM reports_duty d WHERE d.id = duty_id AND d.case_id = notifications_escalation.case_id
                        AND d.due_at = duty_due_at AND d.role = responsible));
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON notifications_escalation
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('what was told stays told');

-- The post of a role that is told of a duty: at its case's installation, else at the nearest command above, else the
-- first there is; `alternate`: the one that the SARC's post names as its next higher. The worker learns the
-- installation and the post, and nothing else of the case. Only the SARC's circle is ever told: to anybody else
-- a nudge would say that there is a case.
CREATE FUNCTION sapr_post_for_duty(wanted uuid, told text, OUT post uuid, OUT place uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    here uuid;
    sought text := CASE told WHEN 'programme_manager' THEN told WHEN 'sapr_va' THEN told ELSE 'sarc' END;
BEGIN
    SELECT c.installation_id INTO place FROM reports_duty d JOIN reports_case c ON c.id = d.case_id WHERE d.id = wanted;
    here := place;
    WHILE here IS NOT NULL AND post IS NULL LOOP
        SELECT p.id INTO post FROM accounts_post p WHERE p.location_id = here AND p.role = sought;
        SELECT l.parent_id INTO here FROM accounts_location l WHERE l.id = here;
    END LOOP;
    IF told = 'alternate' THEN
        post := (SELECT higher.id FROM accounts_post p JOIN accounts_post higher ON higher.id = p.next_higher_id
                 WHERE p.id = post AND higher.role IN ('sarc', 'programme_manager'));
    ELSIF post IS NULL AND sought = 'programme_manager' THEN
        post := (SELECT p.id FROM accounts_post p WHERE p.role = sought ORDER BY p.title LIMIT 1);
    END IF;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_post_for_duty(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_post_for_duty(uuid, text) TO $worker;
-- Which of the duties that the viewer's posts were told of still stand. They are on no case of these.
CREATE FUNCTION sapr_told_and_open() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM notifications_escalation e
            JOIN reports_duty d ON d.id = e.duty_id AND d.state = 'open'
            WHERE e.post_id = ANY (sapr_viewer_posts()) AND e.state = 'told');
END
$$$$;
CREATE POLICY answers ON notifications_escalation FOR SELECT TO $owner USING (true);
REVOKE EXECUTE ON FUNCTION sapr_told_and_open() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_told_and_open() TO $web;

-- What the worker says of a ladder is what it did; and of the sweep, what its row says.
CREATE POLICY worker_escalates ON reports_event FOR INSERT TO $worker WITH CHECK (
    actor_id IS NULL AND kind = 'duty_escalated' AND EXISTS (
        SELECT 1 FROM notifications_escalation e
        WHERE e.duty_id::text = data ->> 'duty' AND e.case_id = reports_event.case_id AND e.step = (data ->> 'step')::int));
CREATE POLICY watchdog_tells ON reports_event FOR INSERT TO $worker WITH CHECK (
    actor_id IS NULL AND case_id = '00000000-0000-0000-0000-000000000000' AND CASE kind
        WHEN 'sweep_stalled' THEN EXISTS (SELECT 1 FROM notifications_sweepbeat WHERE stalled_at IS NOT NULL)
        WHEN 'sweep_resumed' THEN EXISTS (SELECT 1 FROM notifications_sweepbeat WHERE stalled_at IS NULL AND resumed_at = occurred_at)
        ELSE false END);

INSERT INTO notifications_sweepbeat (id) VALUES ('00000000-0000-0000-0000-000000000000');
-- Duties that are open already, and that no minute makes late are told of by none.
INSERT INTO notifications_ladder (id, duty_id, case_id, behind, look_at)
SELECT gen_random_uuid(), id, case_id, 0, due_at FROM reports_duty WHERE state = 'open' AND NOT immediate;

GRANT SELECT, INSERT ON notifications_ladder TO $web;
GRANT SELECT ON notifications_escalation TO $web;
GRANT SELECT ON notifications_ladder, notifications_escalation TO $worker;
GRANT UPDATE (behind, look_at) ON notifications_ladder TO $worker;
GRANT INSERT ON notifications_ladder, notifications_escalation TO $worker;
GRANT SELECT ON notifications_sweepbeat TO $web, $worker;
GRANT UPDATE (beat_at, counted_from, silent_from, silent_to, watched_at, stalled_at, resumed_at, mailed_at) ON notifications_sweepbeat TO $worker;
