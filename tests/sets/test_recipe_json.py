"""Recipes survive JSON, and JSON that is none is anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sets.test_made import RECIPES
from topology.sets.recipe_json import from_json, to_json
from topology.sets.recipes import Anything, Brought, Joined, Known, Recipe, Setting

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
)


@settings(max_examples=300, deadline=None)
@given(RECIPES)
def test_there_and_back(recipe: Recipe) -> None:
    assert from_json(json.loads(json.dumps(to_json(recipe)))) == recipe


@pytest.mark.parametrize(
    "recipe",
    [
        Anything(),
        Setting("BUCKET"),
        Setting("BUCKET", Known("x")),
        Joined((Brought(("Records", "*", "s3")), Anything())),
    ],
)
def test_there_and_back_of_rare_ones(recipe: Recipe) -> None:
    assert from_json(to_json(recipe)) == recipe


@pytest.mark.parametrize(
    "value",
    [
        ["known", 1],
        ["known"],
        ["known", "a", "b"],
        ["trimmed", ["known", "a"], -1, 0],
        ["trimmed", ["known", "a"], True, 0],
        ["replaced", ["known", "a"], "a", "b", "somewhere"],
        ["brought", ["a", 1]],
        ["joined", "ab"],
        ["eval", "a"],
    ],
)
def test_what_is_malformed_is_anything(value: Any) -> None:
    assert from_json(value) == Anything()


@given(JSON)
def test_no_json_is_too_odd(value: Any) -> None:
    from_json(value)


def test_what_is_nested_too_deeply_ends_in_anything():
    value: Any = ["known", "a"]
    for _ in range(10_000):
        value = ["cased", value, "lower"]
    from_json(value)
