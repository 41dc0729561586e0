"""Today of SARCs and SAPR VAs: what is due in their cases, most urgent first. Nothing here counts past `CAP`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Role
from accounts.selectors import zone_of_work
from notifications import selectors as notices
from notifications.lateness import selectors as lateness
from notifications.outside import selectors as outside
from reports import access, policy
from reports.breakglass import admin as emergency
from reports.breakglass import selectors as break_glass
from reports.election import selectors as election
from reports.evidence.keeping import notice_days
from reports.obligations import admin as duties
from reports.obligations import selectors as obligations

# More than this is not counted: a page is as quick for a thousand rows as for a hundred.
CAP = 100
# How many lines of each part a person takes in; the rest stands in the list of all.
LINES = {"late": 10, "once": 6, "soon": 8, "later": 4}
NOTICES, CONTACTS, ASKED = 20, 4, 10


@dataclass(frozen=True)
class Part:
    """One part of what is due: `number` as it is shown (`7`, `100+`), `more`: whether not all of it stands here."""

    name: str
    title: str
    number: str
    folders: list[duties.Folder]
    more: bool


def counted(rows: list) -> str:
    """How many there are, of which at most one more than `CAP` was fetched."""
    return f"{CAP}+" if len(rows) > CAP else str(len(rows))


def work(viewer, now: datetime, roles: frozenset[str]) -> dict[str, Any]:
    """What the page shows of the viewer's own cases."""
    waiting = list(notices.notices_waiting(viewer=viewer)[: CAP + 1])
    contacts = list(election.contacts_open(viewer=viewer)[: CAP + 1])
    found = _due(viewer, now, [notice.duty_id for notice in waiting])
    shown = [pk for part, ids in found.items() for pk in ids[: LINES[part]]]
    rows = obligations.open_duties(viewer=viewer).filter(pk__in=shown).select_related("case__report")
    lines = {line.duty.pk: line for line in duties.lines(rows, now)}
    parts = [
        Part(
            part,
            str(duties.TITLES[part]),
            counted(ids),
            duties.by_case(lines[pk] for pk in ids[: LINES[part]] if pk in lines),
            len(ids) > LINES[part],
        )
        for part, ids in found.items()
    ]
    kits = _kits(viewer, now)
    return {
        "work": True,
        "summary": _summary(waiting, found, contacts, kits),
        "notices": waiting[:NOTICES],
        "notices_more": len(waiting) > NOTICES,
        "notices_number": counted(waiting),
        "taken_back": list(notices.taken_back(viewer=viewer, at=now)[:ASKED])
        if access.VERBS["release_notice"] & roles
        else [],
        "reminded": {each.notice_id for each in notices.reminders_shown(viewer=viewer, at=now)},
        "told_of": lateness.told_of(viewer=viewer, duties=shown),
        "parts": parts[:-1],
        "later": parts[-1],
        "contacts": contacts[:CONTACTS],
        "contacts_more": len(contacts) > CONTACTS,
        "contacts_number": counted(contacts),
        "mail": _mail(viewer, now, roles),
        "emergencies": emergency.lines(break_glass.about_my_cases(viewer=viewer, at=now)[:ASKED], now),
    }


def _due(viewer, now: datetime, without: list) -> dict[str, list]:
    """The ids of the open duties of each part, as many as are counted: the few that are shown are fetched after.

    A notice that waits stands above them already.
    """
    rows = obligations.open_duties(viewer=viewer).exclude(pk__in=without).values_list("pk", flat=True)
    return {part: list(obligations.due_in(rows, part, now)[: CAP + 1]) for part in obligations.PARTS}


def _kits(viewer, now: datetime) -> list:
    """The duties to tell of kits whose time ends: those that come due within as many days as they are told before."""
    rows = obligations.open_duties(viewer=viewer).filter(kind="tell_kit_expiry")
    return list(rows.filter(due_at__lt=now + timedelta(days=notice_days())).values_list("pk")[: CAP + 1])


def _summary(
    waiting: list, found: dict[str, list], contacts: list, kits: list
) -> list[tuple[str, str, bool]]:
    """The first line: (words, where they lead, whether urgent) of what there is."""
    lines = [
        (
            waiting,
            "#h-notices",
            ngettext("%(n)s notice to release", "%(n)s notices to release", len(waiting)),
        ),
        (found["late"], "#h-late", _("%(n)s late")),
        (found["once"], "#h-once", _("%(n)s due at once")),
        (found["soon"], "#h-soon", _("%(n)s in the next 24 hours")),
        (
            contacts,
            "#h-contacts",
            ngettext(
                "%(n)s contact without a signature", "%(n)s contacts without a signature", len(contacts)
            ),
        ),
        (
            kits,
            reverse("admin:kits_expiring"),
            ngettext("%(n)s kit whose time ends", "%(n)s kits whose time ends", len(kits)),
        ),
    ]
    return [(words % {"n": counted(rows)}, where, where == "#h-late") for rows, where, words in lines if rows]


def _mail(viewer, now: datetime, roles: frozenset[str]) -> dict[str, Any] | None:
    """Since when no mail leaves, and when the next one would have come (DN-30); None while all is well."""
    since = outside.mail_dead_since()
    if since is None:
        return None
    zone = zone_of_work(viewer)
    instants = [policy.next_mail(now, zone, role=role) for role in (Role.SARC, Role.VA) if role in roles]
    return {"since": since, "zone": zone, "next": min((each for each in instants if each), default=None)}
