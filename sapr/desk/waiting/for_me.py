"""What waits for the viewer: each line is there exactly while the step it leads to is theirs to take."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import selectors as staff
from accounts.models import Role
from notifications import selectors as notices
from notifications.finer import selectors as finer
from notifications.finer.services import COMMAND
from notifications.models import Notice
from reports import access
from reports.adoption import selectors as adoption
from reports.breakglass import selectors as break_glass
from reports.casework.matters.models import Matter
from reports.casework.moves import selectors as moves
from reports.disclosure import selectors as disclosure
from reports.election.models import CaseState
from reports.erasure import selectors as erasure
from reports.obligations.selectors import open_duties
from sapr.desk.waiting.lines import SHOWN, Line, Source, by_a_second_person

# States of an expedited transfer in which a decision of the command is awaited (ET-04, CK-13, CK-14).
AWAITED = ("requested", "in_review")


def releases(viewer, now: datetime) -> Iterator[Line]:
    """Notices that their SARC has not released."""
    mine = access.rows(viewer, "release_notice", Notice).values("pk")
    for row in notices.notices_waiting(viewer=viewer).filter(pk__in=mine)[:SHOWN]:
        yield Line(
            "release", _("Read a notice and release it"), row.case.number, row.composed_at, row.last_slot,
            reverse("admin:notice", args=[row.pk]), _("Review"), row.case.installation.zone,
        )  # fmt: skip


def transfers(viewer, now: datetime) -> Iterator[Line]:
    """Expedited transfers on which a commander decides: the SARC's side asks, and records the answer."""
    rows = access.rows(viewer, "case_work", Matter).filter(kind="expedited_transfer", state__in=AWAITED)
    rows = (
        rows.exclude(case__state=CaseState.CLOSED).select_related("case__installation").order_by("moved_at")
    )
    rows = list(rows[:SHOWN])
    due = open_duties(viewer=viewer).filter(
        about__in=[row.pk for row in rows], kind__startswith="decide_transfer"
    )
    until = dict(due.values_list("about", "due_at")) if rows else {}
    for row in rows:
        yield Line(
            "transfer", _("An expedited transfer waits for the command: ask, and record the decision"),
            row.case.number, row.moved_at, until.get(row.pk),
            reverse("admin:matter", args=[row.case_id, row.pk]), _("Record it"), row.case.installation.zone,
        )  # fmt: skip


def offers(viewer, now: datetime) -> Iterator[Line]:
    """Cases of victims who move, offered to the viewer."""
    for row in moves.offers(viewer=viewer)[:SHOWN]:
        yield Line(
            "offer", _("A case is offered to you: accept or decline"),
            _("from %(place)s, %(who)s") % {"place": row.from_installation.name, "who": row.offered_by.display_name},
            row.offered_at, None, reverse("admin:move", args=[row.pk]), _("Answer"), row.to_installation.zone,
        )  # fmt: skip


def originals(viewer, now: datetime) -> Iterator[Line]:
    """Originals whose place a second person has to confirm."""
    rows = moves.to_confirm(viewer=viewer).exclude(Q(leaves=viewer) | Q(changed_by=viewer))
    for row in rows[:SHOWN]:
        yield Line(
            "originals", _("Confirm where the originals of a handed-over case lie"), row.number, row.changed_at, None,
            reverse("admin:handover", args=[row.pk]), _("Confirm"), row.installation.zone,
        )  # fmt: skip


def ownerless(viewer, now: datetime) -> Iterator[Line]:
    """Cases of one's installation that no SARC holds."""
    here = {place.pk for place in staff.installations_of(viewer, now, [Role.SARC])}
    for place, cases in moves.without_sarc(viewer=viewer):
        if place.pk in here:
            said = ngettext("%(n)s open case without a SARC", "%(n)s open cases without a SARC", cases)
            yield Line(
                "take_over", _("Take over what nobody holds"), f"{said % {'n': cases}}, {place.name}", None, None,
                reverse("admin:handovers"), _("Hand-over"), place.zone,
            )  # fmt: skip


