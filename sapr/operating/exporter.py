"""A small server for a monitor: the numbers that only the worker's account can read."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from prometheus_client import CONTENT_TYPE_LATEST

from sapr.errors import DomainError
from sapr.operating.gauges import OfWorker
from sapr.operating.metrics import text, token_fits

# A monitor that does not read its answer holds up nothing but this server.
PATIENCE = 10


def server(host: str, port: int) -> HTTPServer:
    """Listening, one question after the other. Beyond this machine only with a token (SAPR_METRICS_TOKEN_FILE)."""
    try:
        alone = ip_address(host).is_loopback
    except ValueError:
        raise DomainError(
            "bad_address", "Give an address to listen at, such as 127.0.0.1.", path="listen"
        ) from None
    if not alone and not settings.METRICS_TOKEN:
        raise DomainError(
            "no_token", "Beyond this machine a token is needed: SAPR_METRICS_TOKEN_FILE.", path="listen"
        )
    return HTTPServer((host, port), Handler)


class Handler(BaseHTTPRequestHandler):
    """GET /metrics and nothing else; says nothing of who asked."""

    timeout = PATIENCE
    server_version, sys_version = "sapr", ""

    def do_GET(self) -> None:
        """The numbers; 404 for everything else and everybody else, 503 while the database is away."""
        allowed = not settings.METRICS_TOKEN or token_fits(self.headers.get("Authorization", ""))
        if self.path != "/metrics" or not allowed:
            self.send_error(404)
            return
        try:
            body = text(OfWorker())
        except (DatabaseError, InterfaceError):
            connection.close()
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """No access log, here neither."""
