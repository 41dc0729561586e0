"""docs/guide.md against the desk: each picture is there and small, and its page still has what the guide points at.

./test tests/guide --pictures        draws docs/guide/*.png anew
"""

import re
from pathlib import Path

from django.conf import settings

from tests.guide.pictures import draw
from tests.guide.story import looks

GUIDE = Path(settings.BASE_DIR, "docs", "guide.md")
FOLDER = GUIDE.parent / "guide"
# A picture, and beneath it, unseen by readers, the marks (data-test) that the text speaks of.
STEP = re.compile(
    r"!\[(?P<said>[^\]]+)\]\(guide/(?P<picture>[a-z-]+)\.png\)\n<!-- points at: (?P<marks>[^>]+) -->"
)
LARGEST = 100_000


def test_the_guide_shows_what_the_desk_shows(world, request) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    steps = [step.groupdict() for step in STEP.finditer(text)]
    assert len(steps) == text.count("](guide/") >= 12
    found = list(looks(world))
    assert [step["picture"] for step in steps] == [look.picture for look in found]
    for step, look in zip(steps, found, strict=True):
        page = look.answer.content.decode()
        missing = [mark for mark in step["marks"].split(", ") if f'data-test="{mark}"' not in page]
        assert missing == [], (step["picture"], look.answer.status_code)
    if request.config.getoption("--pictures"):
        draw(found, FOLDER)
    files = {path.stem: path.stat().st_size for path in FOLDER.iterdir()}
    assert files.keys() == {step["picture"] for step in steps}
    assert {name: size for name, size in files.items() if size > LARGEST} == {}
