-- Who asks in a closed case who knew what is written down like every other look.
INSERT INTO reports_afterclosing (kind) VALUES ('knowledge_shown');
