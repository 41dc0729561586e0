"""Every page of every role in a real browser: WCAG 2.2 AA, nothing from elsewhere; small, with few questions."""

import re
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.accessible.narrow import faults_of
from tests.accessible.shelf import shelf
from tests.accessible.walk import ID, ROLES, Page, after_posts, pages_of

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "axe" / "axe.min.js"
WANTED = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
IN_THE_DARK = {"type": "rule", "values": ["color-contrast"]}
DARK = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
RUN = """
const done = arguments[arguments.length - 1];
const how = {runOnly: arguments[0], rules: {"target-size": {enabled: true}}, resultTypes: ['violations']};
axe.run(arguments[1] || document, how).then(
  found => done(found.violations.map(
    each => each.id + ': ' + each.nodes.map(node => node.target.join(' ')).join(', '))),
  fault => done(['axe failed: ' + fault]));
"""
ELSEWHERE = """return performance.getEntriesByType('resource').map(each => each.name)
  .filter(name => !name.startsWith(location.origin))"""
# What differs between two pages of one structure: text, ids, numbers.
TEXT = re.compile(rb">[^<]*<")
VALUE = re.compile(rb'(?:value|href|action|title|datetime|content)="[^"]*"|[0-9a-f-]{36}|\d+')


# Always: a SARC's pages, and those of nobody. The long way round: every role's, and what forms are answered with.
SHORT = ("sarc", "")


@pytest.fixture(scope="module")
def by_role(scene) -> Callable[[str], list[Page]]:
    """A role's pages, drawn once for both ways round."""
    return cache(lambda role: pages_of(scene, (role,)))


@pytest.fixture(scope="module")
def looked_at() -> dict[str, set[bytes]]:
    """The structures that the short way was through with: the long one, which has them all, need not look again."""
    return {"whole": set(), "narrow": set()}


@pytest.fixture(scope="module", params=["sarc", pytest.param("everybody", marks=pytest.mark.long)])
def pages(scene, by_role, request):
    if request.param == "sarc":
        return list(chain.from_iterable(map(by_role, SHORT)))
    drawn = list(chain.from_iterable(map(by_role, ROLES)))
    return drawn + after_posts(scene, drawn)


def test_no_page_of_any_role_breaks_wcag_2_2_aa_or_asks_anything_of_elsewhere(
    pages, browser, looked_at
) -> None:
    """Pages of one structure are looked at once, by day and, for the contrast of colours, in the dark."""
    axe, faults, seen, kinds = AXE.read_text(), [], set(), set()
    with shelf() as server:
        for number, page in enumerate(pages):
            structure = VALUE.sub(b"", TEXT.sub(b"><", page.body))
            if structure in seen:
                continue
            seen.add(structure)
            narrow = not page.sent and (kind := ID.sub("", page.url)) not in kinds
            if narrow:
                kinds.add(kind)
            wanted = {how for how in ("whole", *["narrow"] * narrow) if structure not in looked_at[how]}
            if not wanted:
                continue
            address = f"/page/{number}/"
            server.pages[address] = (page.headers, page.body)
            browser.get(server.address + address)
            browser.execute_script(axe)
            found = browser.execute_async_script(RUN, WANTED, "main" if page.sent else None)
            if not page.sent:
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", DARK)
                found += [
                    f"in the dark: {each}" for each in browser.execute_async_script(RUN, IN_THE_DARK, None)
                ]
                browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
            if narrow:
                found += faults_of(browser)
            found += [f"from elsewhere: {name}" for name in browser.execute_script(ELSEWHERE)]
            faults += [
                f"{page.who or 'nobody'} {page.status} {page.url}{' (sent)' if page.sent else ''}: {each}"
                for each in found
            ]
            for how in wanted:
                looked_at[how].add(structure)
    assert not faults, "\n".join(faults)
    assert len(seen) > 40


def test_no_page_is_heavy(pages) -> None:
    heavy = [(page.who, page.url, len(page.body)) for page in pages if len(page.body) > 300_000]
    assert heavy == []


def test_no_page_asks_more_than_forty_questions_of_the_database(pages) -> None:
    slow = sorted({(page.queries, page.who, page.url) for page in pages if page.queries > 40}, reverse=True)
    assert not slow, slow
