"""The way through cases: contacts and what becomes of them, papers, kits, matters, exceptions, the end."""

from typing import Any

from bench.fuzz.going import Answer, Going, Walk, details, election, election_again, now, paper, signatures
from bench.fuzz.going import day as on

# The example person of the rules: active duty, told nobody.
MEMBER = {
    "statuses": ["service_member"], "age": 24, "offender_relationship": "none", "told": [],
    "victim_reported_to_law_enforcement": False, "investigation": "none", "prior_election": "none",
}  # fmt: skip
GOOD = {"seal_intact": True, "condition": "good"}
SURE = {"nothing_open": True, "for_ever": True}


def contact(walk: Walk) -> Going:
    """Somebody comes and may sign; the case."""
    who = {"name": "Invented Victim", "dod_id": "1234567890", "grade": "E-4", "sex": "female"}
    who |= {"unit_commander_post": walk.post("Commander, 1st Sample Company")}
    told = {"text": "Invented.", "incident_on": on(-3), "place": "on_installation", "offence": "contact"}
    case = yield from walk.ask("va", "contact_open", {"source": "self", "identity": who, "narrative": told})
    yield from walk.ask(
        "va", "contact_complete", {"identity": {"name": "Invented Person"}}, case_id=case["id"]
    )
    yield from walk.ask("va", "case_eligibility", {"facts": MEMBER}, case_id=case["id"])
    return case


def report(walk: Walk, option: str) -> Going:
    """A signed report; the case."""
    case = yield from contact(walk)
    yield from walk.ask("va", "case_sign", election(option), case_id=case["id"])
    return case


def no_reports(walk: Walk) -> Going:
    """What becomes no report: walked away and erased, an inquiry, what the MCIO says alone."""
    case = yield from contact(walk)
    here = {"case_id": case["id"]}
    for name in ("decision_open", "election_preview", "contact_walk_away", "case_closing", "keeping_get"):
        yield from walk.ask("sarc", name, **here)
    hold = yield from walk.ask("sarc", "hold_place", {"reason": "appeal"}, **here)
    yield from walk.ask("sarc", "hold_lift", **here, hold_id=hold["id"])
    row = yield from walk.ask("sarc", "erasure_propose", SURE, **here)
    yield from walk.ask("sarc", "erasure_withdraw", **here, erasure_id=row["id"])
    for name, body in (("erasure_refuse", None), ("erasure_approve", {"for_ever": True})):
        row = yield from walk.ask("sarc", "erasure_propose", SURE, **here)
        yield from walk.ask("manager", "erasure_get", erasure_id=row["id"])
        yield from walk.ask("manager", name, body, erasure_id=row["id"])
    case = yield from contact(walk)
    yield from walk.ask("sarc", "inquiry_log", {}, case_id=case["id"])
    said = {"narrative": {"text": "Invented."}, "identity": {"name": "Invented Person"}}
    yield from walk.ask("sarc", "limited_case_open", said)


def papers(walk: Walk, case: Answer, option: str) -> Going:
    """Signed, replaced, corrected, drawn, handed out, copied."""
    here = {"case_id": case["id"]}
    yield from walk.ask("sarc", "case_forms_to_sign", query={"limit": 100}, **here)
    signed = yield from walk.ask("sarc", "form_sign", {"form": "DD 2910-2"} | paper("DD 2910-2"), **here)
    yield from walk.ask("sarc", "form_document", **here, form_id=signed["id"])
    yield from walk.ask("sarc", "form_replace_lost", paper("DD 2910-1") | {"remote": True}, **here)
    forms = yield from walk.ask("sarc", "case_forms", **here)
    old = forms.first(form="DD 2910")
    yield from walk.ask("sarc", "case_form_sheet", **here, form_id=old["id"])
    yield from walk.ask("sarc", "form_correct", election_again(option), **here, form_id=old["id"])
    yield from walk.ask("sarc", "hand_out_give", {"form": "DD 2701", "given_to": "victim"}, **here)
    copy = yield from walk.ask("sarc", "copy_request", {"form": "DD 2910", "delivery": "in_person"}, **here)
    yield from walk.ask("sarc", "copy_give", {}, **here, request_id=copy["id"])


