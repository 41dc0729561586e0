"""The steps of the intake, as the bar on each of its pages shows them: where one is, what is left, the way back."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.election import selectors
from reports.election.models import Case

STEPS: tuple[tuple[str, Promise], ...] = (
    ("contact_edit", _("Contact")),
    ("questions", _("Questions")),
    ("options", _("Options")),
    ("sign", _("Sign")),
    ("receipt", _("Receipt and copies")),
)


class Step(NamedTuple):
    """`state`: done, now or later; `url`: '' where there is no way to it yet."""

    label: Promise
    state: str
    url: str


def steps(here: str, *, viewer, case: Case | None = None) -> list[Step]:
    """The bar of the page `here` (the name of its address). Going back loses nothing: what was typed is kept."""
    names = [name for name, _ in STEPS]
    reached = _reached(viewer, case)
    # What is signed is asked and signed no more.
    open_ = set(names[: reached + 1]) - (
        {"questions", "sign"} if reached == names.index("receipt") else set()
    )
    return [
        Step(
            label,
            "now" if name == here else "done" if index < max(reached, names.index(here)) else "later",
            reverse(f"admin:{name}", args=[case.pk]) if name != here and name in open_ else "",
        )
        for index, (name, label) in enumerate(STEPS)
    ]


def _reached(viewer, case: Case | None) -> int:
    """The last step that can be gone to; -1 where there is no case yet."""
    if case is None:
        return -1
    if getattr(case, "report", None) is not None:
        return 4
    return 3 if selectors.has_decision(viewer=viewer, case=case) else 1
