"""The form on a loop's page that asks for other assumptions, and what an address says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topology.analysis.assumptions import RANGES
from topology.reports.hours import ASSUMED

FIXED = frozenset({"seconds", "seed"})


@dataclass(frozen=True, slots=True)
class Field:
    """One assumption as a form asks for it: one number, or a low and a high one."""

    name: str
    label: str
    values: tuple[str, ...]
    least: str
    most: str


def fields(assumed: Mapping[str, Any]) -> list[Field]:
    """What may be changed on a loop's page; it always looks at one hour."""
    return [
        Field(name, said, _texts(assumed[name]), f"{RANGES[name].low:g}", f"{RANGES[name].high:g}")
        for name, said in ASSUMED.items()
        if name in assumed and name not in FIXED
    ]


def given(query: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """The assumptions in an address: those that a form asks for and that somebody filled in."""
    asked = ASSUMED.keys() - FIXED
    filled = {
        name: [text.strip() for text in texts if text.strip()] for name, texts in query.items()
    }
    return {name: texts for name, texts in filled.items() if name in asked and texts}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return (f"{value['low']:.12g}", f"{value['high']:.12g}")
    return (f"{value:.12g}",)
