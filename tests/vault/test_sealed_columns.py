"""No way through the ORM shows a sealed value, and no changed or moved byte of one opens."""

import copy
import logging
import pickle
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import DatabaseError, models, transaction
from django.db.models import Case, Count, F, Max, Value, When
from django.db.models.functions import Cast, Concat, Lower
from django.forms import modelform_factory
from rest_framework.serializers import ModelSerializer

from notifications.models import Acknowledgement, FinerWording, InboxItem, Notice
from reports import access
from reports.breakglass.models import BreakGlass
from reports.breakglass.services import break_glass_ask
from reports.casework.cmg.models import Minutes
from reports.casework.matters.models import Matter
from reports.casework.matters.services import matter_open
from reports.catch.models import CatchContact, CatchCredentials
from reports.election.models import Decision, Identity, Narrative, SignedForm
from reports.election.papers.models import Paper
from reports.evidence.labels import label_draw
from reports.evidence.models import Kit, KitCard, KitName
from reports.evidence.services import kit_number_issue
from reports.vault import checks, keys
from reports.vault.errors import VaultLockedError
from reports.vault.fields import Sealed, SealedTextField
from reports.vault.models import WrappedKey
from reports.vault.services import sealed_fields
from tests.access.people import confided, said_otherwise
from tests.forms import sign
from tests.meeting.ways import called, held, line_of, minutes_kept
from tests.times import T0
from tests.world import CANARIES

SEALED_MODELS = (
    Identity, Narrative, Decision, SignedForm, Kit, Notice, InboxItem, BreakGlass, Matter, Paper, Minutes, CatchContact,
    CatchCredentials, KitCard, KitName, Acknowledgement, FinerWording,
)  # fmt: skip


@pytest.fixture
def identity(world):
    case = world.contact()
    with access.viewing(world.sarc):
        yield Identity.objects.get(case=case)


def holds_nothing(found: object) -> None:
    shown = f"{found} {found!r}"
    assert not [name for name, value in CANARIES.items() if value in shown]


def test_every_model_with_a_sealed_column_is_looked_at_here() -> None:
    from django.apps import apps

    assert {model for model in apps.get_models() if sealed_fields(model)} == set(SEALED_MODELS)


def sealed_in(world) -> list[tuple]:
    """(record, field, sealed bytes) of everything sealed that anybody of the staff can reach."""
    found = []
    for viewer in (world.sarc, world.stranger, world.commander, world.mcio, world.unit_commander):
        with access.viewing(viewer):
            for model in SEALED_MODELS:
                for record in model.objects.all():
                    for name, field in sealed_fields(model).items():
                        if isinstance(getattr(record, name), Sealed):
                            found.append((record, field, getattr(record, name)))
    return found


def test_no_ciphertext_opens_anywhere_but_in_its_own_place(world) -> None:
    """Every pair over rows, columns, cases and tables of a world with reports of both kinds, kits and notices."""
    world.strength(900)
    for option in ("restricted", "unrestricted"):
        report = world.signed(option)
        sign(world, report.case, "DD 2911")
        sealed = {"name": "Invented Offender"}
        matter_open(actor=world.sarc, case_id=report.case_id, kind="civil_order", at=T0, sealed=sealed)
        kit, _ = kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    confided(world, world.signed("restricted").case, at=T0)
    with access.viewing(world.sarc):
        said_otherwise(world, Notice.objects.filter(kind="commander_notice_restricted").first())
    label_draw(actor=world.sarc, case_id=report.case_id, kit_id=kit.pk, printer=False, at=T0)
    world.contact(actor=world.stranger)
    break_glass_ask(actor=world.stranger, case=report.case.number, reason="Invented.", at=T0)
    minutes_kept(world, line_of(world, held(world, called(world)), report.case_id))
    found = sealed_in(world)
    assert {type(record) for record, _, _ in found} == set(SEALED_MODELS)

    def place(record, field) -> tuple:
        # A notice and its inbox row are one place on purpose: the details move from one to the other.
        return field.label, record.pk, record.case_id

    pairs, opened = 0, 0
    for record, field, own in found:
        for other, other_field, sealed in found:
            if place(record, field) == place(other, other_field):
                assert field.open(record, sealed) == other_field.open(other, own)
                continue
            pairs += 1
            try:
                field.open(record, sealed)
                opened += 1
            except VaultLockedError:
                continue
    assert pairs > 1_000
    assert opened == 0


def test_not_one_byte_can_be_changed_left_out_or_added(identity) -> None:
    field, raw = Identity._meta.get_field("name"), identity.name.raw
    changed = [
        bytes([*raw[:at], raw[at] ^ bit, *raw[at + 1 :]]) for at in range(len(raw)) for bit in (1, 128)
    ]
    changed += [raw[:length] for length in range(len(raw))]
    changed += [raw + b"\x00", b"", b"\x02" + raw[1:], CANARIES["name"].encode()]
    log = logging.getLogger("sapr")
    with patch.object(log, "handle") as handled:
        for each in changed:
            with pytest.raises(VaultLockedError):
                field.open(identity, Sealed(each))
    said = [(call.args[0].msg, call.args[0].fields) for call in handled.call_args_list]
    assert said == [("seal_broken", {"column": "identity.name"})] * len(changed)


def test_neither_another_master_key_nor_a_missing_one_opens(identity, settings) -> None:
    field = Identity._meta.get_field("name")
    for master in ("11" * 32, "not hexadecimal", "11"):
        settings.MASTER_KEY = master
        keys.forget()
        with pytest.raises(VaultLockedError) as refusal:
            field.open(identity, identity.name)
        assert master not in str(refusal.value)
    settings.MASTER_KEY = settings.MASTER_KEY_FILE = ""
    keys.forget()
    with pytest.raises(VaultLockedError, match="no master key"):
        field.open(identity, identity.name)


