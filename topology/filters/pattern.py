"""Event patterns: a JSON object with the shape of the event and a list of operators per field.

Fields are joined by AND, the list of one field and the objects of ``$or`` by OR. Lists in an
event are searched: one element must satisfy all that the pattern asks below it. Keys are joined
by dots before they are compared, so ``{"a.b": [1]}`` and ``{"a": {"b": [1]}}`` are the same, in
events too; the paths of an event set are split at every dot.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any

from topology.filters.document import DEEPEST, FilterError, Json, a_list, an_object, within, wrong
from topology.filters.operator_syntax import OPERATORS, parse_operator
from topology.filters.operators import Heard, Operator, any_of
from topology.sets.events import ABSENT, EventSet, Path, Value

OR = "$or"
RESERVED = frozenset(OPERATORS) | {"=", "<", "<=", ">", ">=", "regex"}
MOST_COMBINATIONS = 1000  # of $or alternatives, as EventBridge
MOST_BOXES = 256  # that are compared; more alternatives are heard as anything


@dataclass(frozen=True, slots=True)
class Leaf:
    """The operators of one field, any of which may accept it."""

    operators: tuple[Operator, ...]

    def matches(self, value: Any) -> bool:
        """Whether a value of the event, or one element of a list, is accepted."""
        return any(
            operator.accepts(scalar)
            for scalar in list(_scalars(value)) or [ABSENT]
            for operator in self.operators
        )

    def heard(self) -> Heard:
        """Every value that is accepted, with a doubt in words where these are more than that."""
        return any_of([operator.heard() for operator in self.operators])


@dataclass(frozen=True, slots=True)
class Pattern:
    """What an object must hold: all ``fields``, and one alternative of each of the ``choices``."""

    fields: tuple[tuple[str, Leaf | Pattern], ...] = ()
    choices: tuple[tuple[Pattern, ...], ...] = ()

    def matches(self, value: Any) -> bool:
        """Whether an object, or one element of a list of objects, has what is asked."""
        return any(self._matches(element) for element in list(_elements(value)) or [ABSENT])

    def _matches(self, element: Any) -> bool:
        return all(node.matches(_member(element, key)) for key, node in self.fields) and all(
            any(alternative.matches(element) for alternative in choice) for choice in self.choices
        )

    @property
    def combinations(self) -> int:
        """In how many ways its ``$or`` alternatives can be chosen."""
        below = (node.combinations for _, node in self.fields if isinstance(node, Pattern))
        return prod(below) * prod(
            sum(alternative.combinations for alternative in choice) for choice in self.choices
        )

    def heard(self) -> EventSet:
        """Every event that matches, one box per combination of ``$or`` alternatives."""
        if self.combinations > MOST_BOXES:
            return EventSet.demands({}, {(): f"it has {self.combinations} alternatives"})
        return EventSet(tuple(sorted({box for way in self._ways() for box in _demands(way).boxes})))

    def _ways(self) -> list[dict[Path, Leaf]]:
        """Every way to match: what each path must be, with one alternative of each ``$or``."""
        ways: list[dict[Path, Leaf]] = [{}]
        for key, node in self.fields:
            below = [{(): node}] if isinstance(node, Leaf) else node._ways()
            ways = [
                {**way, **{(key, *path): leaf for path, leaf in more.items()}}
                for way in ways
                for more in below
            ]
        for choice in self.choices:
            options = [way for alternative in choice for way in alternative._ways()]
            ways = [{**way, **more} for way in ways for more in options]
        return ways


def _demands(way: Mapping[Path, Leaf]) -> EventSet:
    heard = {path: leaf.heard() for path, leaf in way.items()}
    return EventSet.demands(
        {path: values for path, (values, _) in heard.items()},
        {path: doubt for path, (_, doubt) in heard.items() if doubt},
    )


def parse_pattern(value: Json, at: str) -> Pattern:
    """The pattern of a JSON value that was read with ``document.read``.

    An empty object hears everything. Raises ``FilterError`` for what AWS refuses.
    """
    found = an_object(value, at)
    pattern = _parse_object(found, at, 1) if found else Pattern()
    if pattern.combinations > MOST_COMBINATIONS:
        raise FilterError(at, f"$or gives more than {MOST_COMBINATIONS} combinations")
    _paths(pattern, (), at)
    return pattern


def _parse_object(found: Mapping[str, Json], at: str, depth: int) -> Pattern:
    if not found:
        raise FilterError(at, "may not be an empty object")
    if depth > DEEPEST:  # keys with dots nest deeper than the document's brackets
        raise FilterError(at, f"too deep: a filter may nest {DEEPEST} levels at most")
    fields: dict[str, Json] = {}
    choices: list[tuple[Pattern, ...]] = []
    for key, value in found.items():
        if is_choice(key, value):
            choices.append(_parse_choice(a_list(value, at), within(at, OR), depth))
            continue
        head, dot, rest = key.partition(".")
        inside = within(at, head)
        value = {rest: value} if dot else value
        fields[head] = _joined(fields[head], value, inside) if head in fields else value
    return Pattern(
        tuple((key, _parse_field(value, within(at, key), depth)) for key, value in fields.items()),
        tuple(choices),
    )


def _parse_field(value: Json, at: str, depth: int) -> Leaf | Pattern:
    if isinstance(value, dict):
        return _parse_object(value, at, depth + 1)
    if not isinstance(value, list):
        wrong(at, "an object or a list of values", value)
    if not value:
        raise FilterError(at, "may not be an empty list: it matches nothing")
    return Leaf(tuple(parse_operator(item, within(at, i)) for i, item in enumerate(value)))


def is_choice(key: str, value: Json) -> bool:
    """Whether a member is an ``$or`` of objects, and not a field that happens to be called so.

    AWS takes it for a field's name unless it holds two objects that cannot be operators.
    """
    return (
        key == OR
        and isinstance(value, list)
        and len(value) > 1
        and all(isinstance(item, dict) and not RESERVED & item.keys() for item in value)
    )


def _parse_choice(items: Sequence[Json], at: str, depth: int) -> tuple[Pattern, ...]:
    return tuple(
        _parse_object(an_object(item, within(at, i)), within(at, i), depth + 1)
        for i, item in enumerate(items)
    )


def _joined(one: Json, other: Json, at: str) -> Json:
    """Two objects for one key, of which one was written with dots: ``a.b`` beside ``a``."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        raise FilterError(at, "is given twice, as a value and with dots")
    if twice := one.keys() & other.keys():
        raise FilterError(within(at, min(twice)), "is given twice")
    return {**one, **other}


