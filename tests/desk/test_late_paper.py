"""A paper form that is entered when no slot is left."""

from datetime import date

from notifications.models import InboxItem
from reports import access, policy
from reports.election.models import Report
from reports.obligations import hooks
from tests.desk.conftest import sign_data, text
from tests.times import T0


def reports_of(user) -> int:
    with access.viewing(user):
        return Report.objects.count()


def test_the_minimal_bytes_are_shown_and_confirmed_before_anything_is_written(world, sarc):
    case = world.decided()
    url = f"/admin/cases/{case.pk}/sign/"
    # 23.5 hours before: the last slot has passed, the 24 hours have not.
    data = sign_data("restricted", at="2026-03-01T10:30")
    first = sarc.post(url, data)
    assert first.status_code == 422
    assert f'<pre data-test="minimal-bytes">{hooks.minimal_words(T0.date())}</pre>' in text(first)
    assert 'name="late_reason"' not in text(first)
    assert 'value="Invented Advocate"' in text(first)
    assert reports_of(world.sarc) == 0

    assert sarc.post(url, data | {"confirm_minimal": "on"}).status_code == 302
    with access.viewing(world.commander):
        assert InboxItem.objects.get().body == hooks.minimal_words(T0.date())


def test_past_the_24_hours_the_reason_is_asked_too(world, sarc):
    case = world.decided()
    url = f"/admin/cases/{case.pk}/sign/"
    data = sign_data("restricted", at="2026-02-27T08:00", confirm_minimal="on")
    first = sarc.post(url, data)
    assert first.status_code == 422
    assert 'name="late_reason"' in text(first)
    assert reports_of(world.sarc) == 0
    done = sarc.post(url, data | {"late_reason": "paper_delayed"}, follow=True)
    assert "The paper form came late." in text(done)
    assert "Done late" in text(sarc.get(f"/admin/cases/{case.pk}/"))


def test_another_edition_of_the_form_is_shown_for_the_day_it_was_signed(world, sarc):
    case = world.decided()
    url = f"/admin/cases/{case.pk}/sign/"
    old = policy.form_edition("DD 2910", date(2023, 6, 1))
    first = sarc.post(url, sign_data("unrestricted", at="2023-06-01T08:00", late_reason="found_late"))
    assert first.status_code == 422
    assert f"Edition {old.edition} of DD 2910 was in force" in text(first)
    assert f'name="edition" value="{old.edition}"' in text(first)
