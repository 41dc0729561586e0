"""`manage.py import_legacy`: the cases of an earlier system, from a CSV or JSON Lines file (docs/import.md)."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from reports.legacy.problems import CODES
from reports.legacy.running import ROWS
from reports.legacy.services import TOLD_ERRORS, Summary, legacy_import
from sapr.commands import PlainCommand, add_json
from sapr.errors import DomainError


class Command(PlainCommand):
    help = (
        "Enter the cases of an earlier system. Rows that are wrong are told by line and code and left out; typed "
        "again it goes on, and enters nothing twice. Nobody is told anything. Try it with --dry-run first."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="its name ends in .csv or .jsonl")
        parser.add_argument(
            "--cutover", required=True, help="until when the earlier system was the record: 2026-01-01T00:00Z"
        )
        parser.add_argument("--source", default="earlier", help="the earlier system in one word (earlier)")
        parser.add_argument("--dry-run", action="store_true", help="check every row and write nothing")
        parser.add_argument("--processes", type=int, choices=range(1, 9), help="how many work at once")
        add_json(parser)

    def handle(
        self, *args, file: Path, cutover: str, source: str, dry_run: bool, processes: int | None, as_json: bool,
        **options,
    ) -> None:  # fmt: skip
        summary = legacy_import(
            path=file,
            cutover=_instant(cutover),
            source=source,
            dry_run=dry_run,
            processes=processes,
            tick=self._tick,
        )
        if sys.stderr.isatty():
            self.stderr.write("")
        self.tell(summary.to_dict(), _lines(summary), as_json=as_json)
        if summary.refused:
            sys.exit(1)

    def _tick(self, summary: Summary) -> None:
        """One line that is written over on a screen; in a log one for each ten thousand rows."""
        line = (
            f"{summary.rows + summary.skipped:,} rows: {summary.imported:,} new, {summary.already:,} there already,"
            f" {summary.refused:,} wrong"
        )
        if sys.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="")
        elif summary.rows % 10_000 < ROWS:
            self.stderr.write(line)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        raise DomainError("bad_date", "Write the cut-over as 2026-01-01T00:00Z.", path="cutover") from None


def _lines(summary: Summary) -> list[str]:
    would = "would be " if summary.dry_run else ""
    lines = [f"{summary.imported:>9,} rows {would}imported"]
    if summary.skipped:
        lines.append(f"{summary.skipped:>9,} rows were dealt with before it was broken off")
    lines += [
        f"{summary.already:>9,} rows are cases already",
        f"{summary.refused:>9,} rows are wrong and {would or 'were '}left out".replace("were left", "left"),
        "Duties still due after the cut-over, which " + ("would open:" if summary.dry_run else "opened:"),
        *(f"{count:>9,} {kind.replace('_', ' ')}" for kind, count in sorted(summary.opened.items())),
    ]
    if not summary.opened:
        lines.append("     none")
    for code, count in sorted(summary.codes.items()):
        lines.append(f"{count:>9,} {code}: {CODES[code]}")
    lines += [
        f"line {line}: {code}{f' ({column})' if column else ''}" for line, code, column in summary.errors
    ]
    if sum(summary.codes.values()) > TOLD_ERRORS:
        lines.append(f"(the first {TOLD_ERRORS:,})")
    if summary.dry_run:
        lines.append("Nothing was written.")
    return lines
