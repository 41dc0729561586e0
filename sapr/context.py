"""What every page of the desk is given."""

from typing import Any

from django.http import HttpRequest

from accounts import limits
from accounts.models import Role
from accounts.selectors import roles_of
from reports import access
from sapr import clock
from sapr.desk import undo
from sapr.desk.demo import zone_of
from sapr.desk.waiting.admin import ROLES as WAITS
from sapr.models import Kind

# (url name, words, who sees it): what a day needs, in its order; then what is looked for now and then.
NAVIGATION = (
    ("admin:index", "Today", frozenset(Role.values)),
    ("admin:inbox", "Inbox", access.VERBS["read_inbox"]),
    ("admin:contact_new", "New contact", access.VERBS["open_contact"]),
    ("admin:cases", "Cases", access.VERBS["case_view"]),
    ("admin:waiting", "Waiting", WAITS),
    ("admin:calendar", "Calendar", access.VERBS["discharge_duty"]),
    ("admin:person_find", "Find a person", access.VERBS["case_view"]),
    ("admin:shelf", "Shelf", access.VERBS["see_evidence_room"] | access.VERBS["case_work"]),
    ("admin:meetings", "Meetings", access.VERBS["cmg_attend"]),
    ("admin:staff", "Staff", access.VERBS["manage_staff"]),
)
FURTHER = (
    ("admin:emergency", "Emergency", access.VERBS["break_glass_ask"] | access.VERBS["break_glass_decide"]),
    ("admin:handovers", "Hand-over", access.VERBS["see_handovers"]),
    ("admin:kits_expiring", "Kits whose time ends", access.VERBS["case_work"]),
    ("admin:held", "Evidence", access.VERBS["see_evidence_room"]),
    ("admin:exception_statements", "Exceptions", access.VERBS["decide_exception"]),
    ("admin:extensions", "Longer time", access.VERBS["grant_extension"]),
    ("admin:figures", "Figures", access.VERBS["figures"] | access.VERBS["figures_all"]),
    ("admin:exports", "Exports", access.VERBS["export_ask"] | access.VERBS["export_decide"]),
    ("admin:counts", "Counts", access.VERBS["counts"]),
    ("admin:erasures", "Erasures", access.VERBS["decide_erasure"]),
    ("admin:finer_list", "Finer words", access.VERBS["decide_finer"]),
    ("admin:strength", "Strength", access.VERBS["see_strength"]),
    ("admin:deployments", "Deployed places", access.VERBS["manage_staff"]),
    ("admin:news", "Told systems", access.VERBS["case_work"]),
    ("admin:channels", "Channels", access.VERBS["manage_channels"]),
    ("admin:policy", "Policy", access.VERBS["see_policy"]),
    ("admin:clients", "API clients", access.VERBS["manage_staff"]),
    ("admin:api", "REST API", access.VERBS["manage_staff"]),
)


def desk(request: HttpRequest) -> dict[str, Any]:
    """The database's kind and clock (a bar on every page of a demo) and the pages of one's posts; no case content."""
    if not request.path.startswith(("/admin", "/enrol")):
        return {}
    kind = clock.kind()
    context: dict[str, Any] = {"database_kind": kind}
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    if known:
        roles = roles_of(user, clock.now())
        context |= {
            "lock_after": int(limits.LOCK.total_seconds()),
            "lock_said": int(limits.LOCK_SAID.total_seconds()),
        }
        context["undo"] = undo.offered(request)
        for name, pages in (("navigation", NAVIGATION), ("more_pages", FURTHER)):
            context[name] = [(url, words) for url, words, who in pages if who & roles]
    if kind == Kind.DEMO:
        context |= {"demo_now": clock.now(), "demo_zone": zone_of(user) if known else "UTC"}
    return context
