"""Looking texts up: English stays as it is, Spanish is found also with values inside, the unknown stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

from sapr.desk.forms import sentence
from sapr.desk.spoken import spoken, worded
from sapr.desk.times import distance
from sapr.errors import DomainError

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def spanish():
    with translation.override("es"):
        yield


def drawn(template: str, **context) -> str:
    return Template("{% load desk %}" + template).render(Context(context))


def test_in_english_every_text_is_itself():
    with translation.override("en"):
        for text in ("Sign the election", "Nothing known", "", None, 3):
            assert spoken(text) == text
        assert drawn("{{ text|as_written }}", text="A rule.") == "A rule."
        assert distance(NOW + timedelta(hours=3, minutes=20), NOW) == "in 3 h 20 min"


def test_a_known_text_is_spanish_and_an_unknown_one_stays(spanish):
    assert spoken("Sign the election") == "Firmar la elección"
    assert spoken("Invented Person 7") == "Invented Person 7"
    assert spoken(["This is needed. Fill it in.", "Invented"]) == "Esto es necesario. Rellénelo. Invented"


def test_values_inside_a_sentence_are_kept_and_their_own_words_translated(spanish):
    assert spoken("Contact C-7K2M-1 is open. Nobody has been told.") == (
        "El contacto C-7K2M-1 está abierto. No se ha informado a nadie."
    )
    assert spoken("Signature: Victim") == "Firma: Víctima"


def test_a_refusal_at_its_field_loses_the_machines_name_in_both_languages(spanish):
    refusal = DomainError("bad", "details.at: this is in the future. Check date and time.", path="details.at")
    assert sentence(refusal) == "Esto está en el futuro. Revise fecha y hora."
    with translation.override("en"):
        assert sentence(refusal) == "This is in the future. Check date and time."


def test_words_of_the_vocabulary_also_in_lists(spanish):
    assert worded("service_member") == "Militar en servicio activo"
    assert worded(["restricted", True]) == "Restringido, Sí"
    assert drawn("{{ value|label }}", value="dod_civilian") == "Empleado civil del DoD"


def test_words_of_a_rule_say_in_which_language_they_are(spanish):
    assert drawn("{{ text|as_written }}", text="A & B.") == '<span lang="en" dir="ltr">A &amp; B.</span>'


def test_what_people_typed_is_escaped_in_every_language(spanish):
    assert drawn("{{ text|spoken }}", text="<b>") == "&lt;b&gt;"


def test_times_are_the_installations_with_utc_for_whoever_hovers(spanish):
    html = drawn("{% when at zone %}", at=NOW, zone="America/New_York")
    assert "lun 02 mar 2026, 10:00 EST" in html
    assert 'title="02 mar 2026, 15:00 UTC"' in html
    assert 'datetime="2026-03-02T15:00:00Z"' in html
    assert distance(NOW + timedelta(days=2, hours=4), NOW) == "en 2 días 4 h"
    assert distance(NOW - timedelta(minutes=40), NOW) == "40 min de retraso"
    with translation.override("en"):
        html = drawn("{% when at zone %}", at=NOW, zone="America/New_York")
        assert "Mon 02 Mar 2026, 10:00 EST" in html
        assert 'title="02 Mar 2026, 15:00 UTC"' in html
