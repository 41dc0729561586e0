"""Who reaches which page, and what no page ever carries."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts import signing
from reports import access
from sapr import clock
from tests.desk.conftest import names_a_case, text
from tests.signed_in import app_of, signed_in
from tests.world import CANARIES

CASE_PAGES = (
    "",
    "questions/",
    "options/",
    "sign/",
    "convert/",
    "steps/",
    "evidence/",
    "contact/",
    "walk-away/",
    "advocate/",
    "keeping/",
    "inquiry/",
    "close/",
    "reopen/",
    "participation/",
    "forms/",
    "forms/sign/dd-2910-3/",
    "matters/",
    "relocate/",
    "hand-over/",
    "exceptions/",
    "catch/",
    "who-knew/",
)
OWN_PAGES = (
    "/admin/",
    "/admin/inbox/",
    "/admin/password/",
    "/admin/factors/",
    "/admin/factors/password/",
    "/admin/sessions/",
    "/admin/clients/",
    "/admin/api/",
    "/admin/api/case_list/",
)
STAFF_PAGES = (
    "/admin/staff/",
    "/admin/staff/people/new/",
    "/admin/staff/locations/new/",
    "/admin/staff/posts/new/",
    "/admin/staff/appointments/new/",
    "/admin/staff/certifications/new/",
    "/admin/deployments/",
    "/admin/clients/new/",
)
POLICY_PAGES = ("/admin/policy/", "/admin/policy/profile/", "/admin/policy/adoption/")
CHANNEL_PAGES = ("/admin/channels/", "/admin/channels/webhooks/new/")
EXCEPTION_PAGES = ("/admin/exceptions/", "/admin/extensions/")
ERASURE_PAGES = ("/admin/erasures/", "/admin/finer/")
FLOWS = ("/admin/flowchart/restricted/", "/admin/flowchart/unrestricted/")
CASE_LISTS = (
    "/admin/cases/", "/admin/people/find/", "/admin/contacts/new/", "/admin/limited/new/", "/admin/kits/",
    "/admin/cases/filters/", "/admin/duties/",
)  # fmt: skip
EVIDENCE_PAGES = ("/admin/held/",)
CALENDAR_PAGES = (
    "/admin/waiting/",
    "/admin/shelf/",
    "/admin/shelf/codes/",
    "/admin/calendar/",
    "/admin/calendar/address/",
    "/admin/told-systems/",
)
EMERGENCY_PAGES = ("/admin/emergency/", "/admin/emergency/ask/")
MEETING_PAGES = ("/admin/meetings/", "/admin/meetings/new/", "/admin/handovers/", "/admin/close-from-above/")
STRENGTH_PAGES = ("/admin/strength/",)
FIGURE_PAGES = ("/admin/figures/", "/admin/exports/", "/admin/jobs/")
STOCK_PAGES = (
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/admin/accounts/",
    "/admin/accounts/user/",
    "/admin/auth/group/",
    "/admin/password_change/",
    "/admin/r/1/1/",
)


@pytest.mark.parametrize(
    "page",
    [
        *OWN_PAGES, *STAFF_PAGES, *POLICY_PAGES, *ERASURE_PAGES, *EXCEPTION_PAGES, *EMERGENCY_PAGES, *EVIDENCE_PAGES,
        *MEETING_PAGES, *STRENGTH_PAGES, *FIGURE_PAGES, *CASE_LISTS, *FLOWS, *CHANNEL_PAGES, *CALENDAR_PAGES,
    ],
)  # fmt: skip
def test_nobody_gets_in_without_signing_in(world, page):
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("who", ["commander", "unit_commander", "mcio", "manager", "higher"])
def test_those_without_casework_are_told_so_for_every_id_alike(world, sign_in, who):
    report = world.signed("unrestricted")
    client = sign_in(getattr(world, who))
    answers = {
        (client.get(f"/admin/cases/{case}/{page}").status_code)
        for case in (report.case_id, uuid4())
        for page in CASE_PAGES
    }
    assert answers == {403}


def test_a_stranger_gets_the_same_page_for_a_case_of_others_and_for_none(world, sign_in):
    report = world.signed("restricted")
    client = sign_in(world.stranger)

    def body(case):
        answer = client.get(f"/admin/cases/{case}/")
        assert answer.status_code == 404
        return re.sub(r'(csrfmiddlewaretoken|back)" value="[^"]*"', "", text(answer))

    assert body(report.case_id) == body(uuid4())
    with access.viewing(world.sarc):
        notice = report.case.notices.get()
    assert client.get(f"/admin/notices/{notice.pk}/").status_code == 404


def test_only_programme_managers_reach_the_staff_pages(world, sarc, sign_in):
    manager = sign_in(world.manager)
    assert {manager.get(page).status_code for page in (*STAFF_PAGES, *CHANNEL_PAGES)} == {200}
    assert {sarc.get(page).status_code for page in (*STAFF_PAGES, *CHANNEL_PAGES)} == {403}


def test_the_stock_admin_is_not_there(world, sign_in):
    client = sign_in(world.manager)
    assert {client.get(page).status_code for page in STOCK_PAGES} == {404}


def test_today_is_what_the_posts_make_of_it(world, sign_in):
    world.signed("restricted")
    sarc, commander, manager = (
        text(sign_in(u).get("/admin/")) for u in (world.sarc, world.commander, world.manager)
    )
    assert "Notices that wait for release" in sarc
    assert "Review" in sarc
    assert not names_a_case(commander)
    assert "inbox-row" not in commander
    assert "Vacant posts" in manager
    assert not names_a_case(manager)


def signing_in_pages(world):
    """Half way in: somebody with an app, and somebody without any second factor."""
    app_of(world.va)
    for person in (world.va, world.other_va):
        client = Client()
        session = client.session
        signing.go_half_way(session, person, to="/admin/", at=clock.keyboard_now())
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        session.save()
        names = ("",) if person == world.va else ("first/", "app/", "passkey/")
        for name in names:
            answer = client.get(f"/admin/second-factor/{name}")
            assert answer.status_code == 200, name
            yield answer
    client = signed_in(world.va)
    session = client.session
    session["password_again"] = clock.keyboard_now().isoformat()
    session.save()
    yield client.get("/admin/factors/codes/")
    yield client.post("/admin/factors/codes/")


def pages_of(world, client, report, contact):
    yield from (
        client.get(page)
        for page in (
            *OWN_PAGES,
            *EMERGENCY_PAGES,
            *CASE_LISTS,
            *FLOWS,
            *MEETING_PAGES,
            *STRENGTH_PAGES,
            *CALENDAR_PAGES,
            "/admin/counts/",
            "/admin/policy/",
        )
    )
    yield from (client.get(f"/admin/cases/{report.case_id}/{page}") for page in CASE_PAGES)
    yield client.post(f"/admin/cases/{report.case_id}/convert/", {"prepare": "yes"})
    yield from (client.get(f"/admin/cases/{contact.pk}/{page}") for page in CASE_PAGES)
    yield client.get("/admin/nowhere/")
    yield Client().get("/admin/login/")
    yield Client().get("/enrol/")
    yield from signing_in_pages(world)
    with access.viewing(world.sarc):
        notice = report.case.notices.get()
    yield client.get(f"/admin/notices/{notice.pk}/")


def test_every_page_is_strict_uncached_neutral_and_local(world, sarc):
    report, contact = world.signed("restricted"), world.decided()
    for answer in pages_of(world, sarc, report, contact):
        assert "no-store" in answer["Cache-Control"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        page = text(answer)
        if not page:
            continue
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page)
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
        title = re.search(r"<title>(.*?)</title>", page)[1]
        assert title.endswith("SAPR")
        assert not any(value in title for value in CANARIES.values())
        assert "C-" not in title


def test_only_the_conversion_preview_shows_a_name_without_a_click(world, sarc):
    report, contact = world.signed("restricted"), world.decided()
    for answer in pages_of(world, sarc, report, contact):
        if answer.request["PATH_INFO"].endswith("/convert/") and answer.request["REQUEST_METHOD"] == "POST":
            continue
        assert not [name for name, value in CANARIES.items() if value in text(answer)]


def test_every_control_has_a_label_and_every_id_stands_once(world, sarc):
    report, contact = world.signed("restricted"), world.decided()
    for answer in pages_of(world, sarc, report, contact):
        page = text(answer)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
            if 'type="hidden"' not in control and not control.endswith(" hidden>"):
                name = re.search(r'\sid="([^"]+)"', control)[1]
                assert f'for="{name}"' in page
        for described in re.findall(r'aria-describedby="([^"]+)"', page):
            assert set(described.split()) <= set(ids)


def test_the_desk_writes_no_log_entry(world, sarc):
    assert LogEntry._meta.db_table == "django_admin_log"
    case = world.contact()
    sarc.post(f"/admin/cases/{case.pk}/steps/", {"kind": "options_explained"})
    # The web role has no right to that table at all, so that nothing could be written into it.
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'django_admin_log', 'INSERT')")
        assert cursor.fetchone() == (False,)
