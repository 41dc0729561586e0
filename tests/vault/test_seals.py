"""What is sealed opens only where it belongs, only with its key, and never in silence."""

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import F, Value

from reports import access
from reports.election.models import Identity, Narrative
from reports.ledger.selectors import case_events
from reports.vault import keys
from reports.vault.fields import Sealed
from reports.vault.models import WrappedKey
from reports.vault.services import open_sealed
from tests.times import T0
from tests.world import CANARIES


@pytest.fixture
def identity(world):
    case = world.contact()
    with access.viewing(world.sarc):
        yield Identity.objects.get(case=case)


def test_a_seal_opens_for_its_own_row_and_says_who_looked(world, identity) -> None:
    opened = open_sealed(record=identity, actor=world.sarc, purpose="case_work", at=T0)
    assert opened["name"] == CANARIES["name"]
    last = case_events(viewer=world.sarc, case=identity.case).last()
    assert (last.kind, last.actor_id) == ("sealed_opened", world.sarc.pk)
    assert last.data["purpose"] == "case_work"
    assert "identity.name" in last.data["what"]


def test_reading_the_attribute_gives_a_handle_not_the_value(identity) -> None:
    assert isinstance(identity.name, Sealed)
    assert CANARIES["name"] not in f"{identity.name} {identity.name!r} {identity} {identity!r}"


def test_the_column_holds_no_plain_byte(identity) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, dod_id, phone FROM reports_identity")
        stored = b"".join(bytes(column) for column in cursor.fetchone())
    assert CANARIES["name"].encode() not in stored
    assert CANARIES["dod_id"].encode() not in stored


def test_a_ciphertext_moved_to_another_column_does_not_open(world, identity) -> None:
    identity.name, identity.phone = identity.phone, identity.name
    with pytest.raises(keys.VaultLockedError):
        open_sealed(record=identity, actor=world.sarc, purpose="case_work", at=T0, fields=["name"])


def test_a_ciphertext_moved_to_another_row_does_not_open(world, identity) -> None:
    other = world.contact(name="Somebody Invented")
    with access.viewing(world.sarc):
        theirs = Identity.objects.get(case=other)
        theirs.name = identity.name
        with pytest.raises(keys.VaultLockedError):
            open_sealed(record=theirs, actor=world.sarc, purpose="case_work", at=T0, fields=["name"])


def test_a_flipped_bit_does_not_open(world, identity) -> None:
    raw = bytearray(identity.name.raw)
    for position in (0, 5, 20, len(raw) - 1):
        changed = bytearray(raw)
        changed[position] ^= 1
        identity.name = Sealed(bytes(changed))
        with pytest.raises(keys.VaultLockedError):
            open_sealed(record=identity, actor=world.sarc, purpose="case_work", at=T0, fields=["name"])


def test_another_master_key_opens_nothing(world, identity, settings) -> None:
    settings.MASTER_KEY = "11" * 32
    keys.forget()
    with pytest.raises(keys.VaultLockedError):
        open_sealed(record=identity, actor=world.sarc, purpose="case_work", at=T0)
    keys.forget()


def test_without_the_wrapped_key_nothing_opens(world, identity) -> None:
    keys.forget()
    other = Identity(case=identity.case, name=identity.name)
    other.case_id = __import__("uuid").uuid4()
    with pytest.raises(keys.VaultLockedError):
        open_sealed(record=other, actor=world.sarc, purpose="case_work", at=T0, fields=["name"])


def test_one_key_per_case_and_class(world) -> None:
    case = world.contact()
    found = WrappedKey.objects.filter(case_id=case.pk).values_list("sensitivity", flat=True)
    assert sorted(found) == ["identity", "narrative"]


@pytest.mark.parametrize("lookup", ["exact", "icontains", "startswith", "in", "regex", "gt"])
def test_a_sealed_column_cannot_be_searched(world, lookup) -> None:
    with pytest.raises(FieldError):
        Identity.objects.filter(**{f"name__{lookup}": "x"}).first()


def test_bulk_update_expressions_and_serialisers_fail_closed(world, identity) -> None:
    for expression in ("plain", Value("plain"), F("phone")):
        with pytest.raises((FieldError, TypeError)), transaction.atomic():
            Identity.objects.filter(pk=identity.pk).update(name=expression)
    with pytest.raises(FieldError):
        serializers.serialize("json", Narrative.objects.all())
    identity.name = "plain"
    with pytest.raises(FieldError), transaction.atomic():
        Identity.objects.bulk_update([identity], ["name"])


def test_an_unknown_purpose_opens_nothing(world, identity) -> None:
    from sapr.errors import DomainError

    with pytest.raises(DomainError, match="purpose"):
        open_sealed(record=identity, actor=world.sarc, purpose="curiosity", at=T0)


def test_the_sealed_fields_are_fernet_fields(world) -> None:
    import fernet_fields

    assert isinstance(Identity._meta.get_field("name"), fernet_fields.EncryptedField)
