"""The graph store: the only translator between rows and the vocabulary (docs/design.md §7)."""

from topology.store.history import (
    Change,
    Counts,
    Point,
    Seen,
    analysed_before,
    changes,
    counts,
    loops_at,
    points,
    sightings,
    times,
    versions,
)
from topology.store.loading import Moment, latest_analysis, load, resources, save_analysis
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

__all__ = [
    "Change",
    "Counts",
    "FencedOutError",
    "Moment",
    "Point",
    "Seen",
    "abandon",
    "amend",
    "analysed_before",
    "changes",
    "counts",
    "fail",
    "latest_analysis",
    "load",
    "loops_at",
    "others",
    "plan",
    "points",
    "publish",
    "resources",
    "save_analysis",
    "sightings",
    "stage",
    "staged",
    "times",
    "trust_code",
    "versions",
]
