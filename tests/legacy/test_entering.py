"""What a row becomes: a case that stands like a signed one, with its past closed and what is due still open."""

import uuid
from collections import Counter, defaultdict
from datetime import timedelta

import psycopg
import pytest

from reports import access
from reports.election import selectors as election
from reports.ledger.selectors import first_bad_event
from reports.models import Case, Duty, Event
from reports.obligations.models import DutyState
from reports.vault.people import cases_of_person
from sapr.signin import as_owner
from tests.legacy.looking import digest, standing_in
from tests.legacy.old import ACCOUNT, CUTOVER, NAME, NUMBER, T0, imported, iso, past, row, written
from tests.stage import throwaway_copy
from tests.world import World

DAY = timedelta(days=1)
LONG_AGO = (
    row("A-1", duties=[past("commander_notice_restricted", 2999), past("dsaid_entry", 2998, "missed")]),
    row("A-2", days=900, closed_at=iso(CUTOVER - 100 * DAY)),
)
ROWS = [
    *LONG_AGO,
    row("B-1", days=100),
    row(
        "B-2",
        "unrestricted",
        400,
        duties=[
            past("monthly_update", 340, "missed"),
            past("monthly_update", 370),
            past("mcio_notice", 400, "unknown"),
        ],
    ),
    row("B-3", days=500, report={"converted_at": iso(CUTOVER - 60 * DAY)}),
    row("B-4", "unrestricted", 300, disposed_at=iso(CUTOVER - DAY)),
    row(
        "B-5",
        days=1000,
        kit={"number": "", "issued_at": iso(CUTOVER - 1000 * DAY), "sealed_at": iso(CUTOVER - 999 * DAY)},
    ),
]  # fmt: skip
OPEN = {
    "ask_once_about_converting": 1,
    "monthly_update": 2,
    "cmg_review": 2,
    "tell_disposition": 1,
    "tell_kit_expiry": 1,
}
EVENT = "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data) VALUES (%s, %s, %s, %s, %s, '{}')"
SECRETS = [NAME, ACCOUNT, NUMBER, "B-2", "elder|"]


@pytest.fixture(scope="module")
def entered(django_db_blocker, tmp_path_factory):
    """The rows tried, then imported twice: the place, the file, the three summaries, and both digests of the try."""
    from reports import policy
    from sapr import clock

    ROWS[-1]["kit"]["number"] = policy.new_control_number()
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        path = written(tmp_path_factory.mktemp("old"), ROWS)
        before = digest(copy)
        summaries = [imported(path, dry_run=True)]
        tried = digest(copy)
        summaries += [imported(path), imported(path)]
        yield copy, path, summaries, (before, tried)


def test_the_dry_run_tells_by_kind_what_would_open_and_writes_nothing_at_all(entered) -> None:
    _, _, (tried, first, again), (before, after) = entered
    assert before == after
    assert (tried.imported, tried.opened, tried.refused) == (len(ROWS), OPEN, 0)
    assert (first.imported, first.opened) == (len(ROWS), OPEN)
    assert (again.imported, again.already, again.opened) == (0, len(ROWS), {})


def test_each_case_stands_as_its_rules_and_the_cutover_say(entered) -> None:
    stage, *_ = entered
    with access.viewing(stage.world.sarc):
        cases = list(Case.objects.select_related("report").order_by("report__signed_at"))
        duties = defaultdict(list)
        for each in Duty.objects.order_by("due_at"):
            duties[each.case_id].append(each)
    assert Counter(case.state for case in cases) == {
        "RESTRICTED_OPEN": 3, "CLOSED": 1, "UNRESTRICTED_OPEN": 2, "CONVERTED": 1,
    }  # fmt: skip
    oldest = [(each.kind, each.state) for each in duties[cases[0].pk]]
    assert oldest == [
        ("commander_notice_restricted", DutyState.LEGACY_DONE),
        ("dsaid_entry", DutyState.LEGACY_MISSED),
    ]
    updates = [each for found in duties.values() for each in found if each.kind == "monthly_update"]
    of_one = [each for each in updates if each.occurrence > 1 or each.state != DutyState.OPEN]
    assert [(each.state, each.occurrence) for each in of_one] == [
        ("legacy_done", 1), ("legacy_missed", 2), ("open", 3),
    ]  # fmt: skip
    # The day of the month of the signature, the first after the cut-over.
    assert iso(of_one[-1].due_at) == "2026-01-27T00:00:00Z"
    assert all(
        each.due_at > CUTOVER for found in duties.values() for each in found if each.state == DutyState.OPEN
    )
    assert all(
        each.closed_event == each.opened_event and each.place is None
        for found in duties.values()
        for each in found
        if each.state != DutyState.OPEN
    )


