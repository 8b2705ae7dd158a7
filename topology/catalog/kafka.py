"""MSK: Kafka clusters, the hosts that reach them, and who may write to their topics.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets.events import EventSet

CLUSTER, TOPICS = "kafka.cluster", "kafka.topics"

service = Service(
    client="kafka",
    title="Amazon MSK",
    source="https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
    kinds=(
        Kind(CLUSTER, "MSK cluster", Part.CHANNEL),
        Kind(TOPICS, "topics of an MSK cluster", Part.CHANNEL),
    ),
    # IAM knows a topic by ``topic/<cluster>/<id of the cluster>/<topic>``.
    writes=(Write("produce", TOPICS, ("kafka-cluster:WriteData",), keyed="/", key_at=("topic",)),),
    edges=("msk.topics", "msk.bootstrap"),
)

clusters = Call("list_clusters_v2", items="ClusterInfoList")
bootstrap = Call(
    "get_bootstrap_brokers",
    for_each=clusters,
    where=lambda cluster: cluster.get("State") not in ("CREATING", "DELETING", "FAILED"),
    parameters={"ClusterArn": Of("ClusterArn")},
    gone=frozenset({"NotFoundException"}),
    names=itemgetter("ClusterArn"),
)


@service.reads(clusters)
def cluster(here: Here, item: Item) -> Iterator[Fact]:
    """A cluster, and the topics that a role may be allowed to write to."""
    arn = item["ClusterArn"]
    topics = arn.replace(":cluster/", ":topic/", 1)
    yield resource(here, arn, CLUSTER)
    yield resource(here, topics, TOPICS)
    yield delivery(topics, arn, Meaning.FORWARDS, "msk.topics")


@service.carries("msk.topics")
def record(events: EventSet, edge: Edge, cluster: Resource) -> EventSet:
    """What is written to a topic is a record of that topic."""
    return events


@service.reads(bootstrap)
def hosts(here: Here, item: Item, cluster: Item) -> Iterator[Fact]:
    """The hosts by which connectors name the cluster: they know nothing of its ARN."""
    arn = cluster["ClusterArn"]
    for name, text in item.items():
        if name.startswith("BootstrapBrokerString"):
            for host in bootstrap_hosts(text):
                yield delivery(arn, host, Meaning.FORWARDS, "msk.bootstrap")
                yield delivery(host, arn, Meaning.FORWARDS, "msk.bootstrap")


def bootstrap_hosts(servers: str) -> Iterator[str]:
    """``"host:port,host:port"`` as the ends of edges."""
    for server in filter(None, (each.strip() for each in servers.split(","))):
        yield f"kafka://{server}"
