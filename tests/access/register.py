"""Every way in: one line for each. A route, an operation or a service that has no line here is red.

A line says what the page asks of the role (`needs`: any of these verbs; none: anybody signed in) and what it asks of
the row it is about (`on`: verbs, any of which is enough, and what the row is). Without a row, the role decides.
"""

from typing import NamedTuple


class Way(NamedTuple):
    """`shows`: (verb, thing) of rows that a list holds, looked for by `marker`; `opens_to_all`: needs no session;
    `waiting`: from outside the case only while the request waits."""

    needs: str = ""
    on: tuple[str, str] | None = None
    shows: tuple[str, str] | None = None
    opens_to_all: bool = False
    methods: str = "GET POST"
    waiting: bool = False


CASE_VIEW, CASE_WORK = ("case_view", "case"), ("case_work", "case")

# The desk, by the name of the URL.
DESK: dict[str, Way] = {
    "index": Way(shows=CASE_WORK, methods="GET"),
    "cases": Way("case_view", shows=CASE_VIEW, methods="GET"),
    "case": Way("case_view", on=CASE_VIEW),
    "case_open": Way("case_work emergency_open", on=("case_work emergency_open", "identity"), methods="POST"),
    "convert": Way("convert", on=("convert", "case")),
    "contact_new": Way("open_contact"),
    "contact_edit": Way("case_work", on=CASE_WORK),
    "walk_away": Way("case_work", on=CASE_WORK),
    "questions": Way("case_work", on=CASE_WORK),
    "options": Way("case_view", on=CASE_WORK),
    "sign": Way("sign", on=("sign", "case")),
    "steps": Way("case_work", on=CASE_WORK),
    "assign": Way("assign_va", on=("assign_va", "case")),
    "evidence": Way("case_work", on=CASE_WORK),
    "notice": Way("case_view", on=("case_view", "notice")),
    "inbox": Way("read_inbox", shows=("read_inbox", "inbox_item")),
    "inbox_item": Way("read_inbox", on=("read_inbox", "inbox_item"), methods="POST"),
    "inbox_acknowledge": Way("read_inbox", on=("read_inbox", "inbox_item"), methods="POST"),
    "counts": Way("counts"),
    "emergency": Way("break_glass_ask break_glass_decide"),
    "emergency_ask": Way("break_glass_ask"),
    "emergency_request": Way(
        "break_glass_ask break_glass_decide",
        on=("break_glass_ask break_glass_decide case_view", "break_glass"),
    ),
    "policy": Way("see_policy"),
    "policy_profile": Way("change_policy"),
    "policy_adoption": Way("change_policy"),
    "policy_change": Way("change_policy"),
    "staff": Way("manage_staff"),
    "staff_person_new": Way("manage_staff"),
    "staff_person_link": Way("manage_staff"),
    "staff_person_close": Way("manage_staff"),
    "staff_location_new": Way("manage_staff"),
    "staff_post_new": Way("manage_staff"),
    "staff_appointment_new": Way("manage_staff"),
    "staff_appointment_end": Way("manage_staff"),
    "staff_appointment": Way("manage_staff"),
    "staff_certification_new": Way("manage_staff"),
    "staff_certification_end": Way("manage_staff"),
    "staff_sessions_end": Way("manage_staff"),
    "person_find": Way("case_view"),
    "keeping": Way("hold_case", on=("hold_case", "case")),
    "erasures": Way("decide_erasure"),
    "erasure": Way("decide_erasure", on=("decide_erasure", "erasure")),
    "password_change": Way(),
    "sessions": Way(),
    "session_end": Way(),
    "factors": Way(),
    "factor_again": Way(),
    "factor_codes": Way(),
    "factor_remove": Way(),
    "factor_app": Way(opens_to_all=True),
    "factor_passkey": Way(opens_to_all=True),
    "second_factor": Way(opens_to_all=True),
    "factor_first": Way(opens_to_all=True),
    "certificate": Way(opens_to_all=True),
    "demo_clock": Way(),
    "login": Way(opens_to_all=True),
    "logout": Way(opens_to_all=True, methods="GET"),
}
# What stands outside the desk and the API, by its address; none of it knows a case.
OUTSIDE = ("healthz", "api/schema/", "enrol/", "", "admin/(?P<url>.*)$")

