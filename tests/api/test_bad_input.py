"""Bad input: a stable code, a sentence, and not one row more than before. Never a 5xx."""

from datetime import timedelta

import pytest

from tests.api.door import Door, paper, refused, rows, signatures
from tests.world import MEMBER, T0

NARRATIVE_2_MB = "x" * 2_000_000


@pytest.fixture
def unchanged(world):
    """Checks at the end that nobody can see a row that was not there before `unchanged.start()`."""

    class Watch:
        before: dict[str, int] | None = None

        def start(self) -> None:
            self.before = rows(world.sarc, world.commander, world.unit_commander, world.mcio)

    watch = Watch()
    yield watch
    assert watch.before is not None
    assert rows(world.sarc, world.commander, world.unit_commander, world.mcio) == watch.before


@pytest.mark.parametrize(
    ("body", "status", "code", "path"),
    [
        ({"narrative": {"text": NARRATIVE_2_MB}}, 422, "too_long", "text"),
        ({"narrative": {"text": "y" * 4_200_000}}, 413, "too_large", None),
        ({"identity": {"name": "A\x00B"}}, 422, "control_characters", "name"),
        ({"identity": {"name": "bell \x07"}}, 422, "control_characters", "name"),
        ({"identity": {"name": "\ud800"}}, 422, "control_characters", "name"),
        ({"identity": {"name": 10**400}}, 422, "wrong_type", "identity.name"),
        ({"identity": {"name": None}}, 422, "missing", "identity.name"),
        ({"identity": {"name": ["A"]}}, 422, "wrong_type", "identity.name"),
        ({"identity": []}, 422, "wrong_type", "identity"),
        ({"identity": {"nickname": "A"}}, 422, "unknown_field", "identity.nickname"),
        ({"identity": {"dod_id": "12345"}}, 422, "bad_dod_id", "dod_id"),
        ({"identity": {"unit_commander_post": "the boss"}}, 422, "unknown_value", "unit_commander_post"),
        ({"narrative": {"incident_on": "yesterday"}}, 422, "bad_date", "incident_on"),
        ({"narrative": {"incident_on": "2026-03-04"}}, 422, "in_the_future", "incident_on"),
        ({"narrative": {"place": "the blue hangar"}}, 422, "unknown_value", "place"),
        ({"source": "the grapevine"}, 422, "unknown_value", "details.from"),
        ({"sources": "self"}, 422, "unknown_field", "sources"),
        ({"\ud800": 1}, 422, "unknown_field", "?"),
        ({"x" * 5000: 1}, 422, "unknown_field", None),
        ([], 422, "wrong_type", None),
        ("text", 422, "wrong_type", None),
        (12, 422, "wrong_type", None),
        (b"{", 400, "malformed", None),
        (b"\xff\xfe{}", 400, "malformed", None),
        (b'{"source": NaN}', 400, "malformed", None),
        (b'{"source": Infinity}', 400, "malformed", None),
        (b'{"source": "self", "source": "other"}', 400, "malformed", None),
        (b"[" * 200_000 + b"]" * 200_000, 400, "malformed", None),
        (b'{"identity": {"name": ' + b"9" * 10_000 + b"}}", 400, "malformed", None),
        (b'{"identity": {"name": 1e999}}', 422, "wrong_type", "identity.name"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_contact_is_refused(world, door, unchanged, body, status, code, path):
    unchanged.start()
    problem = refused(door.post("contacts", body), status, code)
    if path is not None:
        assert problem["path"] == path
    assert len(str(problem)) < 2000


def test_other_content_types_and_methods_are_refused(world, door):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        refused(door.post("contacts", b"a=b", content_type=kind), 415, "unsupported_media_type")
    # The charset is not the sender's to choose; nonsense there changes nothing.
    for charset in ("base64", "zip", "utf-16", "nonsense"):
        answer = door.post(
            "contacts", {"source": "self"}, content_type=f"application/json; charset={charset}"
        )
        assert answer.status_code == 201
    for method in ("PUT", "DELETE", "OPTIONS", "GET", "INITIAL", "VERB"):
        refused(door.ask(method, "contacts"), 405, "method_not_allowed")
    # There is one representation, whatever is asked for.
    assert door.get("cases?limit=1", headers={"Accept": "text/html"}).status_code == 200


def test_a_body_in_chunks_is_refused_and_not_lost(world, door, unchanged):
    unchanged.start()
    answer = door.post("contacts", b"", headers={"Transfer-Encoding": "chunked"})
    refused(answer, 411, "length_required")


def test_an_unknown_address_is_the_same_not_found(world, door):
    bodies = {
        refused_answer.content
        for path in ("cases/12", "cases/not-a-uuid", "cases/", "nothing/%ff%00", f"cases/{world.sarc.pk}")
        for refused_answer in [door.get(path)]
        if refused(refused_answer, 404, "not_found")
    }
    assert len(bodies) == 1


FACTS = [
    ({"statuses": ["astronaut"]}, "unknown_value", "statuses[0]"),
    ({"statuses": "service_member"}, "wrong_type", "statuses"),
    ({"statuses": [[]]}, "wrong_type", "statuses[0]"),
    ({"age": "24"}, "wrong_type", "age"),
    ({"age": 10**300}, "wrong_type", "age"),
    ({"age": 24.0}, "wrong_type", "age"),
    ({"age": -1}, "wrong_type", "age"),
    ({"deployed": 1}, "wrong_type", "deployed"),
    ({"told": None}, "wrong_type", "told"),
    ({"shoe_size": 9}, "unknown_fact", "shoe_size"),
    ({"\ud800\x00": 9}, "unknown_fact", None),
    ({"statuses": ["service_member", "contractor"], "age": 15}, "impossible_facts", "age"),
    ([], "wrong_type", "facts"),
    (None, "missing", "facts"),
]


@pytest.mark.parametrize(("facts", "code", "path"), FACTS, ids=lambda value: str(value)[:40])
def test_facts_are_refused(world, door, unchanged, facts, code, path):
    case = world.contact()
    unchanged.start()
    for answer in (
        door.post("eligibility", {"facts": facts, "on": "2026-03-02"}),
        door.post(f"cases/{case.pk}/eligibility", {"facts": facts}),
    ):
        problem = refused(answer, 422, code)
        if path is not None:
            assert problem["path"] == path


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"facts": {}}, "missing"),
        ({"facts": {}, "on": "2026-02-30"}, "wrong_type"),
        ({"facts": {}, "on": "02.03.2026"}, "wrong_type"),
        ({"facts": {}, "on": 20260302}, "wrong_type"),
        ({"facts": {}, "on": "2004-12-31"}, "date_out_of_range"),
        ({"facts": {}, "on": "0001-01-01"}, "date_out_of_range"),
        ({"facts": {}, "on": "9999-12-31"}, "date_out_of_range"),
        ({"facts": {}, "on": "2026-03-02", "profile": "wishful"}, "unknown_value"),
        ({"facts": {}, "on": "2026-03-02", "profile": 7}, "wrong_type"),
    ],
    ids=str,
)
def test_a_stateless_question_is_refused(world, door, body, code):
    refused(door.post("eligibility", body), 422, code)


