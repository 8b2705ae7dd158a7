"""What newly may lie on a loop because something else was read is looked at closely, soon."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.rig.estate import zipped
from tests.store.observations import account
from topology import runs, store
from topology.models import Run, RunPart, Touched
from topology.runs.rereading import touch
from topology.runs.unasked import CODE

pytestmark = pytest.mark.django_db(transaction=True)

HERE, THERE = "eu-west-1", "us-east-1"
ASKED_CLOSELY = "lambda.ListAliases"


@pytest.fixture
def connected(aws, proxy, monkeypatch):
    """A function in one Region that may publish to a topic of another, and hears nothing of it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    mine = account()
    mine.account_id, mine.role_arn, mine.regions = aws.id, aws.role_arn, [HERE, THERE]
    mine.save()
    topic = aws.client("sns").create_topic(Name="results")["TopicArn"]
    iam = aws.client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sns:Publish", "Resource": topic}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="worker", PolicyName="publish", PolicyDocument=document)
    aws.client("lambda", THERE).create_function(
        FunctionName="worker",
        Runtime="python3.13",
        Role=role,
        Handler="app.handler",
        Code={"ZipFile": zipped()},
    )
    return mine


def subscribed(aws) -> None:
    """The topic starts the function from now on."""
    aws.client("sns").subscribe(
        TopicArn=aws.arn("sns", "results"),
        Protocol="lambda",
        Endpoint=function(aws),
    )


def function(aws) -> str:
    return f"arn:aws:lambda:{THERE}:{aws.id}:function:worker"


def a_moment_passes(worker) -> None:
    """Beat's tick, after what was touched has settled and the last crawl has rested."""
    Touched.objects.update(since=timezone.now() - timedelta(seconds=6))
    Run.objects.filter(moment__gt=0).update(finished=timezone.now() - timedelta(minutes=1))
    runs.listen_everywhere()
    worker.work_off()


def late(mine) -> list[str]:
    """The resources that were not looked at closely yet, by the latest report."""
    latest = store.latest_analysis(mine.workspace)
    assert latest
    return [gap["resource"] for gap in latest.report["scope"]["gaps"] if gap["code"] == CODE]


def test_a_function_of_a_region_that_was_not_read_again_is_a_gap_until_it_is(
    aws, proxy, connected, worker
):
    runs.request(connected)
    worker.work_off()
    assert late(connected) == []
    assert ASKED_CLOSELY not in proxy.operations
    subscribed(aws)
    touch(connected, [HERE])
    a_moment_passes(worker)
    assert late(connected) == [function(aws)]
    assert ASKED_CLOSELY not in proxy.operations
    assert list(Touched.objects.values_list("region", flat=True)) == [THERE]
    latest = store.latest_analysis(connected.workspace)
    assert latest
    assert latest.report["scope"]["verdict"] == "loops-found"
    a_moment_passes(worker)
    assert late(connected) == []
    assert ASKED_CLOSELY in proxy.operations
    again = Run.objects.order_by("-moment").first()
    assert again
    assert (again.regions, again.parts.get().followed) == ([THERE], [function(aws)])
    assert not Touched.objects.exists()


def test_where_a_second_reading_does_not_help_there_is_no_third(aws, connected, worker):
    runs.request(connected)
    worker.work_off()
    subscribed(aws)
    touch(connected, [HERE])
    a_moment_passes(worker)
    Touched.objects.all().delete()  # as if it had been read, and the function not been listed
    touch(connected, [HERE])
    a_moment_passes(worker)
    assert late(connected) == [function(aws)]
    assert not Touched.objects.exists()


def test_of_what_was_read_before_anybody_noted_it_nothing_is_said(aws, connected, worker):
    runs.request(connected)
    worker.work_off()
    RunPart.objects.update(followed=None)
    subscribed(aws)
    touch(connected, [HERE])
    a_moment_passes(worker)
    assert late(connected) == []
