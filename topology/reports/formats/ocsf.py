"""OCSF detection findings (class 2004), one JSON object a line, as security lakes take them.

Source: https://schema.ocsf.io/1.3.0/classes/detection_finding
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from topology.reports import findings
from topology.reports.document import Document, Told, place
from topology.reports.format import Format, Use
from topology.reports.prose import unmarked
from topology.reports.wording import cut_title, verdict_name

CLASS, CATEGORY, CREATE, CLOSE = 2004, 2, 1, 3
SEVERITIES = {  # id and name
    "live": (5, "Critical"),
    "guarded": (4, "High"),
    "possible": (3, "Medium"),
    "retry-storm": (3, "Medium"),
    "blocked": (1, "Informational"),
    "accepted": (1, "Informational"),
}
FINDINGS = {"high": (4, "High"), "medium": (3, "Medium"), "low": (2, "Low")}
NEW, SUPPRESSED, RESOLVED = (1, "New"), (3, "Suppressed"), (4, "Resolved")


def render(document: Document) -> str:
    """One per loop and per finding of the four questions; the time is that of the reading."""
    return "".join(
        json.dumps(each, sort_keys=True) + "\n"
        for each in (*_loops(document), *_findings(document))
    )


def _loops(document: Document) -> Iterator[dict[str, Any]]:
    for loop in document["loops"]:
        is_gone = loop.get("change") == "gone"
        info: dict[str, Any] = {
            "uid": loop["fingerprint"],
            "title": f"{verdict_name(loop['verdict'])} event loop: {loop['title']}",
            "desc": unmarked(loop["explanation"]),
            "types": ["Event loop"],
            "analytic": {"type_id": 1, "type": "Rule", "name": f"loop/{loop['verdict']}"},
        }
        status = RESOLVED if is_gone else SUPPRESSED if loop["verdict"] == "accepted" else NEW
        found = _finding(document, SEVERITIES[loop["verdict"]], status, info)
        found["resources"] = [
            _resource(edge["source"], edge["source_name"], edge["source_kind"])
            | _owned(*place(edge, "source"))
            for edge in loop["edges"]
        ]
        if cuts := loop.get("cuts"):
            words = [unmarked(change["patch"]["words"]) for change in cuts[0]["changes"]]
            found["remediation"] = {"desc": f"{cut_title(cuts[0])}. {' '.join(words)}"}
        yield found


def _findings(document: Document) -> Iterator[dict[str, Any]]:
    for each in findings.told(document):
        info = {
            "uid": each["fingerprint"],
            "title": f"{each['title']}: {each['subject_name']}",
            "desc": unmarked(each["because"]),
            "types": [each["rule"]],
            "analytic": {"type_id": 1, "type": "Rule", "name": each["rule"]},
        }
        found = _finding(document, FINDINGS[each["severity"]], NEW, info)
        found["resources"] = [
            _resource(each["subject"], each["subject_name"], each["subject_kind"])
            | _owned(each["account"], each["region"])
        ]
        found["remediation"] = {"desc": unmarked(each["fix"])}
        yield found


def _finding(
    document: Document, severity: tuple[int, str], status: tuple[int, str], info: Told
) -> dict[str, Any]:
    activity = CLOSE if status is RESOLVED else CREATE
    return {
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "activity_id": activity,
        "activity_name": "Close" if activity == CLOSE else "Create",
        "type_uid": CLASS * 100 + activity,
        "severity_id": severity[0],
        "severity": severity[1],
        "status_id": status[0],
        "status": status[1],
        "time": _milliseconds(document),
        "message": info["title"],
        "finding_info": info,
        "metadata": {
            "version": "1.3.0",
            "product": {"name": "Loopscope", "vendor_name": "Loopscope"},
            "profiles": ["cloud"],
        },
        "cloud": {"provider": "AWS"},
    }


def _resource(arn: str, name: str, kind: str) -> dict[str, Any]:
    return {"uid": arn, "name": name, "type": kind}


def _owned(account: str, region: str) -> dict[str, Any]:
    known: dict[str, Any] = {"region": region} if region else {}
    if account:
        known["owner"] = {"account": {"uid": account, "type_id": 10, "type": "AWS Account"}}
    return known


def _milliseconds(document: Document) -> int:
    read_to = document["scope"]["read_to"]
    return int(datetime.fromisoformat(read_to).timestamp() * 1000) if read_to else 0


FORMAT = Format(
    "ocsf",
    "OCSF findings",
    Use.PIPELINES,
    "detection findings, one a line, for a security lake",
    "application/x-ndjson",
    "ocsf.ndjson",
    render,
)
