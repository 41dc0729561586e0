"""The life of a case in small steps: each function says when something happens and what is then done.

A room that is added later adds a function to `LIFE`, or, for what its rules make due, an entry to `duties.DOERS`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from reports import policy
from reports.casework.services import va_assign
from reports.election import contacts
from reports.election import conversion as converting
from reports.election import services as election
from reports.evidence import services as evidence
from sapr.world import custody, moving, outcome, protection, unreported
from sapr.world.life import Life, Step

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def first_contact(life: Life) -> Iterator[Step]:
    """Somebody comes by one of the doors, or the MCIO alone tells of them; options and counsel are explained."""
    if life.end == "limited":
        return
    yield life.contact_at, _open if life.informed_at is None else _came
    for number, (kind, details) in enumerate(EXPLAINED, start=1):
        yield life.contact_at + 7 * number * MINUTES, _step(kind, **details)


EXPLAINED: tuple[tuple[str, dict[str, str]], ...] = (
    ("options_explained", {}),
    ("counsel_explained", {"answer": "later"}),
    ("vwap_explained", {}),
)


def _step(kind: str, **details: str) -> Callable[[Life, datetime], None]:
    def act(life: Life, at: datetime) -> None:
        life.recorded(kind, at, **details)

    return act


def _open(life: Life, at: datetime) -> None:
    life.case = contacts.contact_open(
        actor=life.opener, at=at, installation=life.place.location, **_told(life, at)
    )
    # That there is no report yet is then known, and not asked again at every step.
    life.look_again()


def _came(life: Life, at: datetime) -> None:
    """The victim of a case with limited information comes, gets a SAPR VA and says what the MCIO did not (TR-10)."""
    va_assign(actor=life.sarc, case_id=life.case.pk, va=life.va, at=at)
    told = _told(life, at)
    contacts.contact_complete(
        actor=life.sarc,
        case_id=life.case.pk,
        at=at,
        identity=told["identity"],
        narrative=told["narrative"],
    )


def _told(life: Life, at: datetime) -> dict[str, Any]:
    """The door, who the victim is, and their account."""
    rng = life.rng("contact")
    doors = life.figures.doors
    days = rng.randrange(1, 60) if not before_service(life) else rng.randrange(2000, 4000)
    return {
        "source": rng.choices(list(doors), list(doors.values()))[0],
        "identity": {
            "name": life.victim,
            "phone": f"+1 555 01{rng.randrange(100):02}",
            "unit_commander_post": str(rng.choice(life.place.unit_posts).pk),
        },
        "narrative": {
            "text": rng.choice(life.names.lists["accounts"]),
            "incident_on": (at.astimezone(life.zone).date() - days * DAYS).isoformat(),
            "place": rng.choice(("on_installation", "off_installation", "not_stated")),
        },
    }


def before_service(life: Life) -> bool:
    return life.chance("before_service", life.figures.shares["before_service"])


def leaving(life: Life) -> Iterator[Step]:
    """Some leave without signing: no report exists (BL-11)."""
    if life.end == "leaves":
        yield life.contact_at + life.between("leaving", 1 * HOURS, 3 * HOURS), _leave


def _leave(life: Life, at: datetime) -> None:
    contacts.contact_walk_away(actor=life.opener, case_id=life.case.pk, at=at)


def signature(life: Life) -> Iterator[Step]:
    """The rules answer, and the victim signs."""
    if life.end == "report":
        yield life.signed_at - 20 * MINUTES, _decide
        yield life.signed_at, _sign


def _decide(life: Life, at: datetime) -> None:
    facts = {
        "statuses": ["dod_civilian" if life.civilian else "service_member"],
        "age": life.rng("age").randrange(18, 41),
        "offender_relationship": life.rng("relationship").choice(("none", "unknown")),
        "told": life.rng("told").choice(([], ["friend"])),
        "victim_reported_to_law_enforcement": False,
        "investigation": "none" if life.informed_at is None else "open",
        "prior_election": "none",
    }
    if before_service(life):
        facts["assault_timing"] = "before_service"
    answer = election.options_decide(actor=life.opener, case_id=life.case.pk, facts=facts, at=at)
    life.form = answer.form


def _sign(life: Life, at: datetime) -> None:
    paper = policy.form_edition(life.form, at.astimezone(life.zone).date())
    initials = "".join(part[0] for part in life.victim.split())
    election.report_sign(
        actor=life.opener,
        case_id=life.case.pk,
        election=life.election,
        initials=dict.fromkeys(paper.required_for(life.election), initials),
        victim_signature=life.victim,
        victim_signed_at=at,
        advocate_signature=life.opener.display_name,
        advocate_signed_at=at,
        edition=paper.edition,
    )
    life.look_again()


def kit(life: Life) -> Iterator[Step]:
    """A SAFE kit under its number; that of an Unrestricted report goes to the MCIO, as after a conversion it is due."""
    if life.end == "report" and life.has_kit:
        yield life.signed_at + 30 * MINUTES, _kit_number
        if life.sealed_kit:
            yield life.signed_at + 3 * HOURS, _kit_seal
            if life.election == "unrestricted":
                yield life.signed_at + 5 * HOURS, custody.to_mcio


def _kit_number(life: Life, at: datetime) -> None:
    made, life.kit = evidence.kit_number_issue(actor=life.opener, case_id=life.case.pk, at=at)
    life.card = made.card_id


def _kit_seal(life: Life, at: datetime) -> None:
    evidence.kit_seal(actor=life.opener, case_id=life.case.pk, number=life.kit, at=at)


def conversion(life: Life) -> Iterator[Step]:
    """Some Restricted reports become Unrestricted by a new signature."""
    if life.end == "report" and life.converts:
        yield life.unrestricted_at, _convert


def _convert(life: Life, at: datetime) -> None:
    shown = converting.conversion_prepare(actor=life.sarc, case_id=life.case.pk, at=at)
    converting.report_convert(
        actor=life.sarc,
        case_id=life.case.pk,
        victim_signature=life.victim,
        victim_signed_at=at,
        advocate_signature=life.sarc.display_name,
        advocate_signed_at=at,
        confirmation=shown.digest,
    )
    life.look_again()


# The order decides between steps of one life at one instant.
LIFE: tuple[Callable[[Life], Iterator[Step]], ...] = (
    unreported.limited,
    first_contact,
    unreported.inquiry,
    leaving,
    signature,
    kit,
    custody.stored,
    custody.examined,
    conversion,
    protection.transfer,
    protection.order,
    protection.retaliation,
    outcome.final,
    moving.relocated,
    outcome.closing,
    outcome.reopening,
)
