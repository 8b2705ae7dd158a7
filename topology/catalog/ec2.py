"""EC2: instances with a role, and flow logs.

Instances come and go: one actor stands for all of a profile, and each instance leads there.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology import arn as arns
from topology.catalog import named
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

INSTANCE = "ec2.instance"
PROFILE = "ec2.profile"
NETWORK = "ec2.network"
OVER = ("shutting-down", "terminated")  # instances that never run again

service = Service(
    client="ec2",
    title="Amazon EC2",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    kinds=(
        Kind(INSTANCE, "EC2 instance", Part.CHANNEL),
        Kind(PROFILE, "instances of a profile", Part.ACTOR),
        Kind(NETWORK, "network", Part.OTHER),
    ),
    writes=(Write("command", INSTANCE, ("ssm:SendCommand",)),),
    emissions=(
        Emission(
            "instance",
            (
                "ec2:RunInstances",
                "ec2:StartInstances",
                "ec2:StopInstances",
                "ec2:RebootInstances",
                "ec2:TerminateInstances",
            ),
            "aws.ec2",
            ("EC2 Instance State-change Notification",),
            of=("instance/",),
            name_at=("detail", "instance-id"),
        ),
        Emission(
            "volume",
            ("ec2:CreateVolume", "ec2:AttachVolume", "ec2:DeleteVolume", "ec2:ModifyVolume"),
            "aws.ec2",
            ("EBS Volume Notification",),
        ),
        Emission(
            "snapshot",
            (
                "ec2:CreateSnapshot",
                "ec2:CreateSnapshots",
                "ec2:CopySnapshot",
                "ec2:ModifySnapshotAttribute",
            ),
            "aws.ec2",
            ("EBS Snapshot Notification", "EBS Multi-Volume Snapshots Completion Status"),
        ),
    ),
    edges=("ec2.role", "ec2.flowlogs"),
    busy=("RunInstances", "CreateNetworkInterface", "DeleteNetworkInterface"),
)

instances = Call("describe_instances", items="Reservations")
flow_logs = Call("describe_flow_logs", items="FlowLogs")

# What a flow log is of, by what its id begins with; anything else is called by that.
WATCHED = {
    "eni": "network-interface",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "nat": "natgateway",
}


@service.reads(instances)
def instance(here: Here, item: Item) -> Iterator[Fact]:
    """The instances that have a profile, and the actor that stands for those of one profile.

    A command may choose its instances by tags: what it is sent to is called ``instance/*``.
    """
    for each in item.get("Instances", ()):
        profile = each.get("IamInstanceProfile", {}).get("Arn")
        if profile and each.get("State", {}).get("Name") not in OVER:
            actor = named.arn_of(here, "ec2", f"instance-profile/{arns.name(profile)}")
            yield resource(here, actor, PROFILE, profile=profile)
            for name in (each["InstanceId"], "*"):
                arn = named.arn_of(here, "ec2", f"instance/{name}")
                yield resource(here, arn, INSTANCE)
                yield delivery(arn, actor, Meaning.TRIGGERS, "ec2.role")


@service.reads(flow_logs)
def flow_log(here: Here, item: Item) -> Iterator[Fact]:
    """Where the records of a network's traffic go."""
    watched = item["ResourceId"]
    kind, _, _ = watched.rpartition("-")
    source = named.arn_of(here, "ec2", f"{WATCHED.get(kind, kind)}/{watched}")
    target = _destination(here, item)
    if target is None:
        reason = "the flow log does not say where it goes"
        yield Unread(item["FlowLogId"], "NoDestination", reason)
        return
    yield resource(here, source, NETWORK)
    yield delivery(source, target, Meaning.WRITES, "ec2.flowlogs", flow_log=item["FlowLogId"])


def _destination(here: Here, item: Item) -> str | None:
    """A log group, a stream or a bucket; a bucket's ARN may go on with a prefix."""
    destination = item.get("LogDestination")
    if destination and item.get("LogDestinationType") == "s3":
        return named.bucket(here, destination)
    if destination:
        return str(destination)
    group = item.get("LogGroupName")
    return named.log_group(here, group) if group else None
