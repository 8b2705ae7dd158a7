"""What recipes make: always at least what the program would, and in everyday cases no more."""

from __future__ import annotations

from urllib.parse import unquote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from topology.sets import strings
from topology.sets.made import described, in_one_turn, is_derived, made, uses_up
from topology.sets.recipes import (
    Anything,
    Brought,
    Cased,
    Decoded,
    Either,
    Joined,
    Known,
    Part,
    Recipe,
    Replaced,
    Setting,
    Stripped,
    Trimmed,
)
from topology.sets.strings import ANY, NOTHING, StringSet
from topology.sets.url_encoding import url_encoded

KEY = Brought(("key",))
CSV, UPLOADS = strings.suffix(".csv"), strings.prefix("uploads/")
BASENAME = Part(KEY, "/", "after", "last")


def of(recipe: Recipe, keys: StringSet = CSV) -> StringSet:
    return made(recipe, lambda _: keys, lambda _: ANY)


@pytest.mark.parametrize(
    ("recipe", "keys", "heard", "expected"),
    [
        (Replaced(KEY, ".csv", ".json"), CSV, CSV, None),
        (Replaced(KEY, ".csv", ".json"), CSV, strings.wildcard("*.csv*"), None),
        (Replaced(KEY, ".csv", ".json"), ANY, CSV, None),
        (Replaced(KEY, ".csv", ".json"), CSV & UPLOADS, UPLOADS, "uploads/.json"),
        (Replaced(KEY, ".csv", ".csv.gz"), CSV, CSV, None),
        (Replaced(KEY, ".csv", "-out.csv"), CSV, CSV, "-out.csv"),
        (Replaced(KEY, ".csv", ".json", "first"), CSV, CSV, ".json.csv"),
        (Replaced(KEY, ".csv", ".json", "end"), CSV, CSV, None),
        (Replaced(KEY, ".csv", ".json", "end"), ANY, CSV, None),
        (Replaced(KEY, "in/", "out/", "start"), strings.prefix("in/"), strings.prefix("in/"), None),
        (Replaced(KEY, "uploads/", "done/"), UPLOADS, strings.prefix("done/"), "done/"),
        (Joined((Known("out/"), KEY)), CSV, UPLOADS, None),
        (Joined((Known("out/"), BASENAME)), CSV & UPLOADS, UPLOADS, None),
        (Joined((Known("out/"), BASENAME)), CSV, CSV, "out/.csv"),
        (Joined((Trimmed(KEY, 0, 4), Known(".json"))), CSV, CSV, None),
        (Part(KEY, "/", "before", "first"), UPLOADS, ANY, "uploads"),
        (Cased(KEY, "upper"), CSV, CSV, None),
        (Either((Known("a"), Known("b.csv"))), CSV, CSV, "b.csv"),
        (Anything(), CSV, CSV, ".csv"),
        (Setting("PREFIX", Known("a")), CSV, CSV, ".csv"),
    ],
)
def test_what_is_heard_of_it(
    recipe: Recipe, keys: StringSet, heard: StringSet, expected: str | None
) -> None:
    assert (of(recipe, keys) & heard).witness() == expected


def test_a_decoded_key_is_as_it_was_stored():
    keys = CSV & UPLOADS
    decoded = of(Decoded(KEY), url_encoded(keys))
    assert decoded.is_subset(CSV)
    assert decoded.is_subset(UPLOADS)


def test_a_percent_sign_before_the_end_may_take_some_of_it():
    encoded = strings.suffix("ab.csv")
    assert unquote_plus("%ab.csv") in of(Decoded(KEY), encoded)
    assert "k.csv" in of(Decoded(KEY), strings.suffix("b.csv"))  # of %6b.csv


@pytest.mark.parametrize(
    ("recipe", "left"),
    [
        (Replaced(KEY, ".csv", ".json", "first"), ".csv"),
        (Joined((Known("a"), Replaced(KEY, ".csv", ".json", "first"))), ".csv"),
        (Replaced(KEY, ".csv", ".csv.csv", "first"), ""),
        (Replaced(KEY, ".csv", ".json"), ""),
        (KEY, ""),
    ],
)
def test_what_every_turn_uses_up(recipe: Recipe, left: str) -> None:
    assert uses_up(recipe) == left
    assert bool(in_one_turn(recipe)) == bool(left)


