"""Serves pages that were drawn before, with their own headers, to a browser on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type

from django.contrib.staticfiles import finders


class Shelf(ThreadingHTTPServer):
    """`pages`: address to (headers, body). `asked`: every address that the browser asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[dict[str, str], bytes]] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://localhost:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        headers, body = self.server.pages.get(self.path) or _static(self.path)
        self.send_response(200 if body else 404)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing to the terminal."""


def _static(path: str) -> tuple[dict[str, str], bytes]:
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found is None:
        return {}, b""
    with open(found, "rb") as file:
        return {"Content-Type": guess_type(path)[0] or "application/octet-stream"}, file.read()


@contextmanager
def shelf() -> Iterator[Shelf]:
    """A shelf that is served until the block ends."""
    with Shelf() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
