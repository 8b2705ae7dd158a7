"""CloudTrail: trails, and the files they write of the API calls they hear.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service
from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import EventSet

TRAIL = "cloudtrail.trail"
BUCKET = "s3.bucket"

service = Service(
    client="cloudtrail",
    title="AWS CloudTrail",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html",
    kinds=(Kind(TRAIL, "trail", Part.CHANNEL),),
)


@service.carries("cloudtrail.out")
def a_log_file(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """In a bucket a trail puts its files below ``AWSLogs/``, behind the prefix it was given."""
    if target.kind != BUCKET:
        return EventSet.anything()
    return EventSet.scalars(
        {
            ("eventName",): strings.literal("ObjectCreated:Put"),
            ("s3", "object", "key"): strings.wildcard("*AWSLogs/*"),
        }
    )
