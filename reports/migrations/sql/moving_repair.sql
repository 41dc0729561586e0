-- What versions before cards (0016) and before the one question (0015) left. May run again: it then changes nothing.

-- The question after a year is asked once (EV-13). Where it was recorded more than once, what was recorded stands; a unique
-- index would refuse the whole upgrade.
DROP INDEX IF EXISTS reports_event_conversion_asked_once;
CREATE OR REPLACE FUNCTION sapr_asked_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    -- After the chain's own trigger, whose lock is held: two at once come one after the other.
    IF EXISTS (SELECT 1 FROM reports_event WHERE case_id = NEW.case_id AND kind = NEW.kind AND id <> NEW.id) THEN
        RAISE EXCEPTION 'the question after a year is asked once' USING ERRCODE = 'SA002';
    END IF;
    RETURN NULL;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_asked_once() FROM PUBLIC;
CREATE OR REPLACE TRIGGER asked_once AFTER INSERT ON reports_event
    FOR EACH ROW WHEN (NEW.kind = 'conversion_asked') EXECUTE FUNCTION sapr_asked_once();

-- A kit that went to the MCIO before there were cards: its card says so, made already or only when somebody takes the next
-- step. The post is the MCIO's of the installation at which the case was that day; where there is none, nobody here holds it
-- and the card stays as it is. What hops say is never changed.
CREATE OR REPLACE FUNCTION sapr_old_kit_at_mcio(wanted uuid) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$$$
DECLARE
    kit record;
    went reports_event;
    place uuid;
BEGIN
    SELECT k.id, k.case_id, k.card_id, c.installation_id INTO kit
    FROM reports_kit k JOIN reports_case c ON c.id = k.case_id WHERE k.id = wanted;
    SELECT * INTO went FROM reports_event WHERE case_id = kit.case_id AND kind = 'kit_to_mcio' AND data ->> 'kit' = kit.id::text
    ORDER BY seq DESC LIMIT 1;
    SELECT m.from_installation_id INTO place FROM reports_move m
    WHERE m.case_id = kit.case_id AND m.state = 'accepted' AND m.decided_at > went.recorded_at ORDER BY m.decided_at LIMIT 1;
    UPDATE reports_kitcard SET holder = 'mcio', at_post_id = p.id
    FROM accounts_post p
    WHERE reports_kitcard.id = kit.card_id AND holder = 'provider' AND at_post_id IS NULL
      AND p.location_id = coalesce(place, kit.installation_id) AND p.role = 'mcio'
      AND NOT EXISTS (SELECT FROM reports_custody h WHERE h.card_id = kit.card_id);
END
$$$$;
CREATE OR REPLACE FUNCTION sapr_old_kit_has_card() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM sapr_old_kit_at_mcio(NEW.id);
    RETURN NULL;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_old_kit_at_mcio(uuid), sapr_old_kit_has_card() FROM PUBLIC;
CREATE OR REPLACE TRIGGER old_kit_has_card AFTER UPDATE OF card_id ON reports_kit
    FOR EACH ROW WHEN (OLD.card_id IS NULL AND NEW.card_id IS NOT NULL AND NEW.state = 'mcio') EXECUTE FUNCTION sapr_old_kit_has_card();
SELECT sapr_old_kit_at_mcio(id) FROM reports_kit WHERE state = 'mcio' AND card_id IS NOT NULL;

-- CK-19 is each kit's own. Where kits of one case shared one open duty, it stays that of the kit that was sealed first, and
-- each other sealed kit that has none is given one of the same instant.
ALTER TABLE reports_duty DISABLE TRIGGER only_closes;
UPDATE reports_duty d SET about = (
    SELECT k.id FROM reports_kit k LEFT JOIN reports_event e ON e.id = d.opened_event AND e.data ->> 'kit' = k.id::text
    WHERE k.case_id = d.case_id AND k.state NOT IN ('numbered', 'destroyed') ORDER BY (e.id IS NOT NULL) DESC, k.issued_at, k.id LIMIT 1)
WHERE d.kind = 'tell_kit_expiry' AND d.about IS NULL AND d.state = 'open';
ALTER TABLE reports_duty ENABLE TRIGGER only_closes;
DO $$$$
DECLARE
    lacks record;
    opened uuid;
BEGIN
    FOR lacks IN
        SELECT k.id AS kit, e.id AS sealed, d.* FROM reports_kit k
        JOIN reports_event e ON e.case_id = k.case_id AND e.kind = 'kit_sealed' AND e.data ->> 'kit' = k.id::text
        JOIN LATERAL (
            SELECT o.* FROM reports_duty o WHERE o.case_id = k.case_id AND o.kind = 'tell_kit_expiry' AND o.state = 'open'
            ORDER BY o.due_at, o.id LIMIT 1) d ON d.opened_event <> e.id
        WHERE k.state IN ('sealed', 'stored')
          AND NOT EXISTS (SELECT FROM reports_duty o WHERE o.kind = 'tell_kit_expiry' AND o.about = k.id)
    LOOP
        opened := gen_random_uuid();
        INSERT INTO reports_duty (id, case_id, rule, layer, rule_set, kind, role, state, opened_event, about, opened_at, due_at,
                                  discharged_by, reason, repeats, immediate, occurrence)
        VALUES (opened, lacks.case_id, lacks.rule, lacks.layer, lacks.rule_set, lacks.kind, lacks.role, 'open', lacks.sealed,
                lacks.kit, sapr_now(), lacks.due_at, lacks.discharged_by, '', lacks.repeats, lacks.immediate, 1);
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), lacks.case_id, 'duty_opened', sapr_now(), NULL, jsonb_build_object('duty', opened,
            'kind', lacks.kind, 'rule', lacks.rule, 'due_at', to_char(lacks.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')));
    END LOOP;
END
$$$$;
