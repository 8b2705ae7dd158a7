"""A trial of the rules: an event that is sent, or a filter and who reaches it.

``asked`` has the names of ``NAMES``, as the tester's page and the API take them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from topology.analysis import hearing
from topology.analysis.edits import EditError
from topology.analysis.narrowing import language_of
from topology.catalog.s3 import BUCKET
from topology.filters.document import FilterError
from topology.filters.places import located
from topology.graph import Edge, Filter, Resource
from topology.inference.journeys import Parcel, journey, parcel
from topology.inference.reaching import arriving, reaches
from topology.inference.records import record, stored
from topology.runs import Wiring
from topology.web import hearings
from topology.web.hearings import Leg, Writer

NAMES = ("at", "event", "key", "name", "write", "edge", "language", "hears")
PUT = "ObjectCreated:Put"


class Complaint(Exception):  # noqa: N818 - what a visitor is told is no error of ours
    """What was asked for makes no sense, in a sentence; ``field`` is where it was typed."""

    def __init__(self, said: str, field: str, status: int = 400) -> None:
        super().__init__(said)
        self.said, self.field, self.status = said, field, status


@dataclass(frozen=True)
class Heard:
    """Who hears an event: deliveries as a tree, those counted beyond it, and that in words."""

    legs: Sequence[Leg]
    more: int
    said: str
    is_set: bool


@dataclass(frozen=True)
class Reached:
    """The known writers against a filter as it is (``is_new``: there was none) and as typed.

    ``more`` is whether further ways lead there than were looked at.
    """

    writers: Sequence[Writer]
    more: bool
    is_new: bool
    is_edited: bool


def tried(wiring: Wiring, asked: Mapping[str, str]) -> Heard | Reached | None:
    """What comes of it; None where too little was asked yet. Raises ``Complaint``."""
    edge = _edge(wiring, asked)
    channel = _channel(wiring, asked, edge)
    if channel is None:
        return None
    if "hears" in asked or edge is not None:
        return _reached(wiring, channel, edge, asked)
    sent = _sent(wiring, channel, asked)
    if sent is None:
        return None
    found = journey(wiring.graph, channel.arn, sent)
    legs = hearings.legs(found, wiring.graph)
    return Heard(legs, found.more, hearings.counted(legs), sent.record is None)


def _edge(wiring: Wiring, asked: Mapping[str, str]) -> Edge | None:
    if not asked.get("edge"):
        return None
    if asked["edge"] not in wiring.graph.by_id:
        raise Complaint(
            "This reading has no such edge: it is gone, or was never there.", "edge", 404
        )
    return wiring.graph.by_id[asked["edge"]]


def _channel(wiring: Wiring, asked: Mapping[str, str], edge: Edge | None) -> Resource | None:
    if edge is not None:
        return wiring.graph.resources[edge.source]
    if not asked.get("at"):
        return None
    known = wiring.graph.resources.get(wiring.arns.get(asked["at"], ""))
    if known is None:
        raise Complaint(
            "This reading has no such channel: it is gone, or was never there.", "at", 404
        )
    return known


def _sent(wiring: Wiring, channel: Resource, asked: Mapping[str, str]) -> Parcel | None:
    """What is at the channel; None where nothing was given yet."""
    if asked.get("write"):
        ways, _ = arriving(wiring.graph, wiring.writes, channel.arn)
        found = next((each for each in ways if hearings.key(each) == asked["write"]), None)
        if found is None:
            raise Complaint("Nobody is known any more to write here that way.", "write", 404)
        return Parcel(found.events)
    pasted = asked.get("event", "").replace("\r\n", "\n")
    if pasted.strip():
        try:
            return parcel(record(pasted, channel), channel)
        except FilterError as error:
            reason, line, column = located(pasted, error)
            raise Complaint(f"Line {line}, column {column}: {reason}", "event") from None
    if channel.kind != BUCKET or "key" not in asked:
        return None
    try:
        return parcel(stored(asked["key"], asked.get("name") or PUT, channel), channel)
    except FilterError as error:
        raise Complaint(f"{error.message}.", "key") from None


def _reached(
    wiring: Wiring, channel: Resource, edge: Edge | None, asked: Mapping[str, str]
) -> Reached:
    before = edge.filter if edge else None
    language = _language(channel, edge, asked)
    after: Filter | None = before
    typed = asked.get("hears")
    if typed is not None:
        try:
            after = hearing.understood(language, typed.replace("\r\n", "\n"))
        except EditError as error:
            raise Complaint(str(error), "hears") from None
    ways, more = arriving(wiring.graph, wiring.writes, channel.arn)
    found = reaches(ways, before if edge else after, after)
    writers = [hearings.writer(each.arriving, wiring.graph, each) for each in found]
    return Reached(writers, more, edge is None, typed is not None)


def _language(channel: Resource, edge: Edge | None, asked: Mapping[str, str]) -> str:
    if edge is not None:
        if language := language_of(edge.kind, edge.filter):
            return language
        raise Complaint("No filter can be put on an edge of this kind.", "edge")
    known = hearings.LANGUAGES.get(channel.kind, ())
    asked_for = asked.get("language") or (known[0] if known else "")
    if asked_for not in known:
        raise Complaint("What is delivered from here is not filtered in that language.", "language")
    return asked_for
