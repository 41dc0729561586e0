"""Every way in: routes, commands, tasks. What is not listed here makes `test_nothing_is_left_out` red.

A new route is one line in ROUTES. If its address has a parameter that PARAMETERS does not know, one line there.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, get_resolver

ROUTES = [
    "healthz",
    "healthz/work",
    "api/schema/",
    "api/v1/contacts",
    "api/v1/contacts/<uuid:case_id>",
    "api/v1/cases",
    "api/v1/cases/<uuid:case_id>",
    "api/v1/cases/<uuid:case_id>/sealed",
    "api/v1/cases/<uuid:case_id>/eligibility",
    "api/v1/cases/<uuid:case_id>/sign",
    "api/v1/cases/<uuid:case_id>/convert",
    "api/v1/cases/<uuid:case_id>/walk-away",
    "api/v1/cases/<uuid:case_id>/steps",
    "api/v1/cases/<uuid:case_id>/va",
    "api/v1/cases/<uuid:case_id>/evidence-number",
    "api/v1/cases/<uuid:case_id>/kits/seal",
    "api/v1/cases/<uuid:case_id>/kits/to-mcio",
    "api/v1/people/find",
    "api/v1/eligibility",
    "api/v1/policy/settings",
    "api/v1/form-editions",
    "api/v1/duties",
    "api/v1/notices",
    "api/v1/notices/<uuid:notice_id>",
    "api/v1/notices/<uuid:notice_id>/release",
    "api/v1/inbox",
    "api/v1/inbox/<uuid:item_id>/open",
    "api/v1/inbox/<uuid:item_id>/acknowledge",
    "api/v1/emergencies",
    "api/v1/emergencies/<uuid:request_id>/reason",
    "api/v1/emergencies/<uuid:request_id>/decide",
    "api/v1/emergencies/<uuid:request_id>/end",
    "api/v1/counts",
    "admin/",
    "admin/login/",
    "admin/certificate/",
    "admin/second-factor/",
    "admin/second-factor/first/",
    "admin/language/",
    "admin/second-factor/app/",
    "admin/second-factor/passkey/",
    "admin/lock/",
    "admin/unlock/",
    "admin/leave/",
    "admin/logout/",
    "admin/password/",
    "admin/cases/",
    "admin/cases/<uuid:case_id>/",
    "admin/cases/<uuid:case_id>/open/",
    "admin/cases/<uuid:case_id>/convert/",
    "admin/contacts/new/",
    "admin/cases/<uuid:case_id>/contact/",
    "admin/cases/<uuid:case_id>/walk-away/",
    "admin/cases/<uuid:case_id>/questions/",
    "admin/cases/<uuid:case_id>/options/",
    "admin/cases/<uuid:case_id>/sign/",
    "admin/people/find/",
    "admin/cases/<uuid:case_id>/steps/",
    "admin/cases/<uuid:case_id>/advocate/",
    "admin/counts/",
    "admin/cases/<uuid:case_id>/evidence/",
    "admin/cases/<uuid:case_id>/keeping/",
    "admin/erasures/",
    "admin/erasures/<uuid:erasure_id>/",
    "admin/notices/<uuid:notice_id>/",
    "admin/inbox/",
    "admin/inbox/<uuid:item_id>/",
    "admin/inbox/<uuid:item_id>/acknowledge/",
    "admin/staff/",
    "admin/staff/people/new/",
    "admin/staff/people/<uuid:user_id>/link/",
    "admin/staff/people/<uuid:user_id>/close/",
    "admin/staff/locations/new/",
    "admin/staff/posts/new/",
    "admin/staff/appointments/new/",
    "admin/staff/appointments/<uuid:appointment_id>/end/",
    "admin/staff/appointments/<uuid:appointment_id>/",
    "admin/staff/certifications/new/",
    "admin/staff/certifications/<uuid:certification_id>/end/",
    "admin/staff/people/<uuid:user_id>/sessions/",
    "admin/policy/",
    "admin/policy/profile/",
    "admin/policy/adoption/",
    "admin/policy/changes/<uuid:change_id>/",
    "admin/emergency/",
    "admin/emergency/ask/",
    "admin/emergency/<uuid:request_id>/",
    "admin/cases/<uuid:case_id>/forms/",
    "admin/cases/<uuid:case_id>/forms/sign/<slug:code>/",
    "admin/cases/<uuid:case_id>/forms/blank/<slug:code>/",
    "admin/cases/<uuid:case_id>/forms/<uuid:form_id>/correct/",
    "admin/cases/<uuid:case_id>/forms/<uuid:form_id>/document/",
    "admin/meetings/",
    "admin/meetings/new/",
    "admin/meetings/<uuid:meeting_id>/",
    "admin/meetings/lines/<uuid:line_id>/",
    "admin/cases/<uuid:case_id>/relocate/",
    "admin/moves/<uuid:move_id>/",
    "admin/cases/<uuid:case_id>/exceptions/",
    "admin/exceptions/",
    "admin/exceptions/<uuid:statement_id>/",
    "admin/cases/<uuid:case_id>/catch/",
    "admin/cases/<uuid:case_id>/hand-over/",
    "admin/handovers/",
    "admin/handovers/<uuid:handover_id>/",
    "admin/demo-clock/",
    "admin/cases/<uuid:case_id>/inquiry/",
    "admin/limited/new/",
    "admin/cases/<uuid:case_id>/close/",
    "admin/cases/<uuid:case_id>/reopen/",
    "admin/cases/<uuid:case_id>/participation/",
    "admin/flowchart/restricted/",
    "admin/flowchart/unrestricted/",
    "admin/cases/<uuid:case_id>/matters/",
    "admin/cases/<uuid:case_id>/matters/<uuid:matter_id>/",
    "admin/cases/<uuid:case_id>/evidence/<uuid:kit_id>/",
    "admin/kits/",
    "admin/held/",
    "admin/held/<uuid:card_id>/",
    "admin/close-from-above/",
    "admin/channels/",
    "admin/channels/webhooks/new/",
    "admin/notices/<uuid:notice_id>/telephone/",
    "admin/notices/<uuid:notice_id>/correct/",
    "admin/extensions/",
    "admin/deployments/",
    "admin/notices/<uuid:notice_id>/extend/",
    "admin/strength/",
    "admin/strength/<uuid:location_id>/",
    "admin/strength/<uuid:location_id>/record/",
    "admin/notices/<uuid:notice_id>/finer/",
    "admin/finer/",
    "admin/finer/<uuid:finer_id>/",
    "admin/factors/",
    "admin/factors/password/",
    "admin/factors/codes/",
    "admin/factors/<int:factor_id>/remove/",
    "admin/sessions/",
    "admin/sessions/<uuid:session_id>/end/",
    "admin/here/",
    "admin/(?P<url>.*)$",
    "enrol/",
    "blank/",
    "",
]

# Words of wrong or harmless input for each command. {marker}: something that nobody may find; {file}: a file full
# of it; {case}: the number of a case. No command takes what a victim told as a word of its command line: other
# accounts see those.
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "anonymity": (("--help",),),
    "annual_counts": (("--fy", "2026", "--manager", "manager"), ("--fy", "2026", "--manager", "{marker}")),
    "backup": (("--to", "{file}"),),
    "createsuperuser": ((),),
    "demo": (("seed",),),
    "duties": (("sweep",), ("loop", "--every", "{marker}")),
    "watchdog": (("--once",),),
    "erase": (("--list",), ("--case", "{case}"), ("--case", "{case}", "--confirm", "{marker}")),
    "keys": (
        ("status",),
        ("load", "--from", "{file}"),
        ("recover", "--out", "{file}.key"),
        ("recover", "--shares", "{file}", "--out", "{file}.key"),
    ),
    "ledger": (
        ("verify", "--all"),
        ("verify", "--case", "{marker}"),
        ("verify", "--all", "--checkpoint", "{file}"),
        ("export", "--case", "{case}", "--out", "{file}"),
        ("checkpoint", "--paper", "{file}"),
        ("key",),
    ),
    "policy": (("decide", "--facts", "-", "--on", "2026-03-02"), ("decide", "--facts", "{file}")),
    "prepare": (("--kind", "real"),),
    "rehearse": (("--months", "2"), ("--months", "1", "--as", "sarc"), ("--months", "1", "--as", "{marker}")),
    "restore": (("--from", "{file}"),),
    "roles": ((),),
    "seed_world": (("--reports", "1", "--years", "1", "--seed", "7"),),
    "selfcheck": (("--url", "http://127.0.0.1:9", "--username", "sarc", "--password-stdin"),),
    "strength": (
        ("import", "--file", "{file}", "--as", "manager"),
        ("import", "--file", "{file}", "--as", "{marker}", "--for", "{marker}"),
    ),
    "staff": (
        ("bootstrap",),
        ("manager", "newmanager"),
        ("password", "{marker}"),
        ("factors", "{marker}"),
        ("certificate", "{marker}"),
        ("certificate", "va", "--remove"),
        ("apikey", "{marker}"),
    ),
    "walkthrough": (("restricted", "--steps", "{file}"),),
}

# Arguments of each task; those of another kind fail, and must do so without a word.
TASKS: dict[str, tuple[Any, ...]] = {
    "notifications.sweep": (),
    "notifications.demo_clock_advance": ("{marker}",),
    "reports.checkpoint": (),
    "sapr.ping": (),
}

# The address parameters; the scene's `ids` fill them.
PARAMETERS = (
    "case_id",
    "notice_id",
    "item_id",
    "request_id",
    "erasure_id",
    "finer_id",
    "statement_id",
    "user_id",
    "appointment_id",
    "certification_id",
    "change_id",
    "kit_id",
    "card_id",
    "location_id",
    "session_id",
    "factor_id",
    "form_id",
    "code",
    "matter_id",
    "meeting_id",
    "line_id",
    "move_id",
    "handover_id",
    "url",
)


def filled(route: str, ids: Mapping[str, object], typed: str) -> str:
    """The address of a route with ids in it; where it takes any text, `typed`."""
    address = route.replace("(?P<url>.*)$", typed)
    for name in PARAMETERS:
        address = re.sub(f"<(?:uuid|int|slug):{name}>", str(ids.get(name, "")), address)
    return f"/{address}"


def served() -> Iterator[tuple[str, URLPattern]]:
    """Every route that the project answers, with the pattern that answers it."""

    def walk(patterns, prefix: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern), pattern
            else:
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))

    return walk(get_resolver().url_patterns, "")