@pytest.mark.usefixtures("entered")
def test_nothing_is_signed_and_every_chain_holds() -> None:
    with as_owner() as owner:
        cursor = owner.execute("SELECT * FROM reports_event ORDER BY case_id, seq")
        names = [each.name for each in cursor.description]
        chains = defaultdict(list)
        for values in cursor:
            event = Event(**dict(zip(names, values, strict=True)))
            chains[event.case_id].append(event)
        wrong = owner.execute(
            "SELECT count(*) FROM reports_event WHERE case_id <> %s AND canonical <> sapr_canonical(reports_event)",
            ["00000000-0000-0000-0000-000000000000"],
        ).fetchone()
        heads = owner.execute("SELECT case_id, seq FROM reports_chainhead").fetchall()
    assert [first_bad_event(chain) for chain in chains.values()] == [None] * len(chains)
    assert wrong == (0,)
    assert {case: len(chain) for case, chain in chains.items()} == dict(heads)
    kinds = Counter(each.kind for chain in chains.values() for each in chain)
    assert (kinds["legacy_imported"], kinds["report_signed"], kinds["notice_composed"]) == (len(ROWS), 0, 0)
    assert kinds["duty_opened"] == sum(OPEN.values())
    assert all(
        chain[0].occurred_at == CUTOVER for chain in chains.values() if chain[0].kind == "legacy_imported"
    )
    said = [
        each.data for chain in chains.values() for each in chain if each.kind.startswith("legacy_import_")
    ]
    assert [each.get("file", each.get("imported")) for each in said][1::2] == [len(ROWS), 0]
    assert len(said[0]["file"]) == 64


def test_sealed_parts_open_and_stand_nowhere_in_clear(entered) -> None:
    stage, *_ = entered
    sarc = stage.world.sarc
    with access.viewing(sarc):
        case = Case.objects.order_by("opened_at").first()
        opened = election.sealed_parts(viewer=sarc, case=case, purpose="case_work", at=T0)
        found = election.person_find(viewer=sarc, dod_id=NUMBER, at=T0)
        facts = election.decision_latest(viewer=sarc, case=case, at=T0)["facts"]
    assert opened["identity"]["name"] == NAME
    assert opened["identity"]["unit_commander_post"] == str(stage.world.posts["unit_commander"].pk)
    assert opened["narrative"]["text"] == ACCOUNT
    assert len(found) == len(cases_of_person(NUMBER)) == len(ROWS)
    assert facts["statuses"] == ["service_member"]
    assert standing_in(stage, SECRETS) == []


def test_a_changed_row_is_told_and_never_overwrites(entered, tmp_path) -> None:
    stage, *_ = entered
    changed = [ROWS[0] | {"narrative": {"text": "Another account."}}, ROWS[2], ROWS[2]]
    before = digest(stage)
    found = imported(written(tmp_path, changed))
    assert (found.imported, found.already, found.errors) == (0, 2, [(1, "changed_since", "")])
    after = digest(stage)
    touched = {name for name in after if after[name] != before[name]}
    assert touched == {
        "default.reports_event", "default.reports_chainhead",
        "default.reports_legacybatch", "default.reports_legacyrun",
    }  # fmt: skip


def test_the_index_of_people_is_made_good_after_a_kill_between_the_databases(entered) -> None:
    _, path, *_ = entered
    with as_owner("keys") as keys:
        keys.execute("DELETE FROM reports_personindex WHERE case_id = %s", [cases_of_person(NUMBER)[0]])
    assert len(cases_of_person(NUMBER)) == len(ROWS) - 1
    imported(path)
    assert len(cases_of_person(NUMBER)) == len(ROWS)


def test_the_owner_too_enters_them_only_in_an_import_and_whole(entered) -> None:
    stage, *_ = entered
    report = stage.world.signed("restricted")
    with as_owner() as owner:
        with pytest.raises(psycopg.Error, match="entered by the owner alone"):
            owner.execute(EVENT, [uuid.uuid4(), report.case_id, "legacy_imported", T0, None])
        with pytest.raises(psycopg.Error, match="row-level security"):
            owner.execute(
                "INSERT INTO reports_narrative (id, case_id) VALUES (%s, %s)", [uuid.uuid4(), report.case_id]
            )
        # A chain that is not the database's own is never taken outside of an import.
        owner.execute(
            "INSERT INTO reports_event"
            " (id, case_id, seq, kind, occurred_at, recorded_at, data, prev_hash, canonical, hash)"
            " VALUES (%s, %s, 99, 'sarc_assigned', %s, %s, '{}', '', '', 'made up')",
            [uuid.uuid4(), report.case_id, T0, T0],
        )
        row = owner.execute(
            "SELECT seq, hash = sha256(canonical) FROM reports_event WHERE case_id = %s ORDER BY seq DESC LIMIT 1",
            [report.case_id],
        ).fetchone()
        # What is entered half is refused at the end of its part.
        with pytest.raises(psycopg.Error, match="entered whole"):
            owner.execute("SELECT sapr_legacy_is_whole(%s)", [[report.case_id, uuid.uuid4()]])
    assert row[0] < 99
    assert row[1] is True


def test_a_case_whose_keys_were_destroyed_is_not_entered_again(entered, tmp_path) -> None:
    stage, *_ = entered
    with access.viewing(stage.world.sarc):
        case = Case.objects.order_by("opened_at").first()
    with as_owner("keys") as keys:
        keys.execute("DELETE FROM reports_wrappedkey WHERE case_id = %s", [case.pk])
    found = imported(written(tmp_path, ROWS[:1]))
    assert (found.imported, found.errors) == (0, [(1, "erased", "")])