def test_what_one_turn_leaves():
    recipe = Joined((Known("out/"), Replaced(KEY, ".csv", ".json", "first")))
    assert in_one_turn(recipe) == ("a.csv.csv", "a.json.csv")


def test_a_recipe_with_an_unknown_part_is_not_derived():
    assert is_derived(Joined((Known("a"), KEY)))
    assert not is_derived(Joined((Anything(), KEY)))
    assert is_derived(Setting("A", Known("a")))
    assert not is_derived(Setting("A"))


def test_a_recipe_that_is_too_long_may_make_anything():
    recipe: Recipe = KEY
    for _ in range(200):
        recipe = Cased(recipe, "lower")
    assert of(recipe) == ANY
    assert described(recipe)
    assert of(Either((Known("a"),) * 1000)) == ANY


def test_nothing_comes_of_nothing():
    assert of(Replaced(KEY, "a", "b"), NOTHING).is_empty()


TEXTS = st.text("ab./%+2", max_size=6)
LITERALS = st.text("ab./", min_size=1, max_size=3)
RECIPES = st.recursive(
    st.one_of(st.just(KEY), st.builds(Known, TEXTS)),
    lambda inner: st.one_of(
        st.builds(lambda a, b: Joined((a, b)), inner, inner),
        st.builds(lambda a, b: Either((a, b)), inner, inner),
        st.builds(
            Replaced,
            inner,
            LITERALS,
            st.text("ab./", max_size=3),
            st.sampled_from(["every", "first", "start", "end"]),
        ),
        st.builds(
            Part,
            inner,
            st.sampled_from("a/."),
            st.sampled_from(["before", "after"]),
            st.sampled_from(["first", "last"]),
            st.booleans(),
        ),
        st.builds(Trimmed, inner, st.integers(0, 3), st.integers(0, 3)),
        st.builds(
            Stripped, inner, st.sampled_from(["/", "a/", "."]), st.sampled_from(["start", "end"])
        ),
        st.builds(Cased, inner, st.sampled_from(["lower", "upper"])),
        st.builds(Decoded, inner, st.just(True)),
    ),
    max_leaves=4,
)
PATTERNS = st.text("ab./%+2*", max_size=8)


def run(recipe: Recipe, key: str, turn: int) -> str:
    """What a Python program would make of a key."""
    match recipe:
        case Known(text):
            return text
        case Joined(parts):
            return "".join(run(part, key, turn) for part in parts)
        case Either(options):
            return run(options[turn % len(options)], key, turn)
        case Replaced(source, old, new, where):
            text = run(source, key, turn)
            if where == "start":
                return new + text[len(old) :] if text.startswith(old) else text
            if where == "end":
                return text[: -len(old)] + new if text.endswith(old) else text
            return text.replace(old, new, 1 if where == "first" else -1)
        case Part(source, separator, side, which, is_whole):
            text = run(source, key, turn)
            if separator not in text:
                return text if is_whole else ""
            pieces = text.split(separator, 1) if which == "first" else text.rsplit(separator, 1)
            return pieces[0 if side == "before" else 1]
        case Trimmed(source, start, end):
            text = run(source, key, turn)[start:]
            return text[: max(0, len(text) - end)]
        case Stripped(source, characters, side):
            text = run(source, key, turn)
            return text.lstrip(characters) if side == "start" else text.rstrip(characters)
        case Cased(source, case):
            text = run(source, key, turn)
            return text.lower() if case == "lower" else text.upper()
        case Decoded(source):
            return unquote_plus(run(source, key, turn))
    return key


@settings(max_examples=600, deadline=None)
@given(RECIPES, PATTERNS, st.lists(TEXTS, min_size=8, max_size=8), st.integers(0, 1))
def test_whatever_a_program_makes_is_in_the_set(
    recipe: Recipe, shape: str, fillings: list[str], turn: int
) -> None:
    assume("*" in shape)
    filled = iter(fillings)
    key = "".join(next(filled, "") if sign == "*" else sign for sign in shape)
    assert run(recipe, key, turn) in of(recipe, strings.wildcard(shape))


@settings(max_examples=200, deadline=None)
@given(RECIPES, TEXTS, TEXTS, TEXTS, st.integers(0, 1))
def test_and_where_two_filters_meet(
    recipe: Recipe, start: str, between: str, end: str, turn: int
) -> None:
    keys = strings.prefix(start) & strings.suffix(end)
    for key in (start + between + end, start + end, end + start):
        if key in keys:
            assert run(recipe, key, turn) in of(recipe, keys)
