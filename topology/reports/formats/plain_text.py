"""The report for a terminal: verdict first, then loops by rank, then what was not read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from topology.reports import findings, forecasts, heading, wording
from topology.reports.document import Document, Told, pressing, stopped
from topology.reports.format import Format, Use
from topology.reports.incident_sheet import sheet
from topology.verdict import LoopVerdict, ScopeVerdict

HEADLINES = {
    ScopeVerdict.LOOPS_FOUND: "LOOPS FOUND",
    ScopeVerdict.NO_LOOP: "NO LOOP WITHIN SCOPE",
    ScopeVerdict.INCOMPLETE: "INCOMPLETE: no loop was found, but not everything could be read",
}
WIDTH = 100
LISTED = 5  # findings of one rule
BADGE = max(map(len, LoopVerdict))


def render(document: Document) -> str:
    """The whole report, plain text, at most 100 columns except where a name is longer."""
    return "\n".join(_lines(document)) + "\n"


def plain(text: str) -> str:
    """Names come from other people's accounts: control characters never reach a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _lines(document: Document) -> Iterator[str]:
    scope = document["scope"]
    yield from _headline(document)
    yield plain(f"  accounts  {', '.join(scope['accounts']) or 'none'}")
    yield f"  regions   {', '.join(scope['regions']) or 'none'}"
    yield f"  reads     {scope['planned']} planned, {len(scope['gaps'])} gaps"
    for loop in pressing(document):
        yield ""
        yield from _loop(loop)
        yield from _incident(loop, document)
    if harmless := stopped(document):
        yield ""
        yield "These would close, but something stops them, or somebody accepted them:"
    for loop in harmless:
        yield ""
        yield from _loop(loop)
        yield from _incident(loop, document)
    if document["more_loops"]:
        yield ""
        yield (
            f"{document['more_loops']} further loops run through the same components "
            f"(counted completely up to {document.get('complete_to', 0)} steps)."
        )
    yield from _findings(document)
    yield from _code(document.get("code", ()))
    yield from _gaps(scope)
    yield from _ends(scope)
    if statement := scope.get("statement"):
        yield ""
        yield from textwrap.wrap(statement, WIDTH)


def _headline(document: Document) -> Iterator[str]:
    """The scope's verdict in capitals; of a part, first what the part is and says."""
    scope = document["scope"]
    if document.get("part", {}).get("of", "workspace") != "workspace":
        says = heading.says(document)
        yield plain(heading.title(document))
        yield from _wrapped(f"{says.title}. {says.detail}", "")
        return
    dangerous = len(pressing(document))
    text = HEADLINES[ScopeVerdict(scope["verdict"])]
    if dangerous:
        text += f": {dangerous}"
    accepted = sum(loop["verdict"] == LoopVerdict.ACCEPTED for loop in document["loops"])
    if accepted and scope["verdict"] == ScopeVerdict.NO_LOOP:
        text += f", but for {accepted} that somebody accepted"
    if scope["gaps"] and scope["verdict"] == ScopeVerdict.LOOPS_FOUND:
        text += " (and not everything could be read)"
    yield text


def _loop(loop: Told) -> Iterator[str]:
    change = heading.CHANGES[loop["change"]].upper() + ": " if "change" in loop else ""
    yield f"{change}{_badge(loop)} {plain(loop['title'])}  [{loop['fingerprint']}]"
    yield from _wrapped(loop["explanation"], "  ")
    if turning := loop.get("turning"):
        told = f"TURNING NOW, since {heading.moment(turning['since'])} at the latest: "
        yield from _wrapped(told + turning["because"], "  ")
    if unwatched := loop.get("unwatched"):
        yield from _wrapped(f"Not watched: {', '.join(unwatched)}.", "  ")
    yield from _wrapped(forecasts.sentence(loop), "  ")
    for number, edge in enumerate(loop["edges"], start=1):
        yield from _hop(number, edge)


def _incident(loop: Told, document: Document) -> Iterator[str]:
    """What to open, without the commands: those are in the formats that one can copy from."""
    told = sheet(loop, document)
    if told is None:
        return
    yield "  Incident sheet:"
    yield from _wrapped(f"Owner: {told.owners}", "    ")
    for name, namespace, metrics in told.metrics:
        yield from _wrapped(f"- {name}: {namespace} {metrics}", "    ")
    for group in told.log_groups:
        yield from _wrapped(f"- log group {group}", "    ")
    for said in (*told.alarms, *(missing for missing, _ in told.missing), *told.notes):
        yield from _wrapped(f"- {said}", "    ")


