-- What whoever runs the system did last, and whether a restored database still waits for a person.
GRANT SELECT ON sapr_upkeep, sapr_restoration TO $web, $worker;

CREATE TRIGGER stands BEFORE UPDATE ON sapr_restoration FOR EACH ROW
    WHEN (OLD.id <> NEW.id OR OLD.restored_at <> NEW.restored_at OR OLD.lifted_at IS NOT NULL)
    EXECUTE FUNCTION sapr_refuse('a hold is lifted once, and what was restored stays on record');
CREATE TRIGGER no_delete BEFORE DELETE ON sapr_restoration
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('what was restored stays on record');

CREATE FUNCTION sapr_held_back() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM sapr_restoration WHERE lifted_at IS NULL) THEN
        RAISE EXCEPTION 'this database was restored and is on hold: nothing is placed or sent' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER held_back BEFORE INSERT ON notifications_inboxitem
    FOR EACH ROW EXECUTE FUNCTION sapr_held_back();
CREATE TRIGGER held_back BEFORE UPDATE ON notifications_outgoing FOR EACH ROW
    WHEN (NEW.attempts > OLD.attempts) EXECUTE FUNCTION sapr_held_back();

-- How much of the server's sessions is used, in tenths: what a monitor asks, and too coarse to tell that somebody came.
CREATE FUNCTION sapr_sessions_used() RETURNS numeric LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT ceil(10.0 * sum(numbackends) / current_setting('max_connections')::integer) / 10 FROM pg_stat_database);
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_sessions_used() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_sessions_used() TO $worker;
