"""The whole page: style, headline, loops in order of gravity, and what was not read."""

from __future__ import annotations

import base64
import hashlib
from xml.etree.ElementTree import Element

from topology.reports import glyphs, heading
from topology.reports.document import Document, pressing, stopped
from topology.reports.page import palette
from topology.reports.page.html import tag, written
from topology.reports.page.loops import Finish, loop_section
from topology.reports.page.scope import listing, rest
from topology.reports.svg import element
from topology.reports.wording import counted

DETAILED = 100  # loops told in full; the others are listed
MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'


def page(document: Document, notice: str = "", detailed: int = DETAILED) -> str:
    """The page for screen and print; ``notice`` stands above it, and is not printed.

    So many loops, the gravest, are told in full (``detailed``); the others are listed.
    """
    style = "\n".join(
        [
            f":root {{ color-scheme: light dark; {palette.properties(palette.LIGHT)}"
            f" --tone: var(--muted); --sans: {palette.SANS}; --mono: {MONO}; }}",
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{"
            f" {palette.properties(palette.DARK)} }} }}",
            palette.tones(),
            palette.sheet("drawings.css"),
            palette.sheet("report.css"),
        ]
    )
    return _written(document, style, lambda drawing, _: drawing, detailed, notice)


def paper(document: Document, detailed: int = DETAILED) -> str:
    """The page for a program that makes PDF of it: colours of paper, drawings styled in place."""
    style = "\n".join(
        [
            f":root {{ {palette.properties(palette.PAPER)} --tone: var(--muted);"
            f" --sans: {palette.SANS}; --mono: {MONO}; }}",
            palette.tones(),
            palette.sheet("report.css"),
        ]
    )

    def finish(drawing: Element, verdict: str) -> Element:
        return palette.standing_alone(palette.toned(drawing, verdict), palette.PAPER)

    return _written(document, style, finish, detailed, "")


def policy(written_page: str) -> str:
    """The content security policy under which a page shows itself and nothing else."""
    style = written_page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _written(document: Document, style: str, finish: Finish, detailed: int, notice: str) -> str:
    loops = [*pressing(document), *stopped(document)]
    told = loops[:detailed]
    main = tag(
        "main",
        tag("p", notice, class_="notice") if notice else None,
        _headline(document),
        listing(loops, len(told), _more(document, len(loops) - len(told))) if loops else None,
        [loop_section(loop, n, document, finish) for n, loop in enumerate(told, start=1)],
        rest(document),
    )
    root = tag("html", _head(document, style), tag("body", _top(document), main), lang="en")
    return written(root)


def _head(document: Document, style: str) -> Element:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta", http_equiv="Content-Security-Policy", content=policy(f"<style>{style}</style>")
        ),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", f"{heading.title(document)} · Loopscope"),
        tag("style", style),
    )


def _top(document: Document) -> Element:
    read_to = document["scope"]["read_to"]
    return tag(
        "div",
        tag("span", tag("b", "Loopscope"), " report"),
        tag("span", f"As of {heading.moment(read_to)}" if read_to else "Nothing read yet"),
        class_="top",
    )


def _headline(document: Document) -> Element:
    says, scope = heading.says(document), document["scope"]
    path = element("path", fill="currentColor", fill_rule="evenodd", d=glyphs.verdict(says.verdict))
    sign = element(
        "svg", path, viewBox="0 0 16 16", width=20, height=20, class_="sign", aria_hidden="true"
    )
    return tag(
        "section",
        tag("p", heading.title(document), class_="facts"),
        tag("h1", sign, says.title),
        tag("p", says.detail, class_="detail"),
        tag("p", heading.reach(document), class_="facts"),
        tag("p", scope.get("statement"), class_="facts"),
        class_=f"headline tone-{says.verdict}",
    )


def _more(document: Document, untold: int) -> Element | None:
    sentences = []
    if untold:
        are = "is" if untold == 1 else "are"
        sentences.append(
            f"{counted(untold, 'loop')} of the list {are} not told in full here. A report of one "
            "loop alone tells all of it: Export on its page, or --loop with its fingerprint."
        )
    if more := document["more_loops"]:
        sentences.append(
            f"{counted(more, 'further loop')} run through the same resources; the gravest through "
            "every trigger is listed."
        )
    return tag("p", " ".join(sentences), class_="facts") if sentences else None
