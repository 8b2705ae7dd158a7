"""The classic loop, CSV files to JSON in one bucket, from a function's own source to a verdict.

The JavaScript is ``esbuild first.ts``, the bundles ``--bundle --platform=node --target=node20
--external:@aws-sdk/*``, the minified ones ``--minify`` besides.
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
PYTHON = ("every.py", "pattern.py")
FORMS = (".ts", ".js", ".bundled.js", ".minified.js")
FIRST, AT_END, IN_PLACE = (
    tuple(f"{name}{form}" for form in FORMS) for name in ("first", "at_end", "in_place")
)


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
        path = path_of(source)
        handler = f"{path.partition('.')[0]}.handler"
        read = read_python if path.endswith(".py") else read_javascript
        reading = read({path: (SOURCES / source).read_bytes()}, handler)
        assert reading.is_complete, reading.doubts
        facts["code"] = to_facts(reading, SHA)
    resources = dict(graph.resources)
    resources[function] = with_attributes(resources[function], facts)
    return Graph(resources, graph.edges)


def path_of(source: str) -> str:
    """How a source's file is called in the package."""
    name, _, form = source.partition(".")
    return f"{name}.{form.rpartition('.')[2]}"


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


@pytest.mark.parametrize("source", AT_END)
def test_code_that_replaces_at_the_end_blocks_and_says_why(source: str) -> None:
    loop = gravest(account(source))
    assert loop.verdict is LoopVerdict.BLOCKED
    hops = [hop.hop for hop in loop.hops]
    reason = next(hop.because for hop in hops if isinstance(hop, Cannot))
    assert '"*.json"' in reason
    assert '"*.csv"' in reason
    written = " ".join(hop.because for hop in hops)
    assert f"`{path_of(source)}:" in written
    assert 'with a final ".csv" replaced by ".json"' in written


@pytest.mark.parametrize("source", FIRST)
def test_code_that_replaces_the_first_occurrence_ends_by_itself(
    source: str,
) -> None:
    loop = gravest(account(source))
    assert loop.verdict is POSSIBLE
    (heard,) = (hop.hop for hop in loop.hops if hop.edge.filter)
    assert key(heard.witness) == "a.json.csv"
    assert key(heard.counterexample) == "a.json"
    written = " ".join(hop.hop.because for hop in loop.hops)
    assert "every turn uses up one occurrence of `.csv`, so it ends by itself" in written
    assert "(`a.csv.csv` becomes `a.json.csv`)" in written


@pytest.mark.parametrize("source", [*FIRST, *AT_END, *PYTHON])
def test_who_distrusts_code_is_never_told_that_it_blocks(source: str) -> None:
    loop = gravest(without_trust(account(source)))
    (heard,) = (hop.hop for hop in loop.hops if hop.edge.filter)
    assert loop.verdict is POSSIBLE
    assert key(heard.witness).endswith(".csv")


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


@pytest.mark.parametrize("source", [*IN_PLACE, "in_place.py"])
def test_a_copy_in_place_is_live_even_with_a_suffix(source: str) -> None:
    loop = gravest(account(source))
    assert loop.verdict is LIVE
    assert any(hop.edge.evidence is Evidence.CODED for hop in loop.hops)


@pytest.mark.parametrize("source", ["", *FIRST, *AT_END, *PYTHON])
def test_a_bucket_of_its_own_is_no_loop(source: str) -> None:
    assert not analyse(account(source, target="results")).loops
