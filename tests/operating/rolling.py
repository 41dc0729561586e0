"""Real servers behind a small proxy, and clients that go on all the while."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import uuid
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings

from launcher import ports, steps
from tests.privacy.servers import words_of_the_launcher
from tests.processes import kill, wait_until

OWN = ("PATH", "HOME", "LANG", "DATABASE_URL", "KEYS_DATABASE_URL")


class Server:
    """gunicorn as `./run` starts it, with two processes; `roll` as systemd reloads it."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.port, self.folder = ports.free(), folder
        self.env = {name: value for name, value in env.items() if name in OWN or name.startswith("SAPR_")}
        self.env |= {"SAPR_ROLE": "web", "PROMETHEUS_MULTIPROC_DIR": str(folder)}
        folder.mkdir()
        self.start()

    def start(self) -> None:
        for counted in self.folder.iterdir():
            counted.unlink()
        with (self.folder.parent / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                words_of_the_launcher(self.port),
                cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until(lambda: steps.healthy(self.port), "the web server", log=self.folder.parent / "web.log")

    def workers(self) -> set[str]:
        master = self.process.pid
        return set(Path(f"/proc/{master}/task/{master}/children").read_text().split())

    def roll(self) -> None:
        before = self.workers()
        os.kill(self.process.pid, signal.SIGHUP)
        wait_until(lambda: len(self.workers()) == 2 and not before & self.workers(), "new processes serve")

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)

    def end(self) -> None:
        kill(self.process)


class Proxy:
    """Hands each connection to one of the servers in turn; `out` are those that it leaves out, as a front end would."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers, self.out, self.turn = servers, set(), 0
        self.busy: Counter[int] = Counter()
        # A connection is counted with the choice of its server: else one that was just left out could still be chosen.
        self.choosing = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def drained(self, server: Server) -> None:
        with self.choosing:
            self.out.add(server.port)
        wait_until(lambda: self.busy[server.port] == 0, "its last requests are answered")

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self.choosing:
            self.turn += 1
            there = [each.port for each in self.servers if each.port not in self.out]
            port = there[self.turn % len(there)]
            self.busy[port] += 1
        try:
            with client, socket.create_connection(("127.0.0.1", port)) as server:
                up = threading.Thread(target=_pump, args=(client, server), daemon=True)
                up.start()
                _pump(server, client)
        except OSError:
            pass
        finally:
            with self.choosing:
                self.busy[port] -= 1


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        return


class Clients:
    """Threads that open contacts and look at the schema, each answer counted, until the block ends."""

    def __init__(self, port: int, key: str, threads: int = 3) -> None:
        self.port, self.key, self.over = port, key, threading.Event()
        self.counting = threading.Lock()
        self.answers: Counter[str] = Counter()
        self.created: set[str] = set()
        self.threads = [threading.Thread(target=self._go_on) for _ in range(threads)]

    def __enter__(self) -> "Clients":
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.over.set()
        for each in self.threads:
            each.join()

    def _go_on(self) -> None:
        while not self.over.is_set():
            self._ask("GET", "/healthz", None)
            self._ask("POST", "/api/v1/contacts", "{}")

    def _ask(self, method: str, path: str, body: str | None) -> None:
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        headers |= {"Idempotency-Key": str(uuid.uuid4())} if body else {}
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
                connection.request(method, path, body, headers)
                with connection.getresponse() as answer:
                    said = answer.read()
                    with self.counting:
                        self.answers[f"{method} {answer.status}"] += 1
                        if answer.status == 201:
                            self.created.add(json.loads(said)["id"])
        except (OSError, http.client.HTTPException) as error:
            with self.counting:
                self.answers[f"{method} {type(error).__name__}"] += 1

    def more(self, answers: int) -> None:
        """Until so many more were answered."""
        until = self.answers.total() + answers
        wait_until(lambda: self.answers.total() >= until, f"{answers} more answers")


@contextmanager
def two_servers(env: dict[str, str], folder: Path):
    servers: list[Server] = []
    try:
        for number in range(2):
            servers.append(Server(env, folder / f"counted{number}"))
        proxy = Proxy(servers)
        yield servers, proxy
        proxy.listener.close()
    finally:
        for each in servers:
            each.end()
