"""A real web server, a real worker and a real browser on a throw-away copy of the database."""

import os
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from accounts.factors.services import codes_renew
from accounts.services import password_issue
from tests.browser.desk import Desk
from tests.notices.test_killed_worker import worker_env
from tests.processes import celery_worker
from tests.signed_in import app_of
from tests.site import web_server
from tests.times import T0

# No background traffic: nothing may leave this machine.
CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--window-size=1280,1600",
)  # fmt: skip


@pytest.fixture
def site(stage, tmp_path):
    """The site's address; web server and worker run until the test ends."""
    with (
        web_server(stage, tmp_path) as port,
        celery_worker(worker_env(stage, tmp_path), tmp_path, tmp_path / "worker.log"),
    ):
        yield f"http://localhost:{port}"


def browser(profile: Path) -> webdriver.Chrome:
    """A browser with a profile of its own."""
    options = Options()
    options.binary_location = os.environ.get("SAPR_CHROMIUM", "/usr/bin/chromium")
    for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options, Service(os.environ.get("SAPR_CHROMEDRIVER", "/usr/bin/chromedriver")))


@pytest.fixture
def desk(stage, site, tmp_path):
    """A browser at the sign-in page; `desk.sign_in('sarc')` and so on."""
    people = ("sarc", "va", "commander", "unit_commander", "mcio", "manager")
    passwords = {name: password_issue(user=getattr(stage.world, name), actor=None, at=T0) for name in people}
    for name in people:
        app_of(getattr(stage.world, name))
    codes = {name: codes_renew(user=getattr(stage.world, name), at=T0) for name in people}
    opened = Desk(browser(tmp_path / "profile"), site, passwords, codes)
    try:
        yield opened
    finally:
        Path(tmp_path / "last-page.png").write_bytes(opened.driver.get_screenshot_as_png())
        opened.driver.quit()
