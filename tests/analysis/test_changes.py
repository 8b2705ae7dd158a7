"""What if: another graph for every change, and the first as it was."""

from __future__ import annotations

import pytest

from tests.world import World, allow, criteria
from topology.analysis import analyse
from topology.analysis.changes import (
    Add,
    Change,
    ChangeError,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
    SwitchOn,
    changed,
    what_if,
)
from topology.graph import Edge, Graph, Meaning
from topology.verdict import HARMLESS, LoopVerdict


def retrying() -> tuple[Graph, str, str, str]:
    """A function that puts its job back: graph, queue, function and the mapping's id."""
    world = World()
    queue = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    mapping = world.listen(queue, work)
    return world.graph(), queue, work, mapping


def verdicts(graph: Graph, *changes: Change) -> list[LoopVerdict]:
    return [loop.verdict for loop in what_if(graph, changes).loops]


def role(name: str) -> str:
    return f"arn:aws:iam::111122223333:role/{name}"


def test_no_change_changes_nothing():
    graph, *_ = retrying()
    assert changed(graph, ()) == graph
    assert changed(graph, ()).digest == graph.digest
    assert what_if(graph, ()).loops == analyse(graph).loops


def test_a_mapping_that_is_switched_off_delivers_nothing_and_on_again_everything():
    graph, _, _, mapping = retrying()
    assert verdicts(graph) == [LoopVerdict.GUARDED]
    assert verdicts(graph, SwitchOff((mapping,))) == [LoopVerdict.BLOCKED]
    assert verdicts(graph, SwitchOff((mapping,)), SwitchOn((mapping,))) == [LoopVerdict.GUARDED]


def test_another_filter_is_compared_with_what_is_written():
    world = World()
    bucket = world.bucket("uploads")
    convert = world.function("convert", allow("s3:PutObject", f"{bucket}/out/*"), names=[bucket])
    everything = world.notify(bucket, convert)
    apart = World()
    apart.notify(bucket, convert, prefix="in/")
    heard = apart.edges[0].filter
    assert verdicts(world.graph(), Refilter((everything,), heard)) == [LoopVerdict.BLOCKED]


def test_a_permission_that_is_denied_is_gone_whatever_else_allows_it():
    graph, queue, _, _ = retrying()
    denied = Forbid((role("work"),), ("sqs:SendMessage",), (queue,))
    assert all(verdict in HARMLESS for verdict in verdicts(graph, denied))


def test_a_function_without_concurrency_goes_no_further():
    graph, _, work, _ = retrying()
    assert verdicts(graph, Reserve(work, 0)) == [LoopVerdict.BLOCKED]


def test_a_place_of_its_own_ends_the_loop_and_not_the_writing():
    graph, queue, work, _ = retrying()
    own = f"{queue}-apart"
    forbid = Forbid((role("work"),), ("sqs:SendMessage",), (queue,))
    change = Separate(work, ("TARGET_1",), queue, own, forbid)
    assert all(verdict in HARMLESS for verdict in verdicts(graph, change))
    environment = changed(graph, [change]).resources[work].attributes["environment"]
    assert environment == [{"variable": "TARGET_1", "names": own}]


def test_an_outlet_may_lead_to_a_place_that_is_still_to_be_made():
    world = World()
    bucket = world.bucket("uploads")
    log = world.edge(bucket, bucket, Meaning.WRITES, "s3.logging")
    assert verdicts(world.graph()) == [LoopVerdict.LIVE]
    after = changed(world.graph(), [Retarget(log, "arn:aws:s3:::logs")])
    assert "arn:aws:s3:::logs" in after.resources
    assert analyse(after).loops == ()


def test_another_edge_may_close_a_loop():
    graph, queue, work, mapping = retrying()
    without = Graph(graph.resources, tuple(edge for edge in graph.edges if edge.id != mapping))
    added = Edge(queue, work, Meaning.TRIGGERS, "esm.sqs.lambda")
    assert verdicts(without) == []
    assert verdicts(without, Add(added)) == [LoopVerdict.GUARDED]


def test_the_first_graph_stays_as_it_was():
    graph, queue, work, mapping = retrying()
    digest = graph.digest
    narrow = criteria("lambda.criteria.sqs", {"body": {"again": [True]}})
    forbid = Forbid((role("work"),), ("sqs:SendMessage",), (queue,))
    changed(graph, [Refilter((mapping,), narrow), Reserve(work, 0), forbid])
    assert graph.digest == digest


@pytest.mark.parametrize(
    "change",
    [
        SwitchOff(("0" * 16,)),
        Refilter(("0" * 16,), None),
        Retarget("0" * 16, "arn:aws:s3:::logs"),
        Reserve("arn:aws:lambda:eu-west-1:111122223333:function:nobody", 0),
        Forbid((role("nobody"),), ("sqs:*",), ("*",)),
    ],
)
def test_a_change_of_what_is_not_there_says_so(change):
    graph, *_ = retrying()
    with pytest.raises(ChangeError, match="The graph has no"):
        changed(graph, [change])


def test_what_stands_in_for_a_source_that_was_not_read_stays():
    world = World()
    work = world.function("work")
    source = "arn:aws:s3:::elsewhere"
    world.edge(source, work, Meaning.TRIGGERS, "lambda.resource_policy", evidence_only=True)
    graph = world.graph()
    assert changed(graph, [Reserve(work, 1)]).edges == graph.edges
