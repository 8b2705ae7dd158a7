"""What a caller chooses: values of condition keys, told apart only as far as conditions do.

``events:source`` is whatever the code writes into its event. The conditions of all statements
part its values into sets that none of them tells apart, so one request stands for each set.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod
from typing import TypeAlias

from topology.iam.conditions import Request
from topology.iam.documents import Condition, Effect, Statement
from topology.sets import strings
from topology.sets.strings import ANY, StringSet, TooComplex

MOST = 64  # choices told apart; beyond, the conditions stay undecided

# What condition keys are filled with; a key that is not named may hold anything.
Filled: TypeAlias = tuple[tuple[str, StringSet], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Requests that no condition tells apart: what their keys are filled with, and one of them."""

    filled: Filled = ()
    request: Request = field(default_factory=dict, hash=False)


FREE = (Choice(),)


def choices(keys: Mapping[str, bool], statements: Sequence[Statement]) -> tuple[Choice, ...]:
    """Every way to fill the keys, as far as a condition of the statements sees a difference.

    ``keys`` says of each condition key whether one request holds several values. A key with a
    condition that is not understood as a set of values is left out, so that it stays undecided.
    """
    parted = {key: _parts(key, keys[key], statements) for key in keys}
    told_apart = {key: parts for key, parts in parted.items() if parts}
    if not told_apart or prod(map(len, told_apart.values())) > MOST:
        return FREE
    return tuple(
        Choice(
            tuple(zip(told_apart, (values for values, _ in way), strict=True)),
            {key.lower(): (text,) for key, (_, text) in zip(told_apart, way, strict=True)},
        )
        for way in product(*told_apart.values())
    )


def merged(found: Iterable[tuple[Filled, StringSet]]) -> tuple[tuple[Filled, StringSet], ...]:
    """The same choices, each with a set that goes with it, as few as their union can be said in.

    Choices that differ in one key and go with equal sets become one.
    """
    kept = list(found)
    for key in [key for key, _ in kept[0][0]] if len(kept) > 1 else ():
        alike: dict[tuple[Filled, StringSet], list[StringSet]] = {}
        for filled, beside in kept:
            rest = tuple(each for each in filled if each[0] != key)
            alike.setdefault((rest, beside), []).append(dict(filled).get(key, ANY))
        kept = [
            (rest if (values := strings.union(parts)) == ANY else (*rest, (key, values)), beside)
            for (rest, beside), parts in alike.items()
        ]
    return tuple(kept)


def _parts(
    key: str, together: bool, statements: Sequence[Statement]
) -> list[tuple[StringSet, str]]:
    """The values of a key in sets that no condition tells apart, each with an example.

    Nothing where no condition asks for the key, or one cannot be understood.
    """
    named = {
        _named(condition, statement.effect, together)
        for statement in statements
        for condition in statement.conditions
        if condition.key.lower() == key.lower()
    }
    known = [each for each in named if each is not None]
    if not named or len(known) < len(named):
        return []
    parts = [(ANY, "")]
    try:
        for values in sorted(known):
            pieces = [piece for part, _ in parts for piece in (part & values, part - values)]
            examples = [(piece, piece.witness()) for piece in pieces]
            parts = [(piece, text) for piece, text in examples if text is not None]
            if len(parts) > MOST:
                return []
    except TooComplex:
        return []
    return parts


def _named(condition: Condition, effect: Effect, together: bool) -> StringSet | None:
    """The values a condition names, whether it asks for one of them or for another.

    Of several values judged together, "all are" says what each one is where it allows, and
    "any is" where it denies; the other way round a second value may change the answer.
    """
    quantifier, _, operator = condition.operator.rpartition(":")
    if operator == "Null":
        return ANY  # what is chosen is always there
    telling = "ForAllValues" if effect is Effect.ALLOW else "ForAnyValue"
    named = SETS.get(operator.removesuffix("IfExists").replace("Not", ""))
    if named is None or (together and quantifier != telling):
        return None
    return strings.union(named(value) for value in condition.values if "${" not in value)


def _in_any_case(text: str) -> StringSet:
    return strings.ignore_case(strings.literal(text))


SETS: Mapping[str, Callable[[str], StringSet]] = {  # by operator, without its negation
    "StringEquals": strings.literal,
    "StringEqualsIgnoreCase": _in_any_case,
    "StringLike": partial(strings.wildcard, single=True),
}
