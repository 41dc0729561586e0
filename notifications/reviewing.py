"""What the SARC is shown before releasing a Restricted notice: the exact bytes, coarser ones, who could guess."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from notifications.anonymity import Rung
from notifications.anonymity.rungs import ATTRIBUTES
from notifications.decisions import digest_of
from notifications.finer.standing import approved
from notifications.models import Notice, NoticeKind, NoticeState
from notifications.services import needs_confirmation
from notifications.strength.labels import SAID, group_label, rung_label
from notifications.strength.rung_models import MINIMAL

EXAMPLES = 6
OLDER = "area"


class Wording(NamedTuple):
    """One wording that can be released. `which`: its name on the page and whether it is MINIMAL."""

    which: str
    rung: str
    text: str
    confirm: bool
    minimal: bool

    @property
    def size(self) -> int:
        return len(self.text.encode())

    @property
    def sha256(self) -> str:
        return digest_of(self.text)


class Ladder(NamedTuple):
    """The steps of one attribute, from what the notice says of it down to nothing: (level, words, chosen)."""

    name: str
    label: str
    steps: list[tuple[str, str, bool]]


LABELS = {
    "sex": "Sex",
    "grade": "Grade",
    "period": "When it happened",
    "place": "Where it happened",
    "offence": "What happened",
    "status": "Status",
}


def wordings(notice: Notice, asked: Mapping[str, str]) -> list[Wording]:
    """The notice's words; those that were asked for, which say less; MINIMAL. Each text once."""
    if notice.kind != NoticeKind.RESTRICTED:
        return []
    found = [("words", notice.rung, notice.wording)]
    if notice.state == NoticeState.COMPOSED:
        finer = approved(notice)
        found += [("finer", finer.rung, finer.text)] if finer else []
        wanted = _asked(notice, asked)
        found += [("less", each["rung"], each["text"]) for each in notice.choices if each["rung"] == wanted]
        found.append(("minimal", MINIMAL, notice.minimal))
    texts: set[str] = set()
    once = [each for each in found if each[2] not in texts and not texts.add(each[2])]  # type: ignore[func-returns-value]
    return [
        Wording(which, rung_label(rung), text, needs_confirmation(notice, rung), rung == MINIMAL)
        for which, rung, text in once
    ]


def ladders(notice: Notice, asked: Mapping[str, str]) -> list[Ladder]:
    """For each attribute that the notice says: the steps that would change its words."""
    if notice.rung in (MINIMAL, OLDER):
        return []
    wanted = Rung.of(_asked(notice, asked) or notice.rung)
    rungs = [Rung.of(key) for key in (notice.rung, *(each["rung"] for each in notice.choices))]
    found = []
    for name in ATTRIBUTES:
        levels = list(dict.fromkeys(getattr(each, name) for each in rungs))
        if name in LABELS and len(levels) > 1:
            steps = [
                (level, SAID.get((name, level)) or _("leave out"), level == getattr(wanted, name))
                for level in levels
            ]
            found.append(Ladder(name, LABELS[name], steps))
    return found


def guesses(notice: Notice) -> list[str]:
    """Who could be meant in the smallest class that the addressee's rung allows, in words, the largest groups first."""
    groups = notice.unit_rung.examples if notice.unit_rung else []
    return [
        group_label(each["sex"], each["grade"], each["status"], each["people"]) for each in groups[:EXAMPLES]
    ]


def _asked(notice: Notice, asked: Mapping[str, str]) -> str | None:
    """The key of the rung with the levels that were asked for; None where nothing was asked.

    A level that is none of this notice's wordings counts as not asked.
    """
    if notice.rung in (MINIMAL, OLDER) or not any(f"less.{name}" in asked for name in ATTRIBUTES):
        return None
    rungs = [Rung.of(key) for key in (notice.rung, *(each["rung"] for each in notice.choices))]
    levels = {}
    for name in ATTRIBUTES:
        known = [getattr(each, name) for each in rungs]
        wanted = asked.get(f"less.{name}")
        levels[name] = wanted if wanted in known else known[0]
    return Rung(**levels).key
