"""The cells of the matrix and what is expected in each, by the second reader."""

from collections import Counter

from tests.access import naive
from tests.access.people import Scene
from tests.access.register import Way

# How somebody comes to see a row at all; who sees it and may not do a thing is told so, others find nothing.
SEEING = {
    "break_glass": ("case_view", "break_glass_ask", "break_glass_decide"),
    "inbox_item": ("read_inbox",),
    "erasure": ("case_view", "decide_erasure"),
    "meeting": ("cmg_attend",),
    "attendance": ("cmg_attend",),
    "agenda_line": ("case_view", "cmg_attend"),
    "offer": ("move_answer",),
    "handover": ("case_view", "confirm_originals"),
    "exception_statement": ("decide_exception",),
    "kit_card": ("case_view", "hold_evidence"),
    "custody": ("case_view", "receive_evidence"),
    "extension_grant": ("grant_extension", "use_extension"),
    "finer_wording": ("case_view", "decide_finer"),
}
READING = {"reminder": ("case_view", "see_reminders"), "escalation": ("case_view", "see_reminders")} | SEEING
IN, FORBIDDEN, ABSENT = "in", "forbidden", "absent"


class Matrix:
    """The cells of one state: what was expected, what came, where they differ."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.cells, self.wrong = scene, Counter(), []

    def cell(self, channel: str, where: tuple, expected, found) -> None:
        self.cells[channel] += 1
        if expected != found:
            self.wrong.append(
                f"{self.scene.state} {channel} {' '.join(map(str, where))}: {expected} != {found}"
            )

    def rule(self, person, verbs: str, thing: str, row=None) -> str | None:
        scopes, state = person.scopes(thing, row), self.scene.state_of(thing, row)
        return next(
            (rule for verb in verbs.split() if (rule := naive.rule_for(scopes, verb, thing, state))), None
        )

    def looks_at_rows(self, person, way: Way) -> bool:
        """Whether a door comes as far as the row. Who is refused by the role alone is so for every row alike: a
        Restricted case shows that, and the others need not again."""
        needs = set().union(*(naive.roles_for(verb) for verb in way.needs.split()))
        return bool(way.on or way.shows) and bool(needs & person.roles or (not way.needs and person.roles))

    def sees(self, person, thing: str, row) -> bool:
        return self.rule(person, " ".join(READING.get(thing, ("case_view",))), thing, row) is not None

    def expected(self, person, way: Way, row) -> str:
        """What a door says: without the role, forbidden for whatever row; then what the row says."""
        needs = set().union(*(naive.roles_for(verb) for verb in way.needs.split()))
        if way.needs and not needs & person.roles:
            return FORBIDDEN
        return IN if way.on is None else self.of_row(person, way, row)

    def of_row(self, person, way: Way, row) -> str:
        verbs, thing = way.on
        if row is None:
            return ABSENT
        if self.rule(person, verbs, thing, row):
            over = way.waiting and row.state != "asked" and not self.rule(person, "case_view", thing, row)
            return FORBIDDEN if over else IN
        seen = self.rule(person, " ".join(SEEING.get(thing, ("case_view",))), thing, row)
        return FORBIDDEN if seen else ABSENT
