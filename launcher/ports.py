"""Ports on loopback: is one free, and give me a free one."""

import random
import socket

from launcher.failure import Stop

# Below those that systems lend to whoever connects to something (Linux: from 32768 on): none of these is lent between
# the moment at which it is found free and the one at which its server listens.
_OURS = range(20_000, 32_000)
_TRIES = 50


def insist_free(port: int) -> None:
    """Stop (exit code 1) when something listens there already or the system keeps the port for root."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Stop(
                f"Port {port} is kept for root on this system: choose one above 1024, as in ./run --port 8000."
            ) from None
        except OSError:
            raise Stop(
                f"Port {port} is in use: stop what listens there, or choose another, as in ./run --port {_other(port)}."
            ) from None


def free() -> int:
    """A port nobody uses, and nobody is lent before something listens there."""
    for port in random.SystemRandom().sample(_OURS, _TRIES):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Stop("No port on this machine is free: stop what listens on the others.")


def _other(port: int) -> int:
    return port + 1 if port < 65535 else port - 1
