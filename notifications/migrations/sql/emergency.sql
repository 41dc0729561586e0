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

-- What the worker says is what it did: a placed notice, a closed duty, and of the system that it answered or that the
-- demo's clock moved. No other kind, and nothing of a case in which nothing of the sort happened.
ALTER POLICY worker_writes ON reports_event WITH CHECK (actor_id IS NULL AND CASE
    WHEN case_id = '00000000-0000-0000-0000-000000000000' THEN kind IN ('worker_pinged', 'clock_moved')
    WHEN kind IN ('commander_notice_placed', 'commander_details_placed', 'mcio_notice_placed',
                  'unit_commander_notice_placed') THEN EXISTS (
        SELECT 1 FROM notifications_notice n
        WHERE n.id::text = data ->> 'notice' AND n.case_id = reports_event.case_id AND n.state = 'placed')
    WHEN kind IN ('duty_discharged', 'duty_missed') THEN EXISTS (
        SELECT 1 FROM reports_duty d
        WHERE d.id::text = data ->> 'duty' AND d.case_id = reports_event.case_id AND 'duty_' || d.state = reports_event.kind)
    ELSE false END);
