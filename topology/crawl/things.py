"""What a list shows, told apart by what we make of it: not by fields nobody reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from topology.catalog.service import Call, Fact, Here, Mention
from topology.crawl.ask import parameters
from topology.graph import Edge, Resource

if TYPE_CHECKING:
    from topology.crawl.walk import Task

Thing: TypeAlias = tuple[Call, str]  # the list that shows it, and its name there
# What a list showed: a number for everything stated of a thing and for everything to be asked.
# They live in memory only, and as long as a crawl: no more may be kept of an environment's values.
Seen: TypeAlias = dict[Thing, set[int]]


def name_of(call: Call, facts: Sequence[Fact], more: Sequence[Task]) -> str:
    """What to call an item of a list: its ARN, or whatever else it is known by.

    An answer that lists nothing is one thing, whatever its pages.
    """
    if call.items is None:
        return ""
    for fact in facts:
        if isinstance(fact, Resource):
            return fact.arn
    for task in more:
        return task.subject
    for fact in facts:
        if isinstance(fact, Edge):
            return f"{fact.source} → {fact.target}"
    return ""


def add_prints(
    seen: Seen, thing: Thing, here: Here, facts: Iterable[Fact], more: Iterable[Task]
) -> None:
    """Add what is stated and what is to be asked of a thing; one that says nothing is not seen."""
    prints = {*_stated(facts), *_asked(here, more)}
    if prints:
        seen.setdefault(thing, set()).update(prints)


def _stated(facts: Iterable[Fact]) -> Iterator[int]:
    for fact in facts:
        if isinstance(fact, Mention):
            yield hash((fact.actor, fact.variable, fact.value))  # its repr holds back the value
        else:
            yield hash(repr(fact))


def _asked(here: Here, more: Iterable[Task]) -> Iterator[int]:
    for task in more:
        asked = ""
        with suppress(LookupError, TypeError):  # it will fail when it is asked
            asked = repr(parameters(task.call, here, *task.above))
        yield hash((task.call.operation, asked))
