-- Who asks in a closed case who knew what is written down like every other look. The trigger names the kinds itself.
INSERT INTO reports_afterclosing (kind) VALUES ('knowledge_shown');
DO $$$$
BEGIN
    DROP TRIGGER case_is_open ON reports_event;
    EXECUTE format('CREATE TRIGGER case_is_open AFTER INSERT ON reports_event FOR EACH ROW WHEN (NEW.kind NOT IN (''case_closed'', %s))
                    EXECUTE FUNCTION sapr_event_of_open_case()',
        (SELECT string_agg(quote_literal(kind), ', ' ORDER BY kind) FROM reports_afterclosing));
END
$$$$;
