"""Is what is written heard? Case by case, with the words and the events that are shown."""

from __future__ import annotations

from typing import Any

import pytest

from topology.sets.events import MISSING, PRESENT, EventSet, Path, Values, compare
from topology.sets.numbers import compared
from topology.sets.strings import ANY, NOTHING, literal, one_of, prefix, suffix, wildcard
from topology.verdict import Always, Cannot, Sometimes, Unknown

NAME, KEY = ("eventName",), ("s3", "object", "key")
SOURCE, DETAIL, STATE = ("source",), ("detail",), ("detail", "state")
CREATED = ["ObjectCreated:Put", "ObjectCreated:Copy"]

anywhere = EventSet.scalars({NAME: one_of(CREATED), KEY: ANY})
into_out = EventSet.scalars({NAME: one_of(CREATED), KEY: prefix("out/")})
custom = EventSet.scalars({SOURCE: literal("shop")})
custom_object = EventSet.scalars({SOURCE: literal("shop"), DETAIL: MISSING})
done = EventSet.demands({STATE: literal("done")})
failed = EventSet.demands({STATE: literal("failed")})


def an_object(key: str, name: str = "ObjectCreated:Put") -> dict[str, Any]:
    return {"eventName": name, "s3": {"object": {"key": key}}}


def notification(keys: Any, names: str = "ObjectCreated:*") -> EventSet:
    return EventSet.demands({NAME: wildcard(names), KEY: keys})


DECISIONS: list[tuple[str, EventSet, EventSet, Any]] = [
    (
        "another prefix",
        into_out,
        notification(prefix("in/")),
        Cannot(
            '`s3.object.key` is written only as "out/*" and heard only as "in/*": no value is both.'
        ),
    ),
    (
        "another event name",
        into_out,
        notification(ANY, "ObjectRemoved:*"),
        Cannot(
            '`eventName` is written only as "ObjectCreated:Copy" or "ObjectCreated:Put" and heard'
            ' only as "ObjectRemoved:*": no value is both.'
        ),
    ),
    (
        "the same prefix",
        into_out,
        EventSet.demands({KEY: prefix("out/")}),
        Always(
            "Every event that is written is heard:"
            ' `s3.object.key` is written as "out/*" and heard as "out/*".',
            an_object("out/a"),
        ),
    ),
    (
        "no condition at all",
        into_out,
        EventSet.anything(),
        Always("Every event that is written is heard.", an_object("out/a")),
    ),
    (
        "a suffix and a role that may write any key",
        anywhere,
        notification(suffix(".csv")),
        Sometimes(
            '`s3.object.key` is written as any text but heard only as "*.csv": for example "a.csv"'
            ' is heard and "a" is not.',
            an_object("a.csv"),
            an_object("a"),
        ),
    ),
    (
        "one of two event names",
        into_out,
        notification(ANY, "ObjectCreated:Copy"),
        Sometimes(
            '`eventName` is written as "ObjectCreated:Copy" or "ObjectCreated:Put" but heard only'
            ' as "ObjectCreated:Copy": for example "ObjectCreated:Copy" is heard and'
            ' "ObjectCreated:Put" is not.',
            an_object("out/a", "ObjectCreated:Copy"),
            an_object("out/a"),
        ),
    ),
    (
        "two alternatives that hear everything between them",
        anywhere,
        EventSet.demands({KEY: suffix(".csv")}) | EventSet.demands({KEY: ~suffix(".csv")}),
        Always("Every event that is written is heard.", an_object("a.csv")),
    ),
    (
        "two alternatives that exclude it for two reasons",
        into_out,
        EventSet.demands({KEY: prefix("in/")}) | EventSet.demands({NAME: literal("Other")}),
        Cannot(
            '`eventName` is written only as "ObjectCreated:Copy" or "ObjectCreated:Put" and heard'
            ' only as "Other": no value is both;'
            ' `s3.object.key` is written only as "out/*" and heard only as "in/*": no value is'
            " both."
        ),
    ),
    (
        "a custom event of which nothing is known",
        custom,
        done,
        Sometimes(
            '`detail.state` is written as anything or missing but heard only as "done".',
            {"source": "shop", "detail": {"state": "done"}},
            {"source": "shop"},
        ),
    ),
    (
        "two filters that ask different values of a field that may be a list",
        custom & done,
        failed,
        Unknown(
            '`detail.state` is written only as "done" and heard only as "failed": no value is'
            " both, unless the field is a list."
        ),
    ),
    (
        "two filters that ask different values of a field that is no list",
        EventSet.scalars({STATE: PRESENT}) & done,
        failed,
        Cannot(
            '`detail.state` is written only as "done" and heard only as "failed": no value is both.'
        ),
    ),
    (
        "the same filter twice",
        custom & done,
        done,
        Always(
            'Every event that is written is heard: `detail.state` is written as "done" and heard'
            ' as "done".',
            {"source": "shop", "detail": {"state": "done"}},
        ),
    ),
    (
        "a field that the first filter needs and the second refuses",
        custom_object & done,
        EventSet.demands({STATE: MISSING}),
        Cannot(
            '`detail.state` is written only as "done" and heard only as missing: no value is both.'
        ),
    ),
    (
        "the same where an object above may be a list",
        custom & done,
        EventSet.demands({STATE: MISSING}),
        Unknown(
            '`detail.state` is written only as "done" and heard only as missing: no value is both,'
            " unless the field is a list."
        ),
    ),
    (
        "a missing field or a present one, where another element may have it",
        custom,
        EventSet.demands({STATE: MISSING}) | EventSet.demands({STATE: PRESENT}),
        Unknown(
            "Every event that is written is heard, unless a field is a list.", {"source": "shop"}
        ),
    ),
    (
        "a missing field or a present one in an object",
        custom_object,
        EventSet.demands({STATE: MISSING}) | EventSet.demands({STATE: PRESENT}),
        Always("Every event that is written is heard.", {"source": "shop"}),
    ),
    (
        "a value where the event has an object",
        EventSet.scalars({STATE: literal("done")}),
        EventSet.demands({DETAIL: PRESENT}),
        Cannot("`detail` is written only as missing and heard only as anything: no value is both."),
    ),
    (
        "an object where the event has a value",
        EventSet.scalars({DETAIL: literal("done")}),
        done,
        Cannot(
            '`detail.state` is written only as missing and heard only as "done": no value is both.'
        ),
    ),
    (
        "numbers",
        EventSet.scalars({("n",): Values(numbers=compared(">", 5))}),
        EventSet.demands({("n",): Values(numbers=compared("<", 7))}),
        Sometimes("`n` is written as > 5 but heard only as < 7.", {"n": 6}, {"n": 7}),
    ),
    (
        "a boolean is no number and null is not missing",
        EventSet.scalars({("n",): Values.of(True, None)}),
        EventSet.demands({("n",): Values.of(1)}) | EventSet.demands({("n",): MISSING}),
        Cannot(
            "`n` is written only as true or null and heard only as 1 or missing: no value is both."
        ),
    ),
    (
        "nothing can be written",
        EventSet.scalars({KEY: NOTHING}),
        notification(ANY),
        Cannot("`s3.object.key` is written only as nothing, which no value is."),
    ),
    ("no event is written", EventSet(), done, Cannot("Nothing is written.")),
    ("no event is heard", custom, EventSet(), Cannot("Nothing is heard.")),
]


