"""Which calls count as changes, where, and what the rule lets through to the queue."""

from __future__ import annotations

import json

import pytest
import yaml
from botocore.session import Session

from topology import catalog
from topology.catalog import changes, changes_template
from topology.filters import parse
from topology.graph import GLOBAL, Filter

ACCOUNT = "111122223333"
LONGEST = 2048  # characters of a pattern: EventBridge's quota
READS = ("Get", "List", "Describe")
OF_AGENTS = {"UpdateInstanceInformation"}  # in no SDK
SESSION = Session()


def event(name: str, host: str = "s3", **said: object) -> str:
    """A call as CloudTrail tells the bus of it."""
    detail = {
        "eventSource": f"{host}.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-west-1",
        "readOnly": False,
        "managementEvent": True,
        "requestParameters": {"bucketName": "orders"},
    }
    whole = {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": changes.DETAIL_TYPE,
        "source": f"aws.{host}",
        "account": ACCOUNT,
        "time": "2026-11-29T12:00:00Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": detail,
    }
    own = {key: said.pop(key) for key in tuple(said) if key in whole}
    return json.dumps({**whole, **own, "detail": own.get("detail", {**detail, **said})})


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (event("PutBucketNotification"), "eu-west-1"),
        (event("CreateEventSourceMapping20150331", "lambda"), "eu-west-1"),
        (event("PutMetricAlarm", "monitoring"), "eu-west-1"),
        (event("PutRule", "events", region="us-gov-west-1"), "us-gov-west-1"),
        (event("PutRolePolicy", "iam", region="us-east-1"), GLOBAL),
        (event("PutBucketNotification", readOnly=True), None),
        (event("PutBucketNotification", errorCode="AccessDenied"), None),
        (event("CreateLogStream", "logs"), None),
        (event("StartExecution", "states"), None),
        (event("CreateKey", "kms"), None),
    ],
)
def test_a_call_is_a_change_of_its_region_or_none(message, place):
    assert changes.place_of(message, ACCOUNT) == place


@pytest.mark.parametrize(
    "message",
    [
        "",
        "[]",
        "null",
        "[" * 100_000,
        "{}",
        event("PutRule", "events", account="999999999999"),
        event("PutRule", "events", region="eu-west-1/../x"),
        event("PutRule", "events", detail="none"),
        json.dumps({**json.loads(event("PutRule")), "detail-type": "Object Created"}),
    ],
)
def test_what_is_no_event_of_this_account_is_refused(message):
    with pytest.raises(changes.NotOursError):
        changes.place_of(message, ACCOUNT)


def test_every_host_is_one_that_the_service_is_called_by():
    for service in catalog.services():
        if service.readers:
            model = SESSION.get_service_model(service.client)
            host = changes.HOSTS.get(service.client, service.iam_prefix or service.client)
            assert host in (model.endpoint_prefix, model.signing_name, "amazonmq")


def test_calls_that_change_nothing_are_calls_of_their_service_and_hide_no_other():
    operations = {
        service: SESSION.get_service_model(service.client).operation_names
        for service in catalog.services()
    }
    for service in catalog.services():
        for name in service.busy:
            assert name in OF_AGENTS or any(o.startswith(name) for o in operations[service])
    for service, of_it in operations.items():
        for operation in of_it if service.readers else ():
            if not operation.startswith(READS) and operation.startswith(tuple(changes._busy())):
                assert operation.startswith(service.busy), f"{service.client}: {operation}"


def test_both_templates_carry_the_same_pattern_and_let_nobody_else_in():
    text = changes_template.cloudformation()
    yaml.SafeLoader.add_multi_constructor("!", lambda loader, tag, node: f"{tag} {node.value}")
    resources = yaml.safe_load(text)["Resources"]
    pattern = resources["Rule"]["Properties"]["EventPattern"]
    assert pattern == changes.pattern()
    (line,) = (each for each in changes_template.terraform().splitlines() if "eventSource" in each)
    assert json.loads(line) == pattern
    assert len(line.strip()) <= LONGEST
    sends, reads = resources["Policy"]["Properties"]["PolicyDocument"]["Statement"]
    assert sends["Condition"] == {"ArnEquals": {"aws:SourceArn": "GetAtt Rule.Arn"}}
    assert reads["Principal"] == {"AWS": "Ref RoleArn"}
    assert "sqs:SendMessage" not in reads["Action"]


CHANGES = [event("PutBucketNotification"), event("UpdateFunctionCode20150331v2", "lambda")]
OTHERS = [
    event("PutBucketNotification", readOnly=True),
    event("PutBucketNotification", errorCode="AccessDenied"),
    event("CreateLogStream", "logs"),
    event("CreateKey", "kms"),
]


@pytest.mark.parametrize("message", [*CHANGES, *OTHERS])
def test_the_rule_lets_through_what_is_taken_for_a_change(message):
    rule = parse(Filter("eventbridge.pattern", json.dumps(changes.pattern())))
    assert rule.matches(json.loads(message)) is (message in CHANGES)
    assert (changes.place_of(message, ACCOUNT) is not None) is (message in CHANGES)
