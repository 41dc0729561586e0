"""T02: who reads the mail relay learns nothing from it, whatever happens in a unit."""

import re
from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.models import InboxItem, MailRound, Outgoing
from notifications.sweeping import next_due, sweep
from reports import access, policy
from reports.policy import loading
from reports.policy.book import Book
from sapr import clock
from tests.outside.conftest import UNITS
from tests.times import T0

DAYS = 60
NEW_YORK = ZoneInfo("America/New_York")
# When which unit's notices are signed: at odd hours, in heaps and apart; R and U are Restricted and Unrestricted.
SIGNED = {
    "one": [(3.1, "restricted")],
    "five": [
        (1.02, "unrestricted"), (1.03, "restricted"), (8.71, "restricted"),
        (29.4, "unrestricted"), (52.9, "restricted"),
    ],
}  # fmt: skip
# Sixty days with the commanders' mail alone, for the time that they take (a SARC who is reminded must get none then);
# after them some days under the hours as they are shipped.
COMMANDERS = {"senior_commander": [9]}
SHIPPED_DAYS = 3


def pass_time(out, until) -> None:
    """As the worker lives it: a sweep at each instant at which anything at all is due, and none in between."""
    with out.as_worker():
        sweep()
        while (at := min(next_due(until) or until, MailRound.objects.get(made_at=None).planned_at)) < until:
            clock.move(at, hold=True)
            sweep()
    clock.move(until, hold=True)


def nothing_of_its_own(content: bytes, address: str) -> bytes:
    """The mail without what is each one's own: the address and the random part of its id."""
    content = content.replace(address.encode(), b"@")
    return re.sub(rb"Message-ID: <[0-9a-f]{32}@", b"Message-ID: <@", content)


def under(hours: dict[str, list[int]]) -> loading.Policy:
    """The shipped rules with other hours of mail."""
    documents = deepcopy(loading.read_directory(policy.DATA))
    [row] = [each for each in documents["notices.json"]["rows"] if each["id"] == "DN-30"]
    row["parameters"]["mail"]["hours"] = hours
    return loading.Policy(Book(documents))


def sign(out, units, unit: str, option: str) -> None:
    out.world.signed(option, actor=units[f"sarc-{unit:_<4}"], at=clock.now())


def streams_of(box, who: str) -> list[list[tuple[str, int, bytes]]]:
    """What each unit's holder of a post got: when, how large, and the bytes without what is each one's own."""
    return [
        [
            (got.at, len(got.content), nothing_of_its_own(got.content, got.address))
            for got in box.got
            if got.address == f"{who}-{unit}@staff.invalid"
        ]
        for unit in UNITS
    ]


def nothing_tells(box, counts: dict[str, int]) -> None:
    """Times, counts, sizes, headers and bytes are equal, so no classifier does better than guessing (AUC 0.5)."""
    for who, count in counts.items():
        first, *others = streams_of(box, who)
        assert all(other == first for other in others)
        assert len(first) == count
        assert len({size for _, size, _ in first}) == 1
        # One day's mail differs from another's by its date alone.
        assert len({re.sub(rb"Date: [^\r]*", b"", content) for *_, content in first}) == 1
    # Nobody else got any.
    assert len(box.got) == len(UNITS) * sum(counts.values())


def test_60_days_of_mail_are_the_same_for_0_1_and_5_notices(out, units, box, monkeypatch) -> None:
    monkeypatch.setattr(loading._Current, "policy", under(COMMANDERS))
    for day, unit, option in sorted((day, who, option) for who in SIGNED for day, option in SIGNED[who]):
        pass_time(out, T0 + timedelta(days=day))
        sign(out, units, unit, option)
    pass_time(out, T0 + timedelta(days=DAYS))
    # The notices were there: otherwise equal would mean nothing.
    counts = []
    for unit in UNITS:
        with access.viewing(units[f"boss-{unit}"]):
            counts.append(InboxItem.objects.count())
    assert counts == [0, 1, 5]
    nothing_tells(box, {"boss": DAYS})


def test_the_hours_that_are_shipped_tell_as_little(out, units, box) -> None:
    """The SARC gets four a day, also at the hours of the reminders, and no other when a reminder comes due."""
    start = MailRound.objects.get(made_at=None).planned_at + timedelta(minutes=1)
    pass_time(out, start)
    box.clear()
    sign(out, units, "five", "restricted")
    pass_time(out, start + timedelta(days=SHIPPED_DAYS))
    nothing_tells(box, {"sarc": 4 * SHIPPED_DAYS, "boss": SHIPPED_DAYS})
    hours = {datetime.fromisoformat(at).astimezone(NEW_YORK).hour for at, *_ in streams_of(box, "sarc")[0]}
    assert hours == {3, 9, 15, 21}


def test_the_mail_says_nothing() -> None:
    """Read whole: one fixed set of headers in one order, and one sentence."""
    from email import message_from_bytes

    from notifications.outside import messages
    from notifications.outside.models import OutgoingKind

    row = Outgoing.objects.model(kind=OutgoingKind.CONSTANT, planned_at=T0)
    mail = message_from_bytes(messages.mail_bytes(messages.mail(row.pk, row.kind, "a@staff.invalid", T0)))
    assert mail.items() == [
        ("Content-Type", 'text/plain; charset="utf-8"'),
        ("MIME-Version", "1.0"),
        ("Content-Transfer-Encoding", "7bit"),
        ("Subject", "Please sign in"),
        ("From", "no-reply@sapr.invalid"),
        ("To", "a@staff.invalid"),
        ("Date", "Mon, 02 Mar 2026 15:00:00 +0000"),
        ("Message-ID", f"<{row.pk.hex}@sapr.invalid>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    assert mail.get_payload() == "Please sign in to the SAPR system when you can.\r\n"
