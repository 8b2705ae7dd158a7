"""A moment as the map and the pages of resources look at it, kept while people look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from django.db.models import Count, Max

from accounts.models import Workspace
from topology import analysis, store
from topology.analysis.outcomes import Ground
from topology.graph import Graph, Read, Resource
from topology.inference.coded import without_trust
from topology.inference.logged import with_data_events
from topology.inference.writes import PermittedWrites, permitted_writes
from topology.models import Analysis, Run
from topology.reports.map_columns import encoded
from topology.reports.map_kept import edition, packed, unpacked
from topology.reports.map_layout import layout
from topology.reports.map_scene import Scene, compared, id_of, scene
from topology.reports.map_view import Ask, view
from topology.reports.svg import printable

KEPT = 4  # scenes; one of 10,000 resources and 50,000 edges takes about 60 MB
MOST = 100_000  # edges of a moment whose scene is kept in the database
DRAWN = 16  # views laid out; one of 10,000 resources opened takes about 1 MB

State: TypeAlias = tuple[int, datetime | None, datetime | None]


@dataclass(frozen=True)
class Wiring:
    """The graph of a moment and what its actors may write, judged as the moment's analysis was.

    ``ledger`` is that of its reads, as a scope's verdict takes it: empty where something is stale.
    """

    graph: Graph
    writes: PermittedWrites
    ledger: tuple[Read, ...]

    @cached_property
    def ground(self) -> Ground:
        """The graph, prepared for questions about changes of it."""
        return Ground(self.graph)

    @cached_property
    def resources(self) -> Mapping[str, Resource]:
        """Every resource by ARN, and every hub by its name."""
        hubs = {name: hub.resource for name, hub in self.writes.hubs.items()}
        return {**self.graph.resources, **hubs}

    @cached_property
    def arns(self) -> dict[str, str]:
        """Resources and hubs by what an address calls them, as they are or as a page shows them."""
        known = (*self.graph.resources, *self.writes.hubs)
        return {id_of(name): arn for arn in known for name in (printable(arn), arn)}


def mapped(workspace: Workspace, moment: int, against: int | None = None) -> Scene:
    """The scene of a moment; with ``against``, marked with what changed since that moment."""
    now = _scene(workspace, moment, state(workspace, moment))
    if against is None:
        return now
    return compared(now, _scene(workspace, against, state(workspace, against)))


def drawn(workspace: Workspace, moment: int, against: int | None, ask: Ask) -> tuple[bytes, str]:
    """What is asked for of a moment, laid out, as ``loopscope.map/1`` and its hash.

    Raises ``AskError`` as ``view`` does.
    """
    states = [state(workspace, each) for each in (moment, against) if each is not None]
    return _drawn(workspace, moment, against, ask, *states)


def wired(workspace: Workspace, moment: int) -> Wiring:
    """The wiring of a moment."""
    return _wiring(workspace, moment, state(workspace, moment))


def state(workspace: Workspace, moment: int) -> State:
    """What tells one content of a moment from another."""
    analysis = Analysis.objects.filter(workspace=workspace, moment=moment).only("created").first()
    # An account that is taken away takes its rows from every moment.
    published = Run.objects.filter(aws_account__workspace=workspace, moment__lte=moment)
    state = published.aggregate(runs=Count("pk"), last=Max("finished"))
    return state["runs"], state["last"], analysis.created if analysis else None


def keep_map(
    workspace: Workspace,
    moment: int,
    analysed: analysis.Analysis,
    loops: Sequence[Mapping[str, Any]],
) -> None:
    """Keep what the map of a moment shows, so that not whoever looks first works it out.

    Above ``MOST`` edges nothing is kept: memory would grow beyond that of the analysis.
    """
    writes = analysed.writes
    if len(analysed.graph.edges) + len(writes.writes) > MOST:
        return
    if Analysis.objects.filter(workspace=workspace, moment=moment).exists():
        found = _of(analysed.graph, writes, loops)
        store.keep_scene(workspace, moment, _basis(state(workspace, moment)), packed(found))


def _basis(known: State) -> str:
    runs, last, _ = known  # the analysis is the row itself
    return f"{edition()} {runs} {last}"


@lru_cache(DRAWN)
def _drawn(
    workspace: Workspace, moment: int, against: int | None, ask: Ask, *_: State
) -> tuple[bytes, str]:
    seen = view(mapped(workspace, moment, against), ask)
    return encoded(seen, layout(seen))


@lru_cache(1)
def _wiring(workspace: Workspace, moment: int, _: State) -> Wiring:
    loaded = store.load(workspace, moment)
    analysis = Analysis.objects.filter(workspace=workspace, moment=moment).only("trusts_code")
    trusts = analysis.values_list("trusts_code", flat=True).first()
    is_trusted = loaded.trusts_code if trusts is None else trusts
    graph = with_data_events(loaded.graph if is_trusted else without_trust(loaded.graph))
    ledger = () if loaded.stale else loaded.reads
    return Wiring(graph, permitted_writes(graph), ledger)


@lru_cache(KEPT)
def _scene(workspace: Workspace, moment: int, state: State) -> Scene:
    if kept := store.kept_scene(workspace, moment, _basis(state)):
        return unpacked(kept)
    wiring = _wiring(workspace, moment, state)
    found = store.kept_analysis(workspace, moment)
    loops = found.report["loops"] if found and found.moment == moment else []
    return _of(wiring.graph, wiring.writes, loops)


def _of(graph: Graph, writes: PermittedWrites, loops: Sequence[Mapping[str, Any]]) -> Scene:
    edges = [write.edge for write in writes.writes]
    return scene(graph, edges, [hub.resource for hub in writes.hubs.values()], loops)
