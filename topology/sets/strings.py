"""Sets of strings: what a pattern, a filter or a policy lets through, with a witness or a proof.

A string is any sequence of code points, NUL and lone surrogates included. Sets are closed under
``|``, ``&``, ``-`` and ``~``; every question about them is answered by a lazy search that stops
when its budget of steps is spent (``TooComplex``), never by building a whole automaton.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from topology.sets import segments
from topology.sets.budget import TooComplex
from topology.sets.expressions import (
    ANY,
    NOTHING,
    Pattern,
    StringSet,
    Texts,
    Union,
    pattern,
    union,
)

__all__ = [
    "ANY",
    "NOTHING",
    "StringSet",
    "TooComplex",
    "ignore_case",
    "literal",
    "one_of",
    "prefix",
    "suffix",
    "union",
    "wildcard",
]

MADE = 4096  # patterns kept as made: comparing a value with itself is free


def literal(text: str) -> StringSet:
    """The one string ``text``."""
    return one_of((text,))


def one_of(texts: Iterable[str]) -> StringSet:
    """Exactly ``texts``."""
    return Texts(frozenset(texts))


@lru_cache(maxsize=MADE)
def prefix(text: str) -> StringSet:
    """Every string that starts with ``text``."""
    return pattern((tuple(text), ()))


@lru_cache(maxsize=MADE)
def suffix(text: str) -> StringSet:
    """Every string that ends in ``text``."""
    return pattern(((), tuple(text)))


@lru_cache(maxsize=MADE)
def wildcard(text: str, single: bool = False) -> StringSet:
    r"""Every string that a pattern with ``*`` (any run of characters) matches as a whole.

    ``single`` is IAM's dialect: ``?`` is any one character and nothing can be escaped. Otherwise
    it is EventBridge's: ``?`` is itself, ``\*`` a star, ``\\`` a backslash.
    """
    return pattern(segments.parse(text, single))


def ignore_case(of: StringSet) -> StringSet:
    """``of`` (built of literals, prefixes and suffixes) with each character in either case.

    As EventBridge's open-source matcher does, character by character: besides itself a character
    of ``of`` matches its lower and its upper case by Unicode's full mapping, without a locale. So
    ``ß`` also matches ``SS`` and the Kelvin sign also ``k``, but ``k`` only ``K``. Raises
    ``TooComplex`` where characters like ``ß`` allow more than 64 spellings.

    Source: https://github.com/aws/event-ruler (EqualsIgnoreCaseParser)
    """
    if isinstance(of, Texts):
        return union(ignore_case(Pattern((tuple(text),))) for text in of.texts)
    if isinstance(of, Pattern):
        return union(map(pattern, segments.in_any_case(of.segments)))
    if isinstance(of, Union):
        return union(map(ignore_case, of.parts))
    if of == ANY:
        return of
    raise ValueError(f"only literals, prefixes and suffixes can ignore case, not {of.describe()}")
