"""Hand-made observations, and the way they take to the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from accounts.models import AwsAccount, Workspace
from topology import store
from topology.graph import Edge, Filter, Gap, Meaning, Observation, Read, ReadStatus, Resource
from topology.models import PartState, Run, RunState

ACCOUNT = "123456789012"
REGION = "eu-west-1"
LIST, TRIGGERS = "lambda.list_functions", "s3.get_bucket_notification_configuration"
BUCKETS = "s3.list_buckets"
THEN = datetime(2026, 11, 1, tzinfo=UTC)
DONE = ReadStatus.COMPLETE

BUCKET = "arn:aws:s3:::orders"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:thumb"


def function(name: str = "thumb", **attributes: object) -> Resource:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    return Resource(arn, "lambda.function", ACCOUNT, REGION, name, attributes, LIST)


def bucket(name: str = "orders") -> Resource:
    return Resource(f"arn:aws:s3:::{name}", "s3.bucket", ACCOUNT, REGION, name, {}, BUCKETS)


def notification(on: str = "orders", to: str = "thumb", label: str = "csv-in") -> Edge:
    return Edge(
        bucket(on).arn,
        function(to).arn,
        Meaning.TRIGGERS,
        "s3.notif.lambda",
        label=label,
        filter=Filter("s3.notification", '{"Events": ["s3:ObjectCreated:*"]}'),
        read=TRIGGERS,
        subject=on,
    )


def gap(call: str, resource: str = "", code: str = "AccessDenied", region: str = REGION) -> Gap:
    return Gap(ACCOUNT, region, call, f"some:{call}", resource, code, "not allowed")


def reads(region: str = REGION, **status: ReadStatus) -> tuple[Read, ...]:
    """The ledger of the three calls, complete unless one is said by its operation's name."""
    return tuple(
        Read(ACCOUNT, region, call, f"some:{call}", status.get(call.split(".")[1], DONE), 1, 1)
        for call in (BUCKETS, LIST, TRIGGERS)
    )


def observation(
    resources: Iterable[Resource] = (),
    edges: Iterable[Edge] = (),
    gaps: Iterable[Gap] = (),
    ledger: tuple[Read, ...] | None = None,
    region: str = REGION,
) -> Observation:
    return Observation(
        ACCOUNT,
        region,
        THEN,
        THEN + timedelta(minutes=1),
        tuple(sorted(resources)),
        tuple(sorted(edges)),
        tuple(sorted(gaps)),
        reads(region) if ledger is None else ledger,
    )


SMALL = observation([function(), bucket()], [notification()])


def account(workspace: Workspace | None = None) -> AwsAccount:
    workspace = workspace or Workspace.objects.get_or_create(slug="local", name="Local")[0]
    return AwsAccount.objects.get_or_create(workspace=workspace, account_id=ACCOUNT)[0]


def planned_run(of: AwsAccount, *observed: Observation, regions: Sequence[str] = ()) -> Run:
    """A run whose parts wait for a crawl; of some Regions again, where they are named."""
    run = Run.objects.create(aws_account=of, scheduled_for=timezone.now(), regions=list(regions))
    assert run.claim(RunState.REQUESTED, to=RunState.REQUESTED)
    blank = {
        each.region: [replace(read, status=ReadStatus.NOT_READ) for read in each.reads]
        for each in observed
    }
    store.plan(run, blank)
    run.refresh_from_db()
    return run


def staged_run(of: AwsAccount, *observed: Observation, regions: Sequence[str] = ()) -> Run:
    """A run that has read everything and is held for its publication."""
    run = planned_run(of, *observed, regions=regions)
    for each in observed:
        part = run.parts.get(region=each.region)
        assert part.claim(PartState.WAITING, to=PartState.RUNNING)
        store.stage(part, each)
    assert run.claim(RunState.RUNNING, to=RunState.RUNNING)
    return run


def publish(of: AwsAccount, *observed: Observation, regions: Sequence[str] = ()) -> Run:
    """A published run."""
    run = staged_run(of, *observed, regions=regions)
    store.publish(run)
    run.refresh_from_db()
    return run
