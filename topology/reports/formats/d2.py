"""D2, a language of diagrams.

Source: https://d2lang.com/tour/strings
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from topology.reports.diagram import title_of
from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Arrow, Network, of_loops
from topology.reports.page.palette import tone


def draws(network: Network) -> Iterator[str]:
    """A box per resource, an arrow per piece of configuration."""
    yield "direction: right\n"
    places: dict[str, str] = {}
    for node in network.nodes():
        key = places[node.id] = f"n{len(places)}"
        yield f"{key}: {_text(f'{node.name} ({title_of(node.kind)})')}\n"
        yield f"{key}.tooltip: {_text(node.id)}\n"
        if node.verdict:
            yield f"{key}.style.stroke: {_colour(node.verdict)}\n"
    for arrow in network.arrows():
        source, target = places[arrow.source], places[arrow.target]
        style = "".join(f" {each};" for each in _style(arrow))
        yield f"{source} -> {target}: {_text(arrow.says)} {{{style} }}\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


def _style(arrow: Arrow) -> Iterator[str]:
    if arrow.verdict:
        yield f"style.stroke: {_colour(arrow.verdict)}"
    if arrow.dormant or arrow.meaning == "on-failure":
        yield "style.stroke-dash: 4"


def _colour(verdict: str) -> str:
    return f'"{tone(verdict)}"'


def _text(name: str) -> str:
    """A quoted string; a dollar sign would begin a substitution."""
    return json.dumps(" ".join(name.split()), ensure_ascii=False).replace("$", "\\$")


FORMAT = Format(
    "d2",
    "D2",
    Use.DRAWING,
    "boxes and arrows for d2",
    "text/plain; charset=utf-8",
    "d2",
    render,
    draws,
)
