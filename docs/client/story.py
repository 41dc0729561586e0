"""A whole case through the client; everybody is invented. `SAPR_KEY=… python story.py https://sapr.example.mil`"""

import os
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sapr_client import Client, Conflict, NotAllowed, NotFound, Unacceptable, etag

FORM = "DD 2910"


def whole_case(client: Client, at: str) -> list[str]:
    """From the referral to a released notice; what happened, line by line. `at`: when both sign, RFC 3339."""
    told = []
    case = client.contact_open({"source": "healthcare", "identity": {"name": "V. Invented"}})["id"]
    decision = client.case_eligibility(case, {"facts": {"statuses": ["service_member"], "age": 24}})
    told.append(f"restricted is open: {decision['options']['restricted']['allowed']}")
    edition = client.form_edition(form=FORM, on=at[:10])
    asked = [each["key"] for each in edition["acknowledgements"] if "restricted" in each["options"]]
    report = client.case_sign(
        case,
        {
            "election": "restricted",
            "edition": edition["edition"],
            "initials": dict.fromkeys(asked, "VI"),
            "victim_signature": "V. Invented",
            "victim_signed_at": at,
            "advocate_signature": "A. Invented",
            "advocate_signed_at": at,
        },
    )
    told.append(f"signed: {report['election']}")
    shown = client.case_get(case)
    told.append(f"due: {', '.join(sorted(duty['kind'] for duty in shown['duties']))}")
    notice = client.notice_get(shown["notices"][0]["id"])
    released = client.notice_release(notice["id"], {"minimal": False, "sha256": notice["wording_sha256"]})
    told.append(f"notice: {released['state']}")

    # What has changed since it was read is not changed unseen.
    step = {"kind": "contact_logged", "details": {"means": "phone"}}
    version = etag(client.case_get(case))
    client.case_step(case, step, if_match=version)
    try:
        client.case_step(case, step, if_match=version)
    except Conflict as problem:
        told.append(f"changed meanwhile: {problem.code}")
    # Sent again after a connection broke, it is done once.
    once = str(uuid.uuid4())
    first, again = (client.contact_open({"source": "self"}, idempotency_key=once)["id"] for _ in range(2))
    told.append(f"done once: {first == again}")
    # Lists come page by page, however many rows a page has.
    rows = [row["id"] for row in client.case_list(limit=1, order="oldest")]
    told.append(f"listed: {case in rows and len(rows) == len(set(rows))}")

    for ask in (
        lambda: client.case_get(str(uuid.uuid4())),
        lambda: client.contact_open({"source": "nobody"}),
        lambda: client.policy_settings(),
    ):
        try:
            ask()
        except (NotFound, Unacceptable, NotAllowed) as problem:
            told.append(f"refused: {problem.code}")
    return told


if __name__ == "__main__":
    here = Client(sys.argv[1], os.environ["SAPR_KEY"])
    now = sys.argv[2] if len(sys.argv) > 2 else datetime.now(UTC).isoformat()
    print("\n".join(whole_case(here, now)))
