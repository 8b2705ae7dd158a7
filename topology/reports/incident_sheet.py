"""The member ``incident`` of a loop or function as people read it: sentences, commands to copy.

Commands are made of what the document says, after it was masked, so that they hold no other name.
Members are sorted: a document that was kept may have them in another order.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from topology.evidence.metrics import Metric
from topology.reports.document import Document, Told
from topology.reports.owners import OWNERS

HOURS = 3  # that a command looks back
LISTS = {
    "metrics": "rows of metrics",
    "log_groups": "log groups",
    "alarms": "alarms",
    "missing_alarms": "missing alarms",
    "owners": "tags",
    "unread": "doubts",
    "unmeasured": "resources without metrics",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to open, list by list. ``missing`` has the command that makes each alarm, if any."""

    metrics: Sequence[tuple[str, str, str]]  # resource, namespace, metrics with their statistics
    commands: Sequence[tuple[str, str]]  # account and Region, command
    log_groups: Sequence[str]
    queries: Sequence[tuple[str, str]]  # what it shows, the query
    alarms: Sequence[str]
    missing: Sequence[tuple[str, str]]
    owners: str
    notes: Sequence[str]

    @property
    def summary(self) -> str:
        """What is in it, in one line."""
        return (
            f"metrics of {len({name for name, _, _ in self.metrics})}, "
            f"log groups: {len(self.log_groups)}, "
            f"alarms: {len(self.alarms)} there, {len(self.missing)} missing"
        )


def sheet(loop: Told, document: Document) -> Sheet | None:
    """The sheet of a loop of a document; None where it has none, as in older documents."""
    told = loop.get("incident")
    names = {edge["source"]: edge["source_name"] for edge in loop["edges"]}
    return _sheet(told, names, document) if told else None


def function_sheet(function: Told, document: Document) -> Sheet:
    """The sheet of a function, a row of the member ``functions`` or made like one."""
    return _sheet(function["incident"], {function["subject"]: function["name"]}, document)


def _sheet(told: Told, names: Mapping[str, str], document: Document) -> Sheet:
    found = (document.get("audits") or {"findings": ()})["findings"]
    fixes = {each["id"]: each["command"] for each in found}
    return Sheet(
        [(names[row["subject"]], *_metrics(row)) for row in told["metrics"]],
        list(_commands(told["metrics"])),
        list(dict.fromkeys(_placed(row["name"], row) for row in told["log_groups"])),
        [(each["what"], each["query"]) for each in told["queries"]],
        [_alarm(row, names) for row in told["alarms"]],
        [(_no_alarm(row, names), fixes.get(row["finding"], "")) for row in told["missing_alarms"]],
        _owners(told["owners"], names),
        list(_notes(told, names)),
    )


def _placed(name: str, row: Told) -> str:
    return f"{name} ({row['account']}, {row['region']})"


def _metrics(row: Told) -> tuple[str, str]:
    by_statistic: dict[str, list[str]] = {}
    for metric, statistic in sorted(row["statistics"].items()):
        by_statistic.setdefault(statistic, []).append(metric)
    rule = row["dimensions"].get("RuleName")
    said = "; ".join(f"{', '.join(named)} ({how})" for how, named in by_statistic.items())
    return row["namespace"], f"{said}, of rule {rule}" if rule else said


def _commands(rows: Sequence[Told]) -> Iterator[tuple[str, str]]:
    """One GetMetricData for each account and Region: what all metrics were lately, by the minute.

    The CLI takes seconds since 1970 as a time, which every shell can count with.
    """
    by_place: dict[tuple[str, str], list[Metric]] = {}
    for row in rows:
        dimensions = tuple(sorted(row["dimensions"].items()))
        by_place.setdefault((row["account"], row["region"]), []).extend(
            Metric(row["subject"], metric, row["namespace"], metric, dimensions, statistic)
            for metric, statistic in sorted(row["statistics"].items())
        )
    for (account, region), asked in by_place.items():
        queries = json.dumps([each.query(place) for place, each in enumerate(asked)])
        line = ["aws", "cloudwatch", "get-metric-data", "--metric-data-queries", queries]
        command = shlex.join([*line, *(("--region", region) if region else ())])
        since = f'--start-time "$(($(date +%s) - {HOURS * 3600}))" --end-time "$(date +%s)"'
        yield f"account {account}, {region}", f"{command} {since}"


def _alarm(row: Told, names: Mapping[str, str]) -> str:
    tells = f"tells {', '.join(row['tells'])}" if row["tells"] else "tells nobody that was read"
    return f"{row['name']} watches {row['metric']} of {names[row['subject']]} and {tells}."


def _no_alarm(row: Told, names: Mapping[str, str]) -> str:
    watched = " or ".join(row["metrics"])
    return f"No alarm watches {watched} of {names[row['subject']]} ({row['finding']})."


def _owners(rows: Sequence[Told], names: Mapping[str, str]) -> str:
    """Who to call first; a service or a stack is named, but is nobody."""
    said = [f"{row['tag']} {row['owner']} ({_listed(row['resources'], names)})" for row in rows]
    nobody = "" if any(row["tag"] in OWNERS for row in rows) else "Nobody is named by a tag."
    return " ".join(filter(None, (nobody, f"{'; '.join(said)}." if said else "")))


def _notes(told: Told, names: Mapping[str, str]) -> Iterator[str]:
    """What the sheet does not know, and what it leaves out."""
    for row in told["unread"]:
        of = _listed(row["resources"], names)
        if row["what"] == "log group":
            yield f"No log group of {of} is named here: {row['because']}."
        elif row["what"] == "alarms":
            yield f"Other alarms may watch {of}, or be missing: {row['because']}."
        else:
            yield f"Tags of {of} are not known: {row['because']}."
    if told["unmeasured"]:
        yield f"No metric is named here for {_listed(told['unmeasured'], names)}."
    if any(row["namespace"] == "AWS/S3" for row in told["metrics"]):
        yield "S3 counts requests only of a bucket where somebody switched request metrics on."
    for name, number in sorted(told["more"].items()):
        yield f"{number} more {LISTS[name]} are left out."


def _listed(arns: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names[each] for each in arns)
