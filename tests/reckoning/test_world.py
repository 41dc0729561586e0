"""A small world in a database of its own: made by the services, whole in the ledger, and over for every sweep."""

from collections import Counter
from datetime import timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from notifications.models import Notice, NoticeKind
from notifications.services import notice_release
from notifications.sweeping import sweep
from reports import access, policy
from reports.casework.closing import REOPEN_REASONS
from reports.casework.events import STEPS
from reports.casework.services import step_record, va_assign
from reports.election import contacts, services
from reports.election.models import CaseState
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from reports.statistics.services import annual_counts
from sapr import clock
from sapr.errors import DomainError
from sapr.models import Kind
from sapr.world import history
from sapr.world.figures import Figures
from sapr.world.life import Life
from sapr.world.lives import EXPLAINED
from sapr.world.seeding import Wanted, World, seed
from tests.command_line import manage
from tests.stage import in_database, throwaway_copy
from tests.times import T0
from tests.world import MEMBER

pytestmark = pytest.mark.slow
# Of these eight some convert, one of them with a kit.
WANTED = Wanted(8, 1, 31)
HOPS = "SELECT DISTINCT giver, receiver FROM reports_custody WHERE state = 'accepted'"
GIVEN_AND_TAKEN = (
    "SELECT offered_by_id, answered_by_id FROM reports_custody"
    " WHERE answered_by_id IS NOT NULL AND receiver IN ('custodian', 'mcio')"
)
NOTICE_TABLES = ("notice", "inboxitem", "reminder")


# What few have in a large world, every one has in this small one; and most transfers are denied.
OFTEN = (
    "transfer",
    "protective_order",
    "retaliation",
    "several_offenders",
    "minutes_kept",
    "kit_to_laboratory",
)


# So that some of a few do it and some do not.
SOME = {
    "inquiry": 0.4,
    "inquiry_catch": 0.5,
    "limited": 0.3,
    "limited_signed": 0.5,
    "limited_closed": 0.7,
    "reopened": 0.75,
    "closed_again": 0.5,
    "moves": 0.9,
    "move_consent": 0.82,
    "move_answers": {"accepted": 0.3, "rejected": 0.27, "withdrawn": 0.43},
}


def often() -> Figures:
    figures = Figures()
    figures.assumed |= dict.fromkeys(OFTEN, 1) | SOME
    figures.shares |= {"transfer_approved": 0.3}
    return figures


@pytest.fixture(scope="module")
def made(django_db_blocker):
    """The copy of the database in which a small world was made; Django is bound to it."""
    with django_db_blocker.unblock(), throwaway_copy() as copy, pytest.MonkeyPatch.context() as patch:
        clock.move(T0, hold=True)
        patch.setattr("sapr.world.seeding.Figures", often)
        copy.world = seed(WANTED, progress=lambda *_: None)
        yield copy


def asked(made, text: str | sql.Composed, *values) -> list[tuple]:
    """What the server's administrator reads, past row-level security."""
    with psycopg.connect(in_database(made.env["ADMIN_DATABASE_URL"], made.names["default"])) as admin:
        return admin.execute(text, values).fetchall()


def in_notices(made) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    return {
        name: asked(made, count.format(sql.Identifier(f"notifications_{name}")))[0][0]
        for name in NOTICE_TABLES
    }


def test_it_holds_what_was_planned(made):
    reports = [life for life in made.world.lives if life.end == "report"]
    found = asked(made, "SELECT case_id, election, converted_at IS NOT NULL FROM reports_report")
    past = [life for life in reports if life.unrestricted_at and life.unrestricted_at <= T0]
    assert len(found) == made.world.signed == WANTED.reports
    assert {case for case, election, _ in found if election == "unrestricted"} == {
        life.case.pk for life in past
    }
    assert sum(converted for *_, converted in found) == sum(life.converts for life in past)
    gone = asked(made, "SELECT count(*) FROM reports_case WHERE walked_away_at IS NOT NULL")
    assert gone == [(sum(life.end == "leaves" for life in made.world.lives),)]
    assert clock.now() == T0
    assert sum((life.undone for life in made.world.lives), Counter()) == Counter()


