-- The way of a case. `state` moves along the rows below and nowhere else; what moves it is a signature, a conversion or an
-- event, and the function that moves it runs as the owner: no application role has the right to write the column.
-- The rows are those of the policy (TR-*, reports/policy/data/states.json); a test holds them against it.
CREATE TABLE reports_transition (
    rule text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    event text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (from_state, to_state, event)
);
INSERT INTO reports_transition (rule, from_state, to_state, event, valid_from) VALUES
    ('TR-01', 'CONTACT', 'RESTRICTED_OPEN', 'report_signed', '2005-01-01'),
    ('TR-02', 'CONTACT', 'UNRESTRICTED_OPEN', 'report_signed', '2005-01-01'),
    ('TR-03', 'CONTACT', 'SRI', 'inquiry_logged', '2021-11-10'),
    ('TR-04', 'CONTACT', 'SRI_CATCH', 'catch_joined', '2021-11-10'),
    ('TR-04', 'SRI', 'SRI_CATCH', 'catch_joined', '2021-11-10'),
    ('TR-05', 'SRI', 'RESTRICTED_OPEN', 'report_signed', '2021-11-10'),
    ('TR-05', 'SRI', 'UNRESTRICTED_OPEN', 'report_signed', '2021-11-10'),
    ('TR-05', 'SRI_CATCH', 'RESTRICTED_OPEN', 'report_signed', '2021-11-10'),
    ('TR-05', 'SRI_CATCH', 'UNRESTRICTED_OPEN', 'report_signed', '2021-11-10'),
    ('TR-06', 'RESTRICTED_OPEN', 'CONVERTED', 'report_converted', '2005-01-01'),
    ('TR-06', 'CLOSED', 'CONVERTED', 'report_converted', '2005-01-01'),
    ('TR-10', 'OPEN_LIMITED_INFO', 'UNRESTRICTED_OPEN', 'report_signed', '2016-09-27'),
    ('TR-14', 'CONTACT', 'OPEN_LIMITED_INFO', 'limited_case_opened', '2016-09-27'),
    ('TR-20', 'RESTRICTED_OPEN', 'CLOSED', 'case_closed', '2005-01-01'),
    ('TR-20', 'UNRESTRICTED_OPEN', 'CLOSED', 'case_closed', '2005-01-01'),
    ('TR-20', 'CONVERTED', 'CLOSED', 'case_closed', '2005-01-01'),
    ('TR-20', 'OPEN_LIMITED_INFO', 'CLOSED', 'case_closed', '2005-01-01'),
    ('TR-26', 'CLOSED', 'RESTRICTED_OPEN', 'case_reopened', '2005-01-01'),
    ('TR-26', 'CLOSED', 'UNRESTRICTED_OPEN', 'case_reopened', '2005-01-01'),
    ('TR-26', 'CLOSED', 'CONVERTED', 'case_reopened', '2005-01-01'),
    ('TR-26', 'CLOSED', 'OPEN_LIMITED_INFO', 'case_reopened', '2005-01-01');
