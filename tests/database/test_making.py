"""Rows made without Django's ceremony are the rows that Django makes."""

import uuid

import pytest
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

from accounts.models import Location, User
from reports.election.models import Case, Report, SignedForm
from reports.obligations.models import Duty
from sapr.making import made, read
from tests.database.test_every_model import OURS
from tests.times import T0


def said(row) -> dict:
    """All that a row holds; of an id that is drawn for each row only what it is."""
    own = {name: type(value) if type(value) is uuid.UUID else value for name, value in vars(row).items()}
    state = vars(own.pop("_state"))
    return own | {"adding": row._state.adding, "cached": state.get("fields_cache", {})}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_new_row_of_every_model_has_what_django_gives_it(model) -> None:
    assert said(made(model)) == said(model())
    first, second = made(model), made(model)
    for name, value in vars(first).items():
        assert not isinstance(value, list | dict) or value is not getattr(second, name)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_row_that_is_read_has_what_django_gives_it(model) -> None:
    names = [field.attname for field in model._meta.concrete_fields]
    values = list(range(len(names)))
    few = len(names) // 2
    for asked in (names, names[: few + 1]):
        row, same = (
            read(model, asked, values[: len(asked)]),
            model.from_db("default", asked, values[: len(asked)]),
        )
        assert said(row) == said(same)
        assert (row._state.adding, row._state.db) == (same._state.adding, same._state.db)
        assert row.get_deferred_fields() == same.get_deferred_fields()


def test_related_rows_are_known_as_django_knows_them() -> None:
    place, actor = Location(name="Invented"), User()
    case, same = (Case(installation=place, number="x") for _ in range(2))
    for ours, theirs in (
        (made(Report, case=case, signed_at=T0), Report(case=same, signed_at=T0)),
        (made(Duty, case=case, about=None), Duty(case=same, about=None)),
        (made(Duty, case_id=case.pk), Duty(case_id=same.pk)),
        (made(SignedForm, case=case, advocate=actor), SignedForm(case=same, advocate=actor)),
    ):
        one, other = said(ours), said(theirs)
        assert {**one, "cached": set(one["cached"])} == {**other, "cached": set(other["cached"])}
    assert made(Report, case=case).case_id == case.pk
    report = made(Report, case=case)
    assert case.report is report
    assert report.case is case
    with pytest.raises(TypeError, match="no_column"):
        made(Report, no_column=1)


def test_nobody_listens_and_no_column_has_ways_of_its_own() -> None:
    """What `sapr.making` leaves out would be missed otherwise."""
    assert not pre_init.receivers
    assert not post_init.receivers
    for model in OURS:
        assert model.__init__.__qualname__ in ("Model.__init__", "AbstractBaseUser.__init__")
        for field in model._meta.concrete_fields:
            assert issubclass(field.descriptor_class, DeferredAttribute)
            assert isinstance(model.__dict__.get(field.attname, DeferredAttribute(field)), DeferredAttribute)
            assert field.remote_field is None or field.target_field.primary_key
