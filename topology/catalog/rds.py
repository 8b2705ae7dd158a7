"""RDS, Aurora and DocumentDB: what databases call, tell and stream out.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning

CLUSTER, INSTANCE, CALLER = "rds.cluster", "rds.db", "rds.caller"
SUBSCRIPTION = "rds.es"
STREAMING = ("started", "starting")

service = Service(
    client="rds",
    title="Amazon RDS",
    source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.html",
    kinds=(
        Kind(CLUSTER, "database cluster", Part.CHANNEL),
        Kind(INSTANCE, "database instance", Part.CHANNEL),
        Kind(CALLER, "database that calls other services", Part.ACTOR),
        Kind(SUBSCRIPTION, "subscription to database events", Part.OTHER),
    ),
    writes=(
        Write("execute", CLUSTER, ("rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement")),
        Write(
            "operate",
            CLUSTER,
            (
                "rds:CreateDBClusterSnapshot",
                "rds:DeleteDBCluster",
                "rds:FailoverDBCluster",
                "rds:ModifyDBCluster",
                "rds:RebootDBCluster",
                "rds:StartDBCluster",
                "rds:StopDBCluster",
            ),
        ),
        Write(
            "operate",
            INSTANCE,
            (
                "rds:CreateDBInstanceReadReplica",
                "rds:CreateDBSnapshot",
                "rds:DeleteDBInstance",
                "rds:ModifyDBInstance",
                "rds:PromoteReadReplica",
                "rds:RebootDBInstance",
                "rds:StartDBInstance",
                "rds:StopDBInstance",
            ),
        ),
    ),
    edges=("rds.lambda", "rds.activitystream", "rds.events"),
)


# What a role is for, by the feature it was associated with; others may use all it allows.
CALLS = {"Lambda": ["lambda:InvokeFunction"], "s3Export": ["s3:PutObject"], "s3Import": []}
# Of whose events a subscription tells, by its source type; a snapshot's are of what it is taken of.
OF_CLUSTERS = ("db-cluster", "db-cluster-snapshot")
OF_INSTANCES = ("db-instance", "db-snapshot")


def _hears_of(types: tuple[str, ...]) -> Callable[[Item], bool]:
    """Whether a subscription may hear of such sources; one without a type hears of all."""
    return lambda subscription: not _type(subscription) or _type(subscription) in types


clusters = Call("describe_db_clusters", items="DBClusters", action="rds:DescribeDBClusters")
instances = Call("describe_db_instances", items="DBInstances", action="rds:DescribeDBInstances")
subscriptions = Call("describe_event_subscriptions", items="EventSubscriptionsList")
clusters_heard = Call(
    "describe_db_clusters",
    items="DBClusters",
    for_each=subscriptions,
    where=_hears_of(OF_CLUSTERS),
    action="rds:DescribeDBClusters",
    names=itemgetter("EventSubscriptionArn"),
)
instances_heard = Call(
    "describe_db_instances",
    items="DBInstances",
    for_each=subscriptions,
    where=_hears_of(OF_INSTANCES),
    action="rds:DescribeDBInstances",
    names=itemgetter("EventSubscriptionArn"),
)


@service.reads(clusters)
def cluster(here: Here, item: Item) -> Iterator[Fact]:
    """A cluster of Aurora, Neptune or DocumentDB."""
    yield from _database(here, item["DBClusterArn"], CLUSTER, item)


@service.reads(instances)
def instance(here: Here, item: Item) -> Iterator[Fact]:
    """An instance, by itself or of a cluster."""
    yield from _database(here, item["DBInstanceArn"], INSTANCE, item)


@service.reads(subscriptions)
def subscription(here: Here, item: Item) -> Iterator[Fact]:
    """A subscription to events of parameter groups, proxies and other things nothing writes to."""
    arn = item["EventSubscriptionArn"]
    if _type(item) not in ("", *OF_CLUSTERS, *OF_INSTANCES):
        yield resource(here, arn, SUBSCRIPTION, source_type=_type(item))
        yield _told(arn, item)


@service.reads(clusters_heard)
def cluster_events(here: Here, item: Item, subscription: Item) -> Iterator[Fact]:
    """What happens to a cluster, told to a topic."""
    if _is_among(subscription, item["DBClusterIdentifier"], "db-cluster"):
        yield _told(item["DBClusterArn"], subscription)


@service.reads(instances_heard)
def instance_events(here: Here, item: Item, subscription: Item) -> Iterator[Fact]:
    """What happens to an instance, told to a topic."""
    if _is_among(subscription, item["DBInstanceIdentifier"], "db-instance"):
        yield _told(item["DBInstanceArn"], subscription)


def _database(here: Here, arn: str, kind: str, item: Item) -> Iterator[Fact]:
    """A database, the stream of what is done in it, and the roles it calls other services with."""
    yield resource(here, arn, kind, engine=item.get("Engine"))
    stream = item.get("ActivityStreamKinesisStreamName")
    if stream:
        status = item.get("ActivityStreamStatus", "")
        yield delivery(
            arn,
            f"arn:{here.partition}:kinesis:{here.region}:{here.account}:stream/{stream}",
            Meaning.FORWARDS,
            "rds.activitystream",
            dormant="" if status in STREAMING else f"the activity stream is {status}",
        )
    for association in item.get("AssociatedRoles", ()):
        role, feature = association["RoleArn"], association.get("FeatureName", "")
        caller = f"{arn}/role/{role.rpartition('/')[2]}"
        calls = {"calls": CALLS[feature]} if feature in CALLS else {}
        yield resource(here, caller, CALLER, role=role, **calls)
        yield delivery(arn, caller, Meaning.TRIGGERS, "rds.lambda", label=feature)


def _told(source: str, subscription: Item) -> Edge:
    return delivery(
        source,
        subscription["SnsTopicArn"],
        Meaning.FORWARDS,
        "rds.events",
        label=arns.name(subscription["EventSubscriptionArn"]),
        dormant="" if subscription.get("Enabled", True) else "the subscription is switched off",
        categories=sorted(subscription.get("EventCategoriesList", ())),
    )


def _is_among(subscription: Item, name: str, named_type: str) -> bool:
    """Whether a subscription is to this source; those to snapshots name the snapshots."""
    names = subscription.get("SourceIdsList", ())
    return not names or _type(subscription) != named_type or name in names


def _type(subscription: Item) -> str:
    return subscription.get("SourceType") or ""
