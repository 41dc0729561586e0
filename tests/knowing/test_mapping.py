"""Whatever can make something known is mapped as data, and the map names only words and rules that there are."""

import json
from datetime import date

import pytest
from django.apps import apps

from reports import policy
from reports.ledger.kinds import EventKind
from reports.vault.services import PURPOSES, sealed_fields
from sapr.desk import timeline
from sapr.knowing import reading
from sapr.knowing.deriving import SPINE
from sapr.knowing.reading import Grant, book


def grants() -> list[Grant]:
    of_kinds = [each for kind in book().kinds.values() for way in kind.passes for each in way.by]
    return [each for each in of_kinds if isinstance(each, Grant)] + [
        each for wanted in book().purposes.values() for each in wanted
    ]


def test_a_kind_of_event_that_is_neither_mapped_nor_silent_is_refused(tmp_path, monkeypatch) -> None:
    assert set(book().kinds) == set(EventKind.values)
    raw = json.loads(reading.DATA.read_text())
    for spoil in (
        lambda: raw["kinds"].pop("leak_found"),
        lambda: raw["kinds"].update(leak_found={"group": "confidence"}),
        lambda: raw["kinds"].update(leak_found=raw["kinds"]["leak_handed_on"] | {"silent": "nothing_told"}),
        lambda: raw["kinds"]["leak_found"].update(silent="because", passes=[]),
    ):
        spoil()
        broken = tmp_path / "kinds.json"
        broken.write_text(json.dumps(raw))
        monkeypatch.setattr(reading, "DATA", broken)
        with pytest.raises(ValueError, match="knowledge"):
            reading.book.__wrapped__()


def test_every_sealed_column_and_every_purpose_of_opening_one_is_mapped() -> None:
    columns = {
        field.label
        for model in apps.get_models()
        if model._meta.managed
        for field in sealed_fields(model).values()
    }
    assert len(columns) > 20
    for label in columns:
        assert book().fields_of(label), label
    assert set(book().purposes) == set(PURPOSES)
    notices = {field for kind in NOTICES for field in policy.notice_spec(kind).fields}
    assert notices == set(book().notice_fields)


NOTICES = ("commander_notice_details", "mcio_notice", "unit_commander_notice")


def test_every_rule_that_the_map_names_is_a_rule_and_every_grant_is_granted() -> None:
    for kind in book().kinds.values():
        for way in kind.passes:
            assert way.by, kind
            for rule in way.by:
                if isinstance(rule, str) and rule != "purpose" and not rule.startswith("@"):
                    assert policy.rule(rule).sentence
                assert not (isinstance(rule, Grant) and way.to in ("body", "post", "said")), way
    rows = policy.access_rules(date.max)
    for each in grants():
        assert each.scope in {grant.scope for grant in rows.grants(each.verb, each.object)}, each


def test_the_timeline_can_show_every_kind_and_the_spine_is_of_cases() -> None:
    shown = {kind for group in timeline.CHOICES for kind in book().grouped(group)}
    assert set(EventKind.values) - shown == set(book().grouped("system"))
    assert shown >= timeline.BOOKKEEPING
    assert set(SPINE) <= shown
