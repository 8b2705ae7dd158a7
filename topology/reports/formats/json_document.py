"""The document itself, ``loopscope.report/1``: what the schema beside ``json_report`` describes."""

from __future__ import annotations

import json

from topology.reports.document import Document
from topology.reports.format import Format, Use


def render(document: Document) -> str:
    """Indented, keys sorted, ASCII: the same document is the same bytes."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=True) + "\n"


FORMAT = Format(
    "json",
    "JSON",
    Use.PIPELINES,
    "everything, as the published contract `loopscope.report/1`",
    "application/json",
    "json",
    render,
    is_exact=True,
)
