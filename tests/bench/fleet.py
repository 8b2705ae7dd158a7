"""Many accounts, alike but for their numbers: what ``replay`` is for one account and Region.

A role in each answers to its own external id alone. ``python -m tests.bench.fleet FUNCTIONS
LATENCY REGIONS`` prints its port and serves until standard input closes: so many functions with
their queues in each of so many Regions, and one loop in each.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.replay import Server, bytes_of, environ, serve
from tests.bench.wide_account import ACCOUNT, REGION, WideAccount, arn
from topology.demo.answers import Reply, error, result
from topology.demo.asked import Asked, asked

HOME = "us-east-1"
REGIONS = (
    HOME, "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1",
    "eu-west-2", "eu-west-3", "eu-north-1", "eu-south-1", "ap-south-1", "ap-northeast-1",
    "ap-northeast-2", "ap-southeast-1", "ap-southeast-2", "me-south-1",
)  # fmt: skip
SIGNED = re.compile(rb"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
TARGET = re.compile(rb"\r\n(?:x-amz-target|smithy-protocol): *([^\r]+)", re.IGNORECASE)


def role_of(account: str) -> str:
    """The role by which an account is read."""
    return f"arn:aws:iam::{account}:role/LoopscopeRead"


def external_id_of(account: str) -> str:
    """The one external id that role answers to."""
    return f"external-id-of-{account}"


class Member(WideAccount):
    """One account of the fleet: its functions send to their neighbour's queue, one to its own."""

    def __init__(self, functions: int, regions: int) -> None:
        super().__init__(functions)
        self.regions = REGIONS[:regions]

    def _account_list_regions(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"Regions": [{"RegionName": r, "RegionOptStatus": "ENABLED"} for r in self.regions]}

    def _iam_get_account_authorization_details(self, _: Mapping[str, Any]) -> dict[str, Any]:
        roles = [
            {
                "RoleName": f"role-{number:03}",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/role-{number:03}",
                "RolePolicyList": [{"PolicyName": "send", "PolicyDocument": _sends_to(number)}],
                "AttachedManagedPolicies": [],
                "InstanceProfileList": [],
            }
            for number in range(min(100, len(self.functions)))
        ]
        return {"RoleDetailList": roles, "Policies": [], "IsTruncated": False}


def _sends_to(number: int) -> str:
    queue = arn("sqs", f"queue-{number + bool(number):04}").replace(REGION, "*")
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


class Fleet(Server):
    """Answers for every account: each is worked out for one, and its numbers are put in."""

    def __init__(self, member: Member, latency: float) -> None:
        super().__init__(member, latency, 0)
        self._templates: dict[tuple[bytes, ...], tuple[str, Reply]] = {}

    def told(self, line: bytes, head: bytes, body: bytes) -> tuple[str, bytes]:
        """A request's operation and its answer, with the account's number and its Region."""
        signed, target = SIGNED.search(head), TARGET.search(head)
        assert signed
        key, region, service = signed.groups()
        if service == b"sts":
            return self._identity(asked(environ(line, head, body)))
        account = key[-12:]
        ours = ((account, ACCOUNT.encode()), (region, REGION.encode()))
        known = (_put(line, ours), service, target[1] if target else b"", _put(body, ours))
        if known not in self._templates:
            request = asked(environ(line, _put(head, ours), _put(body, ours)))
            self._templates[known] = (request.name, self.account.reply(request))
        name, reply = self._templates[known]
        theirs = tuple((there, here) for here, there in ours)
        return name, bytes_of(Reply(reply.status, reply.headers, _put(reply.body, theirs)))

    def _identity(self, request: Asked) -> tuple[str, bytes]:
        if request.model.name == "GetCallerIdentity":
            account = request.key[-12:]
            who = f"arn:aws:sts::{account}:assumed-role/LoopscopeRead/loopscope"
            answer = {"UserId": "AROAEXAMPLE:loopscope", "Account": account, "Arn": who}
            return request.name, bytes_of(result(request, answer))
        account = request.parameters["RoleArn"].split(":")[4]
        if request.parameters.get("ExternalId") != external_id_of(account):
            refused = error(request, "AccessDenied", "not authorized to perform AssumeRole", 403)
            return request.name, bytes_of(refused)
        credentials = {
            "AccessKeyId": f"ASIA{account}",
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": datetime.now(UTC) + timedelta(hours=1),
        }
        return request.name, bytes_of(result(request, {"Credentials": credentials}))


def _put(text: bytes, pairs: tuple[tuple[bytes, bytes], ...]) -> bytes:
    for old, new in pairs:
        text = text.replace(old, new)
    return text


if __name__ == "__main__":
    functions, latency, regions = sys.argv[1:]
    asyncio.run(serve(Fleet(Member(int(functions), int(regions)), float(latency))))
