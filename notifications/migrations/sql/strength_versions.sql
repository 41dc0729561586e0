-- Tables from before there were versions: each becomes a version of its own, recorded in the order of their first days.
INSERT INTO notifications_strengthtable (id, location_id, recorded_by_id, recorded_at, valid_from, valid_to, sha256, rows)
SELECT gen_random_uuid(), s.location_id, NULL,
       sapr_now() + row_number() OVER (ORDER BY s.valid_from, s.location_id) * interval '1 microsecond',
       s.valid_from, max(s.valid_to),
       encode(sha256(convert_to(string_agg(concat_ws(',', s.sex, s.grade_band, s.people, s.valid_to), ';' ORDER BY s.sex, s.grade_band), 'UTF8')), 'hex'),
       count(*)
FROM notifications_strength s GROUP BY s.location_id, s.valid_from;
UPDATE notifications_strength s SET table_id = t.id,
    sex = CASE s.sex WHEN 'women' THEN 'female' WHEN 'female' THEN 'female' WHEN 'men' THEN 'male' WHEN 'male' THEN 'male' ELSE 'any' END,
    grade_band = CASE WHEN s.grade_band IN ('E1-E4', 'E5-E9', 'W', 'O', 'none') THEN s.grade_band
                      WHEN s.grade_band = 'officers' THEN 'O' ELSE 'any' END
FROM notifications_strengthtable t WHERE t.location_id = s.location_id AND t.valid_from = s.valid_from;
-- The next statements change the table itself, which waits for no check that is put off.
SET CONSTRAINTS ALL IMMEDIATE;
