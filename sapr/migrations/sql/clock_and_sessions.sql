-- The one clock. A real database has no other than the server's. (PL/pgSQL here and in the other functions that
-- policies call: it keeps its plans for the session, SQL functions plan anew at every call.)
CREATE FUNCTION sapr_now() RETURNS timestamptz LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN coalesce((SELECT coalesce(held_at, clock_timestamp() + moved_by) FROM sapr_database), clock_timestamp());
END
$$$$;

CREATE FUNCTION sapr_move_clock(target timestamptz, hold boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE nature text := (SELECT kind FROM sapr_database);
BEGIN
    IF nature IS NULL OR nature = 'real' THEN
        RAISE EXCEPTION 'the clock of a real database stands' USING ERRCODE = 'SA001';
    END IF;
    IF nature = 'demo' AND (hold OR target < sapr_now()) THEN
        RAISE EXCEPTION 'the clock of a demo only moves forward' USING ERRCODE = 'SA001';
    END IF;
    UPDATE sapr_database SET moved_by = target - clock_timestamp(),
                             held_at = CASE WHEN hold THEN target END;
END
$$$$;

-- Refuses what it is attached to. The argument is the sentence.
CREATE FUNCTION sapr_refuse() RETURNS trigger LANGUAGE plpgsql AS $$$$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'SA002';
END
$$$$;

CREATE TRIGGER sapr_database_kind_is_permanent BEFORE UPDATE ON sapr_database
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind)
    EXECUTE FUNCTION sapr_refuse('the kind of a database never changes');
CREATE TRIGGER sapr_database_no_delete BEFORE DELETE ON sapr_database
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('the kind of a database never changes');

GRANT USAGE ON SCHEMA public TO $web, $worker;
GRANT SELECT ON sapr_database TO $web, $worker;
GRANT SELECT ON django_migrations, django_content_type TO $web, $worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO $web;
