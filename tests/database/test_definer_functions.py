"""Which functions run with the owner's rights, and who may call each: only the web account asks one about cases."""

import os
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.database.refusals import refused
from tests.times import T0

WEB, WORKER = {"web"}, {"worker"}
BOTH = WEB | WORKER
# Each function that runs as its owner and may be called at all; triggers may not.
MAY_CALL = {
    # The clock, and what the viewer holds by the directory, which both accounts read anyway.
    "sapr_now": BOTH,
    "sapr_move_clock": BOTH,
    "sapr_keyboard_now": BOTH,
    "sapr_clock_went_back": BOTH,
    "sapr_viewer_posts": BOTH,
    "sapr_viewer_roles": BOTH,
    # Cases, and who stands how towards them.
    "sapr_viewer_cases": WEB,
    "sapr_readable_cases": WEB,
    "sapr_viewer_installations": WEB,
    "sapr_case_asked_for": WEB,
    "sapr_case_is_unclaimed": WEB,
    "sapr_on_hold": WEB,
    "sapr_case_held": WEB,
    "sapr_identity_openings": WEB,
    "sapr_independent": WEB,
    "sapr_annual_counts": WEB,
    # Checkpoints.
    "sapr_checkpoint_begin": WORKER,
    "sapr_open_heads": WORKER,
    "sapr_checkpoint_store": WORKER,
    "sapr_checkpoints": WORKER,
}
FOUND = """
SELECT proname, has_function_privilege(%s, oid, 'EXECUTE'), has_function_privilege(%s, oid, 'EXECUTE')
FROM pg_proc
WHERE prosecdef AND pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
"""


@pytest.mark.django_db
def test_who_may_call_each_function_that_runs_as_the_owner() -> None:
    web, worker = (urlsplit(os.environ[name]).username for name in ("DATABASE_URL", "WORKER_DATABASE_URL"))
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [web, worker])
        found = {
            name: {role for role, may in (("web", by_web), ("worker", by_worker)) if may}
            for name, by_web, by_worker in cursor.fetchall()
        }
    assert found == MAY_CALL


def test_the_worker_learns_nothing_of_a_case_by_naming_a_viewer(stage) -> None:
    case = stage.world.contact()
    with stage.as_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sapr.viewer', %s, false)", [str(stage.world.sarc.pk)])
        for call, values in (
            ("sapr_viewer_cases()", []),
            ("sapr_readable_cases()", []),
            ("sapr_case_asked_for(%s)", [case.number]),
            ("sapr_case_is_unclaimed(%s)", [case.pk]),
            ("sapr_on_hold(%s)", [case.pk]),
            ("sapr_case_held(%s)", [case.pk]),
            ("sapr_identity_openings(%s, %s)", [T0, ["case_work"]]),
            ("sapr_annual_counts(%s)", [2026]),
        ):
            with refused("permission denied"):
                cursor.execute(f"SELECT {call}", values)
