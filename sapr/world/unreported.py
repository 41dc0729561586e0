"""Cases that are no report: inquiries, some with a CATCH entry, and those of which only the MCIO tells (TR-14)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reports import policy
from reports.catch.services import catch_explain, catch_join
from reports.election.inquiries import inquiry_log, limited_case_open
from sapr.world import outcome
from sapr.world.figures import Figures, source, spread
from sapr.world.life import Life, Step

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# A case that the victim signs later was opened so long before they came.
BEFORE = (5 * DAYS, 40 * DAYS)
# Topic and facts by which the rules of the day know such a case at all.
KNOWN_BY = {
    "inquiry": ("sri_log", {"signed": False, "advocate_post": "sarc"}),
    "limited": (
        "transition",
        {"from_state": "CONTACT", "to_state": "OPEN_LIMITED_INFO", "investigated_by_mcio": True},
    ),
}


def beginnings(
    reports: int, first: datetime, last: datetime, figures: Figures, seed: int
) -> Iterator[tuple[datetime, str]]:
    """When each begins, and its `end`; beside the reports, and none before the rules knew them."""
    for end in KNOWN_BY:
        count = max(1, round(reports * figures.assumed[end]))
        for at in spread(count, first, last, figures, source(seed, "beginnings", end)):
            if _known(end, at):
                yield at, end


def informed_at(life: Life, first: datetime) -> datetime | None:
    """When the MCIO's word opened this case with limited information; None for nearly all. Not before `first`.

    Of those whom the victim signs later it is some time before they come.
    """
    if life.end == "limited":
        return life.contact_at
    if life.end != "report" or life.election != "unrestricted":
        return None
    if not life.chance("limited/signed", life.figures.assumed["limited_signed"]):
        return None
    at = life.contact_at - life.between("limited/at", *BEFORE)
    return at if at >= first and _known("limited", at) else None


def _known(end: str, at: datetime) -> bool:
    """Whether the rules knew it the day before, so everywhere on the day itself."""
    topic, facts = KNOWN_BY[end]
    return bool(policy.ruling(topic, facts, on=(at - DAYS).date()).allowed)


def inquiry(life: Life) -> Iterator[Step]:
    """The SARC logs the contact as an inquiry, by the victim's choice; some of them take part in CATCH."""
    if life.end == "inquiry":
        at = life.contact_at + life.between("inquiry", 1 * HOURS, 3 * HOURS)
        yield at, _logged
        if life.chance("inquiry/catch", life.figures.assumed["inquiry_catch"]):
            yield at + 10 * MINUTES, _joined


def _logged(life: Life, at: datetime) -> None:
    inquiry_log(actor=life.sarc, case_id=life.case.pk, at=at)
    life.look_again()


def _joined(life: Life, at: datetime) -> None:
    catch_explain(actor=life.sarc, case_id=life.case.pk, at=at)
    told = life.chance("catch/told", 0.5)
    catch_join(
        actor=life.sarc,
        case_id=life.case.pk,
        answers={"entry_names_victim": False},
        form_signed=True,
        consents=told,
        details="Invented: ring on Sundays." if told else "",
        at=at,
    )


def limited(life: Life) -> Iterator[Step]:
    """The SARC opens a case on what the MCIO says; in some of them the victim comes later and signs."""
    if life.informed_at is None:
        return
    yield life.informed_at, _informed
    yield life.informed_at + 10 * MINUTES, outcome.investigated("investigation_opened")
    if life.end == "limited" and life.chance("limited/closed", life.figures.assumed["limited_closed"]):
        yield outcome.closes_at(life) - 2 * DAYS, outcome.investigated("investigation_closed")


def _informed(life: Life, at: datetime) -> None:
    life.case = limited_case_open(
        actor=life.sarc,
        at=at,
        installation=life.place.location,
        identity={"name": life.victim},
        narrative={"text": life.rng("informed").choice(life.names.lists["accounts"])},
    )
    life.look_again()
