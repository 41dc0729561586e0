"""The operations of every size: SAPR's, the plain app's, and the floor's, all asked in turn."""

import json
from contextlib import ExitStack, closing
from typing import Any

from bench.load.ground import Ground
from bench.load.measuring import module, served
from bench.mixes.asking import AT_ONCE, TIMES, WARM, Work, each_in_turn, once_each, request, timed
from bench.mixes.floor import Floor
from bench.plain.filling import body
from bench.plain.serving import Plain
from launcher.contract import Stage

PURPOSE = {"purpose": "case_work"}
Seconds = dict[str, dict[str, dict[str, list[float]]]]


def measured(
    here: Ground, stages: dict[str, Stage], *, warm: int = WARM, times: int = TIMES, sizes_of_plain: int = 0
) -> Seconds:
    """By size and operation the seconds of each time, alone and by eight at once.

    `sizes_of_plain`: rows of the plain app, where it shall not have as many as there are reports.
    """
    needed = warm + times + times // AT_ONCE * AT_ONCE
    works: dict[str, Work] = {}
    with ExitStack() as stack:
        for size, stage in stages.items():
            told = json.loads(module("bench.mixes.preparing", [str(needed)], stage))
            plain = Plain(here, sizes_of_plain or int(size))
            floor = stack.enter_context(closing(Floor(here, int(size))))
            for database in (f"sapr_bench_{size}", f"sapr_bench_{size}_keys", plain.database):
                here.warmed(database)
            stack.enter_context(served(stage))
            stack.enter_context(plain.served())
            found = of_sapr(stage.port, told) | of_plain(plain) | floor.works()
            works |= {f"{size} {name}": work for name, work in found.items()}
        took = timed(works, warm=warm, times=times)
    sizes: Seconds = {size: {} for size in stages}
    for name, seconds in took.items():
        size, _, operation = name.partition(" ")
        sizes[size][operation] = seconds
    return sizes


def of_sapr(port: int, told: dict[str, Any]) -> dict[str, Work]:
    """What SAPR is asked: by API key, and on the desk by the session of somebody signed in."""
    key = {"Authorization": f"Bearer {told['sarc']['key']}"}
    desk = {"Cookie": told["sarc"]["cookie"]}
    manager = {"Cookie": told["manager"]["cookie"]}
    signer = {"Authorization": f"Bearer {told['signer']['key']}"}
    sealed, opened = [], []
    for each in told["openings"]:
        theirs = {"Authorization": f"Bearer {each['key']}"}
        path = f"/api/v1/cases/{each['case']}"
        sealed.append((request(port, "POST", f"{path}/sealed", theirs, PURPOSE),))
        opened.append((request(port, "POST", f"{path}/open", theirs, PURPOSE),))
    signed = [
        request(port, "POST", f"/api/v1/cases/{case}/sign", signer, told["sign"]["body"])
        for case in told["sign"]["cases"]
    ]
    return {
        "list": each_in_turn(port, [(request(port, "GET", "/api/v1/cases?limit=50", key),)]),
        "list, desk": each_in_turn(port, [(request(port, "GET", "/admin/cases/", desk),)]),
        "open": each_in_turn(port, opened),
        "open, sealed parts alone": each_in_turn(port, sealed),
        "sign": once_each(port, signed, 201),
        "statistics": each_in_turn(port, [(request(port, "GET", "/admin/figures/", manager),)]),
        "counts": each_in_turn(port, [(request(port, "GET", "/api/v1/counts", key),)]),
    }


def of_plain(plain: Plain) -> dict[str, Work]:
    """What the plain app is asked, by token: its newest fifty, its newest, and one more of the same size."""
    token = {"Authorization": f"Token {plain.told['token']}"}
    detail = request(plain.port, "GET", f"/reports/{plain.told['newest']}/", token)
    creations = [
        request(plain.port, "POST", "/reports/", token, body(number)) for number in plain.told["numbers"]
    ]
    return {
        "plain: list": each_in_turn(plain.port, [(request(plain.port, "GET", "/reports/", token),)]),
        "plain: detail": each_in_turn(plain.port, [(detail,)]),
        "plain: create": once_each(plain.port, creations, 201),
    }
