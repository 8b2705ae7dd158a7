"""S3: buckets, every kind of event notification, and what a bucket copies elsewhere.

Directory buckets tell of nothing and are not read.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog import s3_copies
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, OfHere, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json
from topology.sets import strings
from topology.sets.events import ANYTHING, NO_FIELDS, Constraints, EventSet, Fields, Values
from topology.sets.url_encoding import url_encoded

BUCKET = "s3.bucket"


NAME, KEY = ("eventName",), ("s3", "object", "key")


def _write(name: str, actions: tuple[str, ...], raises: tuple[str, ...]) -> Write:
    raised = EventSet.scalars({NAME: strings.one_of(raises)})
    return Write(name, BUCKET, actions, keyed="/", key_at=KEY, raises=raised)


service = Service(
    client="s3",
    title="Amazon S3",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html",
    kinds=(
        Kind(BUCKET, "S3 bucket", Part.CHANNEL, guarded=True),
        Kind(s3_copies.INVENTORY, "S3 inventory", Part.OTHER),
    ),
    writes=(
        _write(
            "put",
            ("s3:PutObject",),
            (
                "ObjectCreated:Put",
                "ObjectCreated:Post",
                "ObjectCreated:Copy",
                "ObjectCreated:CompleteMultipartUpload",
            ),
        ),
        _write(
            "delete",
            ("s3:DeleteObject", "s3:DeleteObjectVersion"),
            ("ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"),
        ),
        _write(
            "tag",
            ("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
            ("ObjectTagging:Put",),
        ),
        _write(
            "untag",
            ("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
            ("ObjectTagging:Delete",),
        ),
        _write("acl", ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"), ("ObjectAcl:Put",)),
        _write(
            "restore",
            ("s3:RestoreObject",),
            ("ObjectRestore:Post", "ObjectRestore:Completed", "ObjectRestore:Delete"),
        ),
        _write("retain", ("s3:PutObjectRetention",), ("ObjectRetention:Put",)),
        _write(
            "annotate",
            ("s3:PutObjectAnnotation", "s3:PutObjectVersionAnnotation"),
            ("ObjectAnnotation:Put",),
        ),
        _write(
            "remove annotation",
            ("s3:DeleteObjectAnnotation", "s3:DeleteObjectVersionAnnotation"),
            ("ObjectAnnotation:Delete",),
        ),
    ),
    edges=(
        "s3.notif.lambda",
        "s3.notif.sqs",
        "s3.notif.sns",
        "s3.notif.eventbridge",
        "s3.replication",
        "s3.logging",
        s3_copies.INVENTORY,
    ),
)

buckets = Call(
    "list_buckets",
    items="Buckets",
    parameters={"BucketRegion": OfHere("region"), "MaxBuckets": 1000},
    action="s3:ListAllMyBuckets",
)
notifications = Call(
    "get_bucket_notification_configuration",
    for_each=buckets,
    parameters={"Bucket": Of("Name")},
    action="s3:GetBucketNotification",
    gone=frozenset({"NoSuchBucket"}),
    names=itemgetter("Name"),
)
policies = Call(
    "get_bucket_policy",
    for_each=buckets,
    parameters={"Bucket": Of("Name")},
    absent=frozenset({"NoSuchBucketPolicy"}),
    gone=frozenset({"NoSuchBucket"}),
    names=itemgetter("Name"),
)
replication = Call(
    "get_bucket_replication",
    for_each=buckets,
    parameters={"Bucket": Of("Name")},
    action="s3:GetReplicationConfiguration",
    absent=frozenset({"ReplicationConfigurationNotFoundError"}),
    gone=frozenset({"NoSuchBucket"}),
    names=itemgetter("Name"),
)
logging = Call(
    "get_bucket_logging",
    for_each=buckets,
    parameters={"Bucket": Of("Name")},
    gone=frozenset({"NoSuchBucket"}),
    names=itemgetter("Name"),
)
inventories = Call(
    "list_bucket_inventory_configurations",
    items="InventoryConfigurationList",
    for_each=buckets,
    parameters={"Bucket": Of("Name")},
    token=("ContinuationToken", "NextContinuationToken"),
    more="IsTruncated",
    action="s3:GetInventoryConfiguration",
    gone=frozenset({"NoSuchBucket"}),
    names=itemgetter("Name"),
    omits_empty=True,
)

# Where a notification goes: the answer's list, the key of the target, the edge's kind.
DESTINATIONS = (
    ("LambdaFunctionConfigurations", "LambdaFunctionArn", "s3.notif.lambda", Meaning.TRIGGERS),
    ("QueueConfigurations", "QueueArn", "s3.notif.sqs", Meaning.FORWARDS),
    ("TopicConfigurations", "TopicArn", "s3.notif.sns", Meaning.FORWARDS),
)


@service.reads(buckets)
def bucket(here: Here, item: Item) -> Iterator[Fact]:
    """A bucket of the region being read."""
    yield resource(here, _arn(here, item), BUCKET)


@service.reads(policies)
def policy(here: Here, item: Item, bucket: Item) -> Iterator[Fact]:
    """Who else may write to the bucket."""
    yield resource(here, _arn(here, bucket), BUCKET, policy=item.get("Policy"))


@service.reads(notifications)
def notification(here: Here, item: Item, bucket: Item) -> Iterator[Fact]:
    """One edge per notification configuration, and one to the default bus if that is switched on.

    S3 switches EventBridge on by the presence of an empty ``EventBridgeConfiguration``.
    """
    source = _arn(here, bucket)
    for configurations, target, kind, meaning in DESTINATIONS:
        for configuration in item.get(configurations, ()):
            yield delivery(
                source,
                configuration[target],
                meaning,
                kind,
                label=configuration.get("Id", ""),
                filter=_heard(configuration),
            )
    if "EventBridgeConfiguration" in item:
        bus = f"arn:{here.partition}:events:{here.region}:{here.account}:event-bus/default"
        yield delivery(source, bus, Meaning.FORWARDS, "s3.notif.eventbridge")


@service.reads(replication)
def replicas(here: Here, item: Item, bucket: Item) -> Iterator[Fact]:
    """One edge per replication rule, those that are switched off too."""
    if "ReplicationConfiguration" in item:
        yield from s3_copies.replications(_arn(here, bucket), item["ReplicationConfiguration"])


@service.reads(logging)
def access_log(here: Here, item: Item, bucket: Item) -> Iterator[Fact]:
    """Where a bucket's server access logs go, if it has any."""
    if "LoggingEnabled" in item:
        yield s3_copies.access_log(here, _arn(here, bucket), item["LoggingEnabled"])


