"""A change as a patch in four tongues: AWS CLI, CloudFormation, Terraform, and words.

One function per kind of change and family of edges, in a module of this folder, registered by
``says``. A family without one is told in words alone: never a command that was not thought through.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from topology.analysis.changes import Change
from topology.graph import Edge, Resource
from topology.reports.patches.in_words import sentence
from topology.reports.patches.table import Writer, registered
from topology.reports.patches.tongues import Patch

__all__ = ["Patch", "patch"]


@cache
def _writers() -> Mapping[tuple[type, str], Writer]:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return registered()


def patch(change: Change, about: Edge, resources: Mapping[str, Resource]) -> Patch:
    """What to do so that a change of an edge comes true."""
    found = [
        (len(family), writer)
        for (kind, family), writer in _writers().items()
        if isinstance(change, kind) and about.kind.startswith(family)
    ]
    if not found:
        return Patch(sentence(change, about, resources))
    _, writer = max(found, key=lambda each: each[0])
    return writer(change, about, resources)
