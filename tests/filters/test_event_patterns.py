"""EventBridge patterns, row by row from AWS's pages on patterns, operators, arrays and $or.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from topology.filters import FilterError
from topology.filters.eventbridge import parse

from .tables import assert_takes, lines

GONE = object()  # the field is not in the event

# operators of one field, values that pass, values that do not
OPERATORS = [
    # exact: strings, character by character
    ('["running"]', ["running", ["x", "running"]], ["Running", "runnin", "running ", "", GONE]),
    ('["a", "b"]', ["a", "b", ["c", "b"]], ["c", "ab", [], {}, {"a": "a"}, None]),
    ('[""]', ["", ["x", ""]], [" ", None, [], GONE, False, 0]),
    ('["é"]', ["é"], ["e\u0301", "É"]),
    ('["true"]', ["true"], [True]),
    ('["1"]', ["1"], [1, "1.0"]),
    ('["a*"]', ["a*"], ["ab", "a"]),
    ('[{"exactly": "a"}]', ["a"], ["b", GONE]),
    # exact: numbers by value, whatever they are written as
    ("[300]", [300, 300.0, Decimal("3.0e2"), [1, 300]], ["300", 301, 300.5, None, GONE]),
    ("[3.0e2]", [300, 300.0], [3, 3.02e2]),
    ("[300.0]", [300, 300.0], [30]),
    ("[0]", [0, 0.0, -0.0], [False, None, "", "0"]),
    ("[1]", [1, 1.0], [True, "1"]),
    ("[-1.5]", [-1.5], [1.5]),
    ("[0.1]", [0.1, Decimal("0.10")], [0.1000001]),
    ("[123456789012]", [123456789012], [123456789013, "123456789012"]),
    # exact: keywords
    ("[null]", [None, ["a", None]], ["null", "", 0, False, [], {}, GONE]),
    ("[true]", [True, [False, True]], [False, 1, "true", None, GONE]),
    ("[false]", [False], [True, 0, "false", None, "", GONE]),
    ('[null, "", 5]', [None, "", 5], ["null", 6, False, GONE]),
    # prefix
    ('[{"prefix": "us-"}]', ["us-east-1", "us-", ["eu", "us-x"]], ["us", "US-east", "xus-", GONE]),
    ('[{"prefix": ""}]', ["", "anything"], [5, None, True, [], GONE]),
    ('[{"prefix": "1"}]', ["12"], [12, 1]),
    ('[{"prefix": {"equals-ignore-case": "EventB"}}]', ["eventbridge", "EVENTB"], ["event", GONE]),
    # suffix
    ('[{"suffix": ".png"}]', ["a.png", ".png", ["a", "b.png"]], ["a.PNG", "png", "a.png ", GONE]),
    ('[{"suffix": ""}]', ["", "anything"], [5, None, GONE]),
    ('[{"suffix": {"equals-ignore-case": ".Png"}}]', ["a.PNG", ".png"], ["apng", "", GONE]),
    ('[{"suffix": {"equals-ignore-case": ""}}]', ["", "a"], [1, GONE]),
    # equals-ignore-case
    ('[{"equals-ignore-case": "alice"}]', ["Alice", "ALICE", "alice"], ["alic", "alices", GONE, 1]),
    ('[{"equals-ignore-case": "É1"}]', ["é1", "É1"], ["e1"]),
    # anything-but: any value there is, except
    ('[{"anything-but": "init"}]', ["", "inits", 1, None, True], ["init", [], {}, GONE]),
    ('[{"anything-but": "init"}]', [["init", "other"]], [["init"], ["init", "init"]]),
    ('[{"anything-but": ["a", "b"]}]', ["c", ["a", "c"], 0], ["a", "b", ["a", "b"], GONE]),
    ('[{"anything-but": 123}]', [124, "123", None], [123, 123.0, GONE]),
    ('[{"anything-but": [100, 2e2]}]', [101, "100"], [100, 200, 200.0, GONE]),
    ('[{"anything-but": {"prefix": "init"}}]', ["ini", "xinit", 5], ["init", "initial", GONE]),
    ('[{"anything-but": {"prefix": ["a", "b"]}}]', ["c", ""], ["a", "bc", GONE]),
    ('[{"anything-but": {"suffix": ".txt"}}]', ["txt", ".txts", False], [".txt", "a.txt", GONE]),
    ('[{"anything-but": {"suffix": [".txt", ".rtf"]}}]', ["a.doc"], ["a.txt", "a.rtf"]),
    ('[{"anything-but": {"equals-ignore-case": "Init"}}]', ["ini", 1], ["INIT", "init", GONE]),
    ('[{"anything-but": {"equals-ignore-case": ["a", "b"]}}]', ["c"], ["A", "B", "a"]),
    ('[{"anything-but": {"wildcard": "*/lib/*"}}]', ["/lib", 1], ["a/lib/b", "/lib/", GONE]),
    ('[{"anything-but": {"wildcard": ["a*", "*z"]}}]', ["b", ""], ["a", "az", "z"]),
    ('[{"anything-but": "a"}, {"exists": false}]', ["b", GONE, []], ["a"]),
    # numeric
    ('[{"numeric": ["=", 3.018e2]}]', [301.8, Decimal("301.80")], [301, "301.8", GONE]),
    ('[{"numeric": ["<", 10]}]', [9.999, -1e300], [10, 11, "9", None, True, GONE]),
    ('[{"numeric": ["<=", 10]}]', [10, 10.0, -5], [10.0001, GONE]),
    ('[{"numeric": [">", 0]}]', [0.0001, 1e300], [0, -1, True, GONE]),
    ('[{"numeric": [">=", 0]}]', [0, -0.0, 1], [-0.1, False, GONE]),
    ('[{"numeric": [">", 0, "<=", 5]}]', [0.1, 5, [9, 3]], [0, 5.1, "3", [], GONE]),
    ('[{"numeric": [">=", 0, "<", 5]}]', [0, 4.999], [5, -1]),
    # cidr
    (
        '[{"cidr": "10.0.0.0/24"}]',
        ["10.0.0.0", "10.0.0.255"],
        ["10.0.1.0", "10.0.0", "x", 10, GONE],
    ),
    ('[{"cidr": "10.1.2.3/16"}]', ["10.1.0.0", "10.1.255.255"], ["10.2.0.0", "10.1.0.0/16"]),
    ('[{"cidr": "10.0.0.0/8"}]', ["10.9.9.9"], ["11.0.0.0", "::ffff:10.0.0.1", ""]),
    (
        '[{"cidr": "2001:db8::/32"}]',
        ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1"],
        ["2001:db9::1", "::1"],
    ),
    ('[{"cidr": "0.0.0.0/0"}]', ["1.2.3.4"], ["256.1.1.1", "::1", None]),
    ('[{"cidr": "192.168.1.7/32"}]', ["192.168.1.7"], ["192.168.1.8"]),
    # exists: leaves only
    ('[{"exists": true}]', ["", 0, None, False, [1], [{"a": 1}, 2]], [GONE, [], {}, {"a": 1}]),
    ('[{"exists": false}]', [GONE, [], {}, {"a": 1}, [{"a": 1}]], ["", 0, None, False, [1]]),
    # wildcard
    (r'[{"wildcard": "a*z"}]', ["az", "abcz", ["b", "a/z"], "a\nz"], ["a", "za", "azb", 1, GONE]),
    (r'[{"wildcard": "*"}]', ["", "a"], [1, None, [], GONE]),
    (r'[{"wildcard": "a"}]', ["a"], ["aa", ""]),
    (r'[{"wildcard": ""}]', [""], ["a"]),
    (r'[{"wildcard": "*.csv"}]', [".csv", "a.csv"], ["a.csv.gz", "csv"]),
    (r'[{"wildcard": "in/*"}]', ["in/", "in/a"], ["in", "xin/"]),
    (r'[{"wildcard": "*a*b*a*"}]', ["aba", "xaxbxax"], ["ab", "aab", "bab"]),
    (r'[{"wildcard": "aa*aa"}]', ["aaaa", "aaXaa"], ["aa", "aaa"]),
    (r'[{"wildcard": "a\\*z"}]', ["a*z"], ["az", "abz", "a\\*z"]),
    (r'[{"wildcard": "a\\\\*"}]', ["a\\", "a\\b"], ["a*", "a"]),
    (r'[{"wildcard": "\\*\\*"}]', ["**"], ["", "ab"]),
    (r'[{"wildcard": "a?c"}]', ["a?c"], ["abc"]),
    (r'[{"wildcard": "[a-z]"}]', ["[a-z]"], ["b"]),
    # several operators: any of them
    ('["a", {"prefix": "b"}, 5, null]', ["a", "bc", 5, None], ["c", 6, GONE]),
    ('[{"prefix": "a"}, {"suffix": "z"}]', ["ab", "yz"], ["b", GONE]),
    # an operator that is not modelled lets its field pass, whatever it holds
    ('[{"sounds-like": "x"}]', ["x", "y", 1, None, GONE, [], {}], []),
    ('["a", {"sounds-like": "x"}]', ["a", "b", GONE], []),
    ('[{"anything-but": {"sounds-like": "x"}}]', ["x", GONE], []),
    ('[{"prefix": {"sounds-like": "x"}}]', ["y", GONE], []),
    ('[{"anything-but": {"prefix": {"equals-ignore-case": "x"}}}]', ["x", GONE], []),
]


@pytest.mark.parametrize(("operators", "passing", "failing"), lines(OPERATORS))
def test_it_compares_one_field(operators, passing, failing):
    pattern = parse(f'{{"detail": {{"v": {operators}}}}}')

    def matches(value):
        return pattern.matches({"detail": {} if value is GONE else {"v": value}})

    assert_takes(matches, passing, failing)


# pattern, events that match, events that do not
WHOLE: list[tuple[str, list[Any], list[Any]]] = [
    ("{}", [{}, {"a": 1}], []),
    ('{"a": ["x"], "b": ["y"]}', [{"a": "x", "b": "y", "c": 1}], [{"a": "x"}, {"b": "y"}, {}]),
    ('{"a": {"b": {"c": [1]}}}', [{"a": {"b": {"c": 1}}}], [{"a": {"c": 1}}, {"c": 1}, {"a": 1}]),
    (
        '{"a": {"b": [{"exists": false}]}}',
        [{}, {"a": 1}, {"a": {}}, {"a": None}],
        [{"a": {"b": 0}}],
    ),
    # keys with dots: joined before they are compared
    ('{"a.b": [1]}', [{"a": {"b": 1}}, {"a.b": 1}], [{"a": 1}, {"b": 1}]),
    ('{"a": {"b": [1]}}', [{"a.b": 1}, {"a": {"b": 2}, "a.b": 1}], [{"a.b": 2}]),
    ('{"a.b": [1], "a.c": [2]}', [{"a": {"b": 1, "c": 2}}], [{"a": {"b": 1}}]),
    ('{"a": {"b": [1]}, "a.c": [2]}', [{"a": {"b": 1, "c": 2}}], [{"a": [{"b": 1}, {"c": 2}]}]),
    ('{"a": {"b.c": [1]}}', [{"a": {"b": {"c": 1}}}, {"a.b.c": 1}], [{"a": {"b": 1}}]),
    # lists of objects: one element must satisfy all that is asked below
    (
        '{"a": {"b": [1], "c": [2]}}',
        [
            {"a": [{"b": 1, "c": 2}]},
            {"a": [{"b": 9}, {"b": [0, 1], "c": 2}]},
            {"a": [[{"b": 1, "c": 2}]]},
        ],
        [{"a": [{"b": 1}, {"c": 2}]}, {"a": [{"b": 1, "c": 9}, {"b": 9, "c": 2}]}, {"a": []}],
    ),
    (
        '{"a": {"b": {"c": [1]}, "d": [2]}}',
        [{"a": [{"b": [{"c": 0}, {"c": 1}], "d": 2}]}],
        [{"a": [{"b": [{"c": 1}], "d": 0}, {"b": [], "d": 2}]}],
    ),
    # two lists are searched independently of each other
    ('{"a": [1], "b": [2]}', [{"a": [0, 1], "b": [2, 3]}], [{"a": [1], "b": []}]),
    # $or
    (
        '{"$or": [{"a": [1]}, {"b": [2]}]}',
        [{"a": 1}, {"b": 2}, {"a": 1, "b": 2}],
        [{}, {"a": 2}, {"b": 1}],
    ),
    (
        '{"s": ["x"], "$or": [{"a": [1]}, {"b": [2], "c": [3]}]}',
        [{"s": "x", "a": 1}, {"s": "x", "b": 2, "c": 3}],
        [{"a": 1}, {"s": "x"}, {"s": "x", "b": 2}],
    ),
    (
        '{"d": {"$or": [{"a": [1]}, {"$or": [{"b": [2]}, {"c": [3]}]}]}}',
        [{"d": {"a": 1}}, {"d": {"b": 2}}, {"d": {"c": 3}}],
        [{"a": 1}, {"d": {}}],
    ),
    (
        '{"$or": [{"d": {"a": [1]}}, {"d": {"b": [2]}}]}',
        [{"d": {"a": 1}}, {"d": {"b": 2}}],
        [{"d": {"a": 2, "b": 1}}],
    ),
    (
        '{"l": {"k": ["x"], "$or": [{"v": [1]}, {"w": [2]}]}}',
        [{"l": [{"k": "y"}, {"k": "x", "w": 2}]}],
        [{"l": [{"k": "x"}, {"v": 1}]}],
    ),
    ('{"$or": [{"a": [{"exists": false}]}, {"a": ["x"]}]}', [{}, {"a": "x"}], [{"a": "y"}]),
    # ... and what AWS takes for a field of that name
    ('{"$or": ["x"]}', [{"$or": "x"}], [{}, {"x": 1}]),
    ('{"$or": [{"a": [1]}]}', [{}, {"a": 2}], []),  # one object: an operator that is not modelled
    ('{"$or": {"a": [1]}}', [{"$or": {"a": 1}}], [{"a": 1}]),
    ('{"$or": [{"prefix": "x"}, {"suffix": "y"}]}', [{"$or": "xz"}], [{"$or": "z"}]),
    # the shapes of AWS's own events
    (
        '{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": '
        '["in"]}, "object": {"key": [{"prefix": "a/"}], "size": [{"numeric": [">", 0]}]}}}',
        [
            {
                "source": "aws.s3",
                "detail-type": "Object Created",
                "detail": {"bucket": {"name": "in"}, "object": {"key": "a/ b+c", "size": 1}},
            }
        ],
        [
            {
                "source": "aws.s3",
                "detail-type": "Object Created",
                "detail": {"bucket": {"name": "in"}, "object": {"key": "b/a", "size": 1}},
            }
        ],
    ),
    (
        '{"resources": [{"wildcard": "arn:aws:ec2:*:instance/i-*"}]}',
        [{"resources": ["x", "arn:aws:ec2:eu-west-1:1:instance/i-1"]}],
        [{"resources": ["arn:aws:ec2:eu-west-1:1:volume/i-1"]}, {"resources": []}],
    ),
]


@pytest.mark.parametrize(("pattern", "passing", "failing"), lines(WHOLE))
def test_it_compares_a_whole_event(pattern, passing, failing):
    assert_takes(parse(pattern).matches, passing, failing)


# pattern, where it is wrong, a word of what is wrong
REFUSED = [
    ('{"a": "x"}', "a", "an object or a list"),
    ('{"a": 1}', "a", "an object or a list"),
    ('{"a": null}', "a", "an object or a list"),
    ('{"a": []}', "a", "empty list"),
    ('{"a": {}}', "a", "empty object"),
    ('{"a": {"b": {}}}', "a.b", "empty object"),
    ('{"a": [["x"]]}', "a[0]", "not a list"),
    ('{"a": ["x", [1]]}', "a[1]", "not a list"),
    ('{"a": [{}]}', "a[0]", "one key"),
    ('{"a": [{"prefix": "x", "suffix": "y"}]}', "a[0]", "one key"),
    ('{"a": [{"exactly": 5}]}', "a[0].exactly", "a string"),
    ('{"a": [{"prefix": 5}]}', "a[0].prefix", "a string, not a number"),
    ('{"a": [{"prefix": ["x"]}]}', "a[0].prefix", "a string, not a list"),
    (
        '{"a": [{"prefix": {"equals-ignore-case": 5}}]}',
        "a[0].prefix.equals-ignore-case",
        "a string",
    ),
    ('{"a": [{"suffix": null}]}', "a[0].suffix", "a string, not null"),
    (
        '{"a": [{"suffix": {"equals-ignore-case": []}}]}',
        "a[0].suffix.equals-ignore-case",
        "a string",
    ),
    ('{"a": [{"equals-ignore-case": true}]}', "a[0].equals-ignore-case", "a string, not true"),
    ('{"a": [{"equals-ignore-case": ["x"]}]}', "a[0].equals-ignore-case", "a string"),
    ('{"a": [{"wildcard": 5}]}', "a[0].wildcard", "a string"),
    ('{"a": [{"wildcard": "a**b"}]}', "a[0].wildcard", "two stars"),
    (r'{"a": [{"wildcard": "a\\\\**"}]}', "a[0].wildcard", "two stars"),
    (r'{"a": [{"wildcard": "a\\b"}]}', "a[0].wildcard", "backslash"),
    (r'{"a": [{"wildcard": "a\\"}]}', "a[0].wildcard", "backslash"),
    ('{"a": [{"numeric": 5}]}', "a[0].numeric", "a list"),
    ('{"a": [{"numeric": []}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": ["="]}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": ["=", "5"]}]}', "a[0].numeric[1]", "a number"),
    ('{"a": [{"numeric": ["!=", 5]}]}', "a[0].numeric[0]", "none of"),
    ('{"a": [{"numeric": [5, "="]}]}', "a[0].numeric[0]", "a string"),
    ('{"a": [{"numeric": ["<", 5, ">", 0]}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": [">", 0, ">", 5]}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": ["=", 0, "<", 5]}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": [">", 0, "<", 5, "<", 6]}]}', "a[0].numeric", "must be like"),
    ('{"a": [{"numeric": [">", 5, "<", 5]}]}', "a[0].numeric", "not below"),
    ('{"a": [{"numeric": [">", 6, "<", 5]}]}', "a[0].numeric", "not below"),
    ('{"a": [{"cidr": 5}]}', "a[0].cidr", "a string"),
    ('{"a": [{"cidr": "10.0.0.0"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"cidr": "10.0.0.0/33"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"cidr": "10.0.0.0/255.0.0.0"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"cidr": "10.0.0/24"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"cidr": "2001:db8::/129"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"cidr": "host/8"}]}', "a[0].cidr", "no network"),
    ('{"a": [{"exists": "true"}]}', "a[0].exists", "true or false"),
    ('{"a": [{"exists": 1}]}', "a[0].exists", "true or false"),
    ('{"a": [{"exists": null}]}', "a[0].exists", "true or false"),
    ('{"a": [{"anything-but": []}]}', "a[0].anything-but", "empty list"),
    ('{"a": [{"anything-but": null}]}', "a[0].anything-but", "strings only or numbers only"),
    ('{"a": [{"anything-but": true}]}', "a[0].anything-but", "strings only or numbers only"),
    ('{"a": [{"anything-but": ["x", 1]}]}', "a[0].anything-but", "strings only or numbers only"),
    ('{"a": [{"anything-but": [null]}]}', "a[0].anything-but", "strings only or numbers only"),
    ('{"a": [{"anything-but": {}}]}', "a[0].anything-but", "one key"),
    ('{"a": [{"anything-but": {"prefix": ""}}]}', "a[0].anything-but.prefix", "empty"),
    ('{"a": [{"anything-but": {"prefix": []}}]}', "a[0].anything-but.prefix", "empty list"),
    ('{"a": [{"anything-but": {"prefix": 5}}]}', "a[0].anything-but.prefix", "a string"),
    ('{"a": [{"anything-but": {"suffix": ["x", ""]}}]}', "a[0].anything-but.suffix", "empty"),
    ('{"a": [{"anything-but": {"wildcard": "**"}}]}', "a[0].anything-but.wildcard", "two stars"),
    (
        '{"a": [{"anything-but": {"equals-ignore-case": 1}}]}',
        "a[0].anything-but.equals-ignore-case",
        "a string",
    ),
    ('{"a": [{"anything-but": {"prefix": "x", "suffix": "y"}}]}', "a[0].anything-but", "one key"),
    ('{"$or": [{"a": [1]}, {}]}', "$or[1]", "empty object"),
    ('{"$or": [{"a": [1]}, {"b": 1}]}', "$or[1].b", "an object or a list"),
    ('{"a": [1], "$or": [{"a": [2]}, {"b": [1]}]}', "", "asked again"),
    ('{"a": [1], "a.b": [2]}', "a", "given twice"),
    ('{"a": {"b": [1]}, "a.b": [2]}', "a.b", "given twice"),
    ('{"a": {"x": [1]}, "a": {"y": [1]}}', "a", "given twice"),
]


@pytest.mark.parametrize(("pattern", "path", "word"), REFUSED, ids=[row[0] for row in REFUSED])
def test_it_refuses_what_aws_refuses_and_says_where(pattern, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(pattern)
    assert caught.value.path == path


def test_it_refuses_more_alternatives_than_aws_allows():
    fields = {f"k{n}": {"$or": [{"a": [1]}, {"b": [1]}]} for n in range(10)}
    with pytest.raises(FilterError, match="more than 1000 combinations"):
        parse(json.dumps(fields))


def test_equal_patterns_are_equal_values_and_can_be_keys():
    assert {parse('{"a": [1, true]}')} == {parse('{ "a" : [ 1.0 , true ] }')}
    assert parse('{"a": [1]}') != parse('{"a": [true]}')
