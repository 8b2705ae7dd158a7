"""What a page says of the whole: what was not read, where it ends, storms, coverage and method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from topology.reports import findings, forecasts, hours
from topology.reports.document import Document, Told
from topology.reports.page.html import Content, name, sentence, table, tag
from topology.reports.page.incident import function_incidents
from topology.reports.page.loops import anchor
from topology.reports.page.marks import LONG, badge, block, way
from topology.reports.svg import shorten
from topology.reports.wording import (
    EVIDENCE,
    VERDICTS,
    code_read,
    counted,
    proof_name,
)

MOST = 500  # rows of a table; further ones are counted, and the JSON report has them


def listing(loops: Sequence[Told], detailed: int, more: Element | None) -> Element:
    """The loops by rank, each linked to its section, or by its fingerprint where it has none."""
    rows = []
    for number, loop in enumerate(loops, start=1):
        shown: Content = way(loop)
        if number <= detailed:
            shown = tag("a", shown, href=f"#{anchor(number)}")
        else:
            shown = [shown, " ", tag("code", loop["fingerprint"])]
        rows.append(
            (
                str(number),
                badge(loop["verdict"]),
                shown,
                str(len(loop["edges"])),
                "cut after about 16 passes" if loop["guard"]["covered"] else "not cut",
                forecasts.first_hour_costs(loop) or "–",
            )
        )
    heads = ("", "Verdict", "Way", "Hops", "AWS’s guard", "First hour")
    shown = _capped("All loops", heads, rows)
    return tag("section", tag("h2", "Loops, gravest first"), more, shown, id="loops")


def rest(document: Document) -> Iterator[Content]:
    """Everything that is told after the loops."""
    scope = document["scope"]
    yield _findings(document)
    yield function_incidents(document)
    yield _undecided(document)
    yield _code(document.get("code", ()))
    yield _gaps("Not read, not parsed or not decided", scope["gaps"])
    yield _gaps("Gaps that somebody accepted", scope["accepted_gaps"])
    if closed := document.get("part", {}).get("gaps_closed"):
        yield _gaps("Gaps of the earlier reading that are closed", closed)
    if scope["stale"]:
        kept = [tag("li", each) for each in scope["stale"]]
        yield tag("section", tag("h2", "Kept from an earlier reading"), tag("ul", kept))
    yield _ends(scope.get("ends", ()))
    yield _coverage(scope.get("coverage", ()))
    yield _method(document)


def _findings(document: Document) -> Element | None:
    rows = [
        (
            each["severity"],
            name(shorten(each["subject_name"], LONG)),
            [tag("b", f"{each['title']}. "), sentence(each["because"])],
            [sentence(each["fix"]), block("Command", each["command"]) if each["command"] else None],
        )
        for each in findings.told(document)
    ]
    heads = ("Severity", "Where", "What happens", "What ends it")
    return _section("Findings: what makes loops dearer, likelier or harder to see", heads, rows)


def _undecided(document: Document) -> Element | None:
    rows = [
        (each["title"], str(each["count"]), sentence(each["reason"]))
        for each in findings.undecided(document)
    ]
    return _section("Undecided: silence about these is no all-clear", ("Rule", "Of", "Why"), rows)


def _code(told: Sequence[Told]) -> Element | None:
    rows: list[Sequence[Content]] = [
        (
            name(shorten(row["subject_name"], LONG)),
            code_read(row),
            [tag("p", each) for each in _doubts(row)],
        )
        for row in told
    ]
    heads = ("Function", "What was read", "Why there may be more")
    return _section("Functions whose code was asked for", heads, rows)


def _doubts(row: Told) -> list[str]:
    more = row["more_doubts"]
    return [*row["doubts"], *([f"and {more} more"] if more else [])]


def _gaps(title: str, gaps: Sequence[Told]) -> Element | None:
    rows: list[Sequence[Content]] = [
        (
            tag("code", gap["call"]),
            [f"{gap['region']} {gap['account']} ", name(shorten(gap["resource"], 80))],
            [sentence(gap["reason"]), " ", tag("code", gap["code"])],
            tag("code", gap["action"]) if gap["action"] else "reading again",
        )
        for gap in gaps
    ]
    return _section(title, ("What", "Where", "Why", "Closed by"), rows)


def _ends(ends: Sequence[Told]) -> Element | None:
    rows = [
        (name(shorten(each["target"], 80)), each["because"], str(each["edges"])) for each in ends
    ]
    return _section("Where deliveries leave what was read", ("What", "Why", "Deliveries"), rows)


def _coverage(rows: Sequence[Told]) -> Element | None:
    cells = [
        (each["account"], each["region"], f"{each['read']} of {each['planned']}") for each in rows
    ]
    return _section("Coverage", ("Account", "Region", "Planned reads complete"), cells)


def _method(document: Document) -> Element:
    assumed = hours.assumptions(document)
    meanings = [(badge(verdict), said) for verdict, (_, said) in VERDICTS.items()]
    proofs = [(proof_name(kind), said) for kind, said in EVIDENCE.items()]
    return tag(
        "section",
        tag("h2", "Method and limits"),
        tag(
            "p",
            "A loop is a way that one event can take and come back. Each hop is decided by the "
            "filters, policies and switches that were read: always, sometimes, stopped, or not "
            "decided, which counts as passing. Gains, first hours and costs are estimates.",
        ),
        table("What the verdicts mean", ("Verdict", "Meaning"), meanings),
        table("What the evidence means, strongest first", ("Evidence", "Meaning"), proofs),
        table(
            "What is assumed where nothing was read",
            ("What", "Value"),
            [(said, value) for said, value in assumed],
        )
        if assumed
        else None,
    )


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[Content]]) -> Element | None:
    """A titled table; None where it has no rows."""
    if not rows:
        return None
    return tag("section", tag("h2", f"{title} ({len(rows)})"), _capped(title, heads, rows))


def _capped(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Content]]) -> Content:
    shown = table(caption, heads, rows[:MOST], "scroll stacked")
    more = len(rows) - MOST
    if more <= 0:
        return shown
    return [shown, tag("p", f"{counted(more, 'more row')}: the JSON report has them all.")]
