"""Account ids and names replaced before anything is rendered: the same name by the same mask.

A mask is a keyed digest, so nobody who lacks the key can try names until one fits; fingerprints are
masked too, because they are digests of names without a key. Masked are ids of accounts, names of
resources, labels of configuration, and every part of an ARN, wherever they occur: in ARNs,
witnesses, reasons, commands. Not masked are Regions, IAM actions, prefixes and patterns that are no
name, names of environment variables, files of code, and what ``masks`` leaves within a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from topology.reports.document import Document
from topology.reports.json_report import schema
from topology.reports.masks import Masks
from topology.reports.network import Arrow, Network, Node

ARROW = " → "

NAMED = {
    *("source_name", "target_name", "subject_name", "name", "label", "resource", "accounts"),
    *("owner", "title", "tells"),
}
WHOLE = {"source", "target", "subject", "resources", "resource", "unmeasured"}
DIGESTS = {"fingerprint", "id", "edge", "stops", "all_at", "loops", "loop", "edges"}
KEPT = {  # members whose values are words of the contract
    *("schema", "verdict", "verdict_before", "kind", "source_kind", "target_kind", "meaning"),
    *("evidence", "language", "effort", "method", "call", "action", "code", "region", "regions"),
    *("source_region", "target_region", "rule", "severity", "question", "of", "change", "page"),
    *("statement", "currency", "meter", "what", "subject_kind", "as_of", "since", "read_from"),
    "read_to",
}


def masked(
    document: Document, key: bytes, known: Iterable[str] = (), *, names: bool = True
) -> Document:
    """The document with masks for ids and names; ``known`` are further names and ARNs to look for.

    Without ``names``, only account ids are masked. A part's name (a workspace's) is left out.
    """
    masks = Masks(key, names=names)
    if names:
        masks.learn(_named(document))
        masks.learn(known)
        masks.learn_digests(_values(document, DIGESTS))
    made: dict[str, Any] = _masked(document, masks)
    if names and (part := made.get("part")):
        part["name"] = made["loops"][0]["title"] if part["of"] == "loop" else ""
        part["id"] = "" if part["of"] == "workspace" else part["id"]
    return made


def masked_network(network: Network, key: bytes) -> Network:
    """The nodes and arrows under the masks that ``masked`` gives a document with the same key.

    Memory grows with the nodes, and with the arrows that are switched off: what they say may name
    them.
    """
    masks = Masks(key)
    for node in network.nodes():
        masks.learn([node.id, node.name])
    masks.learn(arrow.label for arrow in network.arrows() if arrow.dormant)
    return Network(
        lambda: (_node(each, masks) for each in network.nodes()),
        lambda: (_arrow(each, masks) for each in network.arrows()),
    )


def _node(node: Node, masks: Masks) -> Node:
    whole = masks.whole
    return replace(node, id=whole(node.id), name=whole(node.name), account=whole(node.account))


def _arrow(arrow: Arrow, masks: Masks) -> Arrow:
    return replace(
        arrow,
        source=masks.whole(arrow.source),
        target=masks.whole(arrow.target),
        id=masks.digest(arrow.id),
        label=masks.whole(arrow.label),
        dormant=masks.text(arrow.dormant),
    )


def _masked(value: Any, masks: Masks, key: str = "") -> Any:
    match value:
        case str() if key in KEPT:
            return value
        case str() if key == "title" and ARROW in value:
            return ARROW.join(masks.whole(each) for each in value.split(ARROW))
        case str() if key in NAMED - {"title"} or key in WHOLE:
            return masks.whole(value)
        case str():
            return masks.text(value)
        case list():
            return [_masked(each, masks, key) for each in value]
        case dict() if key == "incident" and "missing_alarms" in value:
            return _of_sheet(value, masks)
        case dict() if key == "prices":  # where they come from is no secret
            return value
        case dict():
            return {
                name if name in _members() else masks.text(name): _masked(each, masks, name)
                for name, each in value.items()
            }
    return value


def _of_sheet(value: Any, masks: Masks, key: str = "") -> Any:
    """A part of an incident sheet: what AWS calls its metrics stays, whose they are does not.

    Apart from the rest, where an event of somebody's own may have members of the same names.
    """
    match value:
        case str() if key in ("namespace", "metric", "metrics", "query"):
            return value
        case list():
            return [_of_sheet(each, masks, key) for each in value]
        case dict() if key == "statistics":
            return value
        case dict() if key == "dimensions":
            return {name: masks.whole(each) for name, each in value.items()}
        case dict():
            return {name: _of_sheet(each, masks, name) for name, each in value.items()}
    return _masked(value, masks, key)


def _named(document: Document) -> Iterator[str]:
    """What a document says is a name: by its members, and the parts of its loops' titles."""
    for text in _values(document, NAMED | WHOLE):
        yield from text.split(ARROW) if ARROW in text else [text]


def _values(value: Any, members: set[str], key: str = "") -> Iterator[str]:
    match value:
        case str() if key in members:
            yield value
        case list():
            for each in value:
                yield from _values(each, members, key)
        case Mapping():
            for name, each in value.items():
                yield from _values(each, members, name)


@cache
def _members() -> frozenset[str]:
    """The members of the contract: a document keeps them though a function is called `alarms`."""

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            yield from value.get("properties") or ()
            for each in value.values():
                yield from within(each)

    return frozenset(within(schema()))
