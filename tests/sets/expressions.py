"""Random sets of strings, each with a slow obvious oracle of its own, over a small alphabet."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st

from topology.sets import strings
from topology.sets.strings import StringSet

ALPHABET = "ab-"  # "-" occurs in no pattern: it stands for every other character
LONGEST = 5
TEXTS = ["".join(t) for n in range(LONGEST + 1) for t in itertools.product(ALPHABET, repeat=n)]

PROFILE = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Case:
    """A set, what it must contain, and for one pattern the regular expression of it."""

    of: StringSet
    holds: Callable[[str], bool]
    regex: str = ""

    @property
    def members(self) -> set[str]:
        return {text for text in TEXTS if self.holds(text)}

    def __repr__(self) -> str:
        return f"Case({self.of})"


def matches(pattern: str, text: str) -> bool:
    """IAM's wildcards by the definition: a star is empty, or takes one character and stays."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and matches(pattern[1:], text[1:])


def _leaf(pattern: str) -> Case:
    regex = pattern.replace("*", "?*").replace("?", "(a|b|-)")
    of = strings.wildcard(pattern, single=True)
    return Case(of, lambda text: matches(pattern, text), regex)


def _negated(case: Case) -> Case:
    return Case(~case.of, lambda text: not case.holds(text))


def _united(pair: tuple[Case, Case]) -> Case:
    one, other = pair
    return Case(one.of | other.of, lambda text: one.holds(text) or other.holds(text))


def _intersected(pair: tuple[Case, Case]) -> Case:
    one, other = pair
    return Case(one.of & other.of, lambda text: one.holds(text) and other.holds(text))


def _less(pair: tuple[Case, Case]) -> Case:
    one, other = pair
    return Case(one.of - other.of, lambda text: one.holds(text) and not other.holds(text))


patterns = st.text("ab*?", max_size=5)
leaves = patterns.map(_leaf)
cases = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(_negated),
        st.tuples(inner, inner).map(_united),
        st.tuples(inner, inner).map(_intersected),
        st.tuples(inner, inner).map(_less),
    ),
    max_leaves=6,
)
