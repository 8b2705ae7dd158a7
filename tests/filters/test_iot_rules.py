"""Topic filters of IoT rules, row by row.

Sources: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html,
https://docs.aws.amazon.com/iot/latest/developerguide/topics.html and
https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
"""

from __future__ import annotations

import pytest

from topology.filters import FilterError
from topology.filters.iot import parse, published

from .tables import assert_takes, lines

TOPICS = [
    ("a", ["a"], ["a/", "/a", "A", "a/b", ""]),
    ("a/b", ["a/b"], ["a", "a/b/c", "a//b"]),
    ("/a", ["/a"], ["a", "//a"]),
    ("+", ["a", ""], ["a/b", "/", "$sys"]),
    ("a/+", ["a/b", "a/", "a/$x"], ["a", "a/b/c", "b/b"]),
    ("+/b", ["a/b", "/b"], ["b", "a/c", "$aws/b"]),
    ("a/+/c", ["a/b/c", "a//c"], ["a/c", "a/b/b/c", "a/b/d"]),
    ("+/+/+", ["a/b/c", "//"], ["a/b", "a/b/c/d"]),
    ("#", ["a", "a/b/c", "/", ""], ["$aws/things/x", "$SYS"]),
    ("a/#", ["a", "a/", "a/b", "a/b/c"], ["ab", "b/a", "A/b"]),
    ("/#", ["/", "/a", "/a/b"], ["a", "a/b"]),
    ("a/b/#", ["a/b", "a/b/c/d"], ["a", "a/c"]),
    ("a/+/b/#", ["a/x/b", "a/x/b/c", "a//b/c/d"], ["a/x/y/b", "a/b", "a/x/c"]),
    ("+/#", ["a", "a/b", "/"], ["$aws/x"]),
    (
        "$aws/things/+/shadow/#",
        ["$aws/things/t/shadow/update"],
        ["aws/things/t/shadow", "$aws/events/x"],
    ),
    ("a*b", ["a*b"], ["ab", "axb"]),
    (r"a\b", [r"a\b"], ["ab"]),
    ("o''clock", ["o'clock"], ["o''clock"]),
]


def delivery(statement):
    rule = parse(statement)
    return lambda topic: rule.matches(rule.decoded({"topic": topic}))


@pytest.mark.parametrize(("topic_filter", "passing", "failing"), lines(TOPICS))
def test_it_matches_topics_as_mqtt_does(topic_filter, passing, failing):
    assert_takes(delivery(f"SELECT * FROM '{topic_filter}'"), passing, failing)


STATEMENTS = [
    ("SELECT * FROM 'a/b'", ["a/b"], ["a"]),
    ("select * from 'a/b'", ["a/b"], ["a"]),
    ('SELECT * FROM "a/b"', ["a/b"], ["a"]),
    ("  SELECT\n*\nFROM\n'a/b'\n", ["a/b"], ["a"]),
    ("SELECT*FROM'a/b'", ["a/b"], ["a"]),
    ("SELECT color AS rgb FROM 'a/b' WHERE temperature > 50", ["a/b"], ["a"]),
    ("SELECT * FROM 'a/b' WHERE x = ' FROM ''c'' '", ["a/b"], ["c"]),
    ("SELECT 'FROM' AS x, \"FROM 'c'\" FROM 'a/b'", ["a/b"], ["c"]),
    ("SELECT (SELECT VALUE n FROM list) AS n FROM 'a/b'", ["a/b"], ["list"]),
    ("SELECT {'k': [from_, {'x': fromage}]} AS o FROM 'a/b'", ["a/b"], ["o"]),
    ("SET @x = 5 SELECT * FROM 'a/b'", ["a/b"], ["a"]),
    ("SELECT topic(2) AS device, where_ FROM 'a/+'", ["a/x"], ["a"]),
    # Basic Ingest reaches a rule by its name, with and without FROM
    ("SELECT * FROM 'a/b'", ["$aws/rules/any/a"], ["$aws/things/any"]),
    ("SELECT *", ["$aws/rules/any/a"], ["a", "$aws/things/x", ""]),
    ("SELECT * WHERE x = 1", ["$aws/rules/any"], ["a"]),
]


@pytest.mark.parametrize(("statement", "passing", "failing"), lines(STATEMENTS))
def test_it_finds_the_topic_filter_of_a_statement(statement, passing, failing):
    assert_takes(delivery(statement), passing, failing)


REFUSED = [
    ("", "", "no SELECT"),
    ("FROM 'a'", "", "no SELECT"),
    ("DELETE FROM 'a'", "", "neither SELECT nor SET"),
    ("* FROM 'a'", "", "neither SELECT nor SET"),
    ("SELECT * FROM", "FROM", "topic filter in quotes"),
    ("SELECT * FROM a/b", "FROM", "topic filter in quotes"),
    ("SELECT * FROM 'a", "FROM", "quote is not closed"),
    ("SELECT 'a FROM b", "SELECT", "quote is not closed"),
    ("SELECT * FROM 'a', 'b' ", "FROM", "topic filter in quotes"),
    ("SELECT * FROM ''", "FROM", "empty topic filter"),
    ("SELECT * FROM 'a' FROM 'b'", "FROM", "given twice"),
    ("SELECT * FROM 'a#'", "FROM", "# may only"),
    ("SELECT * FROM '#/a'", "FROM", "# may only"),
    ("SELECT * FROM 'a/#/b/#'", "FROM", "# may only"),
    ("SELECT * FROM 'a+/b'", "FROM", r"\+ may only"),
    ("SELECT * FROM '++'", "FROM", r"\+ may only"),
    ("SELECT * FROM '1/2/3/4/5/6/7/8/9'", "FROM", "has 9 levels"),
]


@pytest.mark.parametrize(("statement", "path", "word"), REFUSED)
def test_it_refuses_a_malformed_statement_and_says_where(statement, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(statement)
    assert caught.value.path == path


@pytest.mark.parametrize("event", [{}, {"topic": None}, {"topic": 5}])
def test_an_event_without_topic_reaches_no_rule(event):
    assert not parse("SELECT * FROM '#'").matches(event)


@pytest.mark.parametrize(
    ("template", "inside", "outside"),
    [
        ("a/b", ["a/b"], ["a/bc"]),
        ("a/${topic(2)}/out", ["a/x/out", "a//out", "a/x/y/out"], ["a/out", "b/x/out"]),
        ("${topic()}", ["", "a/b"], []),
        ("*/${x}", ["*/a"], ["b/a"]),
        ("$$aws/rules/x", ["$aws/rules/x"], ["$$aws/rules/x", "aws/rules/x"]),
    ],
)
def test_a_republished_topic_may_be_anything_where_it_is_substituted(template, inside, outside):
    topics = published(template)
    assert all(topic in topics for topic in inside)
    assert not any(topic in topics for topic in outside)
