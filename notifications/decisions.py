"""The decision record of a Restricted notice: what was decided when it was composed, released and placed."""

from datetime import datetime
from hashlib import sha256

from accounts.models import Location
from notifications.finer.told import finer_of
from notifications.models import DecisionStage, Notice, NoticeDecision, RungClock, UnitRung
from notifications.strength.engine import Engine
from notifications.strength.rung_models import MINIMAL
from notifications.strength.rungs import standing
from sapr.making import made


def digest_of(text: str) -> str:
    """SHA-256 (hex) of the exact bytes."""
    return sha256(text.encode()).hexdigest()


def superseded(notice: Notice) -> bool:
    """Whether the rung that the notice's words were chosen by no longer stands as it was, or none ever stood.

    A later turn with the same rung only counts other people, unless it has to be confirmed since.

    Words from before rungs were chosen were never counted.
    """
    rung = notice.unit_rung
    if notice.rung == MINIMAL or rung is None:
        return notice.rung != MINIMAL
    later = UnitRung.objects.filter(location=rung.location_id, quarter=rung.quarter, turn__gt=rung.turn)
    return later.exclude(rung=rung.rung, confirm__in=[False, rung.confirm]).exists()


def unlooked(notice: Notice, at: datetime) -> bool:
    """Whether the tables say something else than when the notice's rung was last looked at, within its quarter.

    The sweep looks before it places. What was composed in the quarter before goes out as it was. Safe in the worker.
    """
    rung = notice.unit_rung
    if rung is None:
        return False
    # Until the clock's next instant no period begins or is over, and a newer table is looked at when it is recorded.
    if RungClock.objects.filter(location=rung.location_id, look_at__gt=at).exists():
        return False
    location = Location.objects.defer("name").get(pk=rung.location_id)
    stands = standing(location, at)
    return (
        stands is not None and stands.quarter == rung.quarter and not Engine(location, at).same_words(stands)
    )


def taken_back(notice: Notice) -> bool:
    """Whether the words that were released are no longer true: something they drew on was corrected since."""
    return notice.recomposings.filter(takes_back=True).exists()


def decision(
    *,
    notice: Notice,
    stage: DecisionStage,
    rung: str,
    text: str,
    at: datetime,
    slot: datetime | None = None,
    approvers: tuple = (),
    coarsened: bool = False,
    confirm_rule: str = "",
) -> NoticeDecision:
    """Why the notice says these words, as a row to be written after it.

    MINIMAL, which is always lawful, needs no number of people.

    The numbers are those of the addressee's rung: words that say less could be about at least as many. Words finer
    than the rung keep those that two persons approved.
    """
    unit, digest = notice.unit_rung, digest_of(text)
    counted = unit if rung != MINIMAL else None
    if stage != DecisionStage.COMPOSED:
        counted = finer_of(notice, digest) or counted
    return made(
        NoticeDecision,
        notice_id=notice.pk,
        case_id=notice.case_id,
        stage=stage,
        unit_rung_id=unit.pk if unit else None,
        rung=rung,
        k=counted.k if counted else None,
        numbers=counted.numbers if counted else {},
        tables=(counted or unit).tables if unit else [],
        rules=unit.rules if unit else [],
        coarsened=coarsened,
        confirm_rule=confirm_rule,
        approvers=[str(each.pk) for each in approvers],
        slot=slot,
        sha256=digest,
        decided_at=at,
    )
