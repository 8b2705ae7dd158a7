"""The first hour of a loop as SVG: a band from low to high, the usual course, and the ceiling.

Both scales are logarithmic: a loop that doubles every second is over in the first minute.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from topology.analysis.gain import number
from topology.reports.page.palette import DARK, LIGHT, standing_alone, toned
from topology.reports.svg import Point, element, markup, picture

WIDTH, HEIGHT = 480.0, 264.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 14.0, 14.0, 40.0
LEAST = 0.5  # what the lower edge stands for: nothing, and one is above it
TIMES = ((1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"))
MOST_LINES = 6  # numbers on the left
CASES = ("low", "usual", "high")
TITLES = {
    "runs": "Runs so far",
    "at_once": "Runs at once",
}


def draw_hour(hour: Mapping[str, Any], measure: str) -> str:
    """The SVG of one measure (``runs`` or ``at_once``) of a report's ``first_hour``."""
    return markup(chart(hour, measure))


def chart_alone(hour: Mapping[str, Any], measure: str, verdict: str) -> str:
    """The same as a file, light and dark, in the tone of its loop's verdict."""
    drawn = toned(chart(hour, measure), verdict)
    drawn.insert(0, element("rect", width="100%", height="100%", class_="ground"))
    return markup(standing_alone(drawn, LIGHT, DARK))


def chart(hour: Mapping[str, Any], measure: str, name: str = "hour") -> Element:
    """The drawing as an element; ``name`` tells its ids from those of other charts in a page.

    Colours come from the page's style sheet; lines, dashes and words alone say the same.
    """
    seconds: Sequence[int] = hour["seconds"]
    courses = {case: hour[case][measure] for case in CASES}
    lows = [min(values) for values in zip(*courses.values(), strict=True)]
    highs = [max(values) for values in zip(*courses.values(), strict=True)]
    ceiling = float(hour["ceiling"]) if measure == "at_once" else None
    top = max(*highs, 10.0, (ceiling or 0) if _is_near(ceiling, highs) else 0)
    scale = _Scale(seconds[0], seconds[-1], 10 ** math.ceil(math.log10(top) + 0.05))
    band = [scale.at(*each) for each in zip(seconds, highs, strict=True)]
    band += [scale.at(*each) for each in zip(reversed(seconds), reversed(lows), strict=True)]
    usual = [scale.at(*each) for each in zip(seconds, courses["usual"], strict=True)]
    parts = [
        *_axes(scale),
        element("path", d=f"{_path(band)}Z", class_="band"),
        element("path", d=_path(usual), class_="usual"),
        *_end(scale, seconds[-1], highs[-1], lows[-1], ceiling),
    ]
    if ceiling is not None and ceiling <= scale.most:
        parts += _ceiling(scale, ceiling)
    name = f"{name}-{measure.replace('_', '-')}"
    return picture(
        WIDTH,
        HEIGHT,
        element("title", f"{TITLES[measure]} in the first hour", id=f"{name}-title"),
        element("desc", description(hour, measure), id=f"{name}-desc"),
        *parts,
        class_="hour",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def description(hour: Mapping[str, Any], measure: str) -> str:
    """What the chart shows, in a sentence or two, for who does not see it."""
    last = {case: number(hour[case][measure][-1]) for case in CASES}
    least, most = (
        number(chosen(hour[case][measure][-1] for case in CASES)) for chosen in (min, max)
    )
    said = (
        f"{TITLES[measure]} on logarithmic scales, from the first second to one hour. "
        f"At the end {last['usual']} as usual, {least} at least and {most} at most."
    )
    if measure == "at_once":
        said += f" {number(hour['ceiling'])} at once are possible."
    return said


class _Scale:
    """From seconds and amounts to pixels."""

    def __init__(self, first: float, last: float, most: float) -> None:
        self.first, self.last, self.most = first, last, most

    def at(self, seconds: float, amount: float) -> Point:
        """The place of an amount at a time; what is less than one is at the lower edge."""
        return self.x(seconds), self.y(amount)

    def x(self, seconds: float) -> float:
        """Pixels from the left."""
        part = math.log(seconds / self.first) / math.log(self.last / self.first)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(self, amount: float) -> float:
        """Pixels from the top."""
        part = math.log(max(amount, LEAST) / LEAST) / math.log(self.most / LEAST)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)


def _axes(scale: _Scale) -> list[Element]:
    decades = round(math.log10(scale.most))
    step = math.ceil(decades / MOST_LINES)
    found = []
    for power in range(0, decades + 1, step):
        y = scale.y(10**power)
        found.append(element("path", d=f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}", class_="grid"))
        found.append(
            element("text", _power(power), x=LEFT - 8, y=y + 4, text_anchor="end", class_="tick")
        )
    for seconds, name in TIMES:
        if scale.first <= seconds <= scale.last:
            x = scale.x(seconds)
            anchor = "end" if seconds == scale.last else "middle"
            found.append(
                element("path", d=f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}", class_="grid upright")
            )
            found.append(
                element("text", name, x=x, y=HEIGHT - 20, text_anchor=anchor, class_="tick")
            )
    found.append(element("path", d=f"M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}", class_="axis"))
    return found


def _ceiling(scale: _Scale, ceiling: float) -> list[Element]:
    y = scale.y(ceiling)
    return [
        element("path", d=f"M{LEFT} {y:.1f}H{WIDTH - RIGHT}", class_="ceiling"),
        element(
            "text", f"ceiling {number(ceiling)}", x=LEFT + 6, y=y - 6, class_="said ceiling-said"
        ),
    ]


def _end(
    scale: _Scale, seconds: float, high: float, low: float, ceiling: float | None
) -> list[Element]:
    """What the band ends with, where there is a band, and nothing else says it."""
    if high < low * 1.5 + 1 or (ceiling is not None and high > ceiling * 0.9):
        return []
    x = scale.x(seconds) - 6
    return [
        element("text", number(high), x=x, y=scale.y(high) + 16, text_anchor="end", class_="said")
    ]


def _is_near(ceiling: float | None, highs: Sequence[float]) -> bool:
    """Whether a ceiling is worth its place: nobody needs nine empty decades."""
    return ceiling is not None and ceiling <= max(*highs, 1) * 10_000


def _power(power: int) -> str:
    if power <= 4:
        return f"{10**power:,}"
    return {5: "100k", 6: "1M", 7: "10M", 8: "100M", 9: "1G"}.get(power, f"1e{power}")


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