def test_a_wrapped_key_put_under_another_case_or_class_opens_nothing(world, identity) -> None:
    other = world.contact()
    mine = WrappedKey.objects.get(case_id=identity.case_id, sensitivity="identity")
    keys.forget()
    field = Identity._meta.get_field("name")
    for case_id, sensitivity in (
        (other.pk, "evidence"),
        (uuid4(), "identity"),
        (identity.case_id, "evidence"),
    ):
        WrappedKey.objects.create(
            case_id=case_id, sensitivity=sensitivity, kek_id=mine.kek_id, wrapped=bytes(mine.wrapped)
        )
        with pytest.raises(VaultLockedError):
            keys.case_key(case_id, sensitivity)
    assert field.open(identity, identity.name) == CANARIES["name"]


@pytest.mark.parametrize(
    "expression",
    [
        "plain",
        Value("plain"),
        F("phone"),
        Value(b"plain", output_field=models.BinaryField()),
        Case(When(phone__isnull=True, then=Value("plain")), default=F("phone")),
        Concat(Value("plain"), Value("er")),
        Lower(Value("PLAIN")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_only_save_writes(world, identity, expression) -> None:
    with pytest.raises(FieldError), transaction.atomic():
        Identity.objects.filter(pk=identity.pk).update(name=expression)
    identity.name = expression if isinstance(expression, str) else "plain"
    with pytest.raises(FieldError), transaction.atomic():
        Identity.objects.bulk_update([identity], ["name"])
    if not isinstance(expression, str):
        identity.name = expression
        with pytest.raises(FieldError), transaction.atomic():
            identity.save()


def test_every_way_of_reading_gives_a_handle(identity) -> None:
    rows = Identity.objects.filter(pk=identity.pk)
    for found in (
        rows.values(), rows.values("name"), rows.values_list(), rows.values_list("name", flat=True),
        rows.values_list("name", named=True), rows.annotate(x=F("name")).values("x"), rows.in_bulk(),
        rows.annotate(x=Cast("name", models.TextField())).values("x"), rows.iterator(), rows.distinct(),
        Identity.objects.raw("SELECT * FROM reports_identity"), rows.only("id"), rows.defer("name"),
        rows.order_by("name").values(), rows.aggregate(Count("name")), rows.explain(),
    ):  # fmt: skip
        holds_nothing(list(found) if not isinstance(found, dict | str) else found)
    lazily = rows.only("id").get()
    assert isinstance(lazily.name, Sealed)
    assert lazily.name.raw == identity.name.raw
    with transaction.atomic():
        try:
            holds_nothing(rows.aggregate(Max("name")))
        except DatabaseError:  # PostgreSQL before 18 knows no greatest ciphertext
            transaction.set_rollback(True)


def test_copies_pickles_and_printing_give_nothing(identity) -> None:
    for form in (copy.deepcopy(identity), copy.copy(identity), pickle.loads(pickle.dumps(identity))):  # noqa: S301
        holds_nothing((form, vars(form), form.name, str(form.name), f"{form.name}", bytes(form.name.raw)))
    with pytest.raises(TypeError):
        pickle.dumps(keys.case_key(identity.case_id, "identity"))
    with pytest.raises(TypeError):
        copy.deepcopy(keys.case_key(identity.case_id, "identity"))
    key = keys.case_key(identity.case_id, "identity")
    assert f"{key} {key!r}" == "<data key> <data key>"


@pytest.mark.parametrize("model", SEALED_MODELS, ids=lambda model: model.__name__)
def test_neither_serialisers_nor_forms_take_it(world, model) -> None:
    world.signed("unrestricted")
    field = next(iter(sealed_fields(model).values()))
    for form in ("json", "python", "xml"):
        with access.viewing(world.sarc), pytest.raises(FieldError):
            serializers.serialize(form, [model(id=uuid4(), **{field.attname: Sealed(b"\x01")})])
    with pytest.raises(FieldError, match="no form field"):
        modelform_factory(model, fields=[field.name])
    with pytest.raises(FieldError, match="no form field"):
        modelform_factory(model, fields="__all__")


def test_a_rest_serialiser_shows_a_handle_at_most(identity) -> None:
    class Everything(ModelSerializer):
        class Meta:
            model = Identity
            fields = "__all__"

    holds_nothing(Everything(identity).data)


def test_saving_what_was_not_touched_keeps_it_byte_for_byte(identity) -> None:
    before = identity.name.raw
    identity.phone = "+1 555 0100"
    identity.save(update_fields=["phone", "name", "email"])
    again = Identity.objects.get(pk=identity.pk)
    assert again.name.raw == before
    assert Identity._meta.get_field("phone").open(again, again.phone) == "+1 555 0100"


def test_a_column_without_label_or_with_anothers_stops_the_start(monkeypatch) -> None:
    assert checks.sealed_columns_are_labelled(None) == []
    for label, sensitivity in (("", "identity"), ("identity.name", "identity"), ("fresh.label", "secret")):
        field = SealedTextField(label=label, sensitivity=sensitivity)
        field.set_attributes_from_name("extra")
        field.model = Narrative
        with monkeypatch.context() as patched:
            patched.setattr(Narrative._meta, "local_fields", [*Narrative._meta.local_fields, field])
            Narrative._meta._expire_cache()
            assert [each.id for each in checks.sealed_columns_are_labelled(None)] == ["sapr.E008"]
        Narrative._meta._expire_cache()
    for refused in ("primary_key", "unique", "db_index"):
        with pytest.raises(FieldError):
            SealedTextField(label="x", sensitivity="identity", **{refused: True})
