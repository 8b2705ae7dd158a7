"""Environment variables: what a value names is kept, the value never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.catalog.service import Mention
from topology.evidence.environment import direction, named
from topology.graph import Resource

HOME = "arn:aws:{}:eu-west-1:111122223333:{}"
ACTOR = HOME.format("lambda", "function:orders")
JOBS = HOME.format("sqs", "jobs")
NEWS = HOME.format("sns", "news")
ORDERS = HOME.format("dynamodb", "table/orders")
REPORTS = "arn:aws:s3:::reports"


def known(arn: str, kind: str, name: str) -> Resource:
    return Resource(arn, kind, "111122223333", "eu-west-1", name)


KNOWN = (
    known(JOBS, "sqs.queue", "jobs"),
    known(NEWS, "sns.topic", "news"),
    known(HOME.format("sns", "jobs"), "sns.topic", "jobs"),
    known(ORDERS, "dynamodb.table", "orders"),
    known(REPORTS, "s3.bucket", "reports"),
    known(ACTOR, "lambda.function", "mailer"),
    known("arn:aws:iam::111122223333:role/admin", "iam.role", "admin"),
)


def names(value: str) -> list[str]:
    found = named([Mention(ACTOR, "V", value)], KNOWN, "aws", {"https://api.shop.example"})
    return [entry["names"] for entry in found.get(ACTOR, [])]


@pytest.mark.parametrize(
    ("value", "resources"),
    [
        (NEWS, [NEWS]),
        (" news\n", [NEWS]),
        ("jobs", [HOME.format("sns", "jobs"), JOBS]),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs", [JOBS]),
        ("https://eu-west-1.queue.amazonaws.com/111122223333/jobs", [JOBS]),
        ("http://localhost:4566/111122223333/jobs", [JOBS]),
        (
            "https://sqs.us-east-1.amazonaws.com/444455556666/far",
            ["arn:aws:sqs:us-east-1:444455556666:far"],
        ),
        ("s3://reports/2026/", [REPORTS]),
        (f"{ACTOR}:live", [ACTOR]),
        (
            "arn:aws:sns:us-east-1:444455556666:theirs",
            ["arn:aws:sns:us-east-1:444455556666:theirs"],
        ),
        ("arn:aws:s3:::elsewhere", ["arn:aws:s3:::elsewhere"]),
        (
            "https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/orders?key=canary",
            ["https://a1b2.execute-api.eu-west-1.amazonaws.com"],
        ),
        ("https://x9.lambda-url.eu-west-1.on.aws/", ["https://x9.lambda-url.eu-west-1.on.aws"]),
        ("https://api.shop.example/v1", ["https://api.shop.example"]),
        ("https://user:canary@elsewhere.example/v1", []),
    ],
)
def test_a_value_that_names_a_resource_leaves_its_arn(value, resources):
    assert names(value) == resources


@pytest.mark.parametrize(
    "value",
    [
        "",
        "production",
        "admin",
        "s3://nowhere/",
        "arn:aws:kms:eu-west-1:111122223333:key/password",
        "arn:aws:sqs:eu-west-1:111122223333:my secret is here",
        "arn:aws:sqs:eu-west-1:hunter2:jobs",
        "https://user:hunter2@example.com/111122223333",
        "jobs,news",
    ],
)
def test_any_other_value_leaves_nothing(value):
    assert names(value) == []


@given(st.text())
def test_no_text_survives_but_a_known_arn_or_one_of_a_modelled_service(value):
    arns = {resource.arn for resource in KNOWN}
    assert all(name in arns or name.startswith("arn:aws") for name in names(value))


def test_variables_are_sorted_and_each_is_kept_once():
    mentions = [Mention(ACTOR, "B", "news"), Mention(ACTOR, "A", NEWS), Mention(ACTOR, "B", NEWS)]
    assert named(mentions, KNOWN, "aws") == {
        ACTOR: [{"variable": "A", "names": NEWS}, {"variable": "B", "names": NEWS}]
    }


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("OUTPUT_BUCKET", "writes"),
        ("DEST_BUCKET", "writes"),
        ("TARGET", "writes"),
        ("DLQ_URL", "writes"),
        ("sinkTableName", "writes"),
        ("PublishTopicArn", "writes"),
        ("INPUT_BUCKET", "reads"),
        ("SOURCE_BUCKET_NAME", "reads"),
        ("srcQueue", "reads"),
        ("FROM_TABLE", "reads"),
        ("BUCKET", ""),
        ("QUEUE_URL", ""),
        ("SOURCE_AND_TARGET", ""),
        ("FROM_EMAIL", ""),  # the sender's
        ("EVENT_SOURCE", ""),  # what events are sent as
        ("RESOURCE_ARN", ""),
        ("OUTLOOK", ""),
        ("READY_QUEUE", ""),
        ("", ""),
    ],
)
def test_the_direction_that_a_name_tells(variable, expected):
    assert direction(variable) == expected


def test_the_direction_is_kept_beside_the_variable():
    found = named(
        [Mention(ACTOR, "SOURCE_QUEUE", "jobs-in"), Mention(ACTOR, "OUT", NEWS)], KNOWN, "aws"
    )
    assert found == {ACTOR: [{"variable": "OUT", "names": NEWS, "direction": "writes"}]}


def test_of_parameters_of_systems_manager_nothing_is_kept():
    assert names("/shop/orders/queue-url") == []