@pytest.mark.parametrize(
    ("written", "heard", "hop"), [row[1:] for row in DECISIONS], ids=[row[0] for row in DECISIONS]
)
def test_it_decides(written: EventSet, heard: EventSet, hop: Any) -> None:
    assert compare(written, heard) == hop


STRANGE = "uses an operator that is not modelled"


def test_a_condition_that_is_not_modelled_is_unknown_for_its_field_only() -> None:
    strange = EventSet.demands({KEY: suffix(".csv")}, {STATE: STRANGE})
    hop = compare(anywhere, strange)
    assert hop == Unknown(f"It cannot be decided: `detail.state`: {STRANGE}.", None, an_object("a"))
    elsewhere = EventSet.demands({KEY: prefix("in/")}, {STATE: STRANGE})
    assert isinstance(compare(into_out, elsewhere), Cannot)
    assert isinstance(compare(into_out, strange | notification(ANY)), Always)


def test_what_a_strange_filter_let_pass_is_not_known_to_come_through() -> None:
    written = anywhere & EventSet.demands({}, {STATE: STRANGE})
    assert isinstance(compare(written, notification(suffix(".csv"))), Unknown)
    assert isinstance(compare(written, notification(ANY)), Always)
    assert isinstance(compare(written, notification(ANY, "ObjectRemoved:*")), Cannot)
    assert written.witness() is None


# Every text of the first is one of the second, but a proof would take 2**30 states.
HARD = wildcard("?*a" + "?" * 30, single=True), ~wildcard("*a" + "?" * 30, single=True)


def test_what_is_too_complex_is_unknown() -> None:
    hop = compare(EventSet.scalars({STATE: HARD[0]}), EventSet.demands({STATE: HARD[1]}))
    assert isinstance(hop, Unknown)
    assert hop.because == "It cannot be decided: the patterns are too complex."


def test_another_field_still_proves_it_when_one_is_too_complex() -> None:
    written = EventSet.scalars({DETAIL: HARD[0], SOURCE: literal("shop")})
    heard = EventSet.demands({DETAIL: HARD[1], SOURCE: literal("aws.s3")})
    assert isinstance(compare(written, heard), Cannot)


def test_too_many_alternatives_are_not_followed_and_never_lost() -> None:
    many = EventSet()
    for n in range(20):
        many |= EventSet.demands({("detail", f"f{n}"): literal("x")})
    both = (custom & many) & many
    assert isinstance(compare(both, many), Always | Unknown)
    assert isinstance(compare(both, EventSet.demands({SOURCE: literal("aws.s3")})), Cannot)
    assert isinstance(compare(both, done), Unknown)


def test_alternatives_that_cannot_be_are_dropped_on_the_way() -> None:
    passing = into_out & (notification(prefix("in/")) | notification(suffix(".csv")))
    assert len(passing.boxes) == 1
    assert passing.witness() == an_object("out/a.csv")
    assert (into_out & notification(prefix("in/"))) == EventSet()


def test_a_weaker_demand_adds_nothing_to_a_stronger_one() -> None:
    weak = EventSet.demands({STATE: one_of(["done", "failed"])})
    assert custom & done & weak == custom & done == custom & weak & done


def test_everything_and_nothing_are_neutral() -> None:
    assert custom & EventSet.anything() == custom
    assert custom | EventSet() == custom
    assert (custom & EventSet()).witness() is None
    assert EventSet.anything().witness() == {}


def test_a_path_may_have_strange_keys() -> None:
    path: Path = ("detail", "a.b", "", "\ud800")
    written = EventSet.scalars({path: literal("x")})
    assert written.witness() == {"detail": {"a.b": {"": {"\ud800": "x"}}}}
    assert compare(written, EventSet.demands({path: literal("y")})).because.encode()
