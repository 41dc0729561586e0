-- The key store's own rules: what its web account may do, and that a destroyed key stays destroyed.

GRANT SELECT, INSERT ON reports_personindex TO $keys;
GRANT UPDATE (digest, kek_id) ON reports_personindex TO $keys;
GRANT SELECT ON reports_tombstone, reports_currentwrapping, reports_shareset, reports_keyplace TO $keys;

-- A case with a tombstone gets no key again. The first key of all names the wrapping key in use; from then on no other
-- is accepted: neither that of a process with a wrong master key, nor that of one which read the key files a moment too
-- early. (A rotation locks the tables while it names the next one, and thereby waits for the additions under way.)
-- The web process's account has no right to name one itself.
CREATE FUNCTION sapr_key_accepted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE in_use text;
BEGIN
    IF EXISTS (SELECT 1 FROM reports_tombstone WHERE case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'the keys of this case were destroyed' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM reports_currentwrapping)
       AND (EXISTS (SELECT 1 FROM reports_wrappedkey WHERE kek_id = NEW.kek_id)
            OR NOT EXISTS (SELECT 1 FROM reports_wrappedkey)) THEN
        -- Of two who come first one waits here for the other, and then is refused below.
        INSERT INTO reports_currentwrapping (id, kek_id) VALUES ('00000000-0000-0000-0000-000000000000', NEW.kek_id)
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT kek_id INTO in_use FROM reports_currentwrapping;
    IF in_use IS DISTINCT FROM NEW.kek_id THEN
        RAISE EXCEPTION 'another wrapping key is in use' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER accepted BEFORE INSERT ON reports_wrappedkey
    FOR EACH ROW EXECUTE FUNCTION sapr_key_accepted();
CREATE TRIGGER accepted BEFORE INSERT OR UPDATE ON reports_personindex
    FOR EACH ROW EXECUTE FUNCTION sapr_key_accepted();

CREATE FUNCTION sapr_tombstone_stands() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.case_id = OLD.case_id AND NEW.destroyed_at = OLD.destroyed_at THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'a tombstone stands for ever' USING ERRCODE = 'check_violation';
END
$$$$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON reports_tombstone
    FOR EACH ROW EXECUTE FUNCTION sapr_tombstone_stands();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_tombstone
    EXECUTE FUNCTION sapr_tombstone_stands();
