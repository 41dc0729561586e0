"""The system packages that tests need, a browser and curl: Debian's, installed when we are root."""

import os
import shutil
from pathlib import Path

from launcher import process
from launcher.layout import Layout
from launcher.progress import Progress

_PROGRAMS = ("chromium", "chromedriver", "curl")
_PACKAGES = ("chromium", "chromium-driver", "curl", "fonts-dejavu-core")


def provide(layout: Layout, progress: Progress) -> str | None:
    """None when the browser is there or was installed; otherwise why the tests that need it cannot run."""
    if _there():
        return None
    if os.geteuid() != 0:
        return "Chromium or curl is missing; as root: apt install chromium chromium-driver curl, then repeat."
    if shutil.which("apt-get") is None:
        return "Chromium, its driver or curl is missing and this is no Debian: install them by hand, then repeat."
    with progress.step("installing Chromium for the browser tests"):
        for words in (["update"], ["install", "-y", "--no-install-recommends", *_PACKAGES]):
            env = process.clean_environment() | {"DEBIAN_FRONTEND": "noninteractive"}
            code, _, _ = process.finish(
                ["apt-get", "-q", *words], log=layout.log("apt"), tick=progress.tick, cwd=Path("/"), env=env
            )
            if code:
                return "Chromium could not be installed: check the network and apt (see var/log/apt.log), then repeat."
    return None if _there() else "Chromium was installed but does not answer: try chromium --version by hand."


def _there() -> bool:
    return all(shutil.which(name) for name in _PROGRAMS)
