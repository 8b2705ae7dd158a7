"""IoT Core: the message broker of a Region, and the rules that hear its topics.

Topics are not listed anywhere, so the broker is one channel and a message's topic is its key.

Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-rules.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service, Write
from topology.filters.iot import TOPIC, published
from topology.graph import Edge, Resource
from topology.sets.events import EventSet

BROKER = "iot.topic"  # arn:…:iot:<region>:<account>:topic, in front of every topic's own ARN

service = Service(
    client="iot",
    title="AWS IoT Core",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html",
    kinds=(Kind(BROKER, "message broker", Part.CHANNEL),),
    writes=(Write("publish", BROKER, ("iot:Publish",), keyed="/", key_at=TOPIC),),
)


@service.carries("iot.republish")
def republished(events: EventSet, edge: Edge, broker: Resource) -> EventSet:
    """The message comes back on the topic that the action names."""
    topic = edge.attributes.get("topic")
    return EventSet.scalars({TOPIC: published(topic)}) if topic else EventSet.anything()
