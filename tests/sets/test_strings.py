"""Sets of strings, case by case: dialects, strange characters, words, and work that is bounded."""

from __future__ import annotations

import random

import pytest

from topology.sets.budget import Budget
from topology.sets.strings import (
    ANY,
    NOTHING,
    StringSet,
    TooComplex,
    ignore_case,
    literal,
    one_of,
    prefix,
    suffix,
    union,
    wildcard,
)

CSV = suffix(".csv")
UPLOADS = prefix("uploads/")

MEMBERSHIP = [
    (literal("a"), ["a"], ["", "aa", "A", "b"]),
    (literal(""), [""], ["a"]),
    (one_of(["a", "b"]), ["a", "b"], ["", "ab"]),
    (prefix("in/"), ["in/", "in/a", "in/*"], ["", "in", "an in/", "IN/"]),
    (prefix(""), ["", "a"], []),
    (suffix(".csv"), [".csv", "a.csv", ".csv.csv"], ["", "csv", "a.csv ", "a.CSV"]),
    (wildcard("a*z"), ["az", "a*z", "abcz"], ["a", "z", "za", "azb"]),
    (wildcard("a**z"), ["az", "abz"], ["a"]),
    (wildcard("*"), ["", "a"], []),
    (wildcard("*a*b*"), ["ab", "xaxbx"], ["ba", "a", ""]),
    (wildcard("a?"), ["a?"], ["ab", "a"]),
    (wildcard("a?", single=True), ["ab", "a?", "a\n"], ["a", "abc"]),
    (wildcard("?*?", single=True), ["ab", "abc"], ["", "a"]),
    (wildcard(r"a\*b"), ["a*b"], ["ab", "axb", r"a\*b"]),
    (wildcard(r"a\\b*"), [r"a\b", r"a\bc"], [r"a\\b", "ab"]),
    (wildcard(r"a\q"), [r"a\q"], ["aq"]),
    (wildcard("a\\"), ["a\\"], ["a"]),
    (wildcard(r"a\*", single=True), ["a\\", "a\\x"], ["a*"]),
    (ignore_case(literal("Ab1")), ["ab1", "AB1", "aB1"], ["ab", "abb"]),
    (ignore_case(prefix("In/")), ["IN/a", "in/"], ["i"]),
    (ignore_case(suffix(".CSV")), ["a.csv", ".Csv"], ["csv"]),
    (ignore_case(prefix("a") | literal("B")), ["A", "ax", "b"], ["bb"]),
    (ignore_case(ANY), ["", "x"], []),
    (ignore_case(literal("straße")), ["STRASSE", "straße", "strASSe"], ["strasse", "strase"]),
    (ignore_case(literal("k")), ["k", "K"], ["\u212a"]),
    (ignore_case(literal("\u212a")), ["\u212a", "k"], ["K"]),
    (ignore_case(literal("İ")), ["İ", "i\u0307"], ["i", "I"]),
    (ignore_case(literal("ǅ")), ["ǅ", "ǆ", "Ǆ"], ["dž"]),
    (~literal("a"), ["", "b", "aa"], ["a"]),
    (prefix("in/") - CSV, ["in/", "in/a"], ["in/a.csv", "a"]),
    (prefix("\x00"), ["\x00", "\x00\n"], ["", "0"]),
    (suffix("\ud800"), ["\ud800", "a\ud800"], ["\udc00", "\ud800\udc00"]),
    (wildcard("*🎉*"), ["🎉", "a🎉b"], ["🎊"]),
    (wildcard("[a-z]%*"), ["[a-z]%", "[a-z]%x"], ["a%"]),
]


@pytest.mark.parametrize(
    ("of", "members", "others"), MEMBERSHIP, ids=lambda value: ascii(str(value))
)
def test_it_holds(of: StringSet, members: list[str], others: list[str]) -> None:
    assert [text for text in members if text not in of] == []
    assert [text for text in others if text in of] == []
    assert [text for text in members if text in ~of] == []
    assert of.witness() in of


