"""What a run has read and not published yet: staged, taken up again, and added to."""

from __future__ import annotations

from itertools import chain

from django.db import transaction
from django.utils import timezone

from topology.graph import Edge, Observation, Resource
from topology.models import EdgeVersion, PartState, ResourceVersion, Run
from topology.store import rows
from topology.store.loading import texts
from topology.store.publishing import FencedOutError


def staged(run: Run) -> dict[str, Observation]:
    """The observations of a run that wait for publication, by region."""
    account = run.aws_account.account_id
    parts = run.parts.filter(state=PartState.STAGED).order_by("region")
    return {
        part.region: rows.observation(
            bytes(part.staged), account, part.region, part.started, part.finished
        )
        for part in parts
        if part.staged and part.started and part.finished
    }


def others(run: Run) -> tuple[list[Resource], list[Edge]]:
    """What is known of the workspace's other accounts, and of Regions that are not read again."""
    workspace = run.aws_account.workspace
    read_again = {"region__in": run.regions} if run.regions else {}
    resources, edges = (
        texts(
            model.at(workspace, workspace.moment).exclude(aws_account=run.aws_account, **read_again)
        )
        for model in (ResourceVersion, EdgeVersion)
    )
    return (
        list(chain.from_iterable(map(rows.resources, resources))),
        list(chain.from_iterable(map(rows.edges, edges))),
    )


def amend(run: Run, region: str, observation: Observation, followed: list[str]) -> None:
    """Replace what a claimed run staged for a region; ``FencedOutError``.

    ``followed`` are the ARNs about which more was asked, as they may lie on a loop.
    """
    with transaction.atomic():
        if not run.held().exclude(lease_until=None).update(heartbeat=timezone.now()):
            raise FencedOutError(f"{run} has been taken over")
        run.parts.filter(region=region).update(staged=rows.pack(observation), followed=followed)
