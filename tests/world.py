"""One installation with its staff, and the short ways tests take to a signed report."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Location, LocationKind, Post, Role, User
from notifications.strength.services import strength_record
from reports import policy
from reports.election import contacts, conversion
from reports.election import services as election
from reports.election.models import Case, Report
from sapr import clock
from tests.factories import AppointmentFactory, InstallationFactory, PostFactory, UserFactory
from tests.times import T0

__all__ = ["CANARIES", "MEMBER", "T0", "World"]

# An ordinary active-duty member, told nobody.
MEMBER: dict[str, Any] = {
    "statuses": ["service_member"],
    "age": 24,
    "offender_relationship": "none",
    "told": [],
    "victim_reported_to_law_enforcement": False,
    "investigation": "none",
    "prior_election": "none",
}
# What must never stand in clear anywhere outside the sealed columns.
CANARIES = {
    "name": "Zzyzx Canary-Smith",
    "dod_id": "9876501234",
    "phone": "+1 555 0199 777",
    "email": "canary-smith@nowhere.invalid",
    "grade": "E-3 canary",
    "text": "The canary sang in the blue hangar.",
}
# What no canary could be: words of a list. A Restricted notice may say them where that singles nobody out.
WORDS = {"sex": "female"}


@dataclass
class World:
    """Staff of one installation, plus a stranger's installation."""

    installation: Location
    sarc: User
    va: User
    other_va: User
    commander: User
    unit_commander: User
    mcio: User
    manager: User
    higher: User
    stranger: User  # SARC of another installation
    posts: dict[str, Post]

    @classmethod
    def build(cls) -> "World":
        """The staff, their posts and appointments, committed or not as the caller's transaction says."""
        command = Location.objects.create(kind=LocationKind.COMMAND, name="Higher Command", zone="UTC")
        camp = InstallationFactory(name="Camp Sample", parent=command)
        unit = Location.objects.create(
            kind=LocationKind.UNIT, name="1st Sample Company", zone=camp.zone, parent=camp
        )
        other = InstallationFactory(name="Fort Elsewhere", parent=command)
        higher = PostFactory(location=command, role=Role.SENIOR_COMMANDER)
        posts = {
            "higher": higher,
            "sarc": PostFactory(location=camp, role=Role.SARC),
            "va": PostFactory(location=camp, role=Role.VA),
            "commander": PostFactory(location=camp, role=Role.SENIOR_COMMANDER, next_higher=higher),
            "unit_commander": PostFactory(location=unit, role=Role.UNIT_COMMANDER, next_higher=higher),
            "mcio": PostFactory(location=camp, role=Role.MCIO),
            "manager": PostFactory(location=command, role=Role.PROGRAMME_MANAGER),
            "stranger": PostFactory(location=other, role=Role.SARC),
        }
        PostFactory(location=other, role=Role.SENIOR_COMMANDER, next_higher=higher)

        def held(post: str) -> User:
            return AppointmentFactory(post=posts[post], user=UserFactory(username=post)).user

        people = {post: held(post) for post in posts}
        other_va = AppointmentFactory(post=posts["va"], user=UserFactory(username="other_va")).user
        return cls(installation=camp, other_va=other_va, posts=posts, **people)

    def strength(
        self, people: int, location: Location | None = None, valid_to: date = date(2026, 12, 31)
    ) -> None:
        """A valid strength table with that many people, a fifth of them women.

        A fifth are dependents, a tenth civilians; half of the members are in junior grades.
        """
        shares = {"dependent": people // 5, "civilian": people // 10}
        shares["member"] = people - sum(shares.values())
        counts = {
            (sex, status): part
            for status, share in shares.items()
            for sex, part in (("female", share // 5), ("male", share - share // 5))
        }
        strength_record(
            location=location or self.installation,
            valid_from=date(2026, 1, 1),
            valid_to=valid_to,
            groups=[
                (sex, band, share, "active", status)
                for (sex, status), count in counts.items()
                for band, share in (
                    (("E1-E4", count - count // 2), ("E5-E9", count // 2))
                    if status == "member"
                    else (("none", count),)
                )
            ],
            actor=None,
            at=T0,
        )

    def contact(self, *, actor: User | None = None, at: datetime = T0, **identity: str) -> Case:
        """An open contact with the canaries sealed in it."""
        known = {k: v for k, v in CANARIES.items() if k != "text"}
        known |= WORDS | {"unit_commander_post": str(self.posts["unit_commander"].pk)} | identity
        return contacts.contact_open(
            actor=actor or self.sarc,
            at=at,
            identity=known,
            narrative={"text": CANARIES["text"], "incident_on": "2026-03-01", "place": "on_installation"},
        )

    def decided(self, *, facts: dict[str, Any] | None = None, **contact: Any) -> Case:
        """A contact for which the rules were asked."""
        case = self.contact(**contact)
        election.options_decide(
            actor=contact.get("actor") or self.sarc,
            case_id=case.pk,
            facts=facts or MEMBER,
            at=contact.get("at", T0),
        )
        return case

    def paper(self, case: Case, option: str, at: datetime = T0, form: str = "DD 2910") -> dict[str, Any]:
        """The arguments of `report_sign` for a complete form signed at an instant."""
        edition = policy.form_edition(form, at.date())
        return {
            "case_id": case.pk,
            "election": option,
            "initials": {a.key: "ZC" for a in edition.acknowledgements if option in a.options},
            "victim_signature": CANARIES["name"],
            "victim_signed_at": at,
            "advocate_signature": "Invented Advocate",
            "advocate_signed_at": at,
            "edition": edition.edition,
        }

    def signed(self, option: str, *, at: datetime = T0, late_reason: str = "", **kwargs: Any) -> Report:
        """A signed report of the SARC's own case."""
        case = self.decided(at=at, **kwargs)
        actor = kwargs.get("actor") or self.sarc
        return election.report_sign(actor=actor, late_reason=late_reason, **self.paper(case, option, at))

    def shown(self, report: Report, *, actor: User | None = None) -> str:
        """What converting asks for: the digest of what it would show, as this person (the SARC) was shown it now."""
        actor = actor or self.sarc
        return conversion.conversion_prepare(actor=actor, case_id=report.case_id, at=clock.now()).digest

    def converted(self, report: Report, *, at: datetime | None = None, actor: User | None = None) -> Report:
        """The Restricted report, converted an hour after it was signed unless said otherwise."""
        at = at or report.signed_at + timedelta(hours=1)
        actor = actor or self.sarc
        return conversion.report_convert(
            actor=actor,
            case_id=report.case_id,
            confirmation=self.shown(report, actor=actor),
            victim_signature=CANARIES["name"],
            victim_signed_at=at,
            advocate_signature="Invented Advocate",
            advocate_signed_at=at,
        )
