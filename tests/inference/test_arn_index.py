"""The index against trying every ARN: the same matches, always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.iam import wildcards
from topology.inference.arn_index import ArnIndex

NAMES = st.text("ab-/:", min_size=1, max_size=5) | st.sampled_from(["a" * 9, "é[%", "\U0010ffff"])
ARNS = st.builds(
    lambda partition, service, region, name: f"arn:{partition}:{service}:{region}:1:{name}",
    st.sampled_from(["aws", "aws-cn"]),
    st.sampled_from(["sqs", "sns", "s3"]),
    st.sampled_from(["eu-west-1", "us-east-1", ""]),
    NAMES,
)
WILD = st.text("ab-/:*?", max_size=5)
FIELD = st.sampled_from(["*", "sqs", "s?s", "eu-*", "eu-west-1", "1", ""])
PATTERNS = st.one_of(
    st.builds(lambda p, s, r, a, n: f"arn:{p}:{s}:{r}:{a}:{n}", *[FIELD] * 4, WILD),
    st.builds(lambda r, n: f"arn:aws:sqs:{r}:{n}", FIELD, WILD),
    st.builds(
        lambda arn, wild, at: arn[:at] + wild + arn[at + 1 :], ARNS, WILD, st.integers(0, 30)
    ),
    WILD,
    ARNS,
)


@given(st.lists(ARNS, max_size=30), PATTERNS)
def test_it_finds_what_trying_every_arn_finds(arns, pattern):
    expected = {arn for arn in arns if wildcards.matches(pattern, arn)}
    assert ArnIndex(arns).matching(pattern) == expected


CROWD = [f"arn:aws:sqs:{r}:1:{n}-{i}" for r in ("eu", "us") for n in "abc" for i in range(20)]
CROWD += [f"arn:aws:lambda:eu:1:function:{n}-{i}" for n in "abc" for i in range(20)]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("*", 180),
        ("arn:aws:sqs:*", 120),
        ("arn:aws:sqs:*:*:a-*", 40),
        ("arn:aws:sqs:*:*:*-7", 6),
        ("arn:aws:sqs:*:*:*b-1*", 22),
        ("arn:aws:sqs:eu:1:a-?", 10),
        ("arn:aws:lambda:*:*:function:a-*", 20),
        ("arn:aws:lambda:*:*:*", 60),
        ("arn:aws:lambda:*:*:a-1", 1),  # IAM's star runs over colons
        ("arn:aws:lambda:*:a-1", 1),
        ("arn:*:a-1", 3),
        ("*:c-3", 3),
        ("arn:aws:sqs:eu:1:a-1", 1),
        ("arn:aws:sqs:eu:1:A-1", 0),
        ("", 0),
        ("?", 0),
    ],
)
def test_it_finds_in_a_crowd(pattern, count):
    found = ArnIndex(CROWD).matching(pattern)
    assert len(found) == count
    assert found == {arn for arn in CROWD if wildcards.matches(pattern, arn)}