# The REST API, by method and address as tests/api/test_every_route.py has them (bodies and statuses are there).
API: dict[tuple[str, str], Way] = {
    ("POST", "contacts"): Way("open_contact"),
    ("PATCH", "contacts/{case}"): Way("case_work", on=CASE_WORK),
    ("GET", "cases"): Way("case_view", shows=CASE_VIEW),
    ("GET", "cases/{case}"): Way("case_view", on=CASE_VIEW),
    ("POST", "cases/{case}/sealed"): Way("case_work", on=("case_work", "identity")),
    ("POST", "cases/{case}/eligibility"): Way("case_work", on=CASE_WORK),
    ("POST", "cases/{case}/sign"): Way("sign", on=("sign", "case")),
    ("POST", "cases/{case}/convert"): Way("convert", on=("convert", "case")),
    ("POST", "cases/{case}/walk-away"): Way("case_work", on=CASE_WORK),
    ("POST", "cases/{case}/steps"): Way("case_work", on=CASE_WORK),
    ("POST", "cases/{case}/va"): Way("assign_va", on=("assign_va", "case")),
    ("POST", "cases/{case}/evidence-number"): Way("case_work", on=CASE_WORK),
    ("POST", "cases/{case}/kits/seal"): Way("case_work", on=CASE_WORK),
    ("POST", "cases/{case}/kits/to-mcio"): Way("case_work", on=CASE_WORK),
    ("POST", "eligibility"): Way("ask_rules"),
    ("GET", "policy/settings"): Way("see_policy"),
    ("GET", "form-editions"): Way("ask_rules"),
    ("GET", "duties"): Way("case_view", shows=("discharge_duty", "duty")),
    ("GET", "notices"): Way("case_view", shows=("case_work", "notice")),
    ("GET", "notices/{notice}"): Way("case_view", on=("case_view", "notice")),
    ("POST", "notices/{notice}/release"): Way("release_notice", on=("release_notice", "notice")),
    ("GET", "inbox"): Way("read_inbox", shows=("read_inbox", "inbox_item")),
    ("POST", "inbox/{item}/open"): Way("read_inbox", on=("read_inbox", "inbox_item")),
    ("POST", "inbox/{item}/acknowledge"): Way("read_inbox", on=("read_inbox", "inbox_item")),
    ("GET", "emergencies"): Way("break_glass_ask", shows=("break_glass_ask", "break_glass")),
    ("POST", "emergencies"): Way("break_glass_ask"),
    ("POST", "emergencies/{request}/reason"): Way(
        "break_glass_decide", on=("break_glass_decide case_view", "break_glass"), waiting=True
    ),
    ("POST", "emergencies/{request}/decide"): Way(
        "break_glass_decide", on=("break_glass_decide", "break_glass")
    ),
    ("POST", "emergencies/{request}/end"): Way("break_glass_end", on=("break_glass_end", "break_glass")),
    ("POST", "people/find"): Way("case_view"),
    ("GET", "counts"): Way("counts"),
}
# The services, by module and name; the matrix calls those that take a row with the row of the scene.
SERVICES: dict[str, Way] = {
    "reports.casework.services.va_assign": Way("assign_va", on=("assign_va", "case")),
    "reports.casework.services.step_record": Way("case_work", on=CASE_WORK),
    "reports.casework.services.counts_by_option": Way("counts"),
    "reports.election.contacts.contact_open": Way("open_contact"),
    "reports.election.contacts.contact_complete": Way("case_work", on=CASE_WORK),
    "reports.election.contacts.contact_walk_away": Way("case_work", on=CASE_WORK),
    "reports.election.services.options_decide": Way("case_work", on=CASE_WORK),
    "reports.election.services.report_sign": Way("sign", on=("sign", "case")),
    "reports.election.services.report_convert": Way("convert", on=("convert", "case")),
    "reports.evidence.services.kit_number_issue": Way("case_work", on=CASE_WORK),
    "reports.evidence.services.kit_seal": Way("case_work", on=CASE_WORK),
    "reports.evidence.services.kit_hand_to_mcio": Way("case_work", on=CASE_WORK),
    "reports.adoption.services.change_propose": Way("change_policy"),
    "reports.adoption.services.change_approve": Way("change_policy"),
    "reports.adoption.services.change_refuse": Way("change_policy"),
    "reports.adoption.services.change_withdraw": Way("change_policy"),
    "notifications.services.notice_release": Way("release_notice", on=("release_notice", "notice")),
    "notifications.services.inbox_open": Way("read_inbox", on=("read_inbox", "inbox_item")),
    "notifications.services.inbox_acknowledge": Way("read_inbox", on=("read_inbox", "inbox_item")),
    "reports.breakglass.services.break_glass_ask": Way("break_glass_ask"),
    "reports.breakglass.services.break_glass_decide": Way(
        "break_glass_decide", on=("break_glass_decide", "break_glass")
    ),
    "reports.breakglass.services.break_glass_end": Way(
        "break_glass_end", on=("break_glass_end", "break_glass")
    ),
    "reports.erasure.services.hold_place": Way("hold_case", on=("hold_case", "case")),
    "reports.erasure.services.hold_lift": Way("hold_case", on=("hold_case", "case")),
    "reports.erasure.services.erasure_propose": Way("propose_erasure", on=("propose_erasure", "case")),
    "reports.erasure.services.erasure_withdraw": Way("propose_erasure", on=("propose_erasure", "erasure")),
    "reports.erasure.services.erasure_approve": Way("decide_erasure", on=("decide_erasure", "erasure")),
    "reports.erasure.services.erasure_refuse": Way("decide_erasure", on=("decide_erasure", "erasure")),
    "reports.statistics.services.annual_counts": Way("annual_counts"),
    # Counts one's own looks; who is signed in may always be counted.
    "reports.access.looks.looked": Way(),
    "reports.access.looks._stopped": Way(),
}
