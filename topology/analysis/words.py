"""Sentences about loops and hops, for an engineer who was woken at two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from topology import catalog
from topology.graph import Edge, Evidence, Meaning, Resource
from topology.verdict import Always, Cannot, LoopVerdict, Sometimes

if TYPE_CHECKING:
    from topology.analysis.loops import Guard, LoopHop

MEANINGS = {
    Meaning.TRIGGERS: "triggers",
    Meaning.WRITES: "may write to",
    Meaning.ON_FAILURE: "sends what it could not process to",
    Meaning.FORWARDS: "passes events on to",
}
PLACES = 3  # in the code, named in a sentence


def named(resource: Resource) -> str:
    """The kind and name of a resource: ``function csv-to-json``."""
    kind = catalog.kinds().get(resource.kind)
    return f"{kind.title if kind else 'resource'} {resource.name}"


def title(hops: Sequence[LoopHop], resources: Mapping[str, Resource]) -> str:
    """The names in order of travel, back to the first."""
    names = [resources[hop.edge.source].name for hop in hops]
    return " → ".join([*names, names[0]])


def hop(edge: Edge, resources: Mapping[str, Resource]) -> str:
    """One hop as a sentence."""
    source, target = resources[edge.source], resources[edge.target]
    verb = MEANINGS[edge.meaning]
    if edge.meaning is Meaning.WRITES and edge.evidence.strength <= Evidence.CODED.strength:
        verb = "writes to"
    if edge.meaning is Meaning.WRITES and edge.evidence is Evidence.CONFIGURED:
        verb = "is configured with, and may write to,"
    return f"{_capital(named(source))} {verb} {named(target)}."


def explanation(
    verdict: LoopVerdict, hops: Sequence[LoopHop], guard: Guard, resources: Mapping[str, Resource]
) -> str:
    """Why the loop has its verdict, and what would settle or change it."""
    return _text(*_why(verdict, hops, guard, resources), *_trusted(verdict, hops))


def _why(
    verdict: LoopVerdict, hops: Sequence[LoopHop], guard: Guard, resources: Mapping[str, Resource]
) -> Iterator[str]:
    match verdict:
        case LoopVerdict.BLOCKED:
            yield "It does not go round."
            yield from _stopped(hops)
            yield "Changing that would close the loop."
        case LoopVerdict.RETRY_STORM:
            failing = [hop for hop in hops if hop.edge.meaning is Meaning.ON_FAILURE]
            where = " and ".join(named(resources[hop.edge.source]) for hop in failing)
            yield (
                f"It goes round only while processing fails: what {where} cannot process comes "
                "back and fails again."
            )
            yield from _unproven(hops)
            yield "Limit the attempts, or send failures where nothing re-sends them."
        case _:
            unproven = _unproven(hops)
            yield (
                "Nothing stops it, but it is not proven."
                if unproven
                else "What it writes comes back."
            )
            yield from unproven
            yield from _proven(hops)
            cut = "AWS's recursion guard cuts it after about 16 passes, which are billed."
            yield cut if guard.covered else guard.because


def _trusted(verdict: LoopVerdict, hops: Sequence[LoopHop]) -> Iterator[str]:
    """Where the verdict rests on code that was read: which, where, and how to do without it."""
    found = [hop.edge.attributes for hop in hops if "trusted_code" in hop.edge.attributes]
    if not found or verdict in (LoopVerdict.LIVE, LoopVerdict.GUARDED):
        return
    for each in found:
        places = [f"`{place['file']}:{place['line']}`" for place in each.get("code", ())]
        more = f" and {len(places) - PLACES} more places" if len(places) > PLACES else ""
        where = f"what {', '.join(places[:PLACES])}{more} shows" if places else "nothing"
        yield (
            f"{each['trusted_code']} was read and understood completely, so here it counts as "
            f"writing {where}, whatever else its role allows."
        )
    yield (
        "Without trust in code the verdict may be graver: the page of the workspace switches it "
        "off, and so does `loopscope audit --distrust-code`."
    )


def _stopped(hops: Sequence[LoopHop]) -> list[str]:
    """Why nothing passes; where a filter says so, after the write that cannot pass it."""
    sentences: list[str] = []
    for number, each in enumerate(hops):
        if isinstance(each.hop, Cannot):
            before = [*hops[number:], *hops[:number]][:0:-1]
            writes = [one for one in before if one.edge.meaning is Meaning.WRITES]
            if each.edge.filter and not each.edge.dormant:
                sentences += [write.hop.because for write in writes[:1]]
            sentences.append(each.hop.because)
    return sentences


def _proven(hops: Sequence[LoopHop]) -> list[str]:
    """The reasons of the writes and filters that hold."""
    return [
        hop.hop.because
        for hop in hops
        if hop.is_convincing and (hop.edge.meaning is Meaning.WRITES or hop.edge.filter)
    ]


def _unproven(hops: Sequence[LoopHop]) -> list[str]:
    """What is missing for a proof, and what would settle it."""
    sentences: list[str] = []
    for each in hops:
        if each.edge.meaning is Meaning.ON_FAILURE or each.is_convincing:
            continue
        sentences.append(each.hop.because)
        match each.hop:
            case Sometimes():
                sentences.append("What the code really writes would settle it.")
            case Always():
                sentences.append("No environment variable names it; a narrower role would end it.")
    return sentences


def _text(*sentences: str) -> str:
    """Sentences as one text, each reason once."""
    return " ".join(_capital(sentence) for sentence in dict.fromkeys(sentences))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
