"""IAM's wildcards against a slow, obvious matcher."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.iam import wildcards

TEXTS = st.text("ab[/", max_size=8)
PATTERNS = st.text("ab[/*?", max_size=7)


def obviously_matches(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(obviously_matches(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and obviously_matches(pattern[1:], text[1:])


@given(PATTERNS, TEXTS)
def test_it_matches_what_the_obvious_matcher_matches(pattern, text):
    assert wildcards.matches(pattern, text) is obviously_matches(pattern, text)


@given(PATTERNS)
def test_every_match_begins_with_the_literal_prefix(pattern):
    text = pattern.replace("*", "ab").replace("?", "/")
    assert wildcards.matches(pattern, text)
    assert text.startswith(wildcards.literal_prefix(pattern))
    assert wildcards.is_literal(pattern) is (wildcards.literal_prefix(pattern) == pattern)


@pytest.mark.parametrize(
    "name",
    ["logs[1]", "50%", "größe-日本", "a\x00b", "\ud800", "(a+)+$", "x" * 512, "*", "?", "${x}"],
)
def test_a_strange_name_is_only_itself(name):
    arn = f"arn:aws:s3:::{name}"
    assert wildcards.matches(arn, arn)
    assert wildcards.matches("arn:aws:s3:::*", arn)
    assert not wildcards.matches(f"{arn}x", arn)


@pytest.mark.parametrize("piece", ["a", "?a", "a?"])
def test_many_stars_do_not_take_for_ever(piece):
    pattern = f"*{piece}" * 200 + "b"
    start = time.perf_counter()
    assert not wildcards.matches(pattern, "a" * 4000)
    assert time.perf_counter() - start < 1
