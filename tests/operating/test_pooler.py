"""The web processes behind PgBouncer with a session for each transaction: everybody still sees their own cases only."""

import configparser
import http.client
import json
import shutil
import subprocess
import threading
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from django.conf import settings

from accounts.api_keys import api_key_create
from launcher import placement, process
from sapr import clock
from tests.operating.rolling import Clients, Server
from tests.processes import wait_until

FOUND = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pooler(program: str, env: dict[str, str]):
    """PgBouncer with the settings of `deploy/pgbouncer.ini`, but for places and a pool so small that all share it."""
    place = placement.throwaway()
    ini = configparser.ConfigParser()
    ini.read(Path(settings.BASE_DIR, "deploy", "pgbouncer.ini"))
    web, keys = (urlsplit(env[name]) for name in ("DATABASE_URL", "KEYS_DATABASE_URL"))
    ini["databases"] = {"*": f"host={unquote(web.hostname)} port=5432"}
    users = "".join(f'"{each.username}" "{unquote(each.password)}"\n' for each in (web, keys))
    socket = quote(str(place.socket), safe="")
    ini["pgbouncer"].update(
        unix_socket_dir=str(place.socket), unix_socket_mode="0777", default_pool_size="2", reserve_pool_size="0",
        listen_port="5432", auth_file=str(place.spare / "users"),
    )  # fmt: skip
    try:
        (place.spare / "users").write_text(users)
        with (place.spare / "ini").open("w") as file:
            ini.write(file)
        place.spare.chmod(0o755)
        running = process.spawn(
            [program, place.spare / "ini"],
            env=env,
            cwd=place.spare,
            output=subprocess.DEVNULL,
            account=place.account,
        )
        try:
            wait_until((place.socket / ".s.PGSQL.5432").exists, "the pooler listens")
            yield {
                name: each._replace(netloc=f"{each.username}:{each.password}@{socket}").geturl()
                for name, each in (("DATABASE_URL", web), ("KEYS_DATABASE_URL", keys))
            }
        finally:
            process.end(running)
    finally:
        shutil.rmtree(place.spare, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("program", [FOUND] if FOUND else [])
def test_with_a_session_for_each_transaction_everybody_sees_their_own(
    stage, admin, tmp_path, program
) -> None:
    world = stage.world
    keys = {
        user.pk: api_key_create(user=user, valid=timedelta(days=1), actor=None, at=clock.now())
        for user in (world.sarc, world.stranger)
    }
    seen: dict = {user: set() for user in keys}

    def look(user, port: int) -> None:
        for _ in range(10):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("GET", "/api/v1/cases", headers={"Authorization": f"Bearer {keys[user]}"})
                answer = connection.getresponse()
                assert answer.status == 200
                seen[user] |= {row["id"] for row in json.loads(answer.read())["items"]}

    with pooler(program, stage.env) as urls:
        server = Server(stage.env | urls | {"SAPR_POOLER": "transaction"}, tmp_path / "counted")
        try:
            with (
                Clients(server.port, keys[world.sarc.pk]) as mine,
                Clients(server.port, keys[world.stranger.pk]) as theirs,
            ):
                # There is something to see before the first look.
                mine.more(20)
                theirs.more(20)
                looking = [threading.Thread(target=look, args=(user, server.port)) for user in keys]
                for each in looking:
                    each.start()
                for each in looking:
                    each.join()
        finally:
            server.end()
    for clients in (mine, theirs):
        assert set(clients.answers) == {"GET 200", "POST 201"}, clients.answers
    assert not mine.created & theirs.created
    assert seen[world.sarc.pk]
    assert seen[world.sarc.pk] <= mine.created
    assert seen[world.stranger.pk] <= theirs.created
