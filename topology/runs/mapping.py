"""The map of a moment, kept in memory while people look at it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max

from accounts.models import Workspace
from topology import store
from topology.inference.logged import with_data_events
from topology.inference.writes import permitted_writes
from topology.models import Analysis, Run
from topology.reports.map_scene import Scene, compared, scene

KEPT = 4  # scenes; one of 10,000 resources and 50,000 edges takes about 60 MB


def mapped(workspace: Workspace, moment: int, against: int | None = None) -> Scene:
    """The scene of a moment; with ``against``, marked with what changed since that moment."""
    now = _of(workspace, moment)
    return now if against is None else compared(now, _of(workspace, against))


def _of(workspace: Workspace, moment: int) -> Scene:
    analysis = Analysis.objects.filter(workspace=workspace, moment=moment).only("created").first()
    # An account that is taken away takes its rows from every moment.
    published = Run.objects.filter(aws_account__workspace=workspace, moment__lte=moment)
    state = published.aggregate(runs=Count("pk"), last=Max("finished"))
    analysed = analysis.created if analysis else None
    return _scene(workspace, moment, (state["runs"], state["last"], analysed))


@lru_cache(KEPT)
def _scene(
    workspace: Workspace, moment: int, _state: tuple[int, datetime | None, datetime | None]
) -> Scene:
    graph = with_data_events(store.load(workspace, moment).graph)
    analysis = Analysis.objects.filter(workspace=workspace, moment=moment).first()
    writes = permitted_writes(graph)
    return scene(
        graph,
        [write.edge for write in writes.writes],
        [hub.resource for hub in writes.hubs.values()],
        analysis.report["loops"] if analysis else [],
    )