def test_ck_05_every_installation_met_each_month_and_no_review_waits_for_a_meeting_that_was_held(made):
    met = asked(
        made,
        "SELECT l.zone, array_agg(m.month ORDER BY m.month), count(m.held_at), max(m.held_at)"
        " FROM reports_meeting m JOIN accounts_location l ON l.id = m.installation_id GROUP BY l.id",
    )
    assert len(met) == len(made.world.ground.places)
    for zone, months, held, last in met:
        first, *_, latest = months
        assert len(months) == held == 12 * (latest.year - first.year) + latest.month - first.month + 1
        assert made.world.until - last < timedelta(days=32)
        assert last.astimezone(ZoneInfo(zone)).date().replace(day=1) == latest
    found = asked(made, "SELECT state, case_id, due_at FROM reports_duty WHERE kind = 'cmg_review'")
    # Who moves, or is opened again, between the meetings of a month may be late, and nobody else.
    between = "SELECT case_id FROM reports_event WHERE kind IN ('documents_moved', 'case_reopened')"
    late = {case for (case,) in asked(made, between)}
    assert {state for state, case, _ in found if case not in late} == {"discharged", "ended", "open"}
    assert not [due for state, case, due in found if state == "open" and due < made.world.until]


def test_fd_15_cl_3_what_is_over_was_disposed_of_by_its_subjects_and_closed(made):
    events = "SELECT case_id, count(*) FROM reports_event WHERE kind = %s GROUP BY 1"
    past = [life for life in made.world.lives if life.end == "report" and life.unrestricted_at]
    over = {life.case.pk for life in past if life.final_at <= made.world.until}
    assert over
    assert {case for case, _ in asked(made, events, "final_disposition_decided")} == over
    subjects = asked(made, "SELECT case_id, state FROM reports_matter WHERE kind = 'subject'")
    assert {case for case, state in subjects if state == "disposed"} == over
    closed = Counter(dict(asked(made, events, "case_closed")))
    closed.subtract(dict(asked(made, events, "case_reopened")))
    assert set(asked(made, "SELECT id FROM reports_case WHERE state = 'CLOSED'")) == {
        (case,) for case in +closed
    }


def test_st_01_to_st_08_a_case_stands_in_every_state(made):
    found = Counter(dict(asked(made, "SELECT state, count(*) FROM reports_case GROUP BY 1")))
    assert found.keys() == set(CaseState.values)
    ends = Counter(life.end for life in made.world.lives)
    assert found["SRI"] + found["SRI_CATCH"] == ends["inquiry"]
    entries = "SELECT case_id FROM reports_catchentry WHERE left_at IS NULL"
    joined = "SELECT id FROM reports_case WHERE state = 'SRI_CATCH'"
    assert asked(made, entries) == asked(made, joined)


def test_tr_10_tr_14_what_the_mcio_told_of_is_a_case_and_some_victims_sign_it_later(made):
    informed = [life for life in made.world.lives if life.informed_at is not None]
    found = asked(
        made,
        "SELECT c.id, r.election FROM reports_case c LEFT JOIN reports_report r ON r.case_id = c.id"
        " WHERE informed_by = 'mcio'",
    )
    assert dict(found) == {
        life.case.pk: "unrestricted" if life.end == "report" else None for life in informed
    }
    assert {"report", "limited"} == {life.end for life in informed}
    reviewed = {case for (case,) in asked(made, "SELECT case_id FROM reports_agendaline WHERE limited")}
    assert reviewed <= {life.case.pk for life in informed}
    assert reviewed
    # Nothing was recorded that `step_record` would have refused of a case without a report.
    only = {life.case.pk for life in informed if life.end == "limited"}
    steps = asked(made, "SELECT DISTINCT kind FROM reports_event WHERE case_id = ANY (%s)", list(only))
    assert all("limited" in STEPS[kind].elections for (kind,) in steps if kind in STEPS)


def test_tr_26_a_case_is_opened_again_for_a_reason(made):
    reasons = asked(made, "SELECT data ->> 'reason' FROM reports_event WHERE kind = 'case_reopened'")
    assert reasons
    assert {reason for (reason,) in reasons} <= set(REOPEN_REASONS)


