"""Signing in by hand in a real browser: an app's code, a passkey, a first factor, and out again."""

import re

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from accounts.factors.services import factors_of
from accounts.models import Session
from accounts.services import password_issue
from tests.factories import UserFactory
from tests.processes import wait_until
from tests.signed_in import code_of
from tests.times import T0

pytestmark = pytest.mark.browser
# The browser has the key under which it keeps what is typed.
HAS_KEY = """return performance.getEntriesByType('resource')
  .some(each => each.name.endsWith('/admin/here/') && each.responseEnd)"""
LATER = "const now = Date.now.bind(Date); Date.now = () => now() + arguments[0] * 1000"


def pressed(desk, *keys: str, times: int = 1) -> None:
    """Keys pressed together, as often as said."""
    moves = ActionChains(desk.driver)
    for _ in range(times):
        for key in keys:
            moves.key_down(key)
        for key in reversed(keys):
            moves.key_up(key)
    desk._leave(moves.perform)


def locking_and_leaving(desk, user) -> None:
    """The lock keeps what was typed, unreadable. The way out leaves nothing, not behind the back button either."""
    kept = "return sessionStorage.getItem('kept')"
    desk.driver.get(f"{desk.site}/admin/contacts/new/")
    desk.fill(name="Robin Invented", text="Invented words.")
    desk.tick("place", "on_installation")
    wait_until(lambda: desk.driver.execute_script(HAS_KEY), "the key of the tab")
    pressed(desk, Keys.CONTROL, Keys.ALT, "l")
    assert desk.test_id("locked")
    assert (desk.driver.title, "SAPR" in desk.text()) == ("Locked", False)
    assert "Robin" not in desk.driver.execute_script(kept)
    desk.go("use-passkey")
    wait_until(lambda: desk.find("[name=text]").get_attribute("value"), "what was typed")
    assert desk.find("[name=name]").get_attribute("value") == "Robin Invented"
    assert desk.find("[name=place][value=on_installation]").is_selected()
    assert desk.driver.execute_script(kept) is None

    pressed(desk, Keys.SHIFT, times=3)
    assert desk.driver.current_url == f"{desk.site}/blank/"
    assert (desk.driver.title, desk.text()) == ("New page", "")
    # The page is gone before the server has heard of it.
    wait_until(Session.objects.filter(user=user).exclude(locked_at=None).exists, "the server to hear of it")
    desk._leave(desk.driver.back)
    assert desk.test_id("locked")
    # A locked page is answered 423, which the console notes; nothing else is held against us.
    assert [line for line in desk.complaints() if " 423 " not in line] == []
    desk.go("use-passkey")

    # Nobody presses anything for four minutes, then for five.
    assert desk.driver.execute_script(kept) is None
    desk.driver.execute_script(LATER, 241)
    wait_until(lambda: desk.find(".going").text, "the warning")
    desk._leave(lambda: desk.driver.execute_script(LATER, 61))
    assert desk.test_id("locked")
    desk.go("use-passkey")
    assert [line for line in desk.complaints() if " 423 " not in line] == []


def test_an_app_then_a_passkey_then_a_first_factor(desk, stage) -> None:
    world = stage.world
    desk.driver.add_virtual_authenticator(
        VirtualAuthenticatorOptions(has_resident_key=True, has_user_verification=True, is_user_verified=True)
    )

    # With the code of an app, which the page of one's own factors replaces here.
    desk.sign_in("sarc")
    desk.driver.get(f"{desk.site}/admin/factors/")
    desk.go("add-app")
    desk.fill(password=desk.passwords["sarc"])
    desk.go("submit")
    secret = desk.test_id("app-secret").text.replace(" ", "")
    assert desk.find("img.qr").size["height"] > 150
    desk.fill(code=code_of(secret))
    desk.go("submit")
    desk.password_step("sarc")
    desk.fill(code=code_of(secret, 1))
    desk.go("submit")
    assert desk.test_id("new-contact")

    # A passkey is added, and signs in with one press and nothing typed.
    desk.driver.get(f"{desk.site}/admin/factors/")
    desk.go("add-passkey")
    desk.fill(password=desk.passwords["sarc"])
    desk.go("submit")
    desk.fill(name="Blue key")
    desk.go("make-passkey")
    assert "Passkey: Blue key" in desk.test_id("factors").text
    desk.password_step("sarc")
    desk.go("use-passkey")
    assert desk.test_id("new-contact")
    locking_and_leaving(desk, world.sarc)
    desk.go("sign-out")
    assert "Signed out" in desk.text()
    kept = "return [localStorage.length, sessionStorage.length, document.cookie]"
    assert desk.driver.execute_script(kept) == [0, 0, ""]
    # The back button shows nothing of what was there.
    desk._leave(desk.driver.back)
    assert not desk.all("[data-test=new-contact]")
    desk.driver.get(f"{desk.site}/admin/")
    assert "/login/" in desk.driver.current_url

    # Somebody with a password alone is led to a first factor and reaches nothing before.
    newcomer = UserFactory(username="newcomer")
    desk.passwords["newcomer"] = password_issue(user=newcomer, actor=None, at=T0)
    desk.password_step("newcomer")
    desk.driver.get(f"{desk.site}/admin/sessions/")
    desk.go("choose-passkey")
    desk.go("make-passkey")
    assert "you are signed in" in desk.text()
    desk.go("submit")
    assert len(re.findall(r"\b\d{8}\b", desk.test_id("recovery-codes").text)) == 10
    desk.go("codes-kept")
    assert "You hold no post at present" in desk.text()
    assert sorted(factor.type for factor in factors_of(newcomer)) == ["recovery_codes", "webauthn"]
    assert sorted(factor.type for factor in factors_of(world.sarc)) == ["recovery_codes", "totp", "webauthn"]
    assert desk.complaints() == []
