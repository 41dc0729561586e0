"""What a person does at the desk, in the words of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 60
# How whoever sits there ends the session: of their own page, of one that is half way or locked.
WAY_OUT = "[data-test=sign-out], [data-test=start-again]"


@dataclass
class Desk:
    """One browser."""

    driver: WebDriver
    site: str
    passwords: dict[str, str]
    # Unused recovery codes: unlike an app's, there is a fresh one for each time somebody signs in.
    codes: dict[str, list[str]]

    def sign_in(self, person: str) -> None:
        """Sign in as a member of the world's staff, signing out whoever was there."""
        self.password_step(person)
        self.fill(code=self.codes[person].pop())
        self.go("submit")
        assert "/second-factor/" not in self.driver.current_url, self.text()

    def password_step(self, person: str) -> None:
        """Type user name and password; the second factor is asked for next."""
        home = f"{self.site}/admin/"
        if not self.all(WAY_OUT):
            self.driver.get(home)
        if self.all(WAY_OUT):
            self._leave(lambda: self._click(WAY_OUT))
            self.driver.get(home)
        self.fill(username=person, password=self.passwords[person])
        self.go("submit")
        assert "/login/" not in self.driver.current_url, self.text()

    def find(self, css: str) -> WebElement:
        """The element, once it is there."""
        return self._until(lambda d: d.find_element(By.CSS_SELECTOR, css), css)

    def _until(self, there: Callable[[WebDriver], Any], what: str, ignored=None) -> Any:
        """What is waited for; when patience ends, fail with what it was and which page stood there instead."""
        try:
            return WebDriverWait(self.driver, PATIENCE, ignored_exceptions=ignored).until(there)
        except TimeoutException as late:
            page = self.driver.find_element(By.TAG_NAME, "body").text
            raise AssertionError(f"no {what} at {self.driver.current_url}:\n{page}") from late

    def test_id(self, name: str) -> WebElement:
        """The element that the page marks for tests."""
        return self.find(f"[data-test={name}]")

    def go(self, name: str) -> None:
        """Follow a marked link or press a marked button, and wait for the page it leads to."""
        element = self.test_id(name)
        self._leave(lambda: self.driver.execute_script("arguments[0].click()", element))

    def _leave(self, action) -> None:
        """Do what leads to another page, and wait until that page is there."""
        old = self.find("html")
        action()

        def gone(driver: WebDriver) -> bool:
            return driver.find_element(By.TAG_NAME, "html") != old and (
                driver.execute_script("return document.readyState") == "complete"
            )

        self._until(gone, "other page", ignored=[Exception])

    def press(self, *keys: str) -> None:
        """Type into whatever has the focus, as a scanner does, and wait for the page that Enter leads to."""
        self._leave(lambda: self.focused().send_keys(*keys, Keys.ENTER))

    def focused(self) -> WebElement:
        """What has the focus, once something has: the browser gives it when it first draws the page."""
        active = "return document.activeElement !== document.body && document.activeElement"
        return self._until(lambda d: d.execute_script(active), "focus")

    def fill(self, within: str = "", **values: str) -> None:
        """Type into the named fields, or choose in the named lists; `within` is a CSS selector."""
        for name, value in values.items():
            field = self.find(f'{within} [name="{name}"]')
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            else:
                field.clear()
                field.send_keys(value)

    def tick(self, name: str, *values: str) -> None:
        """Choose radio buttons or check boxes by value."""
        for value in values:
            self._click(f'[name="{name}"][value="{value}"]')

    def _click(self, css: str) -> None:
        self.driver.execute_script("arguments[0].click()", self.find(css))

    def all(self, css: str) -> list[WebElement]:
        """Every element there is now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self) -> str:
        """All visible text of the page."""
        return self.find("body").text

    def complaints(self) -> list[str]:
        """What the browser's console holds against our pages (CSP, missing files, script errors)."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] == "SEVERE"]
