"""The incident sheet of a loop, folded: metrics, logs, alarms, and who owns what is on the way."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from topology.reports.document import Document, Told
from topology.reports.incident_sheet import Sheet, sheet
from topology.reports.page.html import Content, name, sentence, table, tag
from topology.reports.page.marks import block, folded


def incident(loop: Told, document: Document) -> Element | None:
    """What to open when the loop turns; None where the document does not say."""
    told = sheet(loop, document)
    if told is None:
        return None
    return tag(
        "section",
        tag("h3", "Incident sheet"),
        tag("p", tag("b", "Who owns it: "), told.owners),
        folded(f"What to open: {told.summary}", *_body(told)),
        class_="remedies",
    )


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
