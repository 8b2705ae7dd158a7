"""What the what-if page shows: changes in words, what becomes of loops, what else may be tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from topology.analysis.changes import Add, Reserve
from topology.analysis.edits import written
from topology.analysis.joins import joined
from topology.analysis.loops import LoopHop
from topology.analysis.offers import Offer
from topology.analysis.outcomes import Turn
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Meaning, Resource
from topology.reports.document import legible
from topology.reports.wording import MEANINGS
from topology.runs import Supposed
from topology.verdict import ScopeVerdict

EDIT = "c"  # the parameter of an address that holds an edit; there may be several
TITLES = {
    ScopeVerdict.LOOPS_FOUND: "Loops found",
    ScopeVerdict.NO_LOOP: "No loop within scope",
    ScopeVerdict.INCOMPLETE: "Incomplete",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the list; ``without`` is the address of the page that lacks it.

    ``hear`` is that of the page that edits the filter of an edge it adds, if it has one.
    """

    words: str
    misfit: str
    patch: Any
    without: str
    hear: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A loop before and after; ``href`` is empty where no page shows it."""

    loop: Mapping[str, Any]
    before: str
    after: str
    because: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What becomes of everything: the verdict, and the loops in the order of what happens.

    ``said`` is all of it in a sentence or two, ``counts`` that without the verdict.
    """

    before: str
    after: str
    before_title: str
    after_title: str
    groups: tuple[tuple[str, tuple[Turned, ...]], ...]
    same: int
    said: str
    counts: str
    facts: str
    own: Turned | None = None


def address(texts: Sequence[str], **more: str) -> str:
    """The query of a page with some edits."""
    pairs = [*((EDIT, text) for text in texts), *((k, v) for k, v in more.items() if v)]
    return "?" + urlencode(pairs)


def trying(cut: Mapping[str, Any], fingerprint: str) -> str:
    """The query that tries a cut of a report, or what to press first, on a loop.

    Empty where not all of it is told here, or the report is older than what-if.
    """
    told = cut.get("changes", [cut])
    texts = [each.get("edit", "") for each in told]
    is_whole = cut.get("changes_in_all", len(told)) == len(told)
    return address(texts, loop=fingerprint) if all(texts) and is_whole else ""


def changes(
    found: Supposed, kept: Mapping[str, str] | None = None, **more: str
) -> Iterator[Change]:
    """The edits in words; of one that no longer fits, what it meant when it was kept."""
    texts = [each.text for each in found.told]
    for each in found.told:
        others = [text for text in texts if text != each.text]
        words = each.patch.words if each.patch else (kept or {}).get(each.text, each.text)
        patch = legible_patch(each.patch)
        hear = address(texts, edge=each.hears, **more) if each.hears else ""
        without = address(others, **more)
        yield Change(legible(words), legible(each.misfit), patch, without, hear)


def legible_patch(patch: Any) -> Any:
    """A patch of which every text is fit for a page; None stays None."""
    if patch is None:
        return None
    members = ("words", "cli", "undo", "cloudformation", "terraform")
    return {name: legible(getattr(patch, name)) for name in members}


def shown(
    found: Supposed,
    report: Mapping[str, Any],
    resources: Mapping[str, Resource],
    about: str = "",
) -> Shown | None:
    """What becomes of the loops; ``about`` is the fingerprint of one that is told by itself."""
    outcome = found.outcome
    if outcome is None or found.after is None:
        return None
    listed = {each["fingerprint"] for each in report["loops"]}

    def rows(turns: Sequence[Turn]) -> tuple[Turned, ...]:
        return tuple(_turned(each, resources, listed) for each in turns)

    groups = (
        ("stops", rows(outcome.stopped)),
        ("goes round now", rows(outcome.opened)),
        ("has another verdict", rows(outcome.altered)),
    )
    own = next(
        (
            _turned(turn, resources, listed)
            for turn in (*outcome.stopped, *outcome.altered, *outcome.opened)
            if about and turn.before and turn.before.fingerprint == about
        ),
        None,
    )
    going = len(outcome.same) + sum(
        each["verdict"] not in ("blocked", "accepted")
        and outcome.members.isdisjoint(each["resources"])
        for each in report["loops"]
    )
    counted = ", ".join(
        f"{len(rows)} {one if len(rows) == 1 else several}"
        for (_, rows), (one, several) in zip(groups, COUNTED, strict=True)
        if rows
    )
    before, after = TITLES[found.before], TITLES[found.after]
    verdict = f"{before} → {after}" if before != after else f"Still: {before}"
    goes_on = f"{going} {'goes' if going == 1 else 'go'} on as before"
    counts = f"{counted or 'No loop becomes another'}; {goes_on}."
    facts = (
        f"Worked out in {found.seconds:.2f} s on {len(outcome.members)} resources that these "
        "changes can reach. Nothing was changed in AWS."
    )
    if outcome.unjudged:
        facts += f" {outcome.unjudged} more loops were not followed one by one."
    return Shown(
        found.before.value,
        found.after.value,
        before,
        after,
        tuple((title, rows) for title, rows in groups if rows),
        going,
        f"{verdict}. {counts}",
        counts,
        facts,
        own,
    )


