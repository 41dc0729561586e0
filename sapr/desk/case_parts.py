"""The parts of the case page beside its duties: what the notices told, who is on it, consents, evidence, meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from notifications.details import LABELS
from notifications.models import Notice, NoticeKind, NoticeState
from notifications.selectors import last_decisions
from notifications.strength.labels import rung_label
from reports import policy
from reports.casework.cmg.selectors import case_lines
from reports.casework.matters.admin import words_of
from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.selectors import case_matters
from reports.evidence.keeping import Kept, kept_each
from reports.evidence.models import Kit
from reports.evidence.selectors import case_kits, last_hops
from reports.ledger.models import Event
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr.desk.words import label
from sapr.knowing.directory import Directory

# What the victim said about how things go on: the last of each counts.
WISHES = (
    "updater_chosen",
    "conversion_asked",
    "participation_declined",
    "participation_resumed",
    "move_consent_given",
    "move_consent_refused",
    "catch_joined",
    "catch_left",
)
MEETINGS_SHOWN = 12


class Read(NamedTuple):
    """Who read a notice, by name, and when first."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Told:
    """A notice with what its words said (`said`), how many people they could be about, and who read it."""

    notice: Notice
    said: list[str]
    minimal: bool
    people: int | None
    read: list[Read]


def notices_told(told: list[Notice], openings: Iterable[Event], directory: Directory) -> list[Told]:
    """Each notice of the case. `openings`: of its inbox items; by the reader's post of then they belong to a notice."""
    decided, openings = last_decisions(told), list(openings)
    found = []
    for notice in told:
        if notice.kind == NoticeKind.RESTRICTED:
            decision = decided.get(notice.pk)
            rung = decision.rung if decision else notice.rung
            people = int(decision.k) if decision and decision.k else None
            found.append(Told(notice, [rung_label(rung)], rung == "minimal", people, []))
        else:
            spec = policy.notice_spec(notice.kind)
            read = _readers(notice, openings, directory) if notice.state == NoticeState.PLACED else []
            found.append(Told(notice, [LABELS[each] for each in spec.fields], False, None, read))
    return found


def _readers(notice: Notice, openings: list[Event], directory: Directory) -> list[Read]:
    """Those who opened an item of this case while they held the post that this notice lies with."""
    proof = getattr(notice, "proof", None)
    posts = {notice.post_id, proof.waiting.passed_to if proof else None} - {None}
    first: dict[Any, Read] = {}
    for each in sorted(openings, key=lambda event: event.seq):
        if each.actor_id and directory.posts(each.actor_id, each.occurred_at) & posts:
            first.setdefault(each.actor_id, Read(directory.name(each.actor_id), each.occurred_at))
    return list(first.values())


class Consent(NamedTuple):
    """One service for which the victim was asked whether to be referred, and what came of it."""

    service: str
    consent: Matter | None
    referrals: list[Matter]


def consents(*, viewer, case) -> list[Consent]:
    """The services to which the victim agreed to be referred or took it back, with the referrals that hang on it."""
    by_service: dict[str, Consent] = {}
    for each in case_matters(viewer=viewer, case=case):
        if each.kind not in ("consent", "referral"):
            continue
        kind = KINDS[each.kind]
        known = by_service.setdefault(each.what, Consent(words_of(kind, kind.what, each.what), None, []))
        if each.kind == "referral":
            known.referrals.append(each)
        elif known.consent is None:
            by_service[each.what] = known._replace(consent=each)
    return list(by_service.values())


def wishes(events: Iterable[Event]) -> list[tuple[Event, str]]:
    """The last word of the victim on each matter, newest first, with its answer in words."""
    last: dict[str, Event] = {}
    for event in events:
        if event.kind in WISHES:
            # What takes an answer back follows it under the same first word: joined and left, given and refused.
            last[event.kind.rsplit("_", 1)[0]] = event
    answered = ("updater", "answer", "letter")
    return [
        (event, ", ".join(label(event.data[key], key) for key in answered if event.data.get(key)))
        for event in sorted(last.values(), key=lambda event: -event.seq)
    ]


class Piece(NamedTuple):
    """A kit with its last hand-off and how long it is kept; `time` None before anything is signed."""

    kit: Kit
    hop: Any
    time: Kept | None


def evidence(*, viewer, case, report, at: datetime) -> list[Piece]:
    """The kits of the case in order of issue."""
    rows = case_kits(viewer=viewer, case=case).select_related(
        "card__at_post", "case__report", "case__installation"
    )
    kits = list(rows)
    hops = last_hops(viewer=viewer, case=case) if kits else {}
    times = kept_each(kits, at) if kits and report is not None else [None] * len(kits)
    return [Piece(kit, hops.get(kit.card_id), time) for kit, time in zip(kits, times, strict=True)]


class Reviewed(NamedTuple):
    """A meeting on whose agenda the case stood. `update`: the duty to bring the victim up to date after it."""

    line: Any
    update: Any
    in_time: bool


def meetings(*, viewer, case, held: dict[str, Event]) -> list[Reviewed]:
    """The last meetings on the case, newest first. `held`: the event of each meeting that was held, by its id."""
    lines = list(case_lines(viewer=viewer, case=case)[:MEETINGS_SHOWN])
    events = [held[str(line.meeting_id)].pk for line in lines if str(line.meeting_id) in held]
    owed = case_duties(viewer=viewer, case=case).filter(kind="update_after_cmg", opened_event__in=events)
    by_event = {duty.opened_event: duty for duty in owed} if events else {}
    found = []
    for line in lines:
        event = held.get(str(line.meeting_id))
        duty = by_event.get(event.pk) if event else None
        found.append(Reviewed(line, duty, duty is not None and duty.state == DutyState.DISCHARGED))
    return found
