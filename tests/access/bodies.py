"""What operations and services are asked with: of the right shape, so that what follows is the door's decision."""

import json
from typing import Any

from tests.api.test_every_route import ROUTES
from tests.world import MEMBER

BY_ROUTE = {(route.method, route.path.split("?")[0]): route.body for route in ROUTES}


def body_of(scene: Any, method: str, path: str) -> bytes | None:
    """The body as bytes; None for an operation that takes none."""
    if method == "GET":
        return None
    made = BY_ROUTE[method, path](scene)
    return b"" if made is None else json.dumps(made).encode()


def arguments(name: str, scene: Any, row: Any, at: Any) -> dict[str, Any]:
    """What a service is called with in the matrix: enough to get past the door, not more."""
    case = {"case_id": scene.case.pk}
    paper = scene.world.paper(scene.case, "restricted", at)
    signed = {key: paper[key] for key in paper if key.endswith(("_signature", "_signed_at"))}
    of = {
        "va_assign": case | {"va": scene.world.other_va, "at": at},
        "step_record": case | {"kind": "vwap_explained", "at": at},
        "counts_by_option": {"at": at},
        "contact_open": {"at": at},
        "contact_complete": case | {"at": at, "identity": {}, "narrative": {"text": "More."}},
        "contact_walk_away": case | {"at": at},
        "options_decide": case | {"facts": MEMBER, "at": at},
        "report_sign": paper,
        "report_convert": case | signed,
        "kit_number_issue": case | {"at": at},
        "kit_seal": case | {"number": scene.number, "at": at},
        "kit_hand_to_mcio": case | {"number": scene.number, "at": at},
        "change_propose": {"profile": "dated", "at": at},
        "change_approve": {"change_id": scene.case.pk, "at": at},
        "change_refuse": {"change_id": scene.case.pk, "at": at},
        "change_withdraw": {"change_id": scene.case.pk, "at": at},
        "break_glass_ask": {"case": scene.case.number, "reason": "Invented.", "at": at},
        "hold_place": case | {"reason": "appeal", "at": at},
        "hold_lift": case | {"hold_id": scene.rows["hold"][0].pk, "at": at},
        "erasure_propose": case | {"at": at},
        "looked": {"kind": "person"},
        "annual_counts": {"fy": 2026, "at": at},
        "_stopped": {},
    }
    by_row = {
        "notice_release": {"minimal": True, "bytes_seen": "", "at": at},
        "inbox_open": {"at": at},
        "inbox_acknowledge": {"at": at},
        "break_glass_decide": {"approve": True, "at": at},
        "break_glass_end": {"at": at},
        "erasure_withdraw": case | {"at": at},
        "erasure_approve": {"at": at},
        "erasure_refuse": {"at": at},
    }
    short = name.rpartition(".")[2]
    if short in of:
        return of[short]
    named = {
        "notice": "notice_id", "inbox": "item_id", "break": "request_id", "hold": "hold_id", "erasure": "erasure_id",
    }[short.partition("_")[0]]  # fmt: skip
    return by_row[short] | {named: row.pk}
