-- What it costs to sign, once more. What is refused is refused as before.

-- The text that is hashed, as before, byte for byte: in the order in which jsonb shows these names, and put together by
-- hand, since to make an object of it first took half of the time. The kind is quoted as JSON, since it is looked at later;
-- an instant without a day (infinity) is null, as in an object.
CREATE OR REPLACE FUNCTION sapr_canonical(event reports_event) RETURNS bytea LANGUAGE sql STABLE
RETURN convert_to('{"id": "' || event.id || '", "seq": ' || event.seq || ', "case": "' || event.case_id
    || '", "data": ' || event.data || ', "kind": ' || to_json(event.kind) || ', "prev": "' || encode(event.prev_hash, 'hex')
    || '", "actor": ' || coalesce('"' || event.actor_id || '"', 'null')
    || ', "occurred_at": '
    || coalesce('"' || to_char(event.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null')
    || ', "recorded_at": '
    || coalesce('"' || to_char(event.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}', 'UTF8');

-- As before; brackets are counted by the quicker way.
CREATE OR REPLACE FUNCTION sapr_readable(data jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$$$
DECLARE
    said text := data::text;
BEGIN
    IF jsonb_typeof(data) IS DISTINCT FROM 'object' OR octet_length(said) > 16384 THEN
        RETURN false;
    END IF;
    IF said !~ '[0-9]{16}' AND octet_length(said) - octet_length(replace(replace(said, '{', ''), '[', '')) <= 8 THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (
        WITH RECURSIVE inside (value, type, depth) AS (
            SELECT data, jsonb_typeof(data), 1
            UNION ALL
            SELECT part.value, jsonb_typeof(part.value), inside.depth + 1 FROM inside CROSS JOIN LATERAL (
                SELECT of_object.value FROM jsonb_each(CASE inside.type WHEN 'object' THEN inside.value END) of_object
                UNION ALL
                SELECT of_array.value
                FROM jsonb_array_elements(CASE inside.type WHEN 'array' THEN inside.value END) of_array
            ) part WHERE inside.depth <= 8
        )
        SELECT FROM inside WHERE CASE
            WHEN type = 'number' THEN abs(value::numeric) > 1e15 OR scale(value::numeric) > 15
            ELSE type IN ('object', 'array') AND depth > 8
        END
    );
END
$$$$;

-- As before; the clock is read here (as `sapr_now()` does) once the chain is held: what is recorded later has a later instant.
CREATE OR REPLACE FUNCTION sapr_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    head record;
    fresh record;
BEGIN
    -- What stands in a chain stands there for ever: one event that cannot be read would spoil the whole ledger.
    IF NOT sapr_readable(NEW.data) THEN
        RAISE EXCEPTION 'the data of an event are a small plain object' USING ERRCODE = 'SA002';
    END IF;
    -- One writer at a time per chain: the lock is the head's own row, so no other chain is held up.
    SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
            VALUES (NEW.case_id, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT DO NOTHING;
        SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    END IF;
    NEW.recorded_at := coalesce((SELECT coalesce(held_at, clock_timestamp() + moved_by) FROM sapr_database), clock_timestamp());
    IF NEW.occurred_at < '2005-01-01Z' OR NEW.recorded_at >= '9000-01-01Z' THEN
        RAISE EXCEPTION 'an event happens between 2005 and 9000' USING ERRCODE = 'SA002';
    END IF;
    -- The head moves once the row is in (ON CONFLICT may leave it out); earlier rows of this statement are beyond it.
    SELECT seq, hash INTO fresh FROM reports_event WHERE case_id = NEW.case_id AND seq > head.seq
        ORDER BY seq DESC LIMIT 1;
    IF FOUND THEN
        head := fresh;
    END IF;
    NEW.seq := head.seq + 1;
    NEW.prev_hash := head.hash;
    NEW.canonical := sapr_canonical(NEW);
    NEW.hash := sha256(NEW.canonical);
    RETURN NEW;
END
$$$$;

-- Nearly all that is said in one statement is of one case.
CREATE OR REPLACE FUNCTION sapr_chain_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE last record;
BEGIN
    SELECT case_id, seq, hash INTO last FROM said ORDER BY seq DESC LIMIT 1;
    UPDATE reports_chainhead SET seq = last.seq, hash = last.hash WHERE case_id = last.case_id AND seq < last.seq;
    IF EXISTS (SELECT FROM said WHERE case_id <> last.case_id) THEN
        FOR last IN SELECT DISTINCT ON (case_id) case_id, seq, hash FROM said ORDER BY case_id, seq DESC LOOP
            UPDATE reports_chainhead SET seq = last.seq, hash = last.hash WHERE case_id = last.case_id AND seq < last.seq;
        END LOOP;
    END IF;
    RETURN NULL;
END
$$$$;

-- Whether the viewer works on a case, of one case alone: what is held is asked for the assignment, in one look. Where a
-- statement reaches several rows, `sapr_works_on(case, held)` takes less, so the policies of lists keep it.
CREATE FUNCTION sapr_works_on(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF current_setting('sapr.client', true) <> '' THEN
        RETURN sapr_works_on(wanted, sapr_viewer_held());
    END IF;
    PERFORM FROM reports_assignment a JOIN accounts_held h ON h.user_id = a.user_id AND h.role = a.role AND h.place = a.place
    LEFT JOIN sapr_database clock ON true
    WHERE a.case_id = wanted AND a.user_id = nullif(current_setting('sapr.viewer', true), '')::uuid AND a.ended_at IS NULL
      AND h.starts_at <= coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp())
      AND h.ends_at > coalesce(clock.held_at, clock_timestamp() + clock.moved_by, clock_timestamp());
    RETURN FOUND;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_works_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_works_on(uuid) TO $web;
ALTER POLICY own_cases ON reports_report WITH CHECK (sapr_works_on(case_id));
ALTER POLICY own_cases ON reports_signedform USING (sapr_works_on(case_id));
ALTER POLICY own_cases ON reports_decision USING (sapr_works_on(case_id));
ALTER POLICY own_cases ON reports_identity USING (sapr_works_on(case_id));
ALTER POLICY own_cases ON reports_narrative USING (sapr_works_on(case_id));
ALTER POLICY changed ON reports_case USING (sapr_works_on(id));
CREATE OR REPLACE FUNCTION sapr_hold_chain(wanted uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF sapr_works_on(wanted) THEN
        PERFORM FROM reports_chainhead WHERE case_id = wanted FOR UPDATE;
    END IF;
END
$$$$;

-- Who left has no report: what is held is looked at once, where the case is moved.
CREATE OR REPLACE FUNCTION sapr_case_move(wanted uuid, kind text, target text, happened timestamptz) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    here record;
    day date;
BEGIN
    SELECT c.state, c.walked_away_at, c.informed_by, l.zone INTO here
    FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
    WHERE c.id = wanted FOR NO KEY UPDATE OF c;
    day := (happened AT TIME ZONE here.zone)::date;
    IF here.walked_away_at IS NOT NULL THEN
        RAISE EXCEPTION '%', CASE kind WHEN 'report_signed' THEN 'a contact that ended without signing has no report'
            ELSE 'a contact that ended without signing stays where it ended' END USING ERRCODE = 'SA002';
    END IF;
    IF (here.informed_by = 'mcio') <> (target = 'OPEN_LIMITED_INFO') AND here.state = 'CONTACT' THEN
        RAISE EXCEPTION 'a case with limited information is what the MCIO says, and no other' USING ERRCODE = 'SA002';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM reports_transition t
                   WHERE t.from_state = here.state AND t.to_state = target AND t.event = kind
                     AND t.valid_from <= day AND (t.valid_to IS NULL OR day < t.valid_to)) THEN
        RAISE EXCEPTION 'a case does not move from % to % by %', here.state, target, kind USING ERRCODE = 'SA002';
    END IF;
    UPDATE reports_case SET state = target WHERE id = wanted;
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_report_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE now_unclaimed boolean;
BEGIN
    -- It holds the case until the end: who leaves without signing waits, and is refused then.
    PERFORM sapr_case_move(NEW.case_id, 'report_signed',
        CASE NEW.election WHEN 'restricted' THEN 'RESTRICTED_OPEN' ELSE 'UNRESTRICTED_OPEN' END, NEW.signed_at);
    now_unclaimed := sapr_is_unclaimed(NEW.case_id);
    IF EXISTS (SELECT FROM reports_case WHERE id = NEW.case_id AND unclaimed <> now_unclaimed) THEN
        UPDATE reports_case SET unclaimed = now_unclaimed WHERE id = NEW.case_id;
    END IF;
    PERFORM sapr_drafts_wait(NEW.case_id);
    -- Mostly there is none, which is found sooner than nothing is deleted.
    IF EXISTS (SELECT FROM reports_draft WHERE case_id = NEW.case_id) THEN
        DELETE FROM reports_draft WHERE case_id = NEW.case_id;
    END IF;
    PERFORM sapr_tally_report(NEW, 1);
    RETURN NULL;
END
$$$$;

-- A condition is made ready for every statement, and an SQL function is put into it anew each time: in PL/pgSQL it is called.
CREATE FUNCTION sapr_figures_change(was_away timestamptz, was text, is_away timestamptz, now_is text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$$$
BEGIN
    RETURN sapr_has_figures(was_away, was) <> sapr_has_figures(is_away, now_is);
END
$$$$;
CREATE OR REPLACE TRIGGER tallied AFTER UPDATE OF walked_away_at, state ON reports_case FOR EACH ROW
    WHEN (sapr_figures_change(OLD.walked_away_at, OLD.state, NEW.walked_away_at, NEW.state)) EXECUTE FUNCTION sapr_tallies_case();
