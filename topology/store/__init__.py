"""The graph store: the only translator between rows and the vocabulary (docs/design.md §7)."""

from topology.store.accepting import accept, acceptances, lapse, withdraw
from topology.store.history import (
    Change,
    Counts,
    Point,
    Seen,
    analysed_before,
    changes,
    counts,
    loop_history,
    loops_at,
    points,
    times,
    versions,
    were_analysed,
)
from topology.store.leaving import disconnect
from topology.store.loading import (
    Moment,
    all_edges,
    all_resources,
    latest_analysis,
    load,
    resources,
    save_analysis,
    started_by,
)
from topology.store.overdue import late, overdue
from topology.store.pruning import Pruned, prune
from topology.store.publishing import (
    FencedOutError,
    abandon,
    fail,
    plan,
    publish,
    stage,
    trust_code,
)
from topology.store.staging import amend, others, staged
from topology.store.watching import watch

__all__ = [
    "Change",
    "Counts",
    "FencedOutError",
    "Moment",
    "Point",
    "Pruned",
    "Seen",
    "abandon",
    "accept",
    "acceptances",
    "all_edges",
    "all_resources",
    "amend",
    "analysed_before",
    "changes",
    "counts",
    "disconnect",
    "fail",
    "lapse",
    "late",
    "latest_analysis",
    "load",
    "loop_history",
    "loops_at",
    "others",
    "overdue",
    "plan",
    "points",
    "prune",
    "publish",
    "resources",
    "save_analysis",
    "stage",
    "staged",
    "started_by",
    "times",
    "trust_code",
    "versions",
    "watch",
    "were_analysed",
    "withdraw",
]
