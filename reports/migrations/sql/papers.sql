-- Forms beside the election: written once, in one's own name, in the report in which they have their place.
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_paper', 'reports_handout', 'reports_copyrequest'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY seen ON %I FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]))', t);
    END LOOP;
END
$$$$;
CREATE POLICY signed ON reports_paper FOR INSERT TO $web WITH CHECK (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]) AND entered_by_id = sapr_viewer()
    AND signed_at <= sapr_now() AND coalesce(countersigned_at, signed_at) <= sapr_now());
CREATE POLICY given ON reports_handout FOR INSERT TO $web WITH CHECK (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]) AND given_by_id = sapr_viewer() AND given_at <= sapr_now());
CREATE POLICY requested ON reports_copyrequest FOR INSERT TO $web WITH CHECK (
    case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]) AND requested_by_id = sapr_viewer()
    AND requested_at <= sapr_now() AND given_at IS NULL);
CREATE POLICY given ON reports_copyrequest FOR UPDATE TO $web
    USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));

-- What belongs to an Unrestricted report only: retaliation, notes of the groups, what police and commanders hand out.
CREATE FUNCTION sapr_paper_has_its_place() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NEW.form IN ('DD 2910-2', 'DD 2910-5', 'DD 2910-6', 'DD 2910-7', 'DD 2701', 'DD 2873')
       AND NOT sapr_is_unrestricted(NEW.case_id) THEN
        RAISE EXCEPTION '% has its place in an Unrestricted report only', NEW.form USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER has_its_place BEFORE INSERT ON reports_paper
    FOR EACH ROW EXECUTE FUNCTION sapr_paper_has_its_place();
CREATE TRIGGER has_its_place BEFORE INSERT ON reports_handout
    FOR EACH ROW EXECUTE FUNCTION sapr_paper_has_its_place();

-- A version follows the one it corrects and changes neither form, edition nor election.
CREATE FUNCTION sapr_paper_follows() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE
    earlier record;
    now_elected text;
BEGIN
    IF NEW.supersedes_id IS NOT NULL THEN
        SELECT * INTO earlier FROM reports_paper WHERE id = NEW.supersedes_id;
        IF (earlier.case_id, earlier.form, earlier.edition, earlier.election, earlier.original_id, earlier.version + 1)
           IS DISTINCT FROM (NEW.case_id, NEW.form, NEW.edition, NEW.election, NEW.original_id, NEW.version) THEN
            RAISE EXCEPTION 'a correction changes neither form, edition nor election' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NEW.original_id IS NULL THEN
        IF NEW.version <> 1 OR NEW.election <> '' OR NEW.form IN ('DD 2910', 'DD 2910-1', 'DD 2910-8') THEN
            RAISE EXCEPTION 'a form begins with its first version and holds no election' USING ERRCODE = 'SA002';
        END IF;
    ELSE
        SELECT * INTO earlier FROM reports_signedform WHERE id = NEW.original_id;
        IF NEW.form = 'DD 2910-1' THEN
            SELECT election INTO now_elected FROM reports_report WHERE case_id = NEW.case_id;
            IF (earlier.case_id, now_elected, 1) IS DISTINCT FROM (NEW.case_id, NEW.election, NEW.version) THEN
                RAISE EXCEPTION 'what takes a lost form''s place holds the election that stands' USING ERRCODE = 'SA002';
            END IF;
        ELSIF (earlier.case_id, earlier.form, earlier.edition, earlier.election, 2)
              IS DISTINCT FROM (NEW.case_id, NEW.form, NEW.edition, NEW.election, NEW.version) THEN
            RAISE EXCEPTION 'a correction changes neither form, edition nor election' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER follows BEFORE INSERT ON reports_paper FOR EACH ROW EXECUTE FUNCTION sapr_paper_follows();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_paper
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a signed form never changes');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_paper
    EXECUTE FUNCTION sapr_refuse('a signed form never changes');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_handout
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('that a paper was given stands');
CREATE FUNCTION sapr_copy_given() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF OLD.given_at IS NOT NULL THEN
        RAISE EXCEPTION 'a copy is given once' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.given_at IS NULL OR NEW.given_at > sapr_now() OR NEW.given_by_id IS DISTINCT FROM sapr_viewer() THEN
        RAISE EXCEPTION 'a copy is given in one''s own name, not later than now' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER given BEFORE UPDATE ON reports_copyrequest FOR EACH ROW EXECUTE FUNCTION sapr_copy_given();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_copyrequest
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a request for a copy is kept');

GRANT SELECT, INSERT ON reports_paper, reports_handout, reports_copyrequest TO $web;
GRANT UPDATE (given_at, given_by_id) ON reports_copyrequest TO $web;

-- A form drawn as a document shows who signed: it counts as one identity opened.
CREATE OR REPLACE FUNCTION sapr_identity_openings(since timestamptz, purposes text[]) RETURNS bigint LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (
        SELECT count(*) FROM reports_event
        WHERE actor_id = sapr_viewer() AND kind = 'sealed_opened' AND recorded_at > since
          AND data ->> 'purpose' = ANY (purposes)
          AND (data ->> 'purpose' IN ('inbox', 'document') OR (data -> 'what')::text LIKE '%"identity.%'));
END
$$$$;
