-- What an addressee and a holder of evidence read; and closing from above.

-- An offer, as its addressee sees it: no case, neither before nor after the answer. The columns are named, so that a later
-- one is not in it. An answer is an UPDATE of this view and meets the triggers of the table.
CREATE VIEW reports_offer WITH (security_barrier) AS
    SELECT id, election, from_installation_id, to_installation_id, offered_by_id, offered_to_id, offered_at, state,
           decided_by_id, decided_at
    FROM reports_move
    WHERE offered_to_id = (SELECT sapr_viewer()) AND to_installation_id = ANY ((SELECT sapr_viewer_places('{sarc}'))::uuid[]);
GRANT SELECT ON reports_offer TO $web;
GRANT UPDATE (state, decided_by_id, decided_at) ON reports_offer TO $web;
DROP POLICY offered ON reports_move;
ALTER POLICY decided ON reports_move USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]));

-- A hold on a kit: its case's people see all, a holder those of the own post. That there is another, and nothing of it, is
-- for the post that has the kit.
ALTER POLICY seen ON reports_kithold USING (
    card_id = ANY ((SELECT sapr_case_cards())::uuid[]) OR post_id = ANY ((SELECT sapr_holder_posts())::uuid[]));
CREATE FUNCTION sapr_held_by_others(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE mine uuid[] := sapr_holder_posts();
BEGIN
    RETURN EXISTS (
        SELECT FROM reports_kitcard c JOIN reports_kithold h ON h.card_id = c.id AND h.lifted_at IS NULL
        WHERE c.id = wanted AND c.at_post_id = ANY (mine) AND (h.post_id IS NULL OR NOT h.post_id = ANY (mine)));
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_held_by_others(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_held_by_others(uuid) TO $web;

-- Closing from above (CL-5, CL-6). Whoever closes sees nothing of the case, so nothing is shown here and nothing they say
-- counts: the case's own record alone. reports.casework.completeness reads the record alike; a test compares.
-- Whether a meeting of the group is waited for: the case stands on the agenda of one to come, or was left over and is still
-- reviewed. The last line says so: one that was dropped waits for nothing, nor does one at an installation that the case
-- left, or of a meeting that was passed over.
CREATE FUNCTION sapr_waits_for_meeting(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    last text := (
        SELECT l.outcome FROM reports_agendaline l JOIN reports_meeting m ON m.id = l.meeting_id JOIN reports_case c ON c.id = l.case_id
        WHERE l.case_id = wanted AND (l.outcome <> '' OR m.installation_id = c.installation_id AND NOT EXISTS (
            SELECT FROM reports_meeting h WHERE h.installation_id = m.installation_id AND h.kind = m.kind
            AND h.held_at IS NOT NULL AND h.scheduled_at > m.scheduled_at))
        ORDER BY m.scheduled_at DESC, m.called_at DESC LIMIT 1);
BEGIN
    RETURN last IS NOT NULL AND (last = '' OR last = 'left_over' AND sapr_under_review(wanted) IS NOT NULL);
END
$$$$;
CREATE FUNCTION sapr_closing_recorded(wanted uuid, OUT referrals boolean, OUT review boolean, OUT investigation boolean)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
DECLARE
    e record;
    what text;
    running jsonb := '{}';
    waits boolean := sapr_waits_for_meeting(wanted);
    final boolean := false;
BEGIN
    FOR e IN SELECT kind, data FROM reports_event WHERE case_id = wanted AND kind IN (
        'referral_made', 'referral_ended', 'service_accepted', 'service_completed', 'service_declined',
        'investigation_opened', 'investigation_closed', 'final_disposition_decided') ORDER BY seq
    LOOP
        what := CASE WHEN e.kind LIKE 'referral%' THEN 'referral ' || coalesce(e.data ->> 'matter', '')
                     WHEN e.kind LIKE 'service%' THEN 'service ' || coalesce(e.data ->> 'matter', '')
                     WHEN e.kind LIKE 'investigation%' THEN 'investigation ' || coalesce(e.data ->> 'investigation', '') END;
        IF e.kind IN ('referral_made', 'service_accepted', 'investigation_opened') THEN
            running := running || jsonb_build_object(what, coalesce((running ->> what)::int, 0) + 1);
        ELSIF what IS NOT NULL AND coalesce((running ->> what)::int, 0) > 0 THEN
            running := running || jsonb_build_object(what, (running ->> what)::int - 1);
        ELSIF e.kind = 'final_disposition_decided' THEN
            final := true;
        END IF;
    END LOOP;
    SELECT bool_and(value::int = 0) INTO referrals FROM jsonb_each_text(running) WHERE key NOT LIKE 'investigation %';
    SELECT bool_and(value::int = 0) INTO investigation FROM jsonb_each_text(running) WHERE key LIKE 'investigation %';
    IF EXISTS (SELECT FROM reports_report WHERE case_id = wanted AND election = 'restricted') THEN
        review := false;
    ELSIF waits OR final THEN
        review := waits;
    END IF;
END
$$$$;
-- What the record says is unmet closes nothing, whoever says it (CL-1, CL-2). The writer holds the chain: what was said in the
-- meantime is seen here, and what comes after finds a closed case. Definer: the closer need not see it.
CREATE FUNCTION sapr_record_lets_it_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE known record;
BEGIN
    SELECT * INTO known FROM sapr_closing_recorded(NEW.case_id);
    IF known.referrals IS FALSE OR known.review IS TRUE THEN
        RAISE EXCEPTION 'a case is not closed while a referral, a service or its review is not over' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER record_lets_it_close AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'case_closed') EXECUTE FUNCTION sapr_record_lets_it_close();
-- Whether the viewer holds one of the roles, certified where it needs that, at a command above the installation.
CREATE FUNCTION sapr_stands_above(place uuid, wanted text[]) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    held uuid[] := sapr_viewer_posts();
    here record;
BEGIN
    SELECT kind, parent_id INTO here FROM accounts_location WHERE id = place;
    WHILE here.parent_id IS NOT NULL LOOP
        IF EXISTS (SELECT FROM accounts_post p JOIN accounts_location l ON l.id = p.location_id AND l.kind = 'command'
                   WHERE p.id = ANY (held) AND p.role = ANY (wanted) AND l.id = here.parent_id) THEN
            RETURN true;
        END IF;
        SELECT kind, parent_id INTO here FROM accounts_location WHERE id = here.parent_id;
    END LOOP;
    RETURN false;
END
$$$$;
CREATE FUNCTION sapr_closes_from_above(wanted uuid, roles text[]) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$$$
DECLARE
    place uuid := (SELECT installation_id FROM reports_case WHERE id = wanted);
    known record;
BEGIN
    IF NOT sapr_stands_above(place, roles) THEN
        RETURN false;
    END IF;
    SELECT * INTO known FROM sapr_closing_recorded(wanted);
    RETURN known.referrals IS TRUE AND known.review IS FALSE AND (
        known.investigation IS TRUE OR EXISTS (SELECT FROM reports_report WHERE case_id = wanted AND election = 'restricted'))
        AND NOT EXISTS (SELECT FROM reports_matter m JOIN sapr_keeps_open USING (kind)
                        WHERE m.case_id = wanted AND m.ended_at IS NULL);
END
$$$$;
-- The kinds of duty that closing ends, as the rules say; a test holds them equal.
CREATE TABLE reports_endedbyclosing (kind text PRIMARY KEY);
INSERT INTO reports_endedbyclosing (kind) VALUES
    ('monthly_update'), ('cmg_review'), ('safety_assessment');
GRANT SELECT ON reports_endedbyclosing TO $web;
CREATE POLICY ended_from_above ON reports_duty FOR UPDATE TO $owner USING (true);
-- Close the case of a number, in the name of somebody above; whether it was done, and nothing else: no such case, one of
-- another command and one whose tests do not hold are the same answer.
CREATE FUNCTION sapr_close_from_above(wanted text, roles text[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    here record;
    duty record;
    said uuid := gen_random_uuid();
    at timestamptz := sapr_now();
    closer text;
BEGIN
    IF NOT roles <@ ARRAY['sarc', 'programme_manager'] THEN
        RETURN false;
    END IF;
    -- Held only once the right is there, and then looked at again: whoever may not close the case neither waits for it nor
    -- holds it, and so does not learn that it exists.
    SELECT c.id INTO here FROM reports_case c WHERE c.number = wanted;
    IF here.id IS NULL OR NOT sapr_closes_from_above(here.id, roles) THEN
        RETURN false;
    END IF;
    SELECT c.id, c.state, c.installation_id INTO here FROM reports_case c
    WHERE c.id = here.id AND c.walked_away_at IS NULL FOR NO KEY UPDATE;
    IF here.id IS NULL OR NOT sapr_closes_from_above(here.id, roles)
       OR NOT EXISTS (SELECT FROM reports_transition WHERE from_state = here.state AND event = 'case_closed')
       OR EXISTS (SELECT FROM reports_erasure WHERE case_id = here.id AND state = 'done') THEN
        RETURN false;
    END IF;
    closer := CASE WHEN 'sarc' = ANY (roles) AND sapr_stands_above(here.installation_id, '{sarc}') THEN 'supervisory_sarc'
                   ELSE 'service_programme_manager' END;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    SELECT said, here.id, 'case_closed', at, sapr_viewer(), jsonb_strip_nulls(jsonb_build_object('closer', closer,
        'referrals_complete', 'recorded', 'under_cmg_review', 'recorded',
        'investigation_complete', CASE WHEN r.investigation IS NOT NULL THEN 'recorded' END))
    FROM sapr_closing_recorded(here.id) r;
    FOR duty IN SELECT d.* FROM reports_duty d JOIN reports_endedbyclosing USING (kind)
                WHERE d.case_id = here.id AND d.state = 'open' ORDER BY d.due_at, d.id
    LOOP
        -- What fell due before is missed, however little it is needed now.
        UPDATE reports_duty SET state = CASE WHEN immediate OR at <= due_at THEN 'ended' ELSE 'missed' END,
            closed_event = said, closed_at = at WHERE id = duty.id;
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), here.id, CASE WHEN duty.immediate OR at <= duty.due_at THEN 'duty_ended' ELSE 'duty_missed' END,
            at, sapr_viewer(), jsonb_build_object('duty', duty.id, 'kind', duty.kind, 'rule', duty.rule));
    END LOOP;
    RETURN true;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_closing_recorded(uuid), sapr_record_lets_it_close(), sapr_stands_above(uuid, text[]), sapr_closes_from_above(uuid, text[]),
    sapr_close_from_above(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_close_from_above(text, text[]) TO $web;
-- As before (way.sql), but that who stands above may close what the record allows.
CREATE OR REPLACE FUNCTION sapr_event_moves_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE
    here text;
    target text;
BEGIN
    SELECT c.state INTO here FROM reports_case c WHERE c.id = NEW.case_id FOR NO KEY UPDATE;
    IF NEW.kind <> 'catch_joined' AND NOT sapr_is_its_sarc(NEW.case_id)
       AND NOT (NEW.kind = 'case_closed' AND sapr_closes_from_above(NEW.case_id, '{sarc,programme_manager}')) THEN
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
