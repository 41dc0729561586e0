"""Decisions that are asked once for the same facts under the same rules are those of each row alone."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from reports import policy
from reports.adoption.selectors import basis_for
from reports.legacy.deciding import decided
from reports.legacy.problems import UnfitError
from tests.legacy.old import MEMBER

ZONE = "America/New_York"


def test_each_day_and_age_gets_its_own_answer_and_record_whatever_was_asked_before(db) -> None:
    dice, answers = Random(11), {}  # noqa: S311
    turns = policy.eligibility_turns()
    days = [day + timedelta(days=shift) for day in turns for shift in (-1, 0, 1)]
    days = [day for day in days if day.year >= 2005] + [turns[-1] + timedelta(days=900)]
    asked = [(day, age) for day in days for age in (16, 24, 24, 60)]
    dice.shuffle(asked)
    for day, age in asked:
        at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
        for statuses in (["service_member"], ["military_dependent"]):
            facts = MEMBER | {"age": age, "statuses": statuses}
            basis = basis_for(facts, on=day, at=at)
            plain = policy.eligibility(
                facts, on=day, profile=basis.profile, adopted=basis.adopted, explain=False
            )
            election = "restricted" if plain.allowed("restricted") else "unrestricted"
            if not plain.allowed(election):
                with pytest.raises(UnfitError):
                    decided({"signed_at": at, "election": election}, facts, ZONE, answers)
                continue
            found, record = decided({"signed_at": at, "election": election}, facts, ZONE, answers)
            assert found == plain
            told = {"facts": facts, "decision": plain.to_dict()}
            assert record == json.dumps(told, sort_keys=True).encode()
    assert len(answers) < len(asked)
