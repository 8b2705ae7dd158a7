"""Amazon MQ: brokers. Who writes to one is between it and its own users; IAM has no say in it.

Source: https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-api-authentication-authorization.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Part, Service
from topology.catalog.wiring import resource

BROKER = "mq.broker"

service = Service(
    client="mq",
    title="Amazon MQ",
    source="https://docs.aws.amazon.com/amazon-mq/latest/api-reference/brokers.html",
    kinds=(Kind(BROKER, "message broker", Part.CHANNEL),),
)

brokers = Call("list_brokers", items="BrokerSummaries")


@service.reads(brokers)
def broker(here: Here, item: Item) -> Iterator[Fact]:
    """A broker of the region being read."""
    yield resource(here, item["BrokerArn"], BROKER, engine=item["EngineType"])