@service.reads(inventories)
def inventory(here: Here, item: Item, bucket: Item) -> Iterator[Fact]:
    """An inventory and the bucket it is written to."""
    yield from s3_copies.inventory(here, bucket["Name"], item)


def _heard(configuration: Item) -> Filter:
    heard = {
        "Events": sorted(configuration["Events"]),
        "Filter": configuration.get("Filter", {}),
    }
    return Filter("s3.notification", canonical_json(heard))


def _arn(here: Here, bucket: Item) -> str:
    return f"arn:{here.partition}:s3:::{bucket['Name']}"


# What EventBridge calls the events of S3: detail type, reason, deletion type. Source:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-mapping-troubleshooting.html
ON_THE_BUS = {
    "ObjectCreated:Put": ("Object Created", "PutObject", ""),
    "ObjectCreated:Post": ("Object Created", "POST Object", ""),
    "ObjectCreated:Copy": ("Object Created", "CopyObject", ""),
    "ObjectCreated:CompleteMultipartUpload": ("Object Created", "CompleteMultipartUpload", ""),
    "ObjectRemoved:Delete": ("Object Deleted", "DeleteObject", "Permanently Deleted"),
    "ObjectRemoved:DeleteMarkerCreated": (
        "Object Deleted",
        "DeleteObject",
        "Delete Marker Created",
    ),
    "ObjectRestore:Post": ("Object Restore Initiated", "", ""),
    "ObjectRestore:Completed": ("Object Restore Completed", "", ""),
    "ObjectRestore:Delete": ("Object Restore Expired", "", ""),
    "ObjectTagging:Put": ("Object Tags Added", "", ""),
    "ObjectTagging:Delete": ("Object Tags Deleted", "", ""),
    "ObjectAcl:Put": ("Object ACL Updated", "", ""),
}
# Newer events, of which AWS does not say what EventBridge calls them, or whether it hears them.
UNNAMED = ("ObjectAnnotation:Put", "ObjectAnnotation:Delete", "ObjectRetention:Put")


@service.carries("s3.notif.sqs")
def in_a_queue(events: EventSet, edge: Edge, queue: Resource) -> EventSet:
    """S3 sends one record in ``Records``, as the message's text."""
    return _record(events).moved((), ("body", "Records"))


@service.carries("s3.notif.sns")
def in_a_topic(events: EventSet, edge: Edge, topic: Resource) -> EventSet:
    """As to a queue; S3 sets no message attributes."""
    return _record(events).moved((), ("Message", "Records")) & EventSet.scalars(
        {("MessageAttributes",): NO_FIELDS}
    )


def _record(events: EventSet) -> EventSet:
    """The events as they are written down: with the key URL-encoded."""

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        if KEY in fields:
            fields = {**fields, KEY: Values(strings=url_encoded(fields[KEY].strings))}
        yield fields

    return events.rewritten(rewrite)


@service.carries("s3.notif.eventbridge")
def on_the_bus(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """EventBridge has its own names for what happens to an object."""
    detail_types = [detail_type for detail_type, _, _ in ON_THE_BUS.values()]
    of_bucket = {
        ("source",): strings.literal("aws.s3"),
        ("account",): strings.literal(bus.account),
        ("region",): strings.literal(bus.region),
        ("resources",): strings.literal(edge.source),
        ("detail", "bucket", "name"): strings.literal(arns.name(edge.source)),
    }

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        names, key = fields.get(NAME, ANYTHING), fields.get(KEY, ANYTHING)
        told: Constraints = {("detail", "object", "key"): key}
        for name, (detail_type, reason, deletion_type) in ON_THE_BUS.items():
            if name in names:
                literals = {
                    ("detail-type",): detail_type,
                    ("detail", "reason"): reason,
                    ("detail", "deletion-type"): deletion_type,
                }
                known = {path: strings.literal(text) for path, text in literals.items() if text}
                yield {**of_bucket, **known, **told}
        if any(name in names for name in UNNAMED):
            yield {**of_bucket, ("detail-type",): ~strings.one_of(detail_types), **told}

    return events.rewritten(rewrite)


@service.carries("s3.replication")
def replica(events: EventSet, edge: Edge, bucket: Resource) -> EventSet:
    """A replica has the key of its source; AWS does not say which event it raises."""

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        yield {KEY: fields.get(KEY, ANYTHING)}

    return events.rewritten(rewrite)


@service.carries("s3.logging")
def log_object(events: EventSet, edge: Edge, bucket: Resource) -> EventSet:
    """The key of a log begins with the prefix it was given, whatever its format.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """
    return EventSet.scalars({KEY: strings.prefix(str(edge.attributes.get("prefix", "")))})
