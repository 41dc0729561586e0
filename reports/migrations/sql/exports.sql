-- Long work, figures of quarters, exports. No identity, no key and no text is in these tables.

-- One row of a job is its owner's, and the worker's if it is of the kind that reads counts alone.
ALTER TABLE reports_job ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_job FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_job TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own ON reports_job FOR SELECT TO $web USING (owner_id = (SELECT sapr_viewer()));
CREATE POLICY asked ON reports_job FOR INSERT TO $web WITH CHECK (
    owner_id = (SELECT sapr_viewer())
    AND CASE kind WHEN 'export' THEN 'sarc' ELSE 'programme_manager' END = ANY ((SELECT sapr_viewer_roles())::text[]));
-- Whoever asked cancels; the steps of an export are their own, those of figures are not.
CREATE POLICY driven ON reports_job FOR UPDATE TO $web USING (owner_id = (SELECT sapr_viewer()))
    WITH CHECK (kind = 'export' OR state = 'cancelled');
CREATE POLICY worker ON reports_job FOR SELECT TO $worker USING (kind = 'quarter_figures');
CREATE POLICY worker_takes_up ON reports_job FOR UPDATE TO $worker
    USING (kind = 'quarter_figures') WITH CHECK (kind = 'quarter_figures' AND state IN ('queued', 'leased', 'running', 'failed'));

CREATE FUNCTION sapr_job() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'queued' OR NEW.done <> 0 OR NEW.lease IS NOT NULL OR NEW.attempts <> 0 THEN
            RAISE EXCEPTION 'a job begins in the queue' USING ERRCODE = 'SA002';
        END IF;
        NEW.asked_at := sapr_now();
        NEW.look_at := NEW.asked_at;
        RETURN NEW;
    END IF;
    IF OLD.state NOT IN ('queued', 'leased', 'running') THEN
        RAISE EXCEPTION 'a job that is over stays so' USING ERRCODE = 'SA002';
    END IF;
    IF (NEW.id, NEW.kind, NEW.owner_id, NEW.quarter, NEW.export_id, NEW.asked_at)
       IS DISTINCT FROM (OLD.id, OLD.kind, OLD.owner_id, OLD.quarter, OLD.export_id, OLD.asked_at)
       OR NEW.done < OLD.done THEN
        RAISE EXCEPTION 'a job is done as it was asked for, and never backwards' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.look_at > sapr_now() + interval '60 seconds' THEN
        RAISE EXCEPTION 'a lease lasts a minute at most' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state IN ('finished', 'failed', 'cancelled') THEN
        NEW.ended_at := sapr_now();
        NEW.lease := NULL;
    END IF;
    RETURN NEW;
END
$$$$;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON reports_job FOR EACH ROW EXECUTE FUNCTION sapr_job();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_job
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a job is cancelled, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_job
    EXECUTE FUNCTION sapr_refuse('a job is cancelled, not deleted');
GRANT SELECT, INSERT ON reports_job TO $web;
GRANT UPDATE (state, done, total, failure) ON reports_job TO $web;
GRANT SELECT ON reports_job TO $worker;
GRANT UPDATE (state, lease, look_at, attempts, failure) ON reports_job TO $worker;

