-- Evidence. The holder's side (card, custody, stages, holds, the end) names no case; the case's side (kit, items, name on the
-- label) is the case's alone. The one join, reports_kit.card_id, is read here by functions that run as the owner.

-- The cards of these cases. Nobody but the functions here may ask: whoever could name a case would learn its card.
CREATE FUNCTION sapr_cards_of(cases uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (SELECT coalesce(array_agg(card_id), '{}') FROM reports_kit
            WHERE case_id = ANY (cases) AND card_id IS NOT NULL);
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_cards_of(uuid[]) FROM PUBLIC;
CREATE FUNCTION sapr_case_cards() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN sapr_cards_of(sapr_readable_cases());
END
$$$$;
CREATE FUNCTION sapr_holder_posts() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE held uuid[] := sapr_viewer_posts();
BEGIN
    RETURN (SELECT coalesce(array_agg(id), '{}') FROM accounts_post
            WHERE id = ANY (held) AND role IN ('mcio', 'evidence_custodian'));
END
$$$$;
-- What is the viewer's to handle: the cards of their cases, and those that their posts answer for or are offered.
CREATE FUNCTION sapr_viewer_cards() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE posts uuid[] := sapr_holder_posts();
BEGIN
    RETURN sapr_cards_of(sapr_viewer_cases()) || (
        SELECT coalesce(array_agg(id), '{}') FROM reports_kitcard WHERE at_post_id = ANY (posts) OR to_post_id = ANY (posts));
END
$$$$;
CREATE FUNCTION sapr_readable_cards() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN sapr_viewer_cards() || sapr_case_cards();
END
$$$$;
-- Who answers for a kit now: the people of the post it is at, else those of its case.
CREATE FUNCTION sapr_answers_for(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE here uuid := (SELECT at_post_id FROM reports_kitcard WHERE id = wanted);
BEGIN
    RETURN CASE WHEN here IS NULL THEN wanted = ANY (sapr_cards_of(sapr_viewer_cases()))
                ELSE here = ANY (sapr_holder_posts()) END;
END
$$$$;
-- The holder's months: a kit of one's post whose expiry must be told (CK-19), by the first day of that month. The day
-- itself would say when the report was signed.
CREATE FUNCTION sapr_kits_to_tell(OUT card uuid, OUT month date) RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN QUERY SELECT c.id, date_trunc('month', min(d.due_at) AT TIME ZONE 'UTC')::date
        FROM reports_kitcard c JOIN reports_kit k ON k.card_id = c.id
        JOIN reports_duty d ON d.about = k.id AND d.kind = 'tell_kit_expiry' AND d.state = 'open'
        WHERE c.at_post_id = ANY (sapr_holder_posts()) GROUP BY c.id;
END
$$$$;

CREATE POLICY custody ON reports_kit FOR UPDATE TO $owner USING (true);
CREATE POLICY evidence ON reports_duty FOR SELECT TO $owner USING (true);

DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_kitname', 'reports_kititem'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY whole ON %I FOR SELECT TO $owner USING (true)', t);
        EXECUTE format('CREATE POLICY own_cases ON %I TO $web USING (case_id = ANY ((SELECT sapr_viewer_cases())::uuid[]))', t);
        EXECUTE format('CREATE POLICY emergency ON %I FOR SELECT TO $web USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['reports_kitcard', 'reports_custody', 'reports_kitstage', 'reports_kithold', 'reports_kitdestruction'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY whole ON %I TO $owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE TRIGGER no_delete BEFORE DELETE ON %I FOR EACH ROW EXECUTE FUNCTION sapr_refuse(''custody is kept'')', t);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION sapr_refuse(''custody is kept'')', t);
    END LOOP;
END
$$$$;
CREATE POLICY seen ON reports_kitcard FOR SELECT TO $web USING (id = ANY ((SELECT sapr_readable_cards())::uuid[]));
CREATE POLICY made ON reports_kitcard FOR INSERT TO $web WITH CHECK (
    holder = 'provider' AND at_post_id IS NULL AND to_post_id IS NULL
    AND (SELECT sapr_viewer_roles())::text[] && ARRAY['sarc', 'sapr_va']);
-- A holder reads the hops, stages and holds of their own posts: earlier ones would tell when the examination was.
CREATE POLICY seen ON reports_custody FOR SELECT TO $web USING (
    card_id = ANY ((SELECT sapr_case_cards())::uuid[])
    OR from_post_id = ANY ((SELECT sapr_holder_posts())::uuid[]) OR to_post_id = ANY ((SELECT sapr_holder_posts())::uuid[]));
CREATE POLICY offered ON reports_custody FOR INSERT TO $web WITH CHECK (
    offered_by_id = sapr_viewer() AND card_id = ANY ((SELECT sapr_viewer_cards())::uuid[]));
CREATE POLICY answered ON reports_custody FOR UPDATE TO $web USING (card_id = ANY ((SELECT sapr_viewer_cards())::uuid[]));
CREATE POLICY seen ON reports_kitstage FOR SELECT TO $web USING (
    card_id = ANY ((SELECT sapr_case_cards())::uuid[]) OR post_id = ANY ((SELECT sapr_holder_posts())::uuid[]));
CREATE POLICY said ON reports_kitstage FOR INSERT TO $web WITH CHECK (
    by_id = sapr_viewer() AND card_id = ANY ((SELECT sapr_viewer_cards())::uuid[]));
-- That there is a hold, and a proposal to destroy, is the present holder's to know as well.
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['reports_kithold', 'reports_kitdestruction'] LOOP
        EXECUTE format('CREATE POLICY seen ON %I FOR SELECT TO $web USING (card_id = ANY ((SELECT sapr_readable_cards())::uuid[]))', t);
        EXECUTE format('CREATE POLICY added ON %I FOR INSERT TO $web WITH CHECK (card_id = ANY ((SELECT sapr_viewer_cards())::uuid[]))', t);
        EXECUTE format('CREATE POLICY ended ON %I FOR UPDATE TO $web USING (card_id = ANY ((SELECT sapr_viewer_cards())::uuid[]))', t);
    END LOOP;
END
$$$$;

-- What happened to a kit stands on its case's chain, in the name of whoever did it, whether they know the case or not.
CREATE FUNCTION sapr_kit_event(wanted uuid, what text, happened timestamptz, more jsonb) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    SELECT gen_random_uuid(), k.case_id, what, happened, sapr_viewer(), jsonb_strip_nulls(more || jsonb_build_object('kit', k.id))
    FROM reports_kit k WHERE k.card_id = wanted;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_kit_event(uuid, text, timestamptz, jsonb) FROM PUBLIC;

-- One number for one incident (EV-03): whatever else is collected carries it too. What was destroyed is no obstacle.
CREATE FUNCTION sapr_one_number() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.case_id::text, 18));
    IF EXISTS (SELECT FROM reports_kit WHERE case_id = NEW.case_id AND state <> 'destroyed') THEN
        RAISE EXCEPTION 'an incident has one evidence number' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER one_number BEFORE INSERT ON reports_kit FOR EACH ROW EXECUTE FUNCTION sapr_one_number();
