-- Chain heads and checkpoints. No application role has a right on the three tables; what the worker may do with them
-- are the functions below, which run as the owner.

-- The text of an event that is hashed: every other column. The one definition, for writing and for comparing.
CREATE FUNCTION sapr_canonical(event reports_event) RETURNS bytea LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN convert_to(jsonb_build_object(
        'id', event.id, 'case', event.case_id, 'seq', event.seq, 'kind', event.kind, 'actor', event.actor_id,
        'data', event.data, 'prev', encode(event.prev_hash, 'hex'),
        'occurred_at', to_char(event.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'recorded_at', to_char(event.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text, 'UTF8');
END
$$$$;

-- Nobody writes events while the heads are counted for the first time.
LOCK TABLE reports_event IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
    SELECT DISTINCT ON (case_id) case_id, seq, hash, 0 FROM reports_event ORDER BY case_id, seq DESC;

-- Whether the verifier reads these data: an object, of 16 kB at most, nested 8 deep at most, with ordinary numbers.
CREATE FUNCTION sapr_readable(data jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF jsonb_typeof(data) IS DISTINCT FROM 'object' OR octet_length(data::text) > 16384 THEN
        RETURN false;
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
    IF NEW.occurred_at < '2005-01-01Z' OR sapr_now() >= '9000-01-01Z' THEN
        RAISE EXCEPTION 'an event happens between 2005 and 9000' USING ERRCODE = 'SA002';
    END IF;
    -- One writer at a time per chain: the lock is the head's own row, so no other chain is held up.
    SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO reports_chainhead (case_id, seq, hash, sealed_seq)
            VALUES (NEW.case_id, 0, decode(repeat('00', 32), 'hex'), 0) ON CONFLICT DO NOTHING;
        SELECT seq, hash INTO head FROM reports_chainhead WHERE case_id = NEW.case_id FOR UPDATE;
    END IF;
    -- The head moves once the row is in (ON CONFLICT may leave it out); earlier rows of this statement are beyond it.
    SELECT seq, hash INTO fresh FROM reports_event WHERE case_id = NEW.case_id AND seq > head.seq
        ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(fresh.seq, head.seq) + 1;
    NEW.prev_hash := coalesce(fresh.hash, head.hash);
    NEW.recorded_at := sapr_now();
    NEW.canonical := sapr_canonical(NEW);
    NEW.hash := sha256(NEW.canonical);
    RETURN NEW;
END
$$$$;
CREATE FUNCTION sapr_chain_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    UPDATE reports_chainhead SET seq = NEW.seq, hash = NEW.hash WHERE case_id = NEW.case_id;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER reports_event_chain_moved AFTER INSERT ON reports_event
    FOR EACH ROW EXECUTE FUNCTION sapr_chain_moved();

-- Making a checkpoint: begin (one at a time; the number and digest of the newest), read the open heads, store.
CREATE FUNCTION sapr_checkpoint_begin() RETURNS TABLE (newest bigint, digest bytea) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sapr_checkpoint', 7));
    RETURN QUERY SELECT number, sha256(body || signature) FROM reports_checkpoint ORDER BY number DESC LIMIT 1;
END
$$$$;
-- `stands`: the head is an event that is there. One damaged chain must not keep the others from being sealed.
CREATE FUNCTION sapr_open_heads() RETURNS TABLE (case_id uuid, seq bigint, hash bytea, stands boolean) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
    SELECT h.case_id, h.seq, h.hash, e.id IS NOT NULL FROM reports_chainhead h
    LEFT JOIN reports_event e ON e.case_id = h.case_id AND e.seq = h.seq AND e.hash = h.hash
    WHERE h.seq > h.sealed_seq
$$$$;
-- Once stored it stands for ever, so whatever the verifier would not read is refused: a body is of the one spelling.
CREATE FUNCTION sapr_checkpoint_store(
    new_at timestamptz, new_body bytea, new_signature bytea, new_blind bytea, cases uuid[], seqs bigint[], hashes bytea[])
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    last record;
    text_of_body text := convert_from(new_body, 'UTF8');
    said jsonb;
    new_id uuid := gen_random_uuid();
    stored bigint;
BEGIN
    IF (text_of_body ~ ('^\{"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",'
                        '"format":"sapr-checkpoint-1","key":"[0-9a-f]{16}","number":[1-9][0-9]{0,17},'
                        '"prev":"[0-9a-f]{64}","root":"[0-9a-f]{64}"\}$$')) IS NOT TRUE
       OR octet_length(new_signature) IS DISTINCT FROM 64 OR octet_length(new_blind) IS DISTINCT FROM 32
       OR cardinality(cases) IS NULL THEN
        RAISE EXCEPTION 'a checkpoint is of the one form' USING ERRCODE = 'SA002';
    END IF;
    said := text_of_body::jsonb;
    SELECT newest, encode(digest, 'hex') AS digest INTO last FROM sapr_checkpoint_begin();
    IF (said ->> 'number')::bigint IS DISTINCT FROM coalesce(last.newest, 0) + 1
       OR (said ->> 'prev') IS DISTINCT FROM coalesce(last.digest, repeat('0', 64)) THEN
        RAISE EXCEPTION 'a checkpoint follows the newest one' USING ERRCODE = 'SA002';
    END IF;
    -- One dated ahead would keep every later one from being signed.
    IF (said ->> 'at')::timestamptz IS DISTINCT FROM new_at OR new_at > sapr_now() OR new_at < (
        SELECT at FROM reports_checkpoint WHERE number = last.newest) THEN
        RAISE EXCEPTION 'a checkpoint is of now' USING ERRCODE = 'SA002';
    END IF;
    INSERT INTO reports_checkpoint (id, number, at, body, signature, blind)
        VALUES (new_id, (said ->> 'number')::bigint, new_at, new_body, new_signature, new_blind);
    -- A chain has one leaf at most in a checkpoint, and none behind an older checkpoint's.
    INSERT INTO reports_checkpointleaf (id, checkpoint_id, case_id, seq, hash)
        SELECT gen_random_uuid(), new_id, e.case_id, e.seq, e.hash
        FROM unnest(cases, seqs, hashes) AS leaf (case_id, seq, hash) JOIN reports_event e USING (case_id, seq, hash)
        WHERE NOT EXISTS (SELECT FROM reports_checkpointleaf older
                          WHERE older.case_id = e.case_id AND older.seq > e.seq);
    GET DIAGNOSTICS stored = ROW_COUNT;
    IF stored <> ANY (ARRAY[cardinality(cases), cardinality(seqs), cardinality(hashes)]) OR stored <> (SELECT count(DISTINCT each) FROM unnest(cases) each) THEN
        RAISE EXCEPTION 'a leaf of a checkpoint is an event' USING ERRCODE = 'SA002';
    END IF;
    -- A head that somebody is writing at is left open, for the next checkpoint: nobody waits, so nobody deadlocks.
    UPDATE reports_chainhead h SET sealed_seq = leaf.seq
        FROM unnest(cases, seqs) AS leaf (case_id, seq)
        WHERE h.case_id = leaf.case_id AND h.case_id IN (
            SELECT free.case_id FROM reports_chainhead free WHERE free.case_id = ANY (cases) FOR UPDATE SKIP LOCKED);
END
$$$$;
-- What travels outside.
CREATE FUNCTION sapr_checkpoints(after bigint) RETURNS TABLE (number bigint, body bytea, signature bytea) LANGUAGE sql
STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
    SELECT c.number, c.body, c.signature FROM reports_checkpoint c WHERE c.number > after ORDER BY c.number
$$$$;

REVOKE ALL ON FUNCTION sapr_checkpoint_begin(), sapr_open_heads(), sapr_checkpoints(bigint),
    sapr_checkpoint_store(timestamptz, bytea, bytea, bytea, uuid[], bigint[], bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_checkpoint_begin(), sapr_open_heads(), sapr_checkpoints(bigint),
    sapr_checkpoint_store(timestamptz, bytea, bytea, bytea, uuid[], bigint[], bytea[]) TO $worker;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_checkpoint
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('the ledger is append-only');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_checkpoint
    EXECUTE FUNCTION sapr_refuse('the ledger is append-only');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_checkpointleaf
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('the ledger is append-only');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_checkpointleaf
    EXECUTE FUNCTION sapr_refuse('the ledger is append-only');

-- The owner's commands take a case's number; they read who has it, and no more of a case than that table holds.
CREATE POLICY numbered ON reports_case FOR SELECT TO $owner USING (true);

-- Whether this clock stands before what was recorded last on the system's own chain: somebody set it back.
CREATE FUNCTION sapr_clock_went_back() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN coalesce((SELECT recorded_at > sapr_now() FROM reports_event
                     WHERE case_id = '00000000-0000-0000-0000-000000000000' ORDER BY seq DESC LIMIT 1), false);
END
$$$$;
