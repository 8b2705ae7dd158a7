"""Celery tasks: doors that fetch a row and call one verb of ``runs``."""

from __future__ import annotations

from celery import shared_task

from accounts.models import AwsAccount, Workspace
from topology import runs
from topology.models import Run, RunPart


@shared_task(name="topology.plan")
def plan(run: int) -> None:
    """Plan a run."""
    runs.plan(Run.objects.get(pk=run))


@shared_task(name="topology.crawl")
def crawl(part: int) -> None:
    """Crawl one region of a run."""
    runs.crawl_part(RunPart.objects.get(pk=part))


@shared_task(name="topology.publish")
def publish(run: int) -> None:
    """Publish a run whose parts are all there."""
    runs.publish_when_complete(Run.objects.get(pk=run))


@shared_task(name="topology.analyse")
def analyse(workspace: int) -> None:
    """Analyse a workspace's latest moment."""
    runs.analyse_latest(Workspace.objects.get(pk=workspace))


@shared_task(name="topology.test_connection")
def test_connection(account: int) -> None:
    """Try an account's connection."""
    runs.try_connection(AwsAccount.objects.get(pk=account))


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
    runs.deliver(Workspace.objects.get(pk=workspace))
