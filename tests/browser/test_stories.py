"""The two worked examples of the programme's page, done at the desk by hand in a real browser."""

import pytest

from notifications.models import Notice
from reports import access, policy
from reports.ledger.models import Event
from sapr import clock
from tests.processes import wait_until
from tests.times import T0
from tests.world import CANARIES

pytestmark = pytest.mark.browser


def contact(desk, world) -> None:
    """The SARC hears from the hospital, opens the contact and assigns the SAPR VA."""
    desk.sign_in("sarc")
    desk.go("new-contact")
    desk.fill(
        source="healthcare",
        name=CANARIES["name"],
        phone=CANARIES["phone"],
        text=CANARIES["text"],
        unit_commander_post=str(world.posts["unit_commander"].pk),
    )
    desk.tick("place", "on_installation")
    desk.go("submit")
    # The intake goes on with the questions; here the SAPR VA asks them.
    desk.go("to-case")
    desk.go("link-assign")
    desk.fill(va=str(world.va.pk))
    desk.go("submit")


def explain_and_sign(desk, option: str) -> str:
    """The SAPR VA asks, shows both options, and takes the signatures. Returns the case's number."""
    desk.sign_in("va")
    desk.driver.get(f"{desk.site}/admin/")
    desk.find("[data-test=contact-row] a.number").click()
    number = desk.test_id("case-number").text
    desk.go("link-steps")
    desk.go("record-options_explained")
    desk.go("link-questions")
    desk.tick("statuses", "service_member")
    desk.fill(age="24")
    desk.tick("told", "_nobody")
    desk.go("submit")
    for name in ("restricted", "unrestricted"):
        assert "Open" in desk.test_id(f"option-{name}").text
    desk.go("go-sign")
    desk.tick("election", option)
    edition = policy.form_edition("DD 2910", T0.date())
    for line in edition.acknowledgements:
        if option in line.options:
            desk.fill(**{f"initials-{line.key}": "ZC"})
    desk.fill(victim_signature=CANARIES["name"], advocate_signature="Va Invented")
    desk.go("submit")
    desk.go("to-case")
    return number


def step(desk, kind: str, **details: str) -> None:
    desk.go("link-steps")
    desk.fill(f"#step-{kind}", **details)
    desk.go(f"record-{kind}")


def kit(desk, *, hand: bool) -> str:
    desk.go("link-evidence")
    desk.go("issue")
    number = desk.test_id("evidence-number").text
    desk.driver.get(desk.driver.current_url)
    desk.fill("[data-test=seal-form]", number=number)
    desk.go("seal")
    if hand:
        desk.fill("[data-test=hand-form]", number=number)
        desk.go("hand")
    return number


def events(world) -> set[str]:
    with access.viewing(world.sarc):
        return set(Event.objects.values_list("kind", flat=True))


def open_inbox(desk, person: str) -> str:
    desk.sign_in(person)
    desk.go("inbox-open")
    return desk.test_id("inbox-text").text


def test_the_restricted_example(desk, stage) -> None:
    world = stage.world
    world.strength(5000)
    contact(desk, world)
    number = explain_and_sign(desk, "restricted")
    step(desk, "safe_offered", answer="accepted")
    step(desk, "provider_advised")
    evidence = kit(desk, hand=False)
    desk.sign_in("sarc")
    assert number in desk.text()
    desk.go("review-notice")
    words = desk.find("section.wording pre").text
    for secret in (*CANARIES.values(), number, evidence):
        assert secret not in words
    desk.find("section.wording form button").click()
    assert desk.test_id("slot").text
    with access.viewing(world.sarc):
        slot = Notice.objects.get().slot
    desk.sign_in("commander")
    assert not desk.all("[data-test=inbox-row]")
    clock.move(slot, hold=True)
    wait_until(lambda: "commander_notice_placed" in events(world), "the worker to place the notice")
    text = open_inbox(desk, "commander")
    assert text.split() == words.split()
    desk.go("inbox-acknowledge")
    for other in ("unit_commander", "mcio"):
        desk.sign_in(other)
        assert not desk.all("[data-test=inbox-row]")
    assert {
        "referral_received", "va_assigned", "options_explained", "options_decided", "report_signed",
        "safe_offered", "provider_advised", "kit_number_issued", "kit_sealed", "notice_released",
        "commander_notice_placed", "duty_discharged",
    } <= events(world)  # fmt: skip
    assert desk.complaints() == []


def test_the_unrestricted_example(desk, stage) -> None:
    world = stage.world
    contact(desk, world)
    explain_and_sign(desk, "unrestricted")
    step(desk, "counsel_explained", answer="wanted")
    step(desk, "investigation_opened")
    step(desk, "safe_offered", answer="accepted")
    kit(desk, hand=True)
    placed = {"mcio_notice_placed", "unit_commander_notice_placed", "commander_details_placed"}
    wait_until(lambda: placed <= events(world), "the worker to place the three notices")
    for person in ("mcio", "unit_commander", "commander"):
        assert CANARIES["name"] in open_inbox(desk, person)
    assert {"investigation_opened", "kit_to_mcio", "duty_discharged"} <= events(world)
    assert desk.complaints() == []
