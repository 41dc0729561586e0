-- Looks at the sealed parts of one case: recorded, or refused beyond so many identities since an instant (`most`; NULL where
-- no identity is among them). Whether they are recorded is the answer. Every right and policy is the caller's own.
-- Volatile: what is counted is counted after the lock is held, so that two at once are counted one after the other.
CREATE FUNCTION sapr_look(wanted uuid, at timestamptz, said jsonb, since timestamptz, purposes text[], most integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF most IS NOT NULL THEN
        -- The lock of whoever opens one identity otherwise (reports.access.openings).
        PERFORM pg_advisory_xact_lock(hashtextextended(who::text, 17));
        IF sapr_identity_openings(since, purposes) >= most THEN
            RETURN false;
        END IF;
    END IF;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    SELECT gen_random_uuid(), wanted, 'sealed_opened', at, who, look
    FROM jsonb_array_elements(said) WITH ORDINALITY AS l (look, nth) ORDER BY nth;
    RETURN true;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_look(uuid, timestamptz, jsonb, timestamptz, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_look(uuid, timestamptz, jsonb, timestamptz, text[], integer) TO $web;
