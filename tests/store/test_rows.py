"""What rows say, put together whatever order they come in."""

from __future__ import annotations

from itertools import permutations

from topology.graph import Edge, Meaning, Resource
from topology.store import rows

QUEUE = "arn:aws:sqs:eu-west-1:111111111111:q"


def test_of_what_two_accounts_show_the_content_decides_and_not_which_comes_first():
    shown = [Resource(QUEUE, "sqs.queue", "1" * 12, "eu-west-1", name) for name in "abc"]
    assert len({tuple(rows.settled(each)) for each in permutations(shown)}) == 1


def test_two_rules_on_one_function_stay_two_edges():
    edges = [Edge("a", "b", Meaning.TRIGGERS, "k", label=label) for label in ("one", "two")]
    dormant = Edge("a", "b", Meaning.TRIGGERS, "k", label="one", dormant="switched off")
    found = {tuple(sorted(rows.settled(each))) for each in permutations([*edges, dormant])}
    assert [edge.label for edge in found.pop()] == ["one", "two"]
    assert not found
