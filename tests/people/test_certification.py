"""SARC and SAPR VA count only while an advocate certification is in force: in every door, from that moment on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from accounts import selectors, services, staffing
from accounts.acting import acting
from accounts.asking import Asked
from accounts.models import CERTIFIED_ROLES, Certification, Role
from notifications.models import Reminder
from notifications.placing import nudge
from notifications.sweeping import sweep
from reports import access, policy
from reports.casework.services import va_assign
from reports.ledger.selectors import system_events
from sapr import clock
from sapr.errors import DomainError
from tests.api.door import Door
from tests.database.refusals import refused
from tests.factories import AppointmentFactory, UserFactory
from tests.signed_in import signed_in
from tests.times import T0

DAY = timedelta(days=1)


def refusal(action, **kwargs) -> str:
    with pytest.raises(DomainError) as told, transaction.atomic():
        action(**kwargs)
    return told.value.code


def of(user) -> Certification:
    return Certification.objects.get(user=user)


def in_database(user) -> tuple[list[str], int]:
    """What row-level security makes of the person: roles, and cases seen."""
    with access.viewing(user), connection.cursor() as cursor:
        cursor.execute("SELECT sapr_viewer_roles(), (SELECT count(*) FROM reports_case)")
        roles, cases = cursor.fetchone()
        return roles, cases


def lapse(world, held_clock, user) -> None:
    """Its end passes while everything goes on."""
    ends = T0 + timedelta(days=4000)
    held_clock.move(ends - timedelta(microseconds=1), hold=True)
    assert in_database(user)[1] == 1
    held_clock.move(ends, hold=True)


def revoke(world, held_clock, user) -> None:
    services.certification_end(certification=of(user), actor=world.manager, at=T0)


@pytest.mark.parametrize("end", [lapse, revoke])
def test_without_one_a_running_session_and_a_key_reach_nothing_from_that_moment(
    world, held_clock, end, monkeypatch
) -> None:
    case, desk, door = world.contact(), signed_in(world.sarc), Door(world.sarc)
    assert desk.get(f"/admin/cases/{case.pk}/").status_code == 200
    assert door.get(f"cases/{case.pk}").status_code == 200
    # Years pass in this test; the session and the key are not what ends access here.
    monkeypatch.setattr("accounts.sessions.SessionStore.load", _whatever_the_time)
    monkeypatch.setattr("accounts.apis.asked_by", lambda key, shown: Asked(world.sarc, None, 0))
    end(world, held_clock, world.sarc)
    assert selectors.roles_of(world.sarc, held_clock.now()) == frozenset()
    assert in_database(world.sarc) == ([], 0)
    assert desk.get(f"/admin/cases/{case.pk}/").status_code == 403
    assert door.get(f"cases/{case.pk}").status_code == 403
    assert "is not in force" in desk.get("/admin/").content.decode()


def _whatever_the_time(self):
    row = self._row().first()
    return self.decode(row.session_data) if row else {}


def test_which_roles_need_one_is_what_the_rule_says() -> None:
    [needed] = policy.rule("AG-01", on=T0.date()).parameters["when"]
    assert set(needed["advocate_post"]["in"]) == set(CERTIFIED_ROLES)


def test_an_appointment_alone_gives_nothing(world) -> None:
    row = AppointmentFactory(post=world.posts["va"], user=UserFactory(username="new_va"), certified=False)
    assert selectors.roles_of(row.user, T0) == frozenset()
    assert in_database(row.user) == ([], 0)
    case = world.contact()
    assert refusal(va_assign, actor=world.sarc, case_id=case.pk, va=row.user, at=T0) == "not_a_va"
    services.certification_record(user=row.user, starts_at=T0, ends_at=T0 + DAY, actor=world.manager, at=T0)
    assert selectors.roles_of(row.user, T0) == {Role.VA}
    assert va_assign(actor=world.sarc, case_id=case.pk, va=row.user, at=T0)


def test_other_roles_of_the_same_person_stay(world) -> None:
    AppointmentFactory(post=world.posts["mcio"], user=world.va)
    services.certification_end(certification=of(world.va), actor=world.manager, at=T0)
    assert selectors.roles_of(world.va, T0) == {Role.MCIO}
    assert in_database(world.va)[0] == ["mcio"]
    assert [post.pk for post in selectors.posts_of(world.va, T0)] == [world.posts["mcio"].pk]
    assert selectors.holders_of(world.posts["commander"], T0).get() == world.commander


def test_the_post_of_somebody_lapsed_is_vacant_and_reminders_go_up(stage) -> None:
    world = stage.world
    world.strength(5000)
    world.signed("restricted")
    services.certification_end(certification=of(world.sarc), actor=world.manager, at=T0)
    assert world.posts["sarc"] in staffing.vacant_posts(T0)
    with access.viewing(world.manager):
        due = max(Reminder.objects.filter(post=world.posts["manager"]).values_list("due_at", flat=True))
    clock.move(due, hold=True)
    with stage.as_worker():
        assert sweep()["reminded"] >= 2
        assert nudge(world.posts["manager"], key="", at=due) is not None
        assert nudge(world.posts["sarc"], key="", at=due) is None


class TestRecordingAndRevoking:
    def test_each_is_an_event_and_happens_once(self, world):
        new = {
            "user": world.commander,
            "starts_at": T0,
            "ends_at": T0 + DAY,
            "actor": world.manager,
            "at": T0,
        }
        row = services.certification_record(**new)
        assert refusal(services.certification_record, **new) == "already_certified"
        end = {"certification": row, "actor": world.manager, "at": T0}
        services.certification_end(**end)
        assert refusal(services.certification_end, **end) == "already_ended"
        with access.viewing(world.manager):
            kinds = [e.kind for e in system_events(viewer=world.manager)]
        assert kinds[-2:] == ["certification_recorded", "certification_ended"]

    @pytest.mark.parametrize(
        ("ends", "fits"),
        [
            ("2028-03-03", True),
            ("2028-03-04T15:00", True),
            ("2028-03-04T15:01", False),
            ("2126-03-01", False),
        ],
    )
    def test_a_manager_records_none_for_longer_than_its_renewal_allows(self, world, ends, fits):
        """From 2 March 2026 to the day two years later, that day included: in the service and in the database."""
        new = {"user": world.commander, "starts_at": T0}
        new |= {"ends_at": datetime.fromisoformat(ends).replace(tzinfo=UTC), "recorded_by": world.manager}
        with transaction.atomic(), acting(world.manager):
            if fits:
                Certification.objects.create(**new)
            else:
                with refused("renewed every two years"):
                    Certification.objects.create(**new)
            Certification.objects.filter(user=world.commander).update(revoked_at=T0)
        given = {
            "user": new["user"],
            "starts_at": T0,
            "ends_at": new["ends_at"],
            "actor": world.manager,
            "at": T0,
        }
        if fits:
            assert services.certification_record(**given)
        else:
            with pytest.raises(DomainError) as told, transaction.atomic():
                services.certification_record(**given)
            assert (told.value.code, told.value.rule) == ("too_long", "AG-05")

    def test_the_databases_two_years_are_the_rules(self):
        assert policy.rule("AG-05", on=T0.date()).parameters["data"]["years"] == 2

    def test_nobody_records_or_revokes_their_own(self, world):
        AppointmentFactory(post=world.posts["sarc"], user=world.manager)
        own = {"user": world.manager, "starts_at": T0 + 5000 * DAY, "ends_at": T0 + 6000 * DAY}
        code = refusal(services.certification_record, **own, actor=world.manager, at=T0)
        assert code == "own_rights"
        end = {"certification": of(world.manager), "actor": world.manager, "at": T0}
        assert refusal(services.certification_end, **end) == "own_rights"
        with acting(world.manager), refused("own certification|not_ones_own"):
            Certification.objects.create(recorded_by=world.manager, **own)

    def test_only_a_programme_manager_does(self, world):
        new = {"user": world.commander, "starts_at": T0, "ends_at": T0 + DAY}
        with refused("only a programme manager"):
            services.certification_record(**new, actor=world.sarc, at=T0)


class TestThePages:
    def test_days_are_the_installations_and_the_person_and_the_managers_are_told(self, world):
        services.certification_end(certification=of(world.sarc), actor=world.manager, at=T0)
        manager = signed_in(world.manager)
        assert "counts as vacant" in manager.get("/admin/staff/").content.decode()
        data = {"user": str(world.sarc.pk), "starts_on": "2026-03-02", "ends_on": "2026-03-20"}
        assert manager.post("/admin/staff/certifications/new/", data).status_code == 302
        row = Certification.objects.get(user=world.sarc, revoked_at=None)
        # Midnight in New York, daylight saving time having begun in between.
        assert (row.starts_at.isoformat(), row.ends_at.isoformat()) == (
            "2026-03-02T05:00:00+00:00",
            "2026-03-21T04:00:00+00:00",
        )
        assert "lapses in 18 days" in signed_in(world.sarc).get("/admin/").content.decode()
        assert "in 18 days" in manager.get("/admin/").content.decode()
        url = f"/admin/staff/certifications/{row.pk}/end/"
        assert "Access to every case ends at once" in manager.get(url).content.decode()
        assert manager.post(url).status_code == 422
        assert manager.post(url, {"confirm": "on"}).status_code == 302
        assert selectors.roles_of(world.sarc, T0) == frozenset()

    @pytest.mark.parametrize(
        "odd",
        [
            {"user": ""}, {"user": "x"}, {"starts_on": "0000-00-00"}, {"starts_on": "1066-10-14"},
            {"ends_on": "2025-01-01"}, {"ends_on": "9999-12-31"}, {"ends_on": "x" * 100_000},
        ],
    )  # fmt: skip
    def test_odd_input_is_told_at_its_field(self, world, odd):
        data = {"user": str(world.commander.pk), "starts_on": "2026-03-02", "ends_on": "2028-03-01"} | odd
        answer = signed_in(world.manager).post("/admin/staff/certifications/new/", data)
        assert answer.status_code == 422
        assert not Certification.objects.filter(user=world.commander).exists()
