"""What an evaluation finds, before any sentence is put together."""

from .decision import StatusOutcome
from .eligibility_rows import Line

OPTIONS = ("restricted", "unrestricted")


class Outcome:
    """Collected while one set of facts is evaluated; by option where it differs."""

    __slots__ = (
        "allowed",
        "barred",
        "denials",
        "depends",
        "form",
        "lines",
        "missing",
        "route",
        "sentences",
        "statuses",
    )

    def __init__(self) -> None:
        self.route = "sapr"
        self.form: str | None = None
        self.barred = False
        self.allowed: dict[str, bool] = {"restricted": False, "unrestricted": False}
        self.lines: dict[str, list[Line]] = {"restricted": [], "unrestricted": []}
        self.sentences: dict[str, list[str]] = {"restricted": [], "unrestricted": []}
        self.statuses: tuple[StatusOutcome, ...] = ()
        # facts not stated that could change the answer, with the rules that ask for them
        self.missing: dict[str, list[str]] = {}
        # for an option not granted: (row, facts) that could still grant it
        self.depends: dict[str, list[tuple[Line, tuple[str, ...]]]] = {"restricted": [], "unrestricted": []}

    def ask(self, facts: tuple[str, ...], rule: str) -> None:
        """Remember that this rule needs these facts."""
        for fact in facts:
            rules = self.missing.setdefault(fact, [])
            if rule not in rules:
                rules.append(rule)
