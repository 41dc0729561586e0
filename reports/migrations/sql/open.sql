-- Everything that a system holds leaves for another one: asked for by one programme manager, decided by another, made by
-- the owner alone. Elements for DSAID leave as lines of own cases do.
CREATE OR REPLACE FUNCTION sapr_export() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    asker text := CASE NEW.kind WHEN 'open' THEN 'programme_manager' ELSE 'sarc' END;
    system boolean := current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR NEW.asked_by_id IS DISTINCT FROM who OR NOT asker = ANY (sapr_viewer_roles())
           OR NEW.decided_by_id IS NOT NULL OR NEW.decided_at IS NOT NULL OR NEW.made_at IS NOT NULL OR NEW.digest <> '' THEN
            RAISE EXCEPTION 'an export is asked for by a SARC in their own name, and one of everything by a programme manager' USING ERRCODE = 'SA002';
        END IF;
        NEW.asked_at := sapr_now();
        IF NEW.look_at <= NEW.asked_at OR NEW.look_at > NEW.asked_at + interval '30 days' THEN
            RAISE EXCEPTION 'a request waits for thirty days at most' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.kind, NEW.form, NEW.purpose, NEW.fields, NEW.opened_from, NEW.opened_to, NEW.recipient, NEW.asked_by_id, NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.form, OLD.purpose, OLD.fields, OLD.opened_from, OLD.opened_to, OLD.recipient, OLD.asked_by_id, OLD.asked_at)
       OR (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at) AND OLD.state <> 'asked'
       OR NEW.look_at <> OLD.look_at AND NEW.state <> 'approved'
       OR NEW.digest <> OLD.digest AND NEW.state <> (CASE NEW.kind WHEN 'open' THEN 'downloaded' ELSE 'made' END) THEN
        RAISE EXCEPTION 'an export stands as it was asked for' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'expired' AND OLD.state IN ('asked', 'approved', 'made') AND OLD.look_at <= sapr_now() THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'withdrawn' AND OLD.state IN ('asked', 'approved', 'made') AND OLD.asked_by_id = who THEN
        RETURN NEW;
    END IF;
    IF OLD.look_at <= sapr_now() THEN
        RAISE EXCEPTION 'the time of this export is over' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'asked' AND NEW.state IN ('approved', 'refused') THEN
        IF NEW.decided_by_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'an export is decided in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        IF NOT 'programme_manager' = ANY (sapr_viewer_roles())
           OR NOT sapr_second_person(OLD.asked_by_id, OLD.asked_at, who) THEN
            RAISE EXCEPTION 'an export is decided by an independent second person' USING ERRCODE = 'SA002';
        END IF;
        NEW.decided_at := sapr_now();
        IF NEW.state = 'approved' AND (NEW.look_at <= NEW.decided_at OR NEW.look_at > NEW.decided_at + interval '7 days') THEN
            RAISE EXCEPTION 'a file waits for seven days at most' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.kind = 'open' THEN
        IF system AND (OLD.state, NEW.state) = ('approved', 'downloaded') THEN
            NEW.made_at := sapr_now();
            NEW.downloaded_at := NEW.made_at;
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'everything is exported by the owner alone' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.asked_by_id = who AND 'sarc' = ANY (sapr_viewer_roles())
       AND (OLD.state, NEW.state) = ('approved', 'made')
       AND EXISTS (SELECT FROM reports_exportpart p WHERE p.export_id = OLD.id) THEN
        NEW.made_at := sapr_now();
        RETURN NEW;
    END IF;
    IF system AND (OLD.state, NEW.state) = ('made', 'downloaded') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an export does not move from % to % so', OLD.state, NEW.state USING ERRCODE = 'SA002';
END
$$$$;

-- Who exports everything writes it down in a closed case too. The trigger names the kinds itself.
INSERT INTO reports_afterclosing (kind) VALUES ('sealed_exported');
DO $$$$
BEGIN
    DROP TRIGGER case_is_open ON reports_event;
    EXECUTE format('CREATE TRIGGER case_is_open AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind NOT IN (''case_closed'', %s))
                    EXECUTE FUNCTION sapr_event_of_open_case()',
        (SELECT string_agg(quote_literal(kind), ', ' ORDER BY kind) FROM reports_afterclosing));
END
$$$$;
-- What the owner alone does, no application account says.
CREATE POLICY open_is_said_by_owner ON reports_event AS RESTRICTIVE FOR INSERT TO $web WITH CHECK (
    kind NOT IN ('sealed_exported', 'open_imported', 'open_checked'));
