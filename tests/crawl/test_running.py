"""What runs, asked over HTTP: batches, pages, refusals, throttling, and nothing at all."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from topology.catalog.policy import EVIDENCE
from topology.crawl import running
from topology.demo.answers import result
from topology.graph import Resource

REGION = "eu-west-1"
METRICS, TRACES, TRAIL = (
    "cloudwatch.GetMetricData",
    "xray.GetServiceGraph",
    "cloudtrail.LookupEvents",
)
ROLE = "arn:aws:iam::1:role/work"


@pytest.fixture
def work(aws):
    arn = aws.arn("lambda", "function:work")
    return Resource(arn, "lambda.function", aws.id, REGION, "work", {"role": ROLE})


@pytest.fixture
def jobs(aws):
    return Resource(aws.arn("sqs", "jobs"), "sqs.queue", aws.id, REGION, "jobs")


@pytest.fixture
def flow(aws):
    arn = aws.arn("states", "stateMachine:flow")
    return Resource(arn, "states.stateMachine", aws.id, REGION, "flow")


@pytest.fixture
def watch(aws, proxy, monkeypatch):
    """Watches some resources; nothing was seen anywhere unless a test says otherwise."""
    proxy.answer({"MetricDataResults": []}, METRICS)
    proxy.answer({"Services": []}, TRACES)
    proxy.answer({"Events": []}, TRAIL)
    monkeypatch.setattr(running.CLOUDTRAIL, "rate", None)
    return lambda *resources: running.observe_running(
        aws.through(proxy.url), aws.identity, REGION, resources
    )


def asked_for(proxy, operation):
    return [request.parameters for request in proxy.log if request.name == operation]


def values(proxy, of, skew=timedelta()):
    """CloudWatch has ``of[name]`` events in the newest whole minute of a metric."""

    def fault(request, forward):
        newest = request.parameters["EndTime"] - timedelta(minutes=1) + skew
        rows = []
        for query in request.parameters["MetricDataQueries"]:
            value = of.get(query["MetricStat"]["Metric"]["MetricName"])
            found = {"Timestamps": [newest], "Values": [value]} if value else {}
            empty = {"Timestamps": [], "Values": [], "StatusCode": "Complete"}
            rows.append({"Id": query["Id"], "Label": "x", **empty, **found})
        return result(request, {"MetricDataResults": rows})

    proxy.fail(fault, METRICS)


def started(work, flow, **more):
    """CloudTrail's record of an execution that the function started."""
    who = {
        "type": "AssumedRole",
        "arn": f"arn:aws:sts::1:assumed-role/work/{work.name}",
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": ROLE}},
    }
    detail = {
        "eventSource": "states.amazonaws.com",
        "eventName": "StartExecution",
        "userIdentity": who,
        "requestParameters": {"stateMachineArn": flow.arn},
    }
    when = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    return {"EventId": "1", "EventTime": when, "CloudTrailEvent": json.dumps({**detail, **more})}


def test_nothing_is_asked_where_nothing_is_to_be_watched(proxy, watch):
    assert watch() == running.Running({}, ())
    assert proxy.log == []


def test_exactly_what_the_policy_allows_for_it_is_asked(proxy, watch, work):
    watch(work)
    asked = {request.name.replace(".", ":") for request in proxy.log if request.service != "sts"}
    assert asked == set(EVIDENCE["runtime"])


def test_where_nothing_was_seen_nothing_is_said(watch, work, jobs):
    seen = watch(work, jobs)
    assert (dict(seen.facts), seen.gaps) == ({}, ())
    assert seen.metrics_asked == 9
    assert seen.dollars == pytest.approx(0.00009)


def test_rates_are_kept_by_resource(proxy, watch, work, jobs):
    values(proxy, {"Invocations": 90.0, "NumberOfMessagesSent": 30.0})
    seen = watch(work, jobs)
    runs = seen.facts[work.arn]["rates"]["metrics"]
    assert set(runs) == {"Invocations"}
    assert runs["Invocations"]["per_minute"] == 6  # of the last 15 minutes
    assert runs["Invocations"]["series"] == [0] * 35 + [18]
    assert seen.facts[jobs.arn]["rates"]["metrics"]["NumberOfMessagesSent"]["per_minute"] == 2


@pytest.mark.parametrize("hours", [4, -4])
def test_values_from_outside_of_the_window_are_left_out_where_clocks_differ(
    proxy, watch, work, hours
):
    values(proxy, {"Invocations": 90.0}, skew=timedelta(hours=hours))
    assert dict(watch(work).facts) == {}


def test_no_call_asks_for_more_than_500_metrics(aws, proxy, watch, jobs):
    names = [f"jobs{number:03}" for number in range(200)]
    queues = [Resource(aws.arn("sqs", n), "sqs.queue", aws.id, REGION, n) for n in names]
    values(proxy, {"NumberOfMessagesSent": 30.0})
    seen = watch(*queues)
    sizes = [len(each["MetricDataQueries"]) for each in asked_for(proxy, METRICS)]
    assert sizes == [500, 100]
    assert seen.metrics_asked == 600
    assert {*seen.facts} == {queue.arn for queue in queues}


