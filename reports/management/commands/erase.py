"""`manage.py erase`: destroys the keys of a case that two persons agreed to erase."""

from typing import Any

from reports.erasure.destruction import approved, case_erase, find, require_still_right
from sapr import clock
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError


class Command(PlainCommand):
    help = (
        "Destroy the keys of a case, for ever, in the key store and in every copy of it. A SARC proposed it, a "
        "programme manager approved it. Without --confirm it only says what would be destroyed."
    )

    def add_arguments(self, parser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--list", action="store_true", dest="listing", help="what is approved and not done yet"
        )
        which.add_argument("--case", help="the case's number, as on the Erasures page")
        parser.add_argument("--confirm", metavar="NUMBER", help="the same number once more: do it")
        add_json(parser)

    def handle(
        self, *args, listing: bool, case: str | None, confirm: str | None, as_json: bool, **options
    ) -> None:
        result, lines = _listed() if listing or case is None else _erased(case, confirm)
        self.tell(result, lines, as_json=as_json)


def _listed() -> tuple[dict[str, Any], list[str]]:
    rows = [
        {"case": row.number, "approved_at": row.decided_at.isoformat(), "begun": row.state == "destroying"}
        for row in approved()
    ]
    lines = [
        f"{row['case']}  approved {row['approved_at']}{'  BEGUN: finish it' if row['begun'] else ''}"
        for row in rows
    ] or ["Nothing is approved."]
    return {"approved": rows}, lines


def _erased(case: str, confirm: str | None) -> tuple[dict[str, Any], list[str]]:
    row, at = find(case), clock.now()
    if confirm is None:
        require_still_right(row, at)
        return {"case": row.number, "done": False}, [
            f"Case {row.number}: identity, account, forms and evidence numbers become unreadable for ever, here and in "
            "every backup. Counts and the record of what was done stay.",
            f"To do it, type the same with --confirm {row.number}",
        ]
    if confirm.strip().upper() != row.number:
        raise DomainError("not_confirmed", "The two numbers differ. Nothing was destroyed.", path="confirm")
    certificate = case_erase(row, at)
    return {"case": row.number, "done": True, "certificate": certificate}, [
        f"Case {row.number}: keys destroyed in the store and in {certificate['places']} place(s) that hold a copy.",
        "The certificate stands in the ledger of the case.",
    ]
