"""What the other side can do to a message on its way. Every limit is an argument, so nothing here waits long."""

import json
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.mail import get_connection

from notifications.outside import messages, smtp, webhook
from notifications.outside.handing import NotHandedOver, Outcome
from notifications.outside.models import OutgoingKind
from sapr.errors import DomainError
from tests.outside.certificates import Authority
from tests.outside.far_end import (
    FarEnd,
    black_hole,
    drip,
    drip_tls,
    encrypted,
    mail_server,
    receiver,
    reset_in_reply,
)
from tests.times import T0

SMTP = "notifications.outside.smtp.Backend"
# Who never answers is waited for so long; whoever does has time, also on a busy machine.
LIMITS = {"timeout": 0.2, "total": 0.3}
PATIENT = {"timeout": 30, "total": 30}


def limits_for(told: tuple[str, bool, bool]) -> dict[str, float]:
    return LIMITS if told[0] == Outcome.TIMED_OUT else PATIENT


def mail_to(port: int, settings, **limits: float):
    """Hand one mail over to the server at the port; its exact bytes."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    message = messages.mail(uuid4(), OutgoingKind.CONSTANT, "somebody@staff.invalid", T0)
    smtp.hand_over(message, **(limits or PATIENT))
    return messages.mail_bytes(message)


def post_to(port: int, **limits: float) -> bytes:
    """Hand one message over to the receiver at the port; its exact bytes."""
    url = f"http://127.0.0.1:{port}/hook?of=sapr"
    request = messages.webhook_request(uuid4(), OutgoingKind.HEARTBEAT, url, T0, "a secret")
    webhook.hand_over(request, url, loopback=True, **(limits or PATIENT))
    return request


def how(call, *args, **kwargs) -> tuple[str, bool, bool]:
    with pytest.raises(NotHandedOver) as error:
        call(*args, **kwargs)
    return str(error.value), error.value.for_good, error.value.this_one


def test_a_mail_arrives_as_the_bytes_whose_digest_is_kept(settings) -> None:
    with FarEnd(mail_server()) as end:
        sent = mail_to(end.port, settings)
    [got] = end.got
    assert sha256(got).digest() == sha256(sent).digest()


@pytest.mark.parametrize(
    ("serve", "told"),
    [
        (black_hole, (Outcome.TIMED_OUT, False, False)),
        (drip, (Outcome.TIMED_OUT, False, False)),
        (reset_in_reply, (Outcome.CUT_OFF, False, False)),
        (mail_server(cut_after_data=True), (Outcome.CUT_OFF, False, False)),
        (mail_server(recipient=b"550 no such box"), (Outcome.REFUSED, True, True)),
        (mail_server(recipient=b"450 later"), (Outcome.BUSY, False, True)),
        (mail_server(data=b"554 not that"), (Outcome.BAD_REPLY, False, False)),
    ],
    ids=["black hole", "drip", "reset", "cut off", "no such box", "later", "not that"],
)
def test_a_mail_server_that_misbehaves_ends_in_time_and_is_told_apart(settings, serve, told) -> None:
    with FarEnd(serve) as end:
        assert how(mail_to, end.port, settings, **limits_for(told)) == told


def test_nobody_there_is_told_apart(settings) -> None:
    with FarEnd(black_hole) as end:
        port = end.port
    assert how(mail_to, port, settings) == (Outcome.UNREACHABLE, False, False)
    assert how(post_to, port) == (Outcome.UNREACHABLE, False, False)


def test_the_tls_of_a_mail_server_is_watched_from_its_first_byte() -> None:
    """A drip in the handshake: TLS wraps a connection that the deadline holds already."""
    with FarEnd(drip_tls) as end:
        backend = get_connection(SMTP, host="127.0.0.1", port=end.port, use_ssl=True, timeout=5, total=0.3)
        message = messages.mail(uuid4(), OutgoingKind.CONSTANT, "somebody@staff.invalid", T0)
        with pytest.raises(TimeoutError):
            backend.send_messages([message])


def test_a_webhook_is_given_the_bytes_whose_digest_is_kept_and_signed() -> None:
    import hmac

    with FarEnd(receiver()) as end:
        sent = post_to(end.port)
    [got] = end.got
    assert got == sent
    head, _, body = got.decode().partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    signed = f"{headers['SAPR-Timestamp']}.{body}".encode()
    assert headers["SAPR-Signature"] == "sha256=" + hmac.new(b"a secret", signed, sha256).hexdigest()
    assert headers["SAPR-Timestamp"] == str(int(T0.timestamp()))
    assert headers["Idempotency-Key"] == json.loads(body)["id"]


@pytest.mark.parametrize(
    ("serve", "told"),
    [
        (black_hole, (Outcome.TIMED_OUT, False, False)),
        (drip, (Outcome.TIMED_OUT, False, False)),
        (reset_in_reply, (Outcome.CUT_OFF, False, False)),
        (receiver(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"), (Outcome.REFUSED, True, False)),
        (receiver(b"HTTP/1.1 410 Gone\r\n\r\n"), (Outcome.REFUSED, True, False)),
        (receiver(b"HTTP/1.1 429 Slow down\r\n\r\n"), (Outcome.BUSY, False, False)),
        (receiver(b"HTTP/1.1 500 Broken\r\n\r\n"), (Outcome.BUSY, False, False)),
        (receiver(b"hello\r\n"), (Outcome.BAD_REPLY, False, False)),
        (receiver(b"x" * 100_000), (Outcome.BAD_REPLY, False, False)),
    ],
    ids=["black hole", "drip", "reset", "redirect", "gone", "slow down", "broken", "nonsense", "endless"],
)  # fmt: skip
def test_a_receiver_that_misbehaves_ends_in_time_and_is_told_apart(serve, told) -> None:
    with FarEnd(serve) as end:
        assert how(post_to, end.port, **limits_for(told)) == told
        assert len(end.got) <= 1


@pytest.mark.parametrize(
    ("trusted", "name", "lasts", "told"),
    [
        (True, "localhost", timedelta(days=1), None),
        (True, "elsewhere.example", timedelta(days=1), (Outcome.BAD_REPLY, False, False)),
        (True, "localhost", timedelta(minutes=-1), (Outcome.BAD_REPLY, False, False)),
        (False, "localhost", timedelta(days=1), (Outcome.BAD_REPLY, False, False)),
    ],
    ids=["its own", "another's name", "expired", "of nobody known"],
)
def test_a_webhook_gets_nothing_before_it_has_shown_a_good_certificate(
    trusted, name, lasts, told, tmp_path, monkeypatch
) -> None:
    """A real TLS server on this machine; OpenSSL's own list of authorities is what counts."""
    authority = Authority(tmp_path)
    context = authority.server(name, lasts)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file if trusted else Authority(tmp_path).file))
    with FarEnd(encrypted(context, receiver())) as end:
        url = f"https://localhost:{end.port}/hook"
        request = messages.webhook_request(uuid4(), OutgoingKind.HEARTBEAT, url, T0, "a secret")
        limits = {"private": True, **PATIENT}
        if told is None:
            webhook.hand_over(request, url, **limits)
        else:
            assert how(webhook.hand_over, request, url, **limits) == told
        assert end.got == ([request] if told is None else [])


