"""A person who touches nothing but the keyboard, and how often they touch it."""

from dataclasses import dataclass, field

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.desk import PATIENCE, Desk

FURTHEST = 60
FOCUSED = "return document.activeElement.matches(arguments[0])"


@dataclass
class Keyboard:
    """`presses`: every key so far, letters included."""

    desk: Desk
    presses: int = 0
    log: dict[str, int] = field(default_factory=dict)

    def press(self, *keys: str) -> None:
        """Each key goes where the cursor stands."""
        for key in keys:
            ActionChains(self.desk.driver, duration=0).send_keys(key).perform()
            self.presses += len(key)

    def on(self, css: str) -> bool:
        """Whether the cursor stands there."""
        return self.desk.driver.execute_script(FOCUSED, css)

    def begins_on(self, css: str) -> None:
        """The page puts the cursor there by itself, which the browser does when it first draws the page."""
        self.desk._until(lambda _: self.on(css), f"cursor in {css}")

    def tab_to(self, css: str) -> None:
        """Tab until the cursor stands there."""
        for _ in range(FURTHEST):
            if self.on(css):
                return
            self.press(Keys.TAB)
        raise AssertionError(f"{FURTHEST} tabs do not lead to {css}")

    def enter(self) -> None:
        """Enter, which leads to another page."""
        before = self.presses
        self.desk._leave(lambda: self.press(Keys.ENTER))
        self.log[self.desk.driver.title] = self.presses
        assert self.presses == before + 1

    def to_the_content(self) -> None:
        """Past the navigation, as the page's first link offers."""
        self.press(Keys.TAB, Keys.ENTER)

    def until(self, css: str, words: str) -> None:
        """Wait until an element says something."""
        WebDriverWait(self.desk.driver, PATIENCE).until(lambda _: words in self.desk.find(css).text)
