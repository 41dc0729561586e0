GRANT UPDATE (sex) ON reports_identity TO $web;
GRANT UPDATE (offence) ON reports_narrative TO $web;
