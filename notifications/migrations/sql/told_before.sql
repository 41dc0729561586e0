-- What lay in the inboxes before it was kept, by the policies by which the owner's own functions read and keep these. Rows
-- of equal words at one slot are told apart by their number alone.
INSERT INTO notifications_told (id, location_id, unit_rung_id, rung, body, slot)
SELECT gen_random_uuid(), lay.location_id, NULL, lay.rung, lay.body, lay.slot
FROM (SELECT p.location_id, i.body, i.slot, CASE WHEN n.wording = i.body AND n.minimal <> i.body THEN n.rung ELSE 'minimal' END AS rung,
             row_number() OVER (PARTITION BY p.location_id, i.body, i.slot ORDER BY i.id) AS nth
      FROM notifications_inboxitem i JOIN accounts_post p ON p.id = i.post_id LEFT JOIN notifications_notice n ON n.id = i.id
      WHERE i.kind = 'commander_notice_restricted') lay
WHERE lay.nth > (SELECT count(*) FROM notifications_told t
                 WHERE t.location_id = lay.location_id AND t.body = lay.body AND t.slot = lay.slot);
