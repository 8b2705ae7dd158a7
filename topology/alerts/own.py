"""Loopscope's own alert must never be part of a loop that it reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from topology.verdict import HARMLESS

# https://<id>.execute-api.<region>.amazonaws.com
OF_AWS = re.compile(r"([a-z0-9]+)\.(?:execute-api|appsync-api)\.")


def part_of_a_loop(touched: Iterable[str], report: Mapping[str, Any] | None) -> str:
    """The title of a loop of which something that a channel touches is a part; empty for none.

    ``touched`` are ARNs, and hosts: an API's own address names it by its id. What a function's
    address starts has to be among them, for it does not.
    """
    wanted = [_needle(each) for each in touched]
    for loop in report["loops"] if report else []:
        if loop["verdict"] in HARMLESS:
            continue
        for edge in loop["edges"]:
            for arn in (edge["source"], edge["target"]):
                if any(needle and needle in _segments(arn) for needle in wanted):
                    return str(loop["title"])
    return ""


def _needle(touched: str) -> str:
    if touched.startswith("arn:"):
        return touched
    found = OF_AWS.match(touched)
    return found[1] if found else ""


def _segments(arn: str) -> set[str]:
    return {arn, *re.split(r"[:/]", arn)}
