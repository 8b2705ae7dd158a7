"""SARIF 2.1.0: a result per loop, storm and gap, as code scanning services take them.

Resources are logical locations; no file of anybody's repository is known to be at fault.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from topology.audits import rules as asked
from topology.reports import findings
from topology.reports.diagram import does, passes
from topology.reports.document import Document, Told, pressing
from topology.reports.format import Format, Use
from topology.reports.prose import unmarked
from topology.reports.wording import VERDICTS
from topology.verdict import LoopVerdict

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SITE = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html"
LEVELS = {
    "live": "error",
    "guarded": "error",
    "possible": "warning",
    "retry-storm": "warning",
    "blocked": "note",
    "accepted": "note",
}
SEVERITY_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
SEVERITIES = {"error": "8.0", "warning": "5.0", "note": "2.0"}
BASELINES = {
    "new": "new",
    "graver": "updated",
    "milder": "updated",
    "gone": "absent",
    "unseen": "unchanged",
}
GAP = "gap"


def render(document: Document) -> str:
    """One run; a result's fingerprint is the loop's own, so services follow it over readings."""
    rules = [rule for rule in _rules() if rule["id"] != findings.LOOPS]
    places = {rule["id"]: index for index, rule in enumerate(rules)}
    results = [*_loops(document), *_findings(document), *_gaps(document)]
    for result in results:
        result["ruleIndex"] = places[result["ruleId"]]
    scope = document["scope"]
    run: dict[str, Any] = {
        "tool": {
            "driver": {"name": "Loopscope", "informationUri": SITE, "rules": rules},
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": stale}} for stale in scope["stale"]
                ],
            }
        ],
        "results": results,
        "properties": {"verdict": scope["verdict"], "read": scope["read"]}
        | {"planned": scope["planned"], "statement": scope.get("statement", "")},
        "columnKind": "unicodeCodePoints",
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, sort_keys=True) + "\n"


def _rules() -> Iterator[dict[str, Any]]:
    for verdict, (name, said) in VERDICTS.items():
        yield _rule(f"loop/{verdict}", f"Event loop: {name.lower()}", said, LEVELS[verdict])
    for each in asked():
        yield _rule(each.name, each.title, f"{each.question.words} {each.title}.", "warning")
    said = "Something could not be read, parsed or decided, and could hide a loop."
    yield _rule(GAP, "Not read", said, "warning")


def _rule(id_: str, name: str, said: str, level: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.replace("/", "-").split("-")),
        "shortDescription": {"text": name},
        "fullDescription": {"text": said},
        "helpUri": SITE,
        "defaultConfiguration": {"level": level},
        "properties": {"security-severity": SEVERITIES[level], "tags": ["aws", "recursion"]},
    }


def _loops(document: Document) -> Iterator[dict[str, Any]]:
    dangerous = {loop["fingerprint"] for loop in pressing(document)}
    for loop in document["loops"]:
        result: dict[str, Any] = {
            "ruleId": f"loop/{loop['verdict']}",
            "level": LEVELS[loop["verdict"]],
            "message": {"text": f"{loop['title']}. {unmarked(loop['explanation'])}"},
            "locations": [_location(loop["edges"][0], "source")],
            "partialFingerprints": {"loop/v1": loop["fingerprint"]},
            "codeFlows": [{"threadFlows": [{"locations": [*_flow(loop)]}]}],
        }
        if loop["verdict"] == LoopVerdict.ACCEPTED:
            reason = unmarked(loop["explanation"])
            result["suppressions"] = [
                {"kind": "external", "status": "accepted", "justification": reason}
            ]
        elif loop["fingerprint"] not in dangerous:
            result |= {"kind": "informational", "level": "none"}
        if "change" in loop:
            result["baselineState"] = BASELINES[loop["change"]]
        yield result


def _flow(loop: Told) -> Iterator[dict[str, Any]]:
    for edge in loop["edges"]:
        said = f"{edge['words']} {does(edge)}, {passes(edge)}: {unmarked(edge['hop']['because'])}"
        yield {"location": {**_location(edge, "source"), "message": {"text": said}}}


def _findings(document: Document) -> Iterator[dict[str, Any]]:
    for each in findings.told(document):
        yield {
            "ruleId": each["rule"],
            "level": SEVERITY_LEVELS[each["severity"]],
            "message": {"text": unmarked(f"{each['title']}. {each['because']} {each['fix']}")},
            "locations": [_named(each["subject"], each["subject_name"], each["subject_kind"])],
            "partialFingerprints": {"finding/v1": each["fingerprint"]},
        }


def _gaps(document: Document) -> Iterator[dict[str, Any]]:
    scope = document["scope"]
    for gaps, is_accepted in ((scope["gaps"], False), (scope["accepted_gaps"], True)):
        for gap in gaps:
            where = [gap[each] for each in ("account", "region", "call", "resource") if gap[each]]
            needs = f" Needs {gap['action']}." if gap["action"] else ""
            result: dict[str, Any] = {
                "ruleId": GAP,
                "level": "warning",
                "message": {"text": f"{gap['call']}: {gap['code']}. {gap['reason']}{needs}"},
                "locations": [_named(" ".join(where) or "scope", gap["call"] or "scope")],
                "partialFingerprints": {"gap/v1": "/".join([*where, gap["code"]])},
            }
            if is_accepted:
                result["suppressions"] = [{"kind": "external", "status": "accepted"}]
            yield result


def _location(edge: Told, end: str) -> dict[str, Any]:
    return _named(edge[end], edge[f"{end}_name"], edge[f"{end}_kind"])


def _named(arn: str, name: str, kind: str = "resource") -> dict[str, Any]:
    place: Mapping[str, str] = {"fullyQualifiedName": arn, "name": name, "kind": kind}
    return {"logicalLocations": [place]}


FORMAT = Format(
    "sarif",
    "SARIF 2.1.0",
    Use.PIPELINES,
    "loops, retry storms and gaps for code scanning, with stable fingerprints and suppressions",
    "application/sarif+json",
    "sarif",
    render,
)
