"""A workspace as its pages see it, made from the example report beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accounts.models import AwsAccount, Membership, Role, User, Workspace
from topology.analysis import Guard, Loop, LoopHop
from topology.analysis.overview import Overview, overview
from topology.graph import Edge, Evidence, Graph, Meaning, Resource, graph
from topology.models import Analysis, PartState, Run, RunPart, RunState, Scenario
from topology.verdict import Always, LoopVerdict

ACCOUNT = "111122223333"
PASSWORD = "correct horse battery staple"
READ = datetime(2026, 11, 23, 5, 11, 47, tzinfo=UTC)


def example() -> dict[str, Any]:
    """The example report: every verdict, every kind of hop, gaps of every kind."""
    text = Path(__file__).with_name("report_example.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@dataclass(frozen=True)
class Scene:
    """A workspace with an account that was read and one that is being read."""

    workspace: Workspace
    admin: User
    viewer: User
    stranger: User
    read: AwsAccount
    reading: AwsAccount
    scenario: Scenario


def publish(workspace: Workspace, report: Mapping[str, Any]) -> None:
    """Put a report in place of the workspace's latest."""
    workspace.moment += 1
    workspace.save()
    drawn = {ACCOUNT: drawing(report)}
    Analysis.objects.create(
        workspace=workspace, moment=workspace.moment, report=report, overviews=drawn
    )


def scene() -> Scene:
    """Rows for one workspace and its people; the stranger belongs to another one."""
    workspace = Workspace.objects.create(slug="shop", name="Web shop")
    elsewhere = Workspace.objects.create(slug="elsewhere", name="Elsewhere")
    admin = _member("ada", workspace, Role.ADMIN)
    viewer = _member("vera", workspace, Role.VIEWER)
    stranger = _member("stan", elsewhere, Role.ADMIN)
    read = AwsAccount.objects.create(workspace=workspace, account_id=ACCOUNT, name="Production")
    reading = AwsAccount.objects.create(workspace=workspace, account_id="444455556666")
    Run.objects.create(
        aws_account=read, scheduled_for=READ, state=RunState.PUBLISHED, moment=1, finished=READ
    )
    going = Run.objects.create(aws_account=reading, scheduled_for=READ, state=RunState.RUNNING)
    for region, state, done in (
        ("eu-west-1", PartState.RUNNING, 12),
        ("us-east-1", PartState.WAITING, 0),
        ("global", PartState.STAGED, 2),
    ):
        RunPart.objects.create(
            run=going, region=region, state=state, calls_done=done, calls_planned=63
        )
    publish(workspace, example())
    kept = Scenario.objects.create(workspace=workspace, name="Quiet", edits=[], moment=1)
    return Scene(workspace, admin, viewer, stranger, read, reading, kept)


def _member(name: str, workspace: Workspace, role: Role) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    Membership.objects.create(user=user, workspace=workspace, role=role)
    return user


def drawing(report: Mapping[str, Any]) -> Overview:
    """The overview of an account that holds the report's loops and nine healthy services."""
    return overview(*_account(report), ACCOUNT)


def _account(report: Mapping[str, Any]) -> tuple[Graph, list[Edge], list[Loop]]:
    resources = [_resource("s3.bucket", f"archive-{number}") for number in range(3)]
    edges: list[Edge] = []
    loops = [_loop(each, resources, edges) for each in report["loops"]]
    for number in range(9):
        queue, dead = (_resource("sqs.queue", f"job-{number}{end}") for end in ("", "-dead"))
        worker = _resource("lambda.function", f"job-{number}-worker")
        bucket = _resource("s3.bucket", f"job-{number}-results")
        resources += [queue, dead, worker, bucket]
        edges += [
            Edge(queue.arn, worker.arn, Meaning.TRIGGERS, "esm.sqs.lambda"),
            Edge(queue.arn, dead.arn, Meaning.ON_FAILURE, "sqs.redrive"),
            Edge(worker.arn, bucket.arn, Meaning.WRITES, "iam.s3.put", Evidence.PERMITTED),
        ]
    return graph(resources, edges), [], loops


def _loop(loop: Mapping[str, Any], resources: list[Resource], edges: list[Edge]) -> Loop:
    hops = []
    for each in loop["edges"]:
        resources.append(
            Resource(each["source"], each["source_kind"], ACCOUNT, "", each["source_name"])
        )
        edge = Edge(
            each["source"],
            each["target"],
            Meaning(each["meaning"]),
            each["kind"],
            Evidence(each["evidence"]),
            each["label"],
            dormant=each["dormant"],
        )
        edges.append(edge)
        hops.append(LoopHop(edge, Always(each["hop"]["because"])))
    return Loop(
        tuple(hops),
        LoopVerdict(loop["verdict"]),
        loop["fingerprint"],
        loop["title"],
        Guard(loop["guard"]["covered"], loop["guard"]["because"]),
        loop["explanation"],
    )


def _resource(kind: str, name: str) -> Resource:
    arn = f"arn:aws:{kind.partition('.')[0]}:eu-west-1:{ACCOUNT}:{name}"
    return Resource(arn, kind, ACCOUNT, "eu-west-1", name)
