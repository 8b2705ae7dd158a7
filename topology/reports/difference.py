"""What changed between two readings: loops that are new, graver, milder or gone, and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from topology.reports.document import Document, Told
from topology.reports.parts import is_complete
from topology.verdict import LoopVerdict

WORSE = ("new", "graver")


def between(before: Document, after: Document) -> Document:
    """The later document, with only the loops that differ from the earlier one's.

    A loop is ``gone`` only if the later reading is complete: what held one of its edges may else
    just not have been read, and the loop is ``unseen``.
    """
    changed = list(_changes(before, after))
    known = {tuple(sorted(gap.items())) for gap in after["scope"]["gaps"]}
    closed = [g for g in before["scope"]["gaps"] if tuple(sorted(g.items())) not in known]
    earlier = {loop["fingerprint"]: loop["verdict"] for loop in before["loops"]}
    same = [each for each in after["loops"] if earlier.get(each["fingerprint"]) == each["verdict"]]
    then = before["scope"]["read_to"] or ""
    return {
        **after,
        "part": {
            "of": "difference",
            "id": then,
            "name": after.get("part", {}).get("name", ""),
            "unchanged": len(same),
            "verdicts_now": dict(Counter(loop["verdict"] for loop in after["loops"])),
            "gaps_closed": closed,
        },
        "loops": changed,
    }


def worse(document: Document) -> list[Told]:
    """The loops of a difference that were not there before, or not as grave."""
    return [loop for loop in document["loops"] if loop["change"] in WORSE]


def _changes(before: Document, after: Document) -> Iterator[Told]:
    """New and changed loops by the later rank, then those that are no longer found."""
    earlier = {loop["fingerprint"]: loop for loop in before["loops"]}
    for loop in after["loops"]:
        known = earlier.pop(loop["fingerprint"], None)
        if known is None:
            yield {**loop, "change": "new"}
        elif known["verdict"] != loop["verdict"]:
            then, now = (LoopVerdict(each["verdict"]).gravity for each in (known, loop))
            change = "graver" if now < then else "milder"
            yield {**loop, "change": change, "verdict_before": known["verdict"]}
    no_longer = "gone" if is_complete(after) and not after["more_loops"] else "unseen"
    for loop in earlier.values():
        yield {**loop, "change": no_longer}
