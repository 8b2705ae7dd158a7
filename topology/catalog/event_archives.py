"""EventBridge: what archives keep and replays bring back, and what enters buses from elsewhere.

Who starts a replay does that to the archive; what enters it goes on only while a replay runs, and
is a resource of its own therefore. What was replayed is not archived again.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from topology.catalog.service import Fact, Here, Item
from topology.catalog.wiring import delivery, resource
from topology.graph import Filter, Meaning, canonical_json

ARCHIVE = "events.archive"
ARCHIVED = "events.archived"
PARTNER = "events.event-source"
ENDPOINT = "events.endpoint"

RUNNING = ("STARTING", "RUNNING")
NOT_ARCHIVING = ("DISABLED", "CREATE_FAILED")
NOT_REPLAYED = {"replay-name": [{"exists": False}]}


def archive(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """An archive: what it keeps of its bus, and that to replay it brings events back there."""
    arn, bus, state = item["ArchiveArn"], item["EventSourceArn"], item.get("State")
    yield resource(here, arn, ARCHIVE)
    yield resource(here, _archived(arn), ARCHIVED)
    yield delivery(
        bus,
        _archived(arn),
        Meaning.FORWARDS,
        "eb.archive",
        label=item["ArchiveName"],
        filter=_kept(item.get("EventPattern")),
        dormant=f"the archive is {state}" if state in NOT_ARCHIVING else "",
    )
    yield delivery(arn, bus, Meaning.FORWARDS, "eb.replay")


def replay(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A replay that is running: what its archive keeps goes back to the bus now."""
    if item.get("State") in RUNNING:
        archived, bus = _archived(item["EventSourceArn"]), item["Destination"]["Arn"]
        yield delivery(archived, bus, Meaning.FORWARDS, "eb.replay", label=item["ReplayName"])


def _archived(archive: str) -> str:
    """A name for what an archive keeps, beside its own."""
    return f"{archive}/events"


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
