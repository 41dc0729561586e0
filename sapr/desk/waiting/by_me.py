"""What the viewer asked for and others have not answered: seen here, taken back on the page it leads to."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import selectors as staff
from notifications.finer.models import FinerState, FinerWording
from reports import access
from reports.adoption import selectors as adoption
from reports.breakglass import selectors as break_glass
from reports.breakglass.models import BreakGlassState
from reports.casework.moves.models import Move, MoveState
from reports.disclosure.models import Disclosure, DisclosureState
from reports.erasure.models import Erasure, ErasureState
from sapr.desk.waiting.lines import SHOWN, Line, Source


def offers(viewer, now: datetime) -> Iterator[Line]:
    """Cases that the viewer offered to a SARC elsewhere."""
    rows = access.rows(viewer, "case_view", Move).filter(offered_by=viewer, state=MoveState.OFFERED)
    for row in rows.select_related("case__installation", "offered_to", "to_installation").order_by(
        "offered_at"
    )[:SHOWN]:
        yield Line(
            "offer", _("%(who)s, %(place)s: accept or decline a case")
            % {"who": row.offered_to.display_name, "place": row.to_installation.name},
            row.case.number, row.offered_at, None, reverse("admin:relocate", args=[row.case_id]), _("Look"),
            row.case.installation.zone,
        )  # fmt: skip


def emergencies(viewer, now: datetime) -> Iterator[Line]:
    """Emergency access that the viewer asked for. A refused request waits here until its time is up, like any other:
    what became of it is not told before."""
    rows = break_glass.own_requests(viewer=viewer).exclude(state=BreakGlassState.APPROVED)
    for row in rows.filter(answer_by__gt=now)[:SHOWN]:
        yield Line(
            "emergency", _("An independent second person: decide on emergency access"), row.asked_for, row.asked_at,
            row.answer_by, reverse("admin:emergency_request", args=[row.pk]), _("Look"),
        )  # fmt: skip


def exceptions(viewer, now: datetime) -> Iterator[Line]:
    """Exceptions to confidentiality that the viewer proposed and a commander has to decide."""
    rows = access.rows(viewer, "disclose", Disclosure).filter(
        proposed_by=viewer, state=DisclosureState.UNDECIDED
    )
    for row in rows.select_related("case__installation").order_by("proposed_at")[:SHOWN]:
        yield Line(
            "exception", _("The commander: decide on an exception to confidentiality"), row.case.number,
            row.proposed_at, None, reverse("admin:exceptions", args=[row.case_id]), _("Look"),
            row.case.installation.zone,
        )  # fmt: skip


def policy_changes(viewer, now: datetime) -> Iterator[Line]:
    """Policy settings that the viewer proposed."""
    for row in adoption.waiting().filter(proposed_by=viewer)[:SHOWN]:
        yield Line(
            "policy", _("Another programme manager: decide on a policy change"), row.get_kind_display(),
            row.proposed_at, None, reverse("admin:policy_change", args=[row.pk]), _("Look"),
        )  # fmt: skip


def appointments(viewer, now: datetime) -> Iterator[Line]:
    """Appointments that the viewer proposed."""
    for row in staff.appointments_waiting().filter(proposed_by=viewer)[:SHOWN]:
        yield Line(
            "appointment", _("Another programme manager: approve or refuse an appointment"),
            f"{row.user.display_name}, {row.post.title}", row.proposed_at, None,
            reverse("admin:staff_appointment", args=[row.pk]), _("Look"),
        )  # fmt: skip


def erasures(viewer, now: datetime) -> Iterator[Line]:
    """Cases whose keys the viewer proposed to destroy."""
    rows = access.rows(viewer, "propose_erasure", Erasure).filter(
        proposed_by=viewer, state=ErasureState.PROPOSED
    )
    for row in rows.order_by("proposed_at")[:SHOWN]:
        yield Line(
            "erasure", _("A programme manager: decide on destroying a case's keys"), row.number, row.proposed_at, None,
            reverse("admin:keeping", args=[row.case_id]), _("Look"),
        )  # fmt: skip


def finer_words(viewer, now: datetime) -> Iterator[Line]:
    """Finer words that the viewer proposed."""
    rows = access.rows(viewer, "propose_finer", FinerWording).defer("consent")
    rows = rows.filter(proposed_by=viewer, state=FinerState.PROPOSED, expires_at__gt=now)
    for row in rows.select_related("case__installation").order_by("proposed_at")[:SHOWN]:
        yield Line(
            "finer", _("A programme manager: decide on finer words"), row.case.number, row.proposed_at,
            row.expires_at, reverse("admin:notice_finer", args=[row.notice_id]), _("Look"),
            row.case.installation.zone,
        )  # fmt: skip


SOURCES = (
    Source("relocate_case", offers),
    Source("break_glass_ask", emergencies),
    Source("disclose", exceptions),
    Source("change_policy", policy_changes),
    Source("manage_staff", appointments),
    Source("propose_erasure", erasures),
    Source("propose_finer", finer_words),
)
