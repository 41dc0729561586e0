"""A rehearsed calendar is the one that comes true, and rehearsing writes nothing and names nobody."""

import json
from datetime import datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from accounts.models import Certification, Role
from notifications.acknowledging.services import notice_telephone
from notifications.models import Notice
from notifications.placing import place
from reports import access
from reports.casework.events import STEPS
from reports.casework.services import step_record, va_assign
from reports.election.models import Case
from reports.evidence.services import kit_number_issue, kit_seal
from reports.obligations.models import Duty, DutyState
from reports.rehearsal import people, reading, telling
from reports.rehearsal.in_lines import lines
from reports.rehearsal.load import loads
from reports.rehearsal.running import Falling, run
from sapr import clock
from tests.command_line import manage
from tests.factories import AppointmentFactory, InstallationFactory, PostFactory
from tests.meeting.ways import called, held
from tests.stage import in_database
from tests.times import T0
from tests.world import CANARIES, MEMBER

DAY = timedelta(days=1)
UNTIL = datetime(2027, 4, 5, 15, tzinfo=T0.tzinfo)


def with_kit(world) -> None:
    """A Restricted report with a sealed kit."""
    restricted = world.signed("restricted")
    _, number = kit_number_issue(actor=world.sarc, case_id=restricted.case_id, at=T0)
    kit_seal(actor=world.sarc, case_id=restricted.case_id, number=number, at=T0)


def cases_of_every_kind(world) -> None:
    """Two Services, both elections, a conversion on a 31st, a kit, a contact nobody is assigned to.

    What the group reviews began at one instant: a meeting reviews every case of the installation, and a rehearsal runs
    each case by itself.
    """
    with_kit(world)
    end_of_month = datetime(2026, 3, 31, 14, tzinfo=T0.tzinfo)
    later = world.signed("restricted")
    clock.move(end_of_month, hold=True)
    world.signed("unrestricted", facts=MEMBER | {"service": "usmc"}, at=end_of_month)
    world.converted(later, at=end_of_month)
    world.contact(at=end_of_month)


def do(world, duty: Duty, at: datetime) -> None:
    """Fulfil one duty by the event that discharges it."""
    event, case_id = duty.discharged_by, duty.case_id
    if event == "va_assigned":
        va_assign(actor=world.sarc, case_id=case_id, va=world.va, at=at)
    elif event == "cmg_held":
        held(world, called(world, at=at), at=at)
    elif event == "notice_acknowledged":
        # The addressee was told by telephone, which ends it too and needs no worker.
        notice_telephone(actor=world.sarc, notice_id=duty.about, outcome="reached", at=at)
    elif event in STEPS:
        details = {name: words[0] for name, words in STEPS[event].details.items()}
        step_record(actor=world.sarc, case_id=case_id, kind=event, at=at, details=details)
    else:
        with access.viewing(world.sarc):
            place(notice=Notice.objects.select_related("case").get(duty=duty), actor=world.sarc, at=at)


def live(world, until: datetime) -> list[tuple[str, datetime]]:
    """Move the held clock from due instant to due instant and do each thing then: everything that fell due."""
    now = clock.now()
    with access.viewing(world.sarc):
        before = set(Duty.objects.exclude(state=DutyState.OPEN).values_list("pk", flat=True))
    while True:
        with access.viewing(world.sarc):
            waiting = list(Duty.objects.filter(state=DutyState.OPEN, due_at__lte=until))
        if not waiting:
            break
        first = min(waiting, key=lambda duty: (max(duty.due_at, now), duty.kind))
        clock.move(max(first.due_at, now), hold=True)
        do(world, first, max(first.due_at, now))
    with access.viewing(world.sarc):
        rows = Duty.objects.exclude(pk__in=before).exclude(state=DutyState.NOT_APPLICABLE)
        return sorted(rows.filter(due_at__lte=until).values_list("kind", "due_at"))


def test_what_was_rehearsed_is_what_falls_due_when_the_clock_moves_through_the_months(world):
    cases_of_every_kind(world)
    opened = reading.of_viewer(world.sarc)
    rehearsed = sorted((each.kind, each.due_at) for each in run(opened.duties, now=clock.now(), until=UNTIL))
    kinds = {kind for kind, _ in rehearsed}
    assert {
        "monthly_update",
        "cmg_review",
        "update_after_cmg",
        "ask_once_about_converting",
        "assign_va",
    } <= kinds
    assert "safety_assessment" in kinds
    assert rehearsed == live(world, UNTIL)


def certified(user, *spans) -> None:
    for starts_at, ends_at in spans:
        Certification.objects.create(user=user, starts_at=starts_at, ends_at=ends_at)


