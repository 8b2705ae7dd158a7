"""Account policies of CloudWatch Logs that subscribe every log group of a Region at once.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topology import arn as arns
from topology.graph import Filter

_ALL_BUT = re.compile(r"\s*LogGroupName\s+NOT\s+IN\s*(\[.*\])\s*", re.DOTALL)


class PolicyError(ValueError):
    """The policy is none that subscribes log groups; the message says why."""


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """Where log events go, which, and the log groups left out (None: that could not be read)."""

    destination: str
    pattern: Filter | None
    selection: str
    excluded: frozenset[str] | None


def account_policy(item: Mapping[str, Any]) -> AccountPolicy:
    """Parse a policy as AWS lists it. Raises ``PolicyError``."""
    try:
        document = json.loads(item["policyDocument"])
        destination, pattern = document["DestinationArn"], document.get("FilterPattern") or ""
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PolicyError(f"its document names no destination ({type(error).__name__})") from None
    if not isinstance(destination, str) or not arns.is_arn(destination):
        raise PolicyError("its destination is no ARN")
    if not isinstance(pattern, str):
        raise PolicyError("its filter pattern is no text")
    selection = item.get("selectionCriteria") or ""
    heard = Filter("logs.pattern", pattern) if pattern.strip() else None
    return AccountPolicy(destination, heard, selection, _excluded(selection))


def _excluded(selection: str) -> frozenset[str] | None:
    """The log groups named by ``LogGroupName NOT IN [...]``, the only form there is."""
    if not selection.strip():
        return frozenset()
    found = _ALL_BUT.fullmatch(selection)
    if found is None:
        return None
    try:
        names = json.loads(found[1])
    except ValueError:
        return None
    return frozenset(names) if all(isinstance(name, str) for name in names) else None