-- Figures of a quarter. Nobody reads one before it is published, and then a programme manager alone, as a class.
ALTER TABLE reports_quarterfigure ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_quarterfigure FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_quarterfigure TO $owner USING (true) WITH CHECK (true);
CREATE POLICY published ON reports_quarterfigure FOR SELECT TO $web
    USING (published_at IS NOT NULL AND 'programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
ALTER TABLE reports_quarterfigure ADD CONSTRAINT reports_quarterfigure_in_classes CHECK (
    width >= 5 AND (published_at IS NULL OR in_time % width = 0 AND late % width = 0
                    AND published_at >= quarter + interval '3 months 29 days'));
-- Quarters of the calendar and no other: two that overlap would tell by their difference what the classes hide.
ALTER TABLE reports_job ADD CONSTRAINT reports_job_of_a_quarter CHECK (
    extract(day FROM quarter) = 1 AND extract(month FROM quarter) IN (1, 4, 7, 10));
ALTER TABLE reports_quarterfigure ADD CONSTRAINT reports_quarterfigure_of_a_quarter CHECK (
    extract(day FROM quarter) = 1 AND extract(month FROM quarter) IN (1, 4, 7, 10));
CREATE FUNCTION sapr_quarter_figure() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was published of a quarter stands' USING ERRCODE = 'SA002';
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$$$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON reports_quarterfigure
    FOR EACH ROW EXECUTE FUNCTION sapr_quarter_figure();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_quarterfigure
    EXECUTE FUNCTION sapr_refuse('what was published of a quarter stands');
GRANT SELECT ON reports_quarterfigure TO $web;

-- One step of counting: one week of the quarter, by each installation's own calendar; after the last the numbers become
-- classes and are published. Definer, the worker's alone: it counts duties of whatever case and tells the worker
-- nothing. All in one transaction, so a step is counted once or not at all. What a job left half done is begun anew.
CREATE FUNCTION sapr_quarter_step(wanted uuid, held uuid, class integer, seconds integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$$$
DECLARE
    job reports_job;
    first date;
    last date;
BEGIN
    SELECT * INTO job FROM reports_job j
    WHERE j.id = wanted AND j.kind = 'quarter_figures' AND j.state IN ('leased', 'running') AND j.lease = held FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF job.done = 0 THEN
        DELETE FROM reports_quarterfigure f WHERE f.quarter = job.quarter;
    END IF;
    first := job.quarter + 7 * job.done;
    last := least(first + 7, (job.quarter + interval '3 months')::date);
    INSERT INTO reports_quarterfigure AS f (id, quarter, installation_id, in_time, late, width)
    SELECT gen_random_uuid(), job.quarter, c.installation_id, count(*) FILTER (WHERE d.state = 'discharged'),
           count(*) FILTER (WHERE d.state = 'missed'), class
    FROM reports_duty d JOIN reports_case c ON c.id = d.case_id JOIN accounts_location l ON l.id = c.installation_id
    -- A day begins and ends somewhere at most 14 hours before and 12 after it does in UTC.
    WHERE d.state IN ('discharged', 'missed')
      AND d.closed_at >= first::timestamp AT TIME ZONE 'UTC' - interval '14 hours'
      AND d.closed_at < last::timestamp AT TIME ZONE 'UTC' + interval '12 hours'
      AND (d.closed_at AT TIME ZONE l.zone)::date >= first AND (d.closed_at AT TIME ZONE l.zone)::date < last
    GROUP BY c.installation_id
    ON CONFLICT (quarter, installation_id)
    DO UPDATE SET in_time = f.in_time + EXCLUDED.in_time, late = f.late + EXCLUDED.late;
    IF last = (job.quarter + interval '3 months')::date THEN
        -- Every installation has a row, so that none tells by having none.
        INSERT INTO reports_quarterfigure (id, quarter, installation_id, in_time, late, width)
        SELECT gen_random_uuid(), job.quarter, l.id, 0, 0, class FROM accounts_location l WHERE l.kind = 'installation'
        ON CONFLICT (quarter, installation_id) DO NOTHING;
        UPDATE reports_quarterfigure f
        SET in_time = f.in_time - f.in_time % f.width, late = f.late - f.late % f.width, published_at = sapr_now()
        WHERE f.quarter = job.quarter;
        UPDATE reports_job SET state = 'finished', done = job.done + 1, total = job.done + 1, attempts = 0 WHERE id = wanted;
    ELSE
        UPDATE reports_job SET state = 'running', done = job.done + 1, attempts = 0,
            look_at = sapr_now() + make_interval(secs => seconds) WHERE id = wanted;
    END IF;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_quarter_step(uuid, uuid, integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_quarter_step(uuid, uuid, integer, integer) TO $worker;

-- Exports. Who asked, and programme managers, who decide, see the request; the parts are for who asked alone.
ALTER TABLE reports_export ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_export FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_export TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own ON reports_export TO $web USING (asked_by_id = (SELECT sapr_viewer()));
CREATE POLICY deciders ON reports_export FOR SELECT TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
CREATE POLICY decided ON reports_export FOR UPDATE TO $web
    USING ('programme_manager' = ANY ((SELECT sapr_viewer_roles())::text[]));
CREATE POLICY worker ON reports_export FOR SELECT TO $worker USING (true);
CREATE POLICY worker_ends ON reports_export FOR UPDATE TO $worker
    USING (true) WITH CHECK (state = 'expired' AND look_at <= sapr_now());

CREATE FUNCTION sapr_export() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
DECLARE
    who uuid := sapr_viewer();
    system boolean := current_user = (SELECT relowner::regrole::text FROM pg_class WHERE oid = TG_RELID);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'asked' OR NEW.asked_by_id IS DISTINCT FROM who OR NOT 'sarc' = ANY (sapr_viewer_roles())
           OR NEW.decided_by_id IS NOT NULL OR NEW.decided_at IS NOT NULL OR NEW.made_at IS NOT NULL OR NEW.digest <> '' THEN
            RAISE EXCEPTION 'an export is asked for by a SARC in their own name' USING ERRCODE = 'SA002';
        END IF;
        NEW.asked_at := sapr_now();
        IF NEW.look_at <= NEW.asked_at OR NEW.look_at > NEW.asked_at + interval '30 days' THEN
            RAISE EXCEPTION 'a request waits for thirty days at most' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.purpose, NEW.fields, NEW.opened_from, NEW.opened_to, NEW.recipient, NEW.asked_by_id, NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.purpose, OLD.fields, OLD.opened_from, OLD.opened_to, OLD.recipient, OLD.asked_by_id, OLD.asked_at)
       OR (NEW.decided_by_id, NEW.decided_at) IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at) AND OLD.state <> 'asked'
       OR NEW.look_at <> OLD.look_at AND NEW.state <> 'approved'
       OR NEW.digest <> OLD.digest AND NEW.state <> 'made' THEN
        RAISE EXCEPTION 'an export stands as it was asked for' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.state = 'expired' AND OLD.state IN ('asked', 'approved', 'made') AND OLD.look_at <= sapr_now() THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'withdrawn' AND OLD.state IN ('asked', 'approved', 'made') AND OLD.asked_by_id = who THEN
        RETURN NEW;
    END IF;
    IF OLD.look_at <= sapr_now() THEN
        RAISE EXCEPTION 'the time of this export is over' USING ERRCODE = 'SA002';
    END IF;
    IF OLD.state = 'asked' AND NEW.state IN ('approved', 'refused') THEN
        IF NEW.decided_by_id IS DISTINCT FROM who THEN
            RAISE EXCEPTION 'an export is decided in one''s own name' USING ERRCODE = 'SA002';
        END IF;
        IF NOT 'programme_manager' = ANY (sapr_viewer_roles())
           OR NOT sapr_second_person(OLD.asked_by_id, OLD.asked_at, who) THEN
            RAISE EXCEPTION 'an export is decided by an independent second person' USING ERRCODE = 'SA002';
        END IF;
        NEW.decided_at := sapr_now();
        IF NEW.state = 'approved' AND (NEW.look_at <= NEW.decided_at OR NEW.look_at > NEW.decided_at + interval '7 days') THEN
            RAISE EXCEPTION 'a file waits for seven days at most' USING ERRCODE = 'SA002';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.asked_by_id = who AND 'sarc' = ANY (sapr_viewer_roles())
       AND (OLD.state, NEW.state) = ('approved', 'made')
       AND EXISTS (SELECT FROM reports_exportpart p WHERE p.export_id = OLD.id) THEN
        NEW.made_at := sapr_now();
        RETURN NEW;
    END IF;
    IF system AND (OLD.state, NEW.state) = ('made', 'downloaded') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an export does not move from % to % so', OLD.state, NEW.state USING ERRCODE = 'SA002';
END
$$$$;
CREATE TRIGGER two_persons BEFORE INSERT OR UPDATE ON reports_export FOR EACH ROW EXECUTE FUNCTION sapr_export();
CREATE TRIGGER no_delete BEFORE DELETE ON reports_export
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('an export is decided, not deleted');
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON reports_export
    EXECUTE FUNCTION sapr_refuse('an export is decided, not deleted');
GRANT SELECT, INSERT ON reports_export TO $web;
GRANT UPDATE (state, decided_by_id, decided_at, look_at, made_at, digest) ON reports_export TO $web;
GRANT SELECT ON reports_export TO $worker;
GRANT UPDATE (state) ON reports_export TO $worker;

-- Parts: nothing but what begins like an age file, one after the other, while the approval holds. No application role
-- reads a body or deletes a part: they go with the state.
ALTER TABLE reports_exportpart ENABLE ROW LEVEL SECURITY;
ALTER TABLE reports_exportpart FORCE ROW LEVEL SECURITY;
CREATE POLICY whole ON reports_exportpart TO $owner USING (true) WITH CHECK (true);
CREATE POLICY own ON reports_exportpart TO $web USING (EXISTS (
    SELECT FROM reports_export x WHERE x.id = export_id AND x.asked_by_id = (SELECT sapr_viewer())));
CREATE FUNCTION sapr_export_part() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$$$
BEGIN
    IF NOT EXISTS (SELECT FROM reports_export x WHERE x.id = NEW.export_id AND x.asked_by_id = sapr_viewer()
                   AND x.state = 'approved' AND x.look_at > sapr_now())
       OR NOT 'sarc' = ANY (sapr_viewer_roles()) THEN
        RAISE EXCEPTION 'a part is made by who asked, while the approval holds' USING ERRCODE = 'SA002';
    END IF;
    IF substring(NEW.body FOR 22) <> convert_to(E'age-encryption.org/v1\n', 'UTF8')
       OR NEW.sha256 <> encode(sha256(NEW.body), 'hex') THEN
        RAISE EXCEPTION 'a part is encrypted, and bears its digest' USING ERRCODE = 'SA002';
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM reports_exportpart p WHERE p.export_id = NEW.export_id) THEN
        RAISE EXCEPTION 'parts are made one after the other' USING ERRCODE = 'SA002';
    END IF;
    NEW.made_at := sapr_now();
    RETURN NEW;
