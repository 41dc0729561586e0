-- What it costs to enter earlier cases. Nothing that was refused before is accepted.
--
-- A trigger's condition is asked for every row. Whether an import runs stands in it as an expression: each call of a
-- function would cost more than what the row costs otherwise.

DO $$$$
DECLARE
    importing text := format('(current_setting(''sapr.importing'', true) IS NOT DISTINCT FROM ''on'' AND session_user = %L)',
                             trim(BOTH '"' FROM '$owner'));
    each record;
BEGIN
    FOR each IN SELECT pg_get_triggerdef(oid) AS def FROM pg_trigger
                WHERE NOT tgisinternal AND pg_get_triggerdef(oid) LIKE '%sapr_importing()%' LOOP
        EXECUTE replace(replace(each.def, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'), 'sapr_importing()', importing);
    END LOOP;

    -- A duty of before is entered with its case, closed; no open one becomes such.
    EXECUTE format('CREATE OR REPLACE TRIGGER of_before BEFORE INSERT ON reports_duty
                    FOR EACH ROW WHEN (NEW.state LIKE ''legacy\_%%'' AND NOT %s)
                    EXECUTE FUNCTION sapr_refuse(''a duty of before is entered with its case, closed'')', importing);
    CREATE TRIGGER of_before_again BEFORE UPDATE OF state ON reports_duty FOR EACH ROW WHEN (NEW.state LIKE 'legacy\_%')
        EXECUTE FUNCTION sapr_refuse('a duty of before is entered with its case, closed');

    -- What says that an earlier case came is the first that its chain says: so it follows on nothing, and on no closing.
    EXECUTE format('CREATE OR REPLACE TRIGGER legacy_by_owner AFTER INSERT ON reports_event
                    FOR EACH ROW WHEN (NEW.kind = ''legacy_imported'' AND NOT (%s AND NEW.seq = 1)
                        OR NEW.kind IN (''legacy_import_begun'', ''legacy_import_ended'') AND session_user <> %L)
                    EXECUTE FUNCTION sapr_refuse(''earlier cases are entered by the owner alone'')',
                   importing, trim(BOTH '"' FROM '$owner'));
    CREATE OR REPLACE TRIGGER case_is_open AFTER INSERT ON reports_event
        FOR EACH ROW WHEN (NEW.kind <> 'legacy_imported' AND NOT sapr_event_after_closing(NEW.kind))
        EXECUTE FUNCTION sapr_event_of_open_case();

    -- That the report of an earlier case stands on what was entered of it, sapr_legacy_is_whole() holds for all of a part.
    DROP TRIGGER is_signed ON reports_report;
    EXECUTE format('CREATE CONSTRAINT TRIGGER is_signed AFTER INSERT ON reports_report DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW WHEN (NOT %s) EXECUTE FUNCTION sapr_report_is_signed()', importing);
END
$$$$;
DROP FUNCTION sapr_duty_of_before();
DROP FUNCTION sapr_legacy_by_owner();

-- Asked once for a statement.
ALTER POLICY legacy ON reports_case WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON reports_identity WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON reports_narrative WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON reports_decision WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON reports_report WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON reports_kit WITH CHECK ((SELECT sapr_importing()));
ALTER POLICY legacy ON notifications_ladder WITH CHECK ((SELECT sapr_importing()));

-- The text that is hashed, as before: word for word, but as a part of the statement that asks for it. It is read when it
-- is made, so that no search path says what it means.
CREATE OR REPLACE FUNCTION sapr_canonical(event reports_event) RETURNS bytea LANGUAGE sql STABLE
RETURN convert_to(jsonb_build_object(
    'id', event.id, 'case', event.case_id, 'seq', event.seq, 'kind', event.kind, 'actor', event.actor_id,
    'data', event.data, 'prev', encode(event.prev_hash, 'hex'),
    'occurred_at', to_char(event.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'recorded_at', to_char(event.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
)::text, 'UTF8');

-- What of these cases does not hold together; nothing, if all is well. As before, with one look at each table: only open
-- duties lie at a place.
CREATE OR REPLACE FUNCTION sapr_legacy_is_whole(cases uuid[]) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(cases) AS wanted(id) LEFT JOIN reports_case c ON c.id = wanted.id
        LEFT JOIN reports_report r ON r.case_id = c.id
        LEFT JOIN reports_event e ON e.case_id = c.id AND e.seq = 1 AND e.kind = 'legacy_imported'
        LEFT JOIN LATERAL (
            SELECT bool_or(a.role = 'sarc' AND a.ended_at IS NULL) AS sarc, bool_and(a.place IS NOT DISTINCT FROM c.installation_id) AS here
            FROM reports_assignment a WHERE a.case_id = c.id) staff ON true
        WHERE c.state IS DISTINCT FROM CASE WHEN e.data ? 'closed_at' THEN 'CLOSED' WHEN r.converted_at IS NOT NULL THEN 'CONVERTED'
                WHEN r.election = 'restricted' THEN 'RESTRICTED_OPEN' WHEN r.election = 'unrestricted' THEN 'UNRESTRICTED_OPEN' END
           OR c.unclaimed OR e.data ->> 'election' IS DISTINCT FROM r.election
           OR staff.sarc IS NOT TRUE OR staff.here IS NOT TRUE)
       OR EXISTS (SELECT FROM reports_duty d JOIN reports_case c ON c.id = d.case_id
                  WHERE d.case_id = ANY (cases) AND d.state = 'open' AND d.place IS DISTINCT FROM c.installation_id) THEN
        RAISE EXCEPTION 'an earlier case is entered whole' USING ERRCODE = 'SA002';
    END IF;
END
$$$$;

-- As before, but as a part of the statement that asks for it.
CREATE OR REPLACE FUNCTION sapr_fiscal_year(at timestamptz, zone text) RETURNS integer LANGUAGE sql STABLE
RETURN COALESCE(date_part('year', (at AT TIME ZONE zone) + interval '3 months')::integer, 0);
