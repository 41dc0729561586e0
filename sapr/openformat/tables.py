"""What an open export does with every table and column: `tables.json`, held against the models by a test."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from reports.vault.fields import SealedMixin
from reports.vault.models import NO_CASE

DATA = Path(__file__).parent / "tables.json"
# Lines of these come from the key store and from the chains of events, each in a way of its own.
TOMBSTONES, COMMITMENTS, EVENTS = "tombstones", "commitments", "reports_event"


@dataclass(frozen=True)
class Table:
    """One table of the file, with its columns by what is done with them.

    `keyed`: a column that is derived from a sealed one under a key of its system. `until`: an instant of a row; what
    is later than the cut is left out. `filled`: what stands in dropped columns after an import.
    """

    name: str
    plain: tuple[str, ...]
    sealed: tuple[str, ...] = ()
    keyed: Mapping[str, str] = field(default_factory=dict)
    derived: tuple[str, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    until: str = ""
    store: str = ""

    @cached_property
    def model(self) -> type[models.Model]:
        return next(each for each in apps.get_models() if each._meta.db_table == self.name)

    @property
    def key(self) -> str:
        """The column that rows are in the order of."""
        return self.model._meta.pk.column

    @property
    def of_case(self) -> bool:
        """Whether its rows name the case whose keys seal them; the others are sealed under keys of no case."""
        return "case_id" in self.plain

    def field(self, column: str) -> SealedMixin:
        return next(each for each in self.model._meta.concrete_fields if each.column == column)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that an import writes."""
        return (*self.plain, *self.sealed, *self.keyed, *self.filled)

    def row(self, key: UUID, case_id: UUID | None) -> Any:
        """What sealing is bound to of a row: its key and its case."""
        return SimpleNamespace(pk=key, case_id=case_id if self.of_case else NO_CASE)


@cache
def tables() -> dict[str, Table]:
    """The tables by name, in the order of the file."""
    found = {}
    for raw in json.loads(DATA.read_text(encoding="utf-8"))["tables"]:
        given = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
        name = given.pop("table")
        found[name] = Table(name, **given)
    return found


def left_out() -> dict[str, str]:
    """The tables that are in no file, and why."""
    return json.loads(DATA.read_text(encoding="utf-8"))["left_out"]
