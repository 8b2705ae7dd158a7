"""Mermaid, which GitHub, GitLab and many wikis draw.

Source: https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.reports.diagram import title_of
from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Network, of_loops

LINES = {"on-failure": "-.->", "writes": "==>"}


def draws(network: Network) -> Iterator[str]:
    """A flowchart from left to right; nodes on a loop have a class named after its verdict."""
    yield "flowchart LR\n"
    places: dict[str, str] = {}
    marked: dict[str, list[str]] = {}
    for node in network.nodes():
        key = places[node.id] = f"n{len(places)}"
        yield f'  {key}["{_text(node.name)}<br/>{_text(title_of(node.kind))}"]\n'
        if node.verdict:
            marked.setdefault(node.verdict, []).append(key)
    for arrow in network.arrows():
        line = "-.->" if arrow.dormant else LINES.get(arrow.meaning, "-->")
        yield f'  {places[arrow.source]} {line}|"{_text(arrow.says)}"| {places[arrow.target]}\n'
    yield "  classDef loop stroke-width:3px\n"
    for keys in marked.values():
        yield f"  class {','.join(keys)} loop\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


def _text(name: str) -> str:
    """A name within quotes: whatever is not a plain letter becomes an entity of Mermaid's."""
    return "".join(
        char if char.isalnum() or char in " -./,()" else f"#{ord(char)};"
        for char in " ".join(name.split())
    )


FORMAT = Format(
    "mermaid",
    "Mermaid",
    Use.DRAWING,
    "a flowchart that GitHub, GitLab and wikis draw",
    "text/vnd.mermaid; charset=utf-8",
    "mmd",
    render,
    draws,
)
