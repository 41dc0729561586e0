"""Ports on loopback: is one free, and give me a free one."""

import socket

from launcher.failure import Stop


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
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _other(port: int) -> int:
    return port + 1 if port < 65535 else port - 1
