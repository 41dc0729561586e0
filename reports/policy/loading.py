"""From directories of data files to a policy that can answer."""

import json
import os
from typing import Any

from .access import AccessTable
from .book import Book
from .duties import DutyTable
from .eligibility import EligibilityTable
from .errors import PolicyDataError
from .forms import FormTable
from .lateness import LatenessTable
from .notices import NoticeTable
from .outside import OutsideTable
from .papers import PaperTable
from .retention import RetentionTable
from .rulings import RulingTable
from .visibility import VisibilityTable

# not importlib.resources: importing that alone takes a fifth of the time the package has to load
DATA = os.path.join(os.path.dirname(__file__), "data")


class Policy:
    """A checked book and the tables compiled from it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.eligibility = EligibilityTable(book)
        self.retention = RetentionTable(book)
        self.duties = DutyTable(book, self.retention)
        self.notices = NoticeTable(book)
        self.lateness = LatenessTable(book, self.duties)
        self.outside = OutsideTable(book)
        self.forms = FormTable(book)
        self.papers = PaperTable(book)
        self.rulings = RulingTable(book)
        self.visibility = VisibilityTable(book)
        self.access = AccessTable(book)


def read_directory(directory: str | os.PathLike[str]) -> dict[str, Any]:
    """The JSON files of a directory, by file name; PolicyDataError when it has none or one cannot be read."""
    documents = {}
    try:
        names = sorted(name for name in os.listdir(directory) if name.endswith(".json"))
        for name in names:
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                documents[name] = json.load(file)
    except OSError as error:
        raise PolicyDataError(str(directory), "directory", f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise PolicyDataError(name, "file", f"not JSON: {error}") from None
    if not documents:
        raise PolicyDataError(str(directory), "directory", "holds no *.json file")
    return documents


def load_policy(*directories: str | os.PathLike[str]) -> Policy:
    """A Policy from one directory or several laid together; PolicyDataError names the first fault.

    The files of a later directory are named with it, so that an error tells `rules/extra.json` from the
    shipped `extra.json`.
    """
    documents = read_directory(directories[0])
    for directory in directories[1:]:
        folder = os.path.basename(os.path.normpath(directory))
        for name, content in read_directory(directory).items():
            if f"{folder}/{name}" in documents:
                raise PolicyDataError(f"{folder}/{name}", "file", "two directories have this name")
            documents[f"{folder}/{name}"] = content
    return Policy(Book(documents))


class _Current:
    """The policy that the package's functions answer from."""

    policy: Policy | None = None


def default_policy() -> Policy:
    """The policy in use: the shipped one, loaded when first asked for, unless `use` has named another."""
    if _Current.policy is None:
        _Current.policy = load_policy(DATA)
    return _Current.policy


def use(*directories: str | os.PathLike[str]) -> None:
    """Answer from these directories from now on; the old policy stays when they hold a fault."""
    _Current.policy = load_policy(*directories)
