"""The graph store: the only translator between rows and the vocabulary (docs/design.md §7)."""

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
    "FencedOutError",
    "Moment",
    "abandon",
    "amend",
    "fail",
    "latest_analysis",
    "load",
    "others",
    "plan",
    "publish",
    "resources",
    "save_analysis",
    "stage",
    "staged",
    "trust_code",
]
