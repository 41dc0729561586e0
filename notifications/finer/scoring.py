"""Finer words made from the case, and how many people they leave: of the victim's class, for the offender, the pair."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications import compose
from notifications.anonymity import Rung, Settings, words
from notifications.anonymity.rungs import ATTRIBUTES, not_finer
from notifications.decisions import digest_of, superseded
from notifications.finer.standing import RULE
from notifications.finer.told import finer_told
from notifications.models import Notice, NoticeKind, NoticeState, UnitRung
from notifications.services import CONFIRM_RULE
from notifications.strength.engine import Engine
from notifications.strength.facts import printable
from notifications.strength.population import LEVELS
from notifications.strength.quarters import quarters_before
from notifications.strength.rung_models import MINIMAL
from notifications.strength.rungs import quarter_of
from reports import policy
from reports.disclosure.models import Disclosure
from sapr.errors import DomainError


class Prepared(NamedTuple):
    """Finer words as they would stand, with the numbers of people that the notice's words and these leave, by reader.

    `tables`: the strength tables counted from. `settings`: the numbers in force when the report was signed.
    """

    rung: str
    text: str
    before: dict[str, Decimal]
    after: dict[str, Decimal]
    tables: list[UUID]
    settings: Settings

    @property
    def sha256(self) -> str:
        return digest_of(self.text)


def prepared(notice: Notice, key: object, *, actor, at: datetime) -> Prepared:
    """The words of that rung for a notice that waits, made from words of lists alone. Opens the case's sealed parts.

    `key`: a rung that says nothing more coarsely than the notice's. Refuses a notice that does not wait, one without
    strength tables that still carry its words, a rung that is none or not finer, and words that say no more.
    """
    case = notice.case
    if notice.kind != NoticeKind.RESTRICTED or notice.state != NoticeState.COMPOSED or notice.last_slot <= at:
        raise DomainError("not_waiting", "This notice is not waiting for release.", status=409, rule=RULE)
    engine = Engine(notice.post.location, at)
    unit = notice.unit_rung
    if unit is None or engine.said is None or (notice.rung != MINIMAL and superseded(notice)):
        raise DomainError(
            "no_strength", "No strength table counts the people here, so nothing finer can be said.",
            status=409, rule=CONFIRM_RULE,
        )  # fmt: skip
    signed = case.report.signed_at
    settings = Settings.of(signed.astimezone(ZoneInfo(case.installation.zone)).date())
    asked, base = checked(key, notice, settings), base_of(notice)
    facts = printable(case, compose.opened(case, actor, at), signed, settings)
    text = words(asked, facts, settings)
    if text in {notice.wording, notice.minimal, *(each["text"] for each in notice.choices)}:
        raise DomainError(
            "says_no_more", "The case holds nothing more of this. Choose something else, or leave the words.",
            path="rung", rule=RULE,
        )  # fmt: skip
    quarter = quarter_of(notice.post.location, at)
    before, after = engine.numbers(notice.post.location, (base, asked), quarter=quarter, person=facts)
    if not before or not after:
        raise DomainError(
            "nobody_alike", "The strength tables count nobody like this person, so nothing finer can be said.",
            status=409, rule=CONFIRM_RULE,
        )  # fmt: skip
    return Prepared(asked.key, text, before, after, engine.said.tables, settings)


def base_of(notice: Notice) -> Rung:
    """The notice's own rung; where it is MINIMAL, the least that says of which part of the command."""
    if notice.rung != MINIMAL:
        return Rung.of(notice.rung)
    return Rung(organisation=LEVELS[notice.post.location.kind])


def checked(key: object, notice: Notice, settings: Settings) -> Rung:
    """The rung of that key, finer than the notice's in something and coarser in nothing."""
    base, asked = base_of(notice), None
    with suppress(ValueError):
        asked = Rung.of(key) if isinstance(key, str) else None
    if asked is None or any(getattr(asked, name) not in settings.ladders[name] for name in ATTRIBUTES):
        raise DomainError("unknown_value", "rung: choose a step for each line.", path="rung")
    if (
        asked.organisation != base.organisation
        or asked == base
        or not not_finer(base, asked, settings.ladders)
    ):
        raise DomainError(
            "not_finer", "These words say no more than the notice's. To say less no second person is needed.",
            path="rung", rule=RULE,
        )  # fmt: skip
    return asked


