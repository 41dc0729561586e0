"""Short ways to a meeting, and to other people of the world's two installations."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from reports import access
from reports.casework.cmg import selectors, services
from reports.casework.cmg.minutes import cmg_minutes_keep
from reports.casework.cmg.models import AgendaLine, Meeting, Minutes
from reports.casework.moves import services as moves
from reports.models import Duty, Event
from tests.factories import AppointmentFactory, UserFactory
from tests.times import T0

DAY = timedelta(days=1)
WORDS = "Invented minutes of an invented case."


def another(world, post: str = "sarc", **kwargs: Any) -> User:
    """One more person on a post of the world."""
    return AppointmentFactory(post=world.posts[post], user=UserFactory(), **kwargs).user


def called(world, *, actor: User | None = None, at=T0, **kwargs: Any) -> Meeting:
    """The month's meeting of the world's installation."""
    given = {"installation_id": world.installation.pk, "scheduled_at": at, "at": at} | kwargs
    return services.cmg_call(actor=actor or world.sarc, **given)


def held(world, meeting: Meeting, *, actor: User | None = None, at=T0, **kwargs: Any) -> Meeting:
    """The meeting, chaired by the commander of the installation."""
    given = {
        "chair": world.commander, "chair_seat": "installation_commander", "delegated": False,
        "member_or_dod_civilian": True, "present": [actor or world.sarc], "at": at,
    } | kwargs  # fmt: skip
    return services.cmg_hold(actor=actor or world.sarc, meeting_id=meeting.pk, **given)


def line_of(world, meeting: Meeting, case_id) -> AgendaLine:
    """The line of a case, read as whoever may see all of them."""
    with access.viewing(world.commander):
        rows = AgendaLine.objects.select_related("meeting__installation")
        return rows.get(meeting=meeting, case_id=case_id)


def answered(line: AgendaLine, answer: str = "done") -> dict[str, str]:
    """Every question of a line with the same answer."""
    return {each.rule: answer for each in selectors.questions(line, T0)}


def minutes_kept(world, line: AgendaLine, *, actor: User | None = None, **kwargs: Any) -> Minutes:
    """The minutes of a case that was reviewed."""
    given = {
        "answers": answered(line), "told_by": "victims_va", "privileged": False, "present": ["victims_va", "mcio"],
        "words": WORDS, "at": T0,
    } | kwargs  # fmt: skip
    return cmg_minutes_keep(actor=actor or world.sarc, line_id=line.pk, **given)


def kinds_of(viewer, case_id) -> list[str]:
    """The kinds of event of a case, in order."""
    with access.viewing(viewer):
        return list(Event.objects.filter(case_id=case_id).order_by("seq").values_list("kind", flat=True))


def duties_of(viewer, case_id, kind: str) -> list[tuple[str, Any]]:
    """State and instant of each duty of a kind, in order of their instants."""
    with access.viewing(viewer):
        rows = Duty.objects.filter(case_id=case_id, kind=kind).order_by("due_at", "opened_at")
        return list(rows.values_list("state", "due_at"))


def agreed(world, case_id, *, actor: User | None = None, at=T0) -> dict[str, Any]:
    """The victim moves and agrees that the file follows; the arguments of what comes next."""
    asked = {"actor": actor or world.sarc, "case_id": case_id, "at": at}
    moves.victim_relocate(reason="move", **asked)
    moves.move_consent_record(consents=True, **asked)
    return asked


def offered(world, case_id, *, to: User | None = None, at=T0):
    """The case, offered to the SARC of the other installation."""
    asked = agreed(world, case_id, at=at)
    there = world.posts["stranger"].location_id
    return moves.move_offer(to=to or world.stranger, installation_id=there, **asked)
