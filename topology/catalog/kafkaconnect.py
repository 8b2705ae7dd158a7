"""MSK Connect: connectors, which read a cluster's topics or write to them, under a role.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.kafka import bootstrap_hosts
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

CONNECTOR = "kafkaconnect.connector"
AT_REST = ("PAUSED", "PAUSING", "FAILED", "DELETING")  # any other state runs, or soon will
# What MirrorMaker copies between; its checkpoints and heartbeats name them as well.
SOURCE, TARGET = "source.cluster.bootstrap.servers", "target.cluster.bootstrap.servers"

service = Service(
    client="kafkaconnect",
    title="Amazon MSK Connect",
    source="https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html",
    kinds=(Kind(CONNECTOR, "MSK connector", Part.ACTOR),),
    edges=("msk.connect",),
)

connectors = Call("list_connectors", items="connectors")
description = Call(
    "describe_connector",
    for_each=connectors,
    parameters={"connectorArn": Of("connectorArn")},
    gone=frozenset({"NotFoundException"}),
    names=itemgetter("connectorArn"),
)


@service.reads(description)
def connector(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A connector between a cluster and what its role lets it reach.

    Its configuration is free text that often holds passwords: only the hosts it names stay.
    """
    arn = item["connectorArn"]
    state = item.get("connectorState", "")
    dormant = f"the connector is {state}" if state in AT_REST else ""
    configuration = item.get("connectorConfiguration", {})
    cluster = item.get("kafkaCluster", {}).get("apacheKafkaCluster", {}).get("bootstrapServers", "")
    yield resource(here, arn, CONNECTOR, role=item["serviceExecutionRoleArn"])
    for host in bootstrap_hosts(_read(configuration, cluster)):
        yield delivery(host, arn, Meaning.TRIGGERS, "msk.connect", dormant=dormant)
    for host in bootstrap_hosts(_written(configuration, cluster)):
        yield delivery(arn, host, Meaning.WRITES, "msk.connect", dormant=dormant)
    if configuration.get("errors.deadletterqueue.topic.name"):
        for host in bootstrap_hosts(cluster):
            yield delivery(
                arn, host, Meaning.ON_FAILURE, "msk.connect", label="errors", dormant=dormant
            )


def _is_sink(configuration: Item) -> bool:
    """Kafka Connect demands one of these of a sink, and takes neither from a source."""
    return "topics" in configuration or "topics.regex" in configuration


def _read(configuration: Item, cluster: str) -> str:
    """The hosts it reads from; MirrorMaker reads another cluster than the one it runs on."""
    return str(configuration.get(SOURCE, cluster if _is_sink(configuration) else ""))


def _written(configuration: Item, cluster: str) -> str:
    """The hosts it writes to."""
    is_source = SOURCE in configuration or not _is_sink(configuration)
    return str(configuration.get(TARGET, cluster if is_source else ""))
