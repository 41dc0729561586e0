"""The other side of a channel, in a thread: a mail server and a webhook's receiver, and how each can misbehave."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable

PAUSE = 0.02


class FarEnd:
    """Listens on loopback; every connection is `serve`d in a thread of its own. `got`: what was received whole."""

    def __init__(self, serve: Callable[["FarEnd", socket.socket], None]) -> None:
        self.serve = serve
        self.got: list[bytes] = []
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> "FarEnd":
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        # Closing alone does not wake up who waits for a connection.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._one, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _one(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with connection, contextlib.suppress(OSError):
            self.serve(self, connection)


def black_hole(end: FarEnd, connection: socket.socket) -> None:
    """Takes the connection and says nothing."""
    end.over.wait()


def drip(end: FarEnd, connection: socket.socket) -> None:
    """A byte now and then, and never an end of line: each one would start a time-out anew."""
    while not end.over.wait(PAUSE):
        connection.sendall(b"2")


def drip_tls(end: FarEnd, connection: socket.socket) -> None:
    """The same within a TLS handshake: a record of 16 kB is announced."""
    connection.sendall(b"\x16\x03\x03\x40\x00")
    drip(end, connection)


def reset_in_reply(end: FarEnd, connection: socket.socket) -> None:
    """Half a reply, then the connection is torn down."""
    connection.sendall(b"22")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def mail_server(*, recipient: bytes = b"250 ok", data: bytes = b"250 ok", cut_after_data: bool = False):
    """A mail server that answers so to an addressee and to a message."""

    def serve(end: FarEnd, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 far end\r\n")
        for line in lines:
            word = line[:4].upper().strip()
            if word == b"DATA":
                connection.sendall(b"354 go on\r\n")
                message = b""
                while (line := next(lines, b".\r\n")) != b".\r\n":
                    message += line[1:] if line.startswith(b"..") else line
                end.got.append(message)
                if cut_after_data:
                    return
                connection.sendall(data + b"\r\n")
            elif word == b"RCPT":
                connection.sendall(recipient + b"\r\n")
            elif word == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 ok\r\n")

    return serve


def _more(connection: socket.socket) -> bytes:
    """What comes next. Of a sender who has gone nothing does: the connection is over."""
    if not (part := connection.recv(4096)):
        raise ConnectionAbortedError
    return part


def receiver(reply: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"):
    """A webhook's receiver: reads one whole request, answers so."""

    def serve(end: FarEnd, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += _more(connection)
        head, _, body = request.partition(b"\r\n\r\n")
        [length] = [int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length: ")]
        while len(body) < length:
            body += _more(connection)
        end.got.append(head + b"\r\n\r\n" + body)
        connection.sendall(reply)

    return serve


def encrypted(context: ssl.SSLContext, serve: Callable[["FarEnd", socket.socket], None]):
    """The same behind TLS."""

    def behind(end: FarEnd, connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as stream:
            serve(end, stream)

    return behind
