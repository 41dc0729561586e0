"""What the management commands share: a refusal is one sentence and exit code 1, a result may be JSON."""

import json
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sapr.logs import failure
from sapr.problems import as_refusal

NO_DATABASE = "The database does not answer. Start it with ./run, or check the *_DATABASE_URL variables."
REFUSED_BY_DATABASE = "The database refused this step; nothing was changed"
FAILED = "This command failed; tell whoever maintains the system"


class PlainCommand(BaseCommand):
    """A command that ends in a sentence, never in a traceback; with `--json` the result is one JSON document.

    A subclass writes its result with `tell()`; everything else it says belongs on standard error.
    """

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            raise CommandError("Interrupted.", returncode=130) from None
        except CommandError:
            raise
        except (psycopg.Error, DatabaseError) as error:
            # Their texts may hold values or addresses: only the kind of failure is said.
            lost = isinstance(error, psycopg.OperationalError) or isinstance(
                error.__cause__, psycopg.OperationalError
            )
            raise CommandError(NO_DATABASE if lost else _said(REFUSED_BY_DATABASE, error)) from None
        except Exception as error:
            refusal = as_refusal(error)
            raise CommandError(refusal.message if refusal else _said(FAILED, error)) from None

    def tell(self, result: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
        """Print the result: the JSON document, or the lines that people read."""
        self.stdout.write(json.dumps(result, ensure_ascii=False) if as_json else "\n".join(lines))


def _said(sentence: str, error: Exception) -> str:
    """The sentence with the error's type, code and place: its own text may hold what was told in confidence."""
    told = ", ".join(f"{name} {value}" for name, value in failure(error).items())
    return f"{sentence} ({told})."


def add_json(parser) -> None:
    """The `--json` that every command with a result takes."""
    parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON document")
