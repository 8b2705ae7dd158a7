"""The JSON document ``loopscope.report/1`` as the one value that every format renders.

``json_report`` makes it of a report that was just found; the store keeps it; ``parts``,
``difference`` and ``masking`` make one of another. A renderer never asks where it came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import is_
from typing import Any, TypeAlias

from topology import arn as arns
from topology.reports.svg import printable
from topology.verdict import HARMLESS

Document: TypeAlias = Mapping[str, Any]
Told: TypeAlias = Mapping[str, Any]  # a loop, a hop, a gap: one object of a document


def legible(value: Any) -> Any:
    """The same JSON with every text free of what neither XML nor UTF-8 can carry.

    What is so already is not copied: most of a report is.
    """
    match value:
        case str():
            return printable(value)
        case list():
            items = list(map(legible, value))
            return value if all(map(is_, items, value)) else items
        case dict():
            names = list(map(printable, value))
            members = list(map(legible, value.values()))
            is_same = all(map(is_, names, value)) and all(map(is_, members, value.values()))
            return value if is_same else dict(zip(names, members, strict=True))
    return value


def pressing(document: Document) -> Sequence[Told]:
    """The loops that nothing stops and nobody accepted, nor have gone since."""
    return [
        loop
        for loop in document["loops"]
        if loop["verdict"] not in HARMLESS and loop.get("change") != "gone"
    ]


def stopped(document: Document) -> Sequence[Told]:
    """The others: something stops them, somebody accepted them, or they are gone."""
    return [
        loop
        for loop in document["loops"]
        if loop["verdict"] in HARMLESS or loop.get("change") == "gone"
    ]


def holes(document: Document) -> int:
    """In how many ways the reading is incomplete."""
    scope = document["scope"]
    return len(scope["gaps"]) + len(scope["stale"])


def place(edge: Told, end: str) -> tuple[str, str]:
    """Account and Region of a hop's ``source`` or ``target``, empty where nobody knows."""
    account, region = edge.get(f"{end}_account"), edge.get(f"{end}_region")
    return (account, region or "") if account is not None else of_arn(edge[end])


def of_arn(arn: str) -> tuple[str, str]:
    """Account and Region as far as an ARN says them."""
    if not arns.is_arn(arn):
        return "", ""
    parsed = arns.parse(arn)
    return parsed.account, parsed.region
