"""What a filter hears as a set is what its matcher takes, event by event."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from topology.filters import eventbridge, parse
from topology.graph import Filter
from topology.sets.events import MISSING, EventSet, Values, compare
from topology.verdict import Always, Cannot, Sometimes, Unknown

from . import test_event_patterns, test_iot_rules, test_log_patterns, test_s3_notifications

TEXTS = st.text("abAB/.*\\", max_size=4)
NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, 1.5, 2.0])
SCALARS = TEXTS | NUMBERS | st.booleans() | st.none()
KEYS = st.sampled_from(["a", "b", "c"])
EVENTS = st.dictionaries(KEYS, SCALARS | st.dictionaries(KEYS, SCALARS, max_size=2), max_size=3)

FILLED = TEXTS.filter(bool)
WILDCARDS = st.lists(st.sampled_from(["a", "b", "A", "/", r"\*", r"\\"]), max_size=3).map(
    lambda parts: "*".join(parts)
)
BOUNDS = st.tuples(NUMBERS, NUMBERS).filter(lambda ends: ends[0] < ends[1])
OPERATORS = st.one_of(
    SCALARS,
    TEXTS.map(lambda text: {"prefix": text}),
    TEXTS.map(lambda text: {"suffix": text}),
    TEXTS.map(lambda text: {"prefix": {"equals-ignore-case": text}}),
    TEXTS.map(lambda text: {"suffix": {"equals-ignore-case": text}}),
    TEXTS.map(lambda text: {"equals-ignore-case": text}),
    WILDCARDS.map(lambda pattern: {"wildcard": pattern}),
    st.lists(TEXTS, min_size=1, max_size=2).map(lambda texts: {"anything-but": texts}),
    NUMBERS.map(lambda number: {"anything-but": number}),
    FILLED.map(lambda text: {"anything-but": {"prefix": text}}),
    FILLED.map(lambda text: {"anything-but": {"suffix": text}}),
    WILDCARDS.map(lambda pattern: {"anything-but": {"wildcard": pattern}}),
    TEXTS.map(lambda text: {"anything-but": {"equals-ignore-case": text}}),
    st.booleans().map(lambda wanted: {"exists": wanted}),
    st.builds(lambda sign, number: {"numeric": [sign, number]}, st.sampled_from("=<>"), NUMBERS),
    BOUNDS.map(lambda ends: {"numeric": [">=", ends[0], "<", ends[1]]}),
)
LEAVES = st.lists(OPERATORS, min_size=1, max_size=2)
OBJECTS = st.dictionaries(KEYS, LEAVES, min_size=1, max_size=2)
PATTERNS = st.dictionaries(KEYS, LEAVES | OBJECTS, max_size=2)
CHOICES = st.lists(st.dictionaries(st.just("d"), LEAVES, min_size=1), min_size=2, max_size=3)
FILTERS = st.builds(
    lambda pattern, choice: {**pattern, **({"$or": choice} if choice else {})},
    PATTERNS,
    st.none() | CHOICES,
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def paths(event, above=()):
    """Every leaf of a plain event, and every path that a filter of these tests may ask."""
    for key in "abcd":
        value = event.get(key) if isinstance(event, dict) else None
        path = (*above, key)
        if isinstance(value, dict) or not (isinstance(event, dict) and key in event):
            yield path, MISSING
        else:
            yield path, Values.of(value)
        if not above:
            yield from paths(value, path)


def is_heard(event, filtered):
    """Whether the set holds this one plain event, by asking whether writing it is heard."""
    return compare(EventSet.scalars(dict(paths(event))), filtered.heard())


@QUICK
@given(FILTERS, EVENTS)
def test_a_plain_event_is_heard_exactly_where_it_matches(pattern, event):
    filtered = eventbridge.parse(json.dumps(pattern))
    assert isinstance(is_heard(event, filtered), Always if filtered.matches(event) else Cannot)


@QUICK
@given(FILTERS)
def test_the_witness_matches_and_the_counterexample_does_not(pattern):
    filtered = eventbridge.parse(json.dumps(pattern))
    hop = compare(EventSet.anything(), filtered.heard())
    if hop.witness is not None:
        assert filtered.matches(hop.witness)
    if hop.counterexample is not None:
        assert not filtered.matches(hop.counterexample)


@QUICK
@given(FILTERS, FILTERS)
def test_what_one_filter_lets_pass_is_compared_with_the_next(first, second):
    before = eventbridge.parse(json.dumps(first))
    after = eventbridge.parse(json.dumps(second))
    hop = compare(before.heard(), after.heard())
    if hop.witness is not None:
        assert before.matches(hop.witness)
        assert after.matches(hop.witness)
    if hop.counterexample is not None:
        assert before.matches(hop.counterexample)
        assert not after.matches(hop.counterexample)


@QUICK
@given(
    FILTERS,
    FILTERS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
        max_leaves=5,
    ),
)
def test_no_event_with_lists_proves_it_wrong(first, second, value):
    before = eventbridge.parse(json.dumps(first))
    after = eventbridge.parse(json.dumps(second))
    event = {"a": value, "b": "a", "d": "a"}
    assume(before.matches(event))
    hop = compare(before.heard(), after.heard())
    assert not isinstance(hop, Cannot if after.matches(event) else Always)


TABLES = [
    *(("iot.sql", "topic", *line) for line in test_iot_rules.STATEMENTS),
    *(("iot.sql", "topic", f"SELECT * FROM '{t}'", *line) for t, *line in test_iot_rules.TOPICS),
    *(("s3.notification", "s3.object.key", *line) for line in test_s3_notifications.KEYS),
    *(("logs.pattern", "message", *line) for line in test_log_patterns.TERMS),
]


@pytest.mark.parametrize(("language", "path", "document", "passing", "failing"), TABLES)
def test_a_text_is_heard_exactly_where_it_matches(language, path, document, passing, failing):
    filtered = parse(Filter(language, document))

    def heard(text):
        fields = {tuple(path.split(".")): Values.of(text)}
        if language == "s3.notification":
            fields["eventName",] = Values.of("ObjectCreated:Put")
        return compare(EventSet.scalars(fields), filtered.heard())

    assert [text for text in passing if not isinstance(heard(text), Always | Unknown)] == []
    assert [text for text in failing if not isinstance(heard(text), Cannot)] == []


@pytest.mark.parametrize(("language", "document"), sorted({(row[0], row[2]) for row in TABLES}))
def test_an_example_of_what_is_heard_matches(language, document):
    filtered = parse(Filter(language, document))
    hop = compare(EventSet.anything(), filtered.heard())
    assert hop.witness is None or filtered.matches(hop.witness)
    assert hop.counterexample is None or not filtered.matches(hop.counterexample)


@pytest.mark.parametrize(
    "document",
    [
        '{"a": [{"sounds-like": "x"}]}',
        '{"a": [{"anything-but": {"sounds-like": "x"}}]}',
        '{"a": [{"cidr": "10.0.0.0/8"}]}',
        '{"a": [{"cidr": "2001:db8::/32"}]}',
        '{"a": [{"prefix": {"equals-ignore-case": "' + "ß" * 20 + '"}}]}',
        '{"a": [{"anything-but": {"equals-ignore-case": "' + "ß" * 20 + '"}}]}',
    ],
)
def test_what_is_not_modelled_is_never_a_proof(document):
    filtered = eventbridge.parse(document)
    for text in ("x", "10.1.2.3", "2001:db8::1", "s" * 40):
        hop = is_heard({"a": text}, filtered)
        assert not isinstance(hop, Always)
        assert not (isinstance(hop, Cannot) and filtered.matches({"a": text}))


def test_an_address_outside_a_network_is_not_heard():
    small, large = (eventbridge.parse(f'{{"a": [{{"cidr": "10.0.0.0/{n}"}}]}}') for n in (24, 8))
    assert isinstance(is_heard({"a": "10.0.0.7"}, small), Always)
    assert isinstance(is_heard({"a": "10.0.1.7"}, small), Cannot)
    assert isinstance(is_heard({"a": "11.0.0.7"}, large), Cannot)


def test_too_many_alternatives_are_heard_as_anything():
    fields = {f"k{n}": {"$or": [{"a": [1]}, {"b": [1]}]} for n in range(9)}
    hop = is_heard({"a": "x"}, eventbridge.parse(json.dumps(fields)))
    assert isinstance(hop, Unknown)
    assert "512 alternatives" in hop.because


CRITERIA = [
    # language, pattern, what is written, the verdict
    (
        "lambda.criteria.sqs",
        {"body": {"a": [1]}},
        {("body", "a"): Values.of(1), ("body",): MISSING},
        Always,
    ),
    (
        "lambda.criteria.sqs",
        {"body": {"a": [1]}},
        {("body", "a"): Values.of(2), ("body",): MISSING},
        Cannot,
    ),
    (
        "lambda.criteria.sqs",
        {"body": {"a": [{"exists": False}]}},
        {("body",): Values.of("plain")},
        Cannot,
    ),
    ("lambda.criteria.sqs", {"body": ["go"]}, {("body",): MISSING}, Cannot),
    ("lambda.criteria.kafka", {"value": {"a": [1]}}, {("value",): Values.of("plain")}, Always),
    ("lambda.criteria.kafka", {"value": ["go"]}, {("value",): MISSING}, Always),
    ("lambda.criteria.kafka", {"value": ["go"]}, {("value",): Values.of("stop")}, Cannot),
    (
        "lambda.criteria.dynamodb",
        {"eventName": ["INSERT"]},
        {("eventName",): Values.of("REMOVE")},
        Cannot,
    ),
    (
        "lambda.criteria.dynamodb",
        {"eventName": ["INSERT"]},
        {("eventName",): Values.of("INSERT", "MODIFY")},
        Sometimes,
    ),
    (
        "pipes.criteria.dynamodb",
        {"eventName": ["INSERT"]},
        {("eventName",): Values.of("REMOVE")},
        Unknown,
    ),
]


@pytest.mark.parametrize(("language", "pattern", "written", "verdict"), CRITERIA)
def test_criteria_hear_what_they_let_through(language, pattern, written, verdict):
    document = json.dumps({"Filters": [{"Pattern": json.dumps(pattern)}]})
    hop = compare(EventSet.scalars(written), parse(Filter(language, document)).heard())
    assert isinstance(hop, verdict)


@pytest.mark.parametrize(
    ("policy", "verdict"), [('{"a": ["x"]}', Sometimes), ('{"a": [{"exists": false}]}', Sometimes)]
)
@pytest.mark.parametrize("scope", ["attributes", "body"])
def test_a_policy_hears_some_messages(scope, policy, verdict):
    filtered = parse(Filter(f"sns.policy.{scope}", policy))
    hop = compare(EventSet.anything(), filtered.heard())
    assert isinstance(hop, verdict)
    assert filtered.matches(hop.witness or {})
    assert not filtered.matches(hop.counterexample or {})


def test_without_attributes_no_attribute_policy_is_satisfied():
    filtered = parse(Filter("sns.policy.attributes", '{"a": ["x"]}'))
    written = EventSet.scalars({("MessageAttributes", "a"): MISSING})
    assert isinstance(compare(written, filtered.heard()), Cannot)


@pytest.mark.parametrize("pattern", test_log_patterns.HOLDS + test_log_patterns.FAILS)
def test_a_json_log_pattern_hears_some_line_that_matches(pattern):
    filtered = parse(Filter("logs.pattern", pattern))
    hop = compare(EventSet.anything(), filtered.heard())
    assert isinstance(hop, Sometimes | Unknown | Cannot)
    if isinstance(hop, Sometimes):
        assert filtered.matches(hop.witness or {})
        assert not filtered.matches(hop.counterexample or {})


def test_the_events_of_whole_patterns_are_heard_where_they_match():
    for document, passing, failing in test_event_patterns.WHOLE:
        filtered = eventbridge.parse(document)
        for event in passing:
            assert not isinstance(compare(_written(event), filtered.heard()), Cannot), document
        for event in failing:
            assert not isinstance(compare(_written(event), filtered.heard()), Always), document


def _written(event):
    """What is known of an event with lists: its fields that stand in none."""
    fields = {}

    def walk(value, path):
        if isinstance(value, dict):
            for key, member in value.items():
                walk(member, (*path, *key.split(".")))
        elif not isinstance(value, list):
            fields[path] = Values.of(value)

    walk(event, ())
    return EventSet.scalars(fields)
