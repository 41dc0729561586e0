-- Who stands behind an account: its holder, whoever made the account or appointed it programme manager, whoever stands
-- behind them, and so on. The system's own chain tells; it shows it to programme managers only.
CREATE FUNCTION sapr_behind(person uuid) RETURNS uuid[] LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    WITH RECURSIVE behind (id) AS (
        SELECT person
        UNION
        SELECT e.actor_id FROM behind b JOIN reports_event e ON e.data ->> 'user' = b.id::text
        WHERE e.case_id = '00000000-0000-0000-0000-000000000000' AND e.actor_id IS NOT NULL
          AND (e.kind = 'user_created'
               OR e.kind = 'appointment_made' AND e.data ->> 'role' = 'programme_manager'))
    SELECT array_agg(id) FROM behind
$$$$;
-- Whether somebody may decide what another proposed: nobody stands behind both, and every appointment of theirs as
-- programme manager was recorded before the proposal. So one manager alone gains nothing by making accounts.
CREATE FUNCTION sapr_second_person(proposer uuid, since timestamptz, decider uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$$$
    SELECT NOT sapr_behind(proposer) && sapr_behind(decider) AND NOT EXISTS (
        SELECT FROM reports_event
        WHERE case_id = '00000000-0000-0000-0000-000000000000' AND kind = 'appointment_made'
          AND data ->> 'user' = decider::text AND data ->> 'role' = 'programme_manager' AND recorded_at > since)
$$$$;

-- Which profile and which adopted rule sets decide cases: one programme manager proposes, another decides. Both act in
-- their own name, and when they did is this clock's to say: a change that could be backdated would rewrite under which
-- rules earlier cases stood. (That the second person is another one, a CHECK says.)
CREATE FUNCTION sapr_policy_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE who uuid := sapr_viewer();
BEGIN
    IF who IS NULL OR NOT 'programme_manager' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'only a programme manager changes the policy settings' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'a policy change begins as a proposal' USING ERRCODE = 'SA002';
        END IF;
        IF NEW.proposed_by_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'a policy change is proposed in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.proposed_at := sapr_now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'proposed' OR NEW.state = 'proposed'
       OR (NEW.id, NEW.kind, NEW.profile, NEW.service, NEW.rule_set, NEW.starts_on, NEW.proposed_by_id, NEW.proposed_at)
          IS DISTINCT FROM
          (OLD.id, OLD.kind, OLD.profile, OLD.service, OLD.rule_set, OLD.starts_on, OLD.proposed_by_id, OLD.proposed_at) THEN
        RAISE EXCEPTION 'a policy change is decided once and stands as it was proposed' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.decided_by_id IS DISTINCT FROM who THEN
        RAISE EXCEPTION 'a policy change is decided in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.decided_by_id <> OLD.proposed_by_id
       AND NOT sapr_second_person(OLD.proposed_by_id, OLD.proposed_at, NEW.decided_by_id) THEN
        RAISE EXCEPTION 'a policy change is decided by an independent second person' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_policychange
    FOR EACH ROW EXECUTE FUNCTION sapr_policy_change();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_policychange
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a policy change is decided, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_policychange
    EXECUTE FUNCTION sapr_refuse('a policy change is decided, not deleted');

GRANT SELECT, INSERT ON reports_policychange TO $web;
GRANT UPDATE (state, decided_by_id, decided_at) ON reports_policychange TO $web;
GRANT SELECT ON reports_policychange TO $worker;
