"""AWS Security Hub's finding format, as ``aws securityhub batch-import-findings`` takes it.

A finding belongs to one account and Region, so a loop is one in each that it leads through.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from topology.arn import PARTITIONS
from topology.graph import GLOBAL
from topology.reports import findings
from topology.reports.document import Document, of_arn, place
from topology.reports.format import Format, Use
from topology.reports.prose import unmarked
from topology.reports.svg import shorten
from topology.reports.wording import cut_title, verdict_name

VERSION = "2018-10-08"
HOME = "us-east-1"  # of what has no Region
EPOCH = "1970-01-01T00:00:00Z"
SEVERITIES = {
    "live": "CRITICAL",
    "guarded": "HIGH",
    "possible": "MEDIUM",
    "retry-storm": "MEDIUM",
    "blocked": "INFORMATIONAL",
    "accepted": "INFORMATIONAL",
}
TYPES = {  # resource types that Security Hub knows; everything else is "Other"
    "lambda.function": "AwsLambdaFunction",
    "s3.bucket": "AwsS3Bucket",
    "sqs.queue": "AwsSqsQueue",
    "sns.topic": "AwsSnsTopic",
    "dynamodb.table": "AwsDynamoDbTable",
    "states.machine": "AwsStepFunctionStateMachine",
    "events.bus": "AwsEventsEventbus",
}
TITLE, TEXT, FIX, RESOURCES = 256, 1024, 512, 32  # the format's limits


def render(document: Document) -> str:
    """An array of findings; one call of the import takes 100 of them."""
    return json.dumps([*_loops(document), *_findings(document)], indent=2, sort_keys=True) + "\n"


def _loops(document: Document) -> Iterator[dict[str, Any]]:
    for loop in document["loops"]:
        places = {place(edge, "source") for edge in loop["edges"]}
        known = sorted((account, _home(region)) for account, region in places if account)
        for account, region in dict.fromkeys(known):
            found = _finding(document, f"loop/{loop['fingerprint']}", account, region)
            found["GeneratorId"] = f"loopscope/loop/{loop['verdict']}"
            found["Title"] = shorten(
                f"{verdict_name(loop['verdict'])} event loop: {loop['title']}", TITLE
            )
            found["Description"] = shorten(unmarked(loop["explanation"]), TEXT)
            found["Severity"] = {"Label": SEVERITIES[loop["verdict"]]}
            found["Resources"] = [
                _resource(edge["source"], edge["source_kind"]) for edge in loop["edges"]
            ][:RESOURCES]
            found["RecordState"] = "ARCHIVED" if loop.get("change") == "gone" else "ACTIVE"
            if loop["verdict"] == "accepted":
                found["Workflow"] = {"Status": "SUPPRESSED"}
            if cuts := loop.get("cuts"):
                words = [unmarked(change["patch"]["words"]) for change in cuts[0]["changes"]]
                told = shorten(f"{cut_title(cuts[0])}. {' '.join(words)}", FIX)
                found["Remediation"] = {"Recommendation": {"Text": told}}
            yield found


def _findings(document: Document) -> Iterator[dict[str, Any]]:
    for each in findings.told(document):
        accounts = [each["account"]] if each["account"] else document["scope"]["accounts"]
        for account in accounts:
            about = f"finding/{each['fingerprint']}"
            found = _finding(document, about, account, _home(each["region"]))
            found["GeneratorId"] = f"loopscope/{each['rule']}"
            found["Title"] = shorten(f"{each['title']}: {each['subject_name']}", TITLE)
            found["Description"] = shorten(unmarked(each["because"]), TEXT)
            found["Severity"] = {"Label": each["severity"].upper()}
            found["Resources"] = [_resource(each["subject"], each["subject_kind"])]
            fix = shorten(unmarked(each["fix"]), FIX)
            found["Remediation"] = {"Recommendation": {"Text": fix}}
            yield found


def _finding(document: Document, about: str, account: str, region: str) -> dict[str, Any]:
    at = document["scope"]["read_to"] or EPOCH
    product = f"arn:{_partition(region)}:securityhub:{region}:{account}:product/{account}/default"
    return {
        "SchemaVersion": VERSION,
        "Id": f"loopscope/{about}/{account}/{region}",
        "ProductArn": product,
        "AwsAccountId": account,
        "CreatedAt": at,
        "UpdatedAt": at,
        "Types": ["Software and Configuration Checks/AWS Event Loops"],
    }


def _resource(arn: str, kind: str) -> dict[str, Any]:
    _, region = of_arn(arn)
    partition = arn.split(":")[1] if arn.startswith("arn:") else ""
    return {
        "Type": TYPES.get(kind, "Other"),
        "Id": shorten(arn, TEXT // 2),
        "Partition": partition if partition in PARTITIONS else _partition(region),
        **({"Region": region} if region else {}),
    }


def _home(region: str) -> str:
    return HOME if region in ("", GLOBAL) else region


def _partition(region: str) -> str:
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


FORMAT = Format(
    "asff",
    "Security Hub findings",
    Use.PIPELINES,
    "findings in ASFF, for `aws securityhub batch-import-findings`",
    "application/json",
    "asff.json",
    render,
)