def test_no_proxy_is_taken_from_the_environment(monkeypatch) -> None:
    with FarEnd(receiver()) as proxy, FarEnd(receiver()) as end:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        post_to(end.port)
        assert (len(proxy.got), len(end.got)) == (0, 1)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x", "ftp://hooks.example/x", "https://", "https:///x", "//hooks.example/x", "hooks",
        "https://user:pass@hooks.example/x", "https://hooks.example/x#y", "https://hooks.example:0/x",
        "https://hooks.example:99999/x", "https://hooks.example/a b", "https://hooks.example/\r\nX: y",
        "https://hooks.example/ü", "https://[::1/x", "https://hooks.example/" + "x" * 300, "",
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_refused(url) -> None:
    with pytest.raises(DomainError) as refusal:
        webhook.checked(url, loopback=True)
    assert (refusal.value.code, refusal.value.path) == ("bad_webhook", "url")


def test_plain_http_goes_to_this_machine_only_and_only_in_a_demo() -> None:
    for host in ("127.0.0.1", "localhost", "[::1]", "127.9.9.9"):
        assert webhook.checked(f"http://{host}:8080/x", loopback=True).port == 8080
        with pytest.raises(DomainError):
            webhook.checked(f"http://{host}:8080/x", loopback=False)
    with pytest.raises(DomainError):
        webhook.checked("http://127.0.0.1.hooks.example/x", loopback=True)


def test_addresses_inside_are_no_webhooks() -> None:
    """SSRF: what the name stands for is looked at, the carriers of an IPv4 address within IPv6 too."""
    inside = (
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - an address, bound to nothing
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::1", "2001::1", "fec0::1", "::10.0.0.1", "::ffff:0:10.0.0.1",
        "64:ff9b:1::a00:1", "192.88.99.1",
    )  # fmt: skip
    assert [address for address in inside if webhook.allowed(address)] == []
    for address in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"):
        assert webhook.allowed(address)


def test_a_name_that_stands_for_an_address_inside_gets_nothing(monkeypatch) -> None:
    """One public address beside it does not help, and the connection goes to what was looked at."""
    looked = []

    def found(host, port, **kwargs):
        looked.append(host)
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(webhook.socket, "getaddrinfo", found)
    monkeypatch.setattr(webhook, "_connected", None)
    told = how(webhook.hand_over, b"", "https://hooks.example/x")
    assert told == (Outcome.NOT_ALLOWED, False, False)
    assert looked == ["hooks.example"]


@pytest.mark.parametrize(("last", "most"), [(2, 2), (0, 4)])
def test_a_name_with_many_silent_addresses_is_left_in_time(last, most, monkeypatch) -> None:
    """The limit holds for all of its addresses together, and no more than a few are tried."""
    tried: list[str] = []

    class Silent(webhook.socket.socket):
        def connect(self, address) -> None:
            tried.append(address)
            deadline.passed = len(tried) == last
            raise TimeoutError

    monkeypatch.setattr(webhook.socket, "socket", Silent)
    found = [(2, (f"93.184.216.{number}", 443)) for number in range(20)]
    with webhook.Deadline(60) as deadline, pytest.raises(TimeoutError):
        webhook._connected(found, 0.1, deadline, "hooks.example")
    assert len(tried) == most


def test_every_sort_of_message_is_equally_long_and_bears_nothing_but_id_and_instant() -> None:
    """T02 for webhooks and the technical mailbox: no counts, no case, no length that tells."""
    url, found = "https://hooks.example/x", set()
    for kind in (OutgoingKind.HEARTBEAT, OutgoingKind.ALARM):
        for _ in range(3):
            request = messages.webhook_request(uuid4(), kind, url, T0, "a secret")
            found.add((len(request), tuple(json.loads(request.partition(b"\r\n\r\n")[2]))))
    assert found == {(found.copy().pop()[0], ("id", "at", "say"))}
    sizes = {
        len(messages.mail_bytes(messages.mail(uuid4(), kind, "somebody@staff.invalid", T0)))
        for kind in messages.SUBJECTS
    }
    assert len(sizes) == 1
