"""One lived scene and one browser for all that looks at pages."""

import os

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from sapr import clock
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.privacy import story
from tests.privacy.scene import Scene
from tests.stage import throwaway_copy
from tests.times import T0
from tests.world import World


@pytest.fixture(scope="package")
def scene(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database of its own in which everything of the story has happened."""
    with django_db_blocker.unblock(), throwaway_copy() as copy:
        clock.move(T0, hold=True)
        copy.world = World.build()
        lived = Scene(copy, tmp_path_factory.mktemp("scene"))
        story.live(lived)
        yield lived


@pytest.fixture(scope="package")
def browser(tmp_path_factory):
    """Headless Chromium; its first requests are the test's."""
    options = Options()
    options.binary_location = os.environ.get("SAPR_CHROMIUM", "/usr/bin/chromium")
    for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(os.environ.get("SAPR_CHROMEDRIVER", "/usr/bin/chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()
