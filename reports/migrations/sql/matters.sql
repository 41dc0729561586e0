-- Matters: things of a case with a small course of their own.
ALTER TABLE reports_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_matter FORCE ROW LEVEL SECURITY;
CREATE POLICY own_cases ON reports_matter TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));
CREATE POLICY emergency ON reports_matter FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));

-- Every step that moves a matter; `from_state` '' is its beginning. A test holds it against the data of the services.
CREATE TABLE sapr_matter_transition (
    kind text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    ends boolean NOT NULL,
    fits text NOT NULL CHECK (fits IN ('any', 'signed', 'investigated', 'unrestricted')),
    PRIMARY KEY (kind, from_state, to_state)
);
INSERT INTO sapr_matter_transition (kind, from_state, to_state, ends, fits) VALUES
    ('action', '', 'open', false, 'investigated'),
    ('action', 'open', 'closed', true, 'investigated'),
    ('appointment', '', 'set', false, 'any'),
    ('appointment', 'set', 'kept', true, 'any'),
    ('appointment', 'set', 'missed', true, 'any'),
    ('civil_order', '', 'in_force', false, 'any'),
    ('civil_order', 'in_force', 'ended', true, 'any'),
    ('consent', '', 'given', false, 'any'),
    ('consent', 'given', 'withdrawn', true, 'any'),
    ('expedited_transfer', '', 'requested', false, 'unrestricted'),
    ('expedited_transfer', 'approved', 'ordered', false, 'unrestricted'),
    ('expedited_transfer', 'approved', 'withdrawn', true, 'unrestricted'),
    ('expedited_transfer', 'denied', 'in_review', false, 'unrestricted'),
    ('expedited_transfer', 'denied', 'withdrawn', true, 'unrestricted'),
    ('expedited_transfer', 'in_review', 'approved', false, 'unrestricted'),
    ('expedited_transfer', 'in_review', 'refused', true, 'unrestricted'),
    ('expedited_transfer', 'in_review', 'withdrawn', true, 'unrestricted'),
    ('expedited_transfer', 'ordered', 'departed', true, 'unrestricted'),
    ('expedited_transfer', 'ordered', 'withdrawn', true, 'unrestricted'),
    ('expedited_transfer', 'requested', 'approved', false, 'unrestricted'),
    ('expedited_transfer', 'requested', 'denied', false, 'unrestricted'),
    ('expedited_transfer', 'requested', 'withdrawn', true, 'unrestricted'),
    ('high_risk', '', 'found', false, 'unrestricted'),
    ('high_risk', 'found', 'standing', false, 'unrestricted'),
    ('high_risk', 'reporting', 'ended', true, 'unrestricted'),
    ('high_risk', 'standing', 'ended', true, 'unrestricted'),
    ('high_risk', 'standing', 'reporting', false, 'unrestricted'),
    ('line_of_duty', '', 'asked', false, 'signed'),
    ('line_of_duty', 'asked', 'found', true, 'signed'),
    ('protective_order', '', 'asked', false, 'unrestricted'),
    ('protective_order', '', 'in_force', false, 'unrestricted'),
    ('protective_order', 'asked', 'denied', false, 'unrestricted'),
    ('protective_order', 'asked', 'in_force', false, 'unrestricted'),
    ('protective_order', 'denied', 'in_force', false, 'unrestricted'),
    ('protective_order', 'denied', 'refused', true, 'unrestricted'),
    ('protective_order', 'in_force', 'ended', true, 'unrestricted'),
    ('referral', '', 'made', false, 'any'),
    ('referral', 'made', 'ended', true, 'any'),
    ('retaliation', '', 'reported', false, 'unrestricted'),
    ('retaliation', 'referred', 'ended', true, 'unrestricted'),
    ('retaliation', 'referred', 'referred', false, 'unrestricted'),
    ('retaliation', 'reported', 'ended', true, 'unrestricted'),
    ('retaliation', 'reported', 'referred', false, 'unrestricted'),
    ('safe_contact', '', 'current', false, 'any'),
    ('safe_contact', 'current', 'replaced', true, 'any'),
    ('safety_move', '', 'asked', false, 'unrestricted'),
    ('safety_move', 'asked', 'ended', true, 'unrestricted'),
    ('service', '', 'offered', false, 'any'),
    ('service', 'accepted', 'complete', true, 'any'),
    ('service', 'accepted', 'declined', true, 'any'),
    ('service', 'offered', 'accepted', false, 'any'),
    ('service', 'offered', 'declined', true, 'any'),
    ('subject', '', 'known', false, 'investigated'),
    ('subject', 'known', 'disposed', true, 'investigated'),
    ('threat', '', 'found', false, 'signed'),
    ('threat', 'found', 'reported', true, 'signed');
GRANT SELECT ON sapr_matter_transition TO $web;

