"""CloudWatch Logs filter patterns, row by row.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import json

import pytest

from topology.filters import FilterError
from topology.filters.logs import parse

from .tables import assert_takes, lines

TERMS = [
    ("", ["", "anything"], []),
    ("   ", ["anything"], []),
    ("ERROR", ["[ERROR 400] BAD", "ERROR", "Exiting with ERRORCODE: -1"], ["error", "ERR OR", ""]),
    ("ERROR ARGUMENTS", ["ERROR INVALID ARGUMENTS", "ARGUMENTS ERROR"], ["ERROR", "ARGUMENTS"]),
    ('"INTERNAL SERVER ERROR"', ["x INTERNAL SERVER ERROR y"], ["INTERNAL ERROR", "SERVER ERROR"]),
    ('"ERROR" "Exception"', ["Exception: ERROR"], ["ERROR"]),
    ('"a \\"quoted\\" word"', ['a "quoted" word'], ["a quoted word"]),
    ('"back\\\\slash"', ["back\\slash"], ["back\\\\slas"]),
    ('"*"', ["a*b"], ["ab"]),
    ("ERROR -Exiting", ["ERROR here"], ["Exiting with ERRORCODE", "WARN"]),
    ('ERROR -"health check"', ["ERROR health"], ["ERROR health check"]),
    ('"ERROR" - "Exiting"', ["ERROR"], ["ERROR Exiting"]),
    ("-DEBUG", ["", "INFO"], ["DEBUG", "x DEBUG y"]),
    ("-DEBUG -TRACE", ["INFO"], ["DEBUG", "TRACE"]),
    ("?ERROR ?WARN", ["ERROR", "WARN", "a WARN ERROR"], ["INFO", "error"]),
    ('?"not found" ?"timed out"', ["Task timed out after 3 s"], ["timed in"]),
    # beside other terms, those with a question mark are ignored
    ("?ERROR ?WARN REPORT", ["REPORT", "REPORT ERROR"], ["ERROR", "WARN"]),
    ("?ERROR -DEBUG", ["INFO", "ERROR"], ["ERROR DEBUG"]),
    # regular expressions are not modelled: whatever else is asked still counts
    ("%ERR.*%", ["ERROR", "anything"], []),
    ("%ERR.*% REPORT", ["REPORT"], ["ERROR"]),
    ("é", ["café"], ["cafe"]),
]


def delivery(pattern):
    parsed = parse(pattern)
    return lambda message: parsed.matches(parsed.decoded({"message": message}))


@pytest.mark.parametrize(("pattern", "passing", "failing"), lines(TERMS))
def test_it_looks_for_terms_in_the_message(pattern, passing, failing):
    assert_takes(delivery(pattern), passing, failing)


TRAIL = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "user": {"id": 1, "email": "j@example.com"},
    "latency": 55.5,
    "code": 400,
    "text": "400",
    "flag": True,
    "off": False,
    "users": [1, 2, 3],
}
HOLDS = """
{ $.eventType = "UpdateTrail" }
{$.eventType=UpdateTrail}
{ $.eventType = Update* }
{ $.eventType = *Trail }
{ $.eventType = "*ateTr*" }
{ $.eventType = * }
{ $.eventType != "DeleteTrail" }
{ $.sourceIPAddress != 123.123.* }
{ $.sourceIPAddress = 111.111.* }
{ $.arrayKey[0] = "value" }
{ $.objectList[1].id = 2 }
{ $.objectList[1].name = b }
{ $.SomeObject IS NULL }
{ $.SomeOtherObject NOT EXISTS }
{ $.user.name NOT EXISTS }
{ $.user EXISTS }
{ $.SomeObject EXISTS }
{ $.flag IS TRUE }
{ $.off IS FALSE }
{ $.flag is true }
{ $.latency >= 55.5 }
{ $.latency > +10 }
{ $.latency < 10e3 }
{ $.latency <= 5.55e1 }
{ $.latency = * }
{ $.latency != 55 }
{ $.code = 400 }
{ $.code = 4e2 }
{ $.code != 401 }
{ $.text = 400 }
{ $.text = "400" }
{ $['cluster.name'] = "c" }
{ $.user['id'] = 1 }
{ ($.user.id = 1) && ($.objectList[0].name = "a") }
{ $.user.id = 2 || $.code = 400 }
{ $.user.id = 1 || $.code = 9 && $.code = 8 }
{ (($.user.id = 1)) }
{ $.missing != "x" }
{ $.eventType = %Up.*% }
{ $.eventType = Up*Trail }
""".strip().splitlines()
FAILS = """
{ $.eventType = "updatetrail" }
{ $.eventType = Update }
{ $.eventType = *Update }
{ $.eventType = Trail* }
{ $.eventType != "UpdateTrail" }
{ $.eventType != Update* }
{ $.eventType != * }
{ $.eventType > 5 }
{ $.sourceIPAddress != 111.111.* }
{ $.arrayKey[1] = "value" }
{ $.arrayKey[9] = "value" }
{ $.arrayKey = "value" }
{ $.users = 1 }
{ $.users != 1 }
{ $.user = 1 }
{ $.objectList[0].id = 2 }
{ $.SomeObject NOT EXISTS }
{ $.users NOT EXISTS }
{ $.eventType IS NULL }
{ $.missing IS NULL }
{ $.missing = "x" }
{ $.missing = * }
{ $.missing EXISTS }
{ $.missing < 5 }
{ $.flag IS FALSE }
{ $.code IS TRUE }
{ $.flag = 1 }
{ $.latency > 55.5 }
{ $.latency < 55.5 }
{ $.latency >= 56 }
{ $.latency <= 55 }
{ $.code = "400" }
{ $.code != 400 }
{ $.text != 400 }
{ $.cluster.name = "c" }
{ ($.user.id = 2 && $.code = 400) || $.code = 9 }
{ ($.user.id = 1 || $.code = 9) && $.code = 8 }
""".strip().splitlines()


@pytest.mark.parametrize(
    ("pattern", "passes"), [(p, True) for p in HOLDS] + [(p, False) for p in FAILS]
)
def test_it_selects_fields_of_a_message_in_json(pattern, passes):
    assert delivery(pattern)(json.dumps(TRAIL)) is passes


@pytest.mark.parametrize("message", ["plain", "", "[1]", '"x"', '{"a": '])
def test_a_json_pattern_never_takes_other_text(message):
    assert not delivery("{ $.a NOT EXISTS }")(message)


APACHE = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
COLUMNS = [
    ("[ip, id, user, timestamp, request, status, bytes]", [APACHE], ["127.0.0.1 -", ""]),
    ("[ip, user, ...]", [APACHE, "a b"], ["a", ""]),
    ("[..., status, bytes]", [APACHE, "a b"], ["a"]),
    ("[ip, ..., bytes > 1000]", [APACHE], []),
    ("[ip, ..., bytes > 2000]", [], [APACHE]),
    ("[..., status = 404, bytes]", [APACHE], []),
    ("[..., status = 4*, bytes]", [APACHE], []),
    ("[..., status = 5*, bytes]", [], [APACHE]),
    ("[..., status = 4* && status != 403, bytes]", [APACHE], []),
    ("[..., status = 4* && status != 404, bytes]", [], [APACHE]),
    ("[..., status = 500 || status = 404, bytes]", [APACHE], []),
    ("[..., status_code >= 400 && status_code < 500, ]", [APACHE], []),
    ("[..., request = *html*, status, bytes]", [APACHE], []),
    ('[..., request = "GET /index.html HTTP/1.0", status, bytes]', [APACHE], []),
    ("[..., request = *.png*, status, bytes]", [], [APACHE]),
    ('[ip, id, user != "frank", ...]', ["1 - bob"], [APACHE]),
    ("[w1 = ERROR, w2]", ["ERROR message"], ["ERROR WARN message", "WARN message", "ERROR"]),
    ("[w1 = ERROR || w1 = WARN, w2]", ["ERROR a", "WARN a"], ["INFO a"]),
    ("[w1 =! ERROR, w2]", ["WARN a"], ["ERROR a"]),
    ("[w1 = %ERR%, w2]", ["ERROR a", "x a"], ["ERROR"]),
    ("[...]", ["", "a b"], []),
    ("[]", ["a"], ["", "a b"]),
]


@pytest.mark.parametrize(("pattern", "passing", "failing"), lines(COLUMNS))
def test_it_compares_columns_between_spaces(pattern, passing, failing):
    assert_takes(delivery(pattern), passing, failing)


REFUSED = [
    ('"open', "", "not closed"),
    ('a "', "", "not closed"),
    ("{", "", "end with }"),
    ("{ $.a = 1", "", "end with }"),
    ("[a, b", "", r"end with \]"),
    ("{}", "", "ends where a field"),
    ("{ $.a }", "", "ends where an operator"),
    ("{ $.a = }", "", "ends where a value"),
    ("{ $.a ~ 1 }", "", "no comparison"),
    ("{ $.a == 1 }", "", "no value"),
    ("{ a = 1 }", "", "no selector"),
    ("{ $ = 1 }", "", "no selector"),
    ("{ $.a[x] = 1 }", "", "no selector"),
    ("{ $.a[*].b = 1 }", "", "no selector"),
    ("{ $.* = 1 }", "", "no selector"),
    ("{ $..a = 1 }", "", "no selector"),
    ("{ $.a > x }", "", "takes a number"),
    ("{ $.a > NaN }", "", "takes a number"),
    ("{ $.a IS MAYBE }", "", "IS takes"),
    ("{ $.a NOT NULL }", "", "NOT takes EXISTS"),
    ("{ $.a = 1 $.b = 2 }", "", "not expected"),
    ("{ $.a = 1 && }", "", "ends where a field"),
    ("{ ($.a = 1 }", "", "bracket is not closed"),
    ("{ $.a = 1) }", "", "not expected"),
    ('{ $.a = "x }', "", "not closed"),
    ("{ " + "(" * 100 + "$.a = 1" + ")" * 100 + " }", "", "too deep"),
    ("x" * 1025, "", "1 KB at most"),
    ("{ " + " && ".join(["($.a = 1 || $.b = 2)"] * 12) + " }", "", "too complex"),
    ("[a, ..., b, ...]", "[3]", "one ellipsis"),
    ("[a, b = ]", "[1]", "ends where a value"),
    ("[a, b > c]", "[1]", "takes a number"),
    ("[a b]", "[0]", "no comparison"),
]


@pytest.mark.parametrize(("pattern", "path", "word"), REFUSED, ids=[row[0][:40] for row in REFUSED])
def test_it_refuses_a_malformed_pattern_and_says_where(pattern, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(pattern)
    assert caught.value.path == path
