"""Emergency access: a reason, a second person, some hours, and those on the case know at once."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Appointment
from accounts.services import appointment_end
from reports import access
from reports.breakglass import selectors, services
from reports.ledger.selectors import case_events
from reports.ledger.services import append_system
from reports.models import Case, Identity, Narrative
from sapr.errors import DomainError, NotFoundError
from tests.factories import AppointmentFactory
from tests.signed_in import passed, signed_in
from tests.times import T0

REASON = "The canary cannot be reached and her advocate is in surgery."
UNKNOWN = "C-0000-0000-0000-0"
HOUR = timedelta(hours=1)


@pytest.fixture
def asked(world):
    """A case of the SARC, and a stranger's request for it."""
    case = world.contact()
    return case, services.break_glass_ask(actor=world.stranger, case=case.number, reason=REASON, at=T0)


def approved(world, request):
    return services.break_glass_decide(actor=world.manager, request_id=request.pk, approve=True, at=T0)


def sees(viewer, case) -> bool:
    with access.viewing(viewer):
        by_rows = access.cases(viewer).filter(pk=case.pk).exists()
        assert by_rows is Case.objects.filter(pk=case.pk).exists()
        return by_rows


def kinds(world, case) -> list[str]:
    with access.viewing(world.sarc):
        return list(case_events(viewer=world.sarc, case=case).values_list("kind", flat=True))


def code_of(call) -> str:
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


def test_asking_opens_nothing_and_whoever_is_on_the_case_sees_it_at_once(world, asked, client):
    case, request = asked
    assert not sees(world.stranger, case)
    with access.viewing(world.sarc):
        told = selectors.about_my_cases(viewer=world.sarc, at=T0)
        assert [each.pk for each in told] == [request.pk]
        assert selectors.reason(viewer=world.sarc, request=told[0], at=T0) == REASON
    assert kinds(world, case)[-2:] == ["break_glass_asked", "sealed_opened"]
    passed(client, world.sarc)
    for page in ("/admin/", f"/admin/cases/{case.pk}/"):
        text = client.get(page).content.decode()
        assert 'data-standing="waiting"' in text
        assert world.stranger.display_name in text
        assert REASON not in text


def test_the_reason_is_sealed_with_the_cases_key(world, asked):
    case, request = asked
    with access.viewing(world.stranger), connection.cursor() as cursor:
        cursor.execute(
            "SELECT reason, row_to_json(b)::text FROM reports_breakglass b WHERE id = %s", [request.pk]
        )
        sealed, whole = cursor.fetchone()
    assert b"canary" not in bytes(sealed)
    assert "canary" not in whole
    from reports.vault.keys import case_key

    assert case_key(case.pk, "narrative")


def test_a_second_person_opens_it_to_be_read_and_it_ends_by_itself(world, asked, held_clock):
    case, request = asked
    approved(world, request)
    assert sees(world.stranger, case)
    with access.viewing(world.stranger):
        parts = [access.open_for(viewer=world.stranger, record=each, purpose="emergency", at=T0)
                 for each in (Identity.objects.get(), Narrative.objects.get())]  # fmt: skip
    assert parts[0]["name"]
    assert kinds(world, case)[-4:] == [
        "break_glass_asked", "break_glass_approved", "sealed_opened", "sealed_opened"
    ]  # fmt: skip
    held_clock.move(T0 + 4 * HOUR, hold=True)
    assert not sees(world.stranger, case)
    assert selectors.standing(request, T0 + 25 * HOUR) == "not_granted"


def test_a_page_that_was_open_is_closed_when_the_hours_are_over(world, asked, client, held_clock):
    case, request = asked
    approved(world, request)
    passed(client, world.stranger)
    page = client.get(f"/admin/cases/{case.pk}/")
    assert page.status_code == 200
    assert "link-sign" not in page.content.decode()
    opened = client.post(f"/admin/cases/{case.pk}/open/")
    assert "Canary-Smith" in opened.content.decode()
    held_clock.move(T0 + 4 * HOUR, hold=True)
    passed(client, world.stranger)
    assert client.get(f"/admin/cases/{case.pk}/").status_code == 404
    assert client.post(f"/admin/cases/{case.pk}/open/").status_code == 404


def test_it_ends_with_the_appointment_of_who_has_it(world, asked):
    case, request = asked
    approved(world, request)
    appointment = Appointment.objects.get(user=world.stranger)
    appointment_end(appointment=appointment, actor=world.manager, at=T0)
    assert not sees(world.stranger, case)


@pytest.mark.parametrize("ender", ["stranger", "sarc"])
def test_its_holder_or_the_sarc_of_the_case_ends_it_and_nobody_else(world, asked, ender):
    case, request = asked
    approved(world, request)
    second_sarc = AppointmentFactory(post=world.posts["sarc"]).user
    ended = lambda who: services.break_glass_end(actor=who, request_id=request.pk, at=T0)  # noqa: E731
    assert code_of(lambda: ended(second_sarc)) == "not_your_role"
    assert code_of(lambda: ended(world.manager)) == "not_your_role"
    ended(getattr(world, ender))
    assert not sees(world.stranger, case)
    assert kinds(world, case)[-1] == "break_glass_ended"
    assert code_of(lambda: ended(world.sarc)) == "already_ended"


