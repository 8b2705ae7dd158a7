"""Markdown that fits a comment on a pull request: verdict and loops first, the rest folded.

GitHub takes 65,536 characters; what does not fit is left out by whole loops and counted.

Source: https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from topology.reports import findings, forecasts, heading, prose
from topology.reports.diagram import does, passes
from topology.reports.document import Document, Told, pressing, stopped
from topology.reports.format import Format, Use
from topology.reports.incident_sheet import sheet
from topology.reports.prose import Style
from topology.reports.wording import counted, cut_title, verdict_name

LIMIT = 60_000  # characters, below GitHub's limit
GAPS = 30
MARKS = {
    "live": "🔴",
    "guarded": "🟠",
    "possible": "🟣",
    "retry-storm": "🔺",
    "blocked": "⬜",
    "accepted": "✅",
}
PUNCTUATION = re.compile(r"[\\`*_{}\[\]()!|~$^]")
LINKS = re.compile(
    r"(?<=[@#])|(?<=www)(?=\.)|(?<=:)(?=//)"
)  # where a mention or a link would begin
STARTS = re.compile(r"^(?=[-+=#>]|\d+[.)])")
UNSEEN = "\u200b"


def render(document: Document) -> str:
    """The whole comment; loops that do not fit any more are counted."""
    loops = [*pressing(document), *stopped(document)]
    before = "\n".join(_before(document))
    after = "\n".join(_after(document))
    sections, room = [], LIMIT - len(before) - len(after)
    for number, loop in enumerate(loops, start=1):
        section = "\n".join(_loop(number, loop, document))
        if len(section) + 1 > room:
            break
        sections.append(section)
        room -= len(section) + 1
    left_out = len(loops) - len(sections)
    note = f"\n{counted(left_out, 'more loop')} would not fit here: the other formats have them.\n"
    return "\n".join([before, *sections, note if left_out else "", after]).strip() + "\n"


def text(said: str) -> str:
    """Somebody's words as text: nothing in them is markup, a link, a mention or a new line.

    GitHub looks for mentions after it has made HTML, where no escape is left: they are broken up.
    """
    flat = LINKS.sub(UNSEEN, " ".join(said.split()))
    return escape(STARTS.sub(UNSEEN, PUNCTUATION.sub(r"\\\g<0>", flat)), quote=False)


def code(value: str) -> str:
    """A name or value as code, fenced by more backticks than it has; fit for a table's cell."""
    flat = " ".join(value.split()).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", flat)), default=0) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}" if flat else ""


def _sentence(marked: str) -> str:
    """A sentence with values and names as code; spaces stay outside of it."""
    said = []
    for style, piece in prose.pieces(marked):
        shown = text(piece) if style is Style.PLAIN else code(piece)
        before, after = (" " if end.isspace() else "" for end in (piece[:1], piece[-1:]))
        said.append(f"{before}{shown}{after}" if shown else before)
    return "".join(said)


def _before(document: Document) -> Iterator[str]:
    says = heading.says(document)
    yield f"## {text(says.title)}"
    yield ""
    yield f"**{text(heading.title(document))}** – {_sentence(says.detail)}"
    yield ""
    yield f"<sub>{text(heading.reach(document))}</sub>"
    yield ""


def _loop(number: int, loop: Told, document: Document) -> Iterator[str]:
    change = f"{heading.CHANGES[loop['change']]}: " if "change" in loop else ""
    verdict = f"{MARKS[loop['verdict']]} {change}{verdict_name(loop['verdict'])}"
    title = escape(" ".join(loop["title"].split()))
    yield f"<details><summary>{verdict} – {number}. <code>{title}</code></summary>"
    yield ""
    yield _sentence(loop["explanation"])
    yield ""
    yield "| hop | does | passes | evidence | from → to |"
    yield "|---|---|---|---|---|"
    for index, edge in enumerate(loop["edges"], start=1):
        ends = f"{code(edge['source_name'])} → {code(edge['target_name'])}"
        yield f"| {index} | {does(edge)} | {passes(edge)} | {edge['evidence']} | {ends} |"
    yield ""
    if told := forecasts.sentence(loop):
        yield text(told)
        yield ""
    for cut in loop.get("cuts", ())[:1]:
        words = " ".join(_sentence(change["patch"]["words"]) for change in cut["changes"])
        yield f"**{cut_title(cut)}.** {words}"
        yield ""
    yield from _incident(loop, document)
    yield f"<sub>{code(loop['fingerprint'])}</sub>"
    yield ""
    yield "</details>"


def _incident(loop: Told, document: Document) -> Iterator[str]:
    """Who to call, what to look at and what nobody watches; the queries are in other formats."""
    told = sheet(loop, document)
    if told is None:
        return
    yield f"**Incident sheet.** {text(told.owners)}"
    yield ""
    for name, namespace, metrics in told.metrics:
        yield f"- {code(name)}: {text(f'{namespace} {metrics}')}"
    for group in told.log_groups:
        yield f"- log group {code(group)}"
    for said in (*told.alarms, *(missing for missing, _ in told.missing), *told.notes):
        yield f"- {text(said)}"
    yield ""


def _after(document: Document) -> Iterator[str]:
    scope = document["scope"]
    if gaps := scope["gaps"]:
        yield ""
        yield f"<details><summary>{counted(len(gaps), 'gap')}: not read or not decided</summary>"
        yield ""
        yield "| call | where | why | closed by |"
        yield "|---|---|---|---|"
        for gap in gaps[:GAPS]:
            where = code(f"{gap['account']} {gap['region']} {gap['resource'][:120]}")
            why = _sentence(gap["reason"][:300])
            yield f"| {code(gap['call'])} | {where} | {why} | {code(gap['action'])} |"
        if len(gaps) > GAPS:
            yield f"\nand {len(gaps) - GAPS} more"
        yield ""
        yield "</details>"
    for stale in scope["stale"][:GAPS]:
        yield f"\nKept from an earlier reading: {text(stale[:300])}"
    if found := findings.told(document):
        named = Counter(each["severity"] for each in found)
        yield f"\n{counted(len(found), 'finding')}: {_listed(named)}."
    yield ""
    yield f"<sub>{text(scope.get('statement', ''))}</sub>"


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in numbers.items())


FORMAT = Format(
    "markdown",
    "Markdown",
    Use.READING,
    "verdict, loops, cuts and gaps in at most 60,000 characters, for a pull request",
    "text/markdown; charset=utf-8",
    "md",
    render,
)
