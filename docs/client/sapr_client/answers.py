"""Generated from the description of the API by `manage.py client_code --write`. Not edited by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class AcknowledgementOutput(TypedDict):
    key: str
    sentence: str
    options: list[str]


class AdoptionOutput(TypedDict):
    """A rule set that a Service has adopted."""

    service: str
    rule_set: str
    # First day of signing for which it counts.
    starts_on: str
    approved_at: str


class CaseEligibilityRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What is known of the person and the incident.
    facts: dict[str, Any]


class CaseGet(TypedDict):
    """A case with what is due and what was told."""

    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    installation: str
    opened_at: str
    signed_at: str | None
    converted_at: str | None
    duties: list[DutyOutput]
    notices: list[NoticeSummary]


class CasePage(TypedDict):
    items: list[CaseSummary]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseSummary(TypedDict):
    """One case, without anything about the victim."""

    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    installation: str
    opened_at: str


class ChangeOutput(TypedDict):
    """Another value of one fact, and what it would give."""

    fact: str
    # True or false, a word, a number, or a list of words.
    value: Any
    restricted: bool
    unrestricted: bool
    route: str


class CitationOutput(TypedDict):
    """Where a rule comes from."""

    rule: str
    rule_set: str
    # The text that the rule rests on.
    authority: str
    source: list[str]
    confidence: str


class ClientGet(TypedDict):
    """An outside system and the scope of its key."""

    name: str
    # By which the key is recognised.
    prefix: str
    expires_at: str
    per_minute: int
    places: list[PlaceOutput]
    rooms: list[str]
    verbs: list[str]
    # As room:field; a room that none names shows all.
    fields_shown: list[str]


class ClientRotate(TypedDict):
    """The new key, told once."""

    key: str
    expires_at: str
    # Until when the key that asked works on.
    earlier_ends_at: str


class ContactOpenRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The door: healthcare, commander, law_enforcement, sarc, sapr_va, self (default) or other.
    source: NotRequired[str]
    # Who the victim is.
    identity: NotRequired[IdentityInputRequest]
    # What happened.
    narrative: NotRequired[NarrativeInputRequest]


class Counts(TypedDict):
    restricted: int
    unrestricted: int


class DecisionOutput(TypedDict):
    """Which reporting options the rules give for these facts on that day, and why."""

    on: str
    rule_set: str
    profile: str
    # Later rule sets that the person's Service had adopted for that day.
    adopted: list[str]
    route: str
    form: str | None
    options: OptionsOutput
    statuses: list[StatusOutput]
    missing: list[MissingOutput]
    would_change: list[ChangeOutput]
    citations: list[CitationOutput]
    overridden_by: list[OverrideOutput]
    facts_used: list[str]


class DutyOutput(TypedDict):
    """A duty: which rule demands what of whom, by when."""

    id: str
    case: str
    rule: str
    kind: str
    role: str
    state: str
    due_at: str
    # Due at its trigger; no minute makes it late.
    immediate: bool
    discharged_by: str
    reason: str


class DutyPage(TypedDict):
    items: list[DutyOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class EligibilityRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What is known of the person and the incident.
    facts: dict[str, Any]
    # The day of signing.
    on: str
    # seed or dated; absent: the one in force now (GET policy/settings).
    profile: NotRequired[str]


class EmergencyDecideRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # true: approve; false: refuse.
    approve: bool


class EmergencyOutput(TypedDict):
    """A request as its asker is told of it."""

    id: str
    asked_for: str
    # waiting, open, ended or not_granted.
    standing: str
    asked_at: str
    answer_by: str
    # null: never granted so far.
    runs_until: str | None


class EmergencyPage(TypedDict):
    items: list[EmergencyOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class EmergencyReason(TypedDict):
    reason: str


class EmergencyRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The case's number or id.
    case: str
    # Why it is needed now. Sealed with the case's key.
    reason: str


class FormEdition(TypedDict):
    form: str
    edition: str
    acknowledgements: list[AcknowledgementOutput]


class IdentityInputRequest(TypedDict):
    """Who the victim is. Sealed; an empty text clears a field, an absent key leaves it."""

    # The name as it is to be written.
    name: NotRequired[str]
    # Ten digits.
    dod_id: NotRequired[str]
    # A number at which the victim may be called.
    phone: NotRequired[str]
    # An address to which the victim may be written.
    email: NotRequired[str]
    # Grade or rank.
    grade: NotRequired[str]
    # female or male.
    sex: NotRequired[str]
    # Id of the victim's unit commander's post.
    unit_commander_post: NotRequired[str]
    # Id of a post that notices must not reach.
    offender_post: NotRequired[str]


class InboxOpenOutput(TypedDict):
    """An inbox item in clear."""

    id: str
    kind: str
    post: str
    slot: str
    # Whether the holder of the post said: read.
    acknowledged: bool
    body: str


class InboxOutput(TypedDict):
    """An inbox item. The slot is the only time there is."""

    id: str
    kind: str
    post: str
    slot: str
    # Whether the holder of the post said: read.
    acknowledged: bool


class InboxPage(TypedDict):
    items: list[InboxOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class KitHandToMcioInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The number on the kit's label; case, spaces and hyphens do not matter.
    number: str


class KitNumber(TypedDict):
    number: str


class KitOutput(TypedDict):
    """Where a kit stands."""

    # numbered, sealed or mcio.
    state: str


class KitSealInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The number on the kit's label; case, spaces and hyphens do not matter.
    number: str


class MissingOutput(TypedDict):
    """A fact that nobody stated and that could change the answer."""

    fact: str
    why: str
    rules: list[str]


class NarrativeInputRequest(TypedDict):
    """What happened. Sealed; an empty text clears a field, an absent key leaves it."""

    # At most 20,000 characters.
    text: NotRequired[str]
    # YYYY-MM-DD.
    incident_on: NotRequired[str]
    # on_installation, off_installation or not_stated.
    place: NotRequired[str]
    # penetrative or contact.
    offence: NotRequired[str]


class NoticeOutput(TypedDict):
    """A notice with its exact wordings. Release what you read by its SHA-256."""

    id: str
    case: str
    kind: str
    # composed (waits for release), released or placed.
    state: str
    # The addressee's post.
    post: str
    last_slot: str
    # Drawn at release.
    slot: str | None
    # How much it says: minimal, or the steps of the ladder.
    rung: str | None
    # null: sealed, of an Unrestricted report.
    wording: str | None
    wording_sha256: str | None
    minimal: str | None
    minimal_sha256: str | None
    released_sha256: str | None


class NoticePage(TypedDict):
    items: list[NoticeSummary]
    # The cursor of the next page; null: no more.
    next: str | None


class NoticeReleaseRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # true: release the MINIMAL wording.
    minimal: bool
    # SHA-256 (hex) of the wording that was read.
    sha256: str
    # true: no local knowledge tells who is meant. Needed where few people could be (DN-03).
    confirmed: NotRequired[bool]


class NoticeSummary(TypedDict):
    """A notice: to whom, how far, and until when it must be placed."""

    id: str
    case: str
    kind: str
    # composed (waits for release), released or placed.
    state: str
    # The addressee's post.
    post: str
    last_slot: str
    # Drawn at release.
    slot: str | None


class OptionOutput(TypedDict):
    """One option: open or not, by which rules, and why in plain words."""

    allowed: bool
    rules: list[str]
    because: str


class OptionsOutput(TypedDict):
    """Both options."""

    restricted: OptionOutput
    unrestricted: OptionOutput


class OverrideOutput(TypedDict):
    """A dated rule that the profile answers otherwise."""

    option: str
    rule: str
    rule_set: str
    would_allow: bool
    replaced_by: str
    needs: list[str]


class PatchedContactCompleteRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Who the victim is.
    identity: NotRequired[IdentityInputRequest]
    # What happened.
    narrative: NotRequired[NarrativeInputRequest]


class PersonFind(TypedDict):
    items: list[CaseSummary]


class PersonFindRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Ten digits.
    dod_id: str


class PlaceOutput(TypedDict):
    """An installation or a command."""

    id: str
    name: str


class PolicySettings(TypedDict):
    profile: str
    # null: nobody has changed it yet.
    since: str | None
    adoptions: list[AdoptionOutput]


class Problem(TypedDict):
    """A refusal (RFC 9457)."""

    # urn:sapr:problem: and the code.
    type: str
    # The HTTP status in words.
    title: str
    status: int
    # Stable; docs/api.md lists them.
    code: str
    # A sentence for a person.
    detail: str
    # The input it is about.
    path: NotRequired[str]
    # The policy rule that refuses.
    rule: NotRequired[str]


class ReportSignRequest(TypedDict):
    """Both signatures with their instants. Every clock starts at the victim's."""

    # The name as the victim signed.
    victim_signature: str
    # When the victim signed.
    victim_signed_at: str
    # The name as the SARC or SAPR VA signed.
    advocate_signature: str
    # When the SARC or SAPR VA signed.
    advocate_signed_at: str
    # Needed when something this form makes due is overdue already.
    late_reason: NotRequired[str]
    # restricted or unrestricted.
    election: str
    # The edition of the form in force on the day of signing.
    edition: str
    # Acknowledgement key: initials.
    initials: dict[str, str]


