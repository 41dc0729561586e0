"""How long a kit is kept (RT-5 to RT-9): by the longest rule that ever applied, and as long as anything keeps it."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from reports import access, policy
from reports.adoption.selectors import Basis, basis_for
from reports.election.models import Election
from reports.erasure.models import Hold, HoldReason
from reports.evidence.custody_models import KitHold
from reports.evidence.models import Kit, KitItem, KitState
from reports.ledger.models import Event
from reports.obligations.models import Duty, DutyState
from sapr.errors import DomainError

ITEM = {Election.RESTRICTED: "restricted_kit", Election.UNRESTRICTED: "unrestricted_kit"}
# How far ahead the pages look.
MONTHS_AHEAD = 6
# The words of the rules for what can be open; every other reason for a hold is simply a hold.
MATTERS = {HoldReason.LEGAL_PROCEEDING: "legal_proceeding", HoldReason.APPEAL: "appeal"}


class Kept(NamedTuple):
    """`until`: the last day of the longest period, None while no rule gives an end. `over`: its time has run out."""

    kit: Kit
    until: date | None
    notice_on: date | None
    over: bool
    matters: list[str]
    rules: tuple[str, ...]
    because: str

    @property
    def held(self) -> bool:
        """Whether something keeps it, however old it is."""
        return bool(self.matters)


def open_matters(kit: Kit) -> list[str]:
    """What keeps a kit beside its period: proceedings, appeals, holds on it or its case, a live CATCH entry (RT-9)."""
    return _open_matters([kit])[kit.pk]


def _open_matters(kits: list[Kit]) -> dict[UUID, list[str]]:
    """The same of some kits of one case, in three questions."""
    case_id, reasons = kits[0].case_id, dict[UUID, set[str]]()
    of_case = set(Hold.objects.filter(case_id=case_id, lifted_at=None).values_list("reason", flat=True))
    holds = KitHold.objects.filter(card__in=[kit.card_id for kit in kits], lifted_at=None)
    for card, reason in holds.values_list("card_id", "reason"):
        reasons.setdefault(card, set()).add(reason)
    catch = Event.objects.filter(case_id=case_id, kind__in=["catch_joined", "catch_left"])
    last = catch.order_by("-seq").values_list("kind", flat=True).first()
    entry = {"catch_entry"} if last == "catch_joined" else set()
    return {
        kit.pk: sorted(
            {MATTERS.get(HoldReason(each), "hold") for each in of_case | reasons.get(kit.card_id, set())}
            | entry
        )
        for kit in kits
    }


def kept(kit: Kit, at: datetime, matters: list[str] | None = None) -> Kept:
    """How long this kit is kept, as the rules stand at the instant. `matters`: what keeps it beside its period, where
    that is known or, as `[]`, not asked; None: it is looked up.

    A converted report's kit was of both kinds, each from its own signature on; the longer period counts.
    """
    found = basis_for({}, on=at.astimezone(ZoneInfo(kit.case.installation.zone)).date(), at=at)
    return _kept(kit, at, found, open_matters(kit) if matters is None else matters)


def kept_each(kits: list[Kit], at: datetime) -> list[Kept]:
    """`kept` for some kits of one case; it asks no more than for one."""
    if not kits:
        return []
    zone = ZoneInfo(kits[0].case.installation.zone)
    found, matters = basis_for({}, on=at.astimezone(zone).date(), at=at), _open_matters(kits)
    return [_kept(kit, at, found, matters[kit.pk]) for kit in kits]


def _kept(kit: Kit, at: datetime, found: Basis, matters: list[str]) -> Kept:
    report, zone = kit.case.report, ZoneInfo(kit.case.installation.zone)
    on = at.astimezone(zone).date()
    signed = Election.RESTRICTED if report.converted_at else Election(report.election)
    began = [(ITEM[signed], report.signed_at)]
    if report.converted_at:
        began.append((ITEM[Election.UNRESTRICTED], report.converted_at))
    answers = [
        policy.retention(
            item, {"open_matters": matters}, started_on=since.astimezone(zone).date(), on=on,
            profile=found.profile, adopted=found.adopted,
        )
        for item, since in began
    ]  # fmt: skip
    known = None not in {each.keep_until for each in answers}
    longest = max(answers, key=lambda each: each.keep_until or date.max)
    until = longest.keep_until if known else None
    return Kept(
        kit,
        until,
        until - timedelta(days=notice_days()) if until else None,
        until is not None and on > until,
        matters,
        longest.rules,
        longest.because,
    )


def notice_days() -> int:
    """How many whole days before the end the holder tells the SARC (CK-19)."""
    return policy.rule("CK-19").parameters["duties"][0]["delay"]["days"]


def looked_ahead(at: datetime) -> date:
    """The last day of the half year whose ends are shown."""
    return (at + timedelta(days=31 * MONTHS_AHEAD)).date()


def kits_expiring(*, viewer, until: date, at: datetime) -> list[Kept]:
    """The kits of the viewer's cases, not destroyed, whose time ends by that day, the earliest first."""
    rows = access.rows(viewer, "case_view", Kit).exclude(state=KitState.DESTROYED)
    rows = rows.select_related("case__report", "case__installation", "card")
    found = [kept(kit, at) for kit in rows]
    due = [each for each in found if each.until is not None and each.until <= until]
    return sorted(due, key=lambda each: (each.until, str(each.kit.pk)))


def property_open(kit: Kit) -> bool:
    """Whether personal property was asked back that has not been returned."""
    return KitItem.objects.filter(kit=kit, asked_at__isnull=False, returned_at=None).exists()


def expiry_duty(kit: Kit) -> Duty | None:
    """The open duty of whoever holds the kit to tell the SARC that its time runs out (CK-19)."""
    return Duty.objects.filter(about=kit.pk, kind="tell_kit_expiry", state=DutyState.OPEN).first()


def require_told(kit: Kit) -> None:
    """Refuse while the holder has not told the SARC that the time runs out."""
    if expiry_duty(kit) is not None:
        raise DomainError(
            "expiry_not_told",
            "The holder has to tell you first that the kit's time runs out. Record that on this page.",
            status=409,
            rule="CK-19",
        )
