-- Every policy says the same of one row as it said by the list; those of rooms that were added since too.
DO $$$$
DECLARE
    each record;
    held CONSTANT text := '( SELECT sapr_viewer_held())::text[]';
    posts CONSTANT text := '( SELECT sapr_holder_posts())::uuid[]';
    listed CONSTANT text := '([a-z_]+(?:\.[a-z_]+)?) = ANY \(\( SELECT %1$$s\(\) AS %1$$s\)::uuid\[\]\)';
    said text[];
    part text;
BEGIN
    FOR each IN SELECT p.polname, p.polrelid::regclass AS place, p.polrelid,
                       ARRAY[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)] AS parts
                FROM pg_policy p LOOP
        said := '{}';
        FOREACH part IN ARRAY each.parts LOOP
            part := regexp_replace(part, format(listed, 'sapr_viewer_cases'), format('sapr_works_on(\1, %s)', held), 'g');
            part := regexp_replace(part, format(listed, 'sapr_readable_cases'), format('sapr_reads(\1, %s)', held), 'g');
            part := regexp_replace(part, format(listed, 'sapr_viewer_sarc_cases'), 'sapr_is_its_sarc(\1)', 'g');
            part := regexp_replace(part, format(listed, 'sapr_case_cards'), format('sapr_reads_card(\1, %s)', held), 'g');
            part := regexp_replace(part, format(listed, 'sapr_viewer_cards'), format('sapr_handles_card(\1, %s, %s)', held, posts), 'g');
            part := regexp_replace(part, format(listed, 'sapr_readable_cards'),
                format('(sapr_handles_card(\1, %s, %s) OR sapr_reads_card(\1, %s))', held, posts, held), 'g');
            said := said || part;
        END LOOP;
        IF said IS DISTINCT FROM each.parts THEN
            EXECUTE format('ALTER POLICY %I ON %s %s %s', each.polname, each.place,
                'USING (' || said[1] || ')', 'WITH CHECK (' || said[2] || ')');
        END IF;
    END LOOP;
END
$$$$;
