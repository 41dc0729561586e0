"""A client certificate stands for both factors only as a front end vouches for it; everything else is a forgery."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import certificates
from accounts.models import ClientCertificate
from reports import access
from reports.ledger.selectors import system_events
from sapr.checks import certificates_come_from_the_front_end
from sapr.errors import DomainError
from tests.signed_in import passed
from tests.times import T0

SECRET, SUBJECT = "s" * 40, "CN=INVENTED.SARC.0000000000"
VOUCHED = {"X-Client-Subject": SUBJECT, "X-Front-End": SECRET}


@pytest.fixture
def front_end(settings) -> None:
    """Certificates are set up, behind TLS."""
    settings.HTTPS = True
    settings.CLIENT_CERT_HEADER, settings.PROXY_SECRET_HEADER = "X-Client-Subject", "X-Front-End"
    settings.PROXY_SECRET = SECRET


@pytest.fixture
def bound(world):
    certificates.certificate_bind(user=world.sarc, subject=SUBJECT, at=T0)
    return world.sarc


def sign_in(headers: dict[str, str], *, secure: bool = True) -> Client:
    client = Client(headers=headers)
    client.post("/admin/certificate/", {"next": "/admin/inbox/"}, secure=secure)
    return client


def inside(client: Client, **extra) -> bool:
    return client.get("/admin/", secure=True, **extra).status_code == 200


def test_the_card_signs_in_with_both_factors_and_leads_on(world, front_end, bound) -> None:
    client = Client(headers=VOUCHED)
    assert "use-card" in client.get("/admin/login/", secure=True).content.decode()
    answer = client.post("/admin/certificate/", {"next": "/admin/inbox/"}, secure=True)
    assert answer["Location"] == "/admin/inbox/"
    assert inside(client)
    assert client.get("/api/v1/cases", secure=True).status_code == 200
    with access.viewing(world.manager):
        event = system_events(viewer=world.manager).get(kind="signed_in")
    assert (event.actor_id, event.data["second"]) == (bound.pk, "certificate")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Client-Subject": SUBJECT},
        {"X-Client-Subject": SUBJECT, "X-Front-End": "guessed"},
        {"X-Client-Subject": SUBJECT, "X-Front-End": ""},
        {"X-Client-Subject": "CN=SOMEBODY.ELSE", "X-Front-End": SECRET},
        {"X-Client-Subject": "", "X-Front-End": SECRET},
        {"X-Client-Subject": "x" * 100_000, "X-Front-End": SECRET},
        {},
    ],
)
def test_a_forged_header_signs_nobody_in(front_end, bound, headers) -> None:
    assert not inside(sign_in(headers))


def test_over_plain_http_it_counts_for_nothing(front_end, bound) -> None:
    assert not inside(sign_in(VOUCHED, secure=False))


@pytest.mark.parametrize("off", ["CLIENT_CERT_HEADER", "PROXY_SECRET_HEADER", "PROXY_SECRET", "HTTPS"])
def test_where_it_is_not_set_up_the_header_is_ignored(front_end, bound, settings, off) -> None:
    setattr(settings, off, type(getattr(settings, off))())
    client = Client(headers=VOUCHED)
    assert "use-card" not in client.get("/admin/login/", secure=True).content.decode()
    assert client.post("/admin/certificate/", secure=True).status_code == 404
    assert not inside(client)


def test_a_stolen_cookie_is_worth_nothing_without_the_card(world, front_end, bound) -> None:
    client = sign_in(VOUCHED)
    thief = Client()
    thief.cookies = client.cookies
    assert not inside(thief)
    assert thief.get("/api/v1/cases", secure=True).status_code == 401
    certificates.certificate_bind(user=world.va, subject="CN=INVENTED.VA", at=T0)
    assert not inside(thief, headers=VOUCHED | {"X-Client-Subject": "CN=INVENTED.VA"})


def test_a_session_of_other_factors_needs_no_card(world, front_end) -> None:
    client = Client()
    passed(client, world.sarc)
    assert inside(client)


def test_a_closed_account_or_an_unbound_card_ends_it_at_once(world, front_end, bound) -> None:
    client = sign_in(VOUCHED)
    assert inside(client)
    assert certificates.certificate_unbind(user=bound, at=T0)
    assert not inside(client)
    assert not certificates.certificate_unbind(user=bound, at=T0)


def test_the_command_line_binds_it_and_only_a_keyed_digest_is_kept(world, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SUBJECT}\n"))
    call_command("staff", "certificate", "sarc", stdout=io.StringIO())
    row = ClientCertificate.objects.get(user=world.sarc)
    assert SUBJECT.encode() not in bytes(row.subject_digest)
    with pytest.raises(DomainError) as told:
        certificates.certificate_bind(user=world.va, subject=SUBJECT, at=T0)
    assert told.value.code == "already_bound"
    with access.viewing(world.manager):
        assert [e.kind for e in system_events(viewer=world.manager)][-1] == "certificate_bound"
    call_command("staff", "certificate", "sarc", "--remove", stdout=io.StringIO())
    assert not ClientCertificate.objects.exists()


@pytest.mark.parametrize(
    ("changed", "ids"),
    [
        ({}, []),
        ({"HTTPS": False}, ["sapr.E010"]),
        ({"PROXY_SECRET": "short"}, ["sapr.E011"]),
        ({"PROXY_SECRET_HEADER": ""}, ["sapr.E011"]),
        ({"HTTPS": False, "PROXY_SECRET": ""}, ["sapr.E010", "sapr.E011"]),
        ({"CLIENT_CERT_HEADER": "", "HTTPS": False, "PROXY_SECRET": ""}, []),
    ],
)
def test_a_half_set_up_does_not_start(front_end, settings, changed, ids) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    assert [error.id for error in certificates_come_from_the_front_end(None)] == ids
