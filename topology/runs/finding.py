"""What can be found in a workspace, kept while people search."""

from __future__ import annotations

from functools import lru_cache

from accounts.models import Workspace
from topology import store
from topology.reports.find import Index, index
from topology.runs.mapping import State, state

KEPT = 8  # workspaces; what is known of 10,000 resources takes about 10 MB


def findable(workspace: Workspace) -> Index:
    """Every resource of the latest moment and every loop of the latest report."""
    return _index(workspace, workspace.moment, state(workspace, workspace.moment))


@lru_cache(KEPT)
def _index(workspace: Workspace, moment: int, _: State) -> Index:
    analysis = store.latest_analysis(workspace)
    loops = analysis.report["loops"] if analysis else []
    return index(store.all_resources(workspace, moment), loops)
