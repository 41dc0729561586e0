"""The tables that rows draw their words from. Any number of files may carry parts of the same table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import PolicyDataError

# keys that say something about a file and belong to no table
_ABOUT = ("table", "note")


@dataclass(slots=True)
class Table:
    """One table put together from its files.

    `records`: every list of objects (`rows` above all) as (file, object) pairs. `words`: every other key.
    """

    records: dict[str, list[tuple[str, Mapping[str, Any]]]] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The rows proper, with the file each came from."""
        return self.records.get("rows", [])

    def add(self, file: str, content: Mapping[str, Any]) -> None:
        """Add one file. Lists and objects grow; a word that stands already is a PolicyDataError."""
        for key, value in content.items():
            if key in _ABOUT:
                continue
            if isinstance(value, list) and all(isinstance(each, dict) for each in value):
                self.records.setdefault(key, []).extend((file, each) for each in value)
            elif key not in self.words:
                self.words[key] = value.copy() if isinstance(value, list | dict) else value
            else:
                self._grow(file, key, value)

    def _grow(self, file: str, key: str, value: Any) -> None:
        held = self.words[key]
        if type(held) is not type(value) or not isinstance(held, list | dict):
            raise PolicyDataError(file, key, "this stands in another file already")
        for word in value:
            if word in held:
                raise PolicyDataError(file, f"{key}: {word}", "this stands in another file already")
        if isinstance(held, list):
            held.extend(value)
        else:
            held.update(value)

    def by_id(self) -> dict[str, Mapping[str, Any]]:
        """The rows by their id; PolicyDataError when one stands twice or has none."""
        found: dict[str, Mapping[str, Any]] = {}
        for file, row in self.rows:
            if not isinstance(row, dict) or not isinstance(row.get("id"), str):
                raise PolicyDataError(file, "row", "a row of a table is an object with an id")
            if row["id"] in found:
                raise PolicyDataError(file, row["id"], "this id stands twice")
            found[row["id"]] = row
        return found


def sort_documents(
    documents: Mapping[str, Any], required: Mapping[str, Iterable[str]]
) -> tuple[dict[str, Table], list[tuple[str, str, Mapping[str, Any]]]]:
    """Tables by name, and the family files as (family, file, content); PolicyDataError names a stray file."""
    tables = {name: Table() for name in required}
    families = []
    for file, content in documents.items():
        if isinstance(content, dict) and "table" in content:
            if content["table"] not in tables:
                raise PolicyDataError(file, "file", "there is no table of this name")
            tables[content["table"]].add(file, content)
        elif isinstance(content, dict) and "family" in content:
            families.append((content["family"], file, content))
        else:
            raise PolicyDataError(file, "file", "a file names its table or its family")
    for name, words in required.items():
        for word in words:
            if word not in tables[name].records and word not in tables[name].words:
                raise PolicyDataError(f"{name}.json", word, "no file of this table has it")
    return tables, families
