"""A question composed once answers as the queryset does, in every thread and with every value."""

import threading
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from accounts.models import Appointment, Post, User
from accounts.selectors import current
from sapr.composed import composed
from tests.times import T0


@composed
def held(user_id: UUID, at: datetime):
    """With tables beside it, and what is asked of the instant at four places."""
    return Appointment.objects.filter(current(at), user_id=user_id).select_related("post__location")


@composed
def roles(user_id: UUID):
    """Values instead of rows."""
    return Post.objects.filter(appointments__user_id=user_id).order_by("role").values_list("role", flat=True)


def test_answers_are_the_querysets_own(world) -> None:
    for user in (world.sarc, world.va, world.commander):
        for at in (T0, T0 - timedelta(days=40_000)):
            plain = list(Appointment.objects.filter(current(at), user=user).select_related("post__location"))
            rows = held(user.pk, at)
            assert rows == plain
            assert [row.post.location.name for row in rows] == [row.post.location.name for row in plain]
            assert all(row._state.db == "default" and not row._state.adding for row in rows)
        assert roles(user.pk) == list(
            Post.objects.filter(appointments__user=user).order_by("role").values_list("role", flat=True)
        )
    assert held(uuid4(), T0) == []


def test_what_stands_between_two_reads_is_one_question(world, django_assert_num_queries) -> None:
    held(world.sarc.pk, T0)
    with django_assert_num_queries(1):
        [row] = held(world.sarc.pk, T0)
        assert row.post.location.zone


def test_each_thread_asks_over_its_own_connection(world) -> None:
    roles(world.sarc.pk)
    pids: set[int] = set()

    def ask() -> None:
        def note(execute, sql, params, many, context):
            pids.add(context["connection"].connection.info.backend_pid)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            roles(world.sarc.pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(pids) == 2
    assert connection.connection.info.backend_pid not in pids


def test_what_cannot_be_composed_once_is_refused(world) -> None:
    @composed
    def changed(name: str):
        return User.objects.filter(username__contains=name)

    @composed
    def left_out(user_id: UUID, name: str):
        return User.objects.filter(pk=user_id)

    @composed
    def further(user_id: UUID):
        return User.objects.filter(pk=user_id).prefetch_related("appointments")

    for ask, values in ((changed, ["a"]), (left_out, [uuid4(), "a"]), (further, [uuid4()])):
        with pytest.raises(TypeError):
            ask(*values)
    with pytest.raises(TypeError):
        roles(None)
    with pytest.raises(TypeError):
        roles()
