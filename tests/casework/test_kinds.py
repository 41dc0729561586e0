"""The kinds of matters as data: every state leads on, every word is known, the database holds the same."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from reports import policy
from reports.casework.events import STEPS, TOPICS, UPDATERS
from reports.casework.guards import GUARDS
from reports.casework.matters.kinds import KINDS, UNRESTRICTED_ONLY, title, transitions
from reports.casework.told import TOLD
from reports.ledger.kinds import EventKind
from reports.policy import default_policy

STEPS_OF = [(kind, step) for kind in KINDS.values() for step in kind.steps]


def reachable(kind) -> set[str]:
    found, grown = {step.to for step in kind.open_steps()}, set()
    while found != grown:
        grown = set(found)
        found |= {step.to for step in kind.steps if step.to and set(step.before) & found}
    return found


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind)
def test_every_state_is_reached_and_leads_on_or_is_final_and_every_open_one_has_an_owner(kind) -> None:
    roles = set(default_policy().book.vocabulary["roles"])
    assert reachable(kind) == set(kind.states)
    for name, state in kind.states.items():
        moves = [step for step in kind.steps if name in step.before and step.to not in (None, name)]
        assert state.final != bool(moves), name
        assert (state.owner in roles) != state.final, name
    assert not any(kind.states[step.to].final for step in kind.open_steps())
    assert any(state.final for state in kind.states.values())


def test_every_step_has_known_words_events_rules_and_facts() -> None:
    assert len({kind.kind for kind in KINDS.values()}) == len(KINDS)
    rules = {rule.id for rule in policy.rules()}
    for kind, step in STEPS_OF:
        assert {step.event, *step.then} <= set(EventKind.values)
        assert set(step.before) <= {"", *kind.states}
        assert title(step)
        for detail in step.details:
            assert detail.moment or len(detail.words) >= 1, (kind.kind, detail.name)
            assert all(re.fullmatch(r"[A-Za-z0-9_]{1,40}", word) for word in detail.words)
        named = {each.name for each in step.details}
        if step.ruling:
            assert step.ruling.topic in policy.topics()
            assert {*step.ruling.named, *step.ruling.facts} <= policy.facts_for("rulings")
            assert set(step.ruling.named) <= named
        assert set(step.duty_facts) <= named & policy.facts_for("duties")
    for kind in KINDS.values():
        assert set(kind.rules) <= rules
        asked = {each.name for step in kind.open_steps() for each in step.details}
        assert not kind.what or kind.what in asked
        assert {kind.needs, kind.parent} <= {"", *KINDS}
        assert not kind.replaces or kind.step(kind.replaces)
    names = [step.step for _, step in STEPS_OF if step.by_hand]
    assert len(names) == len(set(names))


def test_the_words_of_single_steps_are_those_of_the_rules() -> None:
    assert policy.fact_words("updater") == UPDATERS
    assert set(GUARDS) <= set(STEPS)
    keyed = {item.key for item in TOLD if not item.event}
    assert keyed == set(TOPICS)
    rules = {rule.id for rule in policy.rules()}
    assert {item.rule for item in TOLD} <= rules
    assert {step.rule for step in STEPS.values()} <= rules | {""}


def test_every_duty_about_a_matter_can_be_done_by_a_step_of_it() -> None:
    """What a step of a kind opens, a step of the same kind discharges, or an event of the whole case: no duty that
    nobody can close."""
    for kind in KINDS.values():
        written = {event for step in kind.steps if step.by_hand for event in (step.event, *step.then)}
        for rule in policy.rules():
            for duty in rule.parameters.get("duties", ()):
                if set(duty["opens_on"]) & written:
                    assert duty["discharged_by"] in written | {"cmg_held"}, (kind.kind, rule.id)


def test_the_database_lets_happen_what_the_data_say_and_no_more(world) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, from_state, to_state, ends, fits FROM sapr_matter_transition")
        assert set(cursor.fetchall()) == transitions()
    assert listed_in("sapr_event_unrestricted_only") == UNRESTRICTED_ONLY


@pytest.mark.django_db
def test_the_lists_of_kinds_that_the_database_goes_by_are_those_of_today() -> None:
    assert listed_in("sapr_event_kind_known") == set(EventKind.values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM reports_afterclosing")
        after = {kind for (kind,) in cursor.fetchall()}
    assert listed_in("sapr_event_after_closing") == after | {"case_closed"}


@pytest.mark.django_db
def test_an_event_of_which_something_is_asked_is_asked_it() -> None:
    """The trigger `follows` is called for the kinds of one list; every kind that its function names is on it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'sapr_event_follows'")
        (body,) = cursor.fetchone()
    named = set(re.findall(r"'([a-z]+(?:_[a-z]+)+)'", body)) & set(EventKind.values)
    assert {"case_closed", "legacy_imported", "retaliation_ended"} <= named
    assert listed_in("sapr_event_followed") == named | UNRESTRICTED_ONLY


def listed_in(function: str) -> set[str]:
    """The kinds in a function of the database that says whether one is among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        (body,) = cursor.fetchone()
    return set(re.search(r"\{(.*)\}", body)[1].split(","))


def test_r15_what_fits_an_unrestricted_report_alone_is_on_the_list_and_nothing_else_is() -> None:
    without = {"", "restricted"}
    fits: dict[str, set[str]] = {kind: set(step.elections) for kind, step in STEPS.items()}
    for kind, step in STEPS_OF:
        for event in (step.event, *step.then):
            fits.setdefault(event, set()).update(kind.elections)
    assert {event for event, elections in fits.items() if not elections & without} <= UNRESTRICTED_ONLY
    assert not {event for event, elections in fits.items() if "restricted" in elections} & UNRESTRICTED_ONLY


HEAD = "| kind | fits | steps: from which states, to which | sealed | rules |\n|---|---|---|---|---|"


def row(kind) -> str:
    steps = []
    for step in kind.steps:
        before = ", ".join(each or "·" for each in step.before)
        to = step.to and step.to + (" ∎" if kind.states[step.to].final else "")
        steps.append(f"{title(step)}{'†' if step.dated else ''}: {before} → {to or 'the same'}")
    sealed = "; ".join(kind.sealed.values()) or "nothing"
    return f"| {kind.label} (`{kind.kind}`) | {kind.fits} | {'<br>'.join(steps)} | {sealed} | {', '.join(kind.rules)} |"


def test_the_page_prints_the_kinds_as_they_are() -> None:
    """Red: put what stands on the left between the page's two marks."""
    page = (Path(settings.BASE_DIR) / "docs" / "casework.md").read_text(encoding="utf-8")
    table = "\n".join([HEAD, *map(row, KINDS.values())])
    assert table == page.partition("<!-- kinds -->\n")[2].partition("\n<!-- /kinds -->")[0]
