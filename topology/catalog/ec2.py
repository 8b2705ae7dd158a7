"""EC2: only the list of Regions, asked once before the crawl.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
"""

from __future__ import annotations

from topology.catalog.service import Call, Service

regions = Call("describe_regions", items="Regions", parameters={"AllRegions": True})

service = Service(
    client="ec2",
    title="Amazon EC2",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    calls=[regions],
)
