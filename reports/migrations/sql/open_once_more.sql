-- Looks that are recorded together stand beside each other in the index of ids, too: one page of it instead of one each,
-- which after a checkpoint is written whole. As in sapr/ids.py 48 random bits are common, drawn anew each time.
CREATE OR REPLACE FUNCTION sapr_look(wanted uuid, at timestamptz, said jsonb, since timestamptz, purposes text[], most integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    near text := left(gen_random_uuid()::text, 13);
BEGIN
    IF most IS NOT NULL THEN
        -- The lock of whoever opens one identity otherwise (reports.access.openings).
        PERFORM pg_advisory_xact_lock(hashtextextended(who::text, 17));
        IF sapr_identity_openings(since, purposes) >= most THEN
            RETURN false;
        END IF;
    END IF;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    SELECT (near || substr(gen_random_uuid()::text, 14))::uuid, wanted, 'sealed_opened', at, who, look
    FROM jsonb_array_elements(said) WITH ORDINALITY AS l (look, nth) ORDER BY nth;
    RETURN true;
END
$$$$;
