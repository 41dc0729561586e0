"""A kit handed from the SARC to the MCIO by scanner, and an evening of the group: keyboard only."""

import pytest
from selenium.webdriver.common.keys import Keys

from reports import access
from reports.casework.services import va_assign
from reports.evidence.services import kit_number_issue, kit_seal
from reports.models import Custody, Minutes
from tests.meeting.ways import called
from tests.times import T0

pytestmark = pytest.mark.browser


def focus(desk) -> str:
    """The name of the field that has the focus."""
    return desk.focused().get_attribute("name")


@pytest.mark.long
def test_kh_09_and_cmg_26_by_keyboard_alone(desk, stage) -> None:
    """In one browser, which is what costs."""
    kh_09_a_kit_changes_hands_by_scanner(desk, stage)
    cmg_26_an_evening_of_the_group_from_the_agenda_to_the_last_minutes(desk, stage)
    assert desk.complaints() == []


def kh_09_a_kit_changes_hands_by_scanner(desk, stage) -> None:
    world = stage.world
    report = world.signed("unrestricted")
    _, number = kit_number_issue(actor=world.sarc, case_id=report.case_id, at=T0)
    kit = kit_seal(actor=world.sarc, case_id=report.case_id, number=number, at=T0)
    desk.sign_in("sarc")
    desk.driver.get(f"{desk.site}/admin/shelf/")
    assert focus(desk) == "number"
    desk.press(number[:-1] + ("0" if number[-1] != "0" else "1"))
    assert "was misread" in desk.text()
    # The refusal's own status, and nothing else.
    assert [line.endswith("(Unprocessable Entity)") for line in desk.complaints()] == [True]
    desk.press(number.replace("-", "").lower())
    assert focus(desk) == "to"
    desk.press("TO-MCIO-INVESTIGATE")
    assert focus(desk) == "seal_number"
    desk.press("S-17")
    assert focus(desk) == "condition"
    desk.press(Keys.SPACE)
    assert "Scan the next one" in desk.text()
    assert focus(desk) == "number"

    desk.sign_in("mcio")
    desk.driver.get(f"{desk.site}/admin/shelf/")
    desk.press(number)
    assert focus(desk) == "seal_number"
    desk.press("S-17")
    desk.press(Keys.SPACE)
    assert "You have it" in desk.text()
    assert number in desk.test_id("shelf-posts").text
    with access.viewing(world.sarc):
        hop = Custody.objects.get(card=kit.card_id, to_post=world.posts["mcio"])
    assert (hop.state, hop.condition_found, hop.seal_number) == ("accepted", "good", "S-17")


def cmg_26_an_evening_of_the_group_from_the_agenda_to_the_last_minutes(desk, stage) -> None:
    world = stage.world
    second = world.signed("unrestricted").case
    va_assign(actor=world.sarc, case_id=second.pk, va=world.va, at=T0)
    meeting = called(world)
    desk.sign_in("sarc")
    desk.driver.get(f"{desk.site}/admin/meetings/{meeting.pk}/")
    desk.go("evening")
    first = desk.find("[data-test=case-now] .number").text
    # The next case has the focus: Enter goes on, and the last one has no next.
    desk.press()
    assert desk.find("[data-test=case-now] .number").text != first
    assert "Case 2 of 2" in desk.test_id("case-now").text
    assert not desk.all("[data-test=after]")
    desk.tick("present", str(world.sarc.pk))
    desk.tick("members", "chaplain")
    desk.fill("[data-test=hold]", chair=str(world.commander.pk), chair_seat="installation_commander")
    desk.tick("delegated", "no")
    desk.tick("member_or_dod_civilian", "yes")
    desk.go("submit-hold")
    for place in (1, 2):
        assert f"Case {place} of 2" in desk.test_id("case-now").text
        # From the first question, which has the focus, to the last button: letters, arrows, space, tab, Enter.
        assert focus(desk).startswith("CMG-")
        while True:
            field = desk.focused()
            if field.tag_name == "button":
                break
            kind = field.get_attribute("type")
            if field.tag_name == "select":
                field.send_keys("D" if field.get_attribute("name").startswith("CMG-") else "Victim's SAPR")
            elif kind == "radio":
                field.send_keys(Keys.SPACE)
            elif field.tag_name == "textarea":
                field.send_keys("Invented words of an invented case.")
            field.send_keys(Keys.TAB)
        desk.press()
    assert desk.text().count("minutes kept") == 2
    assert "in 3 days" in desk.test_id("opened").text
    with access.viewing(world.sarc):
        assert Minutes.objects.filter(told_by="victims_va").count() == 2
