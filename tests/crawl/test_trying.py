"""A connection is tried before it is relied on: who else it answers to, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from topology import catalog, crawl
from topology.crawl import CrawlError
from topology.demo.asked import snake


def reached(aws, proxy):
    return replace(aws.through(proxy.url), external_id="right")


def test_a_role_that_asks_for_its_external_id_is_ours_alone(aws, proxy):
    proxy.require_external_id(aws.role_arn, "right")
    crawl.must_ask_for_its_external_id(reached(aws, proxy))


def test_a_role_that_answers_without_one_is_refused(aws, proxy):
    with pytest.raises(CrawlError, match="also answers without an external id") as caught:
        crawl.must_ask_for_its_external_id(reached(aws, proxy))
    assert caught.value.code == "open-role"


def test_a_role_that_wants_just_any_is_refused(aws, proxy):
    proxy.require_any_external_id(aws.role_arn)
    with pytest.raises(CrawlError, match="also answers to a wrong one"):
        crawl.must_ask_for_its_external_id(reached(aws, proxy))


def test_where_nothing_is_refused_nothing_is_lacking_and_only_declared_reads_are_made(aws, proxy):
    trial = crawl.tried(aws.through(proxy.url), aws.identity)
    assert trial.refused == ()
    made = {(each.service, snake(each.model.name)) for each in proxy.log if each.service != "sts"}
    assert len(made) > len(catalog.services())
    assert made <= {
        (service.client, call.operation) for service in catalog.services() for call in service.calls
    }


def test_it_names_the_actions_that_a_role_lacks_and_no_other(aws, proxy):
    for operation in (
        "lambda.ListFunctions",
        "sqs.GetQueueAttributes",
        "s3.GetBucketNotificationConfiguration",
        "dynamodb.DescribeTable",
    ):
        proxy.deny(operation)
    trial = crawl.tried(aws.through(proxy.url), aws.identity)
    assert {each.action for each in trial.refused} == {
        "lambda:ListFunctions",
        "sqs:GetQueueAttributes",
        "s3:GetBucketNotification",
        "dynamodb:DescribeTable",
    }


def test_a_role_that_allows_nothing_lacks_every_action_but_those_nobody_misses(aws, proxy):
    proxy.deny()
    trial = crawl.tried(aws.through(proxy.url), aws.identity)
    told = {each.call for each in (*trial.refused, *trial.undecided)}
    declared = {service.name_of(call) for service in catalog.services() for call in service.calls}
    # An account outside an organisation has none to read; the other two are asked before a crawl.
    missed = {name.partition(".")[0] for name in declared - told}
    assert missed <= {"account", "organizations", "sts"}