def test_missing_facts_close_the_option_and_are_named(world, door):
    case = world.contact()
    decision = door.done(f"cases/{case.pk}/eligibility", {"facts": {}}, 201)
    assert decision["missing"][0]["fact"] == "statuses"
    answer = door.post(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted")))
    assert refused(answer, 409, "option_barred")


@pytest.mark.parametrize(
    ("changed", "status", "code", "path"),
    [
        ({"victim_signed_at": "2026-03-02T10:00:00"}, 422, "naive_time", "victim_signed_at"),
        ({"victim_signed_at": "2026-03-02"}, 422, "wrong_type", "victim_signed_at"),
        ({"victim_signed_at": "2026-13-02T10:00:00Z"}, 422, "wrong_type", "victim_signed_at"),
        ({"victim_signed_at": 1772463600}, 422, "wrong_type", "victim_signed_at"),
        ({"victim_signed_at": "0001-01-01T00:00:00+14:00"}, 422, "date_out_of_range", "victim_signed_at"),
        ({"victim_signed_at": "9999-12-31T23:59:59-12:00"}, 422, "date_out_of_range", "victim_signed_at"),
        ({"victim_signed_at": "2004-12-31T23:59:59Z"}, 422, "date_out_of_range", "victim_signed_at"),
        ({"victim_signed_at": "2026-03-02T15:00:01Z"}, 422, "in_the_future", "victim_signed_at"),
        ({"advocate_signed_at": "2026-03-02T15:00:01Z"}, 422, "in_the_future", "advocate_signed_at"),
        ({"victim_signature": ""}, 422, "missing", "victim_signature"),
        ({"advocate_signature": " "}, 422, "missing", "advocate_signature"),
        ({"initials": {}}, 422, "initials_missing", None),
        ({"initials": {"copy": 1}}, 422, "wrong_type", "initials.copy"),
        ({"initials": {"copy": "x" * 99}}, 422, "too_long", "initials.copy"),
        ({"initials": {"\ud800": "ZC"}}, 422, "unknown_field", None),
        ({"edition": "1999-01-01"}, 422, "wrong_edition", "edition"),
        ({"election": "secret"}, 422, "unknown_option", "election"),
        ({"election": ["restricted"]}, 422, "wrong_type", "election"),
        ({"late_reason": "x" * 150}, 422, "unknown_value", "late_reason"),
        ({"hurry": True}, 422, "unknown_field", "hurry"),
    ],
    ids=str,
)
def test_a_signing_is_refused(world, door, unchanged, changed, status, code, path):
    case = world.decided()
    unchanged.start()
    answer = door.post(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted")) | changed)
    problem = refused(answer, status, code)
    if path is not None:
        assert problem["path"] == path


def test_a_late_paper_form_needs_a_reason(world, door, unchanged):
    signed_at = T0 - timedelta(hours=30)
    case = world.decided(at=T0 - timedelta(hours=31))
    unchanged.start()
    answer = door.post(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted", signed_at)))
    refused(answer, 422, "late_reason_needed")


def test_nothing_is_signed_before_the_rules_were_asked_or_without_a_name(world, door, unchanged):
    asked, nameless = world.contact(), door.done("contacts", {}, 201)["id"]
    door.done(f"cases/{nameless}/eligibility", {"facts": MEMBER}, 201)
    unchanged.start()
    body = paper(world.paper(asked, "restricted"))
    refused(door.post(f"cases/{asked.pk}/sign", body), 409, "not_decided")
    refused(door.post(f"cases/{nameless}/sign", body), 422, "name_needed")


def test_an_election_is_signed_once(world, door, unchanged):
    case = world.decided()
    body = paper(world.paper(case, "restricted"))
    door.done(f"cases/{case.pk}/sign", body, 201)
    unchanged.start()
    refused(door.post(f"cases/{case.pk}/sign", body), 409, "already_signed")
    refused(door.post(f"cases/{case.pk}/walk-away"), 409, "already_signed")


def test_a_barred_option_is_refused_in_the_rules_own_words(world, door, unchanged):
    facts = MEMBER | {"told": ["chain_of_command"], "victim_reported_to_law_enforcement": True}
    facts |= {"investigation": "open", "sarc_knew_before_election": True}
    case = world.decided(facts=facts)
    unchanged.start()
    problem = refused(
        door.post(f"cases/{case.pk}/sign", paper(world.paper(case, "restricted"))), 409, "option_barred"
    )
    assert "BL-06" in problem["rule"]


def test_a_report_is_converted_once_and_never_back(world, door, unchanged):
    report = world.signed("restricted", at=T0 - timedelta(hours=2))
    path = f"cases/{report.case_id}"
    early = signatures(T0 - timedelta(hours=3))
    refused(door.post(f"{path}/convert", early), 422, "before_the_report")
    door.done(f"{path}/convert", signatures(T0))
    unchanged.start()
    refused(door.post(f"{path}/convert", signatures(T0)), 409, "not_convertible")


def test_what_is_unrestricted_or_unsigned_is_not_converted(world, door, unchanged):
    contact, report = world.contact(), world.signed("unrestricted")
    unchanged.start()
    refused(door.post(f"cases/{contact.pk}/convert", signatures(T0)), 409, "no_report")
    refused(door.post(f"cases/{report.case_id}/convert", signatures(T0)), 409, "not_convertible")


def test_steps_kits_and_assignments_are_refused(world, door, unchanged):
    contact, report = world.contact(), world.signed("restricted")
    number = door.done(f"cases/{report.case_id}/evidence-number", None, 201)["number"]
    unchanged.start()
    path = f"cases/{report.case_id}"
    refused(door.post(f"{path}/steps", {"kind": "report_signed"}), 422, "unknown_step")
    refused(door.post(f"{path}/steps", {"kind": "\ud800"}), 422, "unknown_step")
    refused(door.post(f"{path}/steps", {"kind": {}}), 422, "wrong_type")
    refused(door.post(f"{path}/steps", {"kind": "safe_offered"}), 422, "missing")
    refused(
        door.post(f"{path}/steps", {"kind": "safe_offered", "details": {"answer": "perhaps"}}),
        422,
        "unknown_value",
    )
    refused(
        door.post(f"{path}/steps", {"kind": "safe_offered", "details": {"why": "x"}}), 422, "unknown_value"
    )
    refused(door.post(f"{path}/steps", {"kind": "safe_offered", "details": ["x"]}), 422, "wrong_type")
    refused(door.post(f"{path}/steps", {"kind": "investigation_opened"}), 409, "step_does_not_fit")
    refused(door.post(f"cases/{contact.pk}/evidence-number"), 409, "no_report")
    refused(door.post(f"{path}/evidence-number", {"number": number}), 422, "unknown_field")
    refused(door.post(f"{path}/kits/seal", {"number": "\ud800"}), 422, "bad_control_number")
    refused(door.post(f"{path}/kits/seal", {"number": "X" * 900_000}), 422, "bad_control_number")
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    refused(door.post(f"{path}/kits/seal", {"number": wrong}), 422, "bad_check_character")
    refused(door.post(f"cases/{contact.pk}/kits/seal", {"number": number}), 422, "not_this_case")
    refused(door.post(f"{path}/kits/to-mcio", {"number": number}), 409, "restricted")
    for nobody in ("nobody", "commander", "sarc"):
        assert refused(door.post(f"{path}/va", {"va": nobody}), 422, "not_a_va")
    refused(door.post(f"{path}/va", {"va": "a\x00b"}), 422, "control_characters")
    refused(door.post(f"{path}/va", {"va": "\ud800"}), 422, "control_characters")
    refused(door.post(f"{path}/sealed", {"purpose": "curiosity"}), 422, "unknown_purpose")


def test_a_release_is_refused(world, door, unchanged):
    world.signed("restricted")
    [notice] = door.read("notices")["items"]
    unchanged.start()
    path = f"notices/{notice['id']}/release"
    for digest in ("", "0" * 64, "ä", "\ud800", "x" * 100_000):
        refused(door.post(path, {"minimal": True, "sha256": digest}), 409, "bytes_changed")
    refused(door.post(path, {"minimal": "true", "sha256": "x"}), 422, "wrong_type")
    refused(door.post(path, {"minimal": True}), 422, "missing")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=x", "limit=" + "9" * 5000, "cursor=%00", "cursor=%FF", "cursor=W10",
        "cursor=e30", "cursor=" + "A" * 5000, "colour=red",
        "cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwgIjAwIl0",
    ],
)  # fmt: skip
def test_a_page_is_refused(world, door, query):
    for path in ("cases", "duties", "notices", "inbox"):
        answer = door.get(f"{path}?{query}")
        assert answer.status_code == 422, answer.content
        refused(answer, 422, answer.json()["code"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing"),
        ("form=DD%202910", "missing"),
        ("form=DD%202911&on=2026-03-02", "unknown_value"),
        ("form=%00&on=2026-03-02", "unknown_value"),
        ("form=DD%202910&on=1999-01-01", "date_out_of_range"),
        ("form=DD%202910-8&on=2020-01-01", "date_out_of_range"),
    ],
)
def test_a_form_edition_is_refused(world, door, query, code):
    refused(door.get(f"form-editions?{query}"), 422, code)


def test_a_defect_of_ours_says_nothing(world, door, monkeypatch):
    from reports.casework import apis

    def broken(**kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(apis.services, "counts_by_option", broken)
    answer = door.get("counts")
    refused(answer, 500, "internal")
    assert b"secret" not in answer.content


def test_a_key_that_does_not_hold_opens_nothing(world):
    door = Door(None)
    for value in ("", "Bearer", "Bearer x", "Bearer a b", "Bearer \xff", "Basic eDp5"):
        answer = door.get("cases", headers={"Authorization": value})
        refused(answer, 401, "not_signed_in")
        assert answer["WWW-Authenticate"] == "Bearer"
