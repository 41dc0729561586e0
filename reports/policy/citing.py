"""Citations of rows, and answers as plain JSON values."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from .decision import Citation
from .rows import Rule


def cite(rule: Rule) -> Citation:
    """The citation of a row."""
    return Citation(rule.id, rule.rule_set, rule.authority, rule.sources, rule.confidence)


def plain(answer: Any) -> Any:
    """A dataclass, a named tuple or a value inside one as JSON values; dates in ISO form."""
    if hasattr(answer, "__dataclass_fields__"):
        return {field.name: plain(getattr(answer, field.name)) for field in fields(answer)}
    if hasattr(answer, "_asdict"):
        return {key: plain(value) for key, value in answer._asdict().items()}
    if isinstance(answer, Mapping):
        return {key: plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain(each) for each in answer]
    return answer.isoformat() if isinstance(answer, date) else answer
