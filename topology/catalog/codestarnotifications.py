"""CodeStar Notifications: who hears of what repositories, builds, pipelines and deployments do.

Source: https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Of, Service, Unread
from topology.catalog.wiring import delivery
from topology.graph import Meaning

service = Service(
    client="codestar-notifications",
    title="AWS CodeStar Notifications",
    source="https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html",
    edges=("codestar.notify",),
)

rules = Call("list_notification_rules", items="NotificationRules")
described = Call(
    "describe_notification_rule",
    for_each=rules,
    parameters={"Arn": Of("Arn")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("Arn"),
)


@service.reads(described)
def targets(here: Here, item: Item, rule: Item) -> Iterator[Fact]:
    """The topics and chats that hear of events of one resource."""
    if "Resource" not in item:
        yield Unread(item["Arn"], "NoResource", "the notification rule does not say what it is of")
        return
    dormant = "the notification rule is DISABLED" if item.get("Status") == "DISABLED" else ""
    for target in item.get("Targets", ()):
        if target.get("TargetAddress"):
            yield delivery(
                item["Resource"],
                target["TargetAddress"],
                Meaning.FORWARDS,
                "codestar.notify",
                label=item.get("Name", ""),
                dormant=dormant,
                events=sorted(event["EventTypeId"] for event in item.get("EventTypes", ())),
            )
