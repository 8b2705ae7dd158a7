"""Reports in the formats most tests look at."""

from __future__ import annotations

from topology.reports import json_report
from topology.reports.formats import formats
from topology.reports.report import Report


def as_text(report: Report) -> str:
    """As plain text."""
    return written(report, "text")


def as_json(report: Report) -> str:
    """As JSON."""
    return written(report, "json")


def written(report: Report, format_: str) -> str:
    """In any format that is text."""
    return formats()[format_].written(json_report.to_json(report)).decode()
