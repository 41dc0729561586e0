"""Ids that rows of one act have in one table: beside each other, of version 4, joinable with nothing else."""

from collections import defaultdict
from itertools import islice
from uuid import RFC_4122, UUID

from notifications.models import Acknowledgement, Ladder, Notice, NoticeDecision, Reminder
from reports import access
from reports.election.services import report_sign
from reports.ledger.models import Event
from reports.ledger.services import append, together
from reports.models import Duty, Report, SignedForm
from sapr.ids import beside
from tests.times import T0

COMMON = 6
TABLES = (Report, SignedForm, Event, Duty, Ladder, Notice, Acknowledgement, NoticeDecision, Reminder)


def begins(ids) -> set[bytes]:
    return {each.bytes[:COMMON] for each in ids}


def test_a_batch_has_48_bits_in_common_and_everything_else_for_itself() -> None:
    batches = [list(islice(beside(), 5)) for _ in range(1_000)]
    every = [each for one in batches for each in one]
    assert {(each.version, each.variant) for each in every} == {(4, RFC_4122)}
    assert all(len(begins(one)) == 1 for one in batches)
    assert len(begins(every)) == len(batches)
    assert len(set(every)) == len({each.bytes[COMMON:] for each in every}) == len(every)
    # Each bit that the form leaves open is set in some and not in others, so nothing is counted or told in them.
    form = UUID("00000000-0000-f000-c000-000000000000").int
    both = [0, 0]
    for each in every:
        both = [both[0] | each.int, both[1] | ~each.int]
    assert all(each & (2**128 - 1) | form == 2**128 - 1 for each in both)


def test_the_rows_of_a_signing_are_together_in_their_table_and_in_no_other(world) -> None:
    world.strength(900)
    case = world.decided()
    with access.viewing(world.sarc):
        known = {model: set(model.objects.values_list("pk", flat=True)) for model in TABLES}
    report_sign(actor=world.sarc, **world.paper(case, "restricted"))
    with access.viewing(world.sarc):
        rows = {model: set(model.objects.values_list("pk", flat=True)) - known[model] for model in TABLES}
    several = {model for model, ids in rows.items() if len(ids) > 2}
    assert several == {Event, Duty, Ladder, Reminder}
    common = {model: begins(ids) for model, ids in rows.items()}
    assert {model: len(common[model]) for model in several} == dict.fromkeys(several, 1)
    # No row of one table begins as one of another, nor as the case.
    every = [each for ids in common.values() for each in ids] + [case.pk.bytes[:COMMON]]
    assert len(set(every)) == len(every)


def test_no_two_chains_have_a_batch_in_common(world) -> None:
    mine, other = world.contact(), world.contact()
    made = defaultdict(list)
    with access.viewing(world.sarc), together():
        for case in (mine, other, mine, other):
            made[case.pk].append(append(case_id=case.pk, kind="duty_opened", actor=world.sarc, at=T0))
    first, second = (begins(ids) for ids in made.values())
    assert len(first) == len(second) == 1
    assert first != second
