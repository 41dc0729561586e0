"""From a directory of data files to a policy that can answer."""

import json
import os
from functools import lru_cache
from typing import Any

from .book import Book
from .duties import DutyTable
from .eligibility import EligibilityTable
from .errors import PolicyDataError
from .forms import FormTable
from .notices import NoticeTable

# not importlib.resources: importing that alone takes a fifth of the time the package has to load
DATA = os.path.join(os.path.dirname(__file__), "data")


class Policy:
    """A checked book and the tables compiled from it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.eligibility = EligibilityTable(book)
        self.duties = DutyTable(book)
        self.notices = NoticeTable(book)
        self.forms = FormTable(book)


def read_directory(directory: str | os.PathLike[str]) -> dict[str, Any]:
    """The JSON files of a directory, by file name."""
    documents = {}
    for name in sorted(os.listdir(directory)):
        if name.endswith(".json"):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                try:
                    documents[name] = json.load(file)
                except ValueError as error:
                    raise PolicyDataError(name, "file", f"not JSON: {error}") from None
    return documents


def load_policy(directory: str | os.PathLike[str]) -> Policy:
    """A Policy from a directory; PolicyDataError names file and row of the first fault."""
    return Policy(Book(read_directory(directory)))


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy shipped with the package, loaded once."""
    return load_policy(DATA)
