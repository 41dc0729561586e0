-- What never left, and heartbeats, may go when they are old (DN-34). What was handed over to reach a person stays: its key,
-- digest and instants are the proof. The least age is the database's own, whatever the rules say.
DROP TRIGGER no_delete ON notifications_outgoing;
CREATE TRIGGER no_delete BEFORE DELETE ON notifications_outgoing FOR EACH ROW
    WHEN (OLD.planned_at > sapr_now() - interval '30 days'
        OR NOT (OLD.state IN ('dropped', 'closed') OR OLD.kind = 'heartbeat' AND OLD.state IN ('sent', 'acknowledged')))
    EXECUTE FUNCTION sapr_refuse('a message to outside stays on record');
GRANT DELETE ON notifications_outgoing TO $worker;
