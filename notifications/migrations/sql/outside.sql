-- What leaves the system: the worker makes it, programme managers look after it, nobody else touches it.
INSERT INTO notifications_channel (id, kind, url, failures) VALUES (gen_random_uuid(), 'mail', '', 0);

ALTER TABLE notifications_channel ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_channel FORCE ROW LEVEL SECURITY;
-- How channels fare is no secret of a case; the health page asks without a viewer.
CREATE POLICY seen ON notifications_channel FOR SELECT TO $web USING (true);
CREATE POLICY registered ON notifications_channel FOR INSERT TO $web WITH CHECK (
    kind = 'webhook' AND registered_by_id = sapr_viewer() AND registered_at <= sapr_now()
    AND ended_at IS NULL AND alive_at IS NULL AND failures = 0 AND failing_since IS NULL AND told_at IS NULL
    AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
CREATE POLICY ended ON notifications_channel FOR UPDATE TO $web
    USING (kind = 'webhook' AND ended_at IS NULL AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]))
    WITH CHECK (ended_by_id = sapr_viewer() AND ended_at <= sapr_now());
CREATE POLICY worker ON notifications_channel TO $worker USING (true) WITH CHECK (true);

ALTER TABLE notifications_webhooksecret ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_webhooksecret FORCE ROW LEVEL SECURITY;
CREATE POLICY given ON notifications_webhooksecret FOR INSERT TO $web WITH CHECK (EXISTS (
    SELECT 1 FROM notifications_channel c
    WHERE c.id = channel_id AND c.kind = 'webhook' AND c.registered_by_id = sapr_viewer() AND c.ended_at IS NULL));
CREATE POLICY worker ON notifications_webhooksecret FOR SELECT TO $worker USING (true);

ALTER TABLE notifications_outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_outgoing FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON notifications_outgoing FOR SELECT TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
CREATE POLICY looked_after ON notifications_outgoing FOR UPDATE TO $web
    USING (state = 'dead' AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]))
    WITH CHECK (state = 'queued' OR state = 'closed' AND closed_by_id = sapr_viewer() AND closed_at <= sapr_now());
CREATE POLICY worker ON notifications_outgoing TO $worker USING (true) WITH CHECK (true);

-- Mail to people belongs to the round that is being made, at its instant: there is no other.
CREATE FUNCTION sapr_outgoing_is_planned() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.state <> 'queued' OR NEW.attempts <> 0 OR NEW.sha256 <> '' OR NEW.look_at <> NEW.planned_at THEN
        RAISE EXCEPTION 'a message to outside begins in the queue' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.round_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM notifications_mailround r
        WHERE r.id = NEW.round_id AND r.planned_at = NEW.planned_at AND r.made_at IS NULL) THEN
        RAISE EXCEPTION 'mail to people goes out in its round, at the planned instant' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER is_planned BEFORE INSERT ON notifications_outgoing
    FOR EACH ROW EXECUTE FUNCTION sapr_outgoing_is_planned();
-- Its key, its addressee, its instant and its digest stand; a lease is a minute at most; what is over stays over.
CREATE FUNCTION sapr_outgoing_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF (OLD.id, OLD.channel_id, OLD.kind, OLD.round_id, OLD.address, OLD.planned_at, OLD.expires_at)
       IS DISTINCT FROM (NEW.id, NEW.channel_id, NEW.kind, NEW.round_id, NEW.address, NEW.planned_at, NEW.expires_at)
       OR OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256 THEN
        RAISE EXCEPTION 'a message to outside stands as it was queued and handed over' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.attempts > OLD.attempts AND NEW.look_at > sapr_now() + interval '60 seconds' THEN
        RAISE EXCEPTION 'a lease lasts a minute at most' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        OLD.state = 'queued' AND NEW.state IN ('sent', 'acknowledged', 'dropped', 'dead')
        OR OLD.state = 'dead' AND NEW.state IN ('queued', 'closed')) THEN
        RAISE EXCEPTION 'a message to outside does not move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stands BEFORE UPDATE ON notifications_outgoing
    FOR EACH ROW EXECUTE FUNCTION sapr_outgoing_stands();
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_outgoing
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a message to outside stays on record');
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON notifications_webhooksecret
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a webhook keeps its secret; a new one is registered anew');

GRANT SELECT, INSERT ON notifications_channel TO $web;
GRANT UPDATE (ended_at, ended_by_id) ON notifications_channel TO $web;
GRANT INSERT ON notifications_webhooksecret TO $web;
GRANT SELECT ON notifications_mailround, notifications_outgoing TO $web;
GRANT UPDATE (state, look_at, attempts, closed_by_id, closed_at, closed_reason) ON notifications_outgoing TO $web;

GRANT SELECT ON notifications_channel, notifications_webhooksecret, notifications_mailround, notifications_outgoing TO $worker;
GRANT UPDATE (beat_at, alive_at, failures, resume_at, failing_since, dead_due_at, dead_at, told_at)
    ON notifications_channel TO $worker;
GRANT INSERT ON notifications_mailround, notifications_outgoing TO $worker;
GRANT UPDATE (made_at, addressees, skipped) ON notifications_mailround TO $worker;
GRANT UPDATE (state, attempts, tries, look_at, sha256, handed_at, acknowledged_at) ON notifications_outgoing TO $worker;
-- When mail goes out follows from the zone of a post's place. Its name is none of the worker's business.
GRANT SELECT (id, zone) ON accounts_location TO $worker;

-- The worker says how a channel fares once it is so; people say what they did with one, in their own name.
CREATE POLICY worker_says_outside ON reports_event FOR INSERT TO $worker WITH CHECK (
    actor_id IS NULL AND case_id = '00000000-0000-0000-0000-000000000000' AND CASE
    WHEN kind IN ('channel_dead', 'channel_alive') THEN EXISTS (
        SELECT 1 FROM notifications_channel c
        WHERE c.id::text = reports_event.data ->> 'channel' AND (c.dead_at IS NOT NULL) = (reports_event.kind = 'channel_dead'))
    WHEN kind = 'mail_round_skipped' THEN EXISTS (
        SELECT 1 FROM notifications_mailround r WHERE r.id::text = reports_event.data ->> 'round' AND r.skipped)
    ELSE false END);
CREATE POLICY outside_is_said_by_its_own ON reports_event AS RESTRICTIVE FOR INSERT TO $web WITH CHECK (
    kind NOT IN ('channel_dead', 'channel_alive', 'mail_round_skipped')
    AND (kind NOT IN ('webhook_registered', 'webhook_ended', 'outgoing_requeued', 'outgoing_closed')
         OR 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[])));
