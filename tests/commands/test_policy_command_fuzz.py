"""Whatever is asked in writing, the policy package answers in plain JSON or refuses with a FactsError."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reports import policy
from reports.policy.asking import QUESTIONS, read_json

BOOK = policy.default_policy().book
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
anything = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
words = st.sampled_from(
    sorted(
        {value for spec in BOOK.facts.specs.values() for value in spec.values}
        | set(BOOK.vocabulary["events"])
    )
)
dates = st.dates().map(str)
instants = st.datetimes(timezones=st.timezones() | st.none()).map(lambda at: at.isoformat())
facts = st.dictionaries(
    st.sampled_from(sorted(BOOK.facts.specs)) | st.text(max_size=3),
    words | st.lists(words, max_size=3) | st.booleans() | st.integers(0, 130) | dates | anything,
    max_size=6,
)
RIGHT = {
    "facts": facts,
    "on": dates,
    "started_on": dates,
    "at": instants,
    "zone": st.timezone_keys(),
    "event": st.sampled_from(sorted(BOOK.vocabulary["events"])),
    "topic": st.sampled_from(sorted(BOOK.vocabulary["topics"])),
    "item": st.sampled_from(sorted(policy.retention_items())),
    "role": st.sampled_from(sorted(BOOK.vocabulary["visibility_roles"])),
    "profile": st.sampled_from(sorted(BOOK.profiles)),
    "adopted": st.lists(st.sampled_from(sorted(BOOK.rule_sets)), max_size=2),
}


def requests(question):
    right = {key: RIGHT[key] for key in question.keys}
    doubtful = {key: each | anything for key, each in right.items()}
    return st.fixed_dictionaries(right | {"facts": st.just({}) | facts}) | st.fixed_dictionaries(
        {}, optional=doubtful
    )


def refusal(ask) -> policy.FactsError | None:
    """How it was refused; None when it was answered, and then in plain JSON."""
    try:
        json.dumps(ask(), allow_nan=False)
    except policy.FactsError as error:
        return error
    return None


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_an_answer_is_plain_json_and_a_refusal_is_a_facts_error(data):
    question = QUESTIONS[data.draw(st.sampled_from(sorted(QUESTIONS)))]
    request = data.draw(requests(question) | anything)
    error = refusal(lambda: question.ask(request).to_dict())
    if error is not None:
        assert error.code
        assert error.message
        head = error.path.partition(".")[0]
        assert head in question.keys or error.code == "unknown_field" or not isinstance(request, dict)


@given(st.binary() | anything.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_json_or_malformed(raw):
    error = refusal(lambda: read_json(raw))
    assert error is None or (error.code, error.path) == ("malformed", "facts")
