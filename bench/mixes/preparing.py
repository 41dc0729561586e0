"""What the client is given: `python -m bench.mixes.preparing SIGNINGS` in a size's environment prints it as JSON.

API keys and sessions of people, cases to open, and contacts that wait for the signature. Who signs and who opens is not
whose lists are measured: the pages of the measured SARC stay what they are, run after run.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

from bench.load.ground import ROOT
from bench.load.places import FIRST_VAS

# A person opens so many identities in an hour and no more; the clock of these databases stands.
OPENERS, OPENED_BEFORE = 40, 20
FACTS = ROOT / "fixtures" / "walkthrough" / "restricted.json"
CASES = """
SELECT DISTINCT ON (a.user_id) a.user_id, a.case_id
FROM reports_assignment a JOIN reports_case c ON c.id = a.case_id
JOIN reports_identity i ON i.case_id = c.id JOIN reports_narrative n ON n.case_id = c.id
WHERE a.ended_at IS NULL AND a.role IN ('sarc', 'sapr_va') AND c.state = ANY (%s) AND a.place <> %s
ORDER BY a.user_id, c.opened_at DESC
"""


def prepared(signings: int) -> dict[str, Any]:
    """All of it, for one size."""
    from accounts.models import User
    from bench.load.filling import connect

    with connect() as admin:
        [told] = admin.execute("SELECT told FROM bench.made WHERE what = 'stories'").fetchone() or [{}]
    people = told["cast"]["people"]
    sarc, manager = (User.objects.get(pk=people[name]) for name in ("sarc", "manager"))
    signer = User.objects.get(username=f"0-{FIRST_VAS - 1}-{User.objects.get(pk=people['va']).username}")
    return {
        "sarc": {"key": _key(sarc), "cookie": _cookie(sarc)},
        "manager": {"cookie": _cookie(manager)},
        "openings": _openings(told["cast"]["places"]["base"]),
        "signer": {"key": _key(signer)},
        "sign": _contacts(signer, told["cast"]["places"]["base"], signings),
    }


def _key(user) -> str:
    from accounts.services import api_key_create
    from sapr import clock

    return api_key_create(user=user, valid=timedelta(days=1), actor=None, at=clock.now())


def _cookie(user) -> str:
    """The cookie of a session that passed both factors."""
    from django.conf import settings
    from django.test import Client

    from accounts import sessions

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    # The machine's own time, which a held clock has not come to or is past.
    user.last_login = None
    user.save(update_fields=["last_login"])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    sessions.mark_passed(session, "totp")
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={key}"


def _openings(first: str) -> list[dict[str, str]]:
    """Running cases with somebody who works on each and has not opened many identities yet."""
    from accounts.models import User
    from bench.load.filling import connect
    from reports import access
    from reports.access.openings import COUNTED
    from reports.election.models import CaseState
    from sapr import clock

    running = [CaseState.RESTRICTED_OPEN.value, CaseState.UNRESTRICTED_OPEN.value]
    found = []
    with connect() as admin:
        waiting = admin.execute(CASES, [running, first]).fetchall()
    for user_id, case in waiting:
        user = User.objects.get(pk=user_id)
        with access.viewing(user):
            opened = _opened(clock.now() - timedelta(hours=1), list(COUNTED))
        if opened < OPENED_BEFORE:
            found.append({"key": _key(user), "case": str(case)})
        if len(found) == OPENERS:
            break
    return found


def _opened(since, purposes: list[str]) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sapr_identity_openings(%s, %s)", [since, purposes])
        return cursor.fetchone()[0]


def _contacts(signer, place: str, number: int) -> dict[str, Any]:
    """Contacts that wait for the signature, and what a request says that signs one."""
    from zoneinfo import ZoneInfo

    from accounts.models import Location
    from reports import policy
    from reports.election import contacts
    from reports.election.services import options_decide
    from sapr import clock

    steps = json.loads(FACTS.read_text(encoding="utf-8"))["steps"]
    facts = next(each["with"]["facts"] for each in steps if each["do"] == "decide")
    here, now, cases = Location.objects.get(pk=place), clock.now(), []
    for _ in range(number):
        case = contacts.contact_open(
            actor=signer, at=now, installation=here, source="self",
            identity={"name": "Quillon Smith-Example", "sex": "female"},
            narrative={"text": "Somebody who is invented tells what happened. " * 6},
        )  # fmt: skip
        decision = options_decide(actor=signer, case_id=case.pk, facts=facts, at=now)
        cases.append(str(case.pk))
    edition = policy.form_edition(decision.form, now.astimezone(ZoneInfo(here.zone)).date())
    body = {
        "election": "restricted",
        "edition": edition.edition,
        "initials": dict.fromkeys(edition.required_for("restricted"), "QSE"),
        "victim_signature": "Quillon Smith-Example",
        "victim_signed_at": now.isoformat(),
        "advocate_signature": signer.display_name,
        "advocate_signed_at": now.isoformat(),
    }
    return {"cases": cases, "body": body}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(prepared(int(sys.argv[1]))))