-- Whether a matter of that fit may be opened in the case. A case opened with limited information has no report: what
-- belongs to an investigation fits it as well.
CREATE FUNCTION sapr_matter_fits(wanted uuid, fits text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE signed text := (SELECT election FROM reports_report WHERE case_id = wanted);
BEGIN
    RETURN CASE fits
        WHEN 'any' THEN true
        WHEN 'signed' THEN signed IS NOT NULL
        WHEN 'unrestricted' THEN coalesce(signed = 'unrestricted', false)
        WHEN 'investigated' THEN coalesce(signed = 'unrestricted', EXISTS (
            SELECT 1 FROM reports_event WHERE case_id = wanted AND kind = 'limited_case_opened'))
    END;
END
$$$$;

CREATE FUNCTION sapr_matter() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE step sapr_matter_transition;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.case_id, NEW.kind, NEW.what, NEW.parent_id, NEW.name, NEW.content, NEW.opened_at)
       IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.kind, OLD.what, OLD.parent_id, OLD.name, OLD.content, OLD.opened_at) THEN
        RAISE EXCEPTION 'a matter stands as it was opened' USING ERRCODE = 'SA002';
    END IF;
    SELECT * INTO step FROM sapr_matter_transition t WHERE t.kind = NEW.kind AND t.to_state = NEW.state
        AND t.from_state = CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.state END;
    IF step.kind IS NULL THEN
        RAISE EXCEPTION 'a matter of this kind takes no such step' USING ERRCODE = 'SA002';
    END IF;
    IF (NEW.ended_at IS NOT NULL) <> step.ends OR NEW.moved_at > sapr_now() OR NEW.ended_at > sapr_now()
       OR TG_OP = 'UPDATE' AND NEW.moved_at < OLD.moved_at THEN
        RAISE EXCEPTION 'a matter is dated by its steps' USING ERRCODE = 'SA002';
    END IF;
    IF NOT sapr_matter_fits(NEW.case_id, step.fits) THEN
        RAISE EXCEPTION 'this matter does not fit the report of its case' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM reports_case WHERE id = NEW.case_id AND walked_away_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a contact that ended without signing has no matters' USING ERRCODE = 'SA002';
    END IF;
    -- Locked, here and below: what this stands on does not end at the same moment.
    IF NEW.kind = 'referral' AND NOT EXISTS (
            SELECT 1 FROM reports_matter c WHERE c.case_id = NEW.case_id AND c.kind = 'consent' AND c.what = NEW.what
            AND c.ended_at IS NULL FOR SHARE) THEN
        RAISE EXCEPTION 'a referral stands on the consent of the victim' USING ERRCODE = 'SA002';
    END IF;
    IF (NEW.parent_id IS NOT NULL) <> (NEW.kind = 'action') OR NEW.parent_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM reports_matter p WHERE p.id = NEW.parent_id AND p.case_id = NEW.case_id AND p.kind = 'subject'
            AND p.ended_at IS NULL FOR SHARE) THEN
        RAISE EXCEPTION 'an action is one on an alleged offender of its case' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER steps BEFORE INSERT OR UPDATE ON reports_matter FOR EACH ROW EXECUTE FUNCTION sapr_matter();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_matter
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a matter is ended, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_matter EXECUTE FUNCTION sapr_refuse('a matter is ended, not deleted');
-- A subject is disposed of when every action on them is closed, and one at least was kept (FD-15, FD-16).
CREATE FUNCTION sapr_subject_disposed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reports_matter WHERE parent_id = NEW.id)
       OR EXISTS (SELECT 1 FROM reports_matter WHERE parent_id = NEW.id AND ended_at IS NULL) THEN
        RAISE EXCEPTION 'a disposition is final when every action is closed' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER subject_disposed BEFORE UPDATE OF state ON reports_matter
    FOR EACH ROW WHEN (NEW.kind = 'subject' AND NEW.state = 'disposed') EXECUTE FUNCTION sapr_subject_disposed();

GRANT SELECT, INSERT ON reports_matter TO $web;
GRANT UPDATE (state, moved_at, ended_at) ON reports_matter TO $web;

-- What only an Unrestricted report has is never said of a Restricted one, by whomever. Definer: who places a notice may
-- not read reports. The list stands in the trigger's condition, so that all other events cost nothing.
CREATE FUNCTION sapr_not_of_a_restricted_report() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (SELECT 1 FROM reports_report WHERE case_id = NEW.case_id AND election = 'restricted') THEN
        RAISE EXCEPTION 'a Restricted report has no %', NEW.kind USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER not_of_a_restricted_report AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind IN (
    'action_closed', 'action_taken', 'civil_authorities_told', 'civil_authorities_told_of_change',
    'civil_authorities_told_of_transfer', 'cmg_held', 'cmg_listed', 'cmg_minutes_kept', 'commander_details_placed',
    'disposition_report_sent', 'disposition_submitted', 'disposition_told', 'final_disposition_decided',
    'gaining_commander_told', 'high_risk_found', 'hrrt_briefed', 'hrrt_ended', 'hrrt_final_report_given',
    'hrrt_reported', 'hrrt_started', 'incident_message_sent', 'investigation_closed', 'investigation_opened',
    'kit_due_to_mcio', 'kit_to_mcio', 'mcio_notice_placed', 'mcio_told_of_disposition', 'monthly_update_given', 'protective_order_asked',
    'protective_order_changed', 'protective_order_denied', 'protective_order_ended', 'protective_order_issued', 'report_converted',
    'restrained_member_transferred', 'retaliation_asked', 'retaliation_ended', 'retaliation_referred',
    'retaliation_reported', 'safety_assessed', 'safety_move_asked', 'safety_move_ended', 'sairo_sent',
    'subject_added', 'transfer_approved', 'transfer_carried_out', 'transfer_decided', 'transfer_denied',
    'transfer_orders_issued', 'transfer_requested', 'transfer_review_decided', 'transfer_review_requested',
    'transfer_withdrawn', 'unit_commander_notice_placed', 'updater_chosen'))
    EXECUTE FUNCTION sapr_not_of_a_restricted_report();