-- What may still be written in a closed case: what is no step of it (openings, duties, notices, emergency access, holds,
-- erasure), opening it again, the victim's own acts, forms and copies, evidence, who is on the case, and what others do
-- with what it holds. Beside these, whatever fulfils a duty that is still open.
CREATE TABLE reports_afterclosing (kind text PRIMARY KEY);
INSERT INTO reports_afterclosing (kind) VALUES
    ('case_reopened'), ('conversion_prepared'), ('report_converted'), ('kit_due_to_mcio'), ('identity_sealed'),
    ('sealed_opened'), ('duty_opened'), ('duty_discharged'), ('duty_missed'), ('duty_not_applicable'),
    ('notice_composed'), ('notice_rerouted'), ('notice_acknowledged'), ('notice_released'),
    ('commander_notice_placed'), ('commander_details_placed'), ('mcio_notice_placed'), ('unit_commander_notice_placed'),
    ('break_glass_asked'), ('break_glass_approved'), ('break_glass_refused'), ('break_glass_ended'),
    ('hold_placed'), ('hold_lifted'), ('erasure_proposed'), ('erasure_approved'), ('erasure_refused'),
    ('erasure_withdrawn'), ('case_erased'),
    ('form_signed'), ('form_superseded'), ('form_printed'), ('hand_out_given'), ('copy_requested'), ('copy_given'),
    ('consent_recorded'), ('consent_withdrawn'),
    ('kit_sealed'), ('kit_to_mcio'), ('kit_expiry_told'), ('evidence_offered'), ('evidence_accepted'),
    ('evidence_refused'), ('evidence_stored'), ('evidence_tested'), ('evidence_held'), ('evidence_released'),
    ('property_asked_back'), ('property_returned'), ('kit_destruction_proposed'), ('kit_destruction_refused'),
    ('kit_destroyed'), ('kit_label_printed'),
    ('duty_ended'), ('sarc_assigned'), ('va_assigned'), ('advocate_changed'), ('victim_handed_over'), ('victim_relocated'),
    ('move_consent_given'), ('move_consent_refused'), ('move_offered'), ('move_rejected'), ('move_withdrawn'),
    ('documents_moved'), ('case_taken_over'), ('originals_confirmed'), ('safe_contact_recorded'),
    ('exception_proposed'), ('exception_advised'), ('exception_decided'), ('disclosure_made'), ('disclosure_told'),
    ('leak_found'), ('leak_handed_on'),
    ('catch_explained'), ('catch_joined'), ('catch_left'), ('catch_credentials_issued'), ('catch_credentials_used'),
    ('catch_credentials_closed'), ('catch_matched'), ('catch_match_told');
GRANT SELECT ON reports_transition, reports_afterclosing TO $web;

-- The functions below run as the owner: they move what no application role may, and read what moving depends on.
CREATE POLICY moved ON reports_case FOR UPDATE TO $owner USING (true);
CREATE POLICY held ON reports_duty FOR SELECT TO $owner USING (true);

UPDATE reports_case c SET state = CASE
    WHEN r.converted_at IS NOT NULL THEN 'CONVERTED' WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN'
    ELSE 'UNRESTRICTED_OPEN' END
FROM reports_report r WHERE r.case_id = c.id;

CREATE TRIGGER begins BEFORE INSERT ON reports_case
    FOR EACH ROW WHEN (NEW.state <> 'CONTACT') EXECUTE FUNCTION sapr_refuse('a case begins as a contact');
CREATE TRIGGER source_stands BEFORE UPDATE ON reports_case
    FOR EACH ROW WHEN (OLD.informed_by <> NEW.informed_by)
    EXECUTE FUNCTION sapr_refuse('whose word a case began with stands');
-- Also the owner moves a case along a row only.
CREATE FUNCTION sapr_case_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_transition WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'a case does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER moves BEFORE UPDATE ON reports_case
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION sapr_case_moves();

-- One move: the row for this event must lead from where the case stands to where it is to go, on the day of the event at
-- the installation. Locked, but not against rows that hang on the case.
CREATE FUNCTION sapr_case_move(wanted uuid, kind text, target text, happened timestamptz) RETURNS void LANGUAGE plpgsql
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
        RAISE EXCEPTION 'a contact that ended without signing stays where it ended' USING ERRCODE = 'SA002';
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

-- A signature and a conversion move the case themselves, in the statement that writes them.
CREATE FUNCTION sapr_report_moves_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM sapr_case_move(NEW.case_id, 'report_signed',
            CASE NEW.election WHEN 'restricted' THEN 'RESTRICTED_OPEN' ELSE 'UNRESTRICTED_OPEN' END, NEW.signed_at);
    ELSE
        PERFORM sapr_case_move(NEW.case_id, 'report_converted', 'CONVERTED', NEW.converted_at);
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER case_moves AFTER INSERT ON reports_report FOR EACH ROW EXECUTE FUNCTION sapr_report_moves_case();
CREATE TRIGGER case_moves_on AFTER UPDATE ON reports_report
    FOR EACH ROW WHEN (OLD.election <> NEW.election) EXECUTE FUNCTION sapr_report_moves_case();

