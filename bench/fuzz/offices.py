"""The way through what is no one case's: notices, meetings, who leaves, emergencies, exports, settings, staff."""

from secrets import token_hex

import pyrage

from bench.fuzz.going import NAMES, Answer, Going, Walk, now
from bench.fuzz.going import day as on

UNDERSTOOD = {"understood": True}
COLUMNS = "line,unit,valid_from,valid_to,sex,grade_band,component,status,number,word"


def longer_time(walk: Walk) -> Going:
    """A place is deployed, and its commander grants longer time for notices."""
    yield from walk.ask("manager", "deployment_record", {"location_id": walk.place("Camp Example")})
    longer = {
        "post_id": walk.post("Senior commander, Camp Example"),
        "reason": "operations",
        "ends_at": now(days=20),
    }
    return (yield from walk.ask("commander", "extension_grant", longer))


def usual_time(walk: Walk, grant: Answer) -> Going:
    """The same, ended."""
    yield from walk.ask("commander", "extension_revoke", grant_id=grant["id"])
    place = (yield from walk.ask("manager", "deployment_list")).first()
    yield from walk.ask("manager", "deployment_end", deployment_id=place["id"])


def notices(walk: Walk, case: Answer) -> Going:
    """A notice of a Restricted report: finer words, longer time, and its release."""
    row = (yield from walk.ask("sarc", "notice_list", query={"limit": 100})).first(case=case["id"])
    here = {"notice_id": row["id"]}
    read = yield from walk.ask("sarc", "notice_get", **here)
    yield from walk.ask("sarc", "notice_extension", **here)
    steps = (yield from walk.ask("sarc", "notice_finer_steps", **here)).get("steps", {})
    levels = {name: each[-1] for name, each in steps.items() if each}
    words = yield from walk.ask("sarc", "finer_prepare", {"levels": levels}, **here)
    given = {
        "rung": words["rung"], "bytes_seen": words["sha256"], "reason": "victim_asked", "ground": "consent",
        "victim_signature": NAMES["victim"], "victim_signed_at": now(), "told": True,
    }  # fmt: skip
    for who, name in (("sarc", "finer_withdraw"), ("manager", "finer_refuse"), ("manager", "finer_approve")):
        finer = yield from walk.ask("sarc", "finer_propose", given, **here)
        yield from walk.ask("manager", "finer_get", finer_id=finer["id"])
        body = {"bytes_seen": words["sha256"]} if name == "finer_approve" else None
        yield from walk.ask(who, name, body, finer_id=finer["id"])
    yield from walk.ask("sarc", "notice_extend", {"reason": "medical", "deployed": True}, **here)
    seen = {"minimal": True, "sha256": read["minimal_sha256"], "confirmed": True}
    yield from walk.ask("sarc", "notice_release", seen, **here)


def details_told(walk: Walk, case: Answer) -> Going:
    """Notices of an Unrestricted report: called, acknowledged, corrected."""
    yield from walk.ask(
        "sarc", "contact_complete", {"identity": {"name": "Rightly Spelt"}}, case_id=case["id"]
    )
    rows = yield from walk.ask("sarc", "notice_list", query={"limit": 100})
    for row in rows["items"] if isinstance(rows["items"], list) else ():
        if row["case"] == case["id"]:
            yield from walk.ask("sarc", "notice_proof", notice_id=row["id"])
            yield from walk.ask("sarc", "notice_telephone", {"outcome": "reached"}, notice_id=row["id"])
            yield from walk.ask("sarc", "notice_correct", notice_id=row["id"])
    for who in ("commander", "mcio", "unit"):
        item = (yield from walk.ask(who, "inbox_list")).first(acknowledged=False)
        yield from walk.ask(who, "inbox_open", item_id=item["id"])
        yield from walk.ask(who, "inbox_acknowledge", item_id=item["id"])


