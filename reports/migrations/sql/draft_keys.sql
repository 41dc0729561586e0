-- Keys of drafts. Unlogged: no byte of one is ever written to the server's log, a base backup or a standby.
ALTER TABLE reports_draftkey SET UNLOGGED;
GRANT SELECT, INSERT (id, kek_id, wrapped) ON reports_draftkey TO $keys;

-- As for the keys of cases: only under the wrapping key in use, which the first key of all names.
CREATE FUNCTION sapr_draft_key_accepted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE in_use text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_currentwrapping) AND NOT EXISTS (SELECT 1 FROM reports_wrappedkey) THEN
        INSERT INTO reports_currentwrapping (id, kek_id) VALUES ('00000000-0000-0000-0000-000000000000', NEW.kek_id)
        ON CONFLICT DO NOTHING;
    END IF;
    SELECT kek_id INTO in_use FROM reports_currentwrapping;
    IF in_use IS DISTINCT FROM NEW.kek_id THEN
        RAISE EXCEPTION 'another wrapping key is in use' USING ERRCODE = 'check_violation';
    END IF;
    NEW.made_at := now();
    RETURN NEW;
END
$$$$;
-- What is put back below carries when it was made; the web account may not say that.
CREATE TRIGGER accepted BEFORE INSERT ON reports_draftkey
    FOR EACH ROW WHEN (NEW.made_at IS NULL) EXECUTE FUNCTION sapr_draft_key_accepted();

-- Destroying keys: the table gets a new file without them, and the old file goes with the commit. A deleted row would
-- stand in the file until its place is needed. Keys without a draft (something crashed) go after two days.
CREATE FUNCTION sapr_forget_drafts(gone uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$$$
DECLARE kept reports_draftkey[];
BEGIN
    LOCK TABLE reports_draftkey IN ACCESS EXCLUSIVE MODE;
    SELECT array_agg(k) INTO kept FROM reports_draftkey k
    WHERE NOT k.id = ANY (gone) AND k.made_at > now() - interval '2 days';
    TRUNCATE reports_draftkey;
    INSERT INTO reports_draftkey SELECT * FROM unnest(kept);
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_forget_drafts(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_forget_drafts(uuid[]) TO $keys;
