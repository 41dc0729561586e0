"""The file for the official system: a row a report, nothing of who or what for a Restricted one, by two persons."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from reports import access
from reports.dsaid import elements, writing
from reports.election.models import Case
from reports.evidence.services import kit_number_issue
from reports.exports import making, services
from reports.exports.models import Export
from reports.ledger.models import Event
from sapr.errors import DomainError
from tests.casework.steps import begin
from tests.figures.conftest import Reader, made
from tests.meeting.ways import called, held
from tests.signed_in import signed_in
from tests.times import T0
from tests.world import CANARIES, MEMBER

FACTS = MEMBER | {"service": "army", "assault_timing": "on_duty", "deployed": True}
# Values of facts and seals that would tell something of the victim or the incident.
TELLING = ("female", "2026-03-01", "on_installation", "service_member", "army", "on_duty", *CANARIES.values())


@pytest.fixture
def everything_on(monkeypatch):
    """As if somebody had read every official list."""
    listed = {
        name: replace(each, confidence="public", enabled=each.held)
        for name, each in elements.elements().items()
    }
    for module in (elements, writing):
        monkeypatch.setattr(module, "elements", lambda: listed)
    return [name for name, each in listed.items() if each.held]


def story(world) -> dict[str, Case]:
    """One of each: Restricted, Unrestricted with much, converted, a contact without a report."""
    meeting = called(world)
    early = T0 - timedelta(hours=2)
    ids = {
        "restricted": world.signed("restricted", facts=FACTS).case_id,
        "full": world.signed("unrestricted", facts=FACTS, grade="=E-3+1").case_id,
        "converted": world.converted(world.signed("restricted", at=early, facts=FACTS)).case_id,
        "contact": world.contact().pk,
    }
    with access.viewing(world.sarc):
        found = Case.objects.select_related("installation", "report").in_bulk(ids.values())
    cases = {name: found[case_id] for name, case_id in ids.items()}
    full = cases["full"]
    for case in (cases["restricted"], full):
        begin(world, case, "service", election=case.report.election, service="medical")
        kit_number_issue(actor=world.sarc, case_id=case.pk, at=T0)
    begin(world, full, "subject")
    begin(world, full, "protective_order")
    begin(world, full, "expedited_transfer")
    held(world, meeting)
    return cases


def file_of(world, names: list[str], form: str) -> str:
    with access.viewing(world.sarc):
        cases = list(Case.objects.select_related("installation", "report").order_by("-id"))
        return writing.written(viewer=world.sarc, cases=cases, names=names, form=form, at=T0)


def opened(world, case) -> list[str]:
    with access.viewing(world.sarc):
        said = Event.objects.filter(case_id=case.pk, kind="sealed_opened", data__purpose="dsaid")
        return [label for each in said for label in each.data["what"]]


def test_a_restricted_report_tells_neither_who_nor_what(world, everything_on) -> None:
    """Every element switched on, in both forms: canaries and facts of a Restricted case stand nowhere."""
    cases = story(world)
    lines = file_of(world, everything_on, "jsonl").splitlines()
    head, rows = json.loads(lines[0]), {row["case_number"]: row for row in map(json.loads, lines[1:])}
    assert len(rows) == 3
    assert cases["contact"].number not in rows
    of_restricted = rows[cases["restricted"].number]
    assert not any(each in json.dumps(of_restricted) for each in TELLING)
    listed = elements.elements()
    assert all(listed[name].restricted for name in of_restricted if name != "case_number")
    assert of_restricted["report_election"] == "restricted"
    assert of_restricted["safe_kit_numbered"] is True
    assert opened(world, cases["restricted"]) == []

    full = rows[cases["full"].number]
    assert full | {
        "victim_sex": "female", "victim_service": "army", "victim_status": ["service_member"],
        "victim_duty_status": "on_duty", "victim_pre_service": False, "victim_deployed": True,
        "incident_date": "2026-03-01", "incident_location_type": "on_installation", "incident_subjects": 1,
        "incident_relationship": "none", "services_offered": ["medical"], "cmg_dates": ["2026-03-02"],
        "military_protective_order": True, "civil_protective_order": False, "expedited_transfer": ["temporary"],
        "report_type": "unrestricted", "report_date": "2026-03-02", "sarc_certified": True,
    } == full  # fmt: skip
    assert rows[cases["converted"].number]["report_type"] == "converted"
    assert rows[cases["converted"].number]["conversion_date"] == "2026-03-02"
    # Never who it is, of whatever report.
    assert not any(CANARIES[name] in "".join(lines) for name in ("name", "dod_id", "phone", "email", "text"))
    assert {"decision.record", "narrative.incident_on"} <= set(opened(world, cases["full"]))
    assert "victim_race_ethnicity" in head["not_held"]

    table = file_of(world, everything_on, "csv")
    read = {row["case_number"]: row for row in csv.DictReader(io.StringIO(table))}
    assert read[cases["full"].number]["victim_grade"] == "'=E-3+1"
    assert {row["victim_race_ethnicity"] for row in read.values()} == {"not held"}
    told = [value for value in read[cases["restricted"].number].values() if value != "not held"]
    assert not any(each in told for each in TELLING)
    # The same cases at the same instant, in whatever order they come: the same bytes.
    assert file_of(world, everything_on, "csv") == table
    assert file_of(world, everything_on, "jsonl").splitlines() == lines


def test_ac_74_two_persons_and_only_what_is_on(world) -> None:
    """A SARC asks, a programme manager decides, the file is for one reader; what is off cannot be asked for."""
    reader, cases = Reader(), story(world)
    names = list(elements.on())
    given = {"actor": world.sarc, "purpose": "checking", "recipient": reader.public, "at": T0}
    for wrong in ({"elements": ["victim_sex"]}, {"elements": []}, {"form": "xml"}, {"purpose": "moving"}):
        with pytest.raises(DomainError) as refused:
            services.dsaid_ask(**given | {"elements": names, "form": "jsonl"} | wrong)
        assert refused.value.code == "unknown_value"
    form = {"purpose": "checking", "recipient": reader.public, "elements": names, "form": "jsonl"}
    client = signed_in(world.sarc)
    assert client.post("/admin/exports/dsaid/", form | {"elements": ["victim_sex"]}).status_code == 422
    assert client.post("/admin/exports/dsaid/", form).status_code == 302
    with access.viewing(world.sarc):
        export = Export.objects.get()
    with pytest.raises(DomainError, match="not approved"):
        making.export_begin(actor=world.sarc, export_id=export.pk, at=T0)
    services.export_approve(actor=world.manager, export_id=export.pk, at=T0)
    assert made(world, export).state == "finished"
    file = services.export_fetch(actor=world.sarc, export_id=export.pk, at=T0)
    assert file.name == "dsaid.jsonl.age"
    rows = [json.loads(line) for line in reader.opens(file.content).splitlines()]
    assert len(rows) == 4
    with access.viewing(world.sarc):
        said = set(Event.objects.filter(kind="case_exported").values_list("case_id", flat=True))
    assert said == {cases[name].pk for name in ("restricted", "full", "converted")}
