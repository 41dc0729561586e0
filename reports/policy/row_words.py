"""A row's parameters as sentences, each kind of row in its own way."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .book import Book
from .in_words import condition, count, delay, item_label, listed, plain, readable
from .rows import Rule


def describe(rule: Rule, book: Book) -> list[str]:
    """What the row's parameters say, a line for each thing."""
    raw = rule.parameters
    for key, tell in _KINDS.items():
        if key in raw:
            return [line for line in tell(raw, book) if line != f"Said: {rule.sentence}"]
    return [plain(raw)] if raw else []


def _ruling(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    topic = book.vocabulary["topics"][raw["topic"]]
    verb = {
        "allow": "may happen",
        "refuse": "may not happen",
        "require": "must be observed",
        "tell": "to be known",
    }
    yield f"Topic: {topic}. {verb[raw['effect']].capitalize()} when: {condition(raw['when'], book)}."
    yield f"Said: {raw['because']}"
    if raw.get("who"):
        yield f"For: {readable(raw['who'])}."
    if raw.get("data"):
        yield f"With: {plain(raw['data'])}."


def _duties(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    for each in raw["duties"]:
        when = f" when {condition(each['when'], book)}" if any(each["when"]) else ""
        yield (
            f"Duty of {readable(each['role'])}: {each['sentence']} Due {delay(each['delay'], book)}, from "
            f"{listed(each['opens_on'], 'or')}{when}. Done by: {readable(each['discharged_by'])}."
        )
        yield from _about_duty(each, book)
    if raw.get("carried_by"):
        yield f"Carried by: {', '.join(raw['carried_by'])}."
    if raw.get("data"):
        yield f"With: {plain(raw['data'])}."


def _about_duty(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    if raw.get("applies_when"):
        yield f"It applies when {condition(raw['applies_when'], book)}; otherwise: {raw['otherwise']}"
    if raw.get("ended_by"):
        yield f"It ends with: {listed(raw['ended_by'], 'or')}."
    if raw.get("repeats"):
        yield f"It comes back: {raw['repeats']}."
    if raw.get("extension"):
        later = raw["extension"]
        needs = listed(book.facts.specs[fact].label for fact in later["needs"])
        by = f", granted by {readable(later['granted_by'])}" if later["granted_by"] else ""
        yield f"It may be extended to {delay(later['delay'], book)}{by}; needs: {needs}."
    if raw.get("escalation"):
        yield f"Reminders: {readable(raw['escalation'])}."


def _kept(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    period = raw["period"]
    time = f"kept for {count(period['years'], 'years')}" if period["kind"] == "years" else "not kept"
    item = item_label(raw["item"], book.vocabulary)
    yield f"{item[:1].upper()}{item[1:]}: {time}, {condition(raw['when'], book)}."
    if raw["also_until"]:
        yield f"Not destroyed while {condition(raw['also_until'], book)}."
    new = "what was kept already and had not run out" if raw["extends_unexpired"] else "only what began since"
    yield f"Holds for {new}."


_EFFECTS = {
    "bar": "Closes {options}",
    "block": "Closes {options}",
    "lift": "Puts aside {lifts}",
    "note": "Closes nothing; is said of {options}",
    "statement": "Closes nothing; stands among what is to be considered of {options}",
    "combine": "Of several statuses the most permissive counts",
}


def _effect(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    if "cases" in raw:
        yield f"Status: {readable(raw['status'])}."
        for each in raw["cases"]:
            allows = f"{listed(each['allows'])} open" if each["allows"] else "neither option open"
            form = f" on {each['form']}" if each["form"] else ""
            yield f"When {condition(each['when'], book)}: {allows}{form}."
        return
    options = listed(each.capitalize() for each in raw.get("options") or raw.get("bars") or ())
    when = f" when {condition(raw['when'], book)}" if "when" in raw else ""
    route = f" The way is then: {raw['route']}." if raw.get("route") else ""
    yield (
        _EFFECTS[raw["effect"]].format(options=options, lifts=", ".join(raw.get("lifts", ())))
        + when
        + "."
        + route
    )


def _views(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    words = book.vocabulary
    for each in raw["views"]:
        level = words["visibility_levels"][each["level"]]
        fields = "; ".join(words["record_fields"][field] for field in each["fields"])
        sees = f": {fields}" if fields else ""
        yield f"{words['visibility_roles'][raw['role']]}, {condition(each['when'], book)}: {level}{sees}."


def _form(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    form = raw["form"]
    yield f"Edition: {form['edition']}. Sections: {listed(form['sections'])}."
    for each in form["acknowledgements"]:
        yield f"Initialled for {listed(each['options'])}: {each['sentence']}"


def _paper(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    paper, words = raw["paper"], book.vocabulary
    places = listed("nothing signed" if each == "none" else each for each in paper["elections"])
    signed = listed(words["paper_signers"][each] for each in paper["signers"])
    how = f"signed by: {signed}" if signed else f"given to: {listed(paper['given_to'].values())}"
    far = "; may be signed from afar" if paper["remote"] else ""
    yield f"{paper['title']}. Edition: {paper['edition']}. Has its place with: {places}; {how}{far}."
    for each in paper["questions"]:
        values = f" ({'; '.join(each['values'].values())})" if "values" in each else ""
        yield f"Asked{'' if each['required'] else ', optional'}: {each['sentence']}{values}"
    for each in paper["acknowledgements"]:
        yield f"Initialled: {each['sentence']}"


def _considerations(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    for option, sides in raw["considerations"].items():
        for side, sentences in sides.items():
            yield f"{option.capitalize()}, {side}: {' '.join(sentences)}"


def _access(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    words = book.vocabulary
    for each in raw["access"]:
        roles = listed(words["access_roles"][role] for role in each["roles"])
        verbs = listed(words["access_verbs"][verb] for verb in each["verbs"])
        objects = "; ".join(words["access_objects"][name]["label"] for name in each["objects"])
        states = listed((words["access_states"][state] for state in each.get("states", ())), "or")
        scope = words["access_scopes"][each["scope"]]
        yield f"{roles} may {verbs}: {objects}; {scope}{f'; while it is {states}' if states else ''}."


def _limits(raw: Mapping[str, Any], book: Book) -> Iterable[str]:
    yield f"Numbers: {plain(raw['limits'])}."


# by the parameter that marks the kind of row
_KINDS: dict[str, Callable[[Mapping[str, Any], Book], Iterable[str]]] = {
    "topic": _ruling,
    "duties": _duties,
    "effect": _effect,
    "views": _views,
    "item": _kept,
    "form": _form,
    "paper": _paper,
    "considerations": _considerations,
    "access": _access,
    "limits": _limits,
}
