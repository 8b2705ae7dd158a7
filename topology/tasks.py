"""Celery tasks: doors that fetch a row, name its workspace, and call one verb of ``runs``."""

from __future__ import annotations

from celery import shared_task

from accounts.models import AwsAccount, Workspace
from accounts.row_security import fetched
from topology import runs
from topology.models import Run, RunPart


@shared_task(name="topology.plan")
def plan(run: int) -> None:
    """Plan a run."""
    with fetched(Run, run) as row:
        runs.plan(row)


@shared_task(name="topology.crawl")
def crawl(part: int) -> None:
    """Crawl one region of a run."""
    with fetched(RunPart, part) as row:
        runs.crawl_part(row)


@shared_task(name="topology.publish")
def publish(run: int) -> None:
    """Publish a run whose parts are all there."""
    with fetched(Run, run) as row:
        runs.publish_when_complete(row)


@shared_task(name="topology.analyse")
def analyse(workspace: int) -> None:
    """Analyse a workspace's latest moment."""
    with fetched(Workspace, workspace) as row:
        runs.analyse_latest(row)


@shared_task(name="topology.test_connection")
def test_connection(account: int) -> None:
    """Try an account's connection."""
    with fetched(AwsAccount, account) as row:
        runs.try_connection(row)


@shared_task(name="topology.listen")
def listen(account: int) -> None:
    """Take up what an account's queues tell of its changes."""
    with fetched(AwsAccount, account) as row:
        runs.listen(row)


@shared_task(name="topology.listen_everywhere")
def listen_everywhere() -> None:
    """The listener's one task."""
    runs.listen_everywhere()


@shared_task(name="topology.start_due")
def start_due() -> None:
    """The scheduler's one task."""
    runs.start_due()


@shared_task(name="topology.prune")
def prune() -> None:
    """Forget what is too old."""
    runs.prune()


@shared_task(name="topology.deliver")
def deliver(workspace: int) -> None:
    """Send a workspace's alerts."""
    with fetched(Workspace, workspace) as row:
        runs.deliver(row)
