"""A kept report as values again: to be worked with under other assumptions, or at a later time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topology.analysis import Guard, Loop, LoopHop
from topology.graph import Edge, Evidence, Meaning, Resource
from topology.verdict import (
    Always,
    Cannot,
    Hop,
    LoopVerdict,
    Sometimes,
    Unknown,
    scope_verdict,
)

HOPS: Mapping[str, type[Always | Sometimes | Cannot | Unknown]] = {
    each.word: each for each in (Always, Sometimes, Cannot, Unknown)
}


def loops(report: Mapping[str, Any]) -> Sequence[Loop]:
    """The loops of a ``loopscope.report/1``, ranked as they are there; filters are left out."""
    return [
        Loop(
            tuple(LoopHop(_edge(edge), _hop(edge["hop"])) for edge in told["edges"]),
            LoopVerdict(told["verdict"]),
            told["fingerprint"],
            told["title"],
            Guard(told["guard"]["covered"], told["guard"]["because"]),
            told["explanation"],
        )
        for told in report["loops"]
    ]


def with_stale(report: Mapping[str, Any], sentences: Sequence[str]) -> Mapping[str, Any]:
    """A kept report of which parts have grown too old since; it says so, and is clear no more."""
    if not sentences:
        return report
    scope = report["scope"]
    verdict = scope_verdict([LoopVerdict(each["verdict"]) for each in report["loops"]], (), ())
    stale = sorted({*scope["stale"], *sentences})
    return {**report, "scope": {**scope, "stale": stale, "verdict": verdict.value}}


def resources(report: Mapping[str, Any]) -> Mapping[str, Resource]:
    """What the loops lead through, as far as the report says: kind and name, nothing more."""
    return {
        edge[end]: Resource(edge[end], edge[f"{end}_kind"], "", "", edge[f"{end}_name"])
        for told in report["loops"]
        for edge in told["edges"]
        for end in ("source", "target")
    }


def _edge(told: Mapping[str, Any]) -> Edge:
    return Edge(
        told["source"],
        told["target"],
        Meaning(told["meaning"]),
        told["kind"],
        Evidence(told["evidence"]),
        told["label"],
        dormant=told["dormant"],
        attributes=told["attributes"],
    )


def _hop(told: Mapping[str, Any]) -> Hop:
    return HOPS[told["verdict"]](told["because"])
