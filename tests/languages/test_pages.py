"""The desk in the language of whoever looks; everything that leaves it, or is kept, in English."""

import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client, override_settings
from django.utils import translation

from accounts.models import User
from notifications.models import InboxItem, Notice
from notifications.placing import place
from reports import access
from reports.election.models import SignedForm
from reports.ledger.models import Event
from sapr import clock
from sapr.desk import even
from tests.inbox.chased import PLACED
from tests.signed_in import signed_in
from tests.times import T0

SPANISH = {"accept-language": "es-PR,es;q=0.9,en;q=0.5"}
# A language that runs from right to left; Django knows it, we ship no texts of it.
LEFTWARD = override_settings(LANGUAGES=[*settings.LANGUAGES, ("ar", "Arabic")])


def page(client: Client, address: str = "/admin/", **kwargs) -> str:
    return client.get(address, **kwargs).content.decode()


def spoken_in(text: str) -> tuple[str, str]:
    return re.search(r'<html lang="([^"]+)" dir="([^"]+)">', text).groups()


def test_before_signing_in_the_browser_says_which_language(world):
    assert spoken_in(page(Client(), "/admin/login/")) == ("en", "ltr")
    text = page(Client(headers=SPANISH), "/admin/login/")
    assert spoken_in(text) == ("es", "ltr")
    assert "Iniciar sesión" in text
    assert "Sign in" not in text
    assert spoken_in(page(Client(headers={"accept-language": "fr"}), "/admin/login/")) == ("en", "ltr")
    assert Client(headers=SPANISH).get("/admin/login/")["Content-Language"] == "es"


def test_a_choice_is_kept_for_the_person_also_in_another_session(world):
    client = signed_in(world.sarc)
    answer = client.post("/admin/language/", {"language": "es", "back": "/admin/cases/"})
    assert answer["Location"] == "/admin/cases/"
    assert spoken_in(page(client)) == ("es", "ltr")
    assert "Hoy" in page(client)
    assert User.objects.get(pk=world.sarc.pk).language == "es"
    assert spoken_in(page(signed_in(world.sarc))) == ("es", "ltr")
    assert spoken_in(page(signed_in(world.va))) == ("en", "ltr")
    client.post("/admin/language/", {"language": "en"})
    assert spoken_in(page(signed_in(world.sarc, headers=SPANISH))) == ("en", "ltr")


def test_a_choice_before_signing_in_lives_through_both_steps(world):
    client = Client()
    client.post("/admin/language/", {"language": "es", "back": "/admin/login/"})
    assert spoken_in(page(client, "/admin/login/")) == ("es", "ltr")
    client.post("/admin/login/", {"username": "nobody.here", "password": "x"})
    assert spoken_in(page(client, "/admin/login/")) == ("es", "ltr")


def test_odd_choices_change_nothing_and_lead_nowhere_else(world):
    client = signed_in(world.sarc)
    for back in (
        "https://elsewhere.example/",
        "//elsewhere.example/admin/",
        "/api/v1/cases",
        "",
        "/admin/../x",
    ):
        answer = client.post("/admin/language/", {"language": "tlh", "back": back})
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/")
    assert spoken_in(page(client)) == ("en", "ltr")
    assert client.get("/admin/language/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/admin/language/", {"language": "es"}).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=world.sarc.pk).update(language="<b>")


@LEFTWARD
def test_a_language_that_runs_from_right_to_left_says_so(world):
    client = signed_in(world.sarc)
    client.post("/admin/language/", {"language": "ar"})
    assert spoken_in(page(client)) == ("ar", "rtl")
    assert spoken_in(page(client, "/admin/nothing/")) == ("ar", "rtl")


def test_a_refusal_and_a_form_speak_the_readers_language(world):
    client = signed_in(world.sarc, headers=SPANISH)
    text = client.post("/admin/people/find/", {}).content.decode()
    assert "Esto es necesario. Rellénelo." in text
    assert "This is needed" not in text
    refused = client.get("/admin/staff/")
    assert refused.status_code == 403
    assert "Su nombramiento no incluye esta página." in refused.content.decode()
    case = world.contact()
    questions = page(client, f"/admin/cases/{case.pk}/questions/")
    assert "¿A quién se lo ha contado hasta ahora?" in questions
    assert "Militar en servicio activo" in questions


def told(world, option: str) -> list:
    """Everything that a signed report leaves behind, but ids, digests and numbers."""
    report = world.signed(option)
    with access.viewing(world.sarc):
        events = Event.objects.filter(case_id=report.case_id).order_by("seq")
        notices = Notice.objects.filter(case_id=report.case_id).order_by("kind")
        kept = [(event.kind, masked(event.data)) for event in events]
        words = [(each.kind, each.wording, each.minimal, masked(each.choices)) for each in notices]
    return [kept, words]


def masked(data: object) -> str:
    return re.sub(r"[0-9a-f]{16,}|[0-9a-f-]{36}|C-[\w-]+", "#", str(data))


def test_what_is_kept_and_told_is_the_same_whoever_asked_in_whatever_language(world):
    world.strength(500)
    english = [told(world, option) for option in ("restricted", "unrestricted")]
    with translation.override("es"):
        spanish = [told(world, option) for option in ("restricted", "unrestricted")]
    assert spanish == english


def test_notices_and_forms_have_the_same_bytes_opened_in_spanish(world):
    report = world.signed("unrestricted")
    with access.viewing(world.commander):
        item = InboxItem.objects.first()
    read = []
    for headers in ({}, SPANISH):
        opened = signed_in(world.commander, headers=headers).post(f"/admin/inbox/{item.pk}/")
        found = re.search(r'data-test="inbox-text">(.*?)</pre>', opened.content.decode(), re.DOTALL)
        read.append(re.sub('<span lang="en" dir="ltr">|</span>', "", found[1]))
    assert read[0] == read[1]
    assert read[0]
    with access.viewing(world.sarc):
        form = SignedForm.objects.filter(case_id=report.case_id).first()
    address = f"/admin/cases/{report.case_id}/forms/{form.pk}/document/"
    drawn = [signed_in(world.sarc, headers=headers).post(address).content for headers in ({}, SPANISH)]
    assert drawn[0][:5] == b"%PDF-"
    assert drawn[0] == drawn[1]


def test_the_api_speaks_english_to_everybody(world):
    client = signed_in(world.sarc, headers=SPANISH)
    client.post("/admin/language/", {"language": "es"})
    answers = [each.get("/api/v1/cases/nothing") for each in (client, signed_in(world.va))]
    assert answers[0].content == answers[1].content
    assert client.get("/api/v1/inbox").headers.get("Content-Language") is None


def test_the_inbox_is_even_in_spanish_too(world):
    client = signed_in(world.commander, headers=SPANISH)
    empty = [len(client.get(address).content) for address in ("/admin/", "/admin/inbox/")]
    world.signed("restricted")
    clock.move(PLACED, hold=True)
    with access.viewing(world.sarc):
        place(notice=Notice.objects.exclude(state="placed").get(), actor=world.sarc, at=PLACED)
    clock.move(T0, hold=True)
    text = page(client, "/admin/inbox/")
    assert 'data-test="inbox-row"' in text
    assert "Aviso" in text
    assert [len(client.get(address).content) for address in ("/admin/", "/admin/inbox/")] == empty
    assert empty == [even.BLOCK, even.BLOCK]
