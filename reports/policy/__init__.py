"""Dated SAPR policy as data, and pure functions that answer from it.

Nothing here imports Django or any other part of this project. Every function is pure; time is an argument.
Wrong input raises FactsError (`code`, `path`, `message`), wrong data PolicyDataError when it is loaded.
Profiles: `seed` (default) and `dated`; `docs/policy.md` explains them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from . import transitions as _transitions
from .access import AccessRules, Grant
from .decision import Change, Citation, Decision, Missing, OptionOutcome, Override, StatusOutcome
from .delays import next_monthly, next_turn
from .duty_plan import Duty, DutyPlan, Extension, NotApplicable, Step
from .errors import FactsError, PolicyDataError, PolicyError
from .forms import Acknowledgement, Considerations, FormEdition, Statement
from .in_words import delay as delay_in_words
from .lateness import Telling, Watch
from .loading import DATA, Policy, default_policy, load_policy, use
from .notices import Chase, NoticeSpec, Reminder
from .numbers import check_control_number, new_control_number
from .outside import Outside
from .papers import UNSIGNED, PaperEdition, PaperQuestion
from .questions import Question, ask_about_family
from .retention import Retention
from .rows import Rule
from .rulings import Ruling, Saying
from .transitions import Transition
from .visibility import Visibility

__all__ = [
    "DATA",
    "UNSIGNED",
    "AccessRules",
    "Acknowledgement",
    "Change",
    "Chase",
    "Citation",
    "Considerations",
    "Decision",
    "Duty",
    "DutyPlan",
    "Extension",
    "FactsError",
    "FormEdition",
    "Grant",
    "Missing",
    "NotApplicable",
    "NoticeSpec",
    "OptionOutcome",
    "Outside",
    "Override",
    "PaperEdition",
    "PaperQuestion",
    "Policy",
    "PolicyDataError",
    "PolicyError",
    "Question",
    "Reminder",
    "Retention",
    "Rule",
    "Ruling",
    "Saying",
    "Statement",
    "StatusOutcome",
    "Step",
    "Telling",
    "Transition",
    "Visibility",
    "Watch",
    "access_rules",
    "chase",
    "check_control_number",
    "considerations",
    "default_policy",
    "due_words",
    "duties",
    "duty_events",
    "eligibility",
    "eligibility_turns",
    "fap_questions",
    "form_edition",
    "form_named",
    "last_slot",
    "load_policy",
    "longest_grant",
    "mail_roles",
    "new_control_number",
    "next_mail",
    "next_monthly",
    "next_turn",
    "notice_spec",
    "outside",
    "paper_edition",
    "paper_named",
    "papers",
    "reminders",
    "retention",
    "retention_items",
    "row",
    "rule",
    "rules",
    "ruling",
    "service_of",
    "signer_words",
    "slots_after",
    "tellings",
    "topics",
    "transitions",
    "use",
    "visibility",
    "visibility_words",
    "watch",
    "wording_numbers",
]


def eligibility(
    facts: Mapping[str, Any],
    *,
    on: date,
    profile: str = "seed",
    adopted: Collection[str] = (),
    explain: bool = True,
) -> Decision:
    """Which options the person has on the day of signing, each with rules, citations and a plain reason.

    An option is open when stated facts show it. A circumstance nobody mentioned counts as not having happened
    and is listed in `missing` if it matters; one mentioned but half described is taken at its worst for the
    option. `adopted`: rule sets that the person's Service follows, from which rows of the founding page give
    way. `would_change` is computed only when `explain` is true.
    """
    return default_policy().eligibility.decide(facts, on, profile, explain, adopted)


def eligibility_turns() -> Sequence[date]:
    """The days from which on an eligibility answer may be another one, in their order."""
    return default_policy().eligibility.turns


def duties(
    event: str,
    facts: Mapping[str, Any],
    *,
    at: datetime,
    zone: str,
    profile: str = "seed",
    adopted: Collection[str] = (),
) -> DutyPlan:
    """What the event, at that instant in that zone, opens and ends. Due instants are in UTC.

    The local day of `at` selects the rules, unless the facts state the day that a row goes by (`decided_on` for
    transfers, `signed_on` for kits).
    """
    return default_policy().duties.plan(event, facts, at, zone, profile, adopted)


def due_words(duty: Duty) -> str:
    """By when the duty's row says it is due, in words: `within 24 hours, elapsed`."""
    policy = default_policy()
    rule = policy.book.by_layer_and_set[duty.rule, duty.layer, duty.rule_set]
    raw = next(each for each in rule.parameters["duties"] if each["kind"] == duty.kind)
    return delay_in_words(raw["delay"], policy.book)


