-- Which language somebody reads the desk in is theirs to change; nobody else asks for it.
GRANT UPDATE (language) ON accounts_user TO $web;
