"""What the rules tester shows: deliveries as a tree, and writers against a filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from topology.graph import Edge, Graph, Meaning, Resource
from topology.inference.journeys import Journey
from topology.inference.reaching import Arriving, Reach
from topology.reports.document import legible
from topology.reports.prose import pretty
from topology.reports.wording import MEANINGS
from topology.verdict import Cannot, Hop

# In which languages the deliveries of a kind of channel are filtered; what it is called in a form.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "events.bus": ("eventbridge.pattern",),
    "s3.bucket": ("s3.notification",),
    "sns.topic": ("sns.policy.attributes", "sns.policy.body"),
    "sqs.queue": ("lambda.criteria.sqs", "pipes.criteria.sqs"),
    "kinesis.stream": ("lambda.criteria.kinesis", "pipes.criteria.kinesis"),
    "dynamodb.stream": ("lambda.criteria.dynamodb", "pipes.criteria.dynamodb"),
    "logs.loggroup": ("logs.pattern",),
    "iot.topic": ("iot.sql",),
}
HINTS: Mapping[str, str] = {
    "events.bus": "The event as EventBridge delivers it: source, detail-type, detail.",
    "sns.topic": "The message, or an object with Message and MessageAttributes.",
    "sqs.queue": "The message’s body, or a record with body.",
    "kinesis.stream": "The data as it was put, or a record with kinesis.data in base64.",
    "dynamodb.stream": "A record: eventName and dynamodb with Keys and images.",
    "logs.loggroup": "A line of the log, or an object with message.",
    "iot.topic": "An object with topic and the payload’s fields.",
}
WORDS = {
    "always": "Passes",
    "sometimes": "Some of it passes",
    "unknown": "Unknown",
    "cannot": "Does not pass",
}
REACHES = {
    "always": "All of it is heard",
    "sometimes": "Some of it is heard",
    "unknown": "Unknown",
    "cannot": "Nothing of it is heard",
}
ORDER = ("always", "sometimes", "unknown", "cannot")


@dataclass
class Leg:
    """One delivery with those that follow it; ``handed`` is JSON, empty where it is not known."""

    edge: Mapping[str, Any]
    word: str
    said: str
    because: str
    ends: str
    handed: str
    is_set: bool
    next: list[Leg] = field(default_factory=list)

    @property
    def order(self) -> tuple[int, str]:
        """What is heard first, then by name."""
        return ORDER.index(self.word), str(self.edge["target_name"])


def reach_word(hop: Hop) -> str:
    """How much of what somebody writes a filter hears."""
    return REACHES[hop.word]


def legs(found: Journey, graph: Graph) -> list[Leg]:
    """The deliveries of a journey as a tree: at each channel what passes first."""
    made: list[Leg] = []
    first: list[Leg] = []
    for each in found.deliveries:
        is_heard = not isinstance(each.hop, Cannot)
        leg = Leg(
            legible(_edge(each.edge, graph)),
            each.hop.word,
            WORDS[each.hop.word],
            legible(each.hop.because),
            each.ends if is_heard else "",
            legible(pretty(each.record)) if each.record is not None else "",
            is_heard and each.record is None,
        )
        made.append(leg)
        (first if each.parent < 0 else made[each.parent].next).append(leg)
    for leg in made:
        leg.next.sort(key=lambda each: each.order)
    return sorted(first, key=lambda each: each.order)


def listed(first: Sequence[Leg], step: int = 1) -> Iterator[dict[str, Any]]:
    """The deliveries of a tree, a row each: at which step, and each before what follows it."""
    for leg in first:
        yield {
            "step": step,
            **{name: leg.edge[name] for name in ("does", "target", "label")},
            "word": leg.word,
            "because": leg.because,
            "ends": leg.ends,
        }
        yield from listed(leg.next, step + 1)


def counted(first: Sequence[Leg]) -> str:
    """How many of the first deliveries hear it, in words."""
    heard = sum(leg.word in ("always", "sometimes") for leg in first)
    unknown = sum(leg.word == "unknown" for leg in first)
    doubt = f", of {unknown} it is not known" if unknown else ""
    listen = "delivery listens" if len(first) == 1 else "deliveries listen"
    return f"{len(first)} {listen} here: {heard} {'hears' if heard == 1 else 'hear'} it{doubt}."


@dataclass(frozen=True, slots=True)
class Writer:
    """A known writer's way to a channel: names in order, and what it says of the filter."""

    key: str
    way: tuple[Mapping[str, Any], ...]
    before: Hop | None = None
    after: Hop | None = None

    @property
    def told(self) -> dict[str, Any]:
        """As a file and the API tell it: ARNs on the way, and each hop with its reason."""

        def hop(found: Hop | None) -> dict[str, str] | None:
            return {"verdict": found.word, "because": found.because} if found else None

        return {
            "id": self.key,
            "way": [stop["arn"] for stop in self.way],
            "before": hop(self.before),
            "after": hop(self.after),
            "turn": self.turn,
        }

    @property
    def turn(self) -> str:
        """What the edit changes for it."""
        if self.before is None or self.after is None:
            return ""
        was, now = (not isinstance(hop, Cannot) for hop in (self.before, self.after))
        if was != now:
            return "reaches it now" if now else "reaches it no more"
        return "as before" if self.before.word == self.after.word else "otherwise than before"


def writer(each: Arriving, graph: Graph, reach: Reach | None = None) -> Writer:
    """A way for the page; ``reach`` where a filter is compared with it."""
    stops = [graph.resources[edge.source] for edge in each.way]
    named = tuple(
        {"name": legible(one.name), "kind": one.kind, "arn": legible(one.arn)} for one in stops
    )
    if reach is None:
        return Writer(key(each), named)
    return Writer(key(each), named, _told(reach.before), _told(reach.after))


def key(each: Arriving) -> str:
    """What an address calls a way."""
    return ".".join(edge.id for edge in each.way)


def listened(graph: Graph) -> Iterator[Resource]:
    """The channels that something listens to, by name."""
    heard = {
        edge.source
        for edge in graph.edges
        if edge.meaning in (Meaning.TRIGGERS, Meaning.FORWARDS)
        and graph.resources[edge.source].kind in LANGUAGES
    }
    found = (graph.resources[arn] for arn in heard)
    yield from sorted(found, key=lambda each: (each.name, each.arn))


def _told(hop: Hop) -> Hop:
    return type(hop)(legible(hop.because))


def _edge(edge: Edge, graph: Graph) -> dict[str, Any]:
    target = graph.resources[edge.target]
    return {
        "id": edge.id,
        "label": edge.label,
        "does": MEANINGS.get(edge.meaning.value, edge.meaning.value),
        "has_filter": edge.filter is not None,
        "target": target.arn,
        "target_name": target.name,
        "target_kind": target.kind,
    }
