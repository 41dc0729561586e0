"""What can be done in a case, as links of its page: which page, in whose words, for whom, in which state."""

from typing import NamedTuple

from reports import access
from reports.access.objects import state_of
from reports.election.models import Case, CaseState

CONTACT, RESTRICTED, UNRESTRICTED = "contact", "restricted", "unrestricted"
INQUIRY, LIMITED, CLOSED = "inquiry", "limited", "closed"
SIGNED = frozenset({RESTRICTED, UNRESTRICTED})
OPEN = SIGNED | {CONTACT, INQUIRY, LIMITED}
UNSIGNED = frozenset({CONTACT, INQUIRY, LIMITED})
ANY = OPEN | {"walked_away"}


class Link(NamedTuple):
    """A page of the desk about one case. `verb`: what its reader must be allowed to do with the case.

    `closed`: whether it is offered in a case of these states that is closed, too.
    """

    name: str
    words: str
    verb: str
    states: frozenset[str]
    closed: bool = False

    @property
    def url(self) -> str:
        """The name of its address."""
        return f"admin:{self.name}"

    @property
    def test(self) -> str:
        """By which tests find it."""
        return f"link-{self.name.replace('_', '-')}"


LINKS = (
    Link("questions", "Eligibility questions", "case_work", UNSIGNED),
    Link("options", "Reporting options", "case_work", OPEN, closed=True),
    Link("sign", "Sign the election", "case_work", UNSIGNED),
    Link("receipt", "Receipt and copies", "case_work", SIGNED, closed=True),
    Link("steps", "Record a step", "case_work", OPEN),
    Link("evidence", "Evidence", "case_work", OPEN, closed=True),
    Link("assign", "Assign a SAPR VA", "assign_va", OPEN, closed=True),
    Link("contact_edit", "Complete the sealed details", "case_work", OPEN, closed=True),
    Link("convert", "Convert to Unrestricted", "convert", frozenset({RESTRICTED}), closed=True),
    Link("walk_away", "The person leaves without signing", "case_work", frozenset({CONTACT, INQUIRY})),
    Link("keeping", "Legal holds and keeping", "hold_case", ANY, closed=True),
    Link("inquiry", "Log as an inquiry, no report", "move_case", frozenset({CONTACT})),
    Link("participation", "Taking part in the investigation", "case_work", SIGNED | {LIMITED}),
    Link("close", "Close the case", "move_case", SIGNED | {LIMITED}),
    Link("reopen", "Open the case again", "move_case", frozenset({CLOSED})),
    Link("forms", "Forms and copies", "case_work", OPEN, closed=True),
    Link("matters", "Care, orders and requests", "case_work", OPEN),
    Link("relocate", "The victim moves", "relocate_case", SIGNED),
    Link("hand_over", "Hand over to another SARC or SAPR VA", "hand_over", OPEN),
    Link("exceptions", "Exceptions to confidentiality, leaks", "case_work", frozenset({RESTRICTED})),
    Link("catch", "CATCH", "case_work", OPEN),
)


def links(viewer, case: Case) -> list[Link]:
    """The links that fit the case as it stands and that this viewer may follow."""
    state, closed = state_of(case), case.state == CaseState.CLOSED
    allowed = {verb: access.may_on(viewer, verb, case) for verb in {link.verb for link in LINKS}}
    return [
        link
        for link in LINKS
        if allowed[link.verb]
        and (
            CLOSED in link.states or (state in link.states and link.closed)
            if closed
            else state in link.states
        )
    ]
