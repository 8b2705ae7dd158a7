"""One JSON object a line: nodes, then edges. What a program reads without holding it all.

Source: https://github.com/ndjson/ndjson-spec
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Network, of_loops


def draws(network: Network) -> Iterator[str]:
    """Each line says what it is: ``{"type": "node", …}`` or ``{"type": "edge", …}``."""
    for type_, values in (("node", network.nodes()), ("edge", network.arrows())):
        for value in values:
            yield json.dumps({"type": type_, **asdict(value)}) + "\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


FORMAT = Format(
    "ndjson",
    "NDJSON",
    Use.DRAWING,
    "nodes, then edges, one JSON object a line, for programs that stream",
    "application/x-ndjson",
    "ndjson",
    render,
    draws,
    is_exact=True,
)
