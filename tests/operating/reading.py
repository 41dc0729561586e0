"""What /metrics says, read as a monitor reads it."""

import re

from prometheus_client.parser import text_string_to_metric_families

# Every label there is, and what its values look like: names of ours.
LABELS = {"operation", "method", "outcome", "le", "part", "process", "state", "what"}
NAME = re.compile(r"[A-Za-z_:]{1,60}|[2-5]xx|[0-9.]{1,5}|\+Inf|")


def families(said: bytes):
    return list(text_string_to_metric_families(said.decode()))


def value(said: bytes, name: str, **labels: str) -> float:
    found = [
        each.value
        for family in families(said)
        for each in family.samples
        if each.name == name and each.labels == labels
    ]
    assert len(found) == 1, (name, labels, found)
    return found[0]


def says_nothing(said: bytes, told: list[str]) -> None:
    for family in families(said):
        for sample in family.samples:
            assert set(sample.labels) <= LABELS, sample
            assert all(NAME.fullmatch(each) for each in sample.labels.values()), sample
    assert [each for each in told if each in said.decode()] == []
