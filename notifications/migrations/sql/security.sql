ALTER TABLE notifications_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY own_cases ON notifications_notice TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY worker ON notifications_notice TO $worker USING (true) WITH CHECK (true);

ALTER TABLE notifications_inboxitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_inboxitem FORCE ROW LEVEL SECURITY;
CREATE POLICY own_posts ON notifications_inboxitem FOR SELECT TO $web
    USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
CREATE POLICY acknowledged ON notifications_inboxitem FOR UPDATE TO $web
    USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[]));
-- Placed only for a notice that the viewer can see.
CREATE POLICY placed ON notifications_inboxitem FOR INSERT TO $web
    WITH CHECK (EXISTS (SELECT 1 FROM notifications_notice n WHERE n.id = notifications_inboxitem.id));
CREATE POLICY worker ON notifications_inboxitem TO $worker USING (true) WITH CHECK (true);

-- An addressee is not on the case; opening a notice in one's own inbox (own_posts above) is still an event of it.
CREATE POLICY addressee_opened ON reports_event FOR INSERT TO $web WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened'
    AND EXISTS (SELECT 1 FROM notifications_inboxitem i WHERE i.case_id = reports_event.case_id));
-- The worker closes the duties of notices that stand in their inbox, by an event, and no others.
CREATE POLICY worker_closes ON reports_duty FOR UPDATE TO $worker USING (true) WITH CHECK (
    state IN ('discharged', 'missed') AND closed_event IS NOT NULL
    AND EXISTS (SELECT 1 FROM notifications_notice n JOIN notifications_inboxitem i ON i.id = n.id
                WHERE n.duty_id = reports_duty.id));

ALTER TABLE notifications_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notifications_reminder FOR SELECT TO $web
    USING (post_id = ANY ((SELECT sapr_viewer_posts())::uuid[])
           OR EXISTS (SELECT 1 FROM notifications_notice n WHERE n.id = notice_id));
CREATE POLICY answered ON notifications_reminder FOR UPDATE TO $web
    USING (EXISTS (SELECT 1 FROM notifications_notice n WHERE n.id = notice_id));
CREATE POLICY made ON notifications_reminder FOR INSERT TO $web
    WITH CHECK (EXISTS (SELECT 1 FROM notifications_notice n WHERE n.id = notice_id));
CREATE POLICY worker ON notifications_reminder TO $worker USING (true) WITH CHECK (true);

-- A Restricted report has no notice of the Unrestricted kinds, and its own never goes to a unit commander.
CREATE FUNCTION sapr_is_unit_commanders(post uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT EXISTS (SELECT 1 FROM accounts_post WHERE id = post AND role = 'unit_commander')
$$$$;
CREATE FUNCTION sapr_notice_fits() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
    IF NEW.kind = 'commander_notice_restricted' AND sapr_is_unit_commanders(NEW.post_id) THEN
        RAISE EXCEPTION 'a Restricted notice never goes to a unit commander' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.kind <> 'commander_notice_restricted' AND NOT sapr_is_unrestricted(NEW.case_id) THEN
        RAISE EXCEPTION 'a Restricted report has no notice of that kind' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER fits BEFORE INSERT ON notifications_notice FOR EACH ROW EXECUTE FUNCTION sapr_notice_fits();
CREATE TRIGGER stands BEFORE UPDATE ON notifications_notice
    FOR EACH ROW WHEN (OLD.state = 'placed' OR OLD.kind <> NEW.kind OR OLD.case_id <> NEW.case_id OR OLD.post_id <> NEW.post_id
        OR OLD.minimal <> NEW.minimal OR OLD.details IS DISTINCT FROM NEW.details OR OLD.last_slot <> NEW.last_slot
        OR OLD.composed_at <> NEW.composed_at
        OR (OLD.wording <> NEW.wording AND (OLD.state <> 'composed' OR NEW.wording <> OLD.minimal))
        OR (OLD.state = 'released' AND (NEW.state NOT IN ('released', 'placed') OR OLD.slot IS DISTINCT FROM NEW.slot
            OR OLD.released_sha256 <> NEW.released_sha256)))
    EXECUTE FUNCTION sapr_refuse('a notice stands as it was composed, released and placed');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_notice
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a notice is never deleted');
-- What stands in an inbox is its notice: at a post of its ladder, in its words (the finer ones only once released
-- and only for the post they were chosen for) or with its details. AFTER, so that a second placing fails on the key.
-- Invoker: who places a notice can read it.
CREATE FUNCTION sapr_item_is_its_notice() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.kind = 'commander_notice_restricted' AND sapr_is_unit_commanders(NEW.post_id) THEN
        RAISE EXCEPTION 'a Restricted notice never goes to a unit commander' USING ERRCODE = 'SA002';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM notifications_notice n
        WHERE n.id = NEW.id AND n.kind = NEW.kind AND n.ladder ? NEW.post_id::text
            AND CASE WHEN n.kind = 'commander_notice_restricted' THEN
                    NEW.case_id IS NULL AND NEW.details IS NULL
                    AND (NEW.body = n.minimal
                         OR (NEW.body = n.wording AND n.state = 'released' AND NEW.post_id = n.post_id))
                ELSE NEW.case_id = n.case_id AND NEW.details = n.details AND NEW.body = '' END) THEN
        RAISE EXCEPTION 'what stands in an inbox is its notice' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER is_its_notice AFTER INSERT ON notifications_inboxitem
    FOR EACH ROW EXECUTE FUNCTION sapr_item_is_its_notice();
CREATE TRIGGER only_acknowledged BEFORE UPDATE ON notifications_inboxitem
    FOR EACH ROW WHEN (OLD.acknowledged_at IS NOT NULL OR OLD.body <> NEW.body OR OLD.post_id <> NEW.post_id
        OR OLD.slot <> NEW.slot OR OLD.details IS DISTINCT FROM NEW.details)
    EXECUTE FUNCTION sapr_refuse('a placed notice only ever gets acknowledged');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_inboxitem
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a placed notice stays');

GRANT SELECT, INSERT ON notifications_notice, notifications_inboxitem, notifications_reminder, notifications_strength TO $web;
GRANT UPDATE (ladder, state, slot, look_at, wording, rung, released_by, released_sha256, placed_at) ON notifications_notice TO $web;
GRANT UPDATE (acknowledged_at, acknowledged_by) ON notifications_inboxitem TO $web;
GRANT UPDATE (over_at) ON notifications_reminder TO $web;
GRANT INSERT ON notifications_outboxmail TO $web;

GRANT SELECT ON notifications_notice, notifications_inboxitem, notifications_reminder, notifications_outboxmail TO $worker;
GRANT UPDATE (state, look_at, placed_at) ON notifications_notice TO $worker;
GRANT INSERT ON notifications_inboxitem, notifications_outboxmail TO $worker;
GRANT UPDATE (done_at, shown, over_at) ON notifications_reminder TO $worker;
GRANT UPDATE (state, attempts, look_at, sent_at) ON notifications_outboxmail TO $worker;
