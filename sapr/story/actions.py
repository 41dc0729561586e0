"""The steps a story is told in: each name stands for one call of a service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from notifications import selectors as notices
from notifications import services as notifications
from notifications.models import InboxItem
from reports import access, policy
from reports.casework import services as casework
from reports.election import contacts, conversion
from reports.election import services as election
from reports.election.models import Case
from reports.evidence import custody
from reports.evidence import selectors as kits
from reports.evidence import services as evidence
from reports.evidence.custody_models import Condition, Purpose
from reports.evidence.models import Holder
from sapr.story.cast import Cast


@dataclass
class Told:
    """One case as far as the story got."""

    case: Case
    victim: str
    form: str = ""
    kit: str = ""


class Teller:
    """Does the steps. `cases` remembers each case of the story by the name its steps use."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.cases: dict[str, Told] = {}
        # What people read in their inboxes: item, reader, text in clear.
        self.read: list[tuple[InboxItem, User, str]] = []

    def do(self, action: str, *, case: str, actor: str | None, at: datetime, given: dict[str, Any]) -> None:
        """Do one step as that person; ValueError for a step or person that the story does not know."""
        step: Callable[..., None] | None = ACTIONS.get(action)
        if step is None:
            raise ValueError(f"there is no step {action!r}")
        if actor is not None and actor not in self.cast.people:
            raise ValueError(f"there is no person {actor!r}")
        step(self, case, self.cast.people[actor] if actor else None, at, **given)

    def _id(self, case: str) -> UUID:
        return self.cases[case].case.pk

    def contact_open(
        self,
        case: str,
        actor,
        at: datetime,
        *,
        installation: str,
        source: str,
        identity: dict[str, str],
        narrative: dict[str, Any],
        unit_commander: str = "",
    ) -> None:
        place = self.cast.places[installation]
        known, account = dict(identity), dict(narrative)
        on = at.astimezone(ZoneInfo(place.zone)).date() - timedelta(days=account.pop("incident_days_ago"))
        account["incident_on"] = on.isoformat()
        if unit_commander:
            known["unit_commander_post"] = str(self.cast.posts[unit_commander].pk)
        opened = contacts.contact_open(
            actor=actor,
            at=at,
            installation=place,
            identity=known,
            narrative=account,
            source=source,
        )
        self.cases[case] = Told(case=opened, victim=identity["name"])

    def va_assign(self, case: str, actor, at: datetime, *, va: str) -> None:
        casework.va_assign(actor=actor, case_id=self._id(case), va=self.cast.people[va], at=at)

    def record(self, case: str, actor, at: datetime, *, kind: str, **details: str) -> None:
        casework.step_record(actor=actor, case_id=self._id(case), kind=kind, at=at, details=details)

    def decide(self, case: str, actor, at: datetime, *, facts: dict[str, Any]) -> None:
        decision = election.options_decide(actor=actor, case_id=self._id(case), facts=facts, at=at)
        self.cases[case].form = decision.form or ""

    def sign(self, case: str, actor, at: datetime, *, option: str, initials: str) -> None:
        told = self.cases[case]
        on = at.astimezone(ZoneInfo(told.case.installation.zone)).date()
        edition = policy.form_edition(told.form, on)
        election.report_sign(
            actor=actor,
            case_id=told.case.pk,
            election=option,
            initials=dict.fromkeys(edition.required_for(option), initials),
            victim_signature=told.victim,
            victim_signed_at=at,
            advocate_signature=actor.display_name,
            advocate_signed_at=at,
            edition=edition.edition,
        )

    def release(self, case: str, actor, at: datetime) -> None:
        with access.viewing(actor):
            notice = notices.notices_waiting(viewer=actor).get(case_id=self._id(case))
        notifications.notice_release(
            actor=actor,
            notice_id=notice.pk,
            minimal=False,
            bytes_seen=sha256(notice.wording.encode()).hexdigest(),
            at=at,
        )

    def convert(self, case: str, actor, at: datetime) -> None:
        told = self.cases[case]
        case_id = told.case.pk
        prepared = conversion.conversion_prepare(actor=actor, case_id=case_id, at=at)
        conversion.report_convert(
            actor=actor,
            case_id=case_id,
            confirmation=prepared.digest,
            victim_signature=told.victim,
            victim_signed_at=at,
            advocate_signature=actor.display_name,
            advocate_signed_at=at,
        )

    def kit_issue(self, case: str, actor, at: datetime) -> None:
        _, self.cases[case].kit = evidence.kit_number_issue(actor=actor, case_id=self._id(case), at=at)

    def kit_seal(self, case: str, actor, at: datetime) -> None:
        evidence.kit_seal(actor=actor, case_id=self._id(case), number=self.cases[case].kit, at=at)

    def kit_to_mcio(self, case: str, actor, at: datetime) -> None:
        evidence.kit_hand_to_mcio(actor=actor, case_id=self._id(case), number=self.cases[case].kit, at=at)

    def kit_store(self, case: str, actor, at: datetime, *, post: str, custodian: str, seal: str) -> None:
        """The kit goes to a custodian's post, and a custodian receives it: both sides have signed."""
        with access.viewing(actor):
            [kit] = kits.case_kits(viewer=actor, case=self.cases[case].case)
        hop = custody.evidence_offer(
            actor=actor, card_id=kit.card_id, receiver=Holder.CUSTODIAN, to_post=self.cast.posts[post],
            purpose=Purpose.STORE, seal_number=seal, seal_intact=True, condition=Condition.GOOD, receipt="",
            photo_sha256="", at=at,
        )  # fmt: skip
        custody.evidence_accept(
            actor=self.cast.people[custodian],
            hop_id=hop.pk,
            seal_intact=True,
            condition=Condition.GOOD,
            at=at,
        )

    def count(self, case: str, actor, at: datetime) -> None:
        casework.counts_by_option(actor=actor, at=at)

    def read_inbox(self, case: str, actor, at: datetime) -> None:
        with access.viewing(actor):
            unread = list(
                notices.inbox(viewer=actor, at=at).filter(acknowledged_at=None).values_list("pk", flat=True)
            )
        for item_id in unread:
            item, text = notifications.inbox_open(actor=actor, item_id=item_id, at=at)
            notifications.inbox_acknowledge(actor=actor, item_id=item_id, at=at)
            self.read.append((item, actor, text))

    def wait(self, case: str, actor, at: datetime) -> None:
        """Nothing but time passes; the worker does its part on the way."""


ACTIONS: dict[str, Callable[..., None]] = {
    action.__name__: action
    for action in (
        Teller.contact_open,
        Teller.va_assign,
        Teller.record,
        Teller.decide,
        Teller.sign,
        Teller.release,
        Teller.convert,
        Teller.kit_issue,
        Teller.kit_seal,
        Teller.kit_to_mcio,
        Teller.kit_store,
        Teller.count,
        Teller.read_inbox,
        Teller.wait,
    )
}
