"""Texts as S3 writes keys in its messages."""

from __future__ import annotations

import operator
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.sets.strings import ANY, NOTHING, literal, prefix, suffix, wildcard
from topology.sets.url_encoding import url_encoded


@pytest.mark.parametrize(
    ("of", "encoded", "other"),
    [
        (literal("in/a-1_b.csv"), "in/a-1_b.csv", "in/a-1_b.json"),
        (literal("red flower.jpg"), "red+flower.jpg", "red flower.jpg"),
        (literal("a&b"), "a%26b", "a%26c"),
        (prefix("my files/"), "my+files/a", "my files/a"),
        (suffix(".csv"), "a%C3%A9.csv", "a.json"),
        (wildcard("in/*/2026 *.csv"), "in/x/2026+a.csv", "in/x/2026 a.csv"),
        (prefix("in/") | prefix("out/"), "out/a", "a"),
        (prefix("in/") & suffix(".csv"), "in/a.csv", "in/a"),
        (prefix("in/") - suffix(".csv"), "in/a.json", "in/a.csv"),
        (~literal("a"), "b", "a"),
    ],
    ids=str,
)
def test_it_encodes_what_is_certain_and_leaves_the_rest_open(of, encoded, other):
    assert encoded in url_encoded(of)
    assert other not in url_encoded(of)


def test_it_knows_nothing_of_any_key_and_everything_of_none():
    assert url_encoded(ANY) == ANY
    assert url_encoded(NOTHING) == NOTHING


OPERATORS = (operator.and_, operator.or_, operator.sub)
CHARACTERS = "a/ &+%é!"
TEXTS = st.text(CHARACTERS, max_size=4)
SETS = st.recursive(
    st.text(CHARACTERS + "*?", max_size=4).map(lambda text: wildcard(text, single=True)),
    lambda inner: st.one_of(
        inner.map(operator.invert),
        *(st.builds(of, inner, inner) for of in OPERATORS),
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("kept", ["/", "/!&"])
@given(of=SETS, text=TEXTS)
def test_no_encoding_of_a_member_is_left_out(kept, of, text):
    if text in of:
        assert quote_plus(text, safe=kept) in url_encoded(of)
