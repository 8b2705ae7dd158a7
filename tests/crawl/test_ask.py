"""One call: what an error code may mean, where parameters come from, and never an exception."""

from __future__ import annotations

import pytest

from topology import catalog
from topology.catalog.service import Call, Here, Of, OfHere
from topology.crawl.ask import ask, parameters
from topology.crawl.session import Session

HERE = Here("aws", "111122223333", "eu-west-1")


@pytest.fixture
def asked(aws):
    """Ask a call of S3, for a bucket without any configuration."""
    aws.client("s3").create_bucket(
        Bucket=f"bare-{aws.id}", CreateBucketConfiguration={"LocationConstraint": aws.region}
    )
    [s3] = [service for service in catalog.services() if service.client == "s3"]
    session = Session(aws.connection)
    return lambda call: ask(session, aws.region, s3, call, HERE, {"Name": f"bare-{aws.id}"})


def replication(**more) -> Call:
    return Call("get_bucket_replication", parameters={"Bucket": Of("Name")}, **more)


ABSENT = frozenset({"ReplicationConfigurationNotFoundError"})


def test_a_code_that_means_nothing_is_configured_is_a_whole_answer_that_says_nothing(asked):
    answer = asked(replication(absent=ABSENT))
    assert (answer.items, answer.pages, answer.error) == (({},), 1, None)


def test_a_list_that_is_not_configured_is_a_whole_answer_without_items(asked):
    rules = "ReplicationConfiguration.Rules"
    answer = asked(replication(absent=ABSENT, items=rules))
    assert (answer.items, answer.pages, answer.error) == ((), 1, None)


def test_the_same_code_undeclared_is_an_error_with_its_request_counted(asked):
    answer = asked(replication())
    assert answer.error is not None
    assert (answer.items, answer.pages, answer.requests) == ((), 0, 1)


def test_a_parameter_botocore_refuses_is_an_error_and_no_exception(asked):
    answer = asked(Call("get_bucket_replication", parameters={"Bucket": Of("Name"), "No": 1}))
    assert type(answer.error).__name__ == "ParamValidationError"


def test_parameters_come_from_the_declaration_the_place_and_the_item():
    call = Call(
        "any",
        parameters={"Fixed": 1, "Here": OfHere("region"), "Item": Of("Name"), "Whole": Of()},
    )
    item = {"Name": "orders"}
    assert parameters(call, HERE, item) == {
        "Fixed": 1,
        "Here": "eu-west-1",
        "Item": "orders",
        "Whole": item,
    }


def test_a_parameter_may_come_from_further_inside_an_item():
    call = Call("any", parameters={"ResourceArn": Of("Table.TableArn")})
    assert parameters(call, HERE, {"Table": {"TableArn": "arn"}}) == {"ResourceArn": "arn"}


def test_a_parameter_may_come_from_what_an_item_was_asked_for():
    call = Call("any", parameters={"cluster": Of(above=1), "services": [Of()]})
    assert parameters(call, HERE, "orders", "shop") == {"cluster": "shop", "services": ["orders"]}
