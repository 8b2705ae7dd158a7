"""What the channels' own policies add and take away, at home and abroad."""

from tests.inference.estate import (
    FAR,
    HOME,
    INVOICES,
    UPLOADS,
    allow,
    deny,
    document,
    edges,
    function,
    resource,
    role,
    written,
)
from topology.verdict import Always, Cannot, Unknown


def test_abroad_both_policies_must_allow():
    mine = allow("sqs:*", FAR)
    theirs = document(
        {**allow("sqs:*", FAR), "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/orders"}}
    )
    for policy, expected in (({"policy": theirs}, Always), ({}, Unknown)):
        (write,) = written(
            role(mine), function(), channels=[resource(FAR, "sqs.queue", **policy)]
        ).writes
        assert isinstance(write.hop, expected)
    shut = [resource(FAR, "sqs.queue", policy=None)]
    assert written(role(mine), function(), channels=shut).writes == ()


def test_abroad_a_share_allows_as_a_policy_does():
    share = document(
        {**allow("sqs:*", FAR), "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/orders"}}
    )
    shared = [resource(FAR, "sqs.queue", policy=None, shares=share)]
    (write,) = written(role(allow("sqs:*", FAR)), function(), channels=shared).writes
    assert isinstance(write.hop, Always)


def test_at_home_the_channels_own_policy_is_enough():
    policy = document(
        {**allow("sqs:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/orders"}}
    )
    queue = resource(INVOICES, "sqs.queue", policy=policy)
    (write,) = written(role(), function(), channels=[queue]).writes
    assert write.edge.label == "policy *of invoices*, statement 1"
    assert written(role(name="other"), function(role="other"), channels=[queue]).writes == ()


def test_a_policy_of_services_does_not_concern_roles():
    policy = document({**allow("sqs:*"), "Principal": {"Service": "sns.amazonaws.com"}})
    queue = resource(INVOICES, "sqs.queue", policy=policy)
    assert written(role(), function(), channels=[queue]).writes == ()


def test_a_bucket_policy_may_deny_what_the_role_allows():
    policy = document({**deny("s3:*", [UPLOADS, f"{UPLOADS}/*"]), "Principal": "*"})
    bucket = resource(UPLOADS, "s3.bucket", policy=policy)
    found = written(role(allow("s3:PutObject")), function(), channels=[bucket])
    assert isinstance(edges(found)[UPLOADS, "put"].hop, Cannot)


def test_a_malformed_policy_of_a_channel_is_a_gap():
    queue = resource(INVOICES, "sqs.queue", policy="{")
    found = written(role(), function(), channels=[queue])
    assert [gap.resource for gap in found.gaps] == [INVOICES]
    assert isinstance(edges(found)[INVOICES, "send"].hop, Unknown)


def test_a_channel_nobody_connected_may_be_written_to():
    outside = resource(FAR, "outside")
    (write,) = written(role(allow("sqs:*", FAR)), function(), channels=[outside]).writes
    assert write.edge.target == FAR
    assert isinstance(write.hop, Unknown)


def test_a_policy_that_allows_another_role_is_not_asked_about_this_one():
    policy = document(
        {**allow("sqs:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/orders"}}
    )
    queue = resource(INVOICES, "sqs.queue", policy=policy)
    other = role(allow("sqs:*", f"{INVOICES}-x"), name="other")
    assert written(other, function(role="other"), channels=[queue]).writes == ()
    administrator = role(allow("*"), name="other")
    found = written(administrator, function(role="other"), channels=[queue])
    assert isinstance(edges(found)[INVOICES, "send"].hop, Always)


def test_at_home_a_policy_for_the_whole_account_leaves_it_to_the_roles():
    policy = document({**allow("sqs:*"), "Principal": {"AWS": f"arn:aws:iam::{HOME}:root"}})
    queue = resource(INVOICES, "sqs.queue", policy=policy)
    assert written(role(), function(), channels=[queue]).writes == ()
    (write,) = written(role(allow("sqs:*")), function(), channels=[queue]).writes
    assert isinstance(write.hop, Always)


def test_the_policy_of_an_alias_allows_as_the_functions_own_does():
    theirs = document(
        {**allow("lambda:*", "*"), "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/orders"}}
    )
    far = "arn:aws:lambda:eu-west-1:444455556666:function:theirs"
    known = resource(far, "lambda.function", policy=None, alias_policies={"live": theirs})
    mine = role(allow("lambda:InvokeFunction", f"{far}:*"))
    (write,) = written(mine, function(), channels=[known]).writes
    assert isinstance(write.hop, Always)
