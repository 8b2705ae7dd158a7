"""Components and cycles of graphs of numbers, next to networkx and to what is compiled.

Run ``python -m tests.bench.bench_cycles``; after ``make peers`` scipy and rustworkx are asked too.
Fails unless all ways find the same components and cycles.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from tests.bench.organisation import organisation
from tests.bench.timing import ROUNDS, middle, timed
from topology.analysis import elementary, strong
from topology.graph import Graph, graph

LENGTH = 8
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"
# How a compiled peer labels the same edges: seconds of its import, of its graph, and of its pass.
TIMED = """
import json, statistics, sys, time
now = time.process_time
size, sources, targets = json.load(sys.stdin)
began = now()
IMPORT
imported = now()
GRAPH
made = now()
passes = []
for _ in range(5):
    start = now()
    count = PASS
    passes.append(now() - start)
print(json.dumps([imported - began, made - imported, statistics.median(passes), int(count)]))
"""
COMPILED = {
    "scipy": (
        "import numpy; from scipy.sparse import csr_matrix; "
        "from scipy.sparse.csgraph import connected_components",
        "ends = numpy.array(sources, numpy.int32), numpy.array(targets, numpy.int32); "
        "matrix = csr_matrix((numpy.ones(len(sources), numpy.int8), ends), (size, size))",
        "connected_components(matrix, connection='strong')[0]",
    ),
    "rustworkx": (
        "import rustworkx",
        "graph = rustworkx.PyDiGraph(); graph.add_nodes_from(range(size)); "
        "graph.add_edges_from_no_data(list(zip(sources, targets)))",
        "len(rustworkx.strongly_connected_components(graph))",
    ),
}


@dataclass(frozen=True)
class Numbered:
    """A graph of numbers."""

    size: int
    ends: tuple[tuple[int, int], ...]

    @property
    def leaving(self) -> list[list[int]]:
        """As an analysis makes them: side by side, whatever memory was used for before."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for source, target in self.ends:
            found[source].append(target)
        return list(map(list, found))

    @property
    def in_networkx(self) -> nx.DiGraph[int]:
        drawn: nx.DiGraph[int] = nx.DiGraph(self.ends)
        drawn.add_nodes_from(range(self.size))
        return drawn


def component_pass() -> None:
    """Strongly connected components of an organisation's declared edges and as many others."""
    made = organisation(100_000)
    drawn: Graph = graph(made.resources, made.edges)
    numbers = {name: number for number, name in enumerate(drawn.resources)}
    rng = random.Random(7)
    ends = {(numbers[edge.source], numbers[edge.target]) for edge in drawn.edges}
    ends |= {(rng.randrange(len(numbers)), rng.randrange(len(numbers))) for _ in range(50_000)}
    numbered = Numbered(len(numbers), tuple(sorted(ends)))
    leaving, other = numbered.leaving, numbered.in_networkx
    mine, label = middle(lambda: strong.labels(leaving))
    theirs, count = timed(lambda: nx.number_strongly_connected_components(other))
    print(f"components of {len(ends):,} edges: {mine:.4f} s, networkx {theirs:.3f} s")
    same = {len(set(label)), count}
    for name, (imports, built, passed) in COMPILED.items() if PEERS.exists() else ():
        code = TIMED.replace("IMPORT", imports).replace("GRAPH", built).replace("PASS", passed)
        given = json.dumps([numbered.size, *map(list, zip(*numbered.ends, strict=True))])
        ran = subprocess.run(
            [PEERS, "-c", code], input=given, text=True, capture_output=True, check=False
        )
        if ran.returncode:
            continue
        importing, making, passing, found = json.loads(ran.stdout)
        same.add(found)
        print(
            f"  {name}: {passing:.4f} s (ours is {mine / passing:.1f} × that), its graph "
            f"{making:.4f} s (with it {mine / (making + passing):.1f} ×), its import "
            f"{importing:.2f} s"
        )
    print(f"  {'the same' if len(same) == 1 else 'DIFFERENT'} components", flush=True)
    if len(same) != 1:
        raise SystemExit(1)


def regimes() -> dict[str, Numbered]:
    """Graphs of different density: from many small components to one complete graph."""
    rng = random.Random(7)

    def drawn(size: int, count: int) -> Numbered:
        ends = {(rng.randrange(size), rng.randrange(size)) for _ in range(count)}
        return Numbered(size, tuple(sorted(ends)))

    small = {
        (block * 6 + rng.randrange(6), block * 6 + rng.randrange(6))
        for block in range(4_000)
        for _ in range(9)
    }
    ring = {(at, (at + 1) % 1000) for at in range(1000)}
    ring |= {(at, (at - 3) % 1000) for at in range(0, 1000, 2)}
    nodes = range(9)
    return {
        "many small components": Numbered(24_000, tuple(sorted(small))),
        "sparse, 3,000 nodes": drawn(3_000, 5_000),
        "denser, 300 nodes": drawn(300, 900),
        "a ring with short cuts": Numbered(1_000, tuple(sorted(ring))),
        "K9": Numbered(9, tuple((a, b) for a in nodes for b in nodes if a != b)),
    }


def cycles() -> None:
    """Elementary cycles of up to eight nodes, next to networkx."""
    for name, numbered in regimes().items():
        leaving, other = numbered.leaving, numbered.in_networkx
        rounds: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            mine, found = timed(lambda leaving=leaving: all_cycles(leaving))  # type: ignore[misc]
            theirs, same = timed(
                lambda other=other: list(nx.simple_cycles(other, length_bound=LENGTH))  # type: ignore[misc]
            )
            rounds.append((mine, theirs))
        mine, theirs = map(statistics.median, zip(*rounds, strict=True))
        is_same = set(map(_turned, found)) == set(map(_turned, same))
        print(
            f"{len(found):>9,} cycles, {name:24} {mine:7.3f} s, networkx {theirs:7.3f} s: "
            f"{theirs / mine:.1f} ×; {'the same' if is_same else 'DIFFERENT'} cycles",
            flush=True,
        )
        if not is_same or len(found) != len(same):
            raise SystemExit(1)


def all_cycles(leaving: list[list[int]]) -> list[tuple[int, ...]]:
    """As an analysis seeks them, in one list."""
    found: list[tuple[int, ...]] = []
    for some in elementary.cycles(leaving, LENGTH, elementary.Effort(10**9)):
        found += some
    return found


def _turned(cycle: Iterable[int]) -> tuple[int, ...]:
    nodes = tuple(cycle)
    first = nodes.index(min(nodes))
    return nodes[first:] + nodes[:first]


if __name__ == "__main__":
    component_pass()
    cycles()