def test_a_lapse_that_nothing_follows_is_told_and_so_is_the_post_that_nobody_holds_then(world):
    end, camp = T0 + 100 * DAY, InstallationFactory(name="Camp Lapse")
    posts = {role: PostFactory(location=camp, role=role) for role in (Role.SARC, Role.VA, Role.MCIO)}
    on_post = {
        role: AppointmentFactory(post=post, certified=False, ends_at=end if role == Role.MCIO else None)
        for role, post in posts.items()
    }
    certified(on_post[Role.SARC].user, (T0 - DAY, end))
    certified(on_post[Role.VA].user, (T0 - DAY, end), (end, end + 2000 * DAY))
    found = people.lapses(T0, UNTIL)
    assert [(each.at, each.what, each.title) for each in found] == [
        (end, "appointment", posts[Role.MCIO].title),
        (end, "certification", posts[Role.SARC].title),
    ]
    assert people.vacated(T0, found) == [(end, posts[Role.MCIO].title), (end, posts[Role.SARC].title)]
    assert people.own(found, on_post[Role.VA].user) == []


def test_the_load_of_a_post_is_duties_of_a_week_and_person_beside_the_median(world):
    second = InstallationFactory(name="Camp Quiet")
    AppointmentFactory(post=PostFactory(location=second, role=Role.SARC))
    here, quiet = world.installation.pk, second.pk

    def due(role, place, count):
        row = Falling(here, "", place, "UTC", "dsaid_entry", role, "CK-02", T0, immediate=False, late=False)
        return [row] * count

    falling = due("sarc", here, 30) + due("sarc", quiet, 10) + due("unit_commander", quiet, 4)
    found = {(each.role, each.installation_id): each for each in loads(falling, people.holders(T0), 10.0)}
    assert (found["sarc", here].each_week, found["sarc", here].median) == (3.0, 2.0)
    assert (found["sarc", here].times, found["sarc", quiet].times) == (1.5, 0.5)
    assert (found["unit_commander", quiet].people, found["unit_commander", quiet].each_week) == (0, None)
    first, *_ = loads(falling, people.holders(T0), 10.0)
    assert first.people == 0


def rehearse(*words: str) -> dict:
    out = StringIO()
    call_command("rehearse", *words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_as_somebody_it_tells_their_own_cases_by_number_and_no_others(world):
    cases_of_every_kind(world)
    theirs = world.signed("restricted", actor=world.stranger, at=clock.now()).case
    found = rehearse("--months", "14", "--as", world.sarc.username)
    with access.viewing(world.sarc):
        own = set(Case.objects.values_list("number", flat=True))
    assert {each["case"] for each in found["cases"]} == own
    assert theirs.number not in json.dumps(found)
    assert rehearse("--months", "14", "--as", world.sarc.username) == found
    later = rehearse("--months", "1", "--from", "2026-08-01", "--as", world.sarc.username)
    assert {month["month"] for month in later["months"]} <= {"2026-08", "2026-07", "2026-09"}
    assert [e for e in found["cases"] if "2026-08-02" <= e["due_at"] < "2026-09-01"] == [
        e for e in later["cases"] if "2026-08-02" <= e["due_at"] < "2026-09-01"
    ]


def test_a_kit_whose_time_ends_is_counted_in_its_month(world):
    with_kit(world)
    span = telling.Span(T0, T0, T0.replace(year=2036, month=3, day=30))
    found = telling.document(reading.of_viewer(world.sarc), span, None)
    assert [(each["installation"], each["kits"]) for each in found["kits"]] == [(world.installation.name, 1)]


def test_a_refused_rehearsal_says_why(world):
    for words, said in (
        (("--months", "0"), "1 to 120"),
        (("--months", "3", "--from", "2020-01-01"), "What has passed"),
        (("--months", "3", "--as", "nobody"), "no account"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("rehearse", *words)


def everything_in(stage) -> list[tuple]:
    """A digest of every table of cases and notices, read by the server's administrator."""
    with psycopg.connect(in_database(stage.env["ADMIN_DATABASE_URL"], stage.names["default"])) as admin:
        tables = admin.execute(
            "SELECT tablename FROM pg_tables WHERE tablename ~ '^(accounts|reports|notifications)_' ORDER BY 1"
        ).fetchall()
        text = sql.SQL("SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t")
        return [(name, admin.execute(text.format(sql.Identifier(name))).fetchone()) for (name,) in tables]


@pytest.mark.slow
def test_the_owners_rehearsal_counts_by_post_names_nobody_and_writes_nothing(stage):
    world = stage.world
    cases_of_every_kind(world)
    clock.move(clock.now() + DAY, hold=True)
    before = everything_in(stage)
    done = manage("rehearse", "--months", "24", "--json", env=stage.env)
    assert done.returncode == 0, done.stderr
    assert everything_in(stage) == before
    found = json.loads(done.stdout)
    assert sum(month["due"] for month in found["months"]) > 100
    assert {each["kind"] for each in found["waiting_now"]} == {"assign_va"}
    with access.viewing(world.sarc):
        numbers = list(Case.objects.values_list("number", flat=True))
        ids = [str(pk) for pk in Case.objects.values_list("pk", flat=True)]
    secrets = [*numbers, *ids, *CANARIES.values(), world.sarc.display_name]
    assert [each for each in secrets if each in done.stdout] == []
    plain = "\n".join(lines(found))
    assert [each for each in secrets if each in plain] == []
    assert "Missed if nobody does anything" in plain
