-- What cases name of the directory is checked without a foreign key (sapr.sql.directory_checked), so that no lock on its
-- rows shows it: what may be named once stays there.
DO $$$$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['accounts_location', 'accounts_post', 'accounts_user'] LOOP
        EXECUTE format('CREATE TRIGGER stays BEFORE DELETE OR UPDATE OF id ON %I FOR EACH ROW
            EXECUTE FUNCTION sapr_refuse(''what cases name of the directory stays there'')', t);
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I
            EXECUTE FUNCTION sapr_refuse(''what cases name of the directory stays there'')', t);
    END LOOP;
END
$$$$;
