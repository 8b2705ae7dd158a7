"""What rows say, put together whatever order they come in."""

from __future__ import annotations

from itertools import permutations

import pytest

from topology.facts import LazyFacts
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json, graph
from topology.store import rows

QUEUE = "arn:aws:sqs:eu-west-1:111111111111:q"


def test_of_what_two_accounts_show_the_content_decides_and_not_which_comes_first():
    shown = [Resource(QUEUE, "sqs.queue", "1" * 12, "eu-west-1", name) for name in "abc"]
    settled = [graph(each, (), rows.by_content).resources[QUEUE] for each in permutations(shown)]
    assert len(set(settled)) == 1


def test_two_rules_on_one_function_stay_two_edges():
    edges = [Edge("a", "b", Meaning.TRIGGERS, "k", label=label) for label in ("one", "two")]
    dormant = Edge("a", "b", Meaning.TRIGGERS, "k", label="one", dormant="switched off")
    orders = permutations([*edges, dormant])
    found = {graph((), each, rows.by_content).edges for each in orders}
    assert [edge.label for edge in found.pop()] == ["one", "two"]
    assert not found


def texts(*facts: Resource | Edge) -> list[str]:
    return [text for _, text in rows._contents(facts).values()]


NASTY = [
    '","attributes":{"role":"x"},"kind":"',
    '\\","kind":"sqs.queue',
    '\ud800 \x00 é "',
]


@pytest.mark.parametrize("name", NASTY)
def test_a_row_says_what_it_was_made_of_whatever_names_hold(name):
    facts = {name: {"kind": name, "attributes": [name] * 9}, "role": name, "policy": None}
    shown = [
        Resource(f"{QUEUE}{name}", name, name, name, name, facts, name, name),
        Resource(QUEUE, "sqs.queue", "1" * 12, "eu-west-1", name, {}),
        Resource(f"{QUEUE}2", "sqs.queue", "1" * 12, "eu-west-1", name, {"policy": None}),
    ]
    assert list(rows.resources(texts(*shown))) == shown
    heard = Filter("s3.notification", name)
    edges = [
        Edge(name, QUEUE, Meaning.WRITES, name, label=name, filter=heard, attributes=facts),
        Edge(QUEUE, name, Meaning.TRIGGERS, "k", dormant=name),
    ]
    assert list(rows.edges(texts(*edges))) == edges


def test_long_attributes_are_kept_as_text_and_say_the_same():
    facts = {"role": "arn:aws:iam::111111111111:role/orders", "environment": ["a" * 50], "é": 1}
    (read,) = rows.resources(texts(Resource(QUEUE, "k", "", "", "q", facts)))
    lazy = read.attributes
    assert isinstance(lazy, LazyFacts)
    assert "observed" not in lazy
    assert lazy.get("observed", 7) == 7
    assert ("é" in lazy, lazy.get("é"), lazy["role"]) == (True, 1, facts["role"])
    assert {**lazy} == facts
    assert lazy == facts
    assert repr(lazy) == repr(dict(sorted(facts.items())))
    assert canonical_json({"of": lazy}) == canonical_json({"of": facts})
