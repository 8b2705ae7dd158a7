"""DMS: replication between endpoints. Of an endpoint only what it moves events to or from is kept.

Source: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Task.CDC.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.kafka import bootstrap_hosts
from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

TASK, REPLICATION, ENDPOINT = "dms.task", "dms.replication", "dms.endpoint"
AT_REST = ("deleting", "failed", "ready", "stopped", "stopping")
TABLES = [
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
]

service = Service(
    client="dms",
    title="AWS Database Migration Service",
    source="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.html",
    kinds=(
        Kind(TASK, "replication task", Part.CHANNEL),
        Kind(REPLICATION, "serverless replication", Part.CHANNEL),
        Kind(ENDPOINT, "replication endpoint", Part.ACTOR),
    ),
    writes=(
        Write("start", TASK, ("dms:ReloadTables", "dms:StartReplicationTask")),
        Write("start", REPLICATION, ("dms:ReloadReplicationTables", "dms:StartReplication")),
    ),
    edges=("dms.task",),
)

endpoints = Call("describe_endpoints", items="Endpoints")
tasks = Call(
    "describe_replication_tasks",
    items="ReplicationTasks",
    parameters={"WithoutSettings": True},
)
replications = Call(
    "describe_replication_configs", items="ReplicationConfigs", token=("Marker", "Marker")
)


@service.reads(endpoints)
def endpoint(here: Here, item: Item) -> Iterator[Fact]:
    """An endpoint; only that of DynamoDB writes to what its role allows, the others name it."""
    arn = item["EndpointArn"]
    tables = item.get("DynamoDbSettings", {}).get("ServiceAccessRoleArn")
    yield resource(here, arn, ENDPOINT, role=tables, calls=TABLES if tables else [])
    for store in _stores(here, item):
        if item["EndpointType"].lower() == "source":
            yield delivery(store, arn, Meaning.TRIGGERS, "dms.task")
        else:
            yield delivery(arn, store, Meaning.WRITES, "dms.task")


@service.reads(tasks)
def task(here: Here, item: Item) -> Iterator[Fact]:
    """A task: what happens at its source happens at its target."""
    status = item.get("Status", "")
    dormant = f"the task is {status}" if status in AT_REST else ""
    yield from _replication(here, item, item["ReplicationTaskArn"], TASK, dormant)


@service.reads(replications)
def replication(here: Here, item: Item) -> Iterator[Fact]:
    """The same without a server; whether it runs is not said here."""
    yield from _replication(here, item, item["ReplicationConfigArn"], REPLICATION, "")


def _replication(here: Here, item: Item, arn: str, kind: str, dormant: str) -> Iterator[Fact]:
    yield resource(here, arn, kind)
    ends = (item["SourceEndpointArn"], arn), (arn, item["TargetEndpointArn"])
    for source, target in ends:
        yield delivery(source, target, Meaning.FORWARDS, "dms.task", dormant=dormant)


def _stores(here: Here, item: Item) -> Iterator[str]:
    """What an endpoint reads from or writes to, where events go on from or come from."""
    if stream := item.get("KinesisSettings", {}).get("StreamArn"):
        yield stream
    for settings in ("S3Settings", "RedshiftSettings"):
        if bucket := item.get(settings, {}).get("BucketName"):
            yield f"arn:{here.partition}:s3:::{bucket}"
    if bucket := item.get("NeptuneSettings", {}).get("S3BucketName"):
        yield f"arn:{here.partition}:s3:::{bucket}"
    yield from bootstrap_hosts(item.get("KafkaSettings", {}).get("Broker", ""))
    nested = (value for value in item.values() if isinstance(value, dict))
    hosts = (each.get("ServerName") for each in (item, *nested))
    for host in dict.fromkeys(filter(None, hosts)):
        yield from _database(here, host)


def _database(here: Here, host: str) -> Iterator[str]:
    """The database behind ``name.id.region.rds.amazonaws.com``, or the cluster of such a host."""
    name, _, domain = host.partition(".")
    unique, _, place = domain.partition(".")
    region, _, domain = place.partition(".")
    if domain.partition(".")[0] in ("rds", "docdb", "neptune") and ".amazonaws." in f"{domain}.":
        kind = "cluster" if unique.startswith("cluster-") else "db"
        yield f"arn:{here.partition}:rds:{region}:{here.account}:{kind}:{name}"
