"""The published contract ``loopscope.report/1``: members are added, never renamed or removed.

The schema beside this file describes it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib import resources as files
from typing import Any

from topology.analysis import Loop, LoopHop, words
from topology.analysis.code_read import CodeRead
from topology.analysis.evidences import Proof
from topology.analysis.guarded import ProtectionGap
from topology.graph import Gap, Read, ReadStatus, Resource
from topology.reports import findings, forecasts, remedies
from topology.reports.report import Coverage, Report, statement
from topology.verdict import LoopVerdict

SCHEMA = "loopscope.report/1"


@cache
def schema() -> Mapping[str, Any]:
    """The JSON schema (draft 2020-12) of this format."""
    text = files.files("topology.reports").joinpath("loopscope.report-1.schema.json").read_text()
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def to_json(report: Report, every: findings.Every = list) -> dict[str, Any]:
    """The report as JSON-ready data; equal reports give equal data in equal order.

    ``every`` takes the findings of the four questions, which are most of it: ``iter`` leaves them
    to whoever writes the data down, once.
    """
    coverage = report.coverage
    return {
        "schema": SCHEMA,
        "scope": {
            "verdict": report.verdict.value,
            "accounts": sorted(coverage.accounts),
            "regions": sorted(coverage.regions),
            "read_from": _time(coverage.read_from),
            "read_to": _time(coverage.read_to),
            "planned": len(coverage.reads),
            "read": sum(map(_is_complete, coverage.reads)),
            "coverage": _coverage(coverage),
            "gaps": [_gap(gap) for gap in report.gaps],
            "accepted_gaps": [_accepted_gap(gap, report) for gap in sorted(coverage.accepted)],
            "stale": sorted(coverage.stale),
            "ends": [asdict(end) for end in report.ends],
            "statement": statement(report),
        },
        "loops": [
            _loop(number, loop, report)
            | forecasts.members(report.forecasts.get(loop.fingerprint))
            | remedies.members(report.remedies.get(loop.fingerprint), loop, report.resources)
            | {"incident": report.incidents.get(loop.fingerprint)}
            for number, loop in enumerate(report.loops, start=1)
        ],
        "more_loops": report.more_loops,
        "complete_to": report.complete_to,
        "findings": [forecasts.finding(each, report.resources) for each in report.findings],
        "protection_gaps": [_unguarded(gap, report) for gap in report.protection_gaps],
        "assumptions": report.assumed.as_json(),
        "code": [_code(each) for each in report.code],
        "audits": findings.member(report.audits, report.resources, report.accepted, every),
        "functions": report.functions.as_json(),
    }


def _coverage(coverage: Coverage) -> list[dict[str, Any]]:
    """The ledger summed up by account and Region."""
    planned = _by_place(coverage.reads)
    read = _by_place(filter(_is_complete, coverage.reads))
    settled = _by_place(filter(_is_complete, coverage.settled))
    return [
        {
            "account": account,
            "region": region,
            "planned": count,
            "read": read[account, region],
            "settled": settled[account, region],
        }
        for (account, region), count in sorted(planned.items())
    ]


def _by_place(reads: Iterable[Read]) -> Counter[tuple[str, str]]:
    return Counter((each.account, each.region) for each in reads)


def _is_complete(read: Read) -> bool:
    return read.status is ReadStatus.COMPLETE


def _time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _gap(gap: Gap) -> dict[str, str]:
    return {
        "account": gap.account,
        "region": gap.region,
        "call": gap.call,
        "action": gap.action,
        "resource": gap.resource,
        "code": gap.code,
        "reason": gap.reason,
    }


def _accepted_gap(gap: Gap, report: Report) -> dict[str, Any]:
    by = next((each for each in report.accepted.entries if each.covers(gap)), None)
    return {**_gap(gap), "accepted": by.as_json() if by else None}


def _accepted_loop(loop: Loop, report: Report) -> dict[str, str] | None:
    if loop.verdict is not LoopVerdict.ACCEPTED:
        return None
    by = report.accepted.by_fingerprint.get(("loop", loop.fingerprint))
    return by.as_json() if by else None


def _code(row: CodeRead) -> dict[str, Any]:
    return {**asdict(row), "doubts": list(row.doubts), "services": list(row.services)}


def _unguarded(gap: ProtectionGap, report: Report) -> dict[str, Any]:
    known = report.resources.get(gap.subject)
    return {
        "kind": gap.kind.value,
        "subject": gap.subject,
        "subject_name": known.name if known else gap.subject,
        "subject_kind": known.kind if known else "",
        "because": gap.because,
        "loops": list(gap.loops),
    }


def _loop(number: int, loop: Loop, report: Report) -> dict[str, Any]:
    return {
        "number": number,
        "fingerprint": loop.fingerprint,
        "verdict": loop.verdict.value,
        "title": loop.title,
        "resources": [hop.edge.source for hop in loop.hops],
        "edges": [hop_members(hop, report.resources, report.proofs(hop)) for hop in loop.hops],
        "guard": {"covered": loop.guard.covered, "because": loop.guard.because},
        "explanation": loop.explanation,
        "ranking": loop.ranking,
        "accepted": _accepted_loop(loop, report),
        "turning": _turning(loop, report),
        "unwatched": list(report.unwatched(loop)),
    }


def _turning(loop: Loop, report: Report) -> dict[str, Any] | None:
    found = report.turning(loop)
    if found is None:
        return None
    since, rate = _time(found.since), found.per_minute
    return {"since": since, "per_minute": rate, "because": found.because}


def hop_members(
    hop: LoopHop, resources: Mapping[str, Resource], proofs: Iterable[Proof]
) -> dict[str, Any]:
    """One hop as a loop of the report tells it; ``resources`` know its two ends."""
    edge = hop.edge
    source, target = resources[edge.source], resources[edge.target]
    return {
        "id": edge.id,
        "source": edge.source,
        "source_name": source.name,
        "source_kind": source.kind,
        "source_account": source.account,
        "source_region": source.region,
        "target": edge.target,
        "target_name": target.name,
        "target_kind": target.kind,
        "target_account": target.account,
        "target_region": target.region,
        "meaning": edge.meaning.value,
        "kind": edge.kind,
        "label": edge.label,
        "evidence": edge.evidence.value,
        "dormant": edge.dormant,
        "attributes": dict(edge.attributes),
        "filter": {"language": edge.filter.language, "document": edge.filter.document}
        if edge.filter
        else None,
        "words": words.hop(edge, resources),
        "hop": {
            "verdict": hop.hop.word,
            "witness": hop.hop.witness,
            "counterexample": hop.hop.counterexample,
            "because": hop.hop.because,
        },
        "evidences": [
            {
                "kind": proof.kind.value,
                "text": proof.text,
                "where": proof.where,
                "as_of": _time(proof.as_of),
            }
            for proof in proofs
        ],
    }
