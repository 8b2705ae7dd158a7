"""Policy documents: what parses to what, and what is refused where."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.iam.documents import Condition, Effect, PolicyError, parse

ALLOW = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::uploads/*"}


def only(**changes):
    """The one statement of a policy with these elements changed (None takes one away)."""
    statement = {key: value for key, value in {**ALLOW, **changes}.items() if value is not None}
    (parsed,) = parse({"Version": "2012-10-17", "Statement": [statement]}, "write-results")
    return parsed


def test_it_reads_a_statement():
    parsed = only(Sid="Results")
    assert (parsed.effect, parsed.actions, parsed.resources) == (
        Effect.ALLOW,
        ("s3:PutObject",),
        ("arn:aws:s3:::uploads/*",),
    )
    assert (parsed.not_actions, parsed.not_resources) == (False, False)
    assert (parsed.conditions, parsed.principals, parsed.doubt) == ((), (), "")


def test_a_statement_is_named_by_its_sid_or_else_by_its_number():
    document = {"Statement": [{**ALLOW, "Sid": "Results"}, ALLOW]}
    titles = [statement.title for statement in parse(document, "write-results")]
    assert titles == [
        "policy *write-results*, statement Results",
        "policy *write-results*, statement 2",
    ]


def test_json_text_and_its_value_parse_alike():
    document = {"Statement": [ALLOW]}
    assert parse(json.dumps(document), "p") == parse(document, "p")


def test_a_single_statement_need_not_be_in_a_list():
    assert parse({"Statement": ALLOW}) == parse({"Statement": [ALLOW]})


@pytest.mark.parametrize(
    ("changes", "attribute", "expected"),
    [
        ({"Action": ["s3:Get*", "s3:Put*"]}, "actions", ("s3:Get*", "s3:Put*")),
        ({"Action": None, "NotAction": "iam:*"}, "not_actions", True),
        ({"Action": None, "NotAction": ["iam:*"]}, "actions", ("iam:*",)),
        ({"Resource": None, "NotResource": "arn:aws:s3:::x"}, "not_resources", True),
        ({"Resource": ["*"]}, "resources", ("*",)),
        ({"Resource": "arn:aws:sqs:*:*:a[b%"}, "resources", ("arn:aws:sqs:*:*:a[b%",)),
        ({"Resource": "é" * 512}, "resources", ("é" * 512,)),
        ({"Resource": "\ud800\x00"}, "resources", ("\ud800\x00",)),
        ({"Principal": "*"}, "principals", ("*",)),
        ({"Principal": {"AWS": "*"}}, "principals", ("*",)),
        ({"Principal": {"AWS": ["1", "2"], "Service": "x"}}, "principals", ("1", "2", "x")),
        ({"NotPrincipal": {"AWS": "1"}}, "not_principals", True),
        (
            {"Condition": {"StringLike": {"aws:PrincipalArn": ["a", "b"]}}},
            "conditions",
            (Condition("StringLike", "aws:PrincipalArn", ("a", "b")),),
        ),
        (
            {"Condition": {"Bool": {"aws:SecureTransport": False}}},
            "conditions",
            (Condition("Bool", "aws:SecureTransport", ("false",)),),
        ),
        (
            {"Condition": {"NumericLessThan": {"s3:max-keys": 10}}},
            "conditions",
            (Condition("NumericLessThan", "s3:max-keys", ("10",)),),
        ),
        ({"Condition": {}}, "conditions", ()),
    ],
)
def test_it_reads(changes, attribute, expected):
    assert getattr(only(**changes), attribute) == expected


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, ""),
        ([], ""),
        ("", ""),
        ("{", ""),
        ("[" * 100_000, ""),
        (" " * 1_000_001, ""),
        ('{"Statement": [], "Statement": []}', ""),
        ({}, ""),
        ({"Statement": "x"}, "Statement"),
        ({"Statement": [ALLOW, 1]}, "Statement[1]"),
        ({"Statement": [{}]}, "Statement[0].Effect"),
        ({"Statement": {**ALLOW, "Effect": "allow"}}, "Statement.Effect"),
        ({"Statement": {**ALLOW, "Effect": ["Allow"]}}, "Statement.Effect"),
        ({"Statement": {**ALLOW, "Sid": 1}}, "Statement.Sid"),
        ({"Statement": {**ALLOW, "Resources": "*"}}, "Statement"),
        ({"Statement": {**ALLOW, "NotAction": "*"}}, "Statement"),
        ({"Statement": {**ALLOW, "NotResource": "*"}}, "Statement"),
        ({"Statement": {"Effect": "Allow", "Action": "*"}}, "Statement"),
        ({"Statement": {**ALLOW, "Action": []}}, "Statement.Action"),
        ({"Statement": {**ALLOW, "Action": [1]}}, "Statement.Action"),
        ({"Statement": {**ALLOW, "Resource": None}}, "Statement.Resource"),
        ({"Statement": {**ALLOW, "Resource": {"Ref": "Bucket"}}}, "Statement.Resource"),
        ({"Statement": {**ALLOW, "Principal": "role"}}, "Statement.Principal"),
        ({"Statement": {**ALLOW, "Principal": {"AWS": 1}}}, "Statement.Principal.AWS"),
        ({"Statement": {**ALLOW, "Principal": "*", "NotPrincipal": "*"}}, "Statement.Principal"),
        ({"Statement": {**ALLOW, "Condition": "x"}}, "Statement.Condition"),
        ({"Statement": {**ALLOW, "Condition": {"Bool": 1}}}, "Statement.Condition.Bool"),
        (
            {"Statement": {**ALLOW, "Condition": {"Bool": {"k": {}}}}},
            "Statement.Condition.Bool.k",
        ),
    ],
)
def test_it_refuses_what_is_no_policy_and_says_where(document, path):
    with pytest.raises(PolicyError) as caught:
        parse(document)
    assert caught.value.path == path
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("pattern", "action", "is_about"),
    [
        ("s3:PutObject", "s3:PutObject", True),
        ("S3:putobject", "s3:PutObject", True),
        ("s3:Put*", "s3:PutObject", True),
        ("s3:PutObj?ct", "s3:PutObject", True),
        ("s3:PutObject", "s3:PutObjectAcl", False),
        ("*", "s3:PutObject", True),
        ("*:*", "s3:PutObject", True),
        ("s3*", "s3:PutObject", True),
        ("sqs:*", "s3:PutObject", False),
        ("s3:[P]utObject", "s3:PutObject", False),
    ],
)
def test_action_wildcards(pattern, action, is_about):
    assert only(Action=pattern).is_about(action) is is_about
    assert only(Action=None, NotAction=pattern).is_about(action) is not is_about


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*ALLOW, "Condition", "Statement", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_whatever_it_is_given_it_parses_or_refuses(document):
    with contextlib.suppress(PolicyError):
        parse({"Statement": document})
