-- What every statement that reaches a case asks once for each of its tables: what the viewer holds now, as role/installation.
-- The same answer as before for less than half: the clock is read where it stands, one join finds the place, which only of a
-- unit's post is another, and nothing is kept aside to be looked at twice.
CREATE OR REPLACE FUNCTION sapr_viewer_held() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := nullif(current_setting('sapr.viewer', true), '')::uuid;
    asking text := nullif(current_setting('sapr.client', true), '');
    instant timestamptz;
    within uuid[];
    held text[];
BEGIN
    -- As sapr_now().
    SELECT coalesce(held_at, clock_timestamp() + moved_by) INTO instant FROM sapr_database;
    instant := coalesce(instant, clock_timestamp());
    IF asking IS NOT NULL THEN
        SELECT k.places INTO within FROM accounts_clientkey k JOIN accounts_client c ON c.id = k.client_id
        WHERE k.id = asking::uuid AND c.user_id = who AND c.ended_at IS NULL AND k.state = 'approved'
          AND k.revoked_at IS NULL AND k.expires_at > instant;
        within := coalesce(within, '{}');
    END IF;
    SELECT coalesce(array_agg(p.role || '/' || CASE l.kind WHEN 'unit' THEN sapr_installation_of(l.id) ELSE l.id END), '{}')
    INTO held
    FROM accounts_appointment a
    JOIN accounts_user u ON u.id = a.user_id AND u.is_active
    JOIN accounts_post p ON p.id = a.post_id
    JOIN accounts_location l ON l.id = p.location_id
    WHERE a.user_id = who AND a.state = 'approved' AND a.starts_at <= instant
      AND (a.ends_at IS NULL OR a.ends_at > instant)
      AND (p.role NOT IN ('sarc', 'sapr_va') OR EXISTS (
          SELECT 1 FROM accounts_certification c
          WHERE c.user_id = who AND c.starts_at <= instant AND c.ends_at > instant
            AND (c.revoked_at IS NULL OR c.revoked_at > instant)))
      AND (within IS NULL OR CASE l.kind WHEN 'unit' THEN sapr_installation_of(l.id) ELSE l.id END = ANY (within));
    RETURN held;
END
$$$$;

-- Looks that are recorded together stand beside each other in the index of ids, too: one page of it instead of one each,
-- which after a checkpoint is written whole. All but the last eight bits are as random as ever; more than 256 are refused by
-- the key.
CREATE OR REPLACE FUNCTION sapr_look(wanted uuid, at timestamptz, said jsonb, since timestamptz, purposes text[], most integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    near text := left(gen_random_uuid()::text, -2);
BEGIN
    IF most IS NOT NULL THEN
        -- The lock of whoever opens one identity otherwise (reports.access.openings).
        PERFORM pg_advisory_xact_lock(hashtextextended(who::text, 17));
        IF sapr_identity_openings(since, purposes) >= most THEN
            RETURN false;
        END IF;
    END IF;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    SELECT (near || lpad(to_hex(nth), 2, '0'))::uuid, wanted, 'sealed_opened', at, who, look
    FROM jsonb_array_elements(said) WITH ORDINALITY AS l (look, nth) ORDER BY nth;
    RETURN true;
END
$$$$;
