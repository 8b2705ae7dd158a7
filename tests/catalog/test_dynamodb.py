"""DynamoDB: tables and their live streams."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

STREAM = arn("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000")


def test_it_reads_tables_from_their_names():
    assert [(table.arn, table.name) for table in resources(read("dynamodb/list_tables.two"))] == [
        (arn("dynamodb", "table/orders"), "orders"),
        (arn("dynamodb", "table/customers"), "customers"),
    ]


def test_a_live_stream_forwards_what_its_table_is_told():
    facts = read("dynamodb/describe_table.stream", "orders")
    assert [stream.arn for stream in resources(facts)] == [STREAM]
    [edge] = edges(facts)
    assert (edge.source, edge.target) == (arn("dynamodb", "table/orders"), STREAM)
    assert (edge.kind, edge.meaning) == ("ddb.stream", Meaning.FORWARDS)


def test_the_arn_of_a_stream_switched_off_is_no_stream():
    assert read("dynamodb/describe_table.stream_switched_off", "orders") == []


def test_it_knows_a_partition_key_whose_values_are_strings():
    [table] = resources(read("dynamodb/describe_table.keys", "orders"))
    assert table.attributes == {"partition_key": "customer"}
    assert read("dynamodb/describe_table.number_key", "orders") == []
