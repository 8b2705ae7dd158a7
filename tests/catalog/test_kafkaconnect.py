"""MSK Connect: connectors read from Kafka, write to it or copy between clusters."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[LISTED] = items("kafkaconnect/list_connectors.one")
OWN = "kafka://b-1.orders.abc123.c6.kafka.eu-west-1.amazonaws.com:9098"
OTHER = OWN.replace("orders", "other")


def described(case):
    return read(f"kafkaconnect/describe_connector.{case}", LISTED)


def ends(case):
    return [(edge.source, edge.meaning, edge.target) for edge in edges(described(case))]


def connector(name):
    return arn("kafkaconnect", f"connector/{name}/11111111-2222-3333-4444-555555555555-3")


def test_a_connector_acts_under_its_role():
    [found] = resources(described("sink"))
    assert found.kind == "kafkaconnect.connector"
    assert found.attributes == {"role": "arn:aws:iam::111122223333:role/archive"}


def test_a_sink_is_started_by_its_cluster_and_returns_what_it_rejects():
    assert ends("sink") == [
        (OWN, Meaning.TRIGGERS, connector("archive")),
        (connector("archive"), Meaning.ON_FAILURE, OWN),
    ]
    assert {edge.kind for edge in edges(described("sink"))} == {"msk.connect"}


def test_a_source_writes_to_its_cluster():
    assert ends("source") == [(connector("changes"), Meaning.WRITES, OWN)]


def test_a_mirror_reads_one_cluster_and_writes_to_another():
    assert ends("mirror") == [
        (OTHER, Meaning.TRIGGERS, connector("mirror")),
        (connector("mirror"), Meaning.WRITES, OWN),
    ]


def test_a_paused_connector_is_dormant():
    assert [edge.dormant for edge in edges(described("source"))] == ["the connector is PAUSED"]


def test_no_password_of_its_configuration_is_kept():
    assert "canary" not in repr([described(case) for case in ("sink", "source", "mirror")])