CREATE TRIGGER card_stands BEFORE UPDATE ON reports_kit
    FOR EACH ROW WHEN (OLD.card_id IS NOT NULL AND OLD.card_id IS DISTINCT FROM NEW.card_id)
    EXECUTE FUNCTION sapr_refuse('a kit keeps its card');
GRANT UPDATE (card_id) ON reports_kit TO $web;

-- By hand a kit is only sealed; everything after that follows its custody, written by the functions below.
CREATE OR REPLACE FUNCTION sapr_kit_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE system boolean := current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID);
BEGIN
    IF NEW.state = 'mcio' AND NOT sapr_is_unrestricted(NEW.case_id) THEN
        RAISE EXCEPTION 'the kit of a Restricted report is not handed to MCIO' USING ERRCODE = 'SA002';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('numbered', 'sealed')) AND NOT system OR OLD.state = 'destroyed' THEN
        RAISE EXCEPTION 'a kit does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;

CREATE TRIGGER moves BEFORE UPDATE OF state ON reports_kit FOR EACH ROW EXECUTE FUNCTION sapr_kit_moves();
CREATE TRIGGER begins BEFORE INSERT ON reports_kit
    FOR EACH ROW WHEN (NEW.state <> 'numbered') EXECUTE FUNCTION sapr_refuse('a kit begins with its number');

