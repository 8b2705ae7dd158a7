"""A change is heard of and read again at once, and what is none does nothing: over a real queue."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.catalog.test_changes import event
from tests.rig.estate import function
from tests.store.observations import SMALL, account, publish
from topology import runs, store
from topology.catalog.changes import QUEUE
from topology.graph import GLOBAL
from topology.models import EVERYTHING, Ear, Run, RunState, Touched
from topology.runs.rereading import read_touched, touch

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "eu-west-1"


@pytest.fixture
def listened(aws, monkeypatch):
    """An account with a function that may write to a bucket, read once, and a queue of changes."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    mine = account()
    mine.account_id, mine.role_arn, mine.regions = aws.id, aws.role_arn, [HERE]
    mine.save()
    allow = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::b{aws.id}/*"}
    iam = aws.client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="worker", PolicyName="put", PolicyDocument=document)
    function(aws, "thumb", role)
    aws.client("s3").create_bucket(
        Bucket=f"b{aws.id}", CreateBucketConfiguration={"LocationConstraint": HERE}
    )
    aws.client("sqs").create_queue(QueueName=QUEUE)
    runs.listen_in(mine, [HERE])
    return mine


def put(aws, *messages: str) -> None:
    """What EventBridge does with an event that the rule matches."""
    sqs = aws.client("sqs")
    for message in messages:
        sqs.send_message(
            QueueUrl=sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"], MessageBody=message
        )


def left(aws) -> int:
    """The messages that nobody has taken out: hidden for a while, or not."""
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(map(int, told.values()))


def minute_passes(worker) -> None:
    """Beat's ticks of a minute, and what workers make of them."""
    for _ in range(2):
        runs.listen_everywhere()
        worker.work_off()
        Touched.objects.update(since=timezone.now() - timedelta(seconds=6))
        Run.objects.filter(moment__gt=0).update(finished=timezone.now() - timedelta(minutes=1))


def verdict(mine) -> str:
    latest = store.latest_analysis(mine.workspace)
    assert latest
    return str(latest.report["scope"]["verdict"])


def test_a_changed_notification_shows_its_loop_within_a_minute(aws, listened, worker):
    runs.request(listened)
    worker.work_off()
    assert verdict(listened) == "no-loop-within-scope"
    whole = Run.objects.get()
    aws.client("s3").put_bucket_notification_configuration(
        Bucket=f"b{aws.id}",
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {
                    "LambdaFunctionArn": aws.arn("lambda", "function:thumb"),
                    "Events": ["s3:ObjectCreated:*"],
                }
            ]
        },
        SkipDestinationValidation=True,
    )
    changed = event("PutBucketNotification", account=aws.id)
    put(aws, changed, changed, event("CreateLogStream", "logs", account=aws.id))
    minute_passes(worker)
    again = Run.objects.exclude(pk=whole.pk).get()  # one, however often it was told
    assert (again.state, again.regions) == (RunState.PUBLISHED, [HERE])
    assert verdict(listened) == "loops-found"
    assert set(again.reads.values_list("region", flat=True)) == {HERE}
    loaded = store.load(listened.workspace)
    assert {each.region for each in loaded.reads} == {HERE, GLOBAL}
    assert loaded.read_from == whole.parts.get(region=GLOBAL).started
    assert loaded.stale == ()
    assert left(aws) == 0
    ear = Ear.objects.get()
    assert (ear.changes, ear.strange, ear.failed) == (2, 0, "")
    assert ear.heard


def test_what_changes_nothing_does_nothing_and_what_is_strange_is_left_to_go_aside(
    aws, listened, worker
):
    publish(listened, SMALL)
    put(
        aws,
        event("PutBucketNotification", account=aws.id, readOnly=True),
        event("PutBucketNotification", account=aws.id, errorCode="AccessDenied"),
        event("StartExecution", "states", account=aws.id),
        event("PutRule", "events", account="999999999999"),
        "no event at all",
    )
    runs.listen(listened)
    assert not Touched.objects.exists()
    assert left(aws) == 2
    assert Ear.objects.get().strange == 2


def test_a_queue_that_is_not_there_is_told_and_the_others_are_heard(aws, listened):
    runs.listen_in(listened, [HERE, "us-east-1"])
    put(aws, event("PutRolePolicy", "iam", account=aws.id, region="us-east-1"))
    runs.listen(listened)
    here, there = Ear.objects.order_by("region")
    assert (here.failed, there.heard) == ("", None)
    assert "Deploy the template for changes in this Region" in there.failed
    assert list(Touched.objects.values_list("region", flat=True)) == [GLOBAL]


def test_what_is_touched_while_a_crawl_goes_on_is_read_after_it(worker):
    mine = account()
    publish(mine, SMALL)
    going = Run.objects.create(aws_account=mine, scheduled_for=timezone.now())
    touch(mine, [HERE])
    Touched.objects.update(since=timezone.now() - timedelta(minutes=1))
    read_touched()
    assert Touched.objects.count() == 1
    going.delete()
    read_touched()
    assert Run.objects.exclude(regions=[]).get().regions == [HERE]
    assert not Touched.objects.exists()


def test_a_whole_crawl_that_is_asked_for_meanwhile_comes_right_after():
    mine = account()
    publish(mine, SMALL)
    again = Run.objects.create(aws_account=mine, scheduled_for=timezone.now(), regions=[HERE])
    assert runs.request(mine) == again
    assert Touched.objects.get().region == EVERYTHING
    Run.objects.filter(pk=again.pk).update(state=RunState.PUBLISHED, moment=2)
    Touched.objects.update(since=timezone.now() - timedelta(minutes=1))
    read_touched()
    assert Run.objects.latest("pk").regions == []


def test_regions_that_no_whole_crawl_has_read_are_left_to_the_next_one(worker):
    mine = account()
    touch(mine, [HERE])
    Touched.objects.update(since=timezone.now() - timedelta(minutes=1))
    read_touched()
    assert not Run.objects.exists()
    publish(mine, SMALL)
    touch(mine, ["ap-south-1"])
    Touched.objects.filter(region=HERE).delete()
    Touched.objects.update(since=timezone.now() - timedelta(minutes=1))
    read_touched()
    assert Run.objects.count() == 1
