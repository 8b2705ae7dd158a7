"""VPC Lattice: functions behind a target group.

Access logs of services begin with requests from outside and go to channels that others may write
to as well; they add no way back and are not read.

Source: https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

TARGET_GROUP = "vpc-lattice.targetgroup"

service = Service(
    client="vpc-lattice",
    title="Amazon VPC Lattice",
    source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html",
    kinds=(Kind(TARGET_GROUP, "VPC Lattice target group", Part.OTHER),),
    edges=("lattice.lambda",),
)

target_groups = Call("list_target_groups", items="items", parameters={"targetGroupType": "LAMBDA"})
targets = Call(
    "list_targets",
    items="items",
    for_each=target_groups,
    parameters={"targetGroupIdentifier": Of("arn")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("arn"),
)


@service.reads(targets)
def target(here: Here, item: Item, group: Item) -> Iterator[Fact]:
    """The function behind a target group; one that no service uses is not called."""
    yield resource(here, group["arn"], TARGET_GROUP)
    yield delivery(
        group["arn"],
        item["id"],
        Meaning.TRIGGERS,
        "lattice.lambda",
        dormant="" if group.get("serviceArns", True) else "no service uses it",
    )
