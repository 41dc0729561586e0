-- What versions before 0020 left of cases after their disposition. May run again: it then changes nothing.

-- The months of an anchor, later than an instant, by the wall clock of the place; in a shorter month the last day.
CREATE OR REPLACE FUNCTION pg_temp.next_monthly(after timestamptz, anchor timestamptz, zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$$$
BEGIN
    RETURN (SELECT min(due) FROM generate_series(1, 2400) n, LATERAL (
        SELECT ((anchor AT TIME ZONE zone) + n * interval '1 month') AT TIME ZONE zone AS due) s WHERE due > after);
END
$$$$;
CREATE OR REPLACE FUNCTION pg_temp.open_monthly(duty reports_duty) RETURNS void LANGUAGE plpgsql AS $$$$
BEGIN
    INSERT INTO reports_duty (id, case_id, rule, layer, rule_set, kind, role, state, opened_event, about, opened_at, due_at,
                              counts_from, discharged_by, reason, repeats, immediate, occurrence)
    VALUES (gen_random_uuid(), duty.case_id, duty.rule, duty.layer, duty.rule_set, duty.kind, duty.role, 'open',
            duty.opened_event, duty.about, sapr_now(), duty.due_at, duty.counts_from, duty.discharged_by, '', 'monthly', false, 1)
    RETURNING id INTO duty.id;
    INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
    VALUES (gen_random_uuid(), duty.case_id, 'duty_opened', sapr_now(), NULL, jsonb_build_object('duty', duty.id,
        'kind', duty.kind, 'rule', duty.rule, 'due_at', to_char(duty.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')));
END
$$$$;

-- An alleged offender who was entered after the final disposition opens it again: what ran until then goes on, with the turn
-- that was open or the first by the same day of the month after what was done since. Also of a closed case, whose duties
-- come back only with the case.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE reports_event DISABLE TRIGGER case_is_open;
DO $$$$
DECLARE
    here record;
    duty reports_duty;
    said uuid;
    since timestamptz;
BEGIN
    FOR here IN
        SELECT c.id, c.state, l.zone, m.id AS matter, greatest(m.opened_at, f.occurred_at) AS at
        FROM reports_case c JOIN accounts_location l ON l.id = c.installation_id
        JOIN LATERAL (SELECT o.id, o.opened_at FROM reports_matter o WHERE o.case_id = c.id AND o.kind = 'subject'
                      AND o.ended_at IS NULL ORDER BY o.opened_at, o.id LIMIT 1) m ON true
        JOIN LATERAL (SELECT e.kind, e.occurred_at FROM reports_event e WHERE e.case_id = c.id AND e.kind IN (
                      'final_disposition_decided', 'disposition_reopened') ORDER BY e.seq DESC LIMIT 1) f
             ON f.kind = 'final_disposition_decided'
    LOOP
        said := gen_random_uuid();
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (said, here.id, 'disposition_reopened', here.at, NULL,
                jsonb_build_object('matter', here.matter, 'matter_kind', 'subject'));
        CONTINUE WHEN here.state = 'CLOSED';
        FOR duty IN
            SELECT DISTINCT ON (d.kind) d.* FROM reports_duty d
            WHERE d.case_id = here.id AND d.kind IN ('cmg_review', 'monthly_update', 'safety_assessment')
              AND d.repeats = 'monthly' AND d.state <> 'not_applicable'
              AND NOT EXISTS (SELECT FROM reports_duty o WHERE o.case_id = d.case_id AND o.kind = d.kind AND o.state = 'open')
            ORDER BY d.kind, d.closed_at DESC, d.due_at DESC
        LOOP
            duty.counts_from := coalesce(duty.counts_from, (SELECT occurred_at FROM reports_event WHERE id = duty.opened_event));
            since := greatest(here.at, (SELECT max(occurred_at) FROM reports_event
                                        WHERE case_id = here.id AND kind = duty.discharged_by AND occurred_at >= here.at));
            IF duty.due_at <= since THEN
                duty.due_at := pg_temp.next_monthly(since, duty.counts_from, here.zone);
            END IF;
            duty.opened_event := said;
            PERFORM pg_temp.open_monthly(duty);
        END LOOP;
    END LOOP;
END
$$$$;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE reports_event ENABLE TRIGGER case_is_open;

-- Retaliation that was reported before CD-30 and CD-31 were opened for it, and has no finding yet. Each is due by the day of
-- the report, the first time after what was done since. A test holds the rows against the rules.
DO $$$$
DECLARE
    claim record;
    duty reports_duty;
    since timestamptz;
BEGIN
    FOR claim IN
        SELECT m.id, m.case_id, l.zone, e.id AS said, e.occurred_at, e.seq, r.*
        FROM reports_matter m JOIN reports_case c ON c.id = m.case_id JOIN accounts_location l ON l.id = c.installation_id
        JOIN reports_event e ON e.case_id = m.case_id AND e.kind = 'retaliation_reported' AND e.data ->> 'matter' = m.id::text
        JOIN (VALUES
            ('CD-30', 'RS-2016', date '2016-09-27', 'retaliation_review', 'installation_or_senior_commander', 'cmg_held'),
            ('CD-31', 'RS-2022A', date '2022-06-24', 'ask_about_retaliation', 'sapr_va', 'retaliation_asked')
        ) AS r (rule, rule_set, from_day, kind, role, discharged_by) ON (e.occurred_at AT TIME ZONE l.zone)::date >= r.from_day
        WHERE m.kind = 'retaliation' AND m.ended_at IS NULL
          AND NOT EXISTS (SELECT FROM reports_duty d WHERE d.case_id = m.case_id AND d.kind = r.kind AND d.about = m.id)
    LOOP
        duty := NULL;
        duty.case_id := claim.case_id;
        duty.rule := claim.rule;
        duty.layer := 'dod';
        duty.rule_set := claim.rule_set;
        duty.kind := claim.kind;
        duty.role := claim.role;
        duty.discharged_by := claim.discharged_by;
        duty.opened_event := claim.said;
        duty.about := claim.id;
        since := greatest(claim.occurred_at, (
            SELECT max(e.occurred_at) FROM reports_event e WHERE e.case_id = claim.case_id AND e.seq > claim.seq
            AND e.kind = claim.discharged_by AND coalesce(e.data ->> 'matter', claim.id::text) = claim.id::text));
        duty.due_at := pg_temp.next_monthly(since, claim.occurred_at, claim.zone);
        PERFORM pg_temp.open_monthly(duty);
    END LOOP;
END
$$$$;

-- A kit that is gone ended what was due about it.
DO $$$$
DECLARE
    gone record;
    ends text;
BEGIN
    FOR gone IN
        SELECT DISTINCT ON (d.id) d.id, d.case_id, d.kind, d.rule, d.immediate, d.due_at, e.id AS said, e.occurred_at
        FROM reports_kit k
        JOIN reports_event e ON e.case_id = k.case_id AND e.kind = 'kit_destroyed' AND e.data ->> 'kit' = k.id::text
        JOIN reports_duty d ON d.case_id = k.case_id AND d.state = 'open' AND (d.about = k.id OR d.about IS NULL AND NOT EXISTS (
            SELECT FROM reports_kit o WHERE o.case_id = k.case_id AND o.state NOT IN ('numbered', 'destroyed')))
        JOIN sapr_ends_with_kit w ON w.kind = d.kind
        WHERE k.state = 'destroyed' ORDER BY d.id, e.seq DESC
    LOOP
        ends := CASE WHEN gone.immediate OR gone.occurred_at <= gone.due_at THEN 'ended' ELSE 'missed' END;
        UPDATE reports_duty SET state = ends, closed_event = gone.said, closed_at = gone.occurred_at WHERE id = gone.id;
        INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)
        VALUES (gen_random_uuid(), gone.case_id, 'duty_' || ends, sapr_now(), NULL,
                jsonb_build_object('duty', gone.id, 'kind', gone.kind, 'rule', gone.rule));
    END LOOP;
END
$$$$;
DROP FUNCTION pg_temp.open_monthly(reports_duty);
DROP FUNCTION pg_temp.next_monthly(timestamptz, timestamptz, text);
