"""CloudTrail: trails, the events they select, and the files they write of them.

That a Region's trails were read at all is a resource of its own, stated from a whole answer only:
where it is missing, nobody knows which trails there are (docs/design.md §6).

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.cloudtrail_selectors import conditions
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

TRAIL = "cloudtrail.trail"
TRAILS = "cloudtrail.trails"
BUCKET = "s3.bucket"
OUT = "cloudtrail.out"
GONE = frozenset({"TrailNotFoundException"})

service = Service(
    client="cloudtrail",
    title="AWS CloudTrail",
    rate=5.0,  # of 10/s
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html",
    kinds=(
        Kind(TRAIL, "trail", Part.CHANNEL),
        Kind(TRAILS, "trails of a Region", Part.OTHER),
    ),
    edges=(OUT,),
    busy=("StartQuery",),
)

# Shadow trails are those of other Regions and of the organization that log here too.
logging_here = Call("describe_trails", parameters={"includeShadowTrails": True})
trails = Call("describe_trails", items="trailList", parameters={"includeShadowTrails": False})
statuses = Call(
    "get_trail_status",
    for_each=trails,
    parameters={"Name": Of("TrailARN")},
    gone=GONE,
    names=itemgetter("TrailARN"),
)
selectors = Call(
    "get_event_selectors",
    for_each=trails,
    parameters={"TrailName": Of("TrailARN")},
    gone=GONE,
    names=itemgetter("TrailARN"),
)


@service.reads(logging_here)
def all_trails(here: Here, item: Item) -> Iterator[Fact]:
    """Which trails log what happens here, and where each writes to: the answer is a whole one."""
    place = f"arn:{here.partition}:cloudtrail:{here.region}:{here.account}:trails"
    known = sorted(trail["TrailARN"] for trail in item["trailList"])
    yield resource(here, place, TRAILS, trails=known)
    for trail in item["trailList"]:
        yield from _outputs(here, trail)


@service.reads(trails)
def trail(here: Here, item: Item) -> Iterator[Fact]:
    """A trail whose home is here."""
    yield resource(
        here,
        item["TrailARN"],
        TRAIL,
        every_region=item.get("IsMultiRegionTrail", False),
        organization=item.get("IsOrganizationTrail", False),
        global_services=item.get("IncludeGlobalServiceEvents", False),
        recursive=item.get("RecursiveLogging", True),
    )


@service.reads(statuses)
def status(here: Here, item: Item, trail: Item) -> Iterator[Fact]:
    """Whether the trail is switched on."""
    yield resource(here, trail["TrailARN"], TRAIL, logging=item["IsLogging"])


@service.reads(selectors)
def selected(here: Here, item: Item, trail: Item) -> Iterator[Fact]:
    """Which events the trail logs."""
    yield resource(here, trail["TrailARN"], TRAIL, selectors=conditions(item))


def _outputs(here: Here, trail: Item) -> Iterator[Edge]:
    """Where a trail writes to; every Region that it logs in says the same."""
    if bucket := trail.get("S3BucketName"):
        arn, prefix = f"arn:{here.partition}:s3:::{bucket}", trail.get("S3KeyPrefix", "")
        yield delivery(trail["TrailARN"], arn, Meaning.WRITES, OUT, prefix=prefix)
    for key in ("CloudWatchLogsLogGroupArn", "SnsTopicARN"):
        if trail.get(key):
            yield delivery(trail["TrailARN"], trail[key], Meaning.WRITES, OUT)


@service.carries(OUT)
def a_log_file(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """In a bucket a trail puts its files below ``AWSLogs/``, behind the prefix it was given."""
    if target.kind != BUCKET:
        return EventSet.anything()
    prefix = edge.attributes.get("prefix")
    if prefix == "":
        keys = strings.prefix("AWSLogs/")
    else:  # which may end in a slash of its own
        keys = strings.prefix(str(prefix or "")) & strings.wildcard("*AWSLogs/*")
    return EventSet.scalars(
        {("eventName",): strings.literal("ObjectCreated:Put"), ("s3", "object", "key"): keys}
    )
