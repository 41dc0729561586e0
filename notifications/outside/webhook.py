"""A signed POST to a webhook, and where one may stand.

Written on the socket itself, with nothing but the standard library: so the bytes are known before they are sent (their
digest is the proof), no redirect is followed, no proxy is taken from the environment, no cookie or connection is kept,
and of the reply no more than its first line is read.

A webhook's host is looked up here and every address that it has must be a public one; the connection goes to the
address that was looked at, so a name that changes in between leads nowhere. Hosts of the deployment's own network are
named by whoever runs the system (`SAPR_WEBHOOK_PRIVATE_HOSTS`), never on a page. A demo or rehearsal may POST to
loopback in clear.
"""

import ipaddress
import re
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

from notifications.outside.handing import Deadline, NotHandedOver, Outcome
from sapr.errors import DomainError

# For one operation, and from the first packet to the reply's first line; shorter than the lease.
TIMEOUT = 10.0
TOTAL = 40.0
REPLY = 4096
# Of a host's addresses so many are tried: who runs the name decides how many it has.
ADDRESSES = 4
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
PORTS = range(1, 65536)
# Public by their look, private by what they carry: IPv4 within IPv6.
CARRIERS = [
    ipaddress.ip_network(net)
    for net in (
        *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "::ffff:0:0:0/96"),
        # Where such carriers are entered, and what was private in IPv6 before fc00::/7.
        *("192.88.99.0/24", "fec0::/10"),
    )
]
# What a receiver can mean by trying again later.
LATER = {408, 425, 429}
PLAIN = re.compile(r"[!-~]{1,300}")


def checked(url: str, *, loopback: bool) -> SplitResult:
    """The parts of a webhook's address. DomainError `bad_webhook` says what is wrong with it; nothing is looked up.

    `loopback`: whether plain http to this machine itself is allowed (demo and rehearsal).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad("This is not an address. Write https://host/path.") from None
    if not PLAIN.fullmatch(url) or not parts.hostname or port not in (None, *PORTS):
        raise _bad("This is not an address. Write https://host/path, in at most 300 plain characters.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _bad("Leave out user names, passwords and whatever follows a #: messages are signed instead.")
    local = loopback and parts.scheme == "http" and _is_loopback(parts.hostname)
    if parts.scheme != "https" and not local:
        raise _bad("The address must begin with https://.")
    return parts


def _bad(sentence: str) -> DomainError:
    return DomainError("bad_webhook", sentence, path="url")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allowed(address: str) -> bool:
    """Whether a message may go to this address: a public one that carries no other inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    inside = any(ip in net for net in CARRIERS if net.version == ip.version)
    return ip.is_global and not ip.is_multicast and not inside


def hand_over(
    request: bytes,
    url: str,
    *,
    private: bool = False,
    loopback: bool = False,
    timeout: float = TIMEOUT,
    total: float = TOTAL,
) -> None:
    """Send these very bytes to the webhook's host. Returns when it answered 2xx; NotHandedOver otherwise.

    `private`: the host may stand at a private address; `loopback`: a demo may POST to this machine in clear.
    """
    parts = checked(url, loopback=loopback)
    host, plain = str(parts.hostname), parts.scheme == "http"
    found = _addresses(host, parts.port or (80 if plain else 443))
    if not private and not plain and not all(allowed(address[0]) for _, address in found):
        raise NotHandedOver(Outcome.NOT_ALLOWED)
    with Deadline(total) as deadline:
        try:
            with _connected(found, timeout, deadline, host if not plain else None) as stream:
                stream.sendall(request)
                reply = _first_line(stream)
        except TimeoutError:
            raise NotHandedOver(Outcome.TIMED_OUT) from None
        except ssl.SSLError:
            raise NotHandedOver(Outcome.TIMED_OUT if deadline.passed else Outcome.BAD_REPLY) from None
        except (ConnectionResetError, BrokenPipeError):
            raise NotHandedOver(Outcome.TIMED_OUT if deadline.passed else Outcome.CUT_OFF) from None
        except OSError:
            raise NotHandedOver(Outcome.TIMED_OUT if deadline.passed else Outcome.UNREACHABLE) from None
    if not reply:
        raise NotHandedOver(Outcome.TIMED_OUT if deadline.passed else Outcome.CUT_OFF)
    _judge(reply, cut=deadline.passed)


def _addresses(host: str, port: int):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotHandedOver(Outcome.UNREACHABLE) from None
    return [(family, address) for family, _, _, _, address in found]


def _connected(found, timeout: float, deadline: Deadline, host: str | None) -> socket.socket:
    """A connection to the first address that takes one, encrypted for `host` where there is one.

    The deadline holds for all of them together; TimeoutError when it has passed.
    """
    last: OSError = ConnectionError()
    for family, address in found[:ADDRESSES]:
        if deadline.passed:
            raise TimeoutError
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
            deadline.watch(connection)
            if host is not None:
                connection = ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except OSError as error:
            connection.close()
            last = error
        else:
            return connection
    raise last


def _first_line(stream: socket.socket) -> bytes:
    reply = b""
    while b"\n" not in reply and len(reply) < REPLY and (more := stream.recv(REPLY - len(reply))):
        reply += more
    return reply


def _judge(reply: bytes, *, cut: bool) -> None:
    found = STATUS.match(reply)
    if found is None:
        raise NotHandedOver(Outcome.TIMED_OUT if cut else Outcome.BAD_REPLY)
    code = int(found[1])
    if 200 <= code < 300:
        return
    for_good = 300 <= code < 500 and code not in LATER
    raise NotHandedOver(Outcome.REFUSED if for_good else Outcome.BUSY, for_good=for_good)
