"""Every page of the desk as each role sees it, drawn once from one lived scene."""

from dataclasses import dataclass

from django.db import connections

from tests.privacy.roster import ROUTES, filled
from tests.privacy.scene import Scene

ROLES = ("sarc", "va", "manager", "commander", "unit_commander", "mcio", "stranger", "")
# Leaving, and what answers with no page.
NOT_READ = ("admin/logout/", "admin/demo-clock/")


@dataclass(frozen=True)
class Page:
    """A page as it was answered. `queries`: asked of both databases to draw it."""

    who: str
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    queries: int


class Asked:
    """Counts what is asked of a database."""

    times = 0

    def __call__(self, execute, sql, params, many, context):
        self.times += 1
        return execute(sql, params, many, context)


def pages_of(scene: Scene) -> list[Page]:
    """Each address of the desk by each role, where a page comes back (refusals are pages too)."""
    found = []
    for who in ROLES:
        client = scene.client(who)
        for route in ROUTES:
            if route.startswith(("api", "healthz")) or route in NOT_READ:
                continue
            url = filled(route, scene.ids, "nothing/")
            client.stay()
            asked = Asked()
            with connections["default"].execute_wrapper(asked), connections["keys"].execute_wrapper(asked):
                answer = client.get(url)
            if not answer.streaming and answer.content and answer["Content-Type"].startswith("text/html"):
                headers = dict(answer.headers)
                found.append(Page(who, url, answer.status_code, headers, answer.content, asked.times))
    return found
