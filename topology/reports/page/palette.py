"""Colours of a report, light and dark: the page's own, for documents that bring their style along.

A page has them as custom properties; a drawing that stands alone, or is put on paper, has them
written out, because few programs that draw SVG know custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources as files
from typing import TypeAlias
from xml.etree.ElementTree import Element

from topology.reports.svg import element

Palette: TypeAlias = Mapping[str, str]

LIGHT: Palette = {
    "page": "#f5f6f8",
    "surface": "#fff",
    "raised": "#f0f2f5",
    "line": "#d8dde4",
    "strong-line": "#8793a3",
    "text": "#17202b",
    "muted": "#526072",
    "link": "#1a56b0",
    "live": "#b3261e",
    "guarded": "#8a5300",
    "possible": "#6541ad",
    "retry-storm": "#a2256b",
    "blocked": "#4d5b6b",
    "clear": "#1a6b3a",
}
DARK: Palette = {
    "page": "#10151b",
    "surface": "#171d25",
    "raised": "#1f2731",
    "line": "#313c49",
    "strong-line": "#76869a",
    "text": "#e7ecf2",
    "muted": "#a3b0bf",
    "link": "#8ab6ff",
    "live": "#ff8f85",
    "guarded": "#f0b24e",
    "possible": "#bda8ff",
    "retry-storm": "#ff93cd",
    "blocked": "#aab7c5",
    "clear": "#78d69e",
}
PAPER: Palette = {**LIGHT, "page": "#fff", "raised": "#f6f7f9"}
TONES = {  # verdicts of loops and scopes; a hop that passes has the tone of its loop
    "live": "live",
    "guarded": "guarded",
    "possible": "possible",
    "retry-storm": "retry-storm",
    "blocked": "blocked",
    "loops-found": "live",
    "incomplete": "possible",
    "no-loop-within-scope": "clear",
    "accepted": "clear",
    "cannot": "blocked",
    "unknown": "possible",
}
SANS = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif'
VARIABLE = re.compile(r"var\(--([a-z-]+)\)")


@cache
def sheet(name: str) -> str:
    """One of the style sheets beside this file."""
    return files.files("topology.reports.page").joinpath(name).read_text("utf-8")


def properties(palette: Palette) -> str:
    """A palette as declarations of custom properties."""
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())


def tones() -> str:
    """The rules that give everything of a verdict its tone."""
    return "\n".join(
        f".tone-{verdict} {{ --tone: var(--{colour}); }}" for verdict, colour in TONES.items()
    )


def tone(verdict: str, palette: Palette = LIGHT) -> str:
    """The colour of a verdict, for formats that take one."""
    return palette[TONES[verdict]]


def standing_alone(drawing: Element, *palettes: Palette) -> Element:
    """The drawing with its style inside: the first palette, and a second one for dark screens.

    Everything of a loop stands below an element of class ``tone-<verdict>``.
    """
    rules = [_written_out(palette) for palette in palettes]
    dark = [f"@media (prefers-color-scheme: dark) {{\n{rule}\n}}" for rule in rules[1:]]
    drawing.insert(0, element("style", "\n".join([rules[0], *dark])))
    return drawing


def toned(drawing: Element, verdict: str) -> Element:
    """The drawing in the tone of a verdict."""
    drawing.set("class", f"{drawing.get('class', '')} tone-{verdict}".strip())
    return drawing


def _written_out(palette: Palette) -> str:
    """The drawings' style sheet without custom properties: the tone is the current colour."""
    known = {**palette, "tone": "currentColor", "sans": SANS}
    rules = VARIABLE.sub(lambda found: known[found[1]], sheet("drawings.css"))
    own = [f".tone-{verdict} {{ color: {tone(verdict, palette)}; }}" for verdict in TONES]
    return "\n".join([rules, *own])