def kit(walk: Walk, case: Answer) -> Going:
    """A kit from its number to the evidence room, on hold there and free again."""
    here = {"case_id": case["id"]}
    number = yield from walk.ask("sarc", "case_evidence_number", **here)
    row = (yield from walk.ask("sarc", "case_kits", **here)).first()
    this, card = here | {"kit_id": row["id"]}, {"card_id": row["card"]}
    for name in ("case_kit", "kit_number_open"):
        yield from walk.ask("sarc", name, **this)
    yield from walk.ask("sarc", "label_draw", {"printer": False}, **this)
    yield from walk.ask("sarc", "kit_seal", {"number": number["number"]}, **here)
    item = yield from walk.ask("sarc", "item_add", {"kind": "clothing"}, **this)
    yield from walk.ask("sarc", "property_ask", {"on_dd_2910_3": True}, **here, item_id=item["id"])
    ways = (yield from walk.ask("sarc", "card", **card)).get("ways", [])
    way: Any = next((each for each in ways if each["receiver"] == "custodian"), {})
    offer = GOOD | {"seal_number": "S-1", "receipt": "", "photo_sha256": ""}
    offer |= {name: way.get(name) for name in ("receiver", "purpose", "to_post")}
    yield from walk.ask("sarc", "evidence_offer", offer, **card)
    yield from walk.ask("sarc", "evidence_take_back", {}, **card)
    for name, body in (("evidence_refuse", {}), ("evidence_accept", GOOD)):
        hop = yield from walk.ask("sarc", "evidence_offer", offer, **card)
        yield from walk.ask("custodian", "custody_offered")
        yield from walk.ask("custodian", name, body, hop_id=hop["id"])
    yield from walk.ask("sarc", "property_return", **here, item_id=item["id"])
    yield from walk.ask("custodian", "card_find", {"number": number["number"]})
    for name in ("card", "card_custody", "card_stages", "card_holds", "held"):
        yield from walk.ask("custodian", name, **({} if name == "held" else card))
    yield from walk.ask("custodian", "evidence_stage", {"stage": "freezer"}, **card)
    hold = yield from walk.ask("custodian", "kit_hold_place", {"reason": "appeal"}, **card)
    yield from walk.ask("custodian", "kit_hold_lift", **card, hold_id=hold["id"])


def kit_to_mcio(walk: Walk, case: Answer) -> Going:
    """A kit of an Unrestricted report, whose label has a name."""
    here = {"case_id": case["id"]}
    number = yield from walk.ask("sarc", "case_evidence_number", **here)
    row = (yield from walk.ask("sarc", "case_kits", **here)).first()
    yield from walk.ask("sarc", "kit_seal", {"number": number["number"]}, **here)
    yield from walk.ask("sarc", "kit_hand_to_mcio", {"number": number["number"]}, **here)
    hop = (yield from walk.ask("mcio", "custody_offered", query={"limit": 100})).first(card=row["card"])
    yield from walk.ask("mcio", "evidence_accept", GOOD, hop_id=hop["id"])
    yield from walk.ask("mcio", "kit_name_open", card_id=row["card"])


def catch(walk: Walk, case: Answer) -> Going:
    """CATCH, from joining to leaving."""
    here = {"case_id": case["id"]}
    wish = {"consents": True, "details": "By mail."}
    yield from walk.ask("sarc", "catch_explain", {}, **here)
    join = {"answers": {"entry_names_victim": False}, "form_signed": False} | wish
    yield from walk.ask("sarc", "catch_join", join, **here)
    used = yield from walk.ask("sarc", "catch_credentials_issue", {"user_name": "entry-77"}, **here)
    this = here | {"credentials_id": used["id"]}
    yield from walk.ask("sarc", "catch_credentials_use", {}, **this)
    match = yield from walk.ask("sarc", "catch_match", {}, **here)
    yield from walk.ask("sarc", "catch_get", **here)
    yield from walk.ask("sarc", "catch_details_open", {"purpose": "case_work"}, **here)
    yield from walk.ask("sarc", "catch_user_name_open", {"purpose": "case_work"}, **this)
    told = {"only_details_given": True}
    yield from walk.ask("sarc", "catch_match_tell", told, **here, match_id=match["match"])
    yield from walk.ask("sarc", "catch_credentials_close", {}, **this)
    yield from walk.ask("sarc", "catch_wish", wish, **here)
    yield from walk.ask("sarc", "catch_leave", {}, **here)


