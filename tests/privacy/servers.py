"""The real processes: gunicorn, the worker with its beat, and what their errors leave behind."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from unittest import mock
from urllib.parse import quote

from django.conf import settings

from launcher import ports, steps
from notifications.models import MailRound, Notice, NoticeState
from reports import access
from sapr import clock
from sapr.celery import app, conninfo
from tests.notices.test_killed_worker import worker_env
from tests.privacy.api import Api
from tests.privacy.scene import Scene
from tests.processes import celery_worker, kill, wait_until

NO_CORE = re.compile(r"Max core file size +0 +0 ")
# An error as the database words it: short message, value in the detail. Written backwards here, so that this
# statement itself holds no marker.
BOOM = """
CREATE FUNCTION canary_boom() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'a rule was broken' USING DETAIL = reverse({}), HINT = reverse({}); END$$
"""
# One table at a time: the worker, at a statement of several, would wait for one while this waits for another.
BREAK = (
    "CREATE TRIGGER canary_boom BEFORE UPDATE ON notifications_channel EXECUTE FUNCTION canary_boom()",
    "CREATE TRIGGER canary_boom BEFORE INSERT ON reports_case EXECUTE FUNCTION canary_boom()",
)
CALM = (
    "DROP TRIGGER canary_boom ON notifications_channel",
    "DROP TRIGGER canary_boom ON reports_case",
    "DROP FUNCTION canary_boom()",
)


def words_of_the_launcher(port: int) -> list[str]:
    """The command line with which `./run` starts the web server."""
    with mock.patch.object(steps, "_service", lambda stage, words, env: words):
        words = steps.web(SimpleNamespace(port=port, for_web=dict))
    return [sys.executable, *map(str, words)]


@contextmanager
def web_server(scene: Scene):
    """gunicorn as `./run` starts it, with its temporary files in a folder that is looked into."""
    port = ports.free()
    own = ("PATH", "HOME", "LANG", "DATABASE_URL", "KEYS_DATABASE_URL")
    env = {name: value for name, value in scene.stage.env.items() if name in own or name.startswith("SAPR_")}
    env |= {
        "SAPR_ROLE": "web",
        "TMPDIR": str(scene.folder / "temp"),
        "PROMETHEUS_MULTIPROC_DIR": str(scene.folder / "temp" / "counted"),
        "SAPR_MAIL_DIR": str(scene.folder / "mail"),
    }
    (scene.folder / "temp" / "counted").mkdir(exist_ok=True)
    with scene.server_log.open("ab") as log:
        server = subprocess.Popen(
            words_of_the_launcher(port),
            cwd=settings.BASE_DIR,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            wait_until(lambda: steps.healthy(port), "the web server", log=scene.server_log)
            scene.processes.append(server.pid)
            yield port
        finally:
            kill(server)


def broken_requests(scene: Scene, port: int) -> None:
    """Requests that gunicorn or Django refuse before a view sees them."""
    person = scene.people["typed"]
    name = quote(person.name.value).encode()
    for raw in (
        b"GET /" + name + b" HTTP/9.9\r\n\r\n",
        name + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + name + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: " + person.dod_id.value.encode() + b".invalid\r\n\r\n",
        b"GET /admin/?q=" + name + b" HTTP/1.1\r\nHost: localhost\r\nX-Long: " + name * 900 + b"\r\n\r\n",
        b"POST /enrol/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -" + name + b"\r\n\r\n",
        b"POST /enrol/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: " + name + b"\r\n\r\n" + name,
        b"POST /enrol/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n" + name,
    ):
        # Whoever is refused before everything was read may find the connection reset, with or without an answer.
        with (
            suppress(ConnectionError),
            socket.create_connection(("127.0.0.1", port), timeout=60) as connection,
        ):
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


def large_upload(scene: Scene, port: int) -> int:
    """A file of three megabytes; the status of the answer."""
    person, border = scene.people["typed"], "x-canary"
    head = f'--{border}\r\nContent-Disposition: form-data; name="f"; filename="{person.dod_id.value}.txt"\r\n\r\n'
    body = head.encode() + person.text.value.encode() * 100_000 + f"\r\n--{border}--\r\n".encode()
    return post(port, "/enrol/", body, {"Content-Type": f"multipart/form-data; boundary={border}"})[0]


def failing_case(scene: Scene, port: int, headers: dict[str, str]) -> tuple[int, bytes]:
    """A contact that the database refuses with a value in its detail."""
    person = scene.people["typed"]
    body = json.dumps({"identity": person.identity(), "narrative": person.narrative()})
    return post(port, "/api/v1/contacts", body.encode(), headers | {"Content-Type": "application/json"})


def post(port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body of one POST."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("POST", path, body, headers)
        with connection.getresponse() as answer:
            return answer.status, answer.read()


def wake(scene: Scene) -> None:
    """Ask the worker to sweep now, instead of at the beat's next turn. Its broker stands in the scene's own copy."""
    options = {"conn_string": conninfo(scene.stage.env["DATABASE_URL"])}
    with app.connection_for_write(transport_options=options) as broker:
        app.send_task("notifications.sweep", connection=broker)


PROCESSES = 3


def run(scene: Scene) -> None:
    """Web server and worker together: first everything fails, then the worker does its work."""
    from psycopg import sql

    text = scene.people["typed"].text.value[::-1]
    api = Api(scene, "sarc")
    with celery_worker(worker_env(scene.stage, scene.folder), scene.folder, scene.worker_log) as worker:
        scene.processes.append(worker.pid)
        with scene.admin() as admin:
            admin.execute(sql.SQL(BOOM).format(text, text))
            for each in BREAK:
                admin.execute(each)
            with web_server(scene) as port:
                broken_requests(scene, port)
                scene.ids["upload"] = large_upload(scene, port)
                scene.ids["failed"] = failing_case(scene, port, api.headers)
                remember_processes(scene)
            wake(scene)
            failing = "sqlstate"
            wait_until(
                lambda: failing in scene.worker_log.read_text(), "the worker to fail", log=scene.worker_log
            )
            for each in CALM:
                admin.execute(each)
        notice = scene.ids.pop("notice")
        clock.move(notice.slot, hold=True)
        wake(scene)

        def placed() -> bool:
            with access.viewing(scene.world.sarc):
                return Notice.objects.filter(pk=notice.pk, state=NoticeState.PLACED).exists()

        wait_until(placed, "the worker to place the notice", log=scene.worker_log)
        # Nothing goes out because of it; the next constant mail does at its hour.
        clock.move(MailRound.objects.get(made_at=None).planned_at, hold=True)
        wake(scene)
        mail = scene.folder / "mail"
        wait_until(
            lambda: mail.is_dir() and any(p.stat().st_size for p in mail.iterdir()),
            "a mail",
            log=scene.worker_log,
        )


def remember_processes(scene: Scene) -> None:
    """What other accounts of the machine may see of the processes: command lines; and their environments."""
    own = {os.getpid(), *scene.processes}
    for pid in own:
        for part in ("cmdline", "environ") if pid != os.getpid() else ("cmdline",):
            with open(f"/proc/{pid}/{part}", "rb") as file:
                scene.shown.append(file.read().decode(errors="replace"))
    # gunicorn answers as soon as its first process is ready; the second may still be starting.
    wait_until(lambda: closed_to_cores(limits(scene)), "limits")
    scene.limits = limits(scene)


def closed_to_cores(found: list[str]) -> bool:
    """Whether the processes are all there, two of the web server and one of the worker, and leave no image."""
    return len(found) >= PROCESSES and all(NO_CORE.search(each) for each in found)


def limits(scene: Scene) -> list[str]:
    """Those of the processes that hold keys or do the work: the children of the two servers."""
    children = [Path(f"/proc/{pid}/task/{pid}/children").read_text().split() for pid in scene.processes]
    return [Path(f"/proc/{pid}/limits").read_text() for each in children for pid in each]
