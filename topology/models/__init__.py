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
from topology.models.fields import CanonicalJSONField, Packed, PackedJSONField, packed
from topology.models.hearing import EVERYTHING, Ear, Touched
from topology.models.history import Analysis, EdgeVersion, LoopSighting, ResourceVersion, Version
from topology.models.kept import AcceptanceRow, Badge, Scenario, Share

__all__ = [
    "ATTEMPTS",
    "EVERYTHING",
    "LEASE",
    "AcceptanceRow",
    "Alert",
    "Analysis",
    "Badge",
    "CanonicalJSONField",
    "Channel",
    "ConnectionTest",
    "Delivery",
    "Ear",
    "EdgeVersion",
    "GapRow",
    "Leased",
    "LedgerRead",
    "LoopSighting",
    "Packed",
    "PackedJSONField",
    "PartState",
    "ResourceVersion",
    "Run",
    "RunPart",
    "RunState",
    "Scenario",
    "Share",
    "Touched",
    "Version",
    "Watched",
    "packed",
]
