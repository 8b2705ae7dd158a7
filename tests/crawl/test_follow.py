"""Calls for what may lie on a loop: planned, not made at first, and made for that alone."""

from __future__ import annotations

import pytest

from tests.rig import estate
from topology import crawl
from topology.crawl.ledger import afterwards
from topology.graph import ReadStatus, Resource

REGION = "eu-west-1"
WAITING = {service.name_of(call) for service, call in afterwards(REGION)}
FUNCTION, GUARD = "lambda.function", "lambda.get_function_recursion_config"


@pytest.fixture
def follow(aws, proxy):
    estate.seed(aws)
    return lambda *resources: crawl.follow(aws.through(proxy.url), aws.identity, REGION, resources)


@pytest.fixture
def worker(aws):
    arn = aws.arn("lambda", "function:worker")
    return Resource(arn, FUNCTION, aws.id, REGION, "worker")


def test_they_are_planned_but_not_made_for_everything(aws, proxy):
    estate.seed(aws)
    observation = crawl.observe(aws.through(proxy.url), aws.identity, REGION)
    planned = {read.call for read in crawl.planned(aws.identity, REGION)}
    assert planned == {read.call for read in observation.reads} | WAITING
    assert GUARD in planned - {read.call for read in observation.reads}
    assert "lambda.GetFunctionRecursionConfig" not in proxy.operations


def test_where_there_is_nothing_to_ask_they_are_complete(proxy, follow):
    observation = follow()
    assert {read.call for read in observation.reads} == WAITING
    assert {read.status for read in observation.reads} == {ReadStatus.COMPLETE}
    assert {read.requests for read in observation.reads} == {0}
    assert proxy.log == []


def test_they_are_made_for_each_resource_of_their_kind_and_for_no_other(proxy, follow, worker):
    queue = Resource("arn:aws:sqs:eu-west-1:1:jobs", "sqs.queue", "1", REGION, "jobs")
    observation = follow(worker, queue)
    [read] = [read for read in observation.reads if read.call == GUARD]
    assert (read.status, read.requests) == (ReadStatus.COMPLETE, 1)
    assert {asked.service for asked in proxy.log} == {"sts", "lambda"}
    [known] = observation.resources
    assert known.arn == worker.arn
    assert known.attributes["recursive_loop"] == "Terminate"


def test_one_that_is_refused_is_a_gap_that_names_the_resource(proxy, follow, worker):
    proxy.deny("lambda.GetFunctionRecursionConfig")
    observation = follow(worker)
    [gap] = [gap for gap in observation.gaps if gap.call == GUARD]
    assert gap.action == "lambda:GetFunctionRecursionConfig"
    assert gap.resource in (worker.arn, worker.name)
    [read] = [read for read in observation.reads if read.call == GUARD]
    assert read.status is ReadStatus.NOT_READ


def test_progress_is_told_of_them_too(aws, proxy, worker):
    estate.seed(aws)
    seen = []
    crawl.follow(aws.connection, aws.identity, REGION, [worker], lambda *told: seen.append(told))
    assert [done for _, done, _ in seen] == list(range(1, len(seen) + 1))
