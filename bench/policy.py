"""How fast the policy package answers. Run: python bench/policy.py"""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reports import policy  # noqa: E402

PEOPLE = [
    {"statuses": ["service_member"], "age": 22, "told": ["friend"], "investigation": "none"},
    {"statuses": ["dod_civilian", "retiree"], "age": 51, "component_has_sapr": True, "location": "conus"},
    {"statuses": ["military_dependent"], "age": 19, "mhs_eligible": True, "offender_relationship": "other"},
    {"statuses": ["guard_reserve"], "age": 30, "prior_election": "unrestricted", "same_incident": False},
    {"statuses": ["service_member"], "age": 25, "offender_relationship": "spouse"},
    {"statuses": ["contractor"], "age": 40, "location": "oconus", "accompanies_force": True},
]
DAYS = [date(2015, 6, 1), date(2021, 11, 10), date(2024, 8, 1)]


def per_second(call, rounds: int = 6, seconds: float = 0.5) -> int:
    """Calls per second on one core: the best of some rounds, as other work only ever slows it."""
    best = 0.0
    for _ in range(rounds):
        done, start = 0, time.process_time()
        while time.process_time() - start < seconds:
            for _ in range(100):
                call(done)
                done += 1
        best = max(best, done / (time.process_time() - start))
    return int(best)


def main() -> None:
    for profile in ("seed", "dated"):
        for explain in (False, True):
            rate = per_second(
                lambda i, p=profile, e=explain: policy.eligibility(
                    PEOPLE[i % len(PEOPLE)], on=DAYS[i % len(DAYS)], profile=p, explain=e
                )
            )
            print(f"eligibility {profile:6} explain={explain!s:5} {rate:>8} /s")
    at = datetime(2024, 3, 9, 22, 30, tzinfo=UTC)
    for event, facts in (("referral_received", {}), ("report_signed", {"election": "unrestricted"})):
        rate = per_second(lambda i, e=event, f=facts: policy.duties(e, f, at=at, zone="America/New_York"))
        print(f"duties {event:24} {rate:>8} /s")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import time; t = time.perf_counter(); "
        "import reports.policy; print(time.perf_counter() - t)"
    )
    loads = [
        float(subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, check=True).stdout)
        for _ in range(7)
    ]
    print(f"import and load, best of 7: {min(loads) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
