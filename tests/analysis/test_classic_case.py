"""The classic loop, CSV files to JSON in one bucket, from a function's own source to a verdict.

The bundles are ``esbuild first.ts --bundle --platform=node --external:@aws-sdk/*``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.world import World, allow
from topology.analysis import Loop, analyse
from topology.evidence.code.javascript import read_javascript
from topology.evidence.code.kept import to_facts
from topology.evidence.code.python import read_python
from topology.graph import Evidence, Graph, with_attributes
from topology.inference.coded import without_trust
from topology.verdict import Cannot, Event, LoopVerdict

pytest.importorskip("tree_sitter")

SOURCES = Path(__file__).parent / "classic_case"
SHA = "c2hh"
LIVE, POSSIBLE = LoopVerdict.LIVE, LoopVerdict.POSSIBLE
FIRST, AT_END = ("first.ts", "first.bundled.js"), ("at_end.ts", "at_end.bundled.js")
PYTHON = ("every.py", "pattern.py")


def account(source: str = "", suffix: str = ".csv", target: str = "uploads") -> Graph:
    """A function that hears ``uploads`` and may write any key of the bucket it is told."""
    world = World()
    uploads = world.bucket("uploads")
    written = uploads if target == "uploads" else world.bucket(target)
    function = world.function("convert", allow("s3:PutObject", f"{written}/*"))
    world.notify(uploads, function, suffix=suffix)
    graph = world.graph()
    facts: dict[str, Any] = {
        "recursive_loop": "Allow",
        "code_sha256": SHA,
        "environment": [{"variable": "BUCKET", "names": written}],
    }
    if source:
        name, _, ending = source.partition(".")
        path = f"{name}.{ending.rpartition('.')[2]}"
        read = read_python if path.endswith(".py") else read_javascript
        reading = read({path: (SOURCES / source).read_bytes()}, f"{name}.handler")
        assert reading.is_complete, reading.doubts
        facts["code"] = to_facts(reading, SHA)
    resources = dict(graph.resources)
    resources[function] = with_attributes(resources[function], facts)
    return Graph(resources, graph.edges)


def gravest(graph: Graph) -> Loop:
    return analyse(graph).loops[0]


def key(event: Event | None) -> str:
    assert event is not None
    found: str = event["s3"]["object"]["key"]
    return found


@pytest.mark.parametrize("source", ["", *FIRST, *AT_END, *PYTHON])
def test_a_whole_bucket_that_is_heard_is_live(source: str) -> None:
    loop = gravest(account(source, suffix=""))
    assert loop.verdict is LIVE
    assert any(hop.hop.witness for hop in loop.hops)


def test_without_code_a_suffix_leaves_it_possible_with_an_event_of_each_kind():
    loop = gravest(account())
    (heard,) = (hop.hop for hop in loop.hops if hop.edge.filter)
    assert loop.verdict is POSSIBLE
    assert key(heard.witness).endswith(".csv")
    assert not key(heard.counterexample).endswith(".csv")


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("source", FIRST + AT_END)
def test_code_in_javascript_never_blocks(source: str, trusted: bool) -> None:
    """That its reader found every call there is, nobody relies on; nor does who distrusts code."""
    graph = account(source)
    assert gravest(graph if trusted else without_trust(graph)).verdict is POSSIBLE


@pytest.mark.parametrize("source", PYTHON)
def test_code_in_python_blocks_and_says_where(source: str) -> None:
    loop = gravest(account(source))
    assert loop.verdict is LoopVerdict.BLOCKED
    (delivery,) = (hop.hop for hop in loop.hops if hop.edge.filter)
    assert isinstance(delivery, Cannot)
    (write,) = (hop for hop in loop.hops if hop.edge.evidence is Evidence.CODED)
    line = (SOURCES / source).read_text()[: -len(")")].split("s3.put_object")[0].count("\n") + 1
    assert f"`{source}:{line}` calls `PutObject` with the key" in write.hop.because
    assert 'replaced by ".json"' in write.hop.because
    assert f"what `{source}:{line}` shows" in loop.explanation


@pytest.mark.parametrize("source", PYTHON)
def test_code_that_is_distrusted_leaves_it_possible(source: str) -> None:
    loop = gravest(without_trust(account(source)))
    (heard,) = (hop.hop for hop in loop.hops if hop.edge.filter)
    assert loop.verdict is POSSIBLE
    assert key(heard.witness).endswith(".csv")


@pytest.mark.parametrize("source", ["in_place.ts", "in_place.py"])
def test_a_copy_in_place_is_live_even_with_a_suffix(source: str) -> None:
    loop = gravest(account(source))
    assert loop.verdict is LIVE
    assert any(hop.edge.evidence is Evidence.CODED for hop in loop.hops)


@pytest.mark.parametrize("source", ["", *FIRST, *AT_END, *PYTHON])
def test_a_bucket_of_its_own_is_no_loop(source: str) -> None:
    assert not analyse(account(source, target="results")).loops
