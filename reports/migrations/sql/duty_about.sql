-- What a duty is about stands like its instant.
DROP TRIGGER only_closes ON reports_duty;
CREATE TRIGGER only_closes BEFORE UPDATE ON reports_duty
    FOR EACH ROW WHEN (OLD.state <> 'open' OR OLD.due_at <> NEW.due_at OR OLD.case_id <> NEW.case_id
                       OR OLD.kind <> NEW.kind OR OLD.rule <> NEW.rule OR OLD.about IS DISTINCT FROM NEW.about)
    EXECUTE FUNCTION sapr_refuse('a duty is closed once and never re-dated');
