"""From a directory of data files to a policy that can answer."""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from .book import Book
from .duties import DutyTable
from .eligibility import EligibilityTable
from .errors import PolicyDataError
from .forms import FormTable
from .notices import NoticeTable


class Policy:
    """A checked book and the tables compiled from it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.eligibility = EligibilityTable(book)
        self.duties = DutyTable(book)
        self.notices = NoticeTable(book)
        self.forms = FormTable(book)


def read_directory(directory: Any) -> dict[str, Any]:
    """The JSON files of a directory (a Path or a package resource), by file name."""
    documents = {}
    for entry in sorted(directory.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".json"):
            try:
                documents[entry.name] = json.loads(entry.read_text(encoding="utf-8"))
            except ValueError as error:
                raise PolicyDataError(entry.name, "file", f"not JSON: {error}") from None
    return documents


def load_policy(directory: Any) -> Policy:
    """A Policy from a directory; PolicyDataError names file and row of the first fault."""
    return Policy(Book(read_directory(directory)))


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy shipped with the package, loaded once."""
    return load_policy(files(__package__) / "data")
