"""Amazon EventBridge: an event of source ``loopscope`` per alert, on a bus of a connected account.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import islice

from topology.alerts.channel import ChannelError, ChannelKind, Config, Field, Wire
from topology.alerts.message import Message
from topology.alerts.sns import parsed

AT_ONCE = 10  # entries of a request


def _check(config: Config) -> None:
    parsed(config["bus"], "events")


def _send(config: Config, message: Message, wire: Wire) -> None:
    client = wire.aws("events", parsed(config["bus"], "events").region)
    entries = iter(
        [
            {
                "Source": "loopscope",
                "DetailType": f"Loopscope {each.kind} {each.turn}",
                "Detail": json.dumps({**asdict(each), "at": each.at.isoformat()}),
                "EventBusName": config["bus"],
            }
            for each in message.items
        ]
    )
    while some := list(islice(entries, AT_ONCE)):
        if failed := client.put_events(Entries=some)["FailedEntryCount"]:
            raise ChannelError(f"The bus refused {failed} of {len(some)} events.")


eventbridge = ChannelKind(
    "eventbridge",
    "Amazon EventBridge",
    (Field("bus", "Bus", "arn:aws:events:eu-west-1:123456789012:event-bus/alerts"),),
    _check,
    lambda config: config["bus"],
    _send,
    lambda config: (config["bus"],),
    uses_aws=True,
)
