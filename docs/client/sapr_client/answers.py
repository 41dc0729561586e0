"""Generated from the description of the API by `manage.py client_code --write`. Not edited by hand."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict


class AcknowledgementOutput(TypedDict):
    key: str
    sentence: str
    options: list[str]


class AddressOutput(TypedDict):
    """A new address. It stands here and nowhere else."""

    # The path on this host. What lies there says: sign in.
    address: str


class AddresseeOutput(TypedDict):
    """A place with a senior commander's post."""

    # The place.
    location: str
    # Its name.
    name: str
    # null: the minimum; no table speaks for it.
    rung: RungOutput | None
    # What it costs that the tables leave somebody out; empty: nothing.
    lacks: str


class AdoptionOutput(TypedDict):
    """A rule set that a Service has adopted."""

    service: str
    rule_set: str
    # First day of signing for which it counts.
    starts_on: str
    approved_at: str


Advice: TypeAlias = Literal[
    "agree",
    "disagree",
    "doubt",
]


class AdvocateChangeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # In which role.
    role: CaseRole
    # User name of who leaves.
    leaves: str
    # User name of who follows.
    follows: str
    # Where the DD 2910 lie; for a SARC.
    originals: NotRequired[Originals]
    # Why, where it is known.
    reason: NotRequired[ChangeReason]


class AgendaLineOutput(TypedDict):
    """A case on an agenda."""

    # The line.
    id: str
    # The case's number.
    number: str
    # Open with limited information.
    limited: bool
    # Left over from the meeting before.
    carried_over: bool
    # What became of it; null until it is held.
    outcome: Outcome | None
    # Whether its minutes are kept.
    minuted: bool
    # From when on the group reviews the case.
    since: str


class AgendaLineWhole(TypedDict):
    """A case on an agenda with what is asked of it."""

    # The line.
    id: str
    # The case's number.
    number: str
    # Open with limited information.
    limited: bool
    # Left over from the meeting before.
    carried_over: bool
    # What became of it; null until it is held.
    outcome: Outcome | None
    # Whether its minutes are kept.
    minuted: bool
    # From when on the group reviews the case.
    since: str
    # The meeting.
    meeting: str
    # What the rules want asked.
    questions: list[AgendaQuestionOutput]
    # Null when there are none, or not for the caller.
    minutes: MinutesOutput | None


class AgendaQuestionOutput(TypedDict):
    """What the rules want asked of the case."""

    # The key under which it is answered.
    rule: str
    # The question.
    sentence: str


class AnnualCountsInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The fiscal year: 2026 ends on 30 September 2026.
    fy: int


class AnnualOutput(TypedDict):
    """Reports of one fiscal year."""

    # The fiscal year: it ends on 30 September of this year.
    fy: int
    # Whether it has ended everywhere.
    complete: bool
    # All reports signed in it.
    total: int
    # Signed as Restricted.
    restricted_initial: int
    # Signed as Unrestricted.
    unrestricted_initial: int
    # Restricted still when the year ended.
    restricted_remaining: int
    # Unrestricted when the year ended.
    unrestricted: int
    # Conversions of the year, also of older reports.
    conversions: int
    # Signed and converted in the year.
    converted_same_year: int


class AppointmentCreateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The person's user name.
    user: str
    # The post.
    post: str
    # Left out: until further notice.
    ends_at: NotRequired[str | None]


class AppointmentEndInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # It ends access at once; what the person works on needs somebody.
    understood: bool


class AppointmentOutput(TypedDict):
    """Somebody in a post, or proposed for it."""

    # Names it in addresses.
    id: str
    # Whose.
    username: str
    # The name shown.
    display_name: str
    # The post.
    post: str
    # The post's title.
    title: str
    # What its holder is.
    role: Role
    # Nothing is in force before a second person approves it.
    state: AppointmentState
    # From when on.
    starts_at: str
    # Until when; null: until further notice.
    ends_at: str | None
    # Who; null: the system itself.
    proposed_by: NotRequired[str | None]
    # When it was proposed.
    proposed_at: str | None


class AppointmentPage(TypedDict):
    items: list[AppointmentOutput]
    # The cursor of the next page; null: no more.
    next: str | None


AppointmentState: TypeAlias = Literal[
    "proposed",
    "approved",
    "refused",
]


class AssignmentOutput(TypedDict):
    """Somebody who is or was on a case."""

    # Who.
    person: PersonOutput
    # As what.
    role: CaseRole
    # From when.
    started_at: str
    # Until when; null: now.
    ended_at: str | None


class AttendanceOutput(TypedDict):
    """Who came, and which SARC did not."""

    # The seat.
    member: Member
    # Who; null for a seat without account.
    person: PersonOutput | None
    # False: expected and absent.
    present: bool


CallOutcome: TypeAlias = Literal[
    "reached",
    "nobody",
    "message_left",
]


