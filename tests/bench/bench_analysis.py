"""From rows in the database to ranked loops: synthetic organisations, dense cases, and peers.

Run ``python -m tests.bench.bench_analysis [EDGES …]``. Every size is read and analysed in a
process of its own, so that its peak memory is its own; times are of the process, not of the clock,
because other programs share the machine. Fails unless every planted loop is listed, and unless
all ways find the same components and cycles.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import networkx as nx

from tests.bench.dense import CASES
from tests.bench.organisation import organisation
from topology import garbage
from topology.analysis import Analysis, analyse, elementary, strong
from topology.graph import Graph, graph

SIZES = (1_000, 10_000, 100_000)
LENGTH = 8
PEERS = Path(sys.prefix) / "peers" / "bin" / "python"
SCIPY = """
import json, sys, time
import numpy
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
size, sources, targets = json.load(sys.stdin)
matrix = csr_matrix((numpy.ones(len(sources), numpy.int8), (sources, targets)), (size, size))
began = time.process_time()
count, _ = connected_components(matrix, connection="strong")
print(json.dumps([time.process_time() - began, int(count)]))
"""

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of this process, and what came of the work; no garbage is sought, for nobody."""
    with garbage.left_alone():
        began = time.process_time()
        done = work()
        return time.process_time() - began, done


def main(sizes: Iterable[int]) -> None:
    """Print everything."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            for part in ("write", "read"):
                _child(part, size, directory)
    dense()
    component_pass()
    cycles()


def _child(part: str, size: int, directory: str) -> None:
    environment = {
        **os.environ,
        "LOOPSCOPE_DATA_DIR": directory,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.bench.bench_analysis", part, str(size)]
    subprocess.run(command, env=environment, check=True)


def write(size: int) -> None:
    """Put an organisation into a new database."""
    import django
    from django.core.management import call_command

    from config import data_directory

    data_directory.prepare(Path(os.environ["LOOPSCOPE_DATA_DIR"]))
    django.setup()
    call_command("migrate", verbosity=0)

    from django.utils import timezone

    from accounts.models import AwsAccount, Workspace
    from topology.models import EdgeVersion, ResourceVersion, Run
    from topology.store import rows

    made = organisation(size)
    workspace = Workspace.objects.create(name="bench", slug="bench", moment=1)
    account = AwsAccount.objects.create(workspace=workspace, name="bench", account_id="1" * 12)
    now = timezone.now()
    Run.objects.create(aws_account=account, scheduled_for=now, state="published", moment=1)
    common = {"workspace": workspace, "aws_account": account, "region": "", "seen": 1}
    stored: list[tuple[Any, Any]] = [
        (ResourceVersion, made.resources),
        (EdgeVersion, made.edges),
    ]
    for model, facts in stored:
        model.objects.bulk_create(
            (
                model(identity=name, digest=digest, data=json.loads(text), valid_from=1, **common)
                for name, (digest, text) in rows._contents(facts).items()
            ),
            batch_size=1000,
        )
    planted = [sorted(each) for each in made.planted]
    shape = [len(made.resources), len(made.edges), made.permissions, planted]
    Path(os.environ["LOOPSCOPE_DATA_DIR"], "shape.json").write_text(json.dumps(shape))


def read(size: int) -> None:
    """Load what was written, analyse it, and print how that went."""
    import django

    django.setup()

    from accounts.models import Workspace
    from topology import store

    text = Path(os.environ["LOOPSCOPE_DATA_DIR"], "shape.json").read_text()
    resources, edges, permissions, planted = json.loads(text)
    workspace = Workspace.objects.get()
    store.load(workspace, 0)  # imports, and the connection
    loading, moment = timed(lambda: store.load(workspace))
    analysing, analysis = timed(lambda: analyse(moment.graph))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    listed = {frozenset(hop.edge.source for hop in loop.hops) for loop in analysis.loops}
    missing = sum(frozenset(each) not in listed for each in planted)
    print(
        f"{size:>9,} edges ({edges:,} declared, {permissions:,} permitted, {resources:,} resources)"
        f": {loading + analysing:6.2f} s (loading {loading:.2f}, analysis {analysing:.2f}), "
        f"{peak:,.0f} MB; {said(analysis)}; {len(planted) - missing} of {len(planted)} planted",
        flush=True,
    )
    if missing:
        raise SystemExit(1)


def said(analysis: Analysis) -> str:
    """How many loops there are, by verdict."""
    verdicts = Counter(loop.verdict.value for loop in analysis.loops)
    listed = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())
    return f"{listed}, {analysis.more_loops} more (complete up to {analysis.complete_to} steps)"


def dense() -> None:
    """Components that explode where every way is followed."""
    for name, world in CASES.items():
        made = world().graph()
        seconds, analysis = timed(lambda made=made: analyse(made))  # type: ignore[misc]
        print(f"{name:32} {seconds:6.2f} s; {said(analysis)}", flush=True)


@dataclass(frozen=True)
class Numbered:
    """A graph of numbers."""

    size: int
    ends: tuple[tuple[int, int], ...]

    @property
    def leaving(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(self.size)]
        for source, target in self.ends:
            found[source].append(target)
        return found

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
    mine, label = timed(lambda: strong.labels(leaving))
    theirs, count = timed(lambda: nx.number_strongly_connected_components(other))
    print(f"components of {len(ends):,} edges: {mine:.3f} s, networkx {theirs:.3f} s", end="")
    same = {len(set(label)), count}
    if PEERS.exists():
        given = json.dumps([numbered.size, *map(list, zip(*numbered.ends, strict=True))])
        ran = subprocess.run(
            [PEERS, "-c", SCIPY], input=given, text=True, capture_output=True, check=False
        )
        if ran.returncode == 0:
            seconds, found = json.loads(ran.stdout)
            same.add(found)
            print(f", scipy {seconds:.3f} s", end="")
    print(f"; {'the same' if len(same) == 1 else 'DIFFERENT'} components", flush=True)
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
        mine, found = timed(lambda leaving=leaving: all_cycles(leaving))  # type: ignore[misc]
        theirs, same = timed(
            lambda other=other: list(nx.simple_cycles(other, length_bound=LENGTH))  # type: ignore[misc]
        )
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
    match sys.argv[1:]:
        case ["write", size]:
            write(int(size))
        case ["read", size]:
            read(int(size))
        case chosen:
            main(map(int, chosen) if chosen else SIZES)
