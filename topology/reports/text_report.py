"""The report for a terminal: verdict first, then loops by rank, then what was not read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from topology.analysis import Loop, LoopHop, words
from topology.reports import findings, forecasts
from topology.reports.report import Report, statement
from topology.verdict import HARMLESS, LoopVerdict, ScopeVerdict

HEADLINES = {
    ScopeVerdict.LOOPS_FOUND: "LOOPS FOUND",
    ScopeVerdict.NO_LOOP: "NO LOOP WITHIN SCOPE",
    ScopeVerdict.INCOMPLETE: "INCOMPLETE: no loop was found, but not everything could be read",
}
WIDTH = 100


def to_text(report: Report) -> str:
    """The whole report, plain text, at most 100 columns except where a name is longer."""
    return "\n".join(_lines(report)) + "\n"


def to_summary(report: Report) -> str:
    """One line per loop and one for the scope: what a command prints while it works."""
    lines = [_headline(report)]
    lines += [f"  {_badge(loop)} {_plain(loop.title)}" for loop in report.loops]
    return "\n".join(lines) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield _headline(report)
    coverage = report.coverage
    yield f"  accounts  {', '.join(sorted(coverage.accounts)) or 'none'}"
    yield f"  regions   {', '.join(sorted(coverage.regions)) or 'none'}"
    yield f"  reads     {len(coverage.reads)} planned, {len(report.gaps)} gaps"
    dangerous = [loop for loop in report.loops if loop.verdict not in HARMLESS]
    harmless = [loop for loop in report.loops if loop.verdict in HARMLESS]
    for loop in dangerous:
        yield ""
        yield from _loop(loop, report)
    if harmless:
        yield ""
        yield "These would close, but something stops them:"
    for loop in harmless:
        yield ""
        yield from _loop(loop, report)
    if report.more_loops:
        yield ""
        yield (
            f"{report.more_loops} further loops run through the same components "
            f"(counted completely up to {report.complete_to} steps)."
        )
    for indent, line in findings.lines(report.audits, report.resources):
        yield from _wrapped(line, " " * indent) or [""]
    yield from _gaps(report)
    yield from _ends(report)
    yield ""
    yield from textwrap.wrap(statement(report), WIDTH)


def _headline(report: Report) -> str:
    dangerous = sum(loop.verdict not in HARMLESS for loop in report.loops)
    text = HEADLINES[report.verdict]
    if dangerous:
        text += f": {dangerous}"
    if report.gaps and report.verdict is ScopeVerdict.LOOPS_FOUND:
        text += " (and not everything could be read)"
    return text


def _loop(loop: Loop, report: Report) -> Iterator[str]:
    yield f"{_badge(loop)} {_plain(loop.title)}  [{loop.fingerprint}]"
    yield from _wrapped(loop.explanation, "  ")
    if (turning := report.turning(loop)) is not None:
        told = f"TURNING NOW, since {turning.since:%Y-%m-%d %H:%M} UTC at the latest: "
        yield from _wrapped(told + turning.because, "  ")
    if unwatched := report.unwatched(loop):
        yield from _wrapped(f"Not watched: {', '.join(unwatched)}.", "  ")
    if (forecast := report.forecasts.get(loop.fingerprint)) is not None:
        yield from _wrapped(forecasts.sentence(forecast), "  ")
    for number, hop in enumerate(loop.hops, start=1):
        yield from _hop(number, hop, report)


def _hop(number: int, hop: LoopHop, report: Report) -> Iterator[str]:
    sentence = words.hop(hop.edge, report.resources)
    yield f"  {number}. {_plain(sentence)}  {hop.hop.word}, {hop.edge.evidence}"
    yield from _wrapped(hop.hop.because, "     ")
    for proof in report.proofs(hop):
        where = f" [{proof.where}]" if proof.where else ""
        yield from _wrapped(f"- {proof.kind}: {proof.text}{where}", "       ")


def _gaps(report: Report) -> Iterator[str]:
    for title, gaps in (
        ("Not read, not parsed or not decided:", report.gaps),
        ("Accepted gaps:", tuple(sorted(report.coverage.accepted))),
    ):
        if gaps:
            yield ""
            yield title
        for gap in gaps:
            where = " ".join(filter(None, (gap.account, gap.region, gap.call, gap.resource)))
            yield _plain(f"  {where}: {gap.code}")
            need = f" Needs {gap.action}." if gap.action else ""
            yield from _wrapped(f"{gap.reason}{need}", "    ")
    for scope in sorted(report.coverage.stale):
        yield _plain(f"  {scope}")


def _ends(report: Report) -> Iterator[str]:
    if report.ends:
        yield ""
        yield "Deliveries leave what was read here; what happens beyond is not seen:"
    for end in report.ends:
        yield from _wrapped(f"{end.target}: {end.because}.", "  ")


def _badge(loop: Loop) -> str:
    return f"{loop.verdict.value.upper():<{max(map(len, LoopVerdict))}}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        _plain(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    """Names come from other people's accounts: control characters never reach a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