COUNTED = (
    ("loop stops", "loops stop"),
    ("loop goes round now", "loops go round now"),
    ("loop has another verdict", "loops have another verdict"),
)


def listed(outcome: Shown | None) -> list[dict[str, Any]]:
    """The loops that become others, a row each, as a file and the API tell them."""
    return [
        {
            "what": what,
            "resources": [stop["source"] for stop in each.loop["edges"]],
            "before": each.before,
            "after": each.after,
            "because": each.because,
            "fingerprint": each.href,
        }
        for what, rows in (outcome.groups if outcome else ())
        for each in rows
    ]


def _turned(turn: Turn, resources: Mapping[str, Resource], listed: set[str]) -> Turned:
    fingerprint = turn.before.fingerprint if turn.before else ""
    hops = next((each.hops for each in (turn.after, turn.before) if each), ())
    return Turned(
        legible(_way(hops, resources)),
        turn.before.verdict.value if turn.before else "",
        turn.after.verdict.value if turn.after else "",
        legible(turn.because),
        fingerprint if fingerprint in listed else "",
    )


def _way(hops: Sequence[LoopHop], resources: Mapping[str, Resource]) -> dict[str, Any]:
    """A loop as ``way.html`` draws it."""

    def stop(edge: Edge) -> dict[str, str]:
        known = resources.get(edge.source)
        return {
            "source": edge.source,
            "source_name": known.name if known else edge.source,
            "source_kind": known.kind if known else "",
        }

    return {"edges": [stop(hop.edge) for hop in hops]}


@dataclass(frozen=True, slots=True)
class Row:
    """An edge that may be changed: what it is, and the addresses of the pages that change it."""

    source: Resource
    target: Resource
    does: str
    note: str
    switch: str
    is_on: bool
    hear: str
    deny: str


def row(offer: Offer, resources: Mapping[str, Resource], texts: Sequence[str], at: str) -> Row:
    """An offer as the page lists it."""
    edge = offer.edge

    def one_more(text: str) -> str:
        return address([*texts, text], at=at) if text and text not in texts else ""

    return Row(
        _legible(resources[edge.source]),
        _legible(resources[edge.target]),
        "may write to" if offer.deny else MEANINGS.get(edge.meaning.value, edge.meaning.value),
        legible(edge.dormant or edge.label),
        one_more(offer.switch),
        not edge.dormant,
        address(texts, at=at, edge=edge.id) if offer.language else "",
        one_more(offer.deny),
    )


def stopping(resource: Resource, texts: Sequence[str], at: str) -> str:
    """The address of the page on which a function has no concurrency; empty for anything else."""
    if resource.kind != FUNCTION or resource.attributes.get("reserved_concurrency") == 0:
        return ""
    text = written(Reserve(resource.arn, 0), Edge(resource.arn, resource.arn, Meaning.WRITES, ""))
    return address([*texts, text], at=at) if text not in texts else ""


@dataclass(frozen=True, slots=True)
class Joining:
    """Two resources that one more edge would connect, and the address of the page with it."""

    source: Resource
    target: Resource
    href: str


def joinings(
    one: Resource, others: Sequence[Resource], texts: Sequence[str], at: str
) -> Iterator[Joining]:
    """Every edge that could be added between a resource and some others, either way."""
    for other in others:
        for source, target in ((one, other), (other, one)):
            edge = joined(source, target)
            if edge is not None:
                href = address([*texts, written(Add(edge), edge)], at=at)
                yield Joining(_legible(source), _legible(target), href)


def _legible(resource: Resource) -> Resource:
    return Resource(
        legible(resource.arn),
        legible(resource.kind),
        resource.account,
        resource.region,
        legible(resource.name),
    )
