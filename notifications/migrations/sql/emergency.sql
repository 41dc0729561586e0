-- Who sees a case in an emergency sees its notices and reminders, and writes none of them.
CREATE POLICY emergency ON notifications_notice FOR SELECT TO $web
    USING (case_id = ANY ((SELECT sapr_readable_cases())::uuid[]));
ALTER POLICY placed ON notifications_inboxitem WITH CHECK (EXISTS (
    SELECT 1 FROM notifications_notice n
    WHERE n.id = notifications_inboxitem.id AND n.case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])));
ALTER POLICY answered ON notifications_reminder USING (EXISTS (
    SELECT 1 FROM notifications_notice n
    WHERE n.id = notice_id AND n.case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])));
ALTER POLICY made ON notifications_reminder WITH CHECK (EXISTS (
    SELECT 1 FROM notifications_notice n
    WHERE n.id = notice_id AND n.case_id = ANY ((SELECT sapr_viewer_cases())::uuid[])));
-- An addressee opens what lies in the inbox, and nothing else of its case.
ALTER POLICY addressee_opened ON reports_event WITH CHECK (
    actor_id = sapr_viewer() AND kind = 'sealed_opened' AND data ->> 'purpose' = 'inbox'
    AND EXISTS (SELECT 1 FROM notifications_inboxitem i WHERE i.case_id = reports_event.case_id));