class CardCustodyPage(TypedDict):
    items: list[HopOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CardFindInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The number on the kit's label; case, spaces and hyphens do not matter.
    number: str


class CardHoldsPage(TypedDict):
    items: list[HoldOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CardOutput(TypedDict):
    """A kit that lies before one."""

    # The kit, on its holder's side.
    id: str
    # The number on its label; null on the case's side.
    number: str | None
    # Its case, for who works on it.
    case: str | None
    # What its label shows.
    label: KitLabel
    # Who has it.
    holder: Holder
    # The post that answers for it.
    at_post: PostOutput | None
    # The caller answers for it.
    mine: bool
    # The hand-off that waits for the caller.
    to_receive: str | None
    # How the caller can hand it on.
    ways: list[WayOutput]
    # For a post that has it: others hold it back.
    held_by_others: bool | None
    # For a post that has it: what is proposed about its end.
    end: EndOutput | None


class CardStagesPage(TypedDict):
    items: list[StageOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseAgendaLineOutput(TypedDict):
    """A meeting on whose agenda a case stood."""

    # The line.
    id: str
    # The case's number.
    number: str
    # Open with limited information.
    limited: bool
    # Left over from the meeting before.
    carried_over: bool
    # What became of it; null until it is held.
    outcome: Outcome | None
    # Whether its minutes are kept.
    minuted: bool
    # From when on the group reviews the case.
    since: str
    # The meeting.
    meeting: str
    # For when it was called.
    scheduled_at: str


class CaseCloseFromAboveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The case's number.
    number: str


class CaseCloseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What the case does not record itself: referrals_complete, under_cmg_review, investigation_complete.
    answers: NotRequired[dict[str, bool | None] | None]
    # When; now unless given.
    at: NotRequired[str]


class CaseCopiesPage(TypedDict):
    items: list[CopyOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseDutiesPage(TypedDict):
    items: list[CaseDutyOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseDutyOutput(TypedDict):
    """A duty of a case in words, open or not."""

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
    # What is to be done.
    sentence: str
    # The rule's words; empty when it is known no more.
    rule_sentence: str
    # Where the rule stands.
    citation: str
    # Open and past its instant.
    late: bool
    # The matter, kit or notice that it is about.
    about: str | None
    # Which turn of a duty that repeats.
    occurrence: int
    # When it began.
    opened_at: str
    # When it was done, ended or left out.
    closed_at: str | None


class CaseEligibilityRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What is known of the person and the incident.
    facts: dict[str, Any]


class CaseEmergencyOutput(TypedDict):
    """A request for a case of the caller's."""

    id: str
    asked_for: str
    # waiting, open, ended or not_granted.
    standing: str
    asked_at: str
    answer_by: str
    # null: never granted so far.
    runs_until: str | None
    # Who asked.
    asked_by: str


class CaseEmergencyPage(TypedDict):
    items: list[CaseEmergencyOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseEventsPage(TypedDict):
    items: list[EventRowOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseFormsPage(TypedDict):
    items: list[SignedOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseFormsToSignPage(TypedDict):
    items: list[SheetOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseGet(TypedDict):
    """A case with what is due and what was told."""

    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    # The state that the rules know it by; closed cases among them.
    stands: CaseState
    installation: str
    opened_at: str
    signed_at: str | None
    converted_at: str | None
    duties: list[DutyOutput]
    notices: list[NoticeSummary]


class CaseHandOutsPage(TypedDict):
    items: list[HandOutOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseHandoversPage(TypedDict):
    items: list[HandOverOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseHoldOutput(TypedDict):
    """A reason why nothing of the case may be destroyed."""

    # Names it when it is lifted.
    id: str
    # Why.
    reason: HoldReason
    # Who placed it.
    placed_by: str
    # When.
    placed_at: str
    # Who lifted it; null: it is open.
    lifted_by: NotRequired[str | None]
    # When it was lifted.
    lifted_at: str | None


class CaseKitItemsPage(TypedDict):
    items: list[ItemOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseKitsPage(TypedDict):
    items: list[KitRowOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseLoadOutput(TypedDict):
    """How much somebody works on."""

    # The person.
    name: str
    # Open Restricted reports.
    restricted: int
    # Open Unrestricted reports.
    unrestricted: int
    # Open cases without a report.
    other: int


class CaseMattersPage(TypedDict):
    items: list[MatterOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseMeetingsPage(TypedDict):
    items: list[CaseAgendaLineOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseMovesPage(TypedDict):
    items: list[MoveOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseMovesToPage(TypedDict):
    items: list[GainingOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseOpen(TypedDict):
    """A case with what is due, what was told, and its sealed parts in clear."""

    # Who the victim is, as far as it was told.
    identity: NotRequired[dict[str, str]]
    # What happened, as far as it was told.
    narrative: NotRequired[dict[str, str]]
    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    # The state that the rules know it by; closed cases among them.
    stands: CaseState
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


class CasePeoplePage(TypedDict):
    items: list[AssignmentOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CaseReopenInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why.
    reason: ReopenReason
    # When; now unless given.
    at: NotRequired[str]


CaseRole: TypeAlias = Literal[
    "sarc",
    "sapr_va",
]


CaseState: TypeAlias = Literal[
    "CONTACT",
    "SRI",
    "SRI_CATCH",
    "OPEN_LIMITED_INFO",
    "RESTRICTED_OPEN",
    "UNRESTRICTED_OPEN",
    "CONVERTED",
    "CLOSED",
]


class CaseSummary(TypedDict):
    """One case, without anything about the victim."""

    id: str
    number: str
    state: Literal["contact", "left_without_signing", "report"]
    election: Literal["restricted", "unrestricted"] | None
    # The state that the rules know it by; closed cases among them.
    stands: CaseState
    installation: str
    opened_at: str


class CaseTakeOverInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Where the caller is SARC.
    installation_id: str


class CatchAnswersInputRequest(TypedDict):
    """What nobody can know but by asking the victim."""

    # The entry would name the victim.
    entry_names_victim: NotRequired[bool]
    # Unrestricted report: law enforcement knows the suspect's name.
    suspect_known_to_law_enforcement: NotRequired[bool]
    # A partner was reported to the Family Advocacy Program.
    fap_report: NotRequired[bool]


class CatchCredentialsCloseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class CatchCredentialsIssueInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Sealed. Never send the password.
    user_name: str
    # When it happened; left out: now.
    at: NotRequired[str]


class CatchCredentialsUseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class CatchDetailsOpenInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # It stands in the event of the look.
    purpose: Literal["case_work"]


class CatchDetailsOutput(TypedDict):
    """What was opened."""

    # How; empty: they do not want to be told.
    details: str


class CatchEntryOutput(TypedDict):
    """A time in which the victim took part."""

    # The entry's id here; not that of the other system.
    id: str
    # When the victim joined.
    joined_at: str
    # When the victim left; null: takes part.
    left_at: str | None


class CatchExplainInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class CatchJoinInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What nobody can know but by asking.
    answers: CatchAnswersInputRequest
    # The DD 2910-4 is signed, where one is needed.
    form_signed: bool
    # Whether the victim wants to be told of a match.
    consents: bool
    # How the victim wants to be told of a match. Sealed.
    details: NotRequired[str]
    # When it happened; left out: now.
    at: NotRequired[str]


class CatchLeaveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class CatchMatchIdOutput(TypedDict):
    """What was recorded."""

    # The match's id.
    match: str


class CatchMatchInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class CatchMatchOutput(TypedDict):
    """A match that the SARC was told of."""

    # Names it when the victim is told.
    id: str
    # When the SARC was told.
    matched_at: str
    # When the victim was told.
    told_at: str | None


class CatchMatchTellInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Privately, and only by the details given for it.
    only_details_given: bool
    # When it happened; left out: now.
    at: NotRequired[str]


class CatchOutput(TypedDict):
    """A case's part in CATCH."""

    # The latest first.
    entries: list[CatchEntryOutput]
    # The newest answer of the entry that stands.
    wish: CatchWishOutput | None
    # The newest first; for the SARC of the case alone.
    credentials: list[HeldCredentialsOutput]
    # The newest first.
    matches: list[CatchMatchOutput]


class CatchUserNameOpenInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # It stands in the event of the look.
    purpose: Literal["case_work"]


class CatchUserNameOutput(TypedDict):
    """What was opened."""

    # Never the password, which is nowhere here.
    user_name: str


class CatchWishInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Whether the victim wants to be told of a match.
    consents: bool
    # How the victim wants to be told of a match. Sealed.
    details: NotRequired[str]
    # When it happened; left out: now.
    at: NotRequired[str]


class CatchWishOutput(TypedDict):
    """Whether a match is to be told. How is sealed: see `details`."""

    # Whether the victim wants to be told of a match.
    consents: bool
    # When the victim said so.
    given_at: str


class CertificationEndInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # It ends access at once; what the person works on needs somebody.
    understood: bool


class CertificationOutput(TypedDict):
    """An advocate certification (D-SAACP)."""

    # Names it when it is revoked.
    id: str
    # Whose.
    username: str
    # The name shown.
    display_name: str
    # From when on.
    starts_at: str
    # Until when.
    ends_at: str
    # When it was revoked.
    revoked_at: str | None


class CertificationPage(TypedDict):
    items: list[CertificationOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class CertificationRecordInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The person's user name.
    user: str
    # First day, by the calendar where the person works.
    starts_on: str
    # Last day; it is renewed every two years.
    ends_on: str


ChairSeat: TypeAlias = Literal[
    "installation_commander",
    "deputy_commander",
]


class ChangeApproveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What changes by it was read.
    read: bool


ChangeKind: TypeAlias = Literal[
    "profile",
    "adoption",
]


class ChangeOutput(TypedDict):
    """Another value of one fact, and what it would give."""

    fact: str
    # True or false, a word, a number, or a list of words.
    value: Any
    restricted: bool
    unrestricted: bool
    route: str


class ChangeProposeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What changes by it was read.
    read: bool
    # Another profile, alone.
    profile: NotRequired[str]
    # Or the Service that adopts a rule set: one of the words of the answer.
    service: NotRequired[str]
    # The rule set that it adopts.
    rule_set: NotRequired[str]
    # The first day of signing for which the adoption counts.
    starts_on: NotRequired[str | None]


ChangeReason: TypeAlias = Literal[
    "victims_wish",
    "not_available",
    "other_reason",
]


ChangeState: TypeAlias = Literal[
    "proposed",
    "approved",
    "refused",
    "withdrawn",
]


ChannelKind: TypeAlias = Literal[
    "mail",
    "webhook",
]


class ChannelOutput(TypedDict):
    """A way out, and how it fares."""

    # The channel's id.
    id: str
    # Mail, or a webhook.
    kind: ChannelKind
    # Of a webhook; empty: the mail server.
    url: str
    # Of a webhook: when it was registered.
    registered_at: str | None
    # When it last took a message.
    alive_at: str | None
    # Since when it takes none.
    failing_since: str | None
    # From when on it counts as dead.
    dead_due_at: str | None
    # Since when it does not work.
    dead_at: str | None
    # Messages handed over in seven days.
    handed: int
    # Messages left out in seven days because their time had passed.
    dropped: int
    # Messages that wait now.
    waiting: int


class ChannelsOutput(TypedDict):
    """All ways out in use."""

    # The mail server first.
    items: list[ChannelOutput]
    # When the next mail goes out; null: none is planned.
    next_mail_at: str | None
    # Rounds of mail left out in seven days because the system was down.
    skipped: int


ChaseStep: TypeAlias = Literal[
    "waiting",
    "nudged",
    "passed_on",
    "telephone",
]


Circumstance: TypeAlias = Literal[
    "no_connection",
    "no_transport",
    "hostilities",
    "medical",
]


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


class ClosedOutput(TypedDict):
    """Whether a case was closed, and no more."""

    # False: no such case, one elsewhere, one that is not ready.
    closed: bool


ClosedReason: TypeAlias = Literal[
    "address_corrected",
    "person_left",
    "server_repaired",
    "not_needed",
]


class ClosingOutput(TypedDict):
    """How a case stands towards its closing."""

    # What the case itself records.
    known: dict[str, bool]
    # What the SARC has to answer.
    asked: list[str]
    # What runs and keeps it open.
    keeping: list[RuleSayingOutput]


class CmgCallInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Monthly unless given.
    kind: NotRequired[MeetingKind]
    # An installation whose SARC the caller is.
    installation_id: str
    # For when; at most a year ahead.
    scheduled_at: str


class CmgHoldInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # User name of who chaired.
    chair: str
    # As what.
    chair_seat: ChairSeat
    # User names of the SARCs of the installation who came.
    present: NotRequired[list[str]]
    # Seats that came without an account.
    members: NotRequired[list[Member]]
    # When; now unless given.
    at: NotRequired[str]
    # Whether the deputy chaired by delegation.
    delegated: bool
    # Whether the co-chair is a Service member or a DoD civilian employee.
    member_or_dod_civilian: bool
    # Lines that the group did not get to.
    left_over: NotRequired[list[str]]


class CmgMinutesKeepInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Every question of the line, by its rule.
    answers: dict[str, MinutesAnswer]
    # Who spoke for the case.
    told_by: Member
    # Members who came for this case.
    present: NotRequired[list[Member]]
    # Whether any of it was said in confidence to an advocate, chaplain, counsel or therapist.
    privileged: bool
    # When; now unless given.
    at: NotRequired[str]
    # A text, which is sealed.
    words: NotRequired[str]


class CoarsenedOutput(TypedDict):
    """How often less was said, in a year."""

    # Notices that could say more than the minimum.
    released: int
    # Made coarser by the draw.
    drawn: int
    # Made coarser by their SARCs.
    by_sarc: int
    # What the draw is to do, in a hundred.
    percent: int
    # Whether SARCs say less more often than the draw does.
    stands_out: bool


Condition: TypeAlias = Literal[
    "good",
    "damaged",
    "wet",
    "opened",
]


class ContactOpenRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The door: healthcare, commander, law_enforcement, sarc, sapr_va, self (default) or other.
    source: NotRequired[str]
    # Who the victim is.
    identity: NotRequired[IdentityInputRequest]
    # What happened.
    narrative: NotRequired[NarrativeInputRequest]


class CopyGiveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When; now unless given.
    at: NotRequired[str]


class CopyOutput(TypedDict):
    """A copy that the victim asked for."""

    # The request.
    id: str
    # Of which form.
    form: str
    # How it is given.
    delivery: Delivery
    # When it was asked for.
    requested_at: str
    # Who logged it.
    requested_by: PersonOutput
    # When it was given.
    given_at: str | None
    # By whom.
    given_by: PersonOutput | None


class CopyRequestInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # How it is given.
    delivery: Delivery
    # Of which form.
    form: str
    # When; now unless given.
    at: NotRequired[str]


CorrectionReason: TypeAlias = Literal[
    "writing_error",
    "left_out",
    "entered_wrongly",
    "victim_asked",
]


class Counts(TypedDict):
    restricted: int
    unrestricted: int


class CredentialsEndedOutput(TypedDict):
    """What a login did."""

    # true: the credentials end with this login.
    ended: bool


class CredentialsOutput(TypedDict):
    """Credentials given out. Whose they are is sealed: see `user-name`."""

    # Names them in the steps that follow.
    id: str
    # When they were given out.
    issued_at: str


class CustodyOfferedPage(TypedDict):
    items: list[OfferedOutput]
    # The cursor of the next page; null: no more.
    next: str | None


Decided: TypeAlias = Literal[
    "disclose",
    "withhold",
]


class DecidedOutput(TypedDict):
    """What the rules answered, and to which facts."""

    # When they were asked.
    decided_at: str
    # What they were given.
    facts: dict[str, Any]
    # What they answered.
    decision: DecisionOutput


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


Delivery: TypeAlias = Literal[
    "in_person",
    "collected",
    "nearest_sarc",
    "representative",
]


class DeploymentOutput(TypedDict):
    """A place that is or was deployed."""

    # Names it when it ends.
    id: str
    # The place.
    location: str
    # Its name.
    name: str
    # From when on.
    starts_at: str
    # Until when; null: it is deployed.
    ends_at: str | None


class DeploymentPage(TypedDict):
    items: list[DeploymentOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class DeploymentRecordInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # An installation's id.
    location_id: str


class DestructionProposeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The SARC made sure that the victim did not convert.
    no_conversion: bool
    # The SARC made sure that no property is asked back.
    no_property: bool


class DetailOutput(TypedDict):
    """One answer that a step asks."""

    # Its key among the details.
    name: str
    # The question.
    ask: str
    # What can be answered.
    words: list[str]
    # A list of words is the answer.
    many: bool
    # Every word has to be in the list.
    all: bool
    # May be left out.
    optional: bool
    # An instant is the answer.
    moment: bool
    # The cases in which it is asked.
    only: list[str]


class DisclosureMakeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What was disclosed: no more than was needed.
    fields: list[Literal["report_fact", "identity", "contact", "status_details", "duty_status", "incident_details", "narrative", "alleged_offender", "clinical", "services", "evidence_number", "evidence_name", "notice_facts", "case_progress", "disposition", "statistics"]]
    # It is no more than the exception needs.
    minimum_only: bool
    # Who is told needs to know it officially.
    recipient_needs_to_know: bool
    # When it happened; left out: now.
    at: NotRequired[str]


class DisclosureOutput(TypedDict):
    """An exception and the step it is at."""

    # Names it in the steps that follow.
    id: str
    # Which exception.
    exception: Exceptions
    # The step it is at.
    state: DisclosureState
    # When it was proposed.
    proposed_at: str
    # What it covers.
    scope: list[Literal["report_fact", "identity", "contact", "status_details", "duty_status", "incident_details", "narrative", "alleged_offender", "clinical", "services", "evidence_number", "evidence_name", "notice_facts", "case_progress", "disposition", "statistics"]]
    # To whom it goes.
    recipient: Recipient
    # Who was consulted; empty: nobody yet.
    office: Literal["staff_judge_advocate", "judge_advocate", ""]
    # What the legal office said.
    advice: Literal["agree", "disagree", "doubt", ""]
    # What it said on MRE 514.
    privilege: Literal["not_covered", "covered", "excepted", ""]
    # When it was consulted.
    advised_at: str | None
    # The post that decides; null: nobody has to.
    post: NotRequired[str | None]
    # The commander's; empty: none.
    decision: Literal["disclose", "withhold", ""]
    # When it was decided.
    decided_at: str | None
    # What was disclosed.
    fields_told: list[Literal["report_fact", "identity", "contact", "status_details", "duty_status", "incident_details", "narrative", "alleged_offender", "clinical", "services", "evidence_number", "evidence_name", "notice_facts", "case_progress", "disposition", "statistics"]]
    # When it was disclosed.
    made_at: str | None
    # When the victim was told.
    told_at: str | None


class DisclosurePage(TypedDict):
    items: list[DisclosureOutput]
    # The cursor of the next page; null: no more.
    next: str | None


DisclosureState: TypeAlias = Literal[
    "proposed",
    "advised",
    "undecided",
    "cleared",
    "withheld",
    "made",
    "told",
]


class DisclosureTellInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class DsaidAskInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What it is for.
    purpose: ExportPurpose
    # As which kind of file.
    form: ExportForm
    # Of those that docs/dsaid.md lists, such as are switched on.
    elements: list[str]
    # The public key (age1…) of whoever shall read it.
    recipient: str
    # Cases opened on this day or later, by the installation's calendar.
    opened_from: NotRequired[str | None]
    # Cases opened on this day or before.
    opened_to: NotRequired[str | None]


class DutiesDoneOutput(TypedDict):
    """Duties that were done."""

    # The month, or the kind of duty.
    name: str
    # How many in time.
    in_time: int
    # How many late.
    late: int


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


Election: TypeAlias = Literal[
    "restricted",
    "unrestricted",
]


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


class EmergencyWaitingOutput(TypedDict):
    """Somebody else's request, for who decides on it. Its reason is opened by itself."""

    # Names it when its reason is read, and when it is decided.
    id: str
    # Who asks.
    asked_by: str
    # Where the case is.
    installation: str
    # When it was asked.
    asked_at: str
    # Decided at the latest.
    answer_by: str


class EmergencyWaitingPage(TypedDict):
    items: list[EmergencyWaitingOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class EndOutput(TypedDict):
    """What was proposed about the end of a kit."""

    # The proposal.
    id: str
    # How it stands.
    state: EndState
    # The last day of the month in which its longest period ends.
    keep_until: str
    # By which rules.
    rules: list[str]
    # When.
    proposed_at: str
    # The SARC who proposed it.
    proposed_by: PersonOutput
    # When it was carried out, refused or taken back.
    decided_at: str | None
    # By whom.
    decided_by: PersonOutput | None


EndState: TypeAlias = Literal[
    "proposed",
    "refused",
    "withdrawn",
    "done",
]


class EnrolmentCodeOutput(TypedDict):
    """The one-time code with which the person chooses a password within seven days."""

    # Shown this once. Whoever has it becomes the account's owner.
    code: str


class ErasureApproveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Nobody can ever open the sealed part again.
    for_ever: bool


class ErasureDetail(TypedDict):
    """One proposal with what keeps it from being done."""

    # Names it in the steps that follow.
    id: str
    # How far it is.
    state: ErasureState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # When the keys were destroyed.
    done_at: str | None
    # The case's number.
    number: str
    # The last day that a rule kept it.
    keep_until: str | None
    # By the calendar of the installation.
    signed_on: str | None
    # The election; empty: nothing was signed.
    signed_as: Literal["restricted", "unrestricted", ""]
    # When it became Unrestricted.
    converted_on: str | None
    # Whether there is a kit.
    has_kit: bool
    # The rules that gave the period.
    rules: list[str]
    # Whether a hold is open; not why.
    on_hold: bool
    # Whether the caller is a second person to it.
    may_decide: bool


class ErasureOutput(TypedDict):
    """A proposal to destroy a case's keys, and how far it is."""

    # Names it in the steps that follow.
    id: str
    # How far it is.
    state: ErasureState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # When the keys were destroyed.
    done_at: str | None


class ErasureProposeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # No legal proceeding, appeal or CATCH entry is open in this case.
    nothing_open: bool
    # Nobody can ever open the sealed part again.
    for_ever: bool


class ErasureRow(TypedDict):
    """The same for the second person: nothing of the case but its number."""

    # Names it in the steps that follow.
    id: str
    # How far it is.
    state: ErasureState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # When the keys were destroyed.
    done_at: str | None
    # The case's number.
    number: str
    # The last day that a rule kept it.
    keep_until: str | None


class ErasureRowPage(TypedDict):
    items: list[ErasureRow]
    # The cursor of the next page; null: no more.
    next: str | None


ErasureState: TypeAlias = Literal[
    "proposed",
    "approved",
    "refused",
    "withdrawn",
    "destroying",
    "done",
]


EventKind: TypeAlias = Literal[
    "contact_opened",
    "contact_walked_away",
    "identity_sealed",
    "account_sealed",
    "options_decided",
    "report_signed",
    "report_converted",
    "sealed_opened",
    "knowledge_shown",
    "referral_received",
    "sarc_assigned",
    "va_assigned",
    "options_explained",
    "counsel_explained",
    "vwap_explained",
    "safe_offered",
    "provider_advised",
    "follow_up_scheduled",
    "sarc_advised",
    "contact_logged",
    "investigation_opened",
    "kit_number_issued",
    "kit_sealed",
    "kit_to_mcio",
    "duty_opened",
    "duty_discharged",
    "duty_missed",
    "duty_ended",
    "duty_not_applicable",
    "duty_escalated",
    "dsaid_entered",
    "monthly_update_given",
    "conversion_asked",
    "sairo_sent",
    "incident_message_sent",
    "cmg_held",
    "safety_assessed",
    "kit_expiry_told",
    "final_disposition_decided",
    "disposition_reopened",
    "disposition_told",
    "disposition_submitted",
    "mcio_told_of_disposition",
    "disposition_report_sent",
    "notice_composed",
    "notice_rerouted",
    "notice_acknowledged",
    "notice_released",
    "commander_notice_placed",
    "commander_details_placed",
    "mcio_notice_placed",
    "unit_commander_notice_placed",
    "notice_corrected",
    "notice_recomposed",
    "channel_dead",
    "channel_alive",
    "mail_round_skipped",
    "webhook_registered",
    "webhook_ended",
    "news_begun",
    "news_ended",
    "outgoing_requeued",
    "outgoing_closed",
    "notice_nudged",
    "notice_passed_on",
    "notice_unacknowledged",
    "notice_telephoned",
    "notice_told",
    "notice_extended",
    "extension_granted",
    "extension_revoked",
    "finer_proposed",
    "finer_approved",
    "finer_refused",
    "finer_withdrawn",
    "deployment_recorded",
    "deployment_ended",
    "break_glass_asked",
    "break_glass_approved",
    "break_glass_refused",
    "break_glass_ended",
    "hold_placed",
    "hold_lifted",
    "erasure_proposed",
    "erasure_approved",
    "erasure_refused",
    "erasure_withdrawn",
    "case_erased",
    "inquiry_logged",
    "limited_case_opened",
    "conversion_prepared",
    "participation_declined",
    "participation_resumed",
    "case_closed",
    "case_reopened",
    "kit_due_to_mcio",
    "form_signed",
    "form_superseded",
    "form_printed",
    "hand_out_given",
    "copy_requested",
    "copy_given",
    "service_offered",
    "service_accepted",
    "service_declined",
    "service_completed",
    "consent_recorded",
    "consent_withdrawn",
    "referral_made",
    "referral_ended",
    "appointment_set",
    "appointment_kept",
    "appointment_missed",
    "line_of_duty_asked",
    "line_of_duty_found",
    "topic_explained",
    "safe_contact_recorded",
    "updater_chosen",
    "investigation_closed",
    "subject_added",
    "action_taken",
    "action_closed",
    "threat_found",
    "threat_reported",
    "high_risk_found",
    "hrrt_started",
    "hrrt_reported",
    "hrrt_briefed",
    "hrrt_ended",
    "hrrt_final_report_given",
    "transfer_requested",
    "transfer_decided",
    "transfer_approved",
    "transfer_denied",
    "transfer_review_requested",
    "transfer_review_decided",
    "transfer_orders_issued",
    "transfer_carried_out",
    "transfer_withdrawn",
    "protective_order_asked",
    "protective_order_denied",
    "protective_order_issued",
    "protective_order_changed",
    "protective_order_ended",
    "civil_authorities_told",
    "civil_authorities_told_of_change",
    "restrained_member_transferred",
    "gaining_commander_told",
    "civil_authorities_told_of_transfer",
    "safety_move_asked",
    "safety_move_ended",
    "civil_order_ended",
    "civil_order_told",
    "retaliation_reported",
    "retaliation_referred",
    "retaliation_ended",
    "retaliation_asked",
    "cmg_scheduled",
    "cmg_co_chair_taken",
    "cmg_listed",
    "cmg_minutes_kept",
    "advocate_changed",
    "case_taken_over",
    "originals_confirmed",
    "victim_handed_over",
    "victim_relocated",
    "move_consent_given",
    "move_consent_refused",
    "move_offered",
    "move_rejected",
    "move_withdrawn",
    "documents_moved",
    "exception_proposed",
    "exception_advised",
    "exception_decided",
    "disclosure_made",
    "disclosure_told",
    "leak_found",
    "leak_handed_on",
    "catch_explained",
    "catch_joined",
    "catch_left",
    "catch_credentials_issued",
    "catch_credentials_used",
    "catch_credentials_closed",
    "catch_matched",
    "catch_match_told",
    "evidence_offered",
    "evidence_accepted",
    "evidence_refused",
    "evidence_stored",
    "evidence_tested",
    "evidence_held",
    "evidence_released",
    "property_asked_back",
    "property_returned",
    "kit_destruction_proposed",
    "kit_destruction_refused",
    "kit_destroyed",
    "kit_label_printed",
    "commander_told_mcio",
    "legacy_imported",
    "legacy_import_begun",
    "legacy_import_ended",
    "keys_rotated",
    "keys_ceremony_held",
    "keys_recovered",
    "database_restored",
    "restore_hold_lifted",
    "restore_practised",
    "person_looked_up",
    "curiosity_alarm",
    "reading_stopped",
    "certification_recorded",
    "certification_ended",
    "appointment_approved",
    "appointment_refused",
    "signed_in",
    "sign_in_locked",
    "session_ended",
    "second_factor_added",
    "second_factor_removed",
    "certificate_bound",
    "database_prepared",
    "clock_moved",
    "user_created",
    "enrolment_created",
    "enrolment_used",
    "password_issued",
    "location_created",
    "post_created",
    "appointment_made",
    "appointment_ended",
    "staff_bootstrapped",
    "user_deactivated",
    "api_keys_revoked",
    "api_key_created",
    "client_key_proposed",
    "client_key_approved",
    "client_key_refused",
    "client_key_rotated",
    "client_limited",
    "client_ended",
    "calendar_feed_made",
    "calendar_feed_revoked",
    "annual_counts_compiled",
    "quarter_figures_asked",
    "export_asked",
    "export_approved",
    "export_refused",
    "export_withdrawn",
    "export_made",
    "export_downloaded",
    "case_exported",
    "sealed_exported",
    "open_imported",
    "open_checked",
    "counts_compiled",
    "policy_change_proposed",
    "policy_change_approved",
    "policy_change_refused",
    "policy_change_withdrawn",
    "strength_recorded",
    "strength_imported",
    "rung_chosen",
    "demo_seeded",
    "sweep_stalled",
    "sweep_resumed",
    "worker_pinged",
]


class EventOutput(TypedDict):
    """What was recorded."""

    # The event of the case's ledger.
    event: str


class EventRowOutput(TypedDict):
    """One event of a case."""

    # The event.
    id: str
    # Its place in the case's chain.
    seq: int
    # What happened.
    kind: EventKind
    # The same in words.
    sentence: str
    # When it happened.
    occurred_at: str
    # When it was entered.
    recorded_at: str
    # By whom, as pages show them; null: the system.
    who: str | None
    # Words of lists that say more of it: never text, ids or digests.
    details: dict[str, Any]


class EvidenceAcceptInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # In what condition.
    condition: Condition
    # Whether the seal is intact.
    seal_intact: bool
    # When; now unless given.
    at: NotRequired[str]


class EvidenceOfferInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # In what condition.
    condition: Condition
    # To whom.
    receiver: Holder
    # The post that receives; null where there is none.
    to_post: str | None
    # For what.
    purpose: Purpose
    # As printed: letters, digits, hyphens; empty: none.
    seal_number: str
    # Of a courier or laboratory. As printed: letters, digits, hyphens; empty: none.
    receipt: str
    # SHA-256 of a photo in hex; empty: none.
    photo_sha256: str
    # Whether the seal is intact.
    seal_intact: bool
    # When; now unless given.
    at: NotRequired[str]


class EvidenceRefuseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When; now unless given.
    at: NotRequired[str]


class EvidenceStageInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What.
    stage: Stage
    # When; now unless given.
    at: NotRequired[str]


class EvidenceTakeBackInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When; now unless given.
    at: NotRequired[str]


class ExceptionAdviseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Who was consulted.
    office: Office
    # What it said.
    advice: Advice
    # What it said on MRE 514.
    privilege: Privilege
    # When it happened; left out: now.
    at: NotRequired[str]


class ExceptionDecideInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The decision, once.
    decision: Decided


class ExceptionProposeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Which exception.
    exception: Exceptions
    # What the exception's own condition asks, by name: EX-1 authorisation_written, EX-2 threat_serious, threat_imminent, repeat_offender, EX-3 needed_for_determination, EX-4 specific_request (true or false), EX-5 order_source (a word).
    answers: dict[str, Any]
    # What it covers. Nothing outside this can be disclosed later.
    scope: list[Literal["report_fact", "identity", "contact", "status_details", "duty_status", "incident_details", "narrative", "alleged_offender", "clinical", "services", "evidence_number", "evidence_name", "notice_facts", "case_progress", "disposition", "statistics"]]
    # To whom it would go.
    recipient: Recipient
    # When it happened; left out: now.
    at: NotRequired[str]


Exceptions: TypeAlias = Literal[
    "EX-1",
    "EX-2",
    "EX-3",
    "EX-4",
    "EX-5",
]


class ExpiringOutput(TypedDict):
    """A kit whose time ends."""

    # The kit.
    id: str
    # Its case.
    case: str
    # The last day of its longest period.
    until: str
    # Something keeps it longer.
    held: bool


class ExportAskInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What it is for.
    purpose: ExportPurpose
    # The columns. Names, contact details and account never leave so.
    fields: list[Literal["number", "state", "election", "opened_on", "signed_on", "converted_on", "duties_open", "duties_overdue", "duties_in_time", "duties_late", "next_due_on"]]
    # The public key (age1…) of whoever shall read it.
    recipient: str
    # Cases opened on this day or later, by the installation's calendar.
    opened_from: NotRequired[str | None]
    # Cases opened on this day or before.
    opened_to: NotRequired[str | None]


class ExportDetail(TypedDict):
    """One of them; the number of its lines for who asked alone."""

    # Names it in the steps that follow.
    id: str
    # What leaves.
    kind: ExportKind
    # Of elements: as which kind of file.
    form: ExportForm
    # What it is for.
    purpose: ExportPurpose
    # What each line says.
    columns: list[str]
    # Cases opened on this day or later.
    opened_from: str | None
    # Cases opened on this day or before.
    opened_to: str | None
    # The public key of whoever shall read it.
    recipient: str
    # How far it is.
    state: ExportState
    # Who asked.
    asked_by: str
    # When.
    asked_at: str
    # When its time is over, if it is not over yet.
    runs_out_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # When the file was made.
    made_at: str | None
    # When it was fetched.
    downloaded_at: str | None
    # SHA-256 over the digests of its parts; empty: not made.
    digest: str
    # How many the file holds by now.
    lines: int | None
    # The job that makes it just now.
    job: str | None


ExportForm: TypeAlias = Literal[
    "csv",
    "jsonl",
]


ExportKind: TypeAlias = Literal[
    "lines",
    "dsaid",
    "open",
]


class ExportOutput(TypedDict):
    """What was asked for, and how far it is."""

    # Names it in the steps that follow.
    id: str
    # What leaves.
    kind: ExportKind
    # Of elements: as which kind of file.
    form: ExportForm
    # What it is for.
    purpose: ExportPurpose
    # What each line says.
    columns: list[str]
    # Cases opened on this day or later.
    opened_from: str | None
    # Cases opened on this day or before.
    opened_to: str | None
    # The public key of whoever shall read it.
    recipient: str
    # How far it is.
    state: ExportState
    # Who asked.
    asked_by: str
    # When.
    asked_at: str
    # When its time is over, if it is not over yet.
    runs_out_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # When the file was made.
    made_at: str | None
    # When it was fetched.
    downloaded_at: str | None
    # SHA-256 over the digests of its parts; empty: not made.
    digest: str


class ExportPage(TypedDict):
    items: list[ExportOutput]
    # The cursor of the next page; null: no more.
    next: str | None


ExportPurpose: TypeAlias = Literal[
    "inspection",
    "handing_over",
    "checking",
    "planning",
    "moving",
]


ExportState: TypeAlias = Literal[
    "asked",
    "approved",
    "refused",
    "withdrawn",
    "made",
    "downloaded",
    "expired",
]


class ExtendingOutput(TypedDict):
    """Whether a notice has longer time, and whether it can be given."""

    # null: the usual time.
    extension: ExtensionOutput | None
    # Whether a grant stood at the report, and the notice waits.
    possible: bool


class ExtensionGrantInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # From when on; left out: from now on.
    starts_at: NotRequired[str]
    # Why.
    reason: GrantReason
    # One of one's own posts as commander of a deployed place.
    post_id: str
    # Until when.
    ends_at: str


class ExtensionOutput(TypedDict):
    """A grant that was used for a notice."""

    # Why the usual time could not be kept.
    reason: Circumstance
    # When it was used.
    invoked_at: str
    # The last slot since.
    last_slot: str
    # When the duty is due since.
    due_at: str


class FeedOutput(TypedDict):
    """One of the caller's appointments as SARC or SAPR VA, and its address that stands."""

    # The appointment's id.
    appointment: str
    # Its post.
    post: str
    # When the address was made; null: none.
    made_at: NotRequired[str | None]
    # When it ends by itself.
    expires_at: NotRequired[str | None]


class FeedsOutput(TypedDict):
    """The caller's appointments."""

    # As many as are in force.
    items: list[FeedOutput]


class FiguresOutput(TypedDict):
    """What the charts of one's own cases show."""

    # Who works on how much.
    load: list[CaseLoadOutput]
    # Twelve months, the oldest first.
    months: list[DutiesDoneOutput]
    # The kinds of duties with the most late ones first.
    kinds: list[DutiesDoneOutput]
    # Days that open cases have been open, by how they stand.
    ages: dict[str, list[int]]
    # Hours that kits were under way, by stage.
    to_store: dict[str, list[int]]
    # Days that kits were at or before the laboratory, by stage.
    laboratory: dict[str, list[int]]


class FileOutput(TypedDict):
    """A file, made for this answer and kept nowhere."""

    # A file name that says nothing of the case.
    name: str
    # Its media type.
    type: str
    # Its bytes in base64.
    content: str


class FilterForgetInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Under which of the names it is kept.
    name: FilterName


FilterName: TypeAlias = Literal[
    "daily",
    "night",
    "meeting",
    "month_end",
    "handover",
    "evidence",
    "follow_up",
    "other",
]


class FilterOutput(TypedDict):
    """A kept filter."""

    # Of this row; the name is what it is kept under.
    id: str
    # Under which of the names it is kept.
    name: FilterName
    # How the case stands.
    stands: Literal["contact", "inquiry", "limited", "restricted", "unrestricted", "converted", "walked_away", ""]
    # Open or closed.
    running: Literal["open", "closed", ""]
    # The installation.
    place: str | None
    # As what one is on the case.
    role: Literal["sarc", "sapr_va", ""]
    # What is due.
    due: Literal["late", "once", "soon", "any", "nothing", ""]
    # Whether there is a kit.
    kit: Literal["kept", "numbered", "none", ""]
    # When it was opened.
    opened: Literal["this_month", "last_month", "this_year", "last_year", ""]
    # Opened on this day or later.
    opened_from: str | None
    # Opened on this day or before.
    opened_to: str | None


class FilterPage(TypedDict):
    items: list[FilterOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class FilterSaveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Under which of the names it is kept.
    name: FilterName
    # What is looked for; what was kept under the name is replaced.
    wanted: WantedInputRequest


class FinerApproveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # SHA-256 (hex) of the words that were read.
    bytes_seen: str


class FinerDetail(TypedDict):
    """One proposal as its reader may decide it. Nothing of the case is in it."""

    # Names them in the steps that follow.
    id: str
    # How much they say.
    rung: str
    # The exact words.
    text: str
    # SHA-256 (hex) of the words.
    sha256: str
    # Why more is to be said.
    reason: FinerReason
    # On what ground.
    ground: FinerGround
    # When the victim signed; null: an exception.
    consent_signed_at: str | None
    # From then on the words are neither released nor placed.
    expires_at: str
    # People it could be about, at least, before.
    people_before: str
    # People it could be about, at least, with these words.
    people: str
    # How far it is.
    state: FinerState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # Whether the caller is a second person to it.
    may_decide: bool


FinerGround: TypeAlias = Literal[
    "consent",
    "exception",
]


class FinerLevelsInputRequest(TypedDict):
    """For each line its level; what is left out stays as it is."""

    # A level of `organisation`.
    organisation: NotRequired[str]
    # A level of `sex`.
    sex: NotRequired[str]
    # A level of `grade`.
    grade: NotRequired[str]
    # A level of `period`.
    period: NotRequired[str]
    # A level of `place`.
    place: NotRequired[str]
    # A level of `offence`.
    offence: NotRequired[str]
    # A level of `status`.
    status: NotRequired[str]


class FinerOutput(TypedDict):
    """Finer words, their ground and their state. The consent stays sealed."""

    # Names them in the steps that follow.
    id: str
    # How much they say.
    rung: str
    # The exact words.
    text: str
    # SHA-256 (hex) of the words.
    sha256: str
    # Why more is to be said.
    reason: FinerReason
    # On what ground.
    ground: FinerGround
    # When the victim signed; null: an exception.
    consent_signed_at: str | None
    # From then on the words are neither released nor placed.
    expires_at: str
    # People it could be about, at least, before.
    people_before: str
    # People it could be about, at least, with these words.
    people: str
    # How far it is.
    state: FinerState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None


class FinerPage(TypedDict):
    items: list[FinerOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class FinerPrepareInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # How much of each line.
    levels: FinerLevelsInputRequest


class FinerPreparedOutput(TypedDict):
    """Words as they would stand."""

    # To be sent with the proposal.
    rung: str
    # The exact words, to be shown to the victim.
    text: str
    # To be sent with the proposal.
    sha256: str
    # By the notice's own words.
    before: list[ReaderNumberOutput]
    # By these words.
    after: list[ReaderNumberOutput]


class FinerProposeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why more is to be said.
    reason: FinerReason
    # On what ground.
    ground: FinerGround
    # The victim was told who will read this, how many people could be meant, and that it cannot be unsaid.
    told: bool
    # How much they say, as prepared.
    rung: str
    # SHA-256 (hex) of the words that were read.
    bytes_seen: str
    # For a consent: the victim's name, as signed under these words. Sealed.
    victim_signature: NotRequired[str]
    # For a consent: when the victim signed.
    victim_signed_at: NotRequired[str | None]
    # For a consent: until when it counts; left out: as long as the rule lets it.
    until: NotRequired[str | None]
    # For an exception: which, decided and covering what is said more.
    disclosure_id: NotRequired[str | None]


FinerReason: TypeAlias = Literal[
    "victim_asked",
    "safety",
    "support",
]


FinerState: TypeAlias = Literal[
    "proposed",
    "approved",
    "refused",
    "withdrawn",
]


class FinerStepsOutput(TypedDict):
    """What a notice could say more of."""

    # For each line that could say more its levels, from what is said now to the finest; empty: the notice does not wait, or no strength table counts the people here.
    steps: dict[str, list[str]]


class ForeseenAllOutput(TypedDict):
    """The same for each option that is open to this person."""

    # In the order of the options.
    items: list[ForeseenOutput]


class ForeseenOutput(TypedDict):
    """What one election would tell whom."""

    # Which option.
    election: Election
    # The notices in every word.
    told: list[ToldOutput]
    # Why it could not be signed as things stand; empty: nothing.
    obstacle: str


class FormCorrectInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why.
    reason: CorrectionReason
    # The edition that was shown.
    edition: str
    # The answers, by the keys of the form's questions.
    answers: dict[str, Any]
    # The initials, by the keys of its acknowledgements.
    initials: dict[str, str]
    # The typed names, by signer.
    signatures: dict[str, str]
    # When each signed, by signer.
    signed_at: dict[str, str]


class FormEdition(TypedDict):
    form: str
    edition: str
    acknowledgements: list[AcknowledgementOutput]


class FormLineOutput(TypedDict):
    """One line that is initialled."""

    # Its key among the initials.
    key: str
    # The line.
    sentence: str


class FormQuestionOutput(TypedDict):
    """One thing a form asks."""

    # Its key among the answers.
    key: str
    # The question.
    sentence: str
    # line, text, yes_no, date, choice or choices.
    type: str
    # Whether it has to be answered.
    required: bool
    # What can be chosen, in words.
    values: dict[str, str]


class FormReplaceLostInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The edition that was shown.
    edition: str
    # The answers, by the keys of the form's questions.
    answers: dict[str, Any]
    # The initials, by the keys of its acknowledgements.
    initials: dict[str, str]
    # The typed names, by signer.
    signatures: dict[str, str]
    # When each signed, by signer.
    signed_at: dict[str, str]
    # Signed from afar.
    remote: NotRequired[bool]


class FormSignInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The form, for instance DD 2910-3.
    form: str
    # The edition that was shown.
    edition: str
    # The answers, by the keys of the form's questions.
    answers: dict[str, Any]
    # The initials, by the keys of its acknowledgements.
    initials: dict[str, str]
    # The typed names, by signer.
    signatures: dict[str, str]
    # When each signed, by signer.
    signed_at: dict[str, str]


class FoundOutput(TypedDict):
    """A kit that was found by its number."""

    # The kit, on its holder's side.
    card: str


class GainingOutput(TypedDict):
    """A SARC of another installation, to whom a case can be offered."""

    # Where.
    installation: PlaceOutput
    # Who.
    sarc: PersonOutput


class GrantOutput(TypedDict):
    """A grant of longer time. Nothing in it tells of a use."""

    # Names it when it is revoked.
    id: str
    # In whose name.
    post: str
    # For which place.
    location: str
    # Why.
    reason: GrantReason
    # For reports made from then on.
    starts_at: str
    # And before then.
    ends_at: str
    # When it was granted.
    granted_at: str
    # When it was revoked.
    revoked_at: str | None


class GrantPage(TypedDict):
    items: list[GrantOutput]
    # The cursor of the next page; null: no more.
    next: str | None


GrantReason: TypeAlias = Literal[
    "communications",
    "movement",
    "operations",
]


class HandOutGiveInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The paper, for instance DD 2701.
    form: str
    # A word of its edition.
    given_to: str
    # When; now unless given.
    at: NotRequired[str]


class HandOutOutput(TypedDict):
    """A paper that was given."""

    # The giving.
    id: str
    # The paper.
    form: str
    # Its edition.
    edition: str
    # A word of the edition.
    given_to: str
    # When.
    given_at: str
    # By whom.
    given_by: PersonOutput


class HandOverOutput(TypedDict):
    """Somebody followed somebody on a case."""

    # The hand-over.
    id: str
    # The case's number.
    number: str
    # In which role.
    role: CaseRole
    # Who left.
    leaves: PersonOutput
    # Who followed.
    follows: PersonOutput
    # When.
    changed_at: str
    # Where the DD 2910 lie; null for a SAPR VA.
    originals: Originals | None
    # When a second person confirmed it.
    confirmed_at: str | None


class HandoversPage(TypedDict):
    items: list[HandOverOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class HeldCredentialsOutput(TypedDict):
    """The same with their clocks."""

    # Names them in the steps that follow.
    id: str
    # When they were given out.
    issued_at: str
    # When they end by themselves; null: ended.
    until: str | None
    # How often they were used, as far as it was recorded.
    logins: int


class HeldOutput(TypedDict):
    """A kit in the hands of one's post."""

    # The kit, on its holder's side.
    id: str
    # What its label shows.
    label: KitLabel
    # Who has it.
    holder: Holder
    # The post that answers for it.
    at_post: PostOutput
    # The first day of the month in which its end must be told (CK-19).
    tell_by: str | None
    # Its destruction is proposed.
    to_destroy: bool


class HeldPage(TypedDict):
    items: list[HeldOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class HoldOutput(TypedDict):
    """A hold on a kit."""

    # The hold.
    id: str
    # Why.
    reason: HoldReason
    # When it was placed.
    placed_at: str
    # When it was lifted.
    lifted_at: str | None


class HoldPlaceInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why nothing may be destroyed.
    reason: HoldReason


HoldReason: TypeAlias = Literal[
    "legal_proceeding",
    "appeal",
    "investigation",
    "preservation_order",
    "victim_asked",
]


Holder: TypeAlias = Literal[
    "sarc",
    "custodian",
    "mcio",
    "provider",
    "courier_mil",
    "courier_civ",
    "lab_defense",
    "lab_civil",
]


class HopOutput(TypedDict):
    """One hand-off, as each side found the kit."""

    # The hand-off.
    id: str
    # Its place in the chain.
    hop: int
    # Who gave.
    giver: Holder
    # Who receives.
    receiver: Holder
    # The post that receives.
    to_post: PostOutput | None
    # For what.
    purpose: Purpose
    # As printed on the seal; empty: none.
    seal_number: str
    # As the giver found it.
    seal_intact: bool
    # As the giver found it.
    condition: Condition
    # A photo is on record.
    photo: bool
    # Of a courier or laboratory; empty: none.
    receipt: str
    # When it was given or offered.
    offered_at: str
    # By whom.
    offered_by: PersonOutput
    # How it stands.
    state: HopState
    # When it was answered.
    answered_at: str | None
    # By whom; null where a receipt answers.
    answered_by: PersonOutput | None
    # As the receiver found it.
    seal_found_intact: bool | None
    # As the receiver found it.
    condition_found: Condition | None


HopState: TypeAlias = Literal[
    "offered",
    "accepted",
    "refused",
    "withdrawn",
]


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


class InquiriesPage(TypedDict):
    items: list[CaseSummary]
    # The cursor of the next page; null: no more.
    next: str | None


class InquiryLogInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When; now unless given.
    at: NotRequired[str]


class InstallationFiguresOutput(TypedDict):
    """An installation in one quarter. Numbers are published in classes, so that nobody is counted out of them."""

    # The installation.
    name: str
    # How many people the strength tables say of it.
    people: int
    # Duties done in time: the lower end of the class.
    in_time: int
    # Duties done late: the lower end of the class.
    late: int
    # Per cent in time; null: too few to say.
    share: int | None


class ItemAddInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What it is.
    kind: ItemKind


ItemKind: TypeAlias = Literal[
    "clothing",
    "footwear",
    "bedding",
    "phone",
    "jewellery",
    "effects",
    "swabs",
    "drawn",
    "photos",
    "dd_2911",
]


class ItemOutput(TypedDict):
    """A thing in a kit."""

    # The thing.
    id: str
    # What it is.
    kind: ItemKind
    # When it was noted.
    added_at: str
    # When the victim asked it back.
    asked_at: str | None
    # Asked back on DD 2910-3.
    on_dd_2910_3: bool | None
    # When it was returned.
    returned_at: str | None


JobKind: TypeAlias = Literal[
    "quarter_figures",
    "export",
]


class JobOutput(TypedDict):
    """Long work, and how far it is."""

    # The job's id.
    id: str
    # What is made.
    kind: JobKind
    # How far it is.
    state: JobState
    # The first day of the quarter that is counted.
    quarter: str | None
    # The export that is made.
    export: str | None
    # Steps done.
    done: int
    # Steps there are, as far as it is known.
    total: int
    # When it was asked for.
    asked_at: str
    # When it was over.
    ended_at: str | None
    # Why it failed; empty: it did not.
    failure: Literal["gave_up", "too_late", ""]


class JobPage(TypedDict):
    items: list[JobOutput]
    # The cursor of the next page; null: no more.
    next: str | None


JobState: TypeAlias = Literal[
    "queued",
    "leased",
    "running",
    "finished",
    "failed",
    "cancelled",
]


class KeepingOutput(TypedDict):
    """What keeps a case, and what was proposed."""

    # Why nothing may be destroyed now; empty: it may be proposed.
    kept_because: str
    # Open ones first.
    holds: list[CaseHoldOutput]
    # The latest first.
    erasures: list[ErasureOutput]


class KindOutput(TypedDict):
    """One kind of matter."""

    # Its name.
    kind: MatterKind
    # The kind in words.
    label: str
    # The cases that it fits.
    elections: list[str]
    # The sealed texts it takes.
    sealed: list[str]
    # The kind that it is a part of.
    parent: str | None
    # The steps that a person takes.
    steps: list[StepOutput]


class KindsOutput(TypedDict):
    """Every kind of matter."""

    # In the order of their names.
    items: list[KindOutput]


class KitHandToMcioInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The number on the kit's label; case, spaces and hyphens do not matter.
    number: str


class KitHoldPlaceInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why.
    reason: HoldReason


KitLabel: TypeAlias = Literal[
    "number",
    "name",
]


class KitNumber(TypedDict):
    number: str


class KitOutput(TypedDict):
    """Where a kit stands."""

    # numbered, sealed or mcio.
    state: str


class KitRowOutput(TypedDict):
    """A kit of a case. Its number is sealed; `number` opens it."""

    # The kit, on the case's side.
    id: str
    # The same kit on its holder's side: custody hangs on it.
    card: str | None
    # Where it stands.
    state: KitState
    # When its number was issued.
    issued_at: str
    # What its label shows.
    label: KitLabel | None
    # Who has it.
    holder: Holder | None
    # The post that answers for it; null: the SARC's side.
    at_post: PostOutput | None


class KitSealInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The number on the kit's label; case, spaces and hyphens do not matter.
    number: str


KitState: TypeAlias = Literal[
    "numbered",
    "sealed",
    "mcio",
    "stored",
    "destroyed",
]


class KitWhole(TypedDict):
    """A kit with how long it is kept and what became of it."""

    # The kit, on the case's side.
    id: str
    # The same kit on its holder's side: custody hangs on it.
    card: str | None
    # Where it stands.
    state: KitState
    # When its number was issued.
    issued_at: str
    # What its label shows.
    label: KitLabel | None
    # Who has it.
    holder: Holder | None
    # The post that answers for it; null: the SARC's side.
    at_post: PostOutput | None
    # The last day of its longest period; null: no rule gives an end.
    until: str | None
    # Its time has run out.
    over: bool
    # What keeps it beside its period.
    matters: list[str]
    # By which rules.
    rules: list[str]
    # By when whoever holds it has to tell of its end (CK-19).
    tell_by: str | None
    # The first hop that does not fit; null: custody holds.
    chain_broken_at: int | None
    # What was last proposed about its end.
    end: EndOutput | None


class KitsExpiringPage(TypedDict):
    items: list[ExpiringOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class Knowledge(TypedDict):
    # The readers in the order in which they first came to know.
    known: list[ReaderInSumOutput]
    # The newest acts first.
    lines: list[KnowledgeLineOutput]
    # There are more before this number; null: no.
    older: int | None
    # The newest event of the case: this look.
    last_event: int
    # Its SHA-256.
    last_hash: str


class KnowledgeLineOutput(TypedDict):
    """One way in which one act made something known to somebody."""

    # The act's number in the case's chain.
    event: int
    # Its SHA-256.
    hash: str
    # When it happened.
    at: str
    # Who came to know.
    who: ReaderOutput
    # By what.
    how: Literal["wrote", "looked", "access", "told", "placed", "read", "offered", "handed", "printed", "exported", "exported_open", "brought", "widens", "without_right", "asked", "decided", "ended"]
    # Why a seal was opened; empty: none was.
    purpose: str
    # Of what; never what it said.
    fields_known: list[str]
    # false: what was said is not on record.
    on_record: bool
    # How much the words of a Restricted notice said; empty: no notice.
    rung: str
    # By which rules; none is a finding.
    rules: list[KnownByRuleOutput]


class KnowledgeRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Acts before this number only: `older` of the answer before.
    before: NotRequired[int]


class KnownByRuleOutput(TypedDict):
    """A rule by which somebody knew."""

    # The rule's id.
    id: str
    # What it says.
    sentence: str


KnownInvestigation: TypeAlias = Literal[
    "none",
    "open",
    "closed",
]


class LabelDrawInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # In ZPL, for a label printer; else as PDF.
    printer: bool


class LatePlaceOutput(TypedDict):
    """What is late at one installation."""

    # Where.
    installation: str
    # How many duties; a plus: more are not counted.
    number: str
    # Since when the first one is.
    since: str


LateReason: TypeAlias = Literal[
    "paper_delayed",
    "found_late",
    "no_connection",
    "care_first",
    "other",
]


class LatenessOutput(TypedDict):
    """What is late where, and how much falls due within a day anywhere. Never of which case."""

    # The installations at which something is late.
    items: list[LatePlaceOutput]
    # How many duties fall due within a day.
    soon: str


class LeakFindInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Whom it reached.
    reached: list[Literal["commander", "law_enforcement", "other"]]
    # When it happened; left out: now.
    at: NotRequired[str]


class LeakHandOnInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When it happened; left out: now.
    at: NotRequired[str]


class LeakIdOutput(TypedDict):
    """What was recorded."""

    # The leak's id.
    leak: str


class LeakOutput(TypedDict):
    """A disclosure that nobody was entitled to make."""

    # Names it when the MCIO is told.
    id: str
    # When it was found.
    found_at: str
    # Whom it reached.
    reached: list[Literal["commander", "law_enforcement", "other"]]
    # When the MCIO was told.
    handed_on_at: str | None


class LeaksOutput(TypedDict):
    """Every leak of a case."""

    # The newest first.
    items: list[LeakOutput]


class LeavingOutput(TypedDict):
    """Somebody who stops being SARC or SAPR VA somewhere soon."""

    # As pages show them.
    name: str
    # In which role.
    role: str
    # Where.
    place: PlaceOutput
    # When.
    lapses_at: str
    # How many open cases they hold there; never which.
    cases: int


class LeavingPage(TypedDict):
    items: list[LeavingOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class LimitedCaseOpenInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # An installation whose SARC the caller is.
    installation: NotRequired[str | None]
    # Only what the MCIO says.
    identity: NotRequired[IdentityInputRequest]
    # Only what the MCIO says.
    narrative: NotRequired[NarrativeInputRequest]
    # When; now unless given.
    at: NotRequired[str]


class LimitedCasesPage(TypedDict):
    items: list[CaseSummary]
    # The cursor of the next page; null: no more.
    next: str | None


class LocationCreateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What it is.
    kind: LocationKind
    # Its name.
    name: str
    # The IANA zone its people live by, such as America/New_York.
    zone: str
    # What it belongs to.
    parent: NotRequired[str | None]


LocationKind: TypeAlias = Literal[
    "installation",
    "unit",
    "command",
]


class LocationOutput(TypedDict):
    """An installation, a unit on it, or a higher command."""

    # Names it in addresses and bodies.
    id: str
    # What it is.
    kind: LocationKind
    # Its name.
    name: str
    # The IANA zone its people live by.
    zone: str
    # What it belongs to.
    parent: str | None


class LocationPage(TypedDict):
    items: list[LocationOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class MatterEventOutput(TypedDict):
    """One event of a matter."""

    # The kind of event.
    kind: str
    # The same in words.
    sentence: str
    # When it happened.
    occurred_at: str
    # When it was entered.
    recorded_at: str
    # Why its instant is not known.
    not_dated: NotDated | None


MatterKind: TypeAlias = Literal[
    "safe_contact",
    "consent",
    "referral",
    "service",
    "appointment",
    "line_of_duty",
    "threat",
    "subject",
    "action",
    "expedited_transfer",
    "safety_move",
    "protective_order",
    "civil_order",
    "high_risk",
    "retaliation",
]


class MatterOpenInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What it is.
    kind: MatterKind
    # What the step asks, by name.
    details: NotRequired[dict[str, Any]]
    # The kind's sealed texts, written once: name, content.
    sealed: NotRequired[dict[str, str]]
    # Why the instant is not known.
    excuse: NotRequired[NotDated]
    # Needed when something that this makes due is overdue already.
    late_reason: NotRequired[LateReason]
    # By which step, where the kind has several. A step of the kind, as `matter-kinds` lists them.
    step: NotRequired[str]
    # The matter that it is a part of.
    parent_id: NotRequired[str | None]
    # When it happened; a dated step takes `excuse` where that is not known.
    at: NotRequired[str | None]


class MatterOutput(TypedDict):
    """One matter and where it stands."""

    # The matter.
    id: str
    # What it is.
    kind: MatterKind
    # Which of its kind, where there are several.
    what: str | None
    # Where it stands, a word of its kind.
    state: str
    # What it is a part of.
    parent: str | None
    # When it began.
    opened_at: str
    # When its latest step was taken, as far as that is known.
    moved_at: str
    # When it ended; null while it runs.
    ended_at: str | None
    # Whether name or content is sealed in it.
    sealed: bool
    # The steps that follow now.
    steps: list[str]


class MatterSealedOutput(TypedDict):
    """What is sealed in a matter."""

    # By the labels of its kind.
    texts: dict[str, str]


class MatterStepInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What the step asks, by name.
    details: NotRequired[dict[str, Any]]
    # Why the instant is not known.
    excuse: NotRequired[NotDated]
    # Needed when something that this makes due is overdue already.
    late_reason: NotRequired[LateReason]
    # A step of the kind, as `matter-kinds` lists them.
    step: str
    # When it happened; a dated step takes `excuse` where that is not known.
    at: NotRequired[str | None]


class MatterWhole(TypedDict):
    """A matter with what happened in it."""

    # The matter.
    id: str
    # What it is.
    kind: MatterKind
    # Which of its kind, where there are several.
    what: str | None
    # Where it stands, a word of its kind.
    state: str
    # What it is a part of.
    parent: str | None
    # When it began.
    opened_at: str
    # When its latest step was taken, as far as that is known.
    moved_at: str
    # When it ended; null while it runs.
    ended_at: str | None
    # Whether name or content is sealed in it.
    sealed: bool
    # The steps that follow now.
    steps: list[str]
    # Its events and those of its parts, in order.
    events: list[MatterEventOutput]


class MeetingAgendaPage(TypedDict):
    items: list[AgendaLineOutput]
    # The cursor of the next page; null: no more.
    next: str | None


MeetingKind: TypeAlias = Literal[
    "monthly",
    "quarterly",
]


class MeetingOutput(TypedDict):
    """One meeting."""

    # The meeting.
    id: str
    # Whose group meets.
    installation: PlaceOutput
    # Monthly or quarterly.
    kind: MeetingKind
    # The first day of its month.
    month: str
    # For when it is called.
    scheduled_at: str
    # The SARC who co-chairs.
    co_chair: PersonOutput
    # Who chaired; null until it is held.
    chair: PersonOutput | None
    # As what.
    chair_seat: ChairSeat | None
    # When it was held.
    held_at: str | None


class MeetingWhole(TypedDict):
    """A meeting with who came to it."""

    # The meeting.
    id: str
    # Whose group meets.
    installation: PlaceOutput
    # Monthly or quarterly.
    kind: MeetingKind
    # The first day of its month.
    month: str
    # For when it is called.
    scheduled_at: str
    # The SARC who co-chairs.
    co_chair: PersonOutput
    # Who chaired; null until it is held.
    chair: PersonOutput | None
    # As what.
    chair_seat: ChairSeat | None
    # When it was held.
    held_at: str | None
    # Empty until it is held.
    attendance: list[AttendanceOutput]
    # Lines that the caller does not see.
    further: int


class MeetingsPage(TypedDict):
    items: list[MeetingOutput]
    # The cursor of the next page; null: no more.
    next: str | None


Member: TypeAlias = Literal[
    "installation_commander",
    "deputy_commander",
    "victims_commander",
    "victims_immediate_commander",
    "installation_sarc",
    "lead_sarc",
    "victims_va",
    "mcio",
    "law_enforcement",
    "healthcare_provider",
    "mental_health_provider",
    "chaplain",
    "legal_representative",
    "safety_assessor",
    "victim_witness_assistance",
    "tenant_commander",
    "tenant_lead_sarc",
]


MinutesAnswer: TypeAlias = Literal[
    "done",
    "open",
    "not_applicable",
]


class MinutesOutput(TypedDict):
    """The minutes of a case without their words, which are sealed."""

    # The minutes.
    id: str
    # Rule: done, open, not_applicable.
    answers: dict[str, str]
    # Members who came for this case.
    present: list[str]
    # Who spoke for the case.
    told_by: Member
    # When they were kept.
    kept_at: str
    # By whom.
    kept_by: PersonOutput


class MinutesWordsOutput(TypedDict):
    """What is sealed in minutes."""

    # The text; empty when none was written.
    words: str


class MissingOutput(TypedDict):
    """A fact that nobody stated and that could change the answer."""

    fact: str
    why: str
    rules: list[str]


class MoveAcceptInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Whether the SARC acts as the victim's SAPR VA as well.
    acts_as_va: NotRequired[bool]


class MoveConsentRecordInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What the victim answered. No withdraws an open offer.
    consents: bool


class MoveOfferInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The SARC's user name.
    to: str
    # Where they are SARC.
    installation_id: str


class MoveOutput(TypedDict):
    """An offer of one's case."""

    # The offer.
    id: str
    # Where the victim goes.
    to_installation: PlaceOutput
    # The SARC there.
    offered_to: PersonOutput
    # When it was offered.
    offered_at: str
    # How it stands.
    state: MoveState
    # When it was answered or withdrawn.
    decided_at: str | None


MoveState: TypeAlias = Literal[
    "offered",
    "accepted",
    "rejected",
    "withdrawn",
]


class MovedOutput(TypedDict):
    """The offer that was accepted, and the case that is the caller's from now on."""

    # The offer.
    id: str
    # Where the victim goes.
    to_installation: PlaceOutput
    # The SARC there.
    offered_to: PersonOutput
    # When it was offered.
    offered_at: str
    # How it stands.
    state: MoveState
    # When it was answered or withdrawn.
    decided_at: str | None
    # The case.
    case: str


class NameOutput(TypedDict):
    """What stands on a label."""

    # The name.
    name: str


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


class NewWebhookOutput(TypedDict):
    """A webhook just registered."""

    # Names it when it ends.
    id: str
    # Where it stands.
    url: str
    # When it was registered.
    registered_at: str
    # When it ended; null: it is in use.
    ended_at: str | None
    # Its messages are signed with this. Shown this once.
    secret: str


NotDated: TypeAlias = Literal[
    "not_recorded",
    "papers_lost",
    "not_told",
    "not_needed",
]


class NoticeCallOutput(TypedDict):
    """Where the waiting stands after the call."""

    # The last step towards being read.
    step: ChaseStep
    # When its addressee was reached by telephone.
    told_at: str | None
    # When the waiting was over.
    over_at: str | None


class NoticeExtendInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why the usual time cannot be kept.
    reason: Circumstance
    # The report was made at the deployed place, and the usual time cannot be kept.
    deployed: bool


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


class NoticeProofOutput(TypedDict):
    """What became of a notice once it was placed."""

    # The last step towards being read.
    step: ChaseStep
    # When it was placed.
    placed_at: str | None
    # When its addressee is nudged.
    nudge_at: str | None
    # When it is placed with the alternate too.
    alternate_at: str | None
    # When the SARC is asked to telephone.
    telephone_at: str | None
    # The alternate's post.
    passed_to: str | None
    # When it was read.
    acknowledged_at: str | None
    # The post of whoever read it.
    acknowledged_by: str | None
    # When its addressee was reached by telephone.
    told_at: str | None
    # When the waiting was over.
    over_at: str | None


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


class NoticeTelephoneInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What came of it. What was said is not recorded.
    outcome: CallOutcome
    # When; left out: now.
    at: NotRequired[str]


class NumberOutput(TypedDict):
    """What stands on a label."""

    # The evidence number.
    number: str


class OfferOutput(TypedDict):
    """An offer as its addressee sees it: everything but the case it is of."""

    # The offer.
    id: str
    # Which kind of report.
    election: Election
    # From where.
    from_installation: PlaceOutput
    # To where.
    to_installation: PlaceOutput
    # The SARC who offers.
    offered_by: PersonOutput
    # When it was offered.
    offered_at: str
    # How it stands.
    state: MoveState
    # When it was answered or withdrawn.
    decided_at: str | None


class OfferedOutput(TypedDict):
    """A hand-off that waits for the caller."""

    # The hand-off.
    id: str
    # Its place in the chain.
    hop: int
    # Who gave.
    giver: Holder
    # Who receives.
    receiver: Holder
    # The post that receives.
    to_post: PostOutput | None
    # For what.
    purpose: Purpose
    # As printed on the seal; empty: none.
    seal_number: str
    # As the giver found it.
    seal_intact: bool
    # As the giver found it.
    condition: Condition
    # A photo is on record.
    photo: bool
    # Of a courier or laboratory; empty: none.
    receipt: str
    # When it was given or offered.
    offered_at: str
    # By whom.
    offered_by: PersonOutput
    # How it stands.
    state: HopState
    # When it was answered.
    answered_at: str | None
    # By whom; null where a receipt answers.
    answered_by: PersonOutput | None
    # As the receiver found it.
    seal_found_intact: bool | None
    # As the receiver found it.
    condition_found: Condition | None
    # The kit, on its holder's side.
    card: str


class OffersPage(TypedDict):
    items: list[OfferOutput]
    # The cursor of the next page; null: no more.
    next: str | None


Office: TypeAlias = Literal[
    "staff_judge_advocate",
    "judge_advocate",
]


class OfficeOutput(TypedDict):
    """One role and what it sees of the report, in words."""

    # Who.
    role: str
    # What it sees of the Restricted report.
    before: list[str]
    # What it would see.
    after: list[str]
    # What the conversion adds.
    gained: list[str]
    # Why.
    because: str
    # By which rules.
    rules: list[str]


class OpenExportAskInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The public key (age1…) of whoever shall read it.
    recipient: str


class OptionOutput(TypedDict):
    """One option: open or not, by which rules, and why in plain words."""

    allowed: bool
    rules: list[str]
    because: str


class OptionsOutput(TypedDict):
    """Both options."""

    restricted: OptionOutput
    unrestricted: OptionOutput


Originals: TypeAlias = Literal[
    "none",
    "safe",
    "cabinet",
    "records",
    "unknown",
]


class OriginalsConfirmInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Where the second person found them.
    originals: Originals


Outcome: TypeAlias = Literal[
    "reviewed",
    "left_over",
    "dropped",
]


class OutgoingCloseInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why nobody needs to look any more.
    reason: ClosedReason


OutgoingKind: TypeAlias = Literal[
    "constant",
    "heartbeat",
    "alarm",
    "news",
]


class OutgoingOutput(TypedDict):
    """A message, and how far it is. Its words are the same for everybody."""

    # The message's id, which travels with it.
    id: str
    # By which way.
    channel: str
    # What it is.
    kind: OutgoingKind
    # Of a mail; empty: a webhook's.
    address: str
    # How far it is.
    state: OutgoingState
    # The instant that it bears.
    planned_at: str
    # Not handed over by then, it is left out.
    expires_at: str
    # How often it was tried.
    attempts: int
    # What came of it the last time.
    last_outcome: Literal["leased", "handed_over", "acknowledged", "refused", "busy", "unreachable", "timed_out", "cut_off", "bad_reply", "not_allowed", "no_key", "failed", "bytes_changed", ""]
    # When a person closed it.
    closed_at: str | None
    # Why.
    closed_reason: Literal["address_corrected", "person_left", "server_repaired", "not_needed", ""]


class OutgoingPage(TypedDict):
    items: list[OutgoingOutput]
    # The cursor of the next page; null: no more.
    next: str | None


OutgoingState: TypeAlias = Literal[
    "queued",
    "sent",
    "acknowledged",
    "dropped",
    "dead",
    "closed",
]


class OverrideOutput(TypedDict):
    """A dated rule that the profile answers otherwise."""

    option: str
    rule: str
    rule_set: str
    would_allow: bool
    replaced_by: str
    needs: list[str]


class OwnerlessOutput(TypedDict):
    """An installation with open cases that no SARC holds."""

    # Where.
    place: PlaceOutput
    # How many; never which.
    cases: int


class PaperOutput(TypedDict):
    """What was signed."""

    # The version.
    id: str
    # The form.
    form: str
    # Its edition.
    edition: str
    # 1 for the first.
    version: int
    # The first signature.
    signed_at: str


class ParticipationDeclineInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Where the rules ask for one.
    letter: NotRequired[ParticipationLetter]
    # Of a Restricted report: as far as the SARC knows.
    investigation: NotRequired[KnownInvestigation]
    # When; now unless given.
    at: NotRequired[str]


ParticipationLetter: TypeAlias = Literal[
    "section_540K",
]


class ParticipationResumeInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # When; now unless given.
    at: NotRequired[str]


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


class PersonOutput(TypedDict):
    """Somebody of the staff."""

    # By which other operations name this person.
    username: str
    # As pages show them.
    display_name: str


class PlaceOutput(TypedDict):
    """A place."""

    # By which other operations name it.
    id: str
    # As pages show it.
    name: str


class PolicyChangeDetail(TypedDict):
    """One change as its reader may decide it."""

    # Names it in the steps that follow.
    id: str
    # What is changed.
    kind: ChangeKind
    # The profile; empty: an adoption.
    profile: str
    # The Service that adopts; empty: a profile.
    service: Literal["army", "navy", "usmc", "air_force", "space_force", "guard_bureau", ""]
    # The rule set that is adopted.
    rule_set: str
    # First day of signing for which it counts.
    starts_on: str | None
    # How far it is.
    state: ChangeState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None
    # While it waits: what would stand otherwise.
    differences: list[PolicyDifferenceOutput]
    # Whether the caller is a second person to it.
    may_decide: bool


class PolicyChangeOutput(TypedDict):
    """A change of the settings: another profile, or a rule set that a Service adopts."""

    # Names it in the steps that follow.
    id: str
    # What is changed.
    kind: ChangeKind
    # The profile; empty: an adoption.
    profile: str
    # The Service that adopts; empty: a profile.
    service: Literal["army", "navy", "usmc", "air_force", "space_force", "guard_bureau", ""]
    # The rule set that is adopted.
    rule_set: str
    # First day of signing for which it counts.
    starts_on: str | None
    # How far it is.
    state: ChangeState
    # Who proposed it.
    proposed_by: str
    # When.
    proposed_at: str
    # Who decided; null: nobody yet.
    decided_by: NotRequired[str | None]
    # When it was decided.
    decided_at: str | None


class PolicyChangePage(TypedDict):
    items: list[PolicyChangeOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class PolicyDifferenceOutput(TypedDict):
    """Rules that no longer stand, and those that stand in their place; either may be empty."""

    # What stands now.
    before: list[PolicyRuleRow]
    # What would stand.
    after: list[PolicyRuleRow]


class PolicyRuleRow(TypedDict):
    """A rule."""

    # Its id.
    id: str
    # What it says.
    sentence: str


class PolicySettings(TypedDict):
    profile: str
    # null: nobody has changed it yet.
    since: str | None
    adoptions: list[AdoptionOutput]


class PostCreateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Where it is.
    location: str
    # What its holder is.
    role: Role
    # As it stands on the door, without a person's name.
    title: str
    # The next higher post.
    next_higher: NotRequired[str | None]


class PostOutput(TypedDict):
    """A post."""

    # By which other operations name it.
    id: str
    # As pages show it.
    title: str


class PreparedOutput(TypedDict):
    """What a conversion now would show to whom."""

    # What `convert` is given once this was read.
    confirmation: str
    # Who would see more.
    offices: list[OfficeOutput]
    # The notices in every word.
    told: list[ToldOutput]
    # What it would not bring.
    spared: list[SparedOutput]


Privilege: TypeAlias = Literal[
    "not_covered",
    "covered",
    "excepted",
]


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


class PropertyAskInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Asked for on DD 2910-3.
    on_dd_2910_3: bool


Purpose: TypeAlias = Literal[
    "store",
    "investigate",
    "transport",
    "test",
    "give_back",
]


class QuarterFiguresAskInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Its first day, one of `ripe`.
    quarter: str


class QuarterOutput(TypedDict):
    """The published figures of a quarter."""

    # Its first day.
    quarter: str
    # Every installation, by name.
    installations: list[InstallationFiguresOutput]


class QuartersOutput(TypedDict):
    """What is published, and what may be asked for."""

    # How many numbers a class holds.
    class_width: int
    # The newest first.
    quarters: list[QuarterOutput]
    # First days of the quarters whose figures may be made now.
    ripe: list[str]


class ReaderInSumOutput(TypedDict):
    """One reader in sum."""

    # Who.
    who: ReaderOutput
    # Everything they know of.
    fields_known: list[str]
    # By how many acts.
    acts: int


class ReaderNumberOutput(TypedDict):
    """How many people the words leave in the eyes of one reader."""

    # About whom, and what that reader holds likely.
    reader: str
    # At least so many.
    people: str


class ReaderOutput(TypedDict):
    """A person, a post or an outside body."""

    # person, post or body.
    sort: str
    # The name shown.
    name: str
    # The role of then.
    role: Literal["sarc", "sapr_va", "senior_commander", "unit_commander", "mcio", "programme_manager", "evidence_custodian", ""]
    # Of a post: who held it then.
    holders: list[str]


Recipient: TypeAlias = Literal[
    "named_by_victim",
    "law_enforcement",
    "commander",
    "threatened_person",
    "medical",
    "fitness_authority",
    "service_coordinator",
    "court",
    "military_official",
    "statutory_authority",
]


RelocateReason: TypeAlias = Literal[
    "move",
    "duty",
    "deployment",
]


ReopenReason: TypeAlias = Literal[
    "victim_asked",
    "new_information",
    "investigation_resumed",
    "referral_resumed",
    "closed_in_error",
]


class ReportConvertRequest(TypedDict):
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
    # What `convert/prepare` gave.
    confirmation: NotRequired[str]
    # DD 2910-1 where the first form is lost.
    form: NotRequired[str]
    # Signed from afar; on DD 2910-1 only.
    remotely: NotRequired[bool]


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
    # The state that the rules know it by; closed cases among them.
    stands: CaseState
    installation: str
    opened_at: str
    signed_at: str
    recorded_at: str
    converted_at: str | None


Role: TypeAlias = Literal[
    "sarc",
    "sapr_va",
    "senior_commander",
    "unit_commander",
    "mcio",
    "programme_manager",
    "evidence_custodian",
]


class RuleSayingOutput(TypedDict):
    """What a rule says."""

    # Its id.
    rule: str
    # Its words.
    sentence: str


class RuleSaysOutput(TypedDict):
    """What the rules say with it."""

    # In the order of the rules.
    says: list[RuleSayingOutput]


class RungDetail(TypedDict):
    """The same with what it was chosen by."""

    # Its first day.
    quarter: str
    # 0; more after the tables changed in the quarter.
    turn: int
    # The step of the ladder.
    rung: str
    # People it could be about, at least.
    people: str | None
    # Whether a release needs the SARC's confirmation.
    confirm: bool
    # The rules it was chosen by.
    rules: list[str]
    # People of the smallest group on the books.
    smallest: int | None
    # By what a reader may think.
    numbers: list[RungReaderOutput]
    # When it was chosen.
    chosen_at: str


class RungOutput(TypedDict):
    """How much notices to a place may say in a quarter."""

    # Its first day.
    quarter: str
    # 0; more after the tables changed in the quarter.
    turn: int
    # The step of the ladder.
    rung: str
    # People it could be about, at least.
    people: str | None
    # Whether a release needs the SARC's confirmation.
    confirm: bool


class RungReaderOutput(TypedDict):
    """How many people remain in the eyes of one reader."""

    # About whom, and what that reader holds likely.
    reader: str
    # At least so many.
    people: str


class SealedOpen(TypedDict):
    # Who the victim is, as far as it was told.
    identity: NotRequired[dict[str, str]]
    # What happened, as far as it was told.
    narrative: NotRequired[dict[str, str]]


class SealedOpenRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why: case_work, or emergency where the case was opened in one.
    purpose: str


class SessionsEndedOutput(TypedDict):
    """How many sessions there were."""

    # Sessions ended.
    ended: int


class SheetOutput(TypedDict):
    """What stands on an edition of a form, unsigned."""

    # The form.
    form: str
    # Its edition.
    edition: str
    # What it is called.
    title: str
    # What it asks.
    questions: list[FormQuestionOutput]
    # What is initialled.
    acknowledgements: list[FormLineOutput]
    # What is printed on it.
    statements: list[str]
    # Who signs; nobody: it is handed out.
    signers: list[str]
    # To whom a hand-out goes, in words.
    given_to: dict[str, str]


class SignedOutput(TypedDict):
    """One signed version of a form."""

    # The version.
    id: str
    # The form.
    form: str
    # Its edition.
    edition: str
    # What it is called.
    title: str
    # 1 for the first; a correction is the next.
    version: int
    # Why it corrects the one before, in words; empty for the first.
    reason: str
    # Signed from afar.
    remote: bool
    # The first signature.
    signed_at: str
    # No later version corrects it.
    newest: bool
    # A DD 2910-1 stands in its place.
    replaced: bool


class SparedOutput(TypedDict):
    """One duty that the conversion would not bring, and by which rule."""

    # Which duty.
    kind: str
    # By which rule.
    rule: str


class StaffPersonOutput(TypedDict):
    """A member of staff. What one may do comes from appointments."""

    # Names the account in addresses.
    id: str
    # Names it in bodies; what the person types to sign in.
    username: str
    # The name shown.
    display_name: str
    # false: the account is closed.
    is_active: bool


class StaffPersonPage(TypedDict):
    items: list[StaffPersonOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class StaffPostOutput(TypedDict):
    """A desk with an inbox."""

    # Names it in bodies.
    id: str
    # Where it is.
    location: str
    # What its holder is.
    role: Role
    # As it stands on the door.
    title: str
    # Receives what this post would, when that is needed.
    next_higher: str | None


class StaffPostRow(TypedDict):
    """The same in the list."""

    # Names it in bodies.
    id: str
    # Where it is.
    location: str
    # What its holder is.
    role: Role
    # As it stands on the door.
    title: str
    # Receives what this post would, when that is needed.
    next_higher: str | None
    # Whether nobody active holds it now.
    vacant: bool


class StaffPostRowPage(TypedDict):
    items: list[StaffPostRow]
    # The cursor of the next page; null: no more.
    next: str | None


Stage: TypeAlias = Literal[
    "shelf",
    "refrigerator",
    "freezer",
    "safe",
    "lab_begun",
    "lab_done",
    "lab_reported",
    "expiry_told",
]


class StageOutput(TypedDict):
    """Where it lies, or how far a laboratory came."""

    # The note.
    id: str
    # What.
    stage: Stage
    # When.
    at: str


class StatementOutput(TypedDict):
    """One statement in full. Nothing of it comes from the case but words of lists."""

    # The statement's id; it says nothing of the case.
    id: str
    # Which exception.
    exception: Exceptions
    # The post it was put to.
    post: str
    # When it was put.
    put_at: str
    # Empty: it waits.
    decision: Literal["disclose", "withhold", ""]
    # When it was decided.
    decided_at: str | None
    # What the commander reads.
    parts: list[StatementPartOutput]


class StatementPartOutput(TypedDict):
    """A part of the statement."""

    # What it is about.
    heading: str
    # Sentences made of lists.
    lines: list[str]


class StatementRow(TypedDict):
    """What was put to one of the caller's posts."""

    # The statement's id; it says nothing of the case.
    id: str
    # Which exception.
    exception: Exceptions
    # The post it was put to.
    post: str
    # When it was put.
    put_at: str
    # Empty: it waits.
    decision: Literal["disclose", "withhold", ""]
    # When it was decided.
    decided_at: str | None


class StatementRowPage(TypedDict):
    items: list[StatementRow]
    # The cursor of the next page; null: no more.
    next: str | None


class StatusOutput(TypedDict):
    """What one status alone would give."""

    status: str
    rules: list[str]
    restricted: bool
    unrestricted: bool
    form: str | None


class StepOutput(TypedDict):
    """One step of a kind."""

    # Its name.
    step: str
    # The step in words.
    title: str
    # The states in which it can be taken; an empty one opens the matter.
    comes_from: list[str]
    # The state after it; null: it stays where it is.
    to: str | None
    # Takes an excuse where its instant is not known.
    dated: bool
    # What it asks.
    details: list[DetailOutput]


class StepRecord(TypedDict):
    event: str


class StepRecordRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # For instance safe_offered; docs/api.md lists the kinds.
    kind: str
    # The answers of this kind of step.
    details: NotRequired[dict[str, str]]


class StrengthImportInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # These numbers were compared with their source.
    compared: bool
    # The lines of the file (CSV), as docs/notices.md says. All of it is recorded, or nothing.
    text: str
    # SHA-256 (hex) of the file that was looked at; another one is refused.
    seen: NotRequired[str | None]


class StrengthOutput(TypedDict):
    """What notices may say in this quarter."""

    # By name.
    items: list[AddresseeOutput]
    # For programme managers alone.
    coarsened: CoarsenedOutput | None


class StrengthPeopleOutput(TypedDict):
    """How many people the tables of today say of a place."""

    # The place, or one below it.
    location: str
    # Its name.
    name: str
    # On the books.
    people: int


class StrengthPlaceOutput(TypedDict):
    """The strength of one place."""

    # Its name.
    name: str
    # This quarter and the four before, the newest first.
    rungs: list[RungDetail]
    # The newest twenty versions recorded for the place itself.
    tables: list[StrengthTableOutput]
    # Of the place and those below.
    people: list[StrengthPeopleOutput]


class StrengthTableOutput(TypedDict):
    """A version of a place's strength table."""

    # The version's id.
    id: str
    # Who; null: the system itself.
    recorded_by: NotRequired[str | None]
    # When.
    recorded_at: str
    # First day it speaks of.
    valid_from: str
    # Last day.
    valid_to: str
    # How many lines it has.
    rows: int
    # SHA-256 (hex) of the file.
    sha256: str


class SubscriptionOutput(TypedDict):
    """Whose events go where: the caller's, to this webhook."""

    # Names it when it is ended.
    id: str
    # The webhook.
    channel: str
    # What was recorded before is not told.
    began_at: str
    # null: it goes on.
    ended_at: str | None


class TakenOutput(TypedDict):
    """The case that was taken over."""

    # The caller's from now on.
    case: str


class ToldOutput(TypedDict):
    """One notice that would go out."""

    # Which notice, in words.
    kind: str
    # To whom.
    post: str
    # Where that post is.
    place: str
    # Every word of it.
    text: str


class ToldSystemListPage(TypedDict):
    items: list[ToldSystemOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class ToldSystemOutput(TypedDict):
    """A webhook in use, and whether the caller's events go there."""

    # The webhook.
    id: str
    # Where it is.
    url: str
    # The caller's events go there; null: they do not.
    own: SubscriptionOutput | None
    # The caller's cannot go there: somebody's do, or the caller registered it.
    taken: bool


class UserCreateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # What the person types to sign in.
    username: str
    # The name shown.
    display_name: str
    # It only ever receives a message that says: please sign in.
    email: str


class UserDeactivateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # It ends access at once; what the person works on needs somebody.
    understood: bool


class VaAssign(TypedDict):
    va: str
    role: str


class VaAssignRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # The SAPR VA's user name.
    va: str


class VictimRelocateInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # Why.
    reason: RelocateReason


class WaitingAppointmentOutput(TypedDict):
    """A proposed appointment, as its reader may decide it."""

    # Names it in addresses.
    id: str
    # Whose.
    username: str
    # The name shown.
    display_name: str
    # The post.
    post: str
    # The post's title.
    title: str
    # What its holder is.
    role: Role
    # Nothing is in force before a second person approves it.
    state: AppointmentState
    # From when on.
    starts_at: str
    # Until when; null: until further notice.
    ends_at: str | None
    # Who; null: the system itself.
    proposed_by: NotRequired[str | None]
    # When it was proposed.
    proposed_at: str | None
    # Whether the caller is a second person to it.
    may_approve: bool


class WaitingAppointmentPage(TypedDict):
    items: list[WaitingAppointmentOutput]
    # The cursor of the next page; null: no more.
    next: str | None


class WantedInputRequest(TypedDict):
    """What is looked for; what is left out is not looked for."""

    # How the case stands.
    stands: NotRequired[Literal["contact", "inquiry", "limited", "restricted", "unrestricted", "converted", "walked_away", ""]]
    # Open or closed.
    running: NotRequired[Literal["open", "closed", ""]]
    # One of the installations one works at.
    place: NotRequired[str | None]
    # As what one is on the case.
    role: NotRequired[Literal["sarc", "sapr_va", ""]]
    # What is due.
    due: NotRequired[Literal["late", "once", "soon", "any", "nothing", ""]]
    # Whether there is a kit.
    kit: NotRequired[Literal["kept", "numbered", "none", ""]]
    # When it was opened.
    opened: NotRequired[Literal["this_month", "last_month", "this_year", "last_year", ""]]
    # Opened on this day or later.
    opened_from: NotRequired[str | None]
    # Opened on this day or before.
    opened_to: NotRequired[str | None]


class WayOutput(TypedDict):
    """One way to hand a kit on."""

    # To whom.
    receiver: Holder
    # For what.
    purpose: Purpose
    # Which post; null: none.
    to_post: str | None
    # The same in words.
    words: str


class WebhookOutput(TypedDict):
    """A webhook."""

    # Names it when it ends.
    id: str
    # Where it stands.
    url: str
    # When it was registered.
    registered_at: str
    # When it ended; null: it is in use.
    ended_at: str | None


class WebhookRegisterInputRequest(TypedDict):
    """An object with known keys only: any other key is refused (`unknown_field`)."""

    # https://host/path; it is told nothing of any case.
    url: str


class WithoutSarcPage(TypedDict):
    items: list[OwnerlessOutput]
    # The cursor of the next page; null: no more.
    next: str | None