def test_mv_01_mv_02_mv_03_who_agrees_is_offered_and_the_gaining_sarc_goes_on(made):
    moves = asked(made, "SELECT case_id, state, to_installation_id, offered_to_id FROM reports_move")
    assert {state for _, state, *_ in moves} >= {"accepted", "rejected", "withdrawn"}
    moved = {case: (to, sarc) for case, state, to, sarc in moves if state == "accepted"}
    now = asked(
        made,
        "SELECT c.id, c.installation_id, a.user_id FROM reports_case c JOIN reports_assignment a ON a.case_id = c.id"
        " WHERE c.id = ANY (%s) AND a.role = 'sarc' AND a.ended_at IS NULL",
        list(moved),
    )
    assert {case: (place, sarc) for case, place, sarc in now} == moved
    by_them = "SELECT DISTINCT actor_id FROM reports_event WHERE case_id = %s AND seq > (%s)"
    since = "SELECT seq FROM reports_event WHERE case_id = %s AND kind = 'documents_moved'"
    for case, (_, sarc) in moved.items():
        ((seq,),) = asked(made, since, case)
        assert (sarc,) in asked(made, by_them, case, seq)


def test_cd_10_the_kit_of_a_converted_report_went_to_the_mcio(made):
    converted = [
        life for life in made.world.lives if life.converts and life.unrestricted_at < made.world.until
    ]
    kits = {life.case.pk for life in converted if life.has_kit}
    assert kits
    found = asked(made, "SELECT case_id, state FROM reports_duty WHERE kind = 'kit_to_mcio_custody'")
    assert sorted(found) == sorted((case, "discharged") for case in kits)


def test_et_cmg_po_re_what_the_published_shares_tell_of_happened_by_the_services(made):
    kinds = dict(asked(made, "SELECT kind, count(*) FROM reports_event GROUP BY 1"))
    for each in (
        "transfer_approved", "transfer_denied", "transfer_orders_issued", "transfer_carried_out",
        "protective_order_issued", "civil_authorities_told", "protective_order_ended",
        "retaliation_reported", "retaliation_referred", "retaliation_ended",
    ):  # fmt: skip
        assert kinds.get(each), each
    reviewed = asked(made, "SELECT count(*) FROM reports_agendaline WHERE outcome = 'reviewed'")
    assert asked(made, "SELECT count(*) FROM reports_minutes") == reviewed
    several = "SELECT count(*) FROM reports_matter WHERE kind = 'subject' GROUP BY case_id"
    assert {count for (count,) in asked(made, several)} <= {2, 3}
    late = "SELECT count(*) FROM reports_matter WHERE kind IN ('expedited_transfer', 'retaliation') AND opened_at < %s"
    assert asked(made, late, made.world.begin) == [(0,)]


def test_kh_09_kits_lie_where_their_hand_offs_took_them(made):
    hops = set(asked(made, HOPS))
    assert ("custodian", "mcio") in hops
    assert {to for _, to in hops} == {"custodian", "mcio", "lab_defense"}
    assert all(given != taken for given, taken in asked(made, GIVEN_AND_TAKEN))


def test_every_event_was_recorded_at_its_own_instant_and_the_ledger_holds(made):
    late = "SELECT count(*) FROM reports_event WHERE recorded_at - occurred_at > interval '7 hours'"
    assert asked(made, late) == [(0,)]
    verified = manage("ledger", "verify", "--all", env=made.env)
    assert verified.returncode == 0, verified.stderr


def test_past_notices_are_history_and_no_sweep_finds_anything(made):
    assert in_notices(made) == dict.fromkeys(NOTICE_TABLES, 0)
    placed = asked(made, "SELECT kind, count(*) FROM reports_event WHERE data ? 'history' GROUP BY kind")
    assert {"notice_composed", "commander_notice_placed", "mcio_notice_placed"} <= dict(placed).keys()
    waiting = asked(
        made,
        "SELECT count(*) FROM reports_duty WHERE state = 'open' AND kind = ANY (%s)",
        list(NoticeKind.values),
    )
    assert waiting == [(0,)]
    with made.as_worker():
        done = sweep()
        assert [done[name] for name in ("placed", "reminded", "ended", "told", "mailed")] == [0] * 5
    assert in_notices(made) == dict.fromkeys(NOTICE_TABLES, 0)


def test_the_counts_of_the_year_are_those_of_the_world(made):
    found = [annual_counts(actor=made.world.ground.managers[0], fy=fy, at=T0) for fy in (2025, 2026)]
    first = Counter(life.election for life in made.world.lives if life.end == "report")
    assert sum(each.restricted_initial for each in found) == first["restricted"]
    assert sum(each.unrestricted_initial for each in found) == first["unrestricted"]


