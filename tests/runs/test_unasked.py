"""What newly may lie on a loop because something else was read is looked at closely, soon."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.rig.estate import zipped
from tests.store.observations import SMALL, account, notification, observation
from tests.store.observations import publish as published
from topology import runs, store
from topology.graph import Edge
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


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what is asked depends on no database")
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


def read(region: str, *edges: Edge, noted: bool = True) -> None:
    """Read a Region again, without asking anything of what may lie on a loop."""
    again = observation(edges=edges, region=region)
    run = published(account(), again, regions=[region])
    RunPart.objects.filter(run=run).update(followed=[] if noted else None)
    runs.analyse_here(account().workspace)


@pytest.fixture
def started():
    """An edge of another Region that starts a version of a function."""
    run = published(account(), SMALL, observation(region=THERE))
    RunPart.objects.filter(run=run).update(followed=[])
    runs.analyse_here(account().workspace)
    known = notification()
    return replace(known, source=f"{known.source}-there", attributes={"qualifier": "live"})


def test_where_a_second_reading_does_not_help_there_is_no_third(started):
    read(THERE, started)
    assert late(account()) == [started.target]
    assert list(Touched.objects.values_list("region", flat=True)) == [HERE]
    Touched.objects.all().delete()
    read(THERE, started)
    assert late(account()) == [started.target]
    assert not Touched.objects.exists()


def test_of_what_was_read_before_anybody_noted_it_nothing_is_said(started):
    RunPart.objects.update(followed=None)
    read(THERE, started)
    assert late(account()) == []
