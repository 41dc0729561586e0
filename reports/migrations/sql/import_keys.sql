-- The key store's rules of what is added, as before, but looked at once for all rows of a statement: an import adds
-- thousands. (A rotation locks the tables while it names the next wrapping key, and thereby waits for those under way.)
CREATE FUNCTION sapr_keys_accepted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    in_use text;
    others boolean := false;
BEGIN
    IF EXISTS (SELECT 1 FROM added JOIN reports_tombstone gone USING (case_id)) THEN
        RAISE EXCEPTION 'the keys of this case were destroyed' USING ERRCODE = 'check_violation';
    END IF;
    SELECT kek_id INTO in_use FROM reports_currentwrapping;
    IF in_use IS NULL THEN
        -- The first key of all names the wrapping key in use. A store that was filled before it named one stays with one
        -- of its own. Of two who come first one waits here for the other, and then is refused below.
        SELECT kek_id INTO in_use FROM added LIMIT 1;
        IF TG_TABLE_NAME = 'reports_wrappedkey' THEN
            others := EXISTS (SELECT 1 FROM reports_wrappedkey k WHERE NOT EXISTS (SELECT 1 FROM added WHERE added.id = k.id))
                AND NOT EXISTS (SELECT 1 FROM reports_wrappedkey k
                                WHERE k.kek_id = in_use AND NOT EXISTS (SELECT 1 FROM added WHERE added.id = k.id));
        ELSE
            others := EXISTS (SELECT 1 FROM reports_wrappedkey)
                AND NOT EXISTS (SELECT 1 FROM reports_wrappedkey WHERE kek_id = in_use);
        END IF;
        IF NOT others THEN
            INSERT INTO reports_currentwrapping (id, kek_id) VALUES ('00000000-0000-0000-0000-000000000000', in_use)
            ON CONFLICT DO NOTHING;
        END IF;
        SELECT kek_id INTO in_use FROM reports_currentwrapping;
    END IF;
    IF EXISTS (SELECT 1 FROM added WHERE kek_id IS DISTINCT FROM in_use) THEN
        RAISE EXCEPTION 'another wrapping key is in use' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$$$;
DROP TRIGGER accepted ON reports_wrappedkey;
DROP TRIGGER accepted ON reports_personindex;
CREATE TRIGGER accepted AFTER INSERT ON reports_wrappedkey REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_keys_accepted();
CREATE TRIGGER accepted AFTER INSERT ON reports_personindex REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_keys_accepted();
CREATE TRIGGER accepted_again AFTER UPDATE ON reports_personindex REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION sapr_keys_accepted();
DROP FUNCTION sapr_key_accepted();
