"""What would stop a loop, as the JSON report tells it: cuts with their patches, what to press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from topology.analysis import Loop
from topology.analysis.cuts import Cut, Remedy
from topology.analysis.edits import written
from topology.analysis.options import Option
from topology.analysis.press_first import Press
from topology.graph import Resource
from topology.reports.patches import patch

NOTHING = Remedy()
LONG = 8  # changes of a cut that is told in full beside every loop


def members(remedy: Remedy | None, loop: Loop, resources: Mapping[str, Resource]) -> dict[str, Any]:
    """The members ``cuts``, ``cuts_note`` and ``press_first`` of a loop."""
    remedy = remedy or NOTHING
    press = remedy.press_first
    return {
        "cuts": [_cut(cut, loop, resources) for cut in remedy.cuts],
        "cuts_note": remedy.note,
        "press_first": _press(press, resources) if press else None,
    }


def _cut(cut: Cut, loop: Loop, resources: Mapping[str, Resource]) -> dict[str, Any]:
    """A cut; a long one is told in full beside the gravest loop that it stops, once."""
    options, stops = cut.options, cut.stops
    gravest = stops[0]
    if len(options) > LONG and loop.fingerprint != gravest:
        ids = {hop.edge.id for hop in loop.hops}
        options = tuple(each for each in options if each.about.id in ids) or options[:1]
        stops = (loop.fingerprint,)
    return {
        "method": cut.method.value,
        "effort": cut.effort,
        "whole": cut.whole,
        "analyses": cut.analyses,
        "stops": sorted(stops),
        "changes": [_change(option, resources) for option in options],
        "changes_in_all": len(cut.options),
        "all_at": gravest,
    }


def _change(option: Option, resources: Mapping[str, Resource]) -> dict[str, Any]:
    return {
        "effort": option.effort.name.lower(),
        "edge": option.about.id,
        "edit": written(option.change, option.about),
        "keeps": option.keeps,
        "patch": asdict(patch(option.change, option.about, resources)),
    }


def _press(press: Press, resources: Mapping[str, Resource]) -> dict[str, Any]:
    return {
        "edge": press.about.id,
        "edit": written(press.change, press.about),
        "stops_too": press.stops_too,
        "patch": asdict(patch(press.change, press.about, resources)),
    }
