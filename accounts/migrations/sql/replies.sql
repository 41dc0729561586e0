-- What the REST door answered: its caller's alone, written once, gone after a day. The seal's key is not kept, so rows,
-- backups and the log of writes hold nothing that can be read without what the caller sent.
ALTER TABLE accounts_reply ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_reply FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts_reply FOR SELECT TO $web USING (caller = (SELECT sapr_viewer()));
CREATE POLICY kept ON accounts_reply FOR INSERT TO $web WITH CHECK (caller = (SELECT sapr_viewer()));
-- So that a key whose time is over may be used anew before the worker came by.
CREATE POLICY over ON accounts_reply FOR DELETE TO $web
    USING (caller = (SELECT sapr_viewer()) AND kept_until <= sapr_now());
CREATE POLICY swept_seen ON accounts_reply FOR SELECT TO $worker USING (kept_until <= sapr_now());
CREATE POLICY swept ON accounts_reply FOR DELETE TO $worker USING (kept_until <= sapr_now());
GRANT SELECT, INSERT, DELETE ON accounts_reply TO $web;
GRANT SELECT (id, kept_until), DELETE ON accounts_reply TO $worker;

CREATE FUNCTION accounts_reply_times() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    NEW.kept_at := sapr_now();
    NEW.kept_until := NEW.kept_at + interval '24 hours';
    RETURN NEW;
END
$$$$;
CREATE TRIGGER times BEFORE INSERT ON accounts_reply FOR EACH ROW EXECUTE FUNCTION accounts_reply_times();

-- Nothing is added to the chain of a case until the transaction ends: whoever compares its version (If-Match) holds it.
-- Of a case that the viewer does not work on it does nothing and says nothing.
CREATE FUNCTION sapr_hold_chain(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF sapr_works_on(wanted, sapr_viewer_held()) THEN
        PERFORM FROM reports_chainhead WHERE case_id = wanted FOR UPDATE;
    END IF;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_hold_chain(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_hold_chain(uuid) TO $web;