def test_it_holds_nothing_but_strings() -> None:
    assert None not in ANY
    assert 1 not in ~literal("1")


SIMPLER = [
    (prefix(""), ANY),
    (wildcard("a"), literal("a")),
    (wildcard("a*"), prefix("a")),
    (one_of([]), NOTHING),
    (~NOTHING, ANY),
    (UPLOADS & ANY, UPLOADS),
    (UPLOADS & NOTHING, NOTHING),
    (UPLOADS | NOTHING, UPLOADS),
    (UPLOADS | ANY, ANY),
    (UPLOADS | ~UPLOADS, ANY),
    (UPLOADS & ~UPLOADS, NOTHING),
    (literal("a") & literal("b"), NOTHING),
    (one_of("abc") & one_of("bcd"), one_of("bc")),
    (one_of("abc") - literal("b"), one_of("ac")),
    (~one_of("ab") & ~one_of("bc"), ~one_of("abc")),
    (~one_of("ab") | one_of("b"), ~literal("a")),
    (one_of(["a.csv", "a.txt"]) & CSV, literal("a.csv")),
    (literal("a.csv") | CSV, CSV),
    (UPLOADS | (UPLOADS & CSV), UPLOADS),
    (UPLOADS & (UPLOADS | CSV), UPLOADS),
    (union([CSV, CSV, UPLOADS]), UPLOADS | CSV),
]


@pytest.mark.parametrize(("built", "simple"), SIMPLER, ids=lambda value: str(value))
def test_it_is_simplified_when_it_is_built(built: StringSet, simple: StringSet) -> None:
    assert built == simple


WITNESSES = [
    (ANY, "", "a"),
    (NOTHING, None, None),
    (CSV, ".csv", "a.csv"),
    (prefix("in/"), "in/", "in/a"),
    (UPLOADS & CSV, "uploads/.csv", "uploads/a.csv"),
    (prefix("in/") - CSV, "in/", "in/a"),
    (ANY - CSV, "", "a"),
    (~literal(""), "a", "a"),
    (~one_of(["", "a", "b"]), "c", "c"),
    (wildcard("?", single=True), "a", "a"),
    (one_of(["zz", "b", "a"]), "a", "a"),
    (wildcard("*/raw/*.gz") & suffix("z"), "/raw/.gz", "a/raw/a.gz"),
    (prefix("in/") & prefix("out/"), None, None),
    (prefix("abab") & suffix("abba"), "ababba", "ababba"),
    (ignore_case(literal("ABC")), "abc", "abc"),
    (prefix("\ud800") & suffix("\x00"), "\ud800\x00", "\ud800a\x00"),
]


@pytest.mark.parametrize(
    ("of", "shortest", "readable"), WITNESSES, ids=lambda value: ascii(str(value))
)
def test_it_names_a_shortest_member_and_a_readable_one(
    of: StringSet, shortest: str | None, readable: str | None
) -> None:
    assert of.witness() == shortest
    assert of.example() == readable


WORDS = [
    (ANY, "*", "anything"),
    (NOTHING, "nothing", "nothing"),
    (literal("a"), "a", '"a"'),
    (one_of("ab"), "a|b", '"a" or "b"'),
    (one_of("abcdefg"), "a|b|c|d|e|2 more", '"a" or "b" or "c" or "d" or "e" or 2 more'),
    (wildcard("uploads/*.csv"), "uploads/*.csv", '"uploads/*.csv"'),
    (literal("a*\\"), r"a\*\\", '"a*\\"'),
    (prefix("a*"), r"a\**", r'"a\**"'),
    (wildcard("a?", single=True), "a?", '"a?"'),
    (ignore_case(prefix("In/")), "in/*", '"in/*" in any case'),
    (~literal("a"), "not a", 'anything but "a"'),
    (UPLOADS - CSV, "uploads/* and not *.csv", '"uploads/*" but not "*.csv"'),
    (~(UPLOADS | CSV), "not *.csv and not uploads/*", 'anything but "*.csv" and "uploads/*"'),
    (UPLOADS & CSV, "*.csv and uploads/*", '"*.csv" and "uploads/*"'),
    (UPLOADS | CSV, "*.csv|uploads/*", '"*.csv" or "uploads/*"'),
    (literal("a\x00\ud800\n"), r"a\x00\ud800\n", r'"a\x00\ud800\n"'),
    (literal("ü🎉"), "ü🎉", '"ü🎉"'),
]


