"""DOT, for Graphviz.

Source: https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.reports.diagram import title_of
from topology.reports.document import Document
from topology.reports.format import Format, Use
from topology.reports.network import Network, of_loops
from topology.reports.page.palette import tone


def draws(network: Network) -> Iterator[str]:
    """A digraph; identifiers are ARNs, and parallel edges stay apart by their ids."""
    yield "digraph loopscope {\n"
    yield '  graph [rankdir=LR, charset="UTF-8"];\n'
    yield '  node [shape=box, style=rounded, fontname="Helvetica"];\n'
    yield '  edge [fontname="Helvetica", fontsize=10];\n'
    for node in network.nodes():
        label = f"{node.name}\n{title_of(node.kind)}"
        facts = {"label": label, "tooltip": node.id} | _toned(node.verdict)
        yield f"  {_quoted(node.id)} {_listed(facts)};\n"
    for arrow in network.arrows():
        facts = {"id": arrow.id, "label": arrow.says.replace(", ", "\n")} | _toned(arrow.verdict)
        if arrow.dormant:
            facts["style"] = "dotted"
        elif arrow.meaning == "on-failure":
            facts["style"] = "dashed"
        yield f"  {_quoted(arrow.source)} -> {_quoted(arrow.target)} {_listed(facts)};\n"
    yield "}\n"


def render(document: Document) -> str:
    """The loops of a document."""
    return "".join(draws(of_loops(document)))


def _toned(verdict: str) -> dict[str, str]:
    return {"color": tone(verdict), "penwidth": "2"} if verdict else {}


def _listed(facts: dict[str, str]) -> str:
    return f"[{', '.join(f'{name}={_quoted(value)}' for name, value in facts.items())}]"


def _quoted(text: str) -> str:
    r"""A quoted string. A backslash of a name is doubled, so that ``\N`` and ``\G`` stay letters.

    What looks like an HTML entity would be read as one.
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return '"' + escaped.replace("\r", " ").replace("\n", "\\n") + '"'


FORMAT = Format(
    "dot",
    "DOT",
    Use.DRAWING,
    "a digraph for Graphviz",
    "text/vnd.graphviz; charset=utf-8",
    "dot",
    render,
    draws,
)
