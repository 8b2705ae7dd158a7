"""GraphML, for yEd, Gephi and networkx.

Source: http://graphml.graphdrawing.org/primer/graphml-primer.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from xml.sax.saxutils import escape, quoteattr

from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Arrow, Network, Node, of_loops
from topology.reports.svg import printable

NODE = [field.name for field in fields(Node) if field.name != "id"]
ARROW = [field.name for field in fields(Arrow) if field.name not in ("source", "target", "id")]


def draws(network: Network) -> Iterator[str]:
    """Resources and edges with every fact as text; ids are ARNs and the edges' own."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for end, names in (("node", NODE), ("edge", ARROW)):
        for name in names:
            yield f'  <key id="{end}-{name}" for="{end}" attr.name="{name}" attr.type="string"/>\n'
    yield '  <graph id="loopscope" edgedefault="directed">\n'
    for node in network.nodes():
        yield f"    <node id={quoted(node.id)}>{_data('node', NODE, node)}</node>\n"
    for arrow in network.arrows():
        ends = f"source={quoted(arrow.source)} target={quoted(arrow.target)}"
        yield f'    <edge id="{arrow.id}" {ends}>{_data("edge", ARROW, arrow)}</edge>\n'
    yield "  </graph>\n</graphml>\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


def _data(end: str, names: list[str], value: Node | Arrow) -> str:
    return "".join(
        f'<data key="{end}-{name}">{escape(printable(text))}</data>'
        for name in names
        if (text := getattr(value, name))
    )


def quoted(text: str) -> str:
    """A quoted attribute whose line breaks survive a reader."""
    return quoteattr(printable(text), {"\n": "&#10;", "\t": "&#9;"})


FORMAT = Format(
    "graphml",
    "GraphML",
    Use.DRAWING,
    "every fact of nodes and edges, for yEd, Gephi and networkx",
    "application/graphml+xml",
    "graphml",
    render,
    draws,
)