def emergencies(viewer, now: datetime) -> Iterator[Line]:
    """Emergency access that others ask for."""
    rows = break_glass.waiting(viewer=viewer, at=now)
    for row in by_a_second_person(rows, viewer, "sapr_independent", "asked_by", "asked_at")[:SHOWN]:
        yield Line(
            "emergency", _("Decide on emergency access"),
            _("%(who)s, a case of %(place)s") % {"who": row.asked_by.display_name, "place": row.installation.name},
            row.asked_at, row.answer_by, reverse("admin:emergency_request", args=[row.pk]), _("Decide"),
            row.installation.zone,
        )  # fmt: skip


def exceptions(viewer, now: datetime) -> Iterator[Line]:
    """Exceptions to confidentiality on which a commander decides."""
    for row in disclosure.statements(viewer=viewer).filter(decision="")[:SHOWN]:
        yield Line(
            "exception", _("Decide whether confidentiality gives way"), row.post.title, row.put_at, None,
            reverse("admin:exception_statement", args=[row.pk]), _("Read and decide"),
            staff.installation_of(row.post.location).zone,
        )  # fmt: skip


def policy_changes(viewer, now: datetime) -> Iterator[Line]:
    """Policy settings that another programme manager proposed."""
    rows = by_a_second_person(adoption.waiting(), viewer, "sapr_second_person", "proposed_by", "proposed_at")
    for row in rows[:SHOWN]:
        yield Line(
            "policy", _("Decide on a policy change"), row.proposed_by.display_name, row.proposed_at, None,
            reverse("admin:policy_change", args=[row.pk]), _("Decide"),
        )  # fmt: skip


def appointments(viewer, now: datetime) -> Iterator[Line]:
    """Appointments that another programme manager proposed, and still is."""
    rows = staff.appointments_waiting().exclude(user=viewer).exclude(ends_at__lte=now)
    rows = by_a_second_person(rows, viewer, "sapr_second_person", "proposed_by", "proposed_at")
    for row in rows[:SHOWN]:
        if staff.proposer_stands(row, now):
            yield Line(
                "appointment", _("Approve or refuse an appointment"),
                f"{row.user.display_name}, {row.post.title}", row.proposed_at, None,
                reverse("admin:staff_appointment", args=[row.pk]), _("Decide"),
            )  # fmt: skip


def erasures(viewer, now: datetime) -> Iterator[Line]:
    """Destroying a case's keys, proposed by a SARC."""
    rows = erasure.waiting(viewer=viewer)
    for row in by_a_second_person(rows, viewer, "sapr_second_person", "proposed_by", "proposed_at")[:SHOWN]:
        yield Line(
            "erasure", _("Decide on destroying a case's keys"), row.number, row.proposed_at, None,
            reverse("admin:erasure", args=[row.pk]), _("Decide"),
        )  # fmt: skip


def finer_words(viewer, now: datetime) -> Iterator[Line]:
    """A notice that is to say more than its rung."""
    if staff.roles_of(viewer, now) & COMMAND:
        return
    rows = finer.waiting(viewer=viewer, at=now)
    for row in by_a_second_person(rows, viewer, "sapr_independent", "proposed_by", "proposed_at")[:SHOWN]:
        yield Line(
            "finer", _("Decide on finer words of a notice"), row.proposed_by.display_name, row.proposed_at,
            row.expires_at, reverse("admin:finer", args=[row.pk]), _("Decide"),
        )  # fmt: skip


SOURCES = (
    Source("release_notice", releases),
    Source("case_work", transfers),
    Source("move_answer", offers),
    Source("confirm_originals", originals),
    Source("take_over", ownerless),
    Source("break_glass_decide", emergencies),
    Source("decide_exception", exceptions),
    Source("change_policy", policy_changes),
    Source("manage_staff", appointments),
    Source("decide_erasure", erasures),
    Source("decide_finer", finer_words),
)
