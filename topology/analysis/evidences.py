"""All that speaks for one hop, strongest first: what says so, where it is, and as of when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from topology.analysis import words
from topology.graph import Edge, Evidence, Resource

if TYPE_CHECKING:
    from topology.analysis.loops import LoopHop

MOST = 20  # places in the code that are told


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that speaks for a hop.

    ``where`` names it: a call, a metric, file and line, a variable, a statement; empty where the
    text says it all. ``as_of`` is when it was read (UTC); None where that is not known.
    """

    kind: Evidence
    text: str
    where: str = ""
    as_of: datetime | None = None


def evidences(
    hop: LoopHop, resources: Mapping[str, Resource], as_of: datetime | None
) -> tuple[Proof, ...]:
    """Everything known that speaks for ``hop``; ``as_of`` is when what it rests on was read."""
    edge = hop.edge
    source = resources[edge.source]
    found = [*_declared(edge, source, as_of), *_observed(edge, as_of), *_coded(edge, as_of)]
    found += [*_configured(edge, source, as_of), *_permitted(edge, as_of)]
    return tuple(sorted(found, key=lambda proof: proof.kind.strength))


def _declared(edge: Edge, source: Resource, as_of: datetime | None) -> Iterator[Proof]:
    if edge.evidence is Evidence.DECLARED:
        subject = edge.subject or words.named(source)
        where = " ".join(filter(None, (edge.read, edge.label)))
        yield Proof(Evidence.DECLARED, f"The configuration of {subject} says so.", where, as_of)


def _observed(edge: Edge, as_of: datetime | None) -> Iterator[Proof]:
    """What metrics, traces or a trail showed: texts, or rows with a text, a place and a time."""
    seen = edge.attributes.get("observed")
    for each in seen if isinstance(seen, list | tuple) else filter(None, (seen,)):
        if isinstance(each, Mapping):
            text = str(each.get("text") or each.get("what") or "It was seen happening.")
            where = str(each.get("where") or each.get("metric") or "")
            yield Proof(Evidence.OBSERVED, text, where, _moment(each.get("at")) or as_of)
        else:
            yield Proof(Evidence.OBSERVED, "It was seen happening.", str(each), as_of)
    if not seen and edge.evidence is Evidence.OBSERVED:
        yield Proof(Evidence.OBSERVED, "It was seen happening.", "", as_of)


def _coded(edge: Edge, as_of: datetime | None) -> Iterator[Proof]:
    places: Sequence[Mapping[str, Any]] = edge.attributes.get("code") or ()
    for each in places[:MOST]:
        text = f"The code calls {each.get('call', 'it')}."
        if guarded := each.get("guarded"):
            text += f" Guarded in code: {guarded}. That alone is not trusted to stop it."
        if note := each.get("note"):
            text += f" {note}"
        yield Proof(Evidence.CODED, text, f"{each['file']}:{each['line']}", as_of)
    if len(places) > MOST:
        text = f"The code does so in {len(places) - MOST} more places."
        yield Proof(Evidence.CODED, text, "", as_of)
    if not places and edge.evidence is Evidence.CODED:
        yield Proof(Evidence.CODED, "The code does it.", "", as_of)


def _configured(edge: Edge, source: Resource, as_of: datetime | None) -> Iterator[Proof]:
    if variable := edge.attributes.get("variable"):
        text = "An environment variable names the target."
        yield Proof(Evidence.CONFIGURED, text, str(variable), as_of)
        return
    mentioned = source.attributes.get("environment") or ()
    if not edge.attributes.get("statements"):
        return
    for each in mentioned:
        if each["names"] == edge.target and each.get("direction") == "reads":
            text = (
                "An environment variable names the target as something to read from, so it "
                "counts for no more than the permission."
            )
            yield Proof(Evidence.PERMITTED, text, each["variable"], as_of)


def _permitted(edge: Edge, as_of: datetime | None) -> Iterator[Proof]:
    statements = edge.attributes.get("statements") or ()
    weakest = edge.evidence if edge.evidence is Evidence.PERMITTED_ANY else Evidence.PERMITTED
    allowed = " and ".join(edge.attributes.get("actions") or ())
    for statement in statements:
        whatever = " on any resource of this kind" if weakest is Evidence.PERMITTED_ANY else ""
        text = f"The role allows {allowed or 'it'}{whatever}."
        where = str(statement).replace("*", "")  # marks around a policy's name, in a sentence
        yield Proof(weakest, text, where, as_of)
    is_hearsay = edge.evidence in (Evidence.PERMITTED, Evidence.PERMITTED_ANY)
    if not statements and is_hearsay:
        yield Proof(weakest, f"The role allows {allowed or 'it'}.", edge.label, as_of)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
