"""Pages in Spanish, and from right to left: whole, reachable, nothing left in English, nothing out of the window."""

import re

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import Location, Post, User
from reports import access
from tests.accessible.reading import texts
from tests.accessible.shelf import shelf
from tests.accessible.test_every_page import AXE, RUN, WANTED
from tests.languages import catalogue

pytestmark = pytest.mark.browser

LEFTWARD = override_settings(LANGUAGES=[*settings.LANGUAGES, ("ar", "Arabic")])
WIDE = """return document.documentElement.scrollWidth - document.documentElement.clientWidth"""
# Codes, forms, rules and short names stand in every language.
SAME = re.compile(r"C-[0-9A-Z-]+|DD \d+(-\d+)?|\b[A-Z]{2,}[\w-]*|SHA-256")
# Who looks at what; `{case}`: a report that somebody signed.
SEEN = (
    ("sarc", "/admin/"),
    ("sarc", "/admin/cases/{case}/"),
    ("sarc", "/admin/cases/{case}/steps/"),
    ("sarc", "/admin/cases/{case}/options/"),
    ("sarc", "/admin/cases/{case}/matters/"),
    ("sarc", "/admin/contacts/new/"),
    ("commander", "/admin/"),
    ("manager", "/admin/"),
    ("manager", "/admin/staff/"),
    ("", "/admin/login/"),
)


def drawn(scene, language: str) -> list[tuple[str, bytes, dict[str, str]]]:
    """(who and where, page, headers) of each kind of page in a language."""
    found = []
    for who, address in SEEN:
        url = address.format(case=scene.ids["restricted"])
        answer = scene.client(who, headers={"accept-language": language}).get(url)
        assert answer.status_code == 200, url
        found.append((f"{who} {address}", answer.content, dict(answer.headers)))
    return found


def looked_at(pages: list[tuple[str, bytes, dict[str, str]]], browser) -> list[str]:
    """What axe and the width of the window have against them."""
    axe, faults = AXE.read_text(), []
    browser.set_window_size(1280, 900)
    with shelf() as server:
        for number, (name, body, headers) in enumerate(pages):
            address = f"/page/{number}/"
            server.pages[address] = (headers, body)
            browser.get(server.address + address)
            browser.execute_script(axe)
            faults += [f"{name}: {each}" for each in browser.execute_async_script(RUN, WANTED, None)]
            wider = browser.execute_script(WIDE)
            faults += [f"{name}: {wider} px wider than the window"] if wider > 0 else []
    return faults


def test_pages_in_spanish_break_nothing_and_fit_the_window(scene, browser) -> None:
    pages = drawn(scene, "es")
    assert all(b'<html lang="es" dir="ltr">' in body for _, body, _ in pages)
    assert looked_at(pages, browser) == []


@LEFTWARD
def test_pages_from_right_to_left_break_nothing_and_fit_the_window(scene, browser) -> None:
    pages = drawn(scene, "ar")
    assert all(b'<html lang="ar" dir="rtl">' in body for _, body, _ in pages)
    assert looked_at(pages, browser) == []


def test_nothing_is_left_in_english_on_a_spanish_page(scene) -> None:
    """Whatever reads the same in both languages is data, a code, or a word that Spanish shares."""
    with access.viewing(scene.world.manager):
        data = [
            *User.objects.values_list("display_name", flat=True),
            *User.objects.values_list("username", flat=True),
            *Location.objects.values_list("name", flat=True),
            *Location.objects.values_list("zone", flat=True),
            *Post.objects.values_list("title", flat=True),
        ]
    names = re.compile("|".join(re.escape(each) for each in sorted(set(data), key=len, reverse=True)))
    known = [text for text, spanish in _catalogue().items() if len(text) > 16 and text not in spanish]
    left = set()
    for (name, english, _), (_, spanish, _) in zip(drawn(scene, "en"), drawn(scene, "es"), strict=True):
        both = set(texts(english)) & set(texts(spanish))
        left |= {(name, text) for text in both if _words(names.sub("", text))}
        left |= {
            (name, text) for text in texts(spanish) if any(each in names.sub("", text) for each in known)
        }
    assert sorted(left) == []


def _catalogue() -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in catalogue.read("es") if entry.msgstr}


def _words(text: str) -> bool:
    return bool(re.search(r"[a-z]{3}", SAME.sub("", text))) and text.strip(" :.") not in SHARED


SHARED = frozenset(
    {"Kits", "Kit", "Final", "Factor", "Error", "Agenda", "No", "Real", "Temporal", "Social", "Capital"}
)
