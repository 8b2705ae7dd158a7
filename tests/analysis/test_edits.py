"""Edits: what a text means in a graph, that it is written as it is read, and what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World, allow, pattern
from topology.analysis import analyse
from topology.analysis.changes import Add, Refilter, SwitchOff
from topology.analysis.cuts import remedies
from topology.analysis.edits import EditError, check, written
from topology.analysis.hearing import HearingError, heard
from topology.analysis.meanings import meant
from topology.filters.places import place
from topology.graph import Graph

TEXTS = st.text('ab."\\ü,:{[\n', max_size=5)
BUS_RULE = '{"source":["shop"]}'


def shop() -> tuple[Graph, dict[str, str]]:
    world = World()
    bus, queue = world.bus("shop"), world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    other = world.function("other")
    first = world.rule(bus, work, {"source": ["shop"]}, label="all/1")
    second = world.rule(bus, other, {"source": ["shop"]}, label="all/2")
    mapping = world.listen(queue, work)
    names = {"bus": bus, "queue": queue, "work": work, "other": other}
    return world.graph(), names | {"first": first, "second": second, "mapping": mapping}


def test_one_edge_stands_for_its_whole_piece_of_configuration():
    graph, name = shop()
    change = meant(f"off:{name['first']}", graph).change
    assert change == SwitchOff(tuple(sorted((name["first"], name["second"]))))


def test_a_filter_is_read_in_the_language_of_its_edge():
    graph, name = shop()
    change = meant(f"hear:{name['first']}:{json.dumps({'source': ['a']})}", graph).change
    assert isinstance(change, Refilter)
    assert change.filter is not None
    assert change.filter.language == "eventbridge.pattern"
    assert heard(graph.by_id[name["mapping"]], '{"Filters": []}') is not None


def test_an_empty_filter_hears_everything():
    graph, name = shop()
    change = meant(f"hear:{name['first']}: ", graph).change
    assert isinstance(change, Refilter)
    assert change.filter is None


@pytest.mark.parametrize(
    ("source", "target", "kind"),
    [
        ("bus", "other", "eb.rule.lambda"),
        ("queue", "other", "esm.sqs.lambda"),
        ("bus", "queue", "eb.rule.sqs"),
        ("other", "queue", "iam.sqs.queue.send"),
        ("other", "work", "iam.lambda.function.invoke"),
    ],
)
def test_two_resources_are_joined_by_what_their_kinds_say(source: str, target: str, kind: str):
    graph, name = shop()
    text = f"join:{json.dumps({'source': name[source], 'to': name[target], 'hears': ''})}"
    change = meant(text, graph).change
    assert isinstance(change, Add)
    assert change.edge.kind == kind


def test_what_the_cuts_propose_is_written_and_means_the_same_again():
    graph, name = shop()
    analysis = analyse(graph)
    options = [
        option
        for remedy in remedies(analysis).values()
        for cut in remedy.cuts
        for option in cut.options
    ]
    assert options
    for option in options:
        assert meant(written(option.change, option.about), graph).change == option.change
    join = {"source": name["bus"], "to": name["other"], "hears": BUS_RULE}
    text = f"join:{json.dumps(join, separators=(',', ':'), sort_keys=True)}"
    found = meant(text, graph)
    assert written(found.change, found.about) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no change"),
        ("drop:table", "is no change"),
        ("off:../../etc", "is no edge"),
        ("off:" + "0" * 16, "has no edge"),
        ("stop:{}", "members function"),
        ('stop:{"function":1}', "is a text"),
        ('stop:{"function":"a","function":"b"}', "given twice"),
        ('stop:{"function":"arn:aws:lambda:eu-west-1:1:function:gone"}', "has no resource"),
        ('deny:{"roles":[],"actions":["a"],"on":["*"]}', "list of texts"),
        ('deny:{"roles":["nobody"],"actions":["a"],"on":["*"]}', "has no resource"),
        ("stop:" + "[" * 200, "too deep"),
    ],
)
def test_what_is_no_edit_or_does_not_fit_is_refused_in_words(text: str, says: str):
    graph, _ = shop()
    with pytest.raises(EditError, match=says):
        meant(text, graph)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["off:" + f"{n:016x}" for n in range(21)], "at most 20"),
        (["off:" + "0" * 16] * 2, "given twice"),
        (["hear:" + "0" * 16 + ":" + "x" * 12_000], "longer than"),
    ],
)
def test_too_many_too_long_and_twice_are_refused(texts: list[str], says: str):
    with pytest.raises(EditError, match=says):
        check(texts)


@pytest.mark.parametrize(
    ("document", "line", "column", "says"),
    [
        ('{"source": ["a"]', 1, 17, "Expecting"),
        ('{\n  "source": ["a" "b"]\n}', 2, 18, "Expecting"),
        ('{\n  "detail": {\n    "state": []\n  }\n}', 3, 14, "empty list"),
        ('{"source": [{"prefix": 5}]}', 1, 24, "prefix"),
        ('{"source": "a"}', 1, 12, "an object or a list"),
    ],
)
def test_a_broken_filter_says_where(document: str, line: int, column: int, says: str):
    graph, name = shop()
    with pytest.raises(HearingError, match=says) as caught:
        meant(f"hear:{name['first']}:{document}", graph)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_change_of_nothing_says_so():
    graph, name = shop()
    document = pattern({"source": ["shop"]}).document
    for text, says in (
        (f"hear:{name['first']}:{document}", "has now"),
        (f"on:{name['first']}", "not switched off"),
    ):
        with pytest.raises(EditError, match=says):
            meant(text, graph)


LEAVES = st.one_of(TEXTS, st.integers(), st.booleans(), st.none())
INNER = st.one_of(LEAVES, st.lists(LEAVES, max_size=3), st.dictionaries(TEXTS, LEAVES, max_size=3))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from("abc"), INNER, max_size=3), st.sampled_from([None, 2]))
def test_every_value_of_a_document_is_found_at_its_path(value: object, indent: int | None):
    text = json.dumps(value, indent=indent)
    lines = text.split("\n")
    for path, inner in _values(value, ""):
        line, column = place(text, path)
        rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
        decoded, _ = json.JSONDecoder().raw_decode(rest)
        assert decoded == inner


def _values(value: object, path: str) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = [(path, value)]
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += _values(each, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, each in value.items():
            if key.isidentifier():
                found += _values(each, f"{path}.{key}" if path else key)
    return found
