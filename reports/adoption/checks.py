"""Which changes of the settings mean anything: known to the policy, not in force, not waiting already."""

from datetime import date, datetime

from reports import policy
from reports.adoption import meaning, selectors
from reports.adoption.models import ChangeKind, PolicyChange, Service
from sapr.errors import DomainError


def change_check(
    *,
    at: datetime,
    profile: str = "",
    service: str = "",
    rule_set: str = "",
    starts_on: date | None = None,
) -> None:
    """Refuse a change that the policy does not know, that changes nothing, or that waits already."""
    if profile and (service or rule_set or starts_on):
        raise DomainError("invalid", "Propose a profile or an adoption, one at a time.")
    if profile:
        _check_profile(profile, at)
        twin = selectors.waiting().filter(profile=profile)
    else:
        _check_adoption(service, rule_set, starts_on, at)
        twin = selectors.waiting().filter(service=service, rule_set=rule_set)
    if twin.exists():
        raise proposed_already()


def change_fits(change: PolicyChange, at: datetime) -> None:
    """Refuse a waiting change that the policy or another approval has overtaken."""
    if change.kind == ChangeKind.PROFILE:
        _check_profile(change.profile, at)
    else:
        _check_adoption(change.service, change.rule_set, change.starts_on, at)


def settings_unknown() -> list[str]:
    """What was approved, ever, and the rules in use do not know: `profile x`, `rule set X`; in that order."""
    return [f"profile {name}" for name in selectors.approved_profiles() if name not in meaning.profiles()] + [
        f"rule set {name}" for name in selectors.approved_rule_sets() if name not in meaning.rule_sets()
    ]


def proposed_already() -> DomainError:
    """The refusal of a change that waits already, also when its twin came at the same moment."""
    return DomainError(
        "already_proposed", "This waits for a second person already. Look under the proposals.", status=409
    )


def _check_profile(profile: str, at: datetime) -> None:
    if profile not in meaning.profiles():
        raise DomainError(
            "unknown_value", f"profile: choose one of {', '.join(meaning.profiles())}.", path="profile"
        )
    if profile == selectors.profile_in_force(at)[0]:
        raise DomainError(
            "already_in_force", "Cases are decided under this profile already.", status=409, path="profile"
        )


def _check_adoption(service: str, rule_set: str, starts_on: date | None, at: datetime) -> None:
    if service not in Service.values:
        raise DomainError(
            "unknown_value", f"service: choose one of {', '.join(Service.values)}.", path="service"
        )
    adoptable = meaning.adoptable()
    if rule_set not in meaning.rule_sets():
        raise DomainError("unknown_value", "rule_set: there is no rule set of this name.", path="rule_set")
    if rule_set not in adoptable:
        raise DomainError(
            "not_adoptable",
            f"No rule in use gives way to {rule_set}. These can be adopted: {', '.join(adoptable) or 'none'}.",
            path="rule_set",
        )
    if starts_on is None:
        raise DomainError("missing", "starts_on: this is needed. Fill it in.", path="starts_on")
    try:
        policy.default_policy().book.facts.check_date(starts_on, "starts_on")
    except policy.FactsError as error:
        raise DomainError(error.code, error.message, path=error.path) from None
    if starts_on < adoptable[rule_set]:
        raise DomainError(
            "before_the_rules",
            f"{rule_set} is in force from {adoptable[rule_set]} on; it cannot be adopted for an earlier day.",
            path="starts_on",
        )
    earlier = selectors.adoptions(at).filter(service=service, rule_set=rule_set, starts_on__lte=starts_on)
    if found := earlier.first():
        raise DomainError(
            "already_adopted",
            f"The {found.get_service_display()} has adopted {rule_set} from {found.starts_on} on. "
            "Only an earlier day would change anything.",
            status=409,
            path="starts_on",
        )
