"""A region's time: what was not asked when it is over is a gap, and nothing hangs."""

from __future__ import annotations

import time

from tests.rig import estate
from topology import crawl
from topology.crawl.errors import OUT_OF_TIME
from topology.crawl.ledger import at_first
from topology.demo.answers import result
from topology.graph import ReadStatus


def test_without_any_time_nothing_is_asked_and_every_list_is_a_gap(aws, proxy):
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region, budget=-1)
    assert proxy.log == []
    assert {gap.code for gap in observation.gaps} == {OUT_OF_TIME}
    assert {gap.call for gap in observation.gaps} == {
        service.name_of(call) for service, call in at_first(aws.region) if not call.for_each
    }
    assert {read.status for read in observation.reads} == {ReadStatus.NOT_READ}
    assert {read.requests for read in observation.reads} == {0}


def test_what_was_read_in_time_stands_and_the_rest_is_one_gap_for_each_call(aws, proxy):
    estate.seed(aws)
    proxy.slow(4.0, "sqs.ListQueues")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region, budget=3.5)
    late = [gap for gap in observation.gaps if gap.call == "sqs.get_queue_attributes"]
    assert [(gap.code, gap.resource) for gap in late] == [(OUT_OF_TIME, "")]
    status = {read.call: read.status for read in observation.reads}
    assert status["sqs.get_queue_attributes"] is ReadStatus.NOT_READ
    assert {r.name for r in observation.resources} >= {"worker", "news"}


def test_a_list_without_end_ends_with_the_time(aws, proxy):
    def endless(request, forward):
        time.sleep(0.05)
        return result(request, {"TableNames": ["t"], "LastEvaluatedTableName": str(time.time())})

    proxy.fail(endless, "dynamodb.ListTables")
    proxy.error("ResourceNotFoundException", "dynamodb.DescribeTable")
    began = time.monotonic()
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region, budget=3.0)
    assert time.monotonic() - began < 30
    gaps = {gap.call: gap.code for gap in observation.gaps}
    assert gaps["dynamodb.list_tables"] == OUT_OF_TIME