def steps(notice: Notice) -> dict[str, list[str]]:
    """For each attribute that could be said more finely: its levels, from what the notice says on to the finest."""
    base = base_of(notice)
    ladders = Settings.of(notice.composed_at.date()).ladders
    found = {}
    for name in ATTRIBUTES:
        ladder = ladders[name]
        levels = list(reversed(ladder[: ladder.index(getattr(base, name)) + 1]))
        if name != "organisation" and len(levels) > 1:
            found[name] = levels
    return found


def asked_for(notice: Notice, levels: Mapping[str, str]) -> str:
    """The key of the notice's rung with these levels instead of its own."""
    base = base_of(notice)
    return Rung(**{name: levels.get(name) or getattr(base, name) for name in ATTRIBUTES}).key


def said_more(notice: Notice, key: str) -> list[str]:
    """The attributes of which a rung says more than the notice."""
    base, rung = base_of(notice), Rung.of(key)
    return [name for name in ATTRIBUTES if getattr(rung, name) != getattr(base, name)]


def numbers_in_force(at: datetime) -> Mapping:
    """What rule DN-27 says on that day."""
    return policy.wording_numbers("finer", on=at.date())


def require_enough(found: Prepared, notice: Notice, ground: str, at: datetime) -> None:
    """Refuse words that leave too few of somebody whom the ground does not speak for (rules DN-03 and DN-27)."""
    bar, free = found.settings.confirm_at_least, numbers_in_force(at)["may_fall_below"][ground]
    few = {name.partition(":")[0] for name, k in found.after.items() if k < bar} - set(free)
    if few:
        who = {"victim": "the victim", "offender": "the alleged offender", "pair": "both together"}
        told = ", ".join(who[each] for each in who if each in few)
        raise DomainError(
            "too_few", f"These words would leave fewer than {bar} people of whom the reader could think, for {told}.",
            status=409, path="rung", rule=CONFIRM_RULE,
        )  # fmt: skip
    left = others_left(notice, found.settings, at)
    if left is not None and left < bar:
        raise DomainError(
            "others_too_few",
            f"Whoever recognises the victim could narrow other notices of this line of command to fewer than {bar}.",
            status=409, rule=CONFIRM_RULE,
        )  # fmt: skip


def others_left(notice: Notice, settings: Settings, at: datetime) -> Decimal | None:
    """The fewest people that what is published for this reader, and those above and below, leaves for somebody else.

    Whoever recognises the victim, and everybody told of in finer words before, has that many fewer to think of. A class
    of effective size k without one of its people has at least k - 1: the likeliest of it counts for one. None: nothing
    beyond MINIMAL was published.
    """
    place, engine = notice.post.location, Engine(notice.post.location, at)
    near, quarter = {*engine.tree.subtree(place.pk), *engine.tree.chain(place.pk)}, quarter_of(place, at)
    first = quarters_before(quarter, settings.quarters)
    published = UnitRung.objects.filter(location__in=near, quarter__gte=first).exclude(rung=MINIMAL)
    latest = {row.location_id: row for row in published.order_by("quarter", "turn")}
    left = [
        engine.leaves(engine.tree.places[pk], Rung.of(row.rung), quarter=quarter)
        for pk, row in latest.items()
    ]
    earlier = [row for row in finer_told(near, settings.ladders) if row.unit_rung.quarter >= first]
    return min(left) - len(earlier) - 1 if left else None


def covering(case, key: str, notice: Notice, *, at: datetime):
    """The decided exceptions of the case that cover what these words say more, for a commander (rule DN-27)."""
    rule = numbers_in_force(at)["exception"]
    needed = {rule["covered_by"][name] for name in said_more(notice, key)}
    decided = Disclosure.objects.filter(
        case=case, state__in=["advised", "cleared", "made", "told"], recipient__in=rule["recipients"]
    )
    return [row for row in decided.order_by("proposed_at", "pk") if needed <= set(row.scope)]
