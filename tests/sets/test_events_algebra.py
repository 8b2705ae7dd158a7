"""Sets of events against brute force: every plain event and many with lists, tried one by one.

AWS does not say whether ``exists: false`` looks at the chosen element of a list or at all of
them, so proofs must hold in both readings.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.sets.expressions import PROFILE
from topology.sets.events import ABSENT, EventSet, Path, Values, compare
from topology.verdict import Always, Cannot, Sometimes, Unknown

S, X, Y = ("s",), ("d", "x"), ("d", "y")
NAMED: list[Any] = ["p", "q", 1, True, None, ABSENT]
OTHER = "z"  # no set below names it: it stands for all other values
Event = dict[str, Any]
Accepts = Callable[[Any], bool]


def _object(**fields: Any) -> Event:
    return {name: value for name, value in fields.items() if value is not ABSENT}


@dataclass(frozen=True)
class Tried:
    """An event as each choice of one element of its lists sees it, and its paths to lists."""

    choices: list[dict[Path, Any]]
    lists: list[Path]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Tried:
        lists = [path for path in [(), S, ("d",), X, Y] if _is_list(event, path)]
        return cls([_flat(choice) for choice in _choices(event)], lists)


@dataclass(frozen=True)
class Demand:
    """Conditions on fields, as the algebra sees them and as a function of one value."""

    values: dict[Path, Values]
    accepts: dict[Path, Accepts]

    def __repr__(self) -> str:
        return str({".".join(path): values.describe() for path, values in self.values.items()})

    def is_met(self, event: Tried, everywhere: bool) -> bool:
        return any(
            all(
                accepts(choice.get(path, ABSENT))
                and (not everywhere or path in choice or not any(path in c for c in event.choices))
                for path, accepts in self.accepts.items()
            )
            for choice in event.choices
        )

    def holds_scalars(self, event: Tried) -> bool:
        """Whether the fields hold these values and neither they nor what is above is a list."""
        lists = [
            path for path in self.accepts for known in event.lists if path[: len(known)] == known
        ]
        return not lists and self.is_met(event, everywhere=True)


def _choices(value: Any) -> Iterator[Any]:
    """The value with one element taken of each list."""
    if isinstance(value, list):
        for element in value:
            yield from _choices(element)
    elif isinstance(value, dict):
        for picked in itertools.product(*(list(_choices(inner)) for inner in value.values())):
            yield dict(zip(value, picked, strict=True))
    else:
        yield value


def _flat(event: Event) -> dict[Path, Any]:
    found: dict[Path, Any] = {}
    for key, value in event.items():
        if isinstance(value, dict):
            found |= {(key, *path): inner for path, inner in _flat(value).items()}
        else:
            found[key,] = value
    return found


def _is_list(event: Any, path: Path) -> bool:
    for key in path:
        event = event.get(key) if isinstance(event, dict) else None
    return isinstance(event, list)


FEW = [_object(x=x, y=y) for x, y in itertools.product(["p", "q", ABSENT], repeat=2)]
PLAIN = [
    Tried.of(_object(s=s, d=_object(x=x, y=y)))
    for s, x, y in itertools.product([*NAMED, OTHER], repeat=3)
]
LISTS = [
    *(Tried.of({"s": s, "d": list(pair)}) for s in "pq" for pair in itertools.product(FEW, FEW)),
    *(
        Tried.of({"s": s, "d": {**d, "x": list(x)}})
        for s in "pq"
        for d in FEW
        for x in ["pq", "qz"]
    ),
]


@dataclass(frozen=True)
class Heard:
    """A filter of some alternatives."""

    alternatives: list[Demand]

    @property
    def set(self) -> EventSet:
        sets = [EventSet.demands(demand.values) for demand in self.alternatives]
        return reduce(EventSet.__or__, sets, EventSet())

    def holds(self, event: Tried, everywhere: bool) -> bool:
        return any(demand.is_met(event, everywhere) for demand in self.alternatives)


@dataclass(frozen=True)
class Written:
    """What some writes raise and some filters after them let pass."""

    raised: list[Demand]
    passed: list[Heard]

    @property
    def set(self) -> EventSet:
        sets = [EventSet.scalars(demand.values) for demand in self.raised]
        written = reduce(EventSet.__or__, sets, EventSet())
        return reduce(EventSet.__and__, (heard.set for heard in self.passed), written)

    def holds(self, event: Tried, everywhere: bool) -> bool:
        return any(demand.holds_scalars(event) for demand in self.raised) and all(
            heard.holds(event, everywhere) for heard in self.passed
        )


def _demand(fields: dict[Path, tuple[list[Any], bool]]) -> Demand:
    values = {p: Values.of(*v) if inside else ~Values.of(*v) for p, (v, inside) in fields.items()}

    def accepting(of: list[Any], inside: bool) -> Accepts:
        return lambda value: any(value == one and type(value) is type(one) for one in of) == inside

    conditions = {path: wanted for path, wanted in fields.items() if wanted != ([], False)}
    return Demand(values, {path: accepting(*wanted) for path, wanted in conditions.items()})


wanted = st.tuples(st.lists(st.sampled_from(NAMED), max_size=3, unique_by=repr), st.booleans())
fields = st.dictionaries(st.sampled_from([S, X, Y]), wanted, max_size=3)
demands = fields.map(_demand)
heards = st.builds(Heard, st.lists(demands, min_size=1, max_size=3))
raised = st.dictionaries(st.sampled_from([S, S, X]), wanted, max_size=2).map(_demand)
writtens = st.builds(
    Written, st.lists(raised, min_size=1, max_size=2), st.lists(heards, max_size=2)
)


@PROFILE
@given(writtens, heards)
def test_a_proof_holds_for_every_event_with_lists_or_without(
    written: Written, heard: Heard
) -> None:
    hop = compare(written.set, heard.set)
    for event, everywhere in itertools.product(PLAIN + LISTS, (True, False)):
        if written.holds(event, everywhere):
            is_heard = heard.holds(event, everywhere)
            assert not (isinstance(hop, Cannot) and is_heard), event
            assert not (isinstance(hop, Always) and not is_heard), event


@PROFILE
@given(writtens, heards)
def test_the_events_it_shows_are_written_and_heard_or_not(written: Written, heard: Heard) -> None:
    hop = compare(written.set, heard.set)
    for everywhere in (True, False):
        if hop.witness is not None:
            assert written.holds(Tried.of(hop.witness), everywhere)
            assert heard.holds(Tried.of(hop.witness), everywhere)
        if hop.counterexample is not None:
            assert written.holds(Tried.of(hop.counterexample), everywhere)
            assert not heard.holds(Tried.of(hop.counterexample), everywhere)


@PROFILE
@given(writtens, heards)
def test_it_finds_whatever_plain_events_show(written: Written, heard: Heard) -> None:
    hop = compare(written.set, heard.set)
    plain = [heard.holds(event, True) for event in PLAIN if written.holds(event, True)]
    if True in plain and False in plain:
        assert isinstance(hop, Sometimes)
    elif True in plain:
        assert isinstance(hop, Always) or "unless a field is a list" in hop.because
    else:
        assert isinstance(hop, Cannot) or "unless the field is a list" in hop.because


@PROFILE
@given(raised, heards)
def test_without_a_filter_on_the_way_never_and_always_are_decided(
    demand: Demand, heard: Heard
) -> None:
    known = Demand(
        {("d",): Values.of(ABSENT), **demand.values},
        {("d",): lambda value: value is ABSENT, **demand.accepts},
    )
    hop = compare(EventSet.scalars(known.values), heard.set)
    assert not isinstance(hop, Unknown)


@PROFILE
@given(writtens, heards, heards)
def test_another_condition_never_makes_the_impossible_possible(
    written: Written, heard: Heard, more: Heard
) -> None:
    if isinstance(compare(written.set, heard.set), Cannot):
        assert isinstance(compare(written.set & more.set, heard.set), Cannot)
        assert isinstance(compare(written.set, heard.set & more.set), Cannot)


@PROFILE
@given(writtens, heards)
def test_what_passed_a_filter_passes_it_again(written: Written, heard: Heard) -> None:
    if not isinstance(compare(written.set, heard.set), Cannot):
        hop = compare(written.set & heard.set, heard.set)
        assert isinstance(hop, Always) or "unless" in hop.because


@PROFILE
@given(writtens, heards)
def test_both_holds_what_each_holds(written: Written, heard: Heard) -> None:
    both = written.set & heard.set
    assert both.boxes == (heard.set & written.set).boxes
    witness = both.witness()
    plain = [event for event in PLAIN if written.holds(event, True) and heard.holds(event, True)]
    assert (witness is None) == (not plain)
