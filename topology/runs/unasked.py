"""What newly may lie on a loop, and was not asked yet what is asked only of such resources.

A crawl asks it of what it reads. What it shows may put a function of another account, or of a
Region that is not read again, on a loop: until that one is read again, something of it is unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import AwsAccount, Workspace
from topology.analysis.suspects import suspects
from topology.graph import Gap, Resource
from topology.runs.following import is_asked_about
from topology.runs.rereading import touch
from topology.store import Moment

CODE = "NotAskedYet"
REASON = (
    "It may lie on a loop since something else was read, and what is asked only of such resources "
    "has not been asked of it: that is done when its Region is read again."
)


def unasked(moment: Moment) -> list[Resource]:
    """The resources of a moment that their own last reading did not look at closely, sorted."""
    if not moment.followed:
        return []
    found = suspects(moment.graph)
    return [
        each
        for each in moment.graph.resources.values()
        if is_asked_about(each, found)
        and each.arn not in moment.followed.get((each.account, each.region), {each.arn})
    ]


def gaps(resources: list[Resource]) -> list[Gap]:
    """That nobody knows all there is to know of them."""
    return [Gap(each.account, each.region, "", "", each.arn, CODE, REASON) for each in resources]


def read_again(
    workspace: Workspace, resources: list[Resource], before: Mapping[str, Any] | None
) -> None:
    """Have their Regions read again soon, unless the report before said the same of them.

    Then that reading did not help, and another would not: a call of theirs fails, say.
    """
    said = before["scope"]["gaps"] if before else []
    known = {gap["resource"] for gap in said if gap["code"] == CODE}
    regions: dict[str, set[str]] = {}
    for each in resources:
        if each.arn not in known:
            regions.setdefault(each.account, set()).add(each.region)
    connected = AwsAccount.objects.filter(workspace=workspace, account_id__in=regions)
    for account in connected.filter(disconnected=None):
        touch(account, regions[account.account_id])