def exceptions(walk: Walk, case: Answer) -> Going:
    """An exception by its steps, one in doubt that the commander decides, and a leak."""
    here = {"case_id": case["id"]}
    proposed = {
        "exception": "EX-2", "answers": {"threat_serious": True, "threat_imminent": True},
        "scope": ["identity", "contact"], "recipient": "law_enforcement",
    }  # fmt: skip
    advice = {"office": "staff_judge_advocate", "privilege": "excepted"}
    made = {"fields": ["identity"], "minimum_only": True, "recipient_needs_to_know": True}
    for says in ("agree", "doubt"):
        row = yield from walk.ask("sarc", "exception_propose", proposed, **here)
        this = here | {"disclosure_id": row["id"]}
        yield from walk.ask("sarc", "exception_advise", advice | {"advice": says}, **this)
        if says == "agree":
            yield from walk.ask("sarc", "disclosure_make", made, **this)
            yield from walk.ask("sarc", "disclosure_tell", {}, **this)
    waiting = (yield from walk.ask("commander", "statement_list")).first()
    yield from walk.ask("commander", "statement_get", statement_id=waiting["id"])
    yield from walk.ask("commander", "exception_decide", {"decision": "withhold"}, statement_id=waiting["id"])
    leak = yield from walk.ask("sarc", "leak_find", {"reached": ["commander"]}, **here)
    yield from walk.ask("sarc", "leak_hand_on", {}, **here, leak_id=leak["leak"])


def matters(walk: Walk, case: Answer) -> Going:
    """One of every kind that opens so, with its next step; participation; closed and opened again."""
    here = {"case_id": case["id"]}
    kinds = yield from walk.ask("sarc", "matter_kinds")
    for kind in kinds["items"] if isinstance(kinds["items"], list) else ():
        first = next((step for step in kind["steps"] if "" in step["comes_from"]), {"step": ""})
        opens = {"kind": kind["kind"], "step": first["step"], "details": details(first), "at": now()}
        sealed = {"sealed": dict.fromkeys(kind["sealed"], "Invented.")} if kind["sealed"] else {}
        row = yield from walk.ask("sarc", "matter_open", opens | sealed, **here)
        this = here | {"matter_id": row["id"]}
        if row.get("sealed"):
            yield from walk.ask("sarc", "matter_sealed_open", **this)
        for step in (step for step in kind["steps"] if step["step"] in (row.get("steps") or [])[:1]):
            taken = {"step": step["step"], "details": details(step), "at": now()}
            yield from walk.ask("sarc", "matter_step", taken, **this)
        yield from walk.ask("sarc", "case_matter", **this)


def the_end(walk: Walk, case: Answer) -> Going:
    """The victim's own no, the investigation's end, the case's end, and that it is opened again."""
    here = {"case_id": case["id"]}
    for kind in ("investigation_opened", "investigation_closed", "vwap_explained"):
        yield from walk.ask("sarc", "case_step", {"kind": kind}, **here)
    yield from walk.ask("sarc", "participation_decline", {"letter": "section_540K"}, **here)
    yield from walk.ask("sarc", "participation_resume", {}, **here)
    yield from walk.ask("sarc", "case_step", {"kind": "final_disposition_decided"}, **here)
    stated = {"referrals_complete": True, "under_cmg_review": False, "investigation_complete": True}
    stands = yield from walk.ask("sarc", "case_closing", **here)
    asked = {name: stated.get(name, True) for name in stands.get("asked", ())}
    yield from walk.ask("sarc", "case_close", {"answers": asked}, **here)
    yield from walk.ask("sarc", "case_reopen", {"reason": "victim_asked"}, **here)


def converted(walk: Walk, case: Answer) -> Going:
    """A Restricted report becomes Unrestricted by what was prepared."""
    shown = yield from walk.ask("sarc", "conversion_prepare", case_id=case["id"])
    body = signatures() | {"confirmation": shown["confirmation"]}
    yield from walk.ask("sarc", "case_convert", body, case_id=case["id"])
    yield from walk.ask("sarc", "knowledge_shown", {}, case_id=case["id"])