def _hop(number: int, edge: Told) -> Iterator[str]:
    yield f"  {number}. {plain(edge['words'])}  {edge['hop']['verdict']}, {edge['evidence']}"
    yield from _wrapped(edge["hop"]["because"], "     ")
    for proof in edge.get("evidences", ()):
        where = f" [{proof['where']}]" if proof["where"] else ""
        yield from _wrapped(f"- {proof['kind']}: {proof['text']}{where}", "       ")


def _findings(document: Document) -> Iterator[str]:
    by_rule: dict[str, list[Told]] = {}
    for finding in findings.told(document):
        by_rule.setdefault(finding["rule"], []).append(finding)
    for words, rules in findings.rules(document):
        yield ""
        yield words
        if not any(by_rule.get(rule["rule"]) or rule["undecided"] for rule in rules):
            yield f"  Nothing to look at: {len(rules)} rules were asked, and hold."
        for rule in rules:
            yield from _rule(rule, by_rule.pop(rule["rule"], []))
    for found in by_rule.values():  # of a document from before the questions were asked
        for each in found:
            yield ""
            yield from _wrapped(f"{each['title']}: {each['subject']}", "  ")
            yield from _wrapped(f"{each['because']} {each['fix']}", "    ")


def _rule(rule: Told, found: Sequence[Told]) -> Iterator[str]:
    number = sum(each["count"] for each in rule["undecided"])
    undecided = f"; undecided of {number}" if number else ""
    name = rule["rule"]
    if found:
        count = f"{len(found)} of {rule['subjects']}{undecided}"
        severity = found[0]["severity"].upper()
        yield from _wrapped(f"{severity:<6} {rule['title']}  [{name}: {count}]", "  ")
    elif number:
        yield from _wrapped(f"?      {rule['title']}  [{name}: nothing found{undecided}]", "  ")
    for each in found[:LISTED]:
        said = f"{each['subject_name']} ({each['id']}): {each['because']} {each['fix']}"
        yield from _wrapped(said, " " * 9)
    if (more := len(found) - LISTED) > 0:
        yield f"{' ' * 9}and {more} more, all of them in the JSON report"
    for each in rule["undecided"]:
        yield from _wrapped(f"undecided of {each['count']}: {each['reason']}", " " * 9)


def _code(rows: Sequence[Told]) -> Iterator[str]:
    if rows:
        yield ""
        yield "Functions whose code was asked for:"
    for row in rows:
        yield from _wrapped(f"{row['subject_name']}: {wording.code_read(row)}", "  ")
        for doubt in row["doubts"]:
            yield from _wrapped(f"- {doubt}", "    ")
        if row["more_doubts"]:
            yield f"    - and {row['more_doubts']} more"


def _gaps(scope: Told) -> Iterator[str]:
    for title, gaps in (
        ("Not read, not parsed or not decided:", scope["gaps"]),
        ("Accepted gaps:", scope["accepted_gaps"]),
    ):
        if gaps:
            yield ""
            yield title
        for gap in gaps:
            known = (gap["account"], gap["region"], gap["call"], gap["resource"])
            yield plain(f"  {' '.join(filter(None, known))}: {gap['code']}")
            need = f" Needs {gap['action']}." if gap["action"] else ""
            yield from _wrapped(f"{gap['reason']}{need}", "    ")
    for stale in scope["stale"]:
        yield plain(f"  {stale}")


def _ends(scope: Told) -> Iterator[str]:
    ends = scope.get("ends", ())
    if ends:
        yield ""
        yield "Deliveries leave what was read here; what happens beyond is not seen:"
    for end in ends:
        yield from _wrapped(f"{end['target']}: {end['because']}.", "  ")


def _badge(loop: Told) -> str:
    return f"{loop['verdict'].upper():<{BADGE}}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


FORMAT = Format(
    "text",
    "Plain text",
    Use.READING,
    "everything but the patches, in 100 columns, for a terminal or a mail",
    "text/plain; charset=utf-8",
    "txt",
    render,
)
