"""What can be done in a case, as links of its page: which page, in whose words, for whom, in which state."""

from typing import NamedTuple

from reports import access
from reports.access.objects import state_of
from reports.election.models import Case

CONTACT, RESTRICTED, UNRESTRICTED = "contact", "restricted", "unrestricted"
SIGNED = frozenset({RESTRICTED, UNRESTRICTED})
OPEN = SIGNED | {CONTACT}
ANY = OPEN | {"walked_away"}


class Link(NamedTuple):
    """A page of the desk about one case. `verb`: what its reader must be allowed to do with the case."""

    name: str
    words: str
    verb: str
    states: frozenset[str]

    @property
    def url(self) -> str:
        """The name of its address."""
        return f"admin:{self.name}"

    @property
    def test(self) -> str:
        """By which tests find it."""
        return f"link-{self.name.replace('_', '-')}"


LINKS = (
    Link("questions", "Eligibility questions", "case_work", frozenset({CONTACT})),
    Link("options", "Reporting options", "case_work", OPEN),
    Link("sign", "Sign the election", "case_work", frozenset({CONTACT})),
    Link("steps", "Record a step", "case_work", OPEN),
    Link("evidence", "Evidence", "case_work", OPEN),
    Link("assign", "Assign a SAPR VA", "assign_va", OPEN),
    Link("contact_edit", "Complete the sealed details", "case_work", OPEN),
    Link("convert", "Convert to Unrestricted", "case_work", frozenset({RESTRICTED})),
    Link("walk_away", "The person leaves without signing", "case_work", frozenset({CONTACT})),
    Link("keeping", "Legal holds and keeping", "hold_case", ANY),
    Link("exceptions", "Exceptions to confidentiality, leaks", "case_work", frozenset({RESTRICTED})),
    Link("catch", "CATCH", "case_work", OPEN),
)


def links(viewer, case: Case) -> list[Link]:
    """The links that fit the case as it stands and that this viewer may follow."""
    state = state_of(case)
    allowed = {verb: access.may_on(viewer, verb, case) for verb in {link.verb for link in LINKS}}
    return [link for link in LINKS if state in link.states and allowed[link.verb]]
