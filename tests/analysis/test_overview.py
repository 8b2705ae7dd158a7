"""The overview: never more boxes than one can read, never a word too few about the rest."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench import organisation
from topology.analysis import Guard, Loop, LoopHop, analyse
from topology.analysis.overview import Overview, overview, overviews
from topology.graph import Edge, Evidence, Graph, Meaning, Resource, graph
from topology.verdict import Always, LoopVerdict

ACCOUNT = "111122223333"


def resource(
    name: str, kind: str = "sqs.queue", stack: str = "", account: str = ACCOUNT
) -> Resource:
    attributes = {"stack": stack} if stack else {}
    return Resource(f"arn:aws:sqs:eu-west-1:{account}:{name}", kind, account, "", name, attributes)


def edge(source: str, target: str, meaning: Meaning = Meaning.FORWARDS, **facts: str) -> Edge:
    return Edge(resource(source).arn, resource(target).arn, meaning, "test", **facts)  # type: ignore[arg-type]


def loop(*names: str, verdict: LoopVerdict = LoopVerdict.LIVE) -> Loop:
    """A loop through these resources."""
    ends = zip(names, [*names[1:], names[0]], strict=True)
    hops = tuple(LoopHop(edge(*pair), Always("always")) for pair in ends)
    return Loop(hops, verdict, "-".join(names), " ".join(names), Guard(False, ""), "")


def drawn(
    edges: Sequence[Edge],
    loops: Sequence[Loop] = (),
    resources: Sequence[Resource] = (),
    writes: Sequence[Edge] = (),
    limit: int = 200,
) -> Overview:
    """The overview of an account with these edges and those of the loops."""
    every = [*edges, *(hop.edge for each in loops for hop in each.hops)]
    known = {each.arn: each for each in resources}
    for end in {end for each in every for end in (each.source, each.target)}:
        known.setdefault(end, resource(end.rpartition(":")[2]))
    return overview(graph(known.values(), every), writes, loops, ACCOUNT, limit)


def titles(seen: Overview) -> list[str]:
    return [group["title"] for group in seen["groups"]]


def names(seen: Overview, group: int = 0) -> list[str]:
    return [box["name"] for box in seen["groups"][group]["boxes"]]


class TestGroups:
    def test_it_groups_what_is_connected(self) -> None:
        seen = drawn([edge("a", "b"), edge("b", "c"), edge("x", "y")])
        assert [group["resources"] for group in seen["groups"]] == [3, 2]

    def test_it_puts_the_gravest_loop_first_then_the_largest_group(self) -> None:
        seen = drawn(
            [edge("m", "n"), edge("n", "o"), edge("o", "p"), edge("x", "y")],
            [loop("q", "r"), loop("a", "b")],
        )
        assert titles(seen) == ["q", "a", "n", "x"]

    def test_it_calls_a_group_by_its_stack_or_by_where_most_edges_meet(self) -> None:
        hub = [edge("a", "z"), edge("b", "z"), edge("z", "c")]
        stacked = [resource("s", stack="billing"), resource("t", stack="billing")]
        assert titles(drawn([*hub, edge("s", "t")], resources=stacked)) == ["z", "billing"]

    def test_it_divides_what_is_connected_by_stack(self) -> None:
        known = [resource("a", stack="one"), resource("b", stack="one"), resource("c", stack="two")]
        seen = drawn(
            [edge("a", "bus"), edge("bus", "c"), edge("a", "q"), edge("b", "x")], (), known
        )
        assert {title: names(seen, place) for place, title in enumerate(titles(seen))} == {
            "one": ["a", "b", "q", "x"],
            "two": ["c"],
            "bus": ["bus"],
        }

    def test_it_never_divides_a_loop(self) -> None:
        known = [resource("a", stack="one"), resource("b", stack="two")]
        seen = drawn([], [loop("a", "b")], known)
        assert titles(seen) == ["one and two"]

    def test_it_counts_edges_between_groups_instead_of_drawing_them(self) -> None:
        known = [resource("a", stack="one"), resource("b", stack="two")]
        seen = drawn([edge("a", "b"), edge("a", "b", label="twice")], resources=known)
        first, second = seen["groups"]
        assert first["elsewhere"] == [{"group": "two", "leaving": 2, "arriving": 0}]
        assert second["elsewhere"] == [{"group": "one", "leaving": 0, "arriving": 2}]
        assert seen["left_out"] == ["2 edges between groups are counted, not drawn"]


class TestBoxes:
    def test_it_lists_loops_in_order_of_travel_and_marks_them(self) -> None:
        seen = drawn([edge("b", "a-side")], [loop("c", "a", "b")])
        assert names(seen) == ["c", "a", "b", "a-side"]
        assert [box["in_loop"] for box in seen["groups"][0]["boxes"]] == [True, True, True, False]

    def test_it_does_not_mark_what_something_stops(self) -> None:
        seen = drawn([], [loop("a", "b", verdict=LoopVerdict.BLOCKED)])
        assert seen["groups"][0]["loops"] == []
        assert not any(arrow["in_loop"] for arrow in seen["groups"][0]["arrows"])

    def test_it_draws_edges_alike_as_one_arrow(self) -> None:
        off, on = edge("a", "b", label="1", dormant="disabled"), edge("a", "b", label="2")
        both, alone = drawn([off, on]), drawn([off])
        assert [arrow["dormant"] for arrow in both["groups"][0]["arrows"]] == [False]
        assert [arrow["dormant"] for arrow in alone["groups"][0]["arrows"]] == [True]

    def test_it_opens_only_loops_where_a_group_is_too_large(self) -> None:
        crowd = [edge("bus", f"f{number}") for number in range(50)]
        seen = drawn(crowd, [loop("bus", "g")], limit=10)
        assert names(seen) == ["bus", "g"]
        assert seen["left_out"] == ["50 more resources are folded into groups"]

    def test_it_shows_a_neighbour_in_another_account(self) -> None:
        foreign = resource("theirs", account="999999999999")
        arrow = Edge(resource("ours").arn, foreign.arn, Meaning.FORWARDS, "test")
        assert names(drawn([arrow], resources=[foreign])) == ["ours", "theirs"]

    def test_it_ignores_other_accounts(self) -> None:
        ends = [resource(name, account="999999999999") for name in "ab"]
        arrow = Edge(ends[0].arn, ends[1].arn, Meaning.FORWARDS, "test")
        seen = drawn([arrow], resources=ends)
        assert not seen["groups"]
        assert not seen["left_out"]

    def test_it_draws_no_hairball_but_every_arrow_of_a_loop(self) -> None:
        tangle = [edge(f"n{a}", f"n{b}") for a in range(9) for b in range(9) if a != b]
        [group] = drawn(tangle, [loop("n7", "n3")])["groups"]
        assert (len(group["arrows"]), group["undrawn"]) == (27, 72 - 27)
        assert sum(arrow["in_loop"] for arrow in group["arrows"]) == 2

    def test_it_opens_the_loop_even_among_very_many_groups(self) -> None:
        many = [edge(f"a{number}", f"b{number}") for number in range(500)]
        assert names(drawn(many, [loop("x", "y")], limit=20)) == ["x", "y"]


class TestLeftOut:
    def test_it_says_nothing_where_it_leaves_nothing_out(self) -> None:
        assert drawn([edge("a", "b")])["left_out"] == []

    def test_it_counts_quiet_resources_but_not_roles(self) -> None:
        quiet = [resource("quiet"), resource("role", kind="iam.role")]
        seen = drawn([edge("a", "b")], resources=quiet)
        assert seen["left_out"] == ["1 resource that no event reaches or leaves is not drawn"]

    def test_it_counts_permissions_for_anything_and_draws_only_their_loops(self) -> None:
        wild = Edge(resource("a").arn, "hub:1", Meaning.WRITES, "iam", Evidence.PERMITTED_ANY)
        seen = drawn([edge("a", "b")], writes=[wild])
        assert names(seen) == ["a", "b"]
        assert seen["left_out"][0].startswith("1 permission to write to any resource")


numbers = st.integers(0, 40)
tangles = st.lists(st.tuples(numbers, numbers), max_size=60)


@settings(max_examples=60, deadline=None)
@given(tangles, st.integers(1, 30))
def test_it_never_draws_more_boxes_than_the_limit_and_accounts_for_every_resource(
    pairs: list[tuple[int, int]], limit: int
) -> None:
    edges = [edge(f"n{a}", f"n{b}") for a, b in pairs]
    loops = [loop(f"n{a}", f"n{b}") for a, b in pairs[:4] if a != b]
    seen = drawn(edges, loops, limit=limit)
    groups = seen["groups"]
    assert sum(len(group["boxes"]) + (group["folded"] > 0) for group in groups) <= limit
    after = re.findall(r"(\d+) resources? (?:is|are) in groups", " ".join(seen["left_out"]))
    shown = sum(group["resources"] for group in groups) + sum(map(int, after))
    assert shown == len({end for each in edges for end in (each.source, each.target)})


@settings(max_examples=30, deadline=None)
@given(tangles, st.randoms(use_true_random=False))
def test_equal_graphs_give_equal_bytes_in_whatever_order_they_come(
    pairs: list[tuple[int, int]], chance: random.Random
) -> None:
    edges = [edge(f"n{a}", f"n{b}") for a, b in pairs]
    shuffled = chance.sample(edges, len(edges))
    assert json.dumps(drawn(edges)) == json.dumps(drawn(shuffled))


@pytest.mark.parametrize("limit", [1, 200])
def test_an_account_without_events_is_an_empty_drawing(limit: int) -> None:
    seen = overview(Graph({}, ()), (), (), ACCOUNT, limit)
    assert seen == Overview(account=ACCOUNT, groups=[], left_out=[])


@pytest.mark.parametrize("seed", range(3))
def test_the_overviews_of_all_accounts_are_those_of_each(seed, monkeypatch):
    monkeypatch.setattr(organisation, "PER_ACCOUNT", 500)
    made = organisation.organisation(2_000, seed)
    across = [
        Edge(one.arn, other.arn, Meaning.FORWARDS, "test")
        for one, other in zip(made.resources[5::97], made.resources[300::89], strict=False)
    ]
    analysis = analyse(graph(made.resources, [*made.edges, *across]))
    writes = [write.edge for write in analysis.writes.writes]
    accounts = sorted({each.account for each in made.resources} | {"999999999999"})
    whole = (analysis.graph, writes, analysis.loops)
    assert overviews(*whole, accounts) == {each: overview(*whole, each) for each in accounts}
