"""What happens to a case, done at the desk in a real browser: a conversion with its preview; a look in an emergency."""

import re

import pytest

from accounts.factors.services import codes_renew
from accounts.services import password_issue
from reports import access
from reports.models import Case
from tests.browser.test_stories import events, open_inbox
from tests.signed_in import app_of
from tests.times import T0
from tests.world import CANARIES

pytestmark = pytest.mark.browser
REASON = "The advocate is in surgery and the canary calls."


def converted_as_previewed(desk, world, page: str) -> None:
    """The SARC is shown every office and every word, converts, and what was shown is what arrives."""
    desk.sign_in("sarc")
    desk.driver.get(page)
    desk.go("link-convert")
    desk.go("prepare")
    assert {"VIS-07", "VIS-08", "VIS-10"} <= set(re.findall(r"VIS-\d\d", desk.test_id("offices").text))
    shown = {each.text for each in desk.all("[data-test=preview] pre")}
    assert len(shown) == 3
    assert all(CANARIES["name"] in each for each in shown)
    # Not confirmed: nothing happens, and what was typed is kept.
    desk.fill(victim_signature=CANARIES["name"], advocate_signature="Sarc Invented")
    desk.go("submit")
    assert "report_converted" not in events(world)
    desk.find("[name=confirm]").click()
    desk.go("submit")
    assert "report_converted" in events(world)
    assert not desk.all("[data-test=link-convert]")
    arrived = open_inbox(desk, "mcio")
    assert arrived.split() in [each.split() for each in shown]


def looked_in_an_emergency(desk, world, page: str, number: str) -> None:
    """A SARC of elsewhere asks, a programme manager reads the reason and approves, the asker opens the sealed part."""
    stranger = world.stranger
    desk.passwords["stranger"] = password_issue(user=stranger, actor=None, at=T0)
    app_of(stranger)
    desk.codes["stranger"] = codes_renew(user=stranger, at=T0)
    desk.sign_in("stranger")
    desk.driver.get(page)
    assert number not in desk.text()
    desk.driver.get(f"{desk.site}/admin/emergency/")
    desk.go("ask")
    desk.fill(case=number, reason=REASON)
    desk.go("submit")
    desk.sign_in("manager")
    desk.driver.get(f"{desk.site}/admin/emergency/")
    desk.driver.get(desk.find("[data-test=waiting-row] a").get_attribute("href"))
    desk.go("read-reason")
    assert desk.test_id("reason").text == REASON
    desk.go("approve")
    desk.sign_in("stranger")
    desk.driver.get(f"{desk.site}/admin/emergency/")
    desk.go("open-case")
    assert desk.test_id("emergency-only")
    assert not desk.all("[data-test^=link-]")
    desk.go("open-sealed")
    assert CANARIES["name"] in desk.test_id("sealed").text


@pytest.mark.long
def test_a_conversion_as_previewed_then_a_look_in_an_emergency_that_those_on_the_case_see(
    desk, stage
) -> None:
    world = stage.world
    report = world.signed("restricted")
    page = f"{desk.site}/admin/cases/{report.case_id}/"
    with access.viewing(world.sarc):
        number = Case.objects.get().number
    converted_as_previewed(desk, world, page)
    looked_in_an_emergency(desk, world, page, number)

    # Whoever is on the case sees who looked, unfolds it by keyboard alone, and is told the rule.
    desk.sign_in("sarc")
    desk.driver.get(page)
    assert world.stranger.display_name in desk.test_id("emergencies").text
    desk.find("#looks summary").send_keys("\n")
    looks = [each.text for each in desk.all("#looks [data-test=knows]")]
    [opened] = [each for each in looks if world.stranger.display_name in each and "Name and numbers" in each]
    assert "reading a case that was opened in an emergency" in opened.lower()
    assert "AC-14" in opened
    assert [each for each in looks if world.manager.display_name in each and "AC-13" in each]
    desk.go("link-knowledge")
    assert re.search(r"event \d+", desk.test_id("knows").text)
    assert not [value for value in CANARIES.values() if value in desk.text()]
    # The conversion that was not confirmed and the case of others were refused, as they should be; no more is said.
    refused = re.compile(r"status of (404|422)")
    assert [each for each in desk.complaints() if not refused.search(each)] == []
