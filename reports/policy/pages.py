"""docs/rules.md: every rule with all its versions, to be read by a SARC or a lawyer."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from .book import Book
from .in_words import ladder, listed, readable
from .row_words import describe
from .rows import Rule

_HEAD = """# Rules

Every rule this system knows, with all its versions. Generated from `reports/policy/data/`: do not edit it;
`manage.py policy docs --write` writes it again, and a test fails while it is not current.

A version holds from its first to its last day, both included. *In force* means that the system decides by it; *off*
means that it is written down and decides nothing, because nobody has yet checked it against the issuance. Confidence:
*seed* is the founding page of this project, *public* a public source, *unverified* general knowledge or this
project's own choice. Sentences are in our own words; the citation says where to read the text itself.
"""


def rules_page(book: Book) -> str:
    """The whole page; the same for the same data."""
    layers = list(book.layer_names)
    families: dict[str, dict[str, list[Rule]]] = {}
    for rule in book.rules:
        families.setdefault(rule.family, {}).setdefault(rule.id, []).append(rule)
    lines = [_HEAD, *_contents(families)]
    for title, section in _SECTIONS.items():
        lines += [f"## {title}", "", *section(book), ""]
    for family, rules in families.items():
        lines += [f"## {_title(family)}", ""]
        for rule_id, versions in rules.items():
            lines += [f"### {rule_id}", ""]
            for rule in sorted(versions, key=lambda each: (each.valid_from, layers.index(each.layer))):
                lines += _version(rule, book)
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _title(family: str) -> str:
    title = readable(family)
    return title[:1].upper() + title[1:]


def _anchor(title: str) -> str:
    """The anchor that a heading gets where Markdown is shown."""
    return "".join(each for each in title.lower().replace(" ", "-") if each.isalnum() or each in "-_")


def _contents(families: dict[str, dict[str, list[Rule]]]) -> Iterator[str]:
    yield "## Contents"
    yield ""
    for title in _SECTIONS:
        yield f"- [{title}](#{_anchor(title)})"
    for family, rules in families.items():
        ids = ", ".join(f"[{rule_id}](#{_anchor(rule_id)})" for rule_id in rules)
        yield f"- [{_title(family)}](#{_anchor(_title(family))}): {ids}"
    yield ""


def _table(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]


def _rule_sets(book: Book) -> Iterator[str]:
    yield from _table("rule set", "from", "what it brought", "sources", "confidence")
    for row in book.rule_sets.values():
        note = f" {row['note']}" if row.get("note") else ""
        start = row["effective_from"] if row["by_date"] else "no date"
        sources = ", ".join(row["sources"])
        yield f"| {row['id']} | {start} | {_cell(row['sentence'] + note)} | {sources} | {row['confidence']} |"


def _layers(book: Book) -> Iterator[str]:
    yield from _table("layer", "what it holds", "rows")
    for layer, sentence in book.layer_names.items():
        yield f"| {layer} | {_cell(sentence)} | {sum(rule.layer == layer for rule in book.rules)} |"


def _doubtful(book: Book) -> Iterator[str]:
    yield from _table("rule", "layer, rule set", "state", "why")
    for rule in book.rules:
        if not rule.enabled or rule.confidence == "unverified":
            why = " ".join(filter(None, (rule.enabled_because, rule.note)))
            state = "on" if rule.enabled else "off"
            yield f"| {_link(rule)} | {rule.layer}, {rule.rule_set} | {state} | {_cell(why)} |"


def _contradictions(book: Book) -> Iterator[str]:
    yield from _table("number", "about", "what is said", "settled so", "rules")
    for number, row in book.contradictions.items():
        rules = ", ".join(f"[{rule}](#{_anchor(rule)})" for rule in row["rules"])
        positions = _cell(" ".join(row["positions"]))
        yield f"| {number} | {row['topic']} | {positions} | {_cell(row['resolved'])} | {rules} |"


def _reminders(book: Book) -> Iterator[str]:
    yield "Who is reminded before a duty is due, and who is told when it was missed; a duty names one of these."
    yield ""
    for name, steps in book.vocabulary.get("ladders", {}).items():
        yield f"- {readable(name)}: {ladder(steps)}."


def _working_days(book: Book) -> Iterator[str]:
    for calendar in book.vocabulary.get("calendars", {}).values():
        weekend = listed(each.capitalize() for each in calendar["weekend"])
        off = ", ".join(
            f"{each['name']} (from {each['valid_from']})" for each in calendar["holidays"].values()
        )
        yield f"- {calendar['name']} ({calendar['authority']}): every day but {weekend}, and {off}."


_SECTIONS: dict[str, Callable[[Book], Iterator[str]]] = {
    "Rule sets": _rule_sets,
    "Layers": _layers,
    "Off or unsure": _doubtful,
    "Where sources disagree": _contradictions,
    "Reminders": _reminders,
    "Working days": _working_days,
}


def _link(rule: Rule) -> str:
    return f"[{rule.id}](#{_anchor(rule.id)})"


def _cell(text: str) -> str:
    return text.replace("|", "/")


def _version(rule: Rule, book: Book) -> Iterator[str]:
    last = f"to {rule.valid_to - timedelta(days=1)}" if rule.valid_to else "with no end"
    state = "in force" if rule.enabled else "off"
    yield f"- **{rule.valid_from} {last}**, {rule.layer}, {rule.rule_set}, {rule.confidence}, {state}. {rule.sentence}"
    chosen = "" if rule.selected_by == "none" else f" Chosen by: {readable(rule.selected_by)}."
    yield f"  - Authority: {rule.authority}.{chosen}"
    yield f"  - Read in: {_sources(rule.sources, book)}."
    for line in describe(rule, book):
        yield f"  - {line}"
    if rule.replaces:
        yield f"  - Stands in for: {', '.join(rule.replaces)}."
    if rule.yields_to:
        yield f"  - No longer stands where a Service has adopted: {', '.join(sorted(rule.yields_to))}."
    if rule.enabled_because:
        yield f"  - On because: {rule.enabled_because}"
    if rule.note:
        yield f"  - Note: {rule.note}"


def _sources(codes: Iterable[str], book: Book) -> str:
    return "; ".join(f"{code}, {book.sources[code]['title']}" for code in codes)
