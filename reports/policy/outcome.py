"""What an evaluation finds, before any sentence is put together."""

from .decision import StatusOutcome
from .eligibility_rows import Case, Line

# a row (none: the status itself is not recorded) and the facts it would still need
Question = tuple[Line | None, tuple[str, ...]]
# a status row, the case of it that holds (or none), and cases before that one which more facts could make hold
Reading = tuple[Line, Case | None, tuple[tuple[Case, tuple[str, ...]], ...]]


class Side:
    """What is found about one option.

    `depends`: rows of statuses that could still give the option, each with the facts it would need. `assumed`:
    facts taken at their worst by a row that closes it. `closed`: a row closes it whatever else may be recorded.
    """

    allowed = False
    closed = False
    assumed: tuple[str, ...] = ()
    depends: tuple[Question, ...] = ()

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.sentences: list[str] = []

    def may_open(self) -> bool:
        """Whether facts not yet recorded could open the option."""
        return not self.closed and bool(self.depends or self.assumed)


class Outcome:
    """Collected while one set of facts is evaluated. `sides` stand in the order of OPTIONS.

    `questions`: what bars and their lifts would still ask; `unsettled_blocks`: what blocks would.
    """

    route = "sapr"
    form: str | None = None
    barred = False
    statuses: tuple[StatusOutcome, ...] = ()
    readings: tuple[Reading, ...] = ()
    questions: tuple[Question, ...] = ()
    unsettled_blocks: tuple[Question, ...] = ()

    def __init__(self) -> None:
        self.sides = (Side(), Side())

    def answer(self) -> tuple[bool, bool, str]:
        """Restricted, Unrestricted and the route."""
        restricted, unrestricted = self.sides
        return restricted.allowed, unrestricted.allowed, self.route
