"""GEXF 1.3, for Gephi.

Source: https://gexf.net/schema.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.formats.graphml import ARROW, NODE, quoted
from topology.reports.network import Arrow, Network, Node, of_loops


def draws(network: Network) -> Iterator[str]:
    """Nodes, then edges; every fact is a string attribute."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '  <graph mode="static" defaultedgetype="directed">\n'
    for end, names in (("node", NODE), ("edge", ARROW)):
        yield f'    <attributes class="{end}">\n'
        for name in names:
            yield f'      <attribute id="{end}-{name}" title="{name}" type="string"/>\n'
        yield "    </attributes>\n"
    yield "    <nodes>\n"
    for node in network.nodes():
        facts = _facts("node", NODE, node)
        yield f"      <node id={quoted(node.id)} label={quoted(node.name)}>{facts}</node>\n"
    yield "    </nodes>\n    <edges>\n"
    for arrow in network.arrows():
        ends = f"source={quoted(arrow.source)} target={quoted(arrow.target)}"
        facts = _facts("edge", ARROW, arrow)
        yield f'      <edge id="{arrow.id}" {ends} label={quoted(arrow.meaning)}>{facts}</edge>\n'
    yield "    </edges>\n  </graph>\n</gexf>\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


def _facts(end: str, names: list[str], value: Node | Arrow) -> str:
    told = "".join(
        f'<attvalue for="{end}-{name}" value={quoted(text)}/>'
        for name in names
        if (text := getattr(value, name))
    )
    return f"<attvalues>{told}</attvalues>"


FORMAT = Format(
    "gexf",
    "GEXF",
    Use.DRAWING,
    "every fact of nodes and edges, for Gephi",
    "application/gexf+xml",
    "gexf",
    render,
    draws,
)
