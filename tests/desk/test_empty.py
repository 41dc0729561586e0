"""An empty list says what would stand there and how it comes there, in a sentence; not only that there is nothing."""

import re
from pathlib import Path

from django.conf import settings

PAGES = Path(settings.BASE_DIR, "sapr", "templates", "desk")
BARE = re.compile(
    r'class="none">(?:\{% (?:block)?translate[^%]*)?"?(?:None|Nothing|Nobody|No \w+)(?: yet)?\."?(?: %\})?<'
)
# What is due and what is late: that nothing is, needs no lesson.
DUE = {"duty_group.html", "duties.html", "case_duties.html", "case.html", "cases.html", "today.html"}


def test_no_list_is_empty_without_a_word() -> None:
    bare = {
        f"{path.name}: {found[0]}"
        for path in PAGES.glob("*.html")
        if path.name not in DUE
        for found in BARE.finditer(path.read_text(encoding="utf-8"))
    }
    assert bare == set()
    assert BARE.search('<p class="none">{% translate "None." %}</p>')
