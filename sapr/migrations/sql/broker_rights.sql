SELECT pgmq.create('celery');
GRANT USAGE ON SCHEMA pgmq TO $web, $worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgmq TO $web, $worker;
GRANT SELECT ON ALL TABLES IN SCHEMA pgmq TO $web, $worker;
-- The web process only wakes the worker; the worker reads and removes.
GRANT INSERT ON pgmq.q_celery TO $web;
GRANT SELECT, INSERT, UPDATE, DELETE ON pgmq.q_celery, pgmq.a_celery TO $worker;
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA pgmq TO $web, $worker;
