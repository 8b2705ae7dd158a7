"""Every format of a report: one file each, found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from topology.reports.format import Format, FormatError, Use

__all__ = ["Format", "FormatError", "Use", "drawn", "formats"]


@cache
def formats() -> Mapping[str, Format]:
    """Every declared format by name: by use, then by title."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").FORMAT
        for module in pkgutil.iter_modules(__path__)
    ]
    uses = list(Use)
    found.sort(key=lambda each: (uses.index(each.use), each.title.lower()))
    return {each.name: each for each in found}


def drawn() -> Mapping[str, Format]:
    """The formats that can write a whole graph."""
    return {name: each for name, each in formats().items() if each.draws}
