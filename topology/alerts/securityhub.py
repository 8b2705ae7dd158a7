"""AWS Security Hub: findings in the AWS Security Finding Format, archived when resolved.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Item, Message

AT_ONCE = 100  # findings of a request
PLACE = re.compile(r"(\d{12}) ([a-z]{2}(?:-[a-z]+)+-\d)\Z")
SEVERITIES = {"live": "HIGH", "guarded": "MEDIUM", "high": "HIGH"}


def _place(config: Config) -> tuple[str, str]:
    found = PLACE.match(config["place"])
    if found is None:
        raise ChannelError("Give account and Region, as in 123456789012 eu-west-1.")
    return found[1], found[2]


def _check(config: Config) -> None:
    _place(config)


def _send(config: Config, message: Message, wire: Wire) -> None:
    account, region = _place(config)
    client = wire.aws("securityhub", region)
    findings = iter([_finding(each, account, region) for each in message.items])
    while some := list(islice(findings, AT_ONCE)):
        if failed := client.batch_import_findings(Findings=some)["FailedCount"]:
            raise ChannelError(f"Security Hub refused {failed} of {len(some)} findings.")


def _finding(item: Item, account: str, region: str) -> dict[str, Any]:
    when = item.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    resolved = item.turn == "resolved"
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"loopscope/{item.kind}/{item.fingerprint}",
        "ProductArn": f"arn:aws:securityhub:{region}:{account}:product/{account}/default",
        "ProductName": "Loopscope",
        "CompanyName": "Loopscope",
        "GeneratorId": f"loopscope/{item.kind}",
        "AwsAccountId": account,
        "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        "CreatedAt": when,
        "UpdatedAt": when,
        "Severity": {"Label": "INFORMATIONAL" if resolved else SEVERITIES.get(item.state, "LOW")},
        "Title": item.headline[:256],
        "Description": (item.detail or item.headline)[:1024],
        "Resources": [
            {"Type": "Other", "Id": f"loopscope/{item.kind}/{item.fingerprint}", "Region": region}
        ],
        "RecordState": "ARCHIVED" if resolved else "ACTIVE",
        "Workflow": {"Status": "RESOLVED" if resolved else "NEW"},
        **({"SourceUrl": item.url} if item.url else {}),
    }


securityhub = ChannelKind(
    "securityhub",
    "AWS Security Hub",
    (Field("place", "Account and Region", "123456789012 eu-west-1"),),
    _check,
    lambda config: f"Security Hub of {config['place']}",
    _send,
    # Security Hub tells the default bus of its Region of every finding.
    lambda config: ("arn:aws:events:{1}:{0}:event-bus/default".format(*_place(config)),),
    uses_aws=True,
)
