"""What the attacks have in common: what is done to the scene, and what the verifier must say."""

# ruff: noqa: S608  statements are put together from the words of the tests

from uuid import uuid4

from reports.ledger import verifier
from tests.ledger.inspecting import export, verified


def first_bad(scene, tmp_path, case_id=None) -> dict:
    told = verified(export(tmp_path / f"{uuid4()}.jsonl", case_id))
    assert not told["ok"]
    return told["bad"][0]


def at(case, seq: int) -> dict:
    return {"case": str(case.pk), "seq": seq}


def names(bad: dict, expected: dict, why: str) -> None:
    assert {name: bad.get(name) for name in expected} == expected
    assert why in bad["why"]


def edit(scene) -> None:
    scene.attacker.change(
        "UPDATE reports_event SET kind = 'kit_to_mcio' WHERE case_id = %s AND seq = 3", scene.case.pk
    )


def delete(scene, which: str) -> None:
    scene.attacker.change(f"DELETE FROM reports_event WHERE case_id = %s AND {which}", scene.case.pk)


def hold(tmp_path, signed):
    """The checkpoint as a file that lies elsewhere."""
    path = tmp_path / "held.json"
    path.write_text(signed.text)
    return path


def spelled(line: dict) -> bytes:
    return f"{verifier.dump(line)}\n".encode()
