"""Signing in by hand in a real browser: an app's code, a passkey, a first factor, and out again."""

import re

import pytest
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from accounts.factors.services import factors_of
from accounts.services import password_issue
from tests.factories import UserFactory
from tests.signed_in import code_of
from tests.times import T0

pytestmark = pytest.mark.browser


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
    desk.go("sign-out")
    assert "Signed out" in desk.text()
    kept = "return [localStorage.length, sessionStorage.length, document.cookie]"
    assert desk.driver.execute_script(kept) == [0, 0, ""]
    # The back button shows nothing of what was there.
    desk.driver.back()
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