def meeting(walk: Walk) -> Going:
    """The Case Management Group, from its call to the minutes."""
    call = {"installation_id": walk.place("Camp Example"), "scheduled_at": now(hours=1)}
    called = yield from walk.ask("sarc", "cmg_call", call)
    if "id" not in called:
        called = (yield from walk.ask("sarc", "meetings")).first(held_at=None)
    here = {"meeting_id": called["id"]}
    yield from walk.ask("sarc", "meeting", **here)
    line = (yield from walk.ask("commander", "meeting_agenda", **here)).first()
    yield from walk.ask("sarc", "cmg_seat_take", **here)
    hold = {
        "chair": "commander", "chair_seat": "installation_commander", "delegated": False,
        "member_or_dod_civilian": True, "present": ["sarc"], "members": ["mcio"],
    }  # fmt: skip
    yield from walk.ask("sarc", "cmg_hold", hold, **here)
    this = {"line_id": line["id"]}
    asked = yield from walk.ask("sarc", "agenda_line", **this)
    kept = {
        "answers": {each["rule"]: "done" for each in asked.get("questions", ())}, "told_by": "victims_va",
        "privileged": False, "present": ["victims_va", "mcio"], "words": "Invented.",
    }  # fmt: skip
    yield from walk.ask("sarc", "cmg_minutes_keep", kept, **this)
    yield from walk.ask("sarc", "cmg_minutes_open", **this)


def people_move(walk: Walk, case: Answer) -> Going:
    """A victim moves, an advocate leaves."""
    here = {"case_id": case["id"]}
    yield from walk.ask("sarc", "victim_relocate", {"reason": "move"}, **here)
    yield from walk.ask("sarc", "move_consent_record", {"consents": True}, **here)
    to = (yield from walk.ask("sarc", "case_moves_to", **here)).first()
    sarc, there = Answer(to.get("sarc", {})), Answer(to.get("installation", {}))
    offer = {"to": sarc["username"], "installation_id": there["id"]}
    for _ in range(2):
        move = yield from walk.ask("sarc", "move_offer", offer, **here)
        yield from walk.ask("sarc", "move_withdraw", **here, move_id=move["id"])
    change = {"role": "sapr_va", "leaves": "va", "follows": "va2", "reason": "not_available"}
    yield from walk.ask("sarc", "advocate_change", change, **here)
    yield from walk.ask("va2", "victim_hand_over", **here)
    yield from walk.ask("sarc", "case_va", {"va": "va"}, **here)
    yield from walk.ask("higher", "case_close_from_above", {"number": case["number"]})


def emergency(walk: Walk, case: Answer) -> Going:
    """A colleague needs a case at night."""
    for approve in (False, True):
        asked = yield from walk.ask("va2", "emergency_ask", {"case": case["number"], "reason": "Invented."})
        here = {"request_id": asked["id"]}
        yield from walk.ask("manager", "emergency_waiting")
        yield from walk.ask("manager", "emergency_reason", **here)
        yield from walk.ask("manager", "emergency_decide", {"approve": approve}, **here)
    yield from walk.ask("va2", "case_sealed_open", {"purpose": "emergency"}, case_id=case["id"])
    yield from walk.ask("va2", "emergency_end", **here)
    yield from walk.ask("sarc", "case_emergency_list", case_id=case["id"])
    yield from walk.ask("sarc", "case_sealed_open", {"purpose": "case_work"}, case_id=case["id"])


def exports(walk: Walk) -> Going:
    """Exports of each kind, and every way one ends."""
    recipient = {"recipient": str(pyrage.x25519.Identity.generate().to_public())}
    wanted = recipient | {"purpose": "checking", "fields": ["number", "election"]}
    dsaid = recipient | {"purpose": "checking", "elements": ["report_date"], "form": "csv"}
    yield from walk.ask("sarc", "dsaid_ask", dsaid)
    whole = yield from walk.ask("manager", "open_export_ask", recipient)
    yield from walk.ask("manager", "export_withdraw", export_id=whole["id"])
    row = yield from walk.ask("sarc", "export_ask", wanted)
    yield from walk.ask("manager", "export_refuse", export_id=row["id"])
    for name in ("job_cancel", "export_step"):
        row = yield from walk.ask("sarc", "export_ask", wanted)
        here = {"export_id": row["id"]}
        yield from walk.ask("manager", "export_approve", **here)
        job = yield from walk.ask("sarc", "export_begin", **here)
        yield from walk.ask("sarc", name, job_id=job["id"])
    yield from walk.ask("sarc", "job_get", job_id=job["id"])
    yield from walk.ask("sarc", "export_get", **here)
    yield from walk.ask("sarc", "export_fetch", **here)


