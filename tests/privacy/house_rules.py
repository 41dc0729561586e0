"""Rules of the house that a machine can read off the source. Each message names the right way.

A place that has to break a rule is listed beside it, with the reason; a listed place that no longer does is red too.
"""

import ast
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("sapr", "accounts", "reports", "notifications")
Find = Callable[[ast.AST], bool]


@lru_cache
def sources() -> dict[str, ast.Module]:
    """Every module of the product (not tests, not migrations), parsed once."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = ast.parse(path.read_text(encoding="utf-8"))
    return found


@lru_cache
def nodes() -> list[tuple[str, ast.AST]]:
    """What rules look at, with its file: walking all trees takes longer than all rules together."""
    kinds = (ast.Call, ast.Import, ast.ImportFrom, ast.Attribute)
    return [
        (path, node) for path, tree in sources().items() for node in ast.walk(tree) if isinstance(node, kinds)
    ]


def name_of(node: ast.AST) -> str:
    """`a.b.c` for a chain of names and attributes; '' in place of what is computed."""
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def called(*endings: str) -> Find:
    """A call of something whose name ends so."""

    def find(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        name = f".{name_of(node.func)}" if name_of(node.func) else f".{getattr(node.func, 'attr', '')}"
        return any(name.endswith(f".{ending}") for ending in endings)

    return find


def imported(*names: str) -> Find:
    """An import of a module or of a name from one."""

    def find(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return any(each.name.startswith(names) for each in node.names)
        if isinstance(node, ast.ImportFrom):
            return any(f"{node.module}.{each.name}".startswith(names) for each in node.names)
        return False

    return find


def logged_with_values(node: ast.AST) -> bool:
    """A log call whose message is computed, or that fills values into it."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr not in ("debug", "info", "warning", "error", "exception", "critical", "log"):
        return False
    logger = ast.unparse(node.func.value)
    if not (logger in ("log", "logger", "logging") or "getLogger" in logger):
        return False
    return len(node.args) != 1 or not isinstance(node.args[0], ast.Constant)


def sent_with_content(node: ast.AST) -> bool:
    """A task sent with anything but its name, ids and instants."""
    if not called("delay", "apply_async", "send_task", "wake")(node) or name_of(node.func) == "delay":
        return False
    given = [*node.args[1:], *(each.value for each in node.keywords if each.arg in ("args", "kwargs"))]
    return any("pk" not in ast.unparse(each) and "isoformat" not in ast.unparse(each) for each in given)


def unbound_sql(node: ast.AST) -> bool:
    """A statement put together from pieces where psycopg's `sql` does not quote them."""
    if (
        not called("cursor.execute", "connection.execute", "database.execute", "extra", "RawSQL")(node)
        or not node.args
    ):
        return False
    return isinstance(node.args[0], ast.JoinedStr) or (
        isinstance(node.args[0], ast.BinOp) and isinstance(node.args[0].op, ast.Mod | ast.Add)
    )


# what → (how it is found, where it may stand and why, the right way)
RULES: dict[str, tuple[Find, dict[str, str], str]] = {
    "encryption outside the vault": (
        imported("cryptography", "fernet_fields", "hashlib.scrypt", "nacl"),
        {
            "reports/vault/": "the vault itself",
            "reports/ledger/checkpoints.py": "Ed25519: checkpoints are signed, nothing is sealed",
            "accounts/keys.py": "factors' secrets and keyed digests of names and cards; the secret key file's own keys",
            "notifications/outside/models.py": "what webhooks are signed with: no case's own, under a key of its own",
            "accounts/factors/services.py": "names of the errors that a wrong factor raises",
        },
        "Seal by a SealedTextField; open by vault.services.open_sealed.",
    ),
    "opening a seal past the event": (
        lambda node: (
            called("open")(node)
            and isinstance(node.func, ast.Attribute)
            and len(node.args) == 2
            and name_of(node.func) != "os.open"
            and not isinstance(node.args[0], ast.Constant)
        ),
        {"reports/vault/": "the vault itself"},
        "vault.services.open_sealed names viewer and purpose and leaves an event.",
    ),
    "asking for the time": (
        called(
            "datetime.now",
            "datetime.utcnow",
            "datetime.today",
            "date.today",
            "timezone.now",
            "time.time",
            "timezone.localtime",
            "localdate",
        ),
        {},
        "Time is an argument `at`; at a door it is sapr.clock.now().",
    ),
    "bulk writing": (
        called("bulk_update", "bulk_create"),
        {
            "reports/vault/keys.py": "keys, not sealed columns",
            "reports/vault/people.py": "masked digests, not sealed columns",
            "reports/casework/cmg/attendance.py": "who came holds no sealed column",
            "notifications/": "reminders and strength tables hold no sealed column",
        },
        "A sealed column is written by save(); bulk_update would write a repr().",
    ),
    "logging with values": (
        logged_with_values,
        {"reports/vault/fields.py": "one of two constant words, named by the caller"},
        "One constant word, ids in extra={'fields': {'id': …}} (sapr.logs).",
    ),
    "printing": (
        called("print"),
        {"reports/ledger/verifier.py": "runs alone at an inspector's, with the standard library only"},
        "Results by PlainCommand.tell(), events by the sapr logger.",
    ),
    "task with content": (
        sent_with_content,
        {},
        "A task is a name; at most an id or an instant. What is due is found by query.",
    ),
    "HTML marked as safe": (
        lambda node: (
            called("mark_safe", "format_html", "SafeString", "SafeText")(node)
            or imported("django.utils.safestring", "django.utils.html.format_html")(node)
        ),
        {"sapr/templatetags/desk.py": "an instant in three spellings, made by strftime"},
        "Templates escape; put markup there.",
    ),
    "sealing or opening under a key at hand": (
        called("open_under", "seal_under"),
        {
            "reports/vault/fields.py": "what `open` and `seal` do once they have the key",
            "sapr/openformat/writing.py": "an open export: each case's chain said before that it leaves",
            "sapr/openformat/loading.py": "its way into an empty system, under new keys",
        },
        "Seal by a SealedTextField; open by vault.services.open_sealed.",
    ),
    "statement from pieces": (unbound_sql, {}, "Parameters as a list; names by psycopg.sql.Identifier."),
    "message with a traceback": (
        lambda node: imported("traceback")(node) or called("print_exc", "format_exc")(node),
        {},
        "sapr.logs.failure(error) gives type and place.",
    ),
    "mail to administrators": (
        called("mail_admins", "mail_managers"),
        {},
        "Errors are logged with a number; mail says only: sign in.",
    ),
    "work hung on a commit": (
        called("on_commit"),
        {
            "reports/vault/people.py": "the key store is another database; a case that a crash leaves out is found "
            "once its number is sealed again",
            "reports/election/drafts/ending.py": "the key store is another database; the row that asks for it stands, "
            "and the next look at a draft finds it",
        },
        "Write a row in the same transaction: a crash between commit and callback loses the callback.",
    ),
    "own log handler": (
        called("basicConfig", "StreamHandler", "FileHandler", "addHandler"),
        {},
        "settings.LOGGING has the one handler, with our formatter.",
    ),
    "pickled things": (imported("pickle", "shelve", "marshal"), {}, "JSON."),
}
