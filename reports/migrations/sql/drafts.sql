-- What was typed and not submitted: its author's alone, and gone when nothing can come of it any more.
ALTER TABLE reports_draft SET UNLOGGED;
ALTER TABLE reports_endeddraft SET UNLOGGED;
ALTER TABLE reports_draft ADD CONSTRAINT reports_draft_size CHECK (octet_length(content) <= 262144);

ALTER TABLE reports_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON reports_draft TO $web
    USING (author_id = sapr_viewer() AND kept_until > sapr_now()
           AND (case_id IS NULL OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])))
    WITH CHECK (author_id = sapr_viewer()
           AND (case_id IS NULL OR case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])));
-- The triggers below end drafts of others.
CREATE POLICY whole ON reports_draft TO $owner USING (true);
CREATE POLICY swept_seen ON reports_draft FOR SELECT TO $worker USING (kept_until <= sapr_now());
CREATE POLICY swept ON reports_draft FOR DELETE TO $worker USING (kept_until <= sapr_now());
GRANT SELECT, INSERT, DELETE ON reports_draft TO $web;
GRANT UPDATE (content, kept_at, kept_until) ON reports_draft TO $web;
GRANT SELECT (id, kept_until), DELETE ON reports_draft TO $worker;
-- Random ids and nothing else: the web process destroys their keys, which the worker cannot reach.
GRANT SELECT, DELETE ON reports_endeddraft TO $web;

-- One at a time of a case: a draft that is kept while the person leaves is either refused or ended with the others.
CREATE FUNCTION sapr_drafts_wait(wanted uuid) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('draft ' || wanted, 0));
END
$$$$;
CREATE FUNCTION sapr_draft_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE of_case record;
BEGIN
    IF NEW.case_id IS NOT NULL THEN
        PERFORM sapr_drafts_wait(NEW.case_id);
        SELECT walked_away_at, state INTO of_case FROM reports_case WHERE id = NEW.case_id;
        IF of_case.walked_away_at IS NOT NULL OR of_case.state = 'CLOSED' THEN
            RAISE EXCEPTION 'nothing is drafted in a case that ended' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.step <> 'details' AND EXISTS (SELECT FROM reports_report WHERE case_id = NEW.case_id) THEN
            RAISE EXCEPTION 'what is signed is drafted no more' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF NEW.kept_until <= sapr_now() OR NEW.kept_until > sapr_now() + interval '1 day' THEN
        RAISE EXCEPTION 'a draft is kept for a day at most' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON reports_draft
    FOR EACH ROW EXECUTE FUNCTION sapr_draft_kept();

CREATE FUNCTION sapr_draft_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_endeddraft (id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER gone AFTER DELETE ON reports_draft FOR EACH ROW EXECUTE FUNCTION sapr_draft_gone();

CREATE FUNCTION sapr_drafts_of_case_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE ended uuid := CASE TG_TABLE_NAME WHEN 'reports_case' THEN (to_jsonb(NEW) ->> 'id')::uuid
                                         ELSE (to_jsonb(NEW) ->> 'case_id')::uuid END;
BEGIN
    PERFORM sapr_drafts_wait(ended);
    DELETE FROM reports_draft WHERE case_id = ended;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER drafts_end AFTER UPDATE ON reports_case FOR EACH ROW
    WHEN (NEW.walked_away_at IS NOT NULL AND OLD.walked_away_at IS NULL OR NEW.state = 'CLOSED' AND OLD.state <> 'CLOSED')
    EXECUTE FUNCTION sapr_drafts_of_case_end();
CREATE TRIGGER drafts_end AFTER INSERT ON reports_report
    FOR EACH ROW EXECUTE FUNCTION sapr_drafts_of_case_end();

-- Who is taken off a case has typed nothing there.
CREATE FUNCTION sapr_drafts_of_author_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT FROM reports_assignment
                   WHERE case_id = NEW.case_id AND user_id = NEW.user_id AND ended_at IS NULL) THEN
        DELETE FROM reports_draft WHERE case_id = NEW.case_id AND author_id = NEW.user_id;
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER drafts_end AFTER UPDATE OF ended_at ON reports_assignment FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION sapr_drafts_of_author_end();