def settings(walk: Walk) -> Going:
    """What the installation sets by two persons; deployments; who is told; figures; filters; a calendar."""
    for name in ("change_refuse", "change_approve"):
        row = yield from walk.ask("manager", "change_propose", {"profile": "dated", "read": True})
        yield from walk.ask("manager2", "policy_change_get", change_id=row["id"])
        body = {"read": True} if name == "change_approve" else None
        yield from walk.ask("manager2", name, body, change_id=row["id"])
    row = yield from walk.ask("manager", "change_propose", {"profile": "seed", "read": True})
    yield from walk.ask("manager", "change_withdraw", change_id=row["id"])
    hook = yield from walk.ask(
        "manager", "webhook_register", {"url": f"https://hooks.example/{token_hex(4)}"}
    )
    news = yield from walk.ask("sarc", "news_begin", channel_id=hook["id"])
    yield from walk.ask("sarc", "news_end", subscription_id=news["id"])
    yield from walk.ask("manager", "webhook_end", channel_id=hook["id"])
    yield from walk.ask("manager", "annual_counts", {"fy": int(on()[:4])})
    ripe = (yield from walk.ask("manager", "quarter_figures_get")).get("ripe", [])
    job = yield from walk.ask("manager", "quarter_figures_ask", {"quarter": (ripe or [on()])[0]})
    yield from walk.ask("manager", "job_cancel", job_id=job["id"])
    yield from walk.ask("sarc", "filter_save", {"name": "daily", "wanted": {"stands": "restricted"}})
    yield from walk.ask("sarc", "filter_list")
    yield from walk.ask("sarc", "filter_forget", {"name": "daily"})
    feeds = yield from walk.ask("sarc", "feed_list")
    feed = {"appointment_id": feeds.first()["appointment"]}
    yield from walk.ask("sarc", "feed_make", **feed)
    yield from walk.ask("sarc", "feed_revoke", **feed)
    yield from walk.ask("sarc", "person_find", {"dod_id": "1234567890"})
    yield from walk.ask("sarc", "strength_place", location_id=walk.place("Camp Example"))
    text = (
        f"{COLUMNS}\npeople,Camp Example,{on()[:4]}-01-01,{on()[:4]}-12-31,female,E1-E4,active,member,94,\n"
    )
    table = {"text": text, "compared": True}
    yield from walk.ask("manager", "strength_import", table, location_id=walk.place("Camp Example"))


def staff(walk: Walk) -> Going:
    """Somebody new, appointed by two persons, certified, and gone; a place and a post."""
    word = token_hex(4)
    new = {"username": f"new-{word}", "display_name": "N. Invented", "email": f"{word}@example.mil"}
    person = yield from walk.ask("manager", "user_create", new)
    here = {"user_id": person["id"]}
    yield from walk.ask("manager", "enrolment_create", **here)
    wanted = {"user": new["username"], "post": walk.post("SAPR VA, Camp Example")}
    for name in ("appointment_refuse", "appointment_approve"):
        row = yield from walk.ask("manager", "appointment_create", wanted)
        yield from walk.ask("manager2", "appointment_waiting")
        yield from walk.ask("manager2", name, appointment_id=row["id"])
    yield from walk.ask("manager2", "appointment_end", UNDERSTOOD, appointment_id=row["id"])
    days = {"user": new["username"], "starts_on": on(-1), "ends_on": on(300)}
    row = yield from walk.ask("manager", "certification_record", days)
    yield from walk.ask("manager", "certification_end", UNDERSTOOD, certification_id=row["id"])
    yield from walk.ask("manager", "sessions_end", **here)
    yield from walk.ask("manager", "user_deactivate", UNDERSTOOD, **here)
    place = {"kind": "installation", "name": f"Camp {word}", "zone": "America/New_York"}
    camp = yield from walk.ask("manager", "location_create", place)
    post = {"location": camp["id"], "role": "sarc", "title": f"SARC, Camp {word}"}
    yield from walk.ask("manager", "post_create", post)
