"""JUnit XML: a test case per loop, which fails where nothing stops it, and one for the coverage.

Source: https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, indent

from topology.reports import heading
from topology.reports.document import Document, Told, holes, pressing
from topology.reports.format import Format, Use
from topology.reports.svg import element, markup
from topology.reports.wording import verdict_sentence
from topology.verdict import ScopeVerdict


def render(document: Document) -> str:
    """One suite. Loops that something stops, or that somebody accepted, are skipped cases."""
    dangerous = {loop["fingerprint"] for loop in pressing(document)}
    cases = [_case(loop, loop["fingerprint"] in dangerous) for loop in document["loops"]]
    cases.append(_coverage(document))
    failures = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    errors = sum(case.find("error") is not None for case in cases)
    counts = {"tests": len(cases), "failures": failures, "errors": errors, "skipped": skipped}
    suite = element("testsuite", *cases, name=heading.title(document), **counts)
    if document["scope"]["read_to"]:
        suite.set("timestamp", document["scope"]["read_to"].removesuffix("Z"))
    root = element("testsuites", suite, name="loopscope", **counts)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{markup(root)}\n'


def _case(loop: Told, is_dangerous: bool) -> Element:
    said = f"{loop['verdict']}: {loop['explanation']}"
    what = "failure" if is_dangerous else "skipped"
    outcome = element(what, message=said)
    if is_dangerous:
        outcome.set("type", loop["verdict"])
        outcome.text = "\n".join(
            [verdict_sentence(loop["verdict"])]
            + [f"{n}. {edge['words']}" for n, edge in enumerate(loop["edges"], start=1)]
        )
    if loop.get("change") == "gone":
        outcome.set("message", f"gone since: {said}")
    name = f"{loop['title']} [{loop['fingerprint']}]"
    return element("testcase", outcome, name=name, classname="loopscope.loops", time=0)


def _coverage(document: Document) -> Element:
    """An incomplete reading is an error, so that no pipeline takes silence for an all-clear."""
    scope = document["scope"]
    case = element("testcase", name="coverage", classname="loopscope.scope", time=0)
    if scope["verdict"] == ScopeVerdict.INCOMPLETE or holes(document):
        lines = [
            f"{gap['call']} {gap['account']} {gap['region']} {gap['resource']}: {gap['code']}"
            for gap in scope["gaps"]
        ]
        said = f"{scope['read']} of {scope['planned']} planned reads complete"
        error = element("error", "\n".join([*lines, *scope["stale"]]), message=said)
        error.set("type", "incomplete")
        case.append(error)
    return case


FORMAT = Format(
    "junit",
    "JUnit XML",
    Use.PIPELINES,
    "a failed case per loop that nothing stops, an error where the reading is incomplete",
    "application/xml",
    "junit.xml",
    render,
)
