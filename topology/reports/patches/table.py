"""The table of what writes a patch, by kind of change and by how the edge's kind begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from topology.graph import Edge, Resource
from topology.reports.patches.tongues import Patch

Resources: TypeAlias = Mapping[str, Resource]
Writer: TypeAlias = Callable[[Any, Edge, Resources], Patch]

_table: dict[tuple[type, str], Writer] = {}


def says(change: type, *families: str) -> Callable[[Writer], Writer]:
    """Register the function for a kind of change of these families of edges."""

    def register(writer: Writer) -> Writer:
        for family in families or ("",):
            if (change, family) in _table:
                raise ValueError(f"two functions write {change.__name__} of {family!r}")
            _table[change, family] = writer
        return writer

    return register


def registered() -> Mapping[tuple[type, str], Writer]:
    """Every function by its kind of change and family."""
    return dict(_table)