-- Every other move is an event. CATCH is entered from reports too; there it moves nothing.
CREATE FUNCTION sapr_event_moves_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    here text;
    target text;
BEGIN
    SELECT c.state INTO here FROM reports_case c WHERE c.id = NEW.case_id FOR NO KEY UPDATE;
    IF NEW.kind <> 'catch_joined' AND NOT sapr_is_its_sarc(NEW.case_id) THEN
        RAISE EXCEPTION 'a case is moved by its SARC' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.kind = 'case_reopened' THEN
        SELECT CASE WHEN r.converted_at IS NOT NULL THEN 'CONVERTED' WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN'
               WHEN r.election = 'unrestricted' THEN 'UNRESTRICTED_OPEN' ELSE 'OPEN_LIMITED_INFO' END INTO target
        FROM reports_case c LEFT JOIN reports_report r ON r.case_id = c.id WHERE c.id = NEW.case_id;
    ELSE
        SELECT max(t.to_state) INTO target FROM reports_transition t WHERE t.event = NEW.kind AND t.from_state = here;
        IF target IS NULL AND NEW.kind = 'catch_joined' THEN
            RETURN NULL;
        END IF;
    END IF;
    IF target IS NULL THEN
        RAISE EXCEPTION 'a case does not move from % by %', here, NEW.kind USING ERRCODE = 'SA002';
    END IF;
    -- CL-3, as far as the ledger itself knows: an investigation that began and did not end is not complete.
    IF NEW.kind = 'case_closed' AND here IN ('UNRESTRICTED_OPEN', 'CONVERTED')
       AND (SELECT count(*) FILTER (WHERE kind = 'investigation_opened') > count(*) FILTER (WHERE kind = 'investigation_closed')
            FROM reports_event WHERE case_id = NEW.case_id) THEN
        RAISE EXCEPTION 'an Unrestricted case is not closed while an investigation runs' USING ERRCODE = 'SA002';
    END IF;
    PERFORM sapr_case_move(NEW.case_id, NEW.kind, target, NEW.occurred_at);
    RETURN NULL;
END
$$$$;
-- A closed case takes no other step. The chain's own lock is held here, so a step and the closing never pass each other.
CREATE FUNCTION sapr_event_of_open_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF (SELECT state FROM reports_case WHERE id = NEW.case_id) = 'CLOSED' AND NOT EXISTS (
            SELECT 1 FROM reports_duty
            WHERE case_id = NEW.case_id AND state = 'open' AND discharged_by = NEW.kind) THEN
        RAISE EXCEPTION 'a closed case takes no other step' USING ERRCODE = 'SA004';
    END IF;
    RETURN NULL;
END
$$$$;
-- Which kinds those are stands in the tables above; the triggers name them, so that no other event pays for it.
DO $$$$
BEGIN
    EXECUTE format('CREATE TRIGGER moves_case AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind IN (%s))
                    EXECUTE FUNCTION sapr_event_moves_case()',
        (SELECT string_agg(DISTINCT quote_literal(event), ', ') FROM reports_transition WHERE event NOT LIKE 'report\_%'));
    EXECUTE format('CREATE TRIGGER case_is_open AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind NOT IN (''case_closed'', %s))
                    EXECUTE FUNCTION sapr_event_of_open_case()',
        (SELECT string_agg(quote_literal(kind), ', ' ORDER BY kind) FROM reports_afterclosing));
END
$$$$;

-- Leaving without signing is from a contact or an inquiry; a case with limited information is closed instead.
CREATE OR REPLACE FUNCTION sapr_case_has_no_report() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.id) THEN
        RAISE EXCEPTION 'a signed report is not walked away from' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state NOT IN ('CONTACT', 'SRI', 'SRI_CATCH') THEN
        RAISE EXCEPTION 'only a contact or an inquiry ends without signing' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
-- Locked for the move that follows in the same statement; two signatures at once wait for each other here.
CREATE OR REPLACE FUNCTION sapr_report_of_open_contact() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE ended timestamptz;
BEGIN
    SELECT walked_away_at INTO ended FROM reports_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    IF ended IS NOT NULL THEN
        RAISE EXCEPTION 'a contact that ended without signing has no report' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