def test_nobody_decides_their_own_request_or_one_of_an_account_they_made(world):
    case = world.contact(actor=world.va)
    second = AppointmentFactory(post=world.posts["sarc"]).user
    own = services.break_glass_ask(actor=second, case=case.number, reason=REASON, at=T0)
    assert code_of(lambda: approved_by(second, own)) == "second_person_needed"
    append_system(kind="user_created", actor=world.manager, at=T0, data={"user": str(second.pk)})
    assert code_of(lambda: approved_by(world.manager, own)) == "second_person_needed"
    # Nor somebody whom the same manager made.
    with access.viewing(None):
        append_system(kind="user_created", actor=world.manager, at=T0, data={"user": str(world.sarc.pk)})
    assert code_of(lambda: approved_by(world.sarc, own)) == "second_person_needed"


def approved_by(person, request):
    return services.break_glass_decide(actor=person, request_id=request.pk, approve=True, at=T0)


def test_another_sarc_of_the_installation_decides_and_one_of_elsewhere_finds_nothing(world, asked):
    case, request = asked
    elsewhere = AppointmentFactory().user
    with pytest.raises(NotFoundError):
        approved_by(elsewhere, request)
    second_sarc = AppointmentFactory(post=world.posts["sarc"]).user
    assert approved_by(second_sarc, request).state == "approved"
    # Deciding opens the case to its asker, not to who decided.
    assert sees(world.stranger, case)
    assert not sees(second_sarc, case)


def told(world, client, case: str, then=None) -> tuple:
    """Everything the asker is answered over a day about a request for this case."""
    made = services.break_glass_ask(actor=world.stranger, case=case, reason=REASON, at=T0)
    if then is not None:
        then(made)
    passed(client, world.stranger)
    answers = [str(selectors.standing(made, T0 + hours * HOUR)) for hours in (0, 1, 23, 24, 48)]
    for page in ("/admin/emergency/", f"/admin/emergency/{made.pk}/", "/api/v1/emergencies"):
        answers.append(client.get(page).content.decode().replace(str(made.pk), "ID").replace(case, "CASE"))
    return tuple(answers)


def masked(answers: tuple) -> list[str]:
    import re

    return [re.sub(r'(name="(csrfmiddlewaretoken|once)" value=")[^"]*', r"\1", each) for each in answers]


def test_a_refusal_no_answer_and_no_such_case_are_the_same_to_the_asker(world, client):
    from django.db import transaction

    case = world.contact().number
    refuse = lambda made: services.break_glass_decide(  # noqa: E731
        actor=world.manager, request_id=made.pk, approve=False, at=T0
    )
    seen = []
    for number, then in ((case, None), (UNKNOWN, None), (case, refuse)):
        with transaction.atomic():
            seen.append(masked(told(world, client, number, then)))
            transaction.set_rollback(True)
    assert seen[0] == seen[1] == seen[2]


def test_what_is_no_number_is_refused_before_anything_is_looked_up(world):
    for given in ("", "Canary-Smith", "C-0000-0000-0000-1"):
        code = _code(lambda given=given: services.break_glass_ask(
            actor=world.stranger, case=given, reason=REASON, at=T0))  # fmt: skip
        assert code in {"missing", "bad_control_number", "bad_check_character"}
    assert (
        code_of(lambda: services.break_glass_ask(actor=world.stranger, case=UNKNOWN, reason=" ", at=T0))
        == "missing"
    )


def _code(call) -> str:
    from sapr.problems import as_refusal

    with pytest.raises(Exception) as refusal:  # noqa: PT011
        call()
    return as_refusal(refusal.value).code


def test_who_is_on_the_case_needs_no_emergency(world):
    case = world.contact()
    ask = lambda: services.break_glass_ask(actor=world.sarc, case=case.number, reason=REASON, at=T0)  # noqa: E731
    assert code_of(ask) == "already_assigned"


def test_from_outside_the_case_the_reason_is_read_only_while_it_waits_for_an_independent_reader(
    world, asked, held_clock
):
    _, request = asked
    other = AppointmentFactory(post=world.posts["manager"]).user
    made = AppointmentFactory(post=world.posts["manager"]).user
    append_system(kind="user_created", actor=made, at=T0, data={"user": str(world.stranger.pk)})

    def read(person, at=T0) -> str:
        with access.viewing(person):
            found = selectors.request_get(viewer=person, request_id=request.pk, at=at)
            return selectors.reason(viewer=person, request=found, at=at)

    assert read(world.manager) == REASON
    # One person stands behind this manager's account and the asker's.
    assert code_of(lambda: read(made)) == "not_your_role"
    held_clock.move(request.answer_by, hold=True)
    assert code_of(lambda: read(world.manager, request.answer_by)) == "not_your_role"
    assert read(world.sarc, request.answer_by) == REASON
    held_clock.move(T0, hold=True)
    approved(world, request)
    for manager in (world.manager, other):
        assert code_of(lambda person=manager: read(person)) == "not_your_role"
        page = signed_in(manager).get(f"/admin/emergency/{request.pk}/")
        assert b"read-reason" not in page.content
    assert read(world.sarc) == REASON