def duty_events() -> frozenset[str]:
    """The kinds of event that the duty rows know; any other opens and ends nothing."""
    return frozenset(default_policy().book.vocabulary["events"])


def retention(
    item: str,
    facts: Mapping[str, Any],
    *,
    started_on: date,
    on: date,
    profile: str = "seed",
    adopted: Collection[str] = (),
) -> Retention:
    """How long an item is kept that began on that day (the signature), by the rules known on `on`.

    The longest period that any rule gave it before an earlier one ran out; a later rule never shortens it.
    """
    return default_policy().retention.answer(item, facts, started_on, on, profile, adopted)


def retention_items() -> Mapping[str, str]:
    """The items whose keeping has rules, with their labels."""
    return default_policy().retention.items


def fap_questions(profile: str, on: date, adopted: Collection[str] = ()) -> tuple[Question, ...]:
    """The questions that decide whether the Family Advocacy Program takes the report."""
    return ask_about_family(default_policy().eligibility, profile, on, adopted)


def last_slot(signed_at: datetime, zone: str, *, extended: bool = False) -> datetime:
    """The latest slot not later than the policy's margin after signing (23 hours; `extended`: 47), in UTC."""
    return default_policy().notices.last_slot(signed_at, zone, extended=extended)


def chase(placed_at: datetime, zone: str) -> Chase:
    """When what is done about a notice placed then that nobody acknowledges (DN-52), in UTC.

    `zone`: the alternate's, by whose clock its slot is.
    """
    return default_policy().notices.chase(placed_at, zone)


def longest_grant(on: date) -> timedelta:
    """For how long a commander may grant the longer time at once (DN-53)."""
    return default_policy().notices.longest_grant(on)


def slots_after(now: datetime, last: datetime, zone: str) -> list[datetime]:
    """The slots later than `now`, up to and including `last`, in UTC."""
    return default_policy().notices.slots_after(now, last, zone)


def reminders(last_slot: datetime) -> list[Reminder]:
    """When to remind whom before the last slot, as (instant, roles)."""
    return default_policy().notices.reminders(last_slot)


def notice_spec(kind: str, *, on: date | None = None) -> NoticeSpec:
    """How this kind of notice is addressed and what it may say; `on` None means the newest row."""
    return default_policy().notices.spec(kind, on)


def tellings(
    rule: str, layer: str, rule_set: str, kind: str, role: str, due_at: datetime
) -> tuple[Telling, ...]:
    """Whom to tell of this open duty, and when: its ladder, before and after the due instant, in that order.

    The row is named as a duty keeps it; without a layer (older duties) the newest row of that id. A duty without a
    ladder has no steps. `alternate` stands for the post above the one told before it.
    """
    return default_policy().lateness.tellings(rule, layer, rule_set, kind, role, due_at)


def watch(*, on: date | None = None) -> Watch:
    """How the sweep is watched; `on` None means the newest row."""
    return default_policy().lateness.watch(on)


def outside(*, on: date | None = None) -> Outside:
    """Windows, tries and pauses of what leaves the system; `on` None means the newest rows."""
    return default_policy().outside.numbers(on)


def mail_roles(at: datetime, zone: str) -> tuple[str, ...]:
    """The roles whose holders get the constant mail at this very instant, by the clocks of the zone."""
    return default_policy().outside.mail_roles(at, zone)


def next_mail(after: datetime, zone: str, *, role: str | None = None) -> datetime | None:
    """The next planned instant, in UTC, for that role or for any; None for a role that gets no mail."""
    return default_policy().outside.next_mail(after, zone, role)


def wording_numbers(part: str, *, on: date | None = None) -> Mapping[str, Any]:
    """One part of what decides how much a Restricted notice says (rows DN-03, DN-20 to DN-27), as its row writes it.

    Parts: thresholds, ladders, priors, presence, history, hysteresis, coarsening, layout, finer. Not to be changed.
    """
    return default_policy().notices.wording_numbers(part, on)


def form_edition(code: str, on: date) -> FormEdition:
    """The edition of `DD 2910` or `DD 2910-8` in use on that day."""
    return default_policy().forms.edition(code, on)


