"""A view of the map as columns with interned strings: ``loopscope.map/1``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from topology.reports.map_layout import HEIGHT, WIDTH, Layout
from topology.reports.map_view import View

SCHEMA = "loopscope.map/1"


class _Strings:
    """Every text once; a column holds its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def column(self, texts: Iterable[str]) -> list[int]:
        return [self.numbers.setdefault(text, len(self.numbers)) for text in texts]


def columns(view: View, layout: Layout) -> dict[str, Any]:
    """The view and its places as JSON-ready columns; arrows name boxes by number.

    ARNs are not in it: a box's ``id`` is enough to ask for more.
    """
    strings, number = _Strings(), {box.id: place for place, box in enumerate(view.boxes)}
    boxes = {
        name: strings.column(getattr(each, name) for each in view.boxes)
        for name in ("name", "kind", "verdict", "change")
    }
    arrows = {
        name: strings.column(getattr(each, name) for each in view.arrows)
        for name in ("meaning", "evidence", "verdict", "change")
    }
    return {
        "schema": SCHEMA,
        "said": view.said,
        "left_out": list(view.left_out),
        "box": [WIDTH, HEIGHT],
        "boxes": {
            **boxes,
            "id": [each.id for each in view.boxes],
            "members": [each.members for each in view.boxes],
            "x": [x for x, _ in layout.places],
            "y": [y for _, y in layout.places],
        },
        "arrows": {
            **arrows,
            "source": [number[each.source] for each in view.arrows],
            "target": [number[each.target] for each in view.arrows],
            "dormant": [int(bool(each.dormant)) for each in view.arrows],
            "count": [each.count for each in view.arrows],
        },
        "focus": [number[each] for each in view.focus],
        "frames": [[f.title, f.x, f.y, f.width, f.height] for f in layout.frames],
        "strings": list(strings.numbers),
    }


def encoded(view: View, layout: Layout) -> tuple[bytes, str]:
    """The columns as JSON and their hash: the same view is the same bytes."""
    text = json.dumps(columns(view, layout), separators=(",", ":"), ensure_ascii=False)
    data = text.encode("utf-8", "replace")
    return data, hashlib.sha256(data).hexdigest()[:32]
