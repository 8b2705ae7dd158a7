"""Backstage entities: a ``Resource`` per resource on a loop, with the loops as annotations.

Written as JSON documents between YAML's separators: every JSON value is YAML, and no name is read
as anything but a string.

Source: https://backstage.io/docs/features/software-catalog/descriptor-format
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from topology.reports.document import Document, pressing
from topology.reports.format import Format, Use
from topology.reports.network import Node, of_loops
from topology.reports.svg import shorten

LONGEST = 63  # characters of an entity's name
OWNER = "unknown"
PAIR = re.compile(r"\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}")


def render(document: Document) -> str:
    """``catalog-info.yaml``: what an entity depends on is what it gets events from."""
    return "".join(f"---\n{_yaml(each)}\n" for each in _entities(document))


def _yaml(entity: Mapping[str, Any]) -> str:
    r"""JSON, but for letters beyond the basic plane: a pair of escapes is one ``\U`` of YAML's."""
    return PAIR.sub(_astral, json.dumps(entity, indent=2))


def _astral(pair: re.Match[str]) -> str:
    letter = json.loads('"' + pair[0] + '"')
    return f"\\U{ord(letter):08x}"


def _entities(document: Document) -> Iterator[Mapping[str, Any]]:
    network = of_loops(document)
    named = {node.id: _name(node) for node in network.nodes()}
    loops: dict[str, list[str]] = {}
    for loop in pressing(document):
        for edge in loop["edges"]:
            loops.setdefault(edge["source"], []).append(f"{loop['verdict']} {loop['fingerprint']}")
    upstream: dict[str, set[str]] = {}
    for arrow in network.arrows():
        upstream.setdefault(arrow.target, set()).add(named[arrow.source])
    for node in network.nodes():
        annotations = {"amazonaws.com/arn": node.id, "loopscope/verdict": node.verdict}
        if node.account:
            annotations["amazonaws.com/account-id"] = node.account
        if found := loops.get(node.id):
            annotations["loopscope/loops"] = ", ".join(dict.fromkeys(found))
        yield {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": "Resource",
            "metadata": {
                "name": named[node.id],
                "title": shorten(node.name, 120),
                "annotations": annotations,
                "tags": ["event-loop", f"loop-{node.verdict}"],
            },
            "spec": {
                "type": node.kind.replace(".", "-"),
                "owner": OWNER,
                "dependsOn": [f"resource:default/{name}" for name in sorted(upstream[node.id])],
            },
        }


def _name(node: Node) -> str:
    """A name that Backstage takes, unique by the ARN's digest, which a mask has gone through."""
    digest = hashlib.sha256(node.id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    plain = re.sub(r"[^A-Za-z0-9]+", "-", node.name).strip("-") or "resource"
    return f"{plain[: LONGEST - 9].rstrip('-')}-{digest}"


FORMAT = Format(
    "backstage",
    "Backstage",
    Use.PIPELINES,
    "`catalog-info.yaml` with an entity per resource on a loop",
    "application/yaml",
    "yaml",
    render,
)
