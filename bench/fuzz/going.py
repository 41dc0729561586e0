"""How the right way is gone: one request after the other, each made from the answers to those before."""

from collections.abc import Generator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.fuzz.drawing import Drawn, Throw
from bench.fuzz.knowing import Known
from bench.fuzz.places import NOTHING
from reports import policy

Going = Generator[Drawn, None, Any]
NAMES = {"victim": "Invented Victim", "reporter": "I. Reporter", "advocate": "I. Advocate", "sarc": "I. Sarc"}


class Answer(dict[str, Any]):
    """What was answered, or nothing: what it does not tell is an id that is nobody's."""

    def __missing__(self, name: str) -> str:
        return NOTHING

    def first(self, **like: Any) -> "Answer":
        """The first of a list's things that says so."""
        rows = self["items"] if isinstance(self["items"], list) else []
        return Answer(
            next((row for row in rows if all(row.get(name) == value for name, value in like.items())), {})
        )


class Walk:
    """`operations`: by name. `keys`: of the people who walk, by user name."""

    def __init__(self, operations: Mapping[str, Any], known: Known, keys: Mapping[str, str]) -> None:
        self.operations, self.known, self.keys = operations, known, keys
        self.posts = self.places = Answer()

    def look_round(self) -> Going:
        """Learns which posts and places there are."""
        self.posts = yield from self.ask("manager", "post_list", query={"limit": 100})
        self.places = yield from self.ask("manager", "location_list", query={"limit": 100})

    def post(self, title: str) -> str:
        """The id of a post of the demo."""
        return self.posts.first(title=title)["id"]

    def place(self, name: str) -> str:
        """The id of a place of the demo."""
        return self.places.first(name=name)["id"]

    def ask(
        self, who: str, name: str, body: Any = None, query: dict[str, Any] | None = None, **ids: str
    ) -> Going:
        """One request of somebody's; its Answer. What the schema does not have is not asked."""
        operation = self.operations.get(name)
        if operation is None:
            return Answer()
        more = {} if body is None else {"body": body, "media_type": "application/json"}
        throw = Throw(operation.Case(path_parameters=ids, query=query or {}, **more), self.keys[who])
        yield throw
        yield None
        said = self.known.last.pop((throw.operation, throw.key), None)
        return Answer(said if isinstance(said, dict) else {})


def now(**later: float) -> str:
    """The instant, as the API takes it, or one so much later."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


def day(days: int = 0) -> str:
    """Today in UTC, or so many days after."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def signatures() -> dict[str, str]:
    """Both names, signed now."""
    said = {"victim_signature": NAMES["victim"], "advocate_signature": NAMES["advocate"]}
    return said | {"victim_signed_at": now(), "advocate_signed_at": now()}


def election(option: str) -> dict[str, Any]:
    """The body of `case_sign` for the edition of today."""
    form = policy.form_edition("DD 2910", datetime.now(UTC).date())
    return {
        "election": option, "edition": form.edition, "initials": dict.fromkeys(form.required_for(option), "IV"),
    } | signatures()  # fmt: skip


def paper(form: str) -> dict[str, Any]:
    """Everything that is written on a paper of today, each answer the first that fits."""
    edition = policy.paper_edition(form, datetime.now(UTC).date())
    return {
        "edition": edition.edition,
        "answers": {each.key: _an_answer(each) for each in edition.questions},
        "initials": {each.key: "IV" for each in edition.acknowledgements},
        "signatures": {each: NAMES[each] for each in edition.signers},
        "signed_at": dict.fromkeys(edition.signers, now()),
    }


def election_again(option: str) -> dict[str, Any]:
    """What is written on a corrected election form."""
    form = policy.form_edition("DD 2910", datetime.now(UTC).date())
    both = ("victim", "advocate")
    return {
        "edition": form.edition, "answers": {}, "reason": "left_out",
        "initials": dict.fromkeys(form.required_for(option), "IV"),
        "signatures": {each: NAMES[each] for each in both}, "signed_at": dict.fromkeys(both, now()),
    }  # fmt: skip


def _an_answer(question: policy.PaperQuestion) -> Any:
    if question.type == "choice":
        return next(iter(question.values))
    if question.type == "choices":
        return list(question.values)
    return {"yes_no": True, "date": day()}.get(question.type, "Invented.")


def details(step: Mapping[str, Any]) -> dict[str, Any]:
    """The first word of everything that a step of `matter_kinds` asks of an Unrestricted report."""
    found: dict[str, Any] = {}
    for each in step.get("details") or ():
        if each["only"] and "unrestricted" not in each["only"]:
            continue
        words = list(each["words"])
        one = words[:1] if each["many"] else (words or [""])[0]
        found[each["name"]] = now() if each["moment"] else words if each["all"] else one
    return found