END
$$$$;
CREATE TRIGGER encrypted BEFORE INSERT ON reports_exportpart FOR EACH ROW EXECUTE FUNCTION sapr_export_part();
CREATE TRIGGER append_only BEFORE UPDATE ON reports_exportpart
    FOR EACH ROW EXECUTE FUNCTION sapr_refuse('a part of an export stands as it was made');
CREATE FUNCTION sapr_export_clears() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    DELETE FROM reports_exportpart p WHERE p.export_id = NEW.id;
    RETURN NULL;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_export_clears() FROM PUBLIC;
CREATE TRIGGER clears AFTER UPDATE ON reports_export FOR EACH ROW
    WHEN (NEW.state IN ('downloaded', 'expired', 'withdrawn')) EXECUTE FUNCTION sapr_export_clears();
GRANT SELECT (id, export_id, number, upto, lines, sha256, made_at) ON reports_exportpart TO $web;
GRANT INSERT ON reports_exportpart TO $web;

-- Fetching: the bodies and the mark that they are fetched come together, so there is no second time.
CREATE FUNCTION sapr_export_take(wanted uuid) RETURNS SETOF bytea LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$$$
BEGIN
    PERFORM FROM reports_export x
    WHERE x.id = wanted AND x.asked_by_id = sapr_viewer() AND x.state = 'made' AND x.look_at > sapr_now()
      AND 'sarc' = ANY (sapr_viewer_roles()) FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no file to fetch' USING ERRCODE = 'SA002';
    END IF;
    RETURN QUERY SELECT p.body FROM reports_exportpart p WHERE p.export_id = wanted ORDER BY p.number;
    UPDATE reports_export SET state = 'downloaded', downloaded_at = sapr_now() WHERE id = wanted;
END
$$$$;
REVOKE EXECUTE ON FUNCTION sapr_export_take(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sapr_export_take(uuid) TO $web;

-- What the record says of an export is said by who did it, once it is so. A closed case is exported like an open one.
CREATE POLICY export_is_said_as_it_is ON reports_event AS RESTRICTIVE FOR INSERT TO $web WITH CHECK (
    kind NOT IN ('export_asked', 'export_approved', 'export_refused', 'export_withdrawn', 'export_made', 'export_downloaded')
    OR EXISTS (SELECT FROM reports_export x
               WHERE x.id::text = reports_event.data ->> 'export' AND 'export_' || x.state = reports_event.kind
                 AND (SELECT sapr_viewer()) = CASE WHEN x.state IN ('approved', 'refused') THEN x.decided_by_id
                                                   ELSE x.asked_by_id END));
INSERT INTO reports_afterclosing (kind) VALUES ('case_exported');
