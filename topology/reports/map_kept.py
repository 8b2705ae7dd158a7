"""A scene of the map as bytes and back: whoever looks first does not wait for it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from topology.reports.map_scene import Arrow, Box, Scene

Thing = TypeVar("Thing", Box, Arrow)
SOURCES = ("graph.py", "iam", "catalog", "sets", "filters", "inference", "reports/map_*.py")


def packed(scene: Scene) -> bytes:
    """Columns of texts said once; 10,000 boxes take about 0.5 MB."""
    numbers: dict[Any, int] = {}
    data = {
        "boxes": _columns(Box, scene.boxes.values(), numbers),
        "arrows": _columns(Arrow, scene.arrows, numbers),
        "loops": [[key, sorted(ids)] for key, ids in scene.loops.items()],
        "quiet": scene.quiet,
    }
    data["values"] = list(numbers)
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 1)


def unpacked(kept: bytes) -> Scene:
    """The scene that was packed: equal to it, in the same order."""
    data = json.loads(zlib.decompress(kept))
    values = [tuple(each) if isinstance(each, list) else each for each in data["values"]]
    boxes = _things(Box, data["boxes"], values)
    return Scene(
        {box.id: box for box in boxes},
        tuple(_things(Arrow, data["arrows"], values)),
        {key: frozenset(ids) for key, ids in data["loops"]},
        data["quiet"],
    )


@cache
def edition() -> str:
    """What a scene depends on besides its moment: where it differs, what was kept is not used."""
    root, found = Path(__file__).parents[1], hashlib.sha256()
    for name in SOURCES:
        some = root.glob(name) if name.endswith(".py") else (root / name).rglob("*.py")
        for path in sorted(some):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _columns(kind: type[Thing], things: Iterable[Thing], numbers: dict[Any, int]) -> list[Any]:
    listed = list(things)
    return [
        [numbers.setdefault(getattr(each, field.name), len(numbers)) for each in listed]
        for field in fields(kind)
    ]


def _things(kind: type[Thing], columns: list[list[int]], values: list[Any]) -> Iterator[Thing]:
    rows = zip(*([values[number] for number in column] for column in columns), strict=True)
    return (kind(*row) for row in rows)
