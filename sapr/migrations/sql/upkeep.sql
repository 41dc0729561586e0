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
