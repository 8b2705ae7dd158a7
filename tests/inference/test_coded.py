"""What a function's code may raise and lower, and all that keeps it from lowering anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.world import World, allow
from topology.analysis import Loop, analyse
from topology.evidence.code.kept import to_facts
from topology.evidence.code.reading import CodeCall, Doubt, Reading
from topology.graph import Evidence, Graph, with_attributes
from topology.inference.coded import without_trust
from topology.sets.recipes import (
    Anything,
    Brought,
    Decoded,
    Joined,
    Known,
    Recipe,
    Replaced,
    Setting,
)
from topology.verdict import Always, Cannot, LoopVerdict

SHA = "c2hh"
UPLOADS = "arn:aws:s3:::uploads"
KEY = Decoded(Brought(("Records", "*", "s3", "object", "key")))
BUCKET = Known("uploads")
PYTHON = Replaced(KEY, ".csv", ".json")
FIRST = Replaced(KEY, ".csv", ".json", "first")
AT_END = Replaced(KEY, ".csv", ".json", "end")
LIVE, POSSIBLE, BLOCKED = LoopVerdict.LIVE, LoopVerdict.POSSIBLE, LoopVerdict.BLOCKED


def put(key: Recipe = PYTHON, target: Recipe = BUCKET, **facts: Any) -> CodeCall:
    operation = facts.pop("operation", "PutObject")
    return CodeCall("app.py", 12, "s3", operation, target, key, **facts)


def world_of(
    *calls: CodeCall,
    doubts: tuple[Doubt, ...] = (),
    heard: tuple[dict[str, str], ...] = ({"suffix": ".csv"},),
    resource: str = f"{UPLOADS}/*",
    names: tuple[str, ...] = (UPLOADS,),
    **attributes: Any,
) -> Graph:
    """A function that hears a bucket of CSV files and may write any key of it."""
    world = World()
    bucket = world.bucket("uploads")
    function = world.function("convert", allow("s3:PutObject", resource), names=list(names))
    for number, each in enumerate(heard):
        world.notify(bucket, function, label=str(number), **each)
    graph = world.graph()
    facts = {
        "recursive_loop": "Allow",
        "code_sha256": SHA,
        "code": to_facts(Reading("python", 1, calls, doubts), SHA),
        **attributes,
    }
    resources = dict(graph.resources)
    resources[function] = with_attributes(resources[function], facts)
    return Graph(resources, graph.edges)


def gravest(graph: Graph) -> Loop:
    loops = analyse(graph).loops
    assert loops
    return loops[0]


def keys(event: Any) -> str:
    found: str = event["s3"]["object"]["key"]
    return found


@pytest.mark.parametrize(
    ("calls", "heard", "verdict"),
    [
        ((put(PYTHON),), {"suffix": ".csv"}, BLOCKED),
        ((put(AT_END),), {"suffix": ".csv"}, BLOCKED),
        ((put(FIRST),), {"suffix": ".csv"}, POSSIBLE),
        ((put(KEY),), {"suffix": ".csv"}, LIVE),  # copied in place
        ((put(KEY, operation="CopyObject"),), {"suffix": ".csv"}, LIVE),
        ((put(PYTHON),), {}, LIVE),  # the whole bucket
        ((put(Joined((Known("out/"), KEY))),), {"prefix": "in/"}, BLOCKED),
        ((put(PYTHON), put(KEY)), {"suffix": ".csv"}, LIVE),
        ((), {"suffix": ".csv"}, BLOCKED),  # it writes nothing at all
        ((put(KEY, Known("archive")),), {"suffix": ".csv"}, BLOCKED),  # another bucket
    ],
)
@pytest.mark.parametrize("resource", [f"{UPLOADS}/*", "*"])
def test_what_code_that_is_understood_decides(
    calls: tuple[CodeCall, ...], heard: dict[str, str], verdict: LoopVerdict, resource: str
) -> None:
    names = (UPLOADS,) if resource != "*" else ()
    loop = gravest(world_of(*calls, heard=(heard,), resource=resource, names=names))
    assert loop.verdict is verdict, loop.explanation


def test_a_blocked_loop_says_what_the_code_does_and_where():
    loop = gravest(world_of(put(PYTHON)))
    write = next(hop for hop in loop.hops if hop.edge.source.endswith("convert"))
    assert write.edge.evidence is Evidence.CODED
    assert "app.py:12" in write.hop.because
    assert write.edge.attributes["code"][0]["call"] == "s3.PutObject"
    delivery = next(hop for hop in loop.hops if hop.edge.source == UPLOADS)
    assert isinstance(delivery.hop, Cannot)
    assert '"*.csv' in delivery.hop.because


def test_code_that_calls_nothing_is_named_as_the_reason():
    loop = gravest(world_of())
    reasons = [hop.hop.because for hop in loop.hops if isinstance(hop.hop, Cannot)]
    assert any("*convert* (1 file of Python) was read and understood" in each for each in reasons)


def test_what_is_replaced_once_comes_back_until_it_is_used_up():
    loop = gravest(world_of(put(FIRST)))
    delivery = next(hop for hop in loop.hops if hop.edge.source == UPLOADS)
    assert delivery.hop.witness is not None
    assert keys(delivery.hop.witness).endswith(".csv")
    assert ".json" in keys(delivery.hop.witness)
    write = next(hop for hop in loop.hops if hop.edge.source.endswith("convert"))
    assert "uses up one occurrence of `.csv`, so it ends by itself" in write.hop.because


def test_a_condition_in_code_is_told_and_never_trusted():
    loop = gravest(world_of(put(KEY, guarded="only if the key does not start with out/")))
    assert loop.verdict is POSSIBLE
    write = next(hop for hop in loop.hops if hop.edge.source.endswith("convert"))
    assert not isinstance(write.hop, Always)
    assert "guarded in code" in write.hop.because


DOUBT = Doubt("app.py", 3, "it calls eval")


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(world_of(put(PYTHON), doubts=(DOUBT,)), id="a doubt"),
        pytest.param(world_of(put(PYTHON), code_sha256="other"), id="other code runs"),
        pytest.param(world_of(put(PYTHON), put(PYTHON, Anything())), id="a bucket unknown"),
        pytest.param(world_of(put(PYTHON), put(Anything())), id="a key unknown"),
        pytest.param(world_of(put(PYTHON, Setting("X"))), id="a variable that names nothing"),
        pytest.param(world_of(put(Replaced(KEY, "aa", "b"))), id="a key that may stay"),
        pytest.param(
            world_of(put(PYTHON), put(KEY, Known("my-access-point-abc-s3alias"))), id="an alias"
        ),
        pytest.param(
            world_of(CodeCall("app.py", 1, "athena", "StartQueryExecution")), id="on its behalf"
        ),
        pytest.param(
            world_of(
                put(Replaced(KEY, ".csv", ".tsv")), heard=({"suffix": ".csv"}, {"suffix": ".tsv"})
            ),
            id="two triggers",
        ),
        pytest.param(
            world_of(put(KEY, is_reached=False)), id="a call that the handler may not reach"
        ),
        pytest.param(without_trust(world_of(put(PYTHON))), id="no trust"),
    ],
)
def test_what_lowers_nothing(graph: Graph) -> None:
    loop = gravest(graph)
    assert loop.verdict in (LIVE, POSSIBLE), loop.explanation


def test_a_version_whose_code_was_not_read_lowers_nothing():
    graph = world_of(put(PYTHON), aliases={"live": ["7"]}, code_versions={})
    edges = tuple(
        replace(edge, attributes={"qualifier": "live"}) if edge.kind == "s3.notif.lambda" else edge
        for edge in graph.edges
    )
    assert gravest(Graph(graph.resources, edges)).verdict is POSSIBLE


def test_who_may_be_invoked_may_be_brought_any_key():
    """What another function sends it may name a key that no notification lets through."""
    world = World()
    uploads, results, queue = world.bucket("uploads"), world.bucket("results"), world.queue("again")
    function = world.function("convert", allow("s3:PutObject", f"{results}/*"), names=[results])
    caller = world.function("caller", allow("lambda:InvokeFunction", function), names=[function])
    world.notify(uploads, function, suffix=".csv")
    world.notify(results, queue, suffix=".json")
    world.listen(queue, caller)
    (loop,) = analyse(read(world, function, put(KEY, Known("results")))).loops
    assert loop.verdict in (LIVE, POSSIBLE)


def read(world: World, function: str, *calls: CodeCall) -> Graph:
    graph = world.graph()
    facts = {
        "recursive_loop": "Allow",
        "code_sha256": SHA,
        "code": to_facts(Reading("python", 1, calls), SHA),
    }
    resources = dict(graph.resources)
    resources[function] = with_attributes(resources[function], facts)
    return Graph(resources, graph.edges)


def test_another_function_of_the_same_role_is_not_lowered():
    graph = world_of(put(PYTHON))
    world = World()
    bucket = world.bucket("uploads")
    other = world.function("other", allow("s3:PutObject", f"{UPLOADS}/*"), names=[UPLOADS])
    world.notify(bucket, other, suffix=".csv")
    more = world.graph()
    both = Graph({**more.resources, **graph.resources}, tuple(sorted({*graph.edges, *more.edges})))
    verdicts = {loop.verdict for loop in analyse(both).loops}
    assert verdicts - {BLOCKED}
