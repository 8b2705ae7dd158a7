"""Changes as they happen: which API calls may change what we read, and where.

CloudTrail tells the default bus of every call that changes something; a rule hands them to a
queue. Whatever is not known to change nothing counts as a change.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from topology import catalog
from topology.catalog.service import Service
from topology.graph import GLOBAL

QUEUE = "loopscope-changes"
DETAIL_TYPE = "AWS API Call via CloudTrail"
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]+")
# Hosts of services that call themselves otherwise in IAM and in the SDK.
HOSTS = {
    "cloudwatch": "monitoring",
    "mq": "amazonmq",  # see the page "Logging Amazon MQ API calls"
    "resourcegroupstaggingapi": "tagging",
    "lexv2-models": "lex",
    "bedrock-agent": "bedrock",
}


class NotOursError(Exception):
    """A message that is no such event, or one of an account that is not read here."""


def pattern() -> dict[str, Any]:
    """The pattern of the rule: calls that succeeded and changed something of a service we read."""
    return {
        "detail-type": [DETAIL_TYPE],
        "detail": {
            "eventSource": [f"{host}.amazonaws.com" for host in sorted(_hosts())],
            "eventName": [{"anything-but": {"prefix": sorted(_busy())}}],
            "readOnly": [False],
            "errorCode": [{"exists": False}],
        },
    }


def place_of(message: str, account: str) -> str | None:
    """The Region, or ``GLOBAL``, of which an event says that something was changed.

    None for an event that changes nothing we read. Raises ``NotOursError``.
    """
    event = _event(message)
    if event["account"] != account:
        raise NotOursError("of another account")
    detail = event["detail"]
    host = str(detail.get("eventSource")).removesuffix(".amazonaws.com")
    name = str(detail.get("eventName"))
    if host not in _hosts() or detail.get("readOnly") is not False or "errorCode" in detail:
        return None
    if name.startswith(tuple(_busy())):
        return None
    return GLOBAL if _hosts()[host].is_global else str(event["region"])


def _event(message: str) -> Mapping[str, Any]:
    try:
        event = json.loads(message)
        known = event["detail-type"] == DETAIL_TYPE and isinstance(event["detail"], dict)
        if known and event["account"] and REGION.fullmatch(event["region"]):
            return event  # type: ignore[no-any-return]
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise NotOursError("no event of CloudTrail")


@cache
def _hosts() -> Mapping[str, Service]:
    """The services that are read, by the host that CloudTrail calls them by."""
    return {
        HOSTS.get(service.client, service.iam_prefix or service.client): service
        for service in catalog.services()
        if service.readers
    }


@cache
def _busy() -> frozenset[str]:
    return frozenset(name for service in catalog.services() for name in service.busy)
