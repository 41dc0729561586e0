"""Who chairs, who belongs to the group, and who came."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import User
from reports.casework.cmg import selectors
from reports.casework.cmg.models import Attendance, ChairSeat, Meeting, Member
from reports.ruled import require_allowed, ruled
from sapr.errors import DomainError


def require_chair(row: Meeting, chair: User, seat: str, delegated: bool, at: datetime) -> None:
    """Refuse whoever may not chair (CMG-01, CMG-02)."""
    if seat not in ChairSeat.values:
        raise DomainError("unknown_value", "chair_seat: choose one of the listed seats.", path="chair_seat")
    require_allowed(
        ruled("cmg_chair", {"cmg_member": seat, "delegated": delegated}, at=at, zone=row.installation.zone),
        code="may_not_chair",
        otherwise="The installation commander or the deputy chairs.",
        rule="CMG-01",
        path="delegated",
    )
    if chair.pk == row.co_chair_id or not selectors.may_chair(row, at).filter(pk=chair.pk).exists():
        raise DomainError(
            "may_not_chair",
            "This person does not hold the commander's post of the installation. Choose who does.",
            status=409,
            path="chair",
            rule="CMG-01",
        )


def seats(members: Collection[str], at: datetime, zone: str) -> list[str]:
    """The seats, each a member by the rules of the day (CMG-05, CMG-06); in order, once."""
    for each in members:
        if each not in Member.values:
            raise DomainError("unknown_value", "members: choose from the list.", path="members")
        facts = {"cmg_member": each, "joint_base_or_tenants": each.startswith("tenant_")}
        require_allowed(
            ruled("cmg_membership", facts, at=at, zone=zone),
            code="not_a_member",
            otherwise=f"{Member(each).label}: does not belong to the group by the rules of that day.",
            rule="CMG-05",
            path="members",
        )
    return sorted(set(members))


def keep_attendance(row: Meeting, actor, came: set[UUID], seats: list[str], at: datetime) -> None:
    """The chair, every SARC of the installation, present or absent (CMG-07), and the seats that came.

    Refuses somebody among those who came that is none of these SARCs.
    """
    expected = list(selectors.sarcs(row.installation, at))
    if came - {each.pk for each in expected}:
        raise DomainError("unknown_value", "present: choose SARCs of the installation.", path="present")
    rows = [Attendance(meeting=row, member=row.chair_seat, user=row.chair, present=True)]
    rows += [
        Attendance(
            meeting=row, member=Member.INSTALLATION_SARC, user=each, present=each.pk in came or each == actor
        )
        for each in expected
    ]
    rows += [Attendance(meeting=row, member=each, present=True) for each in seats]
    Attendance.objects.bulk_create(rows)
