"""Rows. ``topology.store`` alone translates between those of a graph and the vocabulary."""

from topology.models.alerts import Alert, Channel, Delivery, Watched
from topology.models.crawls import (
    ATTEMPTS,
    LEASE,
    ConnectionTest,
    GapRow,
    Leased,
    LedgerRead,
    PartState,
    Run,
    RunPart,
    RunState,
)
from topology.models.fields import CanonicalJSONField
from topology.models.history import Analysis, EdgeVersion, LoopSighting, ResourceVersion, Version
from topology.models.kept import AcceptanceRow, Badge, Scenario, Share

__all__ = [
    "ATTEMPTS",
    "LEASE",
    "AcceptanceRow",
    "Alert",
    "Analysis",
    "Badge",
    "CanonicalJSONField",
    "Channel",
    "ConnectionTest",
    "Delivery",
    "EdgeVersion",
    "GapRow",
    "Leased",
    "LedgerRead",
    "LoopSighting",
    "PartState",
    "ResourceVersion",
    "Run",
    "RunPart",
    "RunState",
    "Scenario",
    "Share",
    "Version",
    "Watched",
]
