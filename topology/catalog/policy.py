"""The least a role must be allowed for everything the catalog reads.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from topology import catalog

# What confirms a write, each to be allowed by itself: functions' code, and what ran.
EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "code": ("lambda:GetFunction", "lambda:GetLayerVersion"),
    "runtime": (
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "xray:GetServiceGraph",
    ),
}


def read_policy(evidence: Collection[str] = (), partition: str = "aws") -> dict[str, Any]:
    """An IAM policy document that allows exactly the declared calls, the same on every run.

    The calls list and describe whole accounts, so few of them can be narrowed to a resource.
    ``evidence`` names the kinds of ``EVIDENCE`` to allow besides, each in its own statement.
    """
    actions: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for service in catalog.services():
        for call in service.calls:
            within = tuple(resource.format(partition=partition) for resource in service.within)
            actions[within].add(service.action_of(call))
    statements = [
        _statement("LoopscopeReads" if not within else f"LoopscopeReads{number}", named, within)
        for number, (within, named) in enumerate(sorted(actions.items()))
    ]
    statements += [
        _statement(f"Loopscope{kind.capitalize()}Evidence", set(EVIDENCE[kind]), ())
        for kind in sorted(evidence)
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(sid: str, actions: Collection[str], within: tuple[str, ...]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": list(within) or "*",
    }
