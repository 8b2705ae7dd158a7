"""What a function's code may raise and lower, and all that keeps it from lowering anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.world import World, allow
from topology.analysis import Loop, analyse
from topology.evidence.code.kept import to_facts
from topology.evidence.code.reading import CodeCall, Doubt, Reading
from topology.graph import Evidence, Graph, Resource, with_attributes
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
    Trimmed,
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


def test_a_verdict_that_code_lowered_says_so_and_how_to_do_without():
    told = gravest(world_of(put(PYTHON))).explanation
    assert "*convert* (1 file of Python) was read and understood completely" in told
    assert "what `app.py:12` shows" in told
    assert 'with ".csv" replaced by ".json"' in told
    assert "`loopscope audit --distrust-code`" in told


@pytest.mark.parametrize(
    "graph",
    [
        pytest.param(world_of(put(KEY)), id="live anyway"),
        pytest.param(world_of(put(PYTHON), doubts=(Doubt("app.py", 3, "eval"),)), id="a doubt"),
        pytest.param(without_trust(world_of(put(PYTHON))), id="no trust"),
    ],
)
def test_code_that_lowers_nothing_is_no_reason(graph: Graph) -> None:
    assert "--distrust-code" not in gravest(graph).explanation


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


def read(world: World, function: str, *calls: CodeCall, **attributes: Any) -> Graph:
    """The world with a complete reading of one function, and whatever else is known of it."""
    graph = world.graph()
    facts = {
        "recursive_loop": "Allow",
        "code_sha256": SHA,
        "code": to_facts(Reading("python", 1, calls), SHA),
        **attributes,
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


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(Joined((Known("up"), Setting("S"))), id="a text before it"),
        pytest.param(Trimmed(Setting("S"), start=5), id="a part of it"),
    ],
)
def test_what_code_makes_of_a_variable_may_name_anything(target: Recipe) -> None:
    """``S`` is ``loads``, which is a queue's name too: "up" and that is the bucket."""
    world = World()
    queue = world.queue("loads")
    graph = world_of(put(KEY, target), environment=[{"variable": "S", "names": queue}])
    resources = {**graph.resources, **world.graph().resources}
    assert gravest(Graph(resources, graph.edges)).verdict is POSSIBLE


def test_a_name_that_is_no_part_of_an_arn_may_be_another_resources_name():
    """``S`` is ``uploads``, the title of an API in this Region; the bucket was read elsewhere."""
    api = Resource(
        "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3",
        "apigateway.rest",
        "111122223333",
        "eu-west-1",
        "uploads",
        {},
    )
    graph = world_of(put(KEY, Setting("S")), environment=[{"variable": "S", "names": api.arn}])
    found = Graph({**graph.resources, api.arn: api}, graph.edges)
    assert gravest(found).verdict in (LIVE, POSSIBLE)


@pytest.mark.parametrize("calls", [(), (put(KEY, Known("archive")),)])
@pytest.mark.parametrize("by", [("CloudTrail", "s3:PutObject"), ("X-Ray", "")])
def test_what_was_seen_happening_outranks_a_reading(
    calls: tuple[CodeCall, ...], by: tuple[str, str]
) -> None:
    row = {"target": UPLOADS, "by": by[0], "action": by[1], "count": 1, "from": "", "to": ""}
    assert gravest(world_of(*calls, observed=[row])).verdict in (LIVE, POSSIBLE)


@pytest.mark.parametrize(
    ("facts", "verdicts"),
    [
        ({"versions": {"$LATEST": "role"}}, {BLOCKED}),
        ({"versions": {"$LATEST": "role", "7": "role"}}, {POSSIBLE}),
        ({"versions": {"$LATEST": "role", "7": "role"}, "code_versions": {"7": SHA}}, {BLOCKED}),
        ({}, {POSSIBLE}),  # nobody knows which versions there are
    ],
)
def test_who_may_be_invoked_may_be_invoked_at_any_version(
    facts: dict[str, Any], verdicts: set[LoopVerdict]
) -> None:
    world = World()
    bucket, queue = world.bucket("uploads"), world.queue("again")
    function = world.function("convert", allow("s3:PutObject", f"{UPLOADS}/*"), names=[bucket])
    caller = world.function("caller", allow("lambda:InvokeFunction", f"{function}:*"))
    world.notify(bucket, function, suffix=".csv")
    world.notify(bucket, queue, suffix=".json")
    world.listen(queue, caller)
    graph = read(world, function, put(Known("done.txt")), **facts)
    assert {loop.verdict for loop in analyse(graph).loops} == verdicts


def test_one_call_may_put_events_of_several_sources():
    world = World()
    bus = world.bus("orders")
    function = world.function("convert", allow("events:PutEvents", bus), names=[bus])
    world.rule(bus, function, {"source": ["a"]})
    fields = (("Source", Known("a")), ("Source", Known("b")))
    call = CodeCall("app.py", 1, "events", "PutEvents", Known("orders"), fields=fields)
    assert gravest(read(world, function, call)).verdict in (LIVE, POSSIBLE)


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ((CodeCall("app.py", 1, "iot-data", "Publish", Known("orders/new")),), POSSIBLE),
        ((), BLOCKED),
    ],
)
def test_a_topic_of_iot_is_no_name_of_its_broker(
    calls: tuple[CodeCall, ...], verdict: LoopVerdict
) -> None:
    world = World()
    broker = world.broker()
    function = world.function("convert", allow("iot:Publish", f"{broker}/*"))
    world.topic_rule("orders", broker, function, "SELECT * FROM 'orders/new'")
    assert gravest(read(world, function, *calls)).verdict is verdict


def test_an_object_that_is_made_may_be_tagged_in_the_same_request():
    world = World()
    bucket = world.bucket("uploads")
    may = allow(["s3:PutObject", "s3:PutObjectTagging"], f"{UPLOADS}/*")
    function = world.function("convert", may, names=[bucket])
    world.notify(bucket, function, events=("s3:ObjectTagging:*",))
    loop = gravest(read(world, function, put(KEY)))
    assert loop.verdict in (LIVE, POSSIBLE)


def test_the_label_of_a_call_is_for_people():
    write = next(
        hop for hop in gravest(world_of(put(PYTHON))).hops if "code" in hop.edge.attributes
    )
    assert write.edge.label.endswith(
        "s3.PutObject of the decoded form of the event's `Records.*.s3.object.key` "
        'with ".csv" replaced by ".json"'
    )