def _paths(pattern: Pattern, path: Path, at: str) -> set[Path]:
    """All paths asked; AWS refuses one asked again by a ``$or``: it cannot say which counts."""
    found: set[Path] = set()
    for key, node in pattern.fields:
        found |= _paths(node, (*path, key), at) if isinstance(node, Pattern) else {(*path, key)}
    for choice in pattern.choices:
        chosen = {asked for option in choice for asked in _paths(option, path, at)}
        if twice := found & chosen:
            raise FilterError(at, f"{'.'.join(min(twice))} is asked again by a $or")
        found |= chosen
    return found


def _elements(value: Any) -> Iterator[Any]:
    """The value, or the elements of a list of whatever depth."""
    if isinstance(value, list | tuple):
        for element in value:
            yield from _elements(element)
    else:
        yield value


def _scalars(value: Any) -> Iterator[Value]:
    """The leaves at a path: an object is none, and an empty list has none."""
    for element in _elements(value):
        if isinstance(element, bool | str) or element is None:
            yield element
        elif isinstance(element, int | float | Decimal):
            number = Decimal(str(element))
            if number.is_finite():
                yield number


def _member(element: Any, key: str) -> Any:
    """The value under a key, or under all keys that begin with it and a dot."""
    if not isinstance(element, Mapping):
        return ABSENT
    dotted = {k[len(key) + 1 :]: v for k, v in element.items() if k.startswith(f"{key}.")}
    if not dotted:
        return element.get(key, ABSENT)
    return [dotted, element[key]] if key in element else dotted
