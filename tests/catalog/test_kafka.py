"""MSK: clusters, their topics as IAM names them, and the hosts that reach them."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from tests.world import World, allow, criteria
from topology.analysis import analyse
from topology.graph import Meaning
from topology.inference.writes import permitted_writes
from topology.verdict import LoopVerdict

[LISTED] = items("kafka/list_clusters_v2.one")
ID = "orders/11111111-2222-3333-4444-555555555555-6"
CLUSTER, TOPICS = arn("kafka", f"cluster/{ID}"), arn("kafka", f"topic/{ID}")


def test_a_cluster_passes_on_what_is_written_to_its_topics():
    facts = read("kafka/list_clusters_v2.one")
    assert {each.arn: each.kind for each in resources(facts)} == {
        CLUSTER: "kafka.cluster",
        TOPICS: "kafka.topics",
    }
    [edge] = edges(facts)
    assert (edge.source, edge.target, edge.kind) == (TOPICS, CLUSTER, "msk.topics")


def test_whoever_may_write_to_one_topic_writes_to_the_cluster():
    world = World()
    world.resources += resources(read("kafka/list_clusters_v2.one"))
    world.function("orders", allow("kafka-cluster:WriteData", f"{TOPICS}/placed"))
    [write] = permitted_writes(world.graph()).writes
    assert write.edge.target == TOPICS
    assert write.edge.attributes["keys"] == "placed"


def test_whoever_may_only_read_a_topic_writes_nowhere():
    world = World()
    world.resources += resources(read("kafka/list_clusters_v2.one"))
    world.function("orders", allow(["kafka-cluster:Connect", "kafka-cluster:ReadData"], "*"))
    assert not permitted_writes(world.graph()).writes


def through_a_topic(written, heard):
    """The verdict on a function that writes to one topic and is told of another's records."""
    world = World()
    world.resources += resources(read("kafka/list_clusters_v2.one"))
    world.edges += edges(read("kafka/list_clusters_v2.one"))
    function = world.function("orders", allow("kafka-cluster:WriteData", f"{TOPICS}/{written}"))
    patterns = criteria("lambda.criteria.kafka", {"topic": [heard]})
    world.listen(CLUSTER, function, patterns)
    [loop] = analyse(world.graph()).loops
    return loop.verdict


def test_a_function_that_hears_the_topic_it_writes_to_is_a_loop():
    assert through_a_topic("placed", heard="placed") is not LoopVerdict.BLOCKED


def test_a_function_that_hears_another_topic_is_none():
    assert through_a_topic("shipped", heard="placed") is LoopVerdict.BLOCKED


def test_every_host_of_a_cluster_leads_to_it_and_from_it():
    found = edges(read("kafka/get_bootstrap_brokers.two_ways", LISTED))
    assert {edge.kind for edge in found} == {"msk.bootstrap"}
    assert {edge.meaning for edge in found} == {Meaning.FORWARDS}
    hosts = {edge.target for edge in found if edge.source == CLUSTER}
    assert hosts == {edge.source for edge in found if edge.target == CLUSTER}
    assert sorted(host.rpartition(":")[2] for host in hosts) == ["9094", "9094", "9098"]
