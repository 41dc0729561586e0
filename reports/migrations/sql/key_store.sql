-- Wrapped keys are read and added by the web process's own account; nobody else signs in here.
GRANT USAGE ON SCHEMA public TO $keys;
GRANT SELECT, INSERT ON reports_wrappedkey TO $keys;
GRANT SELECT ON django_migrations TO $keys;
