"""Events of one act that nobody looks for are written with the next that somebody does: the chain is as without it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports import access
from reports.ledger.models import Event
from reports.ledger.selectors import case_events, first_bad_event
from reports.ledger.services import append, append_each, together
from sapr.written import MOST
from tests.times import T0


def kinds_since(case, seq: int) -> list[str]:
    return list(
        Event.objects.filter(case_id=case.pk, seq__gt=seq).order_by("seq").values_list("kind", flat=True)
    )


def test_what_waits_is_written_before_the_next_in_its_order_and_at_its_own_instant(world) -> None:
    case = world.signed("restricted").case
    with access.viewing(world.sarc):
        seq = Event.objects.filter(case_id=case.pk).count()
        earlier = T0 - timedelta(hours=1)
        with CaptureQueriesContext(connection) as asked, together():
            looks = [
                append(
                    case_id=case.pk,
                    kind="sealed_opened",
                    actor=world.sarc,
                    at=at,
                    data={"purpose": "signing"},
                )
                for at in (T0, earlier)
            ]
            assert kinds_since(case, seq) == []
            logged = append(case_id=case.pk, kind="contact_logged", actor=world.sarc, at=T0)
            assert kinds_since(case, seq) == ["sealed_opened", "sealed_opened", "contact_logged"]
            last = append(case_id=case.pk, kind="notice_composed", actor=world.sarc, at=T0)
        written = [
            each["sql"] for each in asked if each["sql"].lstrip().startswith('INSERT INTO "reports_event"')
        ]
        assert len(written) == 2
        events = list(case_events(viewer=world.sarc, case=case))
        assert [event.pk for event in events[-4:]] == [*looks, logged, last]
        assert [event.occurred_at for event in events[-4:]] == [T0, earlier, T0, T0]
        assert first_bad_event(events) is None


def test_many_events_go_in_statements_of_bounded_length_in_their_order(world) -> None:
    """Each number of rows is a statement that a connection keeps (`sapr.written`); one has 65,535 places at most."""
    case = world.signed("restricted").case
    said = [("sealed_opened", {"purpose": f"signing {nth}"}) for nth in range(2 * MOST + 1)]
    with access.viewing(world.sarc):
        with CaptureQueriesContext(connection) as asked:
            ids = append_each(case_id=case.pk, said=said, actor=world.sarc, at=T0)
        assert len([each for each in asked if each["sql"].startswith('INSERT INTO "reports_event"')]) == 3
        events = list(case_events(viewer=world.sarc, case=case))
        assert [(event.pk, event.data) for event in events[-len(said) :]] == [
            (pk, data) for pk, (_, data) in zip(ids, said, strict=True)
        ]
        assert first_bad_event(events) is None


def test_what_waits_for_one_case_is_never_written_to_anothers(world) -> None:
    one, other = world.signed("restricted").case, world.signed("restricted").case
    with access.viewing(world.sarc):
        before = {case: Event.objects.filter(case_id=case.pk).count() for case in (one, other)}
        with together():
            append(case_id=one.pk, kind="sealed_opened", actor=world.sarc, at=T0)
            append(case_id=other.pk, kind="sealed_opened", actor=world.sarc, at=T0)
            append(case_id=other.pk, kind="notice_composed", actor=world.sarc, at=T0)
        assert kinds_since(one, before[one]) == ["sealed_opened"]
        assert kinds_since(other, before[other]) == ["sealed_opened", "notice_composed"]


def test_a_block_that_fails_writes_none_of_what_waits(world) -> None:
    case = world.signed("restricted").case
    with access.viewing(world.sarc):
        seq = Event.objects.filter(case_id=case.pk).count()

        def fails() -> None:
            with together():
                append(case_id=case.pk, kind="sealed_opened", actor=world.sarc, at=T0)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()
        # Nothing is left that a later act would write as its own.
        append(case_id=case.pk, kind="contact_logged", actor=world.sarc, at=T0)
        assert kinds_since(case, seq) == ["contact_logged"]
