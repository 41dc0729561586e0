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

-- A Restricted report has no notice of the Unrestricted kinds.
CREATE FUNCTION sapr_notice_fits() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
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
        OR OLD.composed_at <> NEW.composed_at OR OLD.ladder <> NEW.ladder
        OR (OLD.wording <> NEW.wording AND (OLD.state <> 'composed' OR NEW.wording <> OLD.minimal))
        OR (OLD.state = 'released' AND (NEW.state NOT IN ('released', 'placed') OR OLD.slot IS DISTINCT FROM NEW.slot
            OR OLD.released_sha256 <> NEW.released_sha256)))
    EXECUTE FUNCTION sapr_refuse('a notice stands as it was composed, released and placed');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_notice
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a notice is never deleted');
CREATE TRIGGER only_acknowledged BEFORE UPDATE ON notifications_inboxitem
    FOR EACH ROW WHEN (OLD.acknowledged_at IS NOT NULL OR OLD.body <> NEW.body OR OLD.post_id <> NEW.post_id
        OR OLD.slot <> NEW.slot OR OLD.details IS DISTINCT FROM NEW.details)
    EXECUTE FUNCTION sapr_refuse('a placed notice only ever gets acknowledged');
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_inboxitem
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a placed notice stays');

GRANT SELECT, INSERT ON notifications_notice, notifications_inboxitem, notifications_reminder, notifications_strength TO $web;
GRANT UPDATE (state, slot, look_at, wording, rung, released_by, released_sha256, placed_at) ON notifications_notice TO $web;
GRANT UPDATE (acknowledged_at, acknowledged_by) ON notifications_inboxitem TO $web;
GRANT UPDATE (over_at) ON notifications_reminder TO $web;
GRANT INSERT ON notifications_outboxmail TO $web;

GRANT SELECT ON notifications_notice, notifications_inboxitem, notifications_reminder, notifications_outboxmail TO $worker;
GRANT UPDATE (state, look_at, placed_at) ON notifications_notice TO $worker;
GRANT INSERT ON notifications_inboxitem, notifications_outboxmail TO $worker;
GRANT UPDATE (done_at, shown, over_at) ON notifications_reminder TO $worker;
GRANT UPDATE (state, attempts, look_at, sent_at) ON notifications_outboxmail TO $worker;
