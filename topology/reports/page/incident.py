"""Incident sheets, folded: metrics, logs, alarms, and who owns what, of loops and of functions."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from topology.reports.document import Document, Told
from topology.reports.incident_sheet import Sheet, function_sheet, sheet
from topology.reports.page.html import Content, name, sentence, table, tag
from topology.reports.page.marks import block, folded


def incident(loop: Told, document: Document) -> Element | None:
    """What to open when the loop turns; None where the document does not say."""
    told = sheet(loop, document)
    if told is None:
        return None
    return tag(
        "section", tag("h3", "Incident sheet"), _owned(told), _opened(told), class_="remedies"
    )


def function_incidents(document: Document) -> Element | None:
    """The sheets of functions about which something was found; None where there are none."""
    functions = document.get("functions") or {"sheets": (), "more": 0}
    if not functions["sheets"]:
        return None
    more = f"{functions['more']} more functions with findings have theirs on their pages."
    return tag(
        "section",
        tag("h2", "Functions: what to open when one wakes you up"),
        [_of_function(each, document) for each in functions["sheets"]],
        tag("p", more, class_="facts") if functions["more"] else None,
    )


def _of_function(function: Told, document: Document) -> Element:
    told, press = function_sheet(function, document), function["press_first"]["patch"]
    summary = f"{function['name']} ({function['account']}, {function['region']}): {told.summary}"
    pressing = [tag("p", tag("b", "Press first: "), sentence(press["words"]))]
    pressing += [block("Commands", press["cli"])] if press["cli"] else []
    return folded(summary, _owned(told), *pressing, *_body(told))


def _owned(told: Sheet) -> Element:
    return tag("p", tag("b", "Who owns it: "), told.owners)


def _opened(told: Sheet) -> Element:
    return folded(f"What to open: {told.summary}", *_body(told))


def _body(told: Sheet) -> list[Element]:
    rows: list[list[Content]] = [
        [name(resource), namespace, metrics] for resource, namespace, metrics in told.metrics
    ]
    found = [table("Metrics to open", ("Resource", "Namespace", "Metrics"), rows)] if rows else []
    found += [block(f"Metrics of {place}", command) for place, command in told.commands]
    if told.log_groups:
        found.append(tag("p", "Logs Insights, over these log groups:"))
        found.append(tag("ul", [tag("li", tag("code", each)) for each in told.log_groups]))
    for what, query in told.queries:
        found += [tag("p", f"Query: {what}"), block(f"Query: {what}", query)]
    found += [tag("p", each) for each in told.alarms or ("No alarm was found.",)]
    for said, command in told.missing:
        found.append(tag("p", said))
        found += [block("Command", command)] if command else []
    return [*found, *(tag("p", sentence(each), class_="facts") for each in told.notes)]