class ReportSummary(TypedDict):
    """A signed report. `signed_at` is the victim's signature; `recorded_at` when the system learned of it."""

    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    installation: str
    opened_at: str
    signed_at: str
    recorded_at: str
    converted_at: str | None


class SealedOpen(TypedDict):
    # Who the victim is, as far as it was told.
    identity: NotRequired[dict[str, str]]
    # What happened, as far as it was told.
    narrative: NotRequired[dict[str, str]]


class SealedOpenRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why: case_work, or emergency where the case was opened in one.
    purpose: str


class SignaturesRequest(TypedDict):
    """Both signatures with their instants. Every clock starts at the victim's."""

    # The name as the victim signed.
    victim_signature: str
    # When the victim signed.
    victim_signed_at: str
    # The name as the SARC or SAPR VA signed.
    advocate_signature: str
    # When the SARC or SAPR VA signed.
    advocate_signed_at: str
    # Needed when something this form makes due is overdue already.
    late_reason: NotRequired[str]


class StatusOutput(TypedDict):
    """What one status alone would give."""

    status: str
    rules: list[str]
    restricted: bool
    unrestricted: bool
    form: str | None


class StepRecord(TypedDict):
    event: str


class StepRecordRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # For instance safe_offered; docs/api.md lists the kinds.
    kind: str
    # The answers of this kind of step.
    details: NotRequired[dict[str, str]]


class VaAssign(TypedDict):
    va: str
    role: str


class VaAssignRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The SAPR VA's user name.
    va: str
