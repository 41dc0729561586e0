"""What a Restricted notice that waits says after its case was corrected."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from notifications import compose
from notifications.anonymity import Rung, Settings, words
from notifications.correcting.models import Recomposing
from notifications.finer.told import open_finer
from notifications.models import DecisionStage, Notice, NoticeKind, NoticeState
from notifications.strength.facts import DRAWN_ON, printable
from notifications.strength.rung_models import MINIMAL
from notifications.strength.wording import Wordings, draw, wordings
from reports.ledger.services import append
from sapr import clock


def hold(*, case) -> None:
    """The hook's listener, before anything is written: hold the notices that wait, so that none is placed meanwhile.

    First, as the sweep does: it holds a notice and writes to its case then.
    """
    list(_waiting(case))


def on_contents_changed(*, case, actor, at: datetime, fields: Collection[str]) -> None:
    """The hook's listener: words that are no longer true are made anew; words that were released go no more.

    Slot, deadline and rung stay. What the reader got already stays too: nothing ever follows it.
    """
    if not DRAWN_ON & set(fields):
        return
    waiting = list(_waiting(case).filter(kind=NoticeKind.RESTRICTED).select_related("unit_rung"))
    known = compose.opened(case, actor, clock.now()) if waiting else {}
    for notice in waiting:
        notice.case = case
        _make_anew(notice, known, actor)


def _waiting(case):
    return Notice.objects.select_for_update(of=("self",)).filter(case=case).exclude(state=NoticeState.PLACED)


def _make_anew(notice: Notice, known: dict[str, str], actor) -> None:
    signed, now = compose.signed(notice.case), clock.now()
    settings = Settings.of(signed.astimezone(ZoneInfo(notice.case.installation.zone)).date())
    facts = printable(notice.case, known, signed, settings)
    released = notice.state == NoticeState.RELEASED
    if released:
        # Without a rung it is MINIMAL, or goes so.
        if notice.unit_rung is None or words(Rung.of(notice.rung), facts, settings) == notice.wording:
            return
        found = Wordings(MINIMAL, MINIMAL, notice.minimal, notice.minimal, [])
    else:
        found = wordings(notice.unit_rung, facts, settings, draw=draw(), drawn=_drawn(notice))
        same = (found.rung, found.text) == (notice.rung, notice.wording)
        # Finer words say more of what was corrected: they end, also where the notice's own stay the same (DN-27).
        if same and not open_finer(notice):
            return
    row = Recomposing(
        notice=notice,
        case=notice.case,
        rung=found.rung,
        wording=found.text,
        choices=found.choices,
        coarsened=found.allowed != found.rung,
        takes_back=released,
        at=now,
    )
    row.save(force_insert=True)
    append(
        case_id=notice.case_id,
        kind="notice_recomposed",
        actor=actor,
        at=now,
        data={"notice": str(notice.pk), "taken_back": released},
    )


def _drawn(notice: Notice) -> str | None:
    """The rung that was drawn for the notice, so that no correction brings another draw; None before any was."""
    first = notice.decisions.filter(stage=DecisionStage.COMPOSED).first()
    for each in ([first] if first else []) + list(notice.recomposings.order_by("at")):
        if each.rung != MINIMAL or each.coarsened:
            return each.rung
    return None
