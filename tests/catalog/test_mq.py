"""Amazon MQ: brokers."""

from __future__ import annotations

from tests.catalog.recorded import arn, read, resources


def test_it_reads_brokers_by_the_arn_that_mappings_poll():
    [broker] = resources(read("mq/list_brokers.one"))
    assert broker.arn == arn("mq", "broker:orders:b-11111111-2222-3333-4444-555555555555")
    assert (broker.kind, broker.attributes) == ("mq.broker", {"engine": "RABBITMQ"})
