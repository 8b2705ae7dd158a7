"""What runs is asked of what lies on loops alone, and no failure makes a scope incomplete."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.rig import estate
from tests.store.observations import account
from tests.world import World, allow
from topology import crawl, runs
from topology.demo.answers import result
from topology.graph import Observation, Read, ReadStatus
from topology.models import RunState
from topology.runs.auditing import judge
from topology.runs.watching import watched
from topology.verdict import LoopVerdict

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
METRICS, TRACES, TRAIL = (
    "cloudwatch.GetMetricData",
    "xray.GetServiceGraph",
    "cloudtrail.LookupEvents",
)


@pytest.fixture
def watch(aws, proxy):
    proxy.answer({"Services": []}, TRACES)
    proxy.answer({"Events": []}, TRAIL)

    def of(world):
        read = Read(aws.id, aws.region, "sqs.list_queues", "sqs:ListQueues", ReadStatus.COMPLETE)
        found = world.graph()
        resources, edges = tuple(found.resources.values()), found.edges
        one = Observation(aws.id, aws.region, NOW, NOW, resources, edges, (), (read,))
        connection = aws.through(proxy.url)
        known = watched(connection, crawl.identify(connection), {aws.region: one})
        return one, known[aws.region]

    return of


@pytest.fixture
def world(aws):
    """A queue and a function that feed each other, and one of each that do not."""
    made = World(account=aws.id)
    jobs = made.queue("jobs")
    work = made.function("work", allow("sqs:SendMessage", jobs), recursive_loop="Allow")
    made.listen(jobs, work)
    made.listen(made.queue("mail"), made.function("send"))
    return made


def rising(request, forward):
    end = request.parameters["EndTime"]
    times = [end - timedelta(minutes=minute) for minute in range(1, 40)]
    row = {"Timestamps": times, "Values": [1000.0 / minute for minute in range(1, 40)]}
    rows = [{"Id": query["Id"], **row} for query in request.parameters["MetricDataQueries"]]
    return result(request, {"MetricDataResults": rows[:5] + rows[6:]})


def test_only_what_lies_on_a_loop_is_watched_and_one_that_turns_is_said(proxy, watch, world):
    proxy.fail(rising, METRICS)
    one, known = watch(world)
    said = {each.name for each in known.resources if "rates" in each.attributes}
    assert said == {"jobs", "work"}
    report = judge([known])
    [loop] = report.loops
    assert report.turning(loop)
    assert report.forecasts[loop.fingerprint].measured.startswith("Measured: ")
    assert judge([one]).forecasts[loop.fingerprint].measured == ""


def test_what_fails_is_said_of_the_loop_and_leaves_the_verdict_and_the_gaps(proxy, watch, world):
    for operation in (METRICS, TRACES, TRAIL):
        proxy.deny(operation)
    one, known = watch(world)
    assert (known.gaps, known.reads) == (one.gaps, one.reads)
    before, after = judge([one]), judge([known])
    [loop] = after.loops
    assert loop.verdict is LoopVerdict.POSSIBLE
    assert (after.verdict, after.gaps) == (before.verdict, before.gaps)
    assert [each.partition(" ")[0] for each in after.unwatched(loop)] == [
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "xray:GetServiceGraph",
    ]


def test_nothing_is_asked_where_there_is_no_loop(aws, proxy, watch):
    made = World(account=aws.id)
    made.listen(made.queue("mail"), made.function("send"))
    one, known = watch(made)
    assert known == one
    assert {request.service for request in proxy.log} == {"sts"}


@pytest.mark.skipif(
    "LOOPSCOPE_TEST_DATABASE_URL" in os.environ, reason="what is asked depends on no database"
)
@pytest.mark.django_db(transaction=True)
def test_a_crawl_watches_the_accounts_that_allow_it(aws, proxy, worker, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    aws.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=estate.TRUST)
    queue = aws.client("sqs").create_queue(QueueName="again")["QueueUrl"]
    estate.function(aws, "again", environment={"QUEUE_URL": queue})
    aws.client("lambda").create_event_source_mapping(
        EventSourceArn=aws.arn("sqs", "again"), FunctionName="again"
    )
    allow_all = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]
    allowed = json.dumps({"Version": "2012-10-17", "Statement": allow_all})
    iam = aws.client("iam")
    iam.put_role_policy(RoleName="worker", PolicyName="send", PolicyDocument=allowed)
    connected = account()
    connected.account_id, connected.role_arn, connected.regions = aws.id, aws.role_arn, [aws.region]
    connected.evidence = ["runtime"]
    connected.save()
    for operation in (METRICS, TRACES, TRAIL):
        proxy.deny(operation)
    run = runs.request(connected)
    worker.work_off()
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED
    assert {METRICS, TRACES, TRAIL} <= {each.name for each in proxy.log}