def test_it_is_made_once_and_only_where_invention_is_allowed(made, monkeypatch):
    with pytest.raises(DomainError, match="Prepare an empty one"):
        seed(WANTED, progress=lambda *_: None)
    with pytest.raises(CommandError, match="Prepare an empty one"):
        call_command("seed_world", "--reports", "1", "--years", "1")
    monkeypatch.setattr("sapr.clock.kind", lambda: Kind.REAL)
    with pytest.raises(DomainError, match="never come into a real database"):
        seed(WANTED, progress=lambda *_: None)
    with pytest.raises(DomainError, match="In a real database"), history.kept():
        pass


def made_by_services(life: Life, at) -> None:
    """The same life as people lead it: every step by its service, the notice released and placed by the sweep."""
    sarc = life.sarc
    life.case = contacts.contact_open(
        actor=sarc, at=at, installation=life.place.location, source="healthcare",
        identity={"name": life.victim, "unit_commander_post": str(life.place.unit_posts[0].pk)},
        narrative={"text": "Invented."},
    )  # fmt: skip
    case = {"actor": sarc, "case_id": life.case.pk, "at": at}
    va_assign(va=life.va, **case)
    for kind, details in EXPLAINED:
        step_record(kind=kind, details=details, **case)
    services.options_decide(facts=MEMBER, **case)
    paper = policy.form_edition("DD 2910", at.date())
    services.report_sign(
        actor=sarc, case_id=life.case.pk, election="restricted",
        initials=dict.fromkeys(paper.required_for("restricted"), "XX"),
        victim_signature=life.victim, victim_signed_at=at,
        advocate_signature="X", advocate_signed_at=at, edition=paper.edition,
    )  # fmt: skip
    step_record(kind="dsaid_entered", **case)
    with access.viewing(sarc):
        notice = Notice.objects.get(case=life.case)
    seen = sha256(notice.wording.encode()).hexdigest()
    notice_release(actor=sarc, notice_id=notice.pk, minimal=False, bytes_seen=seen, at=at)
    clock.move(notice.last_slot, hold=True)


def rows_of(made, life: Life) -> dict[str, int]:
    """Rows of the case by table, the notices' own aside: those of the past have none."""
    tables = asked(
        made,
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'case_id'"
        " AND table_name LIKE 'reports\\_%%' ORDER BY 1",
    )
    count = sql.SQL("SELECT count(*) FROM {} WHERE case_id = %s")
    found = {
        name: asked(made, count.format(sql.Identifier(name)), life.case.pk)[0][0]
        for (name,) in tables
        if name not in ("reports_event", "reports_checkpointleaf")
    }
    return {name: rows for name, rows in found.items() if rows}


def kinds_of(life: Life) -> set[str]:
    with access.viewing(life.sarc):
        return set(Event.objects.filter(case_id=life.case.pk).values_list("kind", flat=True))


def simple(world: World, number: int, at) -> Life:
    """A Restricted report without kit or conversion, opened by its SARC."""
    life = Life(number, 7, world.ground.places, at, "report", world.figures, world.ground.names)
    life.election, life.converts, life.opener, life.civilian = "restricted", False, life.sarc, False
    life.chance = lambda what, share: what != "kit" and share > 0.5
    return life


def test_a_case_of_the_world_and_one_by_the_services_have_the_same_tables_and_kinds_of_events(made):
    at = T0 + timedelta(days=1)
    other = World(Wanted(1, 1, 7), at + timedelta(days=5), lambda *_: None)
    other.ground = made.world.ground
    of_world, by_services = simple(made.world, 901, at), simple(made.world, 902, at)
    other.live([of_world])
    made_by_services(by_services, clock.now())
    with made.as_worker():
        assert sweep()["placed"] == 1
    assert kinds_of(of_world) == kinds_of(by_services)
    # Nobody acknowledges a notice of the past, so nobody owes it: the one difference.
    past, lived = rows_of(made, of_world), rows_of(made, by_services)
    assert past | {"reports_duty": past["reports_duty"] + 1} == lived
    with access.viewing(of_world.sarc):
        for life in (of_world, by_services):
            open_now = Duty.objects.filter(case=life.case, state=DutyState.OPEN)
            waiting = set(open_now.values_list("kind", flat=True)) - {"acknowledge_notice"}
            assert waiting == {"ask_once_about_converting"}
