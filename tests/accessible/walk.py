"""Every page of the desk as each role sees it, drawn once from one lived scene."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from django.db import connections

from notifications.models import Notice, NoticeState
from reports import access
from reports.casework.matters.models import Matter
from reports.casework.models import Assignment
from tests.privacy.roster import ROUTES, filled
from tests.privacy.scene import Scene

ROLES = ("sarc", "va", "manager", "commander", "unit_commander", "mcio", "stranger", "")
# Leaving, and what answers with no page.
NOT_FOUND = 404
NOT_READ = ("admin/logout/", "admin/demo-clock/")
ID = re.compile(r"[0-9a-f-]{36}")
SENDING = ("sarc", "va", "manager", "commander")
# The first form of the page itself.
SENT = re.compile(rb'<main.*?<form method="post"(?: action="(?P<action>[^"]*)")?', re.S)


@dataclass(frozen=True)
class Page:
    """A page as it was answered. `queries`: asked of both databases to draw it; `sent`: to a POST."""

    who: str
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    queries: int
    sent: bool = False


class Asked:
    """Counts what is asked of a database."""

    times = 0

    def __call__(self, execute, sql, params, many, context):
        self.times += 1
        return execute(sql, params, many, context)


def pages_of(scene: Scene, roles: tuple[str, ...] = ROLES) -> list[Page]:
    """Each address of the desk by each of the roles, where a page comes back (refusals are pages too).

    With ids of things that the role can open, where the scene has any.
    """
    found, tries = [], [scene.ids, *(scene.ids | more for more in others(scene))]
    for who in roles:
        client = scene.client(who)
        for route in ROUTES:
            if route.startswith(("api", "healthz")) or route in NOT_READ:
                continue
            for ids in tries:
                url, asked = filled(route, ids, "nothing/"), Asked()
                client.stay()
                with (
                    connections["default"].execute_wrapper(asked),
                    connections["keys"].execute_wrapper(asked),
                ):
                    answer = client.get(url)
                if answer.status_code != NOT_FOUND or "<" not in route:
                    break
            if not answer.streaming and answer.content and answer["Content-Type"].startswith("text/html"):
                headers = dict(answer.headers)
                found.append(Page(who, url, answer.status_code, headers, answer.content, asked.times))
    return found


def after_posts(scene: Scene, drawn: list[Page]) -> list[Page]:
    """What comes back when a form is sent as it came, empty: refusals at the fields, previews, opened seals, receipts.

    After everything was looked at, since some of it does something. The answer to a step that leads elsewhere is
    that page with its message.
    """
    found, kinds = [], set()
    for page in drawn:
        if page.status != HTTPStatus.OK or page.who not in SENDING or not SENT.search(page.body):
            continue
        if (kind := ID.sub("", page.url)) in kinds:
            continue
        kinds.add(kind)
        client = scene.client(page.who)
        client.stay()
        address = (SENT.search(page.body)["action"] or b"").decode() or page.url
        if any(word in address for word in NOT_READ):
            continue
        answer = client.post(address, follow=True)
        if (
            answer.content
            and answer["Content-Type"].startswith("text/html")
            and answer.status_code != NOT_FOUND
        ):
            headers = dict(answer.headers)
            found.append(Page(page.who, address, answer.status_code, headers, answer.content, 0, sent=True))
    return found


def others(scene: Scene) -> list[dict[str, object]]:
    """Ids of further things of the scene: a notice that waits, another report, a matter, a case of the SAPR VA."""
    with access.viewing(scene.world.sarc):
        waits = Notice.objects.filter(state=NoticeState.COMPOSED).first()
        matter = Matter.objects.first()
    with access.viewing(scene.world.va):
        work = Assignment.objects.filter(user=scene.world.va, ended_at=None).first()
    return [
        {"notice_id": waits.pk, "case_id": scene.ids["restricted"]},
        {"matter_id": matter.pk, "case_id": matter.case_id},
        {"case_id": work.case_id},
    ]
