"""EventBridge: what archives keep and replays bring back, and what enters buses from elsewhere.

An archive's own rule leaves out what was replayed, and an archived event goes on only when
somebody starts a replay: the way into an archive is asleep unless one is running.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from topology.catalog.service import Fact, Here, Item
from topology.catalog.wiring import delivery, resource
from topology.graph import Filter, Meaning, canonical_json

ARCHIVE = "events.archive"
PARTNER = "events.event-source"
ENDPOINT = "events.endpoint"

RUNNING = ("STARTING", "RUNNING")
NOT_ARCHIVING = ("DISABLED", "CREATE_FAILED")
STORED = "archived events go on only when somebody starts a replay"
NOT_REPLAYED = {"replay-name": [{"exists": False}]}


def archive(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """An archive, what it keeps of its bus, and the way back, which only a replay takes."""
    arn, bus, state = item["ArchiveArn"], item["EventSourceArn"], item.get("State")
    yield resource(here, arn, ARCHIVE)
    yield delivery(
        bus,
        arn,
        Meaning.FORWARDS,
        "eb.archive",
        label=item["ArchiveName"],
        filter=_kept(item.get("EventPattern")),
        dormant=f"the archive is {state}" if state in NOT_ARCHIVING else STORED,
    )
    yield delivery(arn, bus, Meaning.FORWARDS, "eb.replay")


def replay(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A replay that is running: what its archive keeps goes on now."""
    if item.get("State") in RUNNING:
        archive, bus = item["EventSourceArn"], item["Destination"]["Arn"]
        name = archive.rpartition("/")[2]
        yield delivery(bus, archive, Meaning.FORWARDS, "eb.archive", label=name)
        yield delivery(archive, bus, Meaning.FORWARDS, "eb.replay")


def partner(here: Here, item: Item) -> Iterator[Fact]:
    """A partner's event source; its bus has its name."""
    state = item.get("State")
    bus = f"arn:{here.partition}:events:{here.region}:{here.account}:event-bus/{item['Name']}"
    yield resource(here, item["Arn"], PARTNER)
    yield delivery(
        item["Arn"],
        bus,
        Meaning.FORWARDS,
        "eb.partner",
        dormant="" if state == "ACTIVE" else f"the partner event source is {state}",
    )


def endpoint(here: Here, item: Item) -> Iterator[Fact]:
    """A global endpoint: the buses of both Regions, either of which may take an event."""
    yield resource(here, item["Arn"], ENDPOINT)
    for bus in item.get("EventBuses", ()):
        yield delivery(item["Arn"], bus["EventBusArn"], Meaning.FORWARDS, "eb.endpoint")


def _kept(pattern: str | None) -> Filter:
    """The archive's pattern, and that the event is not replayed; as it is where unreadable."""
    try:
        asked = json.loads(pattern) if pattern else {}
    except ValueError:
        asked = None
    if isinstance(asked, dict):
        return Filter("eventbridge.pattern", canonical_json({**NOT_REPLAYED, **asked}))
    return Filter("eventbridge.pattern", str(pattern))