-- A hop begins. Hashes: what the giver said, after the last hash of the hop before.
CREATE FUNCTION sapr_custody_said(h reports_custody) RETURNS bytea LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN sha256(h.prev_hash || convert_to(jsonb_build_object(
        'id', h.id, 'card', h.card_id, 'hop', h.hop, 'giver', h.giver, 'from', h.from_post_id, 'receiver', h.receiver,
        'to', h.to_post_id, 'purpose', h.purpose, 'seal', h.seal_number, 'intact', h.seal_intact, 'condition', h.condition,
        'photo', h.photo_sha256, 'receipt', h.receipt, 'by', h.offered_by_id,
        'at', to_char(h.offered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'));
END
$$$$;
CREATE FUNCTION sapr_custody_answered(h reports_custody) RETURNS bytea LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN sha256(h.hash || convert_to(jsonb_build_object(
        'state', h.state, 'by', h.answered_by_id, 'intact', h.seal_found_intact, 'condition', h.condition_found,
        'at', to_char(h.answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, 'UTF8'));
END
$$$$;
CREATE FUNCTION sapr_custody_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    card record;
    kit record;
    last record;
BEGIN
    -- One hand-off of a kit at a time; the second then finds the first.
    SELECT * INTO card FROM reports_kitcard WHERE id = NEW.card_id FOR UPDATE;
    SELECT * INTO kit FROM reports_kit WHERE card_id = NEW.card_id;
    -- What the MCIO stored it takes into custody where it lies: the case's people say so, an agent answers (EV-10).
    IF sapr_viewer() IS NULL OR NOT (sapr_answers_for(NEW.card_id)
        OR card.holder = 'mcio' AND NEW.to_post_id = card.at_post_id AND NEW.purpose = 'investigate'
           AND NEW.card_id = ANY (sapr_cards_of(sapr_viewer_cases()))) THEN
        RAISE EXCEPTION 'only who holds the evidence hands it on' USING ERRCODE = 'SA002';
    END IF;
    IF kit.state IN ('numbered', 'destroyed') THEN
        RAISE EXCEPTION 'only a sealed kit is handed on' USING ERRCODE = 'SA002';
    END IF;
    SELECT * INTO last FROM reports_custody WHERE card_id = NEW.card_id ORDER BY hop DESC LIMIT 1;
    IF last.state = 'offered' THEN
        RAISE EXCEPTION 'the kit is on offer already' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.purpose IN ('investigate', 'test') AND NOT sapr_is_unrestricted(kit.case_id) THEN
        RAISE EXCEPTION 'the kit of a Restricted report is only stored' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.receiver IN ('mcio', 'custodian') AND NOT EXISTS (
        SELECT FROM accounts_post WHERE id = NEW.to_post_id
        AND role = CASE NEW.receiver WHEN 'mcio' THEN 'mcio' ELSE 'evidence_custodian' END) THEN
        RAISE EXCEPTION 'evidence goes to a post of that kind' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.offered_at > sapr_now() OR NEW.offered_at < coalesce(last.answered_at, NEW.offered_at) THEN
        RAISE EXCEPTION 'a hop lies after the one before, and not in the future' USING ERRCODE = 'SA002';
    END IF;
    NEW.hop := coalesce(last.hop, 0) + 1;
    NEW.giver := card.holder;
    NEW.from_post_id := card.at_post_id;
    NEW.answered_by_id := NULL;
    NEW.seal_found_intact := NULL;
    NEW.condition_found := '';
    NEW.prev_hash := coalesce(last.answer_hash, decode(repeat('00', 32), 'hex'));
    NEW.hash := sapr_custody_said(NEW);
    -- Outside nobody has an account: their receipt answers, and who takes the kit back is another person again.
    IF NEW.receiver NOT IN ('sarc', 'custodian', 'mcio') THEN
        NEW.state := 'accepted';
        NEW.answered_at := NEW.offered_at;
        NEW.answer_hash := sapr_custody_answered(NEW);
    ELSE
        NEW.state := 'offered';
        NEW.answered_at := NULL;
        NEW.answer_hash := NULL;
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER begins BEFORE INSERT ON reports_custody FOR EACH ROW EXECUTE FUNCTION sapr_custody_begins();

-- A hop is answered once: by the receiver, another person than the giver and than who last gave it outside.
CREATE FUNCTION sapr_custody_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    before record;
    receives boolean;
BEGIN
    PERFORM FROM reports_kitcard WHERE id = OLD.card_id FOR UPDATE;
    IF OLD.state <> 'offered' OR NEW.state = 'offered' THEN
        RAISE EXCEPTION 'a hop is answered once' USING ERRCODE = 'SA002';
    END IF;
    IF (NEW.id, NEW.card_id, NEW.hop, NEW.giver, NEW.from_post_id, NEW.receiver, NEW.to_post_id, NEW.purpose, NEW.seal_number,
        NEW.seal_intact, NEW.condition, NEW.photo_sha256, NEW.receipt, NEW.offered_at, NEW.offered_by_id, NEW.prev_hash, NEW.hash)
       IS DISTINCT FROM
       (OLD.id, OLD.card_id, OLD.hop, OLD.giver, OLD.from_post_id, OLD.receiver, OLD.to_post_id, OLD.purpose, OLD.seal_number,
        OLD.seal_intact, OLD.condition, OLD.photo_sha256, OLD.receipt, OLD.offered_at, OLD.offered_by_id, OLD.prev_hash, OLD.hash) THEN
        RAISE EXCEPTION 'a hop stands as the giver said it' USING ERRCODE = 'SA002';
    END IF;
    IF who IS NULL OR NEW.answered_by_id IS DISTINCT FROM who THEN
        RAISE EXCEPTION 'a hop is answered in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.answered_at IS NULL OR NEW.answered_at > sapr_now() THEN
        RAISE EXCEPTION 'a hop lies after the one before, and not in the future' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'withdrawn' THEN
        IF NOT sapr_answers_for(OLD.card_id) THEN
            RAISE EXCEPTION 'only who holds the evidence takes an offer back' USING ERRCODE = 'SA002';
        END IF;
    ELSE
        receives := CASE WHEN OLD.to_post_id IS NULL THEN OLD.card_id = ANY (sapr_cards_of(sapr_viewer_cases()))
                         ELSE OLD.to_post_id = ANY (sapr_holder_posts()) END;
        IF NOT receives OR who = OLD.offered_by_id THEN
            RAISE EXCEPTION 'evidence is received by another person, at the post it was offered to' USING ERRCODE = 'SA002';
        END IF;
        SELECT * INTO before FROM reports_custody
        WHERE card_id = OLD.card_id AND state = 'accepted' AND hop < OLD.hop ORDER BY hop DESC LIMIT 1;
        IF NEW.state = 'accepted' AND before.receiver NOT IN ('sarc', 'custodian', 'mcio') AND before.offered_by_id = who THEN
            RAISE EXCEPTION 'who gave evidence outside does not take it back alone' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    NEW.answer_hash := sapr_custody_answered(NEW);
    RETURN NEW;
END
$$$$;
CREATE TRIGGER ends BEFORE UPDATE ON reports_custody FOR EACH ROW EXECUTE FUNCTION sapr_custody_ends();

-- Holder, post and state of the kit follow, and the case's chain hears of it.
CREATE FUNCTION sapr_custody_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    stored boolean;
    said jsonb := jsonb_build_object('hop', NEW.hop, 'giver', NEW.giver, 'receiver', NEW.receiver, 'post', NEW.to_post_id,
        'purpose', NEW.purpose, 'hash', encode(coalesce(NEW.answer_hash, NEW.hash), 'hex'));
BEGIN
    UPDATE reports_kitcard SET
        to_post_id = CASE WHEN NEW.state = 'offered' THEN NEW.to_post_id END,
        holder = CASE WHEN NEW.state = 'accepted' THEN NEW.receiver ELSE holder END,
        at_post_id = CASE WHEN NEW.state = 'accepted' AND NEW.receiver IN ('sarc', 'custodian', 'mcio') THEN NEW.to_post_id
                          ELSE at_post_id END
    WHERE id = NEW.card_id;
    stored := EXISTS (SELECT FROM reports_custody WHERE card_id = NEW.card_id AND state = 'accepted' AND purpose = 'store');
    IF NEW.purpose = 'investigate' AND NEW.state IN ('offered', 'accepted') THEN
        UPDATE reports_kit SET state = 'mcio' WHERE card_id = NEW.card_id AND state <> 'mcio';
    ELSIF NEW.purpose = 'investigate' THEN
        UPDATE reports_kit SET state = CASE WHEN stored THEN 'stored' ELSE 'sealed' END WHERE card_id = NEW.card_id;
    ELSIF NEW.purpose = 'store' AND NEW.state = 'accepted' THEN
        UPDATE reports_kit SET state = 'stored' WHERE card_id = NEW.card_id AND state = 'sealed';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM sapr_kit_event(NEW.card_id, 'evidence_offered', NEW.offered_at, said);
    END IF;
    IF NEW.state = 'accepted' THEN
        PERFORM sapr_kit_event(NEW.card_id, 'evidence_accepted', NEW.answered_at, said);
    ELSIF NEW.state IN ('refused', 'withdrawn') THEN
        PERFORM sapr_kit_event(NEW.card_id, 'evidence_refused', NEW.answered_at, said || jsonb_build_object('state', NEW.state));
    END IF;
    RETURN NULL;
END
$$$$;
CREATE TRIGGER follows AFTER INSERT OR UPDATE ON reports_custody FOR EACH ROW EXECUTE FUNCTION sapr_custody_follows();

-- The first hop whose hashes do not fit, or none: what the custody page and the demo's proof ask.
CREATE FUNCTION sapr_custody_broken(wanted uuid) RETURNS integer LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$$$
BEGIN
    RETURN (
        SELECT min(h.hop) FROM (
            SELECT c.*, lag(c.answer_hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY c.hop) AS before
            FROM reports_custody c WHERE c.card_id = wanted) h
        JOIN reports_custody c ON c.id = h.id
        WHERE c.prev_hash IS DISTINCT FROM h.before OR c.hash <> sapr_custody_said(c)
           OR c.state <> 'offered' AND c.answer_hash IS DISTINCT FROM sapr_custody_answered(c));
END
$$$$;

-- Stages: said by who answers for the kit, where it is.
CREATE FUNCTION sapr_kit_stage() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE here record;
BEGIN
    SELECT holder, at_post_id INTO here FROM reports_kitcard WHERE id = NEW.card_id FOR SHARE;
    IF NEW.by_id IS DISTINCT FROM sapr_viewer() OR NOT sapr_answers_for(NEW.card_id) OR NEW.at > sapr_now() THEN
        RAISE EXCEPTION 'a stage is said by who answers for the kit' USING ERRCODE = 'SA002';
    END IF;
    IF NOT (CASE WHEN NEW.stage LIKE 'lab_%' THEN here.holder IN ('lab_defense', 'lab_civil')
                WHEN NEW.stage = 'expiry_told' THEN here.at_post_id IS NOT NULL
                ELSE here.holder IN ('sarc', 'custodian', 'mcio') END) THEN
        RAISE EXCEPTION 'the kit is not where that stage is' USING ERRCODE = 'SA002';
    END IF;
    NEW.post_id := here.at_post_id;
    IF NEW.stage <> 'expiry_told' THEN
        PERFORM sapr_kit_event(NEW.card_id, CASE WHEN NEW.stage LIKE 'lab_%' THEN 'evidence_tested' ELSE 'evidence_stored' END,
                               NEW.at, jsonb_build_object('stage', NEW.stage));
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER begins BEFORE INSERT ON reports_kitstage FOR EACH ROW EXECUTE FUNCTION sapr_kit_stage();
CREATE TRIGGER append_only BEFORE UPDATE ON reports_kitstage FOR EACH ROW EXECUTE FUNCTION sapr_refuse('custody is kept');

CREATE FUNCTION sapr_kit_hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM FROM reports_kitcard WHERE id = NEW.card_id FOR UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF NEW.lifted_at IS NOT NULL OR NEW.placed_by_id IS DISTINCT FROM sapr_viewer() OR NEW.placed_at > sapr_now()
           OR EXISTS (SELECT FROM reports_kit WHERE card_id = NEW.card_id AND state = 'destroyed')
           OR NOT (NEW.card_id = ANY (sapr_cards_of(sapr_viewer_cases())) OR sapr_answers_for(NEW.card_id)) THEN
            RAISE EXCEPTION 'a hold is placed open, in one''s own name, on what is there' USING ERRCODE = 'SA002';
        END IF;
        -- Whose hold it is: the case's people's, else the post's.
        NEW.post_id := CASE WHEN NEW.card_id = ANY (sapr_cards_of(sapr_viewer_cases())) THEN NULL
                            ELSE (SELECT at_post_id FROM reports_kitcard WHERE id = NEW.card_id) END;
        PERFORM sapr_kit_event(NEW.card_id, 'evidence_held', NEW.placed_at, jsonb_build_object('hold', NEW.id, 'reason', NEW.reason));
        RETURN NEW;
    END IF;
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL OR NEW.lifted_by_id IS DISTINCT FROM sapr_viewer()
       OR NEW.lifted_at > sapr_now()
       OR (NEW.id, NEW.card_id, NEW.post_id, NEW.reason, NEW.placed_by_id, NEW.placed_at)
          IS DISTINCT FROM (OLD.id, OLD.card_id, OLD.post_id, OLD.reason, OLD.placed_by_id, OLD.placed_at)
       OR NOT (CASE WHEN OLD.post_id IS NULL THEN OLD.card_id = ANY (sapr_cards_of(sapr_viewer_cases()))
                   ELSE OLD.post_id = ANY (sapr_holder_posts()) END) THEN
        RAISE EXCEPTION 'a hold is lifted once, by those whose it is' USING ERRCODE = 'SA002';
    END IF;
    PERFORM sapr_kit_event(NEW.card_id, 'evidence_released', NEW.lifted_at, jsonb_build_object('hold', NEW.id, 'reason', NEW.reason));
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stands BEFORE INSERT OR UPDATE ON reports_kithold FOR EACH ROW EXECUTE FUNCTION sapr_kit_hold();

-- What is asked back keeps the kit; it is asked once and returned once.
CREATE FUNCTION sapr_kit_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE kit record;
BEGIN
    SELECT * INTO kit FROM reports_kit WHERE id = NEW.kit_id;
    PERFORM FROM reports_kitcard WHERE id = kit.card_id FOR UPDATE;
    IF kit.case_id IS DISTINCT FROM NEW.case_id OR kit.state = 'destroyed' THEN
        RAISE EXCEPTION 'an item belongs to a kit of its case that is there' USING ERRCODE = 'SA002';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.id, NEW.case_id, NEW.kit_id, NEW.kind, NEW.added_at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.kit_id, OLD.kind, OLD.added_at)
        OR OLD.asked_at IS NOT NULL AND (NEW.asked_at, NEW.on_dd_2910_3) IS DISTINCT FROM (OLD.asked_at, OLD.on_dd_2910_3)
        OR OLD.returned_at IS NOT NULL) THEN
        RAISE EXCEPTION 'property is asked back once and returned once' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER stands BEFORE INSERT OR UPDATE ON reports_kititem FOR EACH ROW EXECUTE FUNCTION sapr_kit_item();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_kititem FOR EACH ROW EXECUTE FUNCTION sapr_refuse('evidence is kept');
CREATE TRIGGER name_stands BEFORE UPDATE OR DELETE ON reports_kitname FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a label is kept as it was written');
CREATE FUNCTION sapr_kit_name_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT FROM reports_kit k JOIN reports_kitcard c ON c.id = k.card_id
                   WHERE k.id = NEW.kit_id AND k.case_id = NEW.case_id AND c.label = 'name' AND sapr_is_unrestricted(k.case_id)) THEN
        RAISE EXCEPTION 'only the kit of an Unrestricted report bears a name' USING ERRCODE = 'SA002';
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER unrestricted BEFORE INSERT ON reports_kitname FOR EACH ROW EXECUTE FUNCTION sapr_kit_name_goes();

-- The name on the label, for the people of the post that has the kit; the look is on record before anything is returned.
CREATE FUNCTION sapr_name_on_kit(wanted uuid, OUT row_id uuid, OUT of_case uuid, OUT kit uuid, OUT sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
BEGIN
    SELECT n.id, n.case_id, n.kit_id, n.name INTO row_id, of_case, kit, sealed
    FROM reports_kitname n JOIN reports_kit k ON k.id = n.kit_id JOIN reports_kitcard c ON c.id = k.card_id
    WHERE c.id = wanted AND c.at_post_id = ANY (sapr_holder_posts()) AND sapr_is_unrestricted(k.case_id);
    IF row_id IS NOT NULL THEN
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), of_case, 'sealed_opened', sapr_now(), sapr_viewer(),
                '{"what": ["kitname.name"], "purpose": "evidence"}');
    END IF;
END
$$$$;

-- The end. Proposed by a SARC of the case when the time is over and nothing keeps the kit; done by another person of the post
-- that has it, behind whose account nobody stands who stands behind the proposer, while all of that still holds.
CREATE FUNCTION sapr_kit_is_kept(wanted uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
DECLARE kit record;
BEGIN
    SELECT * INTO kit FROM reports_kit WHERE card_id = wanted;
    RETURN EXISTS (SELECT FROM reports_kithold WHERE card_id = wanted AND lifted_at IS NULL) OR sapr_on_hold(kit.case_id)
        OR EXISTS (SELECT FROM reports_kititem WHERE kit_id = kit.id AND asked_at IS NOT NULL AND returned_at IS NULL)
        OR EXISTS (SELECT FROM reports_custody WHERE card_id = wanted AND state = 'offered')
        OR coalesce((SELECT e.kind FROM reports_event e WHERE e.case_id = kit.case_id AND e.kind IN ('catch_joined', 'catch_left')
                     ORDER BY e.seq DESC LIMIT 1), '') = 'catch_joined';
END
$$$$;
CREATE FUNCTION sapr_kit_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    card record;
    signed date;
BEGIN
    SELECT * INTO card FROM reports_kitcard WHERE id = NEW.card_id FOR UPDATE;
    IF NEW.state IN ('proposed', 'done') THEN
        -- What keeps it is not said: the holder is not to learn of a CATCH entry.
        IF sapr_kit_is_kept(NEW.card_id) THEN
            RAISE EXCEPTION 'a kit is not destroyed while something keeps it' USING ERRCODE = 'SA002';
        END IF;
        SELECT (greatest(r.signed_at, r.converted_at) AT TIME ZONE 'UTC')::date INTO signed
        FROM reports_kit k JOIN reports_report r ON r.case_id = k.case_id WHERE k.card_id = NEW.card_id;
        -- Five years is the shortest time that any rule ever gave a kit (RT-5); the service asks for the longest.
        IF NEW.keep_until < signed + interval '5 years' OR NEW.keep_until >= (sapr_now() AT TIME ZONE 'UTC' - interval '12 hours')::date THEN
            RAISE EXCEPTION 'a kit is not destroyed before its time is over' USING ERRCODE = 'SA002';
        END IF;
        IF NOT NEW.no_conversion OR NOT NEW.no_property THEN
            RAISE EXCEPTION 'the SARC confirms first that nothing was converted or asked back' USING ERRCODE = 'SA002';
        END IF;
        IF card.at_post_id IS NULL OR card.holder NOT IN ('custodian', 'mcio') THEN
            RAISE EXCEPTION 'a kit is destroyed where a post holds it' USING ERRCODE = 'SA002';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.proposed_by_id IS DISTINCT FROM who
           OR NOT 'sarc' = ANY (sapr_viewer_roles()) OR NOT NEW.card_id = ANY (sapr_cards_of(sapr_viewer_cases())) THEN
            RAISE EXCEPTION 'the destruction of a kit is proposed by a SARC of its case' USING ERRCODE = 'SA002';
        END IF;
        NEW.proposed_at := sapr_now();
        PERFORM sapr_kit_event(NEW.card_id, 'kit_destruction_proposed', NEW.proposed_at,
            jsonb_build_object('end', NEW.id, 'keep_until', NEW.keep_until, 'rules', NEW.rules));
        RETURN NEW;
    END IF;
    IF OLD.state <> 'proposed' OR NEW.state = 'proposed' OR NEW.decided_by_id IS DISTINCT FROM who
       OR (NEW.id, NEW.card_id, NEW.keep_until, NEW.rules, NEW.no_conversion, NEW.no_property, NEW.proposed_at, NEW.proposed_by_id)
          IS DISTINCT FROM
          (OLD.id, OLD.card_id, OLD.keep_until, OLD.rules, OLD.no_conversion, OLD.no_property, OLD.proposed_at, OLD.proposed_by_id) THEN
        RAISE EXCEPTION 'a proposal stands as it was made and is decided once, in one''s own name' USING ERRCODE = 'SA002';
    END IF;
    NEW.decided_at := sapr_now();
    IF NEW.state = 'withdrawn' THEN
        IF NOT NEW.card_id = ANY (sapr_cards_of(sapr_viewer_cases())) THEN
            RAISE EXCEPTION 'a proposal is withdrawn by its case''s people' USING ERRCODE = 'SA002';
        END IF;
    ELSIF NOT card.at_post_id = ANY (sapr_holder_posts()) OR sapr_behind(OLD.proposed_by_id) && sapr_behind(who) THEN
        RAISE EXCEPTION 'a kit is destroyed by a second person at the post that holds it' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'done' THEN
        UPDATE reports_kit SET state = 'destroyed' WHERE card_id = NEW.card_id;
        PERFORM sapr_kit_event(NEW.card_id, 'kit_destroyed', NEW.decided_at, jsonb_build_object('end', NEW.id,
            'keep_until', NEW.keep_until, 'rules', NEW.rules, 'proposed_by', NEW.proposed_by_id));
    ELSE
        PERFORM sapr_kit_event(NEW.card_id, 'kit_destruction_refused', NEW.decided_at,
            jsonb_build_object('end', NEW.id, 'state', NEW.state));
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_kitdestruction FOR EACH ROW EXECUTE FUNCTION sapr_kit_end();

GRANT SELECT, INSERT ON reports_kitcard, reports_custody, reports_kitstage, reports_kithold, reports_kitdestruction,
    reports_kitname, reports_kititem TO $web;
GRANT UPDATE (state, answered_at, answered_by_id, seal_found_intact, condition_found) ON reports_custody TO $web;
GRANT UPDATE (lifted_at, lifted_by_id) ON reports_kithold TO $web;
GRANT UPDATE (state, decided_by_id) ON reports_kitdestruction TO $web;
GRANT UPDATE (asked_at, on_dd_2910_3, returned_at, returned_by_id) ON reports_kititem TO $web;
REVOKE EXECUTE ON FUNCTION sapr_case_cards(), sapr_holder_posts(), sapr_viewer_cards(), sapr_readable_cards(),
    sapr_answers_for(uuid), sapr_kits_to_tell(), sapr_name_on_kit(uuid), sapr_kit_is_kept(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_case_cards(), sapr_holder_posts(), sapr_viewer_cards(), sapr_readable_cards(),
    sapr_kits_to_tell(), sapr_name_on_kit(uuid) TO $web;

-- Duties of before, when a kit was not named by them: where a case has one kit they are about it.
ALTER TABLE reports_duty NO FORCE ROW LEVEL SECURITY;
ALTER TABLE reports_kit NO FORCE ROW LEVEL SECURITY;
ALTER TABLE reports_duty DISABLE TRIGGER only_closes;
UPDATE reports_duty d SET about = k.id FROM reports_kit k
WHERE k.case_id = d.case_id AND d.kind = 'tell_kit_expiry' AND d.about IS NULL
  AND (SELECT count(*) FROM reports_kit o WHERE o.case_id = d.case_id) = 1;
ALTER TABLE reports_duty ENABLE TRIGGER only_closes;
ALTER TABLE reports_kit FORCE ROW LEVEL SECURITY;
ALTER TABLE reports_duty FORCE ROW LEVEL SECURITY;
