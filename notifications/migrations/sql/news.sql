-- Events of a reader's cases to another system: who begins it, and that a message tells no more than the reader may see.
ALTER TABLE notifications_subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_subscription FORCE ROW LEVEL SECURITY;
-- Whose events go where is no secret of a case, as the webhooks themselves are none.
CREATE POLICY seen ON notifications_subscription FOR SELECT TO $web USING (
    (SELECT sapr_viewer_roles())::text[] && ARRAY['sarc', 'sapr_va', 'programme_manager']);
-- Two persons: one's own cases, a webhook that somebody else registered.
CREATE POLICY begun ON notifications_subscription FOR INSERT TO $web WITH CHECK (
    reader_id = sapr_viewer() AND began_at <= sapr_now() AND ended_at IS NULL
    AND sapr_viewer_roles() && ARRAY['sarc', 'sapr_va']
    AND EXISTS (SELECT 1 FROM notifications_channel c WHERE c.id = channel_id AND c.kind = 'webhook'
                AND c.ended_at IS NULL AND c.registered_by_id <> sapr_viewer()));
CREATE POLICY ended ON notifications_subscription FOR UPDATE TO $web
    USING (reader_id = sapr_viewer() AND ended_at IS NULL)
    WITH CHECK (ended_by_id = sapr_viewer() AND ended_at <= sapr_now());
CREATE POLICY worker ON notifications_subscription FOR SELECT TO $worker USING (true);
CREATE POLICY whole ON notifications_subscription TO $owner USING (true) WITH CHECK (true);
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_subscription
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('who was told the events of whose cases stays on record');

CREATE POLICY told ON notifications_outgoing FOR SELECT TO $owner USING (true);
ALTER TABLE notifications_news ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_news FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON notifications_news FOR SELECT TO $worker USING (true);
CREATE POLICY whole ON notifications_news TO $owner USING (true) WITH CHECK (true);
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON notifications_news
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('what a message told stays on record');

-- Fills a message that is queued and empty: events of the cases that its reader works on at this moment, recorded since
-- the subscription began, that no acknowledged message told; the oldest first.
CREATE FUNCTION sapr_news_queue(letter uuid, wanted uuid, kinds text[], most int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    told notifications_subscription;
    before text := coalesce(current_setting('sapr.viewer', true), '');
    cases uuid[];
    filled int;
BEGIN
    SELECT s.* INTO told FROM notifications_subscription s JOIN notifications_outgoing o ON o.channel_id = s.channel_id
    WHERE s.id = wanted AND s.ended_at IS NULL AND o.id = letter AND o.kind = 'news' AND o.attempts = 0;
    IF told.id IS NULL OR EXISTS (SELECT 1 FROM notifications_news n WHERE n.outgoing_id = letter) THEN
        RAISE EXCEPTION 'a message tells events once, of its own subscription' USING ERRCODE = 'SA002';
    END IF;
    PERFORM set_config('sapr.viewer', told.reader_id::text, true);
    cases := sapr_viewer_cases();
    PERFORM set_config('sapr.viewer', before, true);
    INSERT INTO notifications_news (id, outgoing_id, subscription_id, place, case_id, seq, event_id, kind)
    SELECT gen_random_uuid(), letter, wanted, row_number() OVER (ORDER BY f.recorded_at, f.id), f.case_id, f.seq, f.id, f.kind
    FROM (
        SELECT e.* FROM unnest(cases) AS mine (id)
        JOIN LATERAL (
            SELECT coalesce(max(n.seq), 0) AS upto FROM notifications_news n JOIN notifications_outgoing o ON o.id = n.outgoing_id
            WHERE n.subscription_id = wanted AND n.case_id = mine.id AND o.state = 'acknowledged') AS t ON true
        JOIN reports_chainhead h ON h.case_id = mine.id AND h.seq > t.upto
        JOIN reports_event e ON e.case_id = mine.id AND e.seq > t.upto
        WHERE e.recorded_at >= told.began_at AND e.kind = ANY (kinds)
        ORDER BY e.recorded_at, e.id LIMIT most) AS f;
    GET DIAGNOSTICS filled = ROW_COUNT;
    RETURN filled;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_news_queue(uuid, uuid, text[], int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_news_queue(uuid, uuid, text[], int) TO $worker;

GRANT SELECT, INSERT ON notifications_subscription TO $web;
GRANT UPDATE (ended_at, ended_by_id) ON notifications_subscription TO $web;
GRANT SELECT ON notifications_subscription, notifications_news TO $worker;
