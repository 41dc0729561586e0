"""What the pages promise to list, they list."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_every_setting_is_in_the_running_page() -> None:
    used = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', (ROOT / "sapr/settings.py").read_text()))
    settings_of_ours = {
        name for name in used if name.startswith("SAPR_") or name.endswith("_URL")
    }  # fmt: skip
    page = (ROOT / "docs/running.md").read_text()
    assert sorted(name for name in settings_of_ours if f"`{name}`" not in page) == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_the_readme_leads_to_every_page(page) -> None:
    assert f"docs/{page.name}" in (ROOT / "README.md").read_text()


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
IN_THE_TREE = r"`((?:tests|docs|sapr|reports|notifications|accounts|launcher|fixtures)/[\w./-]+)`"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_files_that_a_page_names_exist(page) -> None:
    named = re.findall(IN_THE_TREE, page.read_text())
    assert [name for name in named if not (ROOT / name.rstrip("/")).exists()] == []