def form_named(code: str, edition: str) -> FormEdition:
    """The edition of an election form that was signed, by its name; FactsError when there is none."""
    return default_policy().forms.by_name(code, edition)


def paper_edition(code: str, on: date) -> PaperEdition:
    """The edition of a form beside the election (`DD 2910-2`) in use on that day."""
    return default_policy().papers.edition(code, on)


def paper_named(code: str, edition: str) -> PaperEdition:
    """An edition of a form beside the election by its name; FactsError when there is none."""
    return default_policy().papers.by_name(code, edition)


def papers(on: date) -> tuple[PaperEdition, ...]:
    """Every form beside the election in use on that day, in the order of the data."""
    return default_policy().papers.in_force(on)


def signer_words() -> Mapping[str, str]:
    """Who signs a form, with the words for each."""
    return default_policy().book.vocabulary["paper_signers"]


def considerations(option: str, *, on: date | None = None) -> Considerations:
    """Benefits and limits to be shown before the election."""
    return default_policy().forms.considerations(option, on)


def ruling(
    topic: str,
    facts: Mapping[str, Any],
    *,
    on: date,
    profile: str = "seed",
    adopted: Collection[str] = (),
) -> Ruling:
    """What the rules say on this topic that day: whether it may happen, what it requires, what to know.

    `adopted`: rule sets that the Service has adopted. A fact nobody stated never makes a row hold unless the
    row says so; it then stands under `missing`.
    """
    return default_policy().rulings.rule_on(topic, facts, on, profile, adopted)


def visibility(
    role: str,
    facts: Mapping[str, Any],
    *,
    on: date,
    profile: str = "seed",
    adopted: Collection[str] = (),
) -> Visibility:
    """What this role sees of a report that day; `facts` hold the `election` and what else is known.

    Whatever no row grants is hidden, and a fact nobody stated never grants; it then stands under `missing`.
    """
    return default_policy().visibility.see(role, facts, on, profile, adopted)


def visibility_words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The roles of whom there are rules of seeing, and the fields of a record; each with its label."""
    words = default_policy().book.vocabulary
    return words["visibility_roles"], words["record_fields"]


def access_rules(on: date) -> AccessRules:
    """Who may do what with what, in which state and scope, by the rows in force on that day; and its limits."""
    return default_policy().access.on(on)


def transitions(*, on: date, profile: str = "seed", adopted: Collection[str] = ()) -> tuple[Transition, ...]:
    """The ways from one state of a case to another that the rows of that day open, in the order of the rows."""
    return _transitions.in_force(default_policy().book, on, profile, adopted)


def topics() -> Mapping[str, str]:
    """The topics on which there is a ruling, with their labels."""
    return default_policy().book.vocabulary["topics"]


def fact_words(name: str) -> tuple[str, ...]:
    """The words that a fact of the contract admits, in its order. KeyError for a fact that nobody knows."""
    return default_policy().book.facts.specs[name].values


def facts_for(use: str) -> frozenset[str]:
    """The names of the facts that `eligibility`, `duties` or `rulings` may be asked with."""
    specs = default_policy().book.facts.specs
    return frozenset(name for name, spec in specs.items() if use in spec.uses)


def rules() -> tuple[Rule, ...]:
    """Every row of every family, all versions and layers, switched on or not."""
    return default_policy().book.rules


def row(rule_id: str, layer: str, rule_set: str) -> Rule | None:
    """The newest row of this id that the layer took from that rule set; None when the book does not hold it."""
    return default_policy().book.by_layer_and_set.get((rule_id, layer, rule_set))


def service_of(layer: str) -> str | None:
    """A value of the fact `service` that brings this layer; None for a layer that is no Service's."""
    by = default_policy().book.service_layers["by"]
    return next((service for service, own in by.items() if own == layer), None)


def rule(rule_id: str, *, on: date | None = None, profile: str = "seed") -> Rule:
    """The row of this id in force on that day (None: the newest) under the profile, its own layer first.

    Switched-off rows are found too; look at `enabled`. FactsError `unknown_value` when there is none.
    """
    book = default_policy().book
    layers = book.layers(profile)
    found = [each for each in book.rules if each.id == rule_id and each.in_force(on or date.max)]
    # a row of another profile's layer is still citable
    found.sort(key=lambda each: layers.index(each.layer) if each.layer in layers else -1)
    if not found:
        raise FactsError("unknown_value", "id", "No rule of this id is in force on this date.")
    return found[-1]
