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
    # The same of one row; what the viewer holds comes with the question, and tells of the viewer's own cases only.
    "sapr_viewer_held": WEB,
    "sapr_works_on": WEB,
    "sapr_works_on_notice": WEB,
    "sapr_reads": WEB,
    "sapr_reads_card": WEB,
    "sapr_handles_card": WEB,
    "sapr_viewer_sarc_cases": WEB,
    "sapr_viewer_installations": WEB,
    "sapr_case_asked_for": WEB,
    "sapr_case_is_unclaimed": WEB,
    "sapr_on_hold": WEB,
    "sapr_case_held": WEB,
    "sapr_identity_openings": WEB,
    "sapr_independent": WEB,
    "sapr_viewer_places": WEB,
    "sapr_is_its_sarc": WEB,
    # Meetings, and people who move.
    "sapr_agenda_fill": WEB,
    "sapr_agenda_count": WEB,
    "sapr_meeting_cases": WEB,
    "sapr_meeting_instants": WEB,
    "sapr_viewer_meetings": WEB,
    "sapr_without_sarc": WEB,
    "sapr_left_without_sarc": WEB,
    "sapr_leaving": WEB,
    "sapr_take_over": WEB,
    # Of one case, by its number, and nothing but whether it was closed.
    "sapr_close_from_above": WEB,
    # Evidence: what the viewer's posts and cases have of it; never which case a card is of.
    "sapr_case_cards": WEB,
    "sapr_viewer_cards": WEB,
    "sapr_readable_cards": WEB,
    "sapr_holder_posts": WEB,
    "sapr_kits_to_tell": WEB,
    "sapr_name_on_kit": WEB,
    "sapr_held_by_others": WEB,
    "sapr_finer_nearby": WEB,
    "sapr_finer_outlived": BOTH,
    # A step of counting, which tells the worker nothing; a file, once, to who asked for it.
    "sapr_quarter_step": WORKER,
    "sapr_sessions_used": WORKER,
    "sapr_export_take": WEB,
    # The functions of triggers: nobody's.
    "sapr_cards_of": set(),
    "sapr_answers_for": set(),
    "sapr_kit_is_kept": set(),
    "sapr_kit_event": set(),
    "sapr_tables_changed": set(),
    "sapr_people_counted": set(),
    "sapr_annual_counts": WEB,
    # What the viewer works on, counted; nobody else's.
    "sapr_work_counted": WEB,
    # What was done in what the viewer is SARC of, counted; nobody else's.
    "sapr_done_counted": WEB,
    "sapr_lateness": WEB,
    # How often all SARCs together say less than they may.
    "sapr_coarsened": WEB,
    # Duties that are told up their ladder.
    "sapr_post_for_duty": WORKER,
    # The end of one's own case's chain, held until the transaction ends; says nothing.
    "sapr_hold_chain": WEB,
    "sapr_told_and_open": WEB,
    # A calendar's file, by its token: when it was made and ends, nothing of whose it is.
    "sapr_feed_fetch": WEB,
    # How fast somebody asks: a number to wait, and nothing to be read.
    "accounts_ask": WEB,
    # Checkpoints.
    "sapr_checkpoint_begin": WORKER,
    "sapr_open_heads": WORKER,
    "sapr_news_queue": WORKER,
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
            ("sapr_is_its_sarc(%s)", [case.pk]),
            ("sapr_without_sarc()", []),
            ("sapr_leaving(%s)", [T0]),
            ("sapr_take_over(%s)", [case.installation_id]),
            ("sapr_annual_counts(%s)", [2026]),
        ):
            with refused("permission denied"):
                cursor.execute(f"SELECT {call}", values)
