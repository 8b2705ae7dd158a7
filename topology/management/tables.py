"""A reading for a terminal, by rich: the headline and a table of its loops.

Source: https://rich.readthedocs.io/en/stable/tables.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from topology.reports import forecasts, heading
from topology.reports.document import Document, Told, pressing, stopped
from topology.reports.formats.plain_text import plain
from topology.reports.wording import verdict_name

WIDE = 110  # columns that gain and cost need beside the way
STYLES = {  # by verdict of a loop or a scope
    "live": "bold red",
    "guarded": "yellow",
    "possible": "magenta",
    "retry-storm": "bright_magenta",
    "blocked": "dim",
    "accepted": "green",
    "loops-found": "bold red",
    "incomplete": "magenta",
    "no-loop-within-scope": "bold green",
}


def loops_table(document: Document, width: int) -> Iterator[Text | Table]:
    """What the reading says, its loops by gravity in so many columns, what they leave out."""
    says = heading.says(document)
    yield Text(plain(says.title), STYLES[says.verdict])
    yield Text(plain(says.detail))
    yield Text(plain(heading.reach(document)), "dim")
    loops = [*pressing(document), *stopped(document)]
    if loops:
        yield _table(loops, width >= WIDE)
    if more := document["more_loops"]:
        yield Text(f"{more} further loops run through the same resources.", "dim")


def _table(loops: list[Told], is_wide: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    changed = any("change" in loop for loop in loops)
    names = [*(["Change"] if changed else []), "Verdict", "Way", "Hops"]
    for name in [*names, *(["Gain", "First hour"] if is_wide else [])]:
        table.add_column(name, no_wrap=name not in ("Way",), overflow="fold")
    table.add_column("Fingerprint", no_wrap=True, style="dim")
    for loop in loops:
        style = STYLES[loop["verdict"]]
        table.add_row(
            *((heading.CHANGES[loop["change"]],) if changed else ()),
            Text(verdict_name(loop["verdict"]), style),
            Text(plain(loop["title"])),
            str(len(loop["edges"])),
            *((_gain(loop), forecasts.first_hour_costs(loop) or "–") if is_wide else ()),
            loop["fingerprint"],
        )
    return table


def _gain(loop: Told) -> str:
    gain = loop.get("gain")
    return f"{gain['usual']:g}" if gain else "–"
