"""The rule book in numbers, and the rows that do not decide anything."""

from collections import Counter
from typing import Any

from .book import Book


def overview(book: Book) -> dict[str, Any]:
    """How many rows there are by family, layer and confidence, and which are switched off, with the reason."""
    return {
        "rules": len(book.rules),
        "families": dict(sorted(Counter(rule.family for rule in book.rules).items())),
        "layers": dict(sorted(Counter(rule.layer for rule in book.rules).items())),
        "confidence": dict(sorted(Counter(rule.confidence for rule in book.rules).items())),
        "off": [
            {
                "id": rule.id,
                "layer": rule.layer,
                "rule_set": rule.rule_set,
                "file": rule.file,
                "why": rule.note or f"confidence: {rule.confidence}",
            }
            for rule in book.rules
            if not rule.enabled
        ],
    }
