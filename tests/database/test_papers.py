"""What the database refuses of forms, hand-outs and copies, tried with raw SQL by the application's own role."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import connection

from reports import access, policy
from reports.election.models import SignedForm
from reports.election.papers.copies import copy_give
from reports.election.papers.models import CopyRequest, HandOut, Paper
from tests.database.refusals import refused
from tests.forms import one_of_each, replace_lost, sign
from tests.times import T0

HOUR = timedelta(hours=1)


def put(world, model, row, **changed) -> None:
    """The row once more by raw SQL, changed, in the SARC's name."""
    values = {each.attname: getattr(row, each.attname) for each in model._meta.concrete_fields}
    values |= {"id": uuid4()} | changed
    if hasattr(values.get("content"), "raw"):
        values["content"] = values["content"].raw
    names = ", ".join(values)
    with access.viewing(world.sarc), connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(values))
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})",  # noqa: S608  names of columns
            list(values.values()),
        )


def run(world, sql: str, *args) -> None:
    with access.viewing(world.sarc), connection.cursor() as cursor:
        cursor.execute(sql, args)


def test_what_belongs_to_an_unrestricted_report_is_refused_in_a_restricted_one(world) -> None:
    """RE-02, PO-02, CMG-09: as many forms as the data allow in an Unrestricted report only, and no others."""
    files = Path(settings.BASE_DIR) / "reports" / "policy" / "data" / "forms_papers.json"
    rows = json.loads(files.read_text(encoding="utf-8"))["rows"]
    only = {row["id"] for row in rows if row["parameters"]["paper"]["elections"] == ["unrestricted"]}
    case = world.signed("restricted").case
    row = sign(world, case, "DD 2911")
    hand_out = HandOut(case=case, form="DD 2701", edition="2005-01-01", given_to="victim", given_at=T0)
    hand_out.given_by = world.sarc
    for form in (each["id"] for each in rows):
        if form in only:
            for model, of in ((Paper, row), (HandOut, hand_out)):
                with refused("in an Unrestricted report only"):
                    put(world, model, of, form=form)
        elif form != "DD 2910-1":
            put(world, Paper, row, form=form)


def test_a_signed_form_never_changes_and_is_signed_in_ones_own_name(world) -> None:
    case = world.signed("restricted").case
    row = sign(world, case, "DD 2911")
    for statement in ("UPDATE reports_paper SET version = version", "DELETE FROM reports_paper"):
        with refused("permission denied"):
            run(world, statement)
    with refused("row-level security"):
        put(world, Paper, row, entered_by_id=world.va.pk)
    with refused("row-level security"):
        put(world, Paper, row, signed_at=T0 + HOUR)
    with refused("row-level security"):
        put(world, Paper, row, countersigned_at=T0 + HOUR)


def test_a_version_changes_neither_form_edition_nor_election(world) -> None:
    """Round the service too: the election on a form is never corrected, and no version is corrected twice."""
    case = world.signed("restricted").case
    with access.viewing(world.sarc):
        original = SignedForm.objects.get(case=case)
    row = sign(world, case, "DD 2911")
    reason = {"reason": "left_out"}
    follows = {"supersedes_id": row.pk, "version": 2} | reason
    for changed in (
        {"form": "DD 2910-3"}, {"edition": "2022-01-01"}, {"version": 3}, {"election": "restricted"},
        {"original_id": original.pk}, {"case_id": world.signed("restricted").case_id},
    ):  # fmt: skip
        with refused("neither form, edition nor election"):
            put(world, Paper, row, **follows | changed)
    put(world, Paper, row, **follows)
    with refused("unique"):
        put(world, Paper, row, **follows)
    edition = policy.form_edition("DD 2910", T0.date()).edition
    again = {"original_id": original.pk, "form": "DD 2910", "edition": edition, "version": 2} | reason
    with refused("neither form, edition nor election"):
        put(world, Paper, row, **again, election="unrestricted")
    put(world, Paper, row, **again, election="restricted")
    with refused("reports_paper_original_once"):
        put(world, Paper, row, **again, election="restricted")
    with refused("first version"):
        put(world, Paper, row, version=2, **reason)
    with refused("holds no election"):
        put(world, Paper, row, election="restricted")
    with refused("reports_paper_reason_iff_corrected"):
        put(world, Paper, row, **reason)


def test_tr_07_no_other_form_is_from_afar_and_the_lost_form_holds_the_election_that_stands(world) -> None:
    report = world.signed("restricted")
    row, lost = sign(world, report.case, "DD 2911"), replace_lost(world, report.case, remote=True)
    with refused("from_afar_only_lost_form"):
        put(world, Paper, row, remote=True)
    with refused("the election that stands"):
        put(world, Paper, lost, election="unrestricted")
    world.converted(report, at=T0)
    with refused("the election that stands"):
        put(world, Paper, lost)
    put(world, Paper, lost, election="unrestricted")


def test_a_copy_is_asked_for_and_given_once_in_ones_own_name(world) -> None:
    """CK-20: what was asked stands, and a hand-out that was given stands too."""
    case = world.signed("unrestricted").case
    one_of_each(world, case)
    with access.viewing(world.sarc):
        copy = CopyRequest.objects.get()
    with refused("permission denied"):
        run(world, "UPDATE reports_copyrequest SET form = 'DD 2911'")
    with refused("own name"):
        run(world, "UPDATE reports_copyrequest SET given_at = %s, given_by_id = %s", T0, world.va.pk)
    with refused("given_by_somebody"):
        run(world, "UPDATE reports_copyrequest SET given_at = %s, given_by_id = %s", T0 - HOUR, world.sarc.pk)
    with refused("row-level security"):
        put(world, CopyRequest, copy, given_at=T0, given_by_id=world.sarc.pk)
    with refused("row-level security"):
        put(world, CopyRequest, copy, requested_by_id=world.va.pk)
    copy_give(actor=world.sarc, case_id=case.pk, request_id=copy.pk, at=T0)
    with refused("given once"):
        run(world, "UPDATE reports_copyrequest SET given_at = %s, given_by_id = %s", T0, world.sarc.pk)
    for statement in (
        "DELETE FROM reports_copyrequest", "DELETE FROM reports_handout", "UPDATE reports_handout SET form = form",
    ):  # fmt: skip
        with refused("permission denied"):
            run(world, statement)
