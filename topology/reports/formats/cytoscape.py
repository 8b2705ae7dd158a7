"""Cytoscape JSON, for Cytoscape and cytoscape.js.

Source: https://js.cytoscape.org/#notation/elements-json
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Network, of_loops


def draws(network: Network) -> Iterator[str]:
    """``elements`` with every fact under ``data``; nodes before edges."""
    yield '{"elements": {"nodes": ['
    for number, node in enumerate(network.nodes()):
        yield f"{',' if number else ''}\n{json.dumps({'data': asdict(node)})}"
    yield '\n], "edges": ['
    for number, arrow in enumerate(network.arrows()):
        yield f"{',' if number else ''}\n{json.dumps({'data': asdict(arrow)})}"
    yield "\n]}}\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


FORMAT = Format(
    "cytoscape",
    "Cytoscape JSON",
    Use.DRAWING,
    "nodes and edges for Cytoscape and cytoscape.js",
    "application/json",
    "cyjs",
    render,
    draws,
    is_exact=True,
)
