"""How fast the policy package answers, against the bars of its issue. Run: python bench/policy.py"""

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
QUESTIONS = [(person, on) for person in PEOPLE for on in DAYS]
EVENTS = (
    ("referral_received", {}),
    ("report_signed", {"election": "restricted", "statuses": ["service_member"]}),
    ("report_signed", {"election": "unrestricted", "statuses": ["service_member"]}),
)
DECISIONS, EXPLAINED, DUTIES, LOAD_MS = 20_000, 1_000, 50_000, 100


def per_second(call, rounds: int = 12, seconds: float = 0.25) -> int:
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


def show(what: str, rate: int, bar: int) -> None:
    print(f"{what:42} {rate:>8} /s   {rate / bar:5.1f} x the bar of {bar}", flush=True)


def main() -> None:
    for profile in ("seed", "dated"):
        for explain, bar in ((False, DECISIONS), (True, EXPLAINED)):

            def decide(i, profile=profile, explain=explain):
                facts, on = QUESTIONS[i % len(QUESTIONS)]
                policy.eligibility(facts, on=on, profile=profile, explain=explain)

            show(f"eligibility {profile}{' with would_change' * explain}", per_second(decide), bar)
    at = datetime(2024, 3, 9, 22, 30, tzinfo=UTC)
    for event, facts in EVENTS:

        def plan(_, event=event, facts=facts):
            policy.duties(event, facts, at=at, zone="America/New_York")

        opened = len(policy.duties(event, facts, at=at, zone="America/New_York").opened)
        # the bar counts duties worked out, and one event opens several
        show(f"{event} {facts.get('election', '')}; {opened} each", opened * per_second(plan), DUTIES)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import time; t = time.perf_counter(); "
        "import reports.policy; reports.policy.default_policy(); print(time.perf_counter() - t)"
    )
    loads = [
        float(subprocess.run([sys.executable, "-c", code, str(ROOT)], capture_output=True, check=True).stdout)
        for _ in range(9)
    ]
    print(f"{'import and load, best of 9':42} {min(loads) * 1000:>8.0f} ms   the bar is {LOAD_MS} ms")


if __name__ == "__main__":
    main()
