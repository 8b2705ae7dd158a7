"""The incident sheet of a function: what to open when it is the one that wakes somebody up.

A report holds those of the functions with the gravest findings; the page of any function its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from topology.analysis import Analysis
from topology.analysis.changes import Reserve
from topology.audits import Asked, Known, Question
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Gap, Graph, Meaning, Read, Resource
from topology.inference.writes import PermittedWrites
from topology.reports.incident import missing_alarms, sheet_of
from topology.reports.patches import patch

MOST = 50  # functions of a report


@dataclass(frozen=True, slots=True)
class FunctionSheets:
    """The sheets of a report, JSON-ready, and of how many functions with findings it has none."""

    sheets: tuple[Mapping[str, Any], ...] = ()
    more: int = 0

    def as_json(self) -> dict[str, Any]:
        """The member ``functions`` of a report."""
        return {"sheets": list(self.sheets), "more": self.more}


def function_incidents(known: Known, asked: Sequence[Asked]) -> FunctionSheets:
    """The sheets of the functions about which something was found, gravest first."""
    found: dict[str, list[int]] = {}
    for each in asked:
        for finding in each.findings:
            found.setdefault(finding.found.subject, []).append(finding.severity.gravity)
    functions = [
        function
        for function in (known.resources.get(subject) for subject in found)
        if function is not None and function.kind == FUNCTION
    ]
    functions.sort(key=lambda each: (min(found[each.arn]), -len(found[each.arn]), each.arn))
    missing = missing_alarms(asked)
    rows = (_row(each, known, missing.get(each.arn, ()), bool(asked)) for each in functions[:MOST])
    return FunctionSheets(tuple(rows), len(functions[MOST:]))


def function_incident(
    function: Resource, graph: Graph, writes: PermittedWrites, ledger: Sequence[Read], report: Any
) -> dict[str, Any]:
    """The sheet of one function of a moment, which may stand in no report; as a row of one."""
    gaps = [Gap(**each) for each in report["scope"]["gaps"]]
    known = Known(Analysis(graph, writes, (), 0, ()), ledger, gaps)
    audits = report.get("audits")
    return _row(function, known, list(_missing(function.arn, audits)), audits is not None)


def _row(
    function: Resource, known: Known, missing: Sequence[Mapping[str, Any]], is_asked: bool
) -> dict[str, Any]:
    itself = Edge(function.arn, function.arn, Meaning.WRITES, "")
    arriving = known.arriving.get(function.arn, ())
    return {
        "subject": function.arn,
        "name": function.name,
        "account": function.account,
        "region": function.region,
        "press_first": {
            "stops_too": sum(edge.meaning is not Meaning.WRITES for edge in arriving),
            "patch": asdict(patch(Reserve(function.arn, 0), itself, known.resources)),
        },
        "incident": sheet_of([function], (), known, {function.arn: missing}, is_asked=is_asked),
    }


def _missing(arn: str, audits: Any) -> Iterator[Mapping[str, Any]]:
    """What a report that was kept says of alarms that are missing."""
    for each in (audits or {"findings": ()})["findings"]:
        metrics = each["facts"].get("metrics")
        if each["subject"] == arn and each["question"] == Question.MONDAY.value and metrics:
            yield {"finding": each["id"], "subject": arn, "metrics": list(metrics)}