@pytest.mark.parametrize(("of", "pattern", "words"), WORDS, ids=lambda value: ascii(str(value)))
def test_it_is_told_in_words_that_can_be_printed(of: StringSet, pattern: str, words: str) -> None:
    assert str(of) == pattern
    assert of.describe() == words
    assert words.encode()


def test_what_follows_a_bucket_in_a_policy_is_its_set_of_keys() -> None:
    bucket = "arn:aws:s3:::orders/"
    assert wildcard("arn:aws:s3:::orders/out/*", single=True).after(bucket) == prefix("out/")
    assert wildcard("arn:aws:s3:::ord*", single=True).after(bucket) == ANY
    assert wildcard("*/out/*", single=True).after(bucket) == prefix("out/") | wildcard("*/out/*")
    assert wildcard("arn:aws:s3:::other/*", single=True).after(bucket) == NOTHING
    assert (~wildcard("arn:aws:s3:::orders/out/*")).after(bucket) == ~prefix("out/")


def test_a_case_of_several_characters_is_not_spelled_out_without_end() -> None:
    with pytest.raises(TooComplex, match="64 spellings"):
        ignore_case(literal("ß" * 7))


def test_only_what_is_built_of_literals_prefixes_and_suffixes_can_ignore_case() -> None:
    with pytest.raises(ValueError, match="can ignore case"):
        ignore_case(~literal("a"))


def scrambled(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices("ab/", k=length))


ADVERSARIAL = {
    "five stars against five": wildcard("*aab*baa*bab*abb*a*") & wildcard("*bb*aa*ab*ba*b*"),
    "five stars less five": wildcard("*aab*baa*bab*abb*a*") - wildcard("*bb*aa*ab*ba*b*"),
    "2 KB of stars": wildcard("a*" * 1000) & wildcard("b*" * 1000),
    "2 KB prefix and suffix": prefix(scrambled(1, 2000)) & suffix(scrambled(2, 2000)),
    "100 runs against 100": wildcard("*".join(scrambled(n, 20) for n in range(100)))
    & wildcard("*".join(scrambled(-n, 20) for n in range(1, 101))),
    "30 single characters": wildcard("*a" + "?" * 30, single=True)
    - wildcard("*b" + "?" * 30, single=True),
    "unions of 300": union(prefix(scrambled(n, 9)) for n in range(300))
    - union(wildcard(f"*{scrambled(-n, 4)}*") for n in range(300)),
    "3,000 literals": suffix("a") - one_of(scrambled(n, 12) for n in range(3000)),
}


@pytest.mark.parametrize("of", ADVERSARIAL.values(), ids=list(ADVERSARIAL))
def test_it_answers_or_gives_up_on_the_worst_patterns(of: StringSet) -> None:
    budget = Budget()
    try:
        witness = of.witness(budget)
    except TooComplex:
        assert budget.left < 0
    else:
        assert witness is None or witness in of


def test_it_gives_up_when_the_budget_is_spent_and_never_says_empty() -> None:
    of = wildcard("*abc*def*") & wildcard("*ghi*jkl*")
    with pytest.raises(TooComplex):
        of.witness(Budget(10))
    with pytest.raises(TooComplex):
        of.is_empty(Budget(10))
    assert of.witness() in of
