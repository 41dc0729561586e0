"""CK-21: credentials end by their clocks or when the logins are used up; which are whose only the SARC knows."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from notifications.sweeping import sweep
from reports import access
from reports.casework.services import va_assign
from reports.catch import credentials, selectors, services
from reports.catch.asking import logins_after_first_use
from reports.catch.models import CatchCredentials
from reports.ledger.models import Event
from reports.obligations.models import Duty
from sapr import clock
from sapr.errors import DomainError
from tests.confidence.conftest import duties_about, refused_by, run, undone
from tests.confidence.test_catch import NAMELESS, join
from tests.database.refusals import refused
from tests.times import T0

USER = "kestrel-canary-41"
DUE = "catch_credentials_expire"


def issued(world, case, *, at=T0) -> CatchCredentials:
    return credentials.catch_credentials_issue(actor=world.sarc, case_id=case.pk, user_name=USER, at=at)


def use(world, row, at) -> bool:
    return credentials.catch_credentials_use(
        actor=world.sarc, case_id=row.case_id, credentials_id=row.pk, at=at
    )


@pytest.fixture
def case(world, report):
    join(world, report.case)
    return report.case


def test_ck_21_the_first_use_ends_one_clock_and_starts_the_other_and_the_last_login_ends_them(
    world, case
) -> None:
    row = issued(world, case)
    assert duties_about(world, row.pk) == [(DUE, "CK-21", "open")]
    clock.move(T0 + timedelta(hours=60), hold=True)
    more = logins_after_first_use(T0)
    assert more == 4
    for number in range(more + 1):
        ended = use(world, row, T0 + timedelta(hours=number + 1))
        assert ended is (number == more)
        window = "discharged" if ended else "open"
        assert duties_about(world, row.pk) == [(DUE, "CK-21", "ended"), ("catch_window", "CK-21", window)]
    with access.viewing(world.sarc):
        # The later logins moved the end of the window nowhere.
        assert Duty.objects.get(kind="catch_window").due_at == T0 + timedelta(hours=73)
    with refused_by("CK-21", "credentials_ended"):
        use(world, row, T0 + timedelta(hours=8))


def test_ck_21_two_of_a_case_have_clocks_of_their_own_and_leaving_ends_both(world, case) -> None:
    first, second = issued(world, case), issued(world, case)
    use(world, first, T0)
    assert [state for _, _, state in duties_about(world, second.pk)] == ["open"]
    credentials.catch_credentials_close(actor=world.sarc, case_id=case.pk, credentials_id=first.pk, at=T0)
    with refused_by("CK-21"):
        use(world, first, T0)
    with undone():
        services.catch_leave(actor=world.sarc, case_id=case.pk, at=T0)
        for row in (first, second):
            assert "open" not in {state for _, _, state in duties_about(world, row.pk)}
        with pytest.raises(DomainError, match="did not take part"):
            issued(world, case)
    clock.move(T0 + timedelta(days=20), hold=True)
    with refused_by("CK-21"):
        use(world, second, T0 + timedelta(days=20))


def test_ca_09_which_are_whose_only_the_sarc_knows_in_the_service_and_in_the_database(world, case) -> None:
    va_assign(actor=world.sarc, case_id=case.pk, va=world.va, at=T0)
    row = issued(world, case)
    with pytest.raises(DomainError, match="does not include"):
        credentials.catch_credentials_issue(actor=world.va, case_id=case.pk, user_name=USER, at=T0)
    with access.viewing(world.va):
        assert not CatchCredentials.objects.exists()
        assert not selectors.case_credentials(viewer=world.va, case=case).exists()
    with access.viewing(world.sarc):
        assert selectors.user_name(viewer=world.sarc, record=row, at=T0) == USER
        assert not Event.objects.filter(data__icontains="canary").exists()
        for statement in (
            "UPDATE reports_catchcredentials SET user_name = 'x'",
            "DELETE FROM reports_catchcredentials",
        ):
            with refused("permission denied"):
                run(statement)


def test_ck_21_the_worker_ends_them_at_their_instant_and_can_write_nothing_else(stage) -> None:
    world = stage.world
    report = world.signed("restricted")
    services.catch_join(
        actor=world.sarc, case_id=report.case_id, answers=NAMELESS, form_signed=False, consents=False, at=T0
    )
    row, used = issued(world, report.case), issued(world, report.case)
    use(world, used, T0)
    early = (
        "INSERT INTO reports_event (id, case_id, kind, occurred_at, actor_id, data)"
        " VALUES (gen_random_uuid(), %s, 'catch_credentials_closed', %s, NULL,"
        " jsonb_build_object('credentials', %s::text))"
    )
    with stage.as_worker():
        assert sweep()["ended"] == 0
        for about in (row.pk, report.pk):
            with refused("row-level security|closed by an event"):
                run(early, report.case_id, T0, about)
        with refused("row-level security|closed by an event"):
            run(
                "UPDATE reports_duty SET state = 'discharged', closed_event = gen_random_uuid(), closed_at = %s"
                " WHERE kind = %s AND state = 'open'", T0, DUE,
            )  # fmt: skip
        with pytest.raises(psycopg.Error), connection.cursor() as cursor:
            cursor.connection.execute("SELECT * FROM reports_catchcredentials")
        connection.close()
    clock.move(T0 + timedelta(days=30), hold=True)
    with stage.as_worker():
        assert sweep()["ended"] == 2
        assert sweep()["ended"] == 0
    assert [state for _, _, state in duties_about(world, row.pk)] == ["discharged"]
    assert [state for _, _, state in duties_about(world, used.pk)] == ["ended", "discharged"]
    with access.viewing(world.sarc):
        ended = Event.objects.filter(kind="catch_credentials_closed").order_by("occurred_at")
        dues = Duty.objects.filter(discharged_by="catch_credentials_closed", state="discharged")
        assert [each.occurred_at for each in ended] == sorted(dues.values_list("due_at", flat=True))
        assert {each.actor_id for each in ended} == {None}
