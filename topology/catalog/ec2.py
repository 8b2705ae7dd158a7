"""EC2: the list of Regions, asked once before the crawl, and what instances tell of themselves.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
"""

from __future__ import annotations

from topology.catalog.service import Call, Emission, Service

regions = Call("describe_regions", items="Regions", parameters={"AllRegions": True})

service = Service(
    client="ec2",
    title="Amazon EC2",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
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
    calls=[regions],
)