def test_every_page_of_the_metrics_is_read(proxy, watch, work):
    def fault(request, forward):
        end = request.parameters["EndTime"]
        place = int(request.parameters.get("NextToken", 1))
        when = end - timedelta(minutes=place)
        number = next(
            query["Id"]
            for query in request.parameters["MetricDataQueries"]
            if query["MetricStat"]["Metric"]["MetricName"] == "Invocations"
        )
        row = {"Id": number, "Timestamps": [when], "Values": [10.0], "StatusCode": "PartialData"}
        more = {"NextToken": str(place + 1)} if place < 3 else {}
        return result(request, {"MetricDataResults": [row], **more})

    proxy.fail(fault, METRICS)
    seen = watch(work)
    assert seen.facts[work.arn]["rates"]["metrics"]["Invocations"]["per_minute"] == 2
    assert seen.gaps == ()


def test_a_token_that_repeats_is_a_gap(proxy, watch, work):
    proxy.answer({"Events": [], "NextToken": "again"}, TRAIL)
    [gap] = watch(work).gaps
    assert (gap.action, gap.code) == ("cloudtrail:LookupEvents", "UnexpectedAnswer")


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        (METRICS, "cloudwatch:GetMetricData"),
        (TRACES, "xray:GetServiceGraph"),
        (TRAIL, "cloudtrail:LookupEvents"),
    ],
)
@pytest.mark.parametrize("fault", ["deny", "throttle"])
def test_what_fails_is_a_gap_that_names_the_action_and_says_whom_it_left_unwatched(
    proxy, watch, work, operation, action, fault
):
    getattr(proxy, fault)(operation)
    seen = watch(work)
    [gap] = seen.gaps
    assert gap.action == action
    assert seen.facts[work.arn]["unwatched"] == [f"{action} ({gap.code})"]


def test_a_throttled_call_is_made_again(proxy, watch, work):
    values(proxy, {"Invocations": 90.0})
    proxy.throttle(METRICS, every=2, skip=-1)
    assert set(watch(work).facts) == {work.arn}


def test_a_metric_that_is_refused_inside_a_200_is_a_gap(proxy, watch, work):
    row = {"Id": "m0", "Timestamps": [], "Values": [], "StatusCode": "Forbidden"}
    proxy.answer({"MetricDataResults": [row]}, METRICS)
    [gap] = watch(work).gaps
    assert (gap.code, gap.resource) == ("Forbidden", work.arn)


def test_an_edge_of_the_service_graph_is_a_call_that_was_seen(aws, proxy, watch, work, jobs):
    when = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    times = {"StartTime": when, "EndTime": when + timedelta(hours=1)}
    calls = {"SummaryStatistics": {"TotalCount": 7}, **times}
    url = f"https://sqs.{REGION}.amazonaws.com/{aws.id}/jobs"
    nodes = [
        {
            "ReferenceId": 1,
            "Name": "work",
            "Type": "AWS::Lambda::Function",
            "AccountId": aws.id,
            "Edges": [{"ReferenceId": 2, **calls}, {"ReferenceId": 3, **calls}],
        },
        {"ReferenceId": 2, "Name": url, "Type": "AWS::SQS::Queue", "Edges": []},
        {"ReferenceId": 3, "Name": "S3", "Type": "AWS::S3", "Edges": []},
    ]
    proxy.answer({"Services": nodes}, TRACES)
    assert watch(work, jobs).facts[work.arn]["observed"] == [
        {
            "target": jobs.arn,
            "by": "X-Ray",
            "count": 7,
            "from": "2026-11-23T12:00:00+00:00",
            "to": "2026-11-23T13:00:00+00:00",
        }
    ]


def test_the_trail_tells_what_the_function_did_itself(proxy, watch, work, flow):
    proxy.answer({"Events": [started(work, flow), started(work, flow)]}, TRAIL)
    [row] = watch(work, flow).facts[work.arn]["observed"]
    assert (row["target"], row["by"], row["count"]) == (flow.arn, "CloudTrail", 2)
    assert row["action"] == "states:StartExecution"
    [asked] = asked_for(proxy, TRAIL)
    assert asked["LookupAttributes"] == [{"AttributeKey": "Username", "AttributeValue": "work"}]


@pytest.mark.parametrize(
    "other",
    [
        {"errorCode": "AccessDenied"},
        {"eventName": "DescribeExecution"},
        {"requestParameters": None},
        {"userIdentity": {"type": "AWSService"}},
        {"userIdentity": None},
    ],
)
def test_a_record_of_something_else_says_nothing(proxy, watch, work, flow, other):
    proxy.answer({"Events": [started(work, flow, **other), {"CloudTrailEvent": "{"}]}, TRAIL)
    assert dict(watch(work, flow).facts) == {}
