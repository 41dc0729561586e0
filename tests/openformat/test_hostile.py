"""A file that is not what it says is refused whole: by number and code, never by content; nothing of it is kept."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest

from reports.vault.rewrap import store_locked
from sapr.errors import DomainError
from sapr.openformat import arriving, leaving
from sapr.openformat.lines import MOST_TOLD, ImportRefusedError, Lines
from sapr.operating import upkeep
from tests.world import CANARIES


def table_of(line: bytes) -> str:
    found = json.loads(line)
    return found.get("table") or {"manifest": "", "event": "reports_event"}[found["line"]]


def forged(lines: list[bytes]) -> list[bytes]:
    """The lines under a manifest that fits them."""
    head = json.loads(lines[0])
    for each in head["tables"]:
        own = [line for line in lines[1:] if table_of(line) == each["table"]]
        each |= {"lines": len(own), "sha256": sha256(b"".join(own)).hexdigest()}
    return [json.dumps(head).encode() + b"\n", *lines[1:]]


def edited(line: bytes, **row) -> bytes:
    found = json.loads(line)
    found["row"] |= row
    return json.dumps(found, ensure_ascii=False).encode() + b"\n"


def first(lines: list[bytes], table: str) -> int:
    return next(at for at, line in enumerate(lines) if table_of(line) == table)


def codes(refused) -> set[str]:
    return {each["code"] for each in refused.value.wrong}


def read(lines: list[bytes]) -> Lines:
    reader = Lines("rehearsal", lambda _table, _batch: None, 500)
    for line in lines:
        reader.write(line)
    reader.end()
    return reader


def test_lines_are_told_by_number_and_code(made) -> None:
    """Without a database: what a line or the first line says wrongly about the file."""
    good = made.lines
    assert read(good).number == len(good)
    case = first(good, "reports_case")
    event = first(good, "reports_event")
    # Not the first one there is: that may be the erased person's, whose cells are empty.
    named = next(
        at for at, line in enumerate(good)
        if table_of(line) == "reports_identity" and CANARIES["name"].encode() in line
    )  # fmt: skip
    broken = {
        "not_json": (case, b"{\n"),
        "wrong_columns": (case, edited(good[case], more=1)),
        "wrong_order": (case, good[named]),
        "wrong_shape": (case, good[case].replace(b'"row": {', b'"rows": {', 1)),
        "wrong_sealed": (
            named,
            good[named].replace(CANARIES["name"].encode(), b'"', 1).replace(b'"""', b"7", 1),
        ),
        "wrong_hash": (event, good[event].replace(b'"kind"', b'"kinb"', 1)),
        "wrong_event": (event, b'{"line": "event"}\n'),
    }
    for code, (at, line) in broken.items():
        with pytest.raises(ImportRefusedError) as refused:
            read([*good[:at], line, *good[at + 1 :]])
        assert {"line": at + 1, "code": code, "table": table_of(good[at])} in refused.value.wrong, code
        assert not any(value in str(refused.value.wrong) for value in CANARIES.values())
    head = json.loads(good[0])
    heads = {
        "wrong_format": head | {"format": "sapr-open/0"},
        "wrong_schema": head | {"schema": "0" * 64},
        "other_kind": head | {"kind": "real"},
        "wrong_manifest": head | {"tables": head["tables"][1:]},
    }
    for code, changed in heads.items():
        with pytest.raises(ImportRefusedError) as refused:
            read([json.dumps(changed).encode() + b"\n"])
        assert codes(refused) == {code}
    for code, lines in {
        "lines_missing": good[:-1],
        "line_too_many": [*good, good[-1]],
        "wrong_digest": [*good[:case], good[case].replace(b'": ', b'":  ', 1), *good[case + 1 :]],
        "cut_off": [*good[:-1], good[-1][:-1]],
        "no_manifest": [],
    }.items():
        with pytest.raises(ImportRefusedError) as refused:
            read(lines)
        assert code in codes(refused)
    with pytest.raises(ImportRefusedError) as refused:
        read([good[0], b"x" * 9_000_000])
    assert codes(refused) == {"line_too_long"}
    noise = [good[0], *(b"{\n" for _ in good[1:])]
    with pytest.raises(ImportRefusedError) as refused:
        read(noise)
    assert len(refused.value.wrong) == MOST_TOLD


def test_what_the_database_or_the_ledger_refuses_leaves_nothing(made, empty) -> None:
    """CHECKs, keys, references and chains hold while triggers are off; then nothing stands in either database."""

    def refusal(name: str, change) -> ImportRefusedError:
        with pytest.raises(ImportRefusedError) as found:
            made.imported(made.changed(name, change))
        return found.value

    wrong: set[int] = set()

    def rows(lines: list[bytes]) -> list[bytes]:
        report, case, user = (
            first(lines, each) for each in ("reports_report", "reports_case", "accounts_user")
        )
        stone, erased = first(lines, "tombstones"), str(made.erased.pk)
        dead = next(
            at for at, line in enumerate(lines)
            if table_of(line) == "reports_identity" and json.loads(line)["row"]["case_id"] == erased
        )  # fmt: skip
        told = json.loads(lines[dead])
        told["sealed"]["name"] = CANARIES["name"]
        changed = list(lines)
        changed[report] = edited(lines[report], election="neither")
        changed[case] = edited(lines[case], id="no id")
        changed[user + 1] = edited(lines[user + 1], id=json.loads(lines[user])["row"]["id"])
        changed[stone] = edited(lines[stone], destroyed_at="yesterday")
        changed[dead] = json.dumps(told).encode() + b"\n"
        wrong.update({report + 1, case + 1, user + 2, stone + 1, dead + 1})
        return forged(changed)

    found = refusal("rows.age", rows)
    assert wrong <= {each["line"] for each in found.wrong}
    assert {each["code"] for each in found.wrong} == {"refused", "wrong_value", "wrong_erased"}
    named = {each.get("constraint", "") for each in found.wrong}
    assert "accounts_user_pkey" in named
    assert any(each.startswith("reports_report_") for each in named)
    assert not any(value in str(found.wrong) for value in CANARIES.values())

    def without_an_event(lines: list[bytes]) -> list[bytes]:
        at = first(lines, "reports_event")
        return forged([*lines[: at + 1], *lines[at + 2 :]])

    assert {each["code"] for each in refusal("event.age", without_an_event).wrong} == {"ledger_broken"}

    def without_a_post(lines: list[bytes]) -> list[bytes]:
        notice = json.loads(lines[first(lines, "notifications_notice")])["row"]["post_id"]
        return forged(
            [edited(line, post_id=str(uuid4())) if _is_at(line, notice) else line for line in lines]
        )

    assert {each["code"] for each in refusal("post.age", without_a_post).wrong} == {"missing_reference"}

    def in_other_words(lines: list[bytes]) -> list[bytes]:
        at = first(lines, "accounts_location")
        return forged([*lines[:at], lines[at].replace(b'"name": ', b'"name":  ', 1), *lines[at + 1 :]])

    assert {each["code"] for each in refusal("words.age", in_other_words).wrong} == {"not_the_same_again"}
    short = made.folder / "short.age"
    short.write_bytes(made.file.read_bytes()[:-20])
    with pytest.raises(DomainError) as cut_off:
        made.imported(short)
    assert cut_off.value.code == "not_for_this_key"
    with leaving.as_admin(), store_locked() as store:
        arriving._require_empty(store)
        assert not upkeep.on_hold()


def _is_at(line: bytes, post: str) -> bool:
    return table_of(line) == "notifications_notice" and json.loads(line)["row"]["post_id"] == post
